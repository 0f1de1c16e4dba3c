"""Frozen values that queries of reports give to pages, files and letters."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.reports.kinds import (
    EVERY,
    CommissionInviteState,
    CommissionState,
    ReadinessItem,
    Side,
    SnapshotKind,
    Stage,
)
from academy.reports.rules.participating import DOMESTIC, FOREIGN, LARGE
from academy.reports.rules.signals import Cell


@dataclass(frozen=True)
class View:
    """What somebody looks at: a quarter or year, an area or EVERY, a sector, cluster (`c:<code>`) or EVERY."""

    period: str
    area: str = EVERY
    sector: str = EVERY


@dataclass(frozen=True)
class Gap:
    """A skill (or a module without skills, `module:<hex>`) in a view, with what is told of it; `before` is the same a period earlier, `occupations` the number that ask for the skill (how far it carries over).

    `knows_seats` is False where no cell is kept: then that it has no places says nothing.
    """

    skill: str
    label: Localized
    cell: Cell
    before: Cell | None
    occupations: int
    knows_seats: bool = True


@dataclass(frozen=True)
class RunFacts:
    """The last roll-up: all figures are of what happened before `as_of`, midnight in Amsterdam. `digest` is of every cell."""

    as_of: date
    made_at: datetime
    method: str
    signals: int
    cells: int
    digest: str


@dataclass(frozen=True)
class SnapshotFacts:
    """A frozen report. `query_hash` is of what was asked (kind, dates, view, method, day), `data_hash` of all it says. `published_at` None: only the programme office reads it."""

    id: UUID
    code: str
    kind: SnapshotKind
    view: View
    from_on: date
    until_on: date
    as_of: date
    method: str
    query_hash: str
    data_hash: str
    made_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class CommissionFacts:
    """A gap that the programme office wants filled. `wanted` is for how many people, as it was told when it was made."""

    id: UUID
    code: str
    state: CommissionState
    skill: str
    label: Localized
    view: View
    wanted: int
    note: str
    made_at: datetime
    answer_by: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class InviteFacts:
    """An invited provider and what it answered; the module it makes, and the first class of it once there is one."""

    provider_id: UUID
    provider_name: str
    provider_slug: str
    state: CommissionInviteState
    answered_at: datetime | None
    module_title: Localized | None
    module_slug: str
    first_on: date | None


@dataclass(frozen=True)
class ParticipantFacts:
    """A provider in the programme. `ready` says of every item whether it is there."""

    provider_id: UUID
    name: str
    slug: str
    country: str
    stage: Stage
    since: date
    is_large: bool
    is_anchor: bool  # what others offer has to complement what this one offers (requirement R26)
    ready: dict[ReadinessItem, bool]


@dataclass(frozen=True)
class ParticipationRule:
    """Whether the programme has its three large providers of which two are domestic and one is foreign (requirement R23), counting who declared, runs or is structural."""

    large: int
    domestic: int
    foreign: int

    @property
    def is_met(self) -> bool:
        """Tell whether it is met."""
        return self.large >= LARGE and self.domestic >= DOMESTIC and self.foreign >= FOREIGN


@dataclass(frozen=True)
class Experience:
    """What one side said of a class or a group of classes. Scores in tenths of 1 to 5 by question; None where fewer than ten answered (three, of firms and institutions)."""

    side: Side
    asked: int
    answered: int
    scores: dict[str, int | None]


@dataclass(frozen=True)
class QuestionnaireFacts:
    """A questionnaire as who is asked reads it."""

    id: UUID
    side: Side
    module_title: Localized
    provider_name: str
    starts_on: date
    ends_on: date
    closes_on: date
    is_open: bool
    is_answered: bool


@dataclass(frozen=True)
class PaidYear:
    """What the four categories paid in a year or quarter (requirement R11); None where it may not be told (`rules.paying`)."""

    period: str
    amounts: dict[str, Money | None]


class ColumnKind(StrEnum):
    """What the values of a column are; a value that is hidden is None."""

    TEXT = "text"  # str, or Localized
    PEOPLE = "people"  # int; None is hidden: fewer than ten, or from it such a number would follow
    COUNT = "count"  # int; None is not known
    EURO = "euro"  # int, cents; None is hidden because of few
    PERCENT = "percent"  # int, tenths of a per cent; None is not known
    SCORE = "score"  # int, tenths of 1 to 5 or of a grade; None is hidden
    DAY = "day"  # str, ISO 8601


Value = str | int | Localized | None


@dataclass(frozen=True)
class Column:
    """A column of a table of a report; `name` is its heading in files that machines read."""

    name: str
    title: Localized
    kind: ColumnKind


@dataclass(frozen=True)
class Table:
    """A table of a report, as long as it is frozen: finished but for the language. `name` stands in addresses and file names."""

    name: str
    title: Localized
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: Localized = Localized()  # what is counted, and from which rows

    def column(self, name: str) -> int:
        """Return the position of a column. Raises ValueError for one that is not there."""
        return [each.name for each in self.columns].index(name)


@dataclass(frozen=True)
class Section:
    """A part of a report: what is found, in sentences first, and the tables. The same section is shown on a page, frozen, and put on paper."""

    name: str
    title: Localized
    sentences: tuple[Localized, ...]
    tables: tuple[Table, ...]
