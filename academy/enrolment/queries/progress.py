"""How people fare in a class, for who pays their seat: the caller has asked each of them whether that may be seen."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.enrolment.models import Attendance, Result


@dataclass(frozen=True)
class Progress:
    """At how many meetings somebody was, of how many the provider spoke; and whether they passed, None as long as that is not final."""

    been: int
    told: int
    is_passed: bool | None
    grade: str


def progress_of(session: Session, *, attendance: Collection[UUID], results: Collection[UUID]) -> dict[UUID, Progress]:
    """Return how people fare, by enrolment: who was there of the enrolments in `attendance`, the final results of those in `results`."""
    said: defaultdict[UUID, list[bool]] = defaultdict(list)
    for enrolment_id, was_there in session.execute(
        select(Attendance.enrolment_id, Attendance.by_provider).where(Attendance.enrolment_id.in_(attendance), Attendance.by_provider.is_not(None)),
    ):
        said[enrolment_id].append(bool(was_there))
    final = {
        row.enrolment_id: (row.is_passed, row.grade)
        for row in session.execute(
            select(Result.enrolment_id, Result.is_passed, Result.grade).where(Result.enrolment_id.in_(results), Result.final_at.is_not(None)),
        )
    }
    return {
        each: Progress(sum(said[each]), len(said[each]), *final.get(each, (None, "")))
        for each in {*attendance, *results}
    }
