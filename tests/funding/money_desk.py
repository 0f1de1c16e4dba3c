"""People who keep money for learning, and seats somebody pays for, for tests of the pages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.funding import service
from academy.funding.drafts import BudgetDraft, RuleDraft, SourceDraft
from academy.funding.kinds import PayerCategory, ShareState, SourceKind, VatReason
from academy.funding.models import Budget, FundedSeat, FundingRule, FundingShare, FundingSource
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.payments.api import VatCategory
from tests import builders

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
TODAY = amsterdam_day(NOW)


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = actor.sign_in_id.hex
    return client


def member(session: Session, organisation_id: UUID, *roles: Role, name: str = "Kim Jansen") -> Actor:
    """Return someone new with these roles there."""
    person = builders.actor(session, NOW, name=name)
    for role in roles:
        accounts.add_membership(session, person_id=person.person_id, organisation_id=organisation_id, role=role)
    return person


@dataclass
class Desk:
    """An organisation that pays, with who keeps its money."""

    database: Database
    keeper: Actor
    organisation_id: UUID
    slug: str
    kind: SourceKind

    def member(self, *roles: Role) -> Actor:
        with self.database.writing() as session:
            return member(session, self.organisation_id, *roles)

    def source(self, *, amount: int = 500_000, name: str = "Scholingsfonds") -> str:
        """Make a source with a budget of so many cents that runs now; returns its slug."""
        budget = BudgetDraft("nu", TODAY - timedelta(days=30), TODAY + timedelta(days=300), Money(amount))
        with self.database.writing() as session:
            return service.make_source(
                session, actor=self.keeper, owner_id=self.organisation_id, draft=SourceDraft(Localized(name), self.kind, Localized(), budget), now=NOW,
            )

    def rule(self, source: str, **changes: Any) -> UUID:
        """Make a rule that pays half from today on; returns its id."""
        values: dict[str, Any] = {"name": Localized("De helft"), "valid_from": TODAY, "percentage": 5_000, "position": 100, **changes}
        with self.database.writing() as session:
            return service.add_rule(session, actor=self.keeper, source_id=self.id_of(session, source), draft=RuleDraft(**values), now=NOW)

    @staticmethod
    def id_of(session: Session, source: str) -> UUID:
        return session.scalars(select(FundingSource.id).where(FundingSource.slug == source)).one()


def started(database: Database, kind: OrganisationKind = OrganisationKind.FUND, slug: str = "fonds-techniek") -> Desk:
    """Make an organisation that pays, and who keeps its money."""
    role, source_kind = {
        OrganisationKind.FUND: (Role.FUND_MANAGER, SourceKind.SECTOR_FUND), OrganisationKind.EMPLOYER: (Role.BUYER, SourceKind.EMPLOYER),
    }[kind]
    with database.writing() as session:
        organisation_id = accounts.register_organisation(session, slug=slug, name="Fonds Techniek", kind=kind)
        return Desk(database, member(session, organisation_id, role), organisation_id, slug, source_kind)


def offering_id(session: Session) -> UUID:
    """Return an offering that there is, else a new one."""
    found = session.scalars(select(Offering.id).limit(1)).one_or_none()
    if found is None:
        builders.offering(session, NOW, price=100_000)
        found = session.scalars(select(Offering.id).limit(1)).one()
    return found


def seat(
    session: Session, *, state: ShareState, amount: int, refunded: int = 0, source: str | None = None, confirmed_at: datetime | None = NOW,
    category: PayerCategory = PayerCategory.SECTOR, price: int | None = None,
) -> UUID:
    """Make a seat of which a source, else the learner, pays `amount` cents; returns the id of that share.

    It is all of the price, or the books would not add up, where `price` does not say that it is more.
    """
    offering = offering_id(session)
    person_id = builders.person(session, NOW, name="Sam de Vries")
    row = session.scalars(select(FundingSource).where(FundingSource.slug == source)).one_or_none()
    supplier_id = catalogue.offerings_by_id(session, [offering])[offering].provider_id
    seat_row = FundedSeat(
        id=new_id(), person_id=person_id, supplier_id=supplier_id, offering_id=offering, description="Netwerkbeheer", language="nl",
        delivered_from=date(2027, 1, 4), delivered_until=date(2027, 3, 29), price=Money(price or amount), vat=FREE, vat_category=VatCategory.EXEMPT,
        vat_rate=0, vat_reason=VatReason.REGULATED, made_at=NOW, confirmed_at=confirmed_at,
    )
    session.add(seat_row)
    session.flush()
    rule = None if row is None else session.scalars(select(FundingRule).where(FundingRule.source_id == row.id).limit(1)).one()
    budget = None if row is None else session.scalars(select(Budget).where(Budget.source_id == row.id).limit(1)).one()
    if budget is not None and state is ShareState.RESERVED:
        budget.earmarked += Money(amount)
    share = FundingShare(
        id=new_id(), seat_id=seat_row.id, position=1, kind=SourceKind.LEARNER if row is None else row.kind,
        category=category if row is None else row.category, source_id=row and row.id, rule_id=rule and rule.id, budget_id=budget and budget.id,
        person_id=person_id if row is None else None, organisation_id=row and row.owner_id, amount=Money(amount), vat=FREE, refunded=Money(refunded),
        state=state, approve_until=NOW + timedelta(days=5) if state is ShareState.RESERVED else None,
    )
    session.add(share)
    session.flush()
    return share.id
