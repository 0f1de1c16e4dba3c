"""Mappings of remote courses, and the tests here that belong to them: loading one and checking who asks, in one go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.recognition.errors.mappings import LocalTestNotFound, MappingNotFound
from academy.recognition.facts import EvidenceFacts, SlotFacts
from academy.recognition.kinds import EvidenceKind, InstrumentKind, LocalTestState
from academy.recognition.models import (
    AssessorSlot,
    Evidence,
    FileParty,
    LocalTest,
    Mapping,
    MappingOutcome,
    RecognitionFile,
)
from academy.recognition.policy import employers_of, rights_at
from academy.recognition.queries.decisions import numbers_of
from academy.recognition.queries.files import Desk, desk_for
from academy.recognition.queries.outcomes import ModuleToClaim, OutcomeNow, modules_to_claim
from academy.recognition.queries.portfolio import evidence_facts
from academy.recognition.rules.patterns import wording_digest

MOST_LISTED: Final = 200
MOST_FOUND: Final = 5  # of a name
_MOST_LOOKED_AT: Final = 50
_NONE: Final = Decimal(0)


@dataclass(frozen=True)
class MappingFacts:
    """A mapping as it stands; it counts on the days from `valid_from` to `valid_until` when it is published and not ended."""

    id: UUID
    code: str
    provider_id: UUID
    mooc_module_id: UUID
    module_id: UUID
    valid_from: date
    valid_until: date
    drafted_at: datetime
    published_at: datetime | None
    published_by: UUID
    second_by: UUID | None
    ended_at: datetime | None
    outcomes: tuple[tuple[UUID, str], ...]  # (id, digest of the words that the board read)

    def counts_at(self, moment: datetime) -> bool:
        """Tell whether a test that begins at this moment counts, as far as is known now."""
        if self.published_at is None or (self.ended_at is not None and self.ended_at <= moment):
            return False
        return self.valid_from <= amsterdam_day(moment) <= self.valid_until


@dataclass(frozen=True)
class MappingInFull:
    """A mapping with its modules as they are today and the outcomes that still say what the board read."""

    facts: MappingFacts
    mooc: ModuleToClaim
    module: ModuleToClaim
    outcomes: tuple[OutcomeNow, ...]

    @property
    def ec(self) -> Decimal:
        """What passing earns, in EC: the sum of its outcomes, typed by nobody."""
        return sum((each.worth for each in self.outcomes), _NONE)


@dataclass(frozen=True)
class LocalTestFacts:
    """A test here after a remote course."""

    id: UUID
    code: str
    person_id: UUID
    mapping_id: UUID
    evidence_id: UUID | None
    slot: SlotFacts
    state: LocalTestState
    booked_at: datetime
    is_certificate_seen: bool
    reason: str
    judged_at: datetime | None
    judged_by: UUID | None
    ended_at: datetime | None
    decision_id: UUID | None


@dataclass(frozen=True)
class LocalTestInFull:
    """A test with what it is about, the learner's name, their certificate where it is still there, and the places of its provider that are named.

    `decision` is the number of the decision that a pass brought, "" without one.
    """

    facts: LocalTestFacts
    mapping: MappingInFull
    learner: str
    assessor: str
    certificate: EvidenceFacts | None
    places: dict[UUID, catalogue.PlaceFacts]
    decision: str = ""


def mappings_where(session: Session, *conditions: ColumnElement[bool]) -> list[MappingFacts]:
    """Return mappings, the newest first: two statements."""
    wanted = select(Mapping).where(*conditions).order_by(Mapping.id.desc()).limit(MOST_LISTED)
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    outcomes: dict[UUID, list[tuple[UUID, str]]] = {}
    if rows:
        said = select(MappingOutcome.mapping_id, MappingOutcome.outcome_id, MappingOutcome.wording_digest).where(MappingOutcome.mapping_id.in_([row.id for row in rows]))
        for mapping_id, outcome_id, digest in session.execute(said):
            outcomes.setdefault(mapping_id, []).append((outcome_id, digest))
    return [
        MappingFacts(
            row.id, row.code, row.provider_id, row.mooc_module_id, row.module_id, row.valid_from, row.valid_until, row.drafted_at, row.published_at, row.published_by,
            row.second_by, row.ended_at, tuple(outcomes.get(row.id, ())),
        )
        for row in rows
    ]


def mapping_with_code(session: Session, code: str) -> MappingFacts:
    """Return a mapping that is or was public. Raises MappingNotFound."""
    return _only(mappings_where(session, Mapping.code == code.upper(), Mapping.published_at.is_not(None)))


def mapping_at(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, MappingFacts]:
    """Return a mapping to a member of the exam board that it is of. Raises MappingNotFound, ProviderNotFound."""
    desk = board_at(session, actor, provider_slug)
    return desk, _only(mappings_where(session, Mapping.code == code.upper(), Mapping.provider_id == desk.provider_id))


def board_at(session: Session, actor: Actor, provider_slug: str) -> Desk:
    """Return the desk of a provider to a member of its exam board. Raises ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    if not desk.rights.decide:
        raise catalogue.ProviderNotFound
    return desk


