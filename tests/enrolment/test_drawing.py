"""Seats by lot: nobody has one by being quick, the seed that was fixed before decides, and the draw is held once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import TrailEntry
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rounds, rules, service
from academy.enrolment.errors import (
    BeginsBeforeDraw,
    DrawEntered,
    DrawTooLate,
    NoDraw,
    SeatsByLot,
    SeatsNotFree,
)
from academy.enrolment.events import NotDrawn, SeatOffered
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import DrawLot, Enrolment, SeatDraw, SeatPool
from academy.enrolment.queries import drawing as reads
from academy.enrolment.queries.seats import place_in_line
from academy.enrolment.service import drawing, guests, pools, together, waiting
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests.enrolment.desk import SLUG, Desk, listen, open_desk
from tests.enrolment.lots import SEED, at, by_lot, by_seed, draw, draw_day, entered, in_order, join, line, states

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(database: Database, now: datetime) -> Iterator[Desk]:
    before = dict(outbox._subscribers)
    listen(NotDrawn, SeatOffered)
    yield open_desk(database, now, seats=2)
    outbox._subscribers.clear()
    outbox._subscribers.update(before)


# Before the draw


def test_nobody_gets_a_seat_before_the_draw_in_whichever_way(desk: Desk) -> None:
    by_lot(desk)
    sam = desk.learner()
    with pytest.raises(SeatsByLot), desk.database.writing() as session:
        service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=new_id(), now=desk.now)
    with pytest.raises(SeatsByLot), desk.database.writing() as session:
        together.enrol_group(
            session, actor=sam, offering_code=desk.code, people=[("Noor", "noor@voorbeeld.nl")], request_key=None, language="nl", now=desk.now,
        )
    with pytest.raises(SeatsByLot), desk.database.writing() as session:
        guests.hold_for_guest(
            session, email="gast@voorbeeld.nl", name="Gast", offering_code=desk.code, next_path="/", language="nl", now=desk.now,
        )
    with pytest.raises(SeatsNotFree):
        desk.do(pools.keep_apart, code=desk.code, name="Gemeente", number=1, until=draw_day(desk))
    assert desk.taken() == 0


def test_a_guest_with_the_address_of_somebody_who_takes_part_hears_the_same(desk: Desk) -> None:
    by_lot(desk)
    sam = desk.learner()
    join(desk, sam)
    with pytest.raises(SeatsByLot), desk.database.writing() as session:
        guests.hold_for_guest(session, email=sam.email, name="Sam", offering_code=desk.code, next_path="/", language="nl", now=desk.now)


def test_the_database_keeps_a_seat_from_being_taken_before_the_draw(desk: Desk) -> None:
    by_lot(desk)
    with pytest.raises(IntegrityError), desk.database.writing() as session:
        session.execute(update(SeatPool).where(SeatPool.awaits_draw).values(taken=1))


def test_a_larger_class_gives_no_seat_before_the_draw(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 3)
    with desk.database.reading() as session:
        draft = catalogue.offering_for_planning(session, desk.planner, SLUG, desk.code).draft
    desk.do(service.replan, code=desk.code, draft=replace(draft, seats=5))
    assert states(desk, codes) == ["waiting"] * 3
    assert draw(desk) == 3
    assert states(desk, codes) == ["offered"] * 3


def test_a_draw_is_announced_as_long_as_nobody_has_a_seat_or_waits(desk: Desk, now: datetime) -> None:
    desk.ask(desk.learner())
    with pytest.raises(DrawTooLate):
        by_lot(desk)
    other, sam = desk.another_class(seats=0), desk.learner()
    with desk.database.writing() as session:
        waiting.join_waiting_list(
            session, actor=sam, offering_code=other, when_can_you=(), most_price=None, request_key=None, now=now,
        )
    with pytest.raises(DrawTooLate):
        desk.do(drawing.announce_draw, code=other, day=draw_day(desk))


def test_a_draw_is_on_a_day_to_come_and_before_the_first_meeting(desk: Desk) -> None:
    starts_on = desk.offering().starts_on
    for day in (draw_day(desk) - 3 * DAY, starts_on, starts_on + DAY):
        with pytest.raises(DrawTooLate):
            desk.do(drawing.announce_draw, code=desk.code, day=day)
    desk.do(drawing.announce_draw, code=desk.code, day=starts_on - DAY)


def test_a_class_has_one_draw_whatever_becomes_of_it(desk: Desk) -> None:
    by_lot(desk)
    with pytest.raises(DrawTooLate):
        desk.do(drawing.announce_draw, code=desk.code, day=draw_day(desk))
    draw(desk)
    with pytest.raises(DrawTooLate):
        desk.do(drawing.announce_draw, code=desk.code, day=draw_day(desk))


def test_a_draw_that_nobody_entered_can_be_taken_back_and_seats_then_go_to_who_asks(desk: Desk) -> None:
    by_lot(desk)
    desk.do(drawing.take_draw_back, code=desk.code)
    assert desk.row(desk.ask(desk.learner())).state is EnrolmentState.CONFIRMED
    with pytest.raises(DrawEntered):
        desk.do(drawing.take_draw_back, code=desk.code)


def test_a_draw_stays_once_somebody_entered_it_and_once_it_was_held(desk: Desk) -> None:
    by_lot(desk)
    entered(desk, 1)
    with pytest.raises(DrawEntered):
        desk.do(drawing.take_draw_back, code=desk.code)
    draw(desk)
    with pytest.raises(DrawEntered):
        desk.do(drawing.take_draw_back, code=desk.code)


def test_a_class_can_not_be_moved_to_begin_before_its_draw(desk: Desk) -> None:
    by_lot(desk)
    with desk.database.reading() as session:
        draft = catalogue.offering_for_planning(session, desk.planner, SLUG, desk.code).draft
    with pytest.raises(BeginsBeforeDraw):
        desk.do(service.replan, code=desk.code, draft=replace(draft, starts_on=draw_day(desk)))


def test_the_seed_is_told_only_after_the_draw_and_its_fingerprint_from_the_beginning(desk: Desk) -> None:
    by_lot(desk)
    mine = entered(desk, 1)[0]
    for is_drawn in (False, True):
        if is_drawn:
            draw(desk)
        with desk.database.reading() as session:
            told = reads.draw_of(session, desk.code)
            lot = reads.my_lot(session, enrolment_id=desk.row(mine).id, offering_id=desk.offering().id)
        assert lot is not None
        assert told.draw.fingerprint == rules.fingerprint_of(SEED)
        assert told.seed == lot.seed == (SEED if is_drawn else "")


def test_every_draw_has_a_seed_of_its_own_that_fits_its_fingerprint(desk: Desk) -> None:
    desk.do(drawing.announce_draw, code=desk.code, day=draw_day(desk))
    desk.do(drawing.announce_draw, code=desk.another_class(), day=draw_day(desk))
    with desk.database.reading() as session:
        one, two = session.scalars(select(SeatDraw)).all()
    assert one.seed != two.seed
    assert len(one.seed) == 64
    assert [rules.fingerprint_of(each.seed) for each in (one, two)] == [one.fingerprint, two.fingerprint]


# The draw


def test_the_seed_decides_who_gets_a_seat_and_the_order_of_arrival_nothing(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 6)
    assert draw(desk) == 6
    expected = by_seed(desk, codes)
    assert in_order(desk) == expected
    assert states(desk, expected) == ["offered"] * 2 + ["waiting"] * 4
    assert line(desk) == expected[2:]
    assert desk.news(SeatOffered) == 2
    assert desk.news(NotDrawn) == 4
    assert desk.taken() == 2


def test_before_the_moment_nothing_is_drawn_and_after_it_once(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 3)
    assert draw(desk, now=at(desk) - MINUTE) is None
    rounds.draw_lots(at(desk) - MINUTE)
    assert states(desk, codes) == ["waiting"] * 3
    rounds.draw_lots(at(desk))
    first = in_order(desk)
    rounds.draw_lots(at(desk) + MINUTE)
    assert draw(desk, now=at(desk) + DAY) is None
    assert in_order(desk) == first
    assert desk.taken() == 2
    with desk.database.reading() as session:
        assert session.scalars(select(TrailEntry.act).where(TrailEntry.act == "lots-drawn")).all() == ["lots-drawn"]


def test_who_comes_at_the_moment_of_the_draw_stands_behind_all_lots_however_late_it_is_held(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 3)
    last = join(desk, desk.learner(), now=at(desk))
    later = join(desk, desk.learner(), now=at(desk) + MINUTE)
    assert draw(desk, now=at(desk) + 5 * MINUTE) == 3
    assert line(desk) == [by_seed(desk, codes)[2], last, later]
    assert in_order(desk) == by_seed(desk, codes)


def test_who_left_before_the_draw_is_not_in_it(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 3)
    gone = by_seed(desk, codes)[0]
    leave(desk, gone)
    assert draw(desk) == 2
    assert gone not in in_order(desk)
    assert desk.row(gone).state is EnrolmentState.CANCELLED
    assert states(desk, by_seed(desk, codes)[1:]) == ["offered"] * 2


def leave(desk: Desk, code: str) -> None:
    with desk.database.writing() as session:
        facts = queries.enrolment(session, desk.row(code).id)
        assert facts is not None
        waiting.leave_line(session, facts=facts, by=facts.person_id, now=desk.now)


def test_a_seat_that_a_winner_lets_go_is_for_the_next_lot(desk: Desk) -> None:
    by_lot(desk)
    codes = by_seed(desk, entered(desk, 4))
    draw(desk)
    leave(desk, codes[0])
    assert states(desk, codes) == ["cancelled", "offered", "offered", "waiting"]
    rounds.end_holds(at(desk) + 3 * DAY)  # nobody answered
    assert states(desk, codes) == ["cancelled", "expired", "expired", "offered"]


def test_more_seats_than_lots_gives_all_a_seat_and_the_rest_goes_by_time(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 1)
    assert draw(desk) == 1
    assert states(desk, codes) == ["offered"]
    assert desk.row(desk.ask(desk.learner(), now=at(desk))).state is EnrolmentState.CONFIRMED
    assert desk.news(NotDrawn) == 0


def test_a_draw_that_nobody_entered_is_held_and_seats_then_go_to_who_asks(desk: Desk) -> None:
    by_lot(desk)
    assert draw(desk) == 0
    assert desk.row(desk.ask(desk.learner(), now=at(desk))).state is EnrolmentState.CONFIRMED


def test_seats_that_are_kept_apart_are_not_drawn_and_who_has_one_is_not_in_it(desk: Desk) -> None:
    pool_id = desk.do(pools.keep_apart, code=desk.code, name="Gemeente", number=1, until=desk.offering().starts_on)
    seat_code = desk.do(pools.make_codes, code=desk.code, pool_id=pool_id, number=1, uses=1)[0]
    by_lot(desk)
    codes = entered(desk, 2)
    sam = desk.learner()
    with desk.database.writing() as session:
        apart = service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=None, seat_code=seat_code, now=desk.now)
        service.confirm(session, actor=sam, code=apart, now=desk.now)
    assert draw(desk) == 2
    assert states(desk, by_seed(desk, codes)) == ["offered", "waiting"]
    assert desk.row(apart).state is EnrolmentState.CONFIRMED
    assert apart not in in_order(desk)


def test_seats_that_are_given_back_before_the_draw_are_drawn_too(desk: Desk) -> None:
    pool_id = desk.do(pools.keep_apart, code=desk.code, name="Gemeente", number=1, until=draw_day(desk) - DAY)
    by_lot(desk)
    codes = entered(desk, 2)
    with desk.database.writing() as session:
        assert pools.open_up(session, pool_id=pool_id, now=at(desk) - MINUTE) == 1
    assert states(desk, codes) == ["waiting"] * 2
    draw(desk)
    assert states(desk, codes) == ["offered"] * 2


def test_a_class_that_is_called_off_before_its_draw_gives_nobody_a_seat(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 2)
    desk.do(catalogue.call_off_offering, code=desk.code, reason="Ziek.")
    draw(desk)
    desk.news_arrives()
    assert states(desk, codes) == ["cancelled"] * 2
    assert desk.news(SeatOffered) == desk.news(NotDrawn) == 0


def test_a_place_in_line_has_a_number_only_after_the_draw(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 3)
    with desk.database.reading() as session:
        assert place_in_line(session, desk.row(codes[0]).id) is None
    draw(desk)
    with desk.database.reading() as session:
        assert place_in_line(session, desk.row(by_seed(desk, codes)[2]).id) == 1


# Once more


def test_drawing_once_more_with_the_published_seed_gives_the_same(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 5)
    with desk.database.reading() as session, pytest.raises(NoDraw):
        reads.redraw(session, desk.code)
    draw(desk)
    leave(desk, by_seed(desk, codes)[0])  # what happens afterwards changes nothing of it
    join(desk, desk.learner(), now=at(desk) + MINUTE)
    with desk.database.reading() as session:
        assert reads.redraw(session, desk.code) == reads.Redrawn(5, 2, ())


def test_drawing_once_more_tells_a_changed_seed_changed_winners_and_a_lot_that_is_gone(desk: Desk) -> None:
    by_lot(desk)
    entered(desk, 4)
    draw(desk)
    for change, told in (
        (update(SeatDraw).values(seed="0" * 64), "fingerprint"),
        (update(SeatDraw).values(entered=5), "5 entered"),
        (update(DrawLot).where(DrawLot.place == 1).values(number="f" * 64), "other lots"),
        (update(DrawLot).where(DrawLot.place == 4).values(number="0" * 64), "order"),
    ):
        with desk.database.writing() as session:
            session.execute(change)
            found = reads.redraw(session, desk.code).differences
            session.rollback()
        assert any(told in each for each in found), told


def test_a_lot_outlives_the_enrolment_and_leads_to_nobody_then(desk: Desk) -> None:
    by_lot(desk)
    codes = entered(desk, 3)
    draw(desk)
    with desk.database.writing() as session:
        session.delete(session.scalars(select(Enrolment).where(Enrolment.code == by_seed(desk, codes)[2])).one())
    with desk.database.reading() as session:
        assert reads.redraw(session, desk.code) == reads.Redrawn(3, 2, ())
        assert session.scalars(select(DrawLot.enrolment_id).where(DrawLot.place == 3)).one() is None
