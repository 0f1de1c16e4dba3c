"""The page about recognition says what the code does: the states and their ways, what stands in the way, the clocks."""

import re
from pathlib import Path

import pytest

from academy.recognition.kinds import FileState, Who, WhyNot
from academy.recognition.rules import clocks, meter
from academy.recognition.rules.states import FILE_WAYS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "recognition.md").read_text()
NAMES = "|".join(state.value for state in FileState)


def part_of(heading: str) -> str:
    """Return what stands under a heading."""
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_the_table_of_states_is_that_of_the_code() -> None:
    rows = re.findall(rf"^\| (–|{NAMES}) \| ({NAMES}) \| (.+?) \| (.+?) \| (.+?) \|$", part_of("Files"), re.MULTILINE)
    assert rows == [
        (way.was.value if way.was else "–", way.becomes.value, ", ".join(way.who), way.route.value if way.route else "both", way.when) for way in FILE_WAYS
    ]


def test_the_drawing_of_states_is_that_of_the_code() -> None:
    drawn = re.findall(rf"^    (\[\*\]|{NAMES}) --> ({NAMES})$", part_of("Files"), re.MULTILINE)
    assert drawn == [(way.was.value if way.was else "[*]", way.becomes.value) for way in FILE_WAYS]


def test_everything_that_can_stand_in_the_way_is_told() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \|", part_of("What must be true besides"), re.MULTILINE)
    assert sorted(told) == sorted(WhyNot)


CLOCKS = {
    "a guide advises": FileState.INTAKE_PLANNED, "an assessor takes it up": FileState.PORTFOLIO_SUBMITTED,
    "an assessor judges the portfolio": FileState.ASSESSMENT_PLANNED, "an assessor writes the report": FileState.SECOND_DONE,
    "an exam board decides": FileState.EXEMPTION_REQUESTED, "an exam board answers an appeal": FileState.APPEALED,
}


def test_the_clocks_in_working_days_are_those_of_the_code() -> None:
    told = {what: int(days) for what, days in re.findall(r"^\| (.+?) \| (\d+) working days \|", part_of("Clocks"), re.MULTILINE)}
    assert told == {what: clocks.CLOCKS[state].days for what, state in CLOCKS.items()}
    assert set(CLOCKS.values()) == set(clocks.CLOCKS)
    for what, state in CLOCKS.items():
        assert {"guide": Who.GUIDE, "assessor": Who.ASSESSOR, "exam": Who.EXAM_BOARD}[what.split()[1]] is clocks.CLOCKS[state].who


@pytest.mark.parametrize("words", [
    f"all of it, the interview on a day chosen at the start | {clocks.DECISION_DAYS} days |", f"the same as before | {clocks.REPEAT.total_seconds() / 3600:.0f} hours |",
    f"appeal | {clocks.APPEAL_DAYS} days |", "reminders | after {} and {} days |".format(*clocks.TOLD_AFTER_DAYS),
    f"a file lapses | after {clocks.LAPSE_DAYS} days, and {clocks.NOTICE_DAYS} days after the last letter", f"objection to a lapse | {clocks.CONTEST_DAYS} days |",
    f"evidence is kept | {clocks.EVIDENCE_DAYS} days |",
])
def test_the_other_clocks_are_those_of_the_code(words: str) -> None:
    assert words in part_of("Clocks")


def test_the_bounds_of_a_chance_are_those_of_the_code() -> None:
    assert f"between {meter.LEAST_CHANCE} and {meter.MOST_CHANCE}, and from ten people on" in part_of("Value meter")
    assert meter.FEWEST_PEOPLE == 10
