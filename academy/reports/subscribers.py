"""What reports do when the catalogue changes: a commission goes where its modules and classes are."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.catalogue.api import ModuleChanged, OfferingCancelled, ProviderImported
from academy.kernel.outbox import subscribe
from academy.reports.service import commissioning


def register() -> None:
    """Subscribe once per process."""
    subscribe("reports.commission-module", ModuleChanged, inside=_follow_module)
    subscribe("reports.commission-class", OfferingCancelled, inside=_follow_class)
    subscribe("reports.commission-provider", ProviderImported, inside=_follow_provider)


def _follow_module(session: Session, event: ModuleChanged, now: datetime) -> None:
    commissioning.follow_modules(session, [event.module_id], now=now)


def _follow_class(session: Session, event: OfferingCancelled, now: datetime) -> None:
    commissioning.follow_class(session, event.offering_id, now=now)


def _follow_provider(session: Session, event: ProviderImported, now: datetime) -> None:
    commissioning.follow_provider(session, event.provider_id, now=now)
