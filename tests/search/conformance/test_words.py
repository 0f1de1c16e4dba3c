"""Which words find which titles, on every engine; and that whatever is typed is only text."""

from collections.abc import Callable

import pytest

from academy.search.gateway import SearchEngine, SearchQuery
from academy.search.index_spec import FACET_NAMES, SORTS
from tests.search.conformance.world import SIZE, document

TITLES = (
    "Logistiek management", "Logistiek", "Havenlogistiek", "Inleiding management", "Java", "JavaScript", "Programmeren in C",
    "Programmeren in C++", "Programmeren in C#", "Werken met .NET", "Duurzaam bouwen", "Financiële administratie", "Kok", "Kop", "Ook",
    "Werken met 5G", "Norm 7412.10", "Norm 7412.1", "Cyber security", "Verpleegkundige zorg", "Python 3", "Netwerkbeheer en beveiliging", "Norm abc1234",
)
Fill = Callable[..., SearchEngine]


@pytest.fixture(scope="module")
def titled(make_engine: Callable[[], SearchEngine]) -> SearchEngine:
    engine = make_engine()
    engine.rebuild(document(title, code=f"t{place}z") for place, title in enumerate(TITLES))
    return engine


def titles(engine: SearchEngine, text: str, **values: object) -> list[str]:
    return [str(hit.card["title"]) for hit in engine.search(SearchQuery(text, **values)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "found"), [
    ("logistiek management", {"Logistiek management"}),
    ("logistiek managment", {"Logistiek management"}),
    ("management logistiek", {"Logistiek management"}),
    ("java", {"Java", "JavaScript"}),
    ("javasc", {"JavaScript"}),
    ("c++", {"Programmeren in C++"}),
    ("C#", {"Programmeren in C#"}),
    (".net", {"Werken met .NET"}),
    ("net", {"Werken met .NET", "Netwerkbeheer en beveiliging"}),
    ("5g", {"Werken met 5G"}),
    ("5", set()),
    ("7412.10", {"Norm 7412.10"}),
    ("7412.1", {"Norm 7412.1"}),
    ("financiele", {"Financiële administratie"}),
    ("financïele", {"Financiële administratie"}),
    ("FINANCIËLE", {"Financiële administratie"}),
    ("kok", {"Kok"}),
    ("kook", set()),
    ("koks.", {"Kok"}),
    ("duurzam", {"Duurzaam bouwen"}),
    ("t10z", {"Duurzaam bouwen"}),
    ("t11z", {"Financiële administratie"}),
    ("t99z", set()),
    ("verplegkundige", {"Verpleegkundige zorg"}),
    ("verplegkunidge", {"Verpleegkundige zorg"}),
    ("verplegkndg", set()),
    ("pyhton", {"Python 3"}),
    ("abc1235 -kok", set()),
    ("xyzzy", set()),
])
def test_words_find_titles(titled: SearchEngine, text: str, found: set[str]) -> None:
    assert set(titles(titled, text)) == found


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_found_by_itself_and_by_its_beginning(titled: SearchEngine, title: str) -> None:
    assert titles(titled, title)[0] == title
    if title[-5:].isalpha():
        assert title in titles(titled, title[:-2])


@pytest.mark.parametrize(("text", "title"), [
    ("duurzame", "Duurzaam bouwen"),
    ("verpleegkundigen", "Verpleegkundige zorg"),
    ("programmeer", "Programmeren in C"),
    ("haven logistiek", "Havenlogistiek"),
    ("logistiekmanagement", "Logistiek management"),
    ("cybersecurity", "Cyber security"),
    ("netwerk beheer", "Netwerkbeheer en beveiliging"),
])
def test_other_forms_and_compounds_joined_or_split_find_it(titled: SearchEngine, text: str, title: str) -> None:
    found = titled.search(SearchQuery(text))
    assert title in {hit.card["title"] for hit in found.hits[:5]}
    assert not found.looser


def test_a_word_finds_what_means_the_same(fill: Fill) -> None:
    engine = fill(document("Associate degree bestuurskunde"), document("Iets anders"))
    assert titles(engine, "ad") == ["Associate degree bestuurskunde"]
    assert titles(engine, "ad bestuurskunde") == ["Associate degree bestuurskunde"]


