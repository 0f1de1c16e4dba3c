"""What was decided is remembered: a precedent per outcome, its count, and the chance in the value meter. In the decision's own transaction.

Counts are written in the order of their keys, so that two decisions of the same patterns wait for each other and never lock each other out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for, insert_new, rows_changed
from academy.kernel.text import Localized
from academy.recognition.kinds import DecisionGround, Judgement
from academy.recognition.models import (
    Decision,
    OutcomeTally,
    OutcomeTallyPerson,
    PrecedentCount,
    PrecedentRow,
)
from academy.recognition.rules.patterns import Pattern, Shown, part_key, repeatable_until, wording_digest

AT_ONCE: Final = 500  # precedents that one round ends in one transaction


class Answer(Protocol):
    """What was decided of one outcome, in the words that were decided on."""

    @property
    def outcome_id(self) -> UUID: ...
    @property
    def wording(self) -> Localized: ...
    @property
    def judgement(self) -> Judgement: ...
    @property
    def part(self) -> str: ...


class _Counted(NamedTuple):
    """The key of a row of `precedent_count`."""

    provider_id: UUID
    key: str
    judgement: Judgement
    part_key: str


def remember(
    session: Session, *, decision_id: UUID, provider_id: UUID, person_id: UUID, answers: Sequence[Answer], shown: Mapping[UUID, frozenset[Shown]], now: datetime,
) -> None:
    """Remember what was decided of each outcome, on the evidence that was `shown` for it. The decision is written already.

    Only what people decided on a file is a precedent: what went by a pattern would be its own reason. On nothing shown nothing is remembered. The chance counts
    both, a person once, as they were last decided on; what needs no file (an equivalence, an agreement) says nothing about it.
    """
    session.flush()
    ground = session.scalars(select(Decision.ground).where(Decision.id == decision_id)).one()
    if ground is DecisionGround.FILE:
        _add_precedents(session, decision_id, provider_id, [(answer, shown[answer.outcome_id]) for answer in answers if shown.get(answer.outcome_id)], now)
    if ground in {DecisionGround.FILE, DecisionGround.PATTERN}:
        _count_person(session, person_id, answers)


def forget(session: Session, *, decision_id: UUID, now: datetime) -> None:
    """End the precedents of a decision that another one replaces. Doing it again changes nothing."""
    session.flush()
    ended = _end(session, PrecedentRow.decision_id == decision_id, now)
    _take_off(session, ended)


def expire(session: Session, now: datetime) -> int:
    """End precedents whose last day is past, at most 500; return how many. Until then who reads the counts takes them off."""
    past = (
        select(PrecedentRow.decision_id, PrecedentRow.outcome_id)
        .where(PrecedentRow.ended_at.is_(None), PrecedentRow.valid_until < amsterdam_day(now)).order_by(PrecedentRow.valid_until).limit(AT_ONCE)
    )
    rows = [tuple(row) for row in session.execute(past)]
    if not rows:
        return 0
    ended = _end(session, tuple_(PrecedentRow.decision_id, PrecedentRow.outcome_id).in_(rows), now)
    _take_off(session, ended)
    _find_soonest(session, sorted(ended, key=_in_order))
    return sum(ended.values())


def _add_precedents(session: Session, decision_id: UUID, provider_id: UUID, found: Iterable[tuple[Answer, frozenset[Shown]]], now: datetime) -> None:
    today = amsterdam_day(now)
    until = repeatable_until(today)
    rows, counts = [], []
    for answer, shown in found:
        pattern = Pattern(answer.outcome_id, answer.wording.in_language("nl"), shown)
        same = {"provider_id": provider_id, "key": pattern.key, "judgement": answer.judgement, "part": answer.part}
        rows.append({
            **same, "decision_id": decision_id, "outcome_id": answer.outcome_id, "is_documentary": pattern.is_documentary, "decided_on": today, "valid_until": until,
        })
        counts.append({**same, "part_key": part_key(answer.part), "number": 1, "soonest_end": until})
    if not rows:
        return
    session.execute(insert_new(session, PrecedentRow), rows)
    added = insert_for(session, PrecedentCount).values(sorted(counts, key=lambda each: str(each["key"])))
    session.execute(added.on_conflict_do_update(
        index_elements=["provider_id", "key", "judgement", "part_key"],
        set_={"number": PrecedentCount.number + 1, "soonest_end": _sooner(PrecedentCount.soonest_end, added.excluded.soonest_end)},
    ))


def _sooner(there: InstrumentedAttribute[date | None], new: ColumnElement[date | None]) -> ColumnElement[date | None]:
    return case((new.is_(None), there), (or_(there.is_(None), new < there), new), else_=there)


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> Counter[_Counted]:
    """End precedents that count, and return how many per row of the counts; who comes second finds none."""
    ended = update(PrecedentRow).where(which, PrecedentRow.ended_at.is_(None)).values(ended_at=now).returning(
        PrecedentRow.provider_id, PrecedentRow.key, PrecedentRow.judgement, PrecedentRow.part,
    ).execution_options(synchronize_session=False)
    return Counter(_Counted(provider_id, key, judgement, part_key(part)) for provider_id, key, judgement, part in session.execute(ended))


def _take_off(session: Session, ended: Counter[_Counted]) -> None:
    for row in sorted(ended, key=_in_order):
        less = update(PrecedentCount).where(*_is(row)).values(number=PrecedentCount.number - ended[row])
        session.execute(less.execution_options(synchronize_session=False))


def _find_soonest(session: Session, rows: Iterable[_Counted]) -> None:
    """Write when the next precedent of a pattern ends. After its count was written: from then on nobody else writes that row."""
    for row in rows:
        left = select(PrecedentRow.valid_until).where(PrecedentRow.provider_id == row.provider_id, PrecedentRow.key == row.key, PrecedentRow.ended_at.is_(None))
        soonest = session.scalars(left.where(PrecedentRow.valid_until.is_not(None)).order_by(PrecedentRow.valid_until).limit(1)).one_or_none()
        session.execute(update(PrecedentCount).where(*_is(row)).values(soonest_end=soonest).execution_options(synchronize_session=False))


def _is(row: _Counted) -> tuple[ColumnElement[bool], ...]:
    return (
        PrecedentCount.provider_id == row.provider_id, PrecedentCount.key == row.key, PrecedentCount.judgement == row.judgement,
        PrecedentCount.part_key == row.part_key,
    )


def _in_order(row: _Counted) -> tuple[str, str, str]:
    return row.key, row.judgement.value, row.part_key


def _count_person(session: Session, person_id: UUID, answers: Sequence[Answer]) -> None:
    for answer in sorted(answers, key=lambda each: each.outcome_id):
        is_granted = answer.judgement is Judgement.YES
        same = {"outcome_id": answer.outcome_id, "wording_digest": wording_digest(answer.wording.in_language("nl"))}
        new = insert_for(session, OutcomeTallyPerson).values(**same, person_id=person_id, is_granted=is_granted).on_conflict_do_nothing()
        if session.scalars(new.returning(OutcomeTallyPerson.person_id)).one_or_none() is not None:
            added = insert_for(session, OutcomeTally).values(**same, decided=1, granted=int(is_granted))
            session.execute(added.on_conflict_do_update(
                index_elements=["outcome_id", "wording_digest"], set_={"decided": OutcomeTally.decided + 1, "granted": OutcomeTally.granted + int(is_granted)},
            ))
            continue
        changed = update(OutcomeTallyPerson).filter_by(**same, person_id=person_id).where(OutcomeTallyPerson.is_granted.is_(not is_granted))
        if rows_changed(session, changed.values(is_granted=is_granted).execution_options(synchronize_session=False)) == 1:
            other = update(OutcomeTally).filter_by(**same).values(granted=OutcomeTally.granted + (1 if is_granted else -1))
            session.execute(other.execution_options(synchronize_session=False))
