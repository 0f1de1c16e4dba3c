"""Where things stand on a chart: within it, in order, off each other, and each time the same."""

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from academy.reports.rules.drawing import (
    Box,
    Scale,
    apart,
    bands,
    placed,
    slanted,
    stacked,
    step_of,
    text_width,
    ticks,
    wrapped,
)

_PLACES = st.tuples(st.floats(20, 300), st.floats(20, 300))


@given(st.integers(0, 10**15), st.integers(1, 8))
def test_an_axis_starts_at_nothing_ends_at_or_above_the_highest_and_has_few_steps(highest: int, most: int) -> None:
    marks = ticks(highest, most=most)
    assert marks[0] == 0
    assert marks[-1] >= max(highest, 1)
    assert len(marks) - 1 <= most
    steps = {after - before for before, after in itertools.pairwise(marks)}
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in {"1", "2", "5"}


def test_an_axis_is_no_longer_than_it_has_to_be() -> None:
    assert ticks(0) == (0, 1)
    assert ticks(1) == (0, 1)
    assert ticks(7, most=4) == (0, 2, 4, 6, 8)
    assert ticks(400, most=4) == (0, 100, 200, 300, 400)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(-1e6, 2e6), st.booleans())
def test_a_value_stands_between_the_ends_of_its_scale(low: float, more: float, value: float, is_rooted: bool) -> None:
    place = Scale(low, low + more, 300, 10, is_rooted=is_rooted).at(value)
    assert 10 - 1e-6 <= place <= 300 + 1e-6


def test_a_bar_twice_as_long_is_twice_as_much() -> None:
    scale = Scale(0, 200, 0, 400)
    assert scale.at(0) == 0
    assert scale.at(100) * 2 == scale.at(200) == 400


@given(st.lists(st.one_of(st.none(), st.integers(-5, 10**9)), max_size=6))
def test_the_parts_of_a_column_stand_on_each_other_and_are_as_high_as_they_are_much(values: list[int | None]) -> None:
    whole = sum(each for each in values if each and each > 0)
    scale = Scale(0, max(whole, 1), 500, 0)
    parts = stacked(values, scale)
    bottom = 500.0
    for value, part in zip(values, parts, strict=True):
        assert (part is None) == (value is None or value <= 0)
        if part is not None and value is not None:
            assert abs(part[0] + part[1] - bottom) < 1e-6
            assert abs(part[1] - 500 * value / max(whole, 1)) < 1e-6
            bottom = part[0]
    assert bottom >= -1e-6


@given(st.integers(0, 40), st.floats(0.1, 1))
def test_bars_beside_each_other_do_not_touch_and_stay_inside(number: int, filled: float) -> None:
    places = bands(50, 640, number, filled=filled)
    assert len(places) == number
    edges = [edge for start, width in places for edge in (start, start + width)]
    assert all(before <= after + 1e-6 for before, after in itertools.pairwise(edges))
    assert all(50 - 1e-6 <= edge <= 640 + 1e-6 for edge in edges)


@given(st.lists(_PLACES, max_size=25), st.data())
def test_labels_stand_inside_off_every_point_and_off_each_other(points: list[tuple[float, float]], data: st.DataObject) -> None:
    widths = data.draw(st.lists(st.floats(5, 160), min_size=len(points), max_size=len(points)))
    field = Box(10, 10, 330, 330)
    boxes = [each for each in placed(points, widths, field, height=17, away=8) if each is not None]
    for at, box in enumerate(boxes):
        assert field.holds(box)
        assert not any(box.meets(other) for other in boxes[at + 1:])
        assert not any(box.left + 1e-6 < x < box.right - 1e-6 and box.top < y < box.bottom for x, y in points)


def test_a_point_alone_has_its_label_at_its_right_side() -> None:
    assert placed([(100, 100)], [40], Box(0, 0, 300, 300), height=16, away=9) == (Box(109, 92, 149, 108),)


def test_a_label_at_the_edge_with_a_point_in_its_way_keeps_within_the_field_above() -> None:
    assert placed([(290, 150), (230, 150)], [120, 400], Box(0, 0, 300, 300), height=16, away=9) == (Box(180, 125, 300, 141), None)


@given(st.lists(st.floats(0, 200), max_size=6))
def test_numbers_at_the_ends_of_lines_keep_their_order_and_their_distance(places: Sequence[float]) -> None:
    found = apart(places, least=17, lowest=0, highest=200)
    order = sorted(range(len(places)), key=lambda at: (places[at], at))
    for before, after in itertools.pairwise(order):
        assert found[after] - found[before] >= 17 - 1e-6
    assert all(each <= 200 + 1e-6 for each in found)


@given(st.text(min_size=1, max_size=120), st.floats(30, 400), st.integers(1, 3))
def test_a_text_is_never_wider_than_its_room(text: str, width: float, lines: int) -> None:
    found = wrapped(text, width, 13, lines=lines)
    assert 1 <= len(found) <= lines
    assert all(text_width(line, 13) <= width for line in found)


def test_a_text_that_fits_is_whole_and_one_that_does_not_says_so() -> None:
    assert wrapped("Cloud beheren", 200, 13) == ("Cloud beheren",)
    assert wrapped("Zorgplannen opstellen voor ouderen", 140, 13, lines=2) == ("Zorgplannen", "opstellen voor oud…")


@given(st.integers(-3, 10**6), st.integers(0, 10**6))
def test_a_shade_is_darker_for_more_and_none_for_nothing(value: int, highest: int) -> None:
    step = step_of(value, highest, steps=5)
    assert 0 <= step <= 5
    assert (step == 0) == (value <= 0 or highest <= 0)
    assert step_of(value + 1, highest, steps=5) >= step
    assert highest <= 0 or step_of(highest, highest, steps=5) == 5


@given(st.floats(1, 300), st.floats(1, 300))
def test_hatching_stays_within_its_rectangle(width: float, height: float) -> None:
    for x1, y1, x2, y2 in slanted(width, height, 6):
        assert all(-1e-6 <= x <= width + 1e-6 for x in (x1, x2))
        assert all(-1e-6 <= y <= height + 1e-6 for y in (y1, y2))
