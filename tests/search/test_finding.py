"""What is found, in which order, and what is counted: against a brute force over the same documents."""

from collections import Counter
from functools import cache
from itertools import pairwise

import pytest

from academy.kernel.text import Localized
from academy.search.documents import programme_document
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.folding import words_of
from academy.search.gateway import Changes, SearchDocument, SearchQuery, SearchResult
from academy.search.index_spec import FACET_NAMES, SORTS
from academy.search.rules import query_words
from tests.search import supply

Filters = tuple[tuple[str, tuple[str, ...]], ...]


def steps(one: str, other: str) -> int:
    """Count the typing errors between two words: insert, leave out, replace, swap neighbours."""
    if abs(len(one) - len(other)) > 2:
        return 3
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def matches(document: SearchDocument, text: str) -> bool:
    words = set(document.words.split())
    return all(
        asked.text in words
        or (asked.is_prefix and any(word.startswith(asked.text) for word in words))
        or (asked.typos and any(word.isalpha() and steps(asked.text, word) <= asked.typos for word in words))
        for asked in query_words(words_of(text))
    )


@cache
def matching(text: str) -> list[SearchDocument]:
    return [document for document in supply.many() if matches(document, text)]


def passes(document: SearchDocument, filters: Filters) -> bool:
    return all(set(values) & set(document.facets.get(name, ())) for name, values in filters)


def ids(found: SearchResult) -> list[str]:
    return [hit.id for hit in found.hits]


QUERIES = (
    "", "zorg", "logistiek", "logisitek", "netwrken", "elektro", "verplegkundige zorg", "financiele dienstverlening", "kok", "media",
    "energie water", "M-017", "recht arbeid jeugd", "onderhuod instal", "zzzzz", "programeren",
)
FILTERS: tuple[Filters, ...] = (
    (), (("sector", ("ict",)),), (("sector", ("ict", "zorg")), ("weekday", ("mon",))),
    (("price", ("free", "unknown")), ("level", ("5", "6")), ("language", ("中文", "nl"))), (("provider", ("aanbieder-a",)),),
    (("ec", ("6-10",)), ("kind", ("mooc", "ad_module")), ("mode", ("online",)), ("part_of_day", ("evening", "any"))),
)


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_totals_and_counts_are_those_of_a_brute_force(full_engine: EmbeddedEngine, text: str, filters: Filters) -> None:
    found = full_engine.search(SearchQuery(text, filters, FACET_NAMES, per_page=500))
    documents = matching(text)
    expected = {document.id for document in documents if passes(document, filters)}
    if not found.looser:
        assert set(ids(found)) == expected
        assert found.total == len(expected)
    else:
        assert not expected
        return
    for name in FACET_NAMES:
        others = tuple((facet, values) for facet, values in filters if facet != name)
        counted = Counter(value for each in documents if passes(each, others) for value in each.facets.get(name, ()))
        assert {count.value: count.count for count in found.facets[name]} == counted, name


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_orders_all_pages(full_engine: EmbeddedEngine, sort: str) -> None:
    key = {document.id: document.orders[sort] for document in supply.many()}
    pages = [full_engine.search(SearchQuery(sort=sort, page=page, per_page=30)) for page in range(1, 8)]
    seen = [document_id for page in pages for document_id in ids(page)]
    assert len(seen) == len(set(seen)) == 200
    assert all(key[one] <= key[other] for one, other in pairwise(seen))


@pytest.mark.parametrize("sort", SORTS[1:])
def test_a_sort_goes_before_how_well_words_match(full_engine: EmbeddedEngine, sort: str) -> None:
    key = {document.id: document.orders[sort] for document in supply.many()}
    seen = ids(full_engine.search(SearchQuery("zorg", sort=sort)))
    assert all(key[one] <= key[other] for one, other in pairwise(seen))


def test_pages_of_a_query_join_without_gap_or_double(full_engine: EmbeddedEngine) -> None:
    whole = ids(full_engine.search(SearchQuery("zorg", per_page=200)))
    parts = [document_id for page in range(1, 30) for document_id in ids(full_engine.search(SearchQuery("zorg", page=page, per_page=7)))]
    assert list(dict.fromkeys(parts)) == whole


def test_a_page_beyond_the_end_is_the_last_page(full_engine: EmbeddedEngine) -> None:
    found = full_engine.search(SearchQuery(page=1_000_000, per_page=30))
    assert (found.page, found.pages, len(found.hits)) == (7, 7, 20)
    assert full_engine.search(SearchQuery("zzzzz", page=9)).page == 1


def test_equal_matches_stand_in_order_of_availability(engine: EmbeddedEngine) -> None:
    documents = [document for document in supply.many() if document.facets["provider"]]
    key = {document.id: document.orders["best"] for document in documents}
    engine.rebuild(documents)
    engine.apply(lambda: Changes(tuple(documents[:50])))  # several segments must not change the order
    found = ids(engine.search(SearchQuery("aanbieder", per_page=200)))
    assert len(found) == 200
    assert all(key[one] <= key[other] for one, other in pairwise(found))


TITLES = (
    "Logistiek management", "Logistiek", "Havenlogistiek", "Inleiding management", "Java", "JavaScript", "Programmeren in C",
    "Programmeren in C++", "Programmeren in C#", "Werken met .NET", "Duurzaam bouwen", "Financiële administratie", "Kok", "Kop", "Ook",
)


