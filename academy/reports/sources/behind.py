"""The rows behind a gap, as far as the programme office can act on them: modules, groups, firms' demands, words, what was refused or blocked, and classes.

Firms and groups are named, as the call list and the pages of groups name them. Of people there are only numbers: exact ones, which `queries.drilling` hides before anybody sees them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from academy.accounts.models import Organisation
from academy.catalogue.models import (
    DeliveryMode,
    LearningOutcome,
    Module,
    Offering,
    OfferingState,
    OutcomeSkill,
    Place,
    Provider,
    PublicationState,
)
from academy.employers.kinds import OPEN_DEMANDS, OPEN_POOLS, DemandState, Party, PoolState
from academy.employers.models import Demand, DemandSkill, Pool
from academy.enrolment.kinds import PoolKind
from academy.enrolment.models import SeatPool
from academy.kernel.clock import amsterdam_day, begin_of_day, end_of_day
from academy.kernel.text import Localized
from academy.pathways.models import Pathway, RouteBlocker
from academy.recognition.kinds import Judgement
from academy.recognition.models import Decision, DecisionAnswer
from academy.reports.kinds import EVERY, UNKNOWN
from academy.reports.rules.subjects import module_in
from academy.reports.sources.areas import area_of
from academy.reports.sources.asking import is_alone
from academy.reports.sources.searches import IN_VAIN
from academy.search.api import ENOUGH_TIMES
from academy.search.models import SearchEvent
from academy.skills.models import SkillLabel

MOST: Final = 50  # rows of a kind: who wants more chooses a smaller view


@dataclass(frozen=True)
class ModuleBehind:
    """A module that trains the skill."""

    id: UUID
    slug: str
    title: Localized
    provider_name: str
    is_public: bool


@dataclass(frozen=True)
class PoolBehind:
    """A group that gathers."""

    code: str
    title: str
    state: PoolState
    area: str
    deadline: date


@dataclass(frozen=True)
class DemandBehind:
    """What a firm or school asks; `code` leads to the call list as long as it is open."""

    code: str
    firm: str
    people: int
    area: str
    on: date
    state: DemandState


@dataclass(frozen=True)
class ClassBehind:
    """A class that is planned or runs."""

    module_title: Localized
    module_slug: str
    provider_name: str
    starts_on: date
    place: str
    is_online: bool
    seats: int
    free: int


def modules_behind(session: Session, subject: str) -> tuple[ModuleBehind, ...]:
    """Return the modules that train a skill, or the one that a gap is; public ones first. One statement."""
    module_id = module_in(subject)
    if module_id is not None:
        chosen: ColumnElement[bool] = Module.id == module_id
    else:
        trains = select(LearningOutcome.module_id).join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        chosen = Module.id.in_(trains.where(OutcomeSkill.skill_uri == subject, LearningOutcome.left_in_version.is_(None)))
    rows = session.execute(
        select(Module.id, Module.slug, Module.title, Provider.name, Module.state).join(Provider, Provider.id == Module.provider_id).where(chosen),
    )
    found = [ModuleBehind(module_id, slug, title, name, state is PublicationState.PUBLISHED) for module_id, slug, title, name, state in rows]
    return tuple(sorted(found, key=lambda each: (not each.is_public, each.provider_name.casefold(), each.slug)))


def pools_behind(session: Session, subject: str, module_ids: Collection[UUID], *, area: str) -> tuple[PoolBehind, ...]:
    """Return the groups under way for a skill, the first to end first. One statement."""
    named = cast(Pool.skills, String).contains(f'"{subject}"', autoescape=True)
    rows = session.execute(
        select(Pool.code, Pool.title, Pool.state, Pool.area, Pool.deadline)
        .where(Pool.state.in_(OPEN_POOLS), or_(Pool.module_id.in_(module_ids), Pool.module_id.is_(None) & named), true() if area == EVERY else Pool.area == area)
        .order_by(Pool.deadline, Pool.code).limit(MOST),
    )
    return tuple(PoolBehind(*row) for row in rows)


def demands_behind(
    session: Session, subject: str, *, area: str, sectors: Collection[str] | None, from_on: date, until_on: date,
) -> tuple[DemandBehind, ...]:
    """Return what firms and schools asked and what stood between two days, the newest first; a firm of one person, or of unknown size that asks for one, is a person, and is not among them. One statement."""
    there = true() if area == EVERY else Demand.postcode == UNKNOWN if area == UNKNOWN else Demand.postcode.startswith(area)
    rows = session.execute(
        select(Demand.code, Organisation.name, Demand.people, Demand.postcode, Demand.proven_at, Demand.state)
        .join(DemandSkill, DemandSkill.demand_id == Demand.id).join(Organisation, Organisation.id == Demand.organisation_id)
        .where(
            DemandSkill.skill_uri == subject, Demand.party != Party.CITIZEN, ~is_alone(Demand.people),
            Demand.state.not_in((DemandState.UNPROVEN, DemandState.WITHDRAWN)), Demand.proven_at < end_of_day(until_on),
            or_(Demand.ended_at.is_(None), Demand.ended_at >= begin_of_day(from_on)), there,
            true() if sectors is None else Organisation.sector.in_(sectors),
        )
        .order_by(Demand.proven_at.desc(), Demand.code).limit(MOST),
    )
    return tuple(
        DemandBehind(code if state in OPEN_DEMANDS else "", firm, people, area_of(postcode), amsterdam_day(at), state) for code, firm, people, postcode, at, state in rows if at is not None
    )


def words_behind(session: Session, subject: str, *, from_on: date, until_on: date) -> tuple[tuple[str, int], ...]:
    """Return with which words it was sought in vain, and how often: those asked often enough, on more than one day. One statement."""
    called = select(SkillLabel.folded).where(SkillLabel.skill_uri == subject)
    times = func.count()
    rows = session.execute(
        select(SearchEvent.terms, times)
        .where(
            SearchEvent.terms.in_(called), SearchEvent.day.between(from_on, until_on), IN_VAIN,
        )
        .group_by(SearchEvent.terms).having(times >= ENOUGH_TIMES, func.max(SearchEvent.day) > func.min(SearchEvent.day))
        .order_by(times.desc(), SearchEvent.terms).limit(MOST),
    )
    return tuple((terms, number) for terms, number in rows)


def refused_behind(session: Session, subject: str, *, from_on: date, until_on: date) -> dict[tuple[Localized, str], int]:
    """Return of how many people an exam board did not recognise an outcome that asks for the skill, by (outcome, provider). One statement."""
    later = aliased(Decision)
    rows = session.execute(
        select(LearningOutcome.text, Provider.name, func.count(Decision.person_id.distinct()))
        .join(DecisionAnswer, DecisionAnswer.outcome_id == LearningOutcome.id).join(Decision, Decision.id == DecisionAnswer.decision_id)
        .join(Provider, Provider.id == Decision.provider_id).join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        .outerjoin(later, later.replaces_id == Decision.id)
        .where(
            OutcomeSkill.skill_uri == subject, DecisionAnswer.judgement != Judgement.YES, later.id.is_(None),
            Decision.decided_at >= begin_of_day(from_on), Decision.decided_at < end_of_day(until_on),
        )
        .group_by(LearningOutcome.id, Provider.id).order_by(LearningOutcome.id, Provider.id),
    )
    return {(text, name): number for text, name, number in rows}


def blocked_behind(session: Session, subject: str, modules: Collection[ModuleBehind], *, from_on: date, until_on: date) -> dict[str, int]:
    """Return of how many people a route is blocked, by what is missing: the skill or the id of a module in hex. One statement."""
    missing = [subject, *(each.id.hex for each in modules)]
    rows = session.execute(
        select(RouteBlocker.subject, func.count(func.coalesce(Pathway.person_id, RouteBlocker.pathway_id, RouteBlocker.id).distinct()).label("people"))
        .outerjoin(Pathway, Pathway.id == RouteBlocker.pathway_id)
        .where(
            RouteBlocker.subject.in_(missing), RouteBlocker.found_at >= begin_of_day(from_on), RouteBlocker.found_at < end_of_day(until_on), RouteBlocker.ended_at.is_(None),
        )
        .group_by(RouteBlocker.subject).order_by(RouteBlocker.subject),
    )
    return {row.subject: row.people for row in rows}


def classes_behind(session: Session, module_ids: Collection[UUID], *, from_on: date, until_on: date) -> tuple[ClassBehind, ...]:
    """Return the classes of these modules that begin between two days, the first first; free are the seats that nobody has and everybody may take. One statement."""
    rows = session.execute(
        select(Module.title, Module.slug, Provider.name, Offering.starts_on, func.coalesce(Place.city, ""), Offering.mode, Offering.seats,
               func.coalesce(SeatPool.capacity - SeatPool.taken, Offering.seats))
        .join(Offering, Offering.module_id == Module.id).join(Provider, Provider.id == Module.provider_id).outerjoin(Place, Place.id == Offering.place_id)
        .outerjoin(SeatPool, (SeatPool.offering_id == Offering.id) & (SeatPool.kind == PoolKind.PUBLIC))
        .where(
            Module.id.in_(module_ids), Module.state == PublicationState.PUBLISHED, Offering.state == OfferingState.ACTIVE, Offering.starts_on.between(from_on, until_on),
        )
        .order_by(Offering.starts_on, Offering.id).limit(MOST),
    )
    return tuple(
        ClassBehind(title, slug, name, starts, city, mode is DeliveryMode.ONLINE, seats, free) for title, slug, name, starts, city, mode, seats, free in rows
    )
