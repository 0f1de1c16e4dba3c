"""Finished values for the chosen route: its steps per block, what can be changed in them, and the links to keep."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from babel.dates import format_date
from flask import url_for

from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleCard, PartOfDay
from academy.kernel.formats import credits_text, in_current_language, money, short_day, shown
from academy.kernel.translation import _, _l, ngettext, reading_language
from academy.kernel.web import public_address
from academy.pathways.facts import CourseFacts, Gathered, PathwayFacts, StepFacts
from academy.pathways.kinds import NodeKind, Standing, StepReason
from academy.pathways.pages.routes import totals
from academy.pathways.problem import Course, Node
from academy.pathways.rules.moving import conflicts
from academy.pathways.rules.reasons import follows
from academy.pathways.words import conflict_words, reason_word

_FEW: Final = 3  # seats
_TAKEN_WORDS: Final = {Standing.OBTAINED: _l("Je hebt deze module gehaald."), Standing.IN_PROGRESS: _l("Je volgt deze module nu.")}
_TAKEN: Final = frozenset(_TAKEN_WORDS)
_LENGTH_OF_LAST: Final = timedelta(days=75)  # of a block of which the next one is not known


def chosen_values(gathered: Gathered, pathway: PathwayFacts, cards: Mapping[UUID, ModuleCard], *, is_right: bool) -> dict[str, Any]:
    """Return the steps of the chosen route per block; `cards` are modules that are not in the problem any more, `is_right` whether it still keeps every limit."""
    by_key = {each.key: each for each in gathered.problem.courses}
    known = [each for each in pathway.steps if each.course_key in by_key and each.course_key in gathered.courses]
    taken = [by_key[each.course_key] for each in known]
    titles = {gathered.courses[each.course_key].module_slug: gathered.courses[each.course_key].title for each in known}
    later = follows(gathered.problem, frozenset(titles))
    numbered = sorted(pathway.steps, key=lambda each: (each.first_on, each.last_on))
    steps = []
    for number, each in enumerate(numbered, 1):
        course = gathered.courses[each.course_key] if each in known else None
        if course is None:
            card = cards.get(each.module_id)
            steps.append(_lost(number, each, card, None if card is None else taken_as(gathered, card)))
        else:
            asked_by = [in_current_language(titles[slug]) for slug in later.get(course.module_slug, ()) if slug in titles]
            steps.append(_step(number, each, course, gathered, asked_by))
    return {
        "is_right": is_right, "blocks": _blocks(gathered, list(zip(numbered, steps, strict=True))), "number": len(steps),
        "totals": totals(gathered, taken, [gathered.courses[each.course_key] for each in known]) if taken or not steps else [],
        "enrol": next((each["enrol"] for each in steps if each["enrol"]), None) if is_right else None,
        "option": pathway.chosen.value if pathway.chosen else "", "to_add": _to_add(gathered, pathway),
    }


def _step(number: int, step: StepFacts, course: CourseFacts, gathered: Gathered, asked_by: Sequence[str]) -> dict[str, Any]:
    return {
        "number": number, "slug": course.module_slug, "title": shown(course.title), "url": url_for("enrolment.module_page", slug=course.module_slug),
        "provider": course.provider_name, "ec": credits_text(course.ec), "credits": course.ec, "lines": course_lines(course), "price": price_words(course), "is_locked": step.is_locked,
        "why": _why(step.reason, asked_by), "warnings": _warnings(course, gathered, step), "is_lost": False, "is_expected": course.is_expected,
        "can_go": not _is_only_one(gathered.problem.tree, course.module_slug),
        "enrol": _enrol(number, course),
    }


def taken_as(gathered: Gathered, card: ModuleCard) -> Standing | None:
    """Return whether somebody follows this module, or passed it; None for neither."""
    found = next((each.standing for each in gathered.problem.had if each.module == card.slug and each.is_whole), None)
    return found if found in _TAKEN else None


def _lost(number: int, step: StepFacts, card: ModuleCard | None, taken: Standing | None) -> dict[str, Any]:
    """Return a step that can not be chosen any more: it is under way or done, or its class is not there any more, or not for this life."""
    return {
        "number": number, "slug": card.slug if card else "", "title": shown(card.title) if card else _("Een module"), "url": "",
        "provider": card.provider_name if card else "", "ec": credits_text(card.ec) if card and card.ec else "",
        "credits": card.ec if card and card.ec else 0, "lines": [f"{short_day(step.first_on)} – {short_day(step.last_on)}"],
        "price": money(step.price) if step.price else "", "is_locked": step.is_locked, "why": str(_TAKEN_WORDS[taken]) if taken else reason_word(step.reason),
        "warnings": [] if taken else _warnings_of_lost(step), "is_lost": True, "is_expected": False, "can_go": False, "enrol": None,
    }


def _warnings_of_lost(step: StepFacts) -> list[str]:
    kept = [_("Je had deze stap vastgezet, maar dat lukt niet meer.")] if step.is_locked else []
    return [*kept, _("Deze groep is er niet meer, of past niet meer.")]


def _why(reason: StepReason, asked_by: Sequence[str]) -> str:
    if reason is StepReason.NEEDED_FIRST and asked_by:
        return _("Deze module heb je eerst nodig, voor %(title)s.", title=asked_by[0])
    return reason_word(reason)


def course_lines(course: CourseFacts) -> list[str]:
    """Return when and where, a line each."""
    when = f"{short_day(course.first_on)} – {short_day(course.last_on)}"
    moment = catalogue.schedule_words(course.weekdays, PartOfDay(course.part_of_day)) if course.part_of_day else ""
    place = course.city or (catalogue.mode_word(catalogue.DeliveryMode(course.mode)) if course.mode else "")
    where = _("%(place)s, %(km)s km van jou", place=place, km=course.distance) if course.distance and place else place
    return [each for each in (when, moment, where) if each]


def price_words(course: CourseFacts) -> str:
    """Return what one pays, and what it costs where that is more."""
    if course.price is None:
        return _("prijs nog niet bekend")
    if course.full_price is not None and course.full_price.cents > course.price.cents:
        return _("%(own)s in plaats van %(full)s", own=money(course.price), full=money(course.full_price))
    return money(course.price)


def _warnings(course: CourseFacts, gathered: Gathered, step: StepFacts) -> list[str]:
    found = []
    if course.is_expected:
        found.append(_("Nog niet gepland. We verwachten deze groep, omdat die eerder rond deze tijd was."))
    elif course.seats_left == 0:
        found.append(_("Deze groep is vol."))
    elif course.seats_left is not None and course.seats_left <= _FEW:
        found.append(ngettext("Nog %(num)s plek.", "Nog %(num)s plekken.", course.seats_left))
    if step.price is not None and course.price is not None and step.price != course.price:
        found.append(_("De prijs is veranderd: het was %(amount)s.", amount=money(step.price)))
    if (instead := _instead_of(gathered.problem.tree, course.module_slug)) is not None:
        title = in_current_language(gathered.goal.words[instead.key].title)
        found.append(_("Deze module telt mee in plaats van “%(title)s”: dat heeft de examencommissie bepaald.", title=title))
    return found


def _instead_of(tree: Node, module: str) -> Node | None:
    """Return the place of another module that this one counts in, by what an exam board published; None where it has a place of its own."""
    fits = [node for node in _below(tree) if module in node.modules and node.amount]
    return fits[0] if fits and all(node.modules[0] != module for node in fits) else None


def _is_only_one(tree: Node, module: str) -> bool:
    """Tell whether nothing else can stand in its place, and there is no way around that place."""
    return any(node.modules == (module,) for node in _without_choice(tree))


def _below(node: Node) -> list[Node]:
    return [node, *(found for item in node.items for found in _below(item))]


def _without_choice(node: Node) -> list[Node]:
    return [node, *(found for item in node.items for found in _without_choice(item))] if node.kind is NodeKind.ALL else [node]


def _enrol(number: int, course: CourseFacts) -> dict[str, str]:
    if course.offering_code and not course.is_expected:
        return {"url": url_for("enrolment.enrol", code=course.offering_code), "words": _("Schrijf je in voor stap %(number)s", number=number)}
    return {"url": url_for("enrolment.module_page", slug=course.module_slug), "words": _("Bekijk stap %(number)s", number=number)}


def _blocks(gathered: Gathered, steps: Sequence[tuple[StepFacts, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the blocks with the steps that begin in them, and their credits."""
    begins, first_on = {each.key: each.first for each in gathered.problem.courses}, gathered.first_on
    by_block: dict[int, list[dict[str, Any]]] = {}
    for step, values in steps:
        last_begun = max((number for number, first in enumerate(first_on) if first <= step.first_on), default=0)
        by_block.setdefault(begins.get(step.course_key, last_begun), []).append(values)
    return [
        {"title": _block_title(first_on, number), "ec": _("%(ec)s EC", ec=credits_text(Decimal(sum(each["credits"] for each in found)))), "steps": found}
        for number, found in sorted(by_block.items())
    ]


