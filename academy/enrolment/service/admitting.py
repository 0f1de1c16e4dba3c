"""Answers of a provider to who wants in: admitted or not, and whether the money is there."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, is_recorded, record
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.errors import EnrolmentNotFound, RequestAnswered
from academy.enrolment.events import AdmissionRefused, EnrolmentConfirmed, RefundDue, SeatsChanged
from academy.enrolment.kinds import LIVE_STATES, EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, EnrolmentStep
from academy.enrolment.queries.inbox import payment_of, request_of
from academy.enrolment.service import block_seats, paying, seats
from academy.enrolment.service.changes import add_enrolment, change
from academy.enrolment.service.holding import go_on
from academy.enrolment.service.passing_on import fill_from_line
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

_SURE: Final = (EnrolmentState.CONFIRMED, EnrolmentState.FINISHED)


class Settlement(StrEnum):
    """What came of money that arrived for a seat."""

    SEATED = "seated"
    REFUND_DUE = "refund-due"


def admit(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> EnrolmentState:
    """Admit a person, who then has the seat or still has to pay; returns which. Raises ProviderNotFound, RequestNotFound, RequestAnswered."""
    facts = request_of(session, actor, provider_slug, code)
    is_open = facts.state is EnrolmentState.REQUESTED
    if not is_open or not go_on(session, facts, needs_decision=False, by=actor.person_id, now=now, why=Why.ADMITTED):
        raise RequestAnswered(provider_slug)
    _record(session, "admission-given", actor, facts, now=now)
    return queries.state_of(session, facts.id)


def refuse(session: Session, *, actor: Actor, provider_slug: str, code: str, reason: str, now: datetime) -> None:
    """Do not admit a person, who reads the reason; the seat goes to the first in line. Raises ProviderNotFound, RequestNotFound, RequestAnswered."""
    facts = request_of(session, actor, provider_slug, code)
    block_seats.lock_for_giving_on(session, [(facts.pool_id, facts.block_id)])
    refused = change(
        session, facts.id, EnrolmentState.REQUESTED, EnrolmentState.REFUSED, why=Why.NOT_ADMITTED, by=actor.person_id, now=now, note=reason,
    )
    if not refused:
        raise RequestAnswered(provider_slug)
    block_seats.give_on(session, facts, now=now)
    announce(session, AdmissionRefused(facts.id))
    _record(session, "admission-refused", actor, facts, now=now)


def confirm_payment(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> Settlement:
    """Say that the provider was paid for a seat; returns what came of it. Raises ProviderNotFound, RequestNotFound, RequestAnswered."""
    facts = payment_of(session, actor, provider_slug, code)
    if facts.state is not EnrolmentState.EXPIRED and facts.waits_for is not WaitsFor.PAYMENT:
        raise RequestAnswered(provider_slug)
    settled = settle(session, facts.id, now=now, by=actor.person_id)
    _record(session, "payment-received", actor, facts, now=now)
    return settled


def settle(session: Session, enrolment_id: UUID, *, now: datetime, by: UUID | None = None) -> Settlement:
    """Give who paid the seat, or tell that the money goes back (`RefundDue`): nobody pays and has neither. Repeatable.

    A seat that went on because the time to pay was up is taken again where one is free, nobody waits for it, and whoever else had promised to pay
    of it still can. Money that nobody asked for,
    or for a seat that was given back or called off, goes back. Raises EnrolmentNotFound; DatabaseBusy asks to start over.
    """
    facts = queries.enrolment(session, enrolment_id)
    if facts is None:
        raise EnrolmentNotFound
    seats.lock(session, [facts.pool_id])
    state, waits_for = session.execute(  # as it is now that nobody else can pass seats on
        select(Enrolment.state, Enrolment.waits_for).where(Enrolment.id == facts.id),
    ).one()
    if state in _SURE or (state is EnrolmentState.EXPIRED and _seat_again(session, facts, by=by, now=now)):
        return Settlement.SEATED
    if waits_for is WaitsFor.PAYMENT:
        if not change(session, facts.id, state, EnrolmentState.CONFIRMED, why=Why.PAID, by=by, now=now):
            raise DatabaseBusy  # the learner left in this moment
        paying.make_sure(session, facts, now=now)
        announce(session, EnrolmentConfirmed(facts.id))
        return Settlement.SEATED
    if not is_recorded(session, "refund-due", about_id=facts.id, since=facts.asked_at):
        announce(session, RefundDue(facts.id, 0))
        record(session, "refund-due", actor_id=by, now=now, person_id=facts.person_id, about="enrolment", about_id=facts.id)
    return Settlement.REFUND_DUE


def _seat_again(session: Session, facts: queries.EnrolmentFacts, *, by: UUID | None, now: datetime) -> bool:
    """Take a seat for who paid too late, as a new enrolment; tells whether they have one now."""
    offering = facts.of.offering
    other = session.scalar(select(Enrolment.id).where(
        Enrolment.person_id == facts.person_id, Enrolment.offering_id == offering.id, Enrolment.state.in_(LIVE_STATES),
    ))
    if other is not None:
        return _has_step(session, other, EnrolmentStep.why == Why.PAID, EnrolmentStep.from_state.is_(None))  # this was settled before
    if offering.state is not catalogue.OfferingState.ACTIVE or amsterdam_day(now) > offering.starts_on:
        return False
    if not _has_step(session, facts.id, EnrolmentStep.to_state == EnrolmentState.HELD, EnrolmentStep.why.in_((Why.PAYMENT_PROMISED, Why.ADMITTED))):
        return False
    fill_from_line(session, pool_id=facts.pool_id, offering_id=offering.id, now=now)
    if not seats.take(session, facts.pool_id):
        return False
    if not paying.stands_again(session, facts, now=now):
        seats.return_to_pool(session, facts.pool_id)
        return False
    was = session.get_one(Enrolment, facts.id)
    again = Enrolment(
        id=new_id(), code=short_code(), offering_id=offering.id, pool_id=was.pool_id, person_id=was.person_id, group_id=was.group_id,
        module_version=was.module_version, state=EnrolmentState.CONFIRMED, asked_at=was.asked_at, confirmed_at=now, is_business=was.is_business,
        early_start_asked_at=was.early_start_asked_at, statement=was.statement, wants_study_group=was.wants_study_group,
        seat_id=facts.seat_id if facts.is_priced else None, agreed_price=was.agreed_price,
        cancel_free_days=was.cancel_free_days, cancel_late_percent=was.cancel_late_percent,
    )
    try:
        add_enrolment(session, again, why=Why.PAID, by=by, now=now)
    except IntegrityError as error:  # they took another seat in this moment
        raise DatabaseBusy from error
    paying.make_sure(session, facts, now=now)
    announce(session, EnrolmentConfirmed(again.id))
    announce(session, SeatsChanged(offering.id))
    return True


def _has_step(session: Session, enrolment_id: UUID, *which: ColumnElement[bool]) -> bool:
    return session.scalar(select(exists().where(EnrolmentStep.enrolment_id == enrolment_id, *which))) or False


def _record(session: Session, act: str, actor: Actor, facts: queries.EnrolmentFacts, *, now: datetime) -> None:
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=facts.of.provider_id, person_id=facts.person_id, about="enrolment",
        about_id=facts.id, details={"offering": facts.of.offering.code, "module": facts.of.module_slug},
    )
