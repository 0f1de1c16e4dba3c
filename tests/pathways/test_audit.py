"""The audit of credits: what counts per requirement, and why something does not."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from academy.catalogue.api import LEVELS
from academy.pathways.kinds import NodeKind, Standing
from academy.pathways.problem import Credit, Node
from academy.pathways.rules.audit import NLQF, Audit, Unused, Why, audit

OBTAINED, RECOGNISED, SAID, IN_PROGRESS, PLANNED = Standing
TODAY = date(2027, 3, 1)


def credit(module: str, standing: Standing = OBTAINED, **values: Any) -> Credit:
    """Return a whole module of 5 EC."""
    known: dict[str, Any] = {"provider": "windesheim", "ec": 50, "is_whole": True} | values
    return Credit(module=module, standing=standing, **known)


def place(key: str, *modules: str, ec: int = 50) -> Node:
    return Node(key, NodeKind.MODULE, ec, modules)


def every(*items: Node, key: str = "0") -> Node:
    return Node(key, NodeKind.ALL, items=items)


def audited(tree: Node, having: Sequence[Credit], **rules: Any) -> Audit:
    known: dict[str, Any] = {"at_home": 0, "home": frozenset({"windesheim"}), "least_nlqf": "", "valid_years": None, "today": TODAY}
    return audit(tree, having, **(known | rules))


TREE = every(place("0.0", "net", "net-aeres"), place("0.1", "prg"), Node("0.2", NodeKind.CREDITS, 80, items=(place("0.2.0", "dat"), place("0.2.1", "sec"), place("0.2.2", "net"))))


def test_who_has_nothing_misses_everything() -> None:
    found = audited(TREE, [])
    assert (found.missing, found.counted, found.unused, found.is_complete, found.is_best) == (180, {}, (), False, True)
    assert list(found.lines) == ["0", "0.0", "0.1", "0.2", "0.2.0", "0.2.1", "0.2.2"], "the tree from the top"


def test_every_requirement_tells_how_sure_it_is_and_what_is_missing() -> None:
    found = audited(TREE, [credit("net-aeres", RECOGNISED), credit("prg", IN_PROGRESS), credit("dat"), credit("sec", PLANNED)])
    assert {key: (line.counted, line.missing, line.standing, line.modules) for key, line in found.lines.items()} == {
        "0": ({OBTAINED: 50, RECOGNISED: 50, IN_PROGRESS: 50, PLANNED: 30}, 0, PLANNED, ()),
        "0.0": ({RECOGNISED: 50}, 0, RECOGNISED, ("net-aeres",)),
        "0.1": ({IN_PROGRESS: 50}, 0, IN_PROGRESS, ("prg",)),
        "0.2": ({OBTAINED: 50, PLANNED: 30}, 0, PLANNED, ()),
        "0.2.0": ({OBTAINED: 50}, 0, OBTAINED, ("dat",)),
        "0.2.1": ({PLANNED: 50}, 0, PLANNED, ("sec",)),
        "0.2.2": ({}, 50, None, ()),
    }
    assert found.is_complete


def test_a_credit_that_fits_in_two_places_is_put_where_it_helps_most() -> None:
    """Networks can be the required module, or an elective; something else counts as the required one."""
    found = audited(TREE, [credit("net"), credit("net-aeres"), credit("dat")])
    assert (found.lines["0.0"].modules, found.lines["0.2.2"].modules, found.missing) == (("net-aeres",), ("net",), 50)
    assert audited(TREE, [credit("net"), credit("dat"), credit("sec")]).lines["0.0"].modules == ("net",)


def test_of_two_credits_for_one_place_the_surest_counts() -> None:
    found = audited(every(place("0.0", "net", "net-aeres")), [credit("net", PLANNED), credit("net-aeres", RECOGNISED)])
    assert found.counted == {RECOGNISED: 50}
    assert found.unused == (Unused(credit("net", PLANNED), Why.FULL, 50),)


def test_a_credit_counts_once_however_often_the_tree_names_its_module() -> None:
    found = audited(every(*(place(f"0.{number}", "net") for number in range(4))), [credit("net")])
    assert (found.counted, found.missing) == ({OBTAINED: 50}, 150)


def test_the_same_module_twice_is_one_module() -> None:
    found = audited(TREE, [credit("prg", IN_PROGRESS), credit("prg", OBTAINED)])
    assert found.counted == {OBTAINED: 50}
    assert [(each.credit.standing, each.why) for each in found.unused] == [(IN_PROGRESS, Why.FULL)]


def test_what_was_recognised_of_a_module_counts_for_that_module_alone() -> None:
    tree = every(place("0.0", "net", "net-aeres"))
    part = {"ec": 20, "is_whole": False}
    assert (found := audited(tree, [credit("net", RECOGNISED, **part)])).counted == {RECOGNISED: 20}
    assert (found.missing, found.lines["0.0"].is_complete) == (30, False)
    other = audited(tree, [credit("net-aeres", RECOGNISED, **part)])
    assert (other.counted, [each.why for each in other.unused]) == ({}, [Why.NOT_ASKED])


def test_the_rest_of_a_module_of_which_a_part_was_recognised_is_as_sure_as_its_class() -> None:
    found = audited(every(place("0.0", "net")), [credit("net", PLANNED), credit("net", RECOGNISED, ec=20, is_whole=False)], at_home=50)
    assert (found.counted, found.lines["0.0"].standing, found.unused) == ({RECOGNISED: 20, PLANNED: 30}, PLANNED, ())
    assert found.at_home == 30, "what was recognised is not taught"


def test_what_was_recognised_of_another_module_makes_nothing_surer_where_that_counts_as_this_one() -> None:
    found = audited(every(place("0.0", "net", "net-aeres")), [credit("net-aeres", PLANNED), credit("net-aeres", RECOGNISED, ec=20, is_whole=False)])
    assert (found.counted, found.lines["0.0"].standing) == ({PLANNED: 50}, PLANNED)


def test_a_choice_takes_no_more_than_it_asks_and_says_so() -> None:
    electives = Node("0", NodeKind.CREDITS, 80, items=tuple(place(f"0.{number}", name) for number, name in enumerate(("dat", "sec", "net"))))
    found = audited(electives, [credit("dat"), credit("net"), credit("sec", RECOGNISED)])
    assert (found.counted, found.missing) == ({OBTAINED: 80}, 0)
    assert [(each.credit.module, each.why, each.ec) for each in found.unused] == [("net", Why.FULL, 20), ("sec", Why.FULL, 50)]


def test_a_number_misses_what_is_least_to_do() -> None:
    tree = Node("0", NodeKind.NUMBER, 2, items=(place("0.0", "net", ec=100), place("0.1", "prg"), place("0.2", "dat", ec=75), place("0.3", "sec", ec=60)))
    assert audited(tree, []).missing == 110
    found = audited(tree, [credit("net"), credit("sec", PLANNED)])
    assert (found.missing, found.counted, found.lines["0"].standing) == (0, {OBTAINED: 100, PLANNED: 60}, PLANNED)
    assert [(each.credit.module, each.why) for each in audited(tree, [credit("net"), credit("sec"), credit("prg")]).unused] == [("prg", Why.FULL)]


def test_an_outcome_is_met_by_any_module_that_teaches_it_wherever_that_counts() -> None:
    tree = every(place("0.0", "net"), Node("0.1", NodeKind.OUTCOME, 0, ("net", "prg")), Node("0.2", NodeKind.OUTCOME, 0, ("prg", "sec")))
    found = audited(tree, [credit("net"), credit("sec", PLANNED), credit("dat")])
    assert [(line.is_complete, line.standing, line.modules) for line in found.lines.values()][2:] == [(True, OBTAINED, ("net",)), (True, PLANNED, ("sec",))]
    assert [(each.credit.module, each.why) for each in found.unused] == [("dat", Why.NOT_ASKED)]
    assert not audited(tree, [credit("net")]).is_complete
    assert audited(tree, [credit("net", IN_PROGRESS), credit("prg", RECOGNISED)]).lines["0.1"].standing is RECOGNISED, "the surest of those that teach it"


@pytest.mark.parametrize(("nlqf", "least", "counts"), [
    ("5", "5", True), ("4", "5", False), ("6", "5", True), ("4", "4+", False), ("4+", "4+", True), ("5", "4+", True), ("", "5", True), ("4", "", True), ("?", "5", True),
])
def test_credits_of_too_low_a_level_do_not_count(nlqf: str, least: str, counts: bool) -> None:
    found = audited(TREE, [credit("prg", nlqf=nlqf)], least_nlqf=least)
    assert (found.counted == {OBTAINED: 50}, [each.why for each in found.unused]) == (counts, [] if counts else [Why.LEVEL])


def test_levels_are_those_of_the_catalogue() -> None:
    assert NLQF == LEVELS


@pytest.mark.parametrize(("on", "years", "counts"), [
    (date(2022, 3, 1), 5, True), (date(2022, 2, 28), 5, False), (date(2022, 2, 28), None, True), (None, 5, True), (date(2024, 2, 29), 3, False), (TODAY, 1, True),
])
def test_credits_that_are_too_old_do_not_count(on: date | None, years: int | None, counts: bool) -> None:
    found = audited(TREE, [credit("prg", on=on)], valid_years=years)
    assert (found.counted == {OBTAINED: 50}, [each.why for each in found.unused]) == (counts, [] if counts else [Why.AGE])


def test_a_result_of_29_february_counts_on_the_last_day_of_february() -> None:
    assert not audited(TREE, [credit("prg", on=date(2024, 2, 29))], valid_years=3, today=date(2027, 2, 28)).unused


def test_a_newer_credit_takes_the_place_of_one_that_is_too_old() -> None:
    found = audited(TREE, [credit("prg", on=date(2010, 1, 1)), credit("prg", IN_PROGRESS)], valid_years=5)
    assert (found.counted, [each.why for each in found.unused]) == ({IN_PROGRESS: 50}, [Why.AGE])


def test_the_awarding_institution_teaches_what_is_obtained_in_progress_and_planned_there() -> None:
    tree = every(*(place(f"0.{number}", name) for number, name in enumerate(("net", "prg", "dat", "sec", "ux"))))
    having = [credit("net"), credit("prg", IN_PROGRESS), credit("dat", PLANNED), credit("sec", RECOGNISED), credit("ux", provider="aeres")]
    found = audited(tree, having, at_home=160)
    assert (found.at_home, found.at_home_needed, found.missing, found.is_whole, found.is_complete) == (150, 160, 0, True, False)
    assert audited(tree, having, at_home=150).is_complete


def test_what_the_awarding_institution_taught_goes_first_only_as_long_as_it_is_needed() -> None:
    tree = every(place("0.0", "net", "net-aeres"))
    having = [credit("net", PLANNED), credit("net-aeres", provider="aeres")]
    assert audited(tree, having, at_home=50).counted == {PLANNED: 50}
    assert audited(tree, having, at_home=0).counted == {OBTAINED: 50}


def test_modules_without_credits_are_placed_where_they_complete_something() -> None:
    tree = every(place("0.0", "net", "prg", ec=0), place("0.1", "net", ec=0))
    found = audited(tree, [credit("net", ec=0), credit("prg", ec=0)])
    assert (found.is_complete, found.missing, found.unused) == (True, 0, ())


def test_what_is_contested_without_end_takes_no_endless_time() -> None:
    """Two hundred modules for two hundred places that want eight of them each, ten bags that do not come out even: the best found is taken, and said to be."""
    names = [f"module-{number}" for number in range(200)]
    bags = tuple(
        Node(f"0.{bag}", NodeKind.CREDITS, 70 + bag * 11, items=tuple(
            place(f"0.{bag}.{number}", *(names[(bag * 31 + number * 7 + other * 13) % 200] for other in range(8)), ec=10 + 17 * (number % 5)) for number in range(20)
        ))
        for bag in range(10)
    )
    found = audited(every(*bags), [credit(name, list(Standing)[number % 5]) for number, name in enumerate(names[:21])])
    assert found.missing + sum(found.counted.values()) == sum(bag.amount for bag in bags)
    placed = [module for line in found.lines.values() for module in line.modules]
    assert len(placed) == len(set(placed))
