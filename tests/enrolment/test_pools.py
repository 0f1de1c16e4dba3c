"""Seats kept apart: they move between pools and are never more than the class has; codes open them; their day opens them for all."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Role
from academy.accounts.models import TrailEntry
from academy.accounts.queries import Actor
from academy.catalogue.errors import ProviderNotFound
from academy.catalogue.models import Offering
from academy.catalogue.models import Provider as ProviderRow
from academy.enrolment import queries, rounds, service
from academy.enrolment.errors import OfferingFull, PoolNameTaken, PoolNotFound, SeatCodeUsed, SeatsNotFree
from academy.enrolment.kinds import EnrolmentState, PoolKind
from academy.enrolment.models import Enrolment, SeatCode, SeatPool
from academy.enrolment.queries.seats import audit_classes
from academy.enrolment.service import pools, seats, waiting
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import builders
from tests.enrolment.races import at_the_same_time

UNTIL = date(2026, 9, 15)
OPENS = datetime.fromisoformat("2026-09-15T22:00:00+00:00")  # midnight in Amsterdam


def _class(database: Database, now: datetime, *, seats: int = 10) -> tuple[str, Actor]:
    """Make a class, and who plans it."""
    with database.writing() as session:
        code, planner = builders.offering(session, now, seats=seats), builders.actor(session, now)
        provider_id = session.scalars(select(ProviderRow.id)).one()
        accounts.add_membership(session, person_id=planner.person_id, organisation_id=provider_id, role=Role.PLANNER)
        return code, planner


def _people(database: Database, now: datetime, number: int) -> list[Actor]:
    with database.writing() as session:
        return [builders.actor(session, now) for _ in range(number)]


def _do(database: Database, act: Any, planner: Actor, code: str, now: datetime, **what: Any) -> Any:
    with database.writing() as session:
        return act(session, actor=planner, provider_slug="windesheim", code=code, now=now, **what)


def _keep(database: Database, planner: Actor, code: str, now: datetime, number: int, *, name: str = "Gemeente Almere") -> UUID:
    found: UUID = _do(database, pools.keep_apart, planner, code, now, name=name, number=number, until=UNTIL)
    return found


def _hold(database: Database, actor: Actor, code: str, now: datetime, seat_code: str = "") -> str:
    with database.writing() as session:
        return service.hold_seat(session, actor=actor, offering_code=code, request_key=None, seat_code=seat_code, now=now)


def _pools(database: Database) -> dict[str, tuple[int, int]]:
    """Return capacity and taken by name, after the books are found to be right."""
    with database.reading() as session:
        assert queries.audit(session) == []
        assert audit_classes(session) == []
        return {name: (capacity, taken) for name, capacity, taken in session.execute(select(SeatPool.name, SeatPool.capacity, SeatPool.taken))}


def test_seats_kept_apart_come_out_of_those_for_everyone(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    _keep(database, planner, code, now, 4)
    assert _pools(database) == {"": (6, 0), "Gemeente Almere": (4, 0)}
    with database.reading() as session:
        assert session.scalars(select(SeatPool.opens_up_at).where(SeatPool.kind != PoolKind.PUBLIC)).all() == [OPENS]


def test_more_are_given_and_given_back(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 4)
    _do(database, pools.give_more, planner, code, now, pool_id=pool_id, number=3)
    assert _pools(database) == {"": (3, 0), "Gemeente Almere": (7, 0)}
    _do(database, pools.give_back, planner, code, now, pool_id=pool_id, number=5)
    assert _pools(database) == {"": (8, 0), "Gemeente Almere": (2, 0)}


def test_a_seat_that_somebody_has_is_moved_nowhere(database: Database, now: datetime) -> None:
    code, planner = _class(database, now, seats=3)
    pool_id = _keep(database, planner, code, now, 2)
    sam, noor = _people(database, now, 2)
    _hold(database, sam, code, now)
    (seat_code,) = _do(database, pools.make_codes, planner, code, now, pool_id=pool_id, number=1, uses=1)
    _hold(database, noor, code, now, seat_code)
    for act, number in ((pools.give_more, 1), (pools.give_back, 2)):
        with pytest.raises(SeatsNotFree):
            _do(database, act, planner, code, now, pool_id=pool_id, number=number)
    with pytest.raises(SeatsNotFree):
        _keep(database, planner, code, now, 1, name="Een ander")
    assert _pools(database) == {"": (1, 1), "Gemeente Almere": (2, 1)}


def test_a_name_stands_for_one_group(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    _keep(database, planner, code, now, 1)
    with pytest.raises(PoolNameTaken):
        _keep(database, planner, code, now, 1)


def test_seats_given_back_are_offered_to_who_waits(database: Database, now: datetime) -> None:
    code, planner = _class(database, now, seats=2)
    pool_id = _keep(database, planner, code, now, 1)
    sam, noor = _people(database, now, 2)
    _hold(database, sam, code, now)
    with database.writing() as session:
        hers = waiting.join_waiting_list(
            session, actor=noor, offering_code=code, when_can_you=(), most_price=None, request_key=new_id(), now=now,
        )
    _do(database, pools.give_back, planner, code, now, pool_id=pool_id, number=1)
    with database.reading() as session:
        assert queries.my_enrolment(session, noor, hers).state is EnrolmentState.OFFERED
    assert _pools(database) == {"": (2, 2), "Gemeente Almere": (0, 0)}


def test_who_does_not_plan_there_and_a_pool_of_another_class_open_nothing(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 4)
    (stranger,) = _people(database, now, 1)
    with pytest.raises(ProviderNotFound):
        _do(database, pools.make_codes, stranger, code, now, pool_id=pool_id, number=1, uses=1)
    with database.reading() as session:
        public = session.scalars(select(SeatPool.id).where(SeatPool.kind == PoolKind.PUBLIC)).one()
    for wrong in (public, new_id()):
        with pytest.raises(PoolNotFound):
            _do(database, pools.make_codes, planner, code, now, pool_id=wrong, number=1, uses=1)


def test_a_code_gives_a_seat_of_its_pool_as_often_as_it_may(database: Database, now: datetime) -> None:
    code, planner = _class(database, now, seats=3)
    pool_id = _keep(database, planner, code, now, 3)
    sam, noor, piet = _people(database, now, 3)
    with pytest.raises(OfferingFull):
        _hold(database, sam, code, now)
    (seat_code,) = _do(database, pools.make_codes, planner, code, now, pool_id=pool_id, number=1, uses=2)
    _hold(database, sam, code, now, seat_code)
    _hold(database, noor, code, now, seat_code.lower())
    with pytest.raises(SeatCodeUsed):
        _hold(database, piet, code, now, seat_code)
    assert _pools(database) == {"": (0, 0), "Gemeente Almere": (3, 2)}


@pytest.mark.parametrize("way", ["the time ran out", "given back"])
def test_a_code_works_again_when_its_seat_is_given_up(database: Database, now: datetime, way: str) -> None:
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 1)
    sam, noor = _people(database, now, 2)
    (seat_code,) = _do(database, pools.make_codes, planner, code, now, pool_id=pool_id, number=1, uses=1)
    mine = _hold(database, sam, code, now, seat_code.lower())
    with database.writing() as session:
        if way == "given back":
            service.cancel(session, actor=sam, code=mine, now=now)
        else:
            assert service.expire_due(session, now=now + timedelta(minutes=15)) == 1
    _hold(database, noor, code, now, seat_code)
    assert _pools(database) == {"": (9, 0), "Gemeente Almere": (1, 1)}
    with database.reading() as session:
        assert session.scalars(select(SeatCode.used)).all() == [1]


def test_keeping_apart_giving_back_and_making_codes_stand_in_the_audit_trail(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 4)
    _do(database, pools.give_back, planner, code, now, pool_id=pool_id, number=1)
    made = _do(database, pools.make_codes, planner, code, now, pool_id=pool_id, number=2, uses=1)
    with database.reading() as session:
        acts = {row.act: str(row.details) for row in session.scalars(select(TrailEntry))}
    assert {"seats-kept-apart", "seats-given-back", "seat-codes-made"} <= acts.keys()
    assert not any(each in acts["seat-codes-made"] for each in made)


# The day on which they open up


def test_on_its_day_what_is_free_of_a_pool_is_for_everyone_and_what_is_taken_stays(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 4)
    (sam,) = _people(database, now, 1)
    (seat_code,) = _do(database, pools.make_codes, planner, code, now, pool_id=pool_id, number=1, uses=1)
    _hold(database, sam, code, now, seat_code)
    rounds.open_up_pools(OPENS - timedelta(seconds=1))
    assert _pools(database) == {"": (6, 0), "Gemeente Almere": (4, 1)}
    for _turn in range(2):
        rounds.open_up_pools(OPENS)
    assert _pools(database) == {"": (9, 0), "Gemeente Almere": (1, 1)}


def test_a_seat_that_comes_free_after_the_day_is_for_everyone_too(database: Database, now: datetime) -> None:
    code, planner = _class(database, now, seats=2)
    pool_id = _keep(database, planner, code, now, 1)
    (seat_code,) = _do(database, pools.make_codes, planner, code, now, pool_id=pool_id, number=1, uses=1)
    (noor,) = _people(database, now, 1)
    with database.writing() as session:
        hers = service.hold_seat(session, actor=noor, offering_code=code, request_key=None, now=now, seat_code=seat_code)
        assert pools.open_up(session, pool_id=pool_id, now=OPENS) == 0
    with database.writing() as session:
        service.cancel(session, actor=noor, code=hers, now=OPENS)
        assert pools.open_up(session, pool_id=pool_id, now=OPENS) == 1
    assert _pools(database) == {"": (2, 0), "Gemeente Almere": (0, 0)}


def _opening(pool_id: UUID) -> Any:
    return lambda session: pools.open_up(session, pool_id=pool_id, now=OPENS)


def test_a_pool_that_two_workers_open_up_at_once_is_opened_once(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 4)
    assert at_the_same_time(database, _opening(pool_id), _opening(pool_id)) == "done"
    assert _pools(database) == {"": (10, 0), "Gemeente Almere": (0, 0)}


def test_negative_control_without_lock_and_guard_the_check_stops_the_second_opening(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SQLite has one writer at a time: there the second finds the pool open."""
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 4)
    monkeypatch.setattr(seats, "lock", lambda _session, _pool_ids: None)
    monkeypatch.setattr(seats, "move", _move_without_guard)
    heard = at_the_same_time(database, _opening(pool_id), _opening(pool_id), guarded=False)
    assert heard == ("done" if database.is_sqlite else "stopped by the database")


