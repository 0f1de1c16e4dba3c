"""Reads of company courses that are on their way to a level."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.employers.errors.requests import CourseNotFound
from academy.employers.kinds import CourseStage
from academy.employers.models import CompanyCourse, CourseStep
from academy.employers.policy import may_broker, rights_at
from academy.employers.rules.accrediting import reminded_from
from academy.kernel.clock import amsterdam_day

_KEEPERS = {Role.OWNER, Role.EDITOR}


@dataclass(frozen=True)
class CourseFacts:
    """A company course and how far it is; `steps` are stage, day and link to its documents, the first one first."""

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
    steps: tuple[tuple[CourseStage, date, str], ...]


def may_keep(session: Session, actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether somebody keeps the courses of an organisation: acts for the firm, edits at the provider, or works at the programme office."""
    memberships = accounts.memberships_of(session, actor.person_id)
    edits = any(
        one.organisation_id == organisation_id and one.kind is OrganisationKind.PROVIDER and one.role in _KEEPERS for one in memberships
    )
    return edits or rights_at(memberships, organisation_id).act or may_broker(memberships)


def course_to_keep(session: Session, actor: Actor, code: str) -> CourseFacts:
    """Return a course for who keeps it. Raises CourseNotFound."""
    row = session.scalars(
        select(CompanyCourse).where(CompanyCourse.code == code.upper()).execution_options(populate_existing=True),
    ).one_or_none()
    if row is None or not may_keep(session, actor, row.organisation_id):
        raise CourseNotFound
    return _facts(session, [row])[0]


def courses_of(session: Session, organisation_id: UUID | None = None) -> list[CourseFacts]:
    """Return the courses of an organisation, or of all of them, by title; the caller checks who reads."""
    wanted = select(CompanyCourse).order_by(CompanyCourse.title, CompanyCourse.id)
    if organisation_id is not None:
        wanted = wanted.where(CompanyCourse.organisation_id == organisation_id)
    return _facts(session, list(session.scalars(wanted)))


def levels_to_tell(session: Session, *, now: datetime) -> list[UUID]:
    """Return the courses whose level ends within a year, and whose keepers did not hear that yet."""
    rows = session.execute(
        select(CompanyCourse.id, CompanyCourse.level_until)
        .where(CompanyCourse.stage == CourseStage.LEVEL_GRANTED, CompanyCourse.reminded_at.is_(None)).order_by(CompanyCourse.id),
    )
    today = amsterdam_day(now)
    return [course_id for course_id, until in rows if until is not None and today >= reminded_from(until)]


def _facts(session: Session, rows: list[CompanyCourse]) -> list[CourseFacts]:
    steps: dict[UUID, list[tuple[CourseStage, date, str]]] = {}
    for one in session.scalars(select(CourseStep).where(CourseStep.course_id.in_([row.id for row in rows])).order_by(CourseStep.id)):
        steps.setdefault(one.course_id, []).append((one.stage, one.on_day, one.link))
    return [
        CourseFacts(
            row.id, row.code, row.organisation_id, row.title, row.stage, row.nlqf, row.register_code, row.level_from, row.level_until, row.made_at,
            tuple(steps.get(row.id, ())),
        )
        for row in rows
    ]
