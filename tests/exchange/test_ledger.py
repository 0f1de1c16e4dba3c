"""The ledger keeps what was read off the heap, and tells what is in a circle without holding all of it."""

import tracemalloc
from collections.abc import Iterator

import pytest

from academy.exchange.ledger import Entry, Ledger


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    opened = Ledger()
    yield opened
    opened.close()


def entry(key: str, *, line: int = 2, content: bytes = b"{}", subjects: frozenset[str] = frozenset()) -> Entry:
    return Entry(key, line, content, subjects)


def test_what_is_added_comes_back_in_the_order_of_the_file(ledger: Ledger) -> None:
    entries = [entry(f"K{number * 7919 % 1201}", line=number) for number in range(1201)]
    assert [ledger.add(each) for each in entries] == [None] * 1201
    assert [each for batch in ledger.batches() for each in batch] == entries
    assert (len(ledger), ledger.line_of("K0"), ledger.line_of("geen")) == (1201, 0, None)


def test_a_key_that_is_there_keeps_its_first_entry_until_it_is_replaced(ledger: Ledger) -> None:
    first = entry("A", subjects=frozenset({"ict", "zorg"}))
    ledger.add(first)
    assert ledger.add(entry("A", line=3, content=b"other")) == first
    ledger.replace(entry("A", line=3, content=b"more", subjects=frozenset({"ict"})))
    assert list(ledger.batches()) == [[entry("A", content=b"more", subjects=frozenset({"ict"}))]]


def test_refused_and_faulty_keys_are_in_the_file_and_not_loaded(ledger: Ledger) -> None:
    ledger.add(entry("A"))
    ledger.add(entry("B", line=3))
    assert ledger.refuse("B").line == 3
    ledger.add_faulty(["C", "C", "A"])
    assert [key in ledger for key in "ABCD"] == [True, True, True, False]
    assert (len(ledger), [each.key for batch in ledger.batches() for each in batch]) == (1, ["A"])


def test_only_what_may_be_in_a_circle_is_taken_into_memory(ledger: Ledger) -> None:
    for module, needed in {"A": "B", "B": "A", "LEADS-TO-IT": "A", "FROM-IT": "NOTHING", "CHAIN-1": "CHAIN-2", "CHAIN-2": "CHAIN-3"}.items():
        ledger.add_needs(module, [needed])
    assert ledger.tangled_needs() == {"A": frozenset({"B"}), "B": frozenset({"A"})}


def test_a_long_chain_is_still_no_circle(ledger: Ledger) -> None:
    for number in range(100):
        ledger.add_needs(f"M{number}", [f"M{number + 1}"])
    left = ledger.tangled_needs()
    assert all(needed == {f"M{int(module[1:]) + 1}"} for module, needed in left.items())


def test_memory_does_not_grow_with_the_rows(ledger: Ledger) -> None:
    tracemalloc.start()
    for number in range(20_000):
        ledger.add(entry(f"K{number}", content=b"x" * 1000))
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1024 * 1024
