"""What every engine finds, counts and orders exactly so: against a brute force over the same documents."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.search.gateway import Changes, Near, Range, SearchEngine, SearchQuery, SearchResult
from academy.search.index_spec import DAYS, FACET_NAMES, FACETS, NUMBERS, shuffles
from tests.search.conformance.conftest import TODAY
from tests.search.conformance.world import (
    AWKWARD,
    PROVIDERS,
    SIZE,
    SKILLS,
    WORDS,
    counted_by,
    document,
    errors_in,
    found_by,
    kilometres,
    matching,
    world,
)

HERE = Near(52.35, 5.3)
MANY = {facet.name for facet in FACETS if facet.many}
BY_ID = {each.id: each for each in world()}
FILTERS = (
    (), (("sector", ("ict",)),), (("sector", ("ict", "zorg")), ("weekday", ("mon",))), (("language", ("NL", "español", 'quo"te')),),
    (("provider", ("maker-a", "maker-b")), ("level", ("5", "6")), ("kind", ("mooc",))), (("composed", ("yes",)), ("certain", ("yes",))),
)
LONG, OTHER = WORDS[-1], WORDS[10]
TEXTS = ("", WORDS[0], LONG, f"{WORDS[3]} {OTHER}", f"{LONG[:3]}{LONG[4]}{LONG[3]}{LONG[5:]} ", WORDS[5][:4], f"{OTHER} {LONG[:3]}", "qx17y")


def ids(found: SearchResult) -> list[str]:
    return [hit.id for hit in found.hits]


def agrees(found: SearchResult, query: SearchQuery) -> None:
    expected = found_by(query)
    if found.looser:
        assert not expected
        return
    assert found.total == len(expected)
    assert set(ids(found)) <= expected
    for name, counts in counted_by(query).items():
        given = Counter({count.value: count.count for count in found.facets[name]})
        if name in MANY:  # the first of them will do
            assert all(counts[value] == number for value, number in given.items()), name
            assert sorted(given.values()) == sorted(counts.values())[-50:], name
        else:
            assert given == counts, name


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_totals_and_counts_are_those_of_a_brute_force(full: SearchEngine, text: str, filters: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    query = SearchQuery(text, filters, facets=FACET_NAMES)
    if matching(text):
        agrees(full.search(query), query)


_VALUES = {name: sorted({value for each in world() for value in each.facets.get(name, ())}) for name in FACET_NAMES}
_FILTER = st.sampled_from([name for name in FACET_NAMES if _VALUES[name]]).flatmap(
    lambda name: st.tuples(st.just(name), st.lists(st.sampled_from([*_VALUES[name], "nowhere"]), min_size=1, max_size=3, unique=True).map(tuple)),
)
_BOUND = st.none() | st.integers(-100, 5_100)
_QUERY = st.builds(
    SearchQuery,
    text=st.sampled_from(["", *WORDS[:20], f"{WORDS[1]} {WORDS[2]}", LONG[:4]]),
    filters=st.lists(_FILTER, max_size=3, unique_by=lambda each: each[0]).map(tuple),
    ranges=st.lists(st.tuples(st.sampled_from(NUMBERS), st.builds(Range, _BOUND, _BOUND)), max_size=2, unique_by=lambda each: each[0]).map(tuple),
    near=st.none() | st.builds(Near, st.floats(52, 53), st.floats(5, 6), st.none() | st.floats(1, 90)),
    facets=st.just(FACET_NAMES),
    page=st.integers(1, 4),
    per_page=st.integers(1, 40),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(query=_QUERY)
def test_any_question_is_counted_right(full: SearchEngine, query: SearchQuery) -> None:
    if matching(query.text):
        agrees(full.search(query), query)


def test_ranges_are_inclusive_and_leave_out_what_is_not_known(full: SearchEngine) -> None:
    for bounds in (Range(1_000, 2_000), Range(most=0), Range(least=5_000), Range(2_000, 1_000), Range()):
        query = SearchQuery(ranges=(("price", bounds),))
        assert full.search(query).total == len(found_by(query)), bounds


def test_what_is_near_is_within_the_distance_and_says_how_far(full: SearchEngine) -> None:
    near = Near(HERE.latitude, HERE.longitude, km=25)
    found = full.search(SearchQuery(near=near, per_page=SIZE))
    assert set(ids(found)) == found_by(SearchQuery(near=near))
    assert all(hit.km == pytest.approx(kilometres(BY_ID[hit.id], near), abs=0.05) for hit in found.hits)


def test_distance_orders_and_leaves_nothing_out(full: SearchEngine) -> None:
    found = full.search(SearchQuery(near=HERE, sort="distance", per_page=SIZE))
    far = [kilometres(BY_ID[each], HERE) for each in ids(found)]
    assert found.total == len(far) == SIZE
    assert far == pytest.approx(sorted(far), abs=0.05)


@pytest.mark.parametrize("sort", NUMBERS)
@pytest.mark.parametrize("text", ["", WORDS[0]])
def test_a_sort_goes_before_how_well_words_match_and_unknown_comes_last(full: SearchEngine, sort: str, text: str) -> None:
    pages = [full.search(SearchQuery(text, sort=sort, page=page, per_page=100)) for page in range(1, 21)]
    seen = list(dict.fromkeys(each for page in pages for each in ids(page)))
    assert len(seen) == pages[0].total == len(matching(text))
    keys = [BY_ID[each].numbers.get(sort, 10**9) for each in seen]
    assert keys == sorted(keys)


@pytest.mark.parametrize("day", range(DAYS))
def test_without_words_what_is_available_comes_first_and_equals_are_shuffled_each_day(full: SearchEngine, day: int) -> None:
    found = full.search(SearchQuery(day=day, per_page=500))
    keys = [(BY_ID[each].availability, shuffles(each)[day]) for each in ids(found)]
    assert keys == sorted((each.availability, shuffles(each.id)[day]) for each in world())[:500]


def test_equal_matches_stand_in_the_order_of_the_day(fill: object) -> None:
    documents = [document("Dorado", name=f"n{number}", availability=number % 5) for number in range(60)]
    engine = fill(*documents)  # type: ignore[operator]
    known = {each.id: each for each in documents}
    keys = [(known[each].availability, shuffles(each)[TODAY]) for each in ids(engine.search(SearchQuery("dorado", day=TODAY, per_page=60)))]
    assert len(keys) == 60
    assert keys == sorted(keys)


def test_pages_join_without_gap_or_double(full: SearchEngine) -> None:
    whole = ids(full.search(SearchQuery(LONG, per_page=1_000)))
    parts = [each for page in range(1, 60) for each in ids(full.search(SearchQuery(LONG, page=page, per_page=7)))]
    assert list(dict.fromkeys(parts)) == whole


def test_a_page_beyond_the_end_is_the_last_page(full: SearchEngine) -> None:
    found = full.search(SearchQuery(page=1_000_000, per_page=30))
    assert (found.page, found.pages, len(found.hits)) == (67, 67, 20)
    none = full.search(SearchQuery("zzzzz", page=9))
    assert (none.page, none.pages, none.total) == (1, 1, 0)


def test_a_change_is_seen_at_the_next_search(fill: object) -> None:
    engine = fill(document("Dorado", name="one"), document("Gulibu", name="two"))  # type: ignore[operator]
    engine.apply(lambda: Changes((document("Vimufa", name="one"), document("Kraomi", name="three")), ("module:two",)))
    assert [engine.search(SearchQuery(text)).total for text in ("dorado", "gulibu", "vimufa", "kraomi", "")] == [0, 0, 1, 1, 2]
    assert engine.contents() == {"module:one": "sum-one", "module:three": "sum-three"}
    engine.apply(lambda: Changes((), ("module:one", "module:three", "module:never")))
    assert engine.search(SearchQuery(facets=FACET_NAMES)).total == 0
    assert not engine.contents()


def test_contents_are_the_documents_of_a_provider(full: SearchEngine) -> None:
    assert full.contents() == {each.id: each.checksum for each in world()}
    assert full.contents("maker-b") == {each.id: each.checksum for each in world() if each.facets["provider"] == ("maker-b",)}
    assert full.contents('maker-b" OR id EXISTS') == {}


def test_every_awkward_value_can_be_chosen_and_is_shown_as_it_is(full: SearchEngine) -> None:
    counted = {count.value for count in full.search(SearchQuery(facets=("language",))).facets["language"]}
    assert counted == set(AWKWARD)
    for value in AWKWARD:
        query = SearchQuery(filters=(("language", (value,)),))
        assert full.search(query).total == len(found_by(query)), value


@pytest.mark.parametrize("facet", ["language", "provider", "sector"])
@pytest.mark.parametrize("value", ["", "nowhere", "x" * 10_000, "a\x1fb", 'nl" OR facet_kind EXISTS OR "', "Nl", "🙃", "\\", "nl\x00", "nl "])
def test_an_unknown_value_finds_nothing(full: SearchEngine, facet: str, value: str) -> None:
    found = full.search(SearchQuery(filters=((facet, (value,)),), facets=FACET_NAMES))
    assert found.total == 0
    assert {count.value for count in found.facets[facet]} == {name for each in world() for name in each.facets[facet]}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(max_size=30))
def test_no_value_says_more_than_itself(full: SearchEngine, value: str) -> None:
    for facet in ("language", "kind"):
        query = SearchQuery(filters=((facet, (value,)),))
        assert full.search(query).total == len(found_by(query))


def test_values_carry_their_labels_and_can_be_searched_by_them(full: SearchEngine) -> None:
    counts = full.search(SearchQuery(facets=("provider",))).facets
    assert {(count.value, count.label) for count in counts["provider"]} == set(PROVIDERS.items())
    every = full.facet_values(SearchQuery(), "skill", "", limit=1_000)
    assert {(count.value, count.label) for count in every} == set(SKILLS.items())
    found = full.facet_values(SearchQuery(filters=(("skill", ("s1",)),)), "skill", "kun 29")
    assert {count.value for count in found} == {"s29", *(f"s29{digit}" for digit in range(10))}
    assert [count.count for count in found] == sorted((count.count for count in found), reverse=True)
    assert {count.value for count in full.facet_values(SearchQuery(language="en"), "skill", "skill 7", limit=3)} <= set(SKILLS)
    assert full.facet_values(SearchQuery(), "skill", "onvindbaar") == ()


def test_titles_alone_can_be_searched(full: SearchEngine) -> None:
    found = full.search(SearchQuery(LONG, only_titles=True, per_page=SIZE))
    assert set(ids(found)) == {each.id for each in world() if LONG in " ".join(each.texts["title"]).split()}


def test_the_best_of_all_comes_first(full: SearchEngine) -> None:
    """Fewer errors before more, whatever else: the first hits are as good as any."""
    for text in (f"{OTHER} {LONG}", f"{WORDS[7]} {LONG[:-1]}", f"{LONG[:-2]}{LONG[-1]}{LONG[-2]}", f"{WORDS[2][:5]}{WORDS[2][6:]} {LONG}"):
        best = sorted(errors for each in world() if (errors := errors_in(each, text)) is not None)[:10]
        found = full.search(SearchQuery(text, per_page=10))
        assert [errors_in(BY_ID[each], text) for each in ids(found)] == best, text