def mappings_of_board(session: Session, desk: Desk) -> list[MappingInFull]:
    """Return all mappings of a provider, the newest first."""
    return in_full(session, mappings_where(session, Mapping.provider_id == desk.provider_id))


def mappings_beside(session: Session, module_id: UUID, *, now: datetime) -> list[MappingInFull]:
    """Return what counts today, of a module that is the remote course or the one that it counts for; nothing where no outcome is left as it was."""
    today = amsterdam_day(now)
    found = mappings_where(
        session, or_(Mapping.mooc_module_id == module_id, Mapping.module_id == module_id), Mapping.published_at.is_not(None), Mapping.ended_at.is_(None),
        Mapping.valid_from <= today, Mapping.valid_until >= today,
    )
    return [each for each in in_full(session, found) if each.outcomes and each.mooc.is_public and each.module.is_public]


def mappings_for(session: Session, module_ids: Collection[UUID], *, now: datetime) -> list[MappingInFull]:
    """Return what counts today for one of these modules, as far as an outcome is left as it was: five statements, one for nothing."""
    today = amsterdam_day(now)
    found = mappings_where(
        session, Mapping.module_id.in_(module_ids), Mapping.published_at.is_not(None), Mapping.ended_at.is_(None), Mapping.valid_from <= today, Mapping.valid_until >= today,
    )
    return [each for each in in_full(session, found) if each.outcomes]


def mappings_beside_slug(session: Session, slug: str, *, now: datetime) -> list[MappingInFull]:
    """Return what counts today of a module with this address; nothing for a module that is not there."""
    named = catalogue.modules_by_slug(session, [slug]).get(slug)
    return [] if named is None else mappings_beside(session, named.id, now=now)


@dataclass(frozen=True)
class MappingChoice:
    """What an exam board chooses from: remote courses of anybody, and modules of its own provider."""

    moocs: tuple[ModuleToClaim, ...]
    modules: tuple[ModuleToClaim, ...]


def modules_to_map(session: Session, desk: Desk, mooc_words: str, module_words: str, *, now: datetime) -> MappingChoice:
    """Return the public remote courses and the provider's own modules with outcomes that have these words in their title; five of each at most."""
    named = [_named(session, words, now=now) if words else [] for words in (mooc_words, module_words)]
    moocs = [each.id for each in named[0] if each.kind is catalogue.ModuleKind.MOOC][:MOST_FOUND]
    own = [each.id for each in named[1] if each.provider.id == desk.provider_id and each.kind is not catalogue.ModuleKind.MOOC and each.outcomes][:MOST_FOUND]
    found = modules_to_claim(session, {*moocs, *own}) if moocs or own else {}
    return MappingChoice(tuple(found[each] for each in moocs), tuple(found[each] for each in own))


def _named(session: Session, words: str, *, now: datetime) -> list[catalogue.ModuleFacts]:
    return catalogue.modules_by_words(session, words[:MOST_LISTED].split(), today=amsterdam_day(now), limit=_MOST_LOOKED_AT)


def in_full(session: Session, found: Sequence[MappingFacts]) -> list[MappingInFull]:
    """Return mappings with their modules: three statements, none for no mapping."""
    modules = modules_to_claim(session, {each for one in found for each in (one.mooc_module_id, one.module_id)}) if found else {}
    return [MappingInFull(one, modules[one.mooc_module_id], modules[one.module_id], _as_read(one, modules[one.module_id])) for one in found]


def _as_read(facts: MappingFacts, module: ModuleToClaim) -> tuple[OutcomeNow, ...]:
    read = dict(facts.outcomes)
    return tuple(each for each in module.outcomes if read.get(each.id) == wording_digest(each.wording.in_language("nl")))


# Tests


