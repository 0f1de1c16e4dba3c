"""What a typed text asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.search.reading import Instead, Question, read
from academy.search.rules import MAX_WORDS


def words(text: str) -> list[str]:
    return [word.text for word in read(text).words]


def others(text: str) -> set[tuple[str, ...]]:
    return {phrase for instead in read(text).instead for phrase in instead.others}


def test_the_last_word_may_be_a_beginning() -> None:
    assert [word.is_prefix for word in read("ict behe").words] == [False, True]


@pytest.mark.parametrize("text", ["8013", "c++", ".net", "7412.1", "zorg voor", '"zorg"', "leren -zorg"])
def test_numbers_symbols_and_what_is_closed_are_no_beginning(text: str) -> None:
    assert not any(word.is_prefix for word in read(text).words)


def test_words_of_every_sentence_are_left_out_unless_nothing_else_is_left() -> None:
    assert words("leren in de zorg") == ["leren", "zorg"]
    assert words("in de") == ["in", "de"]
    assert read("leren in de zorg").typed == ("leren", "in", "de", "zorg")


def test_ten_words_count_and_each_once() -> None:
    assert len(words(" ".join(f"woord{number}" for number in range(30)))) == MAX_WORDS
    assert words("zorg Zorg zórg") == ["zorg"]


@pytest.mark.parametrize(("text", "phrases", "without", "plain"), [
    ('"leiding geven" team', (("leiding", "geven"),), (), ["team"]),
    ("python -beginners", (), (("beginners",),), ["python"]),
    ('python -"voor beginners"', (), (("voor", "beginners"),), ["python"]),
    ("„leiding geven” zorg", (("leiding", "geven"),), (), ["zorg"]),
    ('"leiding geven', (), (), ["leiding", "geven"]),
    ('zorg "" ---', (), (), ["zorg"]),
    ("e-learning", (), (), ["e", "learning"]),
    ("\u2212zorg", (), (("zorg",),), []),
])
def test_phrases_and_what_must_not_be_there(
    text: str, phrases: tuple[tuple[str, ...], ...], without: tuple[tuple[str, ...], ...], plain: list[str],
) -> None:
    question = read(text)
    assert (question.phrases, question.without, words(text)) == (phrases, without, plain)


def test_compounds_and_their_parts_stand_for_each_other() -> None:
    assert ("haven", "logistiek") in others("havenlogistiek")
    assert Instead(0, 2, (("havenlogistiek",),)) in read("haven logistiek").instead


def test_a_bent_word_has_the_stem_of_the_other_ones() -> None:
    forms = [set(read(text).words[0].forms) for text in ("verpleegkundige", "verpleegkundigen")]
    assert forms[0] & forms[1]


@pytest.mark.parametrize("text", ["", " ", "!!!", '"', "-", '"" ""', "\u200b", "🙂", "...,,,;;;"])
def test_nothing_that_can_be_found_is_an_empty_question(text: str) -> None:
    assert read(text) == Question()
    assert read(text).is_empty


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read(text: str) -> None:
    question = read(text)
    assert len(question.words) <= MAX_WORDS
    assert all(word.text and " " not in word.text for word in question.words)
    assert all(each.start >= 0 and each.start + each.count <= len(question.words) for each in question.instead)
