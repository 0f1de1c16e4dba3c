"""Reads of the rules, of what their budgets and yearly caps still have, and of what decides VAT."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding.facts import BudgetFacts
from academy.funding.kinds import SourceKind, SupplyKind
from academy.funding.models import Budget, CapUse, FundingRule, FundingSource, ModuleTax, ProviderTax
from academy.funding.rules import ProviderStatus, RuleFacts
from academy.kernel.money import FREE, Money

# Who gives a discount, or pays for education anyway, may do so without saying how much in all; others promise out of a budget only.
_NEEDS_NO_BUDGET: Final = {SourceKind.PROVIDER_DISCOUNT, SourceKind.PUBLIC_EDUCATION}


@dataclass(frozen=True)
class Purse:
    """A rule with the budgets of its source."""

    rule: RuleFacts
    budgets: tuple[BudgetFacts, ...]

    def budget_on(self, day: date) -> BudgetFacts | None:
        """Return the budget that pays on a day: of those that run, the first to end that has anything left."""
        running = [one for one in self.budgets if one.from_on <= day <= one.until_on and one.left > FREE]
        return min(running, key=lambda one: (one.until_on, one.id), default=None)

    def left_on(self, day: date) -> Money | None:
        """Return how much there is on a day; None is without limit."""
        if not self.budgets and self.rule.kind in _NEEDS_NO_BUDGET:
            return None
        budget = self.budget_on(day)
        return FREE if budget is None else budget.left


@dataclass(frozen=True)
class Tax:
    """What was said of providers and modules for VAT: each provider's statuses with the day from which they count, and modules that are not as usual."""

    statuses: Mapping[UUID, tuple[tuple[date, ProviderStatus], ...]]
    supplies: Mapping[UUID, SupplyKind]

    def status_on(self, provider_id: UUID, day: date) -> ProviderStatus | None:
        """Return what a provider is on the day of delivery; None when nobody said."""
        said = [one for one in self.statuses.get(provider_id, ()) if one[0] <= day]
        return max(said, key=lambda one: one[0])[1] if said else None


def source_ids(session: Session, owner_id: UUID) -> list[UUID]:
    """Return the sources of an organisation, the oldest first."""
    return list(session.scalars(select(FundingSource.id).where(FundingSource.owner_id == owner_id).order_by(FundingSource.id)))


def rules_with_budgets(session: Session) -> tuple[Purse, ...]:
    """Return all rules of all sources with their budgets, in one statement; a rule that another follows ends the day before that one begins."""
    rows = session.execute(
        select(FundingRule, FundingSource, *Budget.__table__.columns)
        .join(FundingSource, FundingSource.id == FundingRule.source_id)
        .outerjoin(Budget, Budget.source_id == FundingSource.id)
        .order_by(FundingRule.id)
        .execution_options(populate_existing=True),
    ).all()
    budgets: dict[UUID, list[BudgetFacts]] = {}
    found: dict[UUID, tuple[FundingRule, FundingSource]] = {}
    for rule, source, budget_id, source_id, name, from_on, until_on, amount, earmarked, spent in rows:
        found[rule.id] = rule, source
        if budget_id is not None:
            budgets.setdefault(rule.id, []).append(BudgetFacts(budget_id, source_id, name, from_on, until_on, amount, earmarked, spent))
    followed = {rule.follows_id: rule.valid_from for rule, _source in found.values() if rule.follows_id is not None}
    firsts = {rule.id: rule.follows_id for rule, _source in found.values()}
    return tuple(
        Purse(_until(_facts(rule, source, _first(rule.id, firsts)), followed.get(rule.id)), tuple(budgets.get(rule.id, ())))
        for rule, source in found.values()
    )


def _first(rule_id: UUID, follows: Mapping[UUID, UUID | None]) -> UUID:
    """Return the rule that began the row in which this one stands: yearly caps are counted there, whatever rule counts now."""
    before = follows[rule_id]
    return rule_id if before is None else _first(before, follows)


def first_of(session: Session, rule: FundingRule) -> UUID:
    """Return the rule that began the row in which this one stands."""
    while rule.follows_id is not None:
        rule = session.get_one(FundingRule, rule.follows_id)
    return rule.id


def _until(rule: RuleFacts, followed_on: date | None) -> RuleFacts:
    if followed_on is None:
        return rule
    return replace(rule, valid_until=min(followed_on - timedelta(days=1), rule.valid_until or date.max))


def _facts(row: FundingRule, source: FundingSource, first_id: UUID) -> RuleFacts:
    return RuleFacts(
        id=row.id, first_id=first_id, follows_id=row.follows_id, source_id=source.id, source_slug=source.slug, source_name=source.name, kind=source.kind,
        category=source.category, owner_id=source.owner_id, name=row.name, valid_from=row.valid_from, valid_until=row.valid_until,
        percentage=row.percentage, position=row.position, basis=row.basis, cap_seat=row.cap_seat, cap_person_year=row.cap_person_year,
        cap_firm_year=row.cap_firm_year, cap_provider_year=row.cap_provider_year, stacks=row.stacks, module_kinds=tuple(row.module_kinds), excluded_kinds=tuple(row.excluded_kinds),
        provider_ids=tuple(row.provider_ids), sectors=tuple(row.sectors), size_classes=tuple(row.size_classes), postcodes=tuple(row.postcodes),
        min_age=row.min_age, max_age=row.max_age, needs_approval=row.needs_approval, evidence=tuple(row.evidence), fallback=row.fallback,
        open_from=source.open_from, open_until=source.open_until,
    )


def caps_used(session: Session, subject_ids: Iterable[UUID], *, year: int) -> dict[tuple[UUID, UUID], Money]:
    """Return what is used in a year of the caps of these people, firms and providers, by (first rule, subject)."""
    rows = session.execute(
        select(CapUse.rule_id, CapUse.subject_id, CapUse.used).where(CapUse.subject_id.in_(list(subject_ids)), CapUse.year == year),
    )
    return {(rule_id, subject_id): used for rule_id, subject_id, used in rows}


def taxes(session: Session, *, provider_ids: Iterable[UUID] | None = None, module_ids: Iterable[UUID] | None = None) -> Tax:
    """Return what was said for VAT of these providers and modules, or of all."""
    of_providers = select(ProviderTax.provider_id, ProviderTax.from_on, ProviderTax.is_recognised, ProviderTax.is_in_crkbo)
    of_modules = select(ModuleTax.module_id, ModuleTax.supply)
    if provider_ids is not None:
        of_providers = of_providers.where(ProviderTax.provider_id.in_(list(provider_ids)))
    if module_ids is not None:
        of_modules = of_modules.where(ModuleTax.module_id.in_(list(module_ids)))
    statuses: dict[UUID, tuple[tuple[date, ProviderStatus], ...]] = {}
    for provider_id, from_on, is_recognised, is_in_crkbo in session.execute(of_providers):
        statuses[provider_id] = (*statuses.get(provider_id, ()), (from_on, ProviderStatus(is_recognised, is_in_crkbo)))
    return Tax(statuses, {module_id: supply for module_id, supply in session.execute(of_modules)})  # noqa: C416 - rows are no pairs to the type checker
