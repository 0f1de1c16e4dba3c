"""A rule in words: what it pays, of what, for whom, and what that comes to for a module of a thousand euros."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from academy.accounts.api import SizeClass, size_words
from academy.catalogue.api import ModuleKind, kind_word, sector_word
from academy.funding.facts import RuleFacts
from academy.funding.kinds import Basis, PayerCategory, SourceKind
from academy.funding.rules import NO_VAT, STANDARD_RATE, portions, vat_within
from academy.funding.words import fallback_words, percentage_text
from academy.kernel.formats import in_current_language, money, number_text, short_day
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.kernel.translation import _

EXAMPLE_PRICE: Final = Money(100_000)
_NOBODY: Final = UUID(int=0)
_ANY_RULE: Final = RuleFacts(
    id=_NOBODY, first_id=_NOBODY, follows_id=None, source_id=_NOBODY, source_slug="", source_name=Localized(), kind=SourceKind.SECTOR_FUND,
    category=PayerCategory.SECTOR, owner_id=_NOBODY, name=Localized(), valid_from=date.min, valid_until=None, percentage=0, position=1,
)


@dataclass(frozen=True)
class Terms:
    """How much a rule pays of one seat; `percentage` in hundredths of a per cent, `cap` is the lowest of its limits."""

    percentage: int
    basis: Basis
    cap: Money | None


def terms_of(rule: RuleFacts) -> Terms:
    """Return how much a rule pays of the first seat of a year."""
    caps = [cap for cap in (rule.cap_seat, rule.cap_person_year, rule.cap_firm_year, rule.cap_provider_year) if cap is not None]
    return Terms(rule.percentage, rule.basis, min(caps, default=None))


def example_lines(terms: Terms) -> list[str]:
    """Return what these terms come to for a module of a thousand euros; also with VAT in the price, where that makes a difference."""
    free = _("Een module van %(price)s zonder btw: de regel betaalt %(paid)s, er blijft %(rest)s over.")
    taxed = _("Een module van %(price)s met 21%% btw erin: de regel betaalt %(paid)s, er blijft %(rest)s over.")
    rates = [(free, NO_VAT)] if terms.basis is Basis.INCLUDING_VAT else [(free, NO_VAT), (taxed, STANDARD_RATE)]
    return [_example(sentence, example_amount(terms, rate=rate)) for sentence, rate in rates]


def example_amount(terms: Terms, *, rate: int) -> Money:
    """Return what these terms pay of a module of a thousand euros with VAT at this rate in it."""
    rule = replace(_ANY_RULE, percentage=terms.percentage, basis=terms.basis, cap_seat=terms.cap)
    found = portions([rule], price=EXAMPLE_PRICE, vat=vat_within(EXAMPLE_PRICE, rate), room={})
    return found[0].amount if found else FREE


def _example(sentence: str, paid: Money) -> str:
    return sentence % {"price": money(EXAMPLE_PRICE), "paid": _amount(paid), "rest": _amount(EXAMPLE_PRICE - paid)}


def _amount(amount: Money) -> str:
    return _("niets") if amount.is_zero else money(amount)


def rule_values(rule: RuleFacts, *, today: date, next_url: str = "") -> dict[str, Any]:
    """Return a rule as a page shows it; `next_url` leads to the form of the rule that follows it."""
    return {
        "name": in_current_language(rule.name), "pays": pays_words(rule), "limits": limits(rule), "conditions": conditions(rule),
        "how": _how(rule), "when": when_words(rule), "examples": example_lines(terms_of(rule)), "next_url": next_url,
        "state_label": _("Geldt nu") if rule.valid_from <= today else _("Komt nog"), "state": "open" if rule.valid_from <= today else "few",
    }


def pays_words(rule: RuleFacts) -> str:
    """Return `50% van de prijs, hooguit € 500 per plek`."""
    of = _("%(part)s van de prijs") if rule.basis is Basis.INCLUDING_VAT else _("%(part)s van de prijs zonder btw")
    said = of % {"part": percentage_text(rule.percentage)}
    return said if rule.cap_seat is None else _("%(part)s, hooguit %(most)s per plek", part=said, most=money(rule.cap_seat))


def limits(rule: RuleFacts) -> list[str]:
    """Return the limits of a year."""
    found = []
    if rule.cap_person_year is not None:
        found.append(_("Hooguit %(most)s per persoon per jaar.", most=money(rule.cap_person_year)))
    if rule.cap_firm_year is not None:
        found.append(_("Hooguit %(most)s per werkgever per jaar.", most=money(rule.cap_firm_year)))
    if rule.cap_provider_year is not None:
        found.append(_("Hooguit %(most)s per aanbieder per jaar.", most=money(rule.cap_provider_year)))
    return found


def conditions(rule: RuleFacts) -> list[str]:
    """Return of which seats and for whom a rule pays; nothing when it pays for everybody."""
    asked = [
        (_("Alleen voor: %(list)s."), [kind_word(ModuleKind(each)) for each in rule.module_kinds]),
        (_("Niet voor: %(list)s."), [kind_word(ModuleKind(each)) for each in rule.excluded_kinds]),
        (_("Je werkt in: %(list)s."), [sector_word(each) for each in rule.sectors]),
        (_("Bij je werkgever werken: %(list)s."), [size_words(SizeClass(each)) for each in rule.size_classes]),
        (_("Je woont in postcode %(list)s."), rule.postcodes),
    ]
    found = [sentence % {"list": _either(names)} for sentence, names in asked if names]
    return [*found, *_ages(rule), *([] if rule.stacks else [_("Alleen als niemand anders meebetaalt.")])]


def _either(names: Iterable[str]) -> str:
    *most, last = names
    return _("%(most)s of %(last)s", most=", ".join(most), last=last) if most else last


def _ages(rule: RuleFacts) -> list[str]:
    if rule.min_age is None and rule.max_age is None:
        return []
    if rule.max_age is None:
        return [_("Je wordt dit jaar minstens %(age)s jaar.", age=rule.min_age)]
    if rule.min_age is None:
        return [_("Je wordt dit jaar hooguit %(age)s jaar.", age=rule.max_age)]
    return [_("Je wordt dit jaar %(least)s tot en met %(most)s jaar.", least=rule.min_age, most=rule.max_age)]


def _how(rule: RuleFacts) -> list[str]:
    found = [_("Volgorde: %(number)s. Wie een lager getal heeft, betaalt eerder.", number=number_text(rule.position))]
    if rule.needs_approval:
        found.append(_("Jullie keuren elke aanvraag goed. Zeg je nee? Dan betaalt: %(who)s.", who=lower_first(fallback_words(rule.fallback))))
    return [*found, *evidence_words(rule.evidence)]


def lower_first(words: str) -> str:
    """Return words that go on inside a sentence."""
    return words[:1].lower() + words[1:]


def evidence_words(evidence: Sequence[str]) -> list[str]:
    """Return what has to be shown, as one sentence, or none."""
    return [_("Bewijs: %(list)s.", list=", ".join(lower_first(each) for each in evidence))] if evidence else []


def when_words(rule: RuleFacts) -> str:
    """Return from when until when a rule counts."""
    if rule.valid_until is None:
        return _("vanaf %(day)s", day=short_day(rule.valid_from))
    return _("%(first)s tot en met %(last)s", first=short_day(rule.valid_from), last=short_day(rule.valid_until))
