"""Decisions of the catalogue."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from academy.catalogue import rules


@pytest.mark.parametrize(("ec", "hours"), [("0", 0), ("1", 28), ("2.5", 70), ("0.1", 3), ("7.5", 210), ("120", 3360)])
def test_a_credit_is_28_hours_of_study(ec: str, hours: int) -> None:
    assert rules.hours_of_study(Decimal(ec)) == hours


def test_a_programme_that_adds_up_has_no_gap() -> None:
    assert rules.credits_gap(Decimal(120), [Decimal("7.5")] * 16) is None
    assert rules.credits_gap(Decimal(0), []) is None


def test_a_gap_says_what_is_asked_and_what_there_is() -> None:
    assert rules.credits_gap(Decimal(120), [Decimal(60), Decimal("57.5")]) == rules.CreditsGap(Decimal(120), Decimal("117.5"))
    assert rules.credits_gap(Decimal(120), [Decimal(125)]) == rules.CreditsGap(Decimal(120), Decimal(125))


@pytest.mark.parametrize(("day", "last_second", "midnight"), [
    (date(2026, 9, 1), datetime(2026, 9, 1, 21, 59, 59, tzinfo=UTC), datetime(2026, 9, 1, 22, tzinfo=UTC)),  # summer time
    (date(2026, 12, 1), datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, 23, tzinfo=UTC)),
    (date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # 25 hours
    (date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # 23 hours
])
def test_enrolment_is_open_until_midnight_in_amsterdam(day: date, last_second: datetime, midnight: datetime) -> None:
    assert rules.is_open(enrol_until=day, now=last_second)
    assert not rules.is_open(enrol_until=day, now=midnight)
