"""Where a postcode lies, roughly."""

import math
import tomllib

import pytest

from academy.search import postcodes


def km_between(one: str, other: str) -> float:
    first, second = postcodes.locate(one), postcodes.locate(other)
    assert first
    assert second
    north = first.latitude - second.latitude
    east = (first.longitude - second.longitude) * math.cos(math.radians(52.3))
    return math.hypot(north, east) * 111.2


@pytest.mark.parametrize("typed", ["1315", "1315AB", "1315 ab", " 1315  AB "])
def test_letters_and_spaces_do_not_count(typed: str) -> None:
    assert postcodes.read(typed) == "1315"


@pytest.mark.parametrize("typed", ["", "131", "13155", "0315", "1315 A", "1315 ABC", "Almere", "NL-1315", "١٣١٥", "13 15"])
def test_what_is_no_postcode_is_none(typed: str) -> None:
    assert postcodes.read(typed) is None


def test_every_postcode_has_a_place_in_the_country() -> None:
    for number in range(1000, 10_000):
        area = postcodes.locate(str(number))
        assert area, number
        assert 50.7 < area.latitude < 53.6, number
        assert 3.3 < area.longitude < 7.3, number


def test_the_most_precise_entry_holds() -> None:
    exact, coarse, region = (postcodes.locate(digits) for digits in ("8255", "8250", "9711"))
    assert exact
    assert coarse
    assert region
    assert (exact.latitude, exact.longitude) == (52.57, 5.64)
    assert (coarse.latitude, coarse.longitude) == (52.53, 5.72)
    assert (exact.is_rough, coarse.is_rough, region.is_rough) == (False, False, True)


@pytest.mark.parametrize(("one", "other", "least", "most"), [
    ("1315", "1354", 1, 6),  # within Almere
    ("1315", "8232", 18, 30),  # Lelystad
    ("1315", "1012", 18, 28),  # Amsterdam
    ("1315", "1211", 12, 20),  # Hilversum
    ("1315", "3811", 22, 32),  # Amersfoort
    ("1315", "8011", 50, 70),  # Zwolle
    ("1315", "8302", 45, 65),  # Emmeloord
    ("1315", "6211", 155, 185),  # Maastricht
    ("1315", "9711", 115, 145),  # Groningen
])
def test_known_distances_are_about_right(one: str, other: str, least: float, most: float) -> None:
    assert least < km_between(one, other) < most


def test_centres_are_rounded_to_a_hundredth_of_a_degree_and_named_once() -> None:
    tables = tomllib.loads(postcodes.FILE.read_text())
    digits = [one for table in tables.values() for one in table]
    assert len(digits) == len(set(digits))
    assert all(one.isdecimal() and len(one) in {2, 3, 4} for one in digits)
    assert all(round(number, 2) == number for table in tables.values() for centre in table.values() for number in centre)
