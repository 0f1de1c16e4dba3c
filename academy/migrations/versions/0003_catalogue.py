"""Catalogue: providers, programmes, modules, offerings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("former_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["organisation.id"], name="fk_provider_id", initially="DEFERRED", deferrable=True
        ),
        sa.CheckConstraint("kind IN ('hbo', 'mbo', 'university', 'platform')", name="ck_provider_kind"),
        sa.PrimaryKeyConstraint("id", name="pk_provider"),
        sa.UniqueConstraint("slug", name="uq_provider_slug"),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("street_address", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.CheckConstraint("kind IN ('campus', 'host_company', 'meeting_place')", name="ck_place_kind"),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("key", name="uq_place_key"),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ec >= 0", name="ck_programme_ec_not_negative"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_programme_provider_id"),
        sa.CheckConstraint("state IN ('published', 'archived')", name="ck_programme_state"),
        sa.PrimaryKeyConstraint("id", name="pk_programme"),
        sa.UniqueConstraint("provider_id", "external_id", name="uq_programme_provider_external"),
        sa.UniqueConstraint("slug", name="uq_programme_slug"),
    )
    op.create_index("ix_programme_provider_id", "programme", ["provider_id"], unique=False)
    op.create_table(
        "module",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("institution", sa.String(length=300), nullable=False),
        sa.Column("website", sa.String(length=1000), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("price_note", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ec >= 0", name="ck_module_ec_not_negative"),
        sa.CheckConstraint("price >= 0", name="ck_module_price_not_negative"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_module_provider_id"),
        sa.CheckConstraint(
            "kind IN ('ad_module', 'loose_module', 'mooc', 'mbo_part', 'language_module')", name="ck_module_kind"
        ),
        sa.CheckConstraint("state IN ('published', 'archived')", name="ck_module_state"),
        sa.PrimaryKeyConstraint("id", name="pk_module"),
        sa.UniqueConstraint("provider_id", "external_id", name="uq_module_provider_external"),
        sa.UniqueConstraint("slug", name="uq_module_slug"),
    )
    op.create_index("ix_module_code", "module", ["code"], unique=False)
    op.create_index("ix_module_provider_id", "module", ["provider_id"], unique=False)
    op.create_table(
        "learning_outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_learning_outcome_module_id"),
        sa.PrimaryKeyConstraint("id", name="pk_learning_outcome"),
        sa.UniqueConstraint("module_id", "position", name="uq_learning_outcome_position"),
    )
    op.create_table(
        "programme_module",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_programme_module_module_id"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_programme_module_programme_id"),
        sa.PrimaryKeyConstraint("programme_id", "module_id", name="pk_programme_module"),
    )
    op.create_index("ix_programme_module_module_id", "programme_module", ["module_id"], unique=False)
    op.create_table(
        "offering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("enrol_until", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("part_of_day", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_offering_ends_after_start"),
        sa.CheckConstraint("price >= 0", name="ck_offering_price_not_negative"),
        sa.CheckConstraint("seats >= 0", name="ck_offering_seats_not_negative"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_offering_module_id"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_offering_place_id"),
        sa.CheckConstraint("state IN ('active', 'cancelled')", name="ck_offering_state"),
        sa.CheckConstraint(
            "part_of_day IN ('morning', 'afternoon', 'day', 'evening', 'any')", name="ck_offering_part_of_day"
        ),
        sa.CheckConstraint("mode IN ('on_campus', 'online', 'in_company', 'blended')", name="ck_offering_mode"),
        sa.PrimaryKeyConstraint("id", name="pk_offering"),
        sa.UniqueConstraint("code", name="uq_offering_code"),
    )
    op.create_index("ix_offering_module_id", "offering", ["module_id"], unique=False)


def downgrade() -> None:
    op.drop_table("offering")
    op.drop_table("programme_module")
    op.drop_table("learning_outcome")
    op.drop_table("module")
    op.drop_table("programme")
    op.drop_table("place")
    op.drop_table("provider")
