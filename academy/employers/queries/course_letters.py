"""Reads for letters about company courses, whoever asks."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import OrganisationKind
from academy.employers.kinds import CourseStage
from academy.employers.models import CompanyCourse
from academy.employers.policy import WHO_ACT, WHO_EDIT


@dataclass(frozen=True)
class CourseTold:
    """A company course that has a level until a day, and who keeps it."""

    id: UUID
    code: str
    level_until: date
    keepers: tuple[accounts.PersonFacts, ...]


def course_told(session: Session, course_id: UUID) -> CourseTold | None:
    """Return a course with its keepers at the organisation; None when it is gone, or has no level any more."""
    row = session.get(CompanyCourse, course_id, populate_existing=True)
    if row is None or row.stage is not CourseStage.LEVEL_GRANTED or row.level_until is None:
        return None
    there = accounts.organisation(session, row.organisation_id)
    roles = WHO_EDIT if there.kind is OrganisationKind.PROVIDER else WHO_ACT
    return CourseTold(row.id, row.code, row.level_until, tuple(accounts.people_in_role(session, *roles, organisation_id=there.id)))
