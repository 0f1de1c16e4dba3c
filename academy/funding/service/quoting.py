"""What a seat would cost whom. Cards and module pages ask what this process remembers for half a minute; who confirms asks the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.funding import queries, rules
from academy.funding.errors import VatUndecided
from academy.funding.facts import Part, Quote, Sold, VatDecision
from academy.funding.kinds import SourceKind
from academy.funding.queries import Purse, Tax
from academy.funding.rules import Asked, Caps, Portion, RuleFacts, Situation
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.kernel.money import FREE, Money

_REMEMBERED_FOR: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Known:
    """What decides about prices: the rules with their budgets, and what was said for VAT, read at a moment from one database."""

    purses: tuple[Purse, ...]
    tax: Tax
    at: datetime
    of: str


@dataclass(frozen=True)
class Pay:
    """What one source pays of a seat, out of which budget, and which yearly caps that uses: (subject, cap) each."""

    portion: Portion
    budget_id: UUID | None
    caps: Caps
    firm_id: UUID | None


@dataclass(frozen=True)
class Worked:
    """A quote, with what has to be earmarked to make it true."""

    quote: Quote
    pays: tuple[Pay, ...]

    def at_price(self, price: Money, vat: VatDecision) -> "Worked":
        """Return the same for another price that the one who pays it pays whole."""
        quote, (pay,) = self.quote, self.pays
        part = replace(quote.parts[0], amount=price)
        return Worked(replace(quote, price=price, vat=vat, parts=(part,)), (replace(pay, portion=replace(pay.portion, amount=price)),))


_known: Final[list[Known]] = []


def forget_rules() -> None:
    """Read the rules again at the next quote: after a change of them in this process."""
    _known.clear()


def _remembered(session: Session, now: datetime) -> Known:
    """Return what decides about prices, at most half a minute old."""
    url = str(database().url)
    if not _known or _known[0].of != url or not _known[0].at <= now < _known[0].at + _REMEMBERED_FOR:
        _known[:] = [Known(queries.rules_with_budgets(session), queries.taxes(session), now, url)]
    return _known[0]


def quotes(session: Session, sold: Sequence[Sold], *, situation: Situation, is_business: bool, now: datetime) -> list[Quote]:
    """Return who would pay what of each, from what is remembered: what yearly caps of this learner still have is not looked at.

    Where VAT is undecided, or there is nothing to pay, `vat` is None and there are no parts.
    """
    known = _remembered(session, now)
    return [_worked(each, known, situation, {}, is_business=is_business, now=now).quote for each in sold]


def quote(session: Session, *, found: catalogue.OfferingOfModule, situation: Situation, is_business: bool, now: datetime) -> Quote:
    """Return who would pay what of one offering, as `quotes`."""
    return quotes(session, [sold_of(found)], situation=situation, is_business=is_business, now=now)[0]


def quote_of_person(session: Session, *, person_id: UUID, found: catalogue.OfferingOfModule, is_business: bool, now: datetime) -> Quote:
    """Return who pays what if this person confirms now: read from the database, yearly caps included. Raises VatUndecided."""
    return worked_for(session, person_id=person_id, found=found, is_business=is_business, now=now).quote


def worked_for(session: Session, *, person_id: UUID, found: catalogue.OfferingOfModule, is_business: bool, now: datetime) -> Worked:
    """Return who pays what if this person confirms now, with what to earmark for it. Raises VatUndecided where there is a price."""
    sold = sold_of(found)
    situation = queries.situation_of(session, person_id)
    tax = queries.taxes(session, provider_ids=[sold.provider_id], module_ids=[sold.module_id])
    known = Known(queries.rules_with_budgets(session), tax, now, "")
    used = _caps_used(session, known, person_id, situation, sold.provider_id, year=amsterdam_day(now).year)
    worked = _worked(sold, known, situation, used, person_id=person_id, is_business=is_business, now=now)
    if worked.quote.vat is None and not sold.price.is_zero:
        raise VatUndecided(found.module_slug, found.provider_name)
    return worked


def is_vat_decided(session: Session, found: catalogue.OfferingOfModule) -> bool:
    """Tell whether a seat can be sold: it is free, or the VAT in its price is known; as the database knows it now."""
    sold = sold_of(found)
    return sold.price.is_zero or _vat(sold, queries.taxes(session, provider_ids=[sold.provider_id], module_ids=[sold.module_id])) is not None


def vat_of(session: Session, found: catalogue.OfferingOfModule) -> VatDecision:
    """Return the VAT in the price of an offering that is not free, as the database knows it now. Raises VatUndecided."""
    sold = sold_of(found)
    vat = _vat(sold, queries.taxes(session, provider_ids=[sold.provider_id], module_ids=[sold.module_id]))
    if vat is None:
        raise VatUndecided(found.module_slug, found.provider_name)
    return vat


def sold_of(found: catalogue.OfferingOfModule) -> Sold:
    """Return what an offering sells; without a price it sells for nothing."""
    offering = found.offering
    return Sold(offering.module_id, found.module_kind.value, found.provider_id, offering.price or FREE, offering.starts_on)


def _caps_used(
    session: Session, known: Known, person_id: UUID, situation: Situation, provider_id: UUID, *, year: int,
) -> Mapping[tuple[UUID, UUID], Money]:
    """Return what this person, their firms and seats of this provider used of yearly caps; for no statement where no rule has any."""
    capped = [purse.rule for purse in known.purses if rules.yearly_caps(purse.rule) != (None, None, None)]
    firms = {firm for rule in capped if (firm := _firm(rule, situation)) is not None}
    of_provider = rules.cap_subject_of_provider(provider_id)
    return queries.caps_used(session, [person_id, *sorted(firms), of_provider], year=year) if capped else {}


def _firm(rule: RuleFacts, situation: Situation) -> UUID | None:
    """Return the firm whose yearly cap a rule counts: its owner for a budget of an employer, else the learner's employer."""
    return rule.owner_id if rule.kind is SourceKind.EMPLOYER else situation.employer_id


