"""Finished values of a request for a tailored module, for who asked and for who is invited; nothing here tells who asked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from academy.catalogue import api as catalogue
from academy.employers import words
from academy.employers.kinds import RequestState
from academy.employers.pages.provider_pools import until_words
from academy.employers.queries.requests import QuestionFacts, RequestFacts
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import money, paragraphs, short_day
from academy.kernel.translation import _, _l, ngettext, reading_language

_STATES: Final = {
    RequestState.OPEN: (_l("Staat open"), "open"), RequestState.CHOSEN: (_l("Voorstel gekozen"), "confirmed"),
    RequestState.WITHDRAWN: (_l("Ingetrokken"), "cancelled"), RequestState.LAPSED: (_l("Verlopen"), "finished"),
}


def request_values(request: RequestFacts, *, now: datetime) -> dict[str, Any]:
    """Return what is asked, and until when one can ask, propose and choose; `lang` is the language of its words where that is not the reader's."""
    return {
        "code": request.code, "title": request.title, "able": paragraphs(request.able), **state_values(request.state),
        "is_open": request.state is RequestState.OPEN, "lang": lang_of(request),
        "people": people_words(request.people), "when": words.slots_words(request.slots), "where": request.place,
        "in_company": _("Bij het bedrijf zelf") if request.in_company else "",
        "guest_teacher": _("Iemand van het bedrijf geeft mee les") if request.guest_teacher else "",
        "wanted_by": short_day(request.wanted_by) if request.wanted_by is not None else "",
        "budget": money(request.budget) if request.budget is not None else "", "language": catalogue.language_word(request.language),
        "made": short_day(amsterdam_day(request.made_at)),
        "clocks": [
            _clock(_("Vragen stellen kan tot en met"), request.questions_until, now=now),
            _clock(_("Voorstellen kunnen tot en met"), request.proposals_until, now=now),
            _clock(_("Kiezen kan tot en met"), request.choose_until, now=now),
        ],
    }


def state_values(state: RequestState) -> dict[str, str]:
    """Return where a request stands in words, and how a badge shows it."""
    label, look = _STATES[state]
    return {"state_label": str(label), "state": look}


def lang_of(request: RequestFacts) -> str:
    """Return the language of the words of a request, and of its proposals, where that is not the reader's."""
    return "" if request.language == reading_language() else request.language


def people_words(people: int) -> str:
    """Return for how many people."""
    return ngettext("%(num)s persoon", "%(num)s mensen", people)


def _clock(label: str, until: datetime, *, now: datetime) -> dict[str, Any]:
    return {"label": label, "day": until_words(until), "is_late": now >= until}


def question_values(questions: Iterable[QuestionFacts]) -> list[dict[str, Any]]:
    """Return questions with their answers, "" as long as there is none; `key` is the id as it stands in an address."""
    return [
        {"key": one.id.hex, "text": paragraphs(one.text), "asked": short_day(amsterdam_day(one.asked_at)), "answer": paragraphs(one.answer) if one.answer else ""}
        for one in questions
    ]
