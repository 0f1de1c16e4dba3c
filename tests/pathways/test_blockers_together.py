"""One button for everything that stands in the way, where the same thing helps everywhere."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask

from academy.kernel.ids import new_id
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import GoalKind, Limit
from academy.pathways.pages.routes import together

NOW = datetime(2026, 9, 1, tzinfo=UTC)
PATHWAY = PathwayFacts(
    id=new_id(), edit_key="e", read_key="r", person_id=None, goal=GoalKind.SKILLS, programme_id=None, occupation_uri="", skills=(), diploma="", hours=16,
    parts=frozenset(), postcode="", distance=10, own_money=None, employer_money=None, starts_on=None, chosen=None, version=1, changed_at=NOW, has=(), steps=(),
    without=frozenset(),
)


def _blocker(*openings: tuple[Limit, int]) -> dict[str, Any]:
    return {"openings": [{"limit": limit.value, "value": value} for limit, value in openings]}


def test_more_hours_for_each_are_one_button_with_the_most_of_them(app: Flask) -> None:
    with app.test_request_context():
        found = together([_blocker((Limit.HOURS, 20)), _blocker((Limit.MONEY, 900), (Limit.HOURS, 17))], PATHWAY)
    assert found == {"limit": "hours", "value": 20, "words": "Neem 20 uur per week: 4 uur meer"}


def test_one_thing_in_the_way_has_its_own_button_and_different_things_have_theirs(app: Flask) -> None:
    with app.test_request_context():
        assert together([_blocker((Limit.HOURS, 20))], PATHWAY) is None
        assert together([_blocker((Limit.HOURS, 20)), _blocker((Limit.DISTANCE, 30))], PATHWAY) is None
        assert together([_blocker((Limit.HOURS, 20)), _blocker()], PATHWAY) is None
