"""One invoice a month per supplier and payer, for seats that are sure, each share once."""

from datetime import UTC, date, datetime

from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import person
from academy.funding import cli, rounds, service
from academy.funding.kinds import SourceKind
from academy.funding.service.paying import invoiced
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments.models import Invoice, InvoiceLine, InvoicePayment
from tests.funding import money
from tests.funding.test_ending import details

OCTOBER = date(2026, 10, 1)
FIRST = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)  # half past midnight on 1 October in Amsterdam


def sure_seats(session: Session, now: datetime, number: int = 2) -> tuple[list[money.Seat], money.Source]:
    """Return seats that are sure, of each of which an employer pays half."""
    first = money.seat(session, now, is_in_crkbo=False)
    people = [first, *(money.another(session, now, first) for _number in range(number - 1))]
    emails = tuple(person(session, one.person_id).email for one in people)
    firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", emails=emails)
    for one in people:
        money.reserve(session, now, one)
        service.confirm_seat(session, one.id, now=now)
    return people, firm


def test_on_the_first_day_of_a_month_what_was_sure_before_it_is_on_one_invoice(database: Database, now: datetime) -> None:
    with database.writing() as session:
        people, firm = sure_seats(session, now)
        details(session, now, people[0].found.provider_id, firm.owner_id)
    rounds.invoice_last_month(datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    with database.reading() as session:
        assert session.scalars(select(Invoice)).all() == []
    for _again in range(2):
        rounds.invoice_last_month(FIRST)
    with database.reading() as session:
        made = session.scalars(select(Invoice)).one()
        assert (made.gross, made.vat, made.buyer_organisation_id) == (Money(100_00), Money(17_36), firm.owner_id)
        assert len(session.scalars(select(InvoiceLine)).all()) == 2
        assert [money.states(session, one)[0][2] for one in people] == ["invoiced"] * 2
        assert money.used(session, firm) == (0, 100_00)
        assert money.adds_up(session)


def test_a_seat_that_is_not_sure_is_not_invoiced(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.source(session, now)
    money.reserve(session, now, one)
    assert service.pairs_to_invoice(session, month=OCTOBER) == []


def test_who_did_not_fill_in_an_address_is_named_and_invoiced_the_next_turn(database: Database, now: datetime) -> None:
    with database.writing() as session:
        people, firm = sure_seats(session, now, 1)
    made, problems = rounds.invoice_before(OCTOBER, now=FIRST)
    assert (made, problems) == ([], ["billing-details-missing"])
    with database.writing() as session:
        assert money.used(session, firm) == (50_00, 0)
        details(session, now, people[0].found.provider_id, firm.owner_id)
    made, problems = rounds.invoice_before(OCTOBER, now=FIRST)
    assert ([each.gross for each in made], problems) == ([Money(50_00)], [])


def test_shares_are_paid_when_their_invoice_is(database: Database, now: datetime) -> None:
    with database.writing() as session:
        people, firm = sure_seats(session, now)
        details(session, now, people[0].found.provider_id, firm.owner_id)
    rounds.invoice_last_month(FIRST)
    with database.writing() as session:
        (invoice_id,) = invoiced(session)
        session.add(InvoicePayment(id=new_id(), invoice_id=invoice_id, amount=Money(99_99), received_on=date(2026, 10, 2)))
    rounds.follow_invoices(FIRST)
    with database.writing() as session:
        assert [money.states(session, one)[0][2] for one in people] == ["invoiced"] * 2
        session.add(InvoicePayment(id=new_id(), invoice_id=invoice_id, amount=Money(1), received_on=date(2026, 10, 3)))
    rounds.follow_invoices(FIRST)
    with database.reading() as session:
        assert [money.states(session, one)[0][2] for one in people] == ["paid"] * 2
        assert money.adds_up(session)


def test_the_command_invoices_a_month_that_is_over_and_says_what_could_not_be(database: Database, now: datetime) -> None:
    with database.writing() as session:
        sure_seats(session, now, 1)
    run = CliRunner().invoke(cli.commands(database.reading), ["invoice", "--month", "2026-09", "--json"])
    assert (run.exit_code, run.stdout.splitlines()[-1]) == (1, '{"invoices": [], "problems": ["billing-details-missing"]}')
    ahead = CliRunner().invoke(cli.commands(database.reading), ["invoice", "--month", "2999-01"])
    assert ahead.exit_code == 2
    audit = CliRunner().invoke(cli.commands(database.reading), ["audit", "--json"])
    assert (audit.exit_code, audit.stdout.strip()) == (0, '{"seats": [], "budgets": [], "caps": []}')
