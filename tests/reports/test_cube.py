"""The roll-up adds up what a recount in plain Python finds: persons and needs once, whoever asks in however many places."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.reports.kinds import EVERY, UNKNOWN, ActionLine, Source, Subject
from academy.reports.rules.cube import add_up
from academy.reports.rules.lattice import sectors_of
from academy.reports.rules.quarters import year_of
from academy.reports.rules.scoring import gap_score
from academy.reports.rules.signals import PARTS, Asked, Cell, Key, Signal, SlotCell, Supply
from academy.reports.rules.slots import parts_of
from tests.reports.lattices import CLUSTERS, dice

QUARTERS = ("2025-4", "2026-1", "2026-2")
SKILLS = ("a", "b")
AREAS = ("13", "82", UNKNOWN)
SECTORS = ("ict", "energy", "art", UNKNOWN)
SETTINGS = settings(deadline=None, max_examples=25)
PLACES = tuple(product(
    (*QUARTERS, "2025", "2026"), (*SKILLS, EVERY), (*AREAS, EVERY), (*SECTORS, "c:tech", EVERY),
))


def _signals(chance: Random, number: int) -> list[Signal]:
    """Return wants of fewer subjects than wants, so that persons, firms and needs return in other cells and in the same."""
    return [_signal(chance, chance.randrange(number), chance.random() < 0.3) for _ in range(number)]


def _signal(chance: Random, subject: int, is_firm: bool) -> Signal:
    return Signal(
        chance.choice(SKILLS), chance.choice(tuple(Source)), f"{'o' if is_firm else 'p'}:{subject % 11 if is_firm else subject}", Subject.FIRM if is_firm else Subject.PERSON,
        f"need {subject * 3 // 2 + chance.randrange(2)}", chance.randint(1, 9) if is_firm else 1, chance.choice(QUARTERS), chance.choice(AREAS), chance.choice(SECTORS),
        chance.choice((100, 150, 200)), chance.choice((0, 0, 120_00, 450_00)), chance.choice(tuple(ActionLine)),
        tuple(chance.sample(("tue-evening", "wed-evening", "sat-morning"), chance.randrange(3))),
    )


def _supply(chance: Random) -> list[Supply]:
    found: list[Supply] = []
    for number in range(6):
        quarters, area, sectors = tuple(chance.sample(QUARTERS, 2)), chance.choice(AREAS), tuple(chance.sample(SECTORS[:3], chance.randrange(3)))
        free, over = chance.randint(0, 20), ("2026-2", "2026") if chance.random() < 0.4 else ()
        found += [Supply(skill, f"class {number}", quarters, area, sectors, 20, free, over) for skill in chance.sample(SKILLS, chance.randint(1, 2))]
    return found


def _in(one: Signal, key: Key) -> bool:
    return (
        key.period in {one.quarter, year_of(one.quarter)} and key.skill in {one.skill, EVERY} and key.area in {one.area, EVERY}
        and key.sector in sectors_of(one.sector, CLUSTERS) and key.source in {EVERY, one.source, one.line}
    )


def _most(signals: Iterable[Signal], what: str) -> int:
    """Return the sum over needs of the most in each."""
    most: dict[tuple[str, str], int] = {}
    for one in signals:
        most[one.subject, one.need] = max(most.get((one.subject, one.need), 0), getattr(one, what))
    return sum(most.values())


def _check(cell: Cell, signals: Sequence[Signal]) -> None:
    """Compare what a cell tells with the signals in it."""
    there = [one for one in signals if _in(one, cell.key)]
    persons, firms = ([one for one in there if one.kind is kind] for kind in (Subject.PERSON, Subject.FIRM))
    number = len({one.subject for one in persons})
    assert cell.people in ({(number + 2) // 5 * 5, None} if number >= 10 else {0 if not number else None})
    assert cell.firms == len({one.subject for one in firms})
    asked_for = _most(firms, "people")
    assert cell.seats in ({(asked_for + 2) // 5 * 5, None} if cell.firms >= 3 and asked_for >= 10 else {0 if not cell.firms else None})
    told = [*(persons if cell.people else ()), *(firms if cell.seats else ())]
    assert cell.cents == (None if there and not told else (_most(told, "cents") + 50_00) // 100_00 * 100_00)
    hurries = {subject: max(one.urgency for one in persons if one.subject == subject) for subject in {one.subject for one in persons if cell.people}}
    needs = {(one.subject, one.need) for one in firms if cell.seats}
    weights = [(1, urgency) for urgency in hurries.values()]
    for need in needs:
        asked = [one for one in firms if (one.subject, one.need) == need]
        weights.append((max(one.people for one in asked), max(one.urgency for one in asked)))
    people = sum(weight for weight, _urgency in weights)
    assert abs(cell.urgency - (sum(weight * urgency for weight, urgency in weights) / people if people else 100)) <= 5
    assert cell.urgency % 10 == 0
    assert cell.score == (gap_score(wanted=cell.wanted, free=cell.free, urgency=cell.urgency, cents=cell.cents or 0) if cell.key.source == EVERY else 0)


@SETTINGS
@given(st.integers(0, 2**32), st.integers(0, 220))
def test_a_cell_tells_what_a_recount_finds(seed: int, number: int) -> None:
    signals = _signals(dice(seed), number)
    cells, _slots = add_up(signals, (), (), clusters=CLUSTERS)
    for cell in cells:
        _check(cell, signals)


@SETTINGS
@given(st.integers(0, 2**32), st.integers(0, 220))
def test_a_cell_is_missing_only_where_there_is_no_firm_and_nobody_may_be_told(seed: int, number: int) -> None:
    signals = _signals(dice(seed), number)
    there = {cell.key: cell for cell in add_up(signals, (), (), clusters=CLUSTERS)[0]}
    for key in map(Key._make, ((*place, EVERY) for place in PLACES)):
        if key not in there:
            assert not any(one.kind is Subject.FIRM for one in signals if _in(one, key))
        else:
            assert there[key].people or there[key].firms


@SETTINGS
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_same_comes_out_in_whatever_order_wants_come(seed: int, chance: Random) -> None:
    signals, supply = _signals(dice(seed), 200), _supply(dice(seed))
    before = add_up(iter(signals), (), iter(supply), clusters=CLUSTERS)
    chance.shuffle(signals)
    chance.shuffle(supply)
    assert add_up(iter(signals), (), iter(supply), clusters=CLUSTERS) == before
    assert [cell.key for cell in before[0]] == sorted(cell.key for cell in before[0])


@SETTINGS
@given(st.integers(0, 2**32))
def test_a_class_counts_once_in_a_cell_and_serves_everywhere_when_it_is_online(seed: int) -> None:
    signals, supply = _signals(dice(seed), 220), _supply(dice(seed))
    by_offering = {one.offering: one for one in supply}
    for cell in add_up(signals, (), supply, clusters=CLUSTERS)[0]:
        key = cell.key
        serving = {
            one.offering for one in supply if key.skill in {one.skill, EVERY} and key.area in {one.area, EVERY, *(() if one.area else AREAS)} and key.source == EVERY
            and key.period in {each for quarter in by_offering[one.offering].quarters for each in (quarter, year_of(quarter))}
            and any(key.sector in sectors_of(sector, CLUSTERS) for sector in by_offering[one.offering].sectors or (UNKNOWN,))
        }
        assert (cell.places, cell.free) == (
            sum(by_offering[each].seats for each in serving), sum(by_offering[each].free for each in serving if key.period not in by_offering[each].over),
        )


def test_searches_belong_to_a_sector_and_to_no_area() -> None:
    cells, _slots = add_up((), [Asked("a", "2026-1", "ict", 7), Asked("a", "2026-2", UNKNOWN, 2), Asked("b", "2026-1", "energy", 1)], (), clusters=CLUSTERS)
    times = {cell.key: cell.searches for cell in cells}
    assert {key.area for key in times} == {EVERY}
    assert times[Key("2026")] == times[Key("2026", source=Source.SEARCH)] == 10
    assert times[Key("2026", "a")] == 9
    assert times[Key("2026-1", EVERY, EVERY, "c:tech")] == 8
    assert times[Key("2026-1", "a", EVERY, "ict")] == 7
    assert times[Key("2026-2", "a", EVERY, UNKNOWN)] == 2


def test_a_question_and_the_pledge_made_of_it_count_once() -> None:
    asked = Signal("a", Source.DEMAND, "o:1", Subject.FIRM, "d:1", 4, "2026-1", "13", "ict", 100, 0, ActionLine.VOCATIONAL)
    pledged = replace(asked, source=Source.PLEDGE, people=8, urgency=150, cents=900_00)
    others = [replace(asked, subject=f"o:{number}", need=f"d:{number}", people=1) for number in (2, 3)]
    cells = {cell.key: cell for cell in add_up([asked, pledged, *others], (), (), clusters=CLUSTERS)[0]}
    cell = cells[Key("2026-1", "a")]
    assert (cell.firms, cell.seats, cell.cents) == (3, 10, 900_00)
    assert cell.urgency == 140  # eight at 150, two at 100


def test_for_fewer_than_ten_people_is_not_told_for_how_many_firms_ask() -> None:
    asked = [Signal("a", Source.DEMAND, f"o:{each}", Subject.FIRM, f"d:{each}", 3, "2026-1", "13", "ict", 100, 0, ActionLine.VOCATIONAL) for each in range(4)]

    seats = [{cell.key: cell for cell in add_up(some, (), (), clusters=CLUSTERS)[0]}[Key("2026-1", "a")].seats for some in (asked[:3], asked)]

    assert seats == [None, 10]


@SETTINGS
@given(st.integers(0, 2**32))
def test_parts_of_the_week_tell_what_a_recount_finds(seed: int) -> None:
    signals = _signals(dice(seed), 260)
    cells, slots = add_up(signals, (), (), clusters=CLUSTERS)
    for one in slots:
        there = [each for each in signals if one.period in {each.quarter, year_of(each.quarter)} and each.skill == one.skill and one.slot in parts_of(each.slots)]
        persons = len({each.subject for each in there if each.kind is Subject.PERSON})
        firms = [each for each in there if each.kind is Subject.FIRM]
        ways = {persons if persons >= 10 else 0, 0}
        asked = {_most(firms, "people") if len({each.subject for each in firms}) >= 3 else 0, 0}
        assert one.people in {(way + more + 2) // 5 * 5 if way + more >= 10 else None for way in ways for more in asked}
    untold = {(cell.key.period, cell.key.skill) for cell in cells if not cell.people and not cell.seats and cell.key[2:] == (EVERY, EVERY, EVERY)}
    assert not {(one.period, one.skill) for one in slots} & untold
    assert slots == sorted(slots, key=_place)


def _place(one: SlotCell) -> tuple[str, str, str]:
    return one.period, one.skill, one.slot


@pytest.mark.parametrize(
    ("slots", "parts"), [((), ()), (("tue-evening", "wed-evening"), ("evening",)), (("sat-morning", "mon-morning"), ("morning", "weekend")), (("sun-evening",), ("weekend",))],
)
def test_moments_of_the_week_have_four_parts(slots: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert parts_of(slots) == parts
    assert set(parts) <= set(PARTS)
