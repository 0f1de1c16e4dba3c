"""What the catalogue keeps of the people who work on it."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Leaving, PersonalData, RecordClass, Stays, plain_rows
from academy.catalogue.models import Module, PublicationStep, WorkingCopy
from academy.kernel.translation import _


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    steps = select(Module.slug.label("module"), PublicationStep.version, PublicationStep.act, PublicationStep.at, PublicationStep.reason)
    copies = select(Module.slug.label("module"), WorkingCopy.saved_at)
    return {
        "publication_steps": plain_rows(
            session, steps.join(Module, Module.id == PublicationStep.module_id).where(PublicationStep.person_id == person_id)
            .order_by(PublicationStep.at),
        ),
        "working_copies": plain_rows(
            session, copies.join(Module, Module.id == WorkingCopy.module_id).where(WorkingCopy.saved_by == person_id),
        ),
    }


def _leaving(session: Session, person_id: UUID, now: datetime) -> Leaving:  # noqa: ARG001 - what every room takes
    steps = session.scalar(select(func.count()).select_from(PublicationStep).where(PublicationStep.person_id == person_id)) or 0
    copies = session.scalar(select(func.count()).select_from(WorkingCopy).where(WorkingCopy.saved_by == person_id)) or 0
    return Leaving(stays=(Stays(
        _("modules die je hebt ingevuld, ingediend of gekeurd"), _("Ze zijn van de aanbieder. Jouw naam staat er niet meer bij."), None, steps + copies,
    ),))


HELD: Final = PersonalData("catalogue", frozenset({"publication_step", "working_copy"}), _read, _leaving)

_WORK: Final = "the provider's work; who did it stays as a number when that person leaves"
RECORDS: Final = (
    RecordClass("Steps of publishing a module", "publication_step", "as long as the module", _WORK, "stays, numbers only"),
    RecordClass("Working copies of modules", "working_copy", "until published or thrown away", _WORK, "stays, numbers only"),
)
