"""Seats that are paid for when many want them at once, each in a transaction of their own; and what happens without the guards.

    mutation                                                          red
    a seat code without `used < uses`                                 the CHECK of the code refuses the second
    a guest who is moved without looking at their state               a seat for who was taken back
    an order that is not noted under the key of its form              the same form buys twice
"""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.employers import service
from academy.employers.kinds import GuestState
from academy.employers.models import SeatGuest, SeatOrder
from academy.employers.queries import guests as reads
from academy.employers.queries.guests import GuestFacts
from academy.employers.service import buying, guests
from academy.enrolment import service as enrolment_service
from academy.enrolment.api import SoldBlock
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, SeatCode
from academy.enrolment.service import seats
from academy.funding import service as funding_service
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, Refusal
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests.employers.buying_desk import FIRM, FIVE, BuyingDesk, open_buying_desk
from tests.enrolment.block_desk import DAY, PRICE
from tests.enrolment.desk import listen
from tests.enrolment.proofs.ground import Act, do, meet
from tests.enrolment.races import at_the_same_time

AT_ONCE, TRIES = 8, 10


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen()
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> BuyingDesk:
    return open_buying_desk(database, now)


def _accept(desk: BuyingDesk, guest_id: UUID) -> Act:
    return lambda session: service.accept_seat(session, guest_id=guest_id, now=desk.now)


def _buy(desk: BuyingDesk, seats_wanted: int, *, key: UUID | None = None) -> Act:
    budget = desk.budget_id().hex
    return lambda session: service.buy_seats(
        session, actor=desk.keeper, organisation=FIRM, offering_code=desk.code, seats=seats_wanted, budget=budget, reference="", shown=PRICE,
        request_key=key or new_id(), now=desk.now,
    )


def _of_firm(desk: BuyingDesk, act: object, guest_id: UUID, **what: object) -> Act:
    code = desk.guest(guest_id).code
    return lambda session: act(session, actor=desk.keeper, organisation=FIRM, code=code, now=desk.now, **what)  # type: ignore[operator] # any act of the service


def _all_at_once(database: Database, acts: Sequence[Act]) -> list[str]:
    """Let everybody act in a thread and a transaction of their own, eight at any moment; returns what each heard: what they got, or the code of a refusal."""
    start = threading.Barrier(AT_ONCE)

    def one(number: int) -> str:
        if number < AT_ONCE:
            start.wait()
        for _try in range(TRIES):
            try:
                return str(do(database, acts[number]))
            except DatabaseBusy:
                continue
            except Refusal as refusal:
                return refusal.code
        return DatabaseBusy.code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(len(acts))))


def _live(desk: BuyingDesk) -> int:
    with desk.database.reading() as session:
        return len(session.scalars(select(Enrolment.id).where(Enrolment.state.in_((EnrolmentState.CONFIRMED, EnrolmentState.HELD)))).all())


def _claims(desk: BuyingDesk, codes: Sequence[str], number: int) -> list[Act]:
    people = [desk.learner(f"Cursist {place}") for place in range(number)]

    def claim(who: Actor, code: str) -> Act:
        return lambda session: enrolment_service.hold_seat(
            session, actor=who, offering_code=desk.code, request_key=new_id(), seat_code=code, now=desk.now,
        )
    return [claim(who, codes[place % len(codes)]) for place, who in enumerate(people)]


def _codes(desk: BuyingDesk, block_id: UUID, number: int, *, uses: int = 1) -> list[str]:
    return list(desk.run(
        service.make_seat_codes, actor=desk.keeper, organisation=FIRM, block_id=block_id, number=number, uses=uses, until=desk.now + DAY,
    ))


