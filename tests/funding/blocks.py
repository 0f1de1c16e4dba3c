"""A firm that buys a block of seats, for tests."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.models import Organisation
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.funding import queries, service
from academy.funding.facts import BlockFacts
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests import builders
from tests.funding import money
from tests.funding.money import Seat, Source


def firm(session: Session, now: datetime, *, budget: Money | None = Money(1_000_00), country: str = "NL", vat_id: str = "") -> Source:
    """Make a firm with a budget, of which nobody is named to use it."""
    made = money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", budget=budget, emails=())
    row = session.get_one(Organisation, made.owner_id)
    row.country, row.vat_id = country, vat_id
    session.flush()
    return made


def budget_of(session: Session, of: Source) -> UUID:
    return session.scalars(select(Budget.id).where(Budget.source_id == of.id)).one()


def promise(session: Session, now: datetime, of: Source, one: Seat, *, seats: int = 4, **terms: Any) -> UUID:
    """Promise seats out of the firm's budget where `terms` do not say otherwise."""
    values: dict[str, Any] = {"budget_id": budget_of(session, of), "reference": "PO 7", "by": of.keeper.person_id} | terms
    return service.promise_block(session, organisation_id=of.owner_id, found=one.found, seats=seats, now=now, **values)


def order(session: Session, now: datetime, of: Source, one: Seat, **terms: Any) -> UUID:
    block_id = promise(session, now, of, one, **terms)
    service.order_block(session, block_id, now=now)
    return block_id


def name(session: Session, now: datetime, block_id: UUID, one: Seat) -> UUID:
    """Give somebody a seat of a block, sure at once; returns the seat."""
    seat_id, person_id = new_id(), builders.person(session, now)
    service.name_seat(session, block_id=block_id, seat_id=seat_id, person_id=person_id, found=one.found, language="nl", now=now)
    service.confirm_seat(session, seat_id, now=now)
    return seat_id


def give_up(session: Session, now: datetime, seat_id: UUID, *, owed: Money = Money(0)) -> bool:
    """End a seat and give it back to its block; tells whether it went there."""
    service.end_seat(session, seat_id, owed=owed, now=now)
    return service.unname_seat(session, seat_id=seat_id, now=now)


def move_class(session: Session, one: Seat, *, weeks: int) -> Seat:
    """Let the class of a seat begin and end so many weeks later."""
    was, later = one.found.offering, timedelta(weeks=weeks)
    session.execute(update(Offering).where(Offering.id == was.id).values(starts_on=was.starts_on + later, ends_on=was.ends_on + later))
    session.expire_all()
    return replace(one, found=catalogue.offerings_by_id(session, [was.id])[was.id])


def facts(session: Session, block_id: UUID) -> BlockFacts:
    return queries.block(session, block_id)
