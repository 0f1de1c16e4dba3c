"""The tables of demand against supply, from what was read; the names of tables and columns stand in files and addresses, and stay."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import dropwhile
from typing import Final

from academy.catalogue import api as catalogue
from academy.kernel.formats import number_text
from academy.kernel.translation import _
from academy.reports.facts import Column, ColumnKind, Gap, Table, Value, View
from academy.reports.kinds import CLUSTER, ActionLine, Source
from academy.reports.queries.columns import Titles, columns_of
from academy.reports.queries.picture import Picture, is_whole, key_of, told
from academy.reports.rules import ratios
from academy.reports.rules.signals import PARTS, Cell, Key
from academy.reports.words import (
    begun_with_capital,
    beyond_words,
    cluster_words,
    in_both,
    line_words,
    period_words,
    source_words,
    view_words,
)

_Say = Callable[[], str]
_TEXT, _PEOPLE, _COUNT, _EURO, _PERCENT = ColumnKind.TEXT, ColumnKind.PEOPLE, ColumnKind.COUNT, ColumnKind.EURO, ColumnKind.PERCENT

_COLUMNS: Final[Titles] = {
    "skill": (lambda: _("Vaardigheid (code)"), _TEXT), "label": (lambda: _("Vaardigheid"), _TEXT), "people": (lambda: _("Mensen"), _PEOPLE),
    "firms": (lambda: _("Bedrijven"), _COUNT), "seats": (lambda: _("Mensen van bedrijven"), _PEOPLE), "pledged": (lambda: _("Toegezegd geld"), _EURO),
    "searches": (lambda: _("Zoekvragen"), _COUNT), "places": (lambda: _("Plekken"), _COUNT), "free": (lambda: _("Vrije plekken"), _COUNT),
    "urgency": (lambda: _("Haast"), _COUNT), "score": (lambda: _("Score"), _COUNT), "name": (lambda: _("Getal"), _TEXT), "value": (lambda: _("Nu"), _COUNT),
    "before": (lambda: _("Hiervoor"), _COUNT), "unit": (lambda: _("Eenheid"), _TEXT), "now": (lambda: _("Mensen nu"), _COUNT),
    "then": (lambda: _("Mensen hiervoor"), _COUNT), "growth": (lambda: _("Groei"), _PERCENT), "occupations": (lambda: _("Beroepen"), _COUNT),
    "period": (lambda: _("Periode"), _TEXT), "waiting": (lambda: _("Op een wachtlijst"), _PEOPLE), "pledging": (lambda: _("Toegezegd in groepen"), _PEOPLE),
    "morning": (lambda: _("Ochtend"), _PEOPLE), "afternoon": (lambda: _("Middag"), _PEOPLE), "evening": (lambda: _("Avond"), _PEOPLE),
    "weekend": (lambda: _("Weekend"), _PEOPLE), "source": (lambda: _("Bron"), _TEXT), "cluster": (lambda: _("Cluster (code)"), _TEXT),
    "cluster_name": (lambda: _("Cluster"), _TEXT), "line": (lambda: _("Actielijn (code)"), _TEXT), "line_name": (lambda: _("Actielijn"), _TEXT),
}


def tables(found: Picture) -> tuple[Table, ...]:
    """Return all of them, in the order in which they are read."""
    return (figures(found), gaps(found), growth(found), timeline(found), slots(found), sources(found), clusters(found), lines(found))


def _table(name: str, say: _Say, columns: tuple[Column, ...], rows: Iterable[tuple[Value, ...]], note: _Say) -> Table:
    return Table(name, in_both(say), columns, tuple(rows), in_both(note))


def figures(found: Picture) -> Table:
    """Return the six figures of a view, and of the period before it as far as that was counted."""
    now, then = found.cell(key_of(found.view)), found.cell(key_of(View(found.before, found.view.area, found.view.sector)))
    rows: tuple[tuple[_Say, Value, Value, str], ...] = (
        (lambda: _("Mensen die iets willen leren"), told(now), told(then), "people"), (lambda: _("Bedrijven en scholen die iets vragen"), now.firms, then.firms, "firms"),
        (lambda: _("Toegezegd geld"), now.cents, then.cents, "euro"), (lambda: _("Zoekvragen zonder goed antwoord"), now.searches, then.searches, "searches"),
        (lambda: _("Vrije plekken"), now.free, then.free, "places"), (lambda: _("Gaten: meer vraag dan plek"), found.number, found.number_before, "skills"),
    )
    return _table(
        "figures", lambda: _("Zes getallen"), columns_of(_COLUMNS, "name", "value", "before", "unit"),
        ((in_both(say), value, before if found.has_before else in_both(lambda: _("niet geteld")), unit) for say, value, before, unit in rows),
        lambda: _("Mensen tellen één keer, ook als ze om meer dingen vragen. Bij bedrijven telt voor hoeveel mensen ze vragen."),
    )


def gaps(found: Picture) -> Table:
    """Return the gaps in order."""
    return _table(
        "gaps", lambda: _("De grootste gaten"),
        columns_of(_COLUMNS, "skill", "label", "people", "firms", "seats", "pledged", "searches", "places", "free", "urgency", "score"), (_gap(each) for each in found.gaps),
        lambda: _("Geteld zijn mensen en bedrijven die dit willen leren, tegenover plekken in lessen die gepland zijn of lopen. Haast gaat van 1 tot 2. Zonder score is niet te tonen hoe groot het gat is.") + " " + _people_in(found, found.view),
    )


def _gap(gap: Gap) -> tuple[Value, ...]:
    cell = gap.cell
    return (gap.skill, gap.label, cell.people, cell.firms, cell.seats, cell.cents, cell.searches, cell.places, cell.free, cell.urgency, cell.score)


def growth(found: Picture) -> Table:
    """Return how much more people want each of the gaps than before, and in how many occupations it is of use; those hidden now are left out.

    There are no rows where the period before was not counted; there is no growth beside a number of which a part is hidden.
    """
    rows = []
    for gap in found.gaps if found.has_before else ():
        now, then = told(gap.cell), told(gap.before) if gap.before is not None and is_whole(gap.before) else None
        if now:
            rows.append((gap.skill, gap.label, now, then, ratios.growth(now, then or 0), gap.occupations or None))
    return _table(
        "growth", lambda: _("Groei en breedte"), columns_of(_COLUMNS, "skill", "label", "now", "before", "growth", "occupations", before="then"), rows,
        lambda: _("Groei is vergeleken met de periode hiervoor. Beroepen: in hoeveel beroepen je dit nodig hebt, volgens ESCO. Hoe meer, hoe breder het helpt. Een streepje: niet bekend.") + " " + _people_in(found, found.view),
    )


def timeline(found: Picture) -> Table:
    """Return who waits, who pledged and what was sought in vain over at most eight quarters: of all areas and sectors, because sources are told apart only there."""
    rows = []
    for quarter in found.quarters:
        waiting, pledge, search = (found.cell(Key(quarter, source=source)) for source in (Source.WAITING, Source.PLEDGE, Source.SEARCH))
        rows.append((quarter, told(waiting), told(pledge), search.searches))
    return _table(
        "timeline", lambda: _beyond(_("Wachten en toezeggen door de tijd"), found), columns_of(_COLUMNS, "period", "waiting", "pledged", "searches", pledged="pledging"),
        dropwhile(lambda row: not any(row[1:]), rows),
        lambda: _("Van alle gebieden en sectoren samen, vanaf het eerste kwartaal waarin er iets te tonen is. Het laatste kwartaal loopt misschien nog.") + " " + _over(found.quarters),
    )


def slots(found: Picture) -> Table:
    """Return at which part of the week people can who want one of the gaps; what nobody said a moment for is left out."""
    rows = []
    for gap in found.gaps:
        people = [found.slots.get((gap.skill, part)) for part in PARTS]
        if any(people):
            rows.append((gap.skill, gap.label, *people))
    return _table(
        "slots", lambda: _beyond(_("Wanneer mensen kunnen"), found), columns_of(_COLUMNS, "skill", "label", *PARTS), rows,
        lambda: _("Van alle gebieden en sectoren samen. Wie geen moment noemde, telt niet mee. Wie op meer momenten kan, telt bij elk ervan.") + " " + _people_in(found, View(found.view.period)),
    )


def sources(found: Picture) -> Table:
    """Return where demand showed itself: of all areas and sectors."""
    rows = []
    for source in Source:
        cell = found.cell(Key(found.view.period, source=source))
        rows.append((in_both(partial(source_words, source)), *_who(cell), cell.searches))
    return _table(
        "sources", lambda: _beyond(_("Waar de vraag vandaan komt"), found), columns_of(_COLUMNS, "source", "people", "firms", "seats", "searches"), rows,
        lambda: _("Van alle gebieden en sectoren samen. Wie op meer plekken vraagt, staat op elke regel, en telt in het totaal één keer."),
    )


def clusters(found: Picture) -> Table:
    """Return demand and supply of each cluster of the city's economic programme, in the area of the view (requirement R46)."""
    rows = []
    for code in catalogue.cluster_codes():
        cell = found.cell(Key(found.view.period, area=found.view.area, sector=f"{CLUSTER}{code}"))
        rows.append((code, in_both(partial(cluster_words, code)), *_who(cell), cell.places, cell.free))
    return _table(
        "clusters", lambda: _("Per cluster van het economisch programma"), columns_of(_COLUMNS, "cluster", "label", "people", "firms", "seats", "places", "free", label="cluster_name"), rows,
        lambda: _("Vraag telt bij het cluster van de sector van het bedrijf, of anders van de module."),
    )