@pytest.mark.parametrize(("text", "found"), [
    ('"logistiek management"', {"Logistiek management"}),
    ('"management logistiek"', set()),
    ('"werken met"', {"Werken met .NET", "Werken met 5G"}),
    ('"in c++"', {"Programmeren in C++"}),
    ("logistiek -management", {"Logistiek", "Havenlogistiek"}),
    ('werken -"met 5g"', {"Werken met .NET"}),
    ("programmeren -c++ -c#", {"Programmeren in C"}),
    ('management "logistiek', {"Logistiek management"}),
])
def test_phrases_stand_together_and_a_minus_leaves_out(titled: SearchEngine, text: str, found: set[str]) -> None:
    assert set(titles(titled, text)) == found


def test_only_a_minus_gives_all_the_rest(titled: SearchEngine) -> None:
    assert titled.search(SearchQuery("-java -kok")).total == len(TITLES) - 2


def test_looser_only_when_nothing_has_all_the_words(titled: SearchEngine) -> None:
    found = titled.search(SearchQuery("kok administratie"))
    assert found.looser
    assert {hit.card["title"] for hit in found.hits} <= {"Kok", "Financiële administratie"}
    assert found.total
    assert not titled.search(SearchQuery("logistiek management")).looser
    assert not titled.search(SearchQuery("xyzzy plughh")).total


@pytest.mark.parametrize(("better", "worse", "text"), [
    ("Zorg", "Zorgverlof", "zorg"),
    ("Logistiek", "Logistik", "logistiek"),
    ("Recht en arbeid", "Arbeid en recht", "recht en arbeid"),
    ("Recht arbeid", "Recht voor iedereen met arbeid", "recht arbeid"),
])
def test_the_better_match_comes_first(fill: Fill, better: str, worse: str, text: str) -> None:
    assert titles(fill(document(worse), document(better)), text) == [better, worse]


def test_a_title_comes_before_a_description_and_a_code_before_all(fill: Fill) -> None:
    engine = fill(
        document("Iets anders", summary="Na ICT-01 volgt netwerken"), document("Netwerken"), document("Voorbereiding op ICT-01"),
        document("Heel iets anders", code="ICT-01"),
    )
    assert titles(engine, "netwerken") == ["Netwerken", "Iets anders"]
    for text in ("ict01", "ICT-01", "ict 01"):
        assert titles(engine, text)[0] == "Heel iets anders"
    pages = [engine.search(SearchQuery("ict-01", page=page, per_page=1)) for page in (1, 2, 3)]
    assert [page.total for page in pages] == [3, 3, 3]
    assert len({page.hits[0].id for page in pages}) == 3


@pytest.mark.parametrize(("text", "marked"), [
    ("verpleegkundige", "\x02Verpleegkundige\x03 <b>zorg</b>"),
    ("verpleegkundge", "\x02Verpleegkundige\x03 <b>zorg</b>"),
    ("verpleegkundigen", "\x02Verpleegkundige\x03 <b>zorg</b>"),
    ("verpleeg", "\x02Verpleegkundige\x03 <b>zorg</b>"),
    ("zorg verpleegk", "\x02Verpleegkundige\x03 <b>\x02zorg\x03</b>"),
    ('"zorg"', "Verpleegkundige <b>\x02zorg\x03</b>"),
])
def test_matched_words_are_marked_and_nothing_else_is_added(fill: Fill, text: str, marked: str) -> None:
    engine = fill(document("Verpleegkundige <b>zorg</b>", name="n"))
    assert engine.search(SearchQuery(text)).hits[0].title == marked


@pytest.mark.parametrize("text", [
    "x" * 10_000, "woord " * 2_000, " ".join(f"w{number}" for number in range(200)), "!!! ??? ...", "🙂🙂🙂", '"zorg', "'", "(((", "zorg\x00\x1b",
    "a AND OR NOT", "*:*", "[a TO z]", "\\", "zorg^1000~2", "\ud800", "\u202e\u200b", "é" * 200, "../../etc/passwd", "'; DROP TABLE module; --",
    "{{7*7}}", "-1", "0", "٣", "שלום עולם", "\u202eabc", '""""', '-"', "- - -", '-"" zorg', "中文 логистика", "\x02zorg\x03", "~20~", "a" * 70,
])
def test_hostile_text_is_only_text(full: SearchEngine, text: str) -> None:
    for sort in SORTS:
        assert full.search(SearchQuery(text, facets=FACET_NAMES, sort=sort)).total <= SIZE
    assert len(full.facet_values(SearchQuery(text), "skill", text)) <= 20
    assert full.search(SearchQuery(text, some=True, only_titles=True)).total <= SIZE