def local_tests_where(session: Session, *conditions: ColumnElement[bool]) -> list[LocalTestFacts]:
    """Return tests with their moments, the earliest first: one statement."""
    wanted = select(LocalTest, AssessorSlot).join(AssessorSlot, AssessorSlot.id == LocalTest.slot_id).where(*conditions)
    rows = session.execute(wanted.order_by(AssessorSlot.starts_at, LocalTest.id).limit(MOST_LISTED).execution_options(populate_existing=True))
    return [
        LocalTestFacts(
            row.id, row.code, row.person_id, row.mapping_id, row.evidence_id, slot_facts(slot), row.state, row.booked_at, row.is_certificate_seen, row.reason, row.judged_at,
            row.judged_by, row.ended_at, row.decision_id,
        )
        for row, slot in rows
    ]


def local_test_of(session: Session, actor: Actor, code: str) -> LocalTestFacts:
    """Return the actor's own test. Raises LocalTestNotFound."""
    found = local_tests_where(session, LocalTest.code == code.upper(), LocalTest.person_id == actor.person_id)
    if not found:
        raise LocalTestNotFound
    return found[0]


def local_test_at(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, LocalTestFacts]:
    """Return a test at a provider to who judges there; not one's own. Raises LocalTestNotFound, ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    found = local_tests_where(session, LocalTest.code == code.upper(), AssessorSlot.provider_id == desk.provider_id, LocalTest.person_id != actor.person_id)
    if not desk.rights.assess or not found:
        raise LocalTestNotFound
    return desk, found[0]


def local_test_to_judge(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, LocalTestInFull]:
    """Return a test to who may judge this learner, until it is judged or called off. Raises LocalTestNotFound, ProviderNotFound."""
    desk, facts = local_test_at(session, actor, provider_slug, code)
    if facts.state is not LocalTestState.BOOKED or not may_judge(session, actor.person_id, facts.person_id):
        raise LocalTestNotFound
    return desk, local_tests_in_full(session, [facts])[0]


def local_tests_at_desk(session: Session, actor: Actor, provider_slug: str) -> tuple[Desk, list[LocalTestInFull]]:
    """Return the tests at a provider that are not judged yet, of learners whom the actor may judge, the earliest first. Raises ProviderNotFound for who judges none."""
    desk = desk_for(session, actor, provider_slug)
    if not desk.rights.assess:
        raise catalogue.ProviderNotFound
    theirs = (AssessorSlot.provider_id == desk.provider_id, LocalTest.state == LocalTestState.BOOKED, LocalTest.person_id != actor.person_id)
    found = local_tests_where(session, *theirs)
    fit = judged_by(session, actor.person_id, {each.person_id for each in found})
    return desk, local_tests_in_full(session, [each for each in found if each.person_id in fit])


def local_tests_of_learner(session: Session, actor: Actor) -> list[LocalTestInFull]:
    """Return the actor's own tests, the earliest first."""
    return local_tests_in_full(session, local_tests_where(session, LocalTest.person_id == actor.person_id))


def local_tests_in_full(session: Session, found: Sequence[LocalTestFacts]) -> list[LocalTestInFull]:
    """Return tests with what they are about: nine statements at most where all are of one provider, however many there are."""
    if not found:
        return []
    mappings = {each.facts.id: each for each in in_full(session, mappings_where(session, Mapping.id.in_({one.mapping_id for one in found})))}
    people = accounts.people(session, {each for one in found for each in (one.person_id, one.slot.assessor_id)})
    certificates = _certificates(session, Evidence.id.in_([one.evidence_id for one in found if one.evidence_id is not None]))
    places = _places(session, [one.slot for one in found])
    decided = [one.decision_id for one in found if one.decision_id is not None]
    numbers = numbers_of(session, decided) if decided else {}
    return [
        LocalTestInFull(
            one, mappings[one.mapping_id], people[one.person_id].name, people[one.slot.assessor_id].name,
            next((each for each in certificates if each.id == one.evidence_id), None), places, numbers[one.decision_id] if one.decision_id else "",
        )
        for one in found
    ]


def _places(session: Session, slots: Sequence[SlotFacts]) -> dict[UUID, catalogue.PlaceFacts]:
    """Return the places that moments name."""
    providers = sorted({each.provider_id for each in slots if each.place_id is not None})
    return {each.id: each for provider_id in providers for each in catalogue.places(session, provider_id)}


def certificates_of(session: Session, person_id: UUID) -> list[EvidenceFacts]:
    """Return the certificates of remote courses in somebody's library, the newest first."""
    return _certificates(session, Evidence.person_id == person_id, Evidence.kind == EvidenceKind.MOOC)


