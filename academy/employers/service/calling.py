"""Use cases of the programme office that calls: what came of a call, an answer by hand, and that somebody's name was seen."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, record
from academy.employers import queries
from academy.employers.errors import DemandGone
from academy.employers.facts import PoolFacts
from academy.employers.kinds import CallOutcome, DemandState
from academy.employers.models import CallNote, DemandReply, Pool
from academy.employers.queries import broker
from academy.employers.rules.pooling import MAY_MERGE, Merged, mergers
from academy.employers.service.history import note_answer
from academy.employers.service.short import as_neighbour
from academy.kernel.ids import new_id

LONGEST_NOTE: Final = 1000
_A_LOOK: Final = timedelta(days=1)  # one entry in the trail covers a day


def note_call(session: Session, *, actor: Actor, kind: str, code: str, outcome: CallOutcome, text: str, now: datetime) -> None:
    """Write down what came of a call about a pledge, a demand, or to the provider of a pool. Raises NotFound, also for who may not."""
    office_id, line = broker.office_of(session, actor), broker.line_of(session, actor, kind, code, now=now)
    note = CallNote(
        id=new_id(), pledge_id=line.pledge.id if line.pledge else None, demand_id=line.demand.id if line.demand else None, organisation_id=line.provider_id,
        outcome=outcome, text=text[:LONGEST_NOTE], at=now, by_id=actor.person_id,
    )
    session.add(note)
    who = line.pledge or line.demand
    record(
        session, "call-noted", actor_id=actor.person_id, now=now, organisation_id=office_id, person_id=who.person_id if who else None, about="call-note",
        about_id=note.id, details={"outcome": outcome.value, kind: code.upper()},
    )


def reply_demand(session: Session, *, actor: Actor, code: str, text: str, now: datetime) -> None:
    """Answer a demand by hand: whoever asked gets a letter, and the clock stops. Raises NotFound, also for who may not, DemandGone once answered."""
    office_id, line = broker.office_of(session, actor), broker.line_of(session, actor, "demand", code, now=now)
    demand = line.demand
    if demand is None or demand.state is not DemandState.OPEN:
        raise DemandGone
    try:
        with session.begin_nested():
            session.add(DemandReply(demand_id=demand.id, text=text, at=now, by_id=actor.person_id))
            session.flush()
    except IntegrityError as error:  # a colleague was quicker
        raise DemandGone from error
    note_answer(session, demand.id, now=now)
    record(
        session, "demand-replied", actor_id=actor.person_id, now=now, organisation_id=office_id, person_id=demand.person_id, about="demand",
        about_id=demand.id, details={"demand": demand.code},
    )


def note_looks(session: Session, *, actor: Actor, people: Collection[UUID], look: str, now: datetime) -> None:
    """Put in the audit trail of each of these people that their name and address was seen, or taken away (`look`: the act); once a day."""
    office_id = broker.office_of(session, actor)
    for person_id in sorted(unnoted(session, actor, people, look, now=now)):
        record(session, look, actor_id=actor.person_id, now=now, organisation_id=office_id, person_id=person_id, about="person", about_id=person_id)


def unnoted(session: Session, actor: Actor, people: Collection[UUID], look: str, *, now: datetime) -> set[UUID]:
    """Return of whom the trail does not tell yet today that the actor saw them."""
    done = accounts.recorded_about(session, look, about_ids=people, since=now - _A_LOOK, actor_id=actor.person_id) if people else set()
    return set(people) - done


def neighbours_of(session: Session, pool: PoolFacts) -> list[tuple[PoolFacts, Merged]]:
    """Return the pools with which this one would serve more seats at one moment, and where both would stand, the best first."""
    rows = session.scalars(select(Pool.id).where(Pool.state.in_(MAY_MERGE), Pool.module_id == pool.module_id, Pool.id != pool.id))
    others = queries.pools_by_id(session, rows.all())
    found = mergers(as_neighbour(session, pool), [as_neighbour(session, one) for one in others.values()], pool.price)
    return [(others[each.pool.id], each) for each in found if isinstance(each.pool.id, UUID)]
