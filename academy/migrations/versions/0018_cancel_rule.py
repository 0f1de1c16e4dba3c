"""Catalogue and enrolment: what giving a seat back costs, by the offering's rule and as it was agreed.

What stands keeps the rule it had: free until the day before the start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_TABLES = ("offering", "enrolment")


def upgrade() -> None:
    for name in _TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("cancel_free_days", sa.Integer(), nullable=False, server_default="1"))
            table.add_column(sa.Column("cancel_late_percent", sa.Integer(), nullable=False, server_default="0"))
        with op.batch_alter_table(name) as table:
            table.alter_column("cancel_free_days", server_default=None)
            table.alter_column("cancel_late_percent", server_default=None)
            table.create_check_constraint(op.f(f"ck_{name}_cancel_free_days"), "cancel_free_days BETWEEN 1 AND 60")
            table.create_check_constraint(op.f(f"ck_{name}_cancel_late_percent"), "cancel_late_percent BETWEEN 0 AND 100")


def downgrade() -> None:
    for name in _TABLES[::-1]:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_cancel_late_percent"), type_="check")
            table.drop_constraint(op.f(f"ck_{name}_cancel_free_days"), type_="check")
            table.drop_column("cancel_late_percent")
            table.drop_column("cancel_free_days")
