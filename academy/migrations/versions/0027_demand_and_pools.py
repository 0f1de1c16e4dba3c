"""Demand, pools of it, and pledges."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "demand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=True),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("kvk_number", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("most_price", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("party IN ('employer', 'citizen', 'school')", name=op.f("ck_demand_party")),
        sa.CheckConstraint(
            "state IN ('unproven', 'open', 'answered', 'met', 'withdrawn', 'lapsed')", name=op.f("ck_demand_state")
        ),
        sa.CheckConstraint(
            "(state IN ('met', 'withdrawn', 'lapsed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_demand_ended_at_a_moment"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL", name=op.f("ck_demand_answered_at_a_moment")
        ),
        sa.CheckConstraint(
            "state IN ('unproven', 'withdrawn') OR person_id IS NOT NULL", name=op.f("ck_demand_proven_by_a_person")
        ),
        sa.CheckConstraint(
            "state IN ('unproven', 'withdrawn') OR proven_at IS NOT NULL", name=op.f("ck_demand_proven_at_a_moment")
        ),
        sa.CheckConstraint("most_price > 0", name=op.f("ck_demand_most_price_positive")),
        sa.CheckConstraint("people BETWEEN 1 AND 500", name=op.f("ck_demand_people_in_reach")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_demand_organisation_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_demand_person_id"), deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("code", name=op.f("uq_demand_code")),
        sa.UniqueConstraint("request_key", name=op.f("uq_demand_request_key")),
    )
    op.create_index(op.f("ix_demand_email"), "demand", ["email"])
    op.create_index(op.f("ix_demand_organisation_id"), "demand", ["organisation_id"])
    op.create_index(op.f("ix_demand_person_id"), "demand", ["person_id"])
    op.create_index("ix_demand_state_answer_by", "demand", ["state", "answer_by"])
    op.create_table(
        "demand_skill",
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("skill_uri", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_demand_skill_demand_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("demand_id", "skill_uri", name=op.f("pk_demand_skill")),
    )
    op.create_index(op.f("ix_demand_skill_skill_uri"), "demand_skill", ["skill_uri"])
    op.create_table(
        "demand_pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("most_seats", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("accept_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("confirm_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_short_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('idea', 'gathering', 'asked', 'provisional', 'confirmed', 'started', 'lapsed')",
            name=op.f("ck_demand_pool_state"),
        ),
        sa.CheckConstraint(
            "(state = 'lapsed') = (ended_at IS NOT NULL)", name=op.f("ck_demand_pool_ended_at_a_moment")
        ),
        sa.CheckConstraint(
            "state <> 'asked' OR accept_by IS NOT NULL", name=op.f("ck_demand_pool_accepted_until_a_moment")
        ),
        sa.CheckConstraint(
            "state <> 'provisional' OR confirm_by IS NOT NULL", name=op.f("ck_demand_pool_confirmed_until_a_moment")
        ),
        sa.CheckConstraint(
            "state NOT IN ('asked', 'provisional', 'confirmed', 'started') OR slot <> ''",
            name=op.f("ck_demand_pool_asked_about_a_slot"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('provisional', 'confirmed', 'started') OR offering_id IS NOT NULL",
            name=op.f("ck_demand_pool_accepted_with_a_class"),
        ),
        sa.CheckConstraint("most_seats <= 200", name=op.f("ck_demand_pool_most_seats_in_reach")),
        sa.CheckConstraint("threshold BETWEEN 2 AND most_seats", name=op.f("ck_demand_pool_threshold_within_seats")),
        sa.ForeignKeyConstraint(["begun_by"], ["demand.id"], name=op.f("fk_demand_pool_begun_by")),
        sa.ForeignKeyConstraint(["merged_into"], ["demand_pool.id"], name=op.f("fk_demand_pool_merged_into")),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_demand_pool_module_id"), deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"],
            ["offering.id"],
            name=op.f("fk_demand_pool_offering_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_pool")),
        sa.UniqueConstraint("code", name=op.f("uq_demand_pool_code")),
        sa.UniqueConstraint("offering_id", name=op.f("uq_demand_pool_offering_id")),
    )
    op.create_index(op.f("ix_demand_pool_begun_by"), "demand_pool", ["begun_by"])
    op.create_index(op.f("ix_demand_pool_merged_into"), "demand_pool", ["merged_into"])
    op.create_index(op.f("ix_demand_pool_module_id"), "demand_pool", ["module_id"])
    op.create_index("ix_demand_pool_state_deadline", "demand_pool", ["state", "deadline"])
    op.create_index(
        "uq_demand_pool_open",
        "demand_pool",
        ["module_id", "area"],
        unique=True,
        sqlite_where=sa.text("state IN ('idea', 'gathering', 'asked', 'provisional') AND module_id IS NOT NULL"),
        postgresql_where=sa.text("state IN ('idea', 'gathering', 'asked', 'provisional') AND module_id IS NOT NULL"),
    )
    op.create_table(
        "demand_pool_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "from_state IN ('idea', 'gathering', 'asked', 'provisional', 'confirmed', 'started', 'lapsed')",
            name=op.f("ck_demand_pool_step_from_state"),
        ),
        sa.CheckConstraint(
            "to_state IN ('idea', 'gathering', 'asked', 'provisional', 'confirmed', 'started', 'lapsed')",
            name=op.f("ck_demand_pool_step_to_state"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_demand_pool_step_by_id"), deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["demand_pool.id"], name=op.f("fk_demand_pool_step_pool_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_pool_step")),
    )
    op.create_index(op.f("ix_demand_pool_step_by_id"), "demand_pool_step", ["by_id"])
    op.create_index("ix_demand_pool_step_pool_id", "demand_pool_step", ["pool_id", "id"])
    op.create_table(
        "pledge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("demand_id", sa.Uuid(), nullable=True),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("most_price", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.CheckConstraint("party IN ('employer', 'citizen', 'school')", name=op.f("ck_pledge_party")),
        sa.CheckConstraint(
            "state IN ('unproven', 'open', 'asked', 'confirmed', 'placed', 'declined', 'unpaid', 'withdrawn', 'lapsed')",
            name=op.f("ck_pledge_state"),
        ),
        sa.CheckConstraint("state <> 'unproven' OR proven_at IS NULL", name=op.f("ck_pledge_unproven_is_not_proven")),
        sa.CheckConstraint(
            "state IN ('unproven', 'withdrawn', 'lapsed') OR person_id IS NOT NULL",
            name=op.f("ck_pledge_proven_by_a_person"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'placed') OR party = 'citizen' OR block_id IS NOT NULL",
            name=op.f("ck_pledge_confirmed_with_seats"),
        ),
        sa.CheckConstraint("most_price > 0", name=op.f("ck_pledge_most_price_positive")),
        sa.CheckConstraint("seats BETWEEN 1 AND 200", name=op.f("ck_pledge_seats_in_reach")),
        sa.ForeignKeyConstraint(
            ["block_id"], ["funded_block.id"], name=op.f("fk_pledge_block_id"), deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_pledge_demand_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_pledge_organisation_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pledge_person_id"), deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["demand_pool.id"], name=op.f("fk_pledge_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("block_id", name=op.f("uq_pledge_block_id")),
        sa.UniqueConstraint("code", name=op.f("uq_pledge_code")),
    )
    op.create_index(op.f("ix_pledge_demand_id"), "pledge", ["demand_id"])
    op.create_index(op.f("ix_pledge_email"), "pledge", ["email"])
    op.create_index(op.f("ix_pledge_organisation_id"), "pledge", ["organisation_id"])
    op.create_index(op.f("ix_pledge_person_id"), "pledge", ["person_id"])
    op.create_index("ix_pledge_pool_id_state", "pledge", ["pool_id", "state"])
    op.create_index(
        "uq_pledge_live",
        "pledge",
        ["pool_id", "email"],
        unique=True,
        sqlite_where=sa.text("state IN ('unproven', 'open', 'asked', 'confirmed', 'placed')"),
        postgresql_where=sa.text("state IN ('unproven', 'open', 'asked', 'confirmed', 'placed')"),
    )


def downgrade() -> None:
    op.drop_table("pledge")
    op.drop_table("demand_pool_step")
    op.drop_table("demand_pool")
    op.drop_table("demand_skill")
    op.drop_table("demand")
