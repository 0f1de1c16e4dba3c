"""Patterns that a board may let go by themselves, and those that do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.kernel.text import Localized
from academy.recognition.kinds import Judgement
from academy.recognition.models import (
    Decision,
    DecisionAnswer,
    Evidence,
    EvidenceFor,
    PatternApproval,
    PrecedentCount,
    PrecedentRow,
)
from academy.recognition.rules.patterns import Pattern, Shown

MOST_LISTED: Final = 50


@dataclass(frozen=True)
class PatternToApprove:
    """A pattern on papers that got a yes each time, `number` times; `shown` is empty where the evidence of its newest decision is gone."""

    key: str
    outcome_id: UUID
    wording: Localized
    number: int
    newest: str  # the number of its newest decision
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class ApprovalFacts:
    """An approval as a board reads it; `number` is how many decisions it could rest on today, `signers` the names of who signed."""

    code: str
    about: str
    wording: Localized
    fewest_parents: int
    number: int
    until: date
    approved_at: datetime
    ended_at: datetime | None
    signers: tuple[str, ...]
    signed_by: tuple[UUID, ...]


def patterns_to_approve(session: Session, provider_id: UUID, today: date) -> list[PatternToApprove]:
    """Return what a board could let go by itself and does not yet, most decided first, at most fifty: four statements at most."""
    going = select(PatternApproval.key).where(PatternApproval.provider_id == provider_id, PatternApproval.ended_at.is_(None))
    counted = _always_yes(provider_id).where(PrecedentCount.key.not_in(going)).order_by(func.max(PrecedentCount.number).desc()).limit(MOST_LISTED)
    return _in_full(session, provider_id, _pairs(session.execute(counted)), today)


def pattern_to_approve(session: Session, provider_id: UUID, key: str, today: date) -> PatternToApprove | None:
    """Return one pattern that may go by itself, None where it may not."""
    counted = session.execute(_always_yes(provider_id).where(PrecedentCount.key == key))
    return next(iter(_in_full(session, provider_id, _pairs(counted), today)), None)


def approvals_of(session: Session, provider_id: UUID) -> list[ApprovalFacts]:
    """Return the approvals of a board, also those that ended, the newest first: four statements at most."""
    rows = session.scalars(
        select(PatternApproval).where(PatternApproval.provider_id == provider_id).order_by(PatternApproval.ended_at.is_not(None), PatternApproval.id.desc())
        .limit(4 * MOST_LISTED).execution_options(populate_existing=True),
    ).all()
    if not rows:
        return []
    keys = {row.key for row in rows}
    numbers = _pairs(session.execute(
        select(PrecedentCount.key, func.sum(PrecedentCount.number)).where(PrecedentCount.provider_id == provider_id, PrecedentCount.key.in_(keys))
        .group_by(PrecedentCount.key),
    ))
    words = {key: newest.wording for key, newest in _newest(session, provider_id, sorted(keys)).items()}
    people = accounts.people(session, {each for row in rows for each in (row.approved_by, row.second_by) if each is not None})
    return [_facts(row, words, people, numbers.get(row.key, 0)) for row in rows]


def _facts(
    row: PatternApproval, words: Mapping[str, Localized], people: Mapping[UUID, accounts.PersonFacts], number: int,
) -> ApprovalFacts:
    signed = tuple(each for each in (row.approved_by, row.second_by) if each is not None)
    return ApprovalFacts(
        row.code, row.about, words.get(row.key, Localized()), row.fewest_parents, number, row.until, row.approved_at, row.ended_at,
        tuple(people[each].name for each in signed if each in people), signed,
    )


def _always_yes(provider_id: UUID) -> Select[str, int]:
    """Return per pattern on papers that has one answer, which is yes, how often."""
    documentary = select(PrecedentRow.key).where(
        PrecedentRow.provider_id == provider_id, PrecedentRow.key == PrecedentCount.key, PrecedentRow.ended_at.is_(None), PrecedentRow.is_documentary,
    )
    return (
        select(PrecedentCount.key, func.max(PrecedentCount.number)).where(PrecedentCount.provider_id == provider_id, PrecedentCount.number > 0)
        .group_by(PrecedentCount.key).having(func.count() == 1, func.min(PrecedentCount.judgement) == Judgement.YES.value)
        .where(documentary.correlate(PrecedentCount).exists())
    )


@dataclass(frozen=True)
class _Newest:
    """The newest decision of a pattern that counts."""

    number: str
    file_id: UUID | None
    outcome_id: UUID
    wording: Localized
    valid_until: date | None


def _newest(session: Session, provider_id: UUID, keys: Sequence[str]) -> dict[str, _Newest]:
    if not keys:
        return {}
    of = {
        key: select(PrecedentRow.key, PrecedentRow.decision_id, PrecedentRow.outcome_id, PrecedentRow.valid_until)
        .where(PrecedentRow.provider_id == provider_id, PrecedentRow.key == key, PrecedentRow.ended_at.is_(None))
        .order_by(PrecedentRow.decided_on.desc()).limit(1).subquery()
        for key in keys
    }
    each = union_all(*(select(one) for one in of.values())).subquery()
    rows = session.execute(
        select(each.c.key, Decision.number, Decision.file_id, each.c.outcome_id, DecisionAnswer.wording, each.c.valid_until)
        .join(Decision, Decision.id == each.c.decision_id)
        .join(DecisionAnswer, and_(DecisionAnswer.decision_id == each.c.decision_id, DecisionAnswer.outcome_id == each.c.outcome_id)),
    )
    return {row[0]: _Newest(row[1], row[2], row[3], row[4], row[5]) for row in rows}


def _in_full(session: Session, provider_id: UUID, numbers: Mapping[str, int], today: date) -> list[PatternToApprove]:
    newest = {key: each for key, each in _newest(session, provider_id, sorted(numbers)).items() if each.valid_until is None or each.valid_until >= today}
    shown: dict[tuple[UUID, UUID], list[Shown]] = {}
    files = [each.file_id for each in newest.values() if each.file_id is not None]
    used = select(EvidenceFor.file_id, EvidenceFor.outcome_id, Evidence.kind, Evidence.source, Evidence.code).join(Evidence, Evidence.id == EvidenceFor.evidence_id)
    for file_id, outcome_id, kind, source, code in session.execute(used.where(EvidenceFor.file_id.in_(files)).order_by(Evidence.id)) if files else ():
        shown.setdefault((file_id, outcome_id), []).append(Shown(kind, source, code))
    return [
        PatternToApprove(key, each.outcome_id, each.wording, numbers[key], each.number, _same(key, each, shown)) for key in numbers
        if (each := newest.get(key)) is not None
    ]


def _same(key: str, newest: _Newest, shown: Mapping[tuple[UUID, UUID], Sequence[Shown]]) -> tuple[Shown, ...]:
    """Return the evidence of the newest decision as long as it is still what was decided on."""
    pieces = shown.get((newest.file_id, newest.outcome_id), ()) if newest.file_id is not None else ()
    return tuple(pieces) if Pattern(newest.outcome_id, newest.wording.in_language("nl"), frozenset(pieces)).key == key else ()


def _pairs(rows: Iterable[Any]) -> dict[Any, int]:
    return {key: int(number) for key, number in rows}
