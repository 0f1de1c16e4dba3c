"""Accounts: organisations in full, invitations, passkeys and other second factors, the audit trail, consent and erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_KINDS = "kind IN ('provider', 'employer', 'school', 'fund', 'office')"
_MORE_KINDS = "kind IN ('provider', 'employer', 'school', 'fund', 'social_partner', 'office')"
_ROLES = (
    "role IN ('owner', 'editor', 'planner', 'teacher', 'assessor', 'exam_board', 'buyer', 'approver', 'reader', 'dean', 'fund_manager', 'office')"
)
_SIZES = "size_class IN ('alone', 'under_5', 'under_50', 'under_250', 'large')"
_METHODS = "method IN ('link', 'password', 'passkey', 'identity_provider')"
_PURPOSES = "purpose IN ('progress_to_employer', 'result_to_employer', 'evidence_to_employer', 'route_to_school')"
_WITH_NUMBER, _LIVE = sa.text("kvk_number <> ''"), sa.text("withdrawn_at IS NULL")


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, length: int, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=default)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _counter(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False)


def _no_defaults(table: str, *columns: str) -> None:
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.alter_column(column, server_default=None)


def upgrade() -> None:
    _change_people()
    _change_organisations()
    _change_sign_ins()
    _factors()
    _trail()
    _privacy()


def _change_people() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(_text("validated_name", 120, ""))
        table.add_column(sa.Column("is_minor", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(_moment("erased_at", nullable=True))
    _no_defaults("person", "validated_name", "is_minor")


def _change_organisations() -> None:
    with op.batch_alter_table("organisation") as table:
        table.drop_constraint(op.f("ck_organisation_kind"), type_="check")
        table.create_check_constraint(op.f("ck_organisation_kind"), _MORE_KINDS)
        table.add_column(_text("kvk_number", 8, ""))
        table.add_column(_text("vat_id", 20, ""))
        table.add_column(_text("country", 2, "NL"))
        table.add_column(sa.Column("size_class", sa.String(length=40), nullable=True))
        table.add_column(_text("sector", 60, ""))
        table.add_column(_moment("created_at", nullable=True))
        table.add_column(_moment("closed_at", nullable=True))
        table.create_check_constraint(op.f("ck_organisation_size_class"), _SIZES)
    _no_defaults("organisation", "kvk_number", "vat_id", "country", "sector")
    op.create_index(
        "uq_organisation_kvk_number", "organisation", ["kvk_number"], unique=True, sqlite_where=_WITH_NUMBER, postgresql_where=_WITH_NUMBER,
    )
    op.create_table(
        "invitation",
        _id(), _id("organisation_id"), _text("email", 254), _text("role", 40), _text("language", 2), _id("invited_by"),
        _moment("created_at"), _moment("expires_at"), _moment("accepted_at", nullable=True), _moment("withdrawn_at", nullable=True),
        sa.CheckConstraint(_ROLES, name="ck_invitation_role"),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitation_ends_once")),
        _key("invitation", "organisation_id", "organisation"),
        _key("invitation", "invited_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
    )
    op.create_index("ix_invitation_organisation_id", "invitation", ["organisation_id"])
    op.create_index("ix_invitation_expires_at", "invitation", ["expires_at"])


def _change_sign_ins() -> None:
    with op.batch_alter_table("sign_in") as table:
        table.add_column(_text("method", 40, "link"))
        table.add_column(_moment("second_factor_at", nullable=True))
        table.add_column(_id("acting_for", nullable=True))
        table.create_check_constraint(op.f("ck_sign_in_method"), _METHODS)
        table.create_foreign_key(op.f("fk_sign_in_acting_for"), "organisation", ["acting_for"], ["id"])
    _no_defaults("sign_in", "method")
    op.create_table(
        "challenge",
        _id(), _id("person_id", nullable=True), sa.Column("nonce", sa.LargeBinary(length=64), nullable=False), _moment("expires_at"),
        _key("challenge", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_challenge"),
    )
    op.create_index("ix_challenge_expires_at", "challenge", ["expires_at"])


def _factors() -> None:
    op.create_table(
        "identity",
        _id(), _id("person_id"), _text("issuer", 300), _text("subject", 255), _text("email", 254), _moment("linked_at"), _moment("used_at"),
        _key("identity", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer"),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"])
    op.create_table(
        "passkey",
        _id(), _id("person_id"), sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False), sa.Column("sign_count", sa.Integer(), nullable=False),
        _text("name", 60), _moment("created_at"), _moment("used_at", nullable=True),
        _key("passkey", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_person_id", "passkey", ["person_id"])
    op.create_table(
        "authenticator_app",
        _id("person_id"), sa.Column("secret", sa.LargeBinary(length=300), nullable=False), _moment("confirmed_at", nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        _key("authenticator_app", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name="pk_authenticator_app"),
    )
    op.create_table(
        "recovery_code",
        _id(), _id("person_id"), _text("code_hash", 64), _moment("used_at", nullable=True),
        _key("recovery_code", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])


def _trail() -> None:
    op.create_table(
        "trail_entry",
        _counter("number"), _moment("at"), _text("act", 60), _id("actor_id", nullable=True), _id("organisation_id", nullable=True),
        _id("person_id", nullable=True), _text("about", 40), _id("about_id", nullable=True), sa.Column("details", sa.JSON(), nullable=False),
        _text("seal", 64),
        sa.PrimaryKeyConstraint("number", name="pk_trail_entry"),
    )
    op.create_index("ix_trail_entry_person_id", "trail_entry", ["person_id", "number"])
    op.create_index("ix_trail_entry_about_id", "trail_entry", ["about_id", "number"])
    op.create_table(
        "trail_end",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False), _counter("number"), _text("seal", 64),
        sa.CheckConstraint("id = 1", name="ck_trail_end_only_one"),
        sa.PrimaryKeyConstraint("id", name="pk_trail_end"),
    )


def _privacy() -> None:
    op.create_table(
        "consent",
        _id(), _id("person_id"), _id("organisation_id"), _text("purpose", 40), _moment("given_at"), _moment("withdrawn_at", nullable=True),
        sa.CheckConstraint(_PURPOSES, name="ck_consent_purpose"),
        _key("consent", "person_id", "person"),
        _key("consent", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_person_id", "consent", ["person_id"])
    op.create_index("ix_consent_organisation_id", "consent", ["organisation_id"])
    op.create_index(
        "uq_consent_live", "consent", ["person_id", "organisation_id", "purpose"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
    )
    op.create_table(
        "approval",
        _id(), _id("person_id"), _text("email", 254), _text("name", 120), _text("state", 40), _moment("asked_at"),
        _moment("answered_at", nullable=True),
        sa.CheckConstraint("state IN ('asked', 'given', 'refused')", name="ck_approval_state"),
        _key("approval", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("ix_approval_person_id", "approval", ["person_id"])
    op.create_table(
        "erasure",
        _id("person_id"), _moment("erased_at"), sa.Column("kept", sa.JSON(), nullable=False),
        _key("erasure", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name="pk_erasure"),
    )


def downgrade() -> None:
    for table in ("erasure", "approval", "consent", "trail_end", "trail_entry", "recovery_code", "authenticator_app", "passkey", "identity", "challenge"):
        op.drop_table(table)
    with op.batch_alter_table("sign_in") as table:
        table.drop_constraint(op.f("fk_sign_in_acting_for"), type_="foreignkey")
        table.drop_constraint(op.f("ck_sign_in_method"), type_="check")
        for column in ("acting_for", "second_factor_at", "method"):
            table.drop_column(column)
    op.drop_table("invitation")
    op.drop_index("uq_organisation_kvk_number", "organisation")
    op.execute("UPDATE organisation SET kind = 'fund' WHERE kind = 'social_partner'")
    with op.batch_alter_table("organisation") as table:
        table.drop_constraint(op.f("ck_organisation_size_class"), type_="check")
        table.drop_constraint(op.f("ck_organisation_kind"), type_="check")
        table.create_check_constraint(op.f("ck_organisation_kind"), _KINDS)
        for column in ("closed_at", "created_at", "sector", "size_class", "country", "vat_id", "kvk_number"):
            table.drop_column(column)
    with op.batch_alter_table("person") as table:
        for column in ("erased_at", "is_minor", "validated_name"):
            table.drop_column(column)
