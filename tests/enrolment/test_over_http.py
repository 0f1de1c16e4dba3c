"""The last seats over HTTP: real server processes, more people than seats, up to 64 at a time. Nobody too many, nobody too few.

The long run comes to a hundred rounds and more on each database, with 1 to 64 clients, free and priced.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.config import Settings
from academy.enrolment.kinds import SEATED_STATES, EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatCode, SeatPool
from academy.kernel.db import Database
from tests import builders
from tests.enrolment.proofs.ground import check, do, enrol, pool_apart, wait
from tests.enrolment.proofs.visitors import Visitor, at_once, servers, signed_in
from tests.enrolment.vat import decide_vat

SEATS, PEOPLE = 10, 60
CLIENTS = (1, 2, 4, 8, 16, 64)
PRICES = (0, 24500)
ROUNDS = 9  # of each: with six numbers of clients and two prices, 108


@pytest.fixture
def port(settings: Settings, database: Database, tmp_path: Path) -> Iterator[int]:
    """Start servers on the test's database: one process for SQLite, two for PostgreSQL."""
    with servers(settings, tmp_path, workers=1 if database.is_sqlite else 2) as (number, _process):
        yield number


@pytest.fixture
def today() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the servers read the real clock


def _states(database: Database, offering: str) -> Counter[tuple[EnrolmentState, WaitsFor | None]]:
    check(database)
    with database.reading() as session:
        offering_id = catalogue.offering_for_enrolment(session, offering).offering.id
        rows = session.execute(
            select(Enrolment.state, Enrolment.waits_for).where(Enrolment.offering_id == offering_id)
        ).all()
    return Counter((row.state, row.waits_for) for row in rows)


def _round(database: Database, now: datetime, visitors: list[Visitor], *, clients: int, price: int) -> None:
    """Sell ten seats to sixty people: hold, then check and confirm."""
    offering = do(database, lambda session: builders.offering(session, now, seats=SEATS, price=price))
    do(database, lambda session: decide_vat(session, now))
    answers = at_once(clients, lambda visitor: visitor.hold(offering), visitors)
    assert Counter(status for status, _place, _page in answers) == {303: SEATS, 409: PEOPLE - SEATS}
    assert all("Deze groep is vol." in page for status, _place, page in answers if status == 409)
    has_seat = [
        (visitor, place) for visitor, (status, place, _page) in zip(visitors, answers, strict=True) if status == 303
    ]
    confirmed = at_once(clients, lambda one: one[0].press(one[1])[0], has_seat)
    assert confirmed == [303] * SEATS
    state = (EnrolmentState.HELD, WaitsFor.PAYMENT) if price else (EnrolmentState.CONFIRMED, None)
    assert _states(database, offering) == {state: SEATS}


@pytest.mark.slow
def test_ten_seats_are_sold_to_ten_of_sixty_people_whatever_the_crowd(
    database: Database,
    settings: Settings,
    port: int,
    today: datetime,
) -> None:
    visitors = signed_in(settings, database, port, today, PEOPLE)
    for _number in range(ROUNDS):
        for clients in CLIENTS:
            for price in PRICES:
                _round(database, today, visitors, clients=clients, price=price)
    _tell(visitors, ROUNDS * len(CLIENTS) * len(PRICES))


def _tell(visitors: list[Visitor], rounds: int) -> None:
    statuses = Counter(status for visitor in visitors for status in visitor.seen)
    assert set(statuses) <= {200, 303, 409, 503}
    print(f"{rounds} rounds: {dict(statuses)}")  # noqa: T201 - figures


def test_ten_seats_are_sold_to_ten_of_sixty_people(
    database: Database, settings: Settings, port: int, today: datetime
) -> None:
    visitors = signed_in(settings, database, port, today, PEOPLE)
    _round(database, today, visitors, clients=16, price=0)
    _tell(visitors, 1)


def _history(session: Session, why: EnrolmentState) -> list[UUID]:
    """Return who came to a state, in the order in which they did."""
    came = (
        select(Enrolment.person_id)
        .join(EnrolmentStep, EnrolmentStep.enrolment_id == Enrolment.id)
        .where(EnrolmentStep.to_state == why)
        .order_by(EnrolmentStep.id)
    )
    return list(session.scalars(came))


