"""What the value meter says to save on somebody's route is the difference of two routes that were calculated, and it suggests first what saves most."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.pathways import running, saving, solving
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import HasKind, Match, Option
from academy.pathways.models import PathwayHas
from academy.pathways.ortools_gateway import solve
from academy.pathways.problem import Answer, Budget, Problem
from academy.pathways.queries.gathering import gather
from academy.recognition.models import OutcomeWeight
from academy.recognition.queries.meter import Meter, meter_of
from academy.recognition.queries.outcomes import ModuleToClaim, module_to_claim
from academy.recognition.rules.meter import Cost, RouteSavings
from academy.recognition.service.saving import learn_savings_from, savings_on
from tests.pathways.world import World


class Here:
    """The solver, in the process of the test; counts what it solves."""

    def __init__(self) -> None:
        self.solved: list[Problem] = []

    def solve(self, problem: Problem, budget: Budget) -> Answer:
        self.solved.append(problem)
        return solve(problem, budget)


@pytest.fixture(autouse=True)
def solver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    here = Here()
    monkeypatch.setattr(solving, "_current", [here])
    learn_savings_from(saving.savings_on)
    yield here
    learn_savings_from(lambda *_: None)


def module(world: World, key: str, *weights: int) -> ModuleToClaim:
    """Return a module, its outcomes with these weights."""
    with world.database.writing() as session:
        found = module_to_claim(session, world.slugs[key])
        for outcome, weight in zip(found.outcomes, weights, strict=False):
            session.add(OutcomeWeight(outcome_id=outcome.id, weight=weight))
    with world.database.reading() as session:
        return module_to_claim(session, world.slugs[key])


def savings(world: World, pathway: PathwayFacts | str, of: ModuleToClaim, *together: Any) -> RouteSavings | None:
    key = pathway if isinstance(pathway, str) else pathway.edit_key
    return savings_on(key, of, together=together, now=world.now)


def cost(world: World, pathway: PathwayFacts) -> Cost:
    """Return what the shortest route asks, from the words for it."""
    with world.database.reading() as session:
        gathered = gather(session, pathway, now=world.now)
    route = next(each for each in running.answer_for(gathered.problem, now=world.now).routes if each.option is Option.SHORTEST)
    courses = [each for each in gathered.problem.courses if each.key in set(route.courses)]
    price = sum((gathered.courses[each].price or Money(0)).cents for each in route.courses)
    return Cost(sum((Decimal(each.ec) for each in courses), Decimal(0)) / 10, Decimal(3 * (1 + max(each.last for each in courses))), Money(price))


def with_proven(world: World, key: str, ec: Decimal, **values: Any) -> PathwayFacts:
    """Return a pathway like the world's of who has so many EC of a module recognised."""
    pathway = world.pathway(**values)
    with world.database.writing() as session:
        session.add(PathwayHas(
            id=new_id(), pathway_id=pathway.id, position=90, kind=HasKind.COURSE, said="x", for_module_id=world.modules[key], ec=ec, fits=Match.MATCH,
        ))
    return world.facts(pathway.id)


def meter(world: World, of: ModuleToClaim, route: RouteSavings | None) -> Meter:
    with world.database.reading() as session:
        return meter_of(session, of, person_id=None, hours_a_week=10, route=route)


@pytest.mark.parametrize(("key", "weights"), [("PRG-01", (1, 4)), ("DAT-01", (4, 1)), ("SEC-01", (3, 7)), ("UX-01", (2, 3))])
def test_what_saves_most_on_the_route_as_it_is_calculated_again_is_suggested_first(world: World, key: str, weights: tuple[int, ...]) -> None:
    of = module(world, key, *weights)
    before = cost(world, world.pathway())
    expected = {}
    for outcome in of.outcomes:
        after = cost(world, with_proven(world, key, outcome.worth))
        expected[outcome.id] = Cost(max(before.ec - after.ec, Decimal(0)), max(before.months - after.months, Decimal(0)), Money(max(before.price.cents - after.price.cents, 0)))
    found = savings(world, world.pathway(), of)
    assert found is not None
    assert found.each == expected
    by_saved = sorted(expected.values(), key=lambda each: (each.price.cents, each.months, each.ec), reverse=True)
    assert [worth.saved for _outcome, worth in meter(world, of, found).worths] == by_saved


