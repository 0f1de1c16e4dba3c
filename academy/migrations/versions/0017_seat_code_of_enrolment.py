"""Enrolment: by which code somebody got a seat, so that the code works again when the seat is given up."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("enrolment") as table:
        table.add_column(sa.Column("seat_code", sa.String(length=20), nullable=True))
        table.create_foreign_key(op.f("fk_enrolment_seat_code"), "seat_code", ["seat_code"], ["code"])
        table.create_index("ix_enrolment_seat_code", ["seat_code"])


def downgrade() -> None:
    with op.batch_alter_table("enrolment") as table:
        table.drop_index("ix_enrolment_seat_code")
        table.drop_constraint(op.f("fk_enrolment_seat_code"), type_="foreignkey")
        table.drop_column("seat_code")
