"""Funding: seats that an organisation bought before it knew who comes."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "funded_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("vat", sa.Integer(), nullable=False),
        sa.Column("vat_category", sa.String(length=40), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("vat_reason", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=250), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("delivered_from", sa.Date(), nullable=False),
        sa.Column("delivered_until", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('promised', 'ordered', 'closed')", name=op.f("ck_funded_block_state")),
        sa.CheckConstraint("vat_category IN ('S', 'E', 'AE')", name=op.f("ck_funded_block_vat_category")),
        sa.CheckConstraint(
            "vat_reason IN ('regulated-education', 'vocational-by-crkbo-provider', 'not-education', 'not-vocational', 'provider-not-in-crkbo', 'reverse-charge')",
            name=op.f("ck_funded_block_vat_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_funded_block_closed_at_a_moment")
        ),
        sa.CheckConstraint("state <> 'promised' OR named = 0", name=op.f("ck_funded_block_named_when_ordered")),
        sa.CheckConstraint("0 <= named AND named <= seats", name=op.f("ck_funded_block_named_within_seats")),
        sa.CheckConstraint("0 <= vat AND vat <= price", name=op.f("ck_funded_block_vat_within_price")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_funded_block_price_not_negative")),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_funded_block_seats_positive")),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name=op.f("fk_funded_block_budget_id")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_funded_block_made_by"), deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"],
            ["offering.id"],
            name=op.f("fk_funded_block_offering_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_funded_block_organisation_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["source_id"], ["funding_source.id"], name=op.f("fk_funded_block_source_id")),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["organisation.id"],
            name=op.f("fk_funded_block_supplier_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funded_block")),
    )
    op.create_index(op.f("ix_funded_block_budget_id"), "funded_block", ["budget_id"])
    op.create_index(op.f("ix_funded_block_made_by"), "funded_block", ["made_by"])
    op.create_index("ix_funded_block_offering_id_state", "funded_block", ["offering_id", "state"])
    op.create_index(op.f("ix_funded_block_organisation_id"), "funded_block", ["organisation_id"])
    op.create_index(op.f("ix_funded_block_source_id"), "funded_block", ["source_id"])
    op.create_index(op.f("ix_funded_block_supplier_id"), "funded_block", ["supplier_id"])
    with op.batch_alter_table("funded_seat") as table:
        table.add_column(sa.Column("block_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_funded_seat_block_id"), "funded_block", ["block_id"], ["id"])
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
        table.create_check_constraint(op.f("ck_funded_seat_of_a_person_or_a_block"), "person_id IS NOT NULL OR block_id IS NOT NULL")
    op.create_index(op.f("ix_funded_seat_block_id"), "funded_seat", ["block_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_funded_seat_block_id"), "funded_seat")
    with op.batch_alter_table("funded_seat") as table:
        table.drop_constraint(op.f("ck_funded_seat_of_a_person_or_a_block"), type_="check")
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_constraint(op.f("fk_funded_seat_block_id"), type_="foreignkey")
        table.drop_column("block_id")
    op.drop_table("funded_block")
