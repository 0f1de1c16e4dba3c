"""What was decided before on the same pattern, for the board's screen and for what goes by itself."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import Date, Select, String, Uuid, and_, bindparam, select, union_all
from sqlalchemy.orm import Session

from academy.recognition.kinds import Judgement
from academy.recognition.models import (
    Decision,
    Evidence,
    EvidenceFor,
    FileOutcome,
    PatternApproval,
    PrecedentCount,
    PrecedentRow,
)
from academy.recognition.rules.patterns import Approval, Given, Pattern, Shown, part_key

PARENTS: Final = 5  # decisions that are named of a pattern: the newest


@dataclass(frozen=True)
class ApprovalFound:
    """An approval that counts: by whom, and what it allows."""

    id: UUID
    signers: frozenset[UUID]
    allows: Approval


@dataclass(frozen=True)
class Found:
    """What is known of a pattern: its answers, most given first, each with its newest decisions; `parents` are the numbers of those, the newest first."""

    given: tuple[Given, ...] = ()
    parents: tuple[str, ...] = ()
    approval: ApprovalFound | None = None


def shown_in(session: Session, file_id: UUID) -> dict[UUID, frozenset[Shown]]:
    """Return per outcome of a file the evidence that is shown for it, as far as others can have the same: one statement."""
    wanted = (
        select(FileOutcome.outcome_id, Evidence.kind, Evidence.source, Evidence.code)
        .join(EvidenceFor, and_(EvidenceFor.file_id == FileOutcome.file_id, EvidenceFor.outcome_id == FileOutcome.outcome_id), isouter=True)
        .join(Evidence, Evidence.id == EvidenceFor.evidence_id, isouter=True).where(FileOutcome.file_id == file_id)
    )
    shown: defaultdict[UUID, set[Shown]] = defaultdict(set)
    for outcome_id, kind, source, code in session.execute(wanted):
        shown[outcome_id].add(Shown(kind, source, code))
    return {outcome_id: frozenset(each for each in pieces if each.kind) for outcome_id, pieces in shown.items()}


def found_for(session: Session, provider_id: UUID, patterns: Iterable[Pattern], today: date) -> dict[str, Found]:
    """Return what a provider's board decided on each of these patterns, by key, as `patterns.tally` would count it today: at most three statements.

    Counted beforehand; what ended and is not taken off yet is taken off here. Of a popular pattern only the newest decisions are looked at.
    """
    keys = sorted({each.key for each in patterns if each.shown})
    counts = _counts(session, provider_id, keys) if keys else []
    if not counts:
        return {key: Found() for key in keys}
    newest = _newest(session, provider_id, sorted({each.key for each, _approval in counts}), today)
    past = _past(session, provider_id, keys, today) if any(each.soonest_end is not None and each.soonest_end < today for each, _approval in counts) else Counter()
    return {key: _found([each for each in counts if each[0].key == key], newest.get(key, ()), past) for key in keys}


_Counts = Sequence[tuple[PrecedentCount, PatternApproval | None]]
_Parent = tuple[UUID, str, Judgement, str]


def _counts(session: Session, provider_id: UUID, keys: Sequence[str]) -> _Counts:
    counts_too = and_(
        PatternApproval.provider_id == PrecedentCount.provider_id, PatternApproval.key == PrecedentCount.key, PatternApproval.ended_at.is_(None),
    )
    wanted = select(PrecedentCount, PatternApproval).join(PatternApproval, counts_too, isouter=True)
    wanted = wanted.where(PrecedentCount.provider_id == provider_id, PrecedentCount.key.in_(keys), PrecedentCount.number > 0)
    return [(count, approval) for count, approval in session.execute(wanted.execution_options(populate_existing=True))]


def _newest(session: Session, provider_id: UUID, keys: Sequence[str], today: date) -> dict[str, list[_Parent]]:
    """Return the newest decisions of each pattern: each through the index, so that a popular one costs no more than another."""
    found: defaultdict[str, list[_Parent]] = defaultdict(list)
    asked = {f"key_{place}": key for place, key in enumerate(keys)}
    for row in session.execute(_newest_of(len(keys)), {"provider_id": provider_id, "today": today} | asked):
        found[row[0]].append((row[1], row[2], row[3], row[4]))
    return found


@cache
def _newest_of(number: int) -> Select[str, UUID, str, Judgement, str]:
    """Return the statement for so many patterns, put together once: doing so takes longer than asking."""
    each = union_all(*(select(_newest_of_one(place).subquery()) for place in range(number))).subquery()
    wanted = select(each.c.key, each.c.decision_id, Decision.number, each.c.judgement, each.c.part).join(Decision, Decision.id == each.c.decision_id)
    return wanted.order_by(each.c.decided_on.desc(), each.c.decision_id.desc())


def _newest_of_one(place: int) -> Select[str, UUID, Judgement, str, date]:
    provider_id, key, today = bindparam("provider_id", type_=Uuid()), bindparam(f"key_{place}", type_=String()), bindparam("today", type_=Date())
    return (
        select(PrecedentRow.key, PrecedentRow.decision_id, PrecedentRow.judgement, PrecedentRow.part, PrecedentRow.decided_on)
        .where(
            PrecedentRow.provider_id == provider_id, PrecedentRow.key == key, PrecedentRow.ended_at.is_(None),
            PrecedentRow.valid_until.is_(None) | (PrecedentRow.valid_until >= today),
        ).order_by(PrecedentRow.decided_on.desc()).limit(PARENTS)
    )


def _past(session: Session, provider_id: UUID, keys: Sequence[str], today: date) -> Counter[tuple[str, Judgement, str]]:
    """Count what ended and is not taken off yet, through the days on which precedents end: what one round left, not all of a popular pattern.

    The board and the pattern are looked at here, and nothing is grouped there: the database would go by their index, through all of a popular one.
    """
    ended = select(PrecedentRow.provider_id, PrecedentRow.key, PrecedentRow.judgement, PrecedentRow.part)
    past: Counter[tuple[str, Judgement, str]] = Counter()
    for its_provider, key, judgement, part in session.execute(ended.where(PrecedentRow.ended_at.is_(None), PrecedentRow.valid_until < today)):
        if its_provider == provider_id and key in keys:
            past[key, judgement, part_key(part)] += 1
    return past


def _found(counts: _Counts, newest: Sequence[_Parent], past: Mapping[tuple[str, Judgement, str], int]) -> Found:
    given = []
    for count, _approval in counts:
        number = count.number - past.get((count.key, count.judgement, count.part_key), 0)
        if number > 0:
            parents = [parent for parent in newest if (parent[2], part_key(parent[3])) == (count.judgement, count.part_key)]
            given.append(Given(count.judgement, parents[0][3] if parents else count.part, number, tuple(parent[0] for parent in parents)))
    given.sort(key=lambda each: (-each.number, each.judgement.value, part_key(each.part)))
    approval = next((each for _count, each in counts if each is not None), None)
    return Found(tuple(given), tuple(number for _id, number, _judgement, _part in newest), _approval_of(approval))


def _approval_of(row: PatternApproval | None) -> ApprovalFound | None:
    if row is None:
        return None
    signers = frozenset(each for each in (row.approved_by, row.second_by) if each is not None)
    return ApprovalFound(row.id, signers, Approval(row.fewest_parents, row.until))
