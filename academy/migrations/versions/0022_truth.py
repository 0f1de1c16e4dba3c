"""Enrolment: the price at which its learner agreed to a class. Funding: an organisation may pay the provider itself, out of no source.

Who agreed before has what was split for their seat, and where nothing was split what the class costs now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_SPLIT = "(SELECT funded_seat.price FROM funded_seat WHERE funded_seat.id = coalesce(enrolment.seat_id, enrolment.id))"
_NOW = "(SELECT offering.price FROM offering WHERE offering.id = enrolment.offering_id)"
_AGREED = "enrolment.confirmed_at IS NOT NULL OR enrolment.waits_for IN ('provider', 'employer', 'payment')"

_BEFORE = {"others_have_a_source": "(kind = 'learner') = (source_id IS NULL)", "others_are_organisations": "(source_id IS NULL) = (organisation_id IS NULL)"}
_AFTER = {"learners_have_no_source": "kind <> 'learner' OR source_id IS NULL", "others_are_organisations": "(kind = 'learner') = (organisation_id IS NULL)"}


def upgrade() -> None:
    with op.batch_alter_table("enrolment") as table:
        table.add_column(sa.Column("agreed_price", sa.Integer(), nullable=True))
    op.execute(f"UPDATE enrolment SET agreed_price = {_SPLIT} WHERE {_SPLIT} IS NOT NULL")  # noqa: S608 - nothing of a stranger is in it
    op.execute(f"UPDATE enrolment SET agreed_price = {_NOW} WHERE agreed_price IS NULL AND ({_AGREED})")  # noqa: S608 - neither is here
    _checks(_BEFORE, _AFTER)


def downgrade() -> None:
    _checks(_AFTER, _BEFORE)
    with op.batch_alter_table("enrolment") as table:
        table.drop_column("agreed_price")


def _checks(was: dict[str, str], becomes: dict[str, str]) -> None:
    with op.batch_alter_table("funding_share") as table:
        for name in was:
            table.drop_constraint(op.f(f"ck_funding_share_{name}"), type_="check")
        for name, condition in becomes.items():
            table.create_check_constraint(op.f(f"ck_funding_share_{name}"), condition)