@pytest.mark.slow
def test_seats_that_are_given_back_in_a_crowd_go_to_the_line_in_order_and_to_nobody_twice(
    database: Database,
    settings: Settings,
    port: int,
    today: datetime,
) -> None:
    """Three have a seat and give it back; each who is offered one takes it and gives it back, while twenty newcomers try to get in."""
    visitors = signed_in(settings, database, port, today, 43)
    first, line, newcomers = visitors[:3], visitors[3:23], visitors[23:]
    offering = do(database, lambda session: builders.offering(session, today, seats=len(first)))
    codes = {}
    for number, visitor in enumerate([*first, *line]):
        act = enrol if visitor in first else wait
        codes[visitor.actor.person_id] = do(
            database, act(visitor.actor, offering, today + timedelta(microseconds=number))
        )

    def give_back(visitor: Visitor) -> None:
        assert visitor.press(f"/nl/my/enrolments/{codes[visitor.actor.person_id]}/cancel")[0] == 303

    def live_on(visitor: Visitor) -> None:
        if visitor in newcomers:
            assert visitor.hold(offering)[0] == 409
            return
        if visitor in line:
            while visitor.press(f"/nl/my/enrolments/{codes[visitor.actor.person_id]}/check")[0] != 303:
                assert visitor.seen[-1] == 409  # not offered yet
        give_back(visitor)

    crowd = [*first, *(each for pair in zip(line, newcomers, strict=True) for each in pair)]
    at_once(16, live_on, crowd)
    assert _states(database, offering) == {(EnrolmentState.CANCELLED, None): 23}
    with database.reading() as session:
        assert _history(session, EnrolmentState.OFFERED) == [visitor.actor.person_id for visitor in line]
        assert session.scalars(select(SeatPool.taken)).all() == [0]


@pytest.mark.slow
@pytest.mark.parametrize(("uses", "seats", "at_a_time"), [(5, 5, 16), (1, 3, 16)])
def test_a_code_lets_in_as_many_as_it_says_and_the_others_hear_it(
    database: Database,
    settings: Settings,
    port: int,
    today: datetime,
    uses: int,
    seats: int,
    at_a_time: int,
) -> None:
    """A block of five seats with one code for it, and a code for one, both tried by everybody at once."""
    visitors = signed_in(settings, database, port, today, at_a_time)
    for number in range(5):
        answers = _try_code(database, visitors, today, code=f"BLOK-{number}", uses=uses, seats=seats)
        assert answers == {303: uses, 409: at_a_time - uses}
        check(database)
        with database.reading() as session:
            assert session.scalar(select(SeatCode.used).where(SeatCode.code == f"BLOK-{number}")) == uses
            assert len(
                session.scalars(select(Enrolment.id).where(Enrolment.state.in_(SEATED_STATES))).all()
            ) == uses * (number + 1)


def _try_code(
    database: Database, visitors: list[Visitor], now: datetime, *, code: str, uses: int, seats: int
) -> Counter[int]:
    """Keep all seats of a class apart, and let everybody try the code for them at once; returns the answers."""
    offering = do(database, lambda session: builders.offering(session, now, seats=seats))
    until = now + timedelta(days=7)
    do(database, lambda session: pool_apart(session, offering, until, seats_apart=seats, code=code, uses=uses))
    answers = at_once(len(visitors), lambda visitor: visitor.hold(offering, seat_code=code), visitors)
    return Counter(status for status, _place, _page in answers)


@pytest.mark.slow
def test_a_seat_that_is_passed_on_twice_at_once_goes_to_one(
    database: Database, settings: Settings, port: int, today: datetime
) -> None:
    """Each of eight sends two people in their place at the same moment, or one person twice, from two windows."""
    visitors = signed_in(settings, database, port, today, 8)
    for number, same in enumerate((False, True) * 3):
        offering = do(database, lambda session: builders.offering(session, today, seats=len(visitors)))
        codes = [do(database, enrol(visitor.actor, offering, today)) for visitor in visitors]

        def pass_on(
            window: tuple[int, int], codes: list[str] = codes, number: int = number, *, same: bool = same
        ) -> int:
            which, who = window
            email = f"n{number}-{which}-{0 if same else who}@voorbeeld.nl"
            return visitors[which].press(f"/nl/my/enrolments/{codes[which]}/substitute", name="Noor", email=email)[0]

        windows = [(which, who) for which in range(len(visitors)) for who in range(2)]
        answers = at_once(len(windows), pass_on, windows)
        assert Counter(answers) == {303: len(visitors), 409: len(visitors)}
        assert [sorted(answers[which : which + 2]) for which in range(0, len(answers), 2)] == [[303, 409]] * len(
            visitors
        )
        assert _states(database, offering) == {
            (EnrolmentState.CANCELLED, None): len(visitors),
            (EnrolmentState.CONFIRMED, None): len(visitors),
        }
        with database.reading() as session:
            came = select(Enrolment.person_id).where(
                Enrolment.code.in_(codes), Enrolment.state == EnrolmentState.CONFIRMED
            )
            assert session.scalars(came).all() == []
            assert session.scalars(select(SeatPool.taken).order_by(SeatPool.id.desc()).limit(1)).one() == len(visitors)
    _tell(visitors, 6)
