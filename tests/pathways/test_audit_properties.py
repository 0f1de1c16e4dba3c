"""What holds of every audit, whatever tree and credits: the placing is the best, no credit counts twice, and the order makes no difference."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from academy.pathways.checker import faults
from academy.pathways.kinds import NodeKind, Option, Proof, Standing
from academy.pathways.problem import Credit, Had, Limits, Node, Placed, Problem, Route
from academy.pathways.rules.allocating import Key, best_placing, key_of
from academy.pathways.rules.audit import Audit, Why, audit
from academy.pathways.rules.counting import Held

MODULES = tuple("abcdef")
HOME = "windesheim"
MOST_PLACINGS = 3_000


@st.composite
def trees(draw: st.DrawFn, depth: int = 3, key: str = "0") -> Node:
    """Return a tree in which one module can stand in many places; never one module alone."""
    kinds = [NodeKind.ALL, NodeKind.CREDITS, NodeKind.NUMBER]
    kind = draw(st.sampled_from(kinds if key == "0" else [*kinds, NodeKind.OUTCOME] + [NodeKind.MODULE] * 5 if depth else [NodeKind.MODULE]))
    if kind in (NodeKind.MODULE, NodeKind.OUTCOME):
        modules = tuple(draw(st.lists(st.sampled_from(MODULES), min_size=1, max_size=3, unique=True)))
        return Node(key, kind, draw(st.sampled_from((20, 50, 50, 75))) if kind is NodeKind.MODULE else 0, modules)
    items = tuple(draw(trees(depth - 1, f"{key}.{number}")) for number in range(draw(st.integers(1, 4))))
    amount = {NodeKind.ALL: st.just(0), NodeKind.CREDITS: st.sampled_from((50, 80, 100, 150)), NodeKind.NUMBER: st.integers(1, len(items))}[kind]
    return Node(key, kind, draw(amount), items=items)


@st.composite
def credits_of_modules(draw: st.DrawFn) -> list[Credit]:
    """Return credits, at times more of one module."""
    return [
        Credit(module, draw(st.sampled_from((HOME, "aeres"))), 50 if is_whole else 10, standing if is_whole else Standing.RECOGNISED, is_whole)
        for module in draw(st.lists(st.sampled_from(MODULES), max_size=7))
        for standing, is_whole in [(draw(st.sampled_from(Standing)), draw(st.sampled_from((True, True, False))))]
    ]


def audited(tree: Node, having: Sequence[Credit], at_home: int = 0) -> Audit:
    return audit(tree, having, at_home=at_home, home=frozenset({HOME}), least_nlqf="", valid_years=None, today=date(2027, 3, 1))


def nodes_of(node: Node) -> Iterator[Node]:
    yield node
    for item in node.items:
        yield from nodes_of(item)


def best_by_trying(tree: Node, held: Sequence[Held], at_home: int) -> Key:
    """Return how good the best placing is, by trying all of them; a tree that has too many is not for this test."""
    places = [node for node in nodes_of(tree) if node.kind is NodeKind.MODULE]
    options = [[None, *(node.key for node in places if each.module in (node.modules if each.standing else node.modules[:1]))] for each in held]
    number = 1
    for keys in options:
        number *= len(keys)
    assume(number <= MOST_PLACINGS)
    chosen = (tuple(zip(keys, held, strict=True)) for keys in product(*options) if max(Counter(key for key in keys if key).values(), default=0) <= 1)
    return min(key_of(tree, {key: each for key, each in pairs if key is not None}, at_home) for pairs in chosen)


@st.composite
def helds(draw: st.DrawFn) -> list[Held]:
    found = []
    for module in draw(st.lists(st.sampled_from(MODULES), max_size=6, unique=True)):
        standing = draw(st.sampled_from([*Standing, None]))
        part = 10 if standing is None else draw(st.sampled_from((0, 0, 20)))
        found.append(Held(module, standing, part, taught=0 if standing is None else draw(st.sampled_from((0, 50)))))
    return found


@settings(max_examples=300, deadline=None)
@given(trees(), helds(), st.sampled_from((0, 50, 100, 200)))
def test_no_placing_is_better_than_the_one_that_is_said_to_be_the_best(tree: Node, held: list[Held], at_home: int) -> None:
    found = best_placing(tree, held, at_home)
    assume(found.is_best)
    assert key_of(tree, found.holders, at_home) == best_by_trying(tree, held, at_home)


@settings(max_examples=80, deadline=None)
@given(trees(), credits_of_modules(), st.sampled_from((0, 100)), st.randoms(use_true_random=False))
def test_the_order_of_credits_makes_no_difference(tree: Node, having: list[Credit], at_home: int, chance: object) -> None:
    shuffled = sorted(having, key=lambda _credit: chance.random())  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert audited(tree, shuffled, at_home) == audited(tree, having, at_home)


@settings(max_examples=80, deadline=None)
@given(trees(), credits_of_modules())
def test_no_module_stands_in_two_places_and_no_place_has_two(tree: Node, having: list[Credit]) -> None:
    found = audited(tree, having)
    placed = [module for node in nodes_of(tree) if node.kind is NodeKind.MODULE for module in found.lines[node.key].modules]
    assert max(Counter(placed).values(), default=0) <= 1
    assert all(len(found.lines[node.key].modules) <= 1 for node in nodes_of(tree) if node.kind is NodeKind.MODULE)
    assert set(placed) <= {credit.module for credit in having}


@settings(max_examples=80, deadline=None)
@given(trees(), credits_of_modules())
def test_what_counts_and_what_is_missing_is_what_is_asked(tree: Node, having: list[Credit]) -> None:
    found = audited(tree, having)
    for node in nodes_of(tree):
        line = found.lines[node.key]
        assert min(line.counted.values(), default=1) > 0 <= line.missing
        if node.kind in (NodeKind.MODULE, NodeKind.CREDITS):
            assert sum(line.counted.values()) + line.missing == node.amount
        if node.kind is NodeKind.ALL:
            assert line.missing == sum(found.lines[item.key].missing for item in node.items)
        assert (line.standing is not None) == line.is_complete
    assert (found.counted, found.missing) == (found.lines["0"].counted, found.lines["0"].missing)


@settings(max_examples=80, deadline=None)
@given(trees(), credits_of_modules(), st.sampled_from(MODULES))
def test_one_more_credit_never_makes_more_missing(tree: Node, having: list[Credit], module: str) -> None:
    before, after = audited(tree, having), audited(tree, [*having, Credit(module, HOME, 50, Standing.OBTAINED, is_whole=True)])
    assume(before.is_best and after.is_best)
    assert after.missing <= before.missing


@settings(max_examples=80, deadline=None)
@given(trees(), credits_of_modules())
def test_every_credit_counts_or_has_a_reason(tree: Node, having: list[Credit]) -> None:
    """What no reason is given for stands in a place, or teaches something; what the goal does not name is said to be so."""
    found = audited(tree, having)
    shown = {module for line in found.lines.values() for module in line.modules}
    unused = Counter(each.credit for each in found.unused)
    assert unused <= Counter(having)
    for credit in Counter(having) - unused:
        assert credit.module in shown
    named = {module for node in nodes_of(tree) for module in node.modules}
    assert {each.credit.module for each in found.unused if each.why is Why.NOT_ASKED and each.credit.is_whole} == {
        credit.module for credit in having if credit.is_whole and credit.module not in named
    }


@settings(max_examples=80, deadline=None)
@given(trees(), credits_of_modules(), st.sampled_from((0, 50, 100)))
def test_the_checker_of_routes_finds_the_same(tree: Node, having: list[Credit], at_home: int) -> None:
    """An audit that is complete is a route of no courses without a fault, by code that shares nothing with the audit; one that is not, is none."""
    having = list({credit.module: credit for credit in having}.values())
    found = audited(tree, having, at_home)
    had = tuple(Had(credit.module, credit.provider, credit.ec, credit.standing, credit.is_whole) for credit in having)
    problem = Problem(tree, (), Limits(hours=0), had=had, at_home=at_home, home=frozenset({HOME}))
    placed = tuple(
        Placed(module, node.key, sum(found.lines[node.key].counted.values()))
        for node in nodes_of(tree) if node.kind is NodeKind.MODULE for module in found.lines[node.key].modules
    )
    assert (faults(problem, Route(Option.SHORTEST, (), placed, 0, 0, Proof.PROVEN)) == ()) is found.is_complete
