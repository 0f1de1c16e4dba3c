"""Making and following sources, rules and budgets; saying what decides VAT; and what a learner tells of themselves.

What counted is never changed: a rule is followed by another one from a later day, so that what was promised stays explained.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, OrganisationKind, memberships_of, organisation, record
from academy.funding.drafts import BudgetDraft, RuleDraft, SourceDraft
from academy.funding.errors import BudgetTooSmall, BudgetWrong, RuleWrong, SourceNotFound
from academy.funding.kinds import PayerCategory, SourceKind
from academy.funding.models import Beneficiary, Budget, FundingRule, FundingSource
from academy.funding.models import Situation as SituationRow
from academy.funding.policy import rights_at
from academy.funding.rules import Situation
from academy.funding.service.quoting import forget_rules
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import FREE, Money
from academy.kernel.text import fold

_WHOLE: Final = 10_000
_LONGEST_SLUG: Final = 60
CATEGORIES: Final = {
    SourceKind.EMPLOYER: PayerCategory.EMPLOYERS, SourceKind.SECTOR_FUND: PayerCategory.SECTOR, SourceKind.MUNICIPALITY: PayerCategory.SECTOR,
    SourceKind.PUBLIC_EDUCATION: PayerCategory.EDUCATION, SourceKind.PROVIDER_DISCOUNT: PayerCategory.NOBODY,
}


def make_source(session: Session, *, actor: Actor, owner_id: UUID, draft: SourceDraft, now: datetime) -> str:
    """Make a source of an organisation, with its first budget when the draft has one; returns its slug. Raises SourceNotFound, BudgetWrong."""
    _check_keeps(session, actor, owner_id)
    slug = f"{re.sub(r'[^a-z0-9]+', '-', fold(draft.name.nl or draft.name.en))[:_LONGEST_SLUG].strip('-') or 'geld'}-{short_code(5).lower()}"
    today = amsterdam_day(now)
    source = FundingSource(
        id=new_id(), slug=slug, name=draft.name, kind=draft.kind, category=CATEGORIES[draft.kind], owner_id=owner_id, explanation=draft.explanation,
        open_from=today if draft.budget is None else draft.budget.from_on, made_at=now,
    )
    session.add(source)
    session.flush()
    if draft.budget is not None:
        _add_budget(session, source.id, draft.budget)
    _noted(session, "source-made", actor, owner_id, source.id, now)
    return slug


def add_rule(session: Session, *, actor: Actor, source_id: UUID, draft: RuleDraft, now: datetime) -> UUID:
    """Add a rule to a source, from today or later; returns its id. Raises SourceNotFound, RuleWrong."""
    owner_id = _check_keeps(session, actor, _owner_of(session, source_id))
    if draft.valid_from < amsterdam_day(now):
        raise RuleWrong
    rule_id = _add(session, source_id, draft, follows_id=None, actor=actor, now=now)
    _noted(session, "rule-made", actor, owner_id, rule_id, now)
    return rule_id


def follow_rule(session: Session, *, actor: Actor, rule_id: UUID, draft: RuleDraft, now: datetime) -> UUID:
    """Let another rule take the place of one, from a day after today on which that one still counts; returns its id.

    What is used of yearly caps counts on. Raises SourceNotFound, and RuleWrong also for a rule that another follows already.
    """
    row = session.get(FundingRule, rule_id)
    if row is None:
        raise SourceNotFound
    owner_id = _check_keeps(session, actor, _owner_of(session, row.source_id))
    if not (max(amsterdam_day(now), row.valid_from) < draft.valid_from <= (row.valid_until or date.max)):
        raise RuleWrong
    try:
        new_rule_id = _add(session, row.source_id, draft, follows_id=rule_id, actor=actor, now=now)
    except IntegrityError as error:
        raise RuleWrong from error
    _noted(session, "rule-made", actor, owner_id, new_rule_id, now)
    return new_rule_id


def _add(session: Session, source_id: UUID, draft: RuleDraft, *, follows_id: UUID | None, actor: Actor, now: datetime) -> UUID:
    _check(draft)
    owner_id = _owner_of(session, source_id)
    is_own_money = organisation(session, owner_id).kind is OrganisationKind.PROVIDER  # what a provider gives, it gives for its own seats
    rule = FundingRule(
        id=new_id(), source_id=source_id, follows_id=follows_id, name=draft.name, valid_from=draft.valid_from, valid_until=draft.valid_until,
        percentage=draft.percentage, basis=draft.basis, cap_seat=draft.cap_seat, cap_person_year=draft.cap_person_year,
        cap_firm_year=draft.cap_firm_year, cap_provider_year=draft.cap_provider_year, position=draft.position, stacks=draft.stacks, module_kinds=list(draft.module_kinds),
        excluded_kinds=list(draft.excluded_kinds), provider_ids=[str(owner_id)] if is_own_money else list(draft.provider_ids), sectors=list(draft.sectors),
        size_classes=list(draft.size_classes), postcodes=list(draft.postcodes), min_age=draft.min_age, max_age=draft.max_age,
        needs_approval=draft.needs_approval, evidence=list(draft.evidence), fallback=draft.fallback, made_at=now, made_by=actor.person_id,
    )
    session.add(rule)
    session.flush()
    return rule.id


def _check(draft: RuleDraft) -> None:
    """Refuse what no rule can be; the form said the same at its fields. Evidence needs somebody who looks at it. Raises RuleWrong."""
    caps = (draft.cap_seat, draft.cap_person_year, draft.cap_firm_year, draft.cap_provider_year)
    is_wrong = (
        not 1 <= draft.percentage <= _WHOLE
        or any(cap is not None and cap <= FREE for cap in caps)
        or (draft.valid_until is not None and draft.valid_until < draft.valid_from)
        or (draft.min_age is not None and draft.max_age is not None and draft.max_age < draft.min_age)
        or bool(set(draft.module_kinds) & set(draft.excluded_kinds))
        or (bool(draft.evidence) and not draft.needs_approval)
    )
    if is_wrong:
        raise RuleWrong


def add_budget(session: Session, *, actor: Actor, source_id: UUID, draft: BudgetDraft, now: datetime) -> UUID:
    """Give a source money for a period in which it has none yet; returns the budget's id. Raises SourceNotFound, BudgetWrong."""
    owner_id = _check_keeps(session, actor, _owner_of(session, source_id, be_held=True))
    beside = session.scalar(
        select(Budget.id).where(Budget.source_id == source_id, Budget.from_on <= draft.until_on, Budget.until_on >= draft.from_on).limit(1),
    )
    if beside is not None:
        raise BudgetWrong
    budget_id = _add_budget(session, source_id, draft)
    _noted(session, "budget-made", actor, owner_id, budget_id, now)
    return budget_id