def _move_without_guard(session: Session, *, from_pool: UUID, to_pool: UUID, seats: int) -> bool:
    for pool_id, number in ((from_pool, -seats), (to_pool, seats)):
        session.execute(update(SeatPool).where(SeatPool.id == pool_id).values(capacity=SeatPool.capacity + number))
    return True


# A code for one


def _using(actor: Actor, code: str, seat_code: str, now: datetime) -> Any:
    return lambda session: service.hold_seat(session, actor=actor, offering_code=code, request_key=None, seat_code=seat_code, now=now)


def _one_code(database: Database, now: datetime) -> tuple[str, str, list[Actor]]:
    code, planner = _class(database, now)
    pool_id = _keep(database, planner, code, now, 4)
    (seat_code,) = _do(database, pools.make_codes, planner, code, now, pool_id=pool_id, number=1, uses=1)
    return code, seat_code, _people(database, now, 2)


def test_a_code_for_one_that_two_use_at_once_gives_one_seat(database: Database, now: datetime) -> None:
    code, seat_code, (sam, noor) = _one_code(database, now)
    assert at_the_same_time(database, _using(sam, code, seat_code, now), _using(noor, code, seat_code, now)) == SeatCodeUsed.code
    assert _pools(database)["Gemeente Almere"] == (4, 1)


