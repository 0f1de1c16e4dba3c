"""Finished values for the routes side by side, or for what stands in the way of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.dates import format_date

from academy.kernel.formats import credits_text, in_current_language, money, number_text, shown
from academy.kernel.money import Money
from academy.kernel.translation import _, ngettext, reading_language
from academy.pathways.facts import CourseFacts, Gathered, PathwayFacts
from academy.pathways.kinds import Limit, Option
from academy.pathways.problem import Answer, Blocker, Course, Route
from academy.pathways.rules.plain import value_of
from academy.pathways.words import limit_words, opening_words, option_words, proof_words

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


def _card(gathered: Gathered, best: Sequence[Route], courses: Sequence[Course], *, is_chosen: bool) -> dict[str, Any]:
    facts = [gathered.courses[each.key] for each in courses]
    return {
        "title": option_words([each.option for each in best]), "option": best[0].option.value, "is_chosen": is_chosen,
        "proofs": list(dict.fromkeys(proof_words(each) for each in best)), "totals": totals(gathered, courses, facts),
        "first": [{"title": shown(each.title), "when": month_words(each.first_on), "provider": each.provider_name} for each in facts[:_FIRST_STEPS]],
        "more": max(0, len(courses) - _FIRST_STEPS),
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
        (_("Reizen"), *_travel(courses)),
    ]


def _cost(gathered: Gathered, courses: Sequence[Course], facts: Sequence[CourseFacts]) -> tuple[str, str]:
    """Return what somebody pays after funding and their employer, and what is not in it."""
    total, employer = sum(each.price for each in courses), gathered.problem.limits.employer
    unknown = sum(1 for each in facts if each.price is None)
    notes = [
        _("je werkgever betaalt %(amount)s", amount=money(Money(min(total, employer)))) if employer and total else "",
        ngettext("van %(num)s module weten we de prijs nog niet", "van %(num)s modules weten we de prijs nog niet", unknown) if unknown else "",
    ]
    return money(Money(max(0, total - employer))), ", ".join(each for each in notes if each)


def _travel(courses: Sequence[Course]) -> tuple[str, str]:
    travel, farthest = sum(each.travel for each in courses), max(each.distance for each in courses)
    if not travel:
        return _("geen"), ""
    return _("%(km)s km", km=number_text(travel)), _("heen en terug, alles samen; hooguit %(km)s km enkele reis", km=farthest)


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
        if all(limit.value in each["limits"] for each in found):
            value = max([least, *(opening["value"] for each in found for opening in each["openings"] if opening["limit"] == limit.value)])
            if value > ((pathway.hours if limit is Limit.HOURS else pathway.distance) or 0):
                return {"limit": limit.value, "value": value, "words": opening_words(limit, value, pathway)}
    return None


def blocker_values(gathered: Gathered, pathway: PathwayFacts, blockers: Iterable[Blocker]) -> list[dict[str, Any]]:
    """Return what stands in the way, each with the buttons that take it away."""
    return [
        {
            "limits": [limit.value for limit in each.limits], "subject": _subject(gathered, each), "why": _joined([limit_words(limit, pathway) for limit in each.limits]),
            "openings": [
                {"limit": limit.value, "value": value, "words": words}
                for limit, value in _openings(each) if (words := opening_words(limit, value, pathway))
            ],
        }
        for each in _told(list(blockers))
    ]


def _told(blockers: Sequence[Blocker]) -> Sequence[Blocker]:
    """Return those that say something: of a route as a whole nothing, where its parts do."""
    return [each for each in blockers if each.node] or blockers


def _openings(blocker: Blocker) -> list[tuple[Limit, int]]:
    given = list(blocker.opens)
    if Limit.CHOICE in blocker.limits and all(limit is not Limit.CHOICE for limit, _value in given):
        given.append((Limit.CHOICE, 0))
    return given


def _subject(gathered: Gathered, blocker: Blocker) -> str:
    words = gathered.goal.words.get(blocker.node)
    if words is not None and words.title:
        return in_current_language(words.title)
    titles = {each.module_slug: in_current_language(each.title) for each in gathered.courses.values()}
    named = [titles[module] for module in blocker.modules if module in titles]
    return ", ".join(named) or _("De hele route")


def why_words(gathered: Gathered, pathway: PathwayFacts, blockers: Iterable[Blocker]) -> str:
    """Return what stands in the way in sentences."""
    said = [_("%(subject)s: %(why)s.", subject=each["subject"], why=each["why"]) for each in blocker_values(gathered, pathway, blockers)]
    return " ".join(said) or _("Dan is er geen route meer die past.")


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else _("%(first)s en %(last)s", first=", ".join(words[:-1]), last=words[-1]) if words else _("dit past nergens")
