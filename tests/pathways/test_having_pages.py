"""The page of what somebody has: answers while they type, a list with a reason for each thing, and nothing lost that was typed."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask

from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import Match
from academy.recognition.kinds import EvidenceKind
from academy.search import service as search
from academy.search.embedded_engine import EmbeddedEngine
from tests.pathways.visiting import Visit, sign_in
from tests.pathways.world import World

Queries = Callable[[int], AbstractContextManager[list[str]]]
LIVE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _quiet(app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    search.set_engine(EmbeddedEngine(tmp_path / "index"))
    monkeypatch.setattr("academy.pathways.views.having.utc_now", lambda: world.now)


@pytest.fixture
def visit(app: Flask, world: World) -> Visit:
    return Visit(app.test_client(), world)


def have(pathway: PathwayFacts, more: str = "") -> str:
    return f"/nl/route/{pathway.edit_key}/have{more}"


def attempt(visit: Visit, pathway: PathwayFacts, what: str) -> str:
    """Return the live answer to what somebody types."""
    answer = visit.client.post(have(pathway, "/try"), data={"what": what, "diploma": ""}, headers=LIVE)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def add(visit: Visit, pathway: PathwayFacts, what: str, **fields: str) -> str:
    return visit.post(have(pathway), **({"version": str(pathway.version), "what": what, "diploma": "", "act": "add"} | fields))


def test_the_page_asks_two_things(visit: Visit, world: World) -> None:
    page = visit.get(have(world.pathway()))
    assert "Stap 2 van 4" in page
    assert re.findall(r'<label class="utrecht-form-label" for="(\w+)"', page) == ["diploma", "what"]
    assert "Er staat nog niets in je lijst." in page
    assert "30 EC nog te doen" in page


def test_a_live_answer_says_whether_it_counts_and_why_and_keeps_nothing(visit: Visit, world: World) -> None:
    pathway = world.pathway()
    assert attempt(visit, pathway, "PRG-01") == "✓ Telt mee Module PRG-01 , 5 EC. Dit is een module van je doel. De school kan later om bewijs vragen."
    assert "Telt misschien mee" in attempt(visit, pathway, "PRG-01 3 EC")
    assert attempt(visit, pathway, "bloemschikken") == "– Telt niet mee Niets in je doel lijkt hierop."
    assert attempt(visit, pathway, "") == ""
    assert "Dit is meer dan 30 EC." in attempt(visit, pathway, "PRG-01 500 EC")
    assert "Schrijf hier geen e-mailadres" in attempt(visit, pathway, "sam@voorbeeld.nl")
    assert world.facts(pathway.id) == pathway


def test_without_javascript_the_whole_page_has_the_answer(visit: Visit, world: World) -> None:
    page = visit.post(have(world.pathway(), "/try"), what="PRG-01", diploma="")
    assert visit.status == 200
    assert "Dit is een module van je doel." in page
    assert 'value="PRG-01"' in page


def test_what_is_added_stands_in_the_list_with_its_reason_and_fills_the_bar(visit: Visit, world: World) -> None:
    world.equivalence("DAT-01", "CREBO", "25648", kind=EvidenceKind.DIPLOMA)
    pathway = world.pathway()
    add(visit, pathway, "crebo 25648", diploma="4")
    assert (visit.status, visit.address) == (200, have(pathway))
    page = visit.get(have(pathway))
    assert "De examencommissie van Windesheim in Almere laat dit meetellen: het is een gelijkstelling." in page
    assert "5 EC telt mee" in page
    assert "25 EC nog te doen" in page
    assert "Met dit diploma kun je meestal beginnen. De school beslist." in page


def test_what_may_count_leads_to_the_self_scan_with_the_route(visit: Visit, world: World) -> None:
    pathway = world.pathway()
    add(visit, pathway, "PRG-01 3 EC")
    page = visit.get(have(pathway))
    assert f'href="/nl/modules/{world.slugs["PRG-01"]}/recognition?route={pathway.edit_key}"' in page
    assert "3 EC telt misschien mee" in page or "5 EC telt misschien mee" in page


def test_going_on_keeps_what_was_typed_and_leads_to_the_next_screen(visit: Visit, world: World) -> None:
    pathway = world.pathway()
    add(visit, pathway, "PRG-01", act="next", diploma="3")
    assert visit.address == f"/nl/route/{pathway.edit_key}/life"
    kept = world.facts(pathway.id)
    assert ([each.fits for each in kept.has], kept.diploma) == ([Match.MATCH], "3")


def test_going_on_with_nothing_new_changes_nothing(visit: Visit, world: World) -> None:
    pathway = world.pathway(diploma="4")
    add(visit, pathway, "", act="next", diploma="4")
    assert visit.address == f"/nl/route/{pathway.edit_key}/life"
    assert world.facts(pathway.id).version == pathway.version


@pytest.mark.parametrize(("what", "says"), [
    ("PRG-01 500 EC", "Dit is meer dan 30 EC. Meer vraagt je doel niet."), ("PRG-01 -5 EC", "We begrijpen niet hoeveel EC dit is."), ("...", "Schrijf wat je hebt"),
    ("bel 06 12345678", "Schrijf hier geen e-mailadres"), ("", "Schrijf eerst wat je hebt."), ("x" * 201, "Gebruik hooguit 200 tekens."),
])
def test_what_can_not_be_is_said_at_the_field_and_stays_there(visit: Visit, world: World, what: str, says: str) -> None:
    pathway = world.pathway()
    page = add(visit, pathway, what)
    assert visit.status == 422
    assert says in page
    assert 'href="#what"' in page
    assert world.facts(pathway.id) == pathway


@pytest.mark.parametrize(("level", "says"), [
    ("4", "Met dit diploma kun je meestal beginnen. De school beslist."), ("6", "Met dit diploma kun je meestal beginnen. De school beslist."),
    ("3", "Ben je 21 of ouder? Dan kan een toets van de school genoeg zijn."), ("1", "Ben je 21 of ouder? Dan kan een toets van de school genoeg zijn."),
])
def test_a_diploma_is_held_against_what_the_programme_asks(visit: Visit, world: World, level: str, says: str) -> None:
    assert says in visit.get(have(world.pathway(diploma=level)))


def test_a_thing_is_taken_out_by_a_button_that_says_which(visit: Visit, world: World) -> None:
    pathway = world.pathway(has=[("PRG-01", Match.MATCH)])
    page = visit.get(have(pathway))
    assert re.search(r'Haal weg<span class="academy-hidden">: PRG-01</span>', page)
    visit.post(have(pathway, "/remove"), version=str(pathway.version), has=pathway.has[0].id.hex)
    assert visit.status == 200
    assert not world.facts(pathway.id).has


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "9" * 20, "²"])
def test_a_page_that_is_not_the_last_one_changes_nothing_and_keeps_what_was_typed(visit: Visit, world: World, version: str) -> None:
    pathway = world.pathway(has=[("PRG-01", Match.MATCH)])
    page = add(visit, pathway, "NET-01", version=version)
    assert visit.status == 409
    assert "Je route is intussen ergens anders veranderd." in page
    assert 'value="NET-01"' in page
    visit.post(have(pathway, "/remove"), version=version, has=pathway.has[0].id.hex)
    assert visit.status == 409
    assert world.facts(pathway.id) == pathway


def test_only_its_owner_sees_what_they_have_learned_here(app: Flask, visit: Visit, world: World) -> None:
    world.passed(world.learner, "PRG-01", "tue")
    pathway = world.pathway(of=world.learner)
    assert "Dit heb je hier gehaald." not in visit.get(have(pathway))
    page = sign_in(app, world, world.learner).get(have(pathway))
    assert "Dit heb je hier gehaald." in page
    assert "5 EC telt mee" in page


def test_what_is_no_pathway_or_only_to_be_read_is_not_found(visit: Visit, world: World) -> None:
    pathway = world.pathway()
    for key in ("zomaar", pathway.read_key):
        visit.get(f"/nl/route/{key}/have")
        assert visit.status == 404
        visit.post(f"/nl/route/{key}/have/try", what="PRG-01", diploma="")
        assert visit.status == 404


def test_no_search_engine_keeps_the_page(visit: Visit, world: World) -> None:
    answer = visit.client.get(have(world.pathway()))
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_live_answer_and_the_page_cost_few_statements(visit: Visit, world: World, queries: Queries) -> None:
    world.equivalence("DAT-01", "CREBO", "25648", kind=EvidenceKind.DIPLOMA)
    pathway = world.pathway(has=[("PRG-01", Match.MATCH), ("NET-01", Match.MAYBE), ("SEC-01", Match.MISS)])
    with queries(32):
        attempt(visit, pathway, "netwerken")
    with queries(36):
        visit.get(have(pathway))