def _certificates(session: Session, *conditions: ColumnElement[bool]) -> list[EvidenceFacts]:
    return [evidence_facts(row) for row in session.scalars(select(Evidence).where(*conditions).order_by(Evidence.id.desc()).limit(MOST_LISTED))]


def slots_for_test(session: Session, facts: MappingFacts, learner: UUID, *, now: datetime) -> list[SlotFacts]:
    """Return when this learner can take the test: free places at the provider on days on which the mapping counts, with somebody who may judge them."""
    wanted: Select[AssessorSlot] = select(AssessorSlot).where(
        AssessorSlot.provider_id == facts.provider_id, AssessorSlot.kind == InstrumentKind.TEST, AssessorSlot.called_off_at.is_(None), AssessorSlot.starts_at > now,
        AssessorSlot.taken < AssessorSlot.capacity, AssessorSlot.assessor_id != learner,
    )
    found = [slot_facts(row) for row in session.scalars(wanted.order_by(AssessorSlot.starts_at, AssessorSlot.id).limit(MOST_LISTED))]
    return [each for each in found if facts.counts_at(each.starts_at)]


@dataclass(frozen=True)
class Booking:
    """What a learner needs to book a test."""

    mapping: MappingInFull
    certificates: tuple[EvidenceFacts, ...]
    slots: tuple[SlotFacts, ...]
    places: dict[UUID, catalogue.PlaceFacts]


def booking_of(session: Session, actor: Actor, code: str, *, now: datetime) -> Booking:
    """Return a mapping with the reader's certificates and the moments to choose from. Raises MappingNotFound."""
    facts = mapping_with_code(session, code)
    (full,) = in_full(session, [facts])
    slots = slots_for_test(session, facts, actor.person_id, now=now) if full.outcomes else []
    return Booking(full, tuple(certificates_of(session, actor.person_id)), tuple(slots), _places(session, slots))


def provider_of_test_with(session: Session, actor: Actor, evidence_id: UUID) -> UUID | None:
    """Return at which provider the actor judges a test that was booked with this certificate; None for nowhere, and once it is judged."""
    wanted = select(AssessorSlot.provider_id, LocalTest.person_id).join(LocalTest, LocalTest.slot_id == AssessorSlot.id).where(
        LocalTest.evidence_id == evidence_id, LocalTest.state == LocalTestState.BOOKED,
    )
    memberships = accounts.memberships_of(session, actor.person_id)
    found = ((provider_id, learner_id) for provider_id, learner_id in session.execute(wanted).all() if rights_at(memberships, provider_id).assess)
    return next((provider_id for provider_id, learner_id in found if may_judge(session, actor.person_id, learner_id)), None)


def slot_with_code(session: Session, provider_id: UUID, code: str) -> SlotFacts | None:
    """Return a moment for tests at a provider, None for none of theirs."""
    wanted = select(AssessorSlot).where(AssessorSlot.code == code.upper(), AssessorSlot.provider_id == provider_id, AssessorSlot.kind == InstrumentKind.TEST)
    row = session.scalars(wanted).one_or_none()
    return None if row is None else slot_facts(row)


def slot_facts(row: AssessorSlot) -> SlotFacts:
    """Copy a row."""
    return SlotFacts(
        row.id, row.code, row.provider_id, row.assessor_id, row.kind, row.starts_at, row.ends_at, row.place_id, row.where, row.is_online, row.capacity, row.taken,
    )


def may_judge(session: Session, assessor_id: UUID, learner_id: UUID) -> bool:
    """Tell whether somebody may judge a learner's test: not themselves, nor for a firm or school that the learner acts for or named as an employer."""
    return learner_id in judged_by(session, assessor_id, {learner_id})


def judged_by(session: Session, assessor_id: UUID, learner_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return whom of these learners somebody may judge: everybody else, where they act for no firm or school, which one statement tells."""
    own = employers_of(accounts.memberships_of(session, assessor_id)) if learner_ids else frozenset()
    return frozenset(each for each in learner_ids if each != assessor_id and not (own and own & _sides_of(session, each)))


def _sides_of(session: Session, learner_id: UUID) -> frozenset[UUID]:
    named = select(FileParty.organisation_id).join(RecognitionFile, RecognitionFile.id == FileParty.file_id).where(RecognitionFile.person_id == learner_id)
    return frozenset(session.scalars(named)) | employers_of(accounts.memberships_of(session, learner_id))


def _only(found: Collection[MappingFacts]) -> MappingFacts:
    if not found:
        raise MappingNotFound
    return next(iter(found))
