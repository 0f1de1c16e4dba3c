"""Time of assessors, offered and booked, with defaults that are right."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from academy.accounts.api import Actor
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from academy.recognition.facts import FileFacts, SlotFacts
from academy.recognition.kinds import FileState, InstrumentKind
from academy.recognition.models import AssessorSlot, FileShare, InstrumentUse
from academy.recognition.queries.slots import Booked, booked_in, slot_facts, slots_on_offer
from academy.recognition.service import slots
from academy.recognition.service.slots import SlotDraft
from tests.recognition.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INTERVIEW, WORKPLACE, TEST = InstrumentKind.INTERVIEW, InstrumentKind.WORKPLACE, InstrumentKind.TEST


def a_draft(world: World, *, kind: InstrumentKind = INTERVIEW, in_days: float = 5, **values: Any) -> SlotDraft:
    return replace(SlotDraft(kind, (world.now + in_days * DAY,), HOUR), **values)


def offered(world: World, by: Actor | None = None, **values: Any) -> SlotFacts:
    """Let an assessor offer one moment; returns it."""
    actor, draft = by or world.assessor, a_draft(world, **values)
    world.run(slots.offer_slots, actor=actor, provider_slug=world.slug, draft=draft)
    with world.database.reading() as session:
        row = session.scalars(select(AssessorSlot).where(AssessorSlot.assessor_id == actor.person_id, AssessorSlot.starts_at == draft.starts[0])).one()
        return slot_facts(row)


def book(world: World, file: FileFacts, slot: SlotFacts) -> UUID:
    found: UUID = world.run(slots.book_slot, actor=world.learner, code=file.code, slot_code=slot.code)
    return found


def slot_now(world: World, slot: SlotFacts) -> AssessorSlot:
    with world.database.reading() as session:
        return session.get_one(AssessorSlot, slot.id)


def on_offer(world: World, file: FileFacts) -> list[UUID]:
    with world.database.reading() as session:
        return [each.id for each in slots_on_offer(session, file, now=world.now)]


def booked(world: World, file: FileFacts) -> Booked | None:
    with world.database.reading() as session:
        return booked_in(session, file.id)


def sees(world: World, file: FileFacts, assessor: Actor) -> bool:
    """Tell whether the learner shares the evidence of a file with an assessor now."""
    with world.database.reading() as session:
        row = session.get(FileShare, (file.id, assessor.person_id))
        return row is not None and row.taken_back_at is None


def without_appointment(world: World, state: FileState, **values: Any) -> FileFacts:
    """Put a file in a state in which nothing has its day; the world plans a second look from `second-planned` on."""
    file = world.file(state, **values)
    with world.database.writing() as session:
        for row in session.scalars(select(InstrumentUse).where(InstrumentUse.file_id == file.id, InstrumentUse.planned_at.is_not(None))):
            row.called_off_at = world.now
    return file


def listen(*events: type[Event]) -> None:
    for event in events:
        subscribe(f"slots-test.{event.name}", event, inside=lambda *_: None)


def heard(world: World, event: type[Event]) -> list[UUID]:
    """Return of which looks this was announced, in that order."""
    wanted = select(OutboxMessage.payload).where(OutboxMessage.subscriber == f"slots-test.{event.name}").order_by(OutboxMessage.id)
    with world.database.reading() as session:
        return [UUID(each["instrument_id"]) for each in session.scalars(wanted)]
