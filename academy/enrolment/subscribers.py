"""What enrolment does when the catalogue changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.catalogue.api import OfferingCancelled, ProviderImported
from academy.enrolment import service
from academy.kernel.outbox import subscribe


def register() -> None:
    """Subscribe once per process."""
    subscribe("enrolment.withdraw-seats", OfferingCancelled, inside=_withdraw_seats)
    subscribe("enrolment.follow-seats", ProviderImported, inside=_follow_seats)


def _withdraw_seats(session: Session, event: OfferingCancelled, now: datetime) -> None:
    service.withdraw_seats(session, offering_id=event.offering_id, now=now)


def _follow_seats(session: Session, event: ProviderImported, now: datetime) -> None:  # noqa: ARG001 - what every subscriber takes
    service.follow_seats(session, provider_id=event.provider_id)
