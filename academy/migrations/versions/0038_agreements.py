"""Recognition: agreements on modules elsewhere, and remote courses that count after a test here."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "learning_agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("home_provider_id", sa.Uuid(), nullable=False),
        sa.Column("home_module_id", sa.Uuid(), nullable=False),
        sa.Column("host_module_id", sa.Uuid(), nullable=True),
        sa.Column("host_name", sa.String(length=200), nullable=False),
        sa.Column("host_course", sa.String(length=200), nullable=False),
        sa.Column("host_code", sa.String(length=80), nullable=False),
        sa.Column("host_email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("home_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("home_signed_by", sa.Uuid(), nullable=True),
        sa.Column("host_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_signed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'signed', 'booked', 'not-passed', 'refused', 'ended')", name=op.f("ck_learning_agreement_state")),
        sa.CheckConstraint("(host_module_id IS NULL) <> (host_name = '')", name=op.f("ck_learning_agreement_here_or_elsewhere")),
        sa.CheckConstraint("(state = 'booked') = (decision_id IS NOT NULL)", name=op.f("ck_learning_agreement_booked_with_a_decision")),
        sa.CheckConstraint("state NOT IN ('signed', 'booked') OR home_signed_at IS NOT NULL AND host_signed_at IS NOT NULL", name=op.f("ck_learning_agreement_signed_by_all")),
        sa.ForeignKeyConstraint(["decision_id"], ["recognition_decision.id"], name=op.f("fk_learning_agreement_decision_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["home_module_id"], ["module.id"], name=op.f("fk_learning_agreement_home_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["home_provider_id"], ["provider.id"], name=op.f("fk_learning_agreement_home_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["home_signed_by"], ["person.id"], name=op.f("fk_learning_agreement_home_signed_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["host_module_id"], ["module.id"], name=op.f("fk_learning_agreement_host_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["host_signed_by"], ["person.id"], name=op.f("fk_learning_agreement_host_signed_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_learning_agreement_person_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_agreement")),
        sa.UniqueConstraint("code", name=op.f("uq_learning_agreement_code")),
    )
    op.create_index("ix_learning_agreement_home", "learning_agreement", ["home_provider_id", "state", "asked_at"])
    op.create_index("ix_learning_agreement_host", "learning_agreement", ["host_module_id", "person_id"])
    op.create_index(op.f("ix_learning_agreement_person_id"), "learning_agreement", ["person_id"])
    op.create_index("uq_learning_agreement_live", "learning_agreement", ["person_id", "home_module_id"], unique=True, sqlite_where=sa.text("state IN ('asked', 'signed')"), postgresql_where=sa.text("state IN ('asked', 'signed')"))
    op.create_table(
        "learning_agreement_outcome",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("wording_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["learning_agreement.id"], name=op.f("fk_learning_agreement_outcome_agreement_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_learning_agreement_outcome_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("agreement_id", "outcome_id", name=op.f("pk_learning_agreement_outcome")),
    )
    op.create_table(
        "mooc_mapping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("mooc_module_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_mooc_mapping_days_in_order")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_mooc_mapping_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["mooc_module_id"], ["module.id"], name=op.f("fk_mooc_mapping_mooc_module_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_mooc_mapping_provider_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_mooc_mapping_published_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["second_by"], ["person.id"], name=op.f("fk_mooc_mapping_second_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mooc_mapping")),
        sa.UniqueConstraint("code", name=op.f("uq_mooc_mapping_code")),
    )
    op.create_index(op.f("ix_mooc_mapping_module_id"), "mooc_mapping", ["module_id"])
    op.create_index(op.f("ix_mooc_mapping_mooc_module_id"), "mooc_mapping", ["mooc_module_id"])
    op.create_index("ix_mooc_mapping_provider", "mooc_mapping", ["provider_id", "valid_until"])
    op.create_table(
        "mooc_mapping_outcome",
        sa.Column("mapping_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("wording_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["mapping_id"], ["mooc_mapping.id"], name=op.f("fk_mooc_mapping_outcome_mapping_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outcome_id"], ["learning_outcome.id"], name=op.f("fk_mooc_mapping_outcome_outcome_id"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("mapping_id", "outcome_id", name=op.f("pk_mooc_mapping_outcome")),
    )
    op.create_table(
        "local_test",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mapping_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_certificate_seen", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('booked', 'passed', 'failed', 'called-off')", name=op.f("ck_local_test_state")),
        sa.CheckConstraint("(state = 'passed') = (decision_id IS NOT NULL)", name=op.f("ck_local_test_passed_with_a_decision")),
        sa.CheckConstraint("(state IN ('passed', 'failed')) = (judged_at IS NOT NULL)", name=op.f("ck_local_test_judged_at_a_moment")),
        sa.CheckConstraint("state <> 'passed' OR is_certificate_seen", name=op.f("ck_local_test_passed_with_certificate")),
        sa.ForeignKeyConstraint(["decision_id"], ["recognition_decision.id"], name=op.f("fk_local_test_decision_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_local_test_evidence_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["judged_by"], ["person.id"], name=op.f("fk_local_test_judged_by"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["mapping_id"], ["mooc_mapping.id"], name=op.f("fk_local_test_mapping_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_local_test_person_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["slot_id"], ["assessor_slot.id"], name=op.f("fk_local_test_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_test")),
        sa.UniqueConstraint("code", name=op.f("uq_local_test_code")),
    )
    op.create_index(op.f("ix_local_test_mapping_id"), "local_test", ["mapping_id"])
    op.create_index(op.f("ix_local_test_person_id"), "local_test", ["person_id"])
    op.create_index(op.f("ix_local_test_slot_id"), "local_test", ["slot_id"])
    op.create_index("uq_local_test_live", "local_test", ["person_id", "mapping_id"], unique=True, sqlite_where=sa.text("state IN ('booked', 'passed')"), postgresql_where=sa.text("state IN ('booked', 'passed')"))


def downgrade() -> None:
    op.drop_table("local_test")
    op.drop_table("mooc_mapping_outcome")
    op.drop_table("mooc_mapping")
    op.drop_table("learning_agreement_outcome")
    op.drop_table("learning_agreement")
