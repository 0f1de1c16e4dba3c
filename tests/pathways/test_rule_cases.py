"""Rules that schools really have: what comes first in a programme of HBO-ICT, and the requirement trees of a provider of online courses."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.api import parse_prerequisites
from academy.exchange import service as exchange
from academy.exchange.shapes import ImportKind
from academy.pathways.checker import faults
from academy.pathways.kinds import NodeKind, Option, Proof, Standing
from academy.pathways.problem import After, Course, Credit, Either, Every, Limits, Need, Node, Problem, Route
from academy.pathways.queries.needing import Knowledge, circles, need_of
from academy.pathways.rules.audit import audit

A_MODULE: Final = 300  # tenths: there a module is half a year
SCHOOL: Final = "school"

# A first year of two modules; then modules that want 50 EC of it; then graduation in one of two directions, with 60 EC of the second level.
RULES: Final = {
    "processes": "year>=1", "change": "processes & year>=1",
    "objects": "ec>=50 & year>=2", "web": "ec>=50 & objects & year>=2", "cloud": "ec>=50 & year>=2", "automation": "ec>=50 & year>=2",
    "security": "year>=3", "quality": "objects & year>=3", "assignment": "year>=3",
    "graduation": "ec>=60 & (assignment & cloud & automation | assignment & cloud & security) & year>=3",
}
SECOND_LEVEL: Final = ("objects", "web", "cloud", "automation")
TWO_OF_SECOND_LEVEL: Final = Either(tuple(Every((After(one), After(other))) for one, other in combinations(SECOND_LEVEL, 2)))
NEEDS_LEVEL: Final = ("assignment", "graduation")


def needs() -> dict[str, Need]:
    known = Knowledge({(SCHOOL, name): name for name in RULES})
    found = {name: need_of(asked, known, provider=SCHOOL) for name, text in RULES.items() if (asked := parse_prerequisites(text))}
    return found | {name: Every((found[name], TWO_OF_SECOND_LEVEL)) for name in NEEDS_LEVEL}


def too_early(order: Sequence[str], asked: Mapping[str, Need]) -> list[str]:
    """Return the modules that come before what they need when these are taken one after the other."""
    courses = tuple(Course(name, name, SCHOOL, A_MODULE, period, period, (40,)) for period, name in enumerate(order))
    problem = Problem(Node("0", NodeKind.ALL), courses, Limits(hours=40), needs=tuple(asked.items()))
    found = faults(problem, Route(Option.SHORTEST, tuple(order), (), len(order), len(order), Proof.PROVEN))
    assert all(fault.endswith("begins before what it needs") for fault in found)
    return [fault.split()[1] for fault in found]


DIRECTION = ["processes", "change", "cloud", "automation", "assignment", "graduation"]


@pytest.mark.parametrize(("order", "wrong"), [
    (DIRECTION, []),
    (["processes", "change", "cloud", "objects", "assignment", "security", "graduation"], []),  # the other way to graduate
    (["change", "processes", "cloud", "automation"], ["change"]),
    (["processes", "cloud", "change", "automation"], ["cloud"]),  # 30 EC of the 50
    (["processes", "change", "web", "objects"], ["web"]),
    (["processes", "change", "objects", "web", "quality"], []),
    (["processes", "change", "objects", "quality"], ["quality"]),  # 90 EC: it is not the third year yet
    (["processes", "change", "cloud", "security", "automation"], ["security"]),
    (["processes", "change", "cloud", "automation", "graduation", "assignment"], ["graduation"]),
    (["processes", "change", "cloud", "objects", "assignment", "graduation"], ["graduation"]),  # one module short of either way
    (["processes", "change", "objects", "web", "assignment", "security", "graduation"], ["graduation"]),
])
def test_what_comes_first_in_hbo_ict_is_checked(order: list[str], wrong: list[str]) -> None:
    assert too_early(order, needs()) == wrong


def test_credits_of_a_level_are_asked_of_modules_of_that_level() -> None:
    """120 EC, of which 30 at the second level: enough for the third year, not for the assignment, whatever else one takes."""
    loose = needs() | {"talk": Every(())}
    order = ["processes", "change", "cloud", "talk", "assignment"]
    assert too_early(order, loose) == ["assignment"]
    assert too_early([*order[:3], "automation", "assignment"], loose) == []


def test_every_module_but_the_last_of_a_direction_is_missed_when_it_is_left_out() -> None:
    for left_out in DIRECTION[:-1]:
        assert too_early([name for name in DIRECTION if name != left_out], needs()), left_out


def test_part_of_a_module_is_enough_where_the_rule_asks_so_many_credits_of_it() -> None:
    asked = catalogue.ModulePassed("cloud", ec=Decimal(20))
    for ec, is_met in ((Decimal(20), True), (Decimal(19), False)):
        need = need_of(asked, Knowledge({(SCHOOL, "cloud"): "cloud"}, part={"cloud": ec}), provider=SCHOOL)
        assert (too_early(["graduation"], {"graduation": need}) == []) is is_met


def test_the_real_rules_of_hbo_ict_leave_an_order_and_forbid_the_others(session: Session, real_data: Path, now: datetime) -> None:
    file = real_data / "modules" / "hbo_ict_modules_with_prerequisites.sql"
    exchange.import_file(session, kind=ImportKind.MODULES, path=file, provider_slug=SCHOOL, provider_name="School", now=now)
    facts = {each.external_id: each for each in catalogue.module_facts(session, today=now.date())}
    known = Knowledge({(SCHOOL, name): name for name in facts})
    asked = {name: need_of(each.prerequisites, known, provider=SCHOOL) for name, each in facts.items() if each.prerequisites}
    assert (len(facts), circles(asked)) == (16, ())
    order = list(_possible_order(sorted(facts), asked))
    assert len(order) == 16
    assert too_early(order, asked) == []
    first_of_all = {facts[name].title.nl for name in facts if too_early([name], asked) == []}
    assert first_of_all == {"Bedrijfsprocessen en dynamische webapplicaties"}, "every other one asks something first"
    assert {facts[name].title.nl for name in too_early(order[::-1], asked)} >= {"Afstuderen IDS", "Afstuderen SE", "Afstuderen BIM", "Beheren van een verandertraject"}


def _possible_order(names: Sequence[str], asked: Mapping[str, Need]) -> Iterator[str]:
    taken: list[str] = []
    while ready := [name for name in names if name not in taken and name not in too_early([*taken, name], asked)]:
        taken.append(ready[0])
        yield ready[0]


# Requirement trees


def tree_of(programme: Mapping[str, Any], others: Mapping[int, Mapping[str, Any]], key: str = "0") -> Node:
    """Return the requirements of a programme: `program` stands for everything of another one, a root and `all_of` for all of theirs. Credits are not told."""
    return Node(key, NodeKind.ALL, items=tuple(_node(each, others, f"{key}.{place}") for place, each in enumerate(programme["req_tree"])))


def _node(asked: Mapping[str, Any], others: Mapping[int, Mapping[str, Any]], key: str) -> Node:
    data = asked["data"]
    match data["node_type"]:
        case "course":
            return Node(key, NodeKind.MODULE, 0, (f"course-{data['course']}",))
        case "program":
            return tree_of(others[data["required_program"]], others, key)
        case _:
            items = tuple(_node(each, others, f"{key}.{place}") for place, each in enumerate(asked.get("children", ())))
            if data.get("operator") == "min_number_of":
                return Node(key, NodeKind.NUMBER, int(data["operator_value"]), items=items)
            return Node(key, NodeKind.ALL, items=items)


def is_done(tree: Node, *modules: str) -> bool:
    having = [Credit(module, SCHOOL, 0, Standing.OBTAINED, is_whole=True) for module in modules]
    return audit(tree, having, at_home=0, home=frozenset(), least_nlqf="", valid_years=None, today=date(2027, 3, 1)).is_complete


def courses_of(node: Node) -> set[str]:
    return set(node.modules).union(*map(courses_of, node.items))


def course(number: int) -> dict[str, Any]:
    return {"data": {"node_type": "course", "course": number}}


def test_a_programme_within_a_programme_asks_everything_of_it() -> None:
    inner = {"id": 2, "req_tree": [course(70)]}
    empty: dict[str, Any] = {"id": 3, "req_tree": []}
    program = [{"data": {"node_type": "program", "required_program": number}} for number in (2, 3)]
    outer = {"id": 1, "req_tree": [{"data": {"node_type": "operator", "operator": "all_of"}, "children": [course(10), *program]}]}
    tree = tree_of(outer, {2: inner, 3: empty})
    assert is_done(tree, "course-10", "course-70"), "a programme that asks nothing is there from the start"
    assert not is_done(tree, "course-10")
    assert not is_done(tree, "course-70")


def test_a_choice_of_courses_counts_each_once() -> None:
    electives = {"data": {"node_type": "operator", "operator": "min_number_of", "operator_value": "2"}, "children": [course(1), course(2), course(3)]}
    required = {"data": {"node_type": "operator", "operator": "all_of"}, "children": [course(1)]}
    tree = tree_of({"id": 1, "req_tree": [{"data": {"node_type": "program_root"}, "children": [required, electives]}]}, {})
    assert is_done(tree, "course-1", "course-2", "course-3")
    assert not is_done(tree, "course-1", "course-2"), "the first is required, and no elective any more"


@pytest.mark.parametrize(("name", "number", "asked"), [
    ("mitxonline_programs.json", 2, [3, 3]), ("mitxonline_child_program_positions.json", 3, [1, 0, 0]), ("mitxonline_program_children_loader.json", 3, [3, 1, 1]),
])
def test_the_real_trees_are_done_with_all_of_their_courses_and_not_with_one_less(real_data: Path, name: str, number: int, asked: list[int]) -> None:
    """In one file two programmes ask nothing, so that the programme around them asks one course only."""
    found = json.loads((real_data / "moocs" / "mit_learn_feeds" / name).read_text("utf-8"))
    programmes = found if isinstance(found, list) else found.get("programs", found.get("results"))
    others = {each["id"]: each for each in programmes}
    trees = [tree_of(each, others) for each in programmes]
    assert (len(trees), [len(courses_of(tree)) for tree in trees]) == (number, asked)
    for tree in trees:
        courses = courses_of(tree)
        assert is_done(tree, *courses)
        assert not any(is_done(tree, *(courses - {each})) for each in courses)


def test_the_real_programmes_with_credits_add_up(real_data: Path) -> None:
    """Credits of a quarter are cut to whole tenths, as everywhere in a problem: four of 1.25 are 4.8."""
    found = json.loads((real_data / "moocs" / "mit_learn_feeds" / "xpro_programs.json").read_text("utf-8"))
    sums = []
    for programme in found:
        places = tuple(Node(f"0.{place}", NodeKind.MODULE, int(Decimal(each["credits"]) * 10), (each["readable_id"],)) for place, each in enumerate(programme["courses"]))
        having = [Credit(place.modules[0], SCHOOL, place.amount, Standing.OBTAINED, is_whole=True) for place in places[1:]]
        found_now = audit(Node("0", NodeKind.ALL, items=places), having, at_home=0, home=frozenset(), least_nlqf="", valid_years=None, today=date(2027, 3, 1))
        sums.append((found_now.counted[Standing.OBTAINED], found_now.missing))
    assert sums == [(25, 20), (36, 12)]
