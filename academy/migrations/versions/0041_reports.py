"""Reports: cells of the roll-up, frozen reports, commissions, who takes part, and the monitor of experience."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "report_run",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("signals >= 0 AND cells >= 0", name=op.f("ck_report_run_counts_not_negative")),
        sa.PrimaryKeyConstraint("as_of", name=op.f("pk_report_run")),
    )
    op.create_table(
        "report_cell",
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("skill", sa.String(length=300), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("sector", sa.String(length=45), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.CheckConstraint("firms >= 0 AND searches >= 0 AND score >= 0", name=op.f("ck_report_cell_counts_not_negative")),
        sa.CheckConstraint("free BETWEEN 0 AND places", name=op.f("ck_report_cell_free_within_places")),
        sa.CheckConstraint("people >= 10", name=op.f("ck_report_cell_people_not_few")),
        sa.CheckConstraint("urgency BETWEEN 100 AND 200", name=op.f("ck_report_cell_urgency_in_reach")),
        sa.PrimaryKeyConstraint("period", "skill", "area", "sector", "source", name=op.f("pk_report_cell")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_report_cell_view", "report_cell", ["period", "area", "sector", "source", "score"])
    op.create_table(
        "report_slot",
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("skill", sa.String(length=300), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.CheckConstraint("people >= 10", name=op.f("ck_report_slot_people_not_few")),
        sa.PrimaryKeyConstraint("period", "skill", "slot", name=op.f("pk_report_slot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("sector", sa.String(length=45), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("query_hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("data_hash", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('chosen', 'yearly', 'two-yearly')", name=op.f("ck_report_snapshot_kind")),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_report_snapshot_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_report_snapshot_made_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_snapshot")),
        sa.UniqueConstraint("code", name=op.f("uq_report_snapshot_code")),
    )
    op.create_index(op.f("ix_report_snapshot_made_by"), "report_snapshot", ["made_by"])
    op.create_index("ix_report_snapshot_published_at", "report_snapshot", ["published_at"])
    op.create_index("ix_report_snapshot_query_hash", "report_snapshot", ["query_hash"])
    op.create_table(
        "commission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("sector", sa.String(length=45), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("state IN ('open', 'making', 'planned', 'started', 'closed')", name=op.f("ck_commission_state")),
        sa.CheckConstraint("(state IN ('started', 'closed')) = (ended_at IS NOT NULL)", name=op.f("ck_commission_ended_at_a_moment")),
        sa.CheckConstraint("state <> 'closed' OR reason <> ''", name=op.f("ck_commission_closed_with_a_reason")),
        sa.CheckConstraint("wanted >= 0", name=op.f("ck_commission_wanted_not_negative")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_commission_made_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission")),
        sa.UniqueConstraint("code", name=op.f("uq_commission_code")),
    )
    op.create_index(op.f("ix_commission_made_by"), "commission", ["made_by"])
    op.create_index(op.f("ix_commission_subject"), "commission", ["subject"])
    op.create_index("uq_commission_live", "commission", ["subject", "area"], unique=True, sqlite_where=sa.text("state NOT IN ('started', 'closed')"), postgresql_where=sa.text("state NOT IN ('started', 'closed')"))
    op.create_table(
        "commission_invite",
        sa.Column("commission_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('invited', 'willing', 'declined')", name=op.f("ck_commission_invite_state")),
        sa.CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name=op.f("ck_commission_invite_answered_at_a_moment")),
        sa.ForeignKeyConstraint(["commission_id"], ["commission.id"], name=op.f("fk_commission_invite_commission_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_commission_invite_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_commission_invite_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("commission_id", "provider_id", name=op.f("pk_commission_invite")),
    )
    op.create_index(op.f("ix_commission_invite_module_id"), "commission_invite", ["module_id"])
    op.create_index(op.f("ix_commission_invite_provider_id"), "commission_invite", ["provider_id"])
    op.create_table(
        "commission_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commission_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("from_state IN ('open', 'making', 'planned', 'started', 'closed')", name=op.f("ck_commission_step_from_state")),
        sa.CheckConstraint("to_state IN ('open', 'making', 'planned', 'started', 'closed')", name=op.f("ck_commission_step_to_state")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_commission_step_by_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["commission_id"], ["commission.id"], name=op.f("fk_commission_step_commission_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_step")),
    )
    op.create_index(op.f("ix_commission_step_by_id"), "commission_step", ["by_id"])
    op.create_index("ix_commission_step_commission_id", "commission_step", ["commission_id", "id"])
    op.create_table(
        "participation",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("is_large", sa.Boolean(), nullable=False),
        sa.Column("is_anchor", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('exploring', 'declared', 'running', 'structural')", name=op.f("ck_participation_stage")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_participation_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_participation")),
    )
    op.create_table(
        "participation_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("from_stage", sa.String(length=40), nullable=True),
        sa.Column("to_stage", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_stage IN ('exploring', 'declared', 'running', 'structural')", name=op.f("ck_participation_step_from_stage")),
        sa.CheckConstraint("to_stage IN ('exploring', 'declared', 'running', 'structural')", name=op.f("ck_participation_step_to_stage")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_participation_step_by_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_participation_step_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation_step")),
    )
    op.create_index(op.f("ix_participation_step_by_id"), "participation_step", ["by_id"])
    op.create_index("ix_participation_step_provider_id", "participation_step", ["provider_id", "id"])
    op.create_table(
        "readiness_tick",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("item IN ('agreement', 'contact', 'members', 'modules', 'skills', 'classes', 'prices', 'results', 'exam-board', 'feed')", name=op.f("ck_readiness_tick_item")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_readiness_tick_by_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_readiness_tick_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("provider_id", "item", name=op.f("pk_readiness_tick")),
    )
    op.create_index(op.f("ix_readiness_tick_by_id"), "readiness_tick", ["by_id"])
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('learner', 'institution', 'firm')", name=op.f("ck_questionnaire_side")),
        sa.CheckConstraint("asked >= 0 AND answered >= 0 AND answered <= asked", name=op.f("ck_questionnaire_answered_within_asked")),
        sa.CheckConstraint("wave BETWEEN 1 AND 2", name=op.f("ck_questionnaire_wave_one_or_two")),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name=op.f("fk_questionnaire_offering_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("offering_id", "side", "wave", name="uq_questionnaire"),
    )
    op.create_index("ix_questionnaire_closes_on", "questionnaire", ["closes_on"])
    op.create_index(op.f("ix_questionnaire_offering_id"), "questionnaire", ["offering_id"])
    op.create_table(
        "questionnaire_invite",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_questionnaire_invite_organisation_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_questionnaire_invite_person_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_questionnaire_invite_questionnaire_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_invite")),
        sa.UniqueConstraint("questionnaire_id", "person_id", name="uq_questionnaire_invite"),
    )
    op.create_index("ix_questionnaire_invite_open", "questionnaire_invite", ["asked_at"], sqlite_where=sa.text("answered_at IS NULL"), postgresql_where=sa.text("answered_at IS NULL"))
    op.create_index(op.f("ix_questionnaire_invite_organisation_id"), "questionnaire_invite", ["organisation_id"])
    op.create_index(op.f("ix_questionnaire_invite_person_id"), "questionnaire_invite", ["person_id"])
    op.create_table(
        "questionnaire_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_questionnaire_answer_questionnaire_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_questionnaire_answer_questionnaire_id"), "questionnaire_answer", ["questionnaire_id"])


def downgrade() -> None:
    op.drop_table("questionnaire_answer")
    op.drop_table("questionnaire_invite")
    op.drop_table("questionnaire")
    op.drop_table("readiness_tick")
    op.drop_table("participation_step")
    op.drop_table("participation")
    op.drop_table("commission_step")
    op.drop_table("commission_invite")
    op.drop_table("commission")
    op.drop_table("report_snapshot")
    op.drop_table("report_slot")
    op.drop_table("report_cell")
    op.drop_table("report_run")
