"""A provider that recognises, its people, a learner, and files put at any point of their way by SQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role, add_membership
from academy.catalogue.api import OutcomeDraft
from academy.catalogue.models import LearningOutcome, Module
from academy.kernel.db import Database
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import (
    ALWAYS_MET,
    Advice,
    EvidenceKind,
    FileState,
    InstrumentKind,
    Judgement,
    Route,
    Who,
)
from academy.recognition.models import (
    Evidence,
    EvidenceFor,
    FileEvidence,
    FileOutcome,
    FileShare,
    FileStep,
    InstrumentAnswer,
    InstrumentUse,
    RecognitionFile,
    Report,
    ReportAnswer,
    ReportEvidence,
)
from academy.recognition.queries.files import file_by_id
from academy.recognition.queries.outcomes import ModuleToClaim, modules_to_claim
from tests import builders

SLUG = "windesheim"
WORDS = ("Je richt een netwerk in.", "Je beveiligt een netwerk.", "Je legt uit wat je deed.")
YES, PARTLY, NO = Judgement.YES, Judgement.PARTLY, Judgement.NO
ORDER = tuple(FileState)
_F = FileState


def _reached(state: FileState, point: FileState) -> bool:
    """Tell whether a file in this state has been at that point."""
    return ORDER.index(state) >= ORDER.index(point) and state not in {_F.WITHDRAWN, _F.LAPSED}


@dataclass
class World:
    """People by their part; `run` is a transaction of its own."""

    database: Database
    now: datetime
    provider_id: UUID
    module: ModuleToClaim
    learner: Actor
    guide: Actor
    assessor: Actor
    other_assessor: Actor
    board: Actor
    other_of_board: Actor
    owner: Actor
    stranger: Actor
    slug: str = SLUG

    @property
    def outcomes(self) -> tuple[UUID, ...]:
        return tuple(each.id for each in self.module.outcomes)

    def run(self, act: Callable[..., Any], **what: Any) -> Any:
        """Let somebody do something, at the world's moment unless it says otherwise."""
        with self.database.writing() as session:
            return act(session, **({"now": self.now} | what))

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)

    def facts(self, file_id: UUID) -> FileFacts:
        with self.database.reading() as session:
            return file_by_id(session, file_id)

    def person(self, name: str, *roles: Role, at: UUID | None = None) -> Actor:
        """Return somebody new, with roles at the provider, or at another organisation."""
        with self.database.writing() as session:
            return person_in(session, self.now, name, at or self.provider_id, *roles)

    def employer(self, slug: str = "bakkerij") -> UUID:
        with self.database.writing() as session:
            return accounts_service.register_organisation(session, slug=slug, name=slug.title(), kind=OrganisationKind.EMPLOYER)

    def evidence(self, kind: EvidenceKind = EvidenceKind.WORK, of: Actor | None = None, **values: Any) -> UUID:
        """Add a piece to somebody's library, the learner's unless it says otherwise."""
        row = {"title": "Mijn werk", "url": "https://voorbeeld.nl/werk"} if kind in {EvidenceKind.WORK, EvidenceKind.LINK} else {"title": "Papier"}
        with self.database.writing() as session:
            added = Evidence(id=new_id(), person_id=(of or self.learner).person_id, kind=kind, added_at=self.now, **(row | values))
            session.add(added)
            return added.id

    def diploma(self, code: str = "25648", of: Actor | None = None, **values: Any) -> UUID:
        return self.evidence(EvidenceKind.DIPLOMA, of, **({"title": "Mbo-diploma", "source": "CREBO", "code": code} | values))

    def file(
        self, state: FileState = _F.DRAFT, *, of: Actor | None = None, judgements: Sequence[Judgement] = (YES, PARTLY, NO), evidence: Sequence[UUID] | None = None,
        **values: Any,
    ) -> FileFacts:
        """Put a file in any state before a decision, with all that the way there asks; the evidence is for every outcome. Decided ones are decided for real."""
        assert ORDER.index(state) < ORDER.index(_F.GRANTED) or state in {_F.WITHDRAWN, _F.LAPSED}
        with self.database.writing() as session:
            file_id = file_in(session, self, state, of or self.learner, judgements, evidence, values)
        return self.facts(file_id)


def person_in(session: Session, now: datetime, name: str, organisation_id: UUID, *roles: Role) -> Actor:
    """Make somebody who is signed in, with these roles somewhere."""
    actor = builders.actor(session, now, name=name)
    for role in roles:
        add_membership(session, person_id=actor.person_id, organisation_id=organisation_id, role=role)
    return actor


def make_world(database: Database, now: datetime) -> World:
    with database.writing() as session:
        provider_id = builders.provider(session, SLUG)
        builders.module(
            session, now, provider_id=provider_id, ec=Decimal(5), price=Money(495_00), hours=140,
            outcomes=tuple(OutcomeDraft(Localized(words, f"You: {words}")) for words in WORDS),
        )
        module_id = session.scalars(select(Module.id)).one()
        module = modules_to_claim(session, [module_id])[module_id]
        assert len(session.scalars(select(LearningOutcome.id)).all()) == len(WORDS)

        def somebody(name: str, *roles: Role) -> Actor:
            return person_in(session, now, name, provider_id, *roles)

        return World(
            database, now, provider_id, module, learner=somebody("Sam de Vries"), guide=somebody("Gea Gids", Role.ASSESSOR), assessor=somebody("Aad Assessor", Role.ASSESSOR),
            other_assessor=somebody("Ans Assessor", Role.ASSESSOR), board=somebody("Bea Bestuur", Role.EXAM_BOARD), other_of_board=somebody("Bo Bestuur", Role.EXAM_BOARD),
            owner=somebody("Els Eigenaar", Role.OWNER), stranger=somebody("Wim Vreemd"),
        )


