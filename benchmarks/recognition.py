"""What a board decided before, the value meter, and one file on the board's screen, at 100,000 decisions of one board, of which 38,000 on one pattern."""

import random
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, insert, select, text, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module
from academy.kernel import migrations
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Base, Database
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.recognition.kinds import (
    DecisionGround,
    DecisionState,
    EvidenceKind,
    FileState,
    InstrumentKind,
    Judgement,
    Route,
)
from academy.recognition.models import (
    Decision,
    Evidence,
    EvidenceFor,
    FileEvidence,
    FileOutcome,
    InstrumentUse,
    PrecedentCount,
    PrecedentRow,
    RecognitionFile,
)
from academy.recognition.queries.board_file import board_file
from academy.recognition.queries.meter import meter_of
from academy.recognition.queries.outcomes import ModuleToClaim, modules_to_claim
from academy.recognition.queries.precedents import found_for
from academy.recognition.rules.patterns import Pattern, Precedent, Shown, repeatable_until, tally
from academy.recognition.service.remembering import AT_ONCE, expire
from benchmarks.enrol.ground import statements
from benchmarks.outcome import Outcome
from benchmarks.search.asking import percentiles
from benchmarks.sign_in import own_database

DECISIONS, QUICK_DECISIONS = 100_000, 20_000
POPULAR: Final = 38  # per cent of them, on one pattern
OUTCOMES: Final = 24
PIECES: Final = 200  # of evidence, in the file on the screen
_ROUNDS, _QUICK_ROUNDS = 200, 40
_SLUG: Final = "windesheim"
_BATCH: Final = 5_000
_PAPERS: Final = 400  # other papers that are decided on
_SAME: Final = 0.3  # of the other decisions, those on the diploma
_CREBO: Final = Shown(EvidenceKind.DIPLOMA, "CREBO", "25648")
MOST: Final[dict[str, float]] = {
    "24 patterns: ms p95": 50, "24 patterns while some ended: ms p95": 50, "value meter of 24 outcomes: ms p95": 3_000, "board screen: SQL": 12,
    "24 patterns: SQL": 3,
}


@dataclass(frozen=True)
class Ground:
    """A board with its memory, and one file that waits for it."""

    module: ModuleToClaim
    board: Actor
    learner: UUID
    file_id: UUID
    code: str
    now: datetime

    @property
    def today(self) -> date:
        return amsterdam_day(self.now)

    @property
    def patterns(self) -> list[Pattern]:
        """What is asked at once: every outcome on the same diploma, the first of which is the popular one."""
        return [self.pattern(place, _CREBO) for place in range(OUTCOMES)]

    def pattern(self, place: int, shown: Shown) -> Pattern:
        outcome = self.module.outcomes[place]
        return Pattern(outcome.id, outcome.wording.nl, frozenset({shown}))


def measure(*, quick: bool, postgres: str = "") -> Outcome:
    """Measure on SQLite, and on a database of its own on the server at `postgres` (a URL) when that is given."""
    rounds, decisions = (_QUICK_ROUNDS, QUICK_DECISIONS) if quick else (_ROUNDS, DECISIONS)
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        figures = _figures("SQLite", f"sqlite:///{Path(folder) / 'academy.db'}", rounds, decisions)
        with own_database(postgres) if postgres else nullcontext("") as url:
            if url:
                figures |= _figures("PostgreSQL", url, rounds, decisions)
    places = ("SQLite", "PostgreSQL") if postgres else ("SQLite",)
    return Outcome("recognition", {"decisions": decisions} | figures, {f"{where}, {name}": most for where in places for name, most in MOST.items()})


def _figures(where: str, url: str, rounds: int, decisions: int) -> dict[str, float | None]:
    database = Database(url)
    try:
        migrations.upgrade(database)
        return {f"{where}, {name}": figure for name, figure in _figures_on(database, rounds, decisions).items()}
    finally:
        database.close()


