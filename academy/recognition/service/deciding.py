"""The exam board decides: alone or with four eyes, answers an appeal, or revises what it decided. What is decided is exactly what was seen."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.outbox import announce
from academy.recognition.errors import StepRefused
from academy.recognition.errors.deciding import ChangedMeanwhile, SignedAlready, SignerLeft
from academy.recognition.events import SignatureWanted
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import DECIDED, DecisionGround, FileState, Judgement, Who, WhyNot
from academy.recognition.models import DecisionDraft, RecognitionFile
from academy.recognition.queries import precedents
from academy.recognition.queries.board import is_member
from academy.recognition.queries.board_file import Draft, draft_of, seen_now
from academy.recognition.queries.files import Desk, file_for_board, rule_file
from academy.recognition.queries.outcomes import wording_of
from academy.recognition.queries.portfolio import outcomes_of
from academy.recognition.rules import patterns
from academy.recognition.rules.deciding import Answer, Step, decision_of, why_not
from academy.recognition.rules.instruments import involved
from academy.recognition.rules.patterns import Pattern
from academy.recognition.rules.sealing import digest_of_answers
from academy.recognition.service.booking import About, Answered, book_decision
from academy.recognition.service.history import move

_F: Final = FileState


def decide(
    session: Session, *, actor: Actor, provider_slug: str, code: str, answers: Sequence[Answer], seen_digest: str, now: datetime,
) -> UUID | None:
    """Decide on a request; returns the decision, or None where it waits for a second signature.

    Raises FileNotFound, ProviderNotFound, ChangedMeanwhile when the file is not what was seen, and StepRefused with the rule that stands in the way.
    """
    desk, file = _seen(session, actor, provider_slug, code, seen_digest)
    if file.state is not _F.EXEMPTION_REQUESTED:
        raise StepRefused(WhyNot.NO_WAY)
    return _decided(session, actor, desk, file, answers, "", now=now)


def revise(
    session: Session, *, actor: Actor, provider_slug: str, code: str, answers: Sequence[Answer], why: str, seen_digest: str, now: datetime,
) -> UUID | None:
    """Take a new decision in the place of the one that counts: on appeal by others than who signed that. As `decide`."""
    desk, file = _seen(session, actor, provider_slug, code, seen_digest)
    if file.decision_id is None:
        raise StepRefused(WhyNot.NO_WAY)
    return _decided(session, actor, desk, file, answers, why, now=now)


def confirm_after_appeal(session: Session, *, actor: Actor, provider_slug: str, code: str, why: str, seen_digest: str, now: datetime) -> bool:
    """Answer an appeal: the decision stands, and why. Tells whether that is so, or waits for a second signature. Raises as `decide`."""
    desk, file = _seen(session, actor, provider_slug, code, seen_digest)
    if file.state is not _F.APPEALED:
        raise StepRefused(WhyNot.NO_WAY)
    if _wants_another(session, actor, desk, file, (), now=now):
        _keep_draft(session, actor, desk, file, (), why, now=now)
        return False
    _confirm(session, actor, desk, file, why, {actor.person_id}, now=now)
    return True


def sign_decision(
    session: Session, *, actor: Actor, provider_slug: str, code: str, digest: str, seen_digest: str, now: datetime,
) -> UUID | None:
    """Give the second signature to exactly the draft that was read; returns the decision, None where an earlier one stands.

    Raises FileNotFound, ProviderNotFound, ChangedMeanwhile, SignedAlready for who made it, SignerLeft when that person left the board, StepRefused.
    """
    desk, file = _seen(session, actor, provider_slug, code, seen_digest)
    draft = _draft(session, file, digest)
    if draft.made_by == actor.person_id:
        raise SignedAlready
    if not is_member(session, draft.made_by, desk.provider_id):
        raise SignerLeft
    _take_draft(session, file, draft)
    signers = {draft.made_by, actor.person_id}
    if not draft.answers:
        _confirm(session, actor, desk, file, draft.why, signers, now=now)
        return None
    return _book(session, actor, desk, file, draft.answers, draft.why, signers, now=now)


def drop_draft(session: Session, *, actor: Actor, provider_slug: str, code: str, digest: str, now: datetime) -> None:
    """Take a draft away: the file waits for the board as before. Raises FileNotFound, ProviderNotFound, ChangedMeanwhile, StepRefused for who has a part in it."""
    desk, file = _held(session, actor, provider_slug, code)
    there = rule_file(session, file.id)
    if actor.person_id in involved(there.people, (each.assessor_id for each in there.instruments)):
        raise StepRefused(WhyNot.INVOLVED)
    _take_draft(session, file, _draft(session, file, digest))
    _record(session, "decision-draft-dropped", actor, desk, file, now=now)


def note_look(session: Session, *, actor: Actor, desk: Desk, file: FileFacts, now: datetime) -> None:
    """Put in the audit trail that a member of the board saw the evidence of somebody's file; that person reads it."""
    _record(session, "evidence-seen", actor, desk, file, now=now)


