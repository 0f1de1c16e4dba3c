"""How long each class of records is kept, and ending what is over: one table, made of what the rooms say (docs/privacy.md holds the same)."""

from datetime import datetime, timedelta
from typing import Final

from academy.accounts.personal import RecordClass
from academy.accounts.service import keeping as accounts
from academy.catalogue import personal as catalogue
from academy.enrolment import personal as enrolment
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.search.memory import forgetting as search

_BATCH: Final = 500  # rows in one transaction: a visitor who writes at that moment waits some milliseconds
_DELIVERED: Final = timedelta(days=7)

RECORDS: Final[tuple[RecordClass, ...]] = (
    *accounts.RECORDS, *enrolment.RECORDS, *search.RECORDS, *catalogue.RECORDS,
    RecordClass(
        "Delivered messages", "outbox_message", "they are delivered", "finding out what became of a letter; ids only", "erased", _DELIVERED,
        lambda session, now, limit: outbox.forget_done(session, before=now - _DELIVERED, limit=limit),
    ),
    RecordClass(
        "Messages that wait for a person", "outbox_message", "until a person has them delivered", "nothing is lost; ids only", "stays, numbers only",
    ),
)


def apply(database: Database, *, now: datetime, batch: int = _BATCH) -> int:
    """End everything whose time is over, in short transactions of at most `batch` rows; returns how many rows that were."""
    ended = 0
    for record_class in RECORDS:
        last = batch
        while record_class.apply is not None and last == batch:
            with database.writing() as session:
                last = record_class.apply(session, now, batch)
            ended += last
    return ended


def as_table() -> str:
    """Return the table as Markdown, as docs/privacy.md has it."""
    head = "| records | table | kept | why | then |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| {each.name} | `{each.table}` | {each.how_long} | {each.why} | {each.then} |\n" for each in RECORDS
    )
