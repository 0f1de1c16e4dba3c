"""How far people are with a programme, by what is on record: one person, hundreds at once, and counted at the command line without telling of few."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from click.testing import CliRunner, Result

from academy.pathways.cli import commands
from academy.pathways.kinds import Standing
from academy.pathways.models import CreditRule
from academy.pathways.queries.auditing import (
    audit_everybody,
    audit_of,
    audits_of_many,
    people_to_audit,
    programme_to_audit,
)
from academy.pathways.rules.audit import Audit
from tests.pathways.world import World

Budget = Callable[[int], AbstractContextManager[list[str]]]


def audited(world: World) -> Audit:
    with world.database.reading() as session:
        return audit_of(session, world.learner.person_id, world.programme_id, now=world.now)


def test_an_audit_says_what_is_there_and_what_is_missing(world: World) -> None:
    world.passed(world.learner, "NET-01", "mon")
    world.recognised(world.learner, "PRG-01")
    world.recognised(world.learner, "DAT-01", outcomes=1)
    world.enrol(world.learner, "UX-01", "tue")
    found = audited(world)
    assert {standing: ec for standing, ec in found.counted.items() if ec} == {Standing.OBTAINED: 50, Standing.RECOGNISED: 75, Standing.IN_PROGRESS: 50}
    assert found.missing == 300 - 175
    assert found.lines["0.0.0"].is_complete
    assert not found.lines["0.0.3"].is_complete
    assert (found.at_home, found.at_home_needed, found.is_complete) == (100, 150, False)


def test_what_counts_as_a_module_counts_in_an_audit(world: World) -> None:
    world.passed(world.learner, "NETA-01", "wed")
    assert not audited(world).lines["0.0.0"].is_complete
    world.equivalence("NET-01", "Aeres Hogeschool", "NETA-01")
    assert audited(world).lines["0.0.0"].modules == (world.slugs["NETA-01"],)


def test_the_rule_of_the_programme_decides_what_counts(world: World) -> None:
    world.passed(world.learner, "NET-01", "mon")
    with world.database.writing() as session:
        session.add(CreditRule(programme_id=world.programme_id, least_nlqf="6", changed_at=world.now))
    assert sum(audited(world).counted.values()) == 0


def test_many_people_take_as_many_statements_as_two(world: World, queries: Budget) -> None:
    people = [world.person(f"Persoon {number}") for number in range(12)]
    for each in people:
        world.passed(each, "NET-01", "mon")
        world.recognised(each, "PRG-01")
    ids = [each.person_id for each in people]
    with world.database.reading() as session, queries(14):
        found = audits_of_many(session, world.programme_id, ids, now=world.now)
    assert {sum(each.counted.values()) for each in found.values()} == {100}
    with world.database.reading() as session, queries(14):
        audits_of_many(session, world.programme_id, ids[:2], now=world.now)


def test_everybody_with_anything_is_looked_at_once_and_only_whom_a_programme_concerns_is_told(world: World) -> None:
    world.passed(world.learner, "NET-01", "mon")
    world.recognised(world.learner, "PRG-01")
    world.recognised(world.stranger, "DAT-01", outcomes=1)
    world.enrol(world.planner, "NETA-01", "wed")  # no part of the programme
    with world.database.reading() as session:
        everybody = people_to_audit(session, after=None)
        assert everybody == sorted(each.person_id for each in (world.learner, world.stranger, world.planner))
        assert people_to_audit(session, after=everybody[0]) == everybody[1:]
        [(done, found)] = audit_everybody(session, [programme_to_audit(session, world.programme_id, now=world.now)], now=world.now)
    assert done == 3
    assert {person_id for _programme, person_id, _audit in found} == {world.learner.person_id, world.stranger.person_id}


@pytest.fixture
def run(world: World) -> Callable[..., Result]:
    @contextmanager
    def house() -> Iterator[None]:
        yield

    def _run(*words: str) -> Result:
        return CliRunner().invoke(commands(house), ["audit", *words])

    return _run


def test_the_command_hides_groups_of_fewer_than_ten(world: World, run: Callable[..., Result]) -> None:
    for number in range(10):
        world.passed(world.person(f"Persoon {number}"), "NET-01", "mon")
    for key, weekday in (("NET-01", "mon"), ("PRG-01", "tue"), ("PRG-02", "tue"), ("DAT-01", "mon"), ("SEC-01", "mon"), ("UX-01", "tue")):
        world.passed(world.learner, key, weekday)
    found = run("--all", "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == {
        world.programme_slug: {"from 0 EC": 10, "from 30 EC": 0, "from 60 EC": 0, "from 90 EC": 0, "everything": None},
    }
    words = run("--programme", world.programme_slug).stdout
    assert "everything: < 10" in words
    assert "from 0 EC: 10" in words


def test_the_command_tells_one_person_every_requirement(world: World, run: Callable[..., Result]) -> None:
    world.passed(world.learner, "NET-01", "mon")
    world.passed(world.learner, "NETA-01", "wed")
    person = ("--person", str(world.learner.person_id), "--programme", world.programme_slug)
    words = run(*person).stdout
    assert "ad-ict: 5 EC count, 25 EC to do" in words
    assert "0.0.0: complete (obtained 5)" in words
    assert f"does not count: {world.slugs['NETA-01']} 5 EC" in words
    assert json.loads(run(*person, "--json").stdout)["ad-ict"]["missing"] == 25


@pytest.mark.parametrize("words", [(), ("--all", "--programme", "ad-ict")])
def test_the_command_wants_one_programme_or_all(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_programme_that_is_not_there_is_told(run: Callable[..., Result]) -> None:
    found = run("--programme", "nergens")
    assert found.exit_code == 1
    assert "no such programme" in found.stderr
