"""Reads of company courses that are on their way to a level."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationFacts, OrganisationKind
from academy.employers.errors.requests import CourseNotFound
from academy.employers.kinds import CourseStage
from academy.employers.models import CompanyCourse, CourseStep
from academy.employers.policy import WHO_EDIT, may_broker, rights_at
from academy.employers.rules.accrediting import reminded_from
from academy.kernel.clock import amsterdam_day

SHOWN: Final = 50  # courses on one page of the programme office


@dataclass(frozen=True)
class StepFacts:
    """One step of a course: the stage it came to, when, the link to its documents, and the level and its code from there on."""

    id: UUID
    stage: CourseStage
    on_day: date
    link: str
    nlqf: str
    register_code: str


@dataclass(frozen=True)
class CourseFacts:
    """A company course and how far it is; `steps` stand, the first one first, and `taken_back` were noted wrongly, each with the moment it was taken back."""

    id: UUID
    code: str
    organisation_id: UUID
    title: str
    stage: CourseStage
    nlqf: str
    register_code: str
    level_from: date | None
    level_until: date | None
    made_at: datetime
    reminded_at: datetime | None
    steps: tuple[StepFacts, ...]
    taken_back: tuple[tuple[StepFacts, datetime], ...]

    @property
    def last_day(self) -> date | None:
        """The day before which no next step can have been; None as long as nothing was asked (who begins here may have asked long before)."""
        return self.steps[-1].on_day if self.stage is not CourseStage.PREPARING else None


@dataclass(frozen=True)
class CoursesAt:
    """The courses of one organisation, for who keeps them; whether that is one of its own people, or the programme office."""

    organisation: OrganisationFacts
    courses: tuple[CourseFacts, ...]
    is_ours: bool


@dataclass(frozen=True)
class CourseAt:
    """One course, for who keeps it."""

    organisation: OrganisationFacts
    course: CourseFacts
    is_ours: bool


@dataclass(frozen=True)
class AllCourses:
    """What the programme office looks at: courses with the name of their organisation, how many there are at each stage, and how many of what was asked."""

    lines: tuple[tuple[CourseFacts, str], ...]
    counts: dict[CourseStage, int]
    number: int


def may_keep(session: Session, actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether somebody keeps the courses of an organisation: acts for the firm, edits at the provider, or works at the programme office."""
    memberships = accounts.memberships_of(session, actor.person_id)
    return _are_theirs(memberships, organisation_id) or may_broker(memberships)


def _are_theirs(memberships: Iterable[accounts.MembershipFacts], organisation_id: UUID) -> bool:
    edits = any(
        one.organisation_id == organisation_id and one.kind is OrganisationKind.PROVIDER and one.role in WHO_EDIT for one in memberships
    )
    return edits or rights_at(memberships, organisation_id).act


def course_to_keep(session: Session, actor: Actor, code: str) -> CourseFacts:
    """Return a course for who keeps it. Raises CourseNotFound."""
    row = session.scalars(
        select(CompanyCourse).where(CompanyCourse.code == code.upper()).execution_options(populate_existing=True),
    ).one_or_none()
    if row is None or not may_keep(session, actor, row.organisation_id):
        raise CourseNotFound
    return _facts(session, [row])[0]


def course_at(session: Session, actor: Actor, code: str) -> CourseAt:
    """Return a course with its organisation, for who keeps it. Raises CourseNotFound."""
    course = course_to_keep(session, actor, code)
    is_ours = _are_theirs(accounts.memberships_of(session, actor.person_id), course.organisation_id)
    return CourseAt(accounts.organisation(session, course.organisation_id), course, is_ours)


def courses_at(session: Session, actor: Actor, slug: str) -> CoursesAt:
    """Return the courses of an organisation, for who keeps them: what ends first, and then by title. Raises CourseNotFound."""
    memberships, there = accounts.memberships_of(session, actor.person_id), accounts.organisation_with_slug(session, slug)
    if there is None or not (_are_theirs(memberships, there.id) or may_broker(memberships)):
        raise CourseNotFound
    found = sorted(courses_of(session, there.id), key=lambda one: one.level_until or date.max)
    return CoursesAt(there, tuple(found), _are_theirs(memberships, there.id))


def courses_of(session: Session, organisation_id: UUID) -> list[CourseFacts]:
    """Return the courses of an organisation, by title; the caller checks who reads."""
    wanted = select(CompanyCourse).where(CompanyCourse.organisation_id == organisation_id).order_by(CompanyCourse.title, CompanyCourse.id)
    return _facts(session, list(session.scalars(wanted)))


def all_courses(session: Session, actor: Actor, *, stage: CourseStage | None = None, page: int = 1, most: int = SHOWN) -> AllCourses:
    """Return a page of all courses for the programme office, or of those at one stage: what ends first, and then by title. Raises CourseNotFound."""
    if not may_broker(accounts.memberships_of(session, actor.person_id)):
        raise CourseNotFound
    counted = session.execute(select(CompanyCourse.stage, func.count()).group_by(CompanyCourse.stage))
    counts = dict.fromkeys(CourseStage, 0) | dict(counted.all())
    wanted = select(CompanyCourse).order_by(CompanyCourse.level_until.is_(None), CompanyCourse.level_until, CompanyCourse.title, CompanyCourse.id)
    if stage is not None:
        wanted = wanted.where(CompanyCourse.stage == stage)
    found = _facts(session, list(session.scalars(wanted.limit(most).offset((page - 1) * most))))
    names = accounts.organisation_names(session, {one.organisation_id for one in found})
    return AllCourses(tuple((one, names[one.organisation_id]) for one in found), counts, sum(counts.values()) if stage is None else counts[stage])


def levels_to_tell(session: Session, *, now: datetime) -> list[UUID]:
    """Return the courses whose level ends within a year, and whose keepers did not hear that yet."""
    rows = session.execute(
        select(CompanyCourse.id, CompanyCourse.level_until)
        .where(CompanyCourse.stage == CourseStage.LEVEL_GRANTED, CompanyCourse.reminded_at.is_(None)).order_by(CompanyCourse.id),
    )
    today = amsterdam_day(now)
    return [course_id for course_id, until in rows if until is not None and today >= reminded_from(until)]


def _facts(session: Session, rows: list[CompanyCourse]) -> list[CourseFacts]:
    steps: dict[UUID, list[CourseStep]] = {}
    for one in session.scalars(select(CourseStep).where(CourseStep.course_id.in_([row.id for row in rows])).order_by(CourseStep.id)) if rows else ():
        steps.setdefault(one.course_id, []).append(one)
    return [_course(row, steps.get(row.id, [])) for row in rows]


def _course(row: CompanyCourse, steps: list[CourseStep]) -> CourseFacts:
    taken_back = {one.takes_back_id: one.at for one in steps if one.takes_back_id is not None}
    noted = [one for one in steps if one.takes_back_id is None]
    return CourseFacts(
        row.id, row.code, row.organisation_id, row.title, row.stage, row.nlqf, row.register_code, row.level_from, row.level_until, row.made_at,
        row.reminded_at, tuple(_step(one) for one in noted if one.id not in taken_back),
        tuple((_step(one), taken_back[one.id]) for one in noted if one.id in taken_back),
    )


def _step(row: CourseStep) -> StepFacts:
    return StepFacts(row.id, row.stage, row.on_day, row.link, row.nlqf, row.register_code)
