"""What makes a draw fair, of any tickets and any seed."""

import random
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from academy.enrolment import rules

TICKETS = st.lists(st.uuids(), unique=True, max_size=40)
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(TICKETS, SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(tickets: list[UUID], seed: str, chance: random.Random) -> None:
    shuffled = tickets.copy()
    chance.shuffle(shuffled)
    assert rules.drawn(seed, tickets) == rules.drawn(seed, shuffled) == rules.drawn(seed, reversed(tickets))


@given(TICKETS, SEEDS)
def test_all_tickets_are_in_it_once_and_the_same_seed_gives_the_same(tickets: list[UUID], seed: str) -> None:
    lots = rules.drawn(seed, tickets)
    assert sorted(lot.ticket for lot in lots) == sorted(tickets)
    assert lots == rules.drawn(seed, tickets)
    assert [lot.number for lot in lots] == sorted(lot.number for lot in lots)


@given(TICKETS, SEEDS, st.uuids())
def test_who_leaves_changes_nothing_between_the_others(tickets: list[UUID], seed: str, gone: UUID) -> None:
    assume(gone not in tickets)
    assert [lot for lot in rules.drawn(seed, [*tickets, gone]) if lot.ticket != gone] == rules.drawn(seed, tickets)


@given(SEEDS, SEEDS)
def test_no_other_seed_fits_the_fingerprint(seed: str, other: str) -> None:
    assume(seed != other)
    assert rules.fingerprint_of(seed) != rules.fingerprint_of(other)


@given(SEEDS, st.uuids())
def test_anybody_can_work_out_a_number_with_a_tool_that_everybody_has(seed: str, ticket: UUID) -> None:
    assert rules.number_of(seed, ticket) == sha256(f"{seed}:{ticket}".encode()).hexdigest()


def test_every_ticket_is_as_likely_to_be_first_and_to_win() -> None:
    """Twenty tickets in four thousand draws: first 200 times each, and among the first five 1,000 times; six times the spread is allowed."""
    tickets = [UUID(int=number) for number in range(20)]
    first: Counter[UUID] = Counter()
    won: Counter[UUID] = Counter()
    for number in range(4_000):
        lots = rules.drawn(sha256(str(number).encode()).hexdigest(), tickets)
        first[lots[0].ticket] += 1
        won.update(lot.ticket for lot in lots[:5])
    assert all(abs(first[ticket] - 200) < 6 * 14 for ticket in tickets)
    assert all(abs(won[ticket] - 1_000) < 6 * 28 for ticket in tickets)


def test_a_draw_is_at_noon_in_amsterdam_in_summer_and_in_winter() -> None:
    assert rules.draw_moment(date(2026, 7, 1)) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert rules.draw_moment(date(2026, 12, 3)) == datetime(2026, 12, 3, 11, tzinfo=UTC)
    assert rules.draw_moment(date(2026, 10, 25)) == datetime(2026, 10, 25, 11, tzinfo=UTC)  # the night has an hour more
