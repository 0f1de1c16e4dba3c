"""What was recognised and counts: credits of a person, module by module."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
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


def recognised_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, dict[tuple[str, str], Recognised]]:
    """Return what counts of each person by (slug of the provider, external id of the module): one statement, three where somebody has credits."""
    found: dict[UUID, dict[tuple[str, str], Recognised]] = {person_id: {} for person_id in person_ids}
    rows = session.execute(
        select(Credit.person_id, Credit.module_id, Credit.provider_id, Credit.outcome_id, Credit.ec, RecognisedTotal.ec.label("most"), Agreement.host_module_id)
        .outerjoin(Agreement, Agreement.decision_id == Credit.decision_id)
        .outerjoin(RecognisedTotal, and_(RecognisedTotal.person_id == Credit.person_id, RecognisedTotal.provider_id == Credit.provider_id))
        .where(Credit.person_id.in_(person_ids), Credit.ended_at.is_(None)).order_by(Credit.from_at, Credit.id),
    ).all()
    modules = catalogue.claimable_modules(session, {row.module_id for row in rows}) if rows else {}
    left = {(row.person_id, row.provider_id): row.most or _NONE for row in rows}
    granted: dict[tuple[UUID, UUID], set[UUID]] = {}
    earned: dict[tuple[UUID, UUID], Decimal] = {}
    transferred: dict[tuple[UUID, UUID], Decimal] = {}
    for row in rows:
        counts = min(row.ec, left[row.person_id, row.provider_id])
        left[row.person_id, row.provider_id] -= counts
        of = (row.person_id, row.module_id)
        granted.setdefault(of, set()).add(row.outcome_id)
        earned[of] = earned.get(of, _NONE) + counts
        transferred[of] = transferred.get(of, _NONE) + (_NONE if row.host_module_id is None else counts)
    for (person_id, module_id), outcomes in granted.items():
        module = modules[module_id]
        present = {outcome_id for outcome_id, _words in module.outcomes}
        found[person_id][module.provider_slug, module.external_id] = Recognised(
            earned[person_id, module_id], bool(present) and present <= outcomes, transferred[person_id, module_id],
        )
    return found


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
