"""When people can, and the moment that serves most seats."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.catalogue import api as catalogue
from academy.employers.rules import (
    ANY_SLOT,
    SLOTS,
    Pledge,
    SlotCount,
    SlotUnknown,
    best_slot,
    in_order,
    read_slots,
    slot_counts,
    write_slots,
)
from academy.enrolment.forms.waiting import PARTS
from academy.kernel.money import Money
from tests.employers.pledging import SOME_SLOTS, any_slots, pledge, pledges_of, prices, some_pledges


def test_the_slots_are_those_in_which_people_who_wait_for_a_class_say_when_they_can() -> None:
    assert list(SLOTS) == [f"{day}-{part.value}" for day in catalogue.WEEKDAYS for part in PARTS]


@given(any_slots)
def test_slots_are_written_in_the_order_of_the_week_and_read_back(slots: frozenset[str]) -> None:
    assert read_slots(write_slots(slots)) == slots
    assert [SLOTS.index(slot) for slot in in_order(slots)] == sorted(SLOTS.index(slot) for slot in slots)
    assert in_order([*slots, *slots]) == in_order(slots)


def test_slots_are_read_from_a_list_and_from_what_people_write() -> None:
    assert read_slots(["sat-evening", "mon-morning"]) == read_slots(" Mon-Morning, sat-evening ") == {"mon-morning", "sat-evening"}
    assert read_slots("") == frozenset()


@pytest.mark.parametrize("code", ["mon", "mon-night", "mon-day", "evening-mon", "lundi-matin"])
def test_what_is_no_slot_is_refused_by_name(code: str) -> None:
    for refused in (lambda: read_slots([code]), lambda: in_order([code]), lambda: pledge(1, "mon-morning", code)):
        with pytest.raises(SlotUnknown, match=code):
            refused()


def test_a_pledge_is_for_a_seat_at_a_slot() -> None:
    with pytest.raises(ValueError, match="at least one seat"):
        pledge(0)
    with pytest.raises(ValueError, match="at least one seat"):
        Pledge("id", "firm", 1, frozenset())


def test_the_best_slot_serves_most_seats_not_most_pledges() -> None:
    pledges = [pledge(5, "sat-morning"), pledge(2, "tue-evening"), pledge(2, "tue-evening")]
    assert best_slot(pledges) == SlotCount("sat-morning", 5, 1)
    assert slot_counts(pledges) == (SlotCount("sat-morning", 5, 1), SlotCount("tue-evening", 4, 2))


def test_of_slots_with_as_many_seats_most_pledges_go_first_and_then_the_earliest_in_the_week() -> None:
    two, one = [pledge(2, "sat-morning"), pledge(2, "sat-morning")], pledge(4, "mon-morning")
    assert best_slot([one, *two]) == SlotCount("sat-morning", 4, 2)
    assert best_slot([pledge(1, "fri-evening", "mon-afternoon", "mon-morning")]) == SlotCount("mon-morning", 1, 1)


def test_who_pays_less_than_the_price_is_not_counted_and_who_sets_no_maximum_always_is() -> None:
    pledges = [pledge(3, "tue-evening", most=450_00), pledge(2, "sat-morning")]
    assert best_slot(pledges) == best_slot(pledges, Money(450_00)) == SlotCount("tue-evening", 3, 1)
    assert best_slot(pledges, Money(450_01)) == SlotCount("sat-morning", 2, 1)
    assert best_slot(pledges[:1], Money(450_01)) is None
    assert best_slot([]) is None


@given(some_pledges, prices)
def test_no_slot_serves_more_than_the_best(pledges: list[Pledge], price: Money | None) -> None:
    def served(slot: str) -> tuple[int, int]:
        can = [each for each in pledges if slot in each.slots and (price is None or each.most_price is None or each.most_price.cents >= price.cents)]
        return sum(each.seats for each in can), len(can)

    best = best_slot(pledges, price)
    by_hand = {slot: served(slot) for slot in SLOTS if served(slot)[0]}
    assert {count.slot: (count.seats, count.pledges) for count in slot_counts(pledges, price)} == by_hand
    assert (best is None) == (not by_hand)
    if best is not None:
        most = max(by_hand.values())
        assert (best.seats, best.pledges) == most
        assert best.slot == next(slot for slot in SLOTS if by_hand.get(slot) == most)


@given(some_pledges, prices, st.randoms(use_true_random=False))
def test_the_order_of_the_pledges_does_not_matter(pledges: list[Pledge], price: Money | None, chance: random.Random) -> None:
    mixed = chance.sample(pledges, len(pledges))
    assert slot_counts(mixed, price) == slot_counts(pledges, price)


@given(some_pledges, pledges_of(), prices)
def test_another_pledge_never_lowers_what_the_best_slot_serves(pledges: list[Pledge], another: Pledge, price: Money | None) -> None:
    before, after = best_slot(pledges, price), best_slot([*pledges, another], price)
    assert (before.seats if before else 0) <= (after.seats if after else 0)


@given(some_pledges, prices)
def test_who_can_at_more_moments_never_lowers_what_the_best_slot_serves(pledges: list[Pledge], price: Money | None) -> None:
    easier = [Pledge(each.id, each.firm, each.seats, ANY_SLOT, each.most_price) for each in pledges]
    before, after = best_slot(pledges, price), best_slot(easier, price)
    assert (before.seats if before else 0) <= (after.seats if after else 0)
    assert set(SOME_SLOTS) <= ANY_SLOT
