"""Finished values for the desk of an exam board: what waits by clock, and one file on one screen."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import Shown, credits_text, moment_text, number_text, paragraphs, short_day, shown
from academy.kernel.translation import _, ngettext
from academy.recognition.forms.deciding import AnswersForm, as_before
from academy.recognition.kinds import DECIDED, FileState, Judgement
from academy.recognition.pages.desk import clock_words
from academy.recognition.pages.library import evidence_values
from academy.recognition.queries.board import Inbox, Lately, Waiting, until
from academy.recognition.queries.board_file import Before, BoardFile, Question
from academy.recognition.rules.credits import Counted
from academy.recognition.rules.deciding import Answer
from academy.recognition.rules.patterns import Given
from academy.recognition.words import instrument_word, judgement_word, state_look, state_word

FIRST_PIECES: Final = 4  # of evidence that lie open beside an outcome; the others fold out
MAY_REVISE: Final = (*DECIDED, FileState.CONFIRMED)


class Mode(StrEnum):
    """What a member can do with a file now."""

    DECIDE = "decide"
    APPEAL = "appeal"
    REVISE = "revise"
    SIGN = "sign"  # a colleague made a draft
    WAITS = "waits"  # for another signature than the reader's
    READ = "read"


def mode_of(found: BoardFile, actor: Actor, *, revises: bool = False) -> Mode:
    """Return what this member can do; `revises`: they asked to take a new decision."""
    draft, state = found.beside.draft, found.file.state
    if state is FileState.APPEALED and actor.person_id in found.beside.signed_by:
        return Mode.READ
    if draft is not None:
        return Mode.WAITS if draft.made_by == actor.person_id else Mode.SIGN
    if state is FileState.EXEMPTION_REQUESTED:
        return Mode.DECIDE
    if state is FileState.APPEALED:
        return Mode.APPEAL
    return Mode.REVISE if revises and state in MAY_REVISE else Mode.READ


def board_values(slug: str, name: str) -> dict[str, str]:
    """Return the board as its pages name it."""
    return {"name": name, "url": url_for("recognition_board.inbox", provider=slug)}


def inbox_values(found: Inbox, *, now: datetime) -> dict[str, Any]:
    """Return the desk: what wants a signature, appeals, requests a page at a time, and what was decided lately."""
    slug = found.desk.slug
    return {
        "board": board_values(slug, found.desk.name), "late": ngettext("%(num)s is te laat.", "%(num)s zijn te laat.", found.late) if found.late else "",
        "count": found.count, "is_empty": not (found.to_sign or found.signed or found.appeals or found.count),
        "to_sign": _lines(found.to_sign, found, now), "signed": _lines(found.signed, found, now), "appeals": _lines(found.appeals, found, now),
        "waiting": _lines(found.waiting, found, now), "lately": [_lately_line(each, found) for each in found.lately], "paging": _paging(found),
        "beforehand": [
            {"label": label, "url": url_for(endpoint, provider=slug)} for endpoint, label in (
                ("recognition_patterns.patterns", _("Gaat vanzelf")), ("recognition_patterns.equivalences", _("Telt direct mee")),
            )
        ],
    }


def _lines(files: Iterable[Waiting], found: Inbox, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": _title(found.modules, each.module_id), "code": each.code, "clock": _clock(each, now), "is_late": each.is_late(now),
            "url": "" if each.is_barred else url_for("recognition_board.file", provider=found.desk.slug, code=each.code),
            "note": _note(each),
        }
        for each in files
    ]


def _title(modules: Mapping[UUID, catalogue.ModuleCard], module_id: UUID) -> Shown:
    return shown(modules[module_id].title)


def _clock(each: Waiting, now: datetime) -> str:
    if each.is_repeat and each.due is not None and not each.is_late(now):
        return _("vóór %(moment)s", moment=moment_text(each.due))
    return clock_words(each.due, now)


def _note(each: Waiting) -> str:
    if each.is_barred:
        return _("Een ander lid beslist: jij was hierbij betrokken, of tekende het besluit.")
    return _("Eerder al zo besloten") if each.is_repeat else ""


def _lately_line(each: Lately, found: Inbox) -> dict[str, Any]:
    state = FileState(each.state.value)
    return {
        "title": _title(found.modules, each.module_id), "number": each.number, "day": short_day(amsterdam_day(each.decided_at)), "state": state_word(state),
        "look": state_look(state), "url": url_for("recognition_board.decision", provider=found.desk.slug, number=each.number),
    }


def _paging(found: Inbox) -> dict[str, Any]:
    def at(number: int) -> str:
        return url_for("recognition_board.inbox", provider=found.desk.slug, page=number if number > 1 else None)

    return {
        "pages": found.pages, "previous_url": at(found.page - 1) if found.page > 1 else "", "next_url": at(found.page + 1) if found.page < found.pages else "",
        "links": [{"number": number, "current": number == found.page, "url": at(number)} for number in range(1, found.pages + 1)],
    }


def file_values(found: BoardFile, form: AnswersForm, mode: Mode, *, now: datetime) -> dict[str, Any]:
    """Return one screen: each outcome with its evidence, its report and what was decided before, and what can be done."""
    file, slug = found.file, found.desk.slug
    due = until(file.state, file.since, is_repeat=found.is_repeat)
    return {
        "board": board_values(slug, found.desk.name), "code": file.code, "module": shown(found.module.title), "learner": found.names.get(file.person_id, ""),
        "state": state_word(file.state), "look": state_look(file.state), "clock": clock_words(due, now), "mode": mode.value, "seen": found.seen,
        "questions": [_question(number, each, found, slug) for number, each in enumerate(found.questions, 1)],
        "others": evidence_values(found.other_evidence), "report": found.beside.report_number, "looks": _looks(found), "appeal": paragraphs(found.appeal),
        "repeat": _repeat(found) if mode is Mode.DECIDE else None, "draft": _draft(found), "credits": credits_values(found, form.answers()),
        "signatures": found.beside.signatures, "urls": _urls(found, mode), "may_revise": mode is Mode.READ and file.state in MAY_REVISE,
        "barred": mode is Mode.READ and file.state is FileState.APPEALED,
    }


def _question(number: int, each: Question, found: BoardFile, slug: str) -> dict[str, Any]:
    pieces = [replace(piece, outcomes=()) for piece in evidence_values(each.evidence, [each.outcome], found.said)]  # it stands beside the outcome that it is for
    return {
        "number": number, "wording": shown(each.outcome.wording), "worth": _ec(each.outcome.worth), "example": paragraphs(each.outcome.example),
        "claimed": judgement_word(each.outcome.judgement) if each.outcome.judgement else "", "report": _answer(each.report) if each.report else None,
        "decided": _answer(each.decided) if each.decided else None, "first": pieces[:FIRST_PIECES], "more": pieces[FIRST_PIECES:],
        "before": _before(each.before, slug), "differs": _differs(each),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {"word": judgement_word(answer.judgement), "part": answer.part, "reason": paragraphs(answer.reason)}


def _before(before: Before, slug: str) -> dict[str, Any]:
    """Return how often what was decided before, with the newest of those decisions."""
    return {
        "sentences": [_given_words(each, is_only=before.proposal is not None) for each in before.given],
        "parents": [{"number": each, "url": url_for("recognition_board.decision", provider=slug, number=each)} for each in before.parents],
    }


def _given_words(given: Given, *, is_only: bool) -> str:
    answer = judgement_word(given.judgement).lower() + (f" ({given.part})" if given.part else "")
    number = number_text(given.number)
    if is_only:
        return ngettext("Al %(times)s keer zo besloten: %(answer)s", "Al %(times)s keer zo besloten: %(answer)s", given.number, times=number, answer=answer)
    return ngettext("%(times)s keer: %(answer)s", "%(times)s keer: %(answer)s", given.number, times=number, answer=answer)


def _differs(each: Question) -> bool:
    """Tell whether the report says something else than was decided before."""
    return each.report is not None and each.before.proposal is not None and each.report.judgement is not each.before.proposal.judgement


def _looks(found: BoardFile) -> list[str]:
    return [
        _("%(instrument)s: %(name)s", instrument=instrument_word(each.kind), name=found.names.get(each.assessor_id, "")) for each in found.beside.looks if each.is_done
    ]


def _repeat(found: BoardFile) -> dict[str, Any] | None:
    """Return what one click sends where every outcome was decided before: the same fields as the form."""
    answers = [as_before(each) for each in found.questions]
    if not found.is_repeat or any(each is None or (each.judgement is not Judgement.YES and not each.reason) for each in answers):
        return None
    known = [each for each in answers if each is not None]
    return {
        "fields": [
            (f"{name}_{number}", value) for number, each in enumerate(known, 1)
            for name, value in (("judgement", each.judgement.value), ("part", each.part), ("reason", each.reason)) if value
        ],
        "credits": credits_values(found, known), "differs": sum(_differs(each) for each in found.questions),
    }


def _draft(found: BoardFile) -> dict[str, Any] | None:
    draft = found.beside.draft
    if draft is None:
        return None
    said = {each.outcome_id: each for each in draft.answers}
    return {
        "digest": draft.digest, "by": found.names.get(draft.made_by, ""), "at": moment_text(draft.made_at), "why": paragraphs(draft.why), "stands": not draft.answers,
        "answers": [
            {"number": number, "wording": shown(each.outcome.wording), **_answer(said[each.outcome.id])}
            for number, each in enumerate(found.questions, 1) if each.outcome.id in said
        ],
        "credits": credits_values(found, draft.answers),
    }


def credits_values(found: BoardFile, answers: Iterable[Answer]) -> dict[str, str]:
    """Return the credits that these answers bring, and what is beyond the provider's maximum."""
    split: Counted = found.credits([each.outcome_id for each in answers if each.judgement is Judgement.YES])
    most = found.beside.most_ec
    return {
        "brings": _("Dit levert %(ec)s op.", ec=_ec(split.counts + split.beyond)),
        "beyond": _("Daarvan telt %(counts)s mee: %(beyond)s is boven het maximum van %(most)s.", counts=_ec(split.counts), beyond=_ec(split.beyond), most=_ec(most))
        if split.beyond and most is not None else "",
        "room": _("Het maximum is %(most)s. Daarvan telt al %(total)s mee.", most=_ec(most), total=_ec(found.beside.total)) if most is not None else "",
    }


def _ec(value: Decimal) -> str:
    return _("%(ec)s EC", ec=credits_text(value))


def _urls(found: BoardFile, mode: Mode) -> dict[str, str]:
    def to(page: str, **more: int) -> str:
        return url_for(f"recognition_board.{page}", provider=found.desk.slug, code=found.file.code, **more)  # type: ignore[arg-type] # values of the address

    return {
        "decide": to("revise" if mode in {Mode.APPEAL, Mode.REVISE} else "decide"), "worth": to("worth"), "sign": to("sign"), "drop": to("drop"),
        "confirm": to("confirm"), "revise": to("file", revise=1),
        "decision": url_for("recognition_board.decision", provider=found.desk.slug, number=found.beside.decision_number) if found.beside.decision_number else "",
    }