def _seen(session: Session, actor: Actor, provider_slug: str, code: str, seen_digest: str) -> tuple[Desk, FileFacts]:
    desk, file = _held(session, actor, provider_slug, code)
    if seen_now(session, file) != seen_digest:
        raise ChangedMeanwhile
    return desk, file


def _held(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, FileFacts]:
    """Return a file, kept to this transaction where it stands: who moves it comes after, or came before and is heard here. Before its draft, as who moves it does."""
    desk, file = file_for_board(session, actor, provider_slug, code)
    there = (RecognitionFile.id == file.id, RecognitionFile.state == file.state, RecognitionFile.since == file.since)
    held = update(RecognitionFile).where(*there).values(state=RecognitionFile.state)
    if rows_changed(session, held.execution_options(synchronize_session=False)) != 1:
        raise ChangedMeanwhile
    return desk, file


def _decided(  # noqa: PLR0917 - who decides what of which file
    session: Session, actor: Actor, desk: Desk, file: FileFacts, answers: Sequence[Answer], why: str, *, now: datetime,
) -> UUID | None:
    if _wants_another(session, actor, desk, file, answers, now=now):
        _keep_draft(session, actor, desk, file, answers, why, now=now)
        return None
    return _book(session, actor, desk, file, answers, why, {actor.person_id}, now=now)


def _wants_another(session: Session, actor: Actor, desk: Desk, file: FileFacts, answers: Sequence[Answer], *, now: datetime) -> bool:
    """Tell whether everything is in order but for a second signature. Raises StepRefused."""
    there = rule_file(session, file.id)
    step = _step(actor, desk, file, answers, {actor.person_id})
    alone = why_not(replace(there, signatures=1), step, now)
    if alone is not None:
        raise StepRefused(alone)
    return there.signatures > 1


def _step(actor: Actor, desk: Desk, file: FileFacts, answers: Sequence[Answer], signers: Collection[UUID]) -> Step:
    return Step(
        _becomes(file, answers), Who.EXAM_BOARD, actor.person_id, provider_id=desk.provider_id, answers=tuple(answers), signers=frozenset(signers),
        replaces=file.decision_id if answers else None,
    )


def _becomes(file: FileFacts, answers: Sequence[Answer]) -> FileState:
    """Return where answers take a file: none confirm what was decided, those on a decision revise it."""
    if not answers and file.decision_id is not None:
        return _F.CONFIRMED
    if not answers:
        raise StepRefused(WhyNot.ANSWERS)
    return _F.REVISED if file.decision_id is not None else decision_of(answers)


