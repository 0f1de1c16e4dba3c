"""Money adds up, days end at midnight in Amsterdam, text falls back, codes can be read aloud."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel.clock import amsterdam_day, begin_of_day, end_of_day
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.kernel.text import Localized


@given(st.integers(-10_000_000, 10_000_000), st.integers(1, 60))
def test_the_parts_of_an_amount_add_up_to_the_cent(cents: int, parts: int) -> None:
    shares = Money(cents).split(parts)
    assert sum(share.cents for share in shares) == cents
    assert max(shares).cents - min(shares).cents <= 1


def test_money_is_made_of_whole_cents_and_nothing_else() -> None:
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(True)
    with pytest.raises(ValueError, match="at least one"):
        Money(1).split(0)
    assert Money(250) - Money(50) + -Money(100) == Money(100)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 9, 1), datetime(2026, 9, 1, 22, 0, tzinfo=UTC)),
        (date(2026, 1, 1), datetime(2026, 1, 1, 23, 0, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),  # the day of 23 hours
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),  # the day of 25 hours
    ],
)
def test_a_day_ends_at_midnight_in_amsterdam(day: date, end: datetime) -> None:
    assert end_of_day(day) == end == begin_of_day(amsterdam_day(end))
    assert amsterdam_day(end) == date.fromordinal(day.toordinal() + 1)


def test_text_is_shown_in_the_other_language_rather_than_not_at_all() -> None:
    assert Localized(nl="Taal").in_language("en") == "Taal"
    assert Localized(nl="Taal", en="Language").in_language("en") == "Language"
    assert not Localized()


def test_ids_increase_and_codes_have_no_letters_that_look_alike() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert ids[0].version == 7
    code = short_code()
    assert len(code) == 8
    assert not set(code) & set("01ILOAEU")
