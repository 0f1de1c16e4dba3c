"""Each kind of money from the form of who gives it to the last step of a share, and in the one payer category it belongs to."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role, organisation, person
from academy.funding import service
from academy.funding.kinds import PayerCategory, SourceKind
from academy.funding.models import FundingShare, FundingSource, ProviderTax, ShareStep
from academy.funding.queries.pages_sources import GIVES
from academy.funding.service.invoicing import month_of
from academy.funding.service.paying import invoiced
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments.models import Invoice, InvoicePayment
from academy.reports.rules.quarters import is_year, quarter_of
from academy.reports.sources.money import paid
from tests import builders
from tests.funding import money
from tests.funding.money_desk import NOW, TODAY, member, signed_in
from tests.funding.test_ending import details, pay

HALF, WHOLE = 50_00, 100_00
RULE = {"name": "De helft", "valid_from": f"{TODAY}", "percentage": "50", "basis": "incl", "fallback": "learner", "position": "100", "stacks": "y"}
BUDGET = {"amount": "5.000", "from_on": f"{TODAY}", "until_on": f"{TODAY + timedelta(days=90)}"}


@dataclass(frozen=True)
class Giver:
    """Who gives a kind of money, in which category that counts; `settles`: the provider gives it itself, so that nothing is invoiced."""

    kind: SourceKind
    of: OrganisationKind
    role: Role
    category: PayerCategory
    settles: bool = False

    def __str__(self) -> str:
        return f"{self.kind.value} of {self.of.value}"


SECTOR, EDUCATION = PayerCategory.SECTOR, PayerCategory.EDUCATION
GIVERS = [
    Giver(SourceKind.EMPLOYER, OrganisationKind.EMPLOYER, Role.BUYER, PayerCategory.EMPLOYERS),
    Giver(SourceKind.SECTOR_FUND, OrganisationKind.FUND, Role.FUND_MANAGER, SECTOR),
    Giver(SourceKind.MUNICIPALITY, OrganisationKind.FUND, Role.FUND_MANAGER, SECTOR),
    Giver(SourceKind.MUNICIPALITY, OrganisationKind.OFFICE, Role.OFFICE, SECTOR),
    Giver(SourceKind.PUBLIC_EDUCATION, OrganisationKind.OFFICE, Role.OFFICE, EDUCATION),
    Giver(SourceKind.PUBLIC_EDUCATION, OrganisationKind.PROVIDER, Role.EDITOR, EDUCATION, settles=True),
    Giver(SourceKind.PROVIDER_DISCOUNT, OrganisationKind.PROVIDER, Role.EDITOR, PayerCategory.NOBODY, settles=True),
]


def test_every_kind_that_an_organisation_can_give_is_tried_here() -> None:
    assert {(giver.of, giver.kind) for giver in GIVERS} == {(of, kind) for of, kinds in GIVES.items() for kind in kinds}
    assert {giver.kind for giver in GIVERS} | {SourceKind.LEARNER} == set(SourceKind)


def _owner(session: Session, giver: Giver, provider_id: UUID) -> tuple[UUID, str]:
    if giver.of is OrganisationKind.PROVIDER:
        return provider_id, organisation(session, provider_id).slug
    return accounts.register_organisation(session, slug="gever", name="Gever", kind=giver.of), "gever"


def _promised(app: Flask, database: Database, giver: Giver, **rule: str) -> tuple[money.Seat, UUID, Actor]:
    """Let who keeps the money fill in both forms; returns a seat in a class that it pays half of."""
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        one = money.seat(session, NOW)
        owner_id, slug = _owner(session, giver, one.found.provider_id)
        keeper = member(session, owner_id, giver.role)
        details(session, NOW, *{one.found.provider_id, owner_id})
    client = signed_in(app, keeper)
    made = client.post(f"/nl/funding/{slug}/new-source", data={"name": "Geld", "kind": giver.kind.value, "explanation": "", **BUDGET})
    assert made.status_code == 303, made.get_data(as_text=True)
    ruled = client.post(made.headers["Location"], data=RULE | rule)
    assert ruled.status_code == 303, ruled.get_data(as_text=True)
    with database.writing() as session:
        source_id = session.scalars(select(FundingSource.id)).one()
        if giver.kind is SourceKind.EMPLOYER:
            emails = (person(session, one.person_id).email,)
            service.name_beneficiaries(session, actor=keeper, source_id=source_id, emails=emails, now=NOW)
    service.forget_rules()
    return one, source_id, keeper


def _states(session: Session) -> list[str]:
    """Return the states through which the giver's share went."""
    steps = select(ShareStep.to_state).join(FundingShare).where(FundingShare.source_id.is_not(None)).order_by(ShareStep.id)
    return [state.value for state in session.scalars(steps)]


