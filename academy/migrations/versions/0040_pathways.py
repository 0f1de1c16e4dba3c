"""Pathways: a learner's own route, what stands in its way, and what becomes of it."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "pathway",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edit_key", sa.String(length=40), nullable=False),
        sa.Column("read_key", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("goal", sa.String(length=40), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("occupation_uri", sa.String(length=300), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("diploma", sa.String(length=10), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=True),
        sa.Column("own_money", sa.Integer(), nullable=True),
        sa.Column("employer_money", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("chosen", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("goal IN ('programme', 'occupation', 'skills')", name=op.f("ck_pathway_goal")),
        sa.CheckConstraint("chosen IN ('shortest', 'cheapest', 'nearest')", name=op.f("ck_pathway_chosen")),
        sa.CheckConstraint("(goal = 'occupation') = (occupation_uri <> '')", name=op.f("ck_pathway_occupation_of_goal")),
        sa.CheckConstraint("(goal = 'programme') = (programme_id IS NOT NULL)", name=op.f("ck_pathway_programme_of_goal")),
        sa.CheckConstraint("distance >= 0", name=op.f("ck_pathway_distance_not_negative")),
        sa.CheckConstraint("hours BETWEEN 1 AND 60", name=op.f("ck_pathway_hours_in_reach")),
        sa.CheckConstraint("own_money >= 0 AND employer_money >= 0", name=op.f("ck_pathway_money_not_negative")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_pathway_version_from_one")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pathway_person_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_pathway_programme_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway")),
        sa.UniqueConstraint("edit_key", name=op.f("uq_pathway_edit_key")),
        sa.UniqueConstraint("read_key", name=op.f("uq_pathway_read_key")),
    )
    op.create_index("ix_pathway_person", "pathway", ["person_id"])
    op.create_index(op.f("ix_pathway_programme_id"), "pathway", ["programme_id"])
    op.create_index("ix_pathway_seen_at", "pathway", ["seen_at"])
    op.create_table(
        "pathway_has",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.Column("for_module_id", sa.Uuid(), nullable=True),
        sa.Column("ec", sa.Integer(), nullable=True),
        sa.Column("fits", sa.String(length=40), nullable=False),
        sa.CheckConstraint("kind IN ('diploma', 'module', 'course', 'experience')", name=op.f("ck_pathway_has_kind")),
        sa.CheckConstraint("fits IN ('match', 'maybe', 'miss')", name=op.f("ck_pathway_has_fits")),
        sa.CheckConstraint("ec > 0", name=op.f("ck_pathway_has_ec_positive")),
        sa.ForeignKeyConstraint(["for_module_id"], ["module.id"], name=op.f("fk_pathway_has_for_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_pathway_has_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["pathway_id"], ["pathway.id"], name=op.f("fk_pathway_has_pathway_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_has")),
        sa.UniqueConstraint("pathway_id", "position", name="uq_pathway_has_position"),
    )
    op.create_index(op.f("ix_pathway_has_for_module_id"), "pathway_has", ["for_module_id"])
    op.create_index(op.f("ix_pathway_has_module_id"), "pathway_has", ["module_id"])
    op.create_table(
        "pathway_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("course_key", sa.String(length=160), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("distance", sa.Integer(), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.CheckConstraint("reason IN ('locked', 'required', 'needed-first', 'teaches', 'at-provider', 'fills')", name=op.f("ck_pathway_step_reason")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_pathway_step_ends_after_start")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_pathway_step_price_not_negative")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_pathway_step_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["offering_id"], ["offering.id"], name=op.f("fk_pathway_step_offering_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["pathway_id"], ["pathway.id"], name=op.f("fk_pathway_step_pathway_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_step")),
        sa.UniqueConstraint("pathway_id", "module_id", name="uq_pathway_step_module"),
    )
    op.create_index("ix_pathway_step_module_first", "pathway_step", ["module_id", "first_on"])
    op.create_index("ix_pathway_step_offering", "pathway_step", ["offering_id"])
    op.create_table(
        "pathway_without",
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_pathway_without_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["pathway_id"], ["pathway.id"], name=op.f("fk_pathway_without_pathway_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("pathway_id", "module_id", name=op.f("pk_pathway_without")),
    )
    op.create_index(op.f("ix_pathway_without_module_id"), "pathway_without", ["module_id"])
    op.create_table(
        "pathway_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.Column("ec", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('module-withdrawn', 'class-cancelled', 'class-planned', 'programme-changed', 'credit-granted', 'credit-ended', 'passed', 'failed')", name=op.f("ck_pathway_change_kind")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_pathway_change_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["pathway_id"], ["pathway.id"], name=op.f("fk_pathway_change_pathway_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_change")),
        sa.UniqueConstraint("pathway_id", "kind", "cause_id", name="uq_pathway_change_cause"),
    )
    op.create_index(op.f("ix_pathway_change_module_id"), "pathway_change", ["module_id"])
    op.create_index("ix_pathway_change_open", "pathway_change", ["pathway_id", "settled_at"])
    untold = sa.text("told_at IS NULL AND settled_at IS NULL")
    op.create_index("ix_pathway_change_untold", "pathway_change", ["noted_at"], sqlite_where=untold, postgresql_where=untold)
    op.create_table(
        "pathway_advice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("signed", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pathway_id"], ["pathway.id"], name=op.f("fk_pathway_advice_pathway_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pathway_advice_person_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_advice")),
    )
    op.create_index(op.f("ix_pathway_advice_pathway_id"), "pathway_advice", ["pathway_id"])
    op.create_index(op.f("ix_pathway_advice_person_id"), "pathway_advice", ["person_id"])
    op.create_table(
        "route_blocker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=True),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(length=2), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("module_id IS NULL OR subject <> ''", name=op.f("ck_route_blocker_module_is_subject")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_route_blocker_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["pathway_id"], ["pathway.id"], name=op.f("fk_route_blocker_pathway_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_route_blocker_programme_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_blocker")),
    )
    op.create_index("ix_route_blocker_found_at", "route_blocker", ["found_at"])
    op.create_index("ix_route_blocker_module", "route_blocker", ["module_id", "found_at"])
    op.create_index(op.f("ix_route_blocker_programme_id"), "route_blocker", ["programme_id"])
    op.create_index("uq_route_blocker_open", "route_blocker", ["pathway_id", "subject"], unique=True, sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "slot_advice",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_slot_advice_people_positive")),
        sa.CheckConstraint("slot BETWEEN 0 AND 20", name=op.f("ck_slot_advice_slot_of_a_week")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_slot_advice_module_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("module_id", "slot", name=op.f("pk_slot_advice")),
    )
    op.create_table(
        "kept_answer",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_kept_answer")),
    )
    op.create_index(op.f("ix_kept_answer_solved_at"), "kept_answer", ["solved_at"])
    op.create_table(
        "credit_rule",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("least_nlqf", sa.String(length=10), nullable=False),
        sa.Column("valid_years", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("valid_years BETWEEN 1 AND 50", name=op.f("ck_credit_rule_years_in_reach")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_credit_rule_changed_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_credit_rule_programme_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_credit_rule")),
    )


def downgrade() -> None:
    op.drop_table("credit_rule")
    op.drop_table("kept_answer")
    op.drop_table("slot_advice")
    op.drop_table("route_blocker")
    op.drop_table("pathway_advice")
    op.drop_table("pathway_change")
    op.drop_table("pathway_without")
    op.drop_table("pathway_step")
    op.drop_table("pathway_has")
    op.drop_table("pathway")
