"""Time of assessors: offered, taken back, and booked. A place is taken by one guarded UPDATE (`slot_places`) and never twice.

Lock order: the person, then the file (`hold`), then slots by ascending id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, hold_person, record
from academy.catalogue import api as catalogue
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.recognition.errors import FileClosed
from academy.recognition.errors.judging import NothingBooked, SlotInUse, SlotNotFound, SlotsOverlap, SlotWrong
from academy.recognition.events import SlotBooked, SlotCalledOff
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import FileState, InstrumentKind, Who
from academy.recognition.models import AssessorSlot, FileShare, InstrumentUse, RecognitionFile
from academy.recognition.queries.files import desk_for, file_by_id, file_of_learner
from academy.recognition.queries.slots import BOOKABLE, booked_in, file_booked_with, slot_on_offer
from academy.recognition.service.evidence import give_share
from academy.recognition.service.history import move, step_of, step_of_assessor, touch
from academy.recognition.service.slot_places import free_place, take_place

MOST_AT_ONCE: Final = 100
MOST_PLACES: Final = 60
_LONGEST: Final = timedelta(hours=12)
_F = FileState


@dataclass(frozen=True)
class SlotDraft:
    """Time to offer, once or at each of `starts`; `place_key` is of a place of the catalogue, `where` what else there is to say."""

    kind: InstrumentKind
    starts: tuple[datetime, ...]
    length: timedelta
    place_key: str = ""
    where: str = ""
    is_online: bool = False
    capacity: int = 1


def offer_slots(session: Session, *, actor: Actor, provider_slug: str, draft: SlotDraft, now: datetime) -> int:
    """Offer time of the actor, one or a row; returns how many are new: what is there in the same way already stays one.

    Raises ProviderNotFound for who does not assess there, SlotWrong, PlaceNotFound, and SlotsOverlap where they have something else at that time.
    """
    desk = desk_for(session, actor, provider_slug)
    if not desk.rights.assess:
        raise catalogue.ProviderNotFound
    _check(draft, now)
    hold_person(session, actor)  # two at once see what the other offers
    place_id = _place(session, desk.provider_id, draft.place_key)
    there = _between(session, actor.person_id, min(draft.starts), max(draft.starts) + draft.length)
    same = {each.starts_at for each in there if (each.ends_at, each.kind) == (each.starts_at + draft.length, draft.kind)}
    wanted = sorted(set(draft.starts) - same)
    taken = [(each.starts_at, each.ends_at) for each in there] + [(start, start + draft.length) for start in wanted]
    if any(sum(begins < start + draft.length and start < ends for begins, ends in taken) > 1 for start in wanted):  # more than itself
        raise SlotsOverlap
    for start in wanted:
        session.add(_slot(desk.provider_id, actor.person_id, draft, start, place_id))
    session.flush()
    return len(wanted)


def withdraw_slot(session: Session, *, actor: Actor, provider_slug: str, slot_code: str, now: datetime) -> None:
    """Take back time that nobody booked. Twice is once. Raises ProviderNotFound, SlotNotFound for another's, SlotInUse."""
    desk = desk_for(session, actor, provider_slug)
    slot = session.scalars(
        select(AssessorSlot).where(
            AssessorSlot.code == slot_code.upper(), AssessorSlot.provider_id == desk.provider_id, AssessorSlot.assessor_id == actor.person_id,
        ).execution_options(populate_existing=True),
    ).one_or_none()
    if slot is None:
        raise SlotNotFound
    if slot.called_off_at is not None:
        return
    empty = update(AssessorSlot).where(AssessorSlot.id == slot.id, AssessorSlot.taken == 0, AssessorSlot.capacity > 0, AssessorSlot.called_off_at.is_(None))
    if rows_changed(session, empty.values(called_off_at=now).execution_options(synchronize_session=False)) != 1:
        raise SlotInUse


