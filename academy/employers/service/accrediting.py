"""A company's own course, followed on its way to a level of NLQF. What is decided is decided by NCP NLQF: its keepers write it down, with a link."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.employers.errors.requests import CourseNotFound, StageWrong
from academy.employers.events import LevelEnds
from academy.employers.kinds import CourseStage
from academy.employers.models import CompanyCourse, CourseStep
from academy.employers.queries import courses
from academy.employers.rules.accrediting import LEVELS, may_become, valid_until
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

_LINKS: Final = ("https://", "http://")


def begin_course(session: Session, *, actor: Actor, organisation_id: UUID, title: str, nlqf: str = "", now: datetime) -> str:
    """Begin to follow a course of an organisation, with the level hoped for if any; returns its code. Raises CourseNotFound for who may not, StageWrong
    for no title, or a level that is none.
    """
    if not courses.may_keep(session, actor, organisation_id):
        raise CourseNotFound
    if not title.strip() or nlqf not in {"", *LEVELS}:
        raise StageWrong
    row = CompanyCourse(
        id=new_id(), code=short_code(), organisation_id=organisation_id, title=title.strip(), stage=CourseStage.PREPARING, nlqf=nlqf, made_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row.id, organisation_id, CourseStage.PREPARING, actor, on_day=amsterdam_day(now), link="", now=now)
    return row.code


def note_stage(
    session: Session, *, actor: Actor, code: str, stage: CourseStage, on_day: date, link: str = "", nlqf: str = "", register_code: str = "",
    now: datetime,
) -> None:
    """Write down that a course came to a stage on a day, with a link to the documents. A granted level names itself and its code in the register, and
    counts for six years. Raises CourseNotFound, and StageWrong for a step that does not follow, a day to come, or a level without its code.
    """
    found = courses.course_to_keep(session, actor, code)
    is_granted = stage is CourseStage.LEVEL_GRANTED
    if (
        not may_become(found.stage, stage) or on_day > amsterdam_day(now) or (link and not link.startswith(_LINKS))
        or (is_granted and (nlqf not in LEVELS or not register_code.strip()))
    ):
        raise StageWrong
    values: dict[str, object] = {"level_from": None, "level_until": None, "reminded_at": None}
    if is_granted:
        values |= {"level_from": on_day, "level_until": valid_until(on_day), "nlqf": nlqf, "register_code": register_code.strip()}
    moved = update(CompanyCourse).where(CompanyCourse.id == found.id, CompanyCourse.stage == found.stage).values(stage=stage, **values)
    if rows_changed(session, moved.execution_options(synchronize_session=False)) != 1:
        raise StageWrong  # somebody was quicker
    _note(session, found.id, found.organisation_id, stage, actor, on_day=on_day, link=link, now=now)


def remind_level(session: Session, course_id: UUID, *, now: datetime) -> None:
    """Tell once that the level of a course ends within a year. Repeatable."""
    due = update(CompanyCourse).where(
        CompanyCourse.id == course_id, CompanyCourse.stage == CourseStage.LEVEL_GRANTED, CompanyCourse.reminded_at.is_(None),
    )
    if rows_changed(session, due.values(reminded_at=now).execution_options(synchronize_session=False)) == 1:
        announce(session, LevelEnds(course_id))


def _note(
    session: Session, course_id: UUID, organisation_id: UUID, stage: CourseStage, actor: Actor, *, on_day: date, link: str, now: datetime,
) -> None:
    session.add(CourseStep(id=new_id(), course_id=course_id, stage=stage, on_day=on_day, link=link, at=now))
    session.flush()
    record(
        session, "company-course-noted", actor_id=actor.person_id, now=now, organisation_id=organisation_id, about="company_course", about_id=course_id,
        details={"stage": stage.value},
    )
