"""Funding: what a rule pays at most of the seats of one provider in a year."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

_CAPS = "ck_funding_rule_caps_positive"


def upgrade() -> None:
    with op.batch_alter_table("funding_rule") as batch:
        batch.drop_constraint(op.f(_CAPS), type_="check")
        batch.add_column(sa.Column("cap_provider_year", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f(_CAPS), "cap_seat > 0 AND cap_person_year > 0 AND cap_firm_year > 0 AND cap_provider_year > 0")


def downgrade() -> None:
    with op.batch_alter_table("funding_rule") as batch:
        batch.drop_constraint(op.f(_CAPS), type_="check")
        batch.drop_column("cap_provider_year")
        batch.create_check_constraint(op.f(_CAPS), "cap_seat > 0 AND cap_person_year > 0 AND cap_firm_year > 0")