def book_slot(session: Session, *, actor: Actor, code: str, slot_code: str, now: datetime) -> UUID:
    """Book time of an assessor in the actor's own file, before it is sent or after; what was booked before is called off in the same commit.

    The assessor may see the evidence from the moment that it is sent. Returns the id of the instrument; the same slot twice is once.
    Raises FileNotFound, FileClosed, SlotNotFound, SlotTaken.
    """
    file = hold(session, file_of_learner(session, actor, code))
    former = booked_in(session, file.id)
    if file.state not in BOOKABLE:
        raise FileClosed
    if former is not None and former.slot is not None and former.slot.code == slot_code.upper():
        return former.id
    slot = slot_on_offer(session, file, slot_code, now=now)
    freed = None if former is None or former.slot is None else former.slot.id
    for slot_id in sorted(each for each in (slot.id, freed) if each is not None):
        if slot_id == slot.id:
            take_place(session, slot_id, now)
        else:
            _give_back(session, slot_id, now)
    if former is not None:
        _end(session, file.id, former.id, former.assessor_id, now=now)
    use = InstrumentUse(
        id=new_id(), file_id=file.id, kind=slot.kind, assessor_id=slot.assessor_id, slot_id=slot.id, begun_at=now, planned_at=slot.starts_at,
    )
    session.add(use)
    give_share(session, file.id, slot.assessor_id, by_learner=True, now=now)
    touch(session, file.id, now=now)
    if file.state is _F.ASSESSED:
        move(session, file.id, step_of(_F.SECOND_PLANNED, Who.LEARNER, actor), now=now)
    announce(session, SlotBooked(use.id))
    note_act(session, actor, file, "file-appointment-booked", now=now)
    return use.id


