"""Reads for who decides whether a class goes ahead: how it stands, and where its people could go."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.errors import NothingToDecide
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.enrolment.queries.blocks import sold_unnamed
from academy.enrolment.queries.seats import Seats, seats
from academy.enrolment.rules.deciding import Plan, Verdict, verdict

# Who moves along when a class is merged. Who waits for a seat has none to take along; finished is finished.
MOVABLE = (EnrolmentState.CONFIRMED, EnrolmentState.REQUESTED, EnrolmentState.HELD, EnrolmentState.OFFERED)


@dataclass(frozen=True)
class MergeChoice:
    """Another class of the same module that can take everybody: how many seats are free to all, and how many people it then has."""

    work: catalogue.OfferingInWork
    left: int
    people: int


@dataclass(frozen=True)
class Undecided:
    """A class with fewer people than it needs, on the day of deciding or later; `people` have a seat, sure or kept."""

    work: catalogue.OfferingInWork
    people: int
    choices: tuple[MergeChoice, ...]


def plan_of(offering: catalogue.OfferingFacts, taken: int) -> Plan:
    """Return what counts for the decision about a class."""
    return Plan(taken, offering.min_seats, offering.guaranteed, offering.decides_on, offering.starts_on)


def is_undecided(work: catalogue.OfferingInWork, taken: int, *, today: date) -> bool:
    """Tell whether the provider has to decide now about a class of which so many seats are taken."""
    plan = plan_of(work.offering, taken)
    return work.offering.state is catalogue.OfferingState.ACTIVE and verdict(plan, today=today) is Verdict.UNDECIDED


def undecided(session: Session, actor: Actor, provider_slug: str, code: str, *, today: date) -> Undecided:
    """Return a class for who decides about it. Raises ProviderNotFound, OfferingNotFound, NothingToDecide."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    found = seats(session, [work.offering.id]).get(work.offering.id)
    people = found.taken if found else 0
    if not is_undecided(work, people + sold_unnamed(session, work.offering.id), today=today):
        raise NothingToDecide(provider_slug, work.offering.code)
    return Undecided(work, people, choices_for(session, work, people, today=today))


def choices_for(session: Session, work: catalogue.OfferingInWork, people: int, *, today: date) -> tuple[MergeChoice, ...]:
    """Return the classes that can take so many people, the first start first."""
    beside = [one for one in catalogue.offerings_beside(session, work, today=today) if not one.offering.enrolment_website]
    there = seats(session, [one.offering.id for one in beside])
    counted = [(one, there.get(one.offering.id, Seats(one.offering.seats, 0))) for one in beside]
    return tuple(MergeChoice(one, found.left, people + found.taken) for one, found in counted if people and found.left >= people)


def movable(session: Session, offering_id: UUID) -> list[Enrolment]:
    """Return who has a seat in a class, sure or kept; the caller has locked its pools."""
    return list(session.scalars(
        select(Enrolment).where(Enrolment.offering_id == offering_id, Enrolment.state.in_(MOVABLE)).order_by(Enrolment.id)
        .execution_options(populate_existing=True),
    ))


def live_of(session: Session, offering_id: UUID, person_ids: Collection[UUID], states: Collection[EnrolmentState]) -> list[Enrolment]:
    """Return what these people have in a class, in these states."""
    return list(session.scalars(
        select(Enrolment).where(Enrolment.offering_id == offering_id, Enrolment.person_id.in_(person_ids), Enrolment.state.in_(states))
        .execution_options(populate_existing=True),
    ))
