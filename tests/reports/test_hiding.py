"""Nothing is told of a few people, nor what a few people can be found from along any line; properties of the rule by itself, and of what the roll-up lets through."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from academy.kernel.small_groups import by_fives
from academy.reports.kinds import EVERY
from academy.reports.rules.cube import add_up
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE, Hiding, Line, by_hundreds
from academy.reports.rules.lattice import lines_of
from academy.reports.rules.signals import Key
from tests.reports.lattices import CLUSTERS, Base, dice, signals_of, small_world, sums

SETTINGS = settings(deadline=None, max_examples=60)
WORLDS = st.integers(0, 2**32).map(lambda seed: small_world(dice(seed)))
FEWS = st.sampled_from((FEW_PEOPLE, FEW_FIRMS))


def _lines(key: Key) -> list[Line[Key]]:
    return list(lines_of(key, CLUSTERS))


def _comes_later(skill: str, total: Key) -> bool:
    return total.skill == EVERY != skill


def _told(counts: Mapping[Key, int], few: int = FEW_PEOPLE) -> frozenset[Key]:
    hiding = Hiding[Key](few, _lines)
    hiding.add(counts)
    return hiding.told()


def _members(counts: Mapping[Key, int]) -> dict[Line[Key], list[Key]]:
    found: dict[Line[Key], list[Key]] = defaultdict(list)
    for key, number in counts.items():
        for line in _lines(key) if number else ():
            found[line].append(key)
    return found


@SETTINGS
@given(WORLDS, FEWS)
def test_a_few_are_never_told(world: dict[Base, int], few: int) -> None:
    counts = sums(world)
    assert all(counts[key] >= few for key in _told(counts, few))


@SETTINGS
@given(WORLDS, FEWS)
def test_along_no_line_is_one_found_by_subtraction_nor_a_few_left(world: dict[Base, int], few: int) -> None:
    counts = sums(world)
    told = _told(counts, few)
    for line, members in _members(counts).items():
        hidden = [key for key in members if key not in told]
        left = counts[line.total] - sum(counts[key] for key in members if key in told)
        if line.total in told and hidden:
            assert len(hidden) > 1, f"{hidden[0]} is what is left on {line}"
            assert left == sum(counts[key] for key in hidden) >= few, f"{left} are left on {line}"
        if line.total not in told:
            assert hidden, f"{line.total} is found by adding"


@SETTINGS
@given(WORLDS)
def test_where_nobody_is_few_all_is_told(world: dict[Base, int]) -> None:
    counts = sums({base: number + FEW_PEOPLE for base, number in world.items()})
    assert _told(counts) == frozenset(counts)


@SETTINGS
@given(WORLDS, st.randoms(use_true_random=False))
def test_the_same_is_hidden_in_whatever_order_cells_come_and_in_whatever_groups(world: dict[Base, int], chance: Random) -> None:
    counts = sums(world)
    shuffled = list(counts.items())
    chance.shuffle(shuffled)
    hiding = Hiding[Key](FEW_PEOPLE, _lines)
    for skill in ("c", "a", "b", EVERY):
        hiding.add({key: number for key, number in shuffled if key.skill == skill}, is_later=partial(_comes_later, skill))
    assert hiding.told() == _told(counts)


@SETTINGS
@given(WORLDS)
def test_what_may_never_be_told_is_not_and_opens_nothing_else(world: dict[Base, int]) -> None:
    counts = sums(world)
    never = sorted(_told(counts))[:1]
    hiding = Hiding[Key](FEW_PEOPLE, _lines)
    hiding.add(counts)
    told = hiding.told(never=never)
    assert not told & set(never)
    for line, members in _members(counts).items():
        if line.total in told:
            assert sum(key not in told for key in members) != 1


@SETTINGS
@given(WORLDS)
def test_the_roll_up_tells_of_nobody_whom_the_rule_hides(world: dict[Base, int]) -> None:
    counts = sums(world)
    cells, _slots = add_up(signals_of(world), (), (), clusters=CLUSTERS)
    told = {cell.key: cell.people for cell in cells if cell.people and cell.key.source == EVERY}
    assert all(people == by_fives(counts[key]) >= FEW_PEOPLE for key, people in told.items())
    # sources are told apart here too, which hides what one would find of them: never less than the rule alone
    assert told.keys() <= _told(counts)


@SETTINGS
@given(st.integers(0, 100_000))
def test_people_are_shown_by_fives_and_money_by_hundreds_of_euros(number: int) -> None:
    assert by_fives(number) % 5 == 0
    assert abs(by_fives(number) - number) <= 2
    assert by_hundreds(number) % 100_00 == 0
    assert abs(by_hundreds(number) - number) <= 50_00
