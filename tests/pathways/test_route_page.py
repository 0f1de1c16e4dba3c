"""What stands on the page of a route, beside its buttons: what it comes to, why every step is there, what can be put in, and what is not sure."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from academy.catalogue.models import Module
from academy.pathways import solving
from academy.pathways.kinds import Option, Proof
from academy.pathways.problem import Answer, Budget, Problem, Route
from academy.pathways.queries.supply import forget_supply
from academy.pathways.words import proof_words
from tests.pathways.visiting import EVENINGS, Made, Visit
from tests.pathways.world import World

MANY_HOURS = EVENINGS | {"hours": "40"}
ANY_TIME = {"hours": "40"}


class CutShort:
    """A solver that had to stop, with routes of which so much is known."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    def solve(self, problem: Problem, _budget: Budget) -> Answer:
        found = solving.plain_answer(problem)
        return replace(found, routes=tuple(replace(each, proof=self._proof) for each in found.routes))


@pytest.fixture(scope="module")
def pool() -> Iterator[solving.SolverPool]:
    found = solving.SolverPool()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _at_the_worlds_moment(app: Flask, world: World, pool: solving.SolverPool, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    solving.set_solver(pool)
    for module in ("views.building", "views.changing", "views.having", "forms.building"):
        monkeypatch.setattr(f"academy.pathways.{module}.utc_now", lambda: world.now)


@pytest.fixture
def visit(app: Flask, world: World) -> Visit:
    return Visit(app.test_client(), world)


@pytest.fixture
def made(visit: Visit) -> Made:
    """A route at any time that was chosen."""
    found = visit.begin(**ANY_TIME)
    found.choose()
    return found


# Putting a module in


def to_add(page: str) -> list[str]:
    """Return the modules that can be put in, by their slug."""
    folded = re.findall(r"<summary[^>]*>Voeg een module toe</summary>(.*?)</details>", page, re.DOTALL)
    return [module for each in folded for module in re.findall(r'/move/([^"]+)"', each)]


def moments(made: Made, module: str) -> list[str]:
    return re.findall(r'name="course" value="([^"]+)"', made.visit.get(f"/nl/route/{made.key}/move/{module}"))


def test_a_module_that_is_no_step_can_be_put_in_and_stays(made: Made) -> None:
    before = made.steps
    module = to_add(made.look())[0]
    assert module not in before
    page = made.visit.get(f"/nl/route/{made.key}/move/{module}")
    assert "<title>Voeg toe: Module" in page
    assert 'name="act" value="add"' in page
    assert "Nu:" not in page
    course = moments(made, module)[0]
    made.change("add", module, course)
    assert made.visit.status == 200
    assert made.steps[module] == course
    assert [each.course_key for each in made.now.steps if each.is_locked] == [course]
    assert module not in to_add(made.look())


def test_what_was_taken_out_is_put_back_by_itself(made: Made) -> None:
    """It is not in the list, for it has its own button; with a page of before it still can."""
    module, *_others = to_add(made.look())
    course = moments(made, module)[0]
    made.change("out", module)
    assert module not in to_add(made.page)
    made.change("add", module, course)
    assert made.now.without == frozenset()
    assert made.steps[module] == course


@pytest.mark.parametrize("course", ["", "zomaar", "net-01@3"])
def test_a_moment_that_there_is_not_puts_nothing_in(made: Made, course: str) -> None:
    before = made.steps
    made.change("add", to_add(made.look())[0], course)
    assert made.visit.status == 409
    assert made.steps == before


def test_nothing_is_put_in_before_a_route_is_chosen(visit: Visit) -> None:
    made = visit.begin(**ANY_TIME)
    module = visit.world.slugs["SEC-01"]
    assert moments(made, module) == []
    made.change("add", module, visit.world.classes["SEC-01", "mon"])
    assert visit.status == 409
    assert made.steps == {}


# What it comes to


def test_the_chosen_route_says_what_it_comes_to_in_all_and_per_block(visit: Visit) -> None:
    page = visit.begin(**MANY_HOURS).choose()
    [chosen] = re.findall(r'<section[^>]*id="route".*?</section>', page, re.DOTALL)
    assert "<dt>Klaar in</dt>" in chosen
    assert "samen 30 EC" in chosen
    assert re.findall(r'Blok \d+: [^<]*<span class="academy-period__ec">([^<]+)</span>', chosen) == ["10 EC", "10 EC", "10 EC"]


def test_every_step_of_every_route_has_its_reason_before_one_is_chosen(visit: Visit) -> None:
    page = visit.begin(**MANY_HOURS).look()
    cards = re.findall(r'<li class="academy-route[ "].*?<div class="academy-route__end">', page, re.DOTALL)
    assert cards
    for card in cards:
        [steps] = re.findall(r"<summary[^>]*>Alle stappen.*?</details>", card, re.DOTALL)
        assert steps.count("<li>") == 6
        assert steps.count("De opleiding vraagt deze module.") == 4
        assert steps.count("Deze module past het best in je vrije keuze.") == 2


# What is not sure


def test_only_a_route_that_was_made_the_plain_way_is_called_plain(visit: Visit) -> None:
    solving.set_solver(CutShort(Proof.PLAIN))
    assert "Dit is een eenvoudige route." in visit.begin(**MANY_HOURS).look()
    solving.set_solver(CutShort(Proof.BEST_FOUND))
    page = visit.begin(**MANY_HOURS | {"hours": "39"}).look()
    assert "Het rekenen duurde te lang. Misschien kan het beter. Bij elke route staat wat we daarvan weten." in page
    assert "eenvoudige" not in page


def test_without_a_bound_no_percentage_is_told() -> None:
    route = Route(Option.CHEAPEST, (), (), value=400_00, bound=0, proof=Proof.BEST_FOUND)
    assert proof_words(route) == "Misschien kan het beter. We weten nog niet hoeveel beter."
    assert "hooguit 25%" in proof_words(replace(route, bound=300_00))


def test_modules_that_ask_each_other_are_named(visit: Visit, world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Module, world.modules["PRG-01"]).prerequisites = {"module": "PRG-02"}
    forget_supply()
    assert "Je kunt er dus niet mee beginnen: Module PRG-01, Module PRG-02." in visit.begin(**MANY_HOURS).look()


# Two browsers


def test_of_two_browsers_the_second_keeps_the_life_that_was_typed(made: Made) -> None:
    old = made.now.version
    made.tell(hours="30")
    before = made.now
    page = made.visit.post(f"/nl/route/{made.key}/life", version=old, hours="37", postcode="1315", own="812")
    assert made.visit.status == 409
    assert "Je route is intussen ergens anders veranderd." in page
    assert all(f'value="{typed}"' in page for typed in ("37", "1315", "812"))
    assert made.now == before
    [version] = re.findall(r'name="version"[^>]*value="(\d+)"', page)
    made.visit.post(f"/nl/route/{made.key}/life", version=version, hours="37", postcode="1315", own="812")
    assert (made.visit.status, made.now.hours) == (200, 37)


def test_also_before_the_first_life_the_second_browser_is_told(visit: Visit, world: World) -> None:
    visit.post("/nl/route", goal=f"programme:{world.programme_slug}")
    key = visit.address.split("/")[3]
    for what, sent in (("life", {"hours": "37"}), ("remove", {}), ("choose", {"option": "shortest"})):
        page = visit.post(f"/nl/route/{key}/{what}", version=visit.made(key).version + 1, **sent)
        assert "Je route is intussen ergens anders veranderd." in page, what
        assert "Wat past in jouw leven?" in page
    assert visit.made(key).hours is None
