"""Making a route as pages: a goal, a life, and three routes beside each other, without an account."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import update

from academy.catalogue.models import Programme
from academy.pathways import solving
from academy.pathways.kinds import GoalKind, Option, StepReason
from academy.pathways.problem import Answer, Budget, Problem
from academy.skills.models import LabelKind, SkillLabel
from tests import builders
from tests.pathways.visiting import EVENINGS, Visit, sign_in, titles
from tests.pathways.world import NETWORKS, PROGRAMMING, World

Queries = Callable[[int], AbstractContextManager[list[str]]]
MANY_HOURS = EVENINGS | {"hours": "40"}


class Stopped:
    """A solver that had to stop."""

    def __init__(self, *, with_routes: bool) -> None:
        self._with_routes = with_routes

    def solve(self, problem: Problem, _budget: Budget) -> Answer:
        return solving.plain_answer(problem) if self._with_routes else Answer(is_whole=False)


@pytest.fixture(scope="module")
def pool() -> Iterator[solving.SolverPool]:
    found = solving.SolverPool()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _at_the_worlds_moment(world: World, pool: solving.SolverPool, monkeypatch: pytest.MonkeyPatch) -> None:
    solving.set_solver(pool)
    for module in ("views.building", "views.changing", "views.having", "forms.building"):
        monkeypatch.setattr(f"academy.pathways.{module}.utc_now", lambda: world.now)


@pytest.fixture(autouse=True)
def _without_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def visit(app: Flask, world: World) -> Visit:
    return Visit(app.test_client(), world)


# The goal


def test_a_goal_is_a_programme_that_is_known_from_the_inside(visit: Visit) -> None:
    page = visit.get("/nl/route")
    assert "AD ICT" in page
    assert "Stap 1 van 4" in page


def test_what_is_no_associate_degree_stands_apart(visit: Visit, world: World) -> None:
    assert "Andere opleidingen" not in visit.get("/nl/route")
    with world.database.writing() as session:
        builders.programme(session, world.now, ("NET-01", 1), provider_id=world.provider_id, title="Bachelor ICT", nlqf="6", ec=Decimal(240))
    first, others = visit.get("/nl/route").split("Andere opleidingen")
    assert "AD ICT" in first
    assert "Bachelor ICT" not in first
    assert "Bachelor ICT" in others


def test_the_page_of_a_programme_leads_to_a_route_to_it(visit: Visit, world: World) -> None:
    page = visit.get(f"/nl/programmes/{world.programme_slug}")
    assert f'href="/nl/route?programme={world.programme_slug}"' in page
    chosen = visit.get(f"/nl/route?programme={world.programme_slug}")
    assert re.search(rf'<input[^>]*checked[^>]*value="programme:{world.programme_slug}"', chosen)


def test_without_a_goal_the_page_says_so(visit: Visit) -> None:
    assert "Kies een opleiding, een beroep of een vaardigheid." in visit.post("/nl/route")
    assert visit.status == 422


@pytest.mark.parametrize("goal", ["programme:bestaat-niet", "occupation:http://nergens", "zomaar", "programme:", ":"])
def test_a_goal_that_there_is_not_is_asked_again(visit: Visit, goal: str) -> None:
    visit.post("/nl/route", goal=goal)
    assert visit.status == 422


def test_skills_that_are_ticked_make_a_goal_of_skills(visit: Visit, world: World) -> None:
    with world.database.writing() as session:
        for uri in (NETWORKS, PROGRAMMING):
            session.add(SkillLabel(skill_uri=uri, language="nl", kind=LabelKind.PREFERRED, text=uri, folded=uri))
    visit.post("/nl/route", skills=[NETWORKS, PROGRAMMING, "http://nergens"], goal=f"programme:{world.programme_slug}")
    key = visit.address.split("/")[3]
    made = visit.made(key)
    assert (made.goal, made.skills, made.programme_id) == (GoalKind.SKILLS, (NETWORKS, PROGRAMMING), None)


# One's life


def test_only_hours_must_be_told_and_sixteen_are_suggested(visit: Visit) -> None:
    made = visit.begin(hours="16")
    assert (made.now.hours, made.now.parts, made.now.postcode, made.now.own_money) == (16, frozenset(), "", None)
    assert 'value="16"' in visit.get(f"/nl/route/{made.key}/life")


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"hours": "-4"}, "Dit getal kan niet kloppen."),
    ({"hours": "0"}, "Kies 1 tot 60 uur."),
    ({"hours": "500"}, "Kies 1 tot 60 uur."),
    ({"hours": ""}, "Vul in hoeveel uur je hebt."),
    ({"hours": "veel"}, "Schrijf een getal"),
    ({"postcode": "B-1000"}, "Dit is geen postcode in Nederland."),
    ({"postcode": "75001"}, "Dit is geen postcode in Nederland."),
    ({"distance": "20"}, "Vul ook je postcode in."),
    ({"distance": "-1", "postcode": "1315"}, "Dit getal kan niet kloppen."),
    ({"own": "1000000"}, "Dit bedrag is wel heel hoog."),
    ({"employer": "-5"}, "Dit getal kan niet kloppen."),
    ({"starts_on": "2020-01-01"}, "Kies een dag in de komende twee jaar."),
    ({"times": ["mon-night"]}, "is een ongeldige keuze"),
])
def test_what_can_not_be_comes_back_with_a_sentence_and_what_was_typed(visit: Visit, wrong: dict[str, str], sentence: str) -> None:
    made = visit.begin()
    version = made.now.version
    page = made.tell(**{"hours": "20", "own": "77"} | wrong)
    assert visit.status == 422
    assert sentence in page
    assert made.now.version == version
    if "own" not in wrong:
        assert 'value="77"' in page


def test_a_life_is_kept_and_shown_again(visit: Visit) -> None:
    made = visit.begin(
        hours="24", when=["evenings", "weekend"], times=["mon-morning"], postcode="1315 ab", distance="30", own="2.500", employer="500", starts_on="2027-02-01",
    )
    assert (made.now.postcode, made.now.distance, len(made.now.parts)) == ("1315", 30, 5 + 6 + 1)
    page = visit.get(f"/nl/route/{made.key}/life")
    assert 'value="2500"' in page
    assert 'value="2027-02-01"' in page
    assert re.search(r'<input[^>]*checked[^>]*value="mon-morning"', page)


def test_every_time_of_the_week_is_no_limit(visit: Visit) -> None:
    assert visit.begin(hours="20", when=["evenings", "days", "weekend"]).now.parts == frozenset()


# Three routes


def test_routes_stand_beside_each_other_with_what_they_come_to(visit: Visit) -> None:
    page = visit.begin(**MANY_HOURS).look()
    assert titles(page)
    assert "Bewezen: geen route is korter." in page
    assert "3 blokken" in page
    assert "en nog 6 modules" not in page  # of each first step one line, the others counted
    assert "en nog 3 modules" in page


def test_two_routes_that_are_the_same_are_one_card(visit: Visit) -> None:
    assert titles(visit.begin(**EVENINGS).look()) == ["De kortste én de goedkoopste"]


def test_routes_that_differ_have_a_card_each(visit: Visit) -> None:
    made = visit.begin(hours="40", postcode="1315")
    assert len(titles(made.look())) > 1


def test_the_nearest_is_told_to_who_says_from_where(visit: Visit) -> None:
    page = visit.begin(**EVENINGS).look()
    assert "dichtstbijzijnde" not in "".join(titles(page))
    assert "Vul je postcode in" in page
    assert "dichtstbijzijnde" in "".join(titles(visit.begin(**EVENINGS, postcode="1315").look()))


def test_somebody_without_a_life_is_asked_for_it_first(visit: Visit, world: World) -> None:
    visit.post("/nl/route", goal=f"programme:{world.programme_slug}")
    key = visit.address.split("/")[3]
    assert "Wat past in jouw leven?" in visit.get(f"/nl/route/{key}")


@pytest.mark.parametrize("with_routes", [True, False], ids=["with plain routes", "with none"])
def test_where_calculating_took_too_long_the_page_says_so(visit: Visit, *, with_routes: bool) -> None:
    solving.set_solver(Stopped(with_routes=with_routes))
    page = visit.begin(**MANY_HOURS).look()
    assert "Het rekenen duurde te lang." in page
    assert ("Dit is een eenvoudige route." in page) is with_routes
    assert bool(titles(page)) is with_routes


def test_a_degree_of_which_modules_are_missing_says_so(visit: Visit, world: World) -> None:
    with world.database.writing() as session:
        session.execute(update(Programme).values(ec=Decimal(120)))
    assert "De school noemt nog geen modules voor 90 van de 120 EC." in visit.begin(**MANY_HOURS).look()


# The chosen one


def test_the_chosen_route_stands_in_blocks_with_the_reason_of_every_step(visit: Visit, world: World) -> None:
    made = visit.begin(**MANY_HOURS)
    page = made.choose()
    assert visit.status == 200
    assert "Dit is nu jouw route." in page
    assert "Blok 1: september – november 2026" in page
    assert made.now.chosen is Option.SHORTEST
    reasons = {each.module_id: each.reason for each in made.now.steps}
    assert reasons[world.modules["NET-01"]] is StepReason.REQUIRED
    assert reasons[world.modules["SEC-01"]] is StepReason.FILLS
    assert "De opleiding vraagt deze module." in page


def test_step_one_leads_to_enrolling_in_its_class(visit: Visit, world: World) -> None:
    page = visit.begin(**MANY_HOURS).choose()
    address = re.search(r'href="([^"]+)"><span class="nl-button__label">Schrijf je in voor stap 1', page)
    assert address is not None
    assert address[1] in {f"/nl/offerings/{world.classes['NET-01', 'mon']}/enrol", f"/nl/offerings/{world.classes['PRG-01', 'tue']}/enrol"}


def test_a_class_that_is_not_planned_yet_says_so(visit: Visit) -> None:
    page = visit.begin(**EVENINGS).choose()
    assert "Nog niet gepland. We verwachten deze groep" in page


def test_the_links_to_keep_and_to_give_stand_on_the_page(visit: Visit) -> None:
    made = visit.begin(**MANY_HOURS)
    page = made.look()
    assert f"/nl/route/{made.key}" in page
    assert f"/nl/route/{made.key}/progress" in page


# Who may see it


def test_the_address_of_a_route_goes_into_no_search_engine_and_to_no_other_site(visit: Visit, app: Flask) -> None:
    made = visit.begin(**MANY_HOURS)
    answer = app.test_client().get(f"/nl/route/{made.key}")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    page = answer.get_data(as_text=True)
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page


def test_the_key_of_a_route_stands_in_no_log(visit: Visit, capfd: pytest.CaptureFixture[str]) -> None:
    made = visit.begin(**MANY_HOURS)
    made.choose()
    visit.get(f"/nl/route/{made.key}/life")
    said = "".join(capfd.readouterr())
    assert made.key not in said
    assert made.now.read_key not in said


def test_a_key_that_there_is_not_opens_nothing(visit: Visit) -> None:
    for address in ("/nl/route/nee", "/nl/route/nee/life", "/nl/route/nee/remove", "/nl/route/nee/move/net-01"):
        visit.get(address)
        assert visit.status == 404


def test_who_is_signed_in_makes_a_route_in_their_account(app: Flask, world: World) -> None:
    visit = sign_in(app, world, world.learner)
    made = visit.begin(**MANY_HOURS)
    assert made.now.person_id == world.learner.person_id
    assert "AD ICT" in visit.get("/nl/my/routes")


def test_a_route_that_was_made_before_signing_in_can_be_kept(visit: Visit, app: Flask, world: World) -> None:
    made = visit.begin(**MANY_HOURS)
    assert "Log in en bewaar je route" in made.look()
    mine = sign_in(app, world, world.learner)
    assert "Bewaar in mijn account" in mine.get(f"/nl/route/{made.key}")
    before = made.now
    page = mine.post(f"/nl/route/{made.key}/keep", version=before.version)
    assert "Deze route staat in je account." in page
    assert "Wie de link heeft, ziet ook wat je hier hebt gehaald." in page
    kept = world.facts(before.id)
    assert kept.person_id == world.learner.person_id
    assert f"/nl/route/{kept.edit_key}" in page
    other = sign_in(app, world, world.stranger)
    other.post(f"/nl/route/{kept.edit_key}/keep", version=kept.version)
    assert other.status == 409
    assert world.facts(before.id).person_id == world.learner.person_id


def test_who_made_a_route_for_somebody_does_not_see_it_once_it_is_kept(visit: Visit, app: Flask, world: World) -> None:
    made = visit.begin(**MANY_HOURS)
    before = made.now
    sign_in(app, world, world.learner).post(f"/nl/route/{made.key}/keep", version=before.version)
    for address in (made.key, f"{made.key}/progress", f"{made.key}/have", f"read/{before.read_key}"):
        visit.get(f"/nl/route/{address}")
        assert visit.status == 404, address


def test_new_links_stop_both_old_ones(visit: Visit, world: World) -> None:
    made = visit.begin(**MANY_HOURS)
    before = made.now
    page = visit.post(f"/nl/route/{made.key}/link", version=before.version)
    renewed = world.facts(before.id)
    assert "Er is een nieuwe link. De oude werkt niet meer." in page
    assert f"/nl/route/{renewed.edit_key}" in page
    for address in (before.edit_key, f"read/{before.read_key}"):
        visit.get(f"/nl/route/{address}")
        assert visit.status == 404, address
    visit.post(f"/nl/route/{renewed.edit_key}/link", version=before.version)
    assert visit.status == 409
    assert world.facts(before.id).edit_key == renewed.edit_key


def test_somebody_without_routes_is_told_how_to_make_one(app: Flask, world: World) -> None:
    assert "Je hebt nog geen route" in sign_in(app, world, world.stranger).get("/nl/my/routes")


def test_a_route_that_is_thrown_away_is_gone(visit: Visit) -> None:
    made = visit.begin(**MANY_HOURS)
    assert "Gooi deze route weg?" in visit.get(f"/nl/route/{made.key}/remove")
    visit.post(f"/nl/route/{made.key}/remove", version=made.now.version)
    visit.get(f"/nl/route/{made.key}")
    assert visit.status == 404


def test_the_pages_stay_within_their_statements(visit: Visit, queries: Queries) -> None:
    made = visit.begin(**MANY_HOURS)
    made.choose()
    made.look()
    with queries(20):
        made.look()
    with queries(4):
        visit.get(f"/nl/route/{made.key}/life")
    with queries(1):
        visit.get("/nl/route")
