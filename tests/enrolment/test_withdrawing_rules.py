"""Until when one can withdraw, and what is then owed: by the table, over summer time, holidays and the end of the year."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.rules import withdrawing
from academy.enrolment.rules.leaving import CancelRule, cancel_terms, may_cancel
from academy.enrolment.rules.meetings import Meeting
from academy.enrolment.rules.withdrawing import Right
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.money import FREE, Money
from academy.kernel.working_days import is_working_day

UNTIL = [
    ("2026-09-01 11:00", "2026-09-15", "a Tuesday, two weeks on"),
    ("2026-09-01 00:00", "2026-09-15", "the day of the contract does not count, from its first second"),
    ("2026-08-31 23:59", "2026-09-14", "the second before is the day before"),
    ("2026-09-05 12:00", "2026-09-21", "Saturday moves to Monday"),
    ("2026-09-06 12:00", "2026-09-21", "and so does Sunday"),
    ("2026-10-13 12:00", "2026-10-27", "over the end of summer time"),
    ("2027-03-16 12:00", "2027-03-30", "over its beginning"),
    ("2027-03-12 12:00", "2027-03-30", "Good Friday, a weekend, Easter Monday"),
    ("2027-04-13 12:00", "2027-04-28", "the King's birthday"),
    ("2025-04-12 12:00", "2025-04-28", "which is a day earlier when it is a Sunday"),
    ("2027-04-21 12:00", "2027-05-10", "Liberation Day, Ascension Day, the Friday after and a weekend"),
    ("2027-05-03 12:00", "2027-05-18", "Whit Monday"),
    ("2026-12-11 12:00", "2026-12-28", "Christmas and a weekend"),
    ("2026-12-18 12:00", "2027-01-04", "New Year's Day and a weekend, in the next year"),
]


@pytest.mark.parametrize(("contract", "last", "why"), UNTIL, ids=[why for *_, why in UNTIL])
def test_the_right_ends_with_the_fourteenth_day_or_the_working_day_after_it(contract: str, last: str, why: str) -> None:
    until = withdrawing.withdraw_until(datetime.fromisoformat(contract).replace(tzinfo=AMSTERDAM).astimezone(UTC))
    local = until.astimezone(AMSTERDAM)
    assert (local.date() - timedelta(days=1), local.time()) == (date.fromisoformat(last), time())


def test_on_every_day_of_twenty_years_there_are_fourteen_whole_days_and_the_last_is_a_working_day() -> None:
    first = date(2026, 1, 1)
    for number in range(20 * 365):
        contract = datetime.combine(first + timedelta(days=number), time(23, 59, 59), AMSTERDAM)
        last = amsterdam_day(withdrawing.withdraw_until(contract) - timedelta(microseconds=1))
        assert 14 <= (last - contract.date()).days <= 14 + 5
        assert is_working_day(last)


def test_a_meeting_counts_when_it_is_over() -> None:
    met = [Meeting(date(2026, 10, 25), time(19), time(21)), Meeting(date(2026, 10, 27), time(19), None), Meeting(date(2026, 10, 28), None, None)]
    over = [datetime(2026, 10, 25, 20, tzinfo=UTC), datetime(2026, 10, 27, 18, tzinfo=UTC), datetime(2026, 10, 28, 23, tzinfo=UTC)]  # winter time
    for number, moment in enumerate(over, start=1):
        assert withdrawing.held_by(met, moment - timedelta(seconds=1)) == number - 1
        assert withdrawing.held_by(met, moment) == number


@pytest.mark.parametrize(("cents", "held", "meetings", "asked", "owed"), [
    (40_000, 1, 11, True, 3_636),  # 3 636.36, rounded down
    (40_000, 11, 11, True, 40_000),
    (40_000, 0, 11, True, 0),
    (40_000, 5, 11, False, 0),  # nobody asked to begin
    (40_000, 3, 0, True, 0),  # nothing to count
    (1, 10, 11, True, 0),
])
def test_what_was_taught_is_owed_in_proportion_and_only_on_request(cents: int, held: int, meetings: int, asked: bool, owed: int) -> None:
    assert withdrawing.owed(Money(cents), held=held, meetings=meetings, asked_early_start=asked) == Money(owed)


UNTIL_NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)


def _right(state: EnrolmentState = EnrolmentState.CONFIRMED, *, waits_for: WaitsFor | None = None, at: datetime = UNTIL_NOON - timedelta(seconds=1),
           is_business: bool = False, is_performed: bool = False, asked: bool = False) -> Right:
    return withdrawing.right_to_withdraw(
        state=state, waits_for=waits_for, is_business=is_business, until=UNTIL_NOON, is_performed=is_performed, asked_early_start=asked, now=at,
    )


def test_who_can_withdraw_and_who_can_not() -> None:
    assert _right() is Right.OPEN
    assert _right(at=UNTIL_NOON) is Right.OVER
    assert _right(EnrolmentState.HELD, waits_for=WaitsFor.PAYMENT) is Right.OPEN
    assert _right(EnrolmentState.HELD, waits_for=WaitsFor.LEARNER) is Right.NO_CONTRACT
    assert _right(is_business=True) is Right.BUSINESS
    assert _right(EnrolmentState.FINISHED, is_performed=True, asked=True) is Right.PERFORMED
    assert _right(EnrolmentState.FINISHED, is_performed=True) is Right.OPEN  # nobody asked to begin within the fourteen days
    assert _right(EnrolmentState.WITHDRAWN) is Right.WITHDRAWN
    for state in (EnrolmentState.WAITING, EnrolmentState.OFFERED, EnrolmentState.REQUESTED, EnrolmentState.CANCELLED, EnrolmentState.EXPIRED):
        assert _right(state) is Right.NO_CONTRACT


def test_a_seat_is_given_back_for_nothing_until_the_day_before_the_start() -> None:
    start, eve = date(2026, 10, 6), date(2026, 10, 5)
    terms = cancel_terms(starts_on=start, price=Money(50_000), rule=CancelRule(), today=eve)
    assert (terms.last_day, terms.free_until, terms.cost) == (eve, eve, FREE)
    assert [may_cancel(starts_on=start, today=day) for day in (eve, start)] == [True, False]


@pytest.mark.parametrize(("today", "cost"), [(date(2026, 9, 22), 0), (date(2026, 9, 23), 16_666), (date(2026, 10, 5), 16_666)])
def test_after_the_days_that_the_class_says_leaving_costs_what_it_says(today: date, cost: int) -> None:
    """Two weeks before 6 October is 22 September; 50 % of € 333.33 is rounded for the learner."""
    terms = cancel_terms(starts_on=date(2026, 10, 6), price=Money(33_333), rule=CancelRule(free_days=14, late_percent=50), today=today)
    assert (terms.cost, terms.free_until) == (Money(cost), date(2026, 9, 22))


@pytest.mark.parametrize("price", [None, FREE])
def test_leaving_what_has_no_price_costs_nothing_whatever_the_class_says(price: Money | None) -> None:
    terms = cancel_terms(starts_on=date(2026, 10, 6), price=price, rule=CancelRule(14, 100), today=date(2026, 10, 5))
    assert (terms.cost, terms.free_until) == (FREE, terms.last_day)
