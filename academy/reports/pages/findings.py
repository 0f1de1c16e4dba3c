"""What a chart shows, in words: its title is what is found, and its description says how to read it for who does not see it."""

from collections.abc import Sequence
from typing import Final

from academy.kernel.formats import in_current_language, number_text
from academy.kernel.translation import _, ngettext
from academy.reports.facts import ColumnKind, Table, Value
from academy.reports.pages.plot_bars import categories, name_of, number, text_of
from academy.reports.pages.plot_points import knows_occupations
from academy.reports.queries.as_text import value_text
from academy.reports.rules.ratios import per_cent

_NAMED: Final = 3  # so many are called by name


def of_gaps(table: Table) -> tuple[str, str]:
    """Return the finding and the description of the gaps."""
    at = {column.name: place for place, column in enumerate(table.columns)}
    told = [row for row in table.rows if number(row[at["score"]])]
    description = ngettext(
        "Een balk: hoe langer, hoe groter het gat.", "Balken van %(num)s vaardigheden, het grootste gat bovenaan. Hoe langer de balk, hoe groter het gat.",
        len(table.rows),
    ) + _top(told, at, "score")
    if not told:
        return _("Geen gat is groot genoeg om te tonen"), description
    first = told[0]
    wanted, free = number(first[at["people"]]) + number(first[at["seats"]]), number(first[at["free"]])
    return ngettext(
        "Het grootste gat: “%(label)s”, met %(wanted)s mensen en %(free)s vrije plek", "Het grootste gat: “%(label)s”, met %(wanted)s mensen en %(free)s vrije plekken", free,
        label=text_of(first[at["label"]]), wanted=number_text(wanted), free=number_text(free),
    ), description


def of_growth(table: Table) -> tuple[str, str]:
    """Return the finding and the description of growth and breadth."""
    at = {column.name: place for place, column in enumerate(table.columns)}
    risen = [row for row in table.rows if number(row[at["growth"]]) > 0]
    description = (
        _("Een punt per vaardigheid. Hoe hoger, hoe meer de vraag groeide. Hoe verder naar rechts, hoe meer beroepen dit nodig hebben.") if knows_occupations(table)
        else _("Een punt per vaardigheid. Hoe hoger, hoe meer de vraag groeide. Hoe verder naar rechts, hoe meer mensen dit willen.")
    ) + _top(sorted(risen, key=lambda row: -number(row[at["growth"]])), at, "growth")
    new = [f"“{text_of(row[at['label']])}”" for row in table.rows if row[at["growth"]] is None]
    if new:
        description += " " + _("Nieuw in beeld: %(names)s.", names="; ".join(new[:_NAMED]))
    if not risen:
        return _("Nieuw in beeld: %(names)s", names="; ".join(new[:_NAMED])) if new else _("Naar geen vaardigheid groeide de vraag"), description
    best = max(risen, key=lambda row: (number(row[at["growth"]]), number(row[at["occupations"]]), text_of(row[at["label"]])))
    label, grew, occupations = text_of(best[at["label"]]), value_text(ColumnKind.PERCENT, best[at["growth"]]), number(best[at["occupations"]])
    if not occupations:
        return _("De vraag naar “%(label)s” groeide het meest: %(growth)s", label=label, growth=grew), description
    return ngettext(
        "De vraag naar “%(label)s” groeide het meest: %(growth)s, nodig in %(occupations)s beroep",
        "De vraag naar “%(label)s” groeide het meest: %(growth)s, nodig in %(occupations)s beroepen", occupations,
        label=label, growth=grew, occupations=number_text(occupations),
    ), description


def of_time(table: Table) -> tuple[str, str]:
    """Return the finding and the description of a line over time: of the first column of which something is told."""
    counted = [place for place, column in enumerate(table.columns) if column.kind in {ColumnKind.PEOPLE, ColumnKind.COUNT}]
    parts = [_of_line(table, place) for place in counted]
    description = _("Lijnen door de tijd. Van elke lijn het begin en het eind:") + " " + " ".join(f"{each}." for each in parts)
    told = [part for part, place in zip(parts, counted, strict=True) if any(row[place] is not None for row in table.rows)]
    return (told or parts)[0], description


