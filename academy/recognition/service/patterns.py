"""Patterns that a board lets go by themselves: approved by its members, until a day, and ended whenever one of them says so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Update, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role, record
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.recognition.errors.patterns import PatternClosed, PatternNotFound, PatternThere, PatternUnfit
from academy.recognition.facts import ClaimedOutcome, FileFacts
from academy.recognition.kinds import DecisionGround, FileState, Judgement, Who
from academy.recognition.models import PatternApproval, RecognitionFile
from academy.recognition.queries import precedents
from academy.recognition.queries.approvals import pattern_to_approve
from academy.recognition.queries.files import Desk, file_by_id, rule_file
from academy.recognition.queries.mappings import board_at
from academy.recognition.queries.portfolio import outcomes_of, report_of
from academy.recognition.queries.precedents import Found, found_for
from academy.recognition.rules.deciding import Answer, File, Step, why_not
from academy.recognition.rules.instruments import involved
from academy.recognition.rules.patterns import Approval, Pattern, all_approve_themselves, may_approve_itself, proposal
from academy.recognition.service.booking import About, Answered, book_decision
from academy.recognition.service.history import move


@dataclass(frozen=True)
class ApprovalDraft:
    """What a board lets go by itself: the key of a pattern, its evidence in words, with how many decisions at least, and until which day."""

    key: str
    about: str
    fewest_parents: int
    until: date


@dataclass(frozen=True)
class _Asked:
    """An outcome of a request with what was decided before on it."""

    outcome: ClaimedOutcome
    pattern: Pattern
    found: Found


def approve_pattern(session: Session, *, actor: Actor, provider_slug: str, draft: ApprovalDraft, now: datetime) -> str:
    """Let a pattern be granted by itself; returns the approval's code. Where two members sign it waits for the second.

    Raises ProviderNotFound for who does not sit in the exam board, PatternUnfit when it did not get a yes each time or does not rest on papers only, or when its
    last day is past; PatternThere when it goes by itself already.
    """
    desk = board_at(session, actor, provider_slug)
    found = pattern_to_approve(session, desk.provider_id, draft.key, amsterdam_day(now))
    if found is None or draft.until < amsterdam_day(now) or draft.fewest_parents < 1:
        raise PatternUnfit
    row = PatternApproval(
        id=new_id(), code=short_code(), provider_id=desk.provider_id, key=draft.key, outcome_id=found.outcome_id, about=draft.about,
        fewest_parents=draft.fewest_parents, until=draft.until, approved_by=actor.person_id, approved_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # the index says it
        raise PatternThere from error
    _record(session, "pattern-approved", desk, actor, row.id, row.code, now=now)
    return row.code


def sign_approval(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Sign as the second member. Raises ProviderNotFound, PatternNotFound, and PatternClosed, also for the first."""
    desk, approval_id = _approval_at(session, actor, provider_slug, code)
    signing = update(PatternApproval).where(
        PatternApproval.id == approval_id, PatternApproval.ended_at.is_(None), PatternApproval.second_by.is_(None),
        PatternApproval.approved_by != actor.person_id, PatternApproval.until >= amsterdam_day(now),
    )
    _guard(session, signing.values(second_by=actor.person_id))
    _record(session, "pattern-signed", desk, actor, approval_id, code, now=now)


