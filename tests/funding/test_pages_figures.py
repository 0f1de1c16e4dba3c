"""Figures as rectangles: plain numbers in and out."""

import itertools
import random

import pytest

from academy.kernel.figures import HEIGHT, WIDTH, bar, stacked


def test_a_bar_is_divided_as_its_amounts_are_and_what_is_nothing_is_left_out() -> None:
    found = bar([("earmarked", 2_500), ("nothing", 0), ("spent", 5_000)], 10_000)
    assert [(part.look, part.x, part.width) for part in found] == [("earmarked", 0, 250), ("spent", 250, 500)]


def test_a_cent_of_a_million_can_be_seen_and_a_full_bar_does_not_stick_out() -> None:
    assert bar([("spent", 1)], 100_000_000)[0].width == 1
    full = bar([("earmarked", 1), ("spent", 99_999_999)], 100_000_000)
    assert max(part.x + part.width for part in full) <= WIDTH
    assert bar([("spent", 5)], 0) == ()


def test_columns_stand_on_one_scale_that_begins_at_zero_and_their_parts_touch() -> None:
    found = stacked([("een", [("a", 100), ("b", 300)]), ("twee", [("a", 200), ("b", 0)])])
    first, second = found.columns
    assert [line.value for line in found.lines] == [0, 100, 200, 300, 400]
    assert found.lines[0].y == HEIGHT
    assert found.lines[-1].y == 0
    assert [(part.look, part.y, part.height) for part in first.parts] == [("a", HEIGHT * 3 // 4, HEIGHT // 4), ("b", 0, HEIGHT * 3 // 4)]
    assert [(part.look, part.height) for part in second.parts] == [("a", HEIGHT // 2)]
    assert first.parts[0].x + first.parts[0].width < second.parts[0].x


@pytest.mark.parametrize(("most", "top"), [(1, 4), (4, 4), (5, 8), (9, 12), (13, 20), (21, 40), (81, 120), (123_456, 200_000)])
def test_the_scale_ends_at_a_round_number_that_is_not_below_the_highest_column(most: int, top: int) -> None:
    assert stacked([("een", [("a", most)])]).lines[-1].value == top


def test_of_nothing_there_are_no_lines_and_empty_columns() -> None:
    found = stacked([("een", [("a", 0)])])
    assert found.lines == ()
    assert found.columns[0].parts == ()
    assert stacked([]).columns == ()


def test_no_part_is_ever_outside_the_drawing_or_over_another() -> None:
    chance = random.Random(7)  # noqa: S311 - the same figures every time, no secret
    for _turn in range(500):
        amounts = [[("x", chance.randrange(10 ** chance.randrange(1, 9))) for _part in range(4)] for _column in range(chance.randrange(1, 9))]
        for column in stacked([("k", parts) for parts in amounts]).columns:
            edges = [(part.y + part.height, part.y) for part in column.parts]
            assert all(0 <= high <= low <= HEIGHT for low, high in edges)
            assert all(above[0] == below[1] for below, above in itertools.pairwise(edges))
            assert all(part.x >= 0 and part.x + part.width <= WIDTH for part in column.parts)
