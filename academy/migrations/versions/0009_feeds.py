"""Exchange: feeds, and the runs of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _of_provider(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["provider_id"], ["provider.id"], name=f"fk_{table}_provider_id", initially="DEFERRED", deferrable=True,
    )


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("code", 20),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        _text("kind", 40),
        _text("url", 1000),
        _text("route", 100),
        _text("secret_name", 100),
        sa.Column("every_hours", sa.Integer(), nullable=False),
        sa.Column("is_guarded", sa.Boolean(), nullable=False),
        _text("state", 40),
        sa.Column("failures", sa.Integer(), nullable=False),
        _moment("last_success_at", nullable=True),
        _moment("next_run_at"),
        _of_provider("feed"),
        sa.CheckConstraint("kind IN ('ooapi5', 'ooapi6')", name="ck_feed_kind"),
        sa.CheckConstraint("state IN ('active', 'paused')", name="ck_feed_state"),
        sa.CheckConstraint("every_hours > 0", name="ck_feed_every_hours_positive"),
        sa.CheckConstraint("failures >= 0", name="ck_feed_failures_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("code", name="uq_feed_code"),
        sa.UniqueConstraint("provider_id", "url", "route", name="uq_feed_provider_url"),
    )
    op.create_index("ix_feed_next_run_at", "feed", ["next_run_at"])
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("code", 20),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("feed_id", sa.Uuid(), nullable=True),
        _text("kind", 40),
        _text("source", 120),
        _text("state", 40),
        _moment("started_at"),
        _moment("ended_at", nullable=True),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _moment("lease_until"),
        _text("spool", 60),
        _text("step", 80),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        _of_provider("import_run"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_import_run_feed_id"),
        sa.CheckConstraint("state IN ('running', 'interrupted', 'done', 'failed')", name="ck_import_run_state"),
        sa.CheckConstraint(
            "(state IN ('running', 'interrupted')) = (ended_at IS NULL)", name="ck_import_run_ended_when_finished",
        ),
        sa.CheckConstraint("attempt > 0", name="ck_import_run_attempt_positive"),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
        sa.UniqueConstraint("code", name="uq_import_run_code"),
    )
    op.create_index("ix_import_run_feed_id", "import_run", ["feed_id"])
    op.create_index("ix_import_run_provider_started", "import_run", ["provider_id", "started_at"])
    op.create_index(
        "uq_import_run_unfinished", "import_run", ["feed_id"], unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("import_run")
    op.drop_table("feed")
