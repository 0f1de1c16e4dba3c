"""Equivalences: a board publishes that a paper counts for outcomes of its module; whoever has the paper gets them, without a file."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session, aliased

from academy.accounts.api import Actor, record
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.recognition.errors.patterns import (
    CountsAlready,
    DecisionStands,
    EquivalenceClosed,
    EquivalenceOver,
    EquivalenceReworded,
    EquivalenceWrong,
    EvidenceUnlike,
    OwnSignature,
    PaperMissing,
    TakenBack,
)
from academy.recognition.facts import EvidenceFacts
from academy.recognition.kinds import NAMED_BY_SOURCE, DecisionGround, EvidenceKind, Judgement
from academy.recognition.models import Credit, Decision, DecisionAnswer, Equivalence, EquivalenceOutcome
from academy.recognition.queries import equivalences as queries
from academy.recognition.queries.equivalences import EquivalenceInFull
from academy.recognition.queries.files import Desk, terms_of
from academy.recognition.queries.library import piece_of
from academy.recognition.queries.mappings import board_at
from academy.recognition.queries.outcomes import module_to_claim
from academy.recognition.rules.patterns import Shown, source_key, wording_digest
from academy.recognition.service.booking import About, Answered, book_decision

_ABOUT = Equivalence.__tablename__


@dataclass(frozen=True)
class EquivalenceDraft:
    """What is published: the paper (kind, source, code, and its title), the module by its slug and its outcomes, why, and the first and last day."""

    kind: EvidenceKind
    title: str
    source: str
    source_code: str
    module_slug: str
    outcome_ids: frozenset[UUID]
    reason: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True)
class Booked:
    """A decision that was booked at once."""

    decision_id: UUID
    number: str


def publish_equivalence(session: Session, *, actor: Actor, provider_slug: str, draft: EquivalenceDraft, now: datetime) -> str:
    """Publish that a paper counts for outcomes of one's own module; returns its code. Where two members sign, it waits for the second.

    Raises ProviderNotFound for who does not sit in the exam board, ModuleNotFound, NotRecognisable, EquivalenceWrong.
    """
    desk = board_at(session, actor, provider_slug)
    module = module_to_claim(session, draft.module_slug)
    there = {each.id: wording_digest(each.wording.in_language("nl")) for each in module.outcomes}
    is_named = Shown(draft.kind, draft.source, draft.source_code).is_named and draft.kind in NAMED_BY_SOURCE
    is_in_time = draft.valid_until >= max(draft.valid_from, amsterdam_day(now))
    if module.provider_id != desk.provider_id or not draft.outcome_ids or not draft.outcome_ids <= there.keys() or not is_named or not is_in_time:
        raise EquivalenceWrong
    needs_second = terms_of(session, desk.provider_id).signatures > 1
    row = Equivalence(
        id=new_id(), code=short_code(), provider_id=desk.provider_id, module_id=module.id, kind=draft.kind, title=draft.title, source=draft.source,
        source_code=draft.source_code, source_key=source_key(draft.kind, draft.source, draft.source_code), reason=draft.reason, valid_from=draft.valid_from,
        valid_until=draft.valid_until, drafted_at=now, published_at=None if needs_second else now, published_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    session.add_all(EquivalenceOutcome(equivalence_id=row.id, outcome_id=each, wording_digest=there[each]) for each in sorted(draft.outcome_ids))
    _record(session, "equivalence-drafted" if needs_second else "equivalence-published", desk, actor, row.id, row.code, now=now)
    return row.code


def sign_equivalence(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Sign as the second member: it is public from now on.

    Raises ProviderNotFound, EquivalenceNotFound, EquivalenceReworded, and EquivalenceClosed, also for the first.
    """
    desk, found = queries.equivalence_at(session, actor, provider_slug, code)
    if queries.in_full(session, [found])[0].is_reworded:
        raise EquivalenceReworded
    signing = update(Equivalence).where(
        Equivalence.id == found.id, Equivalence.published_at.is_(None), Equivalence.ended_at.is_(None), Equivalence.published_by != actor.person_id,
        Equivalence.valid_until >= amsterdam_day(now),
    )
    _guard(session, signing.values(published_at=now, second_by=actor.person_id))
    _record(session, "equivalence-published", desk, actor, found.id, found.code, now=now)


