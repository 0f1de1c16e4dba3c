"""One button for everything that stands in the way, where the same thing helps everywhere."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from academy.kernel.ids import new_id
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import GoalKind, Limit
from academy.pathways.pages.routes import _told, together
from academy.pathways.problem import Blocker
from academy.pathways.rules.periods import least_hours
from academy.pathways.words import limit_words, opening_words

NOW = datetime(2026, 9, 1, tzinfo=UTC)
PATHWAY = PathwayFacts(
    id=new_id(), edit_key="e", read_key="r", person_id=None, goal=GoalKind.SKILLS, programme_id=None, occupation_uri="", skills=(), diploma="", hours=16,
    parts=frozenset(), postcode="", distance=10, own_money=None, employer_money=None, starts_on=None, chosen=None, version=1, changed_at=NOW, has=(), steps=(),
    without=frozenset(),
)


def _blocker(*openings: tuple[Limit, int]) -> dict[str, Any]:
    return {"limits": [limit.value for limit, _value in openings], "openings": [{"limit": limit.value, "value": value} for limit, value in openings if value], "closed": []}


def test_more_hours_for_each_are_one_button_with_the_most_of_them(app: Flask) -> None:
    with app.test_request_context():
        found = together([_blocker((Limit.HOURS, 20)), _blocker((Limit.MONEY, 900), (Limit.HOURS, 17))], PATHWAY, 14)
    assert found == {"limit": "hours", "value": 20, "words": "Neem 20 uur per week: 4 uur meer"}


def test_one_thing_in_the_way_has_its_own_button_and_different_things_have_theirs(app: Flask) -> None:
    with app.test_request_context():
        assert together([_blocker((Limit.HOURS, 20))], PATHWAY, 14) is None
        assert together([_blocker((Limit.HOURS, 20)), _blocker((Limit.DISTANCE, 30))], PATHWAY, 14) is None
        assert together([_blocker((Limit.HOURS, 20)), _blocker()], PATHWAY, 14) is None


def test_where_nobody_can_say_how_many_hours_it_is_as_many_as_the_credits_take(app: Flask) -> None:
    few = replace(PATHWAY, hours=8)
    with app.test_request_context():
        assert together([_blocker((Limit.HOURS, 0)), _blocker((Limit.HOURS, 12))], few, 14) == {"limit": "hours", "value": 14, "words": "Neem 14 uur per week: 6 uur meer"}
        assert together([_blocker((Limit.HOURS, 0)), _blocker((Limit.HOURS, 0))], PATHWAY, 14) is None, "sixteen are more than that already"


def test_a_route_as_a_whole_says_nothing_where_its_parts_do() -> None:
    whole, part = Blocker("", (), (Limit.NOT_OFFERED,)), Blocker("0.1", ("a",), (Limit.HOURS,))
    assert list(_told([whole, part])) == [part]
    assert list(_told([whole])) == [whole]


def test_of_a_route_as_a_whole_only_what_its_parts_say_too_is_left_out() -> None:
    part = Blocker("0.1", ("a",), (Limit.HOURS,))
    at_provider, hours = Blocker("", (), (Limit.AT_PROVIDER,)), Blocker("", (), (Limit.HOURS,))
    assert list(_told([at_provider, part])) == [at_provider, part]
    assert list(_told([hours, part])) == [part]


def test_no_button_offers_more_hours_than_somebody_can_say_to_have(app: Flask) -> None:
    with app.test_request_context():
        assert opening_words(Limit.HOURS, 60, PATHWAY)
        assert not opening_words(Limit.HOURS, 61, PATHWAY)
        assert together([_blocker((Limit.HOURS, 61)), _blocker((Limit.HOURS, 20))], PATHWAY, 14) is None
        out_of_reach = _blocker((Limit.HOURS, 0)) | {"closed": ["hours"]}
        assert together([out_of_reach, _blocker((Limit.HOURS, 20))], PATHWAY, 14) is None, "one of them takes more than any button gives"


@pytest.mark.parametrize(("parts", "words"), [
    ({(0, 2), (3, 2)}, "niet ’s avonds"), ({(0, 0), (3, 1)}, "niet overdag"), ({(5, 0), (6, 2)}, "niet in het weekend"), ({(0, 0), (0, 2)}, "niet op jouw momenten"),
])
def test_what_keeps_something_out_names_the_times_that_somebody_has(app: Flask, parts: set[tuple[int, int]], words: str) -> None:
    with app.test_request_context():
        assert limit_words(Limit.PARTS, replace(PATHWAY, parts=frozenset(parts))) == words


def test_what_keeps_something_out_names_the_kilometres(app: Flask) -> None:
    with app.test_request_context():
        assert limit_words(Limit.DISTANCE, PATHWAY) == "niet binnen 10 km"
        assert limit_words(Limit.DISTANCE, replace(PATHWAY, distance=0)) == "niet online"


def test_a_whole_degree_takes_fourteen_hours_a_week() -> None:
    assert [least_hours(ec) for ec in (1_200, 600, 0, -50)] == [14, 7, 0, 0]
