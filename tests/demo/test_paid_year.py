"""The demo has a year behind it in which seats were paid, by all who pay; what was booked, promised and invoiced agrees, on any day that it is loaded."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.demo import load_demo, load_learning, load_money, load_paid_year, load_people
from academy.demo.paid_year import first_of_quarter
from academy.enrolment.models import Enrolment
from academy.enrolment.queries.seats import audit_classes
from academy.funding import queries as funding
from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.queries.audit import Audit
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.money import FREE
from academy.payments.models import DemoCheckout, Invoice, LedgerEntry, Payment
from academy.payments.queries.invoices import bought
from academy.reports.facts import Value, View
from academy.reports.queries.money import money_section
from academy.reports.rules.quarters import quarter_of, quarters_until
from academy.reports.sources.money import paid
from tests.enrolment.proofs.ground import faults


def _loaded(session: Session, now: datetime) -> Session:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    load_money(session, now=now)
    load_learning(session, now=now)
    assert load_paid_year(session, now=now)
    return session


def _paid(session: Session, today: date) -> dict[str, dict[str, Value]]:
    """Return what the programme office reads of each quarter: what the four categories paid, in cents."""
    found = money_section(session, view=View(str(today.year)), from_on=date(today.year, 1, 1), until_on=date(today.year, 12, 31), as_of=today + timedelta(days=1))
    table = next(each for each in found.tables if each.name == "paid")
    return {str(row[0]): dict(zip((column.name for column in table.columns[1:-1]), row[1:-1], strict=True)) for row in table.rows}


@pytest.mark.parametrize(("day", "ago", "first"), [
    (date(2026, 11, 23), 1, date(2026, 7, 1)), (date(2026, 11, 23), 4, date(2025, 10, 1)), (date(2027, 1, 1), 1, date(2026, 10, 1)),
    (date(2027, 1, 1), 4, date(2026, 1, 1)), (date(2026, 12, 31), 3, date(2026, 1, 1)), (date(2026, 4, 1), 0, date(2026, 4, 1)),
])
def test_a_quarter_ago_is_counted_over_the_end_of_the_year(day: date, ago: int, first: date) -> None:
    assert first_of_quarter(day, ago=ago) == first


@pytest.mark.parametrize("moment", [
    datetime(2026, 11, 23, 12, tzinfo=AMSTERDAM), datetime(2026, 12, 31, 23, 59, tzinfo=AMSTERDAM), datetime(2027, 1, 1, 0, 1, tzinfo=AMSTERDAM),
    datetime(2027, 4, 1, 0, 1, tzinfo=AMSTERDAM),
], ids=str)
def test_the_office_reads_four_quarters_of_all_who_pay_and_the_books_agree(session: Session, moment: datetime) -> None:
    _loaded(session, moment)
    today = amsterdam_day(moment)
    quarters = list(quarters_until(quarter_of(today), number=5))
    counted = Counter(cell.period for cell in paid(session, quarters, as_of=today + timedelta(days=1)))
    assert [counted[quarter] for quarter in quarters] == [3, 3, 4, 4, 0], "at first nobody paid anything of it themselves"
    told = [_paid(session, today)[quarter] for quarter in quarters]
    assert [sum(bool(cents) for cents in each.values()) for each in told] == [3, 3, 4, 4, 0], "and all of it is of enough people and employers to be shown"
    assert funding.audit(session) == Audit((), (), ())
    assert faults(session) == []
    assert audit_classes(session) == []
    assert session.scalars(select(FundedSeat.id).where(FundedSeat.confirmed_at.is_not(None), FundedSeat.id.not_in(select(Enrolment.id)))).all() == []
    assert session.scalar(select(func.count(DemoCheckout.id))) == session.scalar(select(func.count(Payment.id)).where(Payment.settled_at.is_not(None)))


def test_what_was_promised_then_is_invoiced_and_only_the_newest_is_open(session: Session, now: datetime) -> None:
    _loaded(session, now)
    year_ago = select(FundedSeat.id).where(FundedSeat.confirmed_at < datetime.combine(first_of_quarter(amsterdam_day(now), ago=0), datetime.min.time(), AMSTERDAM))
    states = Counter(session.scalars(select(FundingShare.state).where(FundingShare.seat_id.in_(year_ago))))
    assert set(states) == {ShareState.INVOICED, ShareState.PAID, ShareState.SETTLED}
    buyers = {row for row in session.scalars(select(Invoice.buyer_organisation_id)) if row is not None}
    assert len(buyers) == 4  # three employers and the fund; the school settles what it gives itself
    for buyer in buyers:
        newest, *older = bought(session, buyer)
        assert newest.open > FREE
        assert [one.open for one in older] == [FREE] * 3
    assert session.scalar(select(func.count(LedgerEntry.id)))


def test_a_second_time_nothing_changes(session: Session, now: datetime) -> None:
    _loaded(session, now)
    before = session.scalar(select(func.count(FundingShare.id)))
    assert not load_paid_year(session, now=now)
    assert session.scalar(select(func.count(FundingShare.id))) == before
