"""Seats of a group and seats by a code: the provider sends the bill, the page says so, and who paid what counts them as long as they stand."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts import service as accounts
from academy.accounts.api import OrganisationKind
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import OfferingState
from academy.enrolment import service
from academy.enrolment.events import RefundDue
from academy.enrolment.kinds import EnrolmentState, PoolKind, WaitsFor
from academy.enrolment.models import Enrolment, SeatCode
from academy.enrolment.service import admitting, leaving, seats, together
from academy.funding import service as funding_service
from academy.funding.errors import VatUndecided
from academy.funding.models import FundedSeat, FundingShare, ProviderTax
from academy.funding.service.invoicing import month_of
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments.models import Payment, Refund
from tests.enrolment.desk import Desk, listen, open_desk
from tests.funding import money

PRICE = Money(245_00)
DAY = timedelta(days=1)
Row = tuple[str, str, int, int, str]


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(RefundDue)
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return open_desk(database, now, seats=4, price=PRICE.cents)


def _shares(desk: Desk) -> list[Row]:
    """Return who owes what: kind, category, amount, what went back, state; once it is sure that all adds up and that no bank or bill is in it."""
    with desk.database.reading() as session:
        assert money.adds_up(session)
        assert session.scalars(select(Payment.id)).all() == session.scalars(select(Refund.id)).all() == []
        assert funding_service.pairs_to_invoice(session, month=month_of(desk.now + 60 * DAY)) == []
        rows = session.scalars(select(FundingShare).order_by(FundingShare.id)).all()
        return [(row.kind.value, row.category.value, row.amount.cents, row.refunded.cents, row.state.value) for row in rows]


def _share(kind: str, category: str, state: str, *, back: int = 0) -> Row:
    return kind, category, PRICE.cents, back, state


def _group(desk: Desk, boss: Actor, *emails: str) -> list[str]:
    with desk.database.writing() as session:
        together.enrol_group(
            session, actor=boss, offering_code=desk.code, people=[(email.split("@")[0].title(), email) for email in emails], request_key=new_id(),
            language="nl", now=desk.now,
        )
        return list(session.scalars(select(Enrolment.code).where(Enrolment.group_id.is_not(None)).order_by(Enrolment.id)))


def _code_of(desk: Desk, kind: OrganisationKind | None) -> str:
    """Keep a seat apart for an organisation, or for a target group, and return the code that gives it out."""
    with desk.database.writing() as session:
        offering = catalogue.offering_for_enrolment(session, desk.code).offering
        sponsor = None if kind is None else accounts.register_organisation(session, slug="sponsor", name="Sponsor", kind=kind)
        pool = seats.add_pool(
            session, offering_id=offering.id, kind=PoolKind.TARGET_GROUP if kind is None else PoolKind.SPONSOR, name="Sponsor", sponsor_id=sponsor, opens_up_at=None,
        )
        assert seats.move(session, from_pool=seats.public_pool(session, offering), to_pool=pool, seats=1)
        session.add(SeatCode(id=new_id(), code="SPONSOR7", pool_id=pool, uses=1, used=0, made_at=desk.now))
    return "SPONSOR7"


def _by_code(desk: Desk, learner: Actor, code: str) -> str:
    with desk.database.writing() as session:
        mine = service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=new_id(), now=desk.now, seat_code=code)
        service.confirm(session, actor=learner, code=mine, now=desk.now)
    return mine


def _cancel(desk: Desk, learner: Actor, code: str) -> None:
    with desk.database.writing() as session:
        service.cancel(session, actor=learner, code=code, now=desk.now + DAY)
    desk.news_arrives()


OWED, PAID = _share("learner", "individuals", "reserved"), _share("learner", "individuals", "settled")
GONE, BACK = _share("learner", "individuals", "released"), _share("learner", "individuals", "reclaimed", back=PRICE.cents)


def test_what_a_group_owes_stands_with_who_made_it_and_is_settled_when_the_provider_says_so(desk: Desk) -> None:
    boss = desk.learner("Baas")
    first, second = _group(desk, boss, "ali@voorbeeld.nl", "bea@voorbeeld.nl")
    assert _shares(desk) == [OWED, OWED]
    with desk.database.reading() as session:
        assert set(session.scalars(select(FundingShare.person_id))) == {boss.person_id}
        assert set(session.scalars(select(FundedSeat.person_id))) == {desk.row(first).person_id, desk.row(second).person_id}
    desk.do(admitting.confirm_payment, code=first)
    desk.news_arrives()
    assert (desk.row(first).state, sorted(_shares(desk))) == (EnrolmentState.CONFIRMED, sorted([PAID, OWED]))


def test_a_group_that_nobody_pays_owes_nothing_any_more(desk: Desk) -> None:
    _group(desk, desk.learner("Baas"), "ali@voorbeeld.nl")
    desk.run(service.expire_due, now=desk.now + 8 * DAY)
    assert _shares(desk) == [GONE]


def test_money_of_an_organisation_that_came_late_counts_again_with_the_seat(desk: Desk) -> None:
    code = _by_code(desk, desk.learner(), _code_of(desk, OrganisationKind.EMPLOYER))
    late = desk.now + 8 * DAY
    desk.run(service.expire_due, now=late)
    assert _shares(desk) == [_share("employer", "employers", "released")]
    desk.do(admitting.confirm_payment, code=code, now=late)
    desk.news_arrives(now=late)
    assert _shares(desk) == [_share("employer", "employers", "settled")]


def test_of_a_group_seat_that_is_cancelled_the_provider_gives_back_what_was_agreed(desk: Desk) -> None:
    desk.set_offering(cancel_free_days=60, cancel_late_percent=40)
    boss = desk.learner("Baas")
    (code,) = _group(desk, boss, boss.email)
    desk.do(admitting.confirm_payment, code=code)
    _cancel(desk, boss, code)
    assert _shares(desk) == [_share("learner", "individuals", "settled", back=147_00)]


@pytest.mark.parametrize("way", ["group", "code"])
def test_a_class_that_is_called_off_leaves_nothing_owed_or_paid(desk: Desk, way: str) -> None:
    (code,) = _group(desk, desk.learner("Baas"), "ali@voorbeeld.nl") if way == "group" else [_by_code(desk, desk.learner(), _code_of(desk, OrganisationKind.EMPLOYER))]
    desk.do(admitting.confirm_payment, code=code)
    desk.set_offering(state=OfferingState.CANCELLED)
    desk.run(leaving.withdraw_seats, offering_id=desk.offering().id)
    desk.news_arrives()
    assert _shares(desk) == [BACK if way == "group" else _share("employer", "employers", "reclaimed", back=PRICE.cents)]


@pytest.mark.parametrize(("of", "kind", "category"), [
    (OrganisationKind.EMPLOYER, "employer", "employers"), (OrganisationKind.FUND, "sector-fund", "sector"),
    (OrganisationKind.SCHOOL, "public-education", "education"), (None, "public-education", "education"),
])
def test_a_seat_by_a_code_is_its_organisations_and_the_next_ones_after_who_had_it(
    desk: Desk, of: OrganisationKind | None, kind: str, category: str,
) -> None:
    sam, code = desk.learner(), _code_of(desk, of)
    mine = _by_code(desk, sam, code)
    assert desk.row(mine).waits_for is WaitsFor.PAYMENT
    assert _shares(desk) == [_share(kind, category, "reserved")]
    desk.do(admitting.confirm_payment, code=mine)
    assert _shares(desk) == [_share(kind, category, "settled")]
    _cancel(desk, sam, mine)
    theirs = _by_code(desk, desk.learner("Noor"), code)
    desk.do(admitting.confirm_payment, code=theirs)
    assert _shares(desk) == [_share(kind, category, "reclaimed", back=PRICE.cents), _share(kind, category, "settled")]


def test_a_seat_of_a_group_that_is_passed_on_is_paid_once(desk: Desk) -> None:
    boss = desk.learner("Baas")
    (code,) = _group(desk, boss, boss.email)
    with desk.database.writing() as session:
        new = together.send_substitute(session, actor=boss, code=code, name="Noor", email="noor@voorbeeld.nl", language="nl", now=desk.now)
    desk.news_arrives()
    assert (_shares(desk), desk.row(new).seat_id) == ([OWED], desk.row(code).id)
    desk.do(admitting.confirm_payment, code=new)
    assert _shares(desk) == [PAID]


def test_a_free_group_owes_nothing(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, price=0)
    _group(desk, desk.learner("Baas"), "ali@voorbeeld.nl")
    assert _shares(desk) == []


def test_a_code_opens_no_seat_that_may_not_be_sold(desk: Desk) -> None:
    code = _code_of(desk, OrganisationKind.EMPLOYER)
    with desk.database.writing() as session:
        for row in session.scalars(select(ProviderTax)):
            row.from_on = (desk.now + 400 * DAY).date()
    funding_service.forget_rules()
    with pytest.raises(VatUndecided):
        _by_code(desk, desk.learner(), code)


def test_noting_and_settling_twice_is_once(desk: Desk) -> None:
    (code,) = _group(desk, desk.learner("Baas"), "ali@voorbeeld.nl")
    for _time in range(2):
        desk.run(funding_service.settle_elsewhere, seat_id=desk.row(code).id)
    desk.run(funding_service.settle_elsewhere, seat_id=UUID(int=7))
    assert _shares(desk) == [PAID]


def test_the_pages_say_before_the_button_that_the_provider_sends_the_bill(app: Flask, database: Database) -> None:
    desk = open_desk(database, utc_now(), seats=4, price=PRICE.cents)
    sam, code = desk.learner(), _code_of(desk, OrganisationKind.EMPLOYER)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sam.sign_in_id.hex
    assert "De aanbieder stuurt je zelf de rekening" in client.get(f"/nl/offerings/{desk.code}/enrol/group").get_data(as_text=True)
    with database.writing() as session:
        mine = service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=new_id(), now=utc_now(), seat_code=code)
    page = client.get(f"/nl/my/enrolments/{mine}/check").get_data(as_text=True)
    assert "bij de aanbieder, die zelf de rekening stuurt" in page
    assert "<strong>niets</strong>" in page
    assert "betaalverplichting" not in page
