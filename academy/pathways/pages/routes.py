"""Finished values for the routes side by side, or for what stands in the way of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from babel.dates import format_date

from academy.catalogue.api import DeliveryMode
from academy.kernel.formats import credits_text, in_current_language, money, number_text, shown
from academy.kernel.money import Money
from academy.kernel.translation import _, ngettext, reading_language
from academy.pathways.facts import CourseFacts, Gathered, PathwayFacts
from academy.pathways.kinds import Limit, Option, Proof
from academy.pathways.problem import Answer, Blocker, Course, Route
from academy.pathways.rules.plain import value_of
from academy.pathways.rules.reasons import reasons
from academy.pathways.words import limit_words, opening_words, option_words, proof_words, reason_word

_FIRST_STEPS: Final = 3
_TENTHS: Final = 10
_DAYS_A_MONTH: Final = Decimal("30.4")


def cards(gathered: Gathered, pathway: PathwayFacts, answer: Answer) -> list[dict[str, Any]]:
    """Return the routes that differ, each with what it is best at: one that is as good at something as the best is the best at that too.

    Where it is not known from where somebody travels, no route is the nearest.
    """
    by_key = {each.key: each for each in gathered.problem.courses}
    told: list[list[Route]] = []
    for route in answer.routes:
        if route.option is Option.NEAREST and not pathway.postcode and told:
            continue
        there = next((best for best in told if value_of(route.option, [by_key[key] for key in best[0].courses]) == route.value), None)
        if there is None:
            told.append([route])
        else:
            there.append(route)
    chosen = frozenset(each.course_key for each in pathway.steps) if pathway.chosen else None
    return [_card(gathered, best, [by_key[key] for key in best[0].courses], is_chosen=frozenset(best[0].courses) == chosen) for best in told]


def shown_as(keys: Iterable[str]) -> str:
    """Return what tells a route of these courses from another one: who takes a route takes what they saw."""
    return sha256("\n".join(keys).encode()).hexdigest()[:16]


def _card(gathered: Gathered, best: Sequence[Route], courses: Sequence[Course], *, is_chosen: bool) -> dict[str, Any]:
    facts, why = [gathered.courses[each.key] for each in courses], reasons(gathered.problem, best[0])
    return {
        "title": option_words([each.option for each in best]), "option": best[0].option.value, "shown": shown_as(best[0].courses), "is_chosen": is_chosen,
        "proofs": list(dict.fromkeys(proof_words(each) for each in best)), "totals": totals(gathered, courses, facts),
        "first": [{"title": shown(each.title), "when": month_words(each.first_on), "provider": each.provider_name} for each in facts[:_FIRST_STEPS]],
        "more": max(0, len(courses) - _FIRST_STEPS), "is_plain": any(each.proof is Proof.PLAIN for each in best),
        "steps": [{"title": shown(each.title), "when": month_words(each.first_on), "why": reason_word(why[course.key])} for course, each in zip(courses, facts, strict=True)],
    }


def totals(gathered: Gathered, courses: Sequence[Course], facts: Sequence[CourseFacts]) -> list[tuple[str, str, str]]:
    """Return (what, how much, note) of a whole route."""
    if not courses:
        return [(_("Modules"), _("geen: je hebt alles al"), "")]
    begins, ends = min(each.first_on for each in facts), max(each.last_on for each in facts)
    blocks = max(each.last for each in courses) - min(each.first for each in courses) + 1
    months = max(1, round(Decimal((ends - begins).days) / _DAYS_A_MONTH))
    ec = Decimal(sum(each.ec for each in courses)) / _TENTHS
    return [
        (_("Klaar in"), month_words(ends), _("%(blocks)s, %(months)s", blocks=ngettext("%(num)s blok", "%(num)s blokken", blocks), months=ngettext("%(num)s maand", "%(num)s maanden", months))),
        (_("Modules"), number_text(len(courses)), _("samen %(ec)s EC", ec=credits_text(ec))),
        (_("Je betaalt"), *_cost(gathered, courses, facts)),
        (_("Reizen"), *_travel(courses, facts)),
    ]


def _cost(gathered: Gathered, courses: Sequence[Course], facts: Sequence[CourseFacts]) -> tuple[str, str]:
    """Return what somebody pays after funding and their employer, and what is not in it."""
    total, employer = sum(each.price for each in courses), gathered.problem.limits.employer
    unknown = sum(1 for each in facts if each.price is None)
    notes = [
        _("naast %(amount)s voor stappen die je al doet of hebt gehaald", amount=money(Money(gathered.spent))) if gathered.spent else "",
        _("je werkgever betaalt %(amount)s", amount=money(Money(min(total, employer)))) if employer and total else "",
        ngettext("van %(num)s module weten we de prijs nog niet", "van %(num)s modules weten we de prijs nog niet", unknown) if unknown else "",
    ]
    said = [", ".join(each for each in notes if each)]
    if any(each.price is not None and each.full_price is not None and each.price < each.full_price for each in facts):
        said.append(_("Een fonds betaalt soms maar een bedrag per jaar. Dan betaal je meer."))
    return money(Money(max(0, total - employer))), ". ".join(each for each in said if each)


def _travel(courses: Sequence[Course], facts: Sequence[CourseFacts]) -> tuple[str, str]:
    """Return how far somebody goes, and what is not in it: without a postcode no distance is known, nor to a place of which nobody said where it is."""
    travel, farthest = sum(each.travel for each in courses), max((each.distance or 0 for each in facts), default=0)
    unknown = sum(1 for each in facts if each.distance is None and each.mode != DeliveryMode.ONLINE)
    missing = ngettext("van %(num)s module weten we de afstand nog niet", "van %(num)s modules weten we de afstand nog niet", unknown) if unknown else ""
    if not travel:
        return (_("nog niet bekend"), missing) if unknown else (_("geen"), "")
    notes = (_("heen en terug, alles samen; hooguit %(km)s km enkele reis", km=farthest), missing)
    return _("%(km)s km", km=number_text(travel)), ", ".join(each for each in notes if each)


def month_words(value: date) -> str:
    """Return `september 2027`."""
    return format_date(value, "MMMM y", locale="nl" if reading_language() == "nl" else "en_GB")


# Why there is no route


def together(found: Sequence[dict[str, Any]], pathway: PathwayFacts, least_hours: int) -> dict[str, Any] | None:
    """Return the one button that takes everything away that stands in the way: more hours, or further, where that is what each of them asks; else None.

    With fewer than `least_hours` a week nobody gets through in the years that are looked ahead.
    """
    if len(found) < 2:  # noqa: PLR2004 - one thing has its own button
        return None
    for limit, least in ((Limit.HOURS, least_hours), (Limit.DISTANCE, 0)):
        if all(limit.value in each["limits"] and limit.value not in each["closed"] for each in found):
            value = max([least, *(opening["value"] for each in found for opening in each["openings"] if opening["limit"] == limit.value)])
            words = opening_words(limit, value, pathway)
            if words and value > ((pathway.hours if limit is Limit.HOURS else pathway.distance) or 0):
                return {"limit": limit.value, "value": value, "words": words}
    return None


def blocker_values(gathered: Gathered, pathway: PathwayFacts, blockers: Iterable[Blocker]) -> list[dict[str, Any]]:
    """Return what stands in the way, each with the buttons that take it away; `closed` are limits that would have to open further than any button does."""
    return [
        {
            "limits": [limit.value for limit in each.limits], "subject": _subject(gathered, each), "why": _joined([limit_words(limit, pathway) for limit in each.limits]),
            "openings": [
                {"limit": limit.value, "value": value, "words": words}
                for limit, value in _openings(gathered, pathway, each) if (words := opening_words(limit, value, pathway))
            ],
            "closed": [limit.value for limit, value in each.opens if not opening_words(limit, value, pathway)],
        }
        for each in _told(list(blockers))
    ]


def _told(blockers: Sequence[Blocker]) -> Sequence[Blocker]:
    """Return those that say something: of a route as a whole nothing that its parts say too, and not that nobody gives them."""
    of_parts = [each for each in blockers if each.node]
    said = {limit for each in of_parts for limit in each.limits} | {Limit.NOT_OFFERED}
    return [each for each in blockers if each.node or not said.issuperset(each.limits)] if of_parts else blockers


def _openings(gathered: Gathered, pathway: PathwayFacts, blocker: Blocker) -> list[tuple[Limit, int]]:
    """Return what opens: of money all that somebody then pays, with what they spent of it on steps before these."""
    paid = max(gathered.spent - (0 if pathway.employer_money is None else pathway.employer_money.cents), 0)
    given = [(limit, value + paid if limit is Limit.MONEY else value) for limit, value in blocker.opens]
    if Limit.CHOICE in blocker.limits and all(limit is not Limit.CHOICE for limit, _value in given):
        given.append((Limit.CHOICE, 0))
    return given


def _subject(gathered: Gathered, blocker: Blocker) -> str:
    words = gathered.goal.words.get(blocker.node)
    if words is not None and words.title:
        title = in_current_language(words.title)
        return _("Leeruitkomst “%(title)s”", title=title) if words.skill_uri else title
    titles = {each.module_slug: in_current_language(each.title) for each in gathered.courses.values()}
    named = [titles[module] for module in blocker.modules if module in titles]
    return ", ".join(named) or _("De hele route")


def why_words(gathered: Gathered, pathway: PathwayFacts, blockers: Iterable[Blocker]) -> str:
    """Return what stands in the way in sentences."""
    said = [_("%(subject)s: %(why)s.", subject=each["subject"], why=each["why"]) for each in blocker_values(gathered, pathway, blockers)]
    return " ".join(said) or _("Dan is er geen route meer die past.")


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else _("%(first)s en %(last)s", first=", ".join(words[:-1]), last=words[-1]) if words else _("dit past nergens")
