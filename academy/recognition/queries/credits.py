"""What was recognised and counts: credits of a person, module by module."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.recognition.kinds import DecisionGround, Judgement
from academy.recognition.models import Agreement, Credit, Decision, DecisionAnswer, RecognisedTotal

_NONE: Final = Decimal(0)
_OF_A_FILE: Final = (DecisionGround.FILE, DecisionGround.PATTERN)


@dataclass(frozen=True)
class Recognised:
    """What counts of one module, in EC, within the maximum of its provider (the first granted first); `is_whole` when every outcome that the module has today was granted: then it counts as passed.

    `transferred` of these EC rest on a result of a module here, by agreement: one that adds results up as well counts them once.
    """

    ec: Decimal
    is_whole: bool
    transferred: Decimal = _NONE


@dataclass(frozen=True)
class CreditFacts:
    """An outcome that counts; the decision says on what ground."""

    outcome_id: UUID
    module_id: UUID
    provider_id: UUID
    decision_id: UUID
    ec: Decimal
    from_at: datetime


@dataclass(frozen=True)
class RecognisedModule:
    """The same with its module and the day of the last decision; `hosts` are the modules here on whose results the transferred part rests, by agreement."""

    module_id: UUID
    key: tuple[str, str]  # slug of the provider, external id
    on: date
    counts: Recognised
    hosts: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class BookedCredits:
    """What one decision changed in the credits of its module: EC that it granted, and EC of former decisions that it ended."""

    module_id: UUID
    granted: Decimal
    ended: Decimal


def recognised_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, dict[tuple[str, str], Recognised]]:
    """Return what counts of each person by (slug of the provider, external id of the module): one statement, three where somebody has credits."""
    return {person_id: {each.key: each.counts for each in found} for person_id, found in recognised_modules(session, person_ids).items()}


def recognised_modules(session: Session, person_ids: Collection[UUID]) -> dict[UUID, tuple[RecognisedModule, ...]]:
    """Return what counts of each person, module by module: one statement, three where somebody has credits."""
    rows = session.execute(
        select(
            Credit.person_id, Credit.module_id, Credit.provider_id, Credit.outcome_id, Credit.ec, Credit.from_at, RecognisedTotal.ec.label("most"), Agreement.host_module_id,
        )
        .outerjoin(Agreement, Agreement.decision_id == Credit.decision_id)
        .outerjoin(RecognisedTotal, and_(RecognisedTotal.person_id == Credit.person_id, RecognisedTotal.provider_id == Credit.provider_id))
        .where(Credit.person_id.in_(person_ids), Credit.ended_at.is_(None)).order_by(Credit.from_at, Credit.id),
    ).all()
    modules = catalogue.claimable_modules(session, {row.module_id for row in rows}) if rows else {}
    left = {(row.person_id, row.provider_id): row.most or _NONE for row in rows}
    theirs: dict[tuple[UUID, UUID], list[tuple[Row[*tuple[Any, ...]], Decimal]]] = {}
    for row in rows:
        counts = min(row.ec, left[row.person_id, row.provider_id])
        left[row.person_id, row.provider_id] -= counts
        theirs.setdefault((row.person_id, row.module_id), []).append((row, counts))
    found: dict[UUID, list[RecognisedModule]] = {person_id: [] for person_id in person_ids}
    for (person_id, module_id), parts in theirs.items():
        found[person_id].append(_of_module(modules[module_id], parts))
    return {person_id: tuple(mine) for person_id, mine in found.items()}


def _of_module(module: catalogue.ClaimableModule, parts: Sequence[tuple[Row[*tuple[Any, ...]], Decimal]]) -> RecognisedModule:
    """Add up the outcomes of one module: (row, EC that count) each, the first granted first."""
    present = {outcome_id for outcome_id, _words in module.outcomes}
    transferred = [(row, ec) for row, ec in parts if row.host_module_id is not None]
    return RecognisedModule(
        module.id, (module.provider_slug, module.external_id), amsterdam_day(max(row.from_at for row, _ec in parts)),
        Recognised(
            sum((ec for _row, ec in parts), _NONE), bool(present) and present <= {row.outcome_id for row, _ec in parts}, sum((ec for _row, ec in transferred), _NONE),
        ),
        frozenset(row.host_module_id for row, _ec in transferred),
    )


def people_with_credits() -> Select[UUID]:
    """Select everybody for whom something recognised counts."""
    return select(Credit.person_id).where(Credit.ended_at.is_(None)).distinct()


def credits_of(session: Session, person_id: UUID) -> tuple[CreditFacts, ...]:
    """Return the outcomes that count for a person, as they were granted: one statement."""
    rows = session.scalars(select(Credit).where(Credit.person_id == person_id, Credit.ended_at.is_(None)).order_by(Credit.from_at, Credit.id))
    return tuple(CreditFacts(row.outcome_id, row.module_id, row.provider_id, row.decision_id, row.ec, row.from_at) for row in rows)


def counting_outcomes(session: Session, person_id: UUID, outcome_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these outcomes count for a person already."""
    there = select(Credit.outcome_id).where(Credit.person_id == person_id, Credit.outcome_id.in_(outcome_ids), Credit.ended_at.is_(None))
    return frozenset(session.scalars(there))


def refused_outcomes(session: Session, *, since: datetime) -> dict[UUID, int]:
    """Return how many people were refused an outcome, or got a part of it, in a file decided since then, by the decision that counts; who shows it hides small numbers."""
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    rows = session.execute(
        select(DecisionAnswer.outcome_id, func.count(Decision.person_id.distinct()))
        .join(Decision, Decision.id == DecisionAnswer.decision_id)
        .where(Decision.decided_at >= since, Decision.id.not_in(replaced), DecisionAnswer.judgement != Judgement.YES, Decision.ground.in_(_OF_A_FILE))
        .group_by(DecisionAnswer.outcome_id),
    )
    return dict(rows.all())


def credits_booked(session: Session, decision_id: UUID) -> BookedCredits | None:
    """Return what a decision changed, as far as it still counts; None when it is not there. What it kept of the decision that it replaces is no change. Two statements."""
    decision = session.execute(select(Decision.module_id, Decision.decided_at).where(Decision.id == decision_id)).one_or_none()
    if decision is None:
        return None
    is_granted = (Credit.decision_id == decision_id) & (Credit.from_at == decision.decided_at) & Credit.ended_at.is_(None)
    rows = session.execute(select(Credit.ec, is_granted.label("is_granted")).where(or_(is_granted, Credit.ended_by_id == decision_id))).all()
    return BookedCredits(
        decision.module_id, sum((ec for ec, is_new in rows if is_new), _NONE), sum((ec for ec, is_new in rows if not is_new), _NONE),
    )
