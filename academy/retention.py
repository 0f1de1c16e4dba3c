"""How long each class of records is kept, and ending what is over: one table, made of what the rooms say (docs/privacy.md holds the same)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from academy.accounts.personal import RecordClass
from academy.accounts.service import guests, unused
from academy.accounts.service import keeping as accounts
from academy.catalogue import personal as catalogue
from academy.employers import personal as employers
from academy.enrolment import personal as enrolment
from academy.funding import personal as funding
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.pathways import personal as pathways
from academy.payments import personal as payments
from academy.payments.service import invoicing_keeping as invoices
from academy.recognition import personal as recognition
from academy.reports import personal as reports
from academy.search.memory import forgetting as search

_BATCH: Final = 500  # rows in one transaction: a visitor who writes at that moment waits some milliseconds
_DELIVERED: Final = timedelta(days=7)

RECORDS: Final[tuple[RecordClass, ...]] = (
    *accounts.RECORDS, unused.RECORD, guests.RECORD, *enrolment.RECORDS, *funding.RECORDS, *invoices.RECORDS, *payments.RECORDS, *search.RECORDS, *catalogue.RECORDS,
    *employers.RECORDS, *recognition.RECORDS, *pathways.RECORDS, *reports.RECORDS,
    RecordClass(
        "Delivered messages", "outbox_message", "they are delivered", "finding out what became of a letter; ids only", "erased", _DELIVERED,
        lambda session, now, limit: outbox.forget_done(session, before=now - _DELIVERED, limit=limit),
    ),
    RecordClass(
        "Messages that wait for a person", "outbox_message", "until a person has them delivered", "nothing is lost; ids only", "stays, numbers only",
    ),
)


def apply(database: Database, *, now: datetime, batch: int = _BATCH) -> int:
    """End everything whose time is over, in short transactions of at most `batch` rows; returns how many rows that were.

    A class that fails holds none of the others up: what went wrong is raised at the end, as one ExceptionGroup.
    """
    ended, wrong = 0, []
    for record_class in RECORDS:
        try:
            ended += sum(_turns(database, record_class, now, batch))
        except Exception as error:  # noqa: BLE001 - raised below
            wrong.append(error)
    if wrong:
        message = "records were kept longer than they may be"
        raise ExceptionGroup(message, wrong)
    return ended


def _turns(database: Database, record_class: RecordClass, now: datetime, batch: int) -> Iterator[int]:
    """Yield how many rows each transaction ended, until nothing is left."""
    last = batch
    while record_class.apply is not None and last == batch:
        with database.writing() as session:
            last = record_class.apply(session, now, batch)
        yield last


def as_table() -> str:
    """Return the table as Markdown, as docs/privacy.md has it."""
    head = "| records | table | kept | why | then |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| {each.name} | `{each.table}` | {each.how_long} | {each.why} | {each.then} |\n" for each in RECORDS
    )
