"""Codes of reports in the reader's words, and texts in both languages for what is frozen."""

from collections.abc import Callable
from typing import Final

from academy.catalogue import api as catalogue
from academy.employers import api as employers
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l, reading_in
from academy.reports.facts import View
from academy.reports.kinds import CLUSTER, EVERY, UNKNOWN, ActionLine, CommissionInviteState, CommissionState, Source
from academy.reports.rules.complementing import Relation

_SOURCES: Final = {
    Source.DEMAND: _l("Vragen van bedrijven en mensen"), Source.PLEDGE: _l("Toezeggingen in groepen"), Source.WAITING: _l("Wachtlijsten"),
    Source.SEARCH: _l("Zoekvragen zonder goed antwoord"), Source.WISH: _l("Wensen"), Source.REFUSED: _l("Niet erkend bij EVC"), Source.BLOCKED: _l("Vastgelopen routes"),
}
_LINES: Final = {
    ActionLine.VOCATIONAL: _l("7a Beroepsgericht"), ActionLine.PROGRESSION: _l("7b Doorstromen naar een diploma"), ActionLine.LIFELONG: _l("7c Een leven lang leren"),
    ActionLine.INTERNATIONAL: _l("7d Internationaal"),
}
_PARTS: Final = {"morning": _l("Ochtend"), "afternoon": _l("Middag"), "evening": _l("Avond"), "weekend": _l("Weekend")}
_COMMISSIONS: Final = {
    CommissionState.OPEN: _l("Wacht op antwoord"), CommissionState.MAKING: _l("Wordt gemaakt"), CommissionState.PLANNED: _l("Gepland"),
    CommissionState.STARTED: _l("Begonnen"), CommissionState.CLOSED: _l("Gestopt"),
}
_ANSWERS: Final = {
    CommissionInviteState.INVITED: _l("Nog geen antwoord"), CommissionInviteState.WILLING: _l("Ja"), CommissionInviteState.DECLINED: _l("Nee"),
}
_RELATIONS: Final = {
    Relation.COMPLEMENTS: _l("Vult aan"), Relation.PARTLY: _l("Deels hetzelfde"), Relation.OVERLAPS: _l("Bestaat al"), Relation.UNKNOWN: _l("Niet te zeggen"),
}


def in_both(say: Callable[[], str]) -> Localized:
    """Return what `say` says in Dutch and in English."""
    with reading_in("nl"):
        dutch = say()
    with reading_in("en"):
        return Localized(dutch, say())


def period_words(period: str) -> str:
    """Return `kwartaal 4 van 2026`, or the year."""
    year, _dash, number = period.partition("-")
    return _("kwartaal %(number)s van %(year)s", number=number, year=year) if number else year


def begun_with_capital(words: str) -> str:
    """Return words as a sentence or a list begins with them."""
    return words[:1].upper() + words[1:]


def area_words(area: str) -> str:
    """Return `Almere (13)`; that it is everywhere, or not told."""
    if area == EVERY:
        return _("Alle gebieden")
    if area == UNKNOWN:
        return _("Gebied onbekend")
    return f"{employers.place_of(area)} ({area})"


def sector_words(sector: str) -> str:
    """Return the name of a sector, or of a cluster of them; that it is all of them, or not told."""
    if sector == EVERY:
        return _("Alle sectoren")
    if sector == UNKNOWN:
        return _("Sector onbekend")
    return _("Cluster %(name)s", name=cluster_words(sector)) if sector.startswith(CLUSTER) else catalogue.sector_word(sector)


def cluster_words(cluster: str) -> str:
    """Return the name of a cluster, with or without `c:` before its code; an unknown one as it came."""
    return catalogue.cluster_word(cluster.removeprefix(CLUSTER))


def source_words(source: str) -> str:
    """Return where demand shows itself."""
    return str(_SOURCES[Source(source)])


def line_words(line: str) -> str:
    """Return a line of action of the city's economic programme."""
    return str(_LINES[ActionLine(line)])


def part_words(part: str) -> str:
    """Return a part of the week."""
    return str(_PARTS[part])


def view_words(view: View) -> str:
    """Return what somebody looks at: `Kwartaal 4 van 2026 · Almere (13) · Alle sectoren`."""
    return " · ".join((begun_with_capital(period_words(view.period)), area_words(view.area), sector_words(view.sector)))


def beyond_words(view: View) -> str:
    """Return that a table is of all areas, of all sectors or of both, beside a view of one of them; "" where the view is of all as well."""
    if EVERY not in {view.area, view.sector}:
        return _("alle gebieden en sectoren")
    return _("alle gebieden") if view.area != EVERY else _("alle sectoren") if view.sector != EVERY else ""


def commission_words(state: CommissionState) -> str:
    """Return where the search for somebody who fills a gap stands."""
    return str(_COMMISSIONS[state])


def answer_words(state: CommissionInviteState) -> str:
    """Return what a provider answered."""
    return str(_ANSWERS[state])


def relation_words(relation: Relation) -> str:
    """Return what a module is beside the offer of the anchors."""
    return str(_RELATIONS[relation])
