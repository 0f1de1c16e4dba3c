"""Employers: that who asked for a tailored module heard that the proposals can be read, and was reminded to choose."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    with op.batch_alter_table("tailored_request") as table:
        table.add_column(sa.Column("readable_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_tailored_request_readable_once_answered"), "readable_at IS NULL OR answered_at IS NOT NULL")
        table.create_check_constraint(op.f("ck_tailored_request_reminded_once_readable"), "reminded_at IS NULL OR readable_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("tailored_request") as table:
        table.drop_constraint(op.f("ck_tailored_request_reminded_once_readable"), type_="check")
        table.drop_constraint(op.f("ck_tailored_request_readable_once_answered"), type_="check")
        table.drop_column("reminded_at")
        table.drop_column("readable_at")