def end_approval(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """End an approval: from now on people look. Raises ProviderNotFound, PatternNotFound, PatternClosed."""
    desk, approval_id = _approval_at(session, actor, provider_slug, code)
    _guard(session, update(PatternApproval).where(PatternApproval.id == approval_id, PatternApproval.ended_at.is_(None)).values(ended_at=now))
    _record(session, "pattern-ended", desk, actor, approval_id, code, now=now)


def grant_by_pattern(session: Session, file_id: UUID, now: datetime) -> bool:
    """Grant a request at once when every outcome of it repeats what the board lets go by itself; tells whether it did. Else people decide.

    In the commit of the request. It is signed by those who approved, as far as they sit in the board and have no part in this file: as many per approval as the
    provider wants. What assessors report is yes for each outcome, or people look. An approval that is ended in this moment counts no more.
    """
    file, outcomes = file_by_id(session, file_id), outcomes_of(session, file_id)
    today = amsterdam_day(now)
    asked = _asked(session, file, outcomes, today)
    if not all_approve_themselves([may_approve_itself(each.pattern, proposal(each.found.given), _allows(each.found), today) for each in asked]):
        return False
    there = rule_file(session, file_id)
    signers = _signers(session, file, there, asked)
    if not signers or not _is_reported_yes(session, file_id, outcomes):
        return False
    answers = tuple(Answer(each.id, Judgement.YES) for each in outcomes)
    step = Step(FileState.GRANTED, Who.EXAM_BOARD, min(signers), provider_id=file.provider_id, answers=answers, signers=signers)
    approvals = {each.found.approval.id: each for each in asked if each.found.approval is not None}
    if why_not(there, step, now) is not None or not _still_count(session, approvals):
        return False
    parents = dict.fromkeys(decision_id for each in asked for decision_id in each.found.given[0].newest)
    about = About(
        person_id=file.person_id, module_id=file.module_id, provider_id=file.provider_id, ground=DecisionGround.PATTERN, file_id=file_id,
        ground_id=next(iter(approvals)), parents=tuple(parents), shown={each.outcome.id: each.pattern.shown for each in asked},
    )
    decided = [Answered(each.id, each.wording, each.worth, Judgement.YES) for each in outcomes]
    move(session, file_id, step, now=now, decision_id=book_decision(session, about, decided, signers=signers, now=now))
    record(
        session, "decision-by-pattern", actor_id=None, now=now, organisation_id=file.provider_id, person_id=file.person_id, about=RecognitionFile.__tablename__,
        about_id=file_id, details={"file": file.code, "approvals": sorted(each.hex for each in approvals)},
    )
    return True


def _asked(session: Session, file: FileFacts, outcomes: Sequence[ClaimedOutcome], today: date) -> list[_Asked]:
    shown = precedents.shown_in(session, file.id)
    patterns = {each.id: Pattern(each.id, each.wording.in_language("nl"), shown.get(each.id, frozenset())) for each in outcomes}
    found = found_for(session, file.provider_id, patterns.values(), today)
    return [_Asked(each, patterns[each.id], found.get(patterns[each.id].key, Found())) for each in outcomes]


def _allows(found: Found) -> Approval | None:
    return None if found.approval is None else found.approval.allows


def _signers(session: Session, file: FileFacts, there: File, asked: Sequence[_Asked]) -> frozenset[UUID]:
    """Return who signs; nobody when one of the approvals has not enough members behind it who may sign here."""
    board = {one.id for one in accounts.people_in_role(session, Role.EXAM_BOARD, organisation_id=file.provider_id)}
    inside = involved(there.people, (each.assessor_id for each in there.instruments))
    behind = [each.found.approval.signers & board - inside for each in asked if each.found.approval is not None]
    return frozenset().union(*behind) if all(len(each) >= there.signatures for each in behind) else frozenset()


def _is_reported_yes(session: Session, file_id: UUID, outcomes: Collection[ClaimedOutcome]) -> bool:
    report = report_of(session, file_id)
    said = {each.outcome_id: each.judgement for each in report.answers} if report is not None else {}
    return all(said.get(each.id) is Judgement.YES for each in outcomes)


def _still_count(session: Session, approvals: Mapping[UUID, object]) -> bool:
    """Hold the approvals until the commit: whoever ends one comes after, or came before and is heard here."""
    held = update(PatternApproval).where(PatternApproval.id.in_(approvals), PatternApproval.ended_at.is_(None)).values(until=PatternApproval.until)
    return rows_changed(session, held.execution_options(synchronize_session=False)) == len(approvals)


def _approval_at(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, UUID]:
    desk = board_at(session, actor, provider_slug)
    wanted = select(PatternApproval.id).where(PatternApproval.code == code.upper(), PatternApproval.provider_id == desk.provider_id)
    approval_id = session.scalars(wanted).one_or_none()
    if approval_id is None:
        raise PatternNotFound
    return desk, approval_id


def _guard(session: Session, change: Update) -> None:
    if rows_changed(session, change.execution_options(synchronize_session=False)) != 1:
        raise PatternClosed


def _record(session: Session, act: str, desk: Desk, actor: Actor, approval_id: UUID, code: str, *, now: datetime) -> None:  # noqa: PLR0917 - who did what to which
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, about=PatternApproval.__tablename__, about_id=approval_id,
        details={"approval": code.upper()},
    )
