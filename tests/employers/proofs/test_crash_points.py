"""SIGKILL before and after every statement and commit on the demand side: founded wholly or not at all, and once more makes one effect.

The points are counted, not drawn. What is killed before its commit leaves every row of every table as it was, so that the next point needs no new ground.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from academy.catalogue.models import Module, Offering
from academy.employers import queries, rounds
from academy.employers.kinds import PoolState
from academy.employers.models import (
    Demand,
    Pledge,
    Pool,
    PoolStep,
    Proposal,
    RequestInvite,
    SeatGuest,
    SeatOrder,
    TailoredRequest,
)
from academy.employers.service import requesting
from academy.enrolment.models import Enrolment, SeatPool
from academy.funding.models import Budget, FundedBlock, FundedSeat, FundingShare
from academy.kernel import db, outbox
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.ids import id_in, new_id
from academy.kernel.money import Money
from academy.kernel.outbox import OutboxMessage
from tests import tables
from tests.employers import market as markets
from tests.employers.buying_desk import FIRM, FIVE, open_buying_desk
from tests.employers.market import PRICE, SLUG, Market
from tests.employers.proofs import crashing
from tests.employers.proofs.holds import check
from tests.employers.tailoring import Atelier, open_atelier
from tests.enrolment.proofs.test_crash_points import Doomed

ROOT = Path(__file__).resolve().parents[3]
MOST_POINTS = 2_000
OTHER = "techniek"  # the provider that proposes nothing
RICH = Money(100 * PRICE.cents)
Order = dict[str, Any]


@pytest.fixture(scope="module")
def doomed(database_url: str) -> Iterator[Doomed]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.employers.proofs.crashing", database_url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    yield Doomed(process)
    process.communicate(timeout=10)


@pytest.fixture(autouse=True)
def _all_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_subscribers", {})
    crashing.listen()


@dataclass
class Ground:
    """What there is before a case begins, and who does it."""

    market: Market
    actor: Any = None

    def order(self, what: str, **named: str | int) -> Order:
        return {"what": what, "now": self.market.now.isoformat(), **named}


def _open(database: Database, now: datetime) -> Ground:
    tables.empty(database)
    db.set_database(database)
    market = markets.open_market(database, now)
    return Ground(market, market.planner)


def _twelve(ground: Ground, *, accept: bool = True) -> list[Any]:
    """Let three firms, one with a budget, and a citizen want twelve seats on Tuesday evening, and a firm one on another moment."""
    market = ground.market
    market.gathered(5)
    rich = market.firm(budget=RICH)
    pledges = [market.pledge(rich, 4), market.pledge(None, 2), market.pledge(market.citizen(), 1)]
    market.pledge(None, 1, markets.MORNING)
    with market.database.reading() as session:
        begun = session.scalars(select(Pledge.id).order_by(Pledge.id)).first()
    if accept:
        market.accept()
    return [pledges[0], begun, *pledges[1:]]


def _to_accept(ground: Ground) -> Order:
    _twelve(ground, accept=False)
    return ground.order("accept", pool=ground.market.pool_code, module=ground.market.module_slug)


def _to_confirm_from_a_budget(ground: Ground) -> Order:
    pledge, *_others = _twelve(ground)
    return ground.order("confirm", pledge=str(pledge), budget=_rich(ground))


def _to_confirm_by_invoice(ground: Ground) -> Order:
    _rich_one, pledge, *_others = _twelve(ground)
    return ground.order("confirm", pledge=str(pledge), budget="")


def _rich(ground: Ground) -> str:
    [rich] = [firm for firm in ground.market.firms if firm.source is not None]
    return ground.market.budget_id(rich).hex


def _to_found(ground: Ground) -> Order:
    last, *others = _twelve(ground)
    for one in others:
        ground.market.confirm(one)
    return ground.order("confirm", pledge=str(last), budget=_rich(ground))


def _at_the_deadline(ground: Ground, *, confirming: int, min_seats: int) -> Order:
    pledges = _twelve(ground, accept=False)
    ground.market.accept(min_seats=min_seats)
    for one in pledges[:confirming]:
        ground.market.confirm(one, budget_id=id_in(_rich(ground)) if one == pledges[0] else None)
    pool = ground.market.pool()
    assert pool.confirm_by is not None
    ground.market.now = pool.confirm_by
    return ground.order("decide", pool_id=str(pool.id))


def _to_found_at_the_deadline(ground: Ground) -> Order:
    return _at_the_deadline(ground, confirming=2, min_seats=9)


def _to_be_short_at_the_deadline(ground: Ground) -> Order:
    return _at_the_deadline(ground, confirming=2, min_seats=12)


def _short(ground: Ground) -> Any:
    """Let the firm with a budget confirm four of twelve, and one by invoice five; returns the pledge of the first."""
    _at_the_deadline(ground, confirming=2, min_seats=12)
    ground.market.decide()
    with ground.market.database.reading() as session:
        return session.scalars(select(Pledge.id).where(Pledge.seats == 4)).one()


def _to_pay_the_empty_seats(ground: Ground) -> Order:
    return ground.order("pay empty", pledge=str(_short(ground)), seats=3)


def _to_leave(ground: Ground) -> Order:
    return ground.order("leave", pledge=str(_short(ground)))


def _to_call_off(ground: Ground) -> Order:
    founding = _to_found(ground)
    with ground.market.database.writing() as session:
        crashing.act(session, ground.actor, **founding)
    return ground.order("call off", offering=ground.market.offering().code)


def _to_hear_that_it_is_called_off(ground: Ground) -> Order:
    _at_the_deadline(ground, confirming=2, min_seats=12)
    offering = ground.market.offering()
    with ground.market.database.writing() as session:
        crashing.act(session, ground.actor, **ground.order("call off", offering=offering.code))
    return ground.order("hear that it is called off", offering_id=str(offering.id))


def _to_buy(ground: Ground) -> Order:
    tables.empty(ground.market.database)
    desk = open_buying_desk(ground.market.database, ground.market.now)
    ground.actor = desk.keeper
    return ground.order("buy", firm=FIRM, offering=desk.code, key=str(new_id()), budget=desk.budget_id().hex)


def _to_take_a_seat(ground: Ground) -> Order:
    tables.empty(ground.market.database)
    desk = open_buying_desk(ground.market.database, ground.market.now)
    ground.actor = desk.keeper
    guest, *_others = desk.invite(desk.buy(2), FIVE[0])
    return ground.order("take a seat", guest=str(guest))


def _proposed(ground: Ground, *, of_pool: bool = False, send: bool = True) -> Atelier:
    """Let a firm with a budget, or one that takes part in a pool of nine, ask two providers, of which one proposes and the other does not."""
    atelier = open_atelier(ground.market)
    if of_pool:
        ground.market.gathered(4, 5)
    asker = ground.market.firms[-1].actor
    _code = atelier.ask_for_pool(asker) if of_pool else atelier.ask()
    atelier.run(requesting.decline_invite, actor=atelier.planners[OTHER], provider_slug=OTHER, request_code=atelier.code)
    _code = atelier.propose(min_seats=6) if send else atelier.begin(min_seats=6)
    ground.actor = (asker if of_pool else atelier.firm.actor) if send else ground.market.planner
    return atelier


def _choice(ground: Ground, atelier: Atelier, budget: str) -> Order:
    return ground.order("choose", request=atelier.code, proposal=atelier.proposals[SLUG], budget=budget)


def _to_choose(ground: Ground) -> Order:
    atelier = _proposed(ground)
    return _choice(ground, atelier, str(ground.market.budget_id(atelier.firm)))


def _to_choose_for_a_pool(ground: Ground) -> Order:
    return _choice(ground, _proposed(ground, of_pool=True), "")


def _to_send(ground: Ground) -> Order:
    return ground.order("send", proposal=_proposed(ground, send=False).proposals[SLUG])


def _to_take_back(ground: Ground) -> Order:
    atelier = _proposed(ground)
    with ground.market.database.reading() as session:
        return ground.order("take back", demand=queries.demand_by_id(session, atelier.demand_id).code)


def _to_open(ground: Ground) -> Order:
    atelier = _proposed(ground)
    code = atelier.choose(budget=str(ground.market.budget_id(atelier.firm)))
    ground.actor = ground.market.planner
    return ground.order("open", offering=code)


def _to_hear_that_it_is_open(ground: Ground) -> Order:
    opening = _to_open(ground)
    with ground.market.database.writing() as session:
        crashing.act(session, ground.actor, **opening)
        module_id = session.scalars(select(Offering.module_id).where(Offering.code == opening["offering"])).one()
    return ground.order("hear that it is open", module_id=str(module_id))


CASES: dict[str, Callable[[Ground], Order]] = {
    "accept": _to_accept,
    "confirm from a budget": _to_confirm_from_a_budget,
    "confirm by invoice": _to_confirm_by_invoice,
    "confirm as the last, and found the class": _to_found,
    "found the class at the deadline": _to_found_at_the_deadline,
    "be short at the deadline": _to_be_short_at_the_deadline,
    "pay the empty seats, and found the class": _to_pay_the_empty_seats,
    "leave what is short": _to_leave,
    "call off": _to_call_off,
    "hear that it is called off": _to_hear_that_it_is_called_off,
    "send a proposal": _to_send,
    "choose a proposal out of a budget": _to_choose,
    "choose a proposal for a pool": _to_choose_for_a_pool,
    "take back what was proposed for": _to_take_back,
    "open a class that was chosen": _to_open,
    "hear that it is open": _to_hear_that_it_is_open,
    "buy seats": _to_buy,
    "take a seat as a guest": _to_take_a_seat,
}
FOUNDS = {each: "found the class" in each for each in CASES}


def _rows(database: Database) -> Counter[tuple[str, str]]:
    """Return every row of every table, as text."""
    names = tables._names(database.url.render_as_string(hide_password=False))
    with database.reading() as session:
        return Counter((name, str(tuple(row))) for name in names for row in session.execute(text(f'SELECT * FROM "{name}"')))  # noqa: S608 - names of tables


def _picture(database: Database) -> tuple[Counter[tuple[Any, ...]], ...]:
    """Return all that is true, without ids and moments, once it is sure that all that must hold does."""
    with database.reading() as session:
        wanted = (
            select(Demand.state, Demand.answered_at.is_(None)),
            select(TailoredRequest.state, TailoredRequest.answered_at.is_(None), TailoredRequest.offering_id.is_(None), TailoredRequest.block_id.is_(None)),
            select(RequestInvite.state),
            select(Proposal.state, Proposal.reason, Proposal.sent_at.is_(None)),
            select(Module.kind, Module.state),
            select(Pool.state, Pool.slot, Pool.threshold, Pool.told_short_at.is_(None), Pool.offering_id.is_(None)),
            select(PoolStep.from_state, PoolStep.to_state, PoolStep.note),
            select(Pledge.state, Pledge.party, Pledge.seats, Pledge.block_id.is_(None)),
            select(Offering.state, Offering.guaranteed, Offering.seats),
            select(SeatPool.kind, SeatPool.name, SeatPool.capacity, SeatPool.taken),
            select(FundedBlock.state, FundedBlock.seats, FundedBlock.named),
            select(FundedSeat.price, FundingShare.amount, FundingShare.state).join(FundingShare, FundingShare.seat_id == FundedSeat.id),
            select(Budget.amount, Budget.earmarked, Budget.spent),
            select(Enrolment.state, Enrolment.block_id.is_(None)),
            select(SeatGuest.state, SeatGuest.enrolment_id.is_(None)),
            select(SeatOrder.block_id.is_(None)),
            select(OutboxMessage.event, OutboxMessage.subscriber),
        )
        seen = tuple(Counter(tuple(row) for row in session.execute(each)) for each in wanted)
        called_off = session.scalars(select(Offering.id).where(Offering.state == "cancelled")).all()
    check(database, called_off)
    return seen


def _again(ground: Ground, order: Order) -> tuple[Counter[tuple[Any, ...]], ...]:
    """Do it again as the world does: the form is sent again, the next delivery, the next turn of the clock; returns how it is then."""
    with suppress(Refusal), ground.market.database.writing() as session:
        crashing.act(session, ground.actor, **order)
    for turn in (rounds.decide_pools, rounds.lapse_pools, rounds.start_pools, rounds.look_at_guests):
        turn(ground.market.now)
    return _picture(ground.market.database)


def _survives(database: Database, now: datetime, doomed: Doomed, case: str, *, stride: int = 1) -> int:
    """Kill a case at every so-manyth point until it comes to its end; returns at how many."""

    def begin() -> tuple[Ground, Order]:
        ground = _open(database, now)
        return ground, CASES[case](ground)

    ground, order = begin()
    was = _picture(database)
    done = _again(ground, order)
    assert was != done
    with database.reading() as session:
        assert (PoolState.CONFIRMED in session.scalars(select(Pool.state)).all()) == (FOUNDS[case] or case == "call off")
    ground, order = begin()
    rows, killed = _rows(database), 0
    for point in range(1, MOST_POINTS, stride):
        answer = doomed.do(ground.actor, point=point, **order)
        if answer == "killed" and _rows(database) == rows:
            killed += 1
            continue
        assert answer in {"killed", "ended"}
        assert _again(ground, order) == done, f"{case}, killed at point {point}"
        if answer == "ended":
            return killed
        ground, order = begin()
        rows, killed = _rows(database), killed + 1
    pytest.fail("there is no end to it")


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_killed_at_any_point_and_done_again_it_is_done_once(database: Database, now: datetime, doomed: Doomed, case: str) -> None:
    print(f"{case}: killed at {_survives(database, now, doomed, case)} points")  # noqa: T201 - a figure


def test_killed_while_it_is_chosen_and_done_again_it_is_chosen_once(database: Database, now: datetime, doomed: Doomed) -> None:
    assert _survives(database, now, doomed, "choose a proposal out of a budget", stride=41) > 1


def test_killed_while_it_founds_a_class_and_done_again_it_is_founded_once(database: Database, now: datetime, doomed: Doomed) -> None:
    assert _survives(database, now, doomed, "confirm as the last, and found the class", stride=41) > 1
