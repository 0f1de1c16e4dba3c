"""People for whom a firm pays a seat: invited until two weeks before, reminded, seated with one click, replaced until the first day, and forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from academy.accounts import service as accounts_service
from academy.accounts.api import Purpose, Role, may_see
from academy.accounts.models import Person
from academy.accounts.queries import actor_of
from academy.employers import service
from academy.employers.errors import (
    AlreadyInvited,
    BlockNotFound,
    FirmNotFound,
    GuestNotFound,
    GuestOver,
    NamesOver,
    NotOpenToThis,
    RemindedToday,
    TooManyNames,
)
from academy.employers.events import SeatCancelled, SeatInvited
from academy.employers.kinds import GuestState
from academy.employers.models import SeatGuest
from academy.employers.service import guests
from academy.enrolment import service as enrolment_service
from academy.enrolment.errors import AlreadyEnrolled, NoSeatToPass, SeatCodeUsed
from academy.enrolment.kinds import EnrolmentState
from academy.funding import service as funding_service
from academy.funding.kinds import SourceKind
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.ids import new_id
from tests import builders
from tests.employers.buying_desk import FIRM, FIVE, BuyingDesk, open_buying_desk
from tests.enrolment.block_desk import DAY
from tests.enrolment.desk import listen
from tests.funding import money
from tests.funding.money_desk import member

LATE = 16 * DAY  # the names of this class must be known two weeks before its first day, which is four weeks from now
BEGINS = 28 * DAY


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(SeatInvited, SeatCancelled)
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> BuyingDesk:
    return open_buying_desk(database, now)


def _states(desk: BuyingDesk) -> list[str]:
    with desk.database.reading() as session:
        return [state.value for state in session.scalars(select(SeatGuest.state).order_by(SeatGuest.id))]


def test_five_people_are_invited_and_one_click_of_each_is_a_sure_seat(desk: BuyingDesk) -> None:
    block_id = desk.buy(5)
    invited = desk.invite(block_id)
    assert (desk.news(SeatInvited), desk.money(), desk.there(block_id).room) == (5, (5, 0), 0)
    codes = [desk.accept(each) for each in invited]
    assert {desk.row(code).state for code in codes} == {EnrolmentState.CONFIRMED}
    assert (desk.money(), desk.pools()["Bakkerij"], desk.there(block_id).block.unnamed) == ((5, 0), (5, 5), 0)
    assert [desk.accept(each) for each in invited] == codes  # saying yes twice is saying it once
    assert desk.money() == (5, 0)


def test_who_said_yes_is_known_by_their_own_account_only(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    code = desk.accept(guest_id)
    guest, row = desk.guest(guest_id), desk.row(code)
    assert (guest.email, guest.name, guest.enrolment_id) == ("", "", row.id)
    with desk.database.reading() as session:
        person = session.get_one(Person, row.person_id)
        assert ((person.email, person.name), person.seen_on) == (FIVE[0], None)


def test_names_are_for_two_weeks_before_the_class_and_substitutes_until_it_begins(desk: BuyingDesk) -> None:
    block_id = desk.buy(2)
    until = desk.there(block_id).named_until
    invited, sure = desk.invite(block_id, *FIVE[:2], now=until - timedelta(seconds=1))
    code = desk.accept(sure)
    with pytest.raises(NamesOver):
        desk.invite(block_id, FIVE[2], now=until)
    desk.act(service.replace_guest, invited, email="x@bakkerij.nl", name="X", language="nl", now=until)
    desk.act(service.replace_guest, sure, email="y@bakkerij.nl", name="Y", language="nl", now=desk.there(block_id).begins - timedelta(seconds=1))
    assert desk.row(code).state is EnrolmentState.CANCELLED
    assert sorted(_states(desk)) == ["cancelled", "cancelled", "invited", "seated"]
    assert (desk.money(), desk.pools()["Bakkerij"]) == ((2, 0), (2, 1))


def test_from_the_first_day_on_nobody_is_replaced(desk: BuyingDesk) -> None:
    block_id = desk.buy(2)
    invited, sure = desk.invite(block_id, *FIVE[:2])
    desk.accept(sure)
    begins = desk.there(block_id).begins
    for guest_id, refusal in ((invited, NotOpenToThis), (sure, NoSeatToPass)):
        with pytest.raises(refusal):
            desk.act(service.replace_guest, guest_id, email="x@bakkerij.nl", name="X", language="nl", now=begins)
    assert _states(desk) == ["invited", "seated"]


def test_who_buys_late_names_its_people_the_day_after_at_the_latest(desk: BuyingDesk) -> None:
    late = desk.now + 20 * DAY
    block_id = desk.buy(2, now=late)
    desk.invite(block_id, FIVE[0], now=late + DAY)
    with pytest.raises(NamesOver):
        desk.invite(block_id, FIVE[1], now=late + 2 * DAY)


def test_a_substitute_has_the_seat_at_once_and_it_stays_paid(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    former = desk.accept(guest_id)
    desk.act(service.replace_guest, guest_id, email=FIVE[1][0], name=FIVE[1][1], language="nl")
    (seat,) = desk.there(desk.guest(guest_id).block_id).seats
    assert (desk.row(former).state, seat.state) == (EnrolmentState.CANCELLED, EnrolmentState.CONFIRMED)
    assert (desk.money(), desk.pools()["Bakkerij"], _states(desk)) == ((1, 0), (1, 1), ["cancelled", "seated"])


@pytest.mark.parametrize("state", ["declined", "lapsed", "cancelled"])
def test_the_seat_of_who_does_not_come_is_offered_to_somebody_else(desk: BuyingDesk, state: str) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    end: dict[str, Callable[[], object]] = {
        "declined": lambda: desk.run(service.decline_seat, guest_id=guest_id),
        "lapsed": lambda: desk.run(guests.lapse_due, now=desk.now + 30 * DAY),
        "cancelled": lambda: desk.act(service.cancel_guest, guest_id),
    }
    end[state]()
    desk.act(service.replace_guest, guest_id, email=FIVE[1][0], name="", language="nl", now=desk.now + LATE)
    assert _states(desk) == [state, "invited"]
    with pytest.raises(TooManyNames):
        desk.act(service.replace_guest, guest_id, email=FIVE[2][0], name="", language="nl", now=desk.now + LATE)


def test_nobody_is_invited_twice_and_no_more_than_there_are_seats(desk: BuyingDesk) -> None:
    block_id = desk.buy(3)
    (first,) = desk.invite(block_id, FIVE[0])
    for people, refusal in (((FIVE[0],), AlreadyInvited), (FIVE[1:4], TooManyNames), ((FIVE[1], FIVE[1]), AlreadyInvited)):
        with pytest.raises(refusal):
            desk.invite(block_id, *people)
    desk.accept(first)
    with pytest.raises(AlreadyInvited):
        desk.invite(block_id, FIVE[0])
    assert (_states(desk), desk.news(SeatInvited)) == (["seated"], 1)


def test_who_says_no_has_no_seat_and_cannot_say_yes_after_all(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    for _time in range(2):
        desk.run(service.decline_seat, guest_id=guest_id)
    with pytest.raises(GuestOver):
        desk.accept(guest_id)
    assert (_states(desk), desk.pools()["Bakkerij"]) == (["declined"], (1, 0))


def test_who_has_a_seat_says_no_by_giving_it_back(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    desk.accept(guest_id)
    with pytest.raises(GuestOver):
        desk.run(service.decline_seat, guest_id=guest_id)


def test_who_is_in_the_class_already_hears_that_and_uses_no_seat(desk: BuyingDesk) -> None:
    with desk.database.writing() as session:
        sam = builders.actor(session, desk.now, email=FIVE[0][0])
    desk.claim(desk.sell(1), sam)
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    with pytest.raises(AlreadyEnrolled):
        desk.accept(guest_id)
    assert (_states(desk), desk.money()) == (["invited"], (2, 0))


def test_a_letter_is_sent_again_once_a_day_and_by_itself_after_one_and_three_weeks(desk: BuyingDesk) -> None:
    desk.set_offering(starts_on=desk.now.astimezone().date() + 60 * DAY, ends_on=desk.now.astimezone().date() + 90 * DAY)
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    with pytest.raises(RemindedToday):
        desk.act(service.remind_guest, guest_id)
    desk.act(service.remind_guest, guest_id, now=desk.now + DAY)
    sent = [desk.run(guests.remind_due, now=desk.now + days * DAY) for days in (6, 7, 7, 20, 21, 29)]
    assert (sent, desk.guest(guest_id).letters, desk.news(SeatInvited)) == ([0, 1, 0, 0, 1, 0], 3, 4)


def test_where_the_worker_was_away_for_weeks_nobody_has_two_letters_on_one_day(desk: BuyingDesk) -> None:
    desk.invite(desk.buy(1), FIVE[0])
    assert [desk.run(guests.remind_due, now=desk.now + days * DAY) for days in (22, 22, 23, 24)] == [1, 0, 1, 0]


def test_after_thirty_days_an_invitation_is_over_and_who_it_was_for_is_forgotten(desk: BuyingDesk) -> None:
    desk.set_offering(starts_on=desk.now.astimezone().date() + 60 * DAY, ends_on=desk.now.astimezone().date() + 90 * DAY)
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    assert desk.run(guests.lapse_due, now=desk.now + 30 * DAY - timedelta(seconds=1)) == 0
    with pytest.raises(GuestOver):
        desk.accept(guest_id, now=desk.now + 30 * DAY)
    assert [desk.run(guests.lapse_due, now=desk.now + 30 * DAY) for _round in range(2)] == [1, 0]
    guest = desk.guest(guest_id)
    assert (guest.state, guest.email, guest.name) == (GuestState.LAPSED, "", "")
    assert desk.there(guest.block_id).room == 1


def test_an_invitation_never_lasts_past_the_first_day(desk: BuyingDesk) -> None:
    block_id = desk.buy(1)
    (guest_id,) = desk.invite(block_id, FIVE[0], now=desk.now + 10 * DAY)
    assert desk.guest(guest_id).until == desk.there(block_id).begins


def test_who_said_no_or_was_taken_back_is_forgotten_after_thirty_days(desk: BuyingDesk) -> None:
    said_no, taken_back = desk.invite(desk.buy(2), *FIVE[:2])
    desk.run(service.decline_seat, guest_id=said_no)
    desk.act(service.cancel_guest, taken_back)
    assert desk.guest(taken_back).email == FIVE[1][0]  # its letter has yet to be written
    assert [desk.run(guests.lapse_due, now=desk.now + days * DAY) for days in (29, 30, 30)] == [0, 2, 0]
    assert [(desk.guest(each).email, desk.guest(each).name) for each in (said_no, taken_back)] == [("", "")] * 2


def test_a_cancelled_invitation_tells_who_was_invited_and_a_cancelled_seat_is_the_firms_again(desk: BuyingDesk) -> None:
    invited, seated = desk.invite(desk.buy(2), *FIVE[:2])
    code = desk.accept(seated)
    for guest_id in (invited, seated, invited, seated):
        desk.act(service.cancel_guest, guest_id)
    assert (_states(desk), desk.news(SeatCancelled), desk.row(code).state) == (["cancelled", "cancelled"], 1, EnrolmentState.CANCELLED)
    assert (desk.money(), desk.pools()["Bakkerij"], desk.there(desk.guest(invited).block_id).room) == ((2, 0), (2, 0), 2)


def test_who_gave_their_seat_back_can_be_replaced(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    code = desk.accept(guest_id)
    with desk.database.writing() as session:
        person = session.get_one(Person, desk.row(code).person_id)
        sign_in = accounts_service.start_sign_in(session, person_id=person.id, device="", now=desk.now, is_twofold=False)
        learner = actor_of(session, sign_in.id, now=desk.now)
        assert learner is not None
        enrolment_service.cancel(session, actor=learner, code=code, now=desk.now)
    assert desk.there(desk.guest(guest_id).block_id).room == 1
    desk.act(service.replace_guest, guest_id, email=FIVE[1][0], name="", language="nl")
    assert (_states(desk), desk.money()) == (["seated", "invited"], (1, 0))


def test_progress_is_for_the_employer_only_where_the_learner_says_so(desk: BuyingDesk) -> None:
    quiet, open_minded = desk.invite(desk.buy(2), *FIVE[:2])
    people = [desk.row(desk.accept(guest_id, allows=allows)).person_id for guest_id, allows in ((quiet, False), (open_minded, True))]
    with desk.database.reading() as session:
        seen = [
            [may_see(session, organisation_id=desk.buyer.owner_id, person_id=each, purpose=purpose) for each in people]
            for purpose in (Purpose.PROGRESS_TO_EMPLOYER, Purpose.RESULT_TO_EMPLOYER, Purpose.EVIDENCE_TO_EMPLOYER)
        ]
    assert seen == [[False, True], [False, True], [False, False]]


def test_codes_are_for_so_many_seats_and_until_a_day(desk: BuyingDesk) -> None:
    block_id = desk.buy(3)
    ask = {"actor": desk.keeper, "organisation": FIRM, "block_id": block_id}
    for number, uses in ((4, 1), (2, 2), (0, 1), (1, 0)):
        with pytest.raises(TooManyNames):
            desk.run(service.make_seat_codes, **ask, number=number, uses=uses, until=None)
    (code,) = desk.run(service.make_seat_codes, **ask, number=1, uses=2, until=desk.now + DAY)

    def hold(now: datetime) -> None:
        learner = desk.learner()
        with desk.database.writing() as session:
            enrolment_service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=new_id(), seat_code=code, now=now)
    hold(desk.now)
    with pytest.raises(SeatCodeUsed):
        hold(desk.now + DAY)
    hold(desk.now + DAY - timedelta(seconds=1))
    with pytest.raises(SeatCodeUsed):
        hold(desk.now)
    with pytest.raises(NotOpenToThis):
        desk.run(service.make_seat_codes, **ask, number=1, uses=1, until=None, now=desk.now + BEGINS)


def test_only_who_acts_for_the_firm_sees_and_changes_its_people(desk: BuyingDesk) -> None:
    block_id = desk.buy(2)
    (guest_id,) = desk.invite(block_id, FIVE[0])
    with desk.database.writing() as session:
        other = money.source(session, desk.now, kind=SourceKind.EMPLOYER, slug="garage")
        reader = member(session, desk.buyer.owner_id, Role.READER)
    code = desk.guest(guest_id).code
    for actor, organisation, refusals in (
        (reader, FIRM, (FirmNotFound, FirmNotFound)), (other.keeper, FIRM, (FirmNotFound, FirmNotFound)),
        (other.keeper, "garage", (BlockNotFound, GuestNotFound)),
    ):
        who = {"actor": actor, "organisation": organisation}
        with pytest.raises(refusals[0]):
            desk.run(service.invite_guests, **who, block_id=block_id, people=FIVE[1:2], language="nl")
        for act in (service.remind_guest, service.cancel_guest):
            with pytest.raises(refusals[1]):
                desk.run(act, **who, code=code)
    assert _states(desk) == ["invited"]


def test_the_database_keeps_no_address_of_who_did_not_answer(desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    with pytest.raises(Exception, match="lapsed_is_nobody") as told, desk.database.writing() as session:
        session.execute(update(SeatGuest).where(SeatGuest.id == guest_id).values(state=GuestState.LAPSED, answered_at=desk.now))
    assert not isinstance(told.value, Refusal)
