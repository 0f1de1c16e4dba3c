"""Employers: seats that were ordered, the people for whom they are, and until when a code for a seat works."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

_INVITED = sa.text("state = 'invited'")


def upgrade() -> None:
    op.create_table(
        "seat_order",
        sa.Column("request_key", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["funded_block.id"], name=op.f("fk_seat_order_block_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_seat_order_ordered_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("request_key", name=op.f("pk_seat_order")),
        sa.UniqueConstraint("block_id", name=op.f("uq_seat_order_block_id")),
    )
    op.create_index(op.f("ix_seat_order_ordered_by"), "seat_order", ["ordered_by"])
    op.create_table(
        "seat_guest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("letter_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('invited', 'seated', 'declined', 'cancelled', 'lapsed')", name=op.f("ck_seat_guest_state")),
        sa.CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name=op.f("ck_seat_guest_answered_at_a_moment")),
        sa.CheckConstraint("state <> 'invited' OR email <> ''", name=op.f("ck_seat_guest_invited_at_an_address")),
        sa.CheckConstraint("state <> 'lapsed' OR (email = '' AND name = '')", name=op.f("ck_seat_guest_lapsed_is_nobody")),
        sa.CheckConstraint("state <> 'seated' OR enrolment_id IS NOT NULL", name=op.f("ck_seat_guest_seated_in_a_class")),
        sa.CheckConstraint("reminded BETWEEN 0 AND 2 AND letters >= 0", name=op.f("ck_seat_guest_reminded_twice")),
        sa.ForeignKeyConstraint(["block_id"], ["funded_block.id"], name=op.f("fk_seat_guest_block_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_seat_guest_enrolment_id"), ondelete="CASCADE", deferrable=True, initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_seat_guest_invited_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_guest")),
        sa.UniqueConstraint("code", name=op.f("uq_seat_guest_code")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_seat_guest_enrolment_id")),
    )
    op.create_index(op.f("ix_seat_guest_block_id"), "seat_guest", ["block_id"])
    op.create_index(op.f("ix_seat_guest_email"), "seat_guest", ["email"])
    op.create_index(op.f("ix_seat_guest_invited_by"), "seat_guest", ["invited_by"])
    op.create_index("ix_seat_guest_state_until", "seat_guest", ["state", "until"])
    op.create_index("uq_seat_guest_invited", "seat_guest", ["block_id", "email"], unique=True, sqlite_where=_INVITED, postgresql_where=_INVITED)
    with op.batch_alter_table("seat_code") as table:
        table.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("seat_code") as table:
        table.drop_column("until")
    op.drop_table("seat_guest")
    op.drop_table("seat_order")
