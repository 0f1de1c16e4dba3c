import pytest

from academy.search.rules import least_words, pages_of, typo_budget


@pytest.mark.parametrize(("word", "typos"), [
    ("kok", 0), ("zorg", 0), ("sport", 1), ("duurzaam", 1), ("logistiek", 2), ("verpleegkundige", 2),
    ("80133", 0), ("ict2026module", 0), ("c++", 0), (".netwerk", 0), ("", 0),
])
def test_long_words_forgive_more_typing_errors(word: str, typos: int) -> None:
    assert typo_budget(word) == typos


@pytest.mark.parametrize(("words", "least"), [(2, 1), (3, 2), (4, 2), (10, 5)])
def test_a_looser_match_has_half_of_the_words(words: int, least: int) -> None:
    assert least_words(words) == least


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (30, 1), (31, 2)])
def test_pages_hold_all_results(total: int, pages: int) -> None:
    assert pages_of(total, 30) == pages
