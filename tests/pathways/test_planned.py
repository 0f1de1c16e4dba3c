"""A provider reads what learners plan with it, and at which times more could finish, and can read from it of nobody in particular."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.catalogue.api import PartOfDay
from academy.catalogue.models import Offering
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.ids import new_id
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.pathways.kinds import Option, StepReason
from academy.pathways.models import PathwayStep, SlotAdvice
from academy.pathways.queries.planned import ProviderDemand, Time, planned_at
from academy.pathways.rules.periods import first_days
from tests.pathways.demanding import page, signed_in
from tests.pathways.world import AUTUMN, SLUG, SPRING, World

PAGE = f"/nl/provider/{SLUG}/planned"
SEPTEMBER = date(2026, 9, 1)


def read(world: World, actor: Actor | None = None, slug: str = SLUG) -> ProviderDemand:
    with world.database.reading() as session:
        return planned_at(session, actor or world.planner, slug, now=world.now)


def plan(world: World, number: int, key: str, weekday: str = "", *, first_on: date = AUTUMN, of: Actor | None = None, chosen: Option | None = Option.SHORTEST) -> None:
    """Let so many pathways have this module as a step, in a class, or in one that is expected."""
    found = [world.pathway(of=of, chosen=chosen) for _each in range(number)]
    with world.database.writing() as session:
        offering_id = session.scalars(select(Offering.id).where(Offering.code == world.classes[key, weekday])).one() if weekday else None
        session.add_all(
            PathwayStep(
                id=new_id(), pathway_id=each.id, position=0, module_id=world.modules[key], offering_id=offering_id, course_key="x", first_on=first_on,
                last_on=first_on + timedelta(days=60), reason=StepReason.REQUIRED,
            ) for each in found
        )


def advise(world: World, key: str, slot: int, people: int) -> None:
    with world.database.writing() as session:
        session.add(SlotAdvice(module_id=world.modules[key], slot=slot, people=people, counted_at=world.now))


def planned(found: ProviderDemand) -> list[tuple[str, date, int, tuple[Any, ...]]]:
    return [(each.module.external_id, each.first_on, each.people, each.times) for each in found.planned]


def test_who_works_there_reads_it_and_nobody_else(world: World) -> None:
    elsewhere = world.person("Ada Aeres", Role.OWNER, at=world.other_id)
    for actor in (world.learner, world.stranger, world.board, elsewhere):
        with pytest.raises(catalogue.ProviderNotFound):
            read(world, actor)
    for actor in (world.owner, world.planner, world.person("Leo Leest", Role.READER)):
        assert read(world, actor).planned == ()


def test_people_are_counted_by_module_by_the_period_and_by_the_time_of_the_class(world: World) -> None:
    plan(world, 12, "NET-01", "mon")
    plan(world, 11, "NET-01", "thu")
    plan(world, 10, "SEC-01", "mon", first_on=SPRING)
    monday, thursday = Time(("mon",), PartOfDay.EVENING), Time(("thu",), PartOfDay.DAY)
    assert planned(read(world)) == [
        ("NET-01", SEPTEMBER, 23, ((monday, 12), (thursday, 11))), ("SEC-01", date(2027, 2, 1), 10, ((monday, 10),)),
    ]


def test_a_class_that_is_expected_has_no_time_yet(world: World) -> None:
    plan(world, 10, "NET-01", first_on=date(2027, 9, 1))
    assert planned(read(world)) == [("NET-01", date(2027, 9, 1), 10, ((Time(), 10),))]


@pytest.mark.parametrize("number", [1, LEAST_PEOPLE - 1])
def test_a_group_of_few_people_is_not_there(world: World, number: int) -> None:
    plan(world, number, "NET-01", "mon")
    assert read(world).planned == ()


def test_the_number_for_one_time_is_left_out_where_it_leaves_few_others(world: World) -> None:
    plan(world, 12, "NET-01", "mon")
    plan(world, 4, "NET-01", "thu")
    assert planned(read(world)) == [("NET-01", SEPTEMBER, 16, ((Time(("mon",), PartOfDay.EVENING), None),))]


def test_one_person_with_many_pathways_is_counted_once(world: World) -> None:
    plan(world, LEAST_PEOPLE, "NET-01", "mon", of=world.learner)
    assert read(world).planned == ()


def test_only_steps_that_are_ahead_of_a_chosen_route_count(world: World) -> None:
    plan(world, LEAST_PEOPLE, "NET-01", "mon", chosen=None)
    assert read(world).planned == ()
    plan(world, LEAST_PEOPLE, "NET-01", "mon")
    assert len(read(world).planned) == 1
    world.pass_time(days=100)
    assert read(world).planned == ()


def test_a_provider_reads_nothing_of_another_ones_modules(world: World) -> None:
    plan(world, LEAST_PEOPLE, "CLD-01", "wed", first_on=SPRING)
    advise(world, "CLD-01", 5, 31)
    found = read(world)
    assert (found.planned, found.better) == ((), ())
    assert len(read(world, world.person("Ada Aeres", Role.PLANNER, at=world.other_id), "aeres").planned) == 1


def test_the_three_best_times_of_a_module_are_told_and_none_that_helps_few(world: World) -> None:
    for slot, people in ((5, 31), (2, 12), (8, 14), (11, 10), (14, 9)):
        advise(world, "NET-01", slot, people)
    advise(world, "PRG-01", 5, 9)
    assert [(each.module.external_id, each.weekday, each.part, each.people) for each in read(world).better] == [
        ("NET-01", 1, 2, 31), ("NET-01", 2, 2, 14), ("NET-01", 0, 2, 12),
    ]


def test_reading_it_takes_eight_questions_however_much_is_planned(world: World, queries: Callable[[int], AbstractContextManager[list[str]]]) -> None:
    for key, weekday in (("NET-01", "mon"), ("NET-01", "thu"), ("PRG-01", "tue")):
        plan(world, LEAST_PEOPLE, key, weekday)
    advise(world, "DAT-01", 5, 31)
    with queries(8):
        read(world)


def test_the_page_says_it_in_words_and_the_workspace_leads_to_it(world: World, app: Flask) -> None:
    client = signed_in(app, world, world.planner)
    assert f'href="{PAGE}"' in page(client, f"/nl/provider/{SLUG}")
    assert "Er is nog te weinig gepland" in page(client, PAGE)
    world.now = utc_now()  # requests read the real clock
    plan(world, 12, "NET-01", "mon", first_on=first_days(amsterdam_day(world.now), 1)[0])
    advise(world, "NET-01", 5, 31)
    found = page(client, PAGE)
    assert "maandag, avond: 12 mensen" in found
    assert "avond: 31 mensen meer" in found
    page(signed_in(app, world, world.learner), PAGE, status=404)
