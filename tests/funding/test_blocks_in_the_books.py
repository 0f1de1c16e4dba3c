"""What blocks leave in the books: invoices with VAT or with the VAT shifted, credit notes, and of people no more than of any other seat."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.models import Person
from academy.funding import personal, rounds, rules, service
from academy.funding.models import FundedBlock, FundedSeat
from academy.kernel.db import Database
from academy.kernel.money import FREE, Money
from academy.payments.api import VatCategory
from academy.payments.kinds import InvoiceKind
from academy.payments.models import BillingDetails, Invoice, InvoiceLine
from tests.funding import blocks, money
from tests.funding.money import Seat, Source
from tests.funding.test_ending import details

FIRST = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)  # half past midnight on 1 October in Amsterdam
LONG_AFTER = datetime(2034, 1, 2, tzinfo=UTC)  # the books of 2026 are kept until the end of 2033


def begun(session: Session, now: datetime, country: str = "NL", vat_id: str = "NL123456789B01") -> tuple[Seat, Source, UUID, UUID]:
    """Return a class with VAT that has begun, a firm with four seats in it, the block, and the only seat of it that has a name."""
    one, firm = money.seat(session, now, is_in_crkbo=False), blocks.firm(session, now, country=country, vat_id=vat_id)
    details(session, now, one.found.provider_id, firm.owner_id)
    session.execute(update(BillingDetails).where(BillingDetails.organisation_id == firm.owner_id).values(country=country, vat_id=vat_id))
    block_id = blocks.order(session, now, firm, one)
    seat_id = blocks.name(session, now, block_id, one)
    service.close_block(session, block_id, owes_unnamed=True, now=now)
    return one, firm, block_id, seat_id


def nameless(session: Session) -> FundedSeat:
    return session.scalars(select(FundedSeat).where(FundedSeat.person_id.is_(None)).execution_options(populate_existing=True)).one()


def papers(session: Session, kind: InvoiceKind) -> list[tuple[Money, Money]]:
    """Return what stands on the invoices or credit notes that there are: with VAT, and the VAT."""
    return [(paper.gross, paper.vat) for paper in session.scalars(select(Invoice).where(Invoice.kind == kind).order_by(Invoice.id))]


def test_the_invoice_of_the_month_has_a_line_for_each_name_and_one_for_the_seats_without(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, *_rest = begun(session, now)
    rounds.invoice_last_month(FIRST)
    with database.reading() as session:
        lines = session.scalars(select(InvoiceLine).order_by(InvoiceLine.gross)).all()
        title = one.found.module_title.in_language("nl")
        assert [line.description for line in lines] == [f"{title} (PO 7)", f"3 plekken zonder naam: {title} (PO 7)"]
        assert [(line.gross, line.vat, line.vat_rate) for line in lines] == [(Money(100_00), Money(17_36), 2_100), (Money(300_00), Money(52_08), 2_100)]
        assert papers(session, InvoiceKind.INVOICE) == [(Money(400_00), Money(69_44))]


def test_a_firm_in_another_country_of_the_eu_is_invoiced_without_vat_for_names_and_for_seats_without(database: Database, now: datetime) -> None:
    with database.writing() as session:
        _one, firm, *_rest = begun(session, now, "DE", "DE123456789")
        assert money.used(session, firm) == (4 * 82_64, 0)
    rounds.invoice_last_month(FIRST)
    with database.reading() as session:
        lines = session.scalars(select(InvoiceLine).order_by(InvoiceLine.gross)).all()
        assert [(line.gross, line.vat, line.vat_category) for line in lines] == [
            (Money(82_64), FREE, VatCategory.REVERSE_CHARGE), (Money(3 * 82_64), FREE, VatCategory.REVERSE_CHARGE),
        ]
        assert lines[1].description.startswith("3 ")
        assert all("verlegd" not in line.vat_reason and line.vat_reason for line in lines)
        assert money.used(session, firm) == (0, 4 * 82_64)
        assert money.adds_up(session)


def test_a_name_that_was_invoiced_and_is_given_up_is_credited_and_the_block_promises_it_again(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, firm = money.seat(session, now, is_in_crkbo=False), blocks.firm(session, now)
        details(session, now, one.found.provider_id, firm.owner_id)
        block_id = blocks.order(session, now, firm, one)
        seat_id = blocks.name(session, now, block_id, one)
    rounds.invoice_last_month(FIRST)
    with database.writing() as session:
        assert money.used(session, firm) == (300_00, 100_00)
        assert blocks.give_up(session, now, seat_id)
    with database.reading() as session:
        assert papers(session, InvoiceKind.CREDIT_NOTE) == [(Money(100_00), Money(17_36))]
        assert (money.used(session, firm), blocks.facts(session, block_id).unnamed) == ((400_00, 0), 4)
        assert money.adds_up(session)


def test_a_credit_note_calls_a_seat_what_its_invoice_called_it_with_the_reference_of_who_bought(database: Database, now: datetime) -> None:
    with database.writing() as session:
        one, _firm, _block_id, seat_id = begun(session, now)
    rounds.invoice_last_month(FIRST)
    with database.writing() as session:
        for ended in (seat_id, nameless(session).id):
            service.end_seat(session, ended, owed=FREE, now=now)
    with database.reading() as session:
        said = {
            kind: sorted(session.scalars(select(InvoiceLine.description).join(Invoice, Invoice.id == InvoiceLine.invoice_id).where(Invoice.kind == kind)))
            for kind in InvoiceKind
        }
        title = one.found.module_title.in_language("nl")
        assert said[InvoiceKind.CREDIT_NOTE] == said[InvoiceKind.INVOICE] == [f"3 plekken zonder naam: {title} (PO 7)", f"{title} (PO 7)"]


def test_a_class_that_is_called_off_after_it_began_gives_the_seats_without_a_name_back_too(database: Database, now: datetime) -> None:
    with database.writing() as session:
        _one, firm, block_id, seat_id = begun(session, now)
    rounds.invoice_last_month(FIRST)
    with database.writing() as session:
        service.end_seat(session, seat_id, owed=FREE, now=FIRST)
        for _again in range(2):
            service.close_block(session, block_id, owes_unnamed=False, now=FIRST)
    with database.reading() as session:
        assert sorted(papers(session, InvoiceKind.CREDIT_NOTE)) == [(Money(100_00), Money(17_36)), (Money(300_00), Money(52_08))]
        assert money.used(session, firm) == (0, 0)
        assert money.adds_up(session)


def test_called_off_before_its_invoice_the_seats_without_a_name_never_stand_on_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        _one, firm, block_id, _seat_id = begun(session, now)
        service.close_block(session, block_id, owes_unnamed=False, now=now)
        assert money.used(session, firm) == (100_00, 0)
        assert money.adds_up(session)
    rounds.invoice_last_month(FIRST)
    with database.reading() as session:
        assert papers(session, InvoiceKind.INVOICE) == [(Money(100_00), Money(17_36))]


def test_who_asks_what_is_kept_of_them_reads_their_own_seat_of_the_block_and_no_other(session: Session, now: datetime) -> None:
    _one, _firm, _block_id, seat_id = begun(session, now)
    person_id = session.get_one(FundedSeat, seat_id).person_id
    assert person_id is not None
    found = personal.HELD.read(session, person_id)
    assert [(each["id"], each["price"]) for each in found["funded_seats"]] == [(str(seat_id), "100.00")]
    assert [each["seat_id"] for each in found["funding_shares"]] == [str(seat_id)]


def test_who_leaves_takes_nothing_of_the_seats_without_a_name_along(session: Session, now: datetime) -> None:
    _one, firm, block_id, seat_id = begun(session, now)
    for person_id in (session.get_one(FundedSeat, seat_id).person_id, firm.keeper.person_id):
        assert person_id is not None
        for each in personal.HELD.leaving(session, person_id, now).goes:
            for statement in each.statements:
                session.execute(statement.execution_options(synchronize_session=False))
    assert nameless(session).price == Money(300_00)
    assert session.get_one(FundedBlock, block_id, populate_existing=True).named == 1
    assert money.adds_up(session)


def test_when_the_books_are_over_the_name_goes_and_the_seats_without_one_stay(session: Session, now: datetime) -> None:
    _one, _firm, _block_id, seat_id = begun(session, now)
    assert rules.booked_before(LONG_AFTER) > now
    session.execute(update(Person).values(erased_at=now, password_hash=None))
    (record,) = [each for each in personal.RECORDS if each.table == "funded_seat"]
    assert record.apply is not None
    assert record.apply(session, LONG_AFTER, 10) == 1
    assert session.get(FundedSeat, seat_id, populate_existing=True) is None
    assert nameless(session).price == Money(300_00)
