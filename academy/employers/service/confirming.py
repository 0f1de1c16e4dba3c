"""Each firm confirms what the provider offers, with one click: its seats are kept and its money is earmarked. Nothing is ordered yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.drafts import Agreed
from academy.employers.errors import (
    BudgetNotEnough,
    FirmNeeded,
    OfferChanged,
    PledgeAnswered,
    PledgeOver,
    PriceAbovePledge,
    TooManyPledged,
)
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import Party, PledgeState, PoolState
from academy.employers.links import pledge_token_for
from academy.employers.service import founding
from academy.employers.service.history import move_pledge
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.kernel.ids import id_in
from academy.kernel.money import FREE
from academy.payments import api as payments


def confirm_pledge(session: Session, *, pledge_id: UUID, by: UUID | None, agreed: Agreed, budget_id: UUID | None = None, now: datetime) -> PledgeState:
    """Keep the seats of a pledge and earmark what they cost; returns where the pledge stands then. Confirming twice is confirming once.

    The class is founded in the same commit when this was the last answer that it waited for. The caller has checked who may. Raises
    PledgeAnswered, PledgeOver, OfferChanged, PriceAbovePledge, FirmNeeded, TooManyPledged, and BudgetUsedUp: then nothing happened, and the
    firm pays in another way as long as there is time. Pool before seats, always.
    """
    pool, pledge = _locked(session, pledge_id)
    if pledge.state in {PledgeState.CONFIRMED, PledgeState.PLACED}:
        return pledge.state
    offering = _offer(session, pool, pledge, now=now)
    price = offering.offering.price or FREE
    if price != agreed.price:
        raise OfferChanged
    if pledge.most_price is not None and price > pledge.most_price and not agreed.may_cost_more:
        raise PriceAbovePledge(price, pledge.most_price)
    block_id = None
    if pledge.party is Party.CITIZEN:
        _check_room(session, pool, offering, pledge.seats)
    else:
        block_id = _keep_seats(session, pool, pledge, offering, by=by, agreed=agreed, budget_id=budget_id, now=now)
    if not move_pledge(session, pledge, PledgeState.CONFIRMED, answered_at=now, block_id=block_id, reference=agreed.reference or pledge.reference):
        raise PledgeAnswered
    founding.found_if_answered(session, pool.id, now=now)
    accounts.record(
        session, "pledge-confirmed", actor_id=by, now=now, organisation_id=pledge.organisation_id, person_id=pledge.person_id, about="pledge",
        about_id=pledge.id, details={"pool": pool.code, "seats": pledge.seats, "cents": price.cents},
    )
    return queries.pledge_by_id(session, pledge.id).state


def confirm_by_letter(
    session: Session, *, pledge: PledgeFacts, agreed: Agreed, billing: payments.BillingFacts | None, now: datetime,
) -> PledgeState:
    """Confirm for who holds the link of a letter; `billing` is asked where it is not known yet where the invoice goes. Raises as `confirm_pledge`,
    and BudgetNotEnough for a budget that is used up.
    """
    if pledge.organisation_id is not None and billing is not None:
        payments.note_billing_details(session, organisation_id=pledge.organisation_id, details=billing, now=now)
    budget_id = id_in(agreed.budget) if agreed.budget else None
    try:
        return confirm_pledge(session, pledge_id=pledge.id, by=pledge.person_id, agreed=agreed, budget_id=budget_id, now=now)
    except funding.BudgetUsedUp as error:
        raise BudgetNotEnough(pledge_token_for(pledge.id)) from error


def decline_pledge(session: Session, *, pledge_id: UUID, now: datetime) -> None:
    """Say no to what the provider offers; nothing is owed. Saying it twice is saying it once. Raises PledgeAnswered."""
    pool, pledge = _locked(session, pledge_id)
    if pledge.state is PledgeState.DECLINED:
        return
    if pledge.state is not PledgeState.ASKED or not move_pledge(session, pledge, PledgeState.DECLINED, answered_at=now):
        raise PledgeAnswered
    founding.found_if_answered(session, pool.id, now=now)


def _locked(session: Session, pledge_id: UUID) -> tuple[PoolFacts, PledgeFacts]:
    """Return a pledge and its pool as they are now, kept to this transaction."""
    pool = queries.locked_pool(session, queries.pledge_by_id(session, pledge_id).pool_id)
    return pool, queries.pledge_by_id(session, pledge_id)


def _offer(session: Session, pool: PoolFacts, pledge: PledgeFacts, *, now: datetime) -> catalogue.OfferingOfModule:
    """Return the class that is offered to a pledge. Raises PledgeAnswered, PledgeOver.

    Whoever is late is still welcome where too few confirmed in time.
    """
    if pledge.state is not PledgeState.ASKED or pool.state is not PoolState.PROVISIONAL or pool.offering_id is None:
        raise PledgeAnswered
    if pool.confirm_by is not None and now >= pool.confirm_by and pool.told_short_at is None:
        raise PledgeOver
    return catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id]


def _keep_seats(
    session: Session, pool: PoolFacts, pledge: PledgeFacts, offering: catalogue.OfferingOfModule, *, by: UUID | None, agreed: Agreed,
    budget_id: UUID | None, now: datetime,
) -> UUID:
    if pledge.organisation_id is None:
        raise FirmNeeded
    _check_room(session, pool, offering, pledge.seats)
    name = accounts.organisation(session, pledge.organisation_id).name
    sold = enrolment.sell_block(
        session, organisation_id=pledge.organisation_id, name=name, offering_code=offering.offering.code, seats=pledge.seats, budget_id=budget_id,
        reference=agreed.reference or pledge.reference, by=by, is_ordered=False, now=now,
    )
    return sold.block_id


def _check_room(session: Session, pool: PoolFacts, offering: catalogue.OfferingOfModule, seats: int) -> None:
    """Refuse what the class can not hold. Citizens who confirmed have no block: their seats are counted here, with the pool kept to this transaction."""
    confirmed = sum(one.seats for one in queries.pledges_of(session, pool.id, [PledgeState.CONFIRMED]))
    if confirmed + seats > offering.offering.seats:
        raise TooManyPledged
