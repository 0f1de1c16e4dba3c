"""Finished values for a learner's own files: the list, and one of them with where it stands, whose turn it is, and what can be done now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, day, moment_text, money, short_day, shown
from academy.kernel.translation import _, _l, ngettext
from academy.recognition.facts import ClaimedOutcome, FileFacts
from academy.recognition.forms.claiming import AnswersForm
from academy.recognition.kinds import BEFORE_DECISION, OPEN_TO_EVIDENCE, FileState, Judgement, Route, Who
from academy.recognition.pages.now import A_MOMENT, now_values
from academy.recognition.queries.mine import MyFile, Said
from academy.recognition.queries.outcomes import ModuleToClaim, wording_of
from academy.recognition.queries.portfolio import ReportFacts, StepFacts
from academy.recognition.rules.clocks import due
from academy.recognition.rules.deciding import Answer
from academy.recognition.rules.patterns import wording_digest
from academy.recognition.rules.states import may_follow
from academy.recognition.words import (
    advice_word,
    instrument_word,
    judgement_word,
    part_word,
    route_word,
    state_look,
    state_word,
)

_F = FileState
_STAGE: Final = {
    _F.DRAFT: 1, _F.INTAKE_PLANNED: 2, _F.INTAKE_DONE: 2, _F.PORTFOLIO_OPEN: 3, _F.PORTFOLIO_INCOMPLETE: 3, _F.PORTFOLIO_SUBMITTED: 4, _F.ASSESSMENT_PLANNED: 4,
    _F.ASSESSED: 4, _F.SECOND_PLANNED: 4, _F.SECOND_DONE: 4, _F.REPORT_ISSUED: 5, _F.EXEMPTION_REQUESTED: 6, _F.GRANTED: 6, _F.PARTIALLY_GRANTED: 6, _F.REFUSED: 6,
    _F.APPEALED: 6, _F.CONFIRMED: 6, _F.REVISED: 6,
}
_STAGES: Final = (_l("Je aanvraag"), _l("Begeleider"), _l("Portfolio"), _l("Beoordeling"))
_LAST: Final = {Route.EDUCATION: (_l("Rapport"), _l("Besluit")), Route.LABOUR_MARKET: (_l("Certificaat"),)}


def list_values(files: Iterable[tuple[FileFacts, ModuleToClaim]]) -> list[dict[str, Any]]:
    """Return one's files as lines, the newest first."""
    return [
        {
            "title": shown(module.title), "provider": module.provider_name, "route": route_word(facts.route), "state": state_word(facts.state),
            "look": state_look(facts.state), "url": url_for("recognition_claiming.show", code=facts.code), "due": _due_words(facts), "made": short_day(amsterdam_day(facts.made_at)),
        }
        for facts, module in files
    ]


def head_values(mine: MyFile) -> dict[str, Any]:
    """Return what stands above each page about a file."""
    facts = mine.facts
    return {
        "code": facts.code, "title": shown(mine.module.title), "provider": mine.module.provider_name, "route": route_word(facts.route),
        "url": url_for("recognition_claiming.show", code=facts.code), "module_url": url_for("enrolment.module_page", slug=mine.module.slug),
        "trail": [(_("Mijn erkenningen"), url_for("recognition_claiming.mine"))],
    }


def file_values(mine: MyFile, *, now: datetime) -> dict[str, Any]:
    """Return what the page of a file shows."""
    facts = mine.facts
    return {
        "head": head_values(mine), "state": state_word(facts.state), "look": state_look(facts.state), "stages": _stages(mine), "now": now_values(mine, now=now),
        "facts": _facts(mine), "outcomes": [_outcome(each) for each in mine.outcomes], "history": _history(mine), "advice": _advice(mine),
        "is_advised": facts.advice is not None and facts.state in {_F.INTAKE_DONE, _F.PORTFOLIO_OPEN},
        "changed": changes(mine) if facts.state in BEFORE_DECISION else [], "ways": _ways(mine),
        "former_url": url_for("recognition_claiming.show", code=mine.former_code) if mine.former_code else "",
    }


