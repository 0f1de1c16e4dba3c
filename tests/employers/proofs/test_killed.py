"""kill -9 of the worker in the midst of its rounds: every pool whose time is up is founded once, every class that was chosen is ordered once.

The worker that comes after finishes the work; nothing is owed twice, nothing stays half.
"""

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from academy.catalogue import api as catalogue
from academy.config import Settings
from academy.employers import subscribers
from academy.employers.kinds import DemandState, PledgeState, PoolState, RequestState
from academy.employers.models import Demand, Pledge, Pool, PoolStep, TailoredRequest
from academy.funding.api import BlockState
from academy.funding.models import FundedBlock
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.outbox import MessageState, OutboxMessage
from tests.employers.market import DAY, PRICE, SLUG, Firm, Market, open_market
from tests.employers.proofs.holds import check
from tests.employers.tailoring import Atelier, add_provider
from tests.enrolment.proofs.test_killed import Mortal
from tests.journeys.conftest import ACADEMY, environment

POOLS, CHOSEN, LATE = 24, 12, 6
KILL_AFTER = (3, 8, CHOSEN + 4, CHOSEN + 12)  # classes that are ordered or founded: the worker hears its news before it looks at its clocks
LEASE = 4  # in seconds
pytestmark = pytest.mark.slow


@pytest.fixture
def market(database: Database, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Give a market of six days ago: what waits for five days is due for a worker that reads the real clock."""
    monkeypatch.setattr(outbox, "_subscribers", {})
    subscribers.register()
    return open_market(database, datetime.now(UTC) - 6 * DAY)  # noqa: TID251 - the worker reads the real clock


def _worker(settings: Settings, folder: Path) -> subprocess.Popen[bytes]:
    shared = {"DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key, "LOG_LEVEL": "error"}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [ACADEMY, "worker", "--lease", str(LEASE)], env={**environment(folder, 1), **shared}, cwd=folder, stdout=log, stderr=log, start_new_session=True,
        )


def _gather(market: Market, area: int) -> Firm:
    """Let two firms confirm twelve seats in an area, one of them out of a budget, and a third not answer; returns who pays from a budget."""
    market.begin(postcode=f"{area}15")
    rich = market.firm(budget=Money(6 * PRICE.cents))
    pledges = [market.pledge(rich, 6), market.pledge(None, 6), market.pledge(None, 2)]
    market.accept()
    market.confirm(pledges[0], budget_id=market.budget_id(rich))
    market.confirm(pledges[1])
    return rich


def _ask(market: Market) -> Atelier:
    rich = market.firm(budget=Money(6 * PRICE.cents))
    atelier = Atelier(market, rich, market.demand(rich, people=6), {SLUG: market.planner})
    atelier.ask(SLUG, proposals_on=atelier.today + 2 * DAY, questions_on=atelier.today)
    return atelier


def _choose(market: Market) -> Atelier:
    """Let a firm choose a class, which its provider opens: the worker has yet to hear that."""
    atelier = _ask(market)
    atelier.propose()
    code = atelier.choose(budget=str(market.budget_id(atelier.firm)))
    market.run(catalogue.open_for_enrolment, actor=market.planner, provider_slug=SLUG, code=code)
    return atelier


def _number(database: Database, *wanted: object) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(*wanted)) or 0  # type: ignore[arg-type] # conditions


def _until(reached: Callable[[], bool], worker: Mortal, folder: Path, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert worker.process.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.005)


def test_a_worker_that_is_killed_in_its_rounds_leaves_nothing_half_and_the_next_one_finishes_it(
    database: Database, settings: Settings, tmp_path: Path, market: Market,
) -> None:
    add_provider(market, "techniek")
    rich = [_gather(market, area) for area in range(10, 10 + POOLS)]
    ateliers = [_choose(market) for _number_of in range(CHOSEN)]
    for _late in range(LATE):
        _ask(market)

    def founded() -> int:
        return _number(database, Pool.state == PoolState.CONFIRMED)

    def ordered() -> int:
        return _number(database, Demand.state == DemandState.MET, Demand.id.in_([one.demand_id for one in ateliers]))

    worker = Mortal(lambda: _worker(settings, tmp_path))
    seen = []
    try:
        for enough in KILL_AFTER:
            _until(lambda enough=enough: founded() + ordered() >= enough, worker, tmp_path)  # type: ignore[misc] # bound at once
            worker.kill()
            worker.process.wait()
            check(database)
            seen.append(founded() + ordered())
            worker.come_back()
        waiting = (OutboxMessage.state == MessageState.PENDING, OutboxMessage.subscriber.like("employers.%"))
        _until(lambda: founded() == POOLS and not _number(database, *waiting), worker, tmp_path)
        _until(lambda: _number(database, TailoredRequest.state == RequestState.LAPSED) == LATE, worker, tmp_path)
    finally:
        worker.end()
    assert seen[-1] < POOLS + CHOSEN, f"killed in the midst, not after it: {seen}"
    print(f"killed when {seen} of {POOLS + CHOSEN} were done")  # noqa: T201 - a figure
    check(database)
    assert ordered() == CHOSEN
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(PoolStep.to_state == PoolState.CONFIRMED)) == POOLS
        states = Counter(session.scalars(select(Pledge.state)))
        blocks = Counter((row.state, row.seats) for row in session.execute(select(FundedBlock.state, FundedBlock.seats)))
    assert states == {PledgeState.PLACED: 2 * POOLS, PledgeState.LAPSED: POOLS}
    assert blocks == {(BlockState.ORDERED, 6): 2 * POOLS + CHOSEN}
    assert {market.earmarked(firm) for firm in (*rich, *(one.firm for one in ateliers))} == {Money(6 * PRICE.cents)}
