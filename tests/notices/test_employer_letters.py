"""Letters about an employer that is asked by mail: they carry a way to decide, and nothing that anybody typed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.enrolment import service
from academy.enrolment.service.paying import EmployerWanted
from academy.funding import api as funding
from academy.funding import service as funding_service
from academy.funding.drafts import EmployerAnswer, FirmDraft
from academy.funding.kinds import AskState
from academy.funding.models import EmployerAsk, FundedSeat
from academy.funding.service.invoicing import month_of
from academy.kernel.money import Money
from academy.notices.enrolment_letters import employers as letters
from academy.notices.enrolment_letters import money as money_letters
from academy.payments import api as payments
from academy.payments.models import BillingDetails
from tests import builders
from tests.enrolment.vat import decide_vat

PRICE = Money(245_00)
FIRM = FirmDraft("Bakkerij Jansen", "12345678", "Dorpsstraat 1", "1315 AA", "Almere")
YES = EmployerAnswer(AskState.APPROVED, PRICE, "Kim Jansen", firm=FIRM)


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def ask_id(session: Session, now: datetime) -> UUID:
    sam = builders.actor(session, now, name="Sam Geheim")
    offering = builders.offering(session, now, price=PRICE.cents)
    decide_vat(session, now)
    funding_service.forget_rules()
    mine = service.hold_seat(session, actor=sam, offering_code=offering, request_key=None, now=now)
    service.confirm(session, actor=sam, code=mine, employer=EmployerWanted("baas@bakkerij.example", "Geheime uitleg"), now=now)
    session.flush()
    return session.scalars(select(EmployerAsk.id)).one()


def answer(session: Session, now: datetime, ask_id: UUID, **said: Any) -> None:
    funding_service.answer_ask(session, ask_id=ask_id, answer=replace(YES, **said), now=now)
    session.flush()


@pytest.mark.parametrize("reminder", [0, 1, 2])
def test_the_employer_gets_the_link_and_not_who_asks(session: Session, now: datetime, ask_id: UUID, reminder: int) -> None:
    (letter,) = letters.employer_asked(session, funding.EmployerAsked(ask_id, reminder), now)
    assert letter.to == "baas@bakkerij.example"
    assert f"/nl/employer-answer/{funding.ask_token_for(ask_id)}" in letter.text
    assert letter.subject.startswith("Herinnering") == bool(reminder)
    for body in (letter.text, letter.html):
        assert "Geheim" not in body
        assert "245" in body
        assert "/employer-answer/" in body
    assert letter.key == f"employer-asked-{ask_id.hex}-{reminder}", "sent again, it is the same letter"


def test_who_answered_or_is_too_late_is_not_asked_again(session: Session, now: datetime, ask_id: UUID) -> None:
    assert letters.employer_asked(session, funding.EmployerAsked(ask_id, 2), now + timedelta(days=7)) == []
    answer(session, now, ask_id)
    assert letters.employer_asked(session, funding.EmployerAsked(ask_id, 1), now) == []


@pytest.mark.parametrize(("said", "subject", "words"), [
    ({}, "Je werkgever betaalt: ", "Jij betaalt niets"),
    ({"state": AskState.PART, "amount": Money(45_00)}, "Je werkgever betaalt een deel: ", "Anders vervalt je plek"),
    ({"state": AskState.REFUSED, "reason": "Scheldwoord"}, "Je werkgever betaalt niet: ", "De uitleg lees je bij je inschrijving"),
])
def test_the_learner_hears_what_was_answered_and_what_to_do(
    session: Session, now: datetime, ask_id: UUID, said: dict[str, Any], subject: str, words: str,
) -> None:
    answer(session, now, ask_id, **said)
    (letter,) = letters.employer_answered(session, funding.EmployerAnswered(ask_id), now)
    assert letter.subject.startswith(subject)
    assert words in letter.text
    assert "/my/enrolments/" in letter.text
    assert "Scheldwoord" not in letter.text


def test_the_invoice_of_a_firm_without_an_account_lies_behind_the_link(session: Session, now: datetime, ask_id: UUID) -> None:
    answer(session, now, ask_id)
    seat = session.scalars(select(FundedSeat)).one()
    session.add(BillingDetails(
        organisation_id=seat.supplier_id, legal_name="Windesheim", street="Weg 1", postcode="1315 AA", city="Almere", country="NL", kvk_number="87654321",
        vat_id="NL123456782B90", iban="NL91ABNA0417164300", changed_at=now,
    ))
    funding_service.confirm_seat(session, seat.id, now)
    later = now + timedelta(days=40)
    (pair,) = funding_service.pairs_to_invoice(session, month=month_of(later))
    invoice = funding_service.invoice_pair(session, pair, month=month_of(later), now=later)
    assert invoice is not None
    (letter,) = money_letters.invoice_issued(session, payments.InvoiceIssued(invoice.id), later)
    assert letter.to == "baas@bakkerij.example"
    assert funding.ask_token_for(ask_id) in letter.text
    assert payments.invoice_document(session, invoice.id).purchase_order == "Akkoord: Kim Jansen"
