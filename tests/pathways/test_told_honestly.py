"""What a route tells about travel, about modules in the place of others, and about what stands in the way: what is known, and that something is not."""

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from academy.catalogue.models import Place
from academy.pathways import solving
from academy.pathways.facts import Gathered, PathwayFacts
from academy.pathways.kinds import Limit
from academy.pathways.pages.routes import blocker_values, totals
from academy.pathways.pages.steps import chosen_values
from academy.pathways.problem import Answer, Blocker, Budget, Problem
from academy.pathways.queries.gathering import gather
from tests.pathways.chosen import route
from tests.pathways.visiting import EVENINGS, Visit
from tests.pathways.world import NETWORKS, World


class Blocked:
    """A solver that finds this in the way."""

    def __init__(self, *blockers: Blocker) -> None:
        self._blockers = blockers

    def solve(self, _problem: Problem, _budget: Budget) -> Answer:
        return Answer(is_whole=True, blockers=self._blockers)


@pytest.fixture(autouse=True)
def _in_request(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterable[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    for module in ("views.building", "views.changing", "views.having", "forms.building"):
        monkeypatch.setattr(f"academy.pathways.{module}.utc_now", lambda: world.now)
    with app.test_request_context("/nl/"):
        yield


def gathered(world: World, pathway: PathwayFacts) -> Gathered:
    with world.database.reading() as session:
        return gather(session, pathway, now=world.now)


def travel(world: World, found: Gathered, *keys: tuple[str, str]) -> tuple[str, str]:
    """Return what is told of the travel of a route with these classes: (how much, note)."""
    codes = {world.classes[key] for key in keys}
    courses = [each for each in found.problem.courses if each.key in codes]
    assert len(courses) == len(codes)
    told: dict[str, Any] = {what: (much, note) for what, much, note in totals(found, courses, [found.courses[each.key] for each in courses])}
    found_travel: tuple[str, str] = told["Reizen"]
    return found_travel


def test_without_a_postcode_it_is_not_said_that_nobody_travels(world: World) -> None:
    found = gathered(world, world.pathway())
    assert travel(world, found, ("NET-01", "mon"), ("PRG-01", "tue")) == ("nog niet bekend", "van 2 modules weten we de afstand nog niet")


def test_of_online_classes_it_is_known_that_nobody_travels(world: World) -> None:
    world.equivalence("NET-01", "Aeres Hogeschool", "NETA-01")
    assert travel(world, gathered(world, world.pathway()), ("NETA-01", "wed")) == ("geen", "")


def test_with_a_postcode_the_kilometres_are_told(world: World) -> None:
    many, note = travel(world, gathered(world, world.pathway(postcode="1315")), ("NET-01", "thu"))
    assert many.endswith(" km")
    assert many != "0 km"
    assert "weten we" not in note


@pytest.mark.parametrize("is_known", [True, False], ids=["of places around the corner", "of places of which it is not known where they are"])
def test_who_travels_no_kilometre_gets_online_classes_alone(world: World, *, is_known: bool) -> None:
    world.equivalence("NET-01", "Aeres Hogeschool", "NETA-01")
    if not is_known:
        with world.database.writing() as session:
            session.execute(update(Place).values(latitude=None, longitude=None))
    found = gathered(world, world.pathway(postcode="1315", distance=0))
    modes = {found.courses[each.key].mode for each in found.problem.courses if each.distance <= 0}
    assert modes == {"online"}


def test_a_module_in_the_place_of_another_says_that_the_board_decided_so(world: World) -> None:
    world.equivalence("NET-01", "Aeres Hogeschool", "NETA-01")
    pathway = route(world, ("NETA-01", "wed"))
    found = gathered(world, pathway)
    [step] = [each for block in chosen_values(found, pathway, {}, is_right=True)["blocks"] for each in block["steps"]]
    said = " ".join(str(each) for each in step["warnings"])
    assert "Deze module telt mee in plaats van “Module NET-01”: dat heeft de examencommissie bepaald." in said
    assert "moet nog zeggen" not in said


def test_a_skill_that_is_missing_is_called_a_learning_outcome(world: World) -> None:
    pathway = world.pathway(goal="skills", skills=[NETWORKS], programme_id=None)
    found = gathered(world, pathway)
    node = found.problem.tree.items[0].key
    [told] = blocker_values(found, pathway, [Blocker(node, (), (Limit.NOT_OFFERED,))])
    assert told["subject"].startswith("Leeruitkomst “")


@pytest.mark.parametrize(("blocker", "is_said"), [
    (Blocker("0.0.0", ("net-01",), (Limit.NOT_OFFERED,)), False),
    (Blocker("0.0.0", ("net-01",), (Limit.HOURS,), ((Limit.HOURS, 24),)), True),
    (Blocker("0.0.0", ("net-01",), (Limit.HOURS,), ((Limit.HOURS, 64),)), False),
], ids=["nobody gives it", "more hours", "more hours than one can say to have"])
def test_one_click_is_promised_only_where_there_is_something_to_click(app: Flask, world: World, blocker: Blocker, *, is_said: bool) -> None:
    solving.set_solver(Blocked(blocker))
    page = Visit(app.test_client(), world).begin(**EVENINGS).look()
    assert "Dit staat in de weg." in page
    assert ("Eén klik en we rekenen opnieuw." in page) is is_said
