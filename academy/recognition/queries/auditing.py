"""Whether what is kept beforehand is what follows from the decisions: counts of precedents, credits, totals and chances."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session, aliased

from academy.recognition.kinds import Judgement
from academy.recognition.models import (
    Credit,
    Decision,
    DecisionAnswer,
    OutcomeTally,
    OutcomeTallyPerson,
    PrecedentCount,
    PrecedentRow,
    RecognisedTotal,
)
from academy.recognition.rules.patterns import part_key

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class Differences:
    """What differs, by what identifies it; all empty when everything adds up."""

    counts: tuple[str, ...]  # provider, key, judgement, part of a row of precedent_count
    credits: tuple[str, ...]  # person, outcome: counts without a granting decision, or is granted without counting
    totals: tuple[str, ...]  # person, provider
    chances: tuple[str, ...]  # outcome, wording

    @property
    def any(self) -> bool:
        return bool(self.counts or self.credits or self.totals or self.chances)


def audit(session: Session) -> Differences:
    """Count everything again and compare: eight statements, and as long as there are decisions."""
    return Differences(_counts(session), _credits(session), _totals(session), _chances(session))


def _counts(session: Session) -> tuple[str, ...]:
    again: Counter[tuple[UUID, str, Judgement, str]] = Counter()
    group = (PrecedentRow.provider_id, PrecedentRow.key, PrecedentRow.judgement, PrecedentRow.part)
    for provider_id, key, judgement, part, number in session.execute(select(*group, func.count()).where(PrecedentRow.ended_at.is_(None)).group_by(*group)):
        again[provider_id, key, judgement, part_key(part)] += number
    kept = {(row.provider_id, row.key, row.judgement, row.part_key): row.number for row in session.scalars(select(PrecedentCount).where(PrecedentCount.number > 0))}
    return _differing(again, kept)


def _credits(session: Session) -> tuple[str, ...]:
    """An outcome counts for a person exactly when a decision that nothing replaces grants it, with its credits; fewer where its module had no more."""
    newer = aliased(Decision)
    granted = (
        select(Decision.person_id, DecisionAnswer.outcome_id).join(DecisionAnswer, DecisionAnswer.decision_id == Decision.id)
        .where(DecisionAnswer.judgement == Judgement.YES, ~select(newer.id).where(newer.replaces_id == Decision.id).exists()).distinct()
    )
    counting = select(Credit.person_id, Credit.outcome_id).where(Credit.ended_at.is_(None))
    again = dict.fromkeys(session.execute(granted), 1)
    kept = dict.fromkeys(session.execute(counting), 1)
    of_it = (DecisionAnswer.decision_id == Credit.decision_id) & (DecisionAnswer.outcome_id == Credit.outcome_id)
    first, said = aliased(Decision), aliased(DecisionAnswer)  # what goes on under another decision keeps the credits of the one that granted it first
    earned = select(said.outcome_id).join(first, first.id == said.decision_id).where(
        first.person_id == Credit.person_id, said.outcome_id == Credit.outcome_id, said.judgement == Judgement.YES,
        (said.ec == Credit.ec) | ((said.ec > Credit.ec) & (first.beyond > Decimal(0))),
    )
    other = select(Credit.person_id, Credit.outcome_id).join(DecisionAnswer, of_it, isouter=True).where(Credit.ended_at.is_(None))
    other = other.where(DecisionAnswer.judgement.is_distinct_from(Judgement.YES) | ~earned.exists())
    return tuple(sorted({*_differing(again, kept), *(f"{person_id} {outcome_id}" for person_id, outcome_id in session.execute(other))}))


def _totals(session: Session) -> tuple[str, ...]:
    """What counts for a person at a provider is the sum of their credits; less where the provider has a maximum or had one, and never more."""
    group = (Credit.person_id, Credit.provider_id)
    sums = session.execute(select(*group, func.sum(Credit.ec)).where(Credit.ended_at.is_(None)).group_by(*group))
    live = {(person_id, provider_id): ec for person_id, provider_id, ec in sums}
    beyond = select(Decision.person_id, Decision.provider_id).where(Decision.beyond > Decimal(0)).distinct()
    cut = {(person_id, provider_id) for person_id, provider_id in session.execute(beyond)}
    kept = {(row.person_id, row.provider_id): row.ec for row in session.scalars(select(RecognisedTotal).where(RecognisedTotal.ec > Decimal(0)))}
    return tuple(
        f"{person_id} {provider_id}" for person_id, provider_id in sorted({*live, *kept})
        if not _adds_up(live.get((person_id, provider_id), Decimal(0)), kept.get((person_id, provider_id), Decimal(0)), is_cut=(person_id, provider_id) in cut)
    )


def _adds_up(live: Decimal, kept: Decimal, *, is_cut: bool) -> bool:
    return kept <= live if is_cut else kept == live


def _chances(session: Session) -> tuple[str, ...]:
    group = (OutcomeTallyPerson.outcome_id, OutcomeTallyPerson.wording_digest)
    people = session.execute(select(*group, func.count(), func.sum(cast(OutcomeTallyPerson.is_granted, Integer))).group_by(*group))
    again = {(outcome_id, digest): (decided, granted) for outcome_id, digest, decided, granted in people}
    kept = {(row.outcome_id, row.wording_digest): (row.decided, row.granted) for row in session.scalars(select(OutcomeTally))}
    return _differing(again, kept)


def _differing(again: Mapping[_Key, object], kept: Mapping[_Key, object]) -> tuple[str, ...]:
    found = [key for key in {*again, *kept} if again.get(key) != kept.get(key)]
    return tuple(sorted(" ".join(str(each) for each in key) if isinstance(key, tuple) else str(key) for key in found))
