"""Reads of what waits for a provider: who asks to be admitted, and which seats are paid to the provider itself and are not paid yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.errors import RequestNotFound
from academy.enrolment.kinds import LIVE_STATES, EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, EnrolmentStep, EntryClaim
from academy.enrolment.queries.admission import known_of_each
from academy.enrolment.queries.mine import EnrolmentFacts, as_agreed, enrolment
from academy.enrolment.rules.working_time import ANSWERS_COUNTED, working_time

_SHOWN: Final = 50
_PAID_LATE: Final = timedelta(days=30)  # money that was sent in time is here by then
_PROMISES: Final = (Why.PAYMENT_PROMISED, Why.ADMITTED)
_SEEKS_ADMISSION: Final = Enrolment.waits_for == WaitsFor.PROVIDER
_PAID_THERE: Final = and_(Enrolment.block_id.is_(None), or_(Enrolment.is_business, Enrolment.group_id.is_not(None)))  # of other seats the bank tells that they are paid
_OWES: Final = and_(Enrolment.waits_for == WaitsFor.PAYMENT, _PAID_THERE)


@dataclass(frozen=True)
class RequestFacts:
    """What a provider can answer: who, for which class, since when, and for admission what is asked and not met.

    `waits_for` is PROVIDER or PAYMENT; None where the time to pay ran out, and money may come all the same. `level` is the NLQF level of the
    diploma that the person says to have, "" for not said.
    """

    code: str
    name: str
    email: str
    waits_for: WaitsFor | None
    asked_at: datetime
    until: datetime | None
    statement: str
    level: str
    diploma: str
    unmet: tuple[catalogue.Prerequisite, ...]
    of: catalogue.OfferingOfModule


@dataclass(frozen=True)
class Inbox:
    """The oldest that waits, how much there is of it, and how long each answer of the last ninety days took."""

    there: catalogue.Workspace
    rows: tuple[RequestFacts, ...]
    count: int
    answers: tuple[timedelta, ...]


def inbox(session: Session, actor: Actor, provider_slug: str, *, now: datetime) -> Inbox:
    """Return what the actor can answer at a provider, the oldest first, at most fifty. Raises ProviderNotFound."""
    there = catalogue.workspace_for_answering(session, actor, provider_slug)
    wanted = _answerable(there, now)
    asked = _asked_at()
    rows = session.execute(select(Enrolment, asked.label("asked")).where(wanted).order_by(asked, Enrolment.id).limit(_SHOWN)).all()
    count = session.scalar(select(func.count()).select_from(Enrolment).where(wanted)) or 0
    return Inbox(there, tuple(_facts(session, rows)), count, answers_of(session, there.provider.id, now=now))


def waiting_at(session: Session, there: catalogue.Workspace) -> tuple[int, int]:
    """Return how many wait for a decision about admission, and how many seats for money of which the provider tells, as far as the reader can answer them."""
    counts = dict(session.execute(
        select(Enrolment.waits_for, func.count()).where(_waiting(there)).group_by(Enrolment.waits_for),
    ).all())
    return counts.get(WaitsFor.PROVIDER, 0), counts.get(WaitsFor.PAYMENT, 0)


def request_of(session: Session, actor: Actor, provider_slug: str, code: str) -> EnrolmentFacts:
    """Return an enrolment of which the actor decides about admission. Raises ProviderNotFound, RequestNotFound."""
    there = catalogue.workspace_for_answering(session, actor, provider_slug)
    return _enrolment_at(session, there, code, may=there.rights.admit)


def payment_of(session: Session, actor: Actor, provider_slug: str, code: str) -> EnrolmentFacts:
    """Return an enrolment of which the actor can say that it is paid, because it is not paid on the platform. Raises ProviderNotFound, RequestNotFound."""
    there = catalogue.workspace_for_answering(session, actor, provider_slug)
    found = _enrolment_at(session, there, code, may=there.rights.plan)
    if not found.is_paid_elsewhere:
        raise RequestNotFound
    return found


def _enrolment_at(session: Session, there: catalogue.Workspace, code: str, *, may: bool) -> EnrolmentFacts:
    enrolment_id = session.scalar(
        select(Enrolment.id).where(Enrolment.code == code.upper(), Enrolment.offering_id.in_(catalogue.offerings_at(there.provider.id))),
    )
    found = None if enrolment_id is None or not may else enrolment(session, enrolment_id)
    if found is None:
        raise RequestNotFound
    return found


def reason_for(session: Session, enrolment_id: UUID) -> str:
    """Return why the provider did not admit a person, as the learner reads it; "" when it did."""
    refused = select(EnrolmentStep.note).where(EnrolmentStep.enrolment_id == enrolment_id, EnrolmentStep.why == Why.NOT_ADMITTED)
    return session.scalar(refused) or ""


def answers_of(session: Session, provider_id: UUID, *, now: datetime) -> tuple[timedelta, ...]:
    """Return how long each question for admission of the last ninety days waited, in working time; one that ran out waited until then."""
    asked, answer = aliased(EnrolmentStep), aliased(EnrolmentStep)
    rows = session.execute(
        select(asked.at, answer.at)
        .join(answer, answer.enrolment_id == asked.enrolment_id)
        .join(Enrolment, Enrolment.id == answer.enrolment_id)
        .where(
            asked.why == Why.ADMISSION_ASKED, answer.from_state == EnrolmentState.REQUESTED,
            answer.why.in_((Why.ADMITTED, Why.NOT_ADMITTED, Why.TIME_RAN_OUT)), answer.at >= now - ANSWERS_COUNTED,
            Enrolment.offering_id.in_(catalogue.offerings_at(provider_id)),
        ),
    ).all()
    return tuple(working_time(since, until) for since, until in rows)


def _answerable(there: catalogue.Workspace, now: datetime) -> ColumnElement[bool]:
    """Say what the reader can answer: what waits, and what was not paid in time while money may still come."""
    again = aliased(Enrolment)
    promised = exists().where(EnrolmentStep.enrolment_id == Enrolment.id, EnrolmentStep.to_state == EnrolmentState.HELD, EnrolmentStep.why.in_(_PROMISES))
    has_another = exists().where(
        again.person_id == Enrolment.person_id, again.offering_id == Enrolment.offering_id, again.state.in_(LIVE_STATES),
    )
    late = and_(Enrolment.state == EnrolmentState.EXPIRED, _PAID_THERE, Enrolment.ended_at > now - _PAID_LATE, promised, ~has_another)
    return or_(_waiting(there), and_(_at(there), late) if there.rights.plan else false())


def _waiting(there: catalogue.Workspace) -> ColumnElement[bool]:
    mine = [seeks for seeks, may in ((_SEEKS_ADMISSION, there.rights.admit), (_OWES, there.rights.plan)) if may]
    return and_(_at(there), or_(false(), *mine))


def _at(there: catalogue.Workspace) -> ColumnElement[bool]:
    offerings: Select[UUID] = catalogue.offerings_at(there.provider.id)
    return Enrolment.offering_id.in_(offerings)


def _asked_at() -> ScalarSelect[Any]:
    """Say since when an enrolment waits for what it waits for."""
    whys = (Why.ADMISSION_ASKED, *_PROMISES)
    return (
        select(func.max(EnrolmentStep.at)).where(EnrolmentStep.enrolment_id == Enrolment.id, EnrolmentStep.why.in_(whys))
        .correlate(Enrolment).scalar_subquery()
    )


def _facts(session: Session, rows: Sequence[Row[Any]]) -> Iterable[RequestFacts]:
    who = {row.Enrolment.person_id for row in rows}
    offerings = catalogue.offerings_by_id(session, {row.Enrolment.offering_id for row in rows})
    people, known = accounts.people(session, who), known_of_each(session, who)
    diplomas = dict(session.execute(select(EntryClaim.person_id, EntryClaim.diploma).where(EntryClaim.person_id.in_(who))).all())
    for row in rows:
        one: Enrolment = row.Enrolment
        of, person = as_agreed(offerings[one.offering_id], one.agreed_price), people[one.person_id]
        asks = of.prerequisites if one.waits_for is WaitsFor.PROVIDER else None
        yield RequestFacts(
            code=one.code, name=person.name, email=person.email, waits_for=one.waits_for, asked_at=row.asked, until=one.until,
            statement=one.statement, level=known[one.person_id].nlqf if asks else "", diploma=diplomas.get(one.person_id, "") if asks else "",
            unmet=() if asks is None else tuple(catalogue.unmet(asks, known[one.person_id], provider=of.provider_slug)), of=of,
        )
