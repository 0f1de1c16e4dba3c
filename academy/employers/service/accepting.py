"""A provider answers a pool: it gives the class at these dates and this price, or it does not."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.errors import PoolClosed, PoolNotYours, SlotTaken
from academy.employers.facts import PoolFacts
from academy.employers.kinds import PoolState
from academy.employers.rules import clocks, slots
from academy.employers.service import gathering
from academy.employers.service.history import move_pool
from academy.funding import api as funding
from academy.kernel.clock import end_of_day

_FEWEST, _MOST = 2, 200  # seats of a class that a pool can become
_WHOLE_DAY = (catalogue.PartOfDay.MORNING, catalogue.PartOfDay.AFTERNOON)


def accept_pool(
    session: Session, *, actor: Actor, provider_slug: str, pool_code: str, module_slug: str, slot: str, draft: catalogue.OfferingDraft, now: datetime,
) -> str:
    """Give the class that a pool asks for: a concept until its firms confirmed, with these dates, seats and price; returns the class's code.

    `slot` is the moment of the week; whoever can then is asked to confirm within five days. A class that names no least number of seats needs
    what the pool did. Raises PoolNotFound, PoolClosed unless a provider is asked, ModuleNotFound and PoolNotYours for another module than the
    pool's, SlotTaken where fewer can than the class needs, PlaceNotFound, OfferingFaulty, also without a price, or when it would begin before the last day to confirm is over,
    and VatUndecided.
    """
    pool = queries.locked_pool(session, queries.pool_by_code(session, pool_code).id)
    work = catalogue.module_for_planning(session, actor, provider_slug, module_slug)
    if pool.state is not PoolState.ASKED:
        raise PoolClosed(pool.code)
    if pool.module_id not in {None, work.id}:
        raise PoolNotYours
    pledges = queries.pledges_of(session, pool.id)
    needed = max(_FEWEST, draft.min_seats or pool.threshold)
    confirm_by = clocks.firm_confirms_until(now)
    if draft.price is None or draft.seats > _MOST or end_of_day(draft.starts_on) <= confirm_by:
        raise catalogue.OfferingFaulty
    if slot not in slots.SLOTS or sum(one.seats for one in pledges if gathering.can_at(slot, one.slots)) < needed:
        raise SlotTaken
    code = catalogue.plan_offering(
        session, actor=actor, provider_slug=provider_slug, module_slug=module_slug, now=now,
        draft=replace(draft, state=catalogue.OfferingState.CONCEPT, min_seats=needed),
    )
    found = catalogue.offering_of_provider(session, provider_slug, code)
    if not funding.is_vat_decided(session, found):  # or nobody could confirm
        raise funding.VatUndecided(module_slug, work.workspace.provider.name)
    go_provisional(session, pool, found.offering, module_id=work.id, slot=slot, needed=needed, by=actor.person_id, now=now)
    record(
        session, "pool-accepted", actor_id=actor.person_id, now=now, organisation_id=work.workspace.provider.id, about="demand_pool", about_id=pool.id,
        details={"pool": pool.code, "offering": code},
    )
    return code


def go_provisional(
    session: Session, pool: PoolFacts, offering: catalogue.OfferingFacts, *, module_id: UUID, slot: str, needed: int, by: UUID, now: datetime,
) -> None:
    """Let a pool that was asked go on with this class, a concept until its firms confirmed, and ask them. The caller keeps the pool, and looked that
    enough of them can then.
    """
    move_pool(
        session, pool, PoolState.PROVISIONAL, now=now, by=by, slot=slot, module_id=module_id, threshold=needed, most_seats=max(offering.seats, needed),
        price=offering.price, offering_id=offering.id, starts_on=offering.starts_on, confirm_by=clocks.firm_confirms_until(now), accept_by=None,
        told_short_at=None,
    )
    gathering.ask_to_confirm(session, queries.locked_pool(session, pool.id), now=now)


def slot_of(offering: catalogue.OfferingFacts) -> str:
    """Return the moment of the week at which most of a class is given; "" where it has none."""
    part = _WHOLE_DAY[0] if offering.part_of_day is catalogue.PartOfDay.DAY else offering.part_of_day
    found = f"{offering.weekdays[0]}-{part.value}" if offering.weekdays else ""
    return found if found in slots.SLOTS else ""


def decline_pool(session: Session, *, actor: Actor, provider_slug: str, pool_code: str, reason: str, now: datetime) -> None:
    """Say that this provider does not give the class. Its pool goes on for any provider, and the programme office is asked to find one.

    Raises PoolNotFound, PoolClosed, PoolNotYours.
    """
    pool = queries.locked_pool(session, queries.pool_by_code(session, pool_code).id)
    provider_id = _provider_of(session, actor, provider_slug, pool)
    if pool.state is not PoolState.ASKED:
        raise PoolClosed(pool.code)
    move_pool(session, pool, PoolState.GATHERING, now=now, by=actor.person_id, note=reason, slot="", accept_by=None, module_id=None)
    gathering.look_at(session, pool.id, now=now)
    record(
        session, "pool-declined", actor_id=actor.person_id, now=now, organisation_id=provider_id, about="demand_pool", about_id=pool.id,
        details={"pool": pool.code},
    )


def _provider_of(session: Session, actor: Actor, provider_slug: str, pool: PoolFacts) -> UUID:
    """Return the provider for which the actor answers, where the pool's module is its own. Raises PoolNotYours, ProviderNotFound."""
    there = catalogue.workspace_for_answering(session, actor, provider_slug)
    card = catalogue.module_cards(session, [pool.module_id]).get(pool.module_id) if pool.module_id else None
    if not there.rights.plan or card is None or card.provider_id != there.provider.id:
        raise PoolNotYours
    return there.provider.id