def _stages(mine: MyFile) -> dict[str, Any]:
    """Return the line of steps and at which of them the file is; 0 for one that ended before it was decided."""
    labels = [*_STAGES, *_LAST[mine.facts.route]]
    at = _STAGE.get(mine.facts.state, 0)
    ended = mine.facts.lapsed_from or (mine.history[-1].was if mine.history and mine.facts.state is _F.WITHDRAWN else None)
    return {"labels": [str(each) for each in labels], "at": at, "done": len(labels) if mine.facts.decision_id and not at else _STAGE.get(ended, 1) - 1 if ended else at - 1}


def _facts(mine: MyFile) -> list[tuple[str, str]]:
    facts, worth = mine.facts, sum(each.worth for each in mine.outcomes)
    return [
        (_("Opleider"), mine.module.provider_name), (_("Route"), route_word(facts.route)), (_("Aanvraag"), facts.code),
        (_("Gaat over"), ngettext("%(num)s leeruitkomst", "%(num)s leeruitkomsten", len(mine.outcomes)) + (f", {credits_text(worth)} EC" if worth else "")),
        (_("Je bewijs"), ngettext("%(num)s stuk", "%(num)s stukken", mine.evidence)), (_("Beoordeling"), money(facts.fee)),
        (_("Je begeleider"), mine.names.get(facts.guide_id, "") if facts.guide_id else ""), (_("Afspraak"), moment_text(mine.booked_at) if mine.booked_at else ""),
        (_("Besluit"), mine.decision.number if mine.decision else ""),
    ]


def _outcome(one: ClaimedOutcome) -> dict[str, Any]:
    return {
        "wording": shown(one.wording), "judgement": judgement_word(one.judgement) if one.judgement else _("Nog geen antwoord"), "example": one.example, "missing": one.missing,
        "worth": _("%(ec)s EC", ec=credits_text(one.worth)) if one.worth else "", "part": "", "reason": "",
    }


def _history(mine: MyFile) -> list[dict[str, str]]:
    """Return what happened, the newest first, with who did it and in which part."""
    return [
        {"what": _("Begonnen") if step.was is None else state_word(step.becomes), "when": moment_text(step.at), "who": _who(step, mine.names), "note": step.why}
        for step in reversed(mine.history)
    ]


def _who(step: StepFacts, names: Mapping[UUID, str]) -> str:
    """Return who took a step: one's own as `jij`, a guide and an assessor by name, the others by their part."""
    if step.who is Who.LEARNER:
        return _("jij")
    name = names.get(step.by_id, "") if step.by_id is not None else ""
    return f"{name}, {part_word(step.who)}" if name else part_word(step.who)


def _advice(mine: MyFile) -> dict[str, str] | None:
    if mine.facts.advice is None:
        return None
    return {"word": advice_word(mine.facts.advice), "reason": mine.facts.advice_reason}


def _ways(mine: MyFile) -> list[tuple[str, str]]:
    """Return the pages to which one can go besides what is to be done now."""
    facts, code = mine.facts, mine.facts.code
    may_withdraw = may_follow(facts.state, _F.WITHDRAWN, who=Who.LEARNER, route=facts.route)
    possible = (
        (facts.state in OPEN_TO_EVIDENCE, _("Je antwoorden en voorbeelden"), url_for("recognition_claiming.answers", code=code)),
        (facts.state in OPEN_TO_EVIDENCE, _("Je bewijs"), page_of(code, "evidence")),
        (True, _("Lees en bewaar alles wat over je is gezegd"), url_for("recognition_claiming.everything", code=code)),
        (True, _("Bekijk de module"), url_for("enrolment.module_page", slug=mine.module.slug)),
        (may_withdraw, _("Trek je aanvraag in"), url_for("recognition_claiming.withdraw", code=code)),
    )
    return [(label, url) for is_possible, label, url in possible if is_possible]


def changes(mine: MyFile) -> list[dict[str, Any]]:
    """Return what the module says otherwise than the file, old and new side by side; none when it says the same."""
    if mine.facts.module_version == mine.module.version:
        return []
    today, then = {each.id: each for each in mine.module.outcomes}, {each.id: each for each in mine.outcomes}
    both = [
        {"then": shown(one.wording), "today": shown(today[each].wording) if each in today else None}
        for each, one in then.items() if each not in today or wording_digest(wording_of(one.wording)) != wording_digest(wording_of(today[each].wording))
    ]
    new = [{"then": None, "today": shown(one.wording)} for each, one in today.items() if each not in then] if mine.former_code == "" else []
    return [*both, *new]


