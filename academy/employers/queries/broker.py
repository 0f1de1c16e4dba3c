"""What the programme office sees at its desk: whom to call and why, what was said before, and how long demand waits. Nobody else comes here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.facts import DemandFacts, PledgeFacts, PoolFacts
from academy.employers.kinds import (
    OPEN_DEMANDS,
    OPEN_POOLS,
    CallOutcome,
    DemandState,
    PledgeState,
    PoolState,
)
from academy.employers.models import CallNote, Demand, Pledge, Pool, PoolStep
from academy.employers.policy import may_broker
from academy.employers.queries.demands import facts_of as demand_facts
from academy.employers.queries.pools import facts_of as pool_facts
from academy.employers.queries.pools import pledge_facts
from academy.employers.queries.provider_pools import pledges_of_pools
from academy.employers.rules import calling
from academy.employers.rules.calling import Call, DemandToCall, PledgeToCall, PoolToCall, Why
from academy.employers.rules.pooling import Standing
from academy.enrolment.api import working_time
from academy.kernel.clock import end_of_day
from academy.kernel.errors import NotFound
from academy.kernel.formats import in_current_language

SHOWN: Final = 50  # lines of a page: so many people are looked at
COUNTED: Final = timedelta(days=365)
_PLANNERS: Final = (Role.OWNER, Role.PLANNER)


@dataclass(frozen=True)
class Contact:
    """Somebody to call. `person_id` is None for the general address of a provider; a phone number is there only where one is public."""

    person_id: UUID | None
    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True)
class NoteFacts:
    """What came of a call. `by` is the name of who called, "" once erased."""

    outcome: CallOutcome
    text: str
    at: datetime
    by: str


@dataclass(frozen=True)
class CallLine:
    """Whom to call, with all that can be said; of a provider `pledge` and `demand` are None, of a demand `pool` and `standing` are."""

    call: Call
    pool: PoolFacts | None
    standing: Standing | None
    pledge: PledgeFacts | None
    demand: DemandFacts | None
    title: str
    firm: str
    contacts: tuple[Contact, ...]
    is_lead: bool
    notes: tuple[NoteFacts, ...]  # the newest first
    provider_id: UUID | None = None

    @property
    def people(self) -> set[UUID]:
        """The people whose names and addresses stand in this line."""
        return {one.person_id for one in self.contacts if one.person_id is not None}


@dataclass(frozen=True)
class LeadTimes:
    """How long things took in working time, over the last year: from a demand to its first answer, and to a class."""

    answers: tuple[timedelta, ...]
    classes: tuple[timedelta, ...]


@dataclass(frozen=True)
class Desk:
    """A page of the list, and how many there are of each kind; leads are a list of their own."""

    lines: tuple[CallLine, ...]
    counts: Mapping[Why, int]
    number: int
    times: LeadTimes
    undecided: tuple[PoolFacts, ...]  # pools that are short, and of which nobody chose yet what becomes of them


@dataclass(frozen=True)
class _UnderWay:
    """All pools that are under way with their pledges, and the demand that waits too long."""

    pools: Mapping[UUID, PoolFacts]
    pledges: Mapping[UUID, Sequence[PledgeFacts]]
    demands: Mapping[UUID, DemandFacts]

    def to_call(self) -> list[PoolToCall]:
        return [_to_call(one, self.pledges.get(one.id, ())) for one in self.pools.values()]


def office_of(session: Session, actor: Actor) -> UUID:
    """Return the programme office for which the actor helps demand along. Raises NotFound for anybody else."""
    memberships = accounts.memberships_of(session, actor.person_id)
    if not may_broker(memberships):
        raise NotFound
    return next(one.organisation_id for one in memberships if one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE)


def desk(session: Session, actor: Actor, *, show: Why | None, soonest_first: bool = False, page: int = 1, most: int = SHOWN, now: datetime) -> Desk:
    """Return whom to call, for the programme office: all who are short or did not answer, one kind of them, or who leads a pool. Raises NotFound."""
    office_of(session, actor)
    there = _under_way(session, now)
    pools = there.to_call()
    calls = calling.call_list(pools, (DemandToCall(one.id, one.state, one.answer_by) for one in there.demands.values()), now)
    leads = calling.lead_calls(pools)
    counts = {why: sum(one.why is why for one in (*calls, *leads)) for why in Why}
    wanted = leads if show is Why.LEAD else [one for one in calls if show in {None, one.why}]
    wanted = list(reversed(wanted)) if soonest_first else list(wanted)
    undecided = tuple(one for one in there.pools.values() if one.told_short_at is not None)
    shown = wanted[(page - 1) * most : page * most]
    return Desk(tuple(_lines(session, shown, there, calling.leads(pools))), counts, len(wanted), lead_times(session, now=now), undecided)


def number_to_call(session: Session, *, now: datetime) -> int:
    """Return how many stand on the list of who is short or did not answer; the caller checks who asks. Five statements."""
    there = _under_way(session, now)
    return len(calling.call_list(there.to_call(), (DemandToCall(one.id, one.state, one.answer_by) for one in there.demands.values()), now))


def _under_way(session: Session, now: datetime) -> _UnderWay:
    pools = [pool_facts(row) for row in session.scalars(select(Pool).where(Pool.state.in_(OPEN_POOLS)).order_by(Pool.id))]
    late = select(Demand).where(Demand.state == DemandState.OPEN, Demand.answer_by <= now).order_by(Demand.id)
    demands = demand_facts(session, session.scalars(late).all())
    return _UnderWay({one.id: one for one in pools}, pledges_of_pools(session, [one.id for one in pools]), {one.id: one for one in demands})


def _to_call(pool: PoolFacts, pledges: Sequence[PledgeFacts]) -> PoolToCall:
    if pool.state is PoolState.PROVISIONAL:
        short = max(0, pool.threshold - sum(one.seats for one in pledges if one.state is PledgeState.CONFIRMED))
    else:
        short = queries.standing_of(pledges, pool.threshold, pool.price).short
    listed = tuple(PledgeToCall(one.id, one.party, one.state, one.seats) for one in pledges)
    return PoolToCall(
        pool.id, pool.state, short, pool.told_short_at is not None, end_of_day(pool.deadline), pool.accept_by, pool.confirm_by, listed,
    )


def _lines(session: Session, calls: Sequence[Call], there: _UnderWay, leads: Mapping[object, object]) -> Iterable[CallLine]:
    pledges = {one.id: one for listed in there.pledges.values() for one in listed}
    pools = [there.pools[one.pool] for one in calls if isinstance(one.pool, UUID)]
    cards = catalogue.module_cards(session, {one.module_id for one in pools if one.module_id is not None})
    named: list[PledgeFacts | DemandFacts] = [pledges[one.about] for one in calls if isinstance(one.about, UUID) and one.about in pledges]
    named += [there.demands[one.about] for one in calls if isinstance(one.about, UUID) and one.about in there.demands]
    firms = accounts.organisation_names(session, {one.organisation_id for one in named if one.organisation_id is not None})
    people = accounts.people(session, {one.person_id for one in named if one.person_id is not None})
    notes = _notes(session, [one.id for one in named], {card.provider_id for card in cards.values()})
    for call in calls:
        pool = there.pools[call.pool] if isinstance(call.pool, UUID) else None
        card = cards.get(pool.module_id) if pool is not None and pool.module_id is not None else None
        title = in_current_language(card.title) if card is not None else pool.title if pool is not None else ""
        standing = None if pool is None else queries.standing_of(there.pledges.get(pool.id, ()), pool.threshold, pool.price)
        about = pledges.get(call.about) if isinstance(call.about, UUID) else None
        demand = there.demands.get(call.about) if isinstance(call.about, UUID) else None
        who = about or demand
        if who is None:
            yield _with_provider(session, CallLine(call, pool, standing, None, None, title, "", (), is_lead=False, notes=()), card, notes)
            continue
        person = people.get(who.person_id) if who.person_id is not None else None
        contacts = () if person is None else (Contact(person.id, person.name, person.email),)
        firm = firms.get(who.organisation_id, "") if who.organisation_id is not None else ""
        yield CallLine(
            call, pool, standing, about, demand, title, firm, contacts, pool is not None and leads.get(pool.id) == call.about, tuple(notes.get(who.id, ())),
        )


def _with_provider(
    session: Session, line: CallLine, card: catalogue.ModuleCard | None, notes: Mapping[UUID, Sequence[NoteFacts]],
) -> CallLine:
    """Return a line with the provider that was asked: its planners, and its public address. A pool without a module has none."""
    if card is None:
        return line
    public = catalogue.provider_by_slug(session, card.provider_slug)
    planners = accounts.people_in_role(session, *_PLANNERS, organisation_id=card.provider_id)
    contacts = [Contact(one.id, one.name, one.email) for one in planners]
    if public.contact_email or public.contact_phone:
        contacts.append(Contact(None, public.name, public.contact_email, public.contact_phone))
    return replace(
        line, firm=card.provider_name, contacts=tuple(contacts), notes=tuple(notes.get(card.provider_id, ())), provider_id=card.provider_id,
    )


def _notes(session: Session, about: Collection[UUID], providers: Collection[UUID]) -> dict[UUID, list[NoteFacts]]:
    """Return the notes about pledges and demands, and about providers, by what they are about; the newest first."""
    wanted = or_(CallNote.pledge_id.in_(about), CallNote.demand_id.in_(about), CallNote.organisation_id.in_(providers))
    rows = session.scalars(select(CallNote).where(wanted).order_by(CallNote.id.desc())).all()
    callers = accounts.people(session, {row.by_id for row in rows if row.by_id is not None})
    found: dict[UUID, list[NoteFacts]] = {}
    for row in rows:
        key = row.pledge_id or row.demand_id or row.organisation_id
        by = callers.get(row.by_id) if row.by_id is not None else None
        if key is not None:
            found.setdefault(key, []).append(NoteFacts(row.outcome, row.text, row.at, by.name if by is not None else ""))
    return found


def line_of(session: Session, actor: Actor, kind: str, code: str, *, now: datetime) -> CallLine:
    """Return one to call: of a `pledge` or a `demand` by its code, or the provider by the code of the `pool` it was asked for.

    Raises NotFound for who may not, and for who withdrew or is done.
    """
    office_of(session, actor)
    call, there = _FINDERS.get(kind, _nobody)(session, code.upper(), now)
    return next(iter(_lines(session, [call], there, calling.leads(there.to_call()))))


def _nobody(_session: Session, _code: str, _now: datetime) -> tuple[Call, _UnderWay]:
    raise NotFound


def _of_pool(session: Session, pool: PoolFacts) -> _UnderWay:
    return _UnderWay({pool.id: pool}, pledges_of_pools(session, [pool.id]), {})


def _pledge_to_call(session: Session, code: str, now: datetime) -> tuple[Call, _UnderWay]:
    row = session.scalars(select(Pledge).where(Pledge.code == code)).one_or_none()
    if row is None:
        raise NotFound
    pledge = pledge_facts(row)
    there = _of_pool(session, queries.pool_by_id(session, pledge.pool_id))
    listed = (*calling.call_list(there.to_call(), (), now), *calling.lead_calls(there.to_call()))
    found = next((one for one in listed if one.about == pledge.id), None)
    if found is None:
        raise NotFound
    return found, there


def _provider_to_call(session: Session, code: str, _now: datetime) -> tuple[Call, _UnderWay]:
    pool = queries.pool_by_code(session, code)
    if pool.state is not PoolState.ASKED or pool.accept_by is None or pool.module_id is None:
        raise NotFound
    return Call(Why.PROVIDER, pool.id, pool.id, pool.accept_by), _of_pool(session, pool)


def _demand_to_call(session: Session, code: str, _now: datetime) -> tuple[Call, _UnderWay]:
    row = session.scalars(select(Demand).where(Demand.code == code, Demand.state.in_(OPEN_DEMANDS))).one_or_none()
    if row is None or row.answer_by is None:
        raise NotFound
    return Call(Why.DEMAND, row.id, None, row.answer_by), _UnderWay({}, {}, {row.id: demand_facts(session, [row])[0]})


_FINDERS: Final = {"pledge": _pledge_to_call, "pool": _provider_to_call, "demand": _demand_to_call}


def lead_times(session: Session, *, now: datetime) -> LeadTimes:
    """Return how long the demand of the last year waited for its first answer, and for a class, in working time."""
    answered = select(Demand.proven_at, Demand.answered_at).where(Demand.answered_at >= now - COUNTED, Demand.proven_at.is_not(None))
    met = select(Demand.proven_at, Demand.ended_at).where(Demand.state == DemandState.MET, Demand.ended_at >= now - COUNTED, Demand.proven_at.is_not(None))
    answers, classes = (
        tuple(working_time(since, until) for since, until in session.execute(each) if since is not None and until is not None) for each in (answered, met)
    )
    return LeadTimes(answers, classes)


@dataclass(frozen=True)
class StepFacts:
    """One change of a pool, and who brought it; "" is by itself, or erased."""

    at: datetime
    was: PoolState | None
    becomes: PoolState
    by: str
    note: str


@dataclass(frozen=True)
class PoolToBroker:
    """A pool with how it came to stand where it stands."""

    pool: PoolFacts
    standing: Standing
    title: str
    steps: tuple[StepFacts, ...]


def pool_to_broker(session: Session, actor: Actor, code: str) -> PoolToBroker:
    """Return a pool for the programme office. Raises NotFound for anybody else, PoolNotFound."""
    office_of(session, actor)
    pool = queries.pool_by_code(session, code)
    rows = session.scalars(select(PoolStep).where(PoolStep.pool_id == pool.id).order_by(PoolStep.id.desc())).all()
    names = accounts.people(session, {row.by_id for row in rows if row.by_id is not None})
    steps = tuple(
        StepFacts(row.at, row.from_state, row.to_state, names[row.by_id].name if row.by_id in names else "", row.note) for row in rows
    )
    standing = queries.standing_of(queries.pledges_of(session, pool.id), pool.threshold, pool.price)
    return PoolToBroker(pool, standing, titles_of(session, [pool])[pool.id], steps)


def titles_of(session: Session, pools: Collection[PoolFacts]) -> dict[UUID, str]:
    """Return what each of these pools is for, in the words of its module or of who began it."""
    cards = catalogue.module_cards(session, {one.module_id for one in pools if one.module_id is not None})
    return {
        one.id: in_current_language(cards[one.module_id].title) if one.module_id in cards else one.title for one in pools
    }
