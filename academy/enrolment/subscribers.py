"""What enrolment does when the catalogue changes, and what keeps an organisation from closing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import concerns_who_was_in, register_running_work
from academy.catalogue import api as catalogue
from academy.catalogue.api import OfferingCancelled, ProviderImported
from academy.enrolment import queries, service
from academy.enrolment.events import EnrolmentConfirmed, SeatMoved
from academy.enrolment.pages.inbox import usual_answer
from academy.enrolment.queries.inbox import answers_of
from academy.enrolment.service.study_groups import look_for_group
from academy.kernel.outbox import subscribe
from academy.kernel.translation import ngettext


def register() -> None:
    """Subscribe once per process."""
    subscribe("enrolment.withdraw-seats", OfferingCancelled, inside=_withdraw_seats)
    subscribe("enrolment.follow-seats", ProviderImported, inside=_follow_seats)
    subscribe("enrolment.look-for-group", EnrolmentConfirmed, inside=_look_for_group)
    subscribe("enrolment.look-for-group-of-moved", SeatMoved, inside=_look_for_group)
    register_running_work("enrolment.seats", queries.people_in_class, _people_in_class)
    catalogue.tell_of_providers("enrolment.answers", _usual_answer)
    concerns_who_was_in("enrolment", queries.present_in)


def _usual_answer(session: Session, provider_id: UUID, now: datetime) -> str:
    return usual_answer(answers_of(session, provider_id, now=now))


def _withdraw_seats(session: Session, event: OfferingCancelled, now: datetime) -> None:
    service.withdraw_seats(session, offering_id=event.offering_id, now=now)


def _follow_seats(session: Session, event: ProviderImported, now: datetime) -> None:
    service.follow_seats(session, provider_id=event.provider_id, now=now)


def _look_for_group(session: Session, event: EnrolmentConfirmed | SeatMoved, now: datetime) -> None:
    look_for_group(session, enrolment_id=event.enrolment_id, now=now)


def _people_in_class(number: int) -> str:
    return ngettext("Er zit nog %(num)s persoon in een groep.", "Er zitten nog %(num)s mensen in een groep.", number)
