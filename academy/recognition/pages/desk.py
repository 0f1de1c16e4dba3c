"""Finished values for the desk of who guides, judges and manages at a provider: lists by clock, and its menu."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from flask import request, url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, number_text, short_day, shown
from academy.kernel.translation import _, ngettext
from academy.recognition.kinds import WAITS_FOR_LEARNER, Who
from academy.recognition.queries.desk import DeskPage, Line, Shown, Tab
from academy.recognition.queries.files import Desk
from academy.recognition.rules.clocks import CLOCKS
from academy.recognition.words import part_word, state_look, state_word

_A_MOMENT: Final = timedelta(seconds=1)  # a clock ends at midnight: the day that people know is the one before it


def menu(desk: Desk) -> dict[str, Any]:
    """Return the provider at whom one works, with the pages that are for this reader."""
    rights, slug = desk.rights, desk.slug
    pages = (
        (True, "recognition_guiding.desk", _("Begeleiden en beoordelen")), (rights.assess, "recognition_slots.mine", _("Momenten")),
        (rights.assess, "recognition_mappings.tests", _("Toetsen")), (rights.decide, "recognition_board.inbox", _("Besluiten")),
        (rights.decide or rights.manage, "recognition_agreements.desk", _("Afspraken")), (rights.decide, "recognition_mappings.board", _("Online cursussen")),
        (rights.decide, "results.board", _("Resultaten")), (rights.decide, "pathways_credit_rules.overview", _("Wat meetelt")),
        (rights.manage, "recognition_terms.terms", _("Voorwaarden")),
    )
    return {
        "name": desk.name, "url": url_for("recognition_guiding.desk", provider=slug),
        "items": [
            {"label": label, "url": url_for(endpoint, provider=slug), "current": request.endpoint == endpoint}
            for is_theirs, endpoint, label in pages if is_theirs
        ],
    }


def clock_words(until: datetime | None, now: datetime) -> str:
    """Return until when somebody is to act: `te laat: kon tot ma 7 september 2026`; "" where no clock runs."""
    if until is None:
        return ""
    last = amsterdam_day(until - _A_MOMENT)
    if now >= until:
        return _("te laat: kon tot en met %(day)s", day=short_day(last))
    return _("nog vandaag") if last == amsterdam_day(now) else _("tot en met %(day)s", day=day(last))


def turn_words(line: Line) -> str:
    """Return who is to act on a file."""
    if line.is_my_turn:
        return _("Jij bent aan zet")
    if line.is_free:
        return _("Nog van niemand")
    clock = CLOCKS.get(line.state)
    if clock is not None:
        return _("Wacht op: %(part)s", part=part_word(clock.who))
    return _("Wacht op: %(part)s", part=part_word(Who.LEARNER)) if line.state in WAITS_FOR_LEARNER else ""


def desk_values(found: DeskPage, *, now: datetime) -> dict[str, Any]:
    """Return a page of the desk."""

    def at(tab: Tab | None = None, page: int = 1) -> str:
        return url_for("recognition_guiding.desk", provider=found.desk.slug, tab=tab and tab.value, page=page if page > 1 else None)

    tabs = [(Tab.MINE, _("Van mij"), found.mine), (Tab.OPEN, _("Op te pakken"), found.open)] if found.desk.rights.assess else []
    return {
        "tab": found.tab.value, "rows": [_row(found, each, now) for each in found.shown], "barred": barred_words(found.barred),
        "tabs": [
            *({"label": f"{label} ({number_text(number)})", "url": at(tab), "current": tab is found.tab} for tab, label, number in tabs),
            {"label": _("Alles wat loopt"), "url": at(Tab.ALL), "current": found.tab is Tab.ALL},
        ],
        "numbers": [
            {
                "state": state_word(each.state), "files": number_text(each.files), "late": number_text(each.late) if each.late else "",
                "who": part_word(CLOCKS[each.state].who) if each.state in CLOCKS else part_word(Who.LEARNER) if each.state in WAITS_FOR_LEARNER else "",
            }
            for each in found.numbers
        ],
        "assesses": found.desk.rights.assess, "board_words": board_words(found),
        "paging": paging(found.page, found.pages, lambda number: at(found.tab, number)),
    }


def _row(found: DeskPage, each: Shown, now: datetime) -> dict[str, Any]:
    line = each.line
    return {
        "title": shown(each.title), "name": each.name if line.is_mine else "", "code": each.file.code,
        "url": url_for("recognition_judging.judge" if line.is_to_judge else "recognition_guiding.file", provider=found.desk.slug, code=each.file.code),
        "state_label": state_word(line.state), "state": state_look(line.state), "clock": clock_words(line.until, now), "is_late": line.is_late(now),
        "turn": turn_words(line), "part": _("je begeleidt") if line.guides else _("je beoordeelt") if line.judges else "",
        "since": _("sinds %(day)s", day=short_day(amsterdam_day(line.since))),
    }


def barred_words(number: int) -> str:
    """Return how many files wait for a colleague, because this reader may not begin with them; "" for none."""
    if not number:
        return ""
    return ngettext(
        "Nog %(num)s aanvraag wacht op een collega: daar mag jij niet aan beginnen.",
        "Nog %(num)s aanvragen wachten op een collega: daar mag jij niet aan beginnen.",
        number,
    )


def board_words(found: DeskPage) -> str:
    """Return what is wrong with the exam board, "" as long as it can decide; nothing is decided by itself."""
    if found.members:
        return ""
    if found.waits_for_board:
        return ngettext(
            "Er wacht %(num)s aanvraag op de examencommissie, en die heeft geen leden. Nodig leden uit: zonder hen wordt niets besloten.",
            "Er wachten %(num)s aanvragen op de examencommissie, en die heeft geen leden. Nodig leden uit: zonder hen wordt niets besloten.",
            found.waits_for_board,
        )
    return _("Jullie examencommissie heeft nog geen leden. Zonder hen kan straks niemand besluiten.") if found.desk.rights.manage else ""


def paging(page: int, pages: int, at: Callable[[int], str]) -> dict[str, Any]:
    """Return the links between pages of a list, in the form of the macro `pagination`; of many pages those nearby and both ends."""
    links: list[dict[str, Any]] = []
    for number in (each for each in range(1, pages + 1) if each in {1, pages} or abs(each - page) <= 1):
        if links and number - links[-1]["number"] > 1:  # the last one is never a gap: a number was added after it
            links.append({"number": None, "current": False, "url": ""})
        links.append({"number": number, "current": number == page, "url": at(number)})
    return {"pages": pages, "links": links, "previous_url": at(page - 1) if page > 1 else "", "next_url": at(page + 1) if page < pages else ""}
