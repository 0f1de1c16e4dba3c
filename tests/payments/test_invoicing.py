"""Invoices: numbered without holes, made once, never edited, never credited for more than they say."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Executable, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import OutboxMessage, subscribe
from academy.payments.errors import BillingDetailsMissing, CreditTooHigh, InvoiceNotFound, InvoiceSettled
from academy.payments.events import InvoiceIssued
from academy.payments.facts import LineDraft, Payer
from academy.payments.kinds import AccountKind, InvoiceKind, VatCategory
from academy.payments.models import Invoice, InvoiceLine, InvoicePayment, InvoiceSeries, Refund
from academy.payments.queries import ledger
from academy.payments.service import invoicing, invoicing_keeping
from academy.payments.service.invoicing import issue_invoice
from academy.payments.service.invoicing_payments import take_payment
from tests import builders
from tests.payments import papers
from tests.payments.billing import PROVIDER, Bills, details_saved, open_bills
from tests.payments.papers import ABROAD, SUPPLIER, line

Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def bills(database: Database, now: datetime) -> Bills:
    return open_bills(database, now)


def issue_in(session: Session, bills: Bills, key: str) -> str:
    return issue_invoice(
        session, supplier_id=bills.supplier_id, buyer=Payer(organisation_id=bills.buyer_id), lines=[line(100)], request_key=key, language="nl",
        now=bills.now,
    ).code


def test_numbers_follow_each_other_and_begin_with_the_name_of_the_supplier(bills: Bills) -> None:
    assert [bills.issue(key=f"share-{number}").code for number in (1, 2, 3)] == ["WINDESHEIM-00001", "WINDESHEIM-00002", "WINDESHEIM-00003"]


def test_each_supplier_has_its_own_numbers_also_when_their_names_begin_the_same(bills: Bills) -> None:
    slugs = [f"een-heel-lange-naam-van-een-hogeschool-{place}" for place in ("almere", "lelystad")]
    codes = []
    for slug in slugs:
        with bills.database.writing() as session:
            bills.supplier_id = builders.provider(session, slug, slug)
            seller = builders.actor(session, bills.now)
            accounts.add_membership(session, person_id=seller.person_id, organisation_id=bills.supplier_id, role=Role.OWNER)
        details_saved(bills.database, seller, slug, SUPPLIER, bills.now)
        codes.append(bills.issue(key=slug).code)
    assert all(code.endswith("-00001") and code.startswith("EEN-HEEL-LANGE") for code in codes)
    assert len(set(codes)) == 2


def test_asked_again_it_is_the_same_invoice_and_takes_no_number(bills: Bills) -> None:
    first = bills.issue(key="share-1")
    assert bills.issue(line(99_999), key="share-1") == first
    assert bills.last_number() == 1
    assert bills.booked() == Money(40_000)


def test_what_is_rolled_back_leaves_no_hole(bills: Bills) -> None:
    bills.issue(key="share-1")
    with pytest.raises(ZeroDivisionError), bills.database.writing() as session:
        assert issue_in(session, bills, "share-2") == "WINDESHEIM-00002"
        raise ZeroDivisionError
    assert bills.issue(key="share-3").code == "WINDESHEIM-00002"


def test_of_two_open_transactions_the_second_waits_and_gets_the_next_number(bills: Bills) -> None:
    bills.issue(key="share-1")
    with ThreadPoolExecutor(1) as pool:
        with bills.database.writing() as session:
            assert issue_in(session, bills, "share-2") == "WINDESHEIM-00002"
            other = pool.submit(bills.issue, key="share-3")
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)  # it waits for the number, whatever the machine does meanwhile
        assert other.result(timeout=20).code == "WINDESHEIM-00003"


def test_the_same_invoice_asked_by_two_open_transactions_is_made_once(bills: Bills) -> None:
    bills.issue(key="share-1")
    with ThreadPoolExecutor(1) as pool:
        with bills.database.writing() as session:
            mine = issue_in(session, bills, "share-2")
            other = pool.submit(bills.issue, key="share-2")
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)
        assert other.result(timeout=20).code == mine
    assert bills.codes() == ["WINDESHEIM-00001", "WINDESHEIM-00002"]


def test_sixteen_at_once_get_sixteen_numbers_without_a_hole(bills: Bills) -> None:
    def try_until_done(number: int) -> str:
        for _attempt in range(50):
            try:
                return bills.issue(key=f"share-{number // 2}").code  # each is asked twice
            except DatabaseBusy:
                continue
        message = "the database had no turn for this"
        raise AssertionError(message)

    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(try_until_done, range(32)))
    assert set(given) == {f"WINDESHEIM-{number:05}" for number in range(1, 17)}
    assert bills.last_number() == 16


def test_without_holding_the_series_two_take_the_same_turn(bills: Bills, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: numbers read and written apart meet, and the database refuses the second."""

    def careless(session: Session, supplier_id: UUID) -> tuple[str, int]:
        row = session.scalars(select(InvoiceSeries).where(InvoiceSeries.supplier_id == supplier_id)).one()
        return f"{row.prefix}-00001", 1

    bills.issue(key="share-1")
    monkeypatch.setattr(invoicing, "_next_number", careless)
    with pytest.raises((DatabaseBusy, DBAPIError)):
        bills.issue(key="share-2")


