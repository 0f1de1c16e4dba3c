import pytest

from academy.search.highlight import mark


def shown(text: str, wholes: list[str], beginnings: list[str] | None = None) -> str:
    return mark(text, wholes, beginnings or []).replace("\x02", "[").replace("\x03", "]")


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