def _counted(session: Session) -> dict[PayerCategory, int]:
    """Return how many seats a report of the programme office counts for each category."""
    found = paid(session, [quarter_of(TODAY)], as_of=TODAY + timedelta(days=1))
    return {PayerCategory(cell.category): counted.seats for cell, counted in found.items() if not is_year(cell.period)}


def _to_the_end(session: Session, one: money.Seat, giver: Giver) -> None:
    """Make the seat sure, and let whoever is invoiced pay."""
    pay(session, NOW, one)
    service.confirm_seat(session, one.id, NOW)
    month = month_of(NOW + timedelta(days=32))
    pairs = service.pairs_to_invoice(session, month=month)
    assert bool(pairs) is not giver.settles
    for pair in pairs:
        invoice = service.invoice_pair(session, pair, month=month, now=NOW)
        assert invoice is not None
        session.add(InvoicePayment(id=new_id(), invoice_id=invoice.id, amount=invoice.gross, received_on=TODAY))
        session.flush()
    service.follow_invoices(session, invoiced(session), now=NOW)


@pytest.mark.parametrize("giver", GIVERS, ids=str)
def test_what_is_given_is_quoted_promised_paid_counted_and_goes_back(app: Flask, database: Database, giver: Giver) -> None:
    one, source_id, _keeper = _promised(app, database, giver)
    with database.writing() as session:
        quote = service.quote_of_person(session, person_id=one.person_id, found=one.found, is_business=False, now=NOW)
        assert [(part.kind, part.category, part.source_id, part.amount) for part in quote.parts] == [(giver.kind, giver.category, source_id, Money(HALF))]
        money.reserve(session, NOW, one)
        assert money.states(session, one) == [(giver.kind.value, HALF, "approved"), ("learner", HALF, "reserved")]
        _to_the_end(session, one, giver)
        assert _states(session) == ["approved", "settled"] if giver.settles else ["approved", "invoiced", "paid"]
        others = {} if giver.category is PayerCategory.NOBODY else {giver.category: 1}
        assert _counted(session) == {PayerCategory.INDIVIDUALS: 1} | others
        service.end_seat(session, one.id, owed=FREE, now=NOW)
        assert _states(session)[-1] == "reclaimed"
        assert money.states(session, one) == [(giver.kind.value, HALF, "reclaimed"), ("learner", HALF, "reclaimed")]
        assert money.used(session, money.Source(source_id, "", one.id, _keeper, one.id)) == (0, 0)
        papers = session.execute(select(Invoice.credits_id, Invoice.gross).order_by(Invoice.number)).all()
        assert len(papers) == (0 if giver.settles else 2)
        assert money.adds_up(session)


def _approve(session: Session, keeper: Actor, share_id: UUID) -> None:
    service.approve_share(session, actor=keeper, share_id=share_id, seen=["Bewijs van werk"], now=NOW)


def _refuse(session: Session, keeper: Actor, share_id: UUID) -> None:
    service.refuse_share(session, actor=keeper, share_id=share_id, reason="Het geld is voor anderen.", now=NOW)


@pytest.mark.parametrize("giver", GIVERS, ids=str)
@pytest.mark.parametrize(("answer", "after"), [
    (_approve, [(HALF, "approved"), (HALF, "reserved")]), (_refuse, [(HALF, "released"), (WHOLE, "reserved")]),
])
def test_who_gives_it_says_yes_or_no_when_the_rule_asks_that(
    app: Flask, database: Database, giver: Giver, answer: Callable[..., None], after: list[tuple[int, str]],
) -> None:
    one, _source_id, keeper = _promised(app, database, giver, needs_approval="y", evidence="Bewijs van werk")
    with database.writing() as session:
        money.reserve(session, NOW, one)
        share_id = session.scalars(select(FundingShare.id).where(FundingShare.source_id.is_not(None))).one()
        assert [state for _kind, _amount, state in money.states(session, one)] == ["reserved", "reserved"]
        answer(session, keeper, share_id)
        assert [(amount, state) for _kind, amount, state in money.states(session, one)] == after
        assert money.adds_up(session)


@pytest.mark.parametrize("giver", GIVERS[-2:], ids=str)
def test_a_provider_gives_for_its_own_seats_only(app: Flask, database: Database, giver: Giver) -> None:
    one, _source_id, _keeper = _promised(app, database, giver)
    with database.writing() as session:
        other = builders.provider(session, "elders")
        session.execute(update(ProviderTax).values(provider_id=other))
        elsewhere = dataclasses.replace(one.found, provider_id=other)
        quote = service.quote_of_person(session, person_id=one.person_id, found=elsewhere, is_business=False, now=NOW)
        assert (quote.parts, quote.own) == ((), money.PRICE)
