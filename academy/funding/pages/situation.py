"""Finished values for "Wie betaalt mee?": which sources would pay for this learner, by which rule, and why others would not."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from academy.catalogue.api import ModuleKind
from academy.funding.facts import RuleFacts, Situation, WhyNot
from academy.funding.kinds import Fallback, SourceKind
from academy.funding.pages.rules import (
    EXAMPLE_PRICE,
    conditions,
    evidence_words,
    example_amount,
    limits,
    pays_words,
    terms_of,
)
from academy.funding.queries.rules import Purse
from academy.funding.rules import NO_VAT, Asked, why_not
from academy.funding.words import source_word, why_not_words
from academy.kernel.formats import money, shown
from academy.kernel.money import FREE
from academy.kernel.translation import _, _l

_ANY_PROVIDER: Final = UUID(int=0)
_ASKED: Final = {
    Fallback.LEARNER: _l("De beheerder keurt je aanvraag goed. Zegt die nee? Dan betaal je dit deel zelf, als je dan nog wilt."),
    Fallback.EMPLOYER: _l("De beheerder keurt je aanvraag goed. Zegt die nee? Dan betaalt je werkgever."),
    Fallback.NOBODY: _l("De beheerder keurt je aanvraag goed. Zegt die nee? Dan vervalt je plek en betaal je niets."),
}


def shown_answers(situation: Situation) -> dict[str, Any]:
    """Return what the form shows of what was told before."""
    return {name: getattr(situation, name) for name in ("birth_year", "postcode", "sector", "size_class")}


def is_told(situation: Situation) -> bool:
    return bool(situation.birth_year or situation.postcode or situation.sector or situation.size_class)


def answers(purses: Iterable[Purse], situation: Situation, *, today: date) -> dict[str, list[dict[str, Any]]]:
    """Return who would pay, who may do so when one tells more, and who would not, each with its rule and its reason.

    Of each source one rule is shown: the first that would pay, else the first that may. What a rule asks of the module is told as a condition,
    because this page is about no module in particular.
    """
    found: dict[UUID, tuple[int, dict[str, Any]]] = {}
    for purse in sorted(purses, key=lambda one: (one.rule.position, one.rule.id)):
        rule = purse.rule
        if not rule.counts_on(today) or (rule.kind is SourceKind.EMPLOYER and rule.source_id not in situation.employer_sources):
            continue  # what an employer does for its own people is nobody else's business
        rank, values = _answer(purse, situation, today)
        if rule.source_id not in found or rank < found[rule.source_id][0]:
            found[rule.source_id] = rank, values
    return {name: [values for rank, values in found.values() if rank == wanted] for wanted, name in enumerate(("yes", "maybe", "no"))}


def _answer(purse: Purse, situation: Situation, today: date) -> tuple[int, dict[str, Any]]:
    rule = purse.rule
    why = why_not(rule, _asked_by(rule, today), situation)
    left = purse.left_on(today)
    is_used_up = why is None and left is not None and left <= FREE
    reason = _("Het budget is op. Kijk later nog eens.") if is_used_up else "" if why is None else why_not_words(why)
    rank = 2 if is_used_up else 0 if why is None else 1 if _may_change(why) else 2
    return rank, _values(rule) | {"reason": reason}


def _may_change(why: WhyNot) -> bool:
    return why.could_tell or why is WhyNot.EMPLOYER_UNKNOWN


def _asked_by(rule: RuleFacts, today: date) -> Asked:
    """Return a seat of a kind that the rule pays for, so that only the person decides."""
    kinds = rule.module_kinds or [kind.value for kind in ModuleKind if kind.value not in rule.excluded_kinds] or [""]
    named = UUID(rule.provider_ids[0]) if rule.provider_ids else _ANY_PROVIDER
    provider_id = rule.owner_id if rule.kind is SourceKind.PROVIDER_DISCOUNT else named
    return Asked(kinds[0], provider_id, EXAMPLE_PRICE, FREE, today)


def _values(rule: RuleFacts) -> dict[str, Any]:
    how = [str(_ASKED[rule.fallback])]
    return {
        "source": shown(rule.source_name), "rule": shown(rule.name), "kind": source_word(rule.kind), "pays": pays_words(rule),
        "conditions": [*conditions(rule), *limits(rule), *(how if rule.needs_approval else []), *evidence_words(rule.evidence)],
        "example": _("Van een module van %(price)s betaalt deze regeling %(paid)s.", price=money(EXAMPLE_PRICE), paid=money(example_amount(terms_of(rule), rate=NO_VAT))),
    }
