"""How long the books take: a statement and the balances of a ledger of a million entries, and an invoice as PDF and as UBL."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, text

from academy.kernel import migrations
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments import rules
from academy.payments.invoice_pdf import invoice_pdf
from academy.payments.kinds import AccountKind, Booked
from academy.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction
from academy.payments.queries import ledger
from academy.payments.rules import AccountCode
from academy.payments.service.booking import account_id
from academy.payments.ubl import as_ubl
from benchmarks.outcome import Outcome
from benchmarks.sign_in import own_database
from tests.payments.papers import document

MOST: Final = {"statement, all of it: s": 2.0, "statement, a month: s": 2.0}  # on each database
MOST_PDF_MS: Final = 100.0

_START = datetime(2020, 1, 1, tzinfo=UTC)
_BATCH = 10_000
_PROVIDERS, _PAYERS = 40, 20_000


def _rows(number: int, providers: list[AccountCode], payers: list[AccountCode]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield transactions with one entry each, as sales and what is paid for them come by turns."""
    for count in range(number):
        at, payer = _START + timedelta(minutes=3 * count), payers[count // 2 % _PAYERS]
        is_sale = count % 2 == 0
        debit, credit = (payer, providers[count // 2 % _PROVIDERS]) if is_sale else (rules.CLEARING, payer)
        transaction_id = new_id()
        yield (
            {"id": transaction_id, "key": str(transaction_id), "kind": Booked.SALE if is_sale else Booked.PAID, "at": at, "about_id": transaction_id, "note": ""},
            {"id": new_id(), "transaction_id": transaction_id, "debit_id": account_id(debit), "credit_id": account_id(credit),
             "amount": Money(100 + count % 50_000), "at": at},
        )


def fill(database: Database, entries: int) -> None:
    providers = [rules.provider_account(new_id()) for _ in range(_PROVIDERS)]
    payers = [AccountCode(AccountKind.PAYER, new_id()) for _ in range(_PAYERS)]
    with database.writing() as session:
        codes = [rules.CLEARING, *providers, *payers]
        session.execute(insert(LedgerAccount), [
            {"id": account_id(code), "code": str(code), "kind": code.kind, "owner_id": code.owner_id} for code in codes
        ])
    rows = _rows(entries, providers, payers)
    while some := list(islice(rows, _BATCH)):
        with database.writing() as session:
            session.execute(insert(LedgerTransaction), [each for each, _entry in some])
            session.execute(insert(LedgerEntry), [each for _transaction, each in some])
    with database.writing() as session:
        session.execute(text("ANALYZE"))


def measure(*, quick: bool, postgres: str = "") -> Outcome:
    """Measure on SQLite, and on a database of its own on the server at `postgres` (a URL) when that is given."""
    entries = 100_000 if quick else 1_000_000
    figures = _papers()
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        figures |= _figures("SQLite", f"sqlite:///{folder}/ledger.db", entries)
        with own_database(postgres) if postgres else nullcontext("") as url:
            if url:
                figures |= _figures("PostgreSQL", url, entries)
    goals = {f"{where}, {name}": most for where in ("SQLite", *(["PostgreSQL"] if postgres else [])) for name, most in MOST.items()}
    return Outcome("books", figures, {"invoice as PDF: CPU ms": MOST_PDF_MS, **goals})


def _papers() -> dict[str, float | None]:
    paper = document()
    return {
        f"invoice as {name}: CPU ms": round(_median(lambda make=make: make(paper), time.process_time, 21) * 1000, 1)  # type: ignore[misc]
        for name, make in (("PDF", invoice_pdf), ("UBL", as_ubl))
    }


def _figures(where: str, url: str, entries: int) -> dict[str, float | None]:
    database, end = Database(url), _START + timedelta(minutes=3 * entries)
    migrations.upgrade(database)
    fill(database, entries)
    clearing = account_id(rules.CLEARING)

    def statement(of: UUID, days: int) -> None:
        with database.reading() as session:
            found = ledger.statement(session, of, since=end - timedelta(days=days), until=end)
        assert found.closing.cents - found.opening.cents >= sum(line.amount.cents for line in found.lines) >= 0

    def balances() -> None:
        with database.reading() as session:
            assert sum(each.cents for each in ledger.balances(session).values()) == 0

    asked: dict[str, Callable[[], object]] = {
        "statement, all of it": lambda: statement(clearing, 365 * 100), "statement, a month": lambda: statement(clearing, 31), "balances": balances,
    }
    found: dict[str, float | None] = {f"{where}, {name}: s": round(_median(act, time.perf_counter, 5), 3) for name, act in asked.items()}
    database.close()
    return found


def _median(act: Callable[[], object], clock: Callable[[], float], times: int) -> float:
    """Return the seconds of the one in the middle; once before it counts."""
    act()
    took = []
    for _time in range(times):
        begun = clock()
        act()
        took.append(clock() - begun)
    return statistics.median(took)
