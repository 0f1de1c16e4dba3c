"""On its day a class goes ahead, or its provider decides: wait, merge or call off. Nobody loses a seat by it, and each hears it once."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.models import TrailEntry
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering, OfferingState
from academy.enrolment import rounds, service
from academy.enrolment.errors import NoClassToMerge, NothingToDecide, OfferingFull, PeopleChanged
from academy.enrolment.events import ClassExtended, ClassGoesAhead, ClassUndecided, SeatMoved, SeatWithdrawn
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, SeatPool
from academy.enrolment.queries import deciding as reads
from academy.enrolment.service import admitting, deciding, seats
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from tests import builders
from tests.enrolment.desk import SLUG, Desk, listen, open_desk
from tests.enrolment.races import at_the_same_time

DECIDES_ON = date(2026, 9, 15)
MIDNIGHT = datetime(2026, 9, 14, 22, 0, tzinfo=UTC)  # as the fifteenth begins in Amsterdam
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(ClassExtended, ClassGoesAhead, ClassUndecided, SeatMoved, SeatWithdrawn)


def _desk(database: Database, now: datetime, *, people: int, seats: int = 10, price: int = 0) -> Desk:
    desk = open_desk(database, now, seats=seats, min_seats=5, decides_on=DECIDES_ON, price=price)
    desk.enrolled(people)
    return desk


def _acts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(TrailEntry.act).where(TrailEntry.about == "offering").order_by(TrailEntry.number)))


# The clock


def test_with_enough_people_a_class_goes_ahead_from_midnight_and_each_hears_it_once(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=5)
    rounds.decide_classes(MIDNIGHT - SECOND)
    assert (desk.offering().guaranteed, desk.news(ClassGoesAhead)) == (False, 0)
    for minutes in (0, 1, 600):
        rounds.decide_classes(MIDNIGHT + timedelta(minutes=minutes))
    assert desk.offering().guaranteed
    assert (desk.news(ClassGoesAhead), desk.news(ClassUndecided), _acts(database)) == (5, 0, ["class-goes-ahead"])


def test_with_too_few_people_the_planners_hear_it_once_however_often_the_clock_looks(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=4)
    for minutes in (0, 1, 600, 1500):
        rounds.decide_classes(MIDNIGHT + timedelta(minutes=minutes))
    assert not desk.offering().guaranteed
    assert (desk.news(ClassUndecided), desk.news(ClassGoesAhead), _acts(database)) == (1, 0, ["class-undecided"])
    desk.enrolled(1)  # one more comes after all
    rounds.decide_classes(MIDNIGHT + timedelta(days=1))
    assert desk.offering().guaranteed
    assert desk.news(ClassGoesAhead) == 5


@pytest.mark.parametrize("values", [
    {"state": OfferingState.CANCELLED}, {"state": OfferingState.CONCEPT}, {"guaranteed": True}, {"min_seats": 0}, {"decides_on": None},
    {"starts_on": DECIDES_ON - timedelta(days=1)},
])
def test_the_clock_leaves_alone_what_needs_no_decision(database: Database, now: datetime, values: dict[str, Any]) -> None:
    desk = _desk(database, now, people=1)
    desk.set_offering(**values)
    rounds.decide_classes(MIDNIGHT)
    desk.run(deciding.decide, offering_id=desk.offering().id, now=MIDNIGHT)
    assert (desk.news(ClassUndecided), desk.news(ClassGoesAhead), _acts(database)) == (0, 0, [])


def test_who_is_still_choosing_hears_nothing_and_who_must_pay_does(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=5, price=24500)  # five who must pay still
    with database.writing() as session:
        service.hold_seat(session, actor=builders.actor(session, now), offering_code=desk.code, request_key=None, now=now)
    rounds.decide_classes(MIDNIGHT)
    assert desk.news(ClassGoesAhead) == 5


def _deciding(desk: Desk) -> Callable[[Session], object]:
    offering_id = desk.offering().id

    def decide(session: Session) -> object:
        return deciding.decide(session, offering_id=offering_id, now=MIDNIGHT)

    return decide


@pytest.mark.parametrize(("people", "event", "times"), [(5, ClassGoesAhead, 5), (4, ClassUndecided, 1)])
def test_two_clocks_that_look_at_once_tell_it_once(
    database: Database, now: datetime, people: int, event: type[ClassGoesAhead | ClassUndecided], times: int,
) -> None:
    desk = _desk(database, now, people=people)
    assert at_the_same_time(database, _deciding(desk), _deciding(desk)) == "done"
    assert desk.news(event) == times


def test_without_the_locks_two_clocks_tell_it_twice_where_writers_do_not_queue(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control; on SQLite the one writer at a time is the lock."""
    desk, looked, first = _desk(database, now, people=4), threading.Event(), threading.current_thread()
    look = accounts.is_recorded

    def looking(*args: Any, **more: Any) -> bool:
        found = look(*args, **more)
        if threading.current_thread() is not first:
            looked.set()
        return found

    monkeypatch.setattr(catalogue, "keep_offering", lambda *_: None)
    monkeypatch.setattr(seats, "lock_offering", lambda *_: None)
    monkeypatch.setattr(deciding, "is_recorded", looking)
    rival = threading.Thread(target=rounds.decide_classes, args=(MIDNIGHT,))
    with database.writing() as session:
        _deciding(desk)(session)
        session.flush()
        rival.start()
        looked.wait(0.4 if database.is_sqlite else 20)
    rival.join(20)
    assert desk.news(ClassUndecided) == (1 if database.is_sqlite else 2)


