"""Reads of offerings whose provider decides whether they go ahead, and of those beside them."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from academy.catalogue.models import Offering, OfferingState
from academy.catalogue.queries.workspace import OfferingInWork, Workspace, in_work

_SOON: Final = timedelta(days=28)


def _to_decide(today: date) -> ColumnElement[bool]:
    return and_(
        Offering.state == OfferingState.ACTIVE, Offering.guaranteed.is_(False), Offering.min_seats > 0, Offering.decides_on <= today,
        Offering.starts_on >= today,
    )


def offerings_to_decide(session: Session, *, today: date) -> list[UUID]:
    """Return the offerings of all providers that ask for a number of people, and whose day of deciding has come without a promise."""
    return list(session.scalars(select(Offering.id).where(_to_decide(today)).order_by(Offering.decides_on, Offering.id)))


def offerings_soon(session: Session, there: Workspace, *, today: date) -> tuple[OfferingInWork, ...]:
    """Return what of a provider starts within four weeks and is not called off, or is to be decided about, the first start first."""
    starts_soon = and_(
        Offering.state.in_((OfferingState.ACTIVE, OfferingState.CONCEPT)), Offering.starts_on >= today, Offering.starts_on <= today + _SOON,
    )
    return in_work(session, there, or_(starts_soon, _to_decide(today)))


def offerings_beside(session: Session, work: OfferingInWork, *, today: date) -> tuple[OfferingInWork, ...]:
    """Return the other offerings of the same module that begin after today and have the same price, the first start first."""
    return in_work(
        session, work.workspace, Offering.module_id == work.module_id, Offering.id != work.offering.id,
        Offering.state == OfferingState.ACTIVE, Offering.starts_on > today, Offering.price == work.offering.price,
    )
