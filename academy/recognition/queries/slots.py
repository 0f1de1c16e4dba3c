"""Time of assessors: what a learner can choose from, what is booked, and what an assessor offers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.recognition.errors.judging import NothingBooked, SlotNotFound
from academy.recognition.facts import FileFacts, SlotFacts
from academy.recognition.kinds import OPEN_TO_EVIDENCE, FileState, InstrumentKind
from academy.recognition.models import AssessorSlot, FileParty, InstrumentUse, RecognitionFile
from academy.recognition.policy import employers_of, rights_at
from academy.recognition.queries.files import Desk, desk_for, file_by_id, file_of_learner
from academy.recognition.rules.instruments import People, unfit

# The second look can be booked from the start (journey J5), and until it is judged.
BOOKABLE: Final = (*OPEN_TO_EVIDENCE, FileState.PORTFOLIO_SUBMITTED, FileState.ASSESSMENT_PLANNED, FileState.ASSESSED, FileState.SECOND_PLANNED)
_MOST: Final = 60  # to choose from
_EMPLOYERS: Final = (OrganisationKind.EMPLOYER, OrganisationKind.SCHOOL)


@dataclass(frozen=True)
class Booked:
    """A second look that has its day and is not judged yet."""

    id: UUID
    kind: InstrumentKind
    assessor_id: UUID
    planned_at: datetime
    slot: SlotFacts | None


@dataclass(frozen=True)
class Choice:
    """What a learner chooses from, and what is booked; `names` are those of assessors, `places` those that are named."""

    file: FileFacts
    title: Localized
    booked: Booked | None
    slots: tuple[SlotFacts, ...]
    names: dict[UUID, str]
    places: dict[UUID, catalogue.PlaceFacts]

    @property
    def is_open(self) -> bool:
        return self.file.state in BOOKABLE


@dataclass(frozen=True)
class OwnSlot:
    """Time that an assessor offers, with the codes of the files that booked it."""

    slot: SlotFacts
    files: tuple[str, ...]


@dataclass(frozen=True)
class OwnSlots:
    """What an assessor offers from now on, and where they can offer it."""

    desk: Desk
    slots: tuple[OwnSlot, ...]
    places: tuple[catalogue.PlaceFacts, ...]


def title_of(session: Session, file: FileFacts) -> Localized:
    """Return the title of the module of a file."""
    return catalogue.claimable_modules(session, [file.module_id])[file.module_id].title


def slot_facts(row: AssessorSlot) -> SlotFacts:
    """Copy a row."""
    return SlotFacts(
        row.id, row.code, row.provider_id, row.assessor_id, row.kind, row.starts_at, row.ends_at, row.place_id, row.where, row.is_online, row.capacity, row.taken,
    )


def booked_in(session: Session, file_id: UUID) -> Booked | None:
    """Return the second look of a file that has its day and is not judged yet; there is one at a time."""
    found = session.execute(
        select(InstrumentUse, AssessorSlot).outerjoin(AssessorSlot, AssessorSlot.id == InstrumentUse.slot_id).where(
            InstrumentUse.file_id == file_id, InstrumentUse.planned_at.is_not(None), InstrumentUse.done_at.is_(None), InstrumentUse.called_off_at.is_(None),
        ).order_by(InstrumentUse.id.desc()).limit(1).execution_options(populate_existing=True),
    ).one_or_none()
    use, slot = found or (None, None)
    if use is None or use.planned_at is None:
        return None
    return Booked(use.id, use.kind, use.assessor_id, use.planned_at, None if slot is None else slot_facts(slot))


def file_booked_with(session: Session, actor: Actor, provider_slug: str, code: str) -> FileFacts:
    """Return a file in which the actor has an appointment, also before it was sent. Raises ProviderNotFound, NothingBooked."""
    desk = desk_for(session, actor, provider_slug)
    found = session.scalars(
        select(RecognitionFile.id).join(InstrumentUse, InstrumentUse.file_id == RecognitionFile.id).where(
            RecognitionFile.code == code.upper(), RecognitionFile.provider_id == desk.provider_id, InstrumentUse.assessor_id == actor.person_id,
            InstrumentUse.planned_at.is_not(None), InstrumentUse.done_at.is_(None), InstrumentUse.called_off_at.is_(None),
        ),
    ).first()
    if found is None:
        raise NothingBooked
    return file_by_id(session, found)


def slots_on_offer(session: Session, file: FileFacts, *, now: datetime) -> tuple[SlotFacts, ...]:
    """Return what can be booked in a file, the first day first: of assessors of its provider who neither guide it, nor are its learner, nor act for their employer.

    Three statements, and one for each employer of the learner.
    """
    fit = {each.id for each in accounts.people_in_role(session, Role.ASSESSOR, organisation_id=file.provider_id)} - {file.person_id, file.guide_id}
    for employer_id in session.scalars(select(FileParty.organisation_id).where(FileParty.file_id == file.id)).all():
        if accounts.organisation(session, employer_id).kind in _EMPLOYERS:
            fit -= {each.id for each in accounts.people_in_role(session, *Role, organisation_id=employer_id)}
    rows = session.scalars(
        select(AssessorSlot).where(
            AssessorSlot.provider_id == file.provider_id, AssessorSlot.assessor_id.in_(fit), AssessorSlot.starts_at > now, AssessorSlot.called_off_at.is_(None),
            AssessorSlot.taken < AssessorSlot.capacity,
        ).order_by(AssessorSlot.starts_at, AssessorSlot.id).limit(_MOST),
    )
    return tuple(slot_facts(row) for row in rows)


def slot_on_offer(session: Session, file: FileFacts, slot_code: str, *, now: datetime) -> SlotFacts:
    """Return one by its code, as far as it may be booked in this file; whether there is a place left is for who takes it. Raises SlotNotFound."""
    row = session.scalars(
        select(AssessorSlot).where(
            AssessorSlot.code == slot_code.upper(), AssessorSlot.provider_id == file.provider_id, AssessorSlot.called_off_at.is_(None), AssessorSlot.starts_at > now,
            AssessorSlot.capacity > 0,
        ).execution_options(populate_existing=True),
    ).one_or_none()
    if row is None:
        raise SlotNotFound
    memberships = accounts.memberships_of(session, row.assessor_id)
    employers = frozenset(session.scalars(select(FileParty.organisation_id).where(FileParty.file_id == file.id)))
    why = unfit(row.assessor_id, People(file.person_id, file.guide_id, employers), acts_for=employers_of(memberships))
    if why is not None or not rights_at(memberships, file.provider_id).assess:
        raise SlotNotFound
    return slot_facts(row)


def choice_for(session: Session, actor: Actor, code: str, *, now: datetime) -> Choice:
    """Return what the actor can book in their own file. Raises FileNotFound."""
    file = file_of_learner(session, actor, code)
    booked = booked_in(session, file.id)
    slots = slots_on_offer(session, file, now=now) if file.state in BOOKABLE else ()
    assessors = {*(each.assessor_id for each in slots), *([booked.assessor_id] if booked else [])}
    names = {person_id: found.name for person_id, found in accounts.people(session, assessors).items()}
    return Choice(file, title_of(session, file), booked, slots, names, _places(session, file.provider_id, slots, booked))


def _places(session: Session, provider_id: UUID, slots: tuple[SlotFacts, ...], booked: Booked | None) -> dict[UUID, catalogue.PlaceFacts]:
    named = {each.place_id for each in (*slots, *([booked.slot] if booked and booked.slot else []))} - {None}
    return {each.id: each for each in catalogue.places(session, provider_id) if each.id in named} if named else {}


def appointment_of(session: Session, actor: Actor, code: str) -> Choice:
    """Return what is booked in the actor's own file, for a calendar. Raises FileNotFound, NothingBooked."""
    file = file_of_learner(session, actor, code)
    booked = booked_in(session, file.id)
    if booked is None:
        raise NothingBooked
    return Choice(file, title_of(session, file), booked, (), {}, _places(session, file.provider_id, (), booked))