def _block_title(first_on: Sequence[date], number: int) -> str:
    begins = first_on[number]
    ends = first_on[number + 1] - timedelta(days=1) if number + 1 < len(first_on) else begins + _LENGTH_OF_LAST
    locale = "nl" if reading_language() == "nl" else "en_GB"
    first = format_date(begins, "MMMM" if begins.year == ends.year else "MMMM y", locale=locale)
    return _("Blok %(number)s: %(first)s – %(last)s", number=number + 1, first=first, last=format_date(ends, "MMMM y", locale=locale))


# What is around it


def link_values(pathway: PathwayFacts) -> dict[str, str]:
    """Return the links to keep and to give."""
    return {
        "edit": public_address(url_for("pathways_building.show", key=pathway.edit_key)),
        "read": public_address(url_for("pathways_reading.read", key=pathway.read_key)),
    }


def without_values(pathway: PathwayFacts, cards: Mapping[UUID, ModuleCard]) -> list[dict[str, Any]]:
    """Return the modules that were taken out."""
    found = [cards[each] for each in pathway.without if each in cards]
    return [{"slug": each.slug, "title": shown(each.title)} for each in sorted(found, key=lambda each: in_current_language(each.title))]


def move_values(gathered: Gathered, pathway: PathwayFacts, slug: str) -> dict[str, Any] | None:
    """Return the other moments and places of a module, each with whether it fits as it is; of one that is no step of the chosen route all. None where there is nothing to choose."""
    by_key = {each.key: each for each in gathered.problem.courses}
    steps = [each for each in pathway.steps if each.course_key in by_key]
    now = next((by_key[each.course_key] for each in steps if by_key[each.course_key].module == slug), None)
    choices = sorted((each for each in gathered.problem.courses if each.module == slug and each != now and each.key in gathered.courses), key=lambda each: (each.first, each.key))
    if now is None and (pathway.chosen is None or not choices):
        return None
    about = gathered.courses[now.key if now else choices[0].key]
    others = [by_key[each.course_key] for each in steps if by_key[each.course_key].module != slug]
    titles = {each.module_slug: in_current_language(each.title) for each in gathered.courses.values()}
    return {
        "title": shown(about.title), "slug": slug, "act": "move" if now else "add", "now": course_lines(about) if now else [],
        "choices": [_choice(gathered, each, others, titles) for each in choices],
    }


def _to_add(gathered: Gathered, pathway: PathwayFacts) -> list[dict[str, Any]]:
    """Return the modules that the goal has to do with and that are no step, but for those that were taken out."""
    there = pathway.without | {each.module_id for each in pathway.steps}
    found = {each.module: gathered.courses[each.key] for each in gathered.problem.courses if each.key in gathered.courses}
    some = sorted((each for each in found.values() if each.module_id not in there), key=lambda each: (in_current_language(each.title), each.provider_name))
    return [
        {
            "title": shown(each.title), "provider": each.provider_name, "ec": credits_text(each.ec) if each.ec else "",
            "url": url_for("pathways_building.move", key=pathway.edit_key, slug=each.module_slug),
        } for each in some
    ]


def _choice(gathered: Gathered, course: Course, others: Sequence[Course], titles: Mapping[str, str]) -> dict[str, Any]:
    facts = gathered.courses[course.key]
    against = [conflict_words(each, titles.get(each.module, "")) for each in conflicts(gathered.problem, course, others)]
    return {"key": course.key, "lines": course_lines(facts), "price": price_words(facts), "against": against, "is_expected": facts.is_expected, "provider": facts.provider_name}

