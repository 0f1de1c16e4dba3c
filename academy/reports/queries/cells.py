"""Reads of what the last roll-up kept: pages read these cells only, so nothing on them tells of fewer than ten people."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select, text
from sqlalchemy.orm import Session

from academy.reports.facts import RunFacts, View
from academy.reports.kinds import EVERY, UNKNOWN
from academy.reports.models import ReportCell, ReportRun, ReportSlot
from academy.reports.rules.hiding import FEW_PEOPLE
from academy.reports.rules.signals import SOME_DAY, Cell, Key

_ALL: Final = (EVERY,)
_BINARY: Final = String(300).with_variant(String(300, collation="C"), "postgresql")  # sorts as SQLite does
_WANTED: Final = func.coalesce(ReportCell.people, 0) + func.coalesce(ReportCell.seats, 0)


def at_one_moment(session: Session) -> None:
    """Let all that is read be of one moment, so that no page tells of two counts; `session` has not read anything yet."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))  # SQLite reads at one moment by itself


def last_run(session: Session) -> RunFacts | None:
    """Return when was counted last, and what; None before the first time. One statement."""
    row = session.scalar(select(ReportRun).order_by(ReportRun.made_at.desc()).limit(1))
    return None if row is None else RunFacts(row.as_of, row.made_at, row.method, row.signals, row.cells, row.digest)


def nothing(key: Key) -> Cell:
    """Return the cell of where nothing is told: nobody wants it, or too few people. Those are not kept."""
    return Cell(key, None, 0, 0, None, 0, SOME_DAY, 0, 0, 0)


def supply_of(found: Mapping[Key, Cell], key: Key) -> tuple[int, int] | None:
    """Return how many seats serve a cell and how many of those are free; None where that is not known: of one skill they are kept only beside what may be told of its demand.

    `found` holds what was read of the cell, of the same in all areas, and in no area (what is online, which serves every one).
    """
    kept, everywhere = found.get(key), found.get(key._replace(area=EVERY))
    if kept is not None:
        return kept.places, kept.free
    if everywhere is not None and not everywhere.places:
        return 0, 0
    if key.skill != EVERY:
        return None
    online = found.get(key._replace(area=UNKNOWN)) if key.area != EVERY else None  # of all skills together every cell with a class of its own is kept
    return (0, 0) if online is None else (online.places, online.free)


def cell(session: Session, key: Key) -> Cell:
    """Return one cell; `nothing` where none is kept. One statement."""
    row = session.get(ReportCell, tuple(key))
    return nothing(key) if row is None else _cell(row)


def cells_of(
    session: Session, *, periods: Collection[str], skills: Collection[str] | None = _ALL, areas: Collection[str] | None = _ALL,
    sectors: Collection[str] | None = _ALL, sources: Collection[str] | None = _ALL,
) -> dict[Key, Cell]:
    """Return the cells of these periods by key, ordered by it; None is every skill, area, sector or source, and all of them together too. One statement.

    Where nothing may be told no cell is kept, so what is asked for may be missing: `nothing` stands for it.
    """
    chosen = [
        column.in_(values) for column, values in (
            (ReportCell.period, periods), (ReportCell.skill, skills), (ReportCell.area, areas), (ReportCell.sector, sectors), (ReportCell.source, sources),
        ) if values is not None
    ]
    return {each.key: each for each in sorted(map(_cell, session.scalars(select(ReportCell).where(*chosen))), key=lambda one: one.key)}


def top_cells(session: Session, view: View, *, limit: int | None) -> list[Cell]:
    """Return the cells of a view (all sources) that are a gap, or may be one: the highest score first, then for whom it is wanted most, then sought most. One statement.

    It may be one where it is sought or asked by so few that the number is hidden, and hardly a seat is free.
    """
    may_be = (ReportCell.free < FEW_PEOPLE) & (_is_hidden() | ((_WANTED == 0) & (ReportCell.searches > 0)))
    rows = session.scalars(
        select(ReportCell).where(_is_skill_of(view), (ReportCell.score > 0) | may_be)
        .order_by(ReportCell.score.desc(), _WANTED.desc(), ReportCell.searches.desc(), cast(ReportCell.skill, _BINARY)).limit(limit),
    )
    return [_cell(row) for row in rows]


def gaps_in(session: Session, views: Iterable[View]) -> dict[View, tuple[int, int]]:
    """Return in each view how many skills are wanted by more people than there are free seats, and of how many that may not be told. One statement."""
    asked = list(views)
    rows = session.execute(
        select(
            ReportCell.period, ReportCell.area, ReportCell.sector, func.sum(case((ReportCell.score > 0, 1), else_=0)),
            func.sum(case(((ReportCell.free < FEW_PEOPLE) & _is_hidden(), 1), else_=0)),
        )
        .where(or_(*map(_is_skill_of, asked)))
        .group_by(ReportCell.period, ReportCell.area, ReportCell.sector),
    )
    found = {View(period, area, sector): (number, hidden) for period, area, sector, number, hidden in rows}
    return {each: found.get(each, (0, 0)) for each in asked}


def slots_of(session: Session, *, period: str, skills: Collection[str]) -> dict[tuple[str, str], int | None]:
    """Return by (skill, part of the week) how many people can then; None is hidden, and nobody is missing. One statement."""
    rows = session.execute(
        select(ReportSlot.skill, ReportSlot.slot, ReportSlot.people).where(ReportSlot.period == period, ReportSlot.skill.in_(skills))
        .order_by(ReportSlot.skill, ReportSlot.slot),
    )
    return {(skill, slot): people for skill, slot, people in rows}


def _is_skill_of(view: View) -> ColumnElement[bool]:
    return and_(
        ReportCell.period == view.period, ReportCell.area == view.area, ReportCell.sector == view.sector, ReportCell.source == EVERY, ReportCell.skill.not_in((EVERY, UNKNOWN)),
    )


def _is_hidden() -> ColumnElement[bool]:
    """Tell whether nothing of who wants it may be told: as `picture.told`."""
    return (_WANTED == 0) & (ReportCell.is_hidden | ReportCell.seats.is_(None))


def _cell(row: ReportCell) -> Cell:
    people = row.people if row.people is not None or row.is_hidden else 0
    return Cell(
        Key(row.period, row.skill, row.area, row.sector, row.source), people, row.firms, row.seats, row.cents, row.searches, row.urgency, row.places, row.free, row.score,
    )
