"""Changing a route by its buttons: lock, swap, put back, another moment, open a limit; what can not be is refused with the reason, and nothing changes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from academy.catalogue.models import Offering
from academy.pathways import solving
from academy.pathways.gateway import RouteSolver
from academy.pathways.kinds import Option, StepReason
from academy.pathways.models import Pathway
from academy.pathways.problem import Answer, Budget, Problem
from academy.pathways.queries.supply import forget_supply
from tests.pathways.visiting import EVENINGS, Made, Visit
from tests.pathways.world import AUTUMN, LENGTH, World

MANY_HOURS = EVENINGS | {"hours": "40"}
ANY_TIME = {"hours": "40"}
YEAR = timedelta(days=364)


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
    """A route in evenings that was chosen."""
    found = visit.begin(**MANY_HOURS)
    found.choose()
    return found


def slug(made: Made, key: str) -> str:
    return made.visit.world.slugs[key]


# Locking


def test_a_step_that_is_locked_stays_and_can_be_let_go(made: Made) -> None:
    before = made.steps
    page = made.change("lock", slug(made, "SEC-01"))
    assert made.steps == before
    [step] = [each for each in made.now.steps if each.is_locked]
    assert step.reason is StepReason.LOCKED
    assert "Jij hebt deze stap vastgezet." in page
    made.change("unlock", slug(made, "SEC-01"))
    assert not [each for each in made.now.steps if each.is_locked]
    assert made.steps == before


def test_what_is_locked_stays_when_life_changes_and_is_in_every_new_route(made: Made) -> None:
    made.change("lock", slug(made, "SEC-01"))
    course = made.steps[slug(made, "SEC-01")]
    made.tell(**(ANY_TIME | {"hours": "32"}))
    assert made.now.chosen is None
    assert made.steps == {slug(made, "SEC-01"): course}
    made.choose()
    assert made.steps[slug(made, "SEC-01")] == course


# Something else


def test_a_module_that_is_swapped_makes_room_for_another_and_can_come_back(visit: Visit) -> None:
    made = visit.begin(**ANY_TIME)
    made.choose()
    chosen = {slug(made, each) for each in ("SEC-01", "UX-01", "CLD-01")} & made.steps.keys()
    out = min(chosen)
    page = made.change("out", out)
    assert visit.status == 200
    assert out not in made.steps
    assert len(made.steps.keys() & {slug(made, each) for each in ("SEC-01", "UX-01", "CLD-01")}) == len(chosen)
    assert "Eruit gehaald" in page
    page = made.change("back", out)
    assert made.now.without == frozenset()
    assert "Eruit gehaald" not in page


def test_what_can_not_be_missed_is_refused_with_the_reason_and_stays(made: Made) -> None:
    before, version = made.steps, made.now.version
    page = made.change("out", slug(made, "SEC-01"))  # of what is to be chosen, the other one is by day
    assert made.visit.status == 409
    assert "Dat kan niet." in page
    assert "Er is niets veranderd." in page
    assert "Keuze: " in page
    assert (made.steps, made.now.version, made.now.without) == (before, version, frozenset())


def test_a_module_that_the_programme_asks_itself_has_no_button_to_swap_it(made: Made) -> None:
    stages = re.findall(r'<li class="academy-stage.*?</li>', made.look(), re.DOTALL)
    [required] = [each for each in stages if "Module PRG-02" in each]
    [filling] = [each for each in stages if "Module SEC-01" in each]
    assert "Kies iets anders" not in required
    assert "Kies iets anders" in filling


# Another moment


def test_other_moments_say_beforehand_what_is_against_them(made: Made) -> None:
    page = made.visit.get(f"/nl/route/{made.key}/move/{slug(made, 'PRG-01')}")
    assert "Kies dit moment" in page
    assert "Je hebt dit eerder nodig, voor Module PRG-02." in page
    assert "Nog niet gepland." in page


def test_a_step_moves_to_the_moment_that_was_chosen_and_the_others_stay_where_they_can(made: Made) -> None:
    before = made.steps
    to = next(key for key in choices(made, "DAT-01") if key != before[slug(made, "DAT-01")])
    made.change("move", slug(made, "DAT-01"), to)
    assert made.visit.status == 200
    assert made.steps == before | {slug(made, "DAT-01"): to}
    assert [each.course_key for each in made.now.steps if each.is_locked] == [to]


def test_when_the_moment_clashes_the_rest_of_the_route_moves_along(made: Made) -> None:
    to = choices(made, "PRG-01")[-1]  # the last year: what needs it comes after, or nowhere
    page = made.change("move", slug(made, "PRG-01"), to)
    if made.visit.status == 200:
        assert made.steps[slug(made, "PRG-01")] == to
    else:
        assert "Er is niets veranderd." in page
    later = choices(made, "PRG-01")[1]
    made.change("move", slug(made, "PRG-01"), later)
    assert made.steps[slug(made, "PRG-01")] == later
    steps = {each.course_key: each for each in made.now.steps}
    assert steps[made.steps[slug(made, "PRG-02")]].first_on > steps[later].last_on


@pytest.mark.parametrize("course", ["", "zomaar", "net-01@3"])
def test_a_moment_that_there_is_not_changes_nothing(made: Made, course: str) -> None:
    before = made.steps
    made.change("move", slug(made, "DAT-01"), course)
    assert made.visit.status == 409
    assert made.steps == before


def choices(made: Made, key: str) -> list[str]:
    """Return the courses of a module that the page of other moments offers, the first first."""
    page = made.visit.get(f"/nl/route/{made.key}/move/{slug(made, key)}")
    return re.findall(r'name="course" value="([^"]+)"', page)


# Two browsers


def test_of_two_browsers_the_second_is_shown_the_route_as_it_is(made: Made) -> None:
    old = made.now.version
    made.change("lock", slug(made, "SEC-01"))
    before = made.now
    sent: list[tuple[str, dict[str, object]]] = [
        ("change", {"act": "out", "module": slug(made, "SEC-01")}), ("choose", {"option": "cheapest"}), ("open", {"limit": "hours", "value": 50}), ("remove", {}),
    ]
    for what, values in sent:
        page = made.visit.post(f"/nl/route/{made.key}/{what}", version=old, **values)
        assert made.visit.status == 409
        assert "Je route is intussen ergens anders veranderd." in page
        assert "Jouw route, stap voor stap" in page
        assert made.now == before


@pytest.mark.parametrize("sent", [{}, {"version": "x"}, {"version": "999999999999"}, {"version": "-1"}])
def test_a_button_without_a_version_changes_nothing(made: Made, sent: dict[str, str]) -> None:
    before = made.now
    made.visit.post(f"/nl/route/{made.key}/change", act="lock", module=slug(made, "SEC-01"), **sent)
    assert made.visit.status in {400, 409}
    assert made.now == before


@pytest.mark.parametrize(("what", "sent"), [
    ("change", {"act": "weg"}), ("choose", {"option": "mooiste"}), ("open", {"limit": "luck", "value": "1"}), ("open", {"limit": "hours", "value": "x"}),
])
def test_a_button_that_there_is_not_is_no_fault_of_ours(made: Made, what: str, sent: dict[str, str]) -> None:
    made.visit.post(f"/nl/route/{made.key}/{what}", version=made.now.version, module="x", **sent)
    assert made.visit.status == 400


def test_a_route_that_is_another_one_by_now_is_shown_and_not_chosen(visit: Visit) -> None:
    made = visit.begin(**MANY_HOURS)
    for shown in ("", "0123456789abcdef"):
        page = made.choose_shown("shortest", shown)
        assert visit.status == 409
        assert "Je route is intussen ergens anders veranderd." in page
        assert "Kies deze route" in page
        assert (made.now.chosen, made.steps) == (None, {})


def test_what_is_kept_as_chosen_is_what_the_route_is_best_at(visit: Visit) -> None:
    class Cheap(RouteSolver):
        """Finds the cheapest route alone."""

        def solve(self, problem: Problem, budget: Budget) -> Answer:
            found = solving.plain_answer(problem)
            return replace(found, routes=tuple(each for each in found.routes if each.option is Option.CHEAPEST))

    solving.set_solver(Cheap())
    made = visit.begin(**MANY_HOURS)
    [shown] = re.findall(r'name="shown" value="(\w+)"', made.look())
    made.choose_shown("shortest", shown)
    assert visit.status == 200
    assert made.now.chosen is Option.CHEAPEST


# No route


def test_what_stands_in_the_way_is_named_with_what_would_open_it(visit: Visit) -> None:
    made = visit.begin(hours="10")
    page = made.look()
    assert "Er is nog geen route die past" in page
    assert "niet binnen 10 uur per week" in page
    opened = re.search(r'name="limit" value="hours"><input type="hidden" name="value" value="(\d+)"', page)
    assert opened is not None
    page = visit.post(f"/nl/route/{made.key}/open", version=made.now.version, limit="hours", value=opened[1])
    assert made.now.hours == int(opened[1])
    assert "niet binnen 10 uur per week" not in page


@pytest.mark.parametrize(("life", "limit"), [
    (EVENINGS | {"hours": "40", "own": "100"}, "money"),
    (EVENINGS | {"hours": "40", "postcode": "1315", "distance": "1"}, "distance"),
])
def test_one_press_at_a_time_opens_a_route_again(visit: Visit, life: dict[str, str], limit: str) -> None:
    made = visit.begin(**life)
    for _time in range(10):
        page = made.look()
        if "Er is nog geen route die past" not in page:
            break
        opened = re.search(r'name="limit" value="(\w+)"><input type="hidden" name="value" value="(\d+)"', page)
        assert opened is not None, page
        visit.post(f"/nl/route/{made.key}/open", version=made.now.version, limit=opened[1], value=opened[2])
    assert "Kies deze route" in made.look()


# When the world changes


def test_a_route_of_which_a_class_is_gone_says_so_and_can_be_chosen_again(visit: Visit, world: World) -> None:
    made = visit.begin(**ANY_TIME)
    made.choose()
    code = world.classes["PRG-01", "tue"]
    assert code in made.steps.values()
    with world.database.writing() as session:
        session.execute(update(Offering).where(Offering.code == code).values(starts_on=AUTUMN + YEAR, ends_on=AUTUMN + YEAR + LENGTH))
    forget_supply()
    page = made.look()
    assert "Deze route klopt niet meer" in page
    made.choose()
    assert "Deze route klopt niet meer" not in made.look()
    assert [each.first_on for each in made.now.steps if each.module_id == world.modules["PRG-01"]] != [AUTUMN]


def test_looking_is_noted_once_a_day(made: Made, world: World) -> None:
    def seen() -> object:
        with world.database.reading() as session:
            return session.query(Pathway.seen_at).filter(Pathway.edit_key == made.key).scalar()

    first = seen()
    world.pass_time(hours=2)
    made.look()
    assert seen() == first
    world.pass_time(hours=24)
    made.look()
    assert seen() == world.now
