"""Organisations with money, and seats that somebody asks for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.catalogue.api import OfferingOfModule
from academy.funding import queries, service
from academy.funding.drafts import BudgetDraft, RuleDraft, SourceDraft
from academy.funding.facts import SeatSplit, SplitFacts
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget, FundingSource, ProviderTax
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

PRICE = Money(100_00)
_KINDS = {
    SourceKind.EMPLOYER: (OrganisationKind.EMPLOYER, (Role.BUYER, Role.APPROVER)),
    SourceKind.SECTOR_FUND: (OrganisationKind.FUND, (Role.FUND_MANAGER,)),
    SourceKind.PUBLIC_EDUCATION: (OrganisationKind.OFFICE, (Role.OFFICE,)),
}


@dataclass(frozen=True)
class Source:
    """A source with one rule, and who keeps it."""

    id: UUID
    slug: str
    owner_id: UUID
    keeper: Actor
    rule_id: UUID


@dataclass(frozen=True)
class Seat:
    """A class with a price, of a provider that VAT knows, and somebody who asks for a seat in it."""

    found: OfferingOfModule
    person_id: UUID
    id: UUID = field(default_factory=new_id)


def seat(
    session: Session, now: datetime, *, price: Money = PRICE, is_in_crkbo: bool = True, email: str = "lee@voorbeeld.nl", is_told: bool = True,
) -> Seat:
    """Make one; without `is_told` nobody said what the provider is to the tax office."""
    provider_id = builders.provider(session)
    if is_told:
        session.add(ProviderTax(
            id=new_id(), provider_id=provider_id, from_on=date(2026, 1, 1), is_recognised=False, is_in_crkbo=is_in_crkbo, said_at=now,
        ))
    code = builders.offering(session, now, price=price.cents, provider_id=provider_id)
    session.flush()
    return Seat(catalogue.offering_for_enrolment(session, code), builders.person(session, now, email=email))


def another(session: Session, now: datetime, one: Seat) -> Seat:
    """Return a seat in the same class for somebody else."""
    return Seat(one.found, builders.person(session, now))


def source(
    session: Session, now: datetime, *, kind: SourceKind = SourceKind.SECTOR_FUND, slug: str = "fonds", budget: Money | None = Money(1_000_00),
    emails: tuple[str, ...] = ("lee@voorbeeld.nl",), **terms: Any,
) -> Source:
    """Make a source with a budget and one rule, which pays half of everything for everybody where `terms` do not say otherwise."""
    of_kind, roles = _KINDS[kind]
    owner_id = accounts.register_organisation(session, slug=slug, name=slug.title(), kind=of_kind)
    keeper = builders.actor(session, now, name="Kees Kas")
    for role in roles:
        accounts.add_membership(session, person_id=keeper.person_id, organisation_id=owner_id, role=role)
    session.flush()
    money = None if budget is None else BudgetDraft("jaar", date(amsterdam_day(now).year, 1, 1), date(amsterdam_day(now).year, 12, 31), budget)
    made = service.make_source(session, actor=keeper, owner_id=owner_id, draft=SourceDraft(Localized(slug), kind, budget=money), now=now)
    source_id = session.scalars(select(FundingSource.id).where(FundingSource.slug == made)).one()
    values: dict[str, Any] = {"name": Localized("Regel"), "valid_from": amsterdam_day(now), "percentage": 5_000, "position": 10}
    draft = RuleDraft(**(values | terms))
    rule_id = service.add_rule(session, actor=keeper, source_id=source_id, draft=draft, now=now)
    if kind is SourceKind.EMPLOYER:
        service.name_beneficiaries(session, actor=keeper, source_id=source_id, emails=emails, now=now)
    return Source(source_id, made, owner_id, keeper, rule_id)


def reserve(session: Session, now: datetime, one: Seat, **more: Any) -> SeatSplit:
    return service.reserve_seat(
        session, seat_id=one.id, person_id=one.person_id, found=one.found, is_business=False, language="nl", now=now, **more,
    )


def split(session: Session, one: Seat) -> SplitFacts:
    return queries.split_of(session, [one.id])[one.id]


def states(session: Session, one: Seat) -> list[tuple[str, int, str]]:
    """Return who pays what of a seat, and where that stands."""
    return [(share.kind.value, share.amount.cents, share.state.value) for share in split(session, one).shares]


def used(session: Session, of: Source) -> tuple[int, int]:
    """Return what is earmarked and spent of a source's budget, in cents."""
    earmarked, spent = session.execute(select(Budget.earmarked, Budget.spent).where(Budget.source_id == of.id)).one()
    return earmarked.cents, spent.cents


def adds_up(session: Session) -> bool:
    """Tell whether prices, budgets and caps agree with the shares that there are."""
    found = queries.audit(session)
    return not (found.seats or found.budgets or found.caps)
