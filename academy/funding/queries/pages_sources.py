"""Reads for who keeps money for learning: each function loads and checks; to a stranger there is nothing."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, OrganisationKind, memberships_of
from academy.funding.facts import BudgetFacts, RuleFacts
from academy.funding.kinds import ShareState, SourceKind
from academy.funding.models import Beneficiary, Budget, FundingShare, FundingSource
from academy.funding.policy import Rights, rights_at
from academy.funding.queries.rules import rules_with_budgets
from academy.kernel.errors import NotFound
from academy.kernel.text import Localized

# What an organisation can give, by what it is; the first is what it mostly gives.
GIVES = {
    OrganisationKind.EMPLOYER: (SourceKind.EMPLOYER,),
    OrganisationKind.FUND: (SourceKind.SECTOR_FUND, SourceKind.MUNICIPALITY),
    OrganisationKind.OFFICE: (SourceKind.MUNICIPALITY, SourceKind.PUBLIC_EDUCATION),
    OrganisationKind.PROVIDER: (SourceKind.PROVIDER_DISCOUNT, SourceKind.PUBLIC_EDUCATION),
}


@dataclass(frozen=True)
class Keeper:
    """An organisation that pays, as one of its people sees it."""

    organisation_id: UUID
    slug: str
    name: str
    kind: OrganisationKind
    rights: Rights


@dataclass(frozen=True)
class SourceInWork:
    """A source with its budgets and rules, each by their first day."""

    id: UUID
    slug: str
    name: Localized
    kind: SourceKind
    explanation: Localized
    budgets: tuple[BudgetFacts, ...]
    rules: tuple[RuleFacts, ...]

    def budgets_on(self, day: date) -> tuple[BudgetFacts, ...]:
        """Return the budgets that run on a day."""
        return tuple(one for one in self.budgets if one.from_on <= day <= one.until_on)

    def budget(self, budget_id: UUID) -> BudgetFacts:
        """Return one of its budgets. Raises NotFound."""
        found = next((one for one in self.budgets if one.id == budget_id), None)
        if found is None:
            raise NotFound
        return found

    def last_rule(self, rule_id: UUID) -> RuleFacts:
        """Return one of its rules that no other follows yet. Raises NotFound."""
        found = next((one for one in self.rules if one.id == rule_id and not self.is_followed(one)), None)
        if found is None:
            raise NotFound
        return found

    def is_followed(self, rule: RuleFacts) -> bool:
        return any(one.follows_id == rule.id for one in self.rules)


@dataclass(frozen=True)
class KeeperFacts:
    """An organisation with its sources, oldest first; `to_approve` counts the shares that wait for a yes."""

    keeper: Keeper
    sources: tuple[SourceInWork, ...]
    to_approve: int

    def source(self, slug: str) -> SourceInWork | None:
        """Return the source of this name, else the first; None where there is none."""
        return next((one for one in self.sources if one.slug == slug), self.sources[0] if self.sources else None)


def keeper(session: Session, actor: Actor, slug: str) -> Keeper:
    """Return an organisation that pays, for who may look into its money. Raises NotFound."""
    memberships = memberships_of(session, actor.person_id)
    there = next((one for one in memberships if one.organisation_slug == slug), None)
    rights = None if there is None else rights_at(memberships, there.organisation_id)
    if there is None or rights is None or not rights.see:
        raise NotFound
    return Keeper(there.organisation_id, there.organisation_slug, there.organisation_name, there.kind, rights)


def keeper_for_changing(session: Session, actor: Actor, slug: str) -> Keeper:
    """Return it for who makes rules and budgets there. Raises NotFound."""
    found = keeper(session, actor, slug)
    if not found.rights.keep:
        raise NotFound
    return found


def keeper_with_sources(session: Session, actor: Actor, slug: str) -> KeeperFacts:
    """Return an organisation with all its sources. Raises NotFound."""
    there = keeper(session, actor, slug)
    waiting = session.scalars(
        select(func.count()).select_from(FundingShare).where(
            FundingShare.organisation_id == there.organisation_id, FundingShare.state == ShareState.RESERVED,
            FundingShare.approve_until.is_not(None),
        ),
    ).one()
    return KeeperFacts(there, _sources(session, FundingSource.owner_id == there.organisation_id), waiting)


def employer_with_sources(session: Session, actor: Actor, slug: str) -> KeeperFacts:
    """Return an employer with all its sources. Raises NotFound, also for an organisation of another kind."""
    found = keeper_with_sources(session, actor, slug)
    if found.keeper.kind is not OrganisationKind.EMPLOYER:
        raise NotFound
    return found


def source(session: Session, there: Keeper, slug: str) -> SourceInWork:
    """Return one source of an organisation. Raises NotFound."""
    found = _sources(session, FundingSource.owner_id == there.organisation_id, FundingSource.slug == slug)
    if not found:
        raise NotFound
    return found[0]


def beneficiaries(session: Session, source_id: UUID) -> list[str]:
    """Return the addresses that may use a source, in order; for who keeps it."""
    return list(session.scalars(select(Beneficiary.email).where(Beneficiary.source_id == source_id).order_by(Beneficiary.email)))


def _sources(session: Session, *wanted: ColumnElement[bool]) -> tuple[SourceInWork, ...]:
    rows = session.scalars(select(FundingSource).where(*wanted).order_by(FundingSource.id)).all()
    ids = [row.id for row in rows]
    budgets = session.scalars(select(Budget).where(Budget.source_id.in_(ids)).order_by(Budget.from_on, Budget.id)).all()
    rules = [one.rule for one in rules_with_budgets(session) if one.rule.source_id in ids] if ids else []
    return tuple(
        SourceInWork(
            row.id, row.slug, row.name, row.kind, row.explanation,
            tuple(_budget_facts(budget) for budget in budgets if budget.source_id == row.id),
            tuple(sorted((rule for rule in rules if rule.source_id == row.id), key=lambda rule: (rule.valid_from, rule.id))),
        )
        for row in rows
    )


def _budget_facts(row: Budget) -> BudgetFacts:
    return BudgetFacts(row.id, row.source_id, row.name, row.from_on, row.until_on, row.amount, row.earmarked, row.spent)
