"""What enrolment does when the catalogue changes, when who pays a seat decides or pays, and what keeps an organisation from closing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import concerns_who_was_in, register_running_work
from academy.catalogue import api as catalogue
from academy.catalogue.api import OfferingCancelled, ProviderImported
from academy.enrolment import queries, service
from academy.enrolment.errors import EnrolmentNotFound
from academy.enrolment.events import EnrolmentConfirmed, RefundDue, SeatMoved
from academy.enrolment.kinds import WaitsFor
from academy.enrolment.pages.inbox import usual_answer
from academy.enrolment.queries.admission import has_passed
from academy.enrolment.queries.inbox import answers_of
from academy.enrolment.queries.paying import PURPOSE, payment_of
from academy.enrolment.service import admitting, holding, leaving
from academy.enrolment.service.passing_on import offer_to_lines
from academy.enrolment.service.paying import keep_until_answer
from academy.enrolment.service.study_groups import look_for_group
from academy.funding import api as funding
from academy.funding.api import EmployerAnswered, SeatDecided, SeatUnfunded, VatDecided
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import subscribe
from academy.kernel.translation import ngettext
from academy.payments import api as payments
from academy.payments.api import PaymentEnded, PaymentSettled
from academy.recognition import api as recognition


def register() -> None:
    """Subscribe once per process."""
    subscribe("enrolment.withdraw-seats", OfferingCancelled, inside=_withdraw_seats)
    subscribe("enrolment.follow-seats", ProviderImported, inside=_follow_seats)
    subscribe("enrolment.look-for-group", EnrolmentConfirmed, inside=_look_for_group)
    subscribe("enrolment.go-on", SeatDecided, inside=_go_on)
    subscribe("enrolment.keep-until-answer", EmployerAnswered, inside=_keep_until_answer)
    subscribe("enrolment.end-unfunded", SeatUnfunded, inside=_end_unfunded)
    subscribe("enrolment.settle", PaymentSettled, inside=_settle)
    subscribe("enrolment.end-unpaid", PaymentEnded, inside=_end_unpaid)
    subscribe("enrolment.give-back", RefundDue, inside=_give_back)
    subscribe("enrolment.offer-to-lines", VatDecided, inside=_offer_to_lines)
    subscribe("enrolment.look-for-group-of-moved", SeatMoved, inside=_look_for_group)
    register_running_work("enrolment.seats", queries.people_in_class, _people_in_class)
    catalogue.tell_of_providers("enrolment.answers", _usual_answer)
    recognition.learn_results_from(has_passed)
    concerns_who_was_in("enrolment", queries.present_in)


def _usual_answer(session: Session, provider_id: UUID, now: datetime) -> str:
    return usual_answer(answers_of(session, provider_id, now=now))


def _withdraw_seats(session: Session, event: OfferingCancelled, now: datetime) -> None:
    service.withdraw_seats(session, offering_id=event.offering_id, now=now)


def _follow_seats(session: Session, event: ProviderImported, now: datetime) -> None:
    service.follow_seats(session, provider_id=event.provider_id, now=now)


def _look_for_group(session: Session, event: EnrolmentConfirmed | SeatMoved, now: datetime) -> None:
    look_for_group(session, enrolment_id=event.enrolment_id, now=now)


def _go_on(session: Session, event: SeatDecided, now: datetime) -> None:
    holding.go_on_decided(session, enrolment_id=event.seat_id, now=now)


def _keep_until_answer(session: Session, event: EmployerAnswered, _now: datetime) -> None:
    found = funding.ask(session, event.ask_id)
    if found.own_until is not None:
        keep_until_answer(session, found.seat_id, until=found.own_until)


def _settle(session: Session, event: PaymentSettled, now: datetime) -> None:
    paid = payments.payment(session, event.payment_id)
    if paid is None or paid.purpose != PURPOSE:
        return
    try:
        admitting.settle(session, paid.subject_id, now=now)
    except EnrolmentNotFound:  # erased meanwhile: nobody keeps money for a seat that nobody has
        leaving.give_back(session, enrolment_id=paid.subject_id, owed=FREE, now=now)


def _end_unpaid(session: Session, event: PaymentEnded, now: datetime) -> None:
    ended = payments.payment(session, event.payment_id)
    if ended is None or ended.purpose != PURPOSE:
        return
    newest = payment_of(session, ended.subject_id)
    if newest is not None and newest.id == ended.id:  # else another amount is asked now
        holding.end_unpaid(session, enrolment_id=ended.subject_id, waited_for=WaitsFor.PAYMENT, now=now)


def _end_unfunded(session: Session, event: SeatUnfunded, now: datetime) -> None:
    holding.end_unpaid(session, enrolment_id=event.seat_id, waited_for=WaitsFor.EMPLOYER, now=now)


def _give_back(session: Session, event: RefundDue, now: datetime) -> None:
    leaving.give_back(session, enrolment_id=event.enrolment_id, owed=Money(event.owed_cents), now=now)


def _offer_to_lines(session: Session, event: VatDecided, now: datetime) -> None:
    offer_to_lines(session, provider_id=event.provider_id, now=now)


def _people_in_class(number: int) -> str:
    return ngettext("Er zit nog %(num)s persoon in een groep.", "Er zitten nog %(num)s mensen in een groep.", number)
