"""Finished values for the pages on which assessors judge, and for the report."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, day, moment_text, paragraphs, shown
from academy.kernel.translation import _
from academy.recognition.facts import ClaimedOutcome, InstrumentFacts
from academy.recognition.forms.judging import AnswersForm, MoreForm
from academy.recognition.kinds import Criterion, FileState, InstrumentKind, Judgement, Route
from academy.recognition.pages.desk import clock_words, menu
from academy.recognition.pages.library import evidence_values
from academy.recognition.pages.slots import booked_values, when_words
from academy.recognition.queries.judging import Judging, ReportPage
from academy.recognition.rules.clocks import due
from academy.recognition.rules.deciding import Answer
from academy.recognition.words import (
    criterion_word,
    instrument_word,
    judgement_word,
    route_word,
    state_look,
    state_word,
)

_F = FileState
_TO_GIVE_BACK: Final = (
    _F.PORTFOLIO_SUBMITTED, _F.PORTFOLIO_OPEN, _F.PORTFOLIO_INCOMPLETE, _F.ASSESSMENT_PLANNED, _F.ASSESSED, _F.SECOND_PLANNED, _F.SECOND_DONE, _F.INTAKE_PLANNED,
    _F.INTAKE_DONE,
)


def task_of(found: Judging, *, now: datetime) -> str:
    """Return the one thing that this assessor can do with a file now: the name of a part of the page; `read` is nothing."""
    if found.unfit is not None:
        return "back" if found.has_part and found.file.state in _TO_GIVE_BACK else "unfit"
    if found.may_take:
        return "take"
    if found.judges_portfolio:
        return "portfolio"
    if found.judges_look:
        return "look" if found.booked is not None and now >= found.booked.planned_at else "wait"
    if found.may_report:
        return "report"
    return "plan" if found.may_plan else "read"


def judging_values(found: Judging, form: AnswersForm | MoreForm | None, *, now: datetime) -> dict[str, Any]:
    """Return a file before its assessor: what is claimed, the evidence beside each outcome, what was said, and the fields of the form."""
    file, until = found.file, due(found.file.state, found.file.since)
    provider, code = found.desk.slug, file.code
    return {
        "menu": menu(found.desk), "title": shown(found.title), "code": file.code, "name": found.names.get(file.person_id, ""), "route": route_word(file.route),
        "state_label": state_word(file.state), "state": state_look(file.state), "clock": clock_words(until, now), "is_late": until is not None and now >= until,
        "task": task_of(found, now=now), "outcomes": _outcomes(found, form), "loose": evidence_values([each for each in found.evidence if not each.outcomes], found.outcomes),
        "booked": booked_values(found.booked, found.names, {each.id: each for each in found.places}, now=now), "notes": _notes(found),
        "is_left": found.is_left, "sees_evidence": found.sees_evidence, "is_mine": found.has_part and found.file.state in _TO_GIVE_BACK, "may_plan": found.may_plan, "is_certificate": file.route is Route.LABOUR_MARKET,
    } | {f"{name}_url": url_for(f"recognition_judging.{name}", provider=provider, code=code) for name in ("judge", "take", "back", "more", "plan", "call_off", "report")} | {
        "file_url": url_for("recognition_guiding.file", provider=provider, code=code),
    }


def _outcomes(found: Judging, form: AnswersForm | MoreForm | None) -> list[dict[str, Any]]:
    return [_outcome(found, number, each, form) for number, each in enumerate(found.outcomes, start=1)]


def _outcome(found: Judging, number: int, outcome: ClaimedOutcome, form: AnswersForm | MoreForm | None) -> dict[str, Any]:
    fields: Mapping[str, Any] = form.fields_of(outcome) if isinstance(form, AnswersForm) else {}
    missing = form[f"missing_{outcome.id.hex}"] if isinstance(form, MoreForm) else None
    return {
        "number": number, "id": outcome.id.hex, "is_shown": found.sees_evidence, "wording": shown(outcome.wording), "worth": _("%(ec)s EC", ec=credits_text(outcome.worth)),
        "says": judgement_word(outcome.judgement) if outcome.judgement is not None and found.names else "",
        "example": paragraphs(outcome.example) if found.names else "", "missing": outcome.missing if found.names else "", "ask": missing, "fields": fields,
        "evidence": evidence_values([each for each in found.evidence if outcome.id in each.outcomes]),
        "said": [said for look in found.instruments if (said := _said(look, found.said.get(look.id, {}), outcome.id)) is not None],
    }


def _said(look: InstrumentFacts, said: Mapping[UUID, Answer], outcome_id: UUID) -> dict[str, Any] | None:
    answer = said.get(outcome_id)
    return None if answer is None else {"kind": instrument_word(look.kind), **_answer(answer)}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "judgement": judgement_word(answer.judgement), "part": answer.part, "reason": paragraphs(answer.reason),
        "met": ", ".join(criterion_word(each) for each in Criterion if each in answer.met),
    }


def _notes(found: Judging) -> list[tuple[str, Any]]:
    return [(instrument_word(each.kind), paragraphs(each.notes)) for each in found.instruments if each.notes and found.names]


def prefilled(found: Judging) -> dict[UUID, Answer]:
    """Return the report as the form shows it first: per outcome the last thing that was said, all reasons, the criteria, and the evidence that is for it."""
    return {each.id: answer for each in found.outcomes if (answer := _concluded(found, each)) is not None}


def _concluded(found: Judging, outcome: ClaimedOutcome) -> Answer | None:
    there = [(look, found.said[look.id][outcome.id]) for look in found.instruments if outcome.id in found.said.get(look.id, {})]
    if not there:
        return None
    last = there[-1][1]
    reason = "\n".join(f"{instrument_word(look.kind)}: {answer.reason}" for look, answer in there if answer.reason)
    met = next((answer.met for look, answer in there if look.kind is InstrumentKind.PORTFOLIO), frozenset())
    evidence = frozenset(each.id for each in found.evidence if outcome.id in each.outcomes) if last.judgement is not Judgement.NO else frozenset()
    return Answer(outcome.id, last.judgement, last.part, reason, evidence, met)


def report_values(page: ReportPage) -> dict[str, Any]:
    """Return a report, on the labour-market route the certificate."""
    said = {each.outcome_id: each for each in page.report.answers}
    return {
        "is_certificate": page.is_certificate, "title": shown(page.title), "provider": page.provider_name, "name": page.learner_name or _("Iemand die niet meer bij AD Academy is"),
        "number": page.report.number, "issued_on": day(amsterdam_day(page.report.issued_at)), "issued_by": page.issued_by, "code": page.file.code,
        "digest": page.report.digest, "route": route_word(page.file.route),
        "looks": [
            (instrument_word(look.kind), when_words(look.planned_at) if look.planned_at else moment_text(look.done_at) if look.done_at else "", name) for look, name in page.looks
        ],
        "outcomes": [
            {
                "number": number, "wording": shown(each.wording), "rests": page.rests.get(each.id, ()),
                **(_answer(said[each.id]) if each.id in said else {"judgement": "", "part": "", "reason": "", "met": ""}),
            }
            for number, each in enumerate(page.outcomes, start=1)
        ],
    }