def file_in(
    session: Session, world: World, state: FileState, learner: Actor, judgements: Sequence[Judgement], evidence: Sequence[UUID] | None, values: dict[str, Any],
) -> UUID:
    """Write a file and what belongs to it."""
    now, file_id = world.now, new_id()
    columns: dict[str, Any] = {
        "person_id": learner.person_id, "module_id": world.module.id, "module_version": world.module.version, "provider_id": world.provider_id, "route": Route.EDUCATION,
        "state": state, "since": now, "idle_since": now, "fee": Money(0), "made_at": now, "lapsed_from": _F.DRAFT if state is _F.LAPSED else None,
    }
    if _reached(state, _F.INTAKE_PLANNED):
        columns |= {"learner_signed_at": now, "stated_at": now}
    if _reached(state, _F.INTAKE_DONE):
        columns |= {"guide_id": world.guide.person_id, "advice": Advice.FOR, "advised_at": now}
    if _reached(state, _F.PORTFOLIO_OPEN):
        columns |= {"guide_signed_at": now}
    session.add(RecognitionFile(id=file_id, code=short_code(), **(columns | values)))
    session.flush()
    for position, (outcome, judgement) in enumerate(zip(world.module.outcomes, judgements, strict=True)):
        session.add(FileOutcome(
            file_id=file_id, outcome_id=outcome.id, position=position, wording=outcome.wording, worth=outcome.worth, self_judgement=judgement, self_example="Elke week.",
        ))
    session.add(FileStep(id=new_id(), file_id=file_id, from_state=None, to_state=_F.DRAFT, at=now, by_id=learner.person_id, who=Who.LEARNER))
    session.flush()
    used = list(evidence) if evidence is not None else [_work_of(session, learner, now)]
    for each in used:
        session.add(FileEvidence(file_id=file_id, evidence_id=each, added_at=now))
        session.flush()
        session.add_all(EvidenceFor(file_id=file_id, evidence_id=each, outcome_id=outcome_id) for outcome_id in world.outcomes)
    session.flush()
    _judge(session, world, state, file_id, judgements, used)
    return file_id


def _work_of(session: Session, learner: Actor, now: datetime) -> UUID:
    work = Evidence(id=new_id(), person_id=learner.person_id, kind=EvidenceKind.WORK, title="Mijn werk", url="https://voorbeeld.nl/werk", added_at=now)
    session.add(work)
    session.flush()
    return work.id


def _judge(session: Session, world: World, state: FileState, file_id: UUID, judgements: Sequence[Judgement], used: Sequence[UUID]) -> None:
    """Let the assessor have done what this state asks."""
    if not _reached(state, _F.ASSESSMENT_PLANNED):
        return
    session.add(FileShare(file_id=file_id, assessor_id=world.assessor.person_id, given_at=world.now))
    _instrument(session, world, file_id, InstrumentKind.PORTFOLIO, judgements, is_done=_reached(state, _F.ASSESSED))
    if _reached(state, _F.SECOND_PLANNED):
        _instrument(session, world, file_id, InstrumentKind.INTERVIEW, judgements, is_done=_reached(state, _F.SECOND_DONE))
    if _reached(state, _F.REPORT_ISSUED):
        session.add(Report(file_id=file_id, number=short_code(), issued_at=world.now, issued_by=world.assessor.person_id, digest="0" * 64))
        session.flush()
        for outcome_id, judgement in zip(world.outcomes, judgements, strict=True):
            session.add(ReportAnswer(
                file_id=file_id, outcome_id=outcome_id, judgement=judgement, part="de helft" if judgement is PARTLY else "", reason="gezien",
                met=[] if judgement is NO else sorted(each.value for each in ALWAYS_MET),
            ))
            session.flush()
            if judgement is not NO:
                session.add_all(ReportEvidence(file_id=file_id, outcome_id=outcome_id, evidence_id=each, title="Mijn werk") for each in used)
    session.flush()


def _instrument(session: Session, world: World, file_id: UUID, kind: InstrumentKind, judgements: Sequence[Judgement], *, is_done: bool) -> None:
    look = InstrumentUse(
        id=new_id(), file_id=file_id, kind=kind, assessor_id=world.assessor.person_id, begun_at=world.now, planned_at=None if kind is InstrumentKind.PORTFOLIO else world.now,
        done_at=world.now if is_done else None,
    )
    session.add(look)
    session.flush()
    if is_done:
        session.add_all(
            InstrumentAnswer(
                instrument_id=look.id, outcome_id=outcome_id, judgement=judgement, part="de helft" if judgement is PARTLY else "", reason="gezien",
                met=[] if judgement is NO else sorted(each.value for each in ALWAYS_MET),
            )
            for outcome_id, judgement in zip(world.outcomes, judgements, strict=True)
        )
    session.flush()


def later(world: World, **length: float) -> World:
    """Return the same world at a later moment."""
    return replace(world, now=world.now + timedelta(**length))
