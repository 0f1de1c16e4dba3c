"""Reads of a person's own enrolments."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.errors import EnrolmentNotFound
from academy.enrolment.kinds import LIVE_STATES, EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment
from academy.enrolment.rules.leaving import CancelRule, CancelTerms, cancel_terms
from academy.kernel.money import FREE, Money

# What every enrolment runs is put together once, because that costs more than running it.
_MINE: Final = select(Enrolment).where(Enrolment.code == bindparam("code"), Enrolment.person_id == bindparam("person"))
_OF_REQUEST: Final = select(Enrolment.code).where(Enrolment.request_key == bindparam("request"), Enrolment.person_id == bindparam("person"))
_STATE: Final = select(Enrolment.state).where(Enrolment.id == bindparam("id"))


@dataclass(frozen=True)
class EnrolmentFacts:
    """An enrolment with what it is for."""

    id: UUID
    code: str
    person_id: UUID
    state: EnrolmentState
    waits_for: WaitsFor | None
    until: datetime | None  # the seat is kept so long
    extended: int
    asked_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    pool_id: UUID
    version: int  # of the module, on enrolling
    is_business: bool  # an organisation bought it
    seat_id: UUID  # under which its price was split and paid: that of who had the seat first
    is_paid_elsewhere: bool  # whoever arranged it for others pays the provider
    block_id: UUID | None  # of the seats that an organisation bought unnamed and pays here
    cancel_rule: CancelRule  # as it was agreed
    of: catalogue.OfferingOfModule  # at the price that was agreed, where one was

    @property
    def is_paid_here(self) -> bool:
        """Whether its price is split and paid on the platform."""
        return self.is_priced and not self.is_paid_elsewhere

    @property
    def is_quoted(self) -> bool:
        """Whether what its learner pays is worked out on confirming; of a seat of a block nothing is theirs to pay."""
        return self.is_paid_here and self.block_id is None

    @property
    def is_priced(self) -> bool:
        """Whether it costs anything, here or at the provider."""
        price = self.of.offering.price
        return price is not None and not price.is_zero

    def cancel_terms(self, today: date) -> CancelTerms:
        """Return what giving the place back costs, today and later; one that is not sure yet can be left for nothing."""
        is_sure = self.state in {EnrolmentState.CONFIRMED, EnrolmentState.FINISHED}
        terms = cancel_terms(starts_on=self.of.offering.starts_on, price=self.of.offering.price, rule=self.cancel_rule, today=today)
        return terms if is_sure else replace(terms, cost=FREE)


def live_enrolments(session: Session, person_id: UUID, offering_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the codes of the person's live enrolments in these offerings."""
    rows = session.execute(
        select(Enrolment.offering_id, Enrolment.code).where(
            Enrolment.person_id == person_id,
            Enrolment.offering_id.in_(list(offering_ids)),
            Enrolment.state.in_(LIVE_STATES),
        ),
    )
    return dict(rows.all())


def my_enrolments(session: Session, actor: Actor) -> list[EnrolmentFacts]:
    """Return all enrolments of the actor, newest first."""
    rows = session.scalars(
        select(Enrolment).where(Enrolment.person_id == actor.person_id).order_by(Enrolment.asked_at.desc(), Enrolment.id.desc()),
    ).all()
    offerings = catalogue.offerings_by_id(session, {row.offering_id for row in rows})
    return [_facts(row, offerings[row.offering_id]) for row in rows]


def my_enrolment(session: Session, actor: Actor, code: str) -> EnrolmentFacts:
    """Return one enrolment of the actor. Raises EnrolmentNotFound, also for somebody else's."""
    row = session.scalars(_MINE, {"code": code.upper(), "person": actor.person_id}).one_or_none()
    if row is None:
        raise EnrolmentNotFound
    return _facts(row, catalogue.offerings_by_id(session, [row.offering_id])[row.offering_id])


def version_of(session: Session, facts: EnrolmentFacts) -> catalogue.ModuleVersionFacts | None:
    """Return what the module said on enrolling; None when that is what it says now."""
    if facts.version == facts.of.version:
        return None
    return catalogue.module_version(session, facts.of.offering.module_id, facts.version)


def enrolment(session: Session, enrolment_id: UUID) -> EnrolmentFacts | None:
    """Return an enrolment for a letter; None when it was erased together with its person."""
    row = session.get(Enrolment, enrolment_id)
    if row is None:
        return None
    return _facts(row, catalogue.offerings_by_id(session, [row.offering_id])[row.offering_id])


def code_of_request(session: Session, person_id: UUID, request_key: UUID | None) -> str | None:
    """Return the code of the enrolment that this form made when it was sent before; None for the first time."""
    if request_key is None:
        return None
    return session.scalar(_OF_REQUEST, {"request": request_key, "person": person_id})


def state_of(session: Session, enrolment_id: UUID) -> EnrolmentState:
    """Return the present state."""
    return session.scalars(_STATE, {"id": enrolment_id}).one()


def _facts(row: Enrolment, of: catalogue.OfferingOfModule) -> EnrolmentFacts:
    return EnrolmentFacts(
        row.id, row.code, row.person_id, row.state, row.waits_for, row.until, row.extended, row.asked_at, row.confirmed_at, row.ended_at, row.pool_id,
        row.module_version, row.is_business, row.seat_id or row.id, row.block_id is None and (row.is_business or row.group_id is not None), row.block_id,
        CancelRule(row.cancel_free_days, row.cancel_late_percent), as_agreed(of, row.agreed_price),
    )


def as_agreed(of: catalogue.OfferingOfModule, price: Money | None) -> catalogue.OfferingOfModule:
    """Return a class at the price at which somebody agreed to it, whatever it costs by now; None is who has yet to agree."""
    return of if price is None or price == of.offering.price else replace(of, offering=replace(of.offering, price=price))