def end_equivalence(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """End an equivalence, or a draft of one; what it granted stays. Raises ProviderNotFound, EquivalenceNotFound, EquivalenceClosed."""
    desk, found = queries.equivalence_at(session, actor, provider_slug, code)
    _guard(session, update(Equivalence).where(Equivalence.id == found.id, Equivalence.ended_at.is_(None)).values(ended_at=now))
    _record(session, "equivalence-ended", desk, actor, found.id, found.code, now=now)


def use_equivalence(session: Session, *, actor: Actor, evidence_id: UUID, equivalence_code: str, now: datetime) -> Booked:
    """Have a paper of one's own count at once; returns the decision with its number. Nobody looks first, and the board can take it back.

    Raises EvidenceNotFound, EquivalenceNotFound; EquivalenceOver, EquivalenceReworded, EvidenceUnlike, PaperMissing for a name without file or link,
    CountsAlready, OwnSignature, TakenBack; DatabaseBusy (start over) when the same counts from elsewhere in this moment.
    """
    paper = piece_of(session, actor, evidence_id).facts
    found = queries.in_full(session, [queries.equivalence_with_code(session, equivalence_code)])[0]
    _hold(session, found, now)
    _check(session, actor, paper, found)
    about = About(
        person_id=actor.person_id, module_id=found.module.id, provider_id=found.facts.provider_id, ground=DecisionGround.EQUIVALENCE, ground_id=found.facts.id,
    )
    answers = [Answered(each.id, each.wording, each.worth, Judgement.YES) for each in found.outcomes]
    decision_id = book_decision(session, about, answers, signers=found.facts.signers, now=now)
    record(
        session, "equivalence-used", actor_id=actor.person_id, now=now, organisation_id=found.facts.provider_id, person_id=actor.person_id, about=_ABOUT,
        about_id=found.facts.id, details={"equivalence": found.facts.code, "evidence": paper.id.hex},
    )
    return Booked(decision_id, session.get_one(Decision, decision_id).number)


def take_back_use(session: Session, *, actor: Actor, provider_slug: str, number: str, reason: str, now: datetime) -> UUID:
    """Replace a decision on an equivalence by one that grants nothing, with the reason; returns it. For a board that finds the paper is not what it says.

    Raises ProviderNotFound for who does not sit in the exam board, and DecisionStands when there is no such decision any more, or it is about the actor.
    """
    desk = board_at(session, actor, provider_slug)
    newer = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    row = session.scalars(select(Decision).where(
        Decision.number == number.upper(), Decision.provider_id == desk.provider_id, Decision.ground == DecisionGround.EQUIVALENCE, Decision.replaces_id.is_(None),
        Decision.id.not_in(newer), Decision.person_id != actor.person_id,
    )).one_or_none()
    if row is None or not reason.strip():
        raise DecisionStands
    said = session.scalars(select(DecisionAnswer).where(DecisionAnswer.decision_id == row.id))
    answers = [Answered(each.outcome_id, each.wording, each.ec, Judgement.NO, reason=reason.strip()) for each in said]
    about = About(
        person_id=row.person_id, module_id=row.module_id, provider_id=row.provider_id, ground=DecisionGround.EQUIVALENCE, ground_id=row.ground_id, replaces=row.id,
    )
    decision_id = book_decision(session, about, answers, signers={actor.person_id}, now=now)
    record(
        session, "equivalence-use-taken-back", actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, person_id=row.person_id, about=_ABOUT,
        about_id=row.ground_id, details={"decision": row.number},
    )
    return decision_id


def _check(session: Session, actor: Actor, paper: EvidenceFacts, found: EquivalenceInFull) -> None:
    facts = found.facts
    if found.is_reworded:
        raise EquivalenceReworded
    if paper.kind is not facts.kind or source_key(paper.kind, paper.source, paper.code) != facts.source_key:
        raise EvidenceUnlike
    if not paper.stored_name and not paper.url:
        raise PaperMissing
    if actor.person_id in facts.signers:
        raise OwnSignature
    newer = aliased(Decision)
    taken_back = select(Decision.id).join(newer, newer.replaces_id == Decision.id).where(Decision.ground_id == facts.id, Decision.person_id == actor.person_id)
    if session.scalars(taken_back).first() is not None:
        raise TakenBack
    ids = [each.id for each in found.outcomes]
    counting = select(Credit.outcome_id).where(Credit.person_id == actor.person_id, Credit.outcome_id.in_(ids), Credit.ended_at.is_(None))
    if set(session.scalars(counting)) == set(ids):
        raise CountsAlready


def _hold(session: Session, found: EquivalenceInFull, now: datetime) -> None:
    """Hold the equivalence until the commit: whoever ends it, or uses it too, comes after, or came before and is heard here."""
    today = amsterdam_day(now)
    held = update(Equivalence).where(
        Equivalence.id == found.facts.id, Equivalence.ended_at.is_(None), Equivalence.published_at.is_not(None), Equivalence.valid_from <= today,
        Equivalence.valid_until >= today,
    ).values(valid_until=Equivalence.valid_until)
    if rows_changed(session, held.execution_options(synchronize_session=False)) != 1:
        raise EquivalenceOver


def _guard(session: Session, change: Update) -> None:
    if rows_changed(session, change.execution_options(synchronize_session=False)) != 1:
        raise EquivalenceClosed


def _record(session: Session, act: str, desk: Desk, actor: Actor, equivalence_id: UUID, code: str, *, now: datetime) -> None:  # noqa: PLR0917 - who did what to which
    record(session, act, actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, about=_ABOUT, about_id=equivalence_id, details={"equivalence": code})
