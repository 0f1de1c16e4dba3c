"""A route as an adviser reads it: without an account, without changing anything, and with advice that the learner may take off."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.catalogue.models import Provider
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import Match
from academy.pathways.models import Pathway, PathwayAdvice
from tests.pathways.planning_steps import plan
from tests.pathways.visiting import Visit, sign_in
from tests.pathways.world import AUTUMN, WINTER, World

Queries = Callable[[int], AbstractContextManager[list[str]]]
WORDS = "Begin met <b>netwerken</b>.\n\nZie http://example.org/x"


@pytest.fixture(autouse=True)
def _at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("views.progress", "views.reading"):
        monkeypatch.setattr(f"academy.pathways.{module}.utc_now", lambda: world.now)


@pytest.fixture(autouse=True)
def _without_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def visit(app: Flask, world: World) -> Visit:
    return Visit(app.test_client(), world)


@pytest.fixture
def pathway(world: World) -> PathwayFacts:
    return plan(world, world.pathway(), ("PRG-01", AUTUMN), ("PRG-02", WINTER), ("DAT-01", WINTER))


def read(pathway: PathwayFacts) -> str:
    return f"/nl/route/read/{pathway.read_key}"


def progress(pathway: PathwayFacts) -> str:
    return f"/nl/route/{pathway.edit_key}/progress"


def advise(visit: Visit, pathway: PathwayFacts, words: str = WORDS, signed: str = "Decaan Dik") -> str:
    return visit.post(read(pathway), words=words, signed=signed)


def test_an_adviser_reads_the_steps_by_block_and_the_picture(visit: Visit, pathway: PathwayFacts) -> None:
    page = visit.get(read(pathway))
    assert "0 van de 30 EC zijn binnen. Na de route mist nog 15 EC." in page
    blocks = re.findall(r'class="academy-half__title">([^<]+) <span class="academy-half__ec">([^<]+)<', page)
    assert blocks == [("september – november 2026", "5 EC"), ("november 2026 – januari 2027", "10 EC")]
    assert "Module PRG-01</span>: 5 EC, Windesheim in Almere, € 300, nog niet gepland" in page
    assert "academy-tiles__drawing" in page


def test_who_reads_finds_nothing_with_which_to_change_the_route(visit: Visit, pathway: PathwayFacts) -> None:
    page = visit.get(read(pathway))
    assert pathway.edit_key not in page
    assert re.findall(r'<form class="academy-form" action="([^"]+)"', page) == [read(pathway)]
    visit.get(f"/nl/route/{pathway.read_key}/progress")
    assert visit.status == 404
    visit.get(f"/nl/route/read/{pathway.edit_key}")
    assert visit.status == 404


def test_a_route_to_read_stays_out_of_search_engines(visit: Visit, pathway: PathwayFacts) -> None:
    answer = visit.client.get(read(pathway))
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in answer.text


def test_what_the_learner_typed_is_not_told_an_adviser_as_decided(visit: Visit, world: World) -> None:
    page = visit.get(read(world.pathway(has=[("NET-01", Match.MATCH)])))
    assert "0 van de 30 EC zijn binnen. De cursist zegt ook 5 EC te hebben." in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "erkend" not in page


def test_advice_is_shown_to_the_learner_as_it_was_typed(visit: Visit, pathway: PathwayFacts) -> None:
    assert "Dank je wel. De cursist ziet je advies bij de route." in advise(visit, pathway)
    page = visit.client.get(progress(pathway)).text
    assert "Begin met &lt;b&gt;netwerken&lt;/b&gt;." in page
    assert "http://example.org/x" in page
    assert 'href="http://example.org/x"' not in page
    assert "Decaan Dik, 1 sep 2026, 11:00. Deze naam is zelf ingevuld. Wij weten niet wie het is." in page.replace("\N{NO-BREAK SPACE}", " ")


def test_advice_is_not_shown_to_others_with_the_link(visit: Visit, pathway: PathwayFacts) -> None:
    advise(visit, pathway)
    assert "netwerken" not in visit.get(read(pathway))


def test_who_is_signed_in_finds_their_name_and_proves_nothing_with_another_one(app: Flask, world: World, pathway: PathwayFacts, visit: Visit) -> None:
    adviser = sign_in(app, world, world.planner)
    assert 'value="Piet Planner"' in adviser.get(read(pathway))
    advise(adviser, pathway, signed="Examencommissie")
    page = visit.get(progress(pathway))
    assert "Examencommissie, 1 sep 2026, 11:00. Deze naam is zelf ingevuld. Wij weten niet wie het is." in page
    assert "ingelogd" not in page[page.index("Examencommissie"):page.index("Haal weg")]


def test_advice_of_somebody_whose_account_is_gone_stays_without_their_name(visit: Visit, world: World, pathway: PathwayFacts) -> None:
    advise(visit, pathway)
    with world.database.writing() as session:
        session.execute(update(PathwayAdvice).values(signed="", person_id=None))
    assert "Iemand, 1 sep 2026, 11:00. Deze persoon heeft geen account meer." in visit.get(progress(pathway))


@pytest.mark.parametrize(("words", "signed", "says"), [
    ("", "Dik", "Schrijf je advies."), ("Ga door", "", "Schrijf wie je bent."), ("x" * 2_001, "Dik", "Gebruik hooguit 2.000 tekens."),
    ("Ga door", "x" * 101, "Gebruik hooguit 100 tekens."), ("\x07 \n", "Dik", "Schrijf je advies."),
])
def test_bad_advice_comes_back_with_what_is_wrong(visit: Visit, pathway: PathwayFacts, words: str, signed: str, says: str) -> None:
    page = advise(visit, pathway, words, signed)
    assert visit.status == 422
    assert says in page
    assert "Er is nog geen advies" in visit.get(progress(pathway))


def test_the_learner_takes_advice_off(visit: Visit, pathway: PathwayFacts) -> None:
    advise(visit, pathway)
    [address] = re.findall(r'action="(/nl/route/[^"]+/advice/[^"]+/remove)"', visit.get(progress(pathway)))
    page = visit.post(address)
    assert "Het advies is weg." in page
    assert "Er is nog geen advies" in page
    visit.post(f"/nl/route/{pathway.edit_key}/advice/no-id/remove")
    assert visit.status == 404


def test_asking_advice_opens_ones_own_mail_with_the_link_to_read(visit: Visit, world: World, pathway: PathwayFacts) -> None:
    with world.database.writing() as session:
        session.get_one(Provider, world.provider_id).contact_email = "advies@windesheim.example"
    page = visit.get(progress(pathway))
    [mail] = re.findall(r'href="(mailto:[^"]+)"', page)
    assert mail.startswith("mailto:advies@windesheim.example?subject=")
    assert f"{read(pathway)}\n" in unquote(mail)
    assert pathway.edit_key not in unquote(mail)
    assert "De e-mail gaat naar Windesheim in Almere." in page


def test_a_new_link_stops_the_old_one(visit: Visit, world: World, pathway: PathwayFacts) -> None:
    page = visit.post(f"/nl/route/{pathway.edit_key}/read-link", version=pathway.version)
    assert "Er is een nieuwe link. De oude werkt niet meer." in page
    visit.get(read(pathway))
    assert visit.status == 404
    renewed = world.facts(pathway.id)
    assert f"/nl/route/read/{renewed.read_key}" in page
    visit.get(read(renewed))
    assert visit.status == 200


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
def test_a_page_from_before_a_change_makes_no_new_link(visit: Visit, world: World, pathway: PathwayFacts, version: str) -> None:
    page = visit.post(f"/nl/route/{pathway.edit_key}/read-link", version=version)
    assert visit.address == f"/nl/route/{pathway.edit_key}/progress"  # on which it can be pressed again
    assert "Je route is intussen ergens anders veranderd." in page
    assert world.facts(pathway.id).read_key == pathway.read_key


def test_one_network_does_not_write_advice_without_end(app: Flask, visit: Visit, pathway: PathwayFacts) -> None:
    for name in ("advise", "read", "remove", "renew"):
        assert hasattr(app.view_functions[f"pathways_reading.{name}"], "visits_a_minute")
    network = {"REMOTE_ADDR": "198.51.100.7"}
    statuses = [visit.client.post(read(pathway), data={}, environ_base=network).status_code for _try in range(31)]
    assert statuses == [422] * 30 + [429]


@pytest.mark.parametrize("page", [read, progress])
def test_a_route_that_somebody_looks_at_only_here_is_not_forgotten(visit: Visit, world: World, pathway: PathwayFacts, page: Callable[[PathwayFacts], str]) -> None:
    world.pass_time(days=200)
    visit.get(page(pathway))
    with world.database.reading() as session:
        assert session.scalars(select(Pathway.seen_at).where(Pathway.id == pathway.id)).one() == world.now


def test_reading_costs_few_statements(visit: Visit, pathway: PathwayFacts, queries: Queries) -> None:
    with queries(24):
        visit.get(read(pathway))
