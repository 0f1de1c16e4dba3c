"""Accounts: of two firms with one VAT id the database refuses the second, as it does with the number of the Dutch trade register."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_WITH_NUMBER = sa.text("vat_id <> ''")


def upgrade() -> None:
    op.create_index(
        "uq_organisation_vat_id", "organisation", ["vat_id"], unique=True, sqlite_where=_WITH_NUMBER, postgresql_where=_WITH_NUMBER,
    )


def downgrade() -> None:
    op.drop_index("uq_organisation_vat_id", "organisation")
