"""The ten best are as good as any other ten: by words, typing errors and nearness, computed by hand; ties do not count."""

import random
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from academy.search import reading
from academy.search.gateway import SearchDocument, SearchEngine, SearchQuery
from tests.search.conformance.world import WORDS, errors_in, matching, meant_by, world

_FURTHEST = 4
_LEAST_NEAR = 0.95  # share of questions whose ten are the nearest too
LONGEST = [word for word in WORDS if word.endswith("dulop")]  # no other word begins with them


def _questions() -> list[str]:
    """Return pairs and triples of words that many documents have, some mistyped; the last word is the beginning of no other."""
    dice = random.Random(11)  # noqa: S311 - not for secrets
    found: list[str] = []
    while len(found) < 60:
        first, last = dice.choice(WORDS), dice.choice(LONGEST)
        if first == last:
            continue
        if dice.random() < 0.4:
            place = dice.randint(2, len(last) - 2)
            last = last[:place] + last[place + 1 :]
        if len(matching(f"{first} {last}")) >= 12:
            found.append(f"{first} {last}")
    return found


@cache
def _keys(text: str) -> dict[str, tuple[int, int]]:
    """Return for each document that matches its errors and how far the words are apart."""
    return {each.id: (errors_in(each, text) or 0, _apart(each, text)) for each in matching(text)}


def _apart(document: SearchDocument, text: str) -> int:
    first, last = (meant_by(word) for word in reading.read(text).words)
    best = _FURTHEST
    for name in ("title", "summary", "skills", "code"):
        for words in (text.split() for text in document.texts[name]):
            ones, others = ([place for place, word in enumerate(words) if word in meant] for meant in (first, last))
            best = min([best, *(b - a if b > a else a - b + 1 for a, b in product(ones, others) if a != b)])
    return best


def test_the_ten_best_are_as_good_as_any(full: SearchEngine) -> None:
    asked = _questions()
    near = 0
    for text in asked:
        keys = _keys(text)
        found = [keys[hit.id] for hit in full.search(SearchQuery(text, per_page=10)).hits]
        best = sorted(keys.values())[:10]
        assert sorted(errors for errors, _apart in found) == [errors for errors, _apart in best], text
        near += sorted(found) == best
    assert near / len(asked) >= _LEAST_NEAR


def test_what_is_counted_by_hand_is_what_the_engine_of_meilisearch_counts(tmp_path: Path) -> None:
    milli = pytest.importorskip("milli", reason="the engine of Meilisearch 1.8 as a library: there is none for Python 3.13")
    index, documents = milli.Index(str(tmp_path), 2**28), list(world())
    index.add_documents([
        {"id": str(number), **{name: " . ".join(texts) for name, texts in each.texts.items() if not name.endswith("forms")}}
        for number, each in enumerate(documents)
    ])
    for text in _questions():
        keys = _keys(text)
        found = [keys[documents[int(number)].id] for number in index.search(text)[:10]]
        assert sorted(found) == sorted(keys.values())[:10], text


@pytest.mark.parametrize("text", LONGEST[:6])
def test_a_word_as_it_stands_comes_before_one_with_errors(full: SearchEngine, text: str) -> None:
    known = {each.id: each for each in world()}
    errors = [errors_in(known[hit.id], text) for hit in full.search(SearchQuery(text, per_page=500)).hits]
    assert errors == sorted(error for error in errors if error is not None)
