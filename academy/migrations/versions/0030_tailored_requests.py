"""Employers: requests for a tailored module, what providers propose, and company courses on their way to a level."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "tailored_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("demand_id", sa.Uuid(), nullable=True),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("able", sa.String(length=2000), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("in_company", sa.Boolean(), nullable=False),
        sa.Column("guest_teacher", sa.Boolean(), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("questions_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposals_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choose_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'chosen', 'withdrawn', 'lapsed')", name=op.f("ck_tailored_request_state")),
        sa.CheckConstraint("(state = 'chosen') = (offering_id IS NOT NULL)", name=op.f("ck_tailored_request_chosen_with_a_class")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_tailored_request_ended_at_a_moment")),
        sa.CheckConstraint("state <> 'open' OR (demand_id IS NULL) <> (pool_id IS NULL)", name=op.f("ck_tailored_request_about_one")),
        sa.CheckConstraint("budget > 0", name=op.f("ck_tailored_request_budget_positive")),
        sa.CheckConstraint("people BETWEEN 1 AND 200", name=op.f("ck_tailored_request_people_in_reach")),
        sa.CheckConstraint("questions_until <= proposals_until AND proposals_until < choose_until", name=op.f("ck_tailored_request_moments_in_order")),
        sa.ForeignKeyConstraint(["block_id"], ["funded_block.id"], name=op.f("fk_tailored_request_block_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_tailored_request_demand_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name=op.f("fk_tailored_request_offering_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_tailored_request_organisation_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["pool_id"], ["demand_pool.id"], name=op.f("fk_tailored_request_pool_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tailored_request")),
        sa.UniqueConstraint("block_id", name=op.f("uq_tailored_request_block_id")),
        sa.UniqueConstraint("code", name=op.f("uq_tailored_request_code")),
        sa.UniqueConstraint("offering_id", name=op.f("uq_tailored_request_offering_id")),
    )
    op.create_index(op.f("ix_tailored_request_demand_id"), "tailored_request", ["demand_id"])
    op.create_index(op.f("ix_tailored_request_organisation_id"), "tailored_request", ["organisation_id"])
    op.create_index(op.f("ix_tailored_request_pool_id"), "tailored_request", ["pool_id"])
    op.create_index("ix_tailored_request_state_choose_until", "tailored_request", ["state", "choose_until"])
    op.create_index(
        "uq_tailored_request_demand", "tailored_request", ["demand_id"], unique=True,
        sqlite_where=sa.text("state = 'open' AND demand_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND demand_id IS NOT NULL"),
    )
    op.create_index(
        "uq_tailored_request_pool", "tailored_request", ["pool_id"], unique=True,
        sqlite_where=sa.text("state = 'open' AND pool_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND pool_id IS NOT NULL"),
    )
    op.create_table(
        "request_invite",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('invited', 'proposed', 'declined')", name=op.f("ck_request_invite_state")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_request_invite_provider_id")),
        sa.ForeignKeyConstraint(["request_id"], ["tailored_request.id"], name=op.f("fk_request_invite_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("request_id", "provider_id", name=op.f("pk_request_invite")),
    )
    op.create_index(op.f("ix_request_invite_provider_id"), "request_invite", ["provider_id"])
    op.create_table(
        "request_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answer = '') = (answered_at IS NULL)", name=op.f("ck_request_question_answered_at_a_moment")),
        sa.ForeignKeyConstraint(["request_id"], ["tailored_request.id"], name=op.f("fk_request_question_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_question")),
    )
    op.create_index("ix_request_question_request_id", "request_question", ["request_id", "id"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("content", sa.String(length=4000), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("nlqf", sa.String(length=4), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("place_key", sa.String(length=80), nullable=False),
        sa.Column("class_price", sa.Integer(), nullable=True),
        sa.Column("seat_price", sa.Integer(), nullable=True),
        sa.Column("min_seats", sa.Integer(), nullable=False),
        sa.Column("max_seats", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'sent', 'chosen', 'not-chosen', 'withdrawn')", name=op.f("ck_proposal_state")),
        sa.CheckConstraint("state NOT IN ('sent', 'chosen', 'not-chosen') OR sent_at IS NOT NULL", name=op.f("ck_proposal_sent_at_a_moment")),
        sa.CheckConstraint("class_price >= 0 AND seat_price >= 0", name=op.f("ck_proposal_prices_not_negative")),
        sa.CheckConstraint("class_price IS NOT NULL OR seat_price IS NOT NULL", name=op.f("ck_proposal_has_a_price")),
        sa.CheckConstraint("ec >= 0", name=op.f("ck_proposal_ec_not_negative")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_proposal_ends_after_start")),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_proposal_hours_not_negative")),
        sa.CheckConstraint("min_seats BETWEEN 1 AND max_seats AND max_seats <= 200", name=op.f("ck_proposal_seats_in_order")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_proposal_provider_id")),
        sa.ForeignKeyConstraint(["request_id"], ["tailored_request.id"], name=op.f("fk_proposal_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("code", name=op.f("uq_proposal_code")),
    )
    op.create_index(op.f("ix_proposal_provider_id"), "proposal", ["provider_id"])
    op.create_index(
        "uq_proposal_chosen", "proposal", ["request_id"], unique=True,
        sqlite_where=sa.text("state = 'chosen'"),
        postgresql_where=sa.text("state = 'chosen'"),
    )
    op.create_index(
        "uq_proposal_live", "proposal", ["request_id", "provider_id"], unique=True,
        sqlite_where=sa.text("state IN ('draft', 'sent', 'chosen')"),
        postgresql_where=sa.text("state IN ('draft', 'sent', 'chosen')"),
    )
    op.create_table(
        "proposal_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_partner_proposal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_proposal_partner_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_partner")),
        sa.UniqueConstraint("proposal_id", "provider_id", name="uq_proposal_partner_proposal_provider"),
    )
    op.create_index(op.f("ix_proposal_partner_provider_id"), "proposal_partner", ["provider_id"])
    op.create_table(
        "company_course",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("nlqf", sa.String(length=4), nullable=False),
        sa.Column("register_code", sa.String(length=60), nullable=False),
        sa.Column("level_from", sa.Date(), nullable=True),
        sa.Column("level_until", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage IN ('preparing', 'validity-asked', 'validity-granted', 'validity-refused', 'level-asked', 'level-granted', 'level-refused')", name=op.f("ck_company_course_stage")),
        sa.CheckConstraint("(stage = 'level-granted') = (level_from IS NOT NULL)", name=op.f("ck_company_course_granted_from_a_day")),
        sa.CheckConstraint("stage <> 'level-granted' OR (nlqf <> '' AND register_code <> '')", name=op.f("ck_company_course_granted_a_level")),
        sa.CheckConstraint("(level_from IS NULL) = (level_until IS NULL)", name=op.f("ck_company_course_granted_until_a_day")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_company_course_organisation_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_course")),
        sa.UniqueConstraint("code", name=op.f("uq_company_course_code")),
    )
    op.create_index(op.f("ix_company_course_organisation_id"), "company_course", ["organisation_id"])
    op.create_index("ix_company_course_stage_level_until", "company_course", ["stage", "level_until"])
    op.create_table(
        "company_course_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('preparing', 'validity-asked', 'validity-granted', 'validity-refused', 'level-asked', 'level-granted', 'level-refused')", name=op.f("ck_company_course_step_stage")),
        sa.ForeignKeyConstraint(["course_id"], ["company_course.id"], name=op.f("fk_company_course_step_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_course_step")),
    )
    op.create_index("ix_company_course_step_course_id", "company_course_step", ["course_id", "id"])


def downgrade() -> None:
    op.drop_table("company_course_step")
    op.drop_table("company_course")
    op.drop_table("proposal_partner")
    op.drop_table("proposal")
    op.drop_table("request_question")
    op.drop_table("request_invite")
    op.drop_table("tailored_request")
