"""The page about employers says what the code does: the states and their ways, the clocks, the jobs."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from academy.app import create_worker
from academy.employers import kinds, personal
from academy.employers.rules import clocks
from academy.employers.rules.states import PLEDGE_WAYS, POOL_WAYS
from academy.employers.service import demands, gathering, short

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "employers.md").read_text()
PARTS = {"Pools": (kinds.PoolState, POOL_WAYS), "Pledges": (kinds.PledgeState, PLEDGE_WAYS)}


def part_of(heading: str) -> str:
    """Return what stands under a heading."""
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def _name(state: StrEnum | None) -> str:
    return "–" if state is None else state.value


@pytest.mark.parametrize("heading", PARTS)
def test_the_table_of_states_is_that_of_the_code(heading: str) -> None:
    states: Any
    ways: Any
    states, ways = PARTS[heading]
    names = "|".join(state.value for state in states)
    rows = re.findall(rf"^\| (–|{names}) \| ({names}) \| (.+?) \| (.+?) \|$", part_of(heading), re.MULTILINE)
    assert rows == [(_name(way.was), way.becomes.value, way.who, way.when) for way in ways]


@pytest.mark.parametrize("heading", PARTS)
def test_the_drawing_of_states_is_that_of_the_code(heading: str) -> None:
    states: Any
    ways: Any
    states, ways = PARTS[heading]
    names = "|".join(state.value for state in states)
    drawn = re.findall(rf"^    (\[\*\]|{names}) --> ({names})$", part_of(heading), re.MULTILINE)
    assert drawn == [(way.was.value if way.was else "[*]", way.becomes.value) for way in ways]


@pytest.mark.parametrize("words", [
    f"first answer to a demand | {clocks.DEMAND_DAYS} working days", f"a provider answers | {clocks.PROVIDER_DAYS} working days",
    f"a firm confirms | {clocks.FIRM_DAYS} days", f"choosing when short | {clocks.SHORT_DAYS} days", f"until {clocks.NAMES_DAYS} days before the start",
    f"{gathering.GATHERS_FOR.days} days where no day was named",
])
def test_the_clocks_are_those_of_the_code(words: str) -> None:
    assert words in part_of("Clocks")


def test_the_numbers_in_words_are_those_of_the_code() -> None:
    assert (gathering.THRESHOLD, demands.MOST_OPEN, short.MOST_EXTENSIONS) == (12, 20, 2)
    assert [each.period.days for each in personal.RECORDS if "nobody confirmed" in each.name and each.period] == [30, 30]


def test_the_jobs_are_those_of_the_worker(app: Flask) -> None:
    with app.app_context():
        jobs = {job.name: job.interval.total_seconds() for job in create_worker().jobs}
    for name, number, unit in re.findall(r"^\| `([a-z-]+)` \| (\d+) (s|min) \|", part_of("Clocks"), re.MULTILINE):
        assert jobs.pop(name) == int(number) * {"s": 1, "min": 60}[unit]
