"""Use cases of more than one person: enrolling together, all or none, and sending somebody else in one's place."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, check_may_enrol, expect_person
from academy.accounts.errors import ApprovalNeeded
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.errors import (
    AlreadyEnrolled,
    GroupWrong,
    NoSeatToPass,
    NotAdmitted,
    NotEnoughSeats,
    SeatsByLot,
    SomeoneCanNot,
    TooManyGroups,
)
from academy.enrolment.events import AdmissionAsked, GroupEnrolled, SeatsChanged, SeatTakenOver
from academy.enrolment.kinds import EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, EnrolmentGroup
from academy.enrolment.queries import together as reads
from academy.enrolment.service import paying, seats
from academy.enrolment.service.changes import change
from academy.enrolment.service.holding import expire_due
from academy.enrolment.service.opening import check_enrolable, open_enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.kernel.text import Language

MOST_TOGETHER: Final = 20
_GROUPS_A_DAY: Final = 10
_DAY: Final = timedelta(days=1)


def enrol_group(
    session: Session, *, actor: Actor, offering_code: str, people: Sequence[tuple[str, str]], request_key: UUID | None, language: Language,
    now: datetime,
) -> str:
    """Give all of these people, as (name, e-mail address), a place in a class, or none of them; returns the code of the group.

    In a free class their seats are sure at once, in another they are kept until the group is paid, and who does not have what is asked
    waits for the provider. Addresses that nobody has yet become people who prove by a letter, in `language`, that it is theirs.
    The same form sent again is the same request. Raises GroupWrong, TooManyGroups, OfferingNotFound, EnrolmentClosed, EnrolmentElsewhere,
    PriceUnknown, VatUndecided, ApprovalNeeded, AlreadyEnrolled or NotAdmitted when it is the actor who can not, SomeoneCanNot for somebody else, and
    NotEnoughSeats, SeatsByLot. All seats are taken by one guarded UPDATE, last.
    """
    again = reads.group_of_request(session, actor, request_key)
    if again is not None:
        return again
    found = catalogue.offering_for_enrolment(session, offering_code)
    if not 1 <= len(people) <= MOST_TOGETHER or len({email for _name, email in people}) != len(people):
        raise GroupWrong(found.module_slug)
    check_enrolable(found, now=now)
    paying.check_sellable(session, found, now=now)
    group = _begin_group(session, actor, now=now)
    pool_id = seats.public_pool(session, found.offering)
    person_ids = [expect_person(session, email=email, name=name, language=language, now=now) for name, email in sorted(people, key=_by_email)]
    for number, person_id in enumerate(person_ids):
        with _discreet(actor, person_id, found):
            _place(session, found, group, pool_id, person_id, request_key=None if number else request_key, now=now)
    announce(session, GroupEnrolled(group.id))
    announce(session, SeatsChanged(found.offering.id))
    if not _take(session, pool_id, len(people), now=now):
        if queries.awaits_draw(session, pool_id):
            raise SeatsByLot(found.module_slug, found.offering.code)
        raise NotEnoughSeats(found.module_slug, found.offering.code)
    return group.code


def _by_email(one: tuple[str, str]) -> str:
    return one[1]  # in one order, so that two groups with the same people wait for each other and do not lock each other out


def _begin_group(session: Session, actor: Actor, *, now: datetime) -> EnrolmentGroup:
    today = select(func.count()).where(EnrolmentGroup.made_by == actor.person_id, EnrolmentGroup.made_at > now - _DAY)
    if (session.scalar(today) or 0) >= _GROUPS_A_DAY:
        raise TooManyGroups
    group = EnrolmentGroup(id=new_id(), code=short_code(), made_by=actor.person_id, made_at=now)
    session.add(group)
    session.flush()
    return group


@contextmanager
def _discreet(actor: Actor, person_id: UUID, found: catalogue.OfferingOfModule) -> Iterator[None]:
    """Tell people about themselves only: that somebody else can not be enrolled, not who and why."""
    try:
        yield
    except (AlreadyEnrolled, ApprovalNeeded, NotAdmitted) as refusal:
        if person_id == actor.person_id:
            raise
        raise SomeoneCanNot(found.module_slug) from refusal


def _place(
    session: Session, found: catalogue.OfferingOfModule, group: EnrolmentGroup, pool_id: UUID, person_id: UUID, *, request_key: UUID | None,
    now: datetime,
) -> None:
    """Add the enrolment of one of a group; its seat is taken with those of the others."""
    check_may_enrol(session, person_id)
    admission = queries.admission_of(session, person_id, found)
    if admission.outcome is rules.Admission.REFUSED:
        raise NotAdmitted(found.module_slug)
    starts_on, price = found.offering.starts_on, found.offering.price
    is_sure = not admission.needs_decision and (price is None or price.is_zero)
    waits_for = None if is_sure else WaitsFor.PROVIDER if admission.needs_decision else WaitsFor.PAYMENT
    until = rules.kept_until(waits_for, now=now, starts_on=starts_on) if waits_for else None
    code = open_enrolment(
        session, found=found, pool_id=pool_id, person_id=person_id, state=EnrolmentState.CONFIRMED if is_sure else EnrolmentState.HELD,
        why=Why.ASKED, by=group.made_by, request_key=request_key, now=now, group_id=group.id, waits_for=waits_for, until=until,
        confirmed_at=now if is_sure else None, agreed_price=price,
    )
    enrolment_id = session.scalars(select(Enrolment.id).where(Enrolment.code == code)).one()
    facts = queries.enrolment(session, enrolment_id) if waits_for is WaitsFor.PAYMENT else None
    if facts is not None:
        paying.note_elsewhere(session, facts, now=now)
    if admission.needs_decision:
        change(
            session, enrolment_id, EnrolmentState.HELD, EnrolmentState.REQUESTED, why=Why.ADMISSION_ASKED, by=group.made_by, now=now, until=until,
            waits_for=waits_for,
        )
        announce(session, AdmissionAsked(enrolment_id))


def _take(session: Session, pool_id: UUID, number: int, *, now: datetime) -> bool:
    """Take so many seats at once; of a full pool, those whose time ran out and that nobody took back yet."""
    return seats.take(session, pool_id, number) or (
        expire_due(session, now=now, pool_id=pool_id) > 0 and seats.take(session, pool_id, number)
    )


def send_substitute(session: Session, *, actor: Actor, code: str, name: str, email: str, language: Language, now: datetime) -> str:
    """Let somebody else have the actor's seat, free of charge, until the first day; returns the code of their enrolment.

    The seat stays taken and in its pool, and paid by who paid it: the old enrolment ends and the new one stands where it stood. Whether the other has what is asked
    before is for the actor to see to; only who is known to be out of reach is refused. Raises EnrolmentNotFound, NoSeatToPass, also when the
    seat was given back at the same moment, and SomeoneCanNot.
    """
    facts = queries.my_enrolment(session, actor, code)
    if not may_send_substitute(facts, now=now):
        raise NoSeatToPass
    person_id = expect_person(session, email=email, name=name, language=language, now=now)
    with _discreet(actor, person_id, facts.of):
        return pass_seat(session, facts, person_id=person_id, by=actor.person_id, now=now)


def pass_seat(session: Session, facts: queries.EnrolmentFacts, *, person_id: UUID, by: UUID, now: datetime) -> str:
    """Give a seat to another person; returns the code of their enrolment. Raises NoSeatToPass, ApprovalNeeded, NotAdmitted, AlreadyEnrolled."""
    if not may_send_substitute(facts, now=now):
        raise NoSeatToPass
    seats.lock(session, [facts.pool_id])
    old = reads.seat_to_pass(session, facts.id)
    if old.state is not facts.state or not change(session, facts.id, facts.state, EnrolmentState.CANCELLED, why=Why.SUBSTITUTED, by=by, now=now):
        raise NoSeatToPass
    check_may_enrol(session, person_id)
    if queries.admission_of(session, person_id, facts.of).outcome is rules.Admission.REFUSED:
        raise NotAdmitted(facts.of.module_slug)
    has_seat_id = facts.is_priced or old.block_id is not None
    new = open_enrolment(
        session, found=facts.of, pool_id=facts.pool_id, person_id=person_id, state=facts.state, why=Why.TOOK_OVER, by=by,
        request_key=None, now=now, group_id=old.group_id, is_business=old.is_business, seat_code=old.seat_code, block_id=old.block_id,
        waits_for=facts.waits_for, until=facts.until, confirmed_at=now if facts.state is EnrolmentState.CONFIRMED else None,
        seat_id=facts.seat_id if has_seat_id else None, agreed_price=facts.of.offering.price,
    )
    announce(session, SeatTakenOver(session.scalars(select(Enrolment.id).where(Enrolment.code == new)).one(), facts.id))
    return new


def may_send_substitute(facts: queries.EnrolmentFacts, *, now: datetime) -> bool:
    """Tell whether a seat can be passed to somebody else: it is sure, or waits for money that somebody owes the provider; and the class has not begun."""
    is_seat = facts.state is EnrolmentState.CONFIRMED or (facts.waits_for is WaitsFor.PAYMENT and facts.is_paid_elsewhere)
    return is_seat and amsterdam_day(now) < facts.of.offering.starts_on and facts.of.offering.state is catalogue.OfferingState.ACTIVE
