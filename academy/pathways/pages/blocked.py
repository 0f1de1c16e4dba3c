"""Finished values for what stands in the way of routes: a figure, a table and a file that say the same."""

from typing import Any, Final

from flask import url_for

from academy.kernel.csv_file import as_csv
from academy.kernel.figures import WIDTH, bar
from academy.kernel.formats import in_current_language, number_text, shown
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.kernel.translation import _, _l
from academy.pathways.kinds import Limit
from academy.pathways.queries.blocked import Blocked, BlockedRoutes, Within

_ROW: Final = 96  # units of the figure for one subject: its words and its bar
_BAR: Final = 36
_LONGEST: Final = 34  # letters that fit above a bar on a telephone
_LIMITS: Final = {
    Limit.NOT_OFFERED: _l("niemand geeft dit"), Limit.PARTS: _l("op hun eigen momenten"), Limit.DISTANCE: _l("in de buurt"),
    Limit.MONEY: _l("voor het geld dat er is"), Limit.HOURS: _l("met de uren die ze hebben"), Limit.PERIODS: _l("in de jaren waarin we vooruitkijken"),
    Limit.NEEDS: _l("met wat ze al hebben"), Limit.AT_PROVIDER: _l("bij de school die het diploma geeft"), Limit.CHOICE: _l("met hun eigen keuze"),
}
_TIMES: Final = {"evening": _l("’s avonds"), "day": _l("overdag"), "weekend": _l("in het weekend")}


def within_words(within: Within) -> str:
    """Return limits as one says them: `’s avonds, binnen 20 km`."""
    return ", ".join(_limit(Limit(each), within) for each in within.limits)


def _limit(limit: Limit, within: Within) -> str:
    if limit is Limit.PARTS and within.times:
        return str(_TIMES[within.times])
    if limit is Limit.DISTANCE and within.distance is not None:
        return _("binnen %(km)s km", km=within.distance)
    return str(_LIMITS[limit])


def blocked_values(found: BlockedRoutes) -> dict[str, Any]:
    """Return the finding, the figure of what is not hidden, and the table."""
    told = [each for each in found.top if each.people is not None]
    most = max((each.people or 0 for each in told), default=0)
    return {
        "is_empty": not found.top, "finding": _finding(told), "least": LEAST_PEOPLE, "width": WIDTH, "height": _ROW * len(told),
        "people": "" if found.people is None else number_text(found.people),
        "bars": [
            {"words": _short(in_current_language(each.title) or what_words(each)), "people": people_words(each.people), "y": _ROW * number, "part": part, "height": _BAR}
            for number, each in enumerate(told) for part in bar([("education", each.people or 0)], most)
        ],
        "rows": [_row(each) for each in found.top],
    }


def what_words(one: Blocked) -> str:
    """Return what is missing: a module, something to be able to do, or a whole route."""
    title = in_current_language(one.title)
    if not one.subject:
        return _("De route als geheel")
    if not title:
        return _("Iets dat er niet meer is")
    return _("Leeruitkomst “%(title)s”", title=title) if one.is_skill else _("Module “%(title)s”", title=title)


def people_words(people: int | None) -> str:
    """Return a number of people; one that is hidden as `< 10`."""
    return f"< {LEAST_PEOPLE}" if people is None else number_text(people)


def _finding(told: list[Blocked]) -> str:
    if not told:
        return _("Er is nog niets waar %(least)s mensen of meer op wachten.", least=LEAST_PEOPLE)
    first = told[0]
    within = within_words(first.within[0][0]) if first.within else ""
    return _(
        "%(what)s: door dit ene vinden %(people)s mensen geen route.", people=people_words(first.people),
        what=", ".join(filter(None, (what_words(first), within))),
    )


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST - 1].rstrip()}…"


def _row(one: Blocked) -> dict[str, Any]:
    title = in_current_language(one.title)
    return {
        "what": what_words(one), "title": shown(one.title), "provider": one.provider_name, "people": people_words(one.people), "within": _within(one),
        "url": url_for("enrolment.module_page", slug=one.module_slug) if one.module_slug else "",
        "search_url": url_for("search.results", q=title) if title else "",
    }


def _within(one: Blocked) -> list[str]:
    return [
        within_words(within) if people is None else _("%(within)s: %(people)s mensen", within=within_words(within), people=number_text(people))
        for within, people in one.within
    ]


def blocked_file(found: BlockedRoutes) -> bytes:
    """Return the table as a file, one line each."""
    heading = (_("Wat ontbreekt"), _("Aanbieder"), _("Mensen"), _("Binnen deze grenzen"))
    return as_csv(heading, [(what_words(each), each.provider_name, people_words(each.people), "; ".join(_within(each))) for each in found.top])