def _figures_on(database: Database, rounds: int, decisions: int) -> dict[str, float | None]:
    begun = time.perf_counter()
    with database.writing() as session:
        ground = _lay(session, utc_now(), decisions)
    with database.writing() as session:
        session.execute(text("ANALYZE"))  # as the server does by itself in time
    figures: dict[str, float | None] = {"made, in seconds": round(time.perf_counter() - begun, 1)}
    figures |= _asked(database, rounds, "24 patterns", lambda session: found_for(session, ground.module.provider_id, ground.patterns, ground.today))
    figures["the same, counted one by one: ms"] = _one_by_one(database, ground)
    figures |= _asked(database, rounds, "value meter of 24 outcomes", lambda session: _meter(session, ground))
    figures |= _asked(
        database, max(rounds // 4, 10), "board screen", lambda session: board_file(session, ground.board, _SLUG, ground.code, now=ground.now),
    )
    later = ground.today + timedelta(days=1)
    with database.writing() as session:  # half a round of the popular pattern ends today
        some = select(PrecedentRow.decision_id).where(PrecedentRow.key == ground.patterns[0].key).limit(AT_ONCE // 2)
        session.execute(update(PrecedentRow).where(PrecedentRow.decision_id.in_(some)).values(valid_until=ground.today))
        session.execute(update(PrecedentCount).where(PrecedentCount.key == ground.patterns[0].key).values(soonest_end=ground.today))
    figures |= _asked(database, rounds, "24 patterns while some ended", lambda session: found_for(session, ground.module.provider_id, ground.patterns, later))
    begun = time.perf_counter()
    with database.writing() as session:
        expire(session, ground.now + timedelta(days=1))
    figures["taking 250 off: ms"] = round((time.perf_counter() - begun) * 1000, 1)
    return figures


def _asked(database: Database, rounds: int, name: str, ask: Callable[[Session], object]) -> dict[str, float | None]:
    """Ask so often, each time in a transaction of its own; the first time, with cold caches, does not count."""
    took, worked = [], []
    for _round in range(rounds + 1):
        with database.reading() as session:
            begun, begun_work = time.perf_counter(), time.process_time()
            ask(session)
            took.append((time.perf_counter() - begun) * 1000)
            worked.append((time.process_time() - begun_work) * 1000)
    with database.reading() as session, statements() as seen:
        ask(session)
    found = percentiles(took[1:])
    return {
        f"{name}: ms p50": round(found["p50"], 1), f"{name}: ms p95": round(found["p95"], 1), f"{name}: CPU ms": round(percentiles(worked[1:])["p50"], 1),
        f"{name}: SQL": len(seen),
    }


def _meter(session: Session, ground: Ground) -> object:
    module = modules_to_claim(session, [ground.module.id])[ground.module.id]
    return meter_of(session, module, person_id=ground.learner, hours_a_week=8)


def _one_by_one(database: Database, ground: Ground) -> float:
    """Return in how many milliseconds the popular pattern is counted by reading all of its precedents, and check that both find the same."""
    key = ground.patterns[0].key
    with database.reading() as session:
        begun = time.perf_counter()
        rows = session.execute(
            select(PrecedentRow.decision_id, PrecedentRow.judgement, PrecedentRow.decided_on, PrecedentRow.valid_until, PrecedentRow.part)
            .where(PrecedentRow.provider_id == ground.module.provider_id, PrecedentRow.key == key, PrecedentRow.ended_at.is_(None)),
        )
        again = tally((Precedent(*row) for row in rows), ground.today)
        took = (time.perf_counter() - begun) * 1000
        found = found_for(session, ground.module.provider_id, ground.patterns, ground.today)[key].given
    if [(each.judgement, each.number) for each in found] != [(each.judgement, each.number) for each in again]:
        raise RuntimeError("counted beforehand is not what counting finds")
    return round(took, 1)


# What it is measured on


def _lay(session: Session, now: datetime, decisions: int) -> Ground:
    provider_id = catalogue.register_provider(session, catalogue.ProviderDraft(_SLUG, "Windesheim in Almere", catalogue.ProviderKind.HBO, city="Almere"))
    catalogue.upsert_modules(session, provider_id=provider_id, drafts=[_module()], now=now)
    module_id = session.scalars(select(Module.id)).one()
    module = modules_to_claim(session, [module_id])[module_id]
    people = [_person(session, number, now) for number in range(4)]
    accounts.add_membership(session, person_id=people[1], organisation_id=provider_id, role=Role.EXAM_BOARD)
    board = Actor(people[1], new_id(), "Bea Bestuur", "sam1@voorbeeld.nl", "nl")
    file_id, code = _file(session, module, people, now)
    ground = Ground(module, board, people[0], file_id, code, now)
    _remember(session, ground, decisions)
    return ground


def _module() -> catalogue.ModuleDraft:
    return catalogue.ModuleDraft(
        external_id="NET-01", code="NET-01", kind=catalogue.ModuleKind.AD_MODULE, title=Localized("Netwerkbeheer", "Network management"),
        summary=Localized("Na deze module kun je een netwerk beheren.", "After this module you can manage a network."),
        description=Localized("Je leert hoe een netwerk werkt. " * 10, "You learn how a network works. " * 10), ec=Decimal(30), nlqf="5", eqf="5",
        languages=("nl",), sectors=("ict",), price=Money(2_000_00),
        outcomes=tuple(catalogue.OutcomeDraft(Localized(f"Je richt netwerk {number} in.", f"You set up network {number}.")) for number in range(OUTCOMES)),
    )


def _person(session: Session, number: int, now: datetime) -> UUID:
    return accounts_service.register_person(session, email=f"sam{number}@voorbeeld.nl", name="Sam de Vries", password=None, language="nl", now=now)


def _file(session: Session, module: ModuleToClaim, people: list[UUID], now: datetime) -> tuple[UUID, str]:
    """Write a file that waits for the board, with 200 pieces of evidence of which each is for three outcomes, the diploma for all."""
    file_id, code = new_id(), short_code()
    learner, _member, guide, assessor = people
    session.add(RecognitionFile(
        id=file_id, code=code, person_id=learner, module_id=module.id, module_version=module.version, provider_id=module.provider_id, route=Route.EDUCATION,
        state=FileState.EXEMPTION_REQUESTED, since=now, idle_since=now, guide_id=guide, learner_signed_at=now, guide_signed_at=now, stated_at=now, fee=FREE, made_at=now,
    ))
    session.flush()
    _fill(session, FileOutcome, (
        {"file_id": file_id, "outcome_id": each.id, "position": place, "wording": each.wording, "worth": each.worth} for place, each in enumerate(module.outcomes)
    ))
    _fill(session, InstrumentUse, (
        {
            "id": new_id(), "file_id": file_id, "kind": kind, "assessor_id": assessor, "begun_at": now, "done_at": now,
            "planned_at": None if kind is InstrumentKind.PORTFOLIO else now,
        }
        for kind in (InstrumentKind.PORTFOLIO, InstrumentKind.INTERVIEW)
    ))
    pieces = [new_id() for _number in range(PIECES)]
    diploma = {"kind": EvidenceKind.DIPLOMA, "source": _CREBO.source, "code": _CREBO.code}
    work = {"kind": EvidenceKind.WORK, "source": "", "code": ""}
    _fill(session, Evidence, (
        {"id": each, "person_id": learner, "title": f"Bewijs {number}", "added_at": now, **(work if number else diploma)} for number, each in enumerate(pieces)
    ))
    _fill(session, FileEvidence, ({"file_id": file_id, "evidence_id": each, "added_at": now} for each in pieces))
    _fill(session, EvidenceFor, (
        {"file_id": file_id, "evidence_id": each, "outcome_id": module.outcomes[place % OUTCOMES].id}
        for number, each in enumerate(pieces) for place in (range(number, number + 3) if number else range(OUTCOMES))
    ))
    return file_id, code


def _remember(session: Session, ground: Ground, number_of: int) -> None:
    """Write decisions of one outcome each: 38 per cent on one pattern, the others on that diploma or on one of four hundred papers; and their counts."""
    by_chance = random.Random(1)
    counts: Counter[tuple[str, Judgement]] = Counter()
    decisions, precedents = [], []
    papers = [Shown(EvidenceKind.COMPANY_COURSE, "Zilvermeeuw Techniek", str(number)) for number in range(_PAPERS)]
    keys = {(place, paper): ground.pattern(place, paper).key for place in range(OUTCOMES) for paper in (_CREBO, *papers)}
    popular = number_of * POPULAR // 100
    for number in range(number_of):
        place = 0 if number < popular else by_chance.randrange(1, OUTCOMES)
        paper = _CREBO if number < popular or by_chance.random() < _SAME else by_chance.choice(papers)
        judgement = Judgement.YES if place % 5 else by_chance.choices((Judgement.YES, Judgement.NO), (9, 1))[0]
        day = ground.today - timedelta(days=by_chance.randrange(1_500))
        decision_id, key = new_id(), keys[place, paper]
        decisions.append(_decision(ground, decision_id, ground.now - timedelta(days=(ground.today - day).days)))
        precedents.append({
            "decision_id": decision_id, "outcome_id": ground.module.outcomes[place].id, "provider_id": ground.module.provider_id, "key": key, "is_documentary": True,
            "judgement": judgement, "decided_on": day, "valid_until": repeatable_until(day),
        })
        counts[key, judgement] += 1
    _fill(session, Decision, iter(decisions))
    _fill(session, PrecedentRow, iter(precedents))
    _fill(session, PrecedentCount, (
        {
            "provider_id": ground.module.provider_id, "key": key, "judgement": judgement, "part_key": "", "number": number,
            "soonest_end": ground.today + timedelta(days=1),
        }
        for (key, judgement), number in counts.items()
    ))


def _decision(ground: Ground, decision_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": decision_id, "number": secrets.token_hex(8), "ground": DecisionGround.FILE, "file_id": ground.file_id, "person_id": ground.learner,
        "module_id": ground.module.id, "provider_id": ground.module.provider_id, "state": DecisionState.GRANTED, "decided_at": at, "appeal_until": at,
        "counts": Decimal(1), "beyond": Decimal(0), "digest": "0" * 64,
    }


def _fill(session: Session, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, _BATCH)):
        session.execute(insert(cast("Table", table.__table__)), batch)
