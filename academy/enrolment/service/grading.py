"""Use cases of results: the teacher drafts, the exam board decides.

Whoever writes results of a class holds its seat pools first (a class with people in it has at least one): so drafts, decisions and the choice
of a scale follow each other, and each compares what its reader saw with what is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.enrolment.errors import GradeUnreadable, ResultNotFound, ResultsChanged, ResultsTooEarly
from academy.enrolment.events import ResultFinal
from academy.enrolment.kinds import ResultScale
from academy.enrolment.models import Enrolment, Result
from academy.enrolment.queries import attending
from academy.enrolment.queries import results as queries
from academy.enrolment.queries.classes import IN_CLASS
from academy.enrolment.rules.results import ReopenReason, earned, read_grade
from academy.enrolment.service import seats
from academy.kernel.clock import amsterdam_day
from academy.kernel.outbox import announce
from academy.recognition import api as recognition


@dataclass(frozen=True)
class Entry:
    """What somebody fills in for an enrolment, and the grade that stood there when they began; "" for none."""

    enrolment_code: str
    text: str
    seen: str


def enter_results(
    session: Session, *, actor: Actor, provider_slug: str, code: str, scale: ResultScale, entries: Sequence[Entry], now: datetime,
) -> None:
    """Keep these grades as drafts; what is as it was is left alone, an empty one is taken away.

    Raises OfferingNotFound, ResultsTooEarly, GradeUnreadable, and ResultsChanged when somebody else changed one of them, made it final, or
    chose another scale meanwhile.
    """
    found = attending.class_for_teaching(session, actor, provider_slug, code)
    if found.of.offering.starts_on > amsterdam_day(now):
        raise ResultsTooEarly
    there = _locked(session, found)
    if any(row is not None and row.scale is not scale for row in there.values()):
        raise ResultsChanged
    for entry in entries:
        grade = read_grade(scale, entry.text) if entry.text else None
        if grade is None and entry.text:
            raise GradeUnreadable
        if entry.seen == (grade.written if grade else ""):
            continue
        row = there.get(entry.enrolment_code)
        if entry.enrolment_code not in there or entry.seen != (row.grade if row else "") or (row and row.final_at):
            raise ResultsChanged
        if row and not grade:
            session.delete(row)
        elif grade:
            learner = next(each for each in found.learners if each.code == entry.enrolment_code)
            session.merge(Result(
                enrolment_id=learner.enrolment_id, scale=scale, grade=grade.written, is_passed=grade.is_passed, entered_at=now,
                entered_by=actor.person_id, ec=earned(_credits(session, found, learner), is_passed=grade.is_passed),
            ))
    session.flush()


def make_final(session: Session, *, actor: Actor, provider_slug: str, code: str, seen: Mapping[str, str], now: datetime) -> None:
    """Make the drafts that the exam board saw, as {enrolment's code: grade}, final; each learner hears of it.

    Who agreed that this module counts elsewhere has those credits in the same commit. All or none. Raises OfferingNotFound, and ResultsChanged when one of them is not that draft any more.
    """
    found = queries.class_to_decide(session, actor, provider_slug, code)
    there = _locked(session, found)
    decided = {each: there.get(each) for each in seen}
    rows = [row for enrolment_code, row in decided.items() if row and row.final_at is None and row.grade == seen[enrolment_code]]
    if len(rows) != len(seen) or not rows:
        raise ResultsChanged
    for row in rows:
        row.final_at, row.final_by = now, actor.person_id
        announce(session, ResultFinal(row.enrolment_id))
    person_of = {each.enrolment_id: each.person_id for each in found.learners}
    results = {person_of[row.enrolment_id]: row.is_passed for row in rows}
    recognition.book_agreed_results(session, module_id=found.of.offering.module_id, results=results, by=actor.person_id, now=now)
    one = next(each for each in found.learners if each.enrolment_id == rows[0].enrolment_id) if len(rows) == 1 else None
    record(
        session, "result-final" if one else "results-final", actor_id=actor.person_id, now=now, organisation_id=found.of.provider_id,
        person_id=one.person_id if one else None, about="enrolment" if one else "offering",
        about_id=one.enrolment_id if one else found.of.offering.id,
        details={"offering": found.of.offering.code, "module": found.of.module_slug, "people": len(rows)},
    )


def reopen_result(
    session: Session, *, actor: Actor, provider_slug: str, code: str, enrolment_code: str, reason: ReopenReason, now: datetime,
) -> None:
    """Turn a final result back into a draft, so that a new decision can replace it; what counts elsewhere by it ends until then.

    Raises OfferingNotFound, ResultNotFound.
    """
    found = queries.class_to_decide(session, actor, provider_slug, code)
    learner = queries.final_in(session, found, enrolment_code)
    row = _locked(session, found).get(learner.code)
    if row is None or row.final_at is None:
        raise ResultNotFound
    row.final_at = row.final_by = None
    recognition.take_back_agreed_results(session, module_id=found.of.offering.module_id, person_id=learner.person_id, by=actor.person_id, now=now)
    record(
        session, "result-reopened", actor_id=actor.person_id, now=now, organisation_id=found.of.provider_id, person_id=learner.person_id,
        about="enrolment", about_id=learner.enrolment_id,
        details={"offering": found.of.offering.code, "module": found.of.module_slug, "reason": reason.value},
    )


def _locked(session: Session, found: attending.RunningClass) -> dict[str, Result | None]:
    """Return the result of each who is in the class now, by the enrolment's code, once nobody else can write them."""
    seats.lock_offering(session, found.of.offering.id)
    known = {each.enrolment_id: each.code for each in found.learners}
    rows = session.execute(
        select(Enrolment.id, Result).outerjoin(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(known), Enrolment.state.in_(IN_CLASS)).execution_options(populate_existing=True),
    )
    return {known[enrolment_id]: result for enrolment_id, result in rows}


def _credits(session: Session, found: attending.RunningClass, learner: attending.Learner) -> Decimal | None:
    """Return the credits of the module as it was when the learner enrolled: that is what one gets."""
    if learner.module_version == found.of.version:
        return found.of.ec
    return catalogue.module_version(session, found.of.offering.module_id, learner.module_version).content.ec
