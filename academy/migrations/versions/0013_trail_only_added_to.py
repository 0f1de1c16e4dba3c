"""Accounts: the database itself refuses to change or delete an entry of the audit trail.

On SQLite a table that Alembic rebuilds (batch_alter_table) loses its triggers: who changes trail_entry makes them again.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

_SAYS = "the audit trail is only added to"
_ACTS = ("UPDATE", "DELETE")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in _ACTS:
            op.execute(
                f"CREATE TRIGGER trail_entry_no_{act.lower()} BEFORE {act} ON trail_entry "
                f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END",
            )
        return
    op.execute(
        "CREATE FUNCTION trail_entry_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$",
    )
    op.execute("CREATE TRIGGER trail_entry_stays BEFORE UPDATE OR DELETE ON trail_entry FOR EACH ROW EXECUTE FUNCTION trail_entry_stays()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in _ACTS:
            op.execute(f"DROP TRIGGER trail_entry_no_{act.lower()}")
        return
    op.execute("DROP TRIGGER trail_entry_stays ON trail_entry")
    op.execute("DROP FUNCTION trail_entry_stays()")
