"""Search: what was asked, and what people want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _search_events()
    _saved_searches()


def _search_events() -> None:
    op.create_table(
        "search_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _number("hour"),
        _text("language", 2),
        _text("terms", 200),
        sa.Column("redacted", sa.Boolean(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        _number("choices"),
        _text("sort", 20),
        _number("hits"),
        sa.Column("looser", sa.Boolean(), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name="ck_search_event_hour_of_the_day"),
        sa.CheckConstraint("hits >= 0 AND choices >= 0", name="ck_search_event_counts_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_search_event"),
    )
    op.create_index("ix_search_event_day", "search_event", ["day"])
    op.create_index(
        "ix_search_event_demand", "search_event", ["terms", "language", "day", "hour", "hits", "looser", "choices"],
    )


def _saved_searches() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("kind", 40),
        _text("state", 40),
        sa.Column("email", sa.String(length=254), nullable=True),
        _text("language", 2),
        _text("query", 200),
        sa.Column("parameters", sa.JSON(), nullable=False),
        _text("terms", 200),
        _text("fingerprint", 64),
        sa.Column("people", sa.Integer(), nullable=True),
        _moment("created_at"),
        _moment("looked_at"),
        _moment("told_at", nullable=True),
        _moment("stopped_at", nullable=True),
        sa.CheckConstraint("kind IN ('search', 'wish')", name="ck_saved_search_kind"),
        sa.CheckConstraint("state IN ('waiting', 'active', 'stopped')", name="ck_saved_search_state"),
        sa.CheckConstraint("kind = 'wish' OR email IS NOT NULL", name="ck_saved_search_search_has_reader"),
        sa.CheckConstraint("(state = 'stopped') = (stopped_at IS NOT NULL)", name="ck_saved_search_stopped_when_stopped"),
        sa.CheckConstraint("people IS NULL OR people > 0", name="ck_saved_search_people_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
    )
    op.create_index(
        "uq_saved_search_live", "saved_search", ["email", "fingerprint"], unique=True,
        sqlite_where=sa.text("state <> 'stopped'"), postgresql_where=sa.text("state <> 'stopped'"),
    )
    op.create_index("ix_saved_search_state_looked_at", "saved_search", ["state", "looked_at"])
    op.create_index("ix_saved_search_created_at", "saved_search", ["created_at"])
    op.create_table(
        "search_finding",
        sa.Column("saved_search_id", sa.Uuid(), nullable=False),
        _text("document_id", 80),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_search_id"], ["saved_search.id"], name="fk_search_finding_saved_search_id", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "document_id", name="pk_search_finding"),
    )
    op.create_index("ix_search_finding_letter_id", "search_finding", ["letter_id"])


def downgrade() -> None:
    op.drop_table("search_finding")
    op.drop_table("saved_search")
    op.drop_table("search_event")
