"""What the programme office reads of recognition: numbers and clocks of each provider, never a file. Who shows them hides those of fewer than ten people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import NotFound
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.kernel.text import Localized
from academy.kernel.working_days import is_working_day
from academy.recognition.kinds import DecisionGround, DecisionState, FileState, Route, Who
from academy.recognition.models import Decision, DecisionAnswer, FileStep, RecognitionFile
from academy.recognition.policy import is_of_office
from academy.recognition.queries.credits import refused_outcomes
from academy.recognition.rules.clocks import CLOCKS, due, is_over

_YEAR: Final = timedelta(days=365)
_DAY: Final = timedelta(days=1)
_F: Final = FileState


class Phase(StrEnum):
    """Where files are, in four."""

    PREPARING = "preparing"
    ASSESSING = "assessing"
    REPORTED = "reported"
    DECIDING = "deciding"


_PHASES: Final = {
    Phase.PREPARING: (_F.DRAFT, _F.INTAKE_PLANNED, _F.INTAKE_DONE, _F.PORTFOLIO_OPEN, _F.PORTFOLIO_INCOMPLETE),
    Phase.ASSESSING: (_F.PORTFOLIO_SUBMITTED, _F.ASSESSMENT_PLANNED, _F.ASSESSED, _F.SECOND_PLANNED, _F.SECOND_DONE),
    Phase.REPORTED: (_F.REPORT_ISSUED,),
    Phase.DECIDING: (_F.EXEMPTION_REQUESTED, _F.APPEALED),
}


@dataclass(frozen=True)
class Late:
    """How many people wait for one part, for longer than its clock allows; `until` is when the first of them should have gone on."""

    who: Who
    people: int
    until: datetime


@dataclass
class ProviderNumbers:
    """The numbers of one provider: people by phase, and by what was decided first in a year; `days` are working days, None where too few were decided.

    `missing` are the parts that nobody has there while somebody waits for them.
    """

    name: str
    phases: dict[Phase, int] = field(default_factory=dict)
    decided: dict[DecisionState, int] = field(default_factory=dict)
    days: float | None = None
    late: tuple[Late, ...] = ()
    missing: tuple[Who, ...] = ()


@dataclass(frozen=True)
class Refused:
    """An outcome that at least ten people did not get, or got a part of: so many look for a way to learn it."""

    module: Localized
    module_slug: str
    provider: str
    wording: Localized
    people: int


@dataclass(frozen=True)
class Numbers:
    """All of it, providers by name."""

    providers: tuple[ProviderNumbers, ...]
    refused: tuple[Refused, ...]


def numbers(session: Session, actor: Actor, *, now: datetime) -> Numbers:
    """Return the numbers of every provider where something is asked or was decided in a year. Raises NotFound to whoever is not of the programme office.

    Eight statements, and one for each part that somebody waits for at a provider.
    """
    if not is_of_office(accounts.memberships_of(session, actor.person_id)):
        raise NotFound
    since = now - _YEAR
    phases, decided, days = _phases(session), _decided(session, since), _days(session, since)
    waiting = _waiting(session, now)
    found = {provider_id: ProviderNumbers("") for provider_id in {*phases, *decided, *waiting}}
    for provider_id, name in accounts.organisation_names(session, found).items():
        one = found[provider_id]
        one.name, one.phases, one.decided = name, phases.get(provider_id, {}), decided.get(provider_id, {})
        one.days = days.get(provider_id)
        one.late, one.missing = _late(waiting.get(provider_id, ()), now), _missing(session, provider_id, waiting.get(provider_id, ()))
    return Numbers(tuple(sorted(found.values(), key=lambda each: each.name.casefold())), _refused(session, since))


def _phases(session: Session) -> dict[UUID, dict[Phase, int]]:
    phase = case(*((RecognitionFile.state.in_(states), each.value) for each, states in _PHASES.items()))
    live = RecognitionFile.state.in_([state for states in _PHASES.values() for state in states])
    has_ended = (RecognitionFile.state == _F.REPORT_ISSUED) & (RecognitionFile.route == Route.LABOUR_MARKET)
    rows = session.execute(
        select(RecognitionFile.provider_id, phase, func.count(RecognitionFile.person_id.distinct())).where(live, ~has_ended).group_by(RecognitionFile.provider_id, phase),
    )
    found: dict[UUID, dict[Phase, int]] = {}
    for provider_id, name, people in rows:
        found.setdefault(provider_id, {})[Phase(name)] = people
    return found


def _decided(session: Session, since: datetime) -> dict[UUID, dict[DecisionState, int]]:
    """Return of how many people was decided first: a later decision on the same file is not another."""
    rows = session.execute(
        select(Decision.provider_id, Decision.state, func.count(Decision.person_id.distinct()))
        .where(Decision.decided_at >= since, Decision.replaces_id.is_(None)).group_by(Decision.provider_id, Decision.state),
    )
    found: dict[UUID, dict[DecisionState, int]] = {}
    for provider_id, state, people in rows:
        found.setdefault(provider_id, {})[state] = people
    return found


def _days(session: Session, since: datetime) -> dict[UUID, float]:
    """Return the median of working days from sending to decision, where at least ten people were decided on in a file."""
    sent = select(FileStep.file_id, func.min(FileStep.at).label("at")).where(FileStep.to_state == _F.PORTFOLIO_SUBMITTED).group_by(FileStep.file_id).subquery()
    rows = session.execute(
        select(Decision.provider_id, Decision.person_id, sent.c.at, Decision.decided_at).join(sent, sent.c.file_id == Decision.file_id)
        .where(Decision.decided_at >= since, Decision.replaces_id.is_(None), Decision.ground.in_((DecisionGround.FILE, DecisionGround.PATTERN))),
    )
    days: dict[UUID, list[int]] = {}
    people: dict[UUID, set[UUID]] = {}
    for provider_id, person_id, sent_at, decided_at in rows:
        days.setdefault(provider_id, []).append(_working_days(amsterdam_day(sent_at), amsterdam_day(decided_at)))
        people.setdefault(provider_id, set()).add(person_id)
    return {provider_id: median(found) for provider_id, found in days.items() if len(people[provider_id]) >= LEAST_PEOPLE}


def _working_days(first: date, last: date) -> int:
    """Return how many working days lie after the first day, the last one included."""
    return sum(is_working_day(first + number * _DAY) for number in range(1, (last - first).days + 1))


def _waiting(session: Session, now: datetime) -> dict[UUID, list[tuple[Who, UUID, datetime]]]:
    """Return who waits for a part at each provider, and until when that should have been done."""
    rows = session.execute(
        select(RecognitionFile.provider_id, RecognitionFile.state, RecognitionFile.person_id, RecognitionFile.since)
        .where(RecognitionFile.state.in_(CLOCKS), RecognitionFile.since <= now),
    )
    found: dict[UUID, list[tuple[Who, UUID, datetime]]] = {}
    for provider_id, state, person_id, since in rows:
        found.setdefault(provider_id, []).append((CLOCKS[state].who, person_id, due(state, since) or now))
    return found


def _late(waiting: Sequence[tuple[Who, UUID, datetime]], now: datetime) -> tuple[Late, ...]:
    late = [each for each in waiting if is_over(each[2], now)]
    return tuple(
        Late(who, len({person_id for each, person_id, _until in late if each is who}), min(until for each, _person, until in late if each is who))
        for who in Who if any(each is who for each, _person, _until in late)
    )


def _missing(session: Session, provider_id: UUID, waiting: Sequence[tuple[Who, UUID, datetime]]) -> tuple[Who, ...]:
    """Return the parts that somebody waits for and nobody has; a guide is an assessor too."""
    wanted = {Who.ASSESSOR if who is Who.GUIDE else who for who, _person, _until in waiting}
    roles = {Who.ASSESSOR: Role.ASSESSOR, Who.EXAM_BOARD: Role.EXAM_BOARD}
    return tuple(who for who, role in roles.items() if who in wanted and not accounts.people_in_role(session, role, organisation_id=provider_id))


def _refused(session: Session, since: datetime) -> tuple[Refused, ...]:
    people = {outcome_id: number for outcome_id, number in refused_outcomes(session, since=since).items() if number >= LEAST_PEOPLE}
    if not people:
        return ()
    rows = session.execute(
        select(DecisionAnswer.outcome_id, Decision.module_id, DecisionAnswer.wording).join(Decision, Decision.id == DecisionAnswer.decision_id)
        .where(DecisionAnswer.outcome_id.in_(people), Decision.decided_at >= since).order_by(Decision.decided_at, Decision.id),
    )
    newest = {outcome_id: (module_id, wording) for outcome_id, module_id, wording in rows}
    modules = catalogue.claimable_modules(session, {module_id for module_id, _wording in newest.values()})
    found = [
        Refused(modules[module_id].title, modules[module_id].slug if modules[module_id].is_public else "", modules[module_id].provider_name, wording, people[outcome_id])
        for outcome_id, (module_id, wording) in newest.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.people, each.wording.nl or each.wording.en)))
