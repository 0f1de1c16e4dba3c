"""Catalogue: versions of modules, requirement trees, periods, sessions, codes of registers, skills on outcomes."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MODULE_KINDS = "kind IN ('ad_module', 'loose_module', 'mooc', 'mbo_part', 'language_module', 'tailored')"
_PARTS_OF_DAY = "part_of_day IN ('morning', 'afternoon', 'day', 'evening', 'any')"
_CERTIFICATES = (
    "certificate IN ('none', 'participation', 'certificate', 'microcredential', 'mbo_certificate', 'mbo_statement', 'diploma')"
)
_EMPTY_TEXT = """'{"nl": "", "en": ""}'"""
_STATES = "state IN ('draft', 'check', 'published', 'archived')"
_OFFERING_STATES = "state IN ('concept', 'active', 'cancelled', 'inactive')"


def upgrade() -> None:
    _upgrade_modules()
    _upgrade_offerings()
    _create_requirements()
    _create_codes()
    _create_history()
    _move_rows()
    op.drop_table("programme_module")
    with op.batch_alter_table("offering") as batch:
        batch.drop_column("enrol_until")



def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text(default))


def _no_defaults(table: str, *names: str) -> None:
    """The defaults were for the rows that were there; the code says what a new row holds."""
    with op.batch_alter_table(table) as batch:
        for name in names:
            batch.alter_column(name, server_default=None)


def _upgrade_modules() -> None:
    with op.batch_alter_table("module") as batch:
        batch.alter_column("level", new_column_name="nlqf")
        batch.add_column(_text("source", 120))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(_json("entry", _EMPTY_TEXT))
        batch.add_column(sa.Column("prerequisites", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("hours", sa.Integer(), nullable=True))
        batch.add_column(_text("eqf", 10))
        batch.add_column(_text("language_level", 10))
        batch.add_column(_json("modes", "'[]'"))
        batch.add_column(_json("assessments", "'[]'"))
        batch.add_column(sa.Column("certificate", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("vanished_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(_text("digest", 32))
        batch.drop_constraint("ck_module_kind", type_="check")
        batch.create_check_constraint(op.f("ck_module_kind"), _MODULE_KINDS)
        batch.drop_constraint("ck_module_state", type_="check")
        batch.create_check_constraint(op.f("ck_module_state"), _STATES)
        batch.create_check_constraint(op.f("ck_module_certificate"), _CERTIFICATES)
        batch.create_check_constraint(op.f("ck_module_hours_not_negative"), "hours >= 0")
        batch.create_check_constraint(op.f("ck_module_version_from_one"), "version >= 1")
    _no_defaults(
        "module", "source", "version", "entry", "eqf", "language_level", "modes", "assessments", "digest",
    )
    op.create_index("ix_module_source", "module", ["source"], unique=False)
    with op.batch_alter_table("learning_outcome") as batch:
        batch.add_column(sa.Column("left_in_version", sa.Integer(), nullable=True))
        batch.drop_constraint("uq_learning_outcome_position", type_="unique")
    op.create_index("ix_learning_outcome_module_id", "learning_outcome", ["module_id"], unique=False)
    op.create_index(
        "uq_learning_outcome_position", "learning_outcome", ["module_id", "position"], unique=True,
        sqlite_where=sa.text("left_in_version IS NULL"), postgresql_where=sa.text("left_in_version IS NULL"),
    )
    op.create_table(
        "outcome_skill",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("skill_uri", sa.String(length=300), nullable=False),
        sa.Column("scheme_version", sa.String(length=20), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name="fk_outcome_skill_outcome_id"),
        sa.ForeignKeyConstraint(
            ["skill_uri"], ["skill.uri"], name="fk_outcome_skill_skill_uri", initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("outcome_id", "skill_uri", name="pk_outcome_skill"),
    )
    op.create_index("ix_outcome_skill_skill_uri", "outcome_skill", ["skill_uri"], unique=False)
    op.create_table(
        "module_prerequisite",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("needed_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("module_id <> needed_id", name="ck_module_prerequisite_not_itself"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_module_prerequisite_module_id"),
        sa.ForeignKeyConstraint(["needed_id"], ["module.id"], name="fk_module_prerequisite_needed_id"),
        sa.PrimaryKeyConstraint("module_id", "needed_id", name="pk_module_prerequisite"),
    )
    op.create_index("ix_module_prerequisite_needed_id", "module_prerequisite", ["needed_id"], unique=False)


def _upgrade_offerings() -> None:
    with op.batch_alter_table("offering") as batch:
        batch.add_column(_text("external_id", 300))
        batch.add_column(_text("source", 120))
        batch.add_column(sa.Column("flexible_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("flexible_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("min_seats", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("decides_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("guaranteed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(_text("price_note", 300))
        batch.alter_column("price", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint("ck_offering_state", type_="check")
        batch.create_check_constraint(op.f("ck_offering_state"), _OFFERING_STATES)
        batch.create_check_constraint(op.f("ck_offering_min_seats_within_seats"), "min_seats >= 0 AND min_seats <= seats")
        batch.create_check_constraint(op.f("ck_offering_flexible_entry_in_order"), "flexible_until >= flexible_from")
    _no_defaults("offering", "external_id", "source", "min_seats", "guaranteed", "price_note")
    op.create_index(
        "uq_offering_external", "offering", ["module_id", "external_id"], unique=True,
        sqlite_where=sa.text("external_id <> ''"), postgresql_where=sa.text("external_id <> ''"),
    )
    op.create_table(
        "enrolment_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("target_group", sa.String(length=40), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("has_queue", sa.Boolean(), nullable=False),
        sa.Column("queue_max", sa.Integer(), nullable=True),
        sa.Column("website", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("closes_on >= opens_on", name="ck_enrolment_period_closes_after_opening"),
        sa.CheckConstraint("queue_max > 0", name="ck_enrolment_period_queue_max_positive"),
        sa.CheckConstraint(
            "target_group IN ('public', 'employers', 'students', 'pupils')", name="ck_enrolment_period_target_group",
        ),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name="fk_enrolment_period_offering_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_period"),
        sa.UniqueConstraint("offering_id", "target_group", "closes_on", name="uq_enrolment_period"),
    )
    op.create_table(
        "class_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.String(length=3), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("part_of_day", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.CheckConstraint("(weekday IS NULL) <> (on_date IS NULL)", name="ck_class_session_weekday_or_date"),
        sa.CheckConstraint("ends_at > starts_at", name="ck_class_session_ends_after_start"),
        sa.CheckConstraint(_PARTS_OF_DAY, name="ck_class_session_part_of_day"),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name="fk_class_session_offering_id"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_class_session_place_id"),
        sa.PrimaryKeyConstraint("id", name="pk_class_session"),
        sa.UniqueConstraint("offering_id", "position", name="uq_class_session_position"),
    )


def _create_requirements() -> None:
    op.create_table(
        "requirement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.Column("period", sa.Integer(), nullable=True),
        sa.CheckConstraint("(kind = 'module') = (module_id IS NOT NULL)", name="ck_requirement_leaf_has_module"),
        sa.CheckConstraint("(kind = 'credits_of') = (ec IS NOT NULL)", name="ck_requirement_credits_of_has_ec"),
        sa.CheckConstraint("(kind = 'number_of') = (number IS NOT NULL)", name="ck_requirement_number_of_has_number"),
        sa.CheckConstraint("ec > 0", name="ck_requirement_ec_positive"),
        sa.CheckConstraint("number > 0", name="ck_requirement_number_positive"),
        sa.CheckConstraint("parent_id <> id", name="ck_requirement_not_its_own_parent"),
        sa.CheckConstraint("kind IN ('all_of', 'credits_of', 'number_of', 'module')", name="ck_requirement_kind"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_requirement_programme_id"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["requirement.id"], name="fk_requirement_parent_id", initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_requirement_module_id"),
        sa.PrimaryKeyConstraint("id", name="pk_requirement"),
        sa.UniqueConstraint("parent_id", "position", name="uq_requirement_position"),
    )
    op.create_index("ix_requirement_programme_id", "requirement", ["programme_id"], unique=False)
    op.create_index("ix_requirement_module_id", "requirement", ["module_id"], unique=False)
    op.create_index(
        "uq_requirement_root", "requirement", ["programme_id"], unique=True,
        sqlite_where=sa.text("parent_id IS NULL"), postgresql_where=sa.text("parent_id IS NULL"),
    )


def _create_codes() -> None:
    subjects = ("provider_id", "place_id", "programme_id", "module_id")
    one = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in subjects)
    op.create_table(
        "external_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in subjects),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(f"{one} = 1", name="ck_external_code_one_subject"),
        sa.CheckConstraint("valid_until >= valid_from", name="ck_external_code_valid_until_after_from"),
        sa.CheckConstraint(
            "scheme IN ('croho', 'crebo', 'rio', 'brin', 'institution_code', 'programme_code', 'kvk', 'kvk_establishment', "
            "'rio_offerer', 'rio_location', 'nlqf', 'other')",
            name="ck_external_code_scheme",
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name="fk_external_code_provider_id"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_external_code_place_id"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_external_code_programme_id"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_external_code_module_id"),
        sa.PrimaryKeyConstraint("id", name="pk_external_code"),
    )
    for name in subjects:
        op.create_index(f"ix_external_code_{name}", "external_code", [name], unique=False)
    op.create_index("ix_external_code_scheme_value", "external_code", ["scheme", "value"], unique=False)


def _create_history() -> None:
    op.create_table(
        "module_version",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_module_version_module_id"),
        sa.PrimaryKeyConstraint("module_id", "number", name="pk_module_version"),
    )
    op.create_table(
        "working_copy",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_working_copy_module_id"),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name="fk_working_copy_saved_by", initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("module_id", name="pk_working_copy"),
    )
    op.create_table(
        "publication_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(
            "act IN ('created', 'submitted', 'sent_back', 'published', 'changed', 'archived', 'restored')",
            name="ck_publication_step_act",
        ),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_publication_step_module_id"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_publication_step_person_id", initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publication_step"),
    )
    op.create_index("ix_publication_step_module_id", "publication_step", ["module_id"], unique=False)


def _move_rows() -> None:
    connection = op.get_bind()
    uid, text = sa.Uuid(), {"nl": "", "en": ""}
    connection.execute(sa.text("UPDATE module SET eqf = REPLACE(nlqf, '+', '')"))
    offering = sa.table("offering", sa.column("id", uid), sa.column("enrol_until", sa.Date()))
    period = sa.table(
        "enrolment_period", sa.column("id", uid), sa.column("offering_id", uid), sa.column("target_group"),
        sa.column("closes_on", sa.Date()), sa.column("has_queue", sa.Boolean()), sa.column("website"),
    )
    _insert(period, [
        {"id": uuid.uuid4(), "offering_id": row.id, "target_group": "public", "closes_on": row.enrol_until, "has_queue": False,
         "website": ""}
        for row in connection.execute(sa.select(offering))
    ])
    part = sa.table(
        "programme_module", sa.column("programme_id", uid), sa.column("module_id", uid), sa.column("period"), sa.column("position"),
    )
    requirement = sa.table(
        "requirement", sa.column("id", uid), sa.column("programme_id", uid), sa.column("parent_id", uid), sa.column("position"),
        sa.column("kind"), sa.column("title", sa.JSON()), sa.column("module_id", uid), sa.column("period"),
    )
    roots = {row.programme_id: uuid.uuid4() for row in connection.execute(sa.select(part.c.programme_id).distinct())}
    _insert(requirement, [
        {"id": root, "programme_id": programme, "parent_id": None, "position": 1, "kind": "all_of", "title": text,
         "module_id": None, "period": None}
        for programme, root in roots.items()
    ])
    _insert(requirement, [
        {"id": uuid.uuid4(), "programme_id": row.programme_id, "parent_id": roots[row.programme_id], "position": row.position,
         "kind": "module", "title": text, "module_id": row.module_id, "period": row.period}
        for row in connection.execute(sa.select(part))
    ])


def _insert(table: sa.TableClause, rows: list[dict[str, object]]) -> None:
    if rows:
        op.get_bind().execute(sa.insert(table), rows)


def downgrade() -> None:
    """Go back to the tables of before; what those can not hold is lost, as the states before publication."""
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
    with op.batch_alter_table("offering") as batch:
        batch.add_column(sa.Column("enrol_until", sa.Date(), nullable=True))
    for statement in _BACK:
        op.execute(statement)
    for table in (
        "publication_step", "working_copy", "module_version", "external_code", "requirement", "class_session", "enrolment_period",
        "module_prerequisite", "outcome_skill",
    ):
        op.drop_table(table)
    _narrow_offerings()
    _narrow_modules()


_BACK = (
    """UPDATE offering SET enrol_until = COALESCE(
    (SELECT MAX(closes_on) FROM enrolment_period WHERE offering_id = offering.id AND target_group = 'public'), starts_on)""",
    "UPDATE offering SET state = 'cancelled' WHERE state IN ('concept', 'inactive')",
    "UPDATE offering SET price = 0 WHERE price IS NULL",
    "UPDATE module SET state = 'archived' WHERE state IN ('draft', 'check')",
    "UPDATE module SET kind = 'loose_module' WHERE kind = 'tailored'",
    """INSERT INTO programme_module (programme_id, module_id, period, position)
    SELECT programme_id, module_id, COALESCE(MIN(period), 0), MIN(position) FROM requirement WHERE module_id IS NOT NULL
    GROUP BY programme_id, module_id""",
    "DELETE FROM outcome_skill WHERE outcome_id IN (SELECT id FROM learning_outcome WHERE left_in_version IS NOT NULL)",
    "DELETE FROM learning_outcome WHERE left_in_version IS NOT NULL",
)



def _narrow_offerings() -> None:
    op.drop_index("uq_offering_external", "offering")
    with op.batch_alter_table("offering") as batch:
        batch.drop_constraint("ck_offering_min_seats_within_seats", type_="check")
        batch.drop_constraint("ck_offering_flexible_entry_in_order", type_="check")
        batch.drop_constraint("ck_offering_state", type_="check")
        batch.create_check_constraint(op.f("ck_offering_state"), "state IN ('active', 'cancelled')")
        batch.alter_column("enrol_until", existing_type=sa.Date(), nullable=False)
        batch.alter_column("price", existing_type=sa.Integer(), nullable=False)
        for name in (
            "external_id", "source", "flexible_from", "flexible_until", "min_seats", "decides_on", "guaranteed", "price_note",
        ):
            batch.drop_column(name)


def _narrow_modules() -> None:
    op.drop_index("uq_learning_outcome_position", "learning_outcome")
    op.drop_index("ix_learning_outcome_module_id", "learning_outcome")
    with op.batch_alter_table("learning_outcome") as batch:
        batch.drop_column("left_in_version")
        batch.create_unique_constraint(op.f("uq_learning_outcome_position"), ["module_id", "position"])
    op.drop_index("ix_module_source", "module")
    with op.batch_alter_table("module") as batch:
        for name in ("hours_not_negative", "version_from_one", "certificate", "kind", "state"):
            batch.drop_constraint(f"ck_module_{name}", type_="check")
        batch.create_check_constraint(
            op.f("ck_module_kind"), "kind IN ('ad_module', 'loose_module', 'mooc', 'mbo_part', 'language_module')",
        )
        batch.create_check_constraint(op.f("ck_module_state"), "state IN ('published', 'archived')")
        for name in (
            "source", "version", "entry", "prerequisites", "hours", "eqf", "language_level", "modes", "assessments", "certificate",
            "vanished_at", "digest",
        ):
            batch.drop_column(name)
        batch.alter_column("nlqf", new_column_name="level")
