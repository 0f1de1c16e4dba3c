"""Areas: the first two digits of a postcode, and which lie beside each other."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.employers.rules import ONLINE, PostcodeWrong, area_of, is_beside
from academy.search.postcodes import FILE, locate

AREAS = [str(number) for number in range(10, 100)]
_ADDED = {"13", "82"}


def test_an_area_is_the_first_two_digits_however_a_postcode_is_written() -> None:
    assert [area_of(written) for written in ("1315", "1315AB", "1315 ab", "  8232   LZ ")] == ["13", "13", "13", "82"]
    assert area_of("") == area_of("  ") == ONLINE


@pytest.mark.parametrize("wrong", ["131", "0315", "13155", "1315 A", "1315 ABC", "Almere", "١٣١٥"])
def test_what_is_no_postcode_has_no_area(wrong: str) -> None:
    with pytest.raises(PostcodeWrong, match=wrong):
        area_of(wrong)


@given(st.sampled_from([*AREAS, ONLINE]), st.sampled_from([*AREAS, ONLINE]))
def test_lying_beside_each_other_is_mutual_and_nothing_lies_beside_itself_or_the_net(one: str, other: str) -> None:
    assert is_beside(one, other) == is_beside(other, one)
    assert not is_beside(one, one)
    assert not is_beside(one, ONLINE)


def test_areas_lie_beside_each_other_when_their_centres_are_at_most_thirty_kilometres_apart() -> None:
    """The centres by which the search engine orders courses; of Almere and Lelystad the towns count."""
    for one, other in combinations(AREAS, 2):
        assert is_beside(one, other) == (_apart(one, other) <= 30 or {one, other} == _ADDED), (one, other)
    assert _apart("1315", "8232") < 30


def _apart(one: str, other: str) -> float:
    here, there = locate(one), locate(other)
    assert here is not None, f"{one} is not in {FILE}"
    assert there is not None, f"{other} is not in {FILE}"
    north = math.radians(there.latitude - here.latitude)
    east = math.radians(there.longitude - here.longitude) * math.cos(math.radians((here.latitude + there.latitude) / 2))
    return 6371 * math.hypot(north, east)
