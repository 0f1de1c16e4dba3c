"""How long an audit of a degree of 120 EC takes: by itself for 100,000 made-up learners, and read from a database with what stands in it."""

import random
import secrets
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, insert, select, text
from sqlalchemy.orm import Session

from academy.accounts.models import Person
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, Offering
from academy.enrolment.kinds import EnrolmentState, PoolKind, ResultScale
from academy.enrolment.models import Enrolment, Result, SeatPool
from academy.kernel import migrations
from academy.kernel.clock import utc_now
from academy.kernel.db import Base, Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.pathways.kinds import NodeKind, Standing
from academy.pathways.problem import Credit, Node
from academy.pathways.queries.auditing import audit_everybody, programme_to_audit
from academy.pathways.rules.audit import audit
from benchmarks.outcome import Outcome
from benchmarks.search.asking import percentiles

LEARNERS, QUICK_LEARNERS = 100_000, 2_000
PEOPLE, QUICK_PEOPLE = 20_000, 1_000  # in the database
EACH: Final = 10  # modules that one of them has or follows
MOST: Final[dict[str, float]] = {
    "audit: ms p95": 20, "100,000 learners, by themselves: minutes": 10, "100,000 learners, from the database: minutes": 10,
}
_EC: Final = 50
_NAMES: Final = tuple(f"module-{number:02}" for number in range(40))
_ELSEWHERE: Final = tuple(f"elsewhere-{number:02}" for number in range(16))
_SCHOOL, _OTHER = "windesheim", "aeres"
_TODAY: Final = date(2026, 11, 23)
_WHOLE: Final = 0.9  # of the credits; the others are part of a module
_BATCH: Final = 5_000
_KIND: Final = catalogue.RequirementKind


def measure(*, quick: bool) -> Outcome:
    learners, people = (QUICK_LEARNERS, QUICK_PEOPLE) if quick else (LEARNERS, PEOPLE)
    figures = _by_themselves(learners)
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'academy.db'}")
        try:
            migrations.upgrade(database)
            figures |= _from(database, people)
        finally:
            database.close()
    return Outcome("audit", figures, MOST)


def _by_themselves(learners: int) -> dict[str, float | None]:
    """Audit so many learners with up to 26 credits each, of which about half fit in more places than one."""
    chance = random.Random(1)
    tree = _tree()
    took, worked, cut_short = [], [], 0
    for _learner in range(learners):
        having = _credits(chance)
        begun, begun_work = time.perf_counter(), time.process_time()
        found = audit(tree, having, at_home=600, home=frozenset({_SCHOOL}), least_nlqf="5", valid_years=10, today=_TODAY)
        took.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - begun_work) * 1000)
        cut_short += not found.is_best
    spread, work = percentiles(took), percentiles(worked)
    return {
        "learners": learners, "audit: ms p50": round(spread["p50"], 2), "audit: ms p95": round(spread["p95"], 2), "audit: ms at most": round(max(took), 1),
        "audit: CPU ms p50": round(work["p50"], 2), "audit: CPU ms p95": round(work["p95"], 2), "audit: CPU ms at most": round(max(worked), 1), "not proven to be the best": cut_short,
        "100,000 learners, by themselves: minutes": round(sum(took) / learners * LEARNERS / 60_000, 1),
    }


def _tree() -> Node:
    """Return 120 EC: 80 required, of which a third something elsewhere counts as; 30 of 26 electives, six of which are required too; two of four."""
    required = tuple(_place(f"0.0.{number}", _NAMES[number], *([_ELSEWHERE[number]] if number % 3 == 0 else [])) for number in range(16))
    electives = tuple(_place(f"0.1.{number}", name) for number, name in enumerate(_NAMES[10:36]))
    some = tuple(_place(f"0.2.{number}", name, _ELSEWHERE[0], _ELSEWHERE[3]) for number, name in enumerate(_NAMES[34:38]))
    return Node("0", NodeKind.ALL, items=(
        Node("0.0", NodeKind.ALL, items=required), Node("0.1", NodeKind.CREDITS, 300, items=electives), Node("0.2", NodeKind.NUMBER, 2, items=some),
    ))


def _place(key: str, *modules: str) -> Node:
    return Node(key, NodeKind.MODULE, _EC, modules)


def _credits(chance: random.Random) -> list[Credit]:
    standings = tuple(Standing)
    return [
        Credit(
            module, _SCHOOL if module in _NAMES else _OTHER, _EC, chance.choice(standings), chance.random() < _WHOLE, chance.choice(("5", "5", "5", "6", "4", "")),
            _TODAY - timedelta(days=chance.randrange(4_500)),
        )
        for module in chance.sample((*_NAMES, *_ELSEWHERE), chance.randint(0, 26))
    ]


# From a database


