"""Frozen values of pathways: what queries give, and pages and services take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.pathways.kinds import GoalKind, HasKind, Match, NodeKind, Option, StepReason
from academy.pathways.problem import Credit, Problem


@dataclass(frozen=True)
class HasFacts:
    """Something that somebody says to have; `for_module_id` is the module that it counts as, or may."""

    id: UUID
    kind: HasKind
    said: str
    module_id: UUID | None
    for_module_id: UUID | None
    ec: Decimal | None
    fits: Match


@dataclass(frozen=True)
class StepFacts:
    """A step of the chosen route."""

    id: UUID
    module_id: UUID
    offering_id: UUID | None
    course_key: str
    first_on: date
    last_on: date
    price: Money | None
    distance: int | None
    is_locked: bool
    reason: StepReason


@dataclass(frozen=True)
class PathwayFacts:
    """A pathway as it stands. `parts` are (weekday 0 to 6, part of the day 0 to 2) that somebody has; empty: every time will do."""

    id: UUID
    edit_key: str
    read_key: str
    person_id: UUID | None
    goal: GoalKind
    programme_id: UUID | None
    occupation_uri: str
    skills: tuple[str, ...]
    diploma: str
    hours: int | None
    parts: frozenset[tuple[int, int]]
    postcode: str
    distance: int | None
    own_money: Money | None
    employer_money: Money | None
    starts_on: date | None
    chosen: Option | None
    version: int
    changed_at: datetime
    has: tuple[HasFacts, ...]
    steps: tuple[StepFacts, ...]
    without: frozenset[UUID]


@dataclass(frozen=True)
class RequirementWords:
    """A node of the goal in words: `key` as in the tree; of a module its id, of a skill its URI."""

    key: str
    kind: NodeKind
    title: Localized
    ec: Decimal | None = None
    number: int | None = None
    module_id: UUID | None = None
    skill_uri: str = ""


@dataclass(frozen=True)
class GoalFacts:
    """A goal. `ec` is what its type asks (120 for an Associate degree), `gap` what its requirements fall short of that; `words` by key of the node."""

    kind: GoalKind
    title: Localized
    provider_name: str
    slug: str
    ec: Decimal | None
    gap: Decimal
    at_home: Decimal
    entry_nlqf: str
    words: Mapping[str, RequirementWords]


@dataclass(frozen=True)
class CourseFacts:
    """A course of the problem, to be shown. `price` is what the learner pays after funding, `full_price` what it costs; None where not known."""

    key: str
    module_id: UUID
    module_slug: str
    title: Localized
    provider_slug: str
    provider_name: str
    offering_id: UUID | None
    offering_code: str
    first_on: date
    last_on: date
    ec: Decimal
    price: Money | None
    full_price: Money | None
    distance: int | None
    city: str
    weekdays: tuple[str, ...]
    part_of_day: str
    mode: str
    seats_left: int | None
    is_expected: bool


@dataclass(frozen=True)
class Gathered:
    """Everything there is to know for a route: the question for the solver, and the words for its answer. `first_on` is the first day of each period.

    `spent` is what the steps that are under way or obtained cost (whole cents) when they were planned: the limits are without it.
    """

    goal: GoalFacts
    problem: Problem
    courses: Mapping[str, CourseFacts]
    credits: tuple[Credit, ...]
    first_on: tuple[date, ...]
    circles: tuple[tuple[str, ...], ...]  # modules that need each other: nobody can begin with one of them
    spent: int = 0
