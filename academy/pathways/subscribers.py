"""What pathways do when the catalogue, a class, a seat, a result or a decision changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.catalogue.api import ModuleChanged, OfferingCancelled, ProgrammeArranged, ProviderImported
from academy.enrolment.api import EnrolmentConfirmed, ResultFinal, SeatMoved
from academy.kernel.outbox import subscribe
from academy.pathways.saving import savings_on
from academy.pathways.service import following
from academy.recognition.api import CreditsBooked, learn_savings_from


def register() -> None:
    """Subscribe once per process."""
    subscribe("pathways.follow-module", ModuleChanged, inside=_follow_module)
    subscribe("pathways.follow-provider", ProviderImported, inside=_follow_provider)
    subscribe("pathways.follow-class", OfferingCancelled, inside=_follow_class)
    subscribe("pathways.follow-programme", ProgrammeArranged, inside=_follow_programme)
    subscribe("pathways.follow-result", ResultFinal, inside=_follow_result)
    subscribe("pathways.follow-credits", CreditsBooked, inside=_follow_credits)
    subscribe("pathways.follow-seat", EnrolmentConfirmed, inside=_follow_seat)
    subscribe("pathways.follow-moved-seat", SeatMoved, inside=_follow_seat)
    learn_savings_from(savings_on)


def _follow_module(session: Session, event: ModuleChanged, now: datetime) -> None:
    following.follow_modules(session, [event.module_id], now=now)


def _follow_provider(session: Session, event: ProviderImported, now: datetime) -> None:
    following.follow_provider(session, event.provider_id, now=now)


def _follow_class(session: Session, event: OfferingCancelled, now: datetime) -> None:
    following.follow_class(session, event.offering_id, now=now)


def _follow_programme(session: Session, event: ProgrammeArranged, now: datetime) -> None:
    following.follow_programme(session, event.programme_id, now=now)


def _follow_result(session: Session, event: ResultFinal, now: datetime) -> None:
    following.follow_result(session, event.enrolment_id, now=now)


def _follow_credits(session: Session, event: CreditsBooked, now: datetime) -> None:
    following.follow_decision(session, event.person_id, event.decision_id, now=now)


def _follow_seat(session: Session, event: EnrolmentConfirmed | SeatMoved, now: datetime) -> None:
    following.follow_seat(session, event.enrolment_id, now=now)
