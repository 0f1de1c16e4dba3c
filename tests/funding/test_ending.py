"""Money that goes back: to each what they paid and never more, the last to pay first; and budgets get it back."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding import service
from academy.funding.kinds import SourceKind
from academy.funding.service.invoicing import month_of
from academy.kernel.money import FREE, Money
from academy.payments import api as payments
from academy.payments.gateway import CheckoutOutcome
from academy.payments.models import BillingDetails, Invoice, Refund
from academy.payments.service.settling import settle
from tests.funding import money
from tests.funding.money import Seat, Source


def pay(session: Session, now: datetime, one: Seat) -> None:
    """Let the learner's own money come."""
    service.note_payment(session, paid(session, now, one), now=now)


def paid(session: Session, now: datetime, one: Seat) -> UUID:
    """Let the bank have the learner's money, of which funding has not heard yet; returns the payment's id."""
    own = Money(sum(share.amount.cents for share in money.split(session, one).shares if share.kind is SourceKind.LEARNER))
    opened = payments.open_payment(
        session, purpose="enrolment", subject_id=one.id, payer=payments.Payer(person_id=one.person_id), supplier_id=one.found.provider_id, amount=own,
        description="Netwerkbeheer", language="nl", pay_until=now + timedelta(hours=1), now=now,
    )
    told = CheckoutOutcome("visit", is_open=False, vendor_payment=f"paid-{opened.code}", vendor_charge="charge", amount=own, method="ideal")
    settle(session, opened.id, told, now=now)
    session.expire_all()
    return opened.id


def details(session: Session, now: datetime, *organisation_ids: object) -> None:
    """Fill in what the law wants on an invoice."""
    for organisation_id in organisation_ids:
        session.add(BillingDetails(
            organisation_id=organisation_id, legal_name="Firma BV", street="Straat 1", postcode="1315 AA", city="Almere", country="NL",
            kvk_number="12345678", vat_id="NL123456789B01", iban="NL91ABNA0417164300", changed_at=now,
        ))
    session.flush()


def paid_by_three(session: Session, now: datetime) -> tuple[Seat, Source, Source]:
    """Return a seat that is sure: a fund pays 30, an employer 20, and the learner paid 50."""
    one = money.seat(session, now)
    fund = money.source(session, now, position=1, percentage=3_000, cap_person_year=Money(500_00))
    firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", position=2, percentage=2_000)
    money.reserve(session, now, one)
    pay(session, now, one)
    service.confirm_seat(session, one.id, now=now)
    return one, fund, firm


def invoice(session: Session, one: Seat, *payers: Source, now: datetime) -> None:
    details(session, now, one.found.provider_id, *(payer.owner_id for payer in payers))
    month = month_of(now + timedelta(days=31))
    for pair in service.pairs_to_invoice(session, month=month):
        service.invoice_pair(session, pair, month=month, now=now)


def refunded(session: Session) -> list[int]:
    return [amount.cents for amount in session.scalars(select(Refund.amount).order_by(Refund.id))]


def test_the_learners_money_makes_their_share_paid_once(session: Session, now: datetime) -> None:
    one, _fund, _firm = paid_by_three(session, now)
    payment = payments.payments_for(session, "enrolment", [one.id])[one.id]
    service.note_payment(session, payment.id, now=now)
    assert money.states(session, one) == [("sector-fund", 30_00, "approved"), ("employer", 20_00, "approved"), ("learner", 50_00, "paid")]


@pytest.mark.parametrize(("owed", "back", "after"), [
    (0, [50_00], ["released", "released", "reclaimed"]),
    (40_00, [50_00], ["approved", "approved", "reclaimed"]),
    (60_00, [40_00], ["approved", "approved", "paid"]),
    (100_00, [], ["approved", "approved", "paid"]),
    (500_00, [], ["approved", "approved", "paid"]),
])
def test_what_stays_owed_is_of_the_first_to_pay_and_the_last_gets_money_back_first(
    session: Session, now: datetime, owed: int, back: list[int], after: list[str],
) -> None:
    one, fund, firm = paid_by_three(session, now)
    service.end_seat(session, one.id, owed=Money(owed), now=now)
    service.end_seat(session, one.id, owed=Money(owed), now=now)
    assert refunded(session) == back
    assert [state for _kind, _amount, state in money.states(session, one)] == after
    stays = [min(owed, 30_00), max(0, min(owed - 30_00, 20_00))]
    assert [money.used(session, fund)[0], money.used(session, firm)[0]] == stays
    assert money.adds_up(session)


def test_who_was_invoiced_gets_a_credit_note_and_the_budget_its_money_back(session: Session, now: datetime) -> None:
    one, fund, firm = paid_by_three(session, now)
    invoice(session, one, fund, firm, now=now)
    assert money.states(session, one)[:2] == [("sector-fund", 30_00, "invoiced"), ("employer", 20_00, "invoiced")]
    assert (money.used(session, fund), money.used(session, firm)) == ((0, 30_00), (0, 20_00))
    service.end_seat(session, one.id, owed=Money(10_00), now=now)
    notes = session.scalars(select(Invoice.gross).where(Invoice.kind == payments.InvoiceKind.CREDIT_NOTE).order_by(Invoice.id)).all()
    assert (refunded(session), [note.cents for note in notes]) == ([50_00], [20_00, 20_00])
    assert money.states(session, one) == [("sector-fund", 30_00, "invoiced"), ("employer", 20_00, "reclaimed"), ("learner", 50_00, "reclaimed")]
    assert (money.used(session, fund), money.used(session, firm)) == ((0, 10_00), (0, 0))
    service.end_seat(session, one.id, owed=FREE, now=now)
    assert (money.states(session, one)[0][2], money.used(session, fund)) == ("reclaimed", (0, 0))
    assert money.adds_up(session)


def test_a_share_that_stays_owed_in_part_is_invoiced_for_that_part(session: Session, now: datetime) -> None:
    one, fund, firm = paid_by_three(session, now)
    service.end_seat(session, one.id, owed=Money(12_34), now=now)
    invoice(session, one, fund, firm, now=now)
    assert [gross.cents for gross in session.scalars(select(Invoice.gross))] == [12_34]
    assert (money.used(session, fund), money.used(session, firm)) == ((0, 12_34), (0, 0))


def test_money_that_comes_after_the_seat_ended_goes_back(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.reserve(session, now, one)
    service.end_seat(session, one.id, owed=FREE, now=now)
    assert money.states(session, one) == [("learner", 100_00, "released")]
    payment_id = paid(session, now, one)
    service.end_seat(session, one.id, owed=FREE, now=now)  # before funding heard of the money
    service.note_payment(session, payment_id, now=now)
    assert refunded(session) == [100_00]
    assert money.states(session, one) == [("learner", 100_00, "reclaimed")]


def test_a_seat_can_stand_again_as_long_as_what_others_promised_is_still_there(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    fund = money.source(session, now, budget=Money(50_00))
    money.reserve(session, now, one)
    service.end_seat(session, one.id, owed=FREE, now=now)
    assert service.reopen_seat(session, one.id, now)
    assert money.states(session, one) == [("sector-fund", 50_00, "approved"), ("learner", 50_00, "reserved")]
    assert money.used(session, fund) == (50_00, 0)
    service.end_seat(session, one.id, owed=FREE, now=now)
    money.reserve(session, now, money.another(session, now, one))
    assert not service.reopen_seat(session, one.id, now)
    assert money.states(session, one) == [("sector-fund", 50_00, "released"), ("learner", 50_00, "released")]
    assert money.adds_up(session)
