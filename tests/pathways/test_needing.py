"""What a module asks beforehand, for the solver."""

from decimal import Decimal
from typing import Any

import pytest

from academy.catalogue.api import LEVELS, parse_prerequisites
from academy.pathways.problem import After, Either, Every, Need, Reached
from academy.pathways.queries.needing import IMPOSSIBLE, MET, Knowledge, circles, need_of

HERE = {("windesheim", "NET-01"): "net", ("windesheim", "PRG-01"): "prg", ("aeres", "CLD-01"): "cld"}


def need(text: str, **known: Any) -> Need:
    asked = parse_prerequisites(text)
    assert asked is not None
    return need_of(asked, Knowledge(HERE, **known), provider="windesheim")


@pytest.mark.parametrize(("text", "expected"), [
    ("NET-01", After("net")),
    ("aeres/CLD-01", After("cld")),
    ("NET-01 & PRG-01", Every((After("net"), After("prg")))),
    ("NET-01 | PRG-01", Either((After("net"), After("prg")))),
    ("ec>=60", Reached(600)),
    ("year>=2", Reached(600)),
    ("year>=3", Reached(1200)),
    ("year>=1", MET),
    ("ec>=0", MET),
    ("XXX-99", MET),  # nobody has it here: it may have been learned elsewhere
    ("XXX-99 & NET-01", After("net")),
    ("XXX-99 | NET-01", MET),
    ("level>=5", MET),  # nobody asked for a diploma yet
])
def test_what_is_asked_becomes_what_comes_first(text: str, expected: Need) -> None:
    assert need(text) == expected


@pytest.mark.parametrize(("text", "known", "expected"), [
    ("NET-01", {"whole": {"net"}}, MET),
    ("NET-01 & PRG-01", {"whole": {"net"}}, After("prg")),
    ("NET-01 | PRG-01", {"whole": {"net"}}, MET),
    ("NET-01", {"part": {"net": Decimal(3)}}, After("net")),  # a part is not the module
])
def test_what_somebody_has_is_left_out(text: str, known: dict[str, object], expected: Need) -> None:
    assert need(text, **known) == expected


@pytest.mark.parametrize("level", LEVELS)
def test_a_diploma_two_levels_too_low_keeps_out_and_one_too_low_does_not(level: str) -> None:
    too_low = LEVELS.index("5") - LEVELS.index(level) >= 2
    assert need("level>=5", nlqf=level) == (IMPOSSIBLE if too_low else MET)
    assert need("level>=5 | NET-01", nlqf=level) == (After("net") if too_low else MET)
    assert need("level>=5 & NET-01", nlqf=level) == (IMPOSSIBLE if too_low else After("net"))


def test_modules_that_need_each_other_are_a_circle_and_who_may_take_another_is_in_none() -> None:
    needs: dict[str, Need] = {"a": After("b"), "b": After("c"), "c": After("a"), "d": After("a"), "e": MET}
    assert circles(needs) == (("a", "b", "c"),)
    assert circles(needs | {"c": Either((After("a"), After("e")))}) == ()
    assert circles({"a": After("elsewhere"), "b": IMPOSSIBLE, "c": Reached(600)}) == ()
