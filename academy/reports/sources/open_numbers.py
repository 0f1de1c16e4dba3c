"""What the open numbers count, from the rows of each room: how many, of how many people, and how long it took. Nothing of anybody leaves this file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union
from sqlalchemy.orm import Session

from academy.catalogue.models import Offering
from academy.employers.kinds import DemandState, PoolState
from academy.employers.models import Demand, Pledge, Pool, PoolStep
from academy.enrolment.api import working_days, working_time
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import Attendance, Enrolment, EnrolmentStep, Result
from academy.kernel.clock import amsterdam_day, begin_of_day
from academy.kernel.outbox import MessageState, OutboxMessage
from academy.payments.kinds import FindingState
from academy.payments.models import Finding
from academy.recognition.kinds import DECIDED, DecisionGround, DecisionState, FileState, Route
from academy.recognition.models import Decision, FileStep, RecognitionFile
from academy.reports.rules.telling import Group, Times
from academy.reports.sources.searches import IN_VAIN
from academy.search.models import SearchEvent

HALF_A_YEAR: Final = timedelta(days=183)
_NOBODY: Final = Group(0, 0)


@dataclass(frozen=True)
class Span:
    """The days over which is counted: from the first up to `until`, which does not count itself. `since` and `end` are its moments in UTC."""

    first: date
    until: date

    @property
    def since(self) -> datetime:
        return begin_of_day(self.first)

    @property
    def end(self) -> datetime:
        return begin_of_day(self.until)

    def holds(self, moment: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of moments
        """Return the condition that a moment falls within it."""
        return and_(moment >= self.since, moment < self.end)


def searched(session: Session, span: Span) -> tuple[int, int]:
    """Return how often was searched, and how often fewer than three courses or only looser ones were found. One statement."""
    number, vain = session.execute(
        select(func.count(), func.count(case((IN_VAIN, 1)))).where(SearchEvent.day >= span.first, SearchEvent.day < span.until),
    ).one()
    return number, vain


def asked(session: Session, span: Span) -> tuple[Group, dict[str, Group]]:
    """Return how many seats were asked for, and what came of it: `confirmed` (also when it was given up later), `refused`, `ended` without a seat, or `open`. Two statements."""
    became = case(
        (Enrolment.confirmed_at < span.end, "confirmed"),
        (and_(Enrolment.state == EnrolmentState.REFUSED, Enrolment.ended_at < span.end), "refused"),
        (Enrolment.ended_at < span.end, "ended"), else_="open",
    )
    within = span.holds(Enrolment.asked_at)
    rows = session.execute(select(became, *_counts()).where(within).group_by(became))
    parts = {name: Group(number, people) for name, number, people in rows}
    whole = _group(session, select(*_counts()).where(within))
    return whole, {name: parts.get(name, _NOBODY) for name in ("confirmed", "refused", "ended", "open")}


def at_once(session: Session, span: Span) -> Group:
    """Return how many of the seats that were asked for needed no decision of the provider. One statement."""
    decided = select(EnrolmentStep.id).where(EnrolmentStep.enrolment_id == Enrolment.id, EnrolmentStep.why == Why.ADMISSION_ASKED)
    return _group(session, select(*_counts()).where(span.holds(Enrolment.asked_at), ~decided.exists()))


def admitted(session: Session, span: Span) -> Times:
    """Return in how many working days providers decided on admission. One statement."""
    asked_at = select(EnrolmentStep.enrolment_id, func.min(EnrolmentStep.at).label("at")).where(EnrolmentStep.why == Why.ADMISSION_ASKED).group_by(EnrolmentStep.enrolment_id).subquery()
    rows = session.execute(
        select(Enrolment.person_id, asked_at.c.at, func.min(EnrolmentStep.at))
        .join(asked_at, asked_at.c.enrolment_id == Enrolment.id).join(EnrolmentStep, EnrolmentStep.enrolment_id == Enrolment.id)
        .where(EnrolmentStep.why.in_((Why.ADMITTED, Why.NOT_ADMITTED)), span.holds(EnrolmentStep.at)).group_by(Enrolment.id, Enrolment.person_id, asked_at.c.at),
    )
    return _times((person, working_days(working_time(since, until))) for person, since, until in rows)


def waited(session: Session, span: Span) -> Times:
    """Return how many days people stood on a waiting list who then were given a seat. One statement."""
    seated = (EnrolmentState.OFFERED, EnrolmentState.HELD, EnrolmentState.CONFIRMED)
    rows = session.execute(
        select(Enrolment.person_id, Enrolment.queued_at, func.min(EnrolmentStep.at)).join(EnrolmentStep, EnrolmentStep.enrolment_id == Enrolment.id)
        .where(EnrolmentStep.from_state == EnrolmentState.WAITING, EnrolmentStep.to_state.in_(seated), Enrolment.queued_at.is_not(None), span.holds(EnrolmentStep.at))
        .group_by(Enrolment.id, Enrolment.person_id, Enrolment.queued_at),
    )
    return _times((person, _days(since, until)) for person, since, until in rows if since is not None)


def finished(session: Session, span: Span) -> tuple[Group, Group]:
    """Return who had a seat in classes that ended, and who of them passed. Two statements."""
    seated = (
        select(*_counts()).join(Offering, Offering.id == Enrolment.offering_id)
        .where(Offering.ends_on >= span.first, Offering.ends_on < span.until, Enrolment.state.in_((EnrolmentState.CONFIRMED, EnrolmentState.FINISHED)))
    )
    passed = seated.join(Result, Result.enrolment_id == Enrolment.id).where(Result.is_passed, Result.final_at < span.end)
    return _group(session, seated), _group(session, passed)


def graded(session: Session, span: Span) -> Times:
    """Return how many days after the last day of a class its results were final. One statement."""
    rows = session.execute(
        select(Enrolment.person_id, Offering.ends_on, Result.final_at).join(Result, Result.enrolment_id == Enrolment.id).join(Offering, Offering.id == Enrolment.offering_id)
        .where(span.holds(Result.final_at)),
    )
    return _times((person, max(0, (amsterdam_day(final_at) - ends_on).days)) for person, ends_on, final_at in rows if final_at is not None)


def attended(session: Session, span: Span) -> tuple[Group, Group]:
    """Return of how many meetings of learners the provider said whether they were there, and at how many they were. Two statements."""
    said = (
        select(func.count(), func.count(Enrolment.person_id.distinct())).select_from(Attendance).join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Attendance.meets_on >= span.first, Attendance.meets_on < span.until, Attendance.by_provider.is_not(None))
    )
    return _group(session, said), _group(session, said.where(Attendance.by_provider.is_(True)))


def decided(session: Session, span: Span) -> tuple[Group, Group, Times]:
    """Return how many files exam boards decided on for the first time, how many of them they granted whole or in part, and the days from sending to decision. Three statements."""
    first = and_(span.holds(Decision.decided_at), Decision.replaces_id.is_(None), Decision.ground.in_((DecisionGround.FILE, DecisionGround.PATTERN)))
    counted = select(func.count(), func.count(Decision.person_id.distinct())).where(first)
    granted = counted.where(Decision.state.in_((DecisionState.GRANTED, DecisionState.PARTIALLY_GRANTED)))
    sent = select(FileStep.file_id, func.min(FileStep.at).label("at")).where(FileStep.to_state == FileState.PORTFOLIO_SUBMITTED).group_by(FileStep.file_id).subquery()
    rows = session.execute(select(Decision.person_id, sent.c.at, Decision.decided_at).join(sent, sent.c.file_id == Decision.file_id).where(first))
    return _group(session, counted), _group(session, granted), _times((person, _days(since, until)) for person, since, until in rows)


def completed(session: Session, span: Span) -> tuple[Group, Group]:
    """Return how many files were opened in the same span half a year earlier, and how many of them ended within half a year in a certificate or decision. One statement."""
    ended = select(FileStep.file_id, func.min(FileStep.at).label("at")).where(
        or_(FileStep.to_state.in_(DECIDED), FileStep.to_state == FileState.REPORT_ISSUED),
        or_(FileStep.to_state != FileState.REPORT_ISSUED, select(RecognitionFile.id).where(RecognitionFile.id == FileStep.file_id, RecognitionFile.route == Route.LABOUR_MARKET).exists()),
    ).group_by(FileStep.file_id).subquery()
    rows = session.execute(
        select(RecognitionFile.person_id, RecognitionFile.made_at, ended.c.at).outerjoin(ended, ended.c.file_id == RecognitionFile.id)
        .where(RecognitionFile.made_at >= span.since - HALF_A_YEAR, RecognitionFile.made_at < span.end - HALF_A_YEAR),
    ).all()
    done = [person for person, made_at, ended_at in rows if ended_at is not None and ended_at - made_at <= HALF_A_YEAR]
    return Group(len(rows), len({person for person, _made, _ended in rows})), Group(len(done), len(set(done)))


def answered(session: Session, span: Span) -> tuple[Times, int]:
    """Return in how many working days demand had its first reply, and how much of it had none by the day that was promised. Two statements."""
    rows = session.execute(
        select(Demand.person_id, Demand.proven_at, Demand.answered_at).where(span.holds(Demand.answered_at), Demand.proven_at.is_not(None), Demand.person_id.is_not(None)),
    )
    late = session.scalar(
        select(func.count()).select_from(Demand).where(Demand.state == DemandState.OPEN, Demand.answer_by < span.end, Demand.answered_at.is_(None)),
    )
    return _times((person, working_days(working_time(since, until))) for person, since, until in rows if since is not None and until is not None), late or 0


def pools(session: Session, span: Span) -> tuple[int, int]:
    """Return how many pools became a class, and how many lapsed; one that was joined to another is neither. One statement."""
    rows = session.execute(
        select(PoolStep.to_state, func.count(PoolStep.pool_id.distinct())).join(Pool, Pool.id == PoolStep.pool_id)
        .where(PoolStep.to_state.in_((PoolState.CONFIRMED, PoolState.LAPSED)), span.holds(PoolStep.at), Pool.merged_into.is_(None)).group_by(PoolStep.to_state),
    )
    counts = {state: number for state, number in rows}  # noqa: C416 - a row is no pair to the type checker
    return counts.get(PoolState.CONFIRMED, 0), counts.get(PoolState.LAPSED, 0)


def firms(session: Session, span: Span) -> int:
    """Return how many firms and schools asked or pledged something, proven by their letter. One statement."""
    named = union(
        select(Demand.organisation_id).where(span.holds(Demand.proven_at), Demand.organisation_id.is_not(None)),
        select(Pledge.organisation_id).where(span.holds(Pledge.proven_at), Pledge.organisation_id.is_not(None)),
    ).subquery()
    return session.scalar(select(func.count()).select_from(named)) or 0


def waiting_for_a_person(session: Session, span: Span) -> tuple[int, int]:
    """Return how many messages could not be delivered, and how much about money is not right, that somebody has to look at. Two statements."""
    dead = session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == MessageState.DEAD, OutboxMessage.created_at < span.end))
    money = session.scalar(select(func.count()).select_from(Finding).where(Finding.state == FindingState.OPEN, Finding.opened_at < span.end))
    return dead or 0, money or 0


def _counts() -> tuple[Any, Any]:
    return func.count(Enrolment.id), func.count(Enrolment.person_id.distinct())


def _group(session: Session, question: Select[int, int]) -> Group:
    number, people = session.execute(question).one()
    return Group(number, people)


def _times(each: Iterable[tuple[Any, int]]) -> Times:
    found = list(each)
    return Times(tuple(days for _person, days in found), len({person for person, _days_taken in found}))


def _days(since: datetime, until: datetime) -> int:
    return (amsterdam_day(until) - amsterdam_day(since)).days
