"""Enrolment: seat pools and enrolments."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "seat_pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name="ck_seat_pool_taken_within_capacity"),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name="fk_seat_pool_offering_id", initially="DEFERRED", deferrable=True
        ),
        sa.CheckConstraint("kind IN ('public')", name="ck_seat_pool_kind"),
        sa.PrimaryKeyConstraint("id", name="pk_seat_pool"),
    )
    op.create_index(
        "uq_seat_pool_public",
        "seat_pool",
        ["offering_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'public'"),
        postgresql_where=sa.text("kind = 'public'"),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name="fk_enrolment_offering_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_enrolment_person_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["seat_pool.id"], name="fk_enrolment_pool_id"),
        sa.CheckConstraint("state IN ('confirmed', 'cancelled')", name="ck_enrolment_state"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint("code", name="uq_enrolment_code"),
    )
    op.create_index("ix_enrolment_person_id", "enrolment", ["person_id"], unique=False)
    op.create_index("ix_enrolment_pool_id", "enrolment", ["pool_id"], unique=False)
    op.create_index(
        "uq_enrolment_live",
        "enrolment",
        ["offering_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'confirmed'"),
        postgresql_where=sa.text("state = 'confirmed'"),
    )


def downgrade() -> None:
    op.drop_table("enrolment")
    op.drop_table("seat_pool")
