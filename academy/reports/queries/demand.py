"""Demand against supply as a section of a report. Reads cells only."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from academy.kernel.formats import in_current_language, number_text, short_day
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext
from academy.reports.facts import Column, ColumnKind, Section, Table, View
from academy.reports.kinds import EVERY
from academy.reports.queries import cells, tables_of_demand
from academy.reports.queries.picture import Picture, key_of, picture, told
from academy.reports.rules.signals import Cell
from academy.reports.words import area_words, in_both, period_words


def demand_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:  # noqa: ARG001 - the dates are those of every section; the view's period has them
    """Return demand against supply of a view in tables: figures, gaps, growth, timeline, slots, sources, clusters and lines; columns as docs/reports.md has them.

    `figures` has a row for people wanted, firms, euros pledged (in cents), searches in vain, free seats and gaps. The sentences are three: the greatest gap, how much is
    asked beside the period before, and what grows most. Six statements.
    """
    return section_of(picture(session, view=view, as_of=as_of))


def section_of(found: Picture) -> Section:
    """Return what was read as a section."""
    return Section("demand", in_both(lambda: _("Vraag en aanbod")), tuple(in_both(say) for say in sentences(found)), tables_of_demand.tables(found))


def sentences(found: Picture) -> tuple[Callable[[], str], ...]:
    """Return the three sentences with which a reader may stop."""
    return (lambda: _greatest(found), lambda: _asked(found), lambda: _growing(found))


def _greatest(found: Picture) -> str:
    first = next((gap for gap in found.gaps if gap.cell.score), None)
    if first is None:
        return _("Er is geen gat te zien: er is genoeg plek, of het gaat om minder dan tien mensen.")
    wanted, free = first.cell.wanted, first.cell.free
    label, people = in_current_language(first.label), number_text(wanted)
    if not free:
        return _("Het grootste gat is “%(label)s”: %(people)s mensen willen dit leren, en er is geen vrije plek.", label=label, people=people)
    return ngettext(
        "Het grootste gat is “%(label)s”: %(people)s mensen willen dit leren, en er is %(free)s vrije plek.",
        "Het grootste gat is “%(label)s”: %(people)s mensen willen dit leren, en er zijn %(free)s vrije plekken.", free, label=label, people=people, free=number_text(free),
    )


def _asked(found: Picture) -> str:
    now, then = told(found.cell(key_of(found.view))), told(found.cell(key_of(View(found.before, found.view.area, found.view.sector))))
    period, before = period_words(found.view.period), period_words(found.before)
    if not now:
        return _("In %(period)s vroegen minder dan tien mensen om iets te leren.", period=period)
    so_far = "" if found.is_over else " " + _("Geteld is tot %(day)s.", day=short_day(found.as_of))
    if then is None:
        return _("In %(period)s willen %(people)s mensen iets leren. In %(before)s waren het er minder dan tien.", period=period, people=number_text(now), before=before) + so_far
    return _("In %(period)s willen %(people)s mensen iets leren. In %(before)s waren het er %(then)s.", period=period, people=number_text(now), before=before, then=number_text(then)) + so_far


def _growing(found: Picture) -> str:
    risen = [(now - then, gap, now, then) for gap in found.gaps if (now := told(gap.cell)) and (then := told(gap.before) if gap.before is not None else None) is not None and now > then]
    if not risen:
        return _("Er is niets waar duidelijk meer vraag naar is dan in %(before)s.", before=period_words(found.before))
    _more, gap, now, then = max(risen, key=lambda each: (each[0], each[1].skill))
    return _(
        "Het meest groeit “%(label)s”: van %(then)s naar %(now)s mensen.", label=in_current_language(gap.label), then=number_text(then), now=number_text(now),
    )


def compare(session: Session, found: Picture, area: str) -> Table:
    """Return the gaps of a view beside the same skills in another area: wanted and free here and there. One statement."""
    period, _skill, _area, sector, _source = key_of(found.view)
    others = cells.cells_of(session, periods=(period,), skills=(EVERY, *(gap.skill for gap in found.gaps)), areas=(area,), sectors=(sector,))
    whole = key_of(found.view)
    pairs: list[tuple[str, Localized, Cell]] = [(EVERY, in_both(lambda: _("Alles samen")), found.cell(whole))]
    pairs += [(gap.skill, gap.label, gap.cell) for gap in found.gaps]
    rows = []
    for skill, label, here in pairs:
        key = whole._replace(skill=skill, area=area)
        there = others.get(key) or cells.nothing(key)
        rows.append((skill, label, told(here), here.free, told(there), there.free))
    return Table(
        "comparison", in_both(lambda: _("%(one)s naast %(other)s", one=area_words(found.view.area), other=area_words(area))),
        (
            Column("skill", in_both(lambda: _("Vaardigheid (code)")), ColumnKind.TEXT), Column("label", in_both(lambda: _("Vaardigheid")), ColumnKind.TEXT),
            *_columns_of("here", found.view.area), *_columns_of("there", area),
        ),
        tuple(rows), in_both(lambda: _("Het zijn dezelfde vaardigheden, in dezelfde periode en sector.")),
    )


def _columns_of(name: str, area: str) -> tuple[Column, Column]:
    return (
        Column(name, in_both(lambda: _("Mensen, %(area)s", area=area_words(area))), ColumnKind.PEOPLE),
        Column(f"{name}_free", in_both(lambda: _("Vrije plekken, %(area)s", area=area_words(area))), ColumnKind.COUNT),
    )