def _from(database: Database, people: int) -> dict[str, float | None]:
    now = utc_now()
    with database.writing() as session:
        programme_id = _lay(session, people, now)
    with database.writing() as session:
        session.execute(text("ANALYZE"))  # as the server does by itself in time
    with database.reading() as session:
        begun, begun_work, found = time.perf_counter(), time.process_time(), 0
        programme = programme_to_audit(session, programme_id, now=now)
        for _done, audits in audit_everybody(session, [programme], now=now):
            found += len(audits)
        took, worked = time.perf_counter() - begun, time.process_time() - begun_work
    if found != people:
        raise RuntimeError(f"{found} audits of {people} people")
    return {
        "people in the database": people, "from the database: ms each": round(took / people * 1000, 2), "from the database: CPU ms each": round(worked / people * 1000, 2),
        "100,000 learners, from the database: minutes": round(took / people * LEARNERS / 60, 1),
    }


def _lay(session: Session, people: int, now: datetime) -> UUID:
    """Make a degree of 120 EC with a class of each of its modules, and people who passed some and follow one."""
    provider_id = catalogue.register_provider(session, catalogue.ProviderDraft(_SCHOOL, "Windesheim in Almere", catalogue.ProviderKind.HBO, city="Almere"))
    catalogue.upsert_modules(session, provider_id=provider_id, drafts=[_module(name) for name in _NAMES], now=now)
    catalogue.upsert_programmes(session, provider_id=provider_id, drafts=[_programme()], now=now)
    [programme] = catalogue.programmes(session, provider_id=provider_id)
    for name in _NAMES:
        catalogue.open_offering(session, provider_id=provider_id, module_external_id=name, draft=_class(now))
    offerings = list(session.scalars(select(Offering.id).join(Module).order_by(Module.external_id)))
    pools = {offering_id: new_id() for offering_id in offerings}
    _fill(session, SeatPool, ({"id": pool, "offering_id": offering, "kind": PoolKind.PUBLIC, "capacity": people, "taken": 0} for offering, pool in pools.items()))
    ids = [new_id() for _number in range(people)]
    _fill(session, Person, (
        {"id": each, "email": f"sam{number}@voorbeeld.nl", "name": "Sam de Vries", "language": "nl", "created_at": now} for number, each in enumerate(ids)
    ))
    chance = random.Random(1)
    followed = [(person, offering, new_id(), place > 0) for person in ids for place, offering in enumerate(chance.sample(offerings, EACH))]
    _fill(session, Enrolment, (
        {
            "id": enrolment, "code": secrets.token_hex(8), "offering_id": offering, "pool_id": pools[offering], "person_id": person, "module_version": 1,
            "state": EnrolmentState.CONFIRMED, "asked_at": now, "confirmed_at": now,
        }
        for person, offering, enrolment, _is_passed in followed
    ))
    _fill(session, Result, (
        {
            "enrolment_id": enrolment, "scale": ResultScale.GRADE_0_10, "grade": "8.0", "is_passed": True, "ec": Decimal(5), "entered_at": now, "entered_by": ids[0],
            "final_at": now, "final_by": ids[1],
        }
        for _person, _offering, enrolment, is_passed in followed if is_passed
    ))
    return programme.id


def _module(name: str) -> catalogue.ModuleDraft:
    return catalogue.ModuleDraft(
        external_id=name, code=name, kind=catalogue.ModuleKind.AD_MODULE, title=Localized(name, name), ec=Decimal(5), nlqf="5", eqf="5", languages=("nl",),
        price=Money(300_00),
    )


def _class(now: datetime) -> catalogue.OfferingDraft:
    begins = now.date() + timedelta(days=30)
    return catalogue.OfferingDraft(
        starts_on=begins, ends_on=begins + timedelta(days=63), periods=(catalogue.PeriodDraft(closes_on=begins - timedelta(days=3)),),
        mode=catalogue.DeliveryMode.ONLINE, language="nl", seats=20, price=Money(300_00),
    )


def _programme() -> catalogue.ProgrammeDraft:
    def draft(node: Node) -> catalogue.RequirementDraft:
        items = tuple(draft(item) for item in node.items)
        title = Localized("Onderdeel", "Part")
        match node.kind:
            case NodeKind.MODULE:
                return catalogue.RequirementDraft(_KIND.MODULE, module=node.modules[0])
            case NodeKind.CREDITS:
                return catalogue.RequirementDraft(_KIND.CREDITS_OF, title, ec=Decimal(node.amount) / 10, items=items)
            case NodeKind.NUMBER:
                return catalogue.RequirementDraft(_KIND.NUMBER_OF, title, number=node.amount, items=items)
            case _:
                return catalogue.RequirementDraft(_KIND.ALL_OF, title, items=items)

    return catalogue.ProgrammeDraft(
        "AD", "AD", Localized("AD", "AD"), ec=Decimal(120), nlqf="5", entry_nlqf="4", ec_at_provider=Decimal(60), requirements=draft(_tree()),
    )


def _fill(session: Session, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, _BATCH)):
        session.execute(insert(cast("Table", table.__table__)), batch)
