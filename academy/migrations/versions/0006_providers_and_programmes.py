"""Catalogue: names and codes, programmes with partners and intakes."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_PROVIDER_KINDS = "kind IN ('hbo', 'mbo', 'university', 'company', 'centre', 'platform', 'register')"
_EMPTY_TEXT = """'{"nl": "", "en": ""}'"""
_STATES = "state IN ('draft', 'check', 'published', 'archived')"
_OFFERING_STATES = "state IN ('concept', 'active', 'cancelled', 'inactive')"


def upgrade() -> None:
    _upgrade_providers()
    _upgrade_programmes()
    _move_names()



def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text(default))


def _no_defaults(table: str, *names: str) -> None:
    """The defaults were for the rows that were there; the code says what a new row holds."""
    with op.batch_alter_table(table) as batch:
        for name in names:
            batch.alter_column(name, server_default=None)


def _upgrade_providers() -> None:
    with op.batch_alter_table("provider") as batch:
        batch.drop_constraint("ck_provider_kind", type_="check")
        batch.create_check_constraint(op.f("ck_provider_kind"), _PROVIDER_KINDS)
        batch.add_column(_text("contact_email", 254))
        batch.add_column(_text("contact_phone", 40))
        batch.add_column(sa.Column("trusted_at", sa.DateTime(timezone=True), nullable=True))
    _no_defaults("provider", "contact_email", "contact_phone")
    op.create_table(
        "provider_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("used_from", sa.Date(), nullable=True),
        sa.Column("used_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_provider_name_provider_id"),
        sa.PrimaryKeyConstraint("id", name="pk_provider_name"),
        sa.UniqueConstraint("provider_id", "name", name="uq_provider_name"),
    )
    with op.batch_alter_table("place") as batch:
        batch.add_column(sa.Column("provider_id", sa.Uuid(), nullable=True))
        batch.add_column(_json("accessibility", _EMPTY_TEXT))
        batch.create_foreign_key(op.f("fk_place_provider_id"), "provider", ["provider_id"], ["id"])
        batch.create_check_constraint(op.f("ck_place_capacity_positive"), "capacity > 0")
        batch.create_check_constraint(op.f("ck_place_latitude_on_earth"), "latitude BETWEEN -90 AND 90")
        batch.create_check_constraint(op.f("ck_place_longitude_on_earth"), "longitude BETWEEN -180 AND 180")
    _no_defaults("place", "accessibility")
    op.create_index("ix_place_provider_id", "place", ["provider_id"], unique=False)


def _upgrade_programmes() -> None:
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("level", new_column_name="nlqf")
        batch.add_column(sa.Column("parent_id", sa.Uuid(), nullable=True))
        batch.add_column(_text("source", 120))
        batch.add_column(sa.Column("type", sa.String(length=40), nullable=False, server_default="programme"))
        batch.add_column(_json("entry", _EMPTY_TEXT))
        batch.add_column(_text("entry_nlqf", 10))
        batch.add_column(_json("languages", "'[]'"))
        batch.add_column(_json("partners", "'[]'"))
        batch.add_column(_text("eqf", 10))
        batch.add_column(sa.Column("ec_at_provider", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("months", sa.Integer(), nullable=True))
        batch.add_column(_text("website", 1000))
        batch.add_column(sa.Column("vanished_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(_text("digest", 32))
        batch.create_foreign_key(op.f("fk_programme_parent_id"), "programme", ["parent_id"], ["id"])
        batch.drop_constraint("ck_programme_state", type_="check")
        batch.create_check_constraint(op.f("ck_programme_state"), _STATES)
        batch.create_check_constraint(
            op.f("ck_programme_type"), "type IN ('programme', 'minor', 'honours', 'specialisation', 'track', 'specification')",
        )
        batch.create_check_constraint(op.f("ck_programme_ec_at_provider_not_negative"), "ec_at_provider >= 0")
        batch.create_check_constraint(op.f("ck_programme_months_positive"), "months > 0")
    _no_defaults(
        "programme", "source", "type", "entry", "entry_nlqf", "languages", "partners", "eqf", "website", "digest",
    )
    op.create_index("ix_programme_parent_id", "programme", ["parent_id"], unique=False)
    op.create_index("ix_programme_source", "programme", ["source"], unique=False)
    op.create_table(
        "programme_partner",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_programme_partner_programme_id"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_programme_partner_provider_id"),
        sa.PrimaryKeyConstraint("programme_id", "provider_id", name="pk_programme_partner"),
    )
    op.create_index("ix_programme_partner_provider_id", "programme_partner", ["provider_id"], unique=False)
    op.create_table(
        "intake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("variant", sa.String(length=20), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("price_note", sa.String(length=300), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_intake_ends_after_start"),
        sa.CheckConstraint("price >= 0", name="ck_intake_price_not_negative"),
        sa.CheckConstraint(_OFFERING_STATES, name="ck_intake_state"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_intake_programme_id"),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
        sa.UniqueConstraint("programme_id", "external_id", name="uq_intake_external"),
    )


def _move_names() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE programme SET eqf = REPLACE(nlqf, '+', '')"))
    provider = sa.table("provider", sa.column("id", sa.Uuid()), sa.column("former_name"))
    name = sa.table("provider_name", sa.column("id", sa.Uuid()), sa.column("provider_id", sa.Uuid()), sa.column("name"))
    rows = [
        {"id": uuid.uuid4(), "provider_id": row.id, "name": row.former_name}
        for row in connection.execute(sa.select(provider).where(provider.c.former_name != ""))
    ]
    if rows:
        connection.execute(sa.insert(name), rows)
    with op.batch_alter_table("provider") as batch:
        batch.drop_column("former_name")


def downgrade() -> None:
    """Go back to the tables of before; what those can not hold is lost."""
    with op.batch_alter_table("provider") as batch:
        batch.add_column(_text("former_name", 200))
    op.execute(
        "UPDATE provider SET former_name = "
        "COALESCE((SELECT MAX(name) FROM provider_name WHERE provider_id = provider.id), '')",
    )
    op.execute("UPDATE provider SET kind = 'platform' WHERE kind IN ('company', 'centre', 'register')")
    op.execute("UPDATE programme SET state = 'archived' WHERE state IN ('draft', 'check') OR type = 'specification'")
    _no_defaults("provider", "former_name")
    for table in ("intake", "programme_partner", "provider_name"):
        op.drop_table(table)
    _narrow_programmes()
    _narrow_providers()



def _narrow_programmes() -> None:
    op.drop_index("ix_programme_parent_id", "programme")
    op.drop_index("ix_programme_source", "programme")
    with op.batch_alter_table("programme") as batch:
        for name in ("type", "ec_at_provider_not_negative", "months_positive", "state"):
            batch.drop_constraint(f"ck_programme_{name}", type_="check")
        batch.create_check_constraint(op.f("ck_programme_state"), "state IN ('published', 'archived')")
        batch.drop_constraint("fk_programme_parent_id", type_="foreignkey")
        for name in (
            "parent_id", "source", "type", "entry", "entry_nlqf", "languages", "partners", "eqf", "ec_at_provider", "months", "website",
            "vanished_at", "digest",
        ):
            batch.drop_column(name)
        batch.alter_column("nlqf", new_column_name="level")


def _narrow_providers() -> None:
    op.drop_index("ix_place_provider_id", "place")
    with op.batch_alter_table("place") as batch:
        for name in ("capacity_positive", "latitude_on_earth", "longitude_on_earth"):
            batch.drop_constraint(f"ck_place_{name}", type_="check")
        batch.drop_constraint("fk_place_provider_id", type_="foreignkey")
        batch.drop_column("provider_id")
        batch.drop_column("accessibility")
    with op.batch_alter_table("provider") as batch:
        batch.drop_constraint("ck_provider_kind", type_="check")
        batch.create_check_constraint(op.f("ck_provider_kind"), "kind IN ('hbo', 'mbo', 'university', 'platform')")
        for name in ("contact_email", "contact_phone", "trusted_at"):
            batch.drop_column(name)
