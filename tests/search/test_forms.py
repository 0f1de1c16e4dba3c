import pytest
from werkzeug.datastructures import MultiDict

from academy.search.errors import QueryTooLong
from academy.search.forms import COUNTED, SearchForm, has_empty_fields, read_address
from academy.search.gateway import Near, Range


def read(*pairs: tuple[str, str]) -> SearchForm:
    return read_address(MultiDict(pairs))


def test_an_empty_address_asks_for_everything() -> None:
    assert read() == SearchForm()


@pytest.mark.parametrize(("page", "expected"), [
    ("", 1), ("2", 2), ("0", 1), ("-1", 1), ("abc", 1), ("1e9", 1), ("²", 1), ("٣", 1), ("9" * 5000, 1_000_000),
])
def test_a_page_is_a_number(page: str, expected: int) -> None:
    assert read(("page", page)).page == expected


def test_an_unknown_sort_is_the_best_match() -> None:
    assert read(("sort", "price; drop table")).sort == "best"
    assert read(("sort", "price")).sort == "price"


def test_values_that_we_never_gave_are_left_out() -> None:
    form = read(
        ("weekday", "mon"), ("weekday", "someday"), ("price", "x"), ("sector", "nieuw"), ("level", ""), ("other", "1"), ("seats", "3"),
        ("certain", "no"),
    )
    assert form.filters == (("sector", ("nieuw",)), ("weekday", ("mon",)))


def test_many_and_long_values_are_cut_off() -> None:
    form = read(*(("sector", f"s{number}") for number in range(100)), ("provider", "x" * 101))
    assert len(form.chosen("sector")) == 20
    assert form.chosen("provider") == ()


def test_a_query_of_two_hundred_characters_is_read_and_a_longer_one_refused() -> None:
    assert read(("q", "x" * 200)).q == "x" * 200
    with pytest.raises(QueryTooLong) as refused:
        read(("q", "x" * 201))
    assert refused.value.status == 422


def test_control_characters_leave_the_query() -> None:
    assert read(("q", "  zorg\x00\x02\u200b en\n welzijn ")).q == "zorg en welzijn"


def test_the_address_comes_back_as_it_was_asked() -> None:
    pairs = [
        ("q", "zorg & hulp"), ("sector", "zorg"), ("sector", "ict"), ("skill", "s-1"), ("price_from", "100"), ("price_to", "499.5"),
        ("ec_to", "7.5"), ("start_from", "2027-01-15"), ("postcode", "1315"), ("km", "10"), ("sort", "distance"), ("in_skill", "net"),
    ]
    assert read(*pairs).parameters() == pairs
    assert read(*pairs).parameters(page=3)[-1] == ("page", "3")
    assert read(*pairs).without("sector", "zorg").chosen("sector") == ("ict",)


def test_reading_an_address_again_changes_nothing() -> None:
    form = read(("price_to", "€ 1.250"), ("ec_from", "2,5"), ("start_from", "15-1-2027"), ("postcode", " 1315 ab "), ("price_from", "veel"))
    assert read(*form.parameters()) == form


# Ranges


def test_limits_are_read_as_people_write_them_and_asked_in_the_units_of_the_index() -> None:
    form = read(("price_from", "€ 100"), ("price_to", "1.250,50"), ("ec_from", "2,5"), ("start_from", "11-1-2020"))
    assert form.query("nl").ranges == (("price", Range(100_00, 1250_50)), ("ec", Range(25, None)), ("start", Range(10, None)))


def test_a_lowest_above_its_highest_changes_places_with_it() -> None:
    form = read(("price_from", "500"), ("price_to", "100"))
    assert form.ranges() == (("price", Range(100_00, 500_00)),)
    assert form.parameters() == [("price_from", "100"), ("price_to", "500")]


@pytest.mark.parametrize(("name", "typed"), [
    ("price_from", "veel"), ("price_to", "-5"), ("price_to", "1e9"), ("ec_from", "2 of 3"), ("ec_to", "9" * 50), ("start_from", "31-2-2027"),
    ("start_from", "morgen"), ("postcode", "13"), ("postcode", "0123"), ("postcode", "Almere"), ("postcode", "1315 ABC"), ("ec_to", "٣"),
])
def test_what_can_not_be_read_is_told_at_its_field_kept_and_otherwise_ignored(name: str, typed: str) -> None:
    form = read(("q", "zorg"), (name, typed))
    assert form.sentence(name)
    assert form.typed(name) == typed
    assert form.parameters() == [("q", "zorg"), (name, typed)]
    assert form.query("nl") == read(("q", "zorg")).query("nl")


def test_a_range_leaves_as_a_whole_and_a_value_of_the_same_name_stays() -> None:
    form = read(("price", "free"), ("price_from", "1"), ("price_to", "2"), ("ec_to", "5"))
    assert form.without("price").parameters() == [("price", "free"), ("ec_to", "5")]
    assert form.without("price", "free").ranges() == form.ranges()


# Nearby


def test_a_postcode_is_four_digits_and_its_letters_do_not_count() -> None:
    for typed in ("1315", "1315AB", " 1315  ab "):
        form = read(("postcode", typed), ("km", "10"))
        assert form.query("nl").near == Near(52.37, 5.22, 10)
        assert form.parameters() == [("postcode", "1315"), ("km", "10")]


def test_without_a_known_number_of_kilometres_a_postcode_leaves_nothing_out() -> None:
    assert read(("postcode", "1315"), ("km", "7")).query("nl").near == Near(52.37, 5.22, None)


def test_distance_orders_only_when_it_is_said_from_where() -> None:
    assert read(("sort", "distance")).sort == "best"
    assert read(("sort", "distance"), ("postcode", "x")).sort == "best"
    near = read(("sort", "distance"), ("postcode", "1315"), ("km", "5"))
    assert near.sort == "distance"
    assert near.without("postcode") == SearchForm()
    assert near.words_only() == SearchForm()


def test_kilometres_without_a_postcode_say_nothing() -> None:
    assert read(("km", "25")) == SearchForm()


# Looking inside a facet


def test_values_of_skills_are_asked_for_only_where_one_looks_for_them() -> None:
    assert "skill" not in COUNTED
    assert (read(("in_skill", "*")).look_in, read(("in_skill", "*")).inside) == ("skill", "")
    assert read(("in_skill", "net")).inside == "net"
    assert read(("in_skill", ""), ("in_skill", "*")).look_in == "skill"  # an empty box, and the button beside it
    assert read(("in_sector", "x")) == SearchForm()


# Fields that nobody filled in


def test_an_address_with_empty_fields_is_known() -> None:
    assert has_empty_fields(MultiDict([("q", ""), ("sector", "ict")]))
    assert has_empty_fields(MultiDict([("in_skill", "x"), ("in_skill", "")]))
    assert not has_empty_fields(MultiDict([("q", "x"), ("sector", "ict")]))
