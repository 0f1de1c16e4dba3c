"""What employers does when something happens in a lower room."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.catalogue.api import ModuleChanged, OfferingCancelled
from academy.employers import service
from academy.employers.service import choosing
from academy.kernel.outbox import subscribe


def register() -> None:
    """Subscribe once per process."""
    subscribe("employers.class-called-off", OfferingCancelled, inside=_class_called_off)
    subscribe("employers.tailored-class-opened", ModuleChanged, inside=_module_changed)


def _class_called_off(session: Session, event: OfferingCancelled, now: datetime) -> None:
    service.class_called_off(session, offering_id=event.offering_id, now=now)


def _module_changed(session: Session, event: ModuleChanged, now: datetime) -> None:
    choosing.order_opened(session, module_id=event.module_id, now=now)
