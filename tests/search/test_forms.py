import pytest
from werkzeug.datastructures import MultiDict

from academy.search.errors import QueryTooLong
from academy.search.forms import SearchForm, read_address


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
    form = read(("weekday", "mon"), ("weekday", "someday"), ("price", "x"), ("sector", "nieuw"), ("level", ""), ("other", "1"))
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
    pairs = [("q", "zorg & hulp"), ("sector", "zorg"), ("sector", "ict"), ("sort", "price")]
    assert read(*pairs).parameters() == pairs
    assert read(*pairs).parameters(page=3)[-1] == ("page", "3")
    assert read(*pairs).without("sector", "zorg").chosen("sector") == ("ict",)
