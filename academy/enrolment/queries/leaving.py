"""Reads for who leaves: an enrolment as a contract, and until when one can get out of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, EnrolmentStep
from academy.enrolment.queries.mine import EnrolmentFacts, enrolment, my_enrolments
from academy.enrolment.rules import withdrawing as rules
from academy.enrolment.rules.meetings import Meeting, meetings
from academy.enrolment.rules.withdrawing import Right
from academy.kernel.clock import end_of_day
from academy.kernel.money import FREE, Money


@dataclass(frozen=True)
class Contract:
    """An enrolment as a contract, at a moment: whether one can withdraw, until when, and what is then owed for what was taught."""

    facts: EnrolmentFacts
    right: Right
    until: datetime  # the right ends; counted from asking where there is no contract
    withdrawn_at: datetime | None
    price: Money
    owed: Money
    held: int  # meetings that have ended
    meetings: int


def contract_of(session: Session, facts: EnrolmentFacts, *, now: datetime) -> Contract:
    """Return an enrolment as a contract at `now`, or as it was at the moment of withdrawing."""
    row = session.execute(
        select(Enrolment.is_business, Enrolment.early_start_asked_at).where(Enrolment.id == facts.id),
    ).one()
    withdrawn_at = facts.ended_at if facts.state is EnrolmentState.WITHDRAWN else None
    offering, at = facts.of.offering, withdrawn_at or now
    until = rules.withdraw_until(_contracted_at(session, facts))
    met = _meetings(session, facts.of)
    held, price, asked_early = rules.held_by(met, at), offering.price or FREE, row.early_start_asked_at is not None
    return Contract(
        facts=facts, until=until, withdrawn_at=withdrawn_at, price=price, held=held, meetings=len(met),
        owed=FREE if row.is_business else rules.owed(price, held=held, meetings=len(met), asked_early_start=asked_early),
        right=rules.right_to_withdraw(
            state=facts.state, waits_for=facts.waits_for, is_business=row.is_business, until=until,
            is_performed=end_of_day(offering.ends_on) <= at, asked_early_start=asked_early, now=at,
        ),
    )


def contracts_of(session: Session, actor: Actor, *, now: datetime) -> list[Contract]:
    """Return the contracts that the actor can withdraw from, newest first."""
    found = [contract_of(session, facts, now=now) for facts in my_enrolments(session, actor) if _may_be_contract(facts)]
    return [contract for contract in found if contract.right is Right.OPEN]


def contract_named(session: Session, *, code: str, email: str, now: datetime) -> Contract | None:
    """Return the contract with this code whose learner has this address; None when they do not belong together."""
    enrolment_id = session.scalar(select(Enrolment.id).where(Enrolment.code == code.upper()))
    facts = None if enrolment_id is None else enrolment(session, enrolment_id)
    if facts is None or accounts.person(session, facts.person_id).email != email.lower():
        return None
    return contract_of(session, facts, now=now)


def was_paid_by_learner(session: Session, enrolment_id: UUID) -> bool:
    """Tell whether the learner had a sure seat that no organisation bought; a priced seat is sure when it is paid."""
    row = session.execute(select(Enrolment.confirmed_at, Enrolment.is_business).where(Enrolment.id == enrolment_id)).one()
    return row.confirmed_at is not None and not row.is_business


def _may_be_contract(facts: EnrolmentFacts) -> bool:
    return facts.state in {EnrolmentState.CONFIRMED, EnrolmentState.FINISHED} or facts.waits_for is WaitsFor.PAYMENT


def _contracted_at(session: Session, facts: EnrolmentFacts) -> datetime:
    """Return when the contract began: as the seat was sure, or as its payment was promised."""
    promised = select(EnrolmentStep.at).where(EnrolmentStep.enrolment_id == facts.id, EnrolmentStep.to_state == EnrolmentState.HELD)
    return facts.confirmed_at or session.scalar(promised.order_by(EnrolmentStep.id.desc()).limit(1)) or facts.asked_at


def _meetings(session: Session, of: catalogue.OfferingOfModule) -> tuple[Meeting, ...]:
    (found,) = catalogue.with_meetings(session, [of])
    offering = found.offering
    return meetings(
        starts_on=offering.starts_on, ends_on=offering.ends_on, slots=offering.sessions, weekdays=offering.weekdays,
        has_hours=offering.part_of_day is not catalogue.PartOfDay.ANY,
    )
