"""From asking for a seat to having it: hold, confirm, and what happens when the time runs out."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, check_may_enrol
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.errors import (
    EnrolmentClosed,
    HoldEnded,
    NoMoreTime,
    NotAdmitted,
    OfferingFull,
    SeatCodeUsed,
    SeatsByLot,
)
from academy.enrolment.events import AdmissionAsked, EnrolmentConfirmed, HoldExpired, PaymentPromised, SeatsChanged
from academy.enrolment.kinds import KEPT_STATES, EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.queries.blocks import block_of_code
from academy.enrolment.service import block_seats, paying, seats
from academy.enrolment.service.changes import change
from academy.enrolment.service.opening import check_enrolable, open_enrolment
from academy.enrolment.service.passing_on import may_not_be_sold
from academy.funding import api as funding
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.money import Money
from academy.kernel.outbox import announce

_MOST_AT_ONCE: Final = 50
_OTHERS: Final = (WaitsFor.PROVIDER, WaitsFor.EMPLOYER, WaitsFor.PAYMENT)  # who has confirmed waits for these
_WHO_PAY: Final = (WaitsFor.EMPLOYER, WaitsFor.PAYMENT)  # then its price is split, and somebody may have paid


def hold_seat(
    session: Session, *, actor: Actor, offering_code: str, request_key: UUID | None, now: datetime, seat_code: str = "",
) -> str:
    """Keep a seat for the actor for a quarter of an hour, from the public seats or from those that `seat_code` opens; returns the enrolment's code.

    The same form sent again (`request_key`) is the same request. Raises OfferingNotFound, EnrolmentClosed, EnrolmentElsewhere, PriceUnknown,
    VatUndecided, ApprovalNeeded, AlreadyEnrolled, SeatCodeUsed, OfferingFull, SeatsByLot. The guarded UPDATE comes last, or before the row of a
    block that pays the seat: they are fought over briefly.
    """
    return hold_for(session, person_id=actor.person_id, offering_code=offering_code, request_key=request_key, now=now, seat_code=seat_code)


def hold_for(
    session: Session, *, person_id: UUID, offering_code: str, request_key: UUID | None, now: datetime, seat_code: str = "",
) -> str:
    """Keep a seat for a person who may not have signed in yet; as `hold_seat`."""
    again = queries.code_of_request(session, person_id, request_key)
    if again is not None:
        return again
    found = catalogue.offering_for_enrolment(session, offering_code)
    block = _block_that_pays(session, found, seat_code, now=now)
    if block is None:
        check_enrolable(found, now=now)
        paying.check_sellable(session, found, now=now)
    check_may_enrol(session, person_id)
    pool_id = seats.public_pool(session, found.offering) if not seat_code else pool_opened_by(session, found, seat_code, now=now)
    code = open_enrolment(
        session, found=found, pool_id=pool_id, person_id=person_id, state=EnrolmentState.HELD, why=Why.ASKED, by=person_id,
        request_key=request_key, now=now, waits_for=WaitsFor.LEARNER, is_business=bool(seat_code), seat_code=seat_code.upper() or None,
        until=rules.kept_until(WaitsFor.LEARNER, now=now, starts_on=found.offering.starts_on),
        block_id=block and block.id, agreed_price=block and block.price,
    )
    take_seat(session, found, pool_id, now=now)
    if block is not None:
        block_seats.name(session, block_id=block.id, code=code, found=found, now=now)
    return code


def _block_that_pays(session: Session, found: catalogue.OfferingOfModule, seat_code: str, *, now: datetime) -> funding.BlockFacts | None:
    """Return the block whose seats a code gives out; None for other codes, and without one. Raises EnrolmentClosed, SeatCodeUsed."""
    block_id = block_of_code(session, seat_code) if seat_code else None
    if block_id is None:
        return None
    if funding.block(session, block_id).offering_id != found.offering.id:
        raise SeatCodeUsed(found.module_slug)
    return block_seats.check_claimable(session, found, block_id, now=now)


def take_seat(session: Session, found: catalogue.OfferingOfModule, pool_id: UUID, *, now: datetime) -> None:
    """Take a seat of a pool for an enrolment that was just opened. Raises OfferingFull, SeatsByLot."""
    announce(session, SeatsChanged(found.offering.id))
    if not _take(session, pool_id, now=now):
        raise no_seat(session, found, pool_id)


def no_seat(session: Session, found: catalogue.OfferingOfModule, pool_id: UUID) -> OfferingFull:
    """Return the refusal to who asks a seat of a pool that gives none: it is full, or its seats are yet to be drawn."""
    is_by_lot = queries.awaits_draw(session, pool_id)
    return SeatsByLot(found.module_slug, found.offering.code) if is_by_lot else OfferingFull(found.module_slug, found.offering.code)


def _take(session: Session, pool_id: UUID, *, now: datetime) -> bool:
    """Take a seat; of a full pool, one whose time ran out and that nobody took back yet, unless somebody waits for it."""
    if seats.take(session, pool_id):
        return True
    expire_due(session, now=now, pool_id=pool_id)  # or somebody else ends them, for whom this has waited
    return seats.take(session, pool_id)


def pool_opened_by(session: Session, found: catalogue.OfferingOfModule, seat_code: str, *, now: datetime) -> UUID:
    """Use a seat code once, and return the pool of this class that it opens. Raises SeatCodeUsed."""
    pool_id = seats.use_code(session, seat_code, now=now)
    if pool_id is None or not queries.is_pool_of(session, pool_id, found.offering.id):
        raise SeatCodeUsed(found.module_slug)
    return pool_id


def confirm(
    session: Session, *, actor: Actor, code: str, statement: str = "", asks_early_start: bool = False, wants_study_group: bool = False,
    most_own: Money | None = None, employer: paying.EmployerWanted | None = None, now: datetime,
) -> EnrolmentState:
    """Go from a kept seat to the next state, and return it: `confirmed`, or kept on until the provider admits, somebody approves or it is paid.

    `most_own` is what the learner was shown to pay; `employer` is asked for it. Raises TooManyAttempts, EnrolmentNotFound, NotAdmitted, EnrolmentClosed when the class was called off,
    VatUndecided, OwnShareChanged, BudgetUsedUp, and HoldEnded when the seat was given on meanwhile; a quarter of an hour that ran out while nobody else asked for the seat is no reason to lose it. Confirming twice is confirming once;
    DatabaseBusy asks to start over.
    """
    facts = queries.my_enrolment(session, actor, code)
    if facts.state is EnrolmentState.CONFIRMED or facts.waits_for in _OTHERS:
        return facts.state
    if facts.state not in {EnrolmentState.HELD, EnrolmentState.OFFERED}:
        raise HoldEnded(facts.of.module_slug, facts.of.offering.code)
    if facts.of.offering.state is catalogue.OfferingState.CANCELLED:  # who took the seat while it was called off; it runs out by itself
        raise EnrolmentClosed(facts.of.module_slug)
    admission = queries.admission_of(session, facts.person_id, facts.of)
    if admission.outcome is rules.Admission.REFUSED:
        raise NotAdmitted(facts.of.module_slug)
    if employer is not None:
        paying.want_employer(session, facts, employer, now=now)
    extras: dict[str, Any] = {
        "statement": statement, "wants_study_group": wants_study_group, "early_start_asked_at": now if asks_early_start else None,
    }
    if not go_on(session, facts, needs_decision=admission.needs_decision, by=actor.person_id, is_at_page=True, most_own=most_own, now=now, **extras):
        raise DatabaseBusy  # somebody was quicker: who starts over sees what there is now
    return queries.state_of(session, facts.id)


def go_on(
    session: Session, facts: queries.EnrolmentFacts, *, needs_decision: bool, by: UUID | None, now: datetime, why: Why = Why.CONFIRMED,
    is_at_page: bool = False, most_own: Money | None = None, **extras: Any,  # noqa: ANN401 - columns
) -> bool:
    """Take the one next step there is for a kept seat: the provider decides, then who pays along, then its learner pays, then it is sure.

    `is_at_page`: the learner takes this step, having been shown `most_own`, and can pay at once. False when the enrolment is not as `facts` say
    any more. Raises VatUndecided, OwnShareChanged, BudgetUsedUp.
    """
    if needs_decision:
        paying.check_own(session, facts, most_own=most_own, now=now)
        until = rules.kept_until(WaitsFor.PROVIDER, now=now, starts_on=facts.of.offering.starts_on)
        changed = change(
            session, facts.id, facts.state, EnrolmentState.REQUESTED, why=Why.ADMISSION_ASKED, by=by, now=now, until=until,
            waits_for=WaitsFor.PROVIDER, agreed_price=facts.of.offering.price, **extras,
        )
        if changed:
            announce(session, AdmissionAsked(facts.id))
        return changed
    if facts.is_priced and not paying.is_as_read(session, facts):  # before anything is split
        return False
    agreed = paying.agree(session, facts, is_at_page=is_at_page, most_own=most_own, now=now)
    if agreed.awaited is None:
        return _make_sure(session, facts, why=why, by=by, now=now, agreed_price=agreed.price, **extras)
    return _keep_for(session, facts, agreed.awaited, why=why, by=by, now=now, agreed_price=agreed.price, **extras)


def _make_sure(session: Session, facts: queries.EnrolmentFacts, *, now: datetime, **step: Any) -> bool:  # noqa: ANN401 - of the change
    if not change(session, facts.id, facts.state, EnrolmentState.CONFIRMED, now=now, **step):
        return False
    paying.make_sure(session, facts, now=now)
    announce(session, EnrolmentConfirmed(facts.id))
    return True


def _keep_for(
    session: Session, facts: queries.EnrolmentFacts, awaited: paying.Awaited, *, why: Why, now: datetime, **step: Any,  # noqa: ANN401 - of the change
) -> bool:
    is_promise = awaited.waits_for is WaitsFor.PAYMENT
    changed = change(
        session, facts.id, facts.state, EnrolmentState.HELD, why=Why.PAYMENT_PROMISED if is_promise and why is Why.CONFIRMED else why, now=now,
        until=awaited.until, waits_for=awaited.waits_for, **step,
    )
    if changed and not awaited.own.is_zero:
        paying.ask_payment(session, facts, own=awaited.own, until=awaited.until, now=now)
    if changed and is_promise:
        announce(session, PaymentPromised(facts.id))
    return changed


def go_on_decided(session: Session, *, enrolment_id: UUID, now: datetime) -> None:
    """Take the next step for a seat that waited for others to approve what they pay; nothing for one that does not wait for that any more.

    DatabaseBusy asks to start over.
    """
    facts = queries.enrolment(session, enrolment_id)
    if facts is not None and facts.waits_for is WaitsFor.EMPLOYER and not go_on(session, facts, needs_decision=False, by=None, now=now):
        raise DatabaseBusy


def pay_oneself(session: Session, *, actor: Actor, code: str, most_own: Money | None, now: datetime) -> None:
    """Let a learner pay what their employer left, or did not answer yet, and go on to that at once where nobody else has to approve.

    Raises EnrolmentNotFound, AskAnswered, OwnShareChanged; DatabaseBusy asks to start over.
    """
    facts = queries.my_enrolment(session, actor, code)
    funding.pay_oneself(session, seat_id=facts.seat_id, most_own=most_own, now=now)
    if funding.split_of(session, [facts.seat_id])[facts.seat_id].waits_until is None:
        go_on_decided(session, enrolment_id=facts.id, now=now)


def extend_hold(session: Session, *, actor: Actor, code: str, now: datetime) -> datetime:
    """Keep the seat a quarter of an hour longer from now; returns until when.

    Raises EnrolmentNotFound, HoldEnded, NoMoreTime; DatabaseBusy asks to start over.
    """
    facts = queries.my_enrolment(session, actor, code)
    until = rules.kept_until(WaitsFor.LEARNER, now=now, starts_on=facts.of.offering.starts_on)
    if facts.waits_for is not WaitsFor.LEARNER:
        raise HoldEnded(facts.of.module_slug, facts.of.offering.code)
    if not rules.may_extend(facts.extended):
        raise NoMoreTime
    changed = rows_changed(
        session,
        update(Enrolment)
        .where(Enrolment.id == facts.id, Enrolment.waits_for == WaitsFor.LEARNER, Enrolment.extended == facts.extended)
        .values(until=until, extended=facts.extended + 1),
    )
    if changed != 1:
        raise DatabaseBusy  # somebody was quicker: who starts over sees what there is now
    return until


def expire_due(session: Session, *, now: datetime, pool_id: UUID | None = None) -> int:
    """End what was kept until a moment that has passed, in one pool or everywhere, the oldest first; returns how many. Repeatable.

    Each seat goes to the first in line, or back to its pool, in this transaction. Take few at a time: their pools stay locked until it ends.
    """
    due = select(Enrolment.id, Enrolment.pool_id, Enrolment.block_id).where(Enrolment.state.in_(KEPT_STATES), Enrolment.until <= now)
    if pool_id is not None:
        due = due.where(Enrolment.pool_id == pool_id)
    rows = session.execute(due.order_by(Enrolment.until).limit(_MOST_AT_ONCE)).all()
    block_seats.lock_for_giving_on(session, [(each.pool_id, each.block_id) for each in rows])
    return sum(_expire(session, each.id, now=now) for each in rows)


def _expire(session: Session, enrolment_id: UUID, *, now: datetime) -> bool:
    # Looked at again under the lock: its end may have been put off, or its owner may have confirmed.
    row = session.execute(
        select(Enrolment.state, Enrolment.waits_for)
        .where(Enrolment.id == enrolment_id, Enrolment.state.in_(KEPT_STATES), Enrolment.until <= now).with_for_update(),
    ).one_or_none()
    facts = None if row is None else queries.enrolment(session, enrolment_id)
    if row is None or facts is None:
        return False
    if row.waits_for in _WHO_PAY and paying.may_come(session, facts, now=now):
        paying.look_again_later(session, enrolment_id, now=now)
        return False
    if row.state is EnrolmentState.OFFERED and may_not_be_sold(session, facts.of, now=now):
        _offer_longer(session, facts, now=now)
        return False
    return _end_hold(session, facts, now=now)


def _offer_longer(session: Session, facts: queries.EnrolmentFacts, *, now: datetime) -> None:
    """Leave an offer that could not be taken, because its provider has yet to say which VAT there is, as long again."""
    until = rules.offered_until(now=now, starts_on=facts.of.offering.starts_on)
    session.execute(
        update(Enrolment).where(Enrolment.id == facts.id, Enrolment.state == EnrolmentState.OFFERED).values(until=until)
        .execution_options(synchronize_session=False),
    )


def _end_hold(session: Session, facts: queries.EnrolmentFacts, *, now: datetime) -> bool:
    """End a kept seat, pass it on, and let go of what was promised for it; False when somebody was quicker. The caller has locked its pool."""
    if not change(session, facts.id, facts.state, EnrolmentState.EXPIRED, why=Why.TIME_RAN_OUT, by=None, now=now):
        return False
    block_seats.give_on(session, facts, now=now)
    announce(session, HoldExpired(facts.id, facts.waits_for.value if facts.waits_for else "offer"))
    if facts.waits_for in _WHO_PAY:
        paying.let_go(session, facts, now=now)
    return True


def end_unpaid(session: Session, *, enrolment_id: UUID, waited_for: WaitsFor, now: datetime) -> None:
    """End a seat at once that was kept for a payment, or for who would pay along, now that it is known not to come; nothing for any other."""
    facts = queries.enrolment(session, enrolment_id)
    if facts is not None and facts.waits_for is waited_for:
        seats.lock(session, [facts.pool_id])
        _end_hold(session, facts, now=now)
