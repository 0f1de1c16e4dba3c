"""What a person has to look at of the money: findings, money booked nowhere that goes back, and when the bank was last compared with."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_KINDS = (
    "unknown-money", "wrong-amount", "paid-twice", "unknown-visit", "not-at-bank", "amounts-differ", "refunds-differ", "refund-failed",
    "return-failed", "transfer-failed", "reversal-failed", "notice-waits",
)
_STATES = ("open", "gone", "given-back", "settled", "tried-again", "closed")
_SENT = ("asked", "sent", "done", "failed")


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _is_one_of(name: str, column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{each}'" for each in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{name}_{column}"))


def upgrade() -> None:
    op.add_column("payment", _moment("compared_at", nullable=True))
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("code", 20),
        _text("key", 300),
        _text("kind", 40),
        _text("state", 40),
        _text("about", 255),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        _text("vendor_payment", 255),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("came", sa.Integer(), nullable=True),
        _text("problem", 500),
        _moment("happened_at"),
        _moment("opened_at"),
        _moment("seen_at"),
        _moment("told_at", nullable=True),
        _moment("closed_at", nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        _text("reason", 500),
        _is_one_of("finding", "kind", _KINDS),
        _is_one_of("finding", "state", _STATES),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_finding_closed_at_a_moment")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_finding_payment_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_finding_closed_by"), deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("code", name=op.f("uq_finding_code")),
        sa.UniqueConstraint("key", name=op.f("uq_finding_key")),
    )
    op.create_index("ix_finding_state_opened_at", "finding", ["state", "opened_at"])
    op.create_index(op.f("ix_finding_payment_id"), "finding", ["payment_id"])
    op.create_table(
        "money_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("vendor_payment", 255),
        sa.Column("amount", sa.Integer(), nullable=False),
        _text("state", 40),
        _moment("asked_at"),
        _moment("due_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _text("vendor_refund", 255, nullable=True),
        _moment("ended_at", nullable=True),
        _text("problem", 500),
        _is_one_of("money_return", "state", _SENT),
        sa.CheckConstraint("amount > 0", name=op.f("ck_money_return_amount_positive")),
        sa.CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name=op.f("ck_money_return_ended_at_a_moment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_return")),
        sa.UniqueConstraint("vendor_payment", name=op.f("uq_money_return_vendor_payment")),
        sa.UniqueConstraint("vendor_refund", name=op.f("uq_money_return_vendor_refund")),
    )
    op.create_index("ix_money_return_state_due_at", "money_return", ["state", "due_at"])
    op.create_table(
        "bank_comparison",
        sa.Column("id", sa.Integer(), nullable=False),
        _moment("since", nullable=True),
        _moment("started_at", nullable=True),
        _text("after", 255),
        _moment("done_at", nullable=True),
        _moment("busy_until", nullable=True),
        _moment("told_at", nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_bank_comparison_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_comparison")),
    )


def downgrade() -> None:
    op.drop_table("bank_comparison")
    op.drop_table("money_return")
    op.drop_table("finding")
    op.drop_column("payment", "compared_at")