def test_all_together_save_the_module_with_its_price_and_its_time(world: World) -> None:
    of = module(world, "SEC-01")
    pathway = world.pathway(without=["UX-01"])
    found = savings(world, pathway, of)
    assert found is not None
    assert found.together is not None
    before, after = cost(world, pathway), cost(world, with_proven(world, "SEC-01", Decimal(5), without=["UX-01"]))
    assert (found.together.ec, found.together.months) == (before.ec - after.ec, before.months - after.months)
    assert found.together.price.cents == before.price.cents - after.price.cents > 0
    assert found.together.ec == 5


def test_outcomes_of_one_worth_are_calculated_once_and_what_was_calculated_is_kept(world: World, solver: Here) -> None:
    of, pathway = module(world, "PRG-01"), world.pathway()
    first = savings(world, pathway, of)
    assert len(solver.solved) == 3  # as it is, with half of the module, and with all of it
    assert savings(world, pathway, of) == first
    assert len(solver.solved) == 3


def test_of_too_many_amounts_nothing_is_calculated_and_the_meter_divides_the_module(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_SOLVED", 1)
    of = module(world, "PRG-01", 1, 4)
    found = savings(world, world.pathway(), of)
    assert found is not None
    assert (found.each, found.together) == ({}, None)
    assert [worth for _outcome, worth in meter(world, of, found).worths] == [worth for _outcome, worth in meter(world, of, None).worths]


def test_the_link_to_read_tells_the_same(world: World) -> None:
    of, pathway = module(world, "PRG-01"), world.pathway()
    assert savings(world, pathway.read_key, of) == savings(world, pathway, of) is not None


def test_there_is_nothing_to_say_without_a_route_that_has_to_do_with_it(world: World) -> None:
    of = module(world, "PRG-01")
    assert savings(world, "no-such-key", of) is None
    assert savings(world, "", of) is None
    assert savings(world, world.pathway(hours=None), of) is None
    assert savings(world, world.pathway(), module(world, "NETA-01")) is None
    assert savings(world, world.pathway(has=[("PRG-01", Match.MATCH)]), of) is None
    assert savings(world, world.pathway(parts=["sun-morning"]), of) is None


def test_what_is_recognised_already_is_added_to(world: World) -> None:
    of = module(world, "PRG-01", 1, 4)
    small = of.outcomes[0]
    pathway = with_proven(world, "PRG-01", Decimal(4))
    found = savings(world, pathway, of)
    assert found is not None
    assert found.each[small.id].price.cents == cost(world, pathway).price.cents - cost(world, with_proven(world, "PRG-01", Decimal(5))).price.cents > 0


# The page


def test_who_comes_from_their_route_sees_what_they_save_on_it_and_stays_on_it(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr("academy.recognition.views.claiming.utc_now", lambda: world.now)
    learn_savings_from(saving.savings_on)  # the app has its own
    of, pathway, client = module(world, "PRG-01", 1, 4), world.pathway(), app.test_client()
    there = f"/nl/modules/{of.slug}/recognition"
    page = client.get(f"{there}?route={pathway.edit_key}").text
    assert "Dit is wat je bespaart op je route naar AD ICT." in page
    assert page.index("Je legt PRG-01 uit.") < page.index("Je kunt PRG-01.")  # the heavier one saves more
    assert "We delen de tijd en de prijs van de module" not in page
    said = {f"say_{each.id.hex}": "yes" for each in of.outcomes} | {"hours": "10", "route": "education", "pathway": pathway.edit_key, "act": "count"}
    answer = client.post(f"{there}?route={pathway.edit_key}", data=said)
    assert f"route={pathway.edit_key}" in answer.location
    assert "for=education" in answer.location
    together = client.get(answer.location).text
    assert "300,00" in together or "300" in together
    assert "op je route naar" not in client.get(there).text


def test_the_address_with_a_key_of_a_route_goes_into_no_search_engine(app: Flask, world: World) -> None:
    there = f"/nl/modules/{world.slugs['PRG-01']}/recognition"
    robots = '<meta name="robots" content="noindex">'
    assert robots in app.test_client().get(f"{there}?route={world.pathway().edit_key}").text
    assert robots not in app.test_client().get(there).text


def test_a_key_of_nobody_shows_the_module_by_itself(app: Flask, world: World) -> None:
    page = app.test_client().get(f"/nl/modules/{world.slugs['PRG-01']}/recognition?route={'x' * 500}")
    assert page.status_code == 200
    assert "op je route naar" not in page.text
    assert "We delen de tijd en de prijs van de module" in page.text
