"""Figures as rectangles: plain numbers in and out."""

from academy.kernel.figures import WIDTH, bar


def test_a_bar_is_divided_as_its_amounts_are_and_what_is_nothing_is_left_out() -> None:
    found = bar([("earmarked", 2_500), ("nothing", 0), ("spent", 5_000)], 10_000)
    assert [(part.look, part.x, part.width) for part in found] == [("earmarked", 0, 250), ("spent", 250, 500)]


def test_a_cent_of_a_million_can_be_seen_and_a_full_bar_does_not_stick_out() -> None:
    assert bar([("spent", 1)], 100_000_000)[0].width == 1
    full = bar([("earmarked", 1), ("spent", 99_999_999)], 100_000_000)
    assert max(part.x + part.width for part in full) <= WIDTH
    assert bar([("spent", 5)], 0) == ()
