"""A class whose VAT nobody decided is not sold: not now, not to a group, and not to who waits. Once it is decided the line goes first."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.accounts.queries import Actor
from academy.catalogue.models import Offering
from academy.enrolment import service
from academy.enrolment.events import NewsWanted, SeatOffered
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, SeatPool
from academy.enrolment.queries import waiting as lines
from academy.enrolment.service import passing_on, together, waiting
from academy.funding import service as funding_service
from academy.funding.errors import VatUndecided
from academy.funding.kinds import SupplyKind
from academy.funding.models import ModuleTax, ProviderTax
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests.enrolment.desk import Desk, listen, open_desk

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WAITING, OFFERED = EnrolmentState.WAITING, EnrolmentState.OFFERED


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(NewsWanted, SeatOffered)
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    """Return a class of one seat that costs money."""
    return open_desk(database, now, seats=1, price=245_00)


def _undecide(desk: Desk) -> None:
    """Let nobody have said what the provider is on the first day of the class."""
    with desk.database.writing() as session:
        session.execute(update(ProviderTax).values(from_on=desk.now.date() + timedelta(days=400)))
    funding_service.forget_rules()


def _decide(desk: Desk) -> None:
    with desk.database.writing() as session:
        funding_service.note_provider_tax(
            session, provider_id=desk.provider_id, from_on=desk.now.date(), is_recognised=True, is_in_crkbo=False, by=None, now=desk.now,
        )
    desk.news_arrives()


def _wait(desk: Desk, learner: Actor) -> str:
    with desk.database.writing() as session:
        return waiting.join_waiting_list(
            session, actor=learner, offering_code=desk.code, when_can_you=[], most_price=None, request_key=None, now=desk.now,
        )


def _full(desk: Desk) -> tuple[Actor, str]:
    learner = desk.learner()
    return learner, desk.ask(learner)


def _leave(desk: Desk, learner: Actor, code: str) -> None:
    with desk.database.writing() as session:
        service.cancel(session, actor=learner, code=code, now=desk.now)


def test_nobody_waits_for_a_seat_that_may_not_be_sold_and_reads_who_has_to_decide(desk: Desk) -> None:
    _full(desk)
    _undecide(desk)
    with pytest.raises(VatUndecided) as refusal:
        _wait(desk, desk.learner("Noor"))
    assert "Windesheim" in str(refusal.value.next_step())
    assert desk.news(SeatOffered) == 0


def test_nobody_enrols_a_group_in_a_class_that_may_not_be_sold(desk: Desk) -> None:
    _undecide(desk)
    boss = desk.learner()
    with pytest.raises(VatUndecided), desk.database.writing() as session:
        together.enrol_group(
            session, actor=boss, offering_code=desk.code, people=[("Ali", "ali@voorbeeld.nl")], request_key=new_id(), language="nl",
            now=desk.now,
        )


def test_a_free_class_is_waited_for_whatever_the_vat(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, seats=1, price=0)
    _full(desk)
    _undecide(desk)
    assert desk.row(_wait(desk, desk.learner("Noor"))).state is WAITING


@pytest.mark.parametrize("by_module", [False, True])
def test_a_seat_that_comes_free_waits_for_the_decision_and_then_goes_to_the_first_in_line(desk: Desk, by_module: bool) -> None:
    sam, code = _full(desk)
    first, second = (_wait(desk, desk.learner(name)) for name in ("Noor", "Ali"))
    _undecide(desk)
    _leave(desk, sam, code)
    assert [desk.row(each).state for each in (first, second)] == [WAITING, WAITING]
    assert (desk.news(SeatOffered), desk.taken()) == (0, 0)
    with pytest.raises(VatUndecided):
        desk.ask(desk.learner("Een ander"))
    if by_module:  # a hobby has VAT whatever its provider is
        with desk.database.writing() as session:
            module_id = session.scalars(select(Offering.module_id)).one()
            session.add(ModuleTax(module_id=module_id, supply=SupplyKind.PERSONAL, said_at=desk.now))
        desk.run(passing_on.offer_to_lines, provider_id=desk.provider_id)
    else:
        _decide(desk)
    assert [desk.row(each).state for each in (first, second)] == [OFFERED, WAITING]
    assert (desk.news(SeatOffered), desk.taken()) == (1, 1)


def test_offering_to_lines_once_more_changes_nothing(desk: Desk) -> None:
    _full(desk)
    theirs = _wait(desk, desk.learner("Noor"))
    assert desk.run(passing_on.offer_to_lines, provider_id=desk.provider_id) == 0
    assert desk.run(passing_on.offer_to_lines, provider_id=UUID(int=7)) == 0
    assert desk.row(theirs).state is WAITING


def test_saying_the_same_again_is_no_news(desk: Desk) -> None:
    _decide(desk)
    _sam, code = _full(desk)
    theirs = _wait(desk, desk.learner("Noor"))
    with desk.database.writing() as session:
        session.execute(update(Enrolment).where(Enrolment.code == code).values(state=EnrolmentState.EXPIRED, ended_at=desk.now, until=None, waits_for=None))
        session.execute(update(SeatPool).values(taken=0))
    _decide(desk)
    assert desk.row(theirs).state is WAITING


def test_who_was_offered_a_seat_keeps_it_while_the_provider_has_to_decide(desk: Desk) -> None:
    sam, code = _full(desk)
    noor = desk.learner("Noor")
    first, _second = _wait(desk, noor), _wait(desk, desk.learner("Ali"))
    _leave(desk, sam, code)
    _undecide(desk)
    with pytest.raises(VatUndecided), desk.database.writing() as session:
        service.confirm(session, actor=noor, code=first, now=desk.now)
    late = desk.now + 2 * DAY
    desk.run(service.expire_due, now=late)
    assert (desk.row(first).state, desk.row(first).until) == (OFFERED, late + 2 * DAY)
    _decide(desk)
    with desk.database.writing() as session:
        service.confirm(session, actor=noor, code=first, now=late + MINUTE)
    desk.pay(first, now=late + MINUTE)
    assert desk.row(first).state is EnrolmentState.CONFIRMED


def test_an_offer_that_could_be_taken_ends_as_ever(desk: Desk) -> None:
    """The negative control of the one before this."""
    sam, code = _full(desk)
    first, second = (_wait(desk, desk.learner(name)) for name in ("Noor", "Ali"))
    _leave(desk, sam, code)
    desk.run(service.expire_due, now=desk.now + 2 * DAY)
    assert [desk.row(each).state for each in (first, second)] == [EnrolmentState.EXPIRED, OFFERED]


def test_on_the_first_day_of_the_class_an_offer_ends_all_the_same(desk: Desk) -> None:
    sam, code = _full(desk)
    first = _wait(desk, desk.learner("Noor"))
    _leave(desk, sam, code)
    _undecide(desk)
    begun = datetime.combine(desk.offering().starts_on, desk.now.timetz()) + DAY
    desk.run(service.expire_due, now=begun)
    assert desk.row(first).state is EnrolmentState.EXPIRED


def test_nobody_hears_that_there_is_room_in_a_class_that_may_not_be_sold(desk: Desk) -> None:
    sam, code = _full(desk)
    noor = desk.learner("Noor")
    with desk.database.writing() as session:
        slug = lines.waiting_for(session, noor, desk.code).of.module_slug
        waiting.ask_for_news(session, actor=noor, module_slug=slug, now=desk.now)
    _undecide(desk)
    _leave(desk, sam, code)
    with desk.database.writing() as session:
        modules = lines.modules_with_wishes(session)
        assert waiting.tell_news(session, module_ids=modules, now=desk.now) == 0
    _decide(desk)
    with desk.database.writing() as session:
        assert waiting.tell_news(session, module_ids=modules, now=desk.now) == 1


def test_the_page_of_the_line_says_who_has_to_decide(app: Flask, database: Database) -> None:
    desk = open_desk(database, utc_now(), seats=1, price=245_00)
    _full(desk)
    noor = desk.learner("Noor")
    _undecide(desk)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = noor.sign_in_id.hex
    answer = client.get(f"/nl/offerings/{desk.code}/waiting-list")
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert "moet dat eerst doorgeven" in page
