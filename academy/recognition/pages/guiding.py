"""Finished values for one file, as who guides or judges in it sees it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.accounts.api import Actor
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, in_current_language, moment_text, money, paragraphs, short_day, shown
from academy.kernel.translation import _
from academy.recognition.facts import ClaimedOutcome
from academy.recognition.kinds import Advice, FileState, Who
from academy.recognition.pages.desk import clock_words
from academy.recognition.pages.library import evidence_values
from academy.recognition.queries.guiding import OVER, GuidedFile
from academy.recognition.queries.portfolio import StepFacts
from academy.recognition.rules.clocks import due
from academy.recognition.words import advice_word, judgement_word, part_word, route_word, state_look, state_word

_F = FileState
_JUDGED: Final = (_F.PORTFOLIO_SUBMITTED, _F.ASSESSMENT_PLANNED, _F.ASSESSED, _F.SECOND_PLANNED, _F.SECOND_DONE)


def file_values(found: GuidedFile, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return a file with what this reader can do with it."""
    file, until = found.file, due(found.file.state, found.file.since)
    at = _addresses(found)
    return {
        "code": file.code, "title": shown(found.module.title), "name": name_of(found, file.person_id) if found.sees else "",
        "state_label": state_word(file.state), "state": state_look(file.state),
        "clock": clock_words(until, now), "is_late": until is not None and now >= until,
        "facts": [
            (_("Module"), in_current_language(found.module.title)), (_("Omvang"), "" if found.module.ec is None else f"{credits_text(found.module.ec)} EC"),
            (_("Route"), route_word(file.route)), (_("E-mailadres"), found.email), (_("Werkt bij"), file.employer if found.sees else ""),
            (_("Begeleider"), guide_words(found, actor)),
            (_("Kosten van de beoordeling"), money(file.fee)), (_("Gevraagd op"), short_day(amsterdam_day(file.made_at))),
        ],
        "is_over": file.state in OVER, "advice": advice_values(found),
        "outcomes": [_outcome(number, each, sees=found.evidence is not None) for number, each in enumerate(found.outcomes, start=1)],
        "evidence": None if found.evidence is None else evidence_values(found.evidence, found.outcomes, found.said),
        "closed_words": closed_words(found),
        "history": [step_values(found, step) for step in reversed(found.history)],
        "judge_url": at("recognition_judging.judge") if found.may_judge and file.state in _JUDGED else "",
        "take_url": at("recognition_guiding.take") if found.may_take else "",
        "hand_back_url": at("recognition_guiding.hand_back") if found.may_hand_back else "",
        "advise_url": at("recognition_guiding.advise") if found.is_guide(actor) and file.state is _F.INTAKE_PLANNED else "",
        "sign_url": at("recognition_guiding.sign") if found.is_guide(actor) and file.state is _F.INTAKE_DONE and file.guide_signed_at is None else "",
        "agreement": agreement_words(found, actor), "is_taken_over": found.may_take and file.guide_id is not None,
        "learner_signed": file.learner_signed_at is not None, "stated": file.stated_at is not None,
    }


def _addresses(found: GuidedFile) -> Callable[[str], str]:
    return lambda endpoint: url_for(endpoint, provider=found.desk.slug, code=found.file.code)


def name_of(found: GuidedFile, person_id: UUID) -> str:
    """Return what somebody is called; who left the platform has no name."""
    return found.names.get(person_id) or _("Iemand die niet meer bij AD Academy is")


def guide_words(found: GuidedFile, actor: Actor) -> str:
    """Return who guides a file."""
    if found.file.guide_id is None:
        return _("nog niemand")
    return _("jij") if found.is_guide(actor) else name_of(found, found.file.guide_id)


def advice_values(found: GuidedFile) -> dict[str, Any] | None:
    """Return what the guide advised, None as long as that is not known."""
    file = found.file
    if file.advice is None:
        return None
    reason = file.advice_reason if found.sees and file.state not in OVER else ""
    return {"words": advice_word(file.advice), "is_against": file.advice is Advice.AGAINST, "reason": paragraphs(reason)}


def agreement_words(found: GuidedFile, actor: Actor) -> str:
    """Return how the agreement stands, "" before there is something to sign and once it is signed by both."""
    file = found.file
    if file.state is not _F.INTAKE_DONE:
        return ""
    if file.guide_signed_at is not None:
        return _("De begeleider tekende de afspraak. We wachten op de handtekening van de cursist.")
    if file.learner_signed_at is None:
        if not found.is_guide(actor):
            return _("Nog niemand tekende de afspraak.")
        return _("Nog niemand tekende de afspraak. Je kunt alvast tekenen; daarna tekent de cursist.")
    return _("De cursist tekende al. Jouw handtekening is de laatste.") if found.is_guide(actor) else _("De cursist tekende al. De begeleider nog niet.")


def closed_words(found: GuidedFile) -> str:
    """Return why this reader does not see the evidence, and when they do."""
    if found.may_take:
        return _("Het bewijs zie je als je deze cursist begeleidt.")
    if found.may_judge:
        return _("Het bewijs zie je als de cursist het met jou deelt: dat gebeurt als je de aanvraag oppakt om te beoordelen.")
    return _("Het bewijs is er niet meer voor jou: de aanvraag is verder.")


def _outcome(number: int, each: ClaimedOutcome, *, sees: bool) -> dict[str, Any]:
    return {
        "number": number, "wording": shown(each.wording), "worth": f"{credits_text(each.worth)} EC",
        "says": "" if not sees else judgement_word(each.judgement) if each.judgement is not None else _("nog geen antwoord"),
        "example": paragraphs(each.example if sees else ""), "missing": each.missing if sees else "",
    }


def step_values(found: GuidedFile, step: StepFacts) -> dict[str, Any]:
    """Return a line of the history: what became of the file, who brought it there, and why.

    What a learner says against a decision is for the board; once a file was taken back or ended, no words about its learner are left.
    """
    why = "" if step.becomes is _F.APPEALED or found.file.state in OVER else step.why
    who = part_word(step.who) if step.who is Who.WORKER or step.by_id is None else f"{name_of(found, step.by_id)} ({part_word(step.who)})"
    what = _("Aanvraag begonnen") if step.was is None else state_word(step.becomes)
    return {"what": what, "note": f"{moment_text(step.at)} · {who}", "why": paragraphs(why)}
