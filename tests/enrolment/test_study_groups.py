"""Study groups: told once when enough want one, never two in a room at once, seen by who wants to meet and by nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.errors import OfferingNotFound
from academy.catalogue.models import Offering
from academy.enrolment import queries as mine
from academy.enrolment import subscribers
from academy.enrolment.errors import NotForStudyGroups, RoomTaken
from academy.enrolment.events import SeatMoved, StudyGroupOpened, StudyGroupPossible
from academy.enrolment.models import Enrolment, StudyGroup
from academy.enrolment.queries import study_groups as queries
from academy.enrolment.rules.study_groups import ENOUGH, Booking
from academy.enrolment.service import study_groups as service
from academy.kernel import outbox
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.outbox import OutboxMessage
from academy.kernel.worker import Worker
from tests import builders
from tests.enrolment.races import at_the_same_time
from tests.enrolment.running import SLUG, works_here

FRIDAYS = Booking("De Nieuwe Bibliotheek, zaal 2", "fri", time(18), time(20), date(2026, 10, 2), date(2026, 12, 4))


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    before = dict(outbox._subscribers)
    outbox._subscribers.clear()
    for event in (StudyGroupPossible, StudyGroupOpened):
        outbox.subscribe(f"tests.{event.name}", event, outside=lambda *_: None)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(before)


def news(session: Session, event: type[outbox.Event]) -> int:
    session.flush()
    return len(session.scalars(select(OutboxMessage).where(OutboxMessage.event == event.name)).all())


def want(session: Session, code: str, now: datetime, number: int) -> list[Actor]:
    """Let so many people enrol who want to meet, and let the clock look after each."""
    people = [builders.actor(session, now) for _ in range(number)]
    for person in people:
        builders.enrol(session, actor=person, offering_code=code, now=now)
        session.execute(update(Enrolment).where(Enrolment.person_id == person.person_id).values(wants_study_group=True))
        for enrolment_id in session.scalars(select(Enrolment.id).where(Enrolment.person_id == person.person_id)).all():
            service.look_for_group(session, enrolment_id=enrolment_id, now=now)
    return people


def arrange(session: Session, planner: Actor, code: str, now: datetime, booking: Booking = FRIDAYS, slug: str = SLUG) -> None:
    service.arrange_study_group(session, actor=planner, provider_slug=slug, code=code, booking=booking, now=now)


def groups_of(session: Session, person: Actor, now: datetime) -> list[Booking]:
    found = queries.my_study_groups(session, mine.my_enrolments(session, person), today=amsterdam_day(now))
    return [group.booking for group in found.values()]


def test_the_sixth_who_wants_to_meet_makes_a_group_possible_and_it_is_told_once(session: Session, now: datetime) -> None:
    code = builders.offering(session, now)
    want(session, code, now, ENOUGH - 1)
    assert news(session, StudyGroupPossible) == 0
    want(session, code, now, 1)
    assert news(session, StudyGroupPossible) == 1
    want(session, code, now, 2)
    assert news(session, StudyGroupPossible) == 1


def test_learners_of_all_online_classes_of_the_module_count_together_and_of_no_other(session: Session, now: datetime) -> None:
    provider_id = builders.provider(session)
    first = builders.offering(session, now, provider_id=provider_id)
    second = builders.offering(session, now, provider_id=provider_id, external_id="NET-01")
    other = builders.offering(session, now, provider_id=provider_id, external_id=builders.module(session, now, provider_id=provider_id, external_id="X", code="X"))
    want(session, first, now, 3)
    want(session, other, now, 5)
    want(session, second, now, 2)
    assert news(session, StudyGroupPossible) == 0
    want(session, second, now, 1)
    assert news(session, StudyGroupPossible) == 1


def test_a_class_that_is_merged_into_an_online_one_can_make_the_group(database: Database, now: datetime) -> None:
    with database.writing() as session:
        provider_id = builders.provider(session)
        campus = builders.offering(session, now, provider_id=provider_id)
        session.execute(update(Offering).values(mode=catalogue.DeliveryMode.ON_CAMPUS))
        online = builders.offering(session, now, provider_id=provider_id, external_id="NET-01")
        want(session, campus, now, ENOUGH)
        assert news(session, StudyGroupPossible) == 0
        subscribers.register()  # not before, so that nobody looks again because of the enrolling
        session.execute(update(Enrolment).values(offering_id=select(Offering.id).where(Offering.code == online).scalar_subquery()))
        for enrolment_id in session.scalars(select(Enrolment.id)).all():
            outbox.announce(session, SeatMoved(enrolment_id))
    Worker(database, []).drain()
    with database.reading() as session:
        assert news(session, StudyGroupPossible) == 1


def test_who_does_not_want_to_meet_or_meets_in_class_does_not_count(session: Session, now: datetime) -> None:
    code = builders.offering(session, now)
    session.execute(update(Offering).values(mode=catalogue.DeliveryMode.ON_CAMPUS))
    want(session, code, now, ENOUGH)
    assert news(session, StudyGroupPossible) == 0
    session.execute(update(Offering).values(mode=catalogue.DeliveryMode.ONLINE))
    last = builders.actor(session, now)
    builders.enrol(session, actor=last, offering_code=code, now=now)
    service.look_for_group(session, enrolment_id=mine.my_enrolments(session, last)[0].id, now=now)
    assert news(session, StudyGroupPossible) == 0


def test_two_who_make_it_possible_at_once_are_told_of_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now)
        people = want(session, code, now, ENOUGH - 1)
        last = builders.actor(session, now)
        builders.enrol(session, actor=last, offering_code=code, now=now)
        session.execute(update(Enrolment).values(wants_study_group=True))
        ids = [mine.my_enrolments(session, each)[0].id for each in (people[0], last)]
    at_the_same_time(
        database, lambda session: service.look_for_group(session, enrolment_id=ids[0], now=now),
        lambda session: service.look_for_group(session, enrolment_id=ids[1], now=now),
    )
    with database.reading() as session:
        assert news(session, StudyGroupPossible) == 1


def test_a_group_is_seen_by_who_wants_to_meet_until_they_leave_it(session: Session, now: datetime) -> None:
    code = builders.offering(session, now)
    sam, noor = want(session, code, now, 2)
    session.execute(update(Enrolment).where(Enrolment.person_id == noor.person_id).values(wants_study_group=False))
    arrange(session, works_here(session, now, accounts.Role.PLANNER), code, now)
    assert (groups_of(session, sam, now), groups_of(session, noor, now)) == ([FRIDAYS], [])
    offering_id = session.scalars(select(Offering.id)).one()
    told = queries.study_group_for_letter(session, offering_id, today=amsterdam_day(now))
    assert told is not None
    assert told[1] == [mine.my_enrolments(session, sam)[0].id]
    service.leave_study_group(session, actor=sam, code=mine.my_enrolments(session, sam)[0].code)
    assert groups_of(session, sam, now) == []
    assert mine.my_enrolments(session, sam)[0].state.value == "confirmed"


def test_a_room_in_use_is_refused_with_its_time_and_a_free_one_is_not(session: Session, now: datetime) -> None:
    provider_id = builders.provider(session)
    one, other = builders.offering(session, now, provider_id=provider_id), builders.offering(session, now, provider_id=provider_id, external_id="NET-01")
    planner = works_here(session, now, accounts.Role.PLANNER)
    arrange(session, planner, one, now)
    with pytest.raises(RoomTaken) as refused:
        arrange(session, planner, other, now, replace(FRIDAYS, room="de nieuwe  bibliotheek, ZAAL 2", starts_at=time(19), ends_at=time(21)))
    assert "18:00 tot 20:00" in refused.value.sentence()
    arrange(session, planner, other, now, replace(FRIDAYS, starts_at=time(20), ends_at=time(21)))
    arrange(session, planner, one, now, replace(FRIDAYS, ends_at=time(19)))  # its own booking is not in its way
    assert news(session, StudyGroupOpened) == 3


def test_two_groups_in_one_room_at_the_same_moment_are_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        provider_id = builders.provider(session)
        one, other = builders.offering(session, now, provider_id=provider_id), builders.offering(session, now, provider_id=provider_id, external_id="NET-01")
        planner = works_here(session, now, accounts.Role.PLANNER)
    heard = at_the_same_time(database, lambda session: arrange(session, planner, one, now), lambda session: arrange(session, planner, other, now))
    with database.reading() as session:
        assert (heard, len(session.scalars(select(StudyGroup)).all())) == ("room-taken", 1)


def test_only_an_online_class_that_goes_on_gets_a_group(session: Session, now: datetime) -> None:
    code = builders.offering(session, now)
    planner = works_here(session, now, accounts.Role.PLANNER)
    for values in ({"mode": catalogue.DeliveryMode.ON_CAMPUS}, {"state": catalogue.OfferingState.CANCELLED}):
        session.execute(update(Offering).values(values))
        session.expire_all()
        with pytest.raises(NotForStudyGroups):
            arrange(session, planner, code, now)
        session.execute(update(Offering).values(mode=catalogue.DeliveryMode.ONLINE, state=catalogue.OfferingState.ACTIVE))
    with pytest.raises(NotForStudyGroups):
        arrange(session, planner, code, now + timedelta(days=365))


@pytest.mark.parametrize("role", accounts.Role)
def test_planner_owner_and_the_programme_office_arrange_and_nobody_else(session: Session, now: datetime, role: accounts.Role) -> None:
    code = builders.offering(session, now)
    if role is accounts.Role.OFFICE:
        person = builders.actor(session, now)
        office = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=accounts.OrganisationKind.OFFICE)
        accounts.add_membership(session, person_id=person.person_id, organisation_id=office, role=role)
    else:
        person = works_here(session, now, role)
    if role in {accounts.Role.PLANNER, accounts.Role.OWNER, accounts.Role.OFFICE}:
        arrange(session, person, code, now)
    else:
        with pytest.raises(OfferingNotFound):
            arrange(session, person, code, now)


_BOOKINGS = st.builds(
    lambda room, day, hour, length, first, weeks: Booking(
        room, day, time(hour), time(hour + length), date(2026, 10, 1) + timedelta(days=first), date(2026, 10, 1) + timedelta(days=first + weeks),
    ),
    st.sampled_from(["Zaal 1", "zaal  1 ", "Zaal 2"]), st.sampled_from(["fri", "sat"]), st.integers(9, 12), st.integers(1, 3), st.integers(0, 20),
    st.integers(0, 20),
)


def _moments(booking: Booking) -> set[tuple[str, date, int]]:
    days = (booking.first_on + timedelta(days=number) for number in range((booking.last_on - booking.first_on).days + 1))
    on = [day for day in days if day.weekday() == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(booking.weekday)]
    return {(" ".join(booking.room.lower().split()), day, hour) for day in on for hour in range(booking.starts_at.hour, booking.ends_at.hour)}


@given(one=_BOOKINGS, other=_BOOKINGS)
def test_two_bookings_meet_exactly_when_they_share_an_hour_of_a_room(one: Booking, other: Booking) -> None:
    assert one.meets_with(other) == other.meets_with(one) == bool(_moments(one) & _moments(other))
    assert one.has_a_day == bool(_moments(one))
