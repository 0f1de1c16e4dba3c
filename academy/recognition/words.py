"""What recognition calls its states, answers, kinds and parts, in the reader's language; the one place for all its pages."""

from typing import Final

from academy.kernel.translation import _l
from academy.recognition.kinds import Advice, Criterion, EvidenceKind, FileState, InstrumentKind, Judgement, Route, Who

_F = FileState
_STATES: Final = {
    _F.DRAFT: _l("Nog niet gevraagd"), _F.INTAKE_PLANNED: _l("Gesprek gevraagd"), _F.INTAKE_DONE: _l("Advies gegeven"),
    _F.PORTFOLIO_OPEN: _l("Bewijs verzamelen"), _F.PORTFOLIO_SUBMITTED: _l("Verstuurd"), _F.PORTFOLIO_INCOMPLETE: _l("Aanvulling gevraagd"),
    _F.ASSESSMENT_PLANNED: _l("Bij de assessor"), _F.ASSESSED: _l("Portfolio beoordeeld"), _F.SECOND_PLANNED: _l("Tweede instrument gepland"),
    _F.SECOND_DONE: _l("Tweede instrument gedaan"), _F.REPORT_ISSUED: _l("Rapport klaar"), _F.EXEMPTION_REQUESTED: _l("Bij de examencommissie"),
    _F.GRANTED: _l("Erkend"), _F.PARTIALLY_GRANTED: _l("Deels erkend"), _F.REFUSED: _l("Niet erkend"), _F.APPEALED: _l("Bezwaar gemaakt"),
    _F.CONFIRMED: _l("Besluit bevestigd"), _F.REVISED: _l("Besluit herzien"), _F.WITHDRAWN: _l("Ingetrokken"), _F.LAPSED: _l("Verlopen"),
    _F.ARCHIVED: _l("Gearchiveerd"),
}
# How a badge shows a state (see the macro state_badge); the words carry the meaning.
_LOOKS: Final = {
    _F.GRANTED: "confirmed", _F.PARTIALLY_GRANTED: "confirmed", _F.CONFIRMED: "confirmed", _F.REVISED: "confirmed", _F.REPORT_ISSUED: "confirmed",
    _F.REFUSED: "cancelled", _F.WITHDRAWN: "cancelled", _F.LAPSED: "finished", _F.ARCHIVED: "finished", _F.PORTFOLIO_INCOMPLETE: "few",
}
_JUDGEMENTS: Final = {Judgement.YES: _l("Ja"), Judgement.PARTLY: _l("Deels"), Judgement.NO: _l("Nee")}
_ROUTES: Final = {Route.EDUCATION: _l("Onderwijsroute"), Route.LABOUR_MARKET: _l("Arbeidsmarktroute")}
_PARTS: Final = {
    Who.LEARNER: _l("cursist"), Who.GUIDE: _l("begeleider"), Who.ASSESSOR: _l("assessor"), Who.EXAM_BOARD: _l("examencommissie"), Who.WORKER: _l("AD Academy"),
}
_ADVICE: Final = {Advice.FOR: _l("positief"), Advice.AGAINST: _l("negatief")}
_INSTRUMENTS: Final = {
    InstrumentKind.PORTFOLIO: _l("Portfolio"), InstrumentKind.INTERVIEW: _l("Criteriumgericht interview"), InstrumentKind.WORKPLACE: _l("Werkplekbezoek"),
    InstrumentKind.TEST: _l("Toets"),
}
_CRITERIA: Final = {
    Criterion.VARIED: _l("gevarieerd"), Criterion.RELEVANT: _l("relevant"), Criterion.AUTHENTIC: _l("authentiek"), Criterion.CURRENT: _l("actueel"),
    Criterion.ENOUGH: _l("genoeg"),
}
_EVIDENCE: Final = {
    EvidenceKind.DIPLOMA: _l("Diploma"), EvidenceKind.MODULE_ELSEWHERE: _l("Module van een andere school"), EvidenceKind.MOOC: _l("Online cursus (MOOC)"),
    EvidenceKind.COMPANY_COURSE: _l("Cursus van een bedrijf"), EvidenceKind.EXPERIENCE_CERTIFICATE: _l("Ervaringscertificaat"),
    EvidenceKind.LOCAL_TEST: _l("Toets bij deze opleider"), EvidenceKind.WORK: _l("Eigen werk"), EvidenceKind.STATEMENT: _l("Verklaring van een werkgever"),
    EvidenceKind.LINK: _l("Link"),
}


def state_word(state: FileState) -> str:
    """Return where a file stands, for a badge."""
    return str(_STATES[state])


def state_look(state: FileState) -> str:
    """Return how a badge shows this state."""
    return _LOOKS.get(state, "open")


def judgement_word(judgement: Judgement) -> str:
    """Return an answer to one outcome: `Ja`."""
    return str(_JUDGEMENTS[judgement])


def route_word(route: Route) -> str:
    """Return one of the two routes: `Onderwijsroute`."""
    return str(_ROUTES[route])


def part_word(who: Who) -> str:
    """Return in which part somebody acts, for in a sentence: `begeleider`."""
    return str(_PARTS[who])


def advice_word(advice: Advice) -> str:
    """Return what a guide advises: `positief`."""
    return str(_ADVICE[advice])


def instrument_word(kind: InstrumentKind) -> str:
    """Return an instrument: `Werkplekbezoek`."""
    return str(_INSTRUMENTS[kind])


def evidence_word(kind: EvidenceKind) -> str:
    """Return a kind of evidence: `Diploma`."""
    return str(_EVIDENCE[kind])


def criterion_word(criterion: Criterion) -> str:
    """Return on what evidence is judged: `gevarieerd`."""
    return str(_CRITERIA[criterion])
