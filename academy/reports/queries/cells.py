"""Reads of what the last roll-up kept: pages read these cells only, so nothing on them tells of fewer than ten people."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from academy.reports.facts import RunFacts, View
from academy.reports.kinds import EVERY, UNKNOWN
from academy.reports.models import ReportCell, ReportRun, ReportSlot
from academy.reports.rules.signals import Cell, Key

_ALL: Final = (EVERY,)
_LEAST_URGENCY: Final = 100


def last_run(session: Session) -> RunFacts | None:
    """Return when was counted last, and what; None before the first time. One statement."""
    row = session.scalar(select(ReportRun).order_by(ReportRun.made_at.desc()).limit(1))
    return None if row is None else RunFacts(row.as_of, row.made_at, row.method, row.signals, row.cells, row.digest)


def nothing(key: Key) -> Cell:
    """Return the cell of where nothing is told: nobody wants it, or too few people. Those are not kept."""
    return Cell(key, None, 0, 0, None, 0, _LEAST_URGENCY, 0, 0, 0)


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
    """Return the cells of the skills in a view (all sources): the highest score first, then for whom it is wanted most, then sought most. One statement."""
    wanted = func.coalesce(ReportCell.people, 0) + func.coalesce(ReportCell.seats, 0)
    rows = session.scalars(
        select(ReportCell).where(_is_gap_of(view)).order_by(ReportCell.score.desc(), wanted.desc(), ReportCell.searches.desc(), ReportCell.skill).limit(limit),
    )
    return [_cell(row) for row in rows]


def gaps_in(session: Session, views: Iterable[View]) -> dict[View, int]:
    """Return in each view how many skills are wanted by more people than there are free seats, as far as that may be told. One statement."""
    asked = list(views)
    rows = session.execute(
        select(ReportCell.period, ReportCell.area, ReportCell.sector, func.count())
        .where(or_(*map(_is_gap_of, asked)), ReportCell.score > 0)
        .group_by(ReportCell.period, ReportCell.area, ReportCell.sector),
    )
    found = {View(period, area, sector): number for period, area, sector, number in rows}
    return {each: found.get(each, 0) for each in asked}


def slots_of(session: Session, *, period: str, skills: Collection[str]) -> dict[tuple[str, str], int | None]:
    """Return by (skill, part of the week) how many people can then; None is hidden, and nobody is missing. One statement."""
    rows = session.execute(
        select(ReportSlot.skill, ReportSlot.slot, ReportSlot.people).where(ReportSlot.period == period, ReportSlot.skill.in_(skills))
        .order_by(ReportSlot.skill, ReportSlot.slot),
    )
    return {(skill, slot): people for skill, slot, people in rows}


def _is_gap_of(view: View) -> ColumnElement[bool]:
    return and_(
        ReportCell.period == view.period, ReportCell.area == view.area, ReportCell.sector == view.sector, ReportCell.source == EVERY, ReportCell.skill.not_in((EVERY, UNKNOWN)),
    )


def _cell(row: ReportCell) -> Cell:
    people = row.people if row.people is not None or row.is_hidden else 0
    return Cell(
        Key(row.period, row.skill, row.area, row.sector, row.source), people, row.firms, row.seats, row.cents, row.searches, row.urgency, row.places, row.free, row.score,
    )
