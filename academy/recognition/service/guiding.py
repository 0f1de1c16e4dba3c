"""Guiding: who takes a file, advises after the talk, and signs the agreement with its learner."""

from datetime import datetime

from sqlalchemy import case, null, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.db import rows_changed
from academy.recognition.errors import StepRefused
from academy.recognition.errors.guiding import AdvisedAlready, CannotGuide, GuideTaken, ReasonMissing
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import Advice, FileState, Who, WhyNot
from academy.recognition.models import RecognitionFile
from academy.recognition.queries.files import Desk, acts_for_employer, file_at, file_by_id
from academy.recognition.queries.guiding import GUIDED, has_advised, judges_here, still_assesses
from academy.recognition.rules.deciding import Step
from academy.recognition.service.history import move, step_of

_F = FileState


def take_file(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Become the guide of a file that has none, or whose guide does not work for the provider any more; of two at once one gets it.

    Raises GuideTaken, CannotGuide for who judges in it or acts for an employer of its learner, StepRefused when nobody guides it now, FileNotFound, and
    ProviderNotFound. A signature of the former guide ends where the learner has not signed yet: the agreement is with whoever guides.
    """
    desk, file = file_at(session, actor, provider_slug, code)
    if file.guide_id == actor.person_id:
        return
    if file.state not in GUIDED:
        raise StepRefused(WhyNot.NO_WAY)
    if file.guide_id is not None and still_assesses(session, file.guide_id, desk.provider_id):
        raise GuideTaken
    is_same = RecognitionFile.guide_id.is_(None) if file.guide_id is None else RecognitionFile.guide_id == file.guide_id
    signed = case((RecognitionFile.state == _F.INTAKE_DONE, null()), else_=RecognitionFile.guide_signed_at)
    taken = update(RecognitionFile).where(RecognitionFile.id == file.id, RecognitionFile.state.in_(GUIDED), is_same)
    taken = taken.values(guide_id=actor.person_id, guide_signed_at=signed)
    if rows_changed(session, taken.execution_options(synchronize_session=False)) != 1:
        raise GuideTaken
    # Asked once the file is held: somebody may have booked this colleague as its assessor a moment ago.
    if judges_here(session, file.id, actor.person_id) or acts_for_employer(session, file.id, desk.memberships):
        raise CannotGuide
    _record(session, "file-taken", desk, file, actor=actor, now=now)


def hand_back_file(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Stop guiding a file in which one has not advised, so that a colleague can take it.

    Raises AdvisedAlready: who advised helped to make what is judged, and stays its guide. Raises StepRefused for who does not guide it, FileNotFound, and
    ProviderNotFound.
    """
    desk, file = file_at(session, actor, provider_slug, code)
    if file.guide_id != actor.person_id:
        raise StepRefused(WhyNot.NOT_THEIRS)
    if has_advised(session, file.id, actor.person_id):
        raise AdvisedAlready
    let_go = update(RecognitionFile).where(
        RecognitionFile.id == file.id, RecognitionFile.guide_id == actor.person_id, RecognitionFile.state.in_(GUIDED),
    ).values(guide_id=None, guide_signed_at=case((RecognitionFile.state == _F.INTAKE_DONE, null()), else_=RecognitionFile.guide_signed_at))
    if rows_changed(session, let_go.execution_options(synchronize_session=False)) != 1:
        raise StepRefused(WhyNot.NO_WAY)
    _record(session, "file-handed-back", desk, file, actor=actor, now=now)


def advise(session: Session, *, actor: Actor, provider_slug: str, code: str, advice: Advice, reason: str, now: datetime) -> None:
    """Tell the learner what one thinks of their chance after the talk; they decide. Raises ReasonMissing, StepRefused, FileNotFound, ProviderNotFound."""
    desk, file = file_at(session, actor, provider_slug, code)
    _advise(session, file, actor, (advice, reason), now)
    _record(session, "file-advised", desk, file, actor=actor, now=now)


def sign_as_guide(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Sign the agreement. The second signature opens the portfolio; what the learner stated to be complete already is sent in the same commit.

    Raises StepRefused, FileNotFound, ProviderNotFound. Who signed before hears nothing: it stays as it was.
    """
    desk, file = file_at(session, actor, provider_slug, code)
    if _sign(session, file, actor, now):
        _record(session, "file-signed-by-guide", desk, file, actor=actor, now=now)


def advise_and_sign(session: Session, *, actor: Actor, provider_slug: str, code: str, reason: str, now: datetime) -> None:
    """Advise for and sign, as one act in one commit. Raises as `advise` and `sign_as_guide`."""
    desk, file = file_at(session, actor, provider_slug, code)
    _advise(session, file, actor, (Advice.FOR, reason), now)
    _sign(session, file, actor, now)
    _record(session, "file-advised", desk, file, actor=actor, now=now)
    _record(session, "file-signed-by-guide", desk, file, actor=actor, now=now)


def note_look(session: Session, *, actor: Actor, desk: Desk, file: FileFacts, now: datetime) -> None:
    """Put in the audit trail that somebody looked at a learner's file, who can read so."""
    _record(session, "file-seen", desk, file, actor=actor, now=now)


def _advise(session: Session, file: FileFacts, actor: Actor, said: tuple[Advice, str], now: datetime) -> None:
    advice, reason = said
    if advice is Advice.AGAINST and not reason.strip():
        raise ReasonMissing
    step = step_of(_F.INTAKE_DONE, Who.GUIDE, actor)
    # What was signed before an advice against is asked again: the learner decides, knowing it.
    unsigned = {"learner_signed_at": None} if advice is Advice.AGAINST else {}
    move(session, file.id, step, now=now, why=reason, advice=advice, advice_reason=reason, advised_at=now, **unsigned)


def _sign(session: Session, file: FileFacts, actor: Actor, now: datetime) -> bool:
    """Write the signature and go on as far as that brings the file; False when it was signed before.

    Both signatures are read after one's own is written: of two who sign at the same time, the last one sees the other.
    """
    signed = update(RecognitionFile).where(
        RecognitionFile.id == file.id, RecognitionFile.state == _F.INTAKE_DONE, RecognitionFile.guide_id == actor.person_id,
        RecognitionFile.guide_signed_at.is_(None),
    ).values(guide_signed_at=now)
    is_new = rows_changed(session, signed.execution_options(synchronize_session=False)) == 1
    found = file_by_id(session, file.id)
    if not is_new and (found.guide_id != actor.person_id or found.guide_signed_at is None):
        raise StepRefused(WhyNot.NOT_THEIRS if found.guide_id != actor.person_id else WhyNot.NO_WAY)
    if is_new and found.learner_signed_at is not None:
        move(session, file.id, step_of(_F.PORTFOLIO_OPEN, Who.GUIDE, actor), now=now)
        if found.stated_at is not None:  # J5: who said and signed everything at the start is through the portfolio now
            move(session, file.id, Step(_F.PORTFOLIO_SUBMITTED, Who.LEARNER, file.person_id), now=now)
    return is_new


def _record(session: Session, act: str, desk: Desk, file: FileFacts, *, actor: Actor, now: datetime) -> None:
    accounts.record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, person_id=file.person_id, about="recognition_file", about_id=file.id,
    )