def test_an_invoice_says_who_sold_and_bought_as_they_were_on_that_day(bills: Bills) -> None:
    issued = bills.issue(line(40_000, vat=8_400), line(1_000))
    details_saved(bills.database, bills.seller, PROVIDER, replace(SUPPLIER, name="Andere naam"), bills.now)
    found = bills.document(issued)
    assert found.supplier == SUPPLIER
    assert (found.buyer.name, found.buyer.reference, found.purchase_order) == ("Bakkerij De Vries B.V.", bills.slug, "PO-2026-17")
    assert (found.facts.net, found.facts.vat, found.facts.gross) == (Money(41_000), Money(8_400), Money(49_400))
    assert found.facts.due_on - found.facts.issued_on == timedelta(days=30)


def test_nothing_is_invoiced_before_the_particulars_of_both_are_there(database: Database, now: datetime) -> None:
    bills = open_bills(database, now, with_details=False)
    with pytest.raises(BillingDetailsMissing):
        bills.issue()
    details_saved(database, bills.seller, PROVIDER, replace(SUPPLIER, iban=""), now)
    with pytest.raises(BillingDetailsMissing):
        bills.issue()
    details_saved(database, bills.seller, PROVIDER, SUPPLIER, now)
    with pytest.raises(BillingDetailsMissing):
        bills.issue()
    assert bills.last_number() == 0


def test_a_person_is_invoiced_by_name_only(bills: Bills) -> None:
    issued = bills.issue(buyer=Payer(person_id=bills.buyer.person_id))
    assert bills.document(issued).buyer.name == "Noor de Vries"


def test_shifted_vat_needs_the_id_of_who_pays_it(bills: Bills) -> None:
    shifted = line(40_000, category=VatCategory.REVERSE_CHARGE, reason="Btw verlegd")
    details_saved(bills.database, bills.buyer, bills.slug, replace(ABROAD, vat_id=""), bills.now)
    with pytest.raises(BillingDetailsMissing):
        bills.issue(shifted)
    details_saved(bills.database, bills.buyer, bills.slug, ABROAD, bills.now)
    assert bills.issue(shifted).vat == FREE


@pytest.mark.parametrize("wrong", [
    [], [line(-1)], [line(100, quantity=0)], [line(100, rate=2_100)], [line(100, vat=21, rate=0)], [line(100, reason="")],
    [line(100, vat=1, category=VatCategory.EXEMPT)],
])
def test_a_line_that_the_law_does_not_know_is_a_mistake_of_ours(bills: Bills, wrong: list[LineDraft]) -> None:
    with pytest.raises(ValueError, match="line"), bills.database.writing() as session:
        issue_invoice(
            session, supplier_id=bills.supplier_id, buyer=Payer(organisation_id=bills.buyer_id), lines=wrong, request_key="x", language="nl", now=bills.now,
        )


