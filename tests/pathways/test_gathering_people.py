"""What somebody has, is getting and follows now goes into the question of their pathway, once each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from academy.catalogue.models import Module
from academy.kernel.clock import amsterdam_day
from academy.pathways.facts import Gathered
from academy.pathways.kinds import GoalKind, Match, Standing
from academy.pathways.models import PathwayHas
from academy.pathways.problem import After, Credit, Every, Had, Meeting, Need, Reached
from academy.pathways.queries.credits import credits_of
from academy.pathways.queries.gathering import gather
from academy.recognition.kinds import AgreementState
from academy.recognition.models import Agreement
from academy.recognition.models import Credit as Granted
from tests.pathways.world import AUTUMN, NETWORKS, PROGRAMMING, Class, World

Budget = Callable[[int], AbstractContextManager[list[str]]]
_S = Standing


def asked(world: World, **values: Any) -> Gathered:
    pathway = world.pathway(**{"of": world.learner} | values)
    with world.database.reading() as session:
        return gather(session, pathway, now=world.now)


def needs(found: Gathered) -> dict[str, Need]:
    return dict(found.problem.needs)


def modules(found: Gathered) -> set[str]:
    return {each.module for each in found.problem.courses}


def test_a_final_result_is_had_and_not_taken_again_nor_asked_of_another_module(world: World) -> None:
    world.passed(world.learner, "PRG-01", "tue")
    found = asked(world)
    slug = world.slugs["PRG-01"]
    assert found.problem.had == (Had(slug, world.slug, 50, _S.OBTAINED),)
    assert found.credits == (Credit(slug, world.slug, 50, _S.OBTAINED, is_whole=True, nlqf="5", on=amsterdam_day(world.now)),)
    assert slug not in modules(found)
    assert world.slugs["PRG-02"] not in needs(found)


def test_a_result_that_was_not_enough_and_one_of_somebody_else_are_nothing(world: World) -> None:
    world.passed(world.learner, "PRG-01", "tue", is_passed=False)
    world.passed(world.stranger, "DAT-01", "mon")
    assert asked(world).problem.had == ()


def test_what_was_recognised_whole_counts_as_passed_and_a_part_leaves_the_rest_to_take(world: World) -> None:
    world.recognised(world.learner, "PRG-01")
    world.recognised(world.learner, "DAT-01", outcomes=1)
    found = asked(world)
    whole, part = world.slugs["PRG-01"], world.slugs["DAT-01"]
    assert set(found.problem.had) == {Had(whole, world.slug, 50, _S.RECOGNISED), Had(part, world.slug, 25, _S.RECOGNISED, is_whole=False)}
    assert whole not in modules(found)
    rest = next(each for each in found.problem.courses if each.module == part)
    assert (rest.ec, rest.hours) == (25, (7,))
    assert found.courses[rest.key].ec == Decimal(5)
    assert world.slugs["PRG-02"] not in needs(found)


def test_what_one_follows_is_had_when_it_ends_and_takes_its_time_until_then(world: World) -> None:
    world.enrol(world.learner, "PRG-01", "tue")
    found = asked(world)
    slug = world.slugs["PRG-01"]
    assert found.problem.had == (Had(slug, world.slug, 50, _S.IN_PROGRESS, last=0),)
    assert found.problem.busy == {Meeting(0, 1, 2)}
    assert found.problem.busy_hours[:2] == (14, 0)
    assert slug not in modules(found)
    assert needs(found)[world.slugs["PRG-02"]] == After(slug)  # it has to end first


def test_what_one_follows_and_ends_before_the_first_period_comes_before_everything(world: World) -> None:
    world.enrol(world.learner, "PRG-01", "tue")
    found = asked(world, starts_on=AUTUMN + timedelta(days=120))
    assert found.problem.had == (Had(world.slugs["PRG-01"], world.slug, 50, _S.IN_PROGRESS, last=-1),)
    assert found.problem.busy == frozenset()
    assert world.slugs["PRG-02"] not in needs(found)


def test_the_same_module_by_result_and_recognised_is_had_once(world: World) -> None:
    world.recognised(world.learner, "PRG-01", outcomes=1)
    world.passed(world.learner, "PRG-01", "tue")
    world.recognised(world.learner, "DAT-01", outcomes=1)
    world.enrol(world.learner, "DAT-01", "mon")
    assert {(each.module, each.ec, each.standing) for each in asked(world).problem.had} == {
        (world.slugs["PRG-01"], 50, _S.OBTAINED), (world.slugs["DAT-01"], 50, _S.IN_PROGRESS),
    }


def test_what_somebody_typed_counts_when_it_is_known_to_and_not_when_a_board_has_to_decide(world: World) -> None:
    found = asked(world, of=None, has=[("NET-01", Match.MATCH), ("DAT-01", Match.MAYBE), ("UX-01", Match.MISS)])
    assert found.problem.had == (Had(world.slugs["NET-01"], world.slug, 50, _S.RECOGNISED),)
    assert needs(found)[world.slugs["SEC-01"]] == Reached(100)


def test_fewer_credits_than_the_module_has_are_a_part_of_it(world: World) -> None:
    pathway = world.pathway(has=[("NET-01", Match.MATCH)])
    with world.database.writing() as session:
        session.query(PathwayHas).filter(PathwayHas.pathway_id == pathway.id).one().ec = Decimal("2.5")
    with world.database.reading() as session:
        found = gather(session, world.facts(pathway.id), now=world.now)
    assert found.problem.had == (Had(world.slugs["NET-01"], world.slug, 25, _S.RECOGNISED, is_whole=False),)
    assert needs(found)[world.slugs["SEC-01"]] == Every((After(world.slugs["NET-01"]), Reached(100)))


def test_what_is_on_record_goes_before_what_was_typed(world: World) -> None:
    world.passed(world.learner, "NET-01", "mon")
    assert asked(world, has=[("NET-01", Match.MATCH)]).problem.had == (Had(world.slugs["NET-01"], world.slug, 50, _S.OBTAINED),)


def test_who_has_what_counts_as_a_module_needs_it_no_more(world: World) -> None:
    world.equivalence("PRG-01", "Aeres Hogeschool", "NETA-01")
    world.passed(world.learner, "NETA-01", "wed")
    found = asked(world)
    assert found.problem.had == (Had(world.slugs["NETA-01"], "aeres", 50, _S.OBTAINED),)
    assert world.slugs["PRG-02"] not in needs(found)


def test_of_modules_that_teach_the_same_skill_one_is_not_passed_by_having_another(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Module, world.modules["PRG-01"]).prerequisites = {"module": "NET-01"}
    world.passed(world.learner, "NETA-01", "wed")
    found = asked(world, goal=GoalKind.SKILLS, skills=[NETWORKS, PROGRAMMING])
    assert found.problem.tree.items[0].modules[0] == world.slugs["NET-01"]
    assert needs(found)[world.slugs["PRG-01"]] == After(world.slugs["NET-01"])


def test_a_diploma_two_levels_too_low_makes_a_module_impossible(world: World) -> None:
    slug = world.slugs["UX-01"]  # asks level 4
    assert slug not in needs(asked(world, diploma="3"))
    assert str(needs(asked(world, diploma="2"))[slug]) == "Either(items=())"


def agreed(world: World, home: str, host: str) -> None:
    """Let a result of one module be the ground on which another was recognised."""
    with world.database.writing() as session:
        decision_id = session.query(Granted.decision_id).filter(Granted.module_id == world.modules[home]).distinct().scalar()
        session.add(Agreement(
            id=world.modules["CLD-01"], code="AGREE1", person_id=world.learner.person_id, home_provider_id=world.provider_id, home_module_id=world.modules[home],
            host_module_id=world.modules[host], language="nl", state=AgreementState.BOOKED, asked_at=world.now, until=world.now, home_signed_at=world.now,
            host_signed_at=world.now, decision_id=decision_id,
        ))


def test_a_result_that_was_transferred_counts_once_as_the_module_that_is_asked(world: World) -> None:
    world.recognised(world.learner, "DAT-01")
    world.passed(world.learner, "NETA-01", "wed")
    agreed(world, "DAT-01", "NETA-01")

    def found(*keys: str) -> set[tuple[str, Standing]]:
        with world.database.reading() as session:
            had = credits_of(session, world.learner.person_id, asked={world.modules[key] for key in keys})
        return {(each.module, each.standing) for each in had}

    home, host = (world.slugs["DAT-01"], _S.RECOGNISED), (world.slugs["NETA-01"], _S.OBTAINED)
    assert found("DAT-01") == {home}
    assert found("NETA-01") == {host}
    assert found("DAT-01", "NETA-01") == {host}
    assert found() == {host}


def test_a_class_of_two_periods_takes_time_in_both(world: World) -> None:
    world.classes["UX-01", "sat"] = world.open_class(Class("UX-01", date(2026, 10, 5), "sat"))
    world.enrol(world.learner, "UX-01", "sat")
    found = asked(world)
    assert found.problem.busy == {Meeting(0, 5, 2), Meeting(1, 5, 2)}
    assert found.problem.had[0].last == 1


def test_somebody_with_credits_and_a_class_costs_few_statements(world: World, queries: Budget) -> None:
    world.passed(world.learner, "PRG-01", "tue")
    world.recognised(world.learner, "DAT-01", outcomes=1)
    world.enrol(world.learner, "NET-01", "mon")
    pathway = world.pathway(of=world.learner)
    with world.database.reading() as session, queries(20):
        gather(session, pathway, now=world.now)
