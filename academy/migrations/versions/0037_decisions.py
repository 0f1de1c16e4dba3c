"""Recognition: decisions, the credits that follow, and precedents. The database itself refuses to change a report or a decision, or to erase one.

On SQLite a table that Alembic rebuilds (batch_alter_table) loses its triggers: who changes one of these makes them again."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

_NEVER_CHANGED = (
    "recognition_report", "recognition_report_answer", "recognition_report_evidence", "recognition_decision", "recognition_decision_answer",
    "recognition_decision_signature",
)
_SAYS = "what was decided is only added to"


def upgrade() -> None:
    op.create_table(
        "recognition_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("ground_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("parents", sa.JSON(), nullable=False),
        sa.Column("counts", sa.Integer(), nullable=False),
        sa.Column("beyond", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("ground IN ('file', 'pattern', 'equivalence', 'agreement', 'mapping')", name=op.f("ck_recognition_decision_ground")),
        sa.CheckConstraint("state IN ('granted', 'partially-granted', 'refused', 'revised')", name=op.f("ck_recognition_decision_state")),
        sa.CheckConstraint("(ground IN ('file', 'pattern')) = (file_id IS NOT NULL)", name=op.f("ck_recognition_decision_of_a_file_or_not")),
        sa.CheckConstraint("(state = 'revised') = (replaces_id IS NOT NULL)", name=op.f("ck_recognition_decision_revised_names_another")),
        sa.CheckConstraint("counts >= 0 AND beyond >= 0", name=op.f("ck_recognition_decision_credits_not_negative")),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_recognition_decision_file_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_recognition_decision_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recognition_decision_person_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_recognition_decision_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["replaces_id"], ["recognition_decision.id"], name=op.f("fk_recognition_decision_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_decision")),
        sa.UniqueConstraint("number", name=op.f("uq_recognition_decision_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_recognition_decision_replaces_id")),
    )
    op.create_index("ix_recognition_decision_file", "recognition_decision", ["file_id"])
    op.create_index("ix_recognition_decision_person", "recognition_decision", ["person_id", "module_id"])
    op.create_index("ix_recognition_decision_provider", "recognition_decision", ["provider_id", "decided_at"])
    op.create_table(
        "recognition_decision_answer",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("judgement", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=False),
        sa.CheckConstraint("judgement IN ('yes', 'partly', 'no')", name=op.f("ck_recognition_decision_answer_judgement")),
        sa.CheckConstraint("ec >= 0", name=op.f("ck_recognition_decision_answer_ec_not_negative")),
        sa.ForeignKeyConstraint(["decision_id"], ["recognition_decision.id"], name=op.f("fk_recognition_decision_answer_decision_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_recognition_decision_answer_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("decision_id", "outcome_id", name=op.f("pk_recognition_decision_answer")),
    )
    op.create_table(
        "recognition_decision_signature",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["recognition_decision.id"], name=op.f("fk_recognition_decision_signature_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recognition_decision_signature_person_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name=op.f("pk_recognition_decision_signature")),
    )
    op.create_table(
        "recognition_decision_draft",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_recognition_decision_draft_file_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_recognition_decision_draft_made_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_recognition_decision_draft")),
    )
    op.create_table(
        "recognition_credit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_recognition_credit_ended_by_a_decision")),
        sa.CheckConstraint("ec >= 0", name=op.f("ck_recognition_credit_ec_not_negative")),
        sa.ForeignKeyConstraint(["decision_id"], ["recognition_decision.id"], name=op.f("fk_recognition_credit_decision_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["recognition_decision.id"], name=op.f("fk_recognition_credit_ended_by_id")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_recognition_credit_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_recognition_credit_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recognition_credit_person_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_recognition_credit_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_credit")),
    )
    op.create_index(op.f("ix_recognition_credit_decision_id"), "recognition_credit", ["decision_id"])
    op.create_index("ix_recognition_credit_module", "recognition_credit", ["module_id", "person_id"])
    op.create_index("uq_recognition_credit_counts", "recognition_credit", ["person_id", "outcome_id"], unique=True, sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "recognised_total",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=False),
        sa.CheckConstraint("ec >= 0", name=op.f("ck_recognised_total_ec_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recognised_total_person_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_recognised_total_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("person_id", "provider_id", name=op.f("pk_recognised_total")),
    )
    op.create_table(
        "precedent",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("is_documentary", sa.Boolean(), nullable=False),
        sa.Column("judgement", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=500), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("judgement IN ('yes', 'partly', 'no')", name=op.f("ck_precedent_judgement")),
        sa.ForeignKeyConstraint(["decision_id"], ["recognition_decision.id"], name=op.f("fk_precedent_decision_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_precedent_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_precedent_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("decision_id", "outcome_id", name=op.f("pk_precedent")),
    )
    op.create_index("ix_precedent_key", "precedent", ["provider_id", "key", "decided_on"], sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix_precedent_valid_until", "precedent", ["valid_until"], sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "precedent_count",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("judgement", sa.String(length=40), nullable=False),
        sa.Column("part_key", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=500), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("soonest_end", sa.Date(), nullable=True),
        sa.CheckConstraint("judgement IN ('yes', 'partly', 'no')", name=op.f("ck_precedent_count_judgement")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_precedent_count_number_not_negative")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_precedent_count_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("provider_id", "key", "judgement", "part_key", name=op.f("pk_precedent_count")),
    )
    op.create_table(
        "pattern_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("fewest_parents", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("fewest_parents >= 1", name=op.f("ck_pattern_approval_has_parents")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_pattern_approval_approved_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_pattern_approval_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_pattern_approval_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["second_by"], ["person.id"], name=op.f("fk_pattern_approval_second_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_approval")),
        sa.UniqueConstraint("code", name=op.f("uq_pattern_approval_code")),
    )
    op.create_index("uq_pattern_approval_counts", "pattern_approval", ["provider_id", "key"], unique=True, sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "equivalence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_code", sa.String(length=80), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('diploma', 'module-elsewhere', 'mooc', 'company-course', 'experience-certificate', 'local-test', 'work', 'statement', 'link')", name=op.f("ck_equivalence_kind")),
        sa.CheckConstraint("second_by IS NULL OR second_by <> published_by", name=op.f("ck_equivalence_two_people")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_equivalence_days_in_order")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_equivalence_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_equivalence_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_equivalence_published_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["second_by"], ["person.id"], name=op.f("fk_equivalence_second_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalence")),
        sa.UniqueConstraint("code", name=op.f("uq_equivalence_code")),
    )
    op.create_index(op.f("ix_equivalence_module_id"), "equivalence", ["module_id"])
    op.create_index("ix_equivalence_provider", "equivalence", ["provider_id", "valid_until"])
    op.create_index("ix_equivalence_source", "equivalence", ["source_key", "kind"])
    op.create_table(
        "equivalence_outcome",
        sa.Column("equivalence_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("wording_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["equivalence_id"], ["equivalence.id"], name=op.f("fk_equivalence_outcome_equivalence_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_equivalence_outcome_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("equivalence_id", "outcome_id", name=op.f("pk_equivalence_outcome")),
    )
    op.create_table(
        "outcome_tally",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("wording_digest", sa.String(length=64), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= granted AND granted <= decided", name=op.f("ck_outcome_tally_granted_of_decided")),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_outcome_tally_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("outcome_id", "wording_digest", name=op.f("pk_outcome_tally")),
    )
    op.create_table(
        "outcome_tally_person",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("wording_digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_outcome_tally_person_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outcome_tally_person_person_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("outcome_id", "wording_digest", "person_id", name=op.f("pk_outcome_tally_person")),
    )
    with op.batch_alter_table("recognition_file") as table:
        table.create_foreign_key(
            op.f("fk_recognition_file_decision_id"), "recognition_decision", ["decision_id"], ["id"], deferrable=True, initially="DEFERRED",
        )
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _NEVER_CHANGED:
            for act in ("UPDATE", "DELETE"):
                op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END")
        return
    op.execute(f"CREATE FUNCTION decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$")
    for table in _NEVER_CHANGED:
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION decided_stays()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _NEVER_CHANGED:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
    else:
        op.execute("DROP FUNCTION decided_stays() CASCADE")
    with op.batch_alter_table("recognition_file") as table:
        table.drop_constraint(op.f("fk_recognition_file_decision_id"), type_="foreignkey")
    op.drop_table("outcome_tally_person")
    op.drop_table("outcome_tally")
    op.drop_table("equivalence_outcome")
    op.drop_table("equivalence")
    op.drop_table("pattern_approval")
    op.drop_table("precedent_count")
    op.drop_table("precedent")
    op.drop_table("recognised_total")
    op.drop_table("recognition_credit")
    op.drop_table("recognition_decision_draft")
    op.drop_table("recognition_decision_signature")
    op.drop_table("recognition_decision_answer")
    op.drop_table("recognition_decision")