def _worked(
    sold: Sold, known: Known, situation: Situation, used: Mapping[tuple[UUID, UUID], Money], *, person_id: UUID | None = None, is_business: bool,
    now: datetime,
) -> Worked:
    vat = _vat(sold, known.tax)
    if vat is None:
        return Worked(Quote(sold.price, vat, (), sold.price, is_business=is_business), ())
    today = amsterdam_day(now)
    asked = Asked(sold.module_kind, sold.provider_id, sold.price, vat.amount, today)
    purses = {purse.rule.id: purse for purse in known.purses}
    fitting = rules.payable([purse.rule for purse in known.purses], asked, situation)
    room = {rule.id: left for rule in fitting if (left := _room(purses[rule.id], used, _caps(rule, situation, person_id, sold.provider_id), today)) is not None}
    portions = rules.portions(fitting, price=sold.price, vat=vat.amount, room=room)
    own = sold.price - Money(sum(portion.amount.cents for portion in portions))
    could_tell = any(
        (why := rules.why_not(purse.rule, asked, situation)) is not None and why.could_tell for purse in known.purses if not own.is_zero
    )
    quote = Quote(sold.price, vat, tuple(_part(each) for each in portions), own, is_business=is_business, could_tell=could_tell)
    return Worked(quote, tuple(
        _pay(each, purses[each.rule.id], situation, _caps(each.rule, situation, person_id, sold.provider_id), today) for each in portions
    ))


def _vat(sold: Sold, tax: Tax) -> VatDecision | None:
    """Return the VAT of a seat by what the provider is on the first day of the class; None where a person has to decide, or nothing is to pay."""
    if sold.price.is_zero:
        return None
    status = tax.status_on(sold.provider_id, sold.starts_on)
    supply = tax.supplies.get(sold.module_id) or (None if status is None else rules.usual_supply(sold.module_kind, status))
    reason = None if supply is None else rules.decide(supply, status)
    return None if reason is None else VatDecision(reason, rules.rate_of(reason), rules.vat_within(sold.price, rules.rate_of(reason)))


def _room(
    purse: Purse, used: Mapping[tuple[UUID, UUID], Money], caps: Caps, today: date,
) -> Money | None:
    """Return what the budget and the yearly caps of a rule still have together; None is without limit."""
    limits = [cap - used.get((purse.rule.first_id, subject_id), FREE) for subject_id, cap in caps]
    left = purse.left_on(today)
    return min(limits if left is None else [left, *limits], default=None)


def _caps(rule: RuleFacts, situation: Situation, person_id: UUID | None, provider_id: UUID) -> Caps:
    """Return the yearly caps of a rule with whom they count for; of a visitor who is nobody yet, that of the person is not counted."""
    subjects = rules.subjects_of_caps(person_id, _firm(rule, situation), provider_id)
    found = zip(subjects, rules.yearly_caps(rule), strict=True)
    return tuple((subject_id, cap) for subject_id, cap in found if subject_id is not None and cap is not None)


def _part(portion: Portion) -> Part:
    rule = portion.rule
    return Part(
        rule.kind, rule.category, rule.source_id, rule.source_name, rule.owner_id, rule.id, portion.amount, needs_approval=rule.needs_approval,
        evidence=rule.evidence, fallback=rule.fallback,
    )


def _pay(portion: Portion, purse: Purse, situation: Situation, caps: Caps, today: date) -> Pay:
    budget = purse.budget_on(today)
    return Pay(portion, None if budget is None else budget.id, caps, _firm(purse.rule, situation))
