"""Letters to employers who pay a seat."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _key(column: str, target: str, *, is_far: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_employer_ask_{column}"), deferrable=True if is_far else None,
        initially="DEFERRED" if is_far else None,
    )


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_employer_ask_{name}"))


def upgrade() -> None:
    op.create_table(
        "employer_ask",
        _id("id"), _id("seat_id"), _id("person_id"), _id("follows_id", nullable=True),
        _text("email", 254), _text("why", 300), _text("language", 2),
        sa.Column("state", sa.String(length=40), nullable=False),
        _moment("made_at"), _moment("asked_at", nullable=True), _moment("until", nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        _moment("answered_at", nullable=True), _id("organisation_id", nullable=True),
        _text("signer", 120), sa.Column("amount", sa.Integer(), nullable=True), _text("reason", 500),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_ask")),
        _key("person_id", "person", is_far=True), _key("organisation_id", "organisation", is_far=True), _key("follows_id", "employer_ask"),
        _check("state", "state IN ('wanted', 'asked', 'passed-on', 'approved', 'part', 'refused', 'withdrawn')"),
        _check("asked_at_a_moment", "(state = 'wanted') = (asked_at IS NULL)"),
        _check("until_a_moment", "(asked_at IS NULL) = (until IS NULL)"),
        _check("reminded_at_most_twice", "reminded BETWEEN 0 AND 2"),
        _check("amount_not_negative", "amount >= 0"),
        _check("a_yes_has_a_payer", "state NOT IN ('approved', 'part') OR (organisation_id IS NOT NULL AND amount IS NOT NULL)"),
    )
    for column in ("seat_id", "person_id", "follows_id", "email", "organisation_id"):
        op.create_index(op.f(f"ix_employer_ask_{column}"), "employer_ask", [column])
    op.create_index("ix_employer_ask_state_asked_at", "employer_ask", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("employer_ask")