def everything_values(mine: MyFile, said: Iterable[Said], report: ReportFacts | None) -> dict[str, Any]:
    """Return all that was said of a learner in a file, to read and to print."""
    order = [each.id for each in mine.outcomes]
    words = {each.id: shown(each.wording) for each in mine.outcomes}
    looks = [
        {
            "title": instrument_word(one.instrument.kind), "who": mine.names.get(one.instrument.assessor_id, ""), "notes": one.instrument.notes,
            "when": moment_text(one.instrument.done_at) if one.instrument.done_at else "", "answers": _answers(one.answers, order, words),
        }
        for one in said
    ]
    return {
        "head": head_values(mine), "facts": _facts(mine), "outcomes": [_outcome(each) for each in mine.outcomes], "advice": _advice(mine), "looks": looks,
        "history": _history(mine), "employer": mine.facts.employer,
        "report": None if report is None else {"number": report.number, "when": day(amsterdam_day(report.issued_at)), "answers": _answers(report.answers, order, words)},
        "decision_url": page_of(mine.facts.code, "decision") if mine.facts.decision_id else "",
    }


def _answers(answers: Iterable[Answer], order: list[UUID], words: Mapping[UUID, Any]) -> list[dict[str, Any]]:
    known = {each.outcome_id: each for each in answers}
    return [
        {
            "wording": words[each], "judgement": judgement_word(known[each].judgement), "part": known[each].part, "reason": known[each].reason, "example": "", "missing": "",
            "worth": "",
        }
        for each in order if each in known
    ]


def page_of(code: str, page: str) -> str:
    """Return the address of a page of a file, whichever file of this room it is made in."""
    return f"{url_for('recognition_claiming.show', code=code)}/{page}"


def first_answers(mine: MyFile) -> dict[str, Any]:
    """Return what the form of the answers is filled in with."""
    said = {f"say_{each.id.hex}": each.judgement.value for each in mine.outcomes if each.judgement is not None}
    return {**said, **{f"example_{each.id.hex}": each.example for each in mine.outcomes}, "employer": mine.facts.employer}


def answer_items(mine: MyFile, form: AnswersForm) -> list[dict[str, Any]]:
    """Return each outcome with its fields."""
    return [
        {"number": number, "wording": shown(each.wording), "say": form.answer(each.id), "example": form.example(each.id), "missing": each.missing}
        for number, each in enumerate(mine.outcomes, 1)
    ]


def send_values(mine: MyFile) -> dict[str, Any]:
    """Return what stands above the statement: what is agreed, what is sent, and what stands in the way."""
    open_answers = any(each.judgement is None or (not each.example and each.judgement is not Judgement.NO) for each in mine.outcomes)
    return {
        "head": head_values(mine), "facts": _facts(mine), "evidence": mine.evidence, "is_first": mine.facts.state is _F.DRAFT, "is_open": open_answers,
        "is_all_no": all(each.judgement is Judgement.NO for each in mine.outcomes), "is_education": mine.facts.route is Route.EDUCATION,
        "answers_url": page_of(mine.facts.code, "answers"), "evidence_url": page_of(mine.facts.code, "evidence"), "slot_url": page_of(mine.facts.code, "slot"),
        "booked": moment_text(mine.booked_at) if mine.booked_at else "", "fee": money(mine.facts.fee) if mine.facts.fee.cents else "",
        "needs_evidence": not mine.evidence and mine.facts.state is not _F.DRAFT,
    }


def appeal_words(mine: MyFile) -> str:
    """Return until when one can appeal."""
    return "" if mine.decision is None else day(amsterdam_day(mine.decision.appeal_until - A_MOMENT))


def _due_words(facts: FileFacts) -> str:
    until = due(facts.state, facts.since)
    return _("Antwoord uiterlijk %(day)s", day=day(amsterdam_day(until - A_MOMENT))) if until else ""
