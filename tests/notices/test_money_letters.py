"""Letters about money: to who pays, who pays along, and who looks after what went wrong; never with who a learner is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import OrganisationKind, Role
from academy.accounts.queries import Actor
from academy.enrolment import service
from academy.funding import api as funding
from academy.funding import service as funding_service
from academy.funding.kinds import Fallback
from academy.funding.models import FundingShare
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.notices.enrolment_letters import money as letters
from academy.payments import api as payments
from academy.payments.kinds import SendState
from academy.payments.models import Payment, Refund
from tests import builders
from tests.enrolment.vat import decide_vat
from tests.funding import money as funders

PRICE = "€\N{NO-BREAK SPACE}245"


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


def _asked(session: Session, now: datetime, **terms: Any) -> tuple[Actor, funders.Source | None, UUID]:
    """Let somebody promise a seat, with a fund where it has terms; returns them, the fund and its share."""
    sam = builders.actor(session, now, name="Sam Geheim")
    offering = builders.offering(session, now, price=245_00)
    decide_vat(session, now)
    fund = funders.source(session, now, **terms) if terms else None
    funding_service.forget_rules()
    mine = service.hold_seat(session, actor=sam, offering_code=offering, request_key=None, now=now)
    service.confirm(session, actor=sam, code=mine, now=now)
    session.flush()
    share = session.scalars(select(FundingShare.id).where(FundingShare.source_id == (fund and fund.id))).one()
    return sam, fund, share


def _refund(session: Session, now: datetime) -> UUID:
    """Let all of the payment be on its way back."""
    payment_id = session.scalars(select(Payment.id)).one()
    refund = Refund(
        id=new_id(), request_key="all", payment_id=payment_id, amount=Money(245_00), state=SendState.FAILED, asked_at=now, due_at=now,
        ended_at=now, problem="account closed",
    )
    session.add(refund)
    session.flush()
    return refund.id


def test_who_approves_is_asked_without_hearing_who_asks(session: Session, now: datetime) -> None:
    sam, fund, share = _asked(session, now, needs_approval=True)
    assert fund is not None
    (letter,) = letters.share_asked(session, funding.ShareAsked(share), now)
    assert letter.to == fund.keeper.email
    for words in ("€\N{NO-BREAK SPACE}122,50", PRICE, "8 sep 2026, 11:00", "/nl/funding/fonds/asked"):
        assert words in letter.text
    assert sam.name not in letter.text
    assert sam.email not in letter.text


def test_what_is_answered_is_not_asked_any_more(session: Session, now: datetime) -> None:
    _sam, fund, share = _asked(session, now, needs_approval=True)
    assert fund is not None
    funding_service.approve_share(session, actor=fund.keeper, share_id=share, now=now)
    assert letters.share_asked(session, funding.ShareAsked(share), now) == []


@pytest.mark.parametrize(("fallback", "says"), [
    (Fallback.LEARNER, "betaal je dit deel nu zelf"), (Fallback.NOBODY, "vervalt je plek"),
])
def test_the_learner_reads_why_a_source_does_not_pay_and_who_does(session: Session, now: datetime, fallback: Fallback, says: str) -> None:
    sam, fund, share = _asked(session, now, needs_approval=True, fallback=fallback)
    assert fund is not None
    funding_service.refuse_share(session, actor=fund.keeper, share_id=share, reason="Het jaar is vol.", now=now)
    (letter,) = letters.share_refused(session, funding.ShareRefused(share), now)
    assert letter.to == sam.email
    for words in ("Het jaar is vol.", says):
        assert words in letter.text


def test_who_paid_has_a_receipt_and_who_did_not_has_none(session: Session, now: datetime) -> None:
    sam, _fund, _share = _asked(session, now)
    event = payments.PaymentSettled(session.scalars(select(Payment.id)).one())
    assert letters.paid(session, event, now) == []
    session.execute(update(Payment).values(state=payments.PaymentState.SETTLED, settled_at=now))
    (letter,) = letters.paid(session, event, now)
    assert letter.to == sam.email
    for words in (PRICE, "Windesheim in Almere", "1 sep 2026, 11:00", "/nl/payments/"):
        assert words in letter.text


def test_who_gets_money_back_hears_how_much(session: Session, now: datetime) -> None:
    sam, _fund, _share = _asked(session, now)
    (letter,) = letters.refunded(session, payments.RefundDone(_refund(session, now)), now)
    assert (letter.to, PRICE in letter.text) == (sam.email, True)


def test_the_programme_office_hears_of_money_that_could_not_go_back_not_of_whom(session: Session, now: datetime) -> None:
    sam, _fund, _share = _asked(session, now)
    office = builders.actor(session, now)
    there = accounts.register_organisation(session, slug="programmabureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
    accounts.add_membership(session, person_id=office.person_id, organisation_id=there, role=Role.OFFICE)
    (letter,) = letters.refund_failed(session, payments.RefundFailed(_refund(session, now)), now)
    assert letter.to == office.email
    assert "account closed" in letter.text
    assert sam.email not in letter.text


def test_what_is_gone_leads_to_no_letter(session: Session, now: datetime) -> None:
    nothing = new_id()
    assert letters.share_asked(session, funding.ShareAsked(nothing), now) == []
    assert letters.share_refused(session, funding.ShareRefused(nothing), now) == []
    assert letters.paid(session, payments.PaymentSettled(nothing), now) == []
    assert letters.refunded(session, payments.RefundDone(nothing), now) == []
    assert letters.refund_failed(session, payments.RefundFailed(nothing), now) == []
    assert letters.invoice_issued(session, payments.InvoiceIssued(nothing), now) == []
