"""The office edits the list of synonyms: what it writes holds, and what is wrong is told with its line."""

from pathlib import Path

import pytest

from academy.search.folding import words_of
from academy.search.language import SYNONYMS, all_synonyms, synonyms
from academy.search.language.thesaurus import LONGEST_PHRASE, SynonymsWrong, load


def phrase(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "synonyms.toml"


@pytest.mark.parametrize(("sought", "also"), [
    ("AD", "Associate degree"), ("associate degree", "ad"), ("EVC", "eerder verworven competenties"), ("verzorgende IG", "VIG"),
    ("HRM", "personeel en arbeid"), ("ICT-beheer", "systeembeheer"), ("kunstmatige intelligentie", "AI"),
])
def test_words_that_mean_the_same_find_each_other(sought: str, also: str) -> None:
    assert phrase(also) in synonyms(phrase(sought))
    assert phrase(sought) in synonyms(phrase(also))


@pytest.mark.parametrize(("job", "field"), [("boekhouder", "financiële administratie"), ("kok", "horeca"), ("automonteur", "autotechniek")])
def test_a_job_finds_its_field_and_not_the_other_way_round(job: str, field: str) -> None:
    assert phrase(field) in synonyms(phrase(job))
    assert phrase(job) not in synonyms(phrase(field))


def test_an_unknown_phrase_has_no_synonyms() -> None:
    assert synonyms(("zweefvliegen",)) == ()
    assert synonyms(()) == ()


def test_all_synonyms_are_folded_phrases_of_at_most_three_words_that_do_not_name_themselves() -> None:
    assert all_synonyms() is SYNONYMS
    for key, others in all_synonyms().items():
        assert len(others) == len(set(others)) > 0
        assert key not in others
        for one in (key, *others):
            assert words_of(" ".join(one)) == list(one)
            assert 1 <= len(one) <= LONGEST_PHRASE


def test_the_list_covers_the_field() -> None:
    assert len(SYNONYMS) >= 600


def test_a_small_file_is_read_in_its_order(file: Path) -> None:
    file.write_text(
        '[[same]]\nwords = ["Één", "uno", "one thing"]\n[[one-way]]\nfrom = ["één", "ene"]\nto = ["twee"]\n', encoding="utf-8",
    )
    assert load(file) == {
        ("een",): (("uno",), ("one", "thing"), ("twee",)), ("uno",): (("een",), ("one", "thing")), ("one", "thing"): (("een",), ("uno",)),
        ("ene",): (("twee",),),
    }


def test_synonyms_of_synonyms_do_not_count(file: Path) -> None:
    file.write_text('[[same]]\nwords = ["a1", "b1"]\n[[one-way]]\nfrom = ["c1"]\nto = ["a1"]\n', encoding="utf-8")
    assert load(file)["c1",] == (("a1",),)


def test_a_phrase_is_known_with_and_without_its_stop_words(file: Path) -> None:
    file.write_text('[[same]]\nwords = ["weg en waterbouw", "gww", "uit de"]\n', encoding="utf-8")
    found = load(file)
    assert found["weg", "waterbouw"] == found["weg", "en", "waterbouw"] == (("gww",), ("uit", "de"))
    assert () not in found


@pytest.mark.parametrize(("text", "told"), [
    ('[[same]]\nwords = ["evc"]', "line 1: 'evc' stands alone"),
    ('\n[[same]]\nwords = ["evc", "EVC"]', "line 2: 'evc' stands there twice"),
    ('[[same]]\nwords = ["a", "b"]\n\n[[same]]\nwords = ["c", "a"]', "line 4: 'a' stands in another [[same]] already"),
    ('[[same]]\nwords = ["a", "!"]', "line 1: '!' holds no word"),
    ('[[same]]\nwords = ["a", "een twee drie vier"]', "line 1: 'een twee drie vier' has 4 words; at most 3"),
    ('[[same]]\nwords = "a, b"', "line 1: words must be a list of words"),
    ('[[same]]\nwords = ["a", 1]', "line 1: words must be a list of words"),
    ("[[same]]\nwords = []", "line 1: words must be a list of words"),
    ('[[same]]\nword = ["a", "b"]', "line 1: 'word' is not known in [[same]]; it has words"),
    ('[[one-way]]\nfrom = ["a"]', "line 1: to must be a list of words"),
    ('[[one-way]]\nfrom = ["a"]\nto = ["a"]', "line 1: 'a' finds 'a' already"),
    ('[[same]]\nwords = ["a", "b"]\n[[one-way]]\nfrom = ["a"]\nto = ["b"]', "line 3: 'a' finds 'b' already"),
    ('[[one-way]]\nfrom = ["a"]\nto = ["b"]\n[[one-way]]\nfrom = ["a"]\nto = ["c"]', "line 4: 'a' stands in the `from` of another"),
    ('[same]\nwords = ["a", "b"]', "'same' must be written as [[same]]"),
    ('same = [{ words = ["a", "b"] }]', "'same' must be written as [[same]]"),
    ("same = [1]", "'same' must be written as [[same]]"),
    ('[[equal]]\nwords = ["a", "b"]', "'equal' is not known here"),
    ('[[same]]\nwords = ["a" "b"]', "line 2"),
])
def test_what_is_wrong_is_told_with_its_place(file: Path, text: str, told: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SynonymsWrong) as wrong:
        load(file)
    assert str(wrong.value).startswith("synonyms.toml")
    assert told in str(wrong.value)


def test_a_file_that_can_not_be_read_is_told(file: Path) -> None:
    with pytest.raises(SynonymsWrong, match=r"synonyms\.toml"):
        load(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SynonymsWrong, match=r"synonyms\.toml"):
        load(file)
