"""The states of a file: which follows which, who brings it there, and on what. One table, that documentation repeats.

After standards.md, section 4.4. That a step is in the table is needed and not enough: `deciding.py` has what must be true besides.
"""

from dataclasses import dataclass
from typing import Final

from academy.recognition.kinds import (
    BEFORE_DECISION,
    DECIDED,
    STANDING,
    WAITS_FOR_LEARNER,
    FileState,
    Route,
    Who,
)

_F = FileState
_LEARNER, _GUIDE, _ASSESSOR, _BOARD, _WORKER = Who.LEARNER, Who.GUIDE, Who.ASSESSOR, Who.EXAM_BOARD, Who.WORKER


@dataclass(frozen=True)
class Way:
    """From one state to the next; `was` is None where a file begins, `route` is the only one on which this is possible, None for both."""

    was: FileState | None
    becomes: FileState
    who: tuple[Who, ...]
    when: str
    route: Route | None = None


# Where a file of the labour-market route is at its end, or never comes.
_ONLY_EDUCATION: Final = (_F.REPORT_ISSUED, _F.EXEMPTION_REQUESTED)

FILE_WAYS: Final[tuple[Way, ...]] = (
    Way(None, _F.DRAFT, (_LEARNER,), "says of each outcome yes, partly or no, with an example"),
    Way(_F.DRAFT, _F.INTAKE_PLANNED, (_LEARNER,), "asks for a guide, with or without evidence"),
    Way(_F.INTAKE_PLANNED, _F.INTAKE_DONE, (_GUIDE,), "advises for or against; the learner decides"),
    Way(_F.INTAKE_DONE, _F.INTAKE_PLANNED, (_LEARNER,), "asks for another talk, after an advice against"),
    Way(_F.INTAKE_DONE, _F.PORTFOLIO_OPEN, (_LEARNER, _GUIDE), "learner and guide both signed the agreement"),
    Way(_F.PORTFOLIO_OPEN, _F.PORTFOLIO_SUBMITTED, (_LEARNER,), "states that it is their own, and sends it"),
    Way(_F.PORTFOLIO_SUBMITTED, _F.PORTFOLIO_INCOMPLETE, (_ASSESSOR,), "says what is missing, and for which outcome"),
    Way(_F.PORTFOLIO_INCOMPLETE, _F.PORTFOLIO_SUBMITTED, (_LEARNER,), "adds what was missing, and sends it again"),
    Way(_F.PORTFOLIO_SUBMITTED, _F.ASSESSMENT_PLANNED, (_ASSESSOR,), "takes it up; never its guide"),
    Way(_F.ASSESSMENT_PLANNED, _F.PORTFOLIO_SUBMITTED, (_ASSESSOR,), "stands back: another assessor takes it up"),
    Way(_F.ASSESSMENT_PLANNED, _F.ASSESSED, (_ASSESSOR,), "has judged the portfolio"),
    Way(_F.ASSESSED, _F.SECOND_PLANNED, (_LEARNER, _ASSESSOR), "an interview, a visit to the workplace or a test has its day"),
    Way(_F.SECOND_PLANNED, _F.ASSESSED, (_LEARNER, _ASSESSOR), "it is called off, or somebody did not come: a new day is chosen"),
    Way(_F.SECOND_PLANNED, _F.SECOND_DONE, (_ASSESSOR,), "it took place and is judged"),
    Way(_F.SECOND_DONE, _F.SECOND_PLANNED, (_ASSESSOR,), "one more is needed to be certain"),
    Way(_F.SECOND_DONE, _F.REPORT_ISSUED, (_ASSESSOR,), "each outcome has an answer with its reason and evidence"),
    Way(_F.REPORT_ISSUED, _F.EXEMPTION_REQUESTED, (_LEARNER,), "asks the exam board of the awarding provider", Route.EDUCATION),
    Way(_F.EXEMPTION_REQUESTED, _F.GRANTED, (_BOARD,), "every outcome: yes", Route.EDUCATION),
    Way(_F.EXEMPTION_REQUESTED, _F.PARTIALLY_GRANTED, (_BOARD,), "some outcomes, or parts of them", Route.EDUCATION),
    Way(_F.EXEMPTION_REQUESTED, _F.REFUSED, (_BOARD,), "no outcome, each with its reason", Route.EDUCATION),
    *(Way(was, _F.APPEALED, (_LEARNER,), "appeals within six weeks", Route.EDUCATION) for was in (*DECIDED, _F.REVISED)),
    Way(_F.APPEALED, _F.CONFIRMED, (_LEARNER, _BOARD), "the decision stands, or the appeal is taken back", Route.EDUCATION),
    *(
        Way(was, _F.REVISED, (_BOARD,), "a new decision that names the one it replaces", Route.EDUCATION)
        for was in (_F.APPEALED, *DECIDED, _F.CONFIRMED)
    ),
    *(
        Way(was, _F.WITHDRAWN, (_LEARNER,), "takes it back, or takes back that evidence may be seen", Route.EDUCATION if was in _ONLY_EDUCATION else None)
        for was in BEFORE_DECISION
    ),
    *(
        Way(was, _F.LAPSED, (_WORKER,), "nothing happened for ninety days, told on day 30 and on day 60", Route.EDUCATION if was in _ONLY_EDUCATION else None)
        for was in WAITS_FOR_LEARNER
    ),
    *(
        Way(_F.LAPSED, becomes, (_LEARNER,), "contests the lapse within six weeks: it goes on where it was", Route.EDUCATION if becomes in _ONLY_EDUCATION else None)
        for becomes in WAITS_FOR_LEARNER
    ),
    Way(_F.REPORT_ISSUED, _F.ARCHIVED, (_WORKER,), "the evidence is not needed any more; the certificate stays", Route.LABOUR_MARKET),
    *(Way(was, _F.ARCHIVED, (_WORKER,), "the evidence is not needed any more; the decision stays", Route.EDUCATION) for was in STANDING),
    *(Way(was, _F.ARCHIVED, (_WORKER,), "the evidence is not needed any more") for was in (_F.WITHDRAWN, _F.LAPSED)),
)

_WAY: Final = {(way.was, way.becomes): way for way in FILE_WAYS}


def way(was: FileState | None, becomes: FileState) -> Way | None:
    """Return the way from one state to the other, or None where there is none; `was` is None for a new file."""
    return _WAY.get((was, becomes))


def may_follow(was: FileState | None, becomes: FileState, *, who: Who, route: Route) -> bool:
    """Tell whether somebody in this part may bring a file of this route from one state to the other."""
    found = way(was, becomes)
    return found is not None and who in found.who and found.route in {None, route}


def files_before(becomes: FileState) -> tuple[FileState, ...]:
    """Return the states from which a file may come to this one: what a guarded UPDATE names."""
    return tuple(each.was for each in FILE_WAYS if each.becomes is becomes and each.was is not None)