def _add_budget(session: Session, source_id: UUID, draft: BudgetDraft) -> UUID:
    if draft.amount <= FREE or draft.until_on < draft.from_on:
        raise BudgetWrong
    budget = Budget(
        id=new_id(), source_id=source_id, name=draft.name, from_on=draft.from_on, until_on=draft.until_on, amount=draft.amount, earmarked=FREE,
        spent=FREE,
    )
    session.add(budget)
    session.flush()
    return budget.id


def resize_budget(session: Session, *, actor: Actor, budget_id: UUID, amount: Money, now: datetime) -> None:
    """Make a budget larger or smaller, never less than what is promised and spent. Raises SourceNotFound, BudgetTooSmall."""
    source_id = session.scalar(select(Budget.source_id).where(Budget.id == budget_id))
    if source_id is None:
        raise SourceNotFound
    owner_id = _check_keeps(session, actor, _owner_of(session, source_id))
    changed = rows_changed(
        session, update(Budget).where(Budget.id == budget_id, Budget.earmarked + Budget.spent <= amount).values(amount=amount)
        .execution_options(synchronize_session=False),
    )
    if changed != 1 or amount <= FREE:
        raise BudgetTooSmall
    _noted(session, "budget-changed", actor, owner_id, budget_id, now)


def name_beneficiaries(session: Session, *, actor: Actor, source_id: UUID, emails: Iterable[str], now: datetime) -> int:
    """Let these addresses use an employer's budget; returns how many are new. Addresses are in the form in which we keep them. Raises SourceNotFound."""
    owner_id = _check_keeps(session, actor, _owner_of(session, source_id))
    rows = [{"id": new_id(), "source_id": source_id, "email": email, "added_at": now} for email in sorted(set(emails))]
    if not rows:
        return 0
    added = session.scalars(insert_for(session, Beneficiary).values(rows).on_conflict_do_nothing().returning(Beneficiary.id)).all()
    _noted(session, "beneficiaries-changed", actor, owner_id, source_id, now)
    return len(added)


def unname_beneficiary(session: Session, *, actor: Actor, source_id: UUID, email: str, now: datetime) -> None:
    """Take an address off; what was promised to them stays promised. Repeatable. Raises SourceNotFound."""
    owner_id = _check_keeps(session, actor, _owner_of(session, source_id))
    session.execute(delete(Beneficiary).where(Beneficiary.source_id == source_id, Beneficiary.email == email))
    _noted(session, "beneficiaries-changed", actor, owner_id, source_id, now)


def _owner_of(session: Session, source_id: UUID, *, be_held: bool = False) -> UUID:
    """Return whose a source is, after waiting for one's turn to change it when it must `be_held`. Raises SourceNotFound."""
    wanted = select(FundingSource.owner_id).where(FundingSource.id == source_id)
    owner_id = session.scalar(wanted.with_for_update() if be_held else wanted)
    if owner_id is None:
        raise SourceNotFound
    return owner_id


def _check_keeps(session: Session, actor: Actor, owner_id: UUID) -> UUID:
    """Return `owner_id` again, for who keeps the money there. Raises SourceNotFound."""
    if not rights_at(memberships_of(session, actor.person_id), owner_id).keep:
        raise SourceNotFound
    return owner_id


def _noted(session: Session, act: str, actor: Actor, owner_id: UUID, about_id: UUID, now: datetime) -> None:  # noqa: PLR0917 - as it reads
    """Write down who did what with the money of an organisation, and let quotes see it."""
    record(session, act, actor_id=actor.person_id, organisation_id=owner_id, about="funding", about_id=about_id, now=now)
    forget_rules()


def save_situation(session: Session, *, actor: Actor, situation: Situation, now: datetime) -> None:
    """Keep what the actor tells of themselves instead of what they told before; all empty is forgotten."""
    if situation == Situation():
        session.execute(delete(SituationRow).where(SituationRow.person_id == actor.person_id))
        return
    told = {
        "birth_year": situation.birth_year, "postcode": situation.postcode, "sector": situation.sector, "size_class": situation.size_class,
        "changed_at": now,
    }
    session.execute(
        insert_for(session, SituationRow).values(person_id=actor.person_id, **told)
        .on_conflict_do_update(index_elements=[SituationRow.person_id], set_=told),
    )