def test_negative_control_without_the_guard_the_check_stops_the_second_use(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, seat_code, (sam, noor) = _one_code(database, now)
    monkeypatch.setattr(seats, "use_code", _use_without_guard)
    assert at_the_same_time(database, _using(sam, code, seat_code, now), _using(noor, code, seat_code, now)) == "stopped by the database"


def _use_without_guard(session: Session, code: str, *, now: datetime) -> UUID | None:
    session.execute(text("UPDATE seat_code SET used = used + 1"))
    return session.scalar(select(SeatCode.pool_id).where(SeatCode.code == code))


def test_negative_control_a_code_that_is_not_counted_gives_more_seats_than_it_may(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, seat_code, (sam, noor) = _one_code(database, now)
    monkeypatch.setattr(seats, "use_code", lambda session, _code, **_what: session.scalar(select(SeatCode.pool_id)))
    for actor in (sam, noor):
        _hold(database, actor, code, now, seat_code)
    assert _pools(database)["Gemeente Almere"] == (4, 2)


# The books


def test_the_audit_finds_a_class_whose_pools_do_not_add_up_to_its_seats(database: Database, now: datetime) -> None:
    code, planner = _class(database, now)
    _keep(database, planner, code, now, 4)
    with database.writing() as session:
        session.execute(update(SeatPool).where(SeatPool.kind == PoolKind.PUBLIC).values(capacity=7))
    with database.reading() as session:
        (found,) = audit_classes(session)
        assert (found.seats, found.in_pools) == (10, 11)


def test_a_source_that_gives_a_class_fewer_seats_than_are_taken_is_no_fault(database: Database, now: datetime) -> None:
    code, _planner = _class(database, now)
    sam, noor = _people(database, now, 2)
    for actor in (sam, noor):
        _hold(database, actor, code, now)
    with database.writing() as session:
        session.execute(update(Offering).values(seats=1))
        service.follow_seats(session, provider_id=session.scalars(select(ProviderRow.id)).one(), now=now)
    assert _pools(database) == {"": (2, 2)}
    with database.reading() as session:
        assert len(session.scalars(select(Enrolment)).all()) == 2
