"""Catalogue: what modules and their classes cost before."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "price_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("was", sa.Integer(), nullable=True),
        sa.Column("becomes", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("was >= 0 AND becomes >= 0", name=op.f("ck_price_step_not_negative")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_price_step_module_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name=op.f("fk_price_step_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_step")),
    )
    op.create_index("ix_price_step_module_id", "price_step", ["module_id", "id"])
    op.create_index(op.f("ix_price_step_offering_id"), "price_step", ["offering_id"])


def downgrade() -> None:
    op.drop_table("price_step")
