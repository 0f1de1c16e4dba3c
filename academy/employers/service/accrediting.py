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
from academy.employers.queries.courses import CourseFacts, StepFacts
from academy.employers.rules.accrediting import LEVELS, may_become, valid_until
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

_LINKS: Final = ("https://", "http://")


def begin_course(
    session: Session, *, actor: Actor, organisation_id: UUID, title: str, nlqf: str = "", request_key: UUID | None = None, now: datetime,
) -> str:
    """Begin to follow a course of an organisation, with the level hoped for if any; returns its code. With a key, the same one sent twice is one course.

    Raises CourseNotFound for who may not, StageWrong for no title, or a level that is none.
    """
    if not courses.may_keep(session, actor, organisation_id):
        raise CourseNotFound
    if not title.strip() or nlqf not in {"", *LEVELS}:
        raise StageWrong
    course_id = request_key or new_id()
    begun = insert_for(session, CompanyCourse).values(
        id=course_id, code=short_code(), organisation_id=organisation_id, title=title.strip(), stage=CourseStage.PREPARING, nlqf=nlqf, register_code="",
        made_at=now,
    )
    if session.scalar(begun.on_conflict_do_nothing(index_elements=["id"]).returning(CompanyCourse.id)) is None:
        return _begun_before(session, course_id, organisation_id)
    step = StepFacts(new_id(), CourseStage.PREPARING, amsterdam_day(now), "", nlqf, "")
    _note(session, course_id, organisation_id, actor, step, now=now)
    return session.get_one(CompanyCourse, course_id).code


def _begun_before(session: Session, course_id: UUID, organisation_id: UUID) -> str:
    there = session.get_one(CompanyCourse, course_id)
    if there.organisation_id != organisation_id:
        raise CourseNotFound  # a key that no page of ours gave
    return there.code


def note_stage(
    session: Session, *, actor: Actor, code: str, stage: CourseStage, on_day: date, link: str = "", nlqf: str = "", register_code: str = "",
    now: datetime,
) -> None:
    """Write down that a course came to a stage on a day, with a link to the documents; the same step sent twice is one. A granted level names itself and
    its code in the register, and counts for six years. Raises CourseNotFound, and StageWrong for a step that does not follow, a day to come or before
    that of the step before, or a level without its code.
    """
    found = courses.course_to_keep(session, actor, code)
    if _is_last(found, stage, on_day, link):
        return
    is_granted = stage is CourseStage.LEVEL_GRANTED
    if (
        not may_become(found.stage, stage) or not (found.last_day or date.min) <= on_day <= amsterdam_day(now) or (link and not link.startswith(_LINKS))
        or (is_granted and (nlqf not in LEVELS or not register_code.strip()))
    ):
        raise StageWrong
    level = (nlqf, register_code.strip()) if is_granted else (found.nlqf, found.register_code)
    step = StepFacts(new_id(), stage, on_day, link, *level)
    if _move(session, found, step):
        _note(session, found.id, found.organisation_id, actor, step, now=now)
    elif not _is_last(courses.course_to_keep(session, actor, code), stage, on_day, link):
        raise StageWrong  # somebody was quicker


def _is_last(found: CourseFacts, stage: CourseStage, on_day: date, link: str) -> bool:
    last = found.steps[-1]
    return (last.stage, last.on_day, last.link) == (stage, on_day, link)


def take_back_step(session: Session, *, actor: Actor, code: str, step_id: UUID | None, now: datetime) -> None:
    """Take back the last step of a course, which was noted wrongly: the course is again where it was, and both stay written down. Repeatable.

    Raises CourseNotFound, and StageWrong for another step than the last, or for having begun.
    """
    found = courses.course_to_keep(session, actor, code)
    *before, last = found.steps
    if last.id == step_id and before and _move(session, found, before[-1]):
        again = before[-1]
        _add(session, found.id, StepFacts(new_id(), again.stage, again.on_day, again.link, again.nlqf, again.register_code), takes_back=last.id, now=now)
        record(
            session, "company-course-step-taken-back", actor_id=actor.person_id, now=now, organisation_id=found.organisation_id, about="company_course",
            about_id=found.id, details={"stage": last.stage.value, "again": again.stage.value},
        )
    elif all(step.id != step_id for step, _at in courses.course_to_keep(session, actor, code).taken_back):
        raise StageWrong


def remind_level(session: Session, course_id: UUID, *, now: datetime) -> None:
    """Tell once that the level of a course ends within a year. Repeatable."""
    due = update(CompanyCourse).where(
        CompanyCourse.id == course_id, CompanyCourse.stage == CourseStage.LEVEL_GRANTED, CompanyCourse.reminded_at.is_(None),
    )
    if rows_changed(session, due.values(reminded_at=now).execution_options(synchronize_session=False)) == 1:
        announce(session, LevelEnds(course_id))


def _move(session: Session, found: CourseFacts, to: StepFacts) -> bool:
    """Let a course be where a step says it is; False when it was no longer where it was found."""
    is_granted = to.stage is CourseStage.LEVEL_GRANTED
    moved = update(CompanyCourse).where(CompanyCourse.id == found.id, CompanyCourse.stage == found.stage).values(
        stage=to.stage, nlqf=to.nlqf, register_code=to.register_code, level_from=to.on_day if is_granted else None,
        level_until=valid_until(to.on_day) if is_granted else None, reminded_at=None,
    )
    return rows_changed(session, moved.execution_options(synchronize_session=False)) == 1


def _note(session: Session, course_id: UUID, organisation_id: UUID, actor: Actor, step: StepFacts, *, now: datetime) -> None:
    _add(session, course_id, step, takes_back=None, now=now)
    record(
        session, "company-course-noted", actor_id=actor.person_id, now=now, organisation_id=organisation_id, about="company_course", about_id=course_id,
        details={"stage": step.stage.value},
    )


def _add(session: Session, course_id: UUID, step: StepFacts, *, takes_back: UUID | None, now: datetime) -> None:
    session.add(CourseStep(
        id=step.id, course_id=course_id, stage=step.stage, on_day=step.on_day, link=step.link, nlqf=step.nlqf, register_code=step.register_code,
        takes_back_id=takes_back, at=now,
    ))
    session.flush()
