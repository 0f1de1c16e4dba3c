"""Finished values for a decision, as its learner and the board read and print it."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, day, moment_text, paragraphs, shown
from academy.kernel.translation import _, _l
from academy.recognition.kinds import DecisionGround, DecisionState, FileState, Judgement
from academy.recognition.queries.decisions import Decided, DecisionPage
from academy.recognition.rules.clocks import is_over
from academy.recognition.words import judgement_word, state_look, state_word

_A_MOMENT: Final = timedelta(seconds=1)  # the time ends at midnight: the last day is the one before it
_GROUNDS: Final = {
    DecisionGround.FILE: _l("Een aanvraag om erkenning, beoordeeld door assessoren"),
    DecisionGround.PATTERN: _l("Eerdere besluiten op dezelfde bewijzen. De examencommissie besloot vooraf dat die vanzelf gelden."),
    DecisionGround.EQUIVALENCE: _l("Een gepubliceerde gelijkstelling"),
    DecisionGround.AGREEMENT: _l("Een afspraak vooraf over een module van een andere school"),
    DecisionGround.MAPPING: _l("Een online cursus, met een toets bij deze opleider"),
}
_SENTENCES: Final = {
    DecisionState.GRANTED: _l("Alles wat je vroeg is erkend."), DecisionState.PARTIALLY_GRANTED: _l("Een deel van wat je vroeg is erkend."),
    DecisionState.REFUSED: _l("Wat je vroeg is niet erkend."), DecisionState.REVISED: _l("Dit besluit komt in de plaats van een eerder besluit."),
}


def decision_values(found: DecisionPage, *, is_own: bool, provider: str = "", now: datetime) -> dict[str, Any]:
    """Return a decision as it is read and printed; `is_own` to its learner, else to the board of the provider with this slug."""
    about, state = found.decision, FileState(found.decision.state.value)
    return {
        "number": about.number, "module": shown(found.module.title), "provider": found.module.provider_name, "learner": found.learner if is_own else "",
        "state": state_word(state), "look": state_look(state), "sentence": str(_SENTENCES[about.state]) if is_own else "", "ground": str(_GROUNDS[about.ground]),
        "decided": moment_text(about.decided_at), "answers": [_answer(number, each) for number, each in enumerate(found.answers, 1)],
        "signers": ", ".join(found.signers), "digest": about.digest, "why": paragraphs(found.why), "is_confirmed": found.file_state is FileState.CONFIRMED,
        "counts": _ec_words(found), "replaces": _other(about.replaces, is_own, provider), "replaced_by": _other(about.replaced_by, is_own, provider),
        "parents": [] if is_own else [_other(each, is_own, provider) for each in found.parents], "repeats": ", ".join(found.parents) if is_own else "",
        "may_revoke": not is_own and about.ground in {DecisionGround.AGREEMENT, DecisionGround.MAPPING} and not (about.replaces or about.replaced_by),
        "appeal": _appeal(found, is_own=is_own, now=now), "file_code": found.file_code, "file_url": _file_url(found, is_own, provider),
    }


def _answer(number: int, each: Decided) -> dict[str, Any]:
    return {
        "number": number, "wording": shown(each.wording), "word": judgement_word(each.judgement), "part": each.part, "reason": paragraphs(each.reason),
        "ec": _("%(ec)s EC", ec=credits_text(each.ec)) if each.judgement is Judgement.YES else "",
    }


def _ec_words(found: DecisionPage) -> str:
    """Return what the decision added when it was taken, and what of it was beyond the maximum."""
    about = found.decision
    if about.beyond:
        return _("Dit besluit voegt %(counts)s EC toe. %(beyond)s EC telt niet mee: dat is boven het maximum van de opleider.",
                 counts=credits_text(about.counts), beyond=credits_text(about.beyond))
    return _("Dit besluit voegt %(counts)s EC toe.", counts=credits_text(about.counts))


def _other(number: str, is_own: bool, provider: str) -> dict[str, str] | None:  # noqa: FBT001 - as `decision_values`
    if not number:
        return None
    url = url_for("recognition_board.my_decision", number=number) if is_own else url_for("recognition_board.decision", provider=provider, number=number)
    return {"number": number, "url": url}


def _appeal(found: DecisionPage, *, is_own: bool, now: datetime) -> dict[str, Any]:
    """Return until when one can appeal, where; `url` is where the board is asked to look again."""
    about = found.decision
    is_late, counts = is_over(about.appeal_until, now), not about.replaced_by
    may_object = is_own and counts and not is_late and found.file_state in {FileState(each.value) for each in DecisionState}
    return {
        "until": day(amsterdam_day(about.appeal_until - _A_MOMENT)), "is_over": is_late, "counts": counts, "provider": found.module.provider_name,
        "url": url_for("recognition_claiming.appeal", code=found.file_code) if may_object else "",
    }


def _file_url(found: DecisionPage, is_own: bool, provider: str) -> str:  # noqa: FBT001 - as `decision_values`
    if not found.file_code:
        return ""
    return url_for("recognition_claiming.show", code=found.file_code) if is_own else url_for("recognition_board.file", provider=provider, code=found.file_code)
