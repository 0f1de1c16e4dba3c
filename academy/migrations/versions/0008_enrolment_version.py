"""Enrolment: the version of the module that one enrolled on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("enrolment") as batch:
        batch.add_column(sa.Column("module_version", sa.Integer(), nullable=False, server_default="1"))
        batch.create_check_constraint(op.f("ck_enrolment_module_version_from_one"), "module_version >= 1")
    with op.batch_alter_table("enrolment") as batch:
        batch.alter_column("module_version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_constraint("ck_enrolment_module_version_from_one", type_="check")
        batch.drop_column("module_version")
