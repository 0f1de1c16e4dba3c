"""Waiting: in line with a place, out with one click, and told once when a module has room."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue.models import EnrolmentPeriod
from academy.enrolment import queries, rounds, service
from academy.enrolment.errors import AlreadyEnrolled, NotInLine, OfferingNotFull, RoomNow
from academy.enrolment.events import NewsWanted, PutInLine
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, NewsWish, SeatPool
from academy.enrolment.queries import waiting as reads
from academy.enrolment.service import seats, waiting
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.outbox import Event, OutboxMessage
from tests import builders
from tests.enrolment.races import at_the_same_time

SLUG = "netwerkbeheer"


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    """Let somebody want to hear the news, so that it is written."""
    before = dict(outbox._subscribers)
    for event in (NewsWanted, PutInLine):
        outbox.subscribe(f"tests.{event.name}", event, outside=lambda *_: None)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(before)


def _news(database: Database, event: type[Event]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.event == event.name, OutboxMessage.subscriber.like("tests.%"))) or 0


def _full_class(database: Database, now: datetime, *, people: int = 3) -> tuple[str, list[Actor], str]:
    """Make a class of one seat, which the first of these people has; returns its code, the people, and the enrolment of the first."""
    with database.writing() as session:
        code, found = builders.offering(session, now, seats=1), [builders.actor(session, now) for _ in range(people)]
        return code, found, builders.enrol(session, actor=found[0], offering_code=code, now=now)


def _do(database: Database, act: Callable[..., object], **what: object) -> object:
    with database.writing() as session:
        return act(session, **what)


def _join(database: Database, actor: Actor, code: str, now: datetime, *, when: tuple[str, ...] = ("tue-evening",)) -> str:
    with database.writing() as session:
        return waiting.join_waiting_list(
            session, actor=actor, offering_code=code, when_can_you=when, most_price=Money(25000), request_key=new_id(), now=now,
        )


def _leave(database: Database, actor: Actor, mine: str, now: datetime) -> None:
    with database.writing() as session:
        waiting.leave_line(session, facts=queries.my_enrolment(session, actor, mine), by=actor.person_id, now=now)


def _state(database: Database, actor: Actor, mine: str) -> EnrolmentState:
    with database.reading() as session:
        assert queries.audit(session) == []
        return queries.my_enrolment(session, actor, mine).state


# In line


def test_the_same_form_sent_twice_is_one_place_in_line_and_one_letter(database: Database, now: datetime) -> None:
    code, (_sam, noor, _piet), _his = _full_class(database, now)
    key = new_id()
    ask = {"actor": noor, "offering_code": code, "when_can_you": (), "most_price": None, "request_key": key, "now": now}
    assert _do(database, waiting.join_waiting_list, **ask) == _do(database, waiting.join_waiting_list, **ask)
    assert _news(database, PutInLine) == 1
    with pytest.raises(AlreadyEnrolled):
        _join(database, noor, code, now)


def test_the_page_knows_how_many_wait_when_they_can_and_ones_own_place(database: Database, now: datetime) -> None:
    code, (_sam, noor, piet), _his = _full_class(database, now)
    _join(database, noor, code, now, when=("tue-evening", "sat-morning"))
    _join(database, piet, code, now + timedelta(seconds=1), when=("sat-morning",))
    with database.reading() as session:
        found = reads.waiting_for(session, piet, code)
    assert (found.line.waiting, found.line.offered, dict(found.line.when)) == (2, 0, {"tue-evening": 1, "sat-morning": 2})
    assert (found.place, found.seats.left, found.seats.taken) == (2, 0, 1)


def test_who_leaves_the_line_makes_the_others_move_up(database: Database, now: datetime) -> None:
    code, (_sam, noor, piet), _his = _full_class(database, now)
    hers = _join(database, noor, code, now)
    _join(database, piet, code, now + timedelta(seconds=1))
    _leave(database, noor, hers, now)
    with database.reading() as session:
        assert reads.waiting_for(session, piet, code).place == 1
    with pytest.raises(NotInLine):
        _leave(database, noor, hers, now)


def test_an_offered_seat_that_is_let_go_is_offered_to_the_next_at_once(database: Database, now: datetime) -> None:
    code, (sam, noor, piet), his = _full_class(database, now)
    hers, also = _join(database, noor, code, now), _join(database, piet, code, now + timedelta(seconds=1))
    _do(database, service.cancel, actor=sam, code=his, now=now)
    assert _state(database, noor, hers) is EnrolmentState.OFFERED
    _leave(database, noor, hers, now)
    assert (_state(database, noor, hers), _state(database, piet, also)) == (EnrolmentState.CANCELLED, EnrolmentState.OFFERED)
    with database.reading() as session:
        assert session.scalars(select(SeatPool.taken)).all() == [1]


def test_a_seat_that_was_accepted_is_not_lost_by_the_link_of_an_old_letter(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet), his = _full_class(database, now)
    hers = _join(database, noor, code, now)
    _do(database, service.cancel, actor=sam, code=his, now=now)
    _do(database, service.confirm, actor=noor, code=hers, now=now)
    with pytest.raises(NotInLine):
        _leave(database, noor, hers, now)
    assert _state(database, noor, hers) is EnrolmentState.CONFIRMED


# Demand


def test_who_waits_counts_as_demand_with_the_moments_that_suit_them(database: Database, now: datetime) -> None:
    code, (_sam, noor, piet), _his = _full_class(database, now)
    _join(database, noor, code, now, when=("tue-evening", "sat-morning"))
    _join(database, piet, code, now, when=("tue-evening",))
    _do(database, waiting.ask_for_news, actor=piet, module_slug=SLUG, now=now)
    with database.reading() as session:
        (found,) = reads.waiting_demand(session)
    assert (found.waiting, found.wants_news, dict(found.when)) == (2, 1, {"tue-evening": 2, "sat-morning": 1})


# News


def test_news_is_told_once_when_a_seat_comes_free_for_which_nobody_waits(database: Database, now: datetime) -> None:
    _code, (sam, noor, _piet), his = _full_class(database, now)
    _do(database, waiting.ask_for_news, actor=noor, module_slug=SLUG, now=now)
    rounds.tell_news(now)
    assert _news(database, NewsWanted) == 0
    _do(database, service.cancel, actor=sam, code=his, now=now)
    for _turn in range(2):
        rounds.tell_news(now)
    assert _news(database, NewsWanted) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(NewsWish)) == 0


def test_who_waits_in_line_goes_before_who_wants_news(database: Database, now: datetime) -> None:
    code, (_sam, noor, piet), _his = _full_class(database, now)
    _join(database, piet, code, now)
    _do(database, waiting.ask_for_news, actor=noor, module_slug=SLUG, now=now)
    with database.writing() as session:
        session.execute(update(SeatPool).values(capacity=2))  # a free seat that nobody offered yet
    rounds.tell_news(now)
    assert _news(database, NewsWanted) == 0


def test_news_is_told_when_enrolment_opens_by_the_day_though_nobody_does_anything(database: Database, now: datetime) -> None:
    opens = now + timedelta(days=2)
    with database.writing() as session:
        builders.offering(session, now)
        session.execute(update(EnrolmentPeriod).values(opens_on=opens.date()))
        noor = builders.actor(session, now)
        waiting.ask_for_news(session, actor=noor, module_slug=SLUG, now=now)
    rounds.tell_news(now)
    assert _news(database, NewsWanted) == 0
    rounds.tell_news(opens)
    assert _news(database, NewsWanted) == 1


def test_seats_kept_apart_are_no_news_for_everyone(database: Database, now: datetime) -> None:
    _code, (_sam, noor, _piet), _his = _full_class(database, now)
    with database.writing() as session:
        session.execute(update(SeatPool).values(kind="target-group", name="Gemeente Almere", taken=0))
        session.execute(update(Enrolment).values(state=EnrolmentState.CANCELLED, ended_at=now))
        session.add(SeatPool(
            id=new_id(), offering_id=session.scalars(select(SeatPool.offering_id)).one(), kind="public", name="", capacity=0, taken=0,
        ))
        waiting.ask_for_news(session, actor=noor, module_slug=SLUG, now=now)
    rounds.tell_news(now)
    assert _news(database, NewsWanted) == 0


def test_news_is_for_modules_without_room_and_can_be_undone(database: Database, now: datetime) -> None:
    with database.writing() as session:
        builders.offering(session, now)
        noor = builders.actor(session, now)
    with pytest.raises(RoomNow):
        _do(database, waiting.ask_for_news, actor=noor, module_slug=SLUG, now=now)
    later = now + timedelta(days=27)  # enrolment has closed
    for _twice in range(2):
        _do(database, waiting.ask_for_news, actor=noor, module_slug=SLUG, now=later)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(NewsWish)) == 1
        assert reads.news_of(session, noor, SLUG, now=later).is_asked
    _do(database, waiting.forget_news, actor=noor, module_slug=SLUG, now=later)
    with database.reading() as session:
        assert not reads.news_of(session, noor, SLUG, now=later).is_asked


# Two open transactions


def _joining(actor: Actor, code: str, now: datetime) -> Callable[[Session], object]:
    return lambda session: waiting.join_waiting_list(
        session, actor=actor, offering_code=code, when_can_you=(), most_price=None, request_key=None, now=now,
    )


def _cancelling(actor: Actor, mine: str, now: datetime) -> Callable[[Session], object]:
    return lambda session: service.cancel(session, actor=actor, code=mine, now=now)


def _states(database: Database) -> list[EnrolmentState]:
    with database.reading() as session:
        return list(session.scalars(select(Enrolment.state).order_by(Enrolment.id)))


def test_who_joins_the_line_while_a_seat_comes_free_is_sent_to_the_seat(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet), his = _full_class(database, now)
    assert at_the_same_time(database, _cancelling(sam, his, now), _joining(noor, code, now)) == OfferingNotFull.code


def test_a_seat_that_comes_free_while_somebody_joins_the_line_is_theirs(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet), his = _full_class(database, now)
    assert at_the_same_time(database, _joining(noor, code, now), _cancelling(sam, his, now)) == "done"
    assert _states(database) == [EnrolmentState.CANCELLED, EnrolmentState.OFFERED]


@pytest.mark.parametrize("joins_first", [True, False])
def test_negative_control_without_the_lock_who_joins_is_skipped_where_two_can_write_at_once(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch, joins_first: bool,
) -> None:
    """SQLite has one writer at a time: there its BEGIN IMMEDIATE is the lock."""
    monkeypatch.setattr(seats, "lock", lambda _session, _pool_ids: None)
    code, (sam, noor, _piet), his = _full_class(database, now)
    both = [_joining(noor, code, now), _cancelling(sam, his, now)]
    at_the_same_time(database, *(both if joins_first else both[::-1]), guarded=False)
    with database.reading() as session:
        is_skipped = EnrolmentState.WAITING in _states(database) and session.scalars(select(SeatPool.taken)).all() == [0]
    assert is_skipped is not database.is_sqlite


def test_one_seat_let_go_by_two_windows_is_passed_on_once(database: Database, now: datetime) -> None:
    code, (sam, noor, piet), his = _full_class(database, now)
    hers, also = _join(database, noor, code, now), _join(database, piet, code, now + timedelta(seconds=1))
    _do(database, service.cancel, actor=sam, code=his, now=now)

    def letting_go(session: Session) -> None:
        waiting.leave_line(session, facts=queries.my_enrolment(session, noor, hers), by=None, now=now)

    assert at_the_same_time(database, letting_go, letting_go) == NotInLine.code
    assert _state(database, piet, also) is EnrolmentState.OFFERED
