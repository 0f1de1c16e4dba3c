"""Reads for who acts for a firm: its money, what waits for it, its questions and promises, classes that nearly go ahead, and how we answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Purpose
from academy.employers.facts import DemandFacts, PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, OPEN_DEMANDS, DemandState, PledgeState, PoolState
from academy.employers.models import Demand, Pledge, Pool
from academy.employers.queries import demands, pools
from academy.employers.queries.guests import BlockInWork, Firm, blocks_of_firm, firm_to_act_for
from academy.employers.rules.pooling import Standing
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.payments import api as payments

_GATHERS: Final = (PoolState.IDEA, PoolState.GATHERING)
_MOST_POOLS: Final = 200  # looked at; the newest
_NEARLY: Final = 4  # seats short, or fewer
_COUNTED: Final = timedelta(days=90)
_MOST_ANSWERS: Final = 500


@dataclass(frozen=True)
class NearlyThere:
    """A pool that lacks few seats, and where it stands."""

    pool: PoolFacts
    standing: Standing


@dataclass(frozen=True)
class DeskFacts:
    """What a firm sees when it comes in."""

    firm: Firm
    money: funding.FirmMoney
    has_billing: bool
    blocks: tuple[BlockInWork, ...]
    to_confirm: tuple[tuple[PledgeFacts, PoolFacts], ...]
    open_demands: int
    nearly: tuple[NearlyThere, ...]
    answered_in: int | None  # working days, nine times out of ten; None: too few to say


def desk_of(session: Session, actor: Actor, slug: str, *, now: datetime) -> DeskFacts:
    """Return what a firm has and what waits for it, for who acts for it. Raises FirmNotFound."""
    firm, today = firm_to_act_for(session, actor, slug), amsterdam_day(now)
    asked = session.scalars(select(Pledge).where(Pledge.organisation_id == firm.id, Pledge.state == PledgeState.ASKED).order_by(Pledge.id)).all()
    there = pools.pools_by_id(session, {row.pool_id for row in asked}) if asked else {}
    return DeskFacts(
        firm, funding.firm_money(session, firm.id, on=today), payments.billing_details_of(session, firm.id) is not None,
        tuple(blocks_of_firm(session, firm)), tuple((pools.pledge_facts(row), there[row.pool_id]) for row in asked),
        sum(each.state in OPEN_DEMANDS for each in _demands(session, firm.id)), tuple(nearly_there(session, today=today)),
        usual_answer(session, now=now),
    )


def demands_of_firm(session: Session, actor: Actor, slug: str) -> tuple[Firm, list[DemandFacts]]:
    """Return what a firm asked, the newest first, for who acts for it. Raises FirmNotFound."""
    firm = firm_to_act_for(session, actor, slug)
    return firm, _demands(session, firm.id)


def _demands(session: Session, firm_id: UUID) -> list[DemandFacts]:
    rows = session.scalars(select(Demand).where(Demand.organisation_id == firm_id, Demand.state != DemandState.UNPROVEN).order_by(Demand.id.desc()))
    return demands.facts_of(session, rows)


def nearly_there(session: Session, *, today: date, most: int = 5) -> list[NearlyThere]:
    """Return the pools that lack few seats at their best moment, the nearest first; among the newest that gather."""
    rows = session.scalars(
        select(Pool).where(Pool.state.in_(_GATHERS), Pool.deadline >= today).order_by(Pool.id.desc()).limit(_MOST_POOLS),
    ).all()
    pledges: dict[UUID, list[PledgeFacts]] = {}
    wanted = select(Pledge).where(Pledge.pool_id.in_([row.id for row in rows]), Pledge.state.in_(COUNTING_PLEDGES)).order_by(Pledge.id)
    for row in session.scalars(wanted) if rows else ():
        pledges.setdefault(row.pool_id, []).append(pools.pledge_facts(row))
    found = [
        NearlyThere(pools.facts_of(row), pools.standing_of(pledges.get(row.id, ()), row.threshold, row.price))
        for row in rows if row.id in pledges
    ]
    near = [one for one in found if one.standing.best is not None and 0 < one.standing.short <= _NEARLY]
    return sorted(near, key=lambda one: (one.standing.short, one.pool.deadline, one.pool.code))[:most]


def usual_answer(session: Session, *, now: datetime) -> int | None:
    """Return in how many working days nine out of ten questions of the last quarter had their first answer; None when there were too few to say."""
    rows = session.execute(
        select(Demand.proven_at, Demand.answered_at)
        .where(Demand.answered_at > now - _COUNTED, Demand.proven_at.is_not(None)).order_by(Demand.answered_at.desc()).limit(_MOST_ANSWERS),
    )
    usual = enrolment.nine_in_ten([enrolment.working_time(asked, answered) for asked, answered in rows if asked and answered])
    return None if usual is None else enrolment.working_days(usual)


def progress_in(session: Session, firm: Firm, blocks: Sequence[BlockInWork]) -> dict[UUID, enrolment.Progress]:
    """Return how the people of a firm fare, by enrolment: of each only what they let it see, now."""
    seats = [each for there in blocks for each in there.seats]
    people = {each.person_id for each in seats}

    def of_who_allow(purpose: Purpose) -> set[UUID]:
        allow = accounts.who_allow(session, organisation_id=firm.id, person_ids=people, purpose=purpose)
        return {each.enrolment_id for each in seats if each.person_id in allow}
    attendance, results = of_who_allow(Purpose.PROGRESS_TO_EMPLOYER), of_who_allow(Purpose.RESULT_TO_EMPLOYER)
    return enrolment.progress_of(session, attendance=attendance, results=results) if attendance or results else {}
