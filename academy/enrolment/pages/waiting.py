"""Finished values for the pages about waiting: the line of a class, the offer of a seat, news of a module."""

from datetime import datetime
from typing import Any, Final

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.queries import Draw, EnrolmentFacts
from academy.enrolment.queries.waiting import LineFacts, NewsFacts, WaitingFacts
from academy.kernel.formats import in_current_language, moment_text, number_text
from academy.kernel.translation import _, ngettext

_MOST_MOMENTS: Final = 5


def class_values(of: catalogue.OfferingOfModule) -> dict[str, Any]:
    """Return what tells a class from others."""
    offering = of.offering
    return {
        "title": in_current_language(of.module_title), "module_url": url_for("enrolment.module_page", slug=of.module_slug),
        "provider": of.provider_name, "dates": catalogue.dates_words(offering),
        "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day), "place": catalogue.place_words(offering),
        "price": catalogue.price_words(offering.price, offering.price_note),
    }


def waiting_values(found: WaitingFacts) -> dict[str, Any]:
    """Return the class, its line, and where the reader stands in it: `waiting`, `offered`, or `room` or `full` for who does not wait."""
    mine = found.mine
    state = mine.state.value if mine else "room" if found.seats.left > 0 else "full"
    draw = _draw_ahead(found)
    return class_values(found.of) | {
        "state": state, "draw_at": moment_text(draw.draw_at) if draw else "",
        "draw_url": url_for("drawing.draw", code=found.of.offering.code) if draw else "", "line": line_sentence(found.line.waiting), "needed": _needed(found), "place_in_line": found.place,
        "certain": _certain(found), "enrol_url": url_for("enrolment.enrol", code=found.of.offering.code),
        "news_url": url_for("waiting.news", slug=found.of.module_slug),
    } | (own_values(mine) if mine else {})


def _draw_ahead(found: WaitingFacts) -> Draw | None:
    draw = found.seats.draw
    return draw if draw is not None and draw.drawn_at is None else None


def joined_words(found: WaitingFacts) -> str:
    """Return what to say to who has just joined a line, or takes part in a draw."""
    if _draw_ahead(found) is not None:
        return _("Je doet mee aan de loting. We sturen je ook een e-mail.")
    return _("Je staat op de wachtlijst. We sturen je ook een e-mail.")


def own_values(mine: EnrolmentFacts) -> dict[str, Any]:
    """Return until when a seat is offered, and the ways to take it and to let it go."""
    return {
        "is_offered": mine.state is EnrolmentState.OFFERED, "until": moment_text(mine.until) if mine.until else "",
        "check_url": url_for("enrolment.check", code=mine.code), "leave_url": url_for("waiting.leave_line", code=mine.code),
    }


def line_sentence(waiting: int) -> str:
    """Return how many people wait, in words."""
    if not waiting:
        return _("Er wacht nog niemand.")
    return ngettext("Er wacht nu %(num)s persoon.", "Er wachten nu %(num)s mensen.", waiting, num=number_text(waiting))


def _certain(found: WaitingFacts) -> bool:
    offering = found.of.offering
    return rules.goes_ahead(taken=found.seats.taken, min_seats=offering.min_seats, guaranteed=offering.guaranteed)


def _needed(found: WaitingFacts) -> str:
    """Return how far the class is from going ahead; empty where that is sure, or no number counts."""
    if _certain(found) or not found.of.offering.min_seats:
        return ""
    taken, needed = number_text(found.seats.taken), number_text(found.of.offering.min_seats)
    return _("Nu %(taken)s van %(needed)s aanmeldingen die nodig zijn.", taken=taken, needed=needed)


def line_values(line: LineFacts) -> dict[str, Any]:
    """Return the line of a class for its provider, in numbers: who waits, who has an offer to answer, and the moments that suit most."""
    offered = ngettext("%(num)s persoon denkt na over een plek.", "%(num)s mensen denken na over een plek.", line.offered)
    most = sorted(line.when.items(), key=lambda one: (-one[1], one[0]))[:_MOST_MOMENTS]
    return {
        "sentence": " ".join([line_sentence(line.waiting), *([offered] if line.offered else [])]),
        "moments": [(moment_words(moment), number_text(people)) for moment, people in most],
    }


def moment_words(moment: str) -> str:
    """Return `dinsdag, avond` for `tue-evening`."""
    day, _dash, part = moment.partition("-")
    return catalogue.schedule_words((day,), catalogue.PartOfDay(part))


def news_values(found: NewsFacts, *, slug: str) -> dict[str, Any]:
    """Return a module for the page on which one asks for news of it."""
    return {
        "title": in_current_language(found.module.title), "module_url": url_for("enrolment.module_page", slug=slug),
        "has_room": found.has_room, "is_asked": found.is_asked, "stop_url": url_for("waiting.stop_news", slug=slug),
    }


def left_values(facts: EnrolmentFacts, *, now: datetime) -> dict[str, Any]:
    """Return the page of the link in a letter: what one leaves, and whether a seat is let go that others wait for."""
    is_offered = facts.state is EnrolmentState.OFFERED and facts.until is not None and now < facts.until
    return class_values(facts.of) | {"is_offered": is_offered}
