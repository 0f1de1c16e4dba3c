"""How a grade is read: what people write is kept as its scale writes it, and nothing is rounded into a pass."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.enrolment.kinds import ResultScale as Scale
from academy.enrolment.rules.results import Grade, earned, grades_of, read_grade

NUMBERS = (Scale.GRADE_0_10, Scale.GRADE_0_100)


@pytest.mark.parametrize(("scale", "text", "grade"), [
    (Scale.GRADE_0_10, "7,5", Grade("7.5", True)), (Scale.GRADE_0_10, " 7.5 ", Grade("7.5", True)), (Scale.GRADE_0_10, "7", Grade("7.0", True)),
    (Scale.GRADE_0_10, "5,5", Grade("5.5", True)), (Scale.GRADE_0_10, "5,4", Grade("5.4", False)), (Scale.GRADE_0_10, "10", Grade("10.0", True)),
    (Scale.GRADE_0_10, "0", Grade("0.0", False)), (Scale.GRADE_0_100, "55", Grade("55", True)), (Scale.GRADE_0_100, "54", Grade("54", False)),
    (Scale.GRADE_0_100, "100", Grade("100", True)), (Scale.GRADE_0_100, "007", Grade("7", False)),
    (Scale.PASS_OR_FAIL, "Behaald", Grade("passed", True)), (Scale.PASS_OR_FAIL, "niet  behaald", Grade("failed", False)),
    (Scale.PASS_OR_FAIL, "passed", Grade("passed", True)), (Scale.INSUFFICIENT_TO_GOOD, "voldoende", Grade("satisfactory", True)),
    (Scale.INSUFFICIENT_TO_GOOD, "onvoldoende", Grade("insufficient", False)), (Scale.INSUFFICIENT_TO_GOOD, "good", Grade("good", True)),
])
def test_a_grade_is_read_as_people_write_it(scale: Scale, text: str, grade: Grade) -> None:
    assert read_grade(scale, text) == grade


@pytest.mark.parametrize(("scale", "text"), [
    (Scale.GRADE_0_10, "5,45"), (Scale.GRADE_0_10, "10,1"), (Scale.GRADE_0_10, "-1"), (Scale.GRADE_0_10, "+7"), (Scale.GRADE_0_10, "7,"),
    (Scale.GRADE_0_10, ",5"), (Scale.GRADE_0_10, "7e0"), (Scale.GRADE_0_10, "\u0667"), (Scale.GRADE_0_10, "zeven"), (Scale.GRADE_0_10, "NaN"),
    (Scale.GRADE_0_10, "7 5"), (Scale.GRADE_0_100, "54,9"), (Scale.GRADE_0_100, "101"), (Scale.GRADE_0_100, ""),
    (Scale.PASS_OR_FAIL, "7"), (Scale.INSUFFICIENT_TO_GOOD, "passed"),
])
def test_what_is_no_grade_on_the_scale_is_refused_and_not_guessed(scale: Scale, text: str) -> None:
    assert read_grade(scale, text) is None


@given(tenths=st.integers(0, 100), sign=st.sampled_from(",."))
def test_every_grade_of_ten_comes_back_as_it_was_written(tenths: int, sign: str) -> None:
    grade = read_grade(Scale.GRADE_0_10, f"{tenths // 10}{sign}{tenths % 10}")
    assert grade == Grade(f"{tenths // 10}.{tenths % 10}", tenths >= 55)


@given(st.integers(-50, 200))
def test_a_grade_of_a_hundred_passes_from_fifty_five(number: int) -> None:
    grade = read_grade(Scale.GRADE_0_100, str(number))
    assert grade == (Grade(str(number), number >= 55) if 0 <= number <= 100 else None)


@given(scale=st.sampled_from(Scale), text=st.text(max_size=12) | st.from_regex(r"[-+]?\d{0,4}[.,]?\d{0,3}", fullmatch=True))
def test_whatever_is_written_gives_no_grade_or_one_that_reads_back_the_same(scale: Scale, text: str) -> None:
    grade = read_grade(scale, text)
    if grade is not None:
        assert read_grade(scale, grade.written) == grade
        assert len(grade.written) <= 20
        if scale in NUMBERS:
            assert Decimal(grade.written) == Decimal(text.strip().replace(",", "."))


@pytest.mark.parametrize("scale", [scale for scale in Scale if scale not in NUMBERS])
def test_the_words_of_a_scale_are_grades_of_it(scale: Scale) -> None:
    assert all(read_grade(scale, word) for word in grades_of(scale))
    assert len({read_grade(scale, word) for word in grades_of(scale)}) == len(grades_of(scale)) >= 2


def test_a_pass_earns_all_credits_and_a_fail_none() -> None:
    assert [earned(ec, is_passed=passed) for ec in (Decimal("2.5"), None) for passed in (True, False)] == [Decimal("2.5"), Decimal(0), None, None]
