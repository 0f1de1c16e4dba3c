"""Finished values for the pages about results: the teacher's and the exam board's, and what the learner sees."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment.kinds import ResultScale
from academy.enrolment.queries.attending import RunningClass
from academy.enrolment.queries.results import ClassToDecide, ResultFacts
from academy.enrolment.words import grade_words, hint_words, scale_words
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, in_current_language, short_day
from academy.kernel.translation import _, ngettext


def result_values(facts: ResultFacts | None) -> dict[str, Any] | None:
    """Return a final result for its learner; None as long as there is none."""
    if facts is None or facts.final_at is None:
        return None
    return {
        "is_passed": facts.is_passed, "label": _("Behaald") if facts.is_passed else _("Niet behaald"),
        "grade": grade_words(facts.scale, facts.grade), "ec": credits_text(facts.ec) if facts.ec is not None else "",
        "final_on": short_day(amsterdam_day(facts.final_at)),
    }


def drafts(found: RunningClass, there: Mapping[UUID, ResultFacts]) -> dict[str, str]:
    """Return the grade of each draft by the enrolment's code."""
    rows = ((each.code, there.get(each.enrolment_id)) for each in found.learners)
    return {code: row.grade for code, row in rows if row is not None and row.final_at is None}


def scale_of(there: Mapping[UUID, ResultFacts], asked: str) -> ResultScale | None:
    """Return the scale of a class: that of its results, else the one that is asked for; None when nobody has chosen."""
    if there:
        return next(iter(there.values())).scale
    return ResultScale(asked) if asked in {scale.value for scale in ResultScale} else None


def scales() -> list[dict[str, str]]:
    """Return the scales to choose from."""
    return [{"value": scale.value, "label": scale_words(scale), "id": f"scale-{scale.value}"} for scale in ResultScale]


def results_values(found: RunningClass, there: Mapping[UUID, ResultFacts], scale: ResultScale | None) -> dict[str, Any]:
    """Return the results of a class: those that can still be filled in, those that wait for the exam board, and those that are final."""
    at: dict[str, Any] = {"provider": found.of.provider_slug, "code": found.of.offering.code}
    waiting = drafts(found, there)
    rows = [(each, there.get(each.enrolment_id)) for each in found.learners]
    return {
        "scale": scale.value if scale else "", "scale_label": scale_words(scale) if scale else "", "hint": hint_words(scale) if scale else "",
        "decide_url": url_for("results.decide", **at), "seen": " ".join(f"{code}={grade}" for code, grade in waiting.items()),
        "all_label": ngettext("Maak %(num)s resultaat definitief", "Maak alle %(num)s resultaten definitief", len(waiting)),
        "open": [{"code": each.code, "name": each.name} for each, row in rows if row is None or row.final_at is None],
        "drafts": [_row(found, each.code, each.name, row) for each, row in rows if row is not None and row.final_at is None],
        "final": [_row(found, each.code, each.name, row) for each, row in rows if row is not None and row.final_at is not None],
    }


def _row(found: RunningClass, code: str, name: str, row: ResultFacts) -> dict[str, Any]:
    return {
        "code": code, "name": name, "grade": grade_words(row.scale, row.grade),
        "outcome": _("behaald") if row.is_passed else _("niet behaald"), "state": "open" if row.is_passed else "full",
        "ec": _("%(ec)s EC", ec=credits_text(row.ec)) if row.ec is not None else "",
        "final_on": short_day(amsterdam_day(row.final_at)) if row.final_at else "",
        "reopen_url": url_for("results.reopen", provider=found.of.provider_slug, code=found.of.offering.code, enrolment=code),
    }


def board_row(found: ClassToDecide) -> dict[str, Any]:
    """Return a class for the list of the exam board."""
    return {
        "title": in_current_language(found.of.module_title), "dates": catalogue.dates_words(found.of.offering),
        "url": url_for("results.results", provider=found.of.provider_slug, code=found.of.offering.code),
        "drafts": ngettext("%(num)s wacht op jullie", "%(num)s wachten op jullie", found.drafts) if found.drafts else "",
        "final": ngettext("%(num)s definitief", "%(num)s definitief", found.final) if found.final else "",
    }