def _of_line(table: Table, place: int) -> str:
    name, kind = in_current_language(table.columns[place].title), table.columns[place].kind
    told = [row for row in table.rows if row[place] is not None]
    if not told:
        return _("%(name)s: niet te tonen", name=name) if kind is ColumnKind.PEOPLE else _("%(name)s: niet bekend", name=name)
    first, last = told[0], told[-1]
    if first is last:
        return _("%(name)s: %(value)s in %(period)s", name=name, value=value_text(kind, last[place]), period=name_of(last[0]))
    return _(
        "%(name)s: van %(first)s in %(start)s naar %(last)s in %(end)s", name=name, first=value_text(kind, first[place]), last=value_text(kind, last[place]),
        start=name_of(first[0]), end=name_of(last[0]),
    )


def of_slots(table: Table) -> tuple[str, str]:
    """Return the finding and the description of the parts of the week."""
    parts = [place for place, column in enumerate(table.columns) if column.kind is ColumnKind.PEOPLE]
    description = _("Een rij per vaardigheid, een vak per deel van de week. Hoe donkerder, hoe meer mensen dan kunnen. Het aantal staat in het vak.")
    fits = [(sum(1 for row in table.rows if number(row[place]) and number(row[place]) == max(number(row[each]) for each in parts)), -place) for place in parts]
    times, place = max(fits, default=(0, 0))
    if not times:
        return _("Van geen deel van de week is genoeg bekend"), description
    part = in_current_language(table.columns[-place].title)
    return ngettext(
        "%(part)s past het vaakst: bij %(times)s van %(all)s vaardigheid", "%(part)s past het vaakst: bij %(times)s van %(all)s vaardigheden", len(table.rows),
        part=part, times=number_text(times), all=number_text(len(table.rows)),
    ), description


def of_shares(table: Table, chosen: Sequence[str]) -> tuple[str, str]:
    """Return the finding and the description of money by category."""
    places = categories(table, chosen)
    sums = {place: sum(number(row[place]) for row in table.rows) for place in places}
    whole = sum(each for each in sums.values() if each > 0)
    description = _("Een balk per periode, verdeeld over wie betaalde. Samen over alle perioden:") + " " + "; ".join(
        f"{in_current_language(table.columns[place].title)} {value_text(ColumnKind.EURO, sums[place])}" for place in places) + "."
    if whole <= 0:
        return _("Er is nog geen bedrag dat we kunnen laten zien"), description
    most = max(places, key=lambda place: (sums[place], -place))
    return _(
        "Wie het meest betaalt: %(name)s, met %(share)s van %(whole)s, %(when)s", name=in_current_language(table.columns[most].title),
        share=value_text(ColumnKind.PERCENT, per_cent(sums[most], whole)), whole=value_text(ColumnKind.EURO, whole), when=_when(table),
    ), description


def _when(table: Table) -> str:
    """Return the periods of all rows, so that a sum is not read as that of another period beside it."""
    first, last = name_of(table.rows[0][0]), name_of(table.rows[-1][0])
    return _("in %(period)s", period=first) if first == last else _("van %(first)s tot en met %(last)s", first=first, last=last)


def of_sides(table: Table) -> tuple[str, str]:
    """Return the finding and the description of what the sides think: what they said last, of those of which it is told."""
    said = [(place, _of_column(table, place)) for place, column in enumerate(table.columns) if column.kind is ColumnKind.SCORE]
    description = _("Balken van 1 tot 5, voor elke kant een per keer dat we vroegen.") + " " + " ".join(f"{words}." for _place, words in said)
    told = [words for place, words in said if any(row[place] is not None for row in table.rows)]
    return (told[-1] if told else _("Van geen kant is al te tonen hoe tevreden ze is")), description


def _of_column(table: Table, place: int) -> str:
    values = "; ".join(f"{text_of(row[0]).lower()} {value_text(ColumnKind.SCORE, row[place])}" for row in table.rows)
    return f"{in_current_language(table.columns[place].title)}: {values}"


def _top(rows: Sequence[Sequence[Value]], at: dict[str, int], name: str) -> str:
    """Return the first three in words, after a space; nothing where there are none."""
    kind = ColumnKind.PERCENT if name == "growth" else ColumnKind.COUNT
    words = "; ".join(f"{text_of(row[at['label']])} {value_text(kind, row[at[name]])}" for row in rows[:3])
    return " " + _("Bovenaan: %(words)s.", words=words) if words else ""
