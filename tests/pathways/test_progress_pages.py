"""How far somebody is, as pages: the finding in words, the drawing with the same numbers in a table, what does not count, and the line to a bachelor."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import delete, update

from academy.catalogue.models import Programme, Requirement
from academy.kernel.text import Localized
from academy.pathways.kinds import GoalKind, Match
from academy.pathways.models import CreditRule
from academy.pathways.pages.progress import _lacks
from academy.pathways.queries import progress as progress_queries
from academy.pathways.queries.progress import RequirementRow
from academy.pathways.rules.audit import audit
from tests import builders
from tests.pathways.planning_steps import plan
from tests.pathways.visiting import Visit, sign_in
from tests.pathways.world import AUTUMN, NETWORKS, PROGRAMMING, SPRING, WINTER, World

Queries = Callable[[int], AbstractContextManager[list[str]]]
WHOLE_ROUTE = (("PRG-01", AUTUMN), ("PRG-02", WINTER), ("DAT-01", WINTER), ("SEC-01", SPRING), ("UX-01", SPRING))


@pytest.fixture(autouse=True)
def _at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("views.progress", "views.reading"):
        monkeypatch.setattr(f"academy.pathways.{module}.utc_now", lambda: world.now)


@pytest.fixture
def visit(app: Flask, world: World) -> Visit:
    return Visit(app.test_client(), world)


@pytest.fixture
def learner(app: Flask, world: World) -> Visit:
    return sign_in(app, world, world.learner)


def finding(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.+?)</h1>", page)
    assert found is not None
    return found[1]


def numbers(page: str) -> dict[str, list[str]]:
    """Return the cells of the table by the name of the row."""
    rows = re.findall(r'<th scope="row".*?>(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {re.sub(r"<[^>]+>", "\n", head).strip().split("\n")[0]: re.findall(r"<td[^>]*>(.*?)</td>", cells) for head, cells in rows}


def drawn(page: str) -> list[str]:
    """Return what the tiles of the drawing are filled with, in order."""
    [drawing] = re.findall(r'<svg class="academy-tiles__drawing".*?</svg>', page, re.DOTALL)
    return re.findall(r"academy-tile--([a-z-]+)", drawing)


def progress(visit: Visit, key: str) -> str:
    return visit.get(f"/nl/route/{key}/progress")


def test_a_route_that_ends_well_says_when(visit: Visit, world: World) -> None:
    pathway = plan(world, world.pathway(has=[("NET-01", Match.MATCH)]), *WHOLE_ROUTE)
    page = progress(visit, pathway.edit_key)
    assert finding(page) == "Je hebt 0 van de 30 EC. Volgens jezelf heb je ook 5 EC. Met je route kom je er in april 2027."
    assert "5 EC zelf gezegd, 25 EC gepland</desc>" in page
    assert drawn(page) == ["said", *["planned"] * 5]
    assert numbers(page) == {"Kern": ["5 EC", "15 EC"], "Keuze": ["–", "10 EC"], "Samen": ["5 EC", "25 EC"]}


def test_every_kind_of_credit_has_its_own_look_and_letter(visit: Visit, world: World) -> None:
    world.passed(world.learner, "NET-01", "mon")
    world.enrol(world.learner, "PRG-01", "tue")
    world.recognised(world.learner, "DAT-01")
    pathway = plan(world, world.pathway(of=world.learner), ("SEC-01", SPRING))
    page = progress(visit, pathway.edit_key)
    assert finding(page) == "Je hebt 10 van de 30 EC. Na je route mis je nog 10 EC."
    assert drawn(page) == ["obtained", "recognised", "in-progress", "planned", "missing", "missing"]
    assert re.findall(r"<text [^>]+>(.)</text>", page)[:4] == ["✓", "E", "B", "G"]
    assert "5 EC gehaald, 5 EC erkend, 5 EC bezig, 5 EC gepland, 10 EC mist nog</desc>" in page
    assert numbers(page)["Samen"] == ["5 EC", "5 EC", "5 EC", "5 EC", "10 EC"]
    assert "Module NET-01: gehaald" in page
    assert "Module PRG-01: bezig" in page


def test_what_a_board_recognised_stays_apart_from_what_its_learner_says_besides(visit: Visit, world: World) -> None:
    world.recognised(world.learner, "NET-01", outcomes=1)
    page = progress(visit, world.pathway(of=world.learner, has=[("NET-01", Match.MATCH)]).edit_key)
    assert finding(page) == "Je hebt 2,5 van de 30 EC. Volgens jezelf heb je ook 2,5 EC. Je mist nog 25 EC."
    assert "2,5 EC erkend, 2,5 EC zelf gezegd, 25 EC mist nog</desc>" in page
    assert "Wat niet meetelt" not in page


def test_without_a_route_the_page_says_what_is_missing(visit: Visit, world: World) -> None:
    page = progress(visit, world.pathway().edit_key)
    assert finding(page) == "Je hebt 0 van de 30 EC. Je mist nog 30 EC."
    assert drawn(page) == ["missing"] * 6


def test_a_step_that_was_passed_in_the_meantime_is_not_planned_any_more(visit: Visit, world: World) -> None:
    pathway = plan(world, world.pathway(of=world.learner), ("NET-01", AUTUMN), ("PRG-01", AUTUMN))
    world.passed(world.learner, "NET-01", "mon")
    page = progress(visit, pathway.edit_key)
    assert drawn(page)[:2] == ["obtained", "planned"]
    assert "Wat niet meetelt" not in page


def test_what_the_institution_must_teach_itself_is_counted_apart(visit: Visit, world: World) -> None:
    pathway = plan(world, world.pathway(has=[("NET-01", Match.MATCH)]), ("PRG-01", AUTUMN))
    page = progress(visit, pathway.edit_key)
    assert "Minstens 15 EC volg je bij Windesheim in Almere zelf. Met wat er nu staat, komt dat op 5 EC." in page


def test_what_does_not_count_is_listed_with_the_reason(visit: Visit, world: World) -> None:
    world.passed(world.learner, "NET-01", "mon")
    world.passed(world.learner, "NETA-01", "wed")
    with world.database.writing() as session:
        session.add(CreditRule(programme_id=world.programme_id, valid_years=3, changed_at=world.now))
    page = progress(visit, world.pathway(of=world.learner).edit_key)
    assert "<strong>Module NETA-01</strong>, 5 EC: deze opleiding vraagt dit niet." in page
    assert "houdt zijn waarde" in page
    world.pass_time(days=4 * 366)
    later = progress(visit, world.pathway(of=world.learner).edit_key)
    assert "<strong>Module NET-01</strong>, 5 EC: het is te lang geleden. Het telt 3 jaar mee." in later
    assert "houdt zijn waarde" not in later


def test_what_the_programme_did_not_fill_in_is_missing_and_said(visit: Visit, world: World) -> None:
    with world.database.writing() as session:
        session.execute(update(Programme).where(Programme.id == world.programme_id).values(ec=Decimal(120)))
    page = progress(visit, world.pathway().edit_key)
    assert finding(page) == "Je hebt 0 van de 120 EC. Je mist nog 120 EC."
    assert numbers(page)["Nog niet ingevuld door de opleiding"] == ["90 EC"]
    assert len(drawn(page)) == 24
    assert "Een rij is een halfjaar leren in voltijd." in page


def test_a_programme_of_which_nothing_is_known_gives_no_empty_drawing(learner: Visit, world: World) -> None:
    with world.database.writing() as session:
        session.execute(delete(Requirement).where(Requirement.programme_id == world.programme_id))
    page = learner.get(f"/nl/my/progress/{world.programme_slug}")
    assert learner.status == 200
    assert "Hier valt nog niets te tellen" in page


def test_a_goal_of_skills_is_drawn_as_skills(visit: Visit, world: World) -> None:
    pathway = world.pathway(goal=GoalKind.SKILLS, skills=[NETWORKS, PROGRAMMING], of=world.learner)
    world.passed(world.learner, "NETA-01", "wed")
    page = progress(visit, pathway.edit_key)
    assert finding(page) == "Je kunt 1 van de 2 vaardigheden. Je mist nog 1."
    assert drawn(page) == ["obtained", "missing"]
    assert "Van mbo naar bachelor" not in page


def test_the_line_leads_from_mbo_to_the_bachelors_of_the_same_school(visit: Visit, world: World) -> None:
    key = world.pathway(diploma="4").edit_key
    assert "Er staat hier nog geen bachelor" in progress(visit, key)
    with world.database.writing() as session:
        builders.programme(session, world.now, ("NET-01", 1), provider_id=world.provider_id, title="Bachelor ICT", nlqf="6", ec=Decimal(240))
    page = progress(visit, key)
    assert ">Bachelor ICT</a>, Windesheim in Almere" in page
    assert re.findall(r"academy-line__stop--(\w+)", page) == ["done", "here", "ahead"]


def test_a_degree_that_is_planned_whole_is_not_obtained_yet(visit: Visit, world: World) -> None:
    with world.database.writing() as session:
        session.execute(update(Programme).values(nlqf="5"))
    planned = plan(world, world.pathway(has=[("NET-01", Match.MATCH)]), *WHOLE_ROUTE)
    assert "Hier nu: 0 van 30 EC" in progress(visit, planned.edit_key)


@pytest.mark.parametrize(("asked", "has", "looks", "title"), [
    ("4", "4+", "done", "Mbo 4, havo of vwo"), ("4+", "4", "ahead", "Diploma: niveau 4+"), ("4", "5", "done", "Mbo 4, havo of vwo"), ("4", "", "ahead", "Mbo 4, havo of vwo"),
])
def test_the_line_holds_a_diploma_against_what_is_asked_and_never_takes_it_for_this_degree(visit: Visit, world: World, asked: str, has: str, looks: str, title: str) -> None:
    with world.database.writing() as session:
        session.execute(update(Programme).where(Programme.id == world.programme_id).values(entry_nlqf=asked))
    page = progress(visit, world.pathway(diploma=has).edit_key)
    assert re.findall(r"academy-line__stop--(\w+)", page) == [looks, "here", "ahead"]
    assert f">{title}</h3>" in page


def test_a_part_says_what_it_asks_and_what_is_missing_in_it(visit: Visit, world: World) -> None:
    page = progress(visit, plan(world, world.pathway(has=[("NET-01", Match.MATCH)]), ("PRG-01", AUTUMN)).edit_key)
    rules = [re.sub(r"<[^>]+>", "", each) for each in re.findall(r'academy-parts__rule">((?:[^<]|<span[^>]*>[^<]*</span>)*)</span>', page)]
    assert rules == [
        "nog niet compleet", "ontbreekt nog: Module PRG-02, Module DAT-01", "kies 10 EC", "nog te kiezen: Module SEC-01, Module UX-01, Module CLD-01",
    ]


def test_of_much_that_is_missing_five_are_named_and_the_rest_counted() -> None:
    lacks = tuple(Localized(f"Module {number}") for number in range(7))
    assert _lacks(RequirementRow(Localized("Kern"), (), is_complete=False, lacks=lacks)).endswith("Module 4 en nog 2")


def test_where_not_every_way_to_count_was_tried_the_page_says_so(visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key, sentence = world.pathway().edit_key, "Misschien kan het nog gunstiger worden ingedeeld."
    assert sentence not in progress(visit, key)
    monkeypatch.setattr(progress_queries, "audit", lambda *given, **how: replace(audit(*given, **how), is_best=False))
    assert sentence in progress(visit, key)


def test_a_key_that_does_not_exist_leads_nowhere(visit: Visit) -> None:
    progress(visit, "no-such-key")
    assert visit.status == 404


def test_the_page_of_a_key_stays_out_of_search_engines(visit: Visit, world: World) -> None:
    answer = visit.client.get(f"/nl/route/{world.pathway().edit_key}/progress")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in answer.text
    assert 'rel="canonical"' not in answer.text


def test_the_paper_has_room_for_a_pen_and_the_link_to_read(visit: Visit, world: World) -> None:
    pathway = world.pathway()
    page = progress(visit, pathway.edit_key)
    [paper] = re.findall(r'<section class="academy-paper".*?</section>', page, re.DOTALL)
    assert "Handtekening cursist" in paper
    assert f"/nl/route/read/{pathway.read_key}" in paper
    assert pathway.edit_key not in paper


def test_a_page_of_progress_costs_few_statements(visit: Visit, world: World, queries: Queries) -> None:
    world.passed(world.learner, "NET-01", "mon")
    pathway = plan(world, world.pathway(of=world.learner), *WHOLE_ROUTE[1:])
    with queries(34):
        progress(visit, pathway.edit_key)


# Signed in


def test_whoever_is_signed_in_sees_the_programmes_that_count_what_they_have(learner: Visit, world: World) -> None:
    assert "Je hebt nog niets dat meetelt" in learner.get("/nl/my/progress")
    world.passed(world.learner, "NET-01", "mon")
    page = learner.get("/nl/my/progress")
    assert "Samen heb je 5 EC gehaald of erkend." in page
    assert "1 module die je hebt of volgt" in page
    assert f"/nl/my/progress/{world.programme_slug}" in page


def test_a_programme_can_be_looked_at_without_a_route_to_it(learner: Visit, world: World) -> None:
    world.passed(world.learner, "NET-01", "mon")
    page = learner.get(f"/nl/my/progress/{world.programme_slug}")
    assert finding(page) == "Je hebt 5 van de 30 EC. Je mist nog 25 EC."


def test_the_route_of_the_reader_is_counted_and_nobody_elses(learner: Visit, world: World) -> None:
    plan(world, world.pathway(of=world.stranger), *WHOLE_ROUTE)
    address = f"/nl/my/progress/{world.programme_slug}"
    assert "planned" not in drawn(learner.get(address))
    plan(world, world.pathway(of=world.learner), *WHOLE_ROUTE)
    assert drawn(learner.get(address)).count("planned") == 5


def test_progress_of_oneself_asks_to_sign_in(visit: Visit, world: World) -> None:
    for address in ("/nl/my/progress", f"/nl/my/progress/{world.programme_slug}"):
        assert visit.client.get(address).status_code in {302, 303}


def test_a_programme_that_is_not_there_is_not_found(learner: Visit) -> None:
    learner.get("/nl/my/progress/no-such-programme")
    assert learner.status == 404


def test_english_readers_read_english(visit: Visit, world: World) -> None:
    page = visit.get(f"/en/route/{world.pathway().edit_key}/progress")
    assert visit.status == 200
    assert "Core" in page
