"""Enrolment: pools whose seats an organisation bought before it knew who comes, and who has one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_CHECKS = {
    "seat_pool": ("block_is_its_buyers", "block_id IS NULL OR (kind = 'sponsor' AND opens_up_at IS NULL)"),
    "enrolment": ("block_is_business", "block_id IS NULL OR is_business"),
}


def upgrade() -> None:
    for name, (check, condition) in _CHECKS.items():
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("block_id", sa.Uuid(), nullable=True))
            table.create_foreign_key(op.f(f"fk_{name}_block_id"), "funded_block", ["block_id"], ["id"], deferrable=True, initially="DEFERRED")
            table.create_check_constraint(op.f(f"ck_{name}_{check}"), condition)
    with op.batch_alter_table("seat_pool") as table:
        table.create_unique_constraint(op.f("uq_seat_pool_block_id"), ["block_id"])
    op.create_index("ix_enrolment_block_id", "enrolment", ["block_id"])


def downgrade() -> None:
    op.drop_index("ix_enrolment_block_id", "enrolment")
    with op.batch_alter_table("seat_pool") as table:
        table.drop_constraint(op.f("uq_seat_pool_block_id"), type_="unique")
    for name, (check, _condition) in _CHECKS.items():
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_{check}"), type_="check")
            table.drop_constraint(op.f(f"fk_{name}_block_id"), type_="foreignkey")
            table.drop_column("block_id")