def test_of_eight_claims_of_each_of_six_prepaid_seats_six_are_told_yes_and_the_others_why_not(desk: BuyingDesk) -> None:
    codes = _codes(desk, desk.buy(6), 6)
    heard = Counter("yes" if len(each) == 8 else each for each in _all_at_once(desk.database, _claims(desk, codes, 48)))
    assert heard == {"yes": 6, "seat-code-used": 42}
    assert (_live(desk), desk.money(), desk.pools()) == (6, (6, 0), {"": (4, 0), "Bakkerij": (6, 6)})


def test_of_sixty_four_claims_of_one_code_for_one_seat_one_is_told_yes(desk: BuyingDesk) -> None:
    codes = _codes(desk, desk.buy(6), 1)
    heard = Counter("yes" if len(each) == 8 else each for each in _all_at_once(desk.database, _claims(desk, codes, 64)))
    assert heard == {"yes": 1, "seat-code-used": 63}


def test_a_code_for_three_seats_gives_three(desk: BuyingDesk) -> None:
    codes = _codes(desk, desk.buy(6), 1, uses=3)
    heard = Counter("yes" if len(each) == 8 else each for each in _all_at_once(desk.database, _claims(desk, codes, 16)))
    assert heard == {"yes": 3, "seat-code-used": 13}


def test_six_invitations_each_answered_eight_times_at_once_are_six_seats(desk: BuyingDesk) -> None:
    invited = desk.invite(desk.buy(6), *FIVE, ("mens6@bakkerij.nl", ""))
    heard = Counter(_all_at_once(desk.database, [_accept(desk, invited[place % 6]) for place in range(48)]))
    assert sorted(heard.values()) == [8] * 6  # each hears the number of their own enrolment, every time
    assert (_live(desk), desk.money(), desk.pools()["Bakkerij"]) == (6, (6, 0), (6, 6))


def test_more_who_say_yes_than_there_are_seats_left_hear_that_it_is_full(desk: BuyingDesk) -> None:
    block_id = desk.buy(2)
    invited = desk.invite(block_id, *FIVE[:2])
    desk.claim(SoldBlock(block_id, block_id))  # somebody came by code
    heard = Counter("yes" if len(each) == 8 else each for each in _all_at_once(desk.database, [_accept(desk, each) for each in invited] * 4))
    assert (heard["yes"], heard["offering-full"], _live(desk)) == (4, 4, 2)


def test_who_says_yes_while_they_are_taken_back_has_no_seat(desk: BuyingDesk) -> None:
    first, second = desk.invite(desk.buy(2), *FIVE[:2])
    meet(desk.database, _accept(desk, first), _of_firm(desk, service.cancel_guest, first))  # the seat is taken back again
    assert meet(desk.database, _of_firm(desk, service.cancel_guest, second), _accept(desk, second)) == "guest-over"
    assert ([desk.guest(each).state for each in (first, second)], _live(desk), desk.money()) == ([GuestState.CANCELLED] * 2, 0, (2, 0))


