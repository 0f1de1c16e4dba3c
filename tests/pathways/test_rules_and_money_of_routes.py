"""A route goes by the exam board's rule for credits, as the audit does, and by the money that is not spent yet."""

from collections.abc import Collection
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from academy.catalogue.models import Module
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.pathways.facts import Gathered, PathwayFacts
from academy.pathways.kinds import Limit, Match, Standing
from academy.pathways.models import PathwayStep
from academy.pathways.pages.routes import blocker_values, totals
from academy.pathways.problem import Blocker, Course, Had, Reached
from academy.pathways.queries.auditing import audit_of
from academy.pathways.queries.credit_rules import CreditRuleFacts
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.having import have_list, progress_with
from academy.pathways.rules.audit import Why
from academy.pathways.service.credit_rules import set_credit_rule
from tests.pathways.chosen import route
from tests.pathways.world import SLUG, World

LONG_AGO = 11 * 365 + 3  # days
MONEY = {"own_money": Money(1000_00), "employer_money": Money(100_00)}


def rule(world: World, least_nlqf: str, valid_years: int | None) -> None:
    world.run(set_credit_rule, actor=world.board, provider_slug=SLUG, programme_slug=world.programme_slug, rule=CreditRuleFacts(least_nlqf, valid_years))


def of_level(world: World, nlqf: str, *keys: str) -> None:
    with world.database.writing() as session:
        session.execute(update(Module).where(Module.id.in_([world.modules[key] for key in keys])).values(nlqf=nlqf))


def asked(world: World, pathway: PathwayFacts | None = None) -> Gathered:
    with world.database.reading() as session:
        return gather(session, pathway or world.pathway(of=world.learner), now=world.now)


def slugs(world: World, *keys: str) -> set[str]:
    return {world.slugs[key] for key in keys}


def modules(found: Gathered, among: Collection[str]) -> set[str]:
    return {each.module for each in found.problem.courses} & set(among)


def passed_long_ago(world: World, key: str, weekday: str) -> None:
    world.pass_time(days=-LONG_AGO)
    world.passed(world.learner, key, weekday)
    world.pass_time(days=LONG_AGO)


def test_a_credit_that_is_too_old_is_taken_again_as_the_audit_says_and_still_opens_what_asks_it_first(world: World) -> None:
    passed_long_ago(world, "NET-01", "mon")
    world.passed(world.learner, "PRG-01", "tue")
    rule(world, "", 10)
    found = asked(world)
    assert [each.module for each in found.problem.had] == [world.slugs["PRG-01"]]
    assert modules(found, slugs(world, "NET-01", "PRG-01")) == slugs(world, "NET-01")
    assert dict(found.problem.needs)[world.slugs["SEC-01"]] == Reached(100)
    with world.database.reading() as session:
        audited = audit_of(session, world.learner.person_id, world.programme_id, now=world.now)
    assert [(each.credit.module, each.why) for each in audited.unused] == [(world.slugs["NET-01"], Why.AGE)]
    assert len(found.credits) == 2, "the page of the credits says why one does not count"


def test_a_module_under_the_level_of_the_programme_is_not_had_nor_taken_and_one_of_an_unknown_level_is(world: World) -> None:
    of_level(world, "4", "CLD-01", "UX-01")
    of_level(world, "", "SEC-01")
    world.passed(world.learner, "UX-01", "tue")
    rule(world, "5", None)
    found = asked(world)
    assert found.problem.had == ()
    assert modules(found, slugs(world, "CLD-01", "UX-01", "SEC-01", "NET-01")) == slugs(world, "SEC-01", "NET-01")


def test_what_was_typed_of_too_low_a_level_counts_in_the_bar_no_more_than_in_a_route(world: World) -> None:
    pathway = world.pathway(of=world.learner, has=[("UX-01", Match.MATCH), ("PRG-01", Match.MATCH)])
    passed_long_ago(world, "NET-01", "mon")
    of_level(world, "4", "UX-01")
    rule(world, "5", 10)
    with world.database.reading() as session:
        listed = have_list(session, pathway, reader=world.learner.person_id, now=world.now)
        there, maybe, missing = progress_with(listed, today=amsterdam_day(world.now))
    assert [each.module for each in asked(world, pathway).problem.had] == [world.slugs["PRG-01"]]
    assert (there + maybe, missing) == (50, 250)


# Money


def with_prices(world: World, pathway: PathwayFacts, price: Money) -> PathwayFacts:
    with world.database.writing() as session:
        session.execute(update(PathwayStep).where(PathwayStep.pathway_id == pathway.id).values(price=price))
    return world.facts(pathway.id)


def left(found: Gathered) -> tuple[int | None, int]:
    return found.problem.limits.own, found.problem.limits.employer


@pytest.mark.parametrize(("price", "money"), [(Money(300_00), (800_00, 0)), (Money(60_00), (1000_00, 40_00)), (Money(5000_00), (0, 0))])
def test_what_a_step_under_way_or_obtained_costs_is_spent_and_not_what_is_still_planned(world: World, price: Money, money: tuple[int, int]) -> None:
    pathway = with_prices(world, route(world, ("NET-01", "mon"), ("DAT-01", "mon"), of=world.learner, **MONEY), price)
    assert left(asked(world, pathway)) == (1000_00, 100_00)
    world.enrol(world.learner, "NET-01", "mon")
    found = asked(world, pathway)
    assert (left(found), found.spent) == (money, price.cents)
    world.passed(world.learner, "DAT-01", "mon")
    assert asked(world, pathway).spent == 2 * price.cents


def test_without_a_limit_nothing_is_left_to_know_and_a_step_without_a_price_costs_nothing(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"), of=world.learner)
    world.enrol(world.learner, "NET-01", "mon")
    assert (left(asked(world, pathway)), asked(world, pathway).spent) == ((None, 0), 0)


def test_a_button_that_opens_money_has_what_was_spent_in_it_and_the_total_says_it(world: World, app: Flask) -> None:
    pathway = with_prices(world, route(world, ("NET-01", "mon"), of=world.learner, **MONEY), Money(300_00))
    world.enrol(world.learner, "NET-01", "mon")
    found = asked(world, pathway)
    course: Course = found.problem.courses[0]
    with app.test_request_context():
        [told] = blocker_values(found, pathway, [Blocker("0.1", (), (Limit.MONEY,), ((Limit.MONEY, 900_00),))])
        costs: Any = next(note for what, _amount, note in totals(found, [course], [found.courses[course.key]]) if what == "Je betaalt")
    assert [each["value"] for each in told["openings"]] == [1100_00]  # 200 of their own is spent: 900 is left
    assert "300" in costs
    assert "voor stappen die je al doet of hebt gehaald" in costs


def test_what_is_in_progress_is_no_part_of_what_a_module_asks_until_it_ends(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Module, world.modules["UX-01"]).prerequisites = {"module": "PRG-01", "ec": "2"}
    slug = world.slugs["UX-01"]
    world.recognised(world.learner, "PRG-01", outcomes=1)
    assert slug not in dict(asked(world).problem.needs)
    with world.database.writing() as session:
        session.get_one(Module, world.modules["UX-01"]).prerequisites = {"module": "DAT-01", "ec": "2"}
    world.enrol(world.learner, "DAT-01", "mon")
    found = asked(world)
    assert Had(world.slugs["DAT-01"], world.slug, 50, Standing.IN_PROGRESS, last=1) in found.problem.had
    assert slug in dict(found.problem.needs)
