"""Modules that count as another one, whoever took them: by what exam boards published beforehand."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Uuid, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.recognition.kinds import DecisionGround, EvidenceKind
from academy.recognition.models import Equivalence, EquivalenceOutcome, Mapping, MappingOutcome
from academy.recognition.rules.patterns import source_key, wording_digest

_MODULES: Final = (EvidenceKind.MODULE_ELSEWHERE, EvidenceKind.MOOC)


@dataclass(frozen=True)
class CountsAs:
    """Who takes `module_id` gets all that `for_module_id` teaches; on a mapping after a test here, on an equivalence by showing it."""

    module_id: UUID
    for_module_id: UUID
    ground: DecisionGround


def modules_that_count_as(session: Session, module_ids: Collection[UUID], *, now: datetime) -> list[CountsAs]:
    """Return which modules count today as one of these, whole: every outcome of today is in it, in the words that the board read.

    One statement where nothing was published, four at most.
    """
    today = amsterdam_day(now)
    mapped = select(Mapping.id, Mapping.module_id, Mapping.mooc_module_id, MappingOutcome.outcome_id, MappingOutcome.wording_digest, literal("").label("source_key"),
                    literal("").label("source_code")).join(MappingOutcome, MappingOutcome.mapping_id == Mapping.id)
    equal = select(Equivalence.id, Equivalence.module_id, type_coerce(null(), Uuid), EquivalenceOutcome.outcome_id, EquivalenceOutcome.wording_digest,
                   Equivalence.source_key, Equivalence.source_code).join(EquivalenceOutcome, EquivalenceOutcome.equivalence_id == Equivalence.id)
    rows = session.execute(union_all(
        mapped.where(*_published(Mapping, module_ids, today)), equal.where(*_published(Equivalence, module_ids, today), Equivalence.kind.in_(_MODULES)),
    )).all()
    if not rows:
        return []
    wholes = catalogue.claimable_modules(session, {row.module_id for row in rows})
    granted: defaultdict[UUID, dict[UUID, str]] = defaultdict(dict)
    for row in rows:
        granted[row.id][row.outcome_id] = row.wording_digest
    whole = {row.id: row for row in rows if _is_whole(wholes[row.module_id], granted[row.id])}
    found = [CountsAs(row.mooc_module_id, row.module_id, DecisionGround.MAPPING) for row in whole.values() if row.mooc_module_id is not None]
    found += _named(session, [row for row in whole.values() if row.mooc_module_id is None])
    return sorted(found, key=lambda each: (each.for_module_id, each.module_id))


def _published(of: type[Mapping] | type[Equivalence], module_ids: Collection[UUID], today: date) -> tuple[ColumnElement[bool], ...]:
    return of.module_id.in_(module_ids), of.published_at.is_not(None), of.ended_at.is_(None), of.valid_from <= today, of.valid_until >= today


def _is_whole(module: catalogue.ClaimableModule, granted: dict[UUID, str]) -> bool:
    """Tell whether these outcomes, with the digest of what the board read, are all that the module has."""
    return bool(module.outcomes) and all(granted.get(outcome_id) == wording_digest(words.in_language("nl")) for outcome_id, words in module.outcomes)


def _named(session: Session, rows: Sequence[Row[Any]]) -> list[CountsAs]:
    """Return the modules here that equivalences are about, by the name of who gives them and their code."""
    if not rows:
        return []
    by_key: dict[str, dict[UUID, None]] = {}
    for module_id, code, names in catalogue.modules_with_codes(session, {row.source_code for row in rows}):
        for kind in _MODULES:
            for name in names:
                by_key.setdefault(source_key(kind, name, code), {})[module_id] = None
    return [
        CountsAs(module_id, row.module_id, DecisionGround.EQUIVALENCE)
        for row in rows for module_id in by_key.get(row.source_key, ()) if module_id != row.module_id
    ]
