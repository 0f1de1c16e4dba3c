"""Enrolment: seats that are drawn by lot, with the fingerprint of the seed told before and the lots after."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "seat_draw",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("draw_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(drawn_at IS NULL) = (seats IS NULL) AND (drawn_at IS NULL) = (entered IS NULL)", name=op.f("ck_seat_draw_drawn_or_ahead")
        ),
        sa.CheckConstraint("seats >= 0 AND entered >= 0", name=op.f("ck_seat_draw_counted")),
        sa.CheckConstraint("drawn_at >= draw_at", name=op.f("ck_seat_draw_drawn_in_time")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_seat_draw_offering_id"), deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("offering_id", name=op.f("pk_seat_draw")),
    )
    op.create_index(op.f("ix_seat_draw_draw_at"), "seat_draw", ["draw_at"])
    op.create_table(
        "draw_lot",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("place >= 1", name=op.f("ck_draw_lot_place_from_one")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_draw_lot_enrolment_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["offering_id"], ["seat_draw.offering_id"], name=op.f("fk_draw_lot_offering_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offering_id", "place", name=op.f("pk_draw_lot")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_draw_lot_enrolment_id")),
    )
    with op.batch_alter_table("seat_pool") as table:
        table.add_column(sa.Column("awaits_draw", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(op.f("ck_seat_pool_nobody_before_the_draw"), "NOT awaits_draw OR (kind = 'public' AND taken = 0)")
    with op.batch_alter_table("seat_pool") as table:
        table.alter_column("awaits_draw", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("seat_pool") as table:
        table.drop_constraint(op.f("ck_seat_pool_nobody_before_the_draw"), type_="check")
        table.drop_column("awaits_draw")
    op.drop_table("draw_lot")
    op.drop_table("seat_draw")
