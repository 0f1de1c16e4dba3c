"""The desk of who guides and judges at a provider: its files by clock, and how many stand where.

Until when somebody must act follows from the calendar, so that is worked out here and not in the database: one statement brings what decides the order of
all files that are under way at one provider, a second one the few that are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import FileState, InstrumentKind, Route
from academy.recognition.models import FileParty, InstrumentUse, RecognitionFile
from academy.recognition.policy import employers_of
from academy.recognition.queries.files import Desk, desk_for, facts_of
from academy.recognition.queries.guiding import GUIDED
from academy.recognition.queries.terms import members_of_board
from academy.recognition.rules.clocks import due, is_over

_F = FileState
SHOWN: Final = 25
_UNDER_WAY: Final = (*tuple(_F)[tuple(_F).index(_F.INTAKE_PLANNED) : tuple(_F).index(_F.GRANTED)], _F.APPEALED)
_FOR_BOARD: Final = (_F.EXEMPTION_REQUESTED, _F.APPEALED)


class Tab(StrEnum):
    """Which files are shown."""

    MINE = "mine"
    OPEN = "open"  # to be taken up
    ALL = "all"  # numbers only


@dataclass(frozen=True)
class Line:
    """A file under way, as far as its place in the list asks. `until` is None where nobody but the learner is to act.

    `guides` and `judges`: what the reader is in it, `is_my_turn` that they are the one to act. `is_barred`: they may not begin with it.
    """

    id: UUID
    state: FileState
    since: datetime
    until: datetime | None
    guides: bool
    judges: bool
    is_my_turn: bool
    is_free: bool
    is_barred: bool

    @property
    def is_mine(self) -> bool:
        return self.guides or self.judges

    @property
    def is_to_judge(self) -> bool:
        """Whether what the reader does here is judging."""
        return self.judges or (self.is_free and self.state is _F.PORTFOLIO_SUBMITTED)

    def is_late(self, now: datetime) -> bool:
        return self.until is not None and is_over(self.until, now)


@dataclass(frozen=True)
class Shown:
    """A file in a list: its line, what it is about and of whom, and who guides it ("" for nobody)."""

    line: Line
    file: FileFacts
    title: Localized
    name: str
    guide: str


@dataclass(frozen=True)
class Numbers:
    """How many files are in a state, and in how many of them somebody is late."""

    state: FileState
    files: int
    late: int


@dataclass(frozen=True)
class DeskPage:
    """A page of a desk: `mine` and `open` are how many there are, `barred` how many wait for a colleague, `members` how many sit in the exam board."""

    desk: Desk
    tab: Tab
    shown: tuple[Shown, ...]
    mine: int
    open: int
    barred: int
    numbers: tuple[Numbers, ...]
    members: int
    waits_for_board: int
    page: int
    pages: int


def desk_page(session: Session, actor: Actor, provider_slug: str, *, tab: Tab | None, page: int, now: datetime) -> DeskPage:
    """Return a page of the desk: late ones first, then by their clock; `page` counts from 1. Raises ProviderNotFound.

    Without a tab it begins with what is one's own, or with what can be taken up where that is nothing. Who neither guides nor judges sees numbers only.
    """
    desk = desk_for(session, actor, provider_slug)
    lines = _lines(session, actor, desk)
    mine = sorted((each for each in lines if each.is_mine), key=_in_order)
    free = sorted((each for each in lines if each.is_free and not each.is_barred), key=_in_order)
    if not desk.rights.assess:
        tab = Tab.ALL
    elif tab is None:
        tab = Tab.MINE if mine or not free else Tab.OPEN
    wanted = {Tab.MINE: mine, Tab.OPEN: free, Tab.ALL: []}[tab]
    pages = max(1, -(-len(wanted) // SHOWN))
    page = min(max(page, 1), pages)
    return DeskPage(
        desk, tab, _shown(session, wanted[(page - 1) * SHOWN : page * SHOWN]), len(mine), len(free), sum(each.is_free and each.is_barred for each in lines),
        _numbers(lines, now), members_of_board(session, desk.provider_id), sum(each.state in _FOR_BOARD for each in lines), page, pages,
    )


def _lines(session: Session, actor: Actor, desk: Desk) -> list[Line]:
    looks = (InstrumentUse.file_id == RecognitionFile.id, InstrumentUse.assessor_id == actor.person_id, InstrumentUse.called_off_at.is_(None))
    firms = employers_of(desk.memberships)
    assessors = {one.id for one in accounts.people_in_role(session, Role.ASSESSOR, organisation_id=desk.provider_id)}
    rows = session.execute(
        select(
            RecognitionFile.id, RecognitionFile.state, RecognitionFile.since, RecognitionFile.person_id, RecognitionFile.guide_id,
            exists().where(*looks).label("judges"), exists().where(*looks, InstrumentUse.kind == InstrumentKind.PORTFOLIO).label("has_portfolio"),
            exists().where(FileParty.file_id == RecognitionFile.id, FileParty.organisation_id.in_(firms)).label("is_of_employer"),
        ).where(
            RecognitionFile.provider_id == desk.provider_id, RecognitionFile.state.in_(_UNDER_WAY),
            or_(RecognitionFile.route == Route.EDUCATION, RecognitionFile.state != _F.REPORT_ISSUED),
        ),
    )
    return [_line(row, actor.person_id, has_guide=row.guide_id in assessors) for row in rows]


def _line(row: Row[UUID, FileState, datetime, UUID, UUID | None, bool, bool, bool], me: UUID, *, has_guide: bool) -> Line:
    """Return a file as the reader finds it; one whose guide does not work here any more waits for another."""
    guides, to_guide, to_judge = row.guide_id == me, row.state in GUIDED and not has_guide, row.state is _F.PORTFOLIO_SUBMITTED
    is_barred = row.person_id == me or row.is_of_employer or (to_guide and row.judges) or (to_judge and guides)
    turns = {_F.INTAKE_PLANNED: guides, _F.ASSESSMENT_PLANNED: row.has_portfolio, _F.SECOND_DONE: row.judges}
    return Line(
        row.id, row.state, row.since, due(row.state, row.since), guides=guides, judges=row.judges and not guides, is_my_turn=turns.get(row.state, False),
        is_free=to_guide or to_judge, is_barred=is_barred,
    )


def _in_order(line: Line) -> tuple[bool, bool, datetime, UUID]:
    """Put first where the reader is to act, then what has a clock, the soonest (and so what is late) on top, then what is longest as it is."""
    return (not line.is_my_turn, line.until is None, line.until or line.since, line.id)


def _shown(session: Session, lines: Sequence[Line]) -> tuple[Shown, ...]:
    rows = session.scalars(select(RecognitionFile).where(RecognitionFile.id.in_([each.id for each in lines]))) if lines else ()
    files = {row.id: facts_of(row) for row in rows}
    modules = catalogue.module_cards(session, {each.module_id for each in files.values()})
    names = accounts.people(session, {one for each in files.values() for one in (each.person_id, each.guide_id) if one is not None}) if files else {}
    there = [(line, files[line.id]) for line in lines if line.id in files]
    return tuple(
        Shown(
            line, file, modules[file.module_id].title, names[file.person_id].name if file.person_id in names else "",
            names[file.guide_id].name if file.guide_id in names else "",
        )
        for line, file in there
    )


def _numbers(lines: Sequence[Line], now: datetime) -> tuple[Numbers, ...]:
    there: dict[FileState, list[Line]] = {}
    for each in lines:
        there.setdefault(each.state, []).append(each)
    return tuple(Numbers(state, len(there[state]), sum(each.is_late(now) for each in there[state])) for state in _UNDER_WAY if state in there)
