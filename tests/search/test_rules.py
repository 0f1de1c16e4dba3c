import pytest

from academy.search.rules import QueryWord, least_words, pages_of, query_words, typo_budget


@pytest.mark.parametrize(("word", "typos"), [
    ("kok", 0), ("zorg", 0), ("sport", 1), ("duurzaam", 1), ("logistiek", 2), ("verpleegkundige", 2),
    ("80133", 0), ("ict2026module", 0), ("c++", 0), (".netwerk", 0), ("", 0),
])
def test_long_words_forgive_more_typing_errors(word: str, typos: int) -> None:
    assert typo_budget(word) == typos


def test_the_last_word_may_be_a_beginning() -> None:
    assert query_words(["ict", "behe"]) == (QueryWord("ict", is_prefix=False, typos=0), QueryWord("behe", is_prefix=True, typos=0))


@pytest.mark.parametrize("word", ["8013", "c++", ".net", "7412.1"])
def test_numbers_and_symbols_match_as_a_whole(word: str) -> None:
    assert not query_words([word])[0].is_prefix


def test_words_of_every_sentence_are_left_out_unless_nothing_else_is_left() -> None:
    assert [word.text for word in query_words(["leren", "in", "de", "zorg"])] == ["leren", "zorg"]
    assert [word.text for word in query_words(["in", "de"])] == ["in", "de"]


def test_a_stop_word_at_the_end_leaves_no_beginning() -> None:
    assert not any(word.is_prefix for word in query_words(["zorg", "voor"]))


def test_ten_words_count_and_each_once() -> None:
    assert len(query_words([f"woord{number}" for number in range(30)])) == 10
    assert len(query_words(["zorg", "zorg"])) == 1


@pytest.mark.parametrize(("words", "least"), [(2, 1), (3, 2), (4, 2), (10, 5)])
def test_a_looser_match_has_half_of_the_words(words: int, least: int) -> None:
    assert least_words(words) == least


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (30, 1), (31, 2)])
def test_pages_hold_all_results(total: int, pages: int) -> None:
    assert pages_of(total, 30) == pages
