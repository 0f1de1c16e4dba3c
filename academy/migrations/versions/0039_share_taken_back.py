"""Recognition: whether the learner took back themselves that an assessor may see a file."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

_BY_LEARNER = "ck_file_share_by_learner_when_taken_back"


def upgrade() -> None:
    with op.batch_alter_table("file_share") as table:
        table.add_column(sa.Column("by_learner", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(op.f(_BY_LEARNER), "NOT by_learner OR taken_back_at IS NOT NULL")
    with op.batch_alter_table("file_share") as table:
        table.alter_column("by_learner", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("file_share") as table:
        table.drop_constraint(op.f(_BY_LEARNER), type_="check")
        table.drop_column("by_learner")