def _keep_draft(  # noqa: PLR0917 - as `_decided`
    session: Session, actor: Actor, desk: Desk, file: FileFacts, answers: Sequence[Answer], why: str, *, now: datetime,
) -> None:
    kept = _with_why(file, answers, why)
    row = DecisionDraft(
        file_id=file.id, answers=[_plain(each) for each in kept], digest=digest_of_answers(file.id, kept), made_by=actor.person_id, made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # a colleague was quicker
        raise ChangedMeanwhile from error
    announce(session, SignatureWanted(file.id))
    _record(session, "decision-drafted", actor, desk, file, now=now)


def _with_why(file: FileFacts, answers: Sequence[Answer], why: str) -> list[Answer]:
    """Return what is signed of the answers (on which evidence they rest stands in the report), and why a decision stands or is replaced, as an answer about it."""
    said = [replace(each, evidence=frozenset(), met=frozenset()) for each in answers]
    if file.decision_id is None:
        return said
    return [*said, Answer(file.decision_id, Judgement.NO if answers else Judgement.YES, "", why)]


def _plain(answer: Answer) -> dict[str, Any]:
    return {"outcome": answer.outcome_id.hex, "judgement": answer.judgement.value, "part": answer.part, "reason": answer.reason}


def _draft(session: Session, file: FileFacts, digest: str) -> Draft:
    """Return the draft that was read. Raises ChangedMeanwhile when it is gone or another, also when its row does not say what was signed first."""
    found = draft_of(session.get(DecisionDraft, file.id, populate_existing=True), file)
    if found is None or found.digest != digest or digest_of_answers(file.id, _with_why(file, found.answers, found.why)) != digest:
        raise ChangedMeanwhile
    return found


def _take_draft(session: Session, file: FileFacts, draft: Draft) -> None:
    """Take the draft away; of two who do so at once, one."""
    gone = delete(DecisionDraft).where(DecisionDraft.file_id == file.id, DecisionDraft.digest == draft.digest, DecisionDraft.made_by == draft.made_by)
    if rows_changed(session, gone.execution_options(synchronize_session=False)) != 1:
        raise ChangedMeanwhile


def _confirm(  # noqa: PLR0917 - as `_decided`
    session: Session, actor: Actor, desk: Desk, file: FileFacts, why: str, signers: Collection[UUID], *, now: datetime,
) -> None:
    move(session, file.id, _step(actor, desk, file, (), signers), now=now, why=why)
    _record(session, "decision-confirmed", actor, desk, file, now=now)


def _book(  # noqa: PLR0917 - as `_decided`
    session: Session, actor: Actor, desk: Desk, file: FileFacts, answers: Sequence[Answer], why: str, signers: Collection[UUID], *, now: datetime,
) -> UUID:
    """Write the decision, and take the file where its answers lead."""
    step = _step(actor, desk, file, answers, signers)
    stands_in_the_way = why_not(rule_file(session, file.id), step, now)
    if stands_in_the_way is not None:
        raise StepRefused(stands_in_the_way)
    said = {each.outcome_id: each for each in answers}
    answered = [
        Answered(each.id, each.wording, each.worth, said[each.id].judgement, said[each.id].part, said[each.id].reason) for each in outcomes_of(session, file.id)
    ]
    shown = precedents.shown_in(session, file.id)
    about = About(
        person_id=file.person_id, module_id=file.module_id, provider_id=file.provider_id, ground=DecisionGround.FILE, file_id=file.id, replaces=file.decision_id,
        parents=() if file.decision_id is not None else _parents(session, file, answered, shown, now), shown=shown,
    )
    decision_id = book_decision(session, about, answered, signers=signers, now=now)
    move(session, file.id, step, now=now, why=why, decision_id=decision_id)
    _record(session, "decision-revised" if step.becomes not in DECIDED else "decision-taken", actor, desk, file, now=now)
    return decision_id


def _parents(
    session: Session, file: FileFacts, answered: Iterable[Answered], shown: dict[UUID, frozenset[patterns.Shown]], now: datetime,
) -> tuple[UUID, ...]:
    """Return the newest decisions that this one repeats: those on a pattern that was answered in this way each time."""
    asked = {each.outcome_id: (each, Pattern(each.outcome_id, wording_of(each.wording), shown.get(each.outcome_id, frozenset()))) for each in answered}
    found = precedents.found_for(session, file.provider_id, [pattern for _each, pattern in asked.values()], amsterdam_day(now))
    parents: dict[UUID, None] = {}
    for each, pattern in asked.values():
        before = patterns.proposal(found[pattern.key].given) if pattern.key in found else None
        if before is not None and (before.judgement, before.part) == (each.judgement, each.part):
            parents.update(dict.fromkeys(before.newest))
    return tuple(parents)


def _record(session: Session, act: str, actor: Actor, desk: Desk, file: FileFacts, *, now: datetime) -> None:
    accounts.record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, person_id=file.person_id, about=RecognitionFile.__tablename__,
        about_id=file.id, details={"file": file.code},
    )
