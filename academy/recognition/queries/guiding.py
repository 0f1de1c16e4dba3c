"""Who may guide a file, and who did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.recognition.errors import FileNotFound
from academy.recognition.facts import ClaimedOutcome, EvidenceFacts, FileFacts
from academy.recognition.kinds import EvidenceKind, FileState, Judgement, Who
from academy.recognition.models import FileStep, InstrumentUse
from academy.recognition.policy import rights_at
from academy.recognition.queries.files import TO_TAKE_UP, Desk, acts_for_employer, file_at, may_see_evidence
from academy.recognition.queries.library import said_of
from academy.recognition.queries.portfolio import StepFacts, evidence_of, history_of, outcomes_of

# Where somebody helps the learner: from the question until it is sent to be judged, and while it is incomplete.
GUIDED: Final = (FileState.INTAKE_PLANNED, FileState.INTAKE_DONE, FileState.PORTFOLIO_OPEN, FileState.PORTFOLIO_INCOMPLETE)
OVER: Final = (FileState.WITHDRAWN, FileState.LAPSED, FileState.ARCHIVED)
ONE_LOOK: Final = timedelta(hours=1)  # who comes back within it looks on


def judges_here(session: Session, file_id: UUID, person_id: UUID) -> bool:
    """Tell whether somebody judges in a file: looked at something of it, or is booked to."""
    looks = select(InstrumentUse.id).where(InstrumentUse.file_id == file_id, InstrumentUse.assessor_id == person_id, InstrumentUse.called_off_at.is_(None))
    return session.scalars(looks.limit(1)).one_or_none() is not None


def has_advised(session: Session, file_id: UUID, person_id: UUID) -> bool:
    """Tell whether somebody took a step in a file as its guide."""
    steps = select(FileStep.id).where(FileStep.file_id == file_id, FileStep.who == Who.GUIDE, FileStep.by_id == person_id)
    return session.scalars(steps.limit(1)).one_or_none() is not None


def still_assesses(session: Session, person_id: UUID, provider_id: UUID) -> bool:
    """Tell whether somebody guides and judges for a provider today."""
    return rights_at(accounts.memberships_of(session, person_id), provider_id).assess


@dataclass(frozen=True)
class GuidedFile:
    """A file as who guides or judges sees it: `names` are of everybody in it, `evidence` is None for who may not see it, and `said` is what
    statements among it say of each outcome.

    `email` is that of the learner, for an appointment with the guide. Who could take the file up and has not (`sees` is false) sees what is claimed, not by
    whom. `outcomes` is empty once the file was taken back or ended: then its learner's words are nobody's business.
    """

    desk: Desk
    file: FileFacts
    module: catalogue.ModuleCard
    names: Mapping[UUID, str]
    outcomes: tuple[ClaimedOutcome, ...]
    evidence: tuple[EvidenceFacts, ...] | None
    said: Mapping[UUID, Mapping[UUID, Judgement]]
    history: tuple[StepFacts, ...]
    email: str
    sees: bool
    may_take: bool
    may_hand_back: bool
    may_judge: bool

    def is_guide(self, actor: Actor) -> bool:
        return self.file.guide_id == actor.person_id


def guided_file(session: Session, actor: Actor, provider_slug: str, code: str) -> GuidedFile:
    """Return a file to who guides or judges in it, and as long as it waits to be taken up to who could. Raises FileNotFound, ProviderNotFound.

    Who judges in it and acts for an employer of the learner by now can only give it back: they read it as who has no part.
    """
    desk, file = file_at(session, actor, provider_slug, code)
    is_guide, judges = file.guide_id == actor.person_id, judges_here(session, file.id, actor.person_id)
    is_barred = acts_for_employer(session, file.id, desk.memberships)
    waits = file.state in GUIDED and (file.guide_id is None or not still_assesses(session, file.guide_id, desk.provider_id))
    if not (is_guide or judges or ((waits or file.state in TO_TAKE_UP) and not is_barred)):
        raise FileNotFound
    sees = is_guide or (judges and not is_barred)
    history = history_of(session, file.id) if sees else ()
    evidence = evidence_of(session, file.id) if may_see_evidence(session, actor.person_id, file, desk.rights, desk.memberships) else None
    said = [each.id for each in evidence or () if each.kind is EvidenceKind.STATEMENT]
    people = {file.person_id, file.guide_id, *(step.by_id for step in history)} if sees else {file.guide_id}
    known = accounts.people(session, [each for each in people if each is not None])
    return GuidedFile(
        desk, file, catalogue.module_cards(session, [file.module_id])[file.module_id],
        {key: one.name for key, one in known.items()},
        () if file.state in OVER else outcomes_of(session, file.id),
        evidence, said_of(session, said) if said else {}, history,
        email=known[file.person_id].email if is_guide and file.state in GUIDED and file.person_id in known else "", sees=sees,
        may_take=waits and not judges and not is_barred,
        may_hand_back=is_guide and file.state in GUIDED and all(step.by_id != actor.person_id or step.who is not Who.GUIDE for step in history),
        may_judge=not is_guide and not is_barred and (judges or file.state in TO_TAKE_UP),
    )


def is_seen(session: Session, actor: Actor, file_id: UUID, *, now: datetime) -> bool:
    """Tell whether it is on record that the actor looked at this file, lately."""
    return accounts.is_recorded(session, "file-seen", actor_id=actor.person_id, about_id=file_id, since=now - ONE_LOOK)
