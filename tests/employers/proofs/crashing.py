"""A process that does one thing on the demand side, and each time is killed one point later; it is that of enrolment with other acts.

Started by test_crash_points.py. A point is before or after every statement and every commit.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers import events, queries, service
from academy.employers.drafts import Agreed
from academy.employers.service import choosing, proposing
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import id_in
from academy.kernel.outbox import Event, subscribe
from tests.employers.market import DAY, EVENING, PRICE, SLUG
from tests.enrolment.proofs import crashing

ACTS: dict[str, Callable[..., object]] = {
    "accept": lambda session, actor, now, *, pool, module: service.accept_pool(
        session, actor=actor, provider_slug=SLUG, pool_code=pool, module_slug=module, slot=EVENING, draft=evenings(now), now=now,
    ),
    "confirm": lambda session, _actor, now, *, pledge, budget: service.confirm_pledge(
        session, pledge_id=UUID(pledge), by=None, agreed=Agreed(PRICE), budget_id=id_in(budget) if budget else None, now=now,
    ),
    "decide": lambda session, _actor, now, *, pool_id: service.decide_pool(session, UUID(pool_id), now=now),
    "pay empty": lambda session, _actor, now, *, pledge, seats: service.pay_empty_seats(
        session, pledge=queries.pledge_by_id(session, UUID(pledge)), seats=seats, shown=PRICE, by=None, now=now,
    ),
    "leave": lambda session, _actor, now, *, pledge: service.leave_short(
        session, pledge=queries.pledge_by_id(session, UUID(pledge)), now=now,
    ),
    "call off": lambda session, actor, now, *, offering: catalogue.call_off_offering(
        session, actor=actor, provider_slug=SLUG, code=offering, reason="De docent is ziek", now=now,
    ),
    "hear that it is called off": lambda session, _actor, now, *, offering_id: service.class_called_off(
        session, offering_id=UUID(offering_id), now=now,
    ),
    "buy": lambda session, actor, now, *, firm, offering, key, budget: service.buy_seats(
        session, actor=actor, organisation=firm, offering_code=offering, seats=3, budget=budget, reference="PO 7", shown=PRICE, request_key=UUID(key), now=now,
    ),
    "take back": lambda session, actor, now, *, demand: service.withdraw_demand(session, actor=actor, code=demand, now=now),
    "send": lambda session, actor, now, *, proposal: proposing.send_proposal(
        session, actor=actor, provider_slug=SLUG, proposal_code=proposal, now=now,
    ),
    "choose": lambda session, actor, now, *, request, proposal, budget: choosing.choose_proposal(
        session, actor=actor, request_code=request, proposal_code=proposal, budget=budget, reason="De ander past beter", now=now,
    ),
    "open": lambda session, actor, now, *, offering: catalogue.open_for_enrolment(
        session, actor=actor, provider_slug=SLUG, code=offering, now=now,
    ),
    "hear that it is open": lambda session, _actor, now, *, module_id: choosing.order_opened(session, module_id=UUID(module_id), now=now),
    "take a seat": lambda session, _actor, now, *, guest: service.accept_seat(session, guest_id=UUID(guest), now=now),
}


def evenings(now: datetime) -> catalogue.OfferingDraft:
    """Return a class on ten Tuesday evenings in eight weeks, of twelve to sixteen seats."""
    first = amsterdam_day(now) + 56 * DAY
    return catalogue.OfferingDraft(
        first, first + 63 * DAY, catalogue.DeliveryMode.ONLINE, "nl", 16, PRICE, (catalogue.PeriodDraft(closes_on=first - 3 * DAY),),
        part_of_day=catalogue.PartOfDay.EVENING, weekdays=("tue",), min_seats=12,
    )


def listen() -> None:
    """Let somebody want to hear all news of employers too, so that it is written."""
    crashing.listen()
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            subscribe(f"proofs.{kind.name}", kind, inside=lambda _session, _event, _now: None)


def act(session: Session, actor: Actor, *, what: str, now: str, **named: object) -> object:
    """Do one thing, given in words that travel as JSON."""
    return ACTS[what](session, actor, datetime.fromisoformat(now), **named)


if __name__ == "__main__":
    crashing.ACTS.update(ACTS)
    listen()
    crashing.main()
