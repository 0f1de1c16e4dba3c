"""What a seat costs on its way to being sure: who pays what, the learner's own payment, and what is let go of with the seat."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, EnrolmentGroup, SeatPool
from academy.enrolment.queries.paying import PURPOSE, payment_of
from academy.funding import api as funding
from academy.kernel.formats import in_current_language
from academy.kernel.money import FREE, Money
from academy.kernel.text import Language
from academy.kernel.translation import reading_in
from academy.payments import api as payments
from academy.payments.api import PaymentState

_LOOK_AGAIN: Final = timedelta(minutes=1)
_LONGEST_DESCRIPTION: Final = 300


@dataclass(frozen=True)
class Awaited:
    """What a kept seat waits for next, until when, and what its learner has to pay here."""

    waits_for: WaitsFor
    until: datetime
    own: Money = FREE


@dataclass(frozen=True)
class EmployerWanted:
    """Whom a learner asks to pay, and why in a line."""

    email: str
    why: str


@dataclass(frozen=True)
class Agreed:
    """The price of a seat as its learner agreed to it, and what it waits for; None when nothing is left to be decided or paid."""

    price: Money
    awaited: Awaited | None


def agree(session: Session, facts: queries.EnrolmentFacts, *, is_at_page: bool, most_own: Money | None, now: datetime) -> Agreed:
    """Split the price of a seat over who pays. From here it is this price, whatever the class costs later.

    `is_at_page`: the learner is looking, and can pay at once, at most `most_own`. The price of a seat that is paid elsewhere is not split.
    Raises VatUndecided, OwnShareChanged, BudgetUsedUp.
    """
    price, starts_on = facts.of.offering.price or FREE, facts.of.offering.starts_on
    if price.is_zero:
        return Agreed(price, None)
    if facts.block_id is not None:  # split when the seat was taken from its block
        return Agreed(price, None)
    if facts.is_paid_elsewhere:
        note_elsewhere(session, facts, now=now)
        return Agreed(price, Awaited(WaitsFor.PAYMENT, rules.kept_until(WaitsFor.PAYMENT, now=now, starts_on=starts_on)))
    split = funding.reserve_seat(
        session, seat_id=facts.seat_id, person_id=facts.person_id, found=facts.of, is_business=False, language=_language(session, facts), now=now,
        most_own=most_own,
    )
    asked_until = None if split.own.is_zero else funding.ask_wanted(session, seat_id=facts.seat_id, now=now)
    waits_until = asked_until or split.waits_until
    if waits_until is not None:
        until = min(waits_until, rules.kept_until(WaitsFor.EMPLOYER, now=now, starts_on=starts_on))
        return Agreed(split.price, Awaited(WaitsFor.EMPLOYER, until))
    if split.own.is_zero:
        return Agreed(split.price, None)
    return Agreed(split.price, Awaited(WaitsFor.PAYMENT, rules.paid_until(is_at_page=is_at_page, now=now, starts_on=starts_on), split.own))


def note_elsewhere(session: Session, facts: queries.EnrolmentFacts, *, now: datetime) -> None:
    """Note what whoever arranged a seat for others owes its provider: who made the group, or whose seats a code gives out. Raises VatUndecided."""
    row = session.execute(
        select(EnrolmentGroup.made_by, SeatPool.sponsor_id).select_from(Enrolment).join(SeatPool, SeatPool.id == Enrolment.pool_id)
        .outerjoin(EnrolmentGroup, EnrolmentGroup.id == Enrolment.group_id).where(Enrolment.id == facts.id),
    ).one()
    # Seats for a target group are bought by nobody that is known here: they are the provider's to account for.
    payer = payments.Payer(organisation_id=row.sponsor_id or facts.of.provider_id) if facts.is_business else payments.Payer(person_id=row.made_by)
    funding.note_elsewhere(
        session, seat_id=facts.seat_id, person_id=facts.person_id, payer=payer, found=facts.of, language=_language(session, facts), now=now,
    )


def check_own(session: Session, facts: queries.EnrolmentFacts, *, most_own: Money | None, now: datetime) -> None:
    """Refuse who would pay more than they were shown, also where somebody has to admit them before the price is split.

    Raises VatUndecided, OwnShareChanged.
    """
    if not facts.is_quoted or most_own is None:
        return
    quote = funding.quote_of_person(session, person_id=facts.person_id, found=facts.of, is_business=False, now=now)
    if quote.own > most_own:
        raise funding.OwnShareChanged(quote.own)


def _language(session: Session, facts: queries.EnrolmentFacts) -> Language:
    return "en" if accounts.person(session, facts.person_id).language == "en" else "nl"


def check_sellable(session: Session, found: catalogue.OfferingOfModule, *, now: datetime) -> None:
    """Refuse to keep a seat, or a place in line for one, that can not be sold yet: who has to decide is said. Raises VatUndecided.

    What decides is remembered: as a rule this costs no statement.
    """
    if found.offering.price is None or found.offering.price.is_zero:
        return
    is_known = funding.quote(session, found=found, situation=funding.Situation(), is_business=False, now=now).vat is not None
    if not is_known and not funding.is_vat_decided(session, found):  # the database knows what was decided just now
        raise funding.VatUndecided(found.module_slug, found.provider_name)


def is_as_read(session: Session, facts: queries.EnrolmentFacts) -> bool:
    """Tell whether an enrolment is still as it was read, and keep it so until this transaction ends: who is second waits here."""
    row = session.execute(select(Enrolment.state, Enrolment.waits_for).where(Enrolment.id == facts.id).with_for_update()).one()
    return (row.state, row.waits_for) == (facts.state, facts.waits_for)


def ask_payment(session: Session, facts: queries.EnrolmentFacts, *, own: Money, until: datetime, now: datetime) -> None:
    """Open the learner's payment of what is theirs to pay; the one that is open already, if its amount is the same."""
    language = _language(session, facts)
    with reading_in(language):
        description = f"{in_current_language(facts.of.module_title)}, {catalogue.dates_words(facts.of.offering)}"
    payments.open_payment(
        session, purpose=PURPOSE, subject_id=facts.seat_id, payer=payments.Payer(person_id=facts.person_id), supplier_id=facts.of.provider_id,
        amount=own, description=description[:_LONGEST_DESCRIPTION], language=language, pay_until=until, now=now,
    )


