"""Where the engines are known to differ, and that they differ in no other way.

What                                            | embedded                          | Meilisearch
------------------------------------------------|-----------------------------------|-------------------------------------------------
a typing error in a word that is being typed    | only in the whole word            | in beginnings too
looser: «some of the words»                     | at least half of them             | the rarest word, or else the first; more words first
a minus before a word                           | leaves out the word as it stands  | also compounds with it, and forms that have it as stem
other forms of a word no document has           | by their stem at once             | by their stem when nothing else is found
phrases and words together                      | ten words and ten phrases         | ten of both together
order of equals on another day than today       | that day's                        | today's (set by the worker when the day begins)
order of equal values of a sort                 | by title                          | by how well the words match, then availability
nearness against attributes, of three words up | a score made of both              | nearness of words before attributes
nearness of words that more than 5,000 have    | in titles only                    | everywhere
saying that only look-alikes of a word were found | yes                             | no: the server does not tell how a word was found
"""

from collections.abc import Callable

import pytest

from academy.search.gateway import SearchEngine, SearchQuery
from tests.search.conformance.world import document

Fill = Callable[..., SearchEngine]


@pytest.fixture
def is_embedded(kind: str) -> bool:
    return kind == "embedded"


def titles(engine: SearchEngine, text: str) -> set[object]:
    return {hit.card["title"] for hit in engine.search(SearchQuery(text)).hits}


def test_a_typing_error_in_a_beginning(fill: Fill, *, is_embedded: bool) -> None:
    assert titles(fill(document("Krevomirab")), "krevmo") == (set() if is_embedded else {"Krevomirab"})


def test_some_of_the_words(fill: Fill, *, is_embedded: bool) -> None:
    engine = fill(document("Baltado dorgomi"), document("Baltado"), document("Dorgomi"), document("Zildufa dorgomi"))
    found = engine.search(SearchQuery("zildufa baltado krevibu"))
    assert (found.looser, bool(found.total)) == ((False, False) if is_embedded else (True, True))


def test_a_minus_before_a_part_of_a_compound(fill: Fill, *, is_embedded: bool) -> None:
    engine = fill(document("Havenlogistiek"), document("Kok"))
    assert titles(engine, "-logistiek") == ({"Havenlogistiek", "Kok"} if is_embedded else {"Kok"})


@pytest.mark.parametrize(("text", "resembled"), [
    ("zildufo", ("zildufo",)),
    ("dorgomi zildufo", ("zildufo",)),
    ("zildufa", ()), ("zildu", ()), ("Zildufas", ()), ("krevibu zildufo baltado", ()), ('"zildufa"', ()), ("", ()),
])
def test_what_only_resembles_a_word_is_said_to(fill: Fill, text: str, resembled: tuple[str, ...], *, is_embedded: bool) -> None:
    engine = fill(document("Zildufa dorgomi"), document("Baltado"))
    found = engine.search(SearchQuery(text))
    assert found.resembled == (resembled if is_embedded else ())
