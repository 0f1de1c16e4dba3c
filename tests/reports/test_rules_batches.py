"""Answers come out so that nobody can find what a few said: not by reading twice, and not by taking parts from a whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.reports.kinds import Side
from academy.reports.rules import asking, ratios
from academy.reports.rules.batches import Batch, least_subjects, settled, summed, told_parts

DAY = date(2026, 9, 1)
LEAST = 4  # as good as ten, and small enough to try much


def batch(number: int, *, among: Sequence[int] = (), on: int = 0, part: str = "a", key: str = "") -> Batch:
    """Return what so many of these people said; of as many as said something where nobody is named."""
    people = among or range(100 * on, 100 * on + number)
    return Batch(DAY + timedelta(days=on), key or f"{part}-{on}", part, frozenset(people), number, {"overall": 4 * number})


@st.composite
def answered(draw: st.DrawFn) -> tuple[list[Batch], dict[str, set[int]]]:
    """Draw classes with people who may be in several, and who of each really answered."""
    random_ = draw(st.randoms(use_true_random=False))
    batches, truth = [], {}
    for place in range(draw(st.integers(1, 8))):
        there = random_.sample(range(14), random_.randint(1, 9))
        who = random_.sample(there, random_.randint(0, len(there)))
        key = f"class-{place}"
        truth[key] = set(who)
        batches.append(Batch(DAY + timedelta(days=random_.randint(0, 5)), key, random_.choice("abc"), frozenset(there), len(who)))
    return batches, truth


@given(answered())
def test_never_more_people_are_supposed_than_really_answered(drawn: tuple[list[Batch], dict[str, set[int]]]) -> None:
    batches, truth = drawn
    assert least_subjects(batches) <= len(set().union(*truth.values()))


@given(answered())
def test_the_number_is_exact_where_everybody_answered(drawn: tuple[list[Batch], dict[str, set[int]]]) -> None:
    everybody = [replace(each, number=len(each.subjects)) for each in drawn[0]]
    assert least_subjects(everybody) == len(frozenset().union(*(each.subjects for each in everybody)))


@given(answered())
def test_each_time_something_new_is_told_it_is_of_enough_people(drawn: tuple[list[Batch], dict[str, set[int]]]) -> None:
    batches, truth = drawn
    before: set[str] = set()
    for days in range(7):  # somebody reads every day
        known = {each.key for each in settled((each for each in batches if each.on <= DAY + timedelta(days=days)), least=LEAST)}
        assert before <= known, "what was told stays told"
        if new := known - before:
            assert len(set().union(*(truth[key] for key in new))) >= LEAST
        before = known


@given(answered())
def test_what_is_left_of_a_whole_is_of_enough_people_or_of_nobody(drawn: tuple[list[Batch], dict[str, set[int]]]) -> None:
    batches, truth = drawn
    whole = settled(batches, least=LEAST)
    parts = told_parts(whole, least=LEAST)
    for there in parts.values():
        assert len(set().union(*(truth[each.key] for each in there))) >= LEAST
    told = {each.key for there in parts.values() for each in there}
    rest = {each.key for each in whole} - told
    assert not parts or not rest or len(set().union(*(truth[key] for key in rest))) >= LEAST


def test_order_does_not_matter() -> None:
    batches = [batch(2, on=day, part=part) for day in range(6) for part in "ab"]
    assert told_parts(settled(batches, least=LEAST), least=LEAST) == told_parts(settled(reversed(batches), least=LEAST), least=LEAST)


def test_one_person_in_two_classes_is_one_person() -> None:
    assert least_subjects([batch(3, among=(1, 2, 3), on=0), batch(3, among=(1, 2, 3), on=1)]) == 3


def test_what_came_after_the_last_whole_step_waits() -> None:
    batches = [batch(4, on=0), batch(3, on=1), batch(1, on=2), batch(2, on=3)]
    assert [each.number for each in settled(batches, least=LEAST)] == [4, 3, 1]
    assert summed(settled(batches, least=LEAST)) == {"overall": 32, "number": 8}


def test_a_small_part_takes_another_with_it() -> None:
    whole = [batch(9, on=0, part="a"), batch(5, on=1, part="b"), batch(2, on=2, part="c"), batch(4, on=3, part="a")]
    assert set(told_parts(whole, least=LEAST)) == {"a"}, "beside a and b one would find what c said"


def test_an_institution_counts_once_however_many_answer_for_it() -> None:
    assert least_subjects([Batch(DAY, key, "a", frozenset({"windesheim"}), 5) for key in "xy"]) == 1


# Who is asked when


STARTS, ENDS = date(2026, 9, 1), date(2026, 11, 10)


@pytest.mark.parametrize(("wave", "today", "due"), [
    (1, date(2026, 9, 14), False), (1, date(2026, 9, 15), True), (1, date(2026, 9, 28), True), (1, date(2026, 9, 29), False),
    (2, date(2026, 11, 10), False), (2, date(2026, 11, 11), True), (2, date(2026, 11, 24), True), (2, date(2026, 11, 25), False),
])
def test_is_asked_two_weeks_after_the_start_and_the_day_after_the_end(wave: int, today: date, due: bool) -> None:
    assert asking.is_due(wave, starts_on=STARTS, ends_on=ENDS, today=today) is due
    first, last = asking.days_with_a_wave(today)
    assert not due or first <= STARTS <= last or first <= ENDS <= last, "a first look in the database finds it"


def test_a_class_of_two_weeks_is_asked_when_it_is_over_only() -> None:
    assert asking.asked_on(1, starts_on=STARTS, ends_on=STARTS + timedelta(days=14)) is None
    assert asking.asked_on(2, starts_on=STARTS, ends_on=STARTS + timedelta(days=14)) == STARTS + timedelta(days=15)


@pytest.mark.parametrize("side", Side)
def test_at_most_five_questions_each_with_an_answer_from_one_to_five(side: Side) -> None:
    questions = asking.QUESTIONS[side]
    assert len(questions) <= 5
    assert questions[-1] == asking.OVERALL
    good = dict.fromkeys(questions, 3)
    assert asking.are_good(side, good)
    for wrong in ({}, good | {questions[0]: 0}, good | {questions[0]: 6}, good | {"other": 3}, {questions[0]: 3}):
        assert not asking.are_good(side, wrong)


@pytest.mark.parametrize(("part", "whole", "tenths"), [(0, 0, None), (0, 3, 0), (3, 3, 1000), (2, 3, 670), (1, 3, 330), (1, 8, 130)])
def test_shares_are_whole_per_cents(part: int, whole: int, tenths: int | None) -> None:
    assert ratios.per_cent(part, whole) == tenths


@pytest.mark.parametrize(("total", "number", "tenths"), [(0, 0, None), (41, 10, 41), (10, 3, 33), (11, 3, 37), (45, 10, 45)])
def test_means_are_in_tenths(total: int, number: int, tenths: int | None) -> None:
    assert ratios.mean(total, number) == tenths
