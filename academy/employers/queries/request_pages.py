"""Reads for the pages of who asks for a tailored module: of what a request can be made, a request with all that stands around it, and lists of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.errors import DemandGone, DemandNotFound, PoolClosed, PoolNotFound
from academy.employers.errors.requests import RequestNotFound
from academy.employers.facts import DemandFacts, PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, OPEN_DEMANDS, InviteState, PoolState, RequestState
from academy.employers.models import RequestInvite, RequestQuestion, TailoredRequest
from academy.employers.policy import rights_at
from academy.employers.queries import requests
from academy.employers.queries.broker import office_of, titles_of
from academy.employers.queries.guests import Firm
from academy.employers.queries.proposals import place_names
from academy.employers.queries.requests import Compared, RequestFacts, RequestSeen
from academy.employers.rules.requesting import is_choosing_open
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import NotFound
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.payments import api as payments

MOST_LISTED: Final = 200
_TO_ASK: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED)


@dataclass(frozen=True)
class Source:
    """Of what a request can be made. `price` is what a seat may cost, `request` the code of the one that counts already, `firm` "" for a pool.

    `acts`: the reader acts for that firm, or one that takes part; `is_theirs`: they may read that request.
    """

    kind: str
    code: str
    words: str
    people: int
    slots: tuple[str, ...]
    skills: tuple[str, ...]
    area: str | None
    wanted_by: date | None
    price: Money | None
    firm: str
    request: str
    is_theirs: bool
    acts: bool


@dataclass(frozen=True)
class Moments:
    """When it was asked (of the demand, or the beginning of the pool), when the first proposal came, and when the request ended."""

    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class RequestInFull:
    """A request with what stands around it. `acts`: the reader acts for the firm that asks; `names` are of providers, `places` by key."""

    seen: RequestSeen
    moments: Moments
    names: dict[UUID, str]
    places: dict[str, Localized]
    firm: accounts.OrganisationFacts
    acts: bool
    source: tuple[str, str]  # demand or pool, and its code; ("", "") when it is erased
    offering: catalogue.OfferingOfModule | None

    @property
    def may_decide(self) -> bool:
        """Tell whether the reader may choose: where a firm pays for it, only who acts for that firm."""
        return self.acts or self.seen.request.is_of_pool


@dataclass(frozen=True)
class Choice:
    """A proposal to choose, with what the firm can pay it from. `budgets` have enough in them; `asks_billing`: nobody said yet where an invoice goes."""

    full: RequestInFull
    compared: Compared
    money: funding.FirmMoney
    asks_billing: bool


@dataclass(frozen=True)
class RequestLine:
    """A request in a list: who asks, how many were invited, answered and proposed, and how many questions wait for an answer."""

    request: RequestFacts
    owner: str
    moments: Moments
    invited: int
    proposed: int
    questions: int
    may_choose: bool


def source_of(session: Session, actor: Actor, kind: str, code: str) -> Source:
    """Return of what somebody would make a request: a `demand` or a `pool`. Raises DemandNotFound, DemandGone, PoolNotFound, PoolClosed, NotFound."""
    if kind == "demand":
        return _of_demand(session, actor, code)
    if kind == "pool":
        return _of_pool(session, actor, code)
    raise NotFound


def _of_demand(session: Session, actor: Actor, code: str) -> Source:
    demand = queries.demand_with_code(session, code.upper())
    if demand.organisation_id is None or not requests.may_ask_for(session, actor, demand.organisation_id):
        raise DemandNotFound
    counting = request_of_demand(session, demand.id)
    there = counting.code if counting is not None else ""
    if demand.state not in OPEN_DEMANDS and not there:
        raise DemandGone
    return Source(
        "demand", demand.code, demand.words, demand.people, demand.slots, demand.skills, demand.postcode[:2] or None, demand.wanted_by, demand.most_price,
        accounts.organisation(session, demand.organisation_id).name, there, is_theirs=True, acts=_acts(session, actor, [demand.organisation_id]),
    )


def _acts(session: Session, actor: Actor, firms: Iterable[UUID]) -> bool:
    memberships = accounts.memberships_of(session, actor.person_id)
    return any(rights_at(memberships, one).act for one in firms)


def _of_pool(session: Session, actor: Actor, code: str) -> Source:
    pool = queries.pool_by_code(session, code)
    pledges = queries.pledges_of(session, pool.id)
    firms = {one.organisation_id for one in pledges if one.organisation_id is not None}
    acts = _acts(session, actor, firms)
    if not acts and requests.office_in(session, actor) is None:
        raise PoolNotFound
    there, asker = _open_of_pool(session, pool.id)
    best = queries.standing_of(pledges, pool.threshold, pool.price).best
    if not there and (pool.state not in _TO_ASK or best is None):
        raise PoolClosed(pool.code)
    seats, slot = (best.seats, (best.slot,)) if best is not None else (0, ())
    title, is_theirs = titles_of(session, [pool])[pool.id], asker is not None and requests.may_ask_for(session, actor, asker)
    return Source("pool", pool.code, title, seats, slot, pool.skills, pool.area, None, pool.price, "", there, is_theirs, acts)


def _open_of_pool(session: Session, pool_id: UUID) -> tuple[str, UUID | None]:
    """Return the code of the open request of a pool, and who asked it; ("", None) where there is none."""
    there = TailoredRequest.pool_id == pool_id, TailoredRequest.state == RequestState.OPEN
    row = session.execute(select(TailoredRequest.code, TailoredRequest.organisation_id).where(*there)).one_or_none()
    return (row.code, row.organisation_id) if row is not None else ("", None)


def may_ask_for_demand(session: Session, actor: Actor, demand: DemandFacts) -> bool:
    """Tell whether somebody can have a module made for what a firm asked."""
    return demand.state in OPEN_DEMANDS and demand.organisation_id is not None and requests.may_ask_for(session, actor, demand.organisation_id)


def may_ask_for_pool(session: Session, actor: Actor, pledge: PledgeFacts, pool: PoolFacts) -> bool:
    """Tell whether somebody who acts for the firm of this pledge can have a module made for its pool, that has none."""
    counts = pledge.state in COUNTING_PLEDGES and pool.module_id is None and pool.state in _TO_ASK
    return counts and pledge.organisation_id is not None and _acts(session, actor, [pledge.organisation_id])


def request_in_full(session: Session, actor: Actor, code: str, *, now: datetime) -> RequestInFull:
    """Return a request with all that its page tells. Raises RequestNotFound."""
    seen = requests.seen_by_asker(session, actor, code, now=now)
    request = seen.request
    row = session.get_one(TailoredRequest, request.id)
    known = {one for one, _state in seen.invites} | {one.provider_id for one in seen.proposals} | {
        partner for one in seen.proposals for partner, _agreed in one.partners
    }
    acts = _acts(session, actor, [request.organisation_id])
    classes = catalogue.offerings_by_id(session, [request.offering_id]) if request.offering_id is not None else {}
    return RequestInFull(
        seen, Moments(row.asked_at, row.answered_at, row.ended_at), accounts.organisation_names(session, known),
        place_names(session, seen.proposals), accounts.organisation(session, request.organisation_id), acts, _source_code(session, request),
        classes.get(request.offering_id) if request.offering_id is not None else None,
    )


def _source_code(session: Session, request: RequestFacts) -> tuple[str, str]:
    if request.demand_id is not None:
        return "demand", queries.demand_by_id(session, request.demand_id).code
    if request.pool_id is not None:
        return "pool", queries.pool_by_id(session, request.pool_id).code
    return "", ""


def choice_of(session: Session, actor: Actor, code: str, proposal_code: str, *, now: datetime) -> Choice | None:
    """Return a proposal for who may choose it; None where it can not be chosen (any more). Raises RequestNotFound, also for the programme office where
    a firm would have to pay: that firm chooses.
    """
    full = request_in_full(session, actor, code, now=now)
    if not full.may_decide:
        raise RequestNotFound
    request = full.seen.request
    found = next((one for one in requests.compared(request, full.seen.proposals) if one.proposal.code == proposal_code.upper()), None)
    if found is None or not full.seen.may_choose:
        return None
    money, asks = funding.FirmMoney((), 0), False
    if not request.is_of_pool and not found.together.is_zero:
        money = funding.firm_money(session, request.organisation_id, on=amsterdam_day(now))
        asks = payments.billing_details_of(session, request.organisation_id) is None
    enough = tuple(each for each in money.budgets if each[1].left >= found.together)
    return Choice(full, found, funding.FirmMoney(enough, money.to_approve), asks)


def requests_of_firm(session: Session, firm: Firm, *, now: datetime) -> list[RequestLine]:
    """Return what a firm had made, or has, the newest first; the caller checked who reads: five statements."""
    return _lines(session, TailoredRequest.organisation_id == firm.id, now=now)


def requests_at_office(session: Session, actor: Actor, *, now: datetime, most: int = MOST_LISTED) -> list[RequestLine]:
    """Return all requests for the programme office, the newest first: five statements. Raises NotFound for anybody else."""
    office_of(session, actor)
    return _lines(session, TailoredRequest.id.is_not(None), now=now, most=most)


def _lines(session: Session, wanted: ColumnElement[bool], *, now: datetime, most: int = MOST_LISTED) -> list[RequestLine]:
    rows = session.scalars(select(TailoredRequest).where(wanted).order_by(TailoredRequest.id.desc()).limit(most)).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    states: dict[UUID, list[InviteState]] = {}
    for request_id, state in session.execute(select(RequestInvite.request_id, RequestInvite.state).where(RequestInvite.request_id.in_(ids))):
        states.setdefault(request_id, []).append(state)
    waiting = select(RequestQuestion.request_id, func.count()).where(RequestQuestion.request_id.in_(ids), RequestQuestion.answered_at.is_(None))
    questions = dict(session.execute(waiting.group_by(RequestQuestion.request_id)).all())
    names = accounts.organisation_names(session, {row.organisation_id for row in rows})
    return [
        RequestLine(
            requests.facts_of(row), names.get(row.organisation_id, ""), Moments(row.asked_at, row.answered_at, row.ended_at), len(states.get(row.id, ())),
            states.get(row.id, []).count(InviteState.PROPOSED), questions.get(row.id, 0) if row.state is RequestState.OPEN else 0,
            row.state is RequestState.OPEN and is_choosing_open(row.proposals_until, row.choose_until, states.get(row.id, ()), now),
        )
        for row in rows
    ]


def request_of_demand(session: Session, demand_id: UUID) -> RequestFacts | None:
    """Return the request of a demand that counts: the open one, else the one that became a class which was not called off; None where there is none."""
    counting = (RequestState.OPEN, RequestState.CHOSEN)
    wanted = select(TailoredRequest).where(TailoredRequest.demand_id == demand_id, TailoredRequest.state.in_(counting))
    row = session.scalars(wanted.order_by(TailoredRequest.id.desc()).limit(1)).one_or_none()
    return requests.facts_of(row) if row is not None and _counts(session, row) else None


def _counts(session: Session, row: TailoredRequest) -> bool:
    """Tell whether a request is open, or became a class that was not called off."""
    if row.offering_id is None:
        return True
    state = catalogue.offerings_by_id(session, [row.offering_id])[row.offering_id].offering.state
    return state is not catalogue.OfferingState.CANCELLED
