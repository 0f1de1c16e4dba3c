"""Offerings: why the provider called one off."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("offering") as batch:
        batch.add_column(sa.Column("cancel_reason", sa.String(2000), nullable=False, server_default=""))
    with op.batch_alter_table("offering") as batch:
        batch.alter_column("cancel_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("offering") as batch:
        batch.drop_column("cancel_reason")