def make_sure(session: Session, facts: queries.EnrolmentFacts, *, now: datetime) -> None:
    """Tell who pays that the seat is sure, so that what others promised can be invoiced; of one that is paid elsewhere, that it is paid."""
    if facts.is_paid_here:
        funding.confirm_seat(session, facts.seat_id, now=now)
    elif facts.is_priced:
        funding.settle_elsewhere(session, facts.seat_id, now=now)


def stands_again(session: Session, facts: queries.EnrolmentFacts, *, now: datetime) -> bool:
    """Tell whether all who paid of a seat that ended pay again what they had promised, now that its money came late."""
    return not facts.is_priced or funding.reopen_seat(session, facts.seat_id, now=now)


def let_go(session: Session, facts: queries.EnrolmentFacts, *, owed: Money = FREE, now: datetime) -> None:
    """Take no more money for a seat, and give back what was paid for it, all but what is `owed`. Repeatable; nothing for what is free.

    Of a seat that is paid elsewhere it notes what the provider has to give back.
    """
    if not facts.is_priced and facts.block_id is None:
        return
    running = payment_of(session, facts.seat_id)
    if running is not None and running.state is PaymentState.OPEN:
        payments.close_payment(session, payment_id=running.id, now=now)
    funding.end_seat(session, facts.seat_id, owed=owed, now=now)


def may_come(session: Session, facts: queries.EnrolmentFacts, *, now: datetime) -> bool:
    """Tell whether money for a seat whose time is up may still come: then the seat is kept until that is known.

    Where the bank has to be asked first, this asks. What others were to approve, funding ends itself, and tells what came of it.
    """
    if not facts.is_paid_here:
        return False
    if facts.waits_for is WaitsFor.EMPLOYER:
        split = funding.split_of(session, [facts.seat_id]).get(facts.seat_id)
        return split is not None and split.ended_at is None
    found = payment_of(session, facts.seat_id)
    return found is not None and not payments.close_payment(session, payment_id=found.id, now=now)


def look_again_later(session: Session, enrolment_id: UUID, *, now: datetime) -> None:
    """Keep a seat a minute more, because its money may be on its way."""
    session.execute(
        update(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.state == EnrolmentState.HELD).values(until=now + _LOOK_AGAIN)
        .execution_options(synchronize_session=False),
    )


def want_employer(session: Session, facts: queries.EnrolmentFacts, asked: EmployerWanted, *, now: datetime) -> None:
    """Remember whom a learner wants to ask to pay what is theirs of a seat that is paid here. Raises TooManyAttempts."""
    if facts.is_quoted and not (facts.of.offering.price or FREE).is_zero:
        funding.want_employer(
            session, seat_id=facts.seat_id, person_id=facts.person_id, email=asked.email, why=asked.why, language=_language(session, facts), now=now,
        )


def keep_until_answer(session: Session, enrolment_id: UUID, *, until: datetime) -> None:
    """Keep a seat on until its learner says whether they pay what an employer left."""
    session.execute(
        update(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.waits_for == WaitsFor.EMPLOYER).values(until=until)
        .execution_options(synchronize_session=False),
    )
