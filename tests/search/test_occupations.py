"""Who types an occupation finds it, and on its page the modules that teach what it asks for."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from academy.catalogue.api import OutcomeFacts, SkillTag
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.text import Localized
from academy.kernel.worker import Worker
from academy.search import occupations, service, subscribers
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchDocument, SearchEngine, SearchQuery
from academy.search.meilisearch_engine import MeilisearchEngine
from academy.search.occupations import (
    ALSO_CALLED,
    CALLED,
    NAMED,
    NOT_NAMED,
    find_occupations,
    nearness,
    occupation_document,
)
from academy.search.pages.drawing import macro
from academy.search.pages.occupations import named_by
from academy.skills import api as skills
from academy.skills import drafting
from academy.skills.models import ConceptStatus, Occupation, Skill
from academy.skills.service import load_version
from tests.search import supply
from tests.search.listing import ListingEngine
from tests.search.meilisearch_stub import KEY, MeilisearchStub
from tests.skills.conftest import LEAD, METAL, OFFICER, WELD, WELDER, Esco

Budget = Callable[[int], AbstractContextManager[list[str]]]
LoadEsco = Callable[..., None]
LASSER = "/nl/occupations/lasser-welder"


def skill(uri: str, dutch: str, english: str = "") -> skills.SkillFacts:
    return skills.SkillFacts(uri, Localized(dutch, english), skills.SkillKind.SKILL, is_dropped=False)


def facts(key: str, dutch: str, english: str = "", *, also: tuple[str, ...] = (), code: str = "2411.1",
          essential: tuple[skills.SkillFacts, ...] = ()) -> skills.OccupationFacts:
    return skills.OccupationFacts(
        f"http://data.europa.eu/esco/occupation/{key}-1b4e-4e2a", code, code[:4], Localized(dutch, english), {"nl": also}, essential,
    )


def document(key: str, dutch: str, english: str = "", **more: object) -> SearchDocument:
    return occupation_document(facts(key, dutch, english, **more))  # type: ignore[arg-type] # the builder takes any field


@pytest.fixture
def load_esco(database: Database, tmp_path: Path, now: datetime) -> LoadEsco:
    """Load the files of a version: `load_esco(esco, version)`."""

    def load(esco: Esco | None = None, version: str = "1.1.1") -> None:
        with database.writing() as session:
            load_version(session, drafting.prepare((esco or Esco()).write(tmp_path / version), version=version), now=now)

    return load


# From the skills room


def test_an_occupation_comes_with_its_names_and_what_it_asks_for_most_specific_first(
    database: Database, load_esco: LoadEsco, queries: Budget,
) -> None:
    load_esco()
    with database.reading() as session, queries(4):
        found = {each.uri: each for each in skills.occupations(session)}
    welder = found[WELDER]
    assert (welder.label, welder.code, welder.isco_group) == (Localized("lasser", "welder"), "7212.3", "7212")
    assert welder.other_names == {"nl": ("onderwaterlasser",)}
    assert [each.uri for each in welder.essential] == [WELD, LEAD]  # metal is optional
    assert welder.essential[0].label == Localized("", "weld underwater")
    assert [each.uri for each in found[OFFICER].essential] == [LEAD]


def test_what_was_dropped_is_no_occupation_and_no_skill_to_have(database: Database, load_esco: LoadEsco) -> None:
    load_esco()
    with database.writing() as session:
        session.execute(update(Occupation).where(Occupation.uri == OFFICER).values(status=ConceptStatus.DROPPED))
        session.execute(update(Skill).where(Skill.uri == LEAD).values(status=ConceptStatus.DROPPED))
        (welder,) = skills.occupations(session)
    assert [each.uri for each in welder.essential] == [WELD]


def test_without_esco_there_are_no_occupations(database: Database) -> None:
    with database.reading() as session:
        assert list(skills.occupations(session)) == []


# The document


def test_a_document_holds_all_names_the_codes_and_the_skills() -> None:
    made = document("8f4a1b2c", "financieel manager", "financial manager", also=("hoofd  financiën", "CFO"),
                    essential=(skill("http://x/skill/s-1", "boeken", "keep books"), skill("http://x/skill/s-2", "", "audit")))
    assert made.id == "occupation:8f4a1b2c"
    assert made.codes == ("8f4a1b2c", "2411.1", "2411")
    assert made.texts["title"] == ("financieel manager", "financial manager")
    assert made.texts["summary"] == ("hoofd financien", "cfo")
    assert made.facets == {"kind": ("occupation",), "skill": ("s-1", "s-2")}
    assert made.labels == {"skill": {"s-1": "boeken\x1dkeep books", "s-2": "audit"}}
    dutch, english = (json.loads(made.cards[language]) for language in ("nl", "en"))
    assert dutch["slug"] == english["slug"] == "financieel-manager-8f4a1b2c"
    assert (dutch["title"], english["title"]) == ("Financieel manager", "Financial manager")
    assert dutch["also"] == ["CFO", "hoofd financiën"]
    assert dutch["skills"] == [["s-1", "boeken", "nl"], ["s-2", "audit", "en"]]


@pytest.mark.parametrize(("name", "title", "slug"), [
    ("eBusiness-manager", "eBusiness-manager", "ebusiness-manager-k"),
    ("ICT-consultant", "ICT-consultant", "ict-consultant-k"),
    ("inspiciënt", "Inspiciënt", "inspicient-k"),
    ("中文", "中文", "zhong-wen-k"),
    ("+++", "+++", "k"),
])
def test_a_name_makes_a_title_and_an_address(name: str, title: str, slug: str) -> None:
    card = json.loads(document("k", name).cards["nl"])
    assert (card["title"], card["slug"]) == (title, slug)


@pytest.mark.parametrize(("text", "expected"), [
    ("boekhouder", CALLED), ("Boekhouders", CALLED), ("bookkeeper", CALLED), ("de boekhouder", CALLED),
    ("medewerker administratie", ALSO_CALLED), ("administratie", NOT_NAMED),
    ("boekh", NOT_NAMED), ("b", NOT_NAMED), ("boekhouder zorg", NOT_NAMED), ("", NOT_NAMED), ('"boekhouder"', NOT_NAMED),
])
def test_how_near_a_text_is_to_the_names(text: str, expected: int) -> None:
    card = json.loads(document("k", "boekhouder", "bookkeeper", also=("medewerker administratie",)).cards["nl"])
    assert nearness(card, text) == expected


def test_a_compound_and_its_parts_are_the_same_name_and_a_word_of_a_name_is_near() -> None:
    card = json.loads(document("k", "data-analist").cards["nl"])
    assert [nearness(card, text) for text in ("dataanalist", "data analist", "analist", "data")] == [CALLED, CALLED, NAMED, NAMED]


# Finding, on both engines


@pytest.fixture(params=["embedded", "meilisearch"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """Give the engine of the occupations of this process, with seven of them."""
    stub = MeilisearchStub() if request.param == "meilisearch" else None
    engine: EmbeddedEngine | MeilisearchEngine = EmbeddedEngine(tmp_path / "occupations") if stub is None else MeilisearchEngine(
        stub.url, KEY, lock_file=tmp_path / "lock", day=lambda: 0, name="academy_occupations",
    )
    engine.rebuild([
        document("00000001", "boekhouder", "bookkeeper", also=("medewerker administratie",)),
        document("00000002", "assistent-boekhouder", code="3313.2"),
        document("00000003", "algemeen verpleegkundige", "nurse responsible for general care", code="2221.0"),
        *(document(f"0000000{number}", f"{kind} verpleegkundige", code=f"222{number}.0") for number, kind in enumerate(
            ("leidinggevend", "gespecialiseerd", "psychiatrisch", "ambulant"), start=4)),
    ])
    occupations.set_engine(engine)
    yield engine
    engine.close()
    if stub:
        stub.close()


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize(("text", "keys"), [
    ("boekhouder", ["1", "2"]), ("boekhouders", ["1", "2"]), ("boekh", ["1", "2"]), ("boekhouser", ["1", "2"]), ("bookkeeper", ["1"]),
    ("medewerker administratie", ["1"]), ("2221", ["3"]), ("2224.0", ["4"]), ("verpleegkundige", ["7", "3", "4"]),
    ("", []), ("   ", []), ("!!!", []), ("lasser", []), ("boekhouder lasser", []),
])
def test_an_occupation_is_found_by_its_names_and_codes(text: str, keys: list[str]) -> None:
    assert [hit.card["key"].lstrip("0") for hit in find_occupations(text, "nl")] == keys


@pytest.mark.usefixtures("index")
def test_no_more_are_given_than_asked() -> None:
    assert [hit.card["title"] for hit in find_occupations("boekhouder", "nl", 1)] == ["Boekhouder"]


@pytest.mark.usefixtures("index")
def test_an_address_is_found_again_under_another_name() -> None:
    card = occupations.occupation_at("iets-anders-00000003", "en")
    assert card is not None
    assert (card["slug"], card["title"]) == ("algemeen-verpleegkundige-00000003", "Nurse responsible for general care")
    assert [occupations.occupation_at(slug, "nl") for slug in ("boekhouder", "boekhouder-0000", "", "🙂", "00000009")] == [None] * 5


def test_without_an_index_nothing_is_found_and_nothing_breaks(tmp_path: Path) -> None:
    occupations.set_engine(EmbeddedEngine(tmp_path / "none"))
    assert find_occupations("boekhouder", "nl") == ()
    assert occupations.needs_rebuild()


# The index follows ESCO


def test_loading_esco_makes_its_occupations_findable_and_a_newer_version_renames_them(
    database: Database, load_esco: LoadEsco, tmp_path: Path,
) -> None:
    occupations.set_engine(EmbeddedEngine(tmp_path / "index"))
    subscribers.register()
    assert occupations.rebuild() == 0
    assert not occupations.needs_rebuild()
    assert find_occupations("lasser", "nl") == ()
    load_esco()
    Worker(database, []).drain()
    assert [hit.card["slug"] for hit in find_occupations("lasser", "nl")] == ["lasser-welder"]
    newer = Esco()
    newer.row("esco_occupations_nl.csv", 0)["preferredLabel"] = "metaallasser"
    load_esco(newer, "1.2")
    Worker(database, []).drain()
    card = occupations.occupation_at("lasser-welder", "nl")
    assert card is not None
    assert card["slug"] == "metaallasser-welder"


# The page


def module(slug: str, *uris: str) -> SearchDocument:
    tags = tuple(SkillTag(uri, Localized("", uri.rsplit("/", 1)[-1])) for uri in uris)
    return supply.document(f"Module {slug}", slug=slug, outcomes=(OutcomeFacts(new_id(), Localized("Je kunt het."), tags),))


@pytest.fixture
def modules(client: FlaskClient, load_esco: LoadEsco) -> ListingEngine:
    """Give the engine of the modules: three that teach what a welder must be able to do, one that teaches both; the occupations are indexed."""
    load_esco()
    occupations.rebuild()
    engine = ListingEngine([module("leiden", LEAD), module("lassen", WELD), module("beide", LEAD, WELD), module("metaal", METAL)])
    service.set_engine(engine)
    return engine


def titles(html: str) -> list[str]:
    return re.findall(r'academy-card__title"><a href="/\w\w/modules/([^"]+)"', html)


@pytest.mark.usefixtures("modules")
def test_the_page_shows_what_one_must_be_able_to_do_and_the_modules_that_teach_most_of_it_first(client: FlaskClient, queries: Budget) -> None:
    with queries(0):
        html = client.get(LASSER).text
    assert ">Lasser</h1>" in html
    assert "Heet ook: onderwaterlasser." in html
    assert '<a class="nl-link" href="/nl/search?skill=weld" lang="en">weld underwater</a> <span class="academy-note">2 modules</span>' in html
    assert titles(html)[0] == "beide"
    assert set(titles(html)) == {"beide", "leiden", "lassen"}
    assert 'Dit leer je hier: <span lang="en">weld underwater</span>, <span lang="en">lead others</span>.' in html
    assert 'href="/nl/search?skill=weld&amp;skill=lead"' in html
    assert "Bekijk alle 3 modules" in html
    assert "noindex" not in html
    assert skills.ATTRIBUTION in html
    assert "Deze dienst gebruikt de ESCO-classificatie" in html


def test_what_can_be_learned_stands_first(client: FlaskClient, modules: ListingEngine) -> None:
    modules.rebuild([module("leiden", LEAD)])
    html = client.get(LASSER).text
    assert html.index(">lead others</a>") < html.index(">weld underwater</span>")


@pytest.mark.usefixtures("modules")
def test_the_link_to_all_leads_to_as_many_as_it_says(client: FlaskClient) -> None:
    assert "3 resultaten" in client.get("/nl/search?skill=weld&skill=lead").text


@pytest.mark.usefixtures("modules")
def test_the_page_in_english(client: FlaskClient) -> None:
    html = client.get("/en/occupations/lasser-welder").text
    assert ">Welder</h1>" in html
    assert ">weld underwater</a>" in html
    assert titles(html)[0] == "beide"


@pytest.mark.usefixtures("modules")
def test_a_former_name_leads_to_the_present_one(client: FlaskClient) -> None:
    answer = client.get("/nl/occupations/laswerker-welder")
    assert (answer.status_code, answer.headers["Location"]) == (301, LASSER)
    assert client.get("/nl/occupations/lasser").status_code == 404
    assert client.get("/nl/occupations/%22-x").status_code == 404


def test_where_no_module_teaches_it_one_can_say_so_and_search_engines_stay_away(client: FlaskClient, modules: ListingEngine) -> None:
    modules.rebuild([module("metaal", METAL)])
    html = client.get(LASSER).text
    assert "Er is nog geen module waarin je dit leert" in html
    assert 'href="/nl/search?q=Lasser"' in html
    assert 'href="/nl/searches/wish?q=Lasser"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert titles(html) == []
    assert "weld underwater" in html


def test_with_the_modules_away_the_skills_are_still_there(client: FlaskClient, modules: ListingEngine) -> None:
    modules.is_away = True
    html = client.get(LASSER).text
    assert "De zoekmachine is even weg" in html
    assert "weld underwater" in html
    assert "Er is nog geen module" not in html
    assert "noindex" in html


@pytest.mark.usefixtures("modules")
def test_with_the_occupations_away_the_visitor_gets_a_sentence(client: FlaskClient, tmp_path: Path) -> None:
    occupations.set_engine(EmbeddedEngine(tmp_path / "none"))
    answer = client.get(LASSER)
    assert answer.status_code == 503
    assert "De zoekmachine is even weg." in answer.text


def test_of_a_skill_that_many_teach_the_first_are_looked_at_and_the_page_says_so(client: FlaskClient, modules: ListingEngine) -> None:
    modules.rebuild(module(f"m{number}", WELD) for number in range(occupations.LOOKED_AT + 1))
    html = client.get(LASSER).text
    assert "bekeken we de eerste 30 modules" in html
    assert "31 modules</span>" in html
    assert "Bekijk alle 31 modules" in html
    assert len(titles(html)) == occupations.MODULES_SHOWN


def test_more_skills_than_an_address_can_hold_are_cut_and_counted_so(now: datetime) -> None:
    uris = [f"http://x/skill/s{number}" for number in range(occupations.MOST_ASKED + 5)]
    card = json.loads(document("k", "alleskunner", essential=tuple(skill(uri, uri) for uri in uris)).cards["nl"])
    found = occupations.learnable(ListingEngine(module(f"m{place}", uri) for place, uri in enumerate(uris)), card, "nl", now=now)
    assert len(found.modules) == occupations.MOST_ASKED + 5
    assert (len(found.asked), found.total) == (occupations.MOST_ASKED, occupations.MOST_ASKED)
    assert not found.in_part


def test_an_occupation_that_asks_for_nothing_is_no_reason_to_search(now: datetime) -> None:
    engine = ListingEngine(supply.many())
    card = json.loads(document("k", "niksdoener").cards["nl"])
    assert occupations.learnable(engine, card, "nl", now=now) == occupations.Learnable({})
    assert engine.asked == []


@pytest.mark.usefixtures("modules")
def test_occupations_are_in_no_sitemap(client: FlaskClient) -> None:
    parts = re.findall(r"<loc>[^<]*?(/[^<]*)</loc>", client.get("/sitemap.xml").text.replace("http://", "").replace("https://", ""))
    assert parts
    assert not [part for part in parts if "occupations" in client.get(part).text]


@pytest.mark.usefixtures("index")
def test_above_results_stands_what_is_called_so_else_what_has_the_words(client: FlaskClient, index: SearchEngine) -> None:
    occupations.set_engine(index)
    with client.application.test_request_context("/nl/search"):
        band = macro("occupations", "occupation_band", named_by("boekhouders", "nl"))
        named = {text: [link.label for link in named_by(text, "nl")] for text in ("boekhouder", "verpleegkundige", "boekh", "zorg", "")}
    assert named == {
        "boekhouder": ["Boekhouder"], "verpleegkundige": ["Ambulant verpleegkundige", "Algemeen verpleegkundige", "Leidinggevend verpleegkundige"], "boekh": [], "zorg": [], "": [],
    }
    assert re.search(r'Beroep: *<a class="nl-link" href="/nl/occupations/boekhouder-00000001">Boekhouder</a>.', band.replace("\n", ""))


# ESCO as it is


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is read is the same on both, as the small ones above show
def test_every_occupation_of_esco_has_an_address_of_its_own_and_is_found_by_its_name(
    database: Database, real_data: Path, tmp_path: Path, now: datetime,
) -> None:
    with database.writing() as session:
        load_version(session, drafting.prepare(real_data / "skills", version="1.1.1"), now=now)
    engine = EmbeddedEngine(tmp_path / "index")
    occupations.set_engine(engine)
    assert occupations.rebuild() == 3007
    cards = [hit.card for hit in engine.search(SearchQuery(per_page=4000)).hits]
    assert len({card["key"] for card in cards}) == 3007
    assert all(re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}", card["slug"]) for card in cards)
    for card in cards[::100]:
        assert occupations.occupation_at(card["slug"], "nl") == card
        assert card["title"] in [hit.card["title"] for hit in find_occupations(card["title"], "nl")]
    wanted = {"boekhouder": "Boekhouder", "data analyst": "Data-analist", "verpleegkundige": "Algemeen verpleegkundige", "kapster": "Kapper"}
    assert {text: find_occupations(text, "nl")[0].card["title"] for text in wanted} == wanted
