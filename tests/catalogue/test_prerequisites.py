"""What one must have before a module: read, written, kept as JSON, and never in a circle."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from academy.catalogue import prerequisites
from academy.catalogue.prerequisites import (
    AllOf,
    AnyOf,
    CreditsReached,
    LevelReached,
    ModulePassed,
    Prerequisite,
    PrerequisiteWrong,
    YearReached,
)

NET, PRG = ModulePassed("NET-01"), ModulePassed("PRG-01")


@pytest.mark.parametrize(("text", "meaning"), [
    ("NET-01", NET),
    ("NET-01 & PRG-01", AllOf((NET, PRG))),
    ("NET-01 | PRG-01", AnyOf((NET, PRG))),
    ("NET-01 & PRG-01 | level>=4", AnyOf((AllOf((NET, PRG)), LevelReached("4")))),
    ("NET-01 & (PRG-01 | level >= 4+) & ec>=60", AllOf((NET, AnyOf((PRG, LevelReached("4+"))), CreditsReached(Decimal(60))))),
    ("aeres/GROEN 1 & year>=2", AllOf((ModulePassed("GROEN 1", "aeres"), YearReached(2)))),
    ("((NET-01))", NET),
    ("EC>=7,5", CreditsReached(Decimal("7.5"))),
    ("https://example.org/course", ModulePassed("https://example.org/course")),
])
def test_what_people_write_is_understood(text: str, meaning: Prerequisite) -> None:
    assert prerequisites.parse(text) == meaning


def test_nothing_asks_nothing() -> None:
    assert prerequisites.parse("  ") is None
    assert list(prerequisites.modules_in(None)) == []


@pytest.mark.parametrize(("text", "reason"), [
    ("NET-01 &", "too early"), ("& NET-01", "not expected"), ("(NET-01", "not closed"), ("NET-01)", "not expected"),
    ("NET-01 | | PRG-01", "not expected"), ("level>=9", "no NLQF level"), ("ec>=1.2.3", "no number"), ("()", "not expected"),
    ("(" * 5000 + "NET-01", "longer than"), ("(" * 900 + "A" + ")" * 900, "nested too deep"),
])
def test_what_is_no_expression_says_why(text: str, reason: str) -> None:
    with pytest.raises(PrerequisiteWrong, match=reason):
        prerequisites.parse(text)


leaves = (
    some.builds(ModulePassed, some.from_regex(r"[A-Z]{2,4}-[0-9]{1,3}", fullmatch=True), some.sampled_from(["", "aeres"]))
    | some.builds(CreditsReached, some.integers(1, 120).map(Decimal))
    | some.builds(LevelReached, some.sampled_from(prerequisites.LEVELS))
    | some.builds(YearReached, some.integers(1, 4))
)
expressions = some.recursive(
    leaves,
    lambda inner: some.builds(AnyOf, some.lists(inner, min_size=2, max_size=3).map(tuple))
    | some.builds(AllOf, some.lists(inner, min_size=2, max_size=3).map(tuple)),
    max_leaves=12,
)


@given(expressions)
def test_every_expression_survives_json(expression: Prerequisite) -> None:
    assert prerequisites.from_json(prerequisites.as_json(expression)) == expression


@given(expressions)
def test_every_expression_means_the_same_once_written_and_read(expression: Prerequisite) -> None:
    again = prerequisites.parse(prerequisites.write(expression))
    assert again is not None
    assert prerequisites.write(again) == prerequisites.write(expression)
    assert list(prerequisites.modules_in(again)) == list(prerequisites.modules_in(expression))


@pytest.mark.parametrize("value", [{}, {"module": 3}, {"all": "x"}, {"ec": 60}, {"year": "2"}, {"what": 1}])
def test_other_json_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(PrerequisiteWrong):
        prerequisites.from_json(value)


@pytest.mark.parametrize(("graph", "circle"), [
    ({}, ()),
    ({"A": "B", "B": "C"}, ()),
    ({"A": "BC", "B": "D", "C": "D"}, ()),  # two ways to one module are no circle
    ({"A": "A"}, ("A", "A")),
    ({"A": "B", "B": "C", "C": "A"}, ("A", "B", "C", "A")),
    ({"X": "A", "A": "B", "B": "A"}, ("A", "B", "A")),
])
def test_a_circle_is_found_and_named(graph: dict[str, str], circle: tuple[str, ...]) -> None:
    assert next(prerequisites.circles({key: frozenset(needed) for key, needed in graph.items()}), ()) == circle


def test_a_chain_of_ten_thousand_modules_is_walked() -> None:
    chain = {str(number): frozenset({str(number + 1)}) for number in range(10_000)}
    assert next(prerequisites.circles(chain), ()) == ()
    chain["10000"] = frozenset({"0"})
    assert len(next(prerequisites.circles(chain))) == 10_002


def test_all_circles_are_found_in_one_pass_and_what_only_leads_to_them_is_left() -> None:
    graph = {key: frozenset(needed) for key, needed in {"A": "B", "B": "A", "C": "D", "D": "EC", "E": "", "X": "AC", "S": "S"}.items()}
    assert list(prerequisites.circles(graph)) == [("A", "B", "A"), ("C", "D", "C"), ("S", "S")]
    pairs = {f"{side}{number}": frozenset({f"{other}{number}"}) for number in range(20_000) for side, other in ("ab", "ba")}
    assert sum(1 for _circle in prerequisites.circles(pairs)) == 20_000
