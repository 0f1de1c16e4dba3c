"""How long the books take to read: a statement and the balances of a ledger of a million entries.

    python -m benchmarks.ledger [DATABASE_URL] [--entries 1000000]

The database must be empty or new; without an address it is a SQLite file that goes away. Wall clock and CPU of this process, the median of five.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from academy.kernel import migrations
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments import rules
from academy.payments.kinds import AccountKind, Booked
from academy.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction
from academy.payments.queries import ledger
from academy.payments.rules import AccountCode
from academy.payments.service.booking import account_id

_START = datetime(2020, 1, 1, tzinfo=UTC)
_BATCH = 10_000
_PROVIDERS, _PAYERS = 40, 20_000
_TIMES = 5


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


def measure(name: str, act: Callable[[], object]) -> None:
    walls, cpus = [], []
    for _time in range(_TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    print(f"{name:<48} wall {statistics.median(walls):6.3f} s   CPU {statistics.median(cpus):6.3f} s")  # noqa: T201 - what it is for


def _read(database: Database, entries: int) -> None:
    end = _START + timedelta(minutes=3 * entries)
    clearing = account_id(rules.CLEARING)

    def statement(of: UUID, days: int) -> None:
        with database.reading() as session:
            found = ledger.statement(session, of, since=end - timedelta(days=days), until=end)
        assert found.closing.cents - found.opening.cents >= sum(line.amount.cents for line in found.lines) >= 0

    def balances() -> None:
        with database.reading() as session:
            assert sum(each.cents for each in ledger.balances(session).values()) == 0

    measure("statement of the busiest account, all of it", lambda: statement(clearing, 365 * 100))
    measure("statement of the busiest account, a month", lambda: statement(clearing, 31))
    measure("balances of all accounts", balances)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("url", nargs="?", default="")
    asked.add_argument("--entries", type=int, default=1_000_000)
    wish = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(wish.url or f"sqlite:///{folder}/ledger.db")
        migrations.upgrade(database)
        fill(database, wish.entries)
        _read(database, wish.entries)
        database.close()


if __name__ == "__main__":
    main()