def test_the_letter_is_asked_once(bills: Bills) -> None:
    subscribe("tests.issued", InvoiceIssued, inside=lambda _session, _event, _now: None)
    issued = bills.issue()
    bills.issue()
    with bills.database.reading() as session:
        told = session.scalars(select(OutboxMessage).where(OutboxMessage.subscriber == "tests.issued")).all()
    assert [one.payload["invoice_id"] for one in told] == [str(issued.id)]


def test_a_credit_note_takes_off_what_was_invoiced_and_no_more(bills: Bills) -> None:
    issued = bills.issue(line(40_000, vat=8_400))
    note = bills.credit(issued, line(30_000, vat=6_300))
    assert (note.kind, note.credits_code, note.code, note.open) == (InvoiceKind.CREDIT_NOTE, issued.code, "WINDESHEIM-00002", FREE)
    assert bills.read(issued).open == Money(12_100)
    with pytest.raises(CreditTooHigh):
        bills.credit(issued, line(10_001, vat=2_100), key="credit-2")
    with pytest.raises(CreditTooHigh):
        bills.credit(issued, line(10_000, vat=2_101), key="credit-2")
    with pytest.raises(CreditTooHigh):
        bills.credit(issued, line(1, vat=0, about_id=UUID(int=99)), key="credit-2")
    bills.credit(issued, line(10_000, vat=2_100), key="credit-2")
    assert bills.read(issued).open == FREE


def test_a_credit_note_asked_again_is_the_same_one(bills: Bills) -> None:
    issued = bills.issue()
    assert bills.credit(issued) == bills.credit(issued)
    assert bills.last_number() == 2


def test_a_credit_note_can_not_be_credited(bills: Bills) -> None:
    note = bills.credit(bills.issue())
    with pytest.raises(InvoiceNotFound):
        bills.credit(note, key="credit-2")


def test_two_open_transactions_credit_no_more_than_the_invoice(bills: Bills) -> None:
    issued = bills.issue()
    with ThreadPoolExecutor(1) as pool:
        with bills.database.writing() as session:
            invoicing.credit_invoice(session, invoice_id=issued.id, lines=[line(30_000)], request_key="credit-1", now=bills.now)
            other = pool.submit(bills.credit, issued, line(30_000), key="credit-2")
            with pytest.raises(TimeoutError):
                other.result(timeout=0.3)
        with pytest.raises(CreditTooHigh):
            other.result(timeout=20)
    assert bills.read(issued).open == Money(10_000)


def test_an_invoice_books_what_the_buyer_owes_and_a_credit_note_takes_it_back(bills: Bills) -> None:
    issued = bills.issue()
    with bills.database.reading() as session:
        assert ledger.balances(session)[AccountKind.PAYER] == Money(40_000)
        assert ledger.balances(session)[AccountKind.PROVIDER] == Money(-40_000)
    bills.credit(issued)
    with bills.database.reading() as session:
        assert set(ledger.balances(session).values()) == {FREE}


def test_a_payment_into_the_suppliers_own_account_is_written_down_once_and_never_above_what_is_open(bills: Bills) -> None:
    issued = bills.issue()
    for amount in (0, -1, 40_001):
        with pytest.raises(InvoiceSettled):
            bills.note(issued, amount)
    bills.note(issued, 40_000)
    assert bills.read(issued).open == FREE
    with bills.database.reading() as session:
        assert set(ledger.balances(session).values()) == {FREE}