def lines(found: Picture) -> Table:
    """Return demand of each line of action (requirement R47): of all areas and sectors."""
    rows = []
    for line in ActionLine:
        cell = found.cell(Key(found.view.period, source=line.value))
        rows.append((line.value, in_both(partial(line_words, line)), *_who(cell)))
    return _table(
        "lines", lambda: _beyond(_("Per actielijn"), found), columns_of(_COLUMNS, "line", "label", "people", "firms", "seats", label="line_name"), rows,
        lambda: _("Van alle gebieden en sectoren samen. 7a: wat bedrijven vragen. 7b: routes en erkenning. 7c: wat mensen zelf vragen. 7d: wat in het Engels wordt gevraagd."),
    )


def _beyond(title: str, found: Picture) -> str:
    """Return the title of a table that is of everywhere, whatever the view; it says so where the view is not."""
    return ", ".join(each for each in (title, beyond_words(found.view)) if each)


def _people_in(found: Picture, view: View) -> str:
    """Return of which period, area and sector a table is, and of how many people."""
    people = told(found.cell(key_of(view)))
    if people is None:
        return _("%(view)s: hoeveel mensen is niet te tonen.", view=view_words(view))
    return _("%(view)s: %(people)s mensen.", view=view_words(view), people=number_text(people))


def _over(quarters: Sequence[str]) -> str:
    """Return over which quarters a table goes."""
    return _("%(first)s tot en met %(last)s.", first=begun_with_capital(period_words(quarters[0])), last=period_words(quarters[-1])) if quarters else ""


def _who(cell: Cell) -> tuple[Value, Value, Value]:
    return cell.people, cell.firms, cell.seats
