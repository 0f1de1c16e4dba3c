import pytest

from academy.kernel.text import fold
from academy.search import folding
from academy.search.folding import clean, flatten, folded_code, plain_forms, words_of


@pytest.mark.parametrize(("text", "words"), [
    ("Financiële dienstverlening", ["financiele", "dienstverlening"]),
    ("ICT-Beheer", ["ict", "beheer"]),
    ("C++, C# en .NET", ["c++", "c#", "en", ".net"]),
    ("Leer ASP.NET of F#.", ["leer", "asp", ".net", "of", "f#"]),
    ("niveau 4+", ["niveau", "4+"]),
    ("a+b C++11 #marketing", ["a", "b", "c++", "11", "marketing"]),
    ("7412.10 en 7412.1", ["7412.10", "en", "7412.1"]),
    ("foto's van Python's makers", ["foto", "van", "python", "makers"]),
    ("Straße, Øre, Łódź, œuvre", ["strasse", "ore", "lodz", "oeuvre"]),
    ("soft\u00adhyphen en zero\u200bwidth", ["softhyphen", "en", "zerowidth"]),
    ("中文 и русский", ["中文", "и", "русскии"]),
    ("snake_case", ["snake", "case"]),
    ("🙂 !!! ''", []),
    ("", []),
])
def test_text_becomes_the_words_people_compare(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_word_with_symbols_is_also_found_without_them() -> None:
    assert plain_forms([".net", "c++", "zorg", "3.11"]) == ["net", "c", "3"]


@pytest.mark.parametrize("code", ["ICT-01", "ict 01", "ICT01", " ict–01 "])
def test_a_code_has_one_spelling(code: str) -> None:
    assert folded_code(code) == "ict01"


def test_codes_that_differ_in_a_zero_stay_different() -> None:
    assert folded_code("7412.10") != folded_code("7412.1")


def test_control_and_invisible_characters_leave_the_text() -> None:
    assert clean("a\x00b\x1b[31m\u202ec\ud800\n d\x02") == "a b [31mc d"


@pytest.mark.parametrize("text", ["Financiële", "Straße", "İstanbul", "ﬁets", "e\u0301", "中文", "🙂"])
def test_flattening_keeps_every_position(text: str) -> None:
    assert len(flatten(text)) == len(text)


def test_accents_count_neither_composed_nor_apart() -> None:
    assert fold("é") == fold("e\u0301") == "e"


def test_who_types_every_character_there_is_fills_no_memory() -> None:
    for code in range(0, 0x110000, 50):
        flatten(clean("".join(map(chr, range(code, min(code + 50, 0x110000))))))
    assert len(folding._CLEANING) + len(folding._FLATTENING) < 30_000
