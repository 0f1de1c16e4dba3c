"""A proposal is chosen: in one commit its module and class are drafted at its provider, and seats are kept for who asked. Or nothing happens at all."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.errors import BillingNeeded, PoolClosed, SlotTaken
from academy.employers.errors.requests import ProposalClosed, RequestClosed, RequestNotFound
from academy.employers.events import RequestEnded, TailoredOpened
from academy.employers.facts import PoolFacts
from academy.employers.kinds import (
    OPEN_DEMANDS,
    OPEN_POOLS,
    UNMET_DEMANDS,
    DemandState,
    PoolState,
    ProposalState,
    RequestState,
)
from academy.employers.models import Demand, Proposal, TailoredRequest
from academy.employers.queries import requests
from academy.employers.queries.requests import ProposalFacts, RequestFacts, RequestSeen
from academy.employers.rules import clocks
from academy.employers.rules.requesting import seats_bought
from academy.employers.service import accepting, gathering
from academy.employers.service.history import move_pool
from academy.employers.service.requesting import close_proposals
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.kernel.clock import end_of_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import id_in
from academy.kernel.money import Money
from academy.kernel.outbox import announce
from academy.kernel.text import Localized
from academy.payments import api as payments

_DAY: Final = timedelta(days=1)
_FEWEST: Final = 2  # seats of a class that a pool becomes
_LONGEST_CODE: Final = 60


def choose_proposal(
    session: Session, *, actor: Actor, request_code: str, proposal_code: str, budget: str = "", reference: str = "", reason: str = "", now: datetime,
) -> str:
    """Choose a proposal; returns the code of the class that is drafted from it, as a concept. `reason` goes to the others, with thanks.

    Of one employer its seats are kept at once: earmarked in its `budget` (an id as the page gave it), or on invoice, and ordered when the provider
    opens the class. Of a pool every firm confirms for itself, as always. Of two choices at once one is made. Raises RequestNotFound, RequestClosed
    before proposals can be read and after the time to choose, ProposalClosed for one that is not there any more, OfferingFaulty where its days
    passed, SlotTaken and PoolClosed of a pool, and of an employer BillingNeeded, VatUndecided, BudgetUsedUp.
    """
    seen = requests.seen_by_asker(session, actor, request_code, now=now)
    if not requests.may_choose_for(session, actor, seen.request):  # the programme office spends no firm's money
        raise RequestNotFound
    if not seen.may_choose or not _keep(session, seen.request):
        raise RequestClosed
    proposal = _chosen(seen, proposal_code)
    request = seen.request
    if request.is_of_pool:
        code, block_id = _for_pool(session, request, proposal, actor, now=now), None
    else:
        code, block_id = _for_employer(session, request, proposal, actor, budget=budget, reference=reference, now=now)
    offering_id = catalogue.offering_with_code(session, code).offering.id
    _decide(session, request, proposal, offering_id, block_id, reason=reason, now=now)
    announce(session, RequestEnded(request.id))
    record(
        session, "proposal-chosen", actor_id=actor.person_id, now=now, organisation_id=request.organisation_id, about="proposal", about_id=proposal.id,
        details={"request": request.code, "proposal": proposal.code, "offering": code},
    )
    return code


def _keep(session: Session, request: RequestFacts) -> bool:
    """Keep an open request to this transaction, before seats and money: who chooses or sends at the same moment waits. False when it has ended."""
    kept = update(TailoredRequest).where(TailoredRequest.id == request.id, TailoredRequest.state == RequestState.OPEN)
    return rows_changed(session, kept.values(answered_at=TailoredRequest.answered_at).execution_options(synchronize_session=False)) == 1


def _chosen(seen: RequestSeen, code: str) -> ProposalFacts:
    found = next((one for one in seen.proposals if one.code == code.upper() and one.state is ProposalState.SENT), None)
    if found is None:
        raise ProposalClosed
    return found


def _decide(
    session: Session, request: RequestFacts, proposal: ProposalFacts, offering_id: UUID, block_id: UUID | None, *, reason: str, now: datetime,
) -> None:
    """Write the choice down, guarded once more."""
    decided = update(TailoredRequest).where(TailoredRequest.id == request.id, TailoredRequest.state == RequestState.OPEN).values(
        state=RequestState.CHOSEN, ended_at=now, offering_id=offering_id, block_id=block_id,
    )
    if rows_changed(session, decided.execution_options(synchronize_session=False)) != 1:
        raise RequestClosed
    chosen = update(Proposal).where(Proposal.id == proposal.id, Proposal.state == ProposalState.SENT).values(state=ProposalState.CHOSEN)
    if rows_changed(session, chosen.execution_options(synchronize_session=False)) != 1:
        raise ProposalClosed  # its provider took it back at this moment
    close_proposals(session, request.id, reason=reason)


def _for_employer(
    session: Session, request: RequestFacts, proposal: ProposalFacts, actor: Actor, *, budget: str, reference: str, now: datetime,
) -> tuple[str, UUID]:
    """Draft a class of exactly the seats that an employer buys, and keep them all for it."""
    demand = queries.demand_by_id(session, request.demand_id)
    if demand.state not in OPEN_DEMANDS or requests.has_class(session, demand.id):
        raise RequestClosed
    seats, price = seats_bought(request.people, proposal.min_seats), proposal.price_at(request.people)
    if not budget and not price.is_zero and payments.billing_details_of(session, request.organisation_id) is None:
        raise BillingNeeded(accounts.organisation(session, request.organisation_id).slug)
    code = _draft(session, request, proposal, price=price, seats=seats, now=now)
    sold = enrolment.sell_block(
        session, organisation_id=request.organisation_id, name=accounts.organisation(session, request.organisation_id).name, offering_code=code,
        seats=seats, budget_id=id_in(budget) if budget else None, reference=reference, by=actor.person_id, is_ordered=False, now=now,
    )
    return code, sold.block_id


def _for_pool(session: Session, request: RequestFacts, proposal: ProposalFacts, actor: Actor, *, now: datetime) -> str:
    """Let the pool go on with the class that was chosen: each firm that can then confirms within five days, as with any class."""
    assert request.pool_id is not None
    pool = queries.locked_pool(session, request.pool_id)
    if pool.state not in OPEN_POOLS or pool.state is PoolState.PROVISIONAL:
        raise PoolClosed(pool.code)
    if end_of_day(proposal.starts_on) <= clocks.firm_confirms_until(now):
        raise catalogue.OfferingFaulty
    there = sum(one.seats for one in queries.pledges_of(session, pool.id) if gathering.can_at(proposal.slot, one.slots))
    needed = max(_FEWEST, proposal.min_seats)
    if there < needed:
        raise SlotTaken
    price = proposal.price_at(min(there, proposal.max_seats))
    code = _draft(session, request, proposal, price=price, seats=proposal.max_seats, now=now)
    found = catalogue.offering_with_code(session, code)
    if not funding.is_vat_decided(session, found):  # or nobody could confirm
        raise funding.VatUndecided(found.module_slug, found.provider_name)
    pool = _asked(session, pool, proposal.slot, by=actor.person_id, now=now)
    module_id = catalogue.modules_by_slug(session, [found.module_slug])[found.module_slug].id
    accepting.go_provisional(session, pool, found.offering, module_id=module_id, slot=proposal.slot, needed=needed, by=actor.person_id, now=now)
    return code


def _asked(session: Session, pool: PoolFacts, slot: str, *, by: UUID, now: datetime) -> PoolFacts:
    """Take a pool to where a provider says yes: it was asked by the request."""
    for state in (PoolState.GATHERING, PoolState.ASKED):
        if pool.state in {PoolState.IDEA, PoolState.GATHERING} and pool.state is not state:
            values = {"slot": slot, "accept_by": now} if state is PoolState.ASKED else {}
            move_pool(session, pool, state, now=now, by=by, note="a tailored class was chosen", **values)
            pool = queries.locked_pool(session, pool.id)
    return pool


def _draft(session: Session, request: RequestFacts, proposal: ProposalFacts, *, price: Money, seats: int, now: datetime) -> str:
    day, _dash, part = proposal.slot.partition("-")
    mode = catalogue.DeliveryMode(proposal.mode)
    nlqf = proposal.nlqf
    module = catalogue.ModuleDraft(
        f"proposal-{proposal.code}", proposal.code[:_LONGEST_CODE], catalogue.ModuleKind.TAILORED, _words(proposal.title, request),
        description=_words(proposal.content, request), ec=proposal.size, hours=proposal.hours, nlqf=nlqf, eqf=catalogue.eqf_of(nlqf) if nlqf else "",
        languages=(request.language,), modes=(mode,), price=price,
        outcomes=tuple(catalogue.OutcomeDraft(_words(text, request)) for text in proposal.outcomes),
    )
    offering = catalogue.OfferingDraft(
        proposal.starts_on, proposal.ends_on, mode, request.language, seats, price, (catalogue.PeriodDraft(closes_on=proposal.starts_on - _DAY),),
        part_of_day=catalogue.PartOfDay(part), weekdays=(day,), place_key=proposal.place_key or None, min_seats=min(proposal.min_seats, seats),
    )
    if request.is_of_pool:
        offering = replace(offering, min_seats=max(_FEWEST, proposal.min_seats))
    return catalogue.draft_tailored(session, provider_id=proposal.provider_id, module=module, offering=offering, now=now)


def _words(text: str, request: RequestFacts) -> Localized:
    return Localized(en=text) if request.language == "en" else Localized(nl=text)


def order_opened(session: Session, *, module_id: UUID, now: datetime) -> None:
    """Order what was promised for tailored classes of this module that their provider opened: from here the seats are given out and owed, and the demand
    is met, and who asked hears that once. Repeatable; a class of a pool is ordered where it is founded.
    """
    for request, offering_id in requests.promised_at(session, module_id):
        found = catalogue.offerings_by_id(session, [offering_id])[offering_id]
        if found.offering.state is catalogue.OfferingState.ACTIVE:
            enrolment.order_blocks(session, offering_id=offering_id, now=now)
            met = update(Demand).where(Demand.id == request.demand_id, Demand.state.in_(UNMET_DEMANDS)).values(state=DemandState.MET, ended_at=now)
            if rows_changed(session, met.execution_options(synchronize_session=False)) == 1:
                announce(session, TailoredOpened(request.id))
