"""Accounts: when somebody was last here, and was told that an account nobody uses ends."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("seen_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("warned_on", sa.Date(), nullable=True))
        table.create_index("ix_person_seen_on", ["seen_on"])
    # Nobody knows when they were last here: the two years begin with this release.
    op.execute("UPDATE person SET seen_on = CURRENT_DATE")


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_index("ix_person_seen_on")
        table.drop_column("warned_on")
        table.drop_column("seen_on")