def own_slots(session: Session, actor: Actor, provider_slug: str, *, now: datetime) -> OwnSlots:
    """Return what the actor offers at this provider from now on, the first day first. Raises ProviderNotFound for who does not assess there."""
    desk = desk_for(session, actor, provider_slug)
    if not desk.rights.assess:
        raise catalogue.ProviderNotFound
    rows = session.scalars(
        select(AssessorSlot).where(
            AssessorSlot.provider_id == desk.provider_id, AssessorSlot.assessor_id == actor.person_id, AssessorSlot.called_off_at.is_(None), AssessorSlot.ends_at > now,
        ).order_by(AssessorSlot.starts_at, AssessorSlot.id),
    ).all()
    files: dict[UUID, list[str]] = {}
    booked = select(AssessorSlot.id, RecognitionFile.code).join(InstrumentUse, InstrumentUse.slot_id == AssessorSlot.id).join(
        RecognitionFile, RecognitionFile.id == InstrumentUse.file_id,
    )
    for slot_id, code in session.execute(booked.where(AssessorSlot.id.in_([row.id for row in rows]), InstrumentUse.called_off_at.is_(None))):
        files.setdefault(slot_id, []).append(code)
    slots = tuple(OwnSlot(slot_facts(row), tuple(files.get(row.id, ()))) for row in rows)
    return OwnSlots(desk, slots, catalogue.places(session, desk.provider_id))
