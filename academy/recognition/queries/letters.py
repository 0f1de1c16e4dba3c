"""What letters about recognition tell: a file, a step, an appointment, a decision or an agreement as it is now. None for what is not there any more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.recognition.errors.agreeing import AgreementNotFound
from academy.recognition.facts import FileFacts, SlotFacts
from academy.recognition.kinds import DecisionGround, FileState, InstrumentKind, Who
from academy.recognition.models import (
    Agreement,
    AssessorSlot,
    Decision,
    DecisionDraft,
    FileStep,
    InstrumentUse,
    LocalTest,
    Mapping,
    RecognitionFile,
)
from academy.recognition.queries.agreements import AgreementFacts, agreement_by_id
from academy.recognition.queries.files import facts_of
from academy.recognition.queries.library import StatementFacts, statement_by_id
from academy.recognition.queries.mappings import LocalTestFacts, MappingFacts, local_tests_where, mappings_where
from academy.recognition.queries.slots import booked_in, slot_facts


@dataclass(frozen=True)
class ModuleTold:
    """The module that a letter is about, and who awards it."""

    title: Localized
    provider_id: UUID
    provider_slug: str
    provider_name: str


@dataclass(frozen=True)
class FileTold:
    """A file as it stands now, with its module."""

    file: FileFacts
    module: ModuleTold


@dataclass(frozen=True)
class StepTold:
    """A step of a file; `is_last`: the file went no further since. `was` is None where the file begins, `by_id` for the clock."""

    told: FileTold
    was: FileState | None
    becomes: FileState
    at: datetime
    who: Who
    by_id: UUID | None
    is_last: bool


@dataclass(frozen=True)
class LookTold:
    """An appointment with an assessor; `place` and `slot` are None where nothing was said of them, `is_followed` tells of another appointment in its place."""

    told: FileTold
    id: UUID
    kind: InstrumentKind
    assessor_id: UUID
    begun_at: datetime
    planned_at: datetime
    is_open: bool
    is_called_off: bool
    is_followed: bool
    slot: SlotFacts | None
    place: catalogue.PlaceFacts | None


@dataclass(frozen=True)
class DecisionTold:
    """That there is a decision; what it says stands in no letter. `file_code` is empty for one that needed no file."""

    id: UUID
    number: str
    ground: DecisionGround
    person_id: UUID
    module: ModuleTold
    file_code: str
    appeal_until: datetime
    is_replaced: bool


@dataclass(frozen=True)
class StatementTold:
    """What somebody at work is asked, and the file that it is for."""

    asked: StatementFacts
    told: FileTold


@dataclass(frozen=True)
class AgreementTold:
    """An agreement with its modules; `host` is None for a school elsewhere, which reads letters at `host_email`."""

    agreement: AgreementFacts
    home: ModuleTold
    host: ModuleTold | None
    host_email: str


@dataclass(frozen=True)
class LocalTestTold:
    """A test here after a remote course."""

    test: LocalTestFacts
    mapping: MappingFacts
    mooc: ModuleTold
    module: ModuleTold
    place: catalogue.PlaceFacts | None


def file_told(session: Session, file_id: UUID) -> FileTold | None:
    """Return a file: three statements."""
    row = session.scalars(select(RecognitionFile).where(RecognitionFile.id == file_id).execution_options(populate_existing=True)).one_or_none()
    return None if row is None else FileTold(facts_of(row), _module(session, row.module_id))


def step_told(session: Session, step_id: UUID) -> StepTold | None:
    """Return a step with its file: five statements."""
    step = session.get(FileStep, step_id)
    told = None if step is None else file_told(session, step.file_id)
    if step is None or told is None:
        return None
    newest = select(FileStep.id).where(FileStep.file_id == step.file_id).order_by(FileStep.id.desc()).limit(1)
    return StepTold(told, step.from_state, step.to_state, step.at, step.who, step.by_id, session.scalars(newest).one() == step_id)


def look_told(session: Session, instrument_id: UUID) -> LookTold | None:
    """Return an appointment with its file; None too for a look at the portfolio, which has no day."""
    use = session.get(InstrumentUse, instrument_id, populate_existing=True)
    told = None if use is None else file_told(session, use.file_id)
    if use is None or told is None or use.planned_at is None:
        return None
    row = session.get(AssessorSlot, use.slot_id) if use.slot_id else None
    slot = None if row is None else slot_facts(row)
    other = booked_in(session, use.file_id)
    return LookTold(
        told, use.id, use.kind, use.assessor_id, use.begun_at, use.planned_at, use.done_at is None and use.called_off_at is None, use.called_off_at is not None,
        other is not None and other.id != use.id, slot, _place(session, slot),
    )


def next_look(session: Session, file_id: UUID) -> LookTold | None:
    """Return the appointment of a file that is to come, or waits to be judged."""
    found = booked_in(session, file_id)
    return None if found is None else look_told(session, found.id)


def assessors_in(session: Session, file_id: UUID, *, at: datetime) -> frozenset[UUID]:
    """Return who looked or was to look at a file, also where that was called off at this moment."""
    there = or_(InstrumentUse.called_off_at.is_(None), InstrumentUse.called_off_at == at)
    return frozenset(session.scalars(select(InstrumentUse.assessor_id).where(InstrumentUse.file_id == file_id, there)))


def draft_maker(session: Session, file_id: UUID) -> UUID | None:
    """Return who made the decision that waits for a second signature, None where none waits."""
    return session.scalars(select(DecisionDraft.made_by).where(DecisionDraft.file_id == file_id)).one_or_none()


def decision_told(session: Session, decision_id: UUID) -> DecisionTold | None:
    """Return that there is a decision."""
    row = session.get(Decision, decision_id)
    if row is None:
        return None
    replaced = session.scalars(select(Decision.id).where(Decision.replaces_id == decision_id)).one_or_none()
    code = session.scalars(select(RecognitionFile.code).where(RecognitionFile.id == row.file_id)).one() if row.file_id else ""
    return DecisionTold(row.id, row.number, row.ground, row.person_id, _module(session, row.module_id), code, row.appeal_until, replaced is not None)


def statement_told(session: Session, statement_id: UUID) -> StatementTold | None:
    """Return what somebody at work is asked."""
    asked = statement_by_id(session, statement_id)
    told = None if asked is None else file_told(session, asked.file_id)
    return None if asked is None or told is None else StatementTold(asked, told)


def agreement_told(session: Session, agreement_id: UUID) -> AgreementTold | None:
    """Return an agreement on a module elsewhere."""
    try:
        found = agreement_by_id(session, agreement_id)
    except AgreementNotFound:
        return None
    host = None if found.host_module_id is None else _module(session, found.host_module_id)
    email = session.scalars(select(Agreement.host_email).where(Agreement.id == agreement_id)).one()
    return AgreementTold(found, _module(session, found.home_module_id), host, email)


def local_test_told(session: Session, test_id: UUID) -> LocalTestTold | None:
    """Return a test here after a remote course."""
    found = local_tests_where(session, LocalTest.id == test_id)
    if not found:
        return None
    (mapping,) = mappings_where(session, Mapping.id == found[0].mapping_id)
    return LocalTestTold(found[0], mapping, _module(session, mapping.mooc_module_id), _module(session, mapping.module_id), _place(session, found[0].slot))


def _module(session: Session, module_id: UUID) -> ModuleTold:
    found = catalogue.claimable_modules(session, [module_id])[module_id]
    return ModuleTold(found.title, found.provider_id, found.provider_slug, found.provider_name)


def _place(session: Session, slot: SlotFacts | None) -> catalogue.PlaceFacts | None:
    if slot is None or slot.place_id is None:
        return None
    return next((each for each in catalogue.places(session, slot.provider_id) if each.id == slot.place_id), None)
