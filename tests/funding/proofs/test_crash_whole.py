"""kill -9 between every two steps of the whole: through enrolment, funding and payments, there and back, all ends as if nothing had happened."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy.enrolment import queries as enrolment_queries
from academy.enrolment import service as enrolment
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatPool
from academy.funding import service as funding
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget, CapUse, FundingShare, ShareStep
from academy.kernel import outbox
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.outbox import MessageState, OutboxMessage
from academy.payments import service as payments
from academy.payments.models import Invoice
from tests import tables
from tests.enrolment.desk import open_desk
from tests.funding import money
from tests.funding.proofs import whole
from tests.funding.test_ending import details
from tests.payments.ground import Till
from tests.payments.proofs.crashing import WrittenBank
from tests.payments.proofs.process import Other

ROOT = Path(__file__).resolve().parents[3]
PRICE = 400_00
MOST_STEPS = 300
FEWEST_STEPS = 20
Order = dict[str, str]


@dataclass
class Doomed:
    """The process that dies; the file in which its bank writes is that of this process too."""

    process: "subprocess.Popen[str]"
    log: Path

    def go(self, order: Order, *, step: int, is_broken: bool = False) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"step": step, "is_broken": is_broken, **order}) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def bank(self) -> dict[str, list[int]]:
        """Return what the bank moved, an order that came twice once."""
        return Other(self.process, self.log).bank()


@contextmanager
def _process(database_url: str, log: Path) -> Iterator[Doomed]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.funding.proofs.whole", database_url, str(log)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    yield Doomed(process, log)
    process.communicate(timeout=10)


@pytest.fixture(scope="module")
def doomed(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doomed]:
    with _process(database_url, tmp_path_factory.mktemp("bank") / "log") as process:
        yield process


@pytest.fixture(autouse=True)
def _rooms_hear_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_subscribers", {})
    whole.listen()


@dataclass
class Whole:
    """A class of one seat, of which a fund pays a quarter at once, an employer a quarter after approving, and the learner the rest."""

    till: Till
    order: Order

    def picture(self) -> tuple[object, ...]:
        """Return all that is true, without ids and moments, once it is sure that everything adds up and that nothing is left to do."""
        with self.till.database.reading() as session:
            assert session.scalars(select(OutboxMessage.event).where(OutboxMessage.state != MessageState.DONE)).all() == []
            assert enrolment_queries.audit(session) == [], "seat counters are the live enrolments"
            assert money.adds_up(session), "prices are their shares; budgets and caps what was promised of them"
            seen = _picture(session)
        assert sum(self.till.holds().values()) == 0, "the ledger is in balance"
        return (*seen, *self.till.picture())


def _picture(session: Session) -> tuple[object, ...]:
    wanted = (
        select(Enrolment.state, Enrolment.waits_for, Enrolment.agreed_price),
        select(EnrolmentStep.from_state, EnrolmentStep.to_state, EnrolmentStep.why),
        select(SeatPool.kind, SeatPool.capacity, SeatPool.taken),
        select(FundingShare.kind, FundingShare.amount, FundingShare.refunded, FundingShare.state),
        select(FundingShare.kind, ShareStep.from_state, ShareStep.to_state, ShareStep.note).join(FundingShare, FundingShare.id == ShareStep.share_id),
        select(Budget.amount, Budget.earmarked, Budget.spent),
        select(CapUse.year, CapUse.used),
        select(Invoice.credits_id.is_(None), Invoice.gross, Invoice.number),
    )
    return tuple(Counter(tuple(row) for row in session.execute(each)) for each in wanted)


def _open(database: Database, now: datetime) -> Whole:
    tables.empty(database)
    desk = open_desk(database, now, seats=1, price=PRICE)
    desk.set_offering(cancel_free_days=60, cancel_late_percent=50)
    learner = desk.learner()
    with database.writing() as session:
        mine = enrolment.hold_seat(session, actor=learner, offering_code=desk.code, request_key=None, now=now)
        fund = money.source(session, now, percentage=2_500, position=1, cap_person_year=Money(500_00))
        firm = money.source(
            session, now, kind=SourceKind.EMPLOYER, slug="firma", percentage=2_500, position=2, needs_approval=True, emails=(learner.email,),
        )
        details(session, now, desk.provider_id, fund.owner_id, firm.owner_id)
    funding.forget_rules()
    till = Till(database, WrittenBank(Path("unused")), learner, desk.provider_id, now)
    till.connect()
    return Whole(till, {
        "learner": str(learner.sign_in_id), "firm": str(firm.keeper.sign_in_id), "planner": str(desk.planner.sign_in_id), "mine": mine,
        "offering": desk.code, "now": now.isoformat(),
    })


def _restart(there: Whole, doomed: Doomed, order: Order) -> None:
    """Begin again as the world does: leases run out, the worker comes round, the learner presses again, the bank tells again."""
    with there.till.database.writing() as session:
        session.execute(update(OutboxMessage).values(locked_until=None))
    payments.set_gateway(WrittenBank(doomed.log))
    payments.set_return_pages(lambda code, language: (f"https://academy.test/{language}/{code}/back", f"https://academy.test/{language}/{code}"))
    whole.go(**{**order, "now": (there.till.now + timedelta(minutes=2)).isoformat()})


FULL = {"visit": [200_00], "transfer": [200_00]}
# The way, what the bank has moved at its end, and each payer's share: how much went back, and where it stands. The fund and the firm pay first.
CASES: dict[str, tuple[dict[str, list[int]], list[tuple[int, str]]]] = {
    "to a seat": (FULL, [(0, "invoiced"), (0, "invoiced"), (0, "paid")]),
    "cancel": (FULL | {"refund": [200_00], "reversal": [200_00]}, [(0, "invoiced"), (0, "invoiced"), (200_00, "reclaimed")]),
    "withdraw": (FULL | {"refund": [200_00], "reversal": [200_00]}, [(100_00, "reclaimed"), (100_00, "reclaimed"), (200_00, "reclaimed")]),
    "call off": (FULL | {"refund": [200_00], "reversal": [200_00]}, [(100_00, "reclaimed"), (100_00, "reclaimed"), (200_00, "reclaimed")]),
}


def _begin(database: Database, doomed: Doomed, way: str) -> tuple[Whole, Order]:
    doomed.log.unlink(missing_ok=True)
    there = _open(database, utc_now())  # the worker has no other clock
    if way != "to a seat":
        _restart(there, doomed, {**there.order, "way": "to a seat"})
    return there, {**there.order, "way": way}


def _end(there: Whole, doomed: Doomed, order: Order) -> tuple[object, ...]:
    _restart(there, doomed, order)
    assert doomed.bank() == CASES[order["way"]][0], "nobody is charged twice, and nothing goes back twice"
    return there.picture()


@pytest.mark.slow
@pytest.mark.parametrize("way", CASES)
def test_killed_between_any_two_steps_of_the_whole_and_begun_again_all_ends_as_without(database: Database, doomed: Doomed, way: str) -> None:
    there, order = _begin(database, doomed, way)
    done = _end(there, doomed, order)
    with database.reading() as session:
        rows = session.execute(select(FundingShare.refunded, FundingShare.state).order_by(FundingShare.position)).all()
        assert [(row.refunded.cents, row.state.value) for row in rows] == CASES[way][1]
        assert session.scalar(select(func.sum(SeatPool.taken))) == (1 if way == "to a seat" else 0)
    for step in range(1, MOST_STEPS):
        there, order = _begin(database, doomed, way)
        answer = doomed.go(order, step=step)
        assert answer in {"killed", "ended"}
        assert _end(there, doomed, order) == done, f"{way}, killed at step {step}"
        if answer == "ended":
            assert step > FEWEST_STEPS, "it was killed at many steps"
            print(f"{way}: killed at {step - 1} steps")  # noqa: T201 - a figure
            return
    pytest.fail("there is no end to it")


@pytest.mark.slow
def test_news_that_is_marked_before_it_is_acted_on_loses_money_in_a_crash(database: Database, doomed: Doomed) -> None:
    """The negative control: the proof above sees it."""
    there, order = _begin(database, doomed, "cancel")
    done = _end(there, doomed, order)
    for step in range(1, MOST_STEPS):
        there, order = _begin(database, doomed, "cancel")
        assert doomed.go(order, step=step, is_broken=True) == "killed", "it is seen before the end"
        try:
            if _end(there, doomed, order) != done:
                return
        except AssertionError:  # what should have gone back did not
            return
