"""Recognition: files of what somebody can already do, their evidence, and judging."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

_STATES = (
    "'draft', 'intake-planned', 'intake-done', 'portfolio-open', 'portfolio-submitted', 'portfolio-incomplete', 'assessment-planned', 'assessed', "
    "'second-planned', 'second-done', 'report-issued', 'exemption-requested', 'granted', 'partially-granted', 'refused', 'appealed', 'confirmed', 'revised', "
    "'withdrawn', 'lapsed', 'archived'"
)


def upgrade() -> None:
    op.create_table(
        "recognition_terms",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("most_ec", sa.Integer(), nullable=True),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_recognition_terms_fee_not_negative")),
        sa.CheckConstraint("most_ec >= 0", name=op.f("ck_recognition_terms_most_not_negative")),
        sa.CheckConstraint("signatures BETWEEN 1 AND 2", name=op.f("ck_recognition_terms_one_or_two_sign")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_recognition_terms_changed_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_recognition_terms_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_recognition_terms")),
    )
    op.create_table(
        "outcome_weight",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_outcome_weight_weight_in_reach")),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_outcome_weight_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("outcome_id", name=op.f("pk_outcome_weight")),
    )
    op.create_table(
        "recognition_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("module_version", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_from", sa.String(length=40), nullable=True),
        sa.Column("guide_id", sa.Uuid(), nullable=True),
        sa.Column("advice", sa.String(length=40), nullable=True),
        sa.Column("advice_reason", sa.String(length=2000), nullable=False),
        sa.Column("advised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("learner_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("guide_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=True),
        sa.Column("former_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("route IN ('labour-market', 'education')", name=op.f("ck_recognition_file_route")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_recognition_file_state")),
        sa.CheckConstraint(f"lapsed_from IN ({_STATES})", name=op.f("ck_recognition_file_lapsed_from")),
        sa.CheckConstraint("advice IN ('for', 'against')", name=op.f("ck_recognition_file_advice")),
        sa.CheckConstraint("(state = 'lapsed') = (lapsed_from IS NOT NULL) OR state = 'archived'", name=op.f("ck_recognition_file_lapsed_from_somewhere")),
        sa.CheckConstraint("route = 'education' OR state NOT IN ('exemption-requested', 'granted', 'partially-granted', 'refused', 'appealed', 'confirmed', 'revised')", name=op.f("ck_recognition_file_labour_market_is_not_decided")),
        sa.CheckConstraint("state NOT IN ('granted', 'partially-granted', 'refused', 'appealed', 'confirmed', 'revised') OR decision_id IS NOT NULL", name=op.f("ck_recognition_file_decided_by_one")),
        sa.CheckConstraint("(advice IS NULL) = (advised_at IS NULL)", name=op.f("ck_recognition_file_advised_at_a_moment")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_recognition_file_fee_not_negative")),
        sa.CheckConstraint("guide_id <> person_id", name=op.f("ck_recognition_file_guides_another")),
        sa.CheckConstraint("told_second_at IS NULL OR told_first_at IS NOT NULL", name=op.f("ck_recognition_file_told_in_order")),
        sa.ForeignKeyConstraint(["former_id"], ["recognition_file.id"], name=op.f("fk_recognition_file_former_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["guide_id"], ["person.id"], name=op.f("fk_recognition_file_guide_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_recognition_file_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recognition_file_person_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_recognition_file_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_file")),
        sa.UniqueConstraint("code", name=op.f("uq_recognition_file_code")),
        sa.UniqueConstraint("request_key", name=op.f("uq_recognition_file_request_key")),
    )
    op.create_index(op.f("ix_recognition_file_guide_id"), "recognition_file", ["guide_id"])
    op.create_index("ix_recognition_file_inbox", "recognition_file", ["provider_id", "state", "since"])
    op.create_index(op.f("ix_recognition_file_module_id"), "recognition_file", ["module_id"])
    op.create_index(op.f("ix_recognition_file_person_id"), "recognition_file", ["person_id"])
    op.create_index("ix_recognition_file_rounds", "recognition_file", ["state", "idle_since"])
    op.create_index("uq_recognition_file_live", "recognition_file", ["person_id", "module_id", "route"], unique=True, sqlite_where=sa.text("state NOT IN ('granted', 'partially-granted', 'refused', 'confirmed', 'revised', 'withdrawn', 'lapsed', 'archived')"), postgresql_where=sa.text("state NOT IN ('granted', 'partially-granted', 'refused', 'confirmed', 'revised', 'withdrawn', 'lapsed', 'archived')"))
    op.create_table(
        "file_outcome",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("worth", sa.Integer(), nullable=False),
        sa.Column("self_judgement", sa.String(length=40), nullable=True),
        sa.Column("self_example", sa.String(length=2000), nullable=False),
        sa.Column("missing", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("self_judgement IN ('yes', 'partly', 'no')", name=op.f("ck_file_outcome_self_judgement")),
        sa.CheckConstraint("worth >= 0", name=op.f("ck_file_outcome_worth_not_negative")),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_file_outcome_file_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_file_outcome_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("file_id", "outcome_id", name=op.f("pk_file_outcome")),
    )
    op.create_index(op.f("ix_file_outcome_outcome_id"), "file_outcome", ["outcome_id"])
    op.create_table(
        "file_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(f"from_state IN ({_STATES})", name=op.f("ck_file_step_from_state")),
        sa.CheckConstraint(f"to_state IN ({_STATES})", name=op.f("ck_file_step_to_state")),
        sa.CheckConstraint("who IN ('learner', 'guide', 'assessor', 'exam board', 'worker')", name=op.f("ck_file_step_who")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_file_step_by_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_file_step_file_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_step")),
    )
    op.create_index("ix_file_step_file_id", "file_step", ["file_id", "id"])
    op.create_table(
        "file_party",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_file_party_file_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_file_party_organisation_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("file_id", "organisation_id", name=op.f("pk_file_party")),
    )
    op.create_index(op.f("ix_file_party_organisation_id"), "file_party", ["organisation_id"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=True),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("stored_name", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("media", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('diploma', 'module-elsewhere', 'mooc', 'company-course', 'experience-certificate', 'local-test', 'work', 'statement', 'link')", name=op.f("ck_evidence_kind")),
        sa.CheckConstraint("(stored_name = '') = (sha256 = '')", name=op.f("ck_evidence_file_with_digest")),
        sa.CheckConstraint("stored_name = '' OR url = ''", name=op.f("ck_evidence_file_or_link")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_evidence_size_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_person_id"), "evidence", ["person_id"])
    op.create_index("uq_evidence_file", "evidence", ["person_id", "sha256"], unique=True, sqlite_where=sa.text("sha256 <> ''"), postgresql_where=sa.text("sha256 <> ''"))
    op.create_table(
        "file_evidence",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_file_evidence_evidence_id")),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_file_evidence_file_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", "evidence_id", name=op.f("pk_file_evidence")),
    )
    op.create_index(op.f("ix_file_evidence_evidence_id"), "file_evidence", ["evidence_id"])
    op.create_table(
        "evidence_for",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id", "evidence_id"], ["file_evidence.file_id", "file_evidence.evidence_id"], name=op.f("fk_evidence_for_file_id_evidence_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["file_id", "outcome_id"], ["file_outcome.file_id", "file_outcome.outcome_id"], name=op.f("fk_evidence_for_file_id_outcome_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", "evidence_id", "outcome_id", name=op.f("pk_evidence_for")),
    )
    op.create_table(
        "file_share",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("taken_back_at >= given_at", name=op.f("ck_file_share_taken_back_later")),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_file_share_assessor_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_file_share_file_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id", "assessor_id", name=op.f("pk_file_share")),
    )
    op.create_index(op.f("ix_file_share_assessor_id"), "file_share", ["assessor_id"])
    op.create_table(
        "employer_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("answered_at IS NULL OR declined_at IS NULL", name=op.f("ck_employer_statement_answered_or_declined")),
        sa.CheckConstraint("evidence_id IS NULL OR answered_at IS NOT NULL", name=op.f("ck_employer_statement_answered_with_evidence")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_employer_statement_evidence_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_employer_statement_file_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_employer_statement_organisation_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_statement")),
    )
    op.create_index("ix_employer_statement_file_id", "employer_statement", ["file_id", "id"])
    op.create_table(
        "stored_file_gone",
        sa.Column("stored_name", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("stored_name", name=op.f("pk_stored_file_gone")),
    )
    op.create_table(
        "assessor_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("place_words", sa.String(length=200), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('portfolio', 'interview', 'workplace', 'test')", name=op.f("ck_assessor_slot_kind")),
        sa.CheckConstraint("kind <> 'portfolio'", name=op.f("ck_assessor_slot_not_of_paper")),
        sa.CheckConstraint("0 <= taken AND taken <= capacity", name=op.f("ck_assessor_slot_taken_in_reach")),
        sa.CheckConstraint("called_off_at IS NULL OR taken = 0", name=op.f("ck_assessor_slot_called_off_when_empty")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_assessor_slot_ends_later")),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_assessor_slot_assessor_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_assessor_slot_place_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_assessor_slot_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_slot")),
        sa.UniqueConstraint("code", name=op.f("uq_assessor_slot_code")),
    )
    op.create_index(op.f("ix_assessor_slot_assessor_id"), "assessor_slot", ["assessor_id"])
    op.create_index("ix_assessor_slot_provider", "assessor_slot", ["provider_id", "kind", "starts_at"])
    op.create_table(
        "recognition_instrument",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.String(length=4000), nullable=False),
        sa.CheckConstraint("kind IN ('portfolio', 'interview', 'workplace', 'test')", name=op.f("ck_recognition_instrument_kind")),
        sa.CheckConstraint("(kind = 'portfolio') = (planned_at IS NULL)", name=op.f("ck_recognition_instrument_planned_but_paper")),
        sa.CheckConstraint("done_at IS NULL OR called_off_at IS NULL", name=op.f("ck_recognition_instrument_done_or_called_off")),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_recognition_instrument_assessor_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_recognition_instrument_file_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["slot_id"], ["assessor_slot.id"], name=op.f("fk_recognition_instrument_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_instrument")),
    )
    op.create_index(op.f("ix_recognition_instrument_assessor_id"), "recognition_instrument", ["assessor_id"])
    op.create_index("ix_recognition_instrument_file_id", "recognition_instrument", ["file_id", "id"])
    op.create_index(op.f("ix_recognition_instrument_slot_id"), "recognition_instrument", ["slot_id"])
    op.create_index("uq_recognition_instrument_portfolio", "recognition_instrument", ["file_id"], unique=True, sqlite_where=sa.text("kind = 'portfolio' AND called_off_at IS NULL"), postgresql_where=sa.text("kind = 'portfolio' AND called_off_at IS NULL"))
    op.create_table(
        "instrument_answer",
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("judgement", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("met", sa.JSON(), nullable=False),
        sa.CheckConstraint("judgement IN ('yes', 'partly', 'no')", name=op.f("ck_instrument_answer_judgement")),
        sa.ForeignKeyConstraint(["instrument_id"], ["recognition_instrument.id"], name=op.f("fk_instrument_answer_instrument_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_instrument_answer_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("instrument_id", "outcome_id", name=op.f("pk_instrument_answer")),
    )
    op.create_table(
        "recognition_report",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_file.id"], name=op.f("fk_recognition_report_file_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_recognition_report_issued_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_recognition_report")),
        sa.UniqueConstraint("number", name=op.f("uq_recognition_report_number")),
    )
    op.create_table(
        "recognition_report_answer",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("judgement", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("met", sa.JSON(), nullable=False),
        sa.CheckConstraint("judgement IN ('yes', 'partly', 'no')", name=op.f("ck_recognition_report_answer_judgement")),
        sa.ForeignKeyConstraint(["file_id"], ["recognition_report.file_id"], name=op.f("fk_recognition_report_answer_file_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_recognition_report_answer_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("file_id", "outcome_id", name=op.f("pk_recognition_report_answer")),
    )
    op.create_table(
        "recognition_report_evidence",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["file_id", "outcome_id"], ["recognition_report_answer.file_id", "recognition_report_answer.outcome_id"], name=op.f("fk_recognition_report_evidence_file_id_outcome_id")),
        sa.PrimaryKeyConstraint("file_id", "outcome_id", "evidence_id", name=op.f("pk_recognition_report_evidence")),
    )


def downgrade() -> None:
    op.drop_table("recognition_report_evidence")
    op.drop_table("recognition_report_answer")
    op.drop_table("recognition_report")
    op.drop_table("instrument_answer")
    op.drop_table("recognition_instrument")
    op.drop_table("assessor_slot")
    op.drop_table("stored_file_gone")
    op.drop_table("employer_statement")
    op.drop_table("file_share")
    op.drop_table("evidence_for")
    op.drop_table("file_evidence")
    op.drop_table("evidence")
    op.drop_table("file_party")
    op.drop_table("file_step")
    op.drop_table("file_outcome")
    op.drop_table("recognition_file")
    op.drop_table("outcome_weight")
    op.drop_table("recognition_terms")
