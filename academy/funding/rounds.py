"""What the clock does to shares: each turn opens short transactions of its own, and may be repeated."""

from datetime import date, datetime

import structlog

from academy.funding import queries, service
from academy.funding.service.invoicing import month_of
from academy.funding.service.paying import invoiced
from academy.kernel.db import database
from academy.kernel.errors import DatabaseBusy, Refusal
from academy.payments.api import InvoiceFacts

_log = structlog.get_logger(__name__)


def lapse_shares(now: datetime) -> None:
    """Take as refused what nobody approved in time, some at a time, until none is left. An idle turn only reads."""
    with database().reading() as session:
        due = bool(queries.shares_to_lapse(session, now=now))
    while due:
        with database().writing() as session:
            due = service.lapse_due(session, now=now) > 0


def remind_employers(now: datetime) -> None:
    """Remind employers who did not answer their letter, some at a time, until none is left. An idle turn only reads."""
    with database().reading() as session:
        due = bool(queries.asks_to_remind(session, now=now))
    while due:
        with database().writing() as session:
            due = service.remind_due(session, now=now) > 0


def invoice_last_month(now: datetime) -> None:
    """Invoice what was sure before this month: on its first day, and later what could not be invoiced then."""
    invoice_before(month_of(now), now=now)


def invoice_before(month: date, *, now: datetime) -> tuple[list[InvoiceFacts], list[str]]:
    """Invoice each payer for each supplier, one transaction each, for seats that were sure before the first day of `month`.

    Returns the invoices, and the codes of why others could not be made; those are tried again the next turn.
    """
    with database().reading() as session:
        pairs = service.pairs_to_invoice(session, month=month)
    made: list[InvoiceFacts] = []
    problems: list[str] = []
    for pair in pairs:
        try:
            with database().writing() as session:
                invoice = service.invoice_pair(session, pair, month=month, now=now)
        except DatabaseBusy:
            raise
        except Refusal as refusal:
            _log.warning("funding.not-invoiced", supplier=str(pair[0]), payer=str(pair[1]), why=refusal.code)
            problems.append(refusal.code)
        else:
            made += [] if invoice is None else [invoice]
    return made, problems


def follow_invoices(now: datetime) -> None:
    """Note which invoices were paid, until nothing is left to note."""
    with database().reading() as session:
        waiting = invoiced(session)
    noted = bool(waiting)
    while noted:
        with database().writing() as session:
            noted = service.follow_invoices(session, waiting, now=now) > 0