# What the provider can do


def test_a_provider_lets_it_go_ahead_with_few_people_and_they_hear_it_once(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    for _time in range(2):
        desk.do(deciding.promise, code=desk.code, now=MIDNIGHT)
    assert desk.offering().guaranteed
    assert (desk.news(ClassGoesAhead), _acts(database)) == (2, ["class-goes-ahead"])


@pytest.mark.parametrize("weeks", [0, 3])
def test_more_time_moves_the_day_of_deciding_and_if_asked_the_whole_class(database: Database, now: datetime, weeks: int) -> None:
    desk = _desk(database, now, people=2)
    before, later = desk.offering(), timedelta(weeks=weeks)
    rounds.decide_classes(MIDNIGHT)
    new_day = date(2026, 9, 28)
    desk.do(deciding.extend, code=desk.code, decides_on=new_day, weeks_later=weeks, now=MIDNIGHT)
    after = desk.offering()
    assert (after.decides_on, after.starts_on, after.ends_on) == (new_day, before.starts_on + later, before.ends_on + later)
    assert after.enrol_until == max((before.enrol_until or new_day) + later, new_day - timedelta(days=1))
    assert (after.state, after.guaranteed, desk.taken()) == (OfferingState.ACTIVE, False, 2)
    assert (desk.news(ClassExtended), _acts(database)) == (2, ["class-undecided", "class-extended"])
    rounds.decide_classes(MIDNIGHT + timedelta(days=13))  # its new day
    assert desk.news(ClassUndecided) == 2


def test_a_day_of_deciding_after_the_first_lesson_is_refused(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    with pytest.raises(catalogue.OfferingFaulty):
        desk.do(deciding.extend, code=desk.code, decides_on=desk.offering().starts_on, weeks_later=0, now=MIDNIGHT)


def test_who_is_in_a_class_that_is_decided_about_later_leaves_for_nothing_from_then(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    with database.writing() as session:
        session.execute(update(Enrolment).values(cancel_free_days=30, cancel_late_percent=50))
    rounds.decide_classes(MIDNIGHT)
    desk.do(deciding.extend, code=desk.code, decides_on=date(2026, 9, 20), weeks_later=0, now=MIDNIGHT)
    with database.reading() as session:
        assert set(session.scalars(select(Enrolment.cancel_late_percent))) == {0}


def test_merging_moves_everybody_as_sure_as_they_were_and_calls_the_first_class_off(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2, price=24500)
    target = desk.another_class(seats=6, price=24500, starts_on=date(2026, 10, 13))
    desk.enrolled(3, code=target)
    first, second = _codes(desk)
    desk.run(_settle(desk, first))
    assert desk.do(deciding.merge, code=desk.code, into=target, people=2, now=MIDNIGHT) == 2
    moved = [desk.row(code) for code in (first, second)]
    assert [(row.state, row.waits_for) for row in moved] == [(EnrolmentState.CONFIRMED, None), (EnrolmentState.HELD, WaitsFor.PAYMENT)]
    assert {row.offering_id for row in moved} == {desk.offering(target).id}
    assert moved[0].confirmed_at == now
    assert desk.why(first)[-1] == "moved"
    assert (desk.taken(), desk.taken(target)) == (0, 5)
    assert desk.offering().state is OfferingState.CANCELLED
    assert desk.news(SeatMoved) == 2
    desk.run(service.withdraw_seats, offering_id=desk.offering().id)  # as the news of calling off does
    assert (desk.news(SeatWithdrawn), desk.taken(target)) == (0, 5)


def _codes(desk: Desk, code: str = "") -> list[str]:
    """Return the codes of who has a seat in a class, first come first."""
    with desk.database.reading() as session:
        return [row.code for row in reads.movable(session, desk.offering(code).id)]


def _settle(desk: Desk, code: str) -> Callable[..., object]:
    def settle(session: Session, *, now: datetime) -> object:
        return admitting.settle(session, desk.row(code).id, now=now)

    return settle


def test_each_who_was_moved_may_leave_for_free(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=1)
    sam = desk.learner()
    mine = desk.ask(sam)
    target = desk.another_class(seats=6)
    desk.do(deciding.merge, code=desk.code, into=target, people=2, now=MIDNIGHT)
    desk.run(service.cancel, actor=sam, code=mine, now=MIDNIGHT)
    assert desk.row(mine).state is EnrolmentState.CANCELLED
    assert desk.taken(target) == 1


def test_all_go_or_nobody(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=3)
    target = desk.another_class(seats=4)
    desk.enrolled(2, code=target)
    with pytest.raises(NoClassToMerge):
        desk.do(deciding.merge, code=desk.code, into=target, people=3, now=MIDNIGHT)
    assert (desk.taken(), desk.taken(target), desk.offering().state) == (3, 2, OfferingState.ACTIVE)
    assert desk.news(SeatMoved) == 0


def test_who_has_a_seat_in_both_classes_keeps_one_and_who_waited_there_gets_the_seat_they_bring(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, min_seats=5, decides_on=DECIDES_ON)
    target = desk.another_class(seats=1)
    both, waits = desk.learner("Beide"), desk.learner("Wacht")
    in_both = desk.ask(both, code=target)
    with database.writing() as session:
        in_line = service.join_waiting_list(
            session, actor=waits, offering_code=target, when_can_you=["tue-evening"], most_price=None, request_key=None, now=now,
        )
    left_behind, moves = desk.ask(both), desk.ask(waits)
    with database.writing() as session:  # the provider finds a larger room, before anyone in line is asked
        session.execute(update(Offering).where(Offering.code == target).values(seats=6))
        session.execute(update(SeatPool).where(SeatPool.offering_id == desk.offering(target).id).values(capacity=6))
    desk.do(deciding.merge, code=desk.code, into=target, people=2, now=MIDNIGHT)
    desk.run(service.withdraw_seats, offering_id=desk.offering().id)
    states = {code: desk.row(code).state for code in (in_both, in_line, left_behind, moves)}
    assert states == {
        in_both: EnrolmentState.CONFIRMED, in_line: EnrolmentState.CANCELLED, left_behind: EnrolmentState.CANCELLED, moves: EnrolmentState.CONFIRMED,
    }
    assert desk.taken(target) == 2


def test_one_merges_only_into_a_class_of_the_same_module_and_price_that_is_ahead_and_has_room(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    good = desk.another_class(seats=2)
    for values in ({"seats": 1}, {"price": 100}, {"starts_on": date(2026, 9, 15)}):
        desk.another_class(**({"seats": 9} | values))
    off = desk.another_class(seats=9)
    desk.set_offering(off, state=OfferingState.CANCELLED)
    with database.reading() as session:
        found = reads.undecided(session, desk.planner, SLUG, desk.code, today=DECIDES_ON)
    assert [(choice.work.offering.code, choice.people) for choice in found.choices] == [(good, 2)]


def test_nobody_decides_before_the_day_or_about_a_class_that_goes_ahead(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    target = desk.another_class(seats=6)
    for moment in (now, MIDNIGHT - SECOND):
        with pytest.raises(NothingToDecide):
            desk.do(deciding.merge, code=desk.code, into=target, people=2, now=moment)
    desk.do(deciding.promise, code=desk.code, now=MIDNIGHT)
    with pytest.raises(NothingToDecide):
        desk.do(deciding.extend, code=desk.code, decides_on=date(2026, 9, 20), weeks_later=0, now=MIDNIGHT)


def test_one_is_asked_again_when_the_number_of_people_changed(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    target = desk.another_class(seats=6)
    with pytest.raises(PeopleChanged):
        desk.do(deciding.merge, code=desk.code, into=target, people=1, now=MIDNIGHT)
    assert (desk.taken(), desk.taken(target)) == (2, 0)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.READER, Role.EXAM_BOARD])
def test_deciding_is_for_who_plans(database: Database, now: datetime, role: Role) -> None:
    desk = _desk(database, now, people=2)
    target, person = desk.another_class(seats=6), desk.member(role)
    for act, more in (
        (deciding.merge, {"into": target, "people": 2}), (deciding.extend, {"decides_on": date(2026, 9, 20), "weeks_later": 0}),
        (deciding.promise, {}),
    ):
        with pytest.raises(NotFound):
            desk.do(act, actor=person, code=desk.code, now=MIDNIGHT, **more)


# Races, as two open transactions


def _merging(desk: Desk, target: str, people: int) -> Callable[[Session], object]:
    def merge(session: Session) -> object:
        return deciding.merge(session, actor=desk.planner, provider_slug=SLUG, code=desk.code, into=target, people=people, now=MIDNIGHT)

    return merge


def _enrolling(desk: Desk, code: str, now: datetime) -> Callable[[Session], object]:
    person = desk.learner("Rivaal")

    def enrol(session: Session) -> object:
        return builders.enrol(session, actor=person, offering_code=code, now=now)

    return enrol


def test_merging_and_enrolling_in_the_other_class_never_fill_it_over_the_brim(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    target = desk.another_class(seats=2)
    assert at_the_same_time(database, _merging(desk, target, 2), _enrolling(desk, target, now)) == OfferingFull.code
    assert (desk.taken(), desk.taken(target)) == (0, 2)


def test_who_enrols_in_the_other_class_just_before_the_merge_is_first(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    target = desk.another_class(seats=2)
    assert at_the_same_time(database, _enrolling(desk, target, now), _merging(desk, target, 2)) == NoClassToMerge.code
    assert (desk.taken(), desk.taken(target), desk.offering().state) == (2, 1, OfferingState.ACTIVE)


def test_who_enrols_in_a_class_that_is_merged_at_that_moment_is_not_lost(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    target = desk.another_class(seats=9)
    heard = at_the_same_time(database, _merging(desk, target, 2), _enrolling(desk, desk.code, now))
    desk.run(service.withdraw_seats, offering_id=desk.offering().id)
    assert (desk.taken(), desk.taken(target)) == (0, 2)
    assert heard in {"enrolment-closed", "done"}  # where writers do not queue the class may have been open as they asked: then they are told
    assert desk.news(SeatWithdrawn) == (1 if heard == "done" else 0)


def test_who_confirms_at_the_moment_of_a_merge_keeps_the_hour_to_pay(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=0, price=24500)
    target, sam = desk.another_class(seats=9, price=24500), desk.learner()
    with database.writing() as session:
        mine = service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=None, now=MIDNIGHT)

    def confirm(session: Session) -> None:
        service.confirm(session, actor=sam, code=mine, now=MIDNIGHT)

    heard = at_the_same_time(database, confirm, _merging(desk, target, 1))
    assert heard in {"done", "people-changed", "busy"}  # the merge came after, or the row changed under it, and the planner presses once more
    row = desk.row(mine)
    assert (row.waits_for, row.until) == (WaitsFor.PAYMENT, MIDNIGHT + timedelta(hours=1))
    assert desk.taken(target if heard == "done" else "") == 1


def test_two_colleagues_who_merge_at_once_merge_once(database: Database, now: datetime) -> None:
    desk = _desk(database, now, people=2)
    target = desk.another_class(seats=9)
    assert at_the_same_time(database, _merging(desk, target, 2), _merging(desk, target, 2)) == NothingToDecide.code
    assert (desk.taken(), desk.taken(target), desk.news(SeatMoved)) == (0, 2, 2)


def test_without_the_guard_of_taking_seats_a_merge_fills_a_class_over_the_brim_and_the_check_stops_it(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: a taking that does not look at the capacity, against somebody who was first."""
    desk = _desk(database, now, people=2)
    target = desk.another_class(seats=2)

    def blind(session: Session, pool_id: UUID, number: int = 1) -> bool:
        session.execute(update(SeatPool).where(SeatPool.id == pool_id).values(taken=SeatPool.taken + number))
        return True

    monkeypatch.setattr(seats, "take", blind)
    monkeypatch.setattr(reads, "choices_for", lambda _session, _work, people, *, today: _choice(desk, target, people, today))
    assert at_the_same_time(database, _enrolling(desk, target, now), _merging(desk, target, 2)) == "stopped by the database"


def _choice(desk: Desk, target: str, people: int, today: date) -> tuple[reads.MergeChoice, ...]:
    """Return the class as it was seen before somebody enrolled in it."""
    with desk.database.reading() as session:
        work = catalogue.offering_for_planning(session, desk.planner, SLUG, target)
    assert today == DECIDES_ON
    return (reads.MergeChoice(work, people, people),)
