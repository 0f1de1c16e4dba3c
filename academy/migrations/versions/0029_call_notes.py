"""Employers: what the programme office wrote down about calls, and answered by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "call_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=True),
        sa.Column("demand_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("outcome IN ('reached', 'not-reached', 'will-answer', 'no')", name=op.f("ck_call_note_outcome")),
        sa.CheckConstraint(
            "CASE WHEN pledge_id IS NULL THEN 0 ELSE 1 END + CASE WHEN demand_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END = 1", name=op.f("ck_call_note_about_one"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_call_note_by_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_call_note_demand_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_call_note_organisation_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_call_note_pledge_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_note")),
    )
    op.create_index(op.f("ix_call_note_by_id"), "call_note", ["by_id"])
    op.create_index("ix_call_note_demand_id", "call_note", ["demand_id", "id"])
    op.create_index("ix_call_note_organisation_id", "call_note", ["organisation_id", "id"])
    op.create_index("ix_call_note_pledge_id", "call_note", ["pledge_id", "id"])
    op.create_table(
        "demand_reply",
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_demand_reply_by_id"), deferrable=True, initially="DEFERRED"),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_demand_reply_demand_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("demand_id", name=op.f("pk_demand_reply")),
    )
    op.create_index(op.f("ix_demand_reply_by_id"), "demand_reply", ["by_id"])


def downgrade() -> None:
    op.drop_table("demand_reply")
    op.drop_table("call_note")