def call_off(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Call off what is booked in the actor's own file; the place is free in the same commit. Raises FileNotFound, NothingBooked."""
    file = hold(session, file_of_learner(session, actor, code))
    use = booked_in(session, file.id)
    if use is None:
        raise NothingBooked
    free_booking(session, file, use.id, now=now)
    touch(session, file.id, now=now)
    if file.state is _F.SECOND_PLANNED:
        move(session, file.id, step_of(_F.ASSESSED, Who.LEARNER, actor), now=now)
    note_act(session, actor, file, "file-appointment-called-off", now=now)


def call_off_as_assessor(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Call off the actor's own appointment, or note that the learner did not come. Their time goes with it, unless others booked it too.

    Raises FileNotFound, ProviderNotFound, NothingBooked, StepRefused.
    """
    file = hold(session, file_booked_with(session, actor, provider_slug, code))
    use = booked_in(session, file.id)
    if use is None or use.assessor_id != actor.person_id:
        raise NothingBooked
    free_booking(session, file, use.id, now=now)
    if use.slot is not None:
        gone = update(AssessorSlot).where(AssessorSlot.id == use.slot.id, AssessorSlot.taken == 0, AssessorSlot.called_off_at.is_(None))
        session.execute(gone.values(called_off_at=now).execution_options(synchronize_session=False))
    if file.state is _F.SECOND_PLANNED:
        move(session, file.id, step_of_assessor(session, _F.ASSESSED, actor), now=now)
    note_act(session, actor, file, "file-appointment-called-off", now=now)


def end_bookings(session: Session, file_id: UUID, *, now: datetime) -> None:
    """Free what is booked in a file that ends, and end what was begun in it: for who withdraws it or lets it lapse, in the same commit."""
    file = hold(session, file_by_id(session, file_id))
    for use_id in session.scalars(select(InstrumentUse.id).where(
        InstrumentUse.file_id == file_id, InstrumentUse.done_at.is_(None), InstrumentUse.called_off_at.is_(None),
    ).order_by(InstrumentUse.slot_id)).all():
        free_booking(session, file, use_id, now=now)


def free_booking(session: Session, file: FileFacts, use_id: UUID, *, now: datetime) -> None:
    """Call off one look that was not done yet, free its place, and take back what its assessor could see. The file is held. Raises NothingBooked."""
    use = session.get_one(InstrumentUse, use_id, populate_existing=True)
    _end(session, file.id, use_id, use.assessor_id, now=now)
    if use.slot_id is not None:
        _give_back(session, use.slot_id, now)


def _give_back(session: Session, slot_id: UUID, now: datetime) -> None:
    """Free a place; time that was agreed with one learner (`appoint`) goes with it, so that its assessor has that hour again."""
    free_place(session, slot_id)
    gone = update(AssessorSlot).where(AssessorSlot.id == slot_id, AssessorSlot.capacity == 0, AssessorSlot.called_off_at.is_(None))
    session.execute(gone.values(called_off_at=now).execution_options(synchronize_session=False))


def appoint(session: Session, *, provider_id: UUID, assessor_id: UUID, draft: SlotDraft, now: datetime) -> AssessorSlot:
    """Add time that was agreed with one learner: nobody else is offered it, for it has no places. Raises SlotWrong, PlaceNotFound, SlotsOverlap."""
    _check(draft, now)
    (start,) = draft.starts
    if _between(session, assessor_id, start, start + draft.length):
        raise SlotsOverlap
    slot = _slot(provider_id, assessor_id, draft, start, _place(session, provider_id, draft.place_key))
    slot.capacity = 0
    session.add(slot)
    session.flush()
    return slot


def hold(session: Session, file: FileFacts) -> FileFacts:
    """Keep a file for this transaction, and return it as it is now: who changes it at the same moment waits."""
    kept = update(RecognitionFile).where(RecognitionFile.id == file.id).values(state=RecognitionFile.state)
    session.execute(kept.execution_options(synchronize_session=False))
    return file_by_id(session, file.id)


def end_share(session: Session, file_id: UUID, assessor_id: UUID | None, *, now: datetime) -> None:
    """Let an assessor, or with None all of them, see the evidence of a file no more."""
    ended = update(FileShare).where(FileShare.file_id == file_id, FileShare.taken_back_at.is_(None)).values(taken_back_at=now)
    if assessor_id is not None:
        ended = ended.where(FileShare.assessor_id == assessor_id)
    session.flush()
    session.execute(ended.execution_options(synchronize_session=False))


def note_act(session: Session, actor: Actor, file: FileFacts, act: str, *, now: datetime) -> None:
    """Write a line about a file in the audit trail; the last statement of a use case."""
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=file.provider_id, person_id=file.person_id, about="recognition_file", about_id=file.id,
        details={"file": file.code},
    )


def _end(session: Session, file_id: UUID, use_id: UUID, assessor_id: UUID, *, now: datetime) -> None:
    ended = update(InstrumentUse).where(InstrumentUse.id == use_id, InstrumentUse.done_at.is_(None), InstrumentUse.called_off_at.is_(None))
    if rows_changed(session, ended.values(called_off_at=now).execution_options(synchronize_session=False)) != 1:
        raise NothingBooked
    more = session.execute(
        select(InstrumentUse.id, InstrumentUse.planned_at, InstrumentUse.called_off_at)
        .where(InstrumentUse.file_id == file_id, InstrumentUse.assessor_id == assessor_id),
    ).all()
    if any(planned_at is not None for found, planned_at, _off in more if found == use_id):
        announce(session, SlotCalledOff(use_id))
    if all(off is not None for _found, _planned, off in more):  # no other part in this file
        end_share(session, file_id, assessor_id, now=now)


def _check(draft: SlotDraft, now: datetime) -> None:
    is_in_reach = timedelta() < draft.length <= _LONGEST and 1 <= draft.capacity <= MOST_PLACES and 1 <= len(draft.starts) <= MOST_AT_ONCE
    if not is_in_reach or draft.kind is InstrumentKind.PORTFOLIO or min(draft.starts) <= now:
        raise SlotWrong


def _place(session: Session, provider_id: UUID, key: str) -> UUID | None:
    if not key:
        return None
    found = next((each for each in catalogue.places(session, provider_id) if each.key == key), None)
    if found is None:
        raise catalogue.PlaceNotFound
    return found.id


def _between(session: Session, assessor_id: UUID, begins: datetime, ends: datetime) -> Sequence[AssessorSlot]:
    return session.scalars(
        select(AssessorSlot).where(
            AssessorSlot.assessor_id == assessor_id, AssessorSlot.called_off_at.is_(None), AssessorSlot.starts_at < ends, AssessorSlot.ends_at > begins,
        ),
    ).all()


def _slot(provider_id: UUID, assessor_id: UUID, draft: SlotDraft, start: datetime, place_id: UUID | None) -> AssessorSlot:
    return AssessorSlot(
        id=new_id(), code=short_code(), provider_id=provider_id, assessor_id=assessor_id, kind=draft.kind, starts_at=start, ends_at=start + draft.length,
        place_id=place_id, where=draft.where, is_online=draft.is_online, capacity=draft.capacity, taken=0,
    )
