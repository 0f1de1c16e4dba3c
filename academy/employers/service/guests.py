"""Use cases of the people for whom a firm pays: invited, reminded, seated, replaced, taken back.

Order of locks: the row of the guest, then what enrolment and funding lock. Who answers twice at once waits, and finds what they answered.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Purpose, record
from academy.employers.errors import (
    AlreadyInvited,
    GuestOver,
    NamesOver,
    NotOpenToThis,
    RemindedToday,
    TooManyNames,
)
from academy.employers.events import SeatCancelled, SeatInvited
from academy.employers.kinds import GuestState
from academy.employers.models import SeatGuest
from academy.employers.queries import guests as queries
from academy.employers.queries.guests import BlockInWork, GuestFacts
from academy.enrolment import api as enrolment
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.kernel.text import Language

ANSWER_WITHIN: Final = timedelta(days=30)
REMIND_AFTER: Final = (timedelta(days=7), timedelta(days=21))
_A_DAY: Final = timedelta(days=1)
_MOST_AT_ONCE: Final = 50
_GONE: Final = (GuestState.CANCELLED, GuestState.DECLINED)
_ALLOWED: Final = (Purpose.PROGRESS_TO_EMPLOYER, Purpose.RESULT_TO_EMPLOYER)


def invite_guests(
    session: Session, *, actor: Actor, organisation: str, block_id: UUID, people: Sequence[tuple[str, str]], language: Language, now: datetime,
) -> int:
    """Invite these people, as (address, name), to seats that a firm bought; returns how many. Each has a letter with a link of their own.

    Addresses are in the form in which we keep them. Raises FirmNotFound, BlockNotFound, NamesOver, NotOpenToThis, TooManyNames, AlreadyInvited.
    """
    there = queries.block_to_work_on(session, actor, organisation, block_id)
    if now >= there.named_until:
        raise NamesOver(there.named_until)
    if len(people) > there.room:
        raise TooManyNames(there.room)
    if {email for email, _name in people} & there.addresses:
        raise AlreadyInvited
    for email, name in people:
        _invite(session, there, actor, email, name, language, now=now)
    _record(session, "guests-invited", actor, there, number=len(people), now=now)
    return len(people)


def _invite(session: Session, there: BlockInWork, actor: Actor, email: str, name: str, language: Language, *, now: datetime) -> None:  # noqa: PLR0917 - as it reads
    if not there.is_open(now):
        raise NotOpenToThis
    guest = SeatGuest(
        id=new_id(), code=short_code(), block_id=there.block.id, email=email, name=name, language=language, state=GuestState.INVITED,
        invited_by=actor.person_id, invited_at=now, until=min(now + ANSWER_WITHIN, there.begins), letter_at=now,
    )
    try:
        with session.begin_nested():
            session.add(guest)
            session.flush()
    except IntegrityError as error:  # the index says it, also when two invite at once
        raise AlreadyInvited from error
    announce(session, SeatInvited(guest.id, 0))


def accept_seat(session: Session, *, guest_id: UUID, allows: bool = False, now: datetime) -> str:
    """Let somebody who holds the link take the seat that is paid for them; returns the code of their enrolment. Saying yes twice is saying it once.

    `allows`: their employer may see that they use it and how it ends, until they take that back. Raises GuestNotFound, GuestOver, and what claiming
    a seat can: EnrolmentClosed, ApprovalNeeded, NotAdmitted, AlreadyEnrolled, OfferingFull.
    """
    guest = queries.guest_by_id(session, guest_id, be_held=True)
    if guest.state is GuestState.SEATED and guest.enrolment_id is not None:
        return _code_of(session, guest.enrolment_id)
    if guest.state is not GuestState.INVITED or now >= guest.until:
        raise GuestOver
    language: Language = "en" if guest.language == "en" else "nl"
    person_id = accounts.expect_person(session, email=guest.email, name=guest.name, language=language, now=now)
    code = enrolment.claim_seat(session, block_id=guest.block_id, person_id=person_id, by=person_id, now=now)
    enrolment_id = next(each.enrolment_id for each in enrolment.seats_of_block(session, guest.block_id) if each.code == code)
    if not _move(session, guest, GuestState.SEATED, SeatGuest.until > now, answered_at=now, enrolment_id=enrolment_id, email="", name=""):
        raise DatabaseBusy  # who starts over sees what became of it
    if allows:
        _offered, _payer, payer_id = queries.offered_to(session, guest)
        accounts.allow_payer(session, person_id=person_id, organisation_id=payer_id, purposes=_ALLOWED, now=now)
    return code


def _code_of(session: Session, enrolment_id: UUID) -> str:
    facts = enrolment.enrolment(session, enrolment_id)
    if facts is None:
        raise GuestOver
    return facts.code


def decline_seat(session: Session, *, guest_id: UUID, now: datetime) -> None:
    """Say no to a seat; the firm can give it to somebody else. Saying it twice is saying it once. Raises GuestNotFound, GuestOver."""
    guest = queries.guest_by_id(session, guest_id, be_held=True)
    if guest.state is GuestState.DECLINED:
        return
    if guest.state is not GuestState.INVITED or not _move(session, guest, GuestState.DECLINED, answered_at=now):
        raise GuestOver


def remind_guest(session: Session, *, actor: Actor, organisation: str, code: str, now: datetime) -> None:
    """Send the letter again, at most once a day. Raises FirmNotFound, GuestNotFound, NotOpenToThis, RemindedToday."""
    there, guest = queries.guest_to_act_on(session, actor, organisation, code, be_held=True)
    if guest.state is not GuestState.INVITED or now >= guest.until or not there.is_open(now):
        raise NotOpenToThis
    if not _send_again(session, guest.id, SeatGuest.letter_at <= now - _A_DAY, now=now):
        raise RemindedToday


def cancel_guest(session: Session, *, actor: Actor, organisation: str, code: str, now: datetime) -> None:
    """Take an invitation back, or the seat of who said yes; what leaving late costs is owed then. A second time changes nothing.

    Raises FirmNotFound, GuestNotFound, NotOpenToThis, EnrolmentNotFound, TooLateToCancel, NotCancellable.
    """
    there, guest = _of_firm(session, actor, organisation, code, now=now)
    if guest.state is GuestState.CANCELLED:
        return
    if guest.state is GuestState.SEATED:
        seat = next((each for each in there.seats if each.enrolment_id == guest.enrolment_id), None)
        if seat is not None:
            enrolment.release_seat(session, block_id=there.block.id, code=seat.code, by=actor.person_id, now=now)
    if guest.state not in {GuestState.INVITED, GuestState.SEATED} or not _move(session, guest, GuestState.CANCELLED, answered_at=now):
        raise NotOpenToThis
    if guest.state is GuestState.INVITED:
        announce(session, SeatCancelled(guest.id))
    _record(session, "guest-cancelled", actor, there, number=1, now=now)


def _of_firm(session: Session, actor: Actor, organisation: str, code: str, *, now: datetime) -> tuple[BlockInWork, GuestFacts]:
    """Return somebody of a firm, kept to this transaction; who came by a code is known as a guest from here on."""
    there, guest, seat = queries.person_at_work(session, actor, organisation, code)
    if guest is None and seat is not None:
        code = _note_seated(session, there, seat.enrolment_id, actor, now=now)
    return queries.guest_to_act_on(session, actor, organisation, code, be_held=True)


def _note_seated(session: Session, there: BlockInWork, enrolment_id: UUID, actor: Actor, *, now: datetime) -> str:
    code = short_code()
    noted = session.scalar(
        insert_for(session, SeatGuest)
        .values(
            id=new_id(), code=code, block_id=there.block.id, email="", name="", language="nl", state=GuestState.SEATED, invited_by=actor.person_id,
            invited_at=now, until=there.begins, reminded=0, letters=0, letter_at=now, answered_at=now, enrolment_id=enrolment_id,
        )
        .on_conflict_do_nothing().returning(SeatGuest.code),
    )
    if noted is None:
        raise DatabaseBusy  # noted twice at once: who starts over finds it
    return code


def replace_guest(
    session: Session, *, actor: Actor, organisation: str, code: str, email: str, name: str, language: Language, now: datetime,
) -> None:
    """Let somebody else have the seat, for nothing, until the first day of the class: also after the day on which names had to be known.

    Who takes a sure seat over has it at once; who comes instead of somebody without a seat is invited. Raises FirmNotFound, GuestNotFound,
    NotOpenToThis, TooManyNames, AlreadyInvited, NoSeatToPass, ApprovalNeeded, NotAdmitted, AlreadyEnrolled.
    """
    there, guest = _of_firm(session, actor, organisation, code, now=now)
    if email in there.addresses:
        raise AlreadyInvited
    if guest.state is GuestState.SEATED and any(each.enrolment_id == guest.enrolment_id for each in there.seats):
        _pass_on(session, there, guest, actor, email, name, language, now=now)
    else:
        if guest.state is GuestState.INVITED:
            cancel_guest(session, actor=actor, organisation=organisation, code=guest.code, now=now)
        elif not there.room:
            raise TooManyNames(0)
        _invite(session, there, actor, email, name, language, now=now)
    _record(session, "guest-replaced", actor, there, number=1, now=now)


def _pass_on(  # noqa: PLR0917 - as it reads
    session: Session, there: BlockInWork, guest: GuestFacts, actor: Actor, email: str, name: str, language: Language, *, now: datetime,
) -> None:
    person_id = accounts.expect_person(session, email=email, name=name, language=language, now=now)
    seat = next(each for each in there.seats if each.enrolment_id == guest.enrolment_id)
    code = enrolment.replace_person(session, block_id=there.block.id, code=seat.code, person_id=person_id, by=actor.person_id, now=now)
    enrolment_id = next(each.enrolment_id for each in enrolment.seats_of_block(session, there.block.id) if each.code == code)
    if not _move(session, guest, GuestState.CANCELLED, answered_at=now):
        raise DatabaseBusy
    _note_seated(session, there, enrolment_id, actor, now=now)


def make_seat_codes(
    session: Session, *, actor: Actor, organisation: str, block_id: UUID, number: int, uses: int, until: datetime | None, now: datetime,
) -> list[str]:
    """Return so many new codes for seats that a firm bought, each good for `uses` of them until a moment: to be shown once.

    Raises FirmNotFound, BlockNotFound, NotOpenToThis, TooManyNames for more than there are seats to give out.
    """
    there = queries.block_to_work_on(session, actor, organisation, block_id)
    if not there.is_open(now):
        raise NotOpenToThis
    if number < 1 or uses < 1 or number * uses > there.block.unnamed:
        raise TooManyNames(there.block.unnamed)
    made = enrolment.make_block_codes(session, block_id=block_id, number=number, uses=uses, until=until, now=now)
    _record(session, "seat-codes-made", actor, there, number=number, now=now)
    return made


def has_due(session: Session, *, now: datetime) -> bool:
    """Tell whether there is anybody to remind, or to forget."""
    return any(session.scalar(select(SeatGuest.id).where(which).limit(1)) is not None for which in (*_to_remind(now), _over(now), _known(now)))


def remind_due(session: Session, *, now: datetime) -> int:
    """Remind who has yet to answer, a week and three weeks after the invitation, some at a time; returns how many. Repeatable."""
    return sum(
        _send_again(session, guest_id, SeatGuest.reminded == before, now=now, reminded=before + 1)
        for before, which in enumerate(_to_remind(now)) for guest_id in _some(session, which)
    )


def _to_remind(now: datetime) -> list[ColumnElement[bool]]:
    """Return who is to have their first and their second reminder; nobody has two letters on one day."""
    return [
        (SeatGuest.state == GuestState.INVITED) & (SeatGuest.reminded == before) & (SeatGuest.invited_at <= now - after) & (SeatGuest.until > now)
        & (SeatGuest.letter_at <= now - _A_DAY)
        for before, after in enumerate(REMIND_AFTER)
    ]


def _send_again(session: Session, guest_id: UUID, guard: ColumnElement[bool], *, now: datetime, **values: object) -> bool:
    counted = update(SeatGuest).where(SeatGuest.id == guest_id, SeatGuest.state == GuestState.INVITED, guard)
    letter = session.scalar(
        counted.values(letters=SeatGuest.letters + 1, letter_at=now, **values).returning(SeatGuest.letters)
        .execution_options(synchronize_session=False),
    )
    if letter is None:
        return False
    announce(session, SeatInvited(guest_id, letter))
    return True


def lapse_due(session: Session, *, now: datetime) -> int:
    """End invitations that nobody answered in time, and forget of those and of older ones who they were for; returns how many. Repeatable.

    Some at a time. What stays says that somebody was invited, not who.
    """
    over, known = _over(now), _known(now)
    lapsed = _some(session, over)
    session.execute(
        update(SeatGuest).where(SeatGuest.id.in_(lapsed), over).values(state=GuestState.LAPSED, answered_at=now, email="", name="")
        .execution_options(synchronize_session=False),
    )
    gone = _some(session, known)
    session.execute(update(SeatGuest).where(SeatGuest.id.in_(gone)).values(email="", name="").execution_options(synchronize_session=False))
    return len(lapsed) + len(gone)


def _over(now: datetime) -> ColumnElement[bool]:
    """Tell apart who did not answer in time."""
    return (SeatGuest.state == GuestState.INVITED) & (SeatGuest.until <= now)


def _known(now: datetime) -> ColumnElement[bool]:
    """Tell apart who said no, or was taken back, so long ago that nobody needs to know who it was."""
    is_known = (SeatGuest.email != "") | (SeatGuest.name != "")
    return SeatGuest.state.in_(_GONE) & (SeatGuest.answered_at <= now - ANSWER_WITHIN) & is_known


def _some(session: Session, which: ColumnElement[bool]) -> Sequence[UUID]:
    return session.scalars(select(SeatGuest.id).where(which).order_by(SeatGuest.id).limit(_MOST_AT_ONCE)).all()


def _move(session: Session, guest: GuestFacts, to: GuestState, *guards: ColumnElement[bool], **values: object) -> bool:
    """Take a guest to a state, with other columns; False when they are not as `guest` says any more."""
    moved = update(SeatGuest).where(SeatGuest.id == guest.id, SeatGuest.state == guest.state, *guards).values(state=to, **values)
    return rows_changed(session, moved.execution_options(synchronize_session=False)) == 1


def _record(session: Session, act: str, actor: Actor, there: BlockInWork, *, number: int, now: datetime) -> None:
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=there.firm.id, about="seat-block", about_id=there.block.id,
        details={"offering": there.of.offering.code, "number": number},
    )