def test_who_says_yes_at_the_last_moment_has_a_seat_or_lapses(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    end = desk.guest(guest_id).until
    meet(desk.database, _accept(desk, guest_id), lambda session: guests.lapse_due(session, now=end))
    assert (desk.guest(guest_id).state, _live(desk)) == (GuestState.SEATED, 1)


def test_who_says_yes_and_no_at_once_is_told_one_of_them(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    heard = meet(desk.database, lambda session: service.decline_seat(session, guest_id=guest_id, now=desk.now), _accept(desk, guest_id))
    assert (heard, desk.guest(guest_id).state, _live(desk), desk.money()) == ("guest-over", GuestState.DECLINED, 0, (1, 0))


def test_two_who_replace_the_same_person_replace_them_once(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    acts = [_of_firm(desk, service.replace_guest, guest_id, email=f"x{number}@bakkerij.nl", name="", language="nl") for number in range(2)]
    assert meet(desk.database, *acts) in {"guest-not-open", "too-many-names"}
    with desk.database.reading() as session:
        assert len(session.scalars(select(SeatGuest.id).where(SeatGuest.state == GuestState.INVITED)).all()) == 1


def test_two_who_invite_the_same_person_invite_them_once(desk: BuyingDesk) -> None:
    block_id = desk.buy(2)
    invite: Act = lambda session: service.invite_guests(  # noqa: E731 - an act like the others
        session, actor=desk.keeper, organisation=FIRM, block_id=block_id, people=FIVE[:1], language="nl", now=desk.now,
    )
    assert meet(desk.database, invite, invite) == "already-invited"


def test_a_button_that_is_pressed_twice_buys_once(desk: BuyingDesk) -> None:
    key = new_id()
    heard = _all_at_once(desk.database, [_buy(desk, 3, key=key)] * 8)
    assert len(set(heard)) == 1
    assert (desk.money(), desk.pools()) == ((3, 0), {"": (7, 0), "Bakkerij": (3, 0)})


def test_two_who_buy_the_last_seats_never_have_more_than_there_are(desk: BuyingDesk) -> None:
    heard = Counter("yes" if len(each) > 30 else each for each in _all_at_once(desk.database, [_buy(desk, 3) for _time in range(8)]))
    assert heard == {"yes": 3, "block-too-large": 5}
    assert (desk.money(), sum(capacity for capacity, _taken in desk.pools().values())) == ((9, 0), 10)


def test_a_budget_that_many_buy_from_at_once_is_never_exceeded(database: Database, now: datetime) -> None:
    desk = open_buying_desk(database, now, budget=Money(5 * PRICE.cents + 1))
    heard = Counter("yes" if len(each) > 30 else each for each in _all_at_once(desk.database, [_buy(desk, 1) for _time in range(8)]))
    assert heard == {"yes": 5, "budget-used-up": 3}
    assert desk.money() == (5, 0)


def test_without_the_limit_of_a_code_the_database_stops_the_second(desk: BuyingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = _claims(desk, _codes(desk, desk.buy(6), 1), 2)

    def unguarded(session: Session, code: str, *, now: datetime) -> UUID | None:
        return session.scalar(update(SeatCode).where(SeatCode.code == code).values(used=SeatCode.used + 1).returning(SeatCode.pool_id))
    monkeypatch.setattr(seats, "use_code", unguarded)
    assert at_the_same_time(desk.database, *acts) == "stopped by the database"


def test_without_looking_at_the_state_who_was_taken_back_would_have_a_seat(desk: BuyingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    seen = GuestFacts(**{name: getattr(desk.guest(guest_id), name) for name in GuestFacts.__dataclass_fields__})
    desk.act(service.cancel_guest, guest_id)
    monkeypatch.setattr(reads, "guest_by_id", lambda _session, _guest_id, **_held: seen)  # as who looked just before
    with pytest.raises(DatabaseBusy):
        desk.accept(guest_id)
    assert (_live(desk), desk.pools()["Bakkerij"]) == (0, (1, 0))

    def unguarded(session: Session, guest: GuestFacts, to: GuestState, *_guards: object, **values: object) -> bool:
        session.execute(update(SeatGuest).where(SeatGuest.id == guest.id).values(state=to, **values))
        return True
    monkeypatch.setattr(guests, "_move", unguarded)
    desk.accept(guest_id)
    assert _live(desk) == 1  # the guard was what kept them out


def test_without_the_key_of_its_form_an_order_would_be_bought_twice(desk: BuyingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_id()
    monkeypatch.setattr(reads, "block_of_order", lambda _session, _key: None)  # as who looked just before
    do(desk.database, _buy(desk, 1, key=key))
    with pytest.raises(DatabaseBusy):
        do(desk.database, _buy(desk, 1, key=key))
    assert desk.money() == (1, 0)
    monkeypatch.setattr(buying, "_note_order", lambda *_what, **_more: None)
    do(desk.database, _buy(desk, 1, key=key))
    assert desk.money() == (2, 0)
    with desk.database.reading() as session:
        assert len(session.scalars(select(SeatOrder.request_key)).all()) == 1
