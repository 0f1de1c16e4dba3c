"""The database itself refuses to change what was booked or sent, and to erase it before the tax law lets go of it.

On SQLite a table that Alembic rebuilds (batch_alter_table) loses its triggers: who changes one of these makes them again.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

_LEDGER = ("ledger_account", "ledger_transaction", "ledger_entry")
# The first day of the oldest year whose books must still be there: seven years are kept after the year itself (AWR art. 52 lid 4).
_SINCE = {
    "sqlite": "date('now', '+1 hour', 'start of year', '-7 years')",
    "postgresql": "(date_trunc('year', now() AT TIME ZONE 'Europe/Amsterdam') - interval '7 years')::date",
}
_OF_AN_INVOICE = "EXISTS (SELECT 1 FROM invoice WHERE invoice.id = OLD.invoice_id AND invoice.issued_on >= {since})"
_IN_THE_BOOKS = {"invoice": "OLD.issued_on >= {since}", "invoice_line": _OF_AN_INVOICE, "invoice_payment": _OF_AN_INVOICE}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in (*_LEDGER, *_IN_THE_BOOKS):
            _refuse_on_sqlite(table, "UPDATE")
        for table in _LEDGER:
            _refuse_on_sqlite(table, "DELETE")
        for table, condition in _IN_THE_BOOKS.items():
            _refuse_on_sqlite(table, "DELETE", f"WHEN {condition.format(since=_SINCE['sqlite'])} ")
        return
    _function("booked_stays", "RAISE EXCEPTION '% is only added to', TG_TABLE_NAME;")
    for table in _LEDGER:
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION booked_stays()")
    for table, condition in _IN_THE_BOOKS.items():
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION booked_stays()")
        # The function asks, because the condition of a trigger may not look into another table.
        is_kept = condition.format(since=_SINCE["postgresql"])
        _function(f"{table}_in_the_books", f"IF {is_kept} THEN RAISE EXCEPTION '% is in the books', TG_TABLE_NAME; END IF; RETURN OLD;")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_in_the_books()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in (*_LEDGER, *_IN_THE_BOOKS):
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    for table in _IN_THE_BOOKS:
        op.execute(f"DROP FUNCTION {table}_in_the_books() CASCADE")
    op.execute("DROP FUNCTION booked_stays() CASCADE")


def _refuse_on_sqlite(table: str, act: str, when: str = "") -> None:
    op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END")


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
