"""Files of recognition for the walks over all addresses: a draft of one's own, and two of somebody else at a provider."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.recognition.kinds import EvidenceKind, FileState, Judgement, Route
from academy.recognition.models import RecognitionFile
from academy.recognition.queries.outcomes import module_to_claim
from academy.recognition.service import claiming, evidence
from academy.recognition.service.evidence import EvidenceDraft
from tests import builders


def open_file(session: Session, now: datetime, actor: Actor, module: str, state: FileState = FileState.DRAFT) -> str:
    """Open a file, and put it in a state; returns its code."""
    said = {each.id: claiming.Said(Judgement.YES, "Elke week.") for each in module_to_claim(session, module).outcomes}
    code = claiming.open_file(session, actor=actor, module_slug=module, route=Route.EDUCATION, answers=said, now=now)
    session.execute(update(RecognitionFile).where(RecognitionFile.code == code).values(state=state).execution_options(synchronize_session=False))
    return code


def add_evidence(session: Session, now: datetime, actor: Actor) -> str:
    """Add a link to somebody's library; returns its id."""
    draft = EvidenceDraft(EvidenceKind.LINK, "Mijn werk", url="https://voorbeeld.nl/werk")
    return evidence.add_evidence(session, actor=actor, draft=draft, now=now).evidence_id.hex


def of_a_stranger(session: Session, now: datetime, module: str) -> dict[str, str]:
    """Open files of other people at the provider of a module: one that waits for a guide, one that waits for the exam board."""
    asked, requested = builders.actor(session, now), builders.actor(session, now)
    return {
        "asked": open_file(session, now, asked, module, FileState.INTAKE_PLANNED), "requested": open_file(session, now, requested, module, FileState.EXEMPTION_REQUESTED),
    }

