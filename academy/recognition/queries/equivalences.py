"""Equivalences: published and dated, for everybody to read; loading one and checking who asks, in one go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.text import fold
from academy.recognition.errors.evidence import EvidenceNotFound
from academy.recognition.errors.patterns import EquivalenceNotFound
from academy.recognition.facts import EvidenceFacts
from academy.recognition.kinds import DecisionGround, EvidenceKind
from academy.recognition.models import Decision, Equivalence, EquivalenceOutcome, Evidence
from academy.recognition.queries.files import Desk
from academy.recognition.queries.library import Seen
from academy.recognition.queries.mappings import board_at
from academy.recognition.queries.outcomes import ModuleToClaim, OutcomeNow, module_to_claim, modules_to_claim
from academy.recognition.queries.portfolio import evidence_facts
from academy.recognition.rules.patterns import source_key, wording_digest

MOST_LISTED: Final = 2_000
_NONE: Final = Decimal(0)


@dataclass(frozen=True)
class EquivalenceFacts:
    """An equivalence as it stands; it counts on the days from `valid_from` to `valid_until` when it is published and not ended."""

    id: UUID
    code: str
    provider_id: UUID
    module_id: UUID
    kind: EvidenceKind
    title: str
    source: str
    source_code: str
    source_key: str
    reason: str
    valid_from: date
    valid_until: date
    drafted_at: datetime
    published_at: datetime | None
    published_by: UUID
    second_by: UUID | None
    ended_at: datetime | None
    outcomes: tuple[tuple[UUID, str], ...]  # (id, digest of the words that the board read)

    @property
    def signers(self) -> frozenset[UUID]:
        return frozenset(each for each in (self.published_by, self.second_by) if each is not None)

    def counts_on(self, day: date) -> bool:
        """Tell whether it can be used on a day."""
        return self.published_at is not None and self.ended_at is None and self.valid_from <= day <= self.valid_until


@dataclass(frozen=True)
class EquivalenceInFull:
    """An equivalence with its module as it is today, and those of its outcomes that still say what the board read."""

    facts: EquivalenceFacts
    module: ModuleToClaim
    outcomes: tuple[OutcomeNow, ...]

    @property
    def ec(self) -> Decimal:
        """What it earns, in EC: the sum of its outcomes, typed by nobody."""
        return sum((each.worth for each in self.outcomes), _NONE)

    @property
    def is_reworded(self) -> bool:
        """Whether an outcome says something else than the board read, or is gone: then it waits until the board looks again."""
        return len(self.outcomes) < len(self.facts.outcomes)


@dataclass(frozen=True)
class UseFacts:
    """A decision on an equivalence; `is_replaced` when another took its place."""

    number: str
    person_id: UUID
    decided_at: datetime
    ec: Decimal
    is_replaced: bool


def published(session: Session, *, words: str = "", now: datetime) -> list[EquivalenceInFull]:
    """Return what is or was public and has `words` in its title, source, code, module or provider: those that count first, then the newest.

    Five statements; of more than two thousand the newest.
    """
    found = in_full(session, _where(session, Equivalence.published_at.is_not(None)))
    today, asked = amsterdam_day(now), fold(words).split()
    fitting = [each for each in found if all(word in _text(each) for word in asked)]
    return sorted(fitting, key=lambda each: not each.facts.counts_on(today))


def of_board(session: Session, desk: Desk) -> list[EquivalenceInFull]:
    """Return all equivalences of a provider, the newest first: five statements."""
    return in_full(session, _where(session, Equivalence.provider_id == desk.provider_id))


def that_fit(session: Session, evidence: EvidenceFacts, *, now: datetime) -> list[EquivalenceInFull]:
    """Return the equivalences that are about this piece of evidence and count today, also those whose outcomes were reworded."""
    today = amsterdam_day(now)
    key = source_key(evidence.kind, evidence.source, evidence.code)
    found = _where(session, Equivalence.source_key == key, Equivalence.kind == evidence.kind)
    return in_full(session, [each for each in found if each.counts_on(today)])


def that_count_for(session: Session, module_ids: Collection[UUID], *, now: datetime) -> list[EquivalenceInFull]:
    """Return what can be used today for one of these modules: five statements, two for nothing."""
    today = amsterdam_day(now)
    found = _where(
        session, Equivalence.module_id.in_(module_ids), Equivalence.published_at.is_not(None), Equivalence.ended_at.is_(None), Equivalence.valid_from <= today,
        Equivalence.valid_until >= today,
    )
    return [each for each in in_full(session, found) if each.outcomes]


def equivalence_with_code(session: Session, code: str) -> EquivalenceFacts:
    """Return an equivalence that is or was public. Raises EquivalenceNotFound."""
    return _only(_where(session, Equivalence.code == code.upper(), Equivalence.published_at.is_not(None)))


def equivalence_at(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, EquivalenceFacts]:
    """Return an equivalence to a member of the exam board that it is of. Raises EquivalenceNotFound, ProviderNotFound."""
    desk = board_at(session, actor, provider_slug)
    return desk, _only(_where(session, Equivalence.code == code.upper(), Equivalence.provider_id == desk.provider_id))


def uses_of(session: Session, equivalence_id: UUID) -> list[UseFacts]:
    """Return the decisions that rest on an equivalence, the newest first."""
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    wanted = select(Decision, Decision.id.in_(replaced)).where(Decision.ground == DecisionGround.EQUIVALENCE, Decision.ground_id == equivalence_id, Decision.replaces_id.is_(None))
    rows = session.execute(wanted.order_by(Decision.id.desc()).limit(MOST_LISTED))
    return [UseFacts(row.number, row.person_id, row.decided_at, row.counts + row.beyond, bool(is_replaced)) for row, is_replaced in rows]


def paper_of_use(session: Session, desk: Desk, equivalence: EquivalenceFacts, number: str) -> Seen:
    """Return the paper that somebody used, to the board: as long as the decision stands and they keep it. Raises EvidenceNotFound."""
    wanted = select(Decision.person_id).where(
        Decision.number == number.upper(), Decision.provider_id == desk.provider_id, Decision.ground == DecisionGround.EQUIVALENCE,
        Decision.ground_id == equivalence.id, Decision.replaces_id.is_(None), Decision.id.not_in(select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))),
    )
    owner = session.scalars(wanted).one_or_none()
    theirs = select(Evidence).where(Evidence.person_id == owner, Evidence.kind == equivalence.kind).order_by(Evidence.stored_name == "", Evidence.id)
    for row in session.scalars(theirs) if owner is not None else ():
        if source_key(row.kind, row.source, row.code) == equivalence.source_key:
            return Seen(evidence_facts(row), desk.provider_id)
    raise EvidenceNotFound


def modules_to_publish(session: Session, desk: Desk) -> list[ModuleToClaim]:
    """Return the public modules of a provider by title: four statements."""
    found = modules_to_claim(session, catalogue.published_module_ids(session, provider_id=desk.provider_id))
    return sorted(found.values(), key=lambda each: (fold(each.title.in_language("nl")), each.id))


def module_to_publish(session: Session, desk: Desk, slug: str) -> ModuleToClaim:
    """Return a public module of a provider. Raises ModuleNotFound, NotRecognisable for one without outcomes."""
    found = module_to_claim(session, slug)
    if found.provider_id != desk.provider_id:
        raise catalogue.ModuleNotFound
    return found


def in_full(session: Session, found: Sequence[EquivalenceFacts]) -> list[EquivalenceInFull]:
    """Return equivalences with their modules: three statements, none for none."""
    modules = modules_to_claim(session, {each.module_id for each in found}) if found else {}
    return [EquivalenceInFull(each, modules[each.module_id], _as_read(each, modules[each.module_id])) for each in found]


def _as_read(facts: EquivalenceFacts, module: ModuleToClaim) -> tuple[OutcomeNow, ...]:
    read = dict(facts.outcomes)
    return tuple(each for each in module.outcomes if read.get(each.id) == wording_digest(each.wording.in_language("nl")))


def _where(session: Session, *conditions: ColumnElement[bool]) -> list[EquivalenceFacts]:
    wanted = select(Equivalence).where(*conditions).order_by(Equivalence.id.desc()).limit(MOST_LISTED)
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    outcomes: dict[UUID, list[tuple[UUID, str]]] = {}
    if rows:
        within = select(Equivalence.id).where(*conditions).order_by(Equivalence.id.desc()).limit(MOST_LISTED)
        said = select(EquivalenceOutcome.equivalence_id, EquivalenceOutcome.outcome_id, EquivalenceOutcome.wording_digest)
        for equivalence_id, outcome_id, digest in session.execute(said.where(EquivalenceOutcome.equivalence_id.in_(within))):
            outcomes.setdefault(equivalence_id, []).append((outcome_id, digest))
    return [
        EquivalenceFacts(
            row.id, row.code, row.provider_id, row.module_id, row.kind, row.title, row.source, row.source_code, row.source_key, row.reason, row.valid_from,
            row.valid_until, row.drafted_at, row.published_at, row.published_by, row.second_by, row.ended_at, tuple(outcomes.get(row.id, ())),
        )
        for row in rows
    ]


def _text(each: EquivalenceInFull) -> str:
    facts, module = each.facts, each.module
    return fold(f"{facts.title} {facts.source} {facts.source_code} {module.title.nl} {module.title.en} {module.code} {module.provider_name}")


def _only(found: Collection[EquivalenceFacts]) -> EquivalenceFacts:
    if not found:
        raise EquivalenceNotFound
    return next(iter(found))
