"""Finished values for what changed for a route: the band on its page, and the repair beside the route as it was."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.catalogue.api import ModuleCard
from academy.kernel.formats import credits_text, in_current_language, short_day, shown
from academy.kernel.translation import _, _l, ngettext
from academy.pathways.facts import Gathered, PathwayFacts, StepFacts
from academy.pathways.kinds import ChangeKind
from academy.pathways.pages.routes import totals
from academy.pathways.pages.steps import course_lines, price_words
from academy.pathways.queries.following import ChangeFacts
from academy.pathways.service.planning import Step

_WORDS: Final = {
    ChangeKind.MODULE_WITHDRAWN: _l("%(title)s wordt niet meer gegeven."),
    ChangeKind.CLASS_CANCELLED: _l("De groep voor %(title)s gaat niet door."),
    ChangeKind.CLASS_PLANNED: _l("Voor %(title)s is nu een groep gepland."),
    ChangeKind.PROGRAMME_CHANGED: _l("De opleiding vraagt nu andere modules."),
    ChangeKind.CREDIT_GRANTED: _l("Je krijgt %(ec)s EC voor %(title)s. Misschien hoef je minder te volgen."),
    ChangeKind.CREDIT_ENDED: _l("De %(ec)s EC voor %(title)s tellen niet meer mee."),
    ChangeKind.PASSED: _l("Je hebt %(title)s gehaald."),
    ChangeKind.FAILED: _l("Je hebt %(title)s niet gehaald. Deze stap moet opnieuw in je route."),
}


def band_values(changes: Sequence[ChangeFacts], key: str) -> dict[str, Any] | None:
    """Return what stands on the page of a route; None where nothing changed."""
    if not changes:
        return None
    return {
        "sentences": sentences(changes), "url": url_for("pathways_following.changes", key=key), "leave_url": url_for("pathways_following.leave", key=key),
    }


def sentences(changes: Sequence[ChangeFacts]) -> list[str]:
    """Return what changed, a sentence each, the oldest first."""
    return list(dict.fromkeys(
        str(_WORDS[each.kind]) % {
            "title": "" if each.title is None else in_current_language(each.title), "ec": "" if each.ec is None else credits_text(each.ec),
        } for each in changes
    ))


def repair_values(
    pathway: PathwayFacts, gathered: Gathered, changes: Sequence[ChangeFacts], cards: Mapping[UUID, ModuleCard], *, before: Sequence[StepFacts],
    after: Sequence[Step] | None, shown_as: str,
) -> dict[str, Any]:
    """Return the changes, and each step that would go, come or move; steps that stay are counted. `after` is None where no route is possible."""
    key, now = pathway.edit_key, {each.module_id: each for each in before}
    then = {each.module_id: each for each in after or ()}
    stays = sum(1 for module_id, step in then.items() if module_id in now and now[module_id].course_key == step.course_key)
    return {
        "key": key, "version": pathway.version, "shown": shown_as, "goal": shown(gathered.goal.title), "sentences": sentences(changes), "is_possible": after is not None,
        "rows": [] if after is None else _rows(gathered, cards, now, then),
        "stays": ngettext("%(num)s stap blijft zoals hij is.", "%(num)s stappen blijven zoals ze zijn.", stays) if stays else "",
        "totals": _totals(gathered, after or ()), "route_url": url_for("pathways_building.show", key=key),
        "take_url": url_for("pathways_following.take", key=key), "leave_url": url_for("pathways_following.leave", key=key),
    }


def _rows(gathered: Gathered, cards: Mapping[UUID, ModuleCard], now: Mapping[UUID, StepFacts], then: Mapping[UUID, Step]) -> list[dict[str, Any]]:
    """Return what changes: what goes, then what moves or comes, the earliest first."""
    gone = [_row(_("Gaat eruit"), cards, step, _was(gathered, step), []) for module_id, step in now.items() if module_id not in then]
    other = []
    for module_id, step in sorted(then.items(), key=lambda each: each[1].first_on):
        was = now.get(module_id)
        if was is None:
            other.append(_row(_("Komt erbij"), cards, step, [], _becomes(gathered, step)))
        elif was.course_key != step.course_key:
            other.append(_row(_("Wordt anders"), cards, step, _was(gathered, was), _becomes(gathered, step)))
    return gone + other


def _row(word: str, cards: Mapping[UUID, ModuleCard], step: StepFacts | Step, was: list[str], becomes: list[str]) -> dict[str, Any]:
    return {"word": word, "title": shown(cards[step.module_id].title), "was": was, "becomes": becomes}


def _was(gathered: Gathered, step: StepFacts) -> list[str]:
    course = gathered.courses.get(step.course_key)
    return [f"{short_day(step.first_on)} – {short_day(step.last_on)}"] if course is None else course_lines(course)


def _becomes(gathered: Gathered, step: Step) -> list[str]:
    course = gathered.courses[step.course_key]
    return [*course_lines(course), price_words(course)]


def _totals(gathered: Gathered, after: Sequence[Step]) -> list[Any]:
    by_key = {each.key: each for each in gathered.problem.courses}
    keys = [each.course_key for each in after]
    return totals(gathered, [by_key[key] for key in keys], [gathered.courses[key] for key in keys]) if keys else []
