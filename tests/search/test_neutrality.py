"""Whether the order of results favours a provider, as a number: 0 when it does not."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from academy.search import reading
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchDocument, SearchQuery
from academy.search.index_spec import CLOSED, DAYS, OPEN_NOW
from academy.search.neutrality import Exposure, exposures, neutrality
from tests.search import supply

EQUALS = {"large": 80, "small": 20}


def test_places_by_share_are_neutral() -> None:
    found = neutrality([Exposure("large", EQUALS)] * 8 + [Exposure("small", EQUALS)] * 2)
    assert found.places == 10
    assert [found.distance, found.largest_gap] == pytest.approx([0, 0])


def test_a_provider_with_a_fifth_of_the_modules_and_all_the_places_has_four_fifths_too_many() -> None:
    found = neutrality([Exposure("small", EQUALS)] * 10)
    assert found.provider == "small"
    assert [found.largest_gap, found.distance] == pytest.approx([0.8, 0.8])


def test_a_provider_that_never_comes_first_is_seen_too() -> None:
    found = neutrality([Exposure("a", {"a": 1, "b": 1, "c": 8}), Exposure("b", {"a": 1, "b": 1, "c": 8})])
    assert found.provider == "c"
    assert found.largest_gap == pytest.approx(-0.8)


def test_who_is_alone_among_equals_is_favoured_by_nobody() -> None:
    assert neutrality([Exposure("a", {"a": 3})]).distance == 0
    assert neutrality([]).distance == 0


def catalogue() -> list[SearchDocument]:
    """Return two hundred modules that answer `zorg` equally well, half of them of one provider."""
    dice = random.Random(3)  # noqa: S311 - not for secrets
    large, *small = supply.PROVIDERS
    return [
        supply.document("Zorg voor ouderen", code=f"Z-{number}", provider=large if dice.random() < 0.5 else dice.choice(small))
        for number in range(200)
    ]


def favour(documents: list[SearchDocument], order: dict[str, list[str]]) -> float:
    """Return the largest gap over the days in `order`."""
    question = reading.read("zorg")
    by_id = {document.id: document for document in documents}
    found = [each for ids in order.values() for each in exposures(question, [by_id[one] for one in ids], documents)]
    return abs(neutrality(found).largest_gap)


def test_the_order_of_the_days_favours_no_provider_and_an_order_by_name_does(tmp_path: Path) -> None:
    documents = catalogue()
    engine = EmbeddedEngine(tmp_path)
    engine.rebuild(documents)
    days = {str(day): [hit.id for hit in engine.search(SearchQuery("zorg", per_page=10, day=day)).hits] for day in range(DAYS)}
    assert len({tuple(ids) for ids in days.values()}) == DAYS  # another order every day
    assert favour(documents, days) < 0.2  # seventy places only: chance itself makes gaps of a tenth
    by_name = sorted(documents, key=lambda document: (document.facets["provider"], document.id))
    assert favour(documents, {"": [document.id for document in by_name[:10]]}) > 0.4


def test_what_is_less_available_or_less_relevant_is_no_equal() -> None:
    first, second = (replace(supply.document("Zorg", provider=each), availability=OPEN_NOW) for each in supply.PROVIDERS[:2])
    closed = replace(second, availability=CLOSED)
    elsewhere = replace(supply.document("Iets anders", code="ZORG", provider=supply.PROVIDERS[2]), availability=OPEN_NOW)
    (exposure,) = exposures(reading.read("zorg"), [first], [first, closed, elsewhere])
    assert exposure.equals == {"aanbieder-a": 1}
    (exposure,) = exposures(reading.read("zorg"), [first], [first, second])
    assert exposure.equals == {"aanbieder-a": 1, "aanbieder-b": 1}
