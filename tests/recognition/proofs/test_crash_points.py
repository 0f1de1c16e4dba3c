"""SIGKILL before and after every statement and commit of recognition: a step is gone wholly or not at all, and once more makes one effect.

The points are counted, not drawn. What is killed before its commit leaves every row of every table as it was, so that the next point needs no new ground.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from academy.accounts.api import Actor
from academy.kernel import db, outbox
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.money import Money
from academy.kernel.outbox import OutboxMessage
from academy.recognition.kinds import FileState, InstrumentKind
from academy.recognition.models import (
    AssessorSlot,
    Credit,
    Decision,
    DecisionAnswer,
    DecisionDraft,
    DecisionSignature,
    Evidence,
    FileEvidence,
    FileShare,
    FileStep,
    InstrumentAnswer,
    InstrumentUse,
    PrecedentCount,
    PrecedentRow,
    RecognisedTotal,
    RecognitionFile,
    Report,
    ReportAnswer,
    ReportEvidence,
    StoredFileGone,
    Terms,
)
from academy.recognition.service import slots
from academy.recognition.service.slots import SlotDraft
from tests import tables
from tests.employers.proofs.test_crash_points import _rows
from tests.enrolment.proofs.test_crash_points import Doomed
from tests.recognition.proofs import crashing
from tests.recognition.world import SLUG, World, make_world

ROOT = Path(__file__).resolve().parents[3]
MOST_POINTS = 2_000
F = FileState
Order = dict[str, Any]


@pytest.fixture(scope="module")
def doomed(database_url: str) -> Iterator[Doomed]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.recognition.proofs.crashing", database_url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
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

    world: World
    actor: Actor

    def order(self, what: str, file_id: UUID, **named: str) -> Order:
        return {"what": what, "now": self.world.now.isoformat(), "code": self.world.facts(file_id).code, "file_id": file_id.hex, **named}


def _file(ground: Ground, state: FileState, actor: Actor, what: str) -> Order:
    ground.actor = actor
    return ground.order(what, ground.world.file(state, evidence=[ground.world.diploma()]).id)


def _to_book(ground: Ground) -> Order:
    world, begins = ground.world, ground.world.now + timedelta(days=2)
    world.run(slots.offer_slots, actor=world.assessor, provider_slug=SLUG, draft=SlotDraft(InstrumentKind.INTERVIEW, (begins,), timedelta(minutes=45), where="Lokaal 2"))
    with world.database.reading() as session:
        code = session.scalars(select(AssessorSlot.code)).one()
    return _file(ground, F.ASSESSED, world.learner, "book") | {"slot": code}


def _decided(ground: Ground) -> UUID:
    order = _file(ground, F.EXEMPTION_REQUESTED, ground.world.board, "decide")
    with ground.world.database.writing() as session:
        crashing.act(session, ground.actor, **order)
    return UUID(order["file_id"])


def _to_revise(ground: Ground) -> Order:
    return ground.order("revise", _decided(ground))


def _to_archive(ground: Ground) -> Order:
    file_id = _decided(ground)
    ground.world.pass_time(days=100)
    ground.actor = ground.world.person("Kim Klok")  # the clock has no sign-in; the process wants one that is still good
    return ground.order("archive", file_id)


def _to_sign(ground: Ground) -> Order:
    world = ground.world
    with world.database.writing() as session:
        session.add(Terms(provider_id=world.provider_id, most_ec=None, signatures=2, fee=Money(0), changed_at=world.now))
    order = _file(ground, F.EXEMPTION_REQUESTED, world.board, "decide")
    with world.database.writing() as session:
        crashing.act(session, ground.actor, **order)
    ground.actor = world.other_of_board
    return order | {"what": "sign"}


CASES: dict[str, Callable[[Ground], Order]] = {
    "ask for a guide": lambda ground: _file(ground, F.DRAFT, ground.world.learner, "ask"),
    "book an interview": _to_book,
    "judge a portfolio": lambda ground: _file(ground, F.ASSESSMENT_PLANNED, ground.world.assessor, "judge"),
    "issue a report": lambda ground: _file(ground, F.SECOND_DONE, ground.world.assessor, "report"),
    "ask the board": lambda ground: _file(ground, F.REPORT_ISSUED, ground.world.learner, "request"),
    "decide": lambda ground: _file(ground, F.EXEMPTION_REQUESTED, ground.world.board, "decide"),
    "sign as the second": _to_sign,
    "revise": _to_revise,
    "withdraw": lambda ground: _file(ground, F.SECOND_PLANNED, ground.world.learner, "withdraw"),
    "archive": _to_archive,
}


def _picture(database: Database) -> tuple[Counter[tuple[Any, ...]], ...]:
    """Return all that is true, without ids and moments."""
    with database.reading() as session:
        wanted = (
            select(RecognitionFile.state, RecognitionFile.decision_id.is_(None), RecognitionFile.stated_at.is_(None), RecognitionFile.guide_signed_at.is_(None)),
            select(FileStep.from_state, FileStep.to_state, FileStep.who),
            select(AssessorSlot.kind, AssessorSlot.capacity, AssessorSlot.taken),
            select(InstrumentUse.kind, InstrumentUse.done_at.is_(None), InstrumentUse.called_off_at.is_(None)),
            select(InstrumentAnswer.judgement, InstrumentAnswer.reason),
            select(Report.file_id.is_(None)), select(ReportAnswer.judgement), select(ReportEvidence.title),
            select(Decision.state, Decision.ground, Decision.counts, Decision.beyond, Decision.replaces_id.is_(None)),
            select(DecisionAnswer.judgement, DecisionAnswer.ec), select(DecisionSignature.decision_id.is_(None)), select(DecisionDraft.file_id.is_(None)),
            select(Credit.ec, Credit.ended_at.is_(None)), select(RecognisedTotal.ec),
            select(PrecedentRow.judgement, PrecedentRow.ended_at.is_(None)), select(PrecedentCount.judgement, PrecedentCount.number),
            select(Evidence.kind), select(FileEvidence.file_id.is_(None)), select(FileShare.taken_back_at.is_(None)), select(StoredFileGone.stored_name),
            select(OutboxMessage.event, OutboxMessage.subscriber),
        )
        return tuple(Counter(tuple(row) for row in session.execute(each)) for each in wanted)


def _again(ground: Ground, order: Order) -> tuple[Counter[tuple[Any, ...]], ...]:
    """Do it again, as somebody who sends the form again; returns how it is then."""
    with suppress(Refusal), ground.world.database.writing() as session:
        crashing.act(session, ground.actor, **order)
    return _picture(ground.world.database)


def _survives(database: Database, now: datetime, doomed: Doomed, case: str, *, stride: int = 1) -> int:
    """Kill a case at every so-manyth point until it comes to its end; returns at how many."""

    def begin() -> tuple[Ground, Order]:
        tables.empty(database)
        db.set_database(database)
        world = make_world(database, now)
        ground = Ground(world, world.learner)
        return ground, CASES[case](ground)

    ground, order = begin()
    was = _picture(database)
    done = _again(ground, order)
    assert was != done
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


def test_killed_while_it_is_decided_and_done_again_it_is_decided_once(database: Database, now: datetime, doomed: Doomed) -> None:
    assert _survives(database, now, doomed, "decide", stride=41) > 1