def test_an_invoice_paid_online_is_paid_and_a_credit_note_after_it_gives_the_money_back(bills: Bills) -> None:
    issued = bills.issue()
    opened = bills.pay_online(issued)
    assert bills.read(issued).open == FREE
    with bills.database.writing() as session:
        take_payment(session, opened.id, now=bills.now)  # the news comes twice
    assert bills.read(issued).paid == Money(40_000)
    bills.credit(issued, line(10_000))
    with bills.database.reading() as session:
        assert session.scalars(select(Refund.amount)).all() == [Money(10_000)]
    assert bills.read(issued).open == FREE


def test_money_that_comes_after_the_invoice_was_credited_goes_back(bills: Bills) -> None:
    issued = bills.issue()
    opened = bills.ask(issued)
    bills.credit(issued)
    bills.settle(opened)
    with bills.database.reading() as session:
        assert session.scalars(select(Refund.amount)).all() == [Money(40_000)]


def test_nothing_is_paid_of_an_invoice_that_is_paid(bills: Bills) -> None:
    issued = bills.issue()
    bills.pay_online(issued)
    with pytest.raises(InvoiceSettled):
        bills.ask(issued)


@pytest.mark.parametrize("change", [update(Invoice).values(gross=Money(1)), update(InvoiceLine).values(net=Money(1)), update(InvoicePayment).values(amount=Money(1)),
                                    delete(InvoiceLine), delete(InvoicePayment), delete(Invoice)], ids=str)
def test_the_database_itself_keeps_what_was_sent(bills: Bills, change: Executable) -> None:
    bills.pay_online(bills.issue())
    with pytest.raises(DBAPIError), bills.database.writing() as session:
        session.execute(change)


def test_ten_thousand_random_invoices_add_up() -> None:
    pick = random.Random(7)  # noqa: S311 - no secret
    for _case in range(10_000):
        lines = [
            line(net := pick.randrange(200_000), vat=(net * 21 + 50) // 100 if pick.random() < 0.5 else 0, quantity=pick.randrange(1, 9))
            for _line in range(pick.randrange(1, 12))
        ]
        made = papers.document(*lines)
        parts = made.vat_parts
        assert sum((part.net for part in parts), FREE) == made.facts.net == sum((each.net for each in made.lines), FREE)
        assert sum((part.vat for part in parts), FREE) == made.facts.vat == made.facts.gross - made.facts.net
        assert all(abs(part.vat.cents - part.net.cents * part.rate / 10_000) < len(lines) for part in parts)


def test_an_invoice_takes_few_statements_however_many_lines_it_has(bills: Bills, queries: Budget) -> None:
    bills.issue(key="first")
    with queries(20):
        bills.issue(*[line(100, about_id=UUID(int=number)) for number in range(50)], key="second")


def test_what_the_books_need_no_more_is_erased_and_what_they_need_is_not(bills: Bills) -> None:
    old, new = (bills.issue(key=str(year), now=datetime(year, 5, 1, 9, tzinfo=UTC)) for year in (2015, 2024))
    bills.credit(old)  # now: the invoice that it points to stays as long
    lonely = bills.issue(key="lonely", now=datetime(2015, 6, 1, 9, tzinfo=UTC))
    forget = next(each.apply for each in invoicing_keeping.RECORDS if each.apply)
    erased = []
    for _turn in range(2):
        with bills.database.writing() as session:
            erased.append(forget(session, datetime(2026, 11, 1, tzinfo=UTC), 100))
    assert erased == [1, 0]
    with bills.database.reading() as session:
        assert lonely.code not in session.scalars(select(Invoice.code)).all()
        assert {old.code, new.code} <= set(session.scalars(select(Invoice.code)))


def test_the_database_lets_nobody_erase_an_invoice_of_these_years_with_or_without_its_lines(bills: Bills) -> None:
    new = bills.issue(now=datetime(2024, 5, 1, 9, tzinfo=UTC))
    for kind, key in ((InvoiceLine, InvoiceLine.invoice_id), (Invoice, Invoice.id)):
        with pytest.raises(DBAPIError), bills.database.writing() as session:
            session.execute(delete(kind).where(key == new.id))
