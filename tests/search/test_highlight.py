import pytest

from academy.search.highlight import mark


def shown(text: str, wholes: list[str], beginnings: list[str] | None = None, stems: list[str] | None = None) -> str:
    return mark(text, frozenset(wholes), tuple(beginnings or ()), tuple(stems or ())).replace("\x02", "[").replace("\x03", "]")


@pytest.mark.parametrize(("text", "wholes", "beginnings", "expected"), [
    ("Zorg voor zorgverlof", ["zorg"], [], "[Zorg] voor zorgverlof"),
    ("Zorg voor zorgverlof", ["zorg"], ["zorg"], "[Zorg] voor [zorgverlof]"),
    ("Financiële zorg", ["financiele"], [], "[Financiële] zorg"),
    ("Leer C++ en C#", ["c++"], [], "Leer [C++] en C#"),
    ("Werken met .NET", [".net"], [], "Werken met [.NET]"),
    ("thuiszorg", ["zorg"], ["zorg"], "thuiszorg"),
    ("niets", ["zorg"], [], "niets"),
    ("", ["zorg"], [], ""),
])
def test_matched_words_are_marked(text: str, wholes: list[str], beginnings: list[str], expected: str) -> None:
    assert shown(text, wholes, beginnings) == expected


def test_marks_never_stand_inside_each_other() -> None:
    assert shown("logistiek", ["logistiek", "logistiek"], ["log", "logis"]) == "[logistiek]"


@pytest.mark.parametrize(("text", "stem", "expected"), [
    ("Beheerders en beheer", "beheer", "[Beheerders] en [beheer]"),
    ("Duurzaamheid", "duurzam", "Duurzaamheid"),
    ("De kokkin en de kokosnoot", "kok", "De kokkin en de kokosnoot"),
    ("Koken en koks", "kok", "[Koken] en [koks]"),
])
def test_words_that_bend_what_was_asked_are_marked(text: str, stem: str, expected: str) -> None:
    assert shown(text, [], [], [stem]) == expected
