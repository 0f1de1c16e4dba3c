"""Two classes at the same hour are said so before enrolling, whoever gives them; it is never a refusal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment import queries, service
from academy.enrolment.queries.clashes import clashes
from academy.enrolment.rules.clashes import Appointment, first_clash
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

FIRST, LAST = date(2026, 9, 7), date(2026, 11, 30)  # both Mondays
MONDAY, TUESDAY = 0, 1
EVENING = (time(19), time(21, 30))


def weekly(weekday: int, begins: time = EVENING[0], ends: time = EVENING[1], first: date = FIRST, last: date = LAST) -> Appointment:
    return Appointment(first, last, weekday, begins, ends)


def once(day: date, begins: time = EVENING[0], ends: time = EVENING[1]) -> Appointment:
    return Appointment(day, day, None, begins, ends)


@pytest.mark.parametrize(("one", "other", "day"), [
    (weekly(TUESDAY), weekly(TUESDAY), date(2026, 9, 8)),
    (weekly(TUESDAY), weekly(MONDAY), None),
    (weekly(TUESDAY), weekly(TUESDAY, time(21, 30), time(22)), None),  # one after the other
    (weekly(TUESDAY), weekly(TUESDAY, time(21), time(22)), date(2026, 9, 8)),
    (weekly(TUESDAY), weekly(TUESDAY, first=date(2026, 10, 1)), date(2026, 10, 6)),
    (weekly(TUESDAY, last=date(2026, 10, 5)), weekly(TUESDAY, first=date(2026, 10, 1)), None),  # no Tuesday lies in both
    (weekly(TUESDAY), once(date(2026, 9, 15)), date(2026, 9, 15)),
    (weekly(TUESDAY), once(date(2026, 9, 16)), None),
    (weekly(TUESDAY), once(date(2026, 12, 1)), None),  # a Tuesday after the last
    (once(date(2026, 9, 16)), once(date(2026, 9, 16), time(20), time(23)), date(2026, 9, 16)),
    (once(date(2026, 9, 16)), once(date(2026, 9, 17)), None),
])
def test_the_first_day_of_two_lessons_at_once(one: Appointment, other: Appointment, day: date | None) -> None:
    assert first_clash([one], [other]) == first_clash([other], [one]) == day


def test_of_several_days_the_first_counts() -> None:
    ours = [weekly(MONDAY), once(date(2026, 9, 8))]
    assert first_clash(ours, [weekly(MONDAY), weekly(TUESDAY)]) == date(2026, 9, 7)


def _open(
    session: Session, now: datetime, *, provider: str, sessions: Sequence[catalogue.SessionDraft] = (), weekdays: tuple[str, ...] = ("tue",),
    part: catalogue.PartOfDay = catalogue.PartOfDay.EVENING,
) -> str:
    provider_id = builders.provider(session, provider, provider.title())
    builders.module(session, now, provider_id=provider_id, title=Localized(f"Module van {provider}"))
    first = amsterdam_day(now) + timedelta(days=28)  # 29 September 2026, a Tuesday
    draft = catalogue.OfferingDraft(
        starts_on=first, ends_on=first + timedelta(days=69), periods=(catalogue.PeriodDraft(closes_on=first - timedelta(days=3)),),
        mode=catalogue.DeliveryMode.ONLINE, part_of_day=part, language="nl", seats=10, price=Money(0), weekdays=weekdays,
    )
    return catalogue.open_offering(session, provider_id=provider_id, module_external_id="NET-01", draft=replace(draft, sessions=tuple(sessions)))


def _met(session: Session, now: datetime, mine: str, asked: str) -> list[tuple[str, date]]:
    sam = builders.actor(session, now)
    builders.enrol(session, actor=sam, offering_code=mine, now=now)
    found = clashes(session, sam.person_id, catalogue.offering_for_enrolment(session, asked), now=now)
    return [(clash.title.in_language("nl"), clash.day) for clash in found]


def test_a_class_of_another_provider_on_the_same_evening_is_named(session: Session, now: datetime) -> None:
    mine, asked = _open(session, now, provider="windesheim"), _open(session, now, provider="aeres", weekdays=("mon", "tue"))
    assert _met(session, now, mine, asked) == [("Module van windesheim", date(2026, 9, 29))]


def test_known_hours_count_instead_of_the_part_of_the_day(session: Session, now: datetime) -> None:
    early = catalogue.SessionDraft(catalogue.PartOfDay.EVENING, weekday="tue", starts_at=time(18), ends_at=time(19, 30))
    late = catalogue.SessionDraft(catalogue.PartOfDay.EVENING, weekday="tue", starts_at=time(19, 30), ends_at=time(21))
    mine, asked = _open(session, now, provider="windesheim", sessions=[early]), _open(session, now, provider="aeres", sessions=[late])
    assert _met(session, now, mine, asked) == []


def test_one_day_of_the_calendar_meets_a_weekly_lesson(session: Session, now: datetime) -> None:
    dated = catalogue.SessionDraft(catalogue.PartOfDay.EVENING, on_date=date(2026, 10, 13))
    mine, asked = _open(session, now, provider="windesheim"), _open(session, now, provider="aeres", sessions=[dated])
    assert _met(session, now, mine, asked) == [("Module van windesheim", date(2026, 10, 13))]


def test_at_ones_own_pace_there_is_no_hour_to_clash(session: Session, now: datetime) -> None:
    mine, asked = _open(session, now, provider="windesheim"), _open(session, now, provider="aeres", part=catalogue.PartOfDay.ANY)
    assert _met(session, now, mine, asked) == []


def test_what_was_given_back_clashes_with_nothing(session: Session, now: datetime) -> None:
    mine, asked = _open(session, now, provider="windesheim"), _open(session, now, provider="aeres")
    sam = builders.actor(session, now)
    code = builders.enrol(session, actor=sam, offering_code=mine, now=now)
    service.cancel(session, actor=sam, code=code, now=now)
    assert queries.my_enrolment(session, sam, code).ended_at == now
    assert clashes(session, sam.person_id, catalogue.offering_for_enrolment(session, asked), now=now) == []
