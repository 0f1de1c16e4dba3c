"""The draw in the same moment as something else: two open transactions, of which the second meets the first before it commits."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.enrolment import queries, service
from academy.enrolment.models import DrawLot
from academy.enrolment.service import drawing, waiting
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests.enrolment.desk import SLUG, Desk, open_desk
from tests.enrolment.lots import at, by_lot, by_seed, draw_day, drawing_act, entered, in_order, joining, line, states
from tests.enrolment.races import Act, at_the_same_time

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return open_desk(database, now, seats=2)


def leaving(desk: Desk, code: str) -> Act:
    def act(session: Session) -> None:
        facts = queries.enrolment(session, desk.row(code).id)
        assert facts is not None
        waiting.leave_line(session, facts=facts, by=facts.person_id, now=at(desk))
    return act


def lots(desk: Desk) -> int:
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(DrawLot)) or 0


def test_two_workers_hold_one_draw(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 4)
    assert at_the_same_time(desk.database, drawing_act(desk), drawing_act(desk, now=at(desk) + MINUTE)) == "done"
    assert lots(desk) == 4
    assert states(desk, by_seed(desk, codes)) == ["offered", "offered", "waiting", "waiting"]


def test_who_leaves_while_the_draw_is_held_was_in_it_and_the_seat_goes_to_the_next(desk: Desk) -> None:
    by_lot(desk)
    codes = by_seed(desk, entered(desk, 3))
    assert at_the_same_time(desk.database, drawing_act(desk), leaving(desk, codes[0])) == "done"
    assert in_order(desk) == codes
    assert states(desk, codes) == ["cancelled", "offered", "offered"]


def test_a_draw_that_meets_who_leaves_is_without_them(desk: Desk) -> None:
    by_lot(desk)
    codes = by_seed(desk, entered(desk, 3))
    assert at_the_same_time(desk.database, leaving(desk, codes[0]), drawing_act(desk)) == "done"
    assert in_order(desk) == codes[1:]
    assert states(desk, codes) == ["cancelled", "offered", "offered"]


def test_who_joins_just_before_the_moment_and_commits_before_the_draw_is_in_it(desk: Desk) -> None:
    by_lot(desk)
    entered(desk, 2)
    join = joining(desk, desk.learner(), now=at(desk) - timedelta(microseconds=1))
    assert at_the_same_time(desk.database, join, drawing_act(desk)) == "done"
    assert lots(desk) == 3


def test_who_joins_while_the_draw_is_held_stands_behind_all_lots(desk: Desk) -> None:
    by_lot(desk)
    codes = by_seed(desk, entered(desk, 3))
    assert at_the_same_time(desk.database, drawing_act(desk), joining(desk, desk.learner(), now=at(desk) + MINUTE)) == "done"
    assert line(desk)[0] == codes[2]
    assert lots(desk) == 3


def test_who_asked_before_the_moment_and_was_slower_than_the_draw_passes_no_lot(desk: Desk) -> None:
    by_lot(desk)
    codes = by_seed(desk, entered(desk, 3))
    slow = joining(desk, desk.learner(), now=at(desk) - timedelta(microseconds=2))
    assert at_the_same_time(desk.database, drawing_act(desk), slow) == "done"
    assert line(desk)[0] == codes[2]
    assert lots(desk) == 3


def test_a_seat_asked_for_while_a_draw_is_announced_is_not_given(desk: Desk) -> None:
    sam = desk.learner()

    def announce(session: Session) -> None:
        drawing.announce_draw(session, actor=desk.planner, provider_slug=SLUG, code=desk.code, day=draw_day(desk), now=desk.now)

    def ask(session: Session) -> None:
        service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=new_id(), now=desk.now)

    assert at_the_same_time(desk.database, announce, ask) == "seats-by-lot"
    assert desk.taken() == 0


def test_a_draw_is_not_announced_of_a_class_in_which_somebody_takes_a_seat_in_that_moment(desk: Desk) -> None:
    sam = desk.learner()

    def announce(session: Session) -> None:
        drawing.announce_draw(session, actor=desk.planner, provider_slug=SLUG, code=desk.code, day=draw_day(desk), now=desk.now)

    def ask(session: Session) -> None:
        service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=new_id(), now=desk.now)

    assert at_the_same_time(desk.database, ask, announce) == "draw-too-late"
    assert desk.taken() == 1


def test_a_draw_is_not_taken_back_while_somebody_enters_it(desk: Desk) -> None:
    by_lot(desk)

    def take_back(session: Session) -> None:
        drawing.take_draw_back(session, actor=desk.planner, provider_slug=SLUG, code=desk.code, now=desk.now)

    assert at_the_same_time(desk.database, joining(desk, desk.learner()), take_back) == "draw-entered"


def test_who_enters_a_draw_while_it_is_taken_back_is_told_to_take_a_seat(desk: Desk) -> None:
    by_lot(desk)

    def take_back(session: Session) -> None:
        drawing.take_draw_back(session, actor=desk.planner, provider_slug=SLUG, code=desk.code, now=desk.now)

    assert at_the_same_time(desk.database, take_back, joining(desk, desk.learner())) == "offering-not-full"


def test_a_draw_that_stops_halfway_leaves_nothing_and_is_held_again(desk: Desk) -> None:
    by_lot(desk)
    codes = by_seed(desk, entered(desk, 3))
    with pytest.raises(RuntimeError), desk.database.writing() as session:
        drawing_act(desk)(session)
        raise RuntimeError("killed")
    assert lots(desk) == 0
    assert states(desk, codes) == ["waiting"] * 3
    with desk.database.writing() as session:
        drawing_act(desk)(session)
    assert states(desk, codes) == ["offered", "offered", "waiting"]