@pytest.fixture
def titled(engine: EmbeddedEngine) -> EmbeddedEngine:
    engine.rebuild(supply.document(title, code=f"T-{place}") for place, title in enumerate(TITLES))
    return engine


def titles(engine: EmbeddedEngine, text: str) -> list[object]:
    return [hit.card["title"] for hit in engine.search(SearchQuery(text)).hits]


@pytest.mark.parametrize(("text", "found"), [
    ("logistiek management", ["Logistiek management"]),
    ("logistiek managment", ["Logistiek management"]),
    ("LOGISTIEK", ["Logistiek", "Logistiek management"]),
    ("java", ["Java", "JavaScript"]),
    ("c++", ["Programmeren in C++"]),
    ("C#", ["Programmeren in C#"]),
    (".net", ["Werken met .NET"]),
    ("net", ["Werken met .NET"]),
    ("financiele", ["Financiële administratie"]),
    ("financïele", ["Financiële administratie"]),
    ("kok", ["Kok"]),
    ("havenlogisitek", ["Havenlogistiek"]),
    ("duurzam", ["Duurzaam bouwen"]),
    ("T-10", ["Duurzaam bouwen"]),
    ("t10", ["Duurzaam bouwen"]),
    ("t 10", ["Duurzaam bouwen"]),
    ("xyzzy", []),
])
def test_words_find_titles(titled: EmbeddedEngine, text: str, found: list[str]) -> None:
    assert titles(titled, text) == found


def test_some_of_the_words_only_when_nothing_has_all(titled: EmbeddedEngine) -> None:
    found = titled.search(SearchQuery("kok administratie"))
    assert found.looser
    assert {hit.card["title"] for hit in found.hits} == {"Kok", "Financiële administratie"}
    assert not titled.search(SearchQuery("logistiek management")).looser
    assert not titled.search(SearchQuery("xyzzy plugh")).looser


@pytest.mark.parametrize(("better", "worse", "text"), [
    ("Zorg", "Zorgverlof", "zorg"),
    ("Logistiek", "Logistik", "logistiek"),
    ("Recht en arbeid", "Arbeid en recht", "recht en arbeid"),
    ("Arbeid", "Arbeid en recht", "arbeid"),
])
def test_the_better_match_comes_first(engine: EmbeddedEngine, better: str, worse: str, text: str) -> None:
    engine.rebuild([supply.document(worse), supply.document(better)])
    assert titles(engine, text) == [better, worse]


def test_a_title_comes_before_a_description_and_a_code_before_all(engine: EmbeddedEngine) -> None:
    engine.rebuild([
        supply.document("Iets anders", summary=Localized("Na ICT-01 volgt netwerken"), code="X"),
        supply.document("Netwerken", code="X"),
        supply.document("Voorbereiding op ICT-01", code="X"),
        supply.document("Heel iets anders", code="ICT-01"),
    ])
    assert titles(engine, "netwerken") == ["Netwerken", "Iets anders"]
    assert titles(engine, "ict-01")[0] == "Heel iets anders"


def test_programmes_and_modules_are_found_together(engine: EmbeddedEngine) -> None:
    engine.rebuild([programme_document(supply.programme()), supply.document("ICT basis")])
    assert engine.search(SearchQuery("ict", facets=("kind",))).total == 2
    assert engine.search(SearchQuery(filters=(("composed", ("yes",)),))).total == 1


@pytest.mark.parametrize(("text", "marked"), [
    ("verpleegkundige", "\x02Verpleegkundige\x03 <b>zorg</b>"),
    ("verpleegkundge", "\x02Verpleegkundige\x03 <b>zorg</b>"),
    ("verpleeg", "\x02Verpleegkundige\x03 <b>zorg</b>"),
    ("zorg verpleegk", "\x02Verpleegkundige\x03 <b>\x02zorg\x03</b>"),
])
def test_matched_words_are_marked_also_when_mistyped(engine: EmbeddedEngine, text: str, marked: str) -> None:
    engine.rebuild([supply.document("Verpleegkundige <b>zorg</b>")])
    assert engine.search(SearchQuery(text)).hits[0].title == marked


@pytest.mark.parametrize("text", [
    "x" * 10_000, "woord " * 2_000, "!!! ??? ...", "🙂🙂🙂", '"zorg', "'", "(((", "zorg\x00\x1b", "a AND OR NOT", "*:*", "[a TO z]", "\\",
    "zorg^1000~2", "\ud800", "\u202e\u200b", "é" * 200, "../../etc/passwd", "'; DROP TABLE module; --", "{{7*7}}", "-1", "0", "٣",
])
def test_hostile_text_is_only_text(full_engine: EmbeddedEngine, text: str) -> None:
    for sort in SORTS:
        assert full_engine.search(SearchQuery(text, facets=FACET_NAMES, sort=sort)).total <= 200


@pytest.mark.parametrize("value", ["", "nergens", "x" * 10_000, "a\x1fb", "aanbieder-a OR 1=1", "🙂", '"'])
def test_an_unknown_value_finds_nothing(full_engine: EmbeddedEngine, value: str) -> None:
    for name in FACET_NAMES:
        assert full_engine.search(SearchQuery(filters=((name, (value,)),), facets=FACET_NAMES)).total == 0


def test_a_value_carries_its_label(full_engine: EmbeddedEngine) -> None:
    counts = full_engine.search(SearchQuery(facets=("provider",))).facets["provider"]
    assert {(count.value, count.label) for count in counts} == {(each.slug, each.name) for each in supply.PROVIDERS}
