"""Finished values for the pages about statements of people at work: of who asks, and of who is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import moment_text, short_day, shown
from academy.kernel.translation import _
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import OPEN_TO_EVIDENCE
from academy.recognition.queries.library import StatementFacts

_MOMENT: Final = timedelta(seconds=1)


def asked_values(file: FileFacts, card: catalogue.ModuleCard, asked: Sequence[StatementFacts], *, now: datetime) -> dict[str, Any]:
    """Return who was asked in a file, for its learner."""
    return {
        "code": file.code, "module": shown(card.title), "is_open": file.state in OPEN_TO_EVIDENCE, "asked": [statement_line(each, now) for each in asked],
    }


def question_values(asked: StatementFacts, card: catalogue.ModuleCard, learner: str) -> dict[str, Any]:
    """Return the question as who is asked reads it."""
    return {
        "learner": learner, "name": asked.name, "employer": asked.employer, "module": shown(card.title), "provider": card.provider_name,
        "until": _last_day(asked),
    }


def statement_line(asked: StatementFacts, now: datetime) -> dict[str, str]:
    """Return somebody who was asked for a statement, and how that stands."""
    who = f"{asked.name}, {asked.employer}" if asked.name else asked.employer
    if asked.answered_at is not None:
        return {"who": who, "state": _("Gaf antwoord"), "look": "confirmed", "note": moment_text(asked.answered_at)}
    if asked.declined_at is not None:
        return {"who": who, "state": _("Wilde geen verklaring geven"), "look": "cancelled", "note": moment_text(asked.declined_at)}
    if not asked.is_open(now):
        return {"who": who, "state": _("Gaf geen antwoord"), "look": "finished", "note": ""}
    return {"who": who, "state": _("Wacht op antwoord"), "look": "few", "note": _("tot en met %(day)s", day=_last_day(asked))}


def _last_day(asked: StatementFacts) -> str:
    return short_day(amsterdam_day(asked.until - _MOMENT))
