"""Demand against supply as a section of a report. Reads cells only."""

from collections.abc import Callable
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from academy.kernel.formats import in_current_language, number_text
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext
from academy.reports.facts import Column, ColumnKind, Section, Table, View
from academy.reports.kinds import EVERY, UNKNOWN
from academy.reports.queries import cells, tables_of_demand
from academy.reports.queries.picture import Picture, is_whole, key_of, picture, told
from academy.reports.rules.signals import Cell
from academy.reports.words import area_words, in_both, period_words

_NAMED: Final = 3  # so many that are new are called by name


def demand_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:  # noqa: ARG001 - the dates are those of every section; the view's period has them
    """Return demand against supply of a view in tables: figures, gaps, growth, timeline, slots, sources, clusters and lines; columns as docs/reports.md has them.

    `figures` has a row for people wanted, firms, euros pledged (in cents), searches in vain, free seats and gaps. The sentences are three: the greatest gap, how much is
    asked beside the period before, and what grows most or is new; two where the period before was not counted. Six statements.
    """
    return section_of(picture(session, view=view, as_of=as_of))


def section_of(found: Picture) -> Section:
    """Return what was read as a section."""
    return Section("demand", in_both(lambda: _("Vraag en aanbod")), tuple(in_both(say) for say in sentences(found)), tables_of_demand.tables(found))


def sentences(found: Picture) -> tuple[Callable[[], str], ...]:
    """Return the sentences with which a reader may stop."""
    two = (lambda: _greatest(found), lambda: _asked(found))
    return (*two, lambda: _growing(found)) if found.has_before else two


def part_words(cell: Cell) -> str:
    """Return, after a space, that a number that is told is not of everybody; "" where it is, or where nothing is told."""
    return " " + _("Een deel van de mensen kunnen we niet laten zien.") if cell.wanted and not is_whole(cell) else ""


def _greatest(found: Picture) -> str:
    first = next((gap for gap in found.gaps if gap.cell.score), None)
    hidden = " " + _("Sommige gaten kunnen we niet laten zien.") if found.hidden else ""
    if first is None:
        return _("Er is geen gat dat we kunnen laten zien.") + hidden
    hidden = part_words(first.cell) + hidden
    wanted, free = first.cell.wanted, first.cell.free
    label, people = in_current_language(first.label), number_text(wanted)
    if not free:
        return _("Het grootste gat is “%(label)s”: %(people)s mensen willen dit leren, en er is geen vrije plek.", label=label, people=people) + hidden
    return ngettext(
        "Het grootste gat is “%(label)s”: %(people)s mensen willen dit leren, en er is %(free)s vrije plek.",
        "Het grootste gat is “%(label)s”: %(people)s mensen willen dit leren, en er zijn %(free)s vrije plekken.", free, label=label, people=people, free=number_text(free),
    ) + hidden


def _asked(found: Picture) -> str:
    cell, period, before = found.cell(key_of(found.view)), period_words(found.view.period), period_words(found.before)
    now, then = told(cell), _whole(found.cell(key_of(View(found.before, found.view.area, found.view.sector))))
    if now is None:
        return _("Hoeveel mensen in %(period)s iets willen leren, kunnen we niet laten zien: dat zou iets zeggen over een kleine groep.", period=period)
    if not now:
        return _("In %(period)s vroeg niemand om iets te leren.", period=period)
    said = _("In %(period)s willen %(people)s mensen iets leren.", period=period, people=number_text(now)) + part_words(cell)
    if found.has_before and then is None:
        said += " " + _("Hoeveel het er in %(before)s waren, kunnen we niet laten zien.", before=before)
    elif found.has_before:
        said += " " + _("In %(before)s waren het er %(then)s.", before=before, then=number_text(then or 0))
    return said if found.is_over else said + " " + _("Deze periode is nog niet voorbij.")


def _whole(cell: Cell | None) -> int | None:
    """Return for how many people it was wanted; None where some of them are hidden: beside a part of them everything would grow."""
    return told(cell) if cell is not None and is_whole(cell) else None


def _growing(found: Picture) -> str:
    """Return what grew by most people (the chart tells what grew by the largest share), and what is new; of what was not shown before nobody can say that it grew."""
    wanted = [(gap, now, _whole(gap.before)) for gap in found.gaps if (now := told(gap.cell))]
    risen = [(now - then, gap, now, then) for gap, now, then in wanted if then and now > then]
    new = [f"“{in_current_language(gap.label)}”" for gap, _now, then in wanted if not then][:_NAMED]
    said = []
    if risen:
        _more, gap, now, then = max(risen, key=lambda each: (each[0], each[1].skill))
        said.append(_("De meeste mensen kwamen erbij voor “%(label)s”: van %(then)s naar %(now)s.", label=in_current_language(gap.label), then=number_text(then), now=number_text(now)))
    if new:
        said.append(_("Nieuw in beeld: %(names)s.", names="; ".join(new)))
    return " ".join(said) or _("Er is niets waar duidelijk meer vraag naar is dan in %(before)s.", before=period_words(found.before))


def compare(session: Session, found: Picture, area: str) -> Table:
    """Return the gaps of a view beside the same skills in another area: wanted and free here and there. One statement."""
    period, _skill, _area, sector, _source = key_of(found.view)
    others = cells.cells_of(session, periods=(period,), skills=(EVERY, *(gap.skill for gap in found.gaps)), areas={area, EVERY, UNKNOWN}, sectors=(sector,))
    whole = key_of(found.view)
    pairs: list[tuple[str, Localized, Cell]] = [(EVERY, in_both(lambda: _("Alles samen")), found.cell(whole))]
    pairs += [(gap.skill, gap.label, gap.cell) for gap in found.gaps]
    rows = []
    for skill, label, here in pairs:
        key = whole._replace(skill=skill, area=area)
        seats = cells.supply_of(others, key)
        rows.append((skill, label, told(here), here.free, told(others.get(key) or cells.nothing(key)), None if seats is None else seats[1]))
    return Table(
        "comparison", in_both(lambda: _("%(one)s naast %(other)s", one=area_words(found.view.area), other=area_words(area))),
        (
            Column("skill", in_both(lambda: _("Vaardigheid (code)")), ColumnKind.TEXT), Column("label", in_both(lambda: _("Vaardigheid")), ColumnKind.TEXT),
            *_columns_of("here", found.view.area), *_columns_of("there", area),
        ),
        tuple(rows), in_both(lambda: _("Het zijn dezelfde vaardigheden, in dezelfde periode en sector. Een streepje: niet bekend.")),
    )


def _columns_of(name: str, area: str) -> tuple[Column, Column]:
    return (
        Column(name, in_both(lambda: _("Mensen, %(area)s", area=area_words(area))), ColumnKind.PEOPLE),
        Column(f"{name}_free", in_both(lambda: _("Vrije plekken, %(area)s", area=area_words(area))), ColumnKind.COUNT),
    )
