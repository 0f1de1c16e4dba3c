"""What the measurements of search stand on: the made-up catalogue, the slips, and the questions."""

import random
from collections import Counter
from itertools import islice

import pytest

from academy.search.index_spec import FACET_NAMES
from academy.search.rules import typo_budget
from benchmarks.search.asking import SHARES, questions
from benchmarks.search.catalogue import documents, made_up
from benchmarks.search.slips import inflected, mistyped, with_typos
from benchmarks.search.words import plural
from tests.search.stub.words import least_errors


def test_a_catalogue_is_the_same_for_the_same_seed_and_begins_the_larger_ones() -> None:
    assert list(made_up(20)) == list(islice(made_up(50), 20))
    assert list(made_up(20)) != list(made_up(20, seed=2))


def test_made_up_modules_have_what_schools_publish() -> None:
    modules = list(made_up(400))
    assert 60 <= sorted(len(module.summary.split()) for module in modules)[200] <= 90
    assert all(3 <= len(module.outcomes) <= 6 and 1 <= len(module.skills) <= 8 for module in modules)
    assert 0.65 < sum(module.language == "nl" for module in modules) / 400 < 0.85
    assert all(set(FACET_NAMES) >= set(document.facets) for document in documents(5))


def test_the_vocabulary_goes_on_growing() -> None:
    words: set[str] = set()
    sizes = []
    for number, module in enumerate(made_up(1_200), start=1):
        words.update(module.summary.lower().split())
        if number % 400 == 0:
            sizes.append(len(words))
    assert sizes[1] > sizes[0] * 1.2
    assert sizes[2] > sizes[1] * 1.1


@pytest.mark.parametrize(("one", "many"), [
    ("huis", "huizen"), ("brief", "brieven"), ("bom", "bommen"), ("taak", "taken"), ("leraar", "leraren"), ("wond", "wonden"), ("tunnel", "tunnels"),
    ("dier", "dieren"), ("veiligheid", "veiligheid"), ("vaardigheid", "vaardigheden"), ("auto", "auto's"), ("installatie", "installaties"),
    ("bos", "bossen"), ("motor", "motoren"), ("schip", "schepen"), ("leerling", "leerlingen"), ("kunststof", "kunststoffen"),
])
def test_plurals_are_spelled_as_the_rules_say(one: str, many: str) -> None:
    assert plural(one, "nl") == many


@pytest.mark.parametrize(("word", "other"), [
    ("duurzaam", "duurzame"), ("warmtepomp", "warmtepompen"), ("zorgplannen", "zorgplant"), ("waterpompen", "waterpomp"), ("xyz", "xyz"),
])
def test_the_last_part_of_a_word_is_inflected(word: str, other: str) -> None:
    assert inflected(word) == other


def test_slips_stay_within_what_is_forgiven() -> None:
    chance = random.Random(1)  # noqa: S311 - not for secrets
    for _again in range(200):
        word = mistyped("logistiek", 2, chance)
        assert word[0] == "l"
        assert least_errors("logistiek", word) <= 2
        changed = with_typos(["zorg", "planning", "verpleegkundige"], chance)
        assert changed[0] == "zorg"
        assert all(least_errors(one, other) <= typo_budget(one) for one, other in zip(["planning", "verpleegkundige"], changed[1:], strict=True))


def test_questions_are_mixed_as_they_were_meant_and_hardly_ever_the_same() -> None:
    asked = questions(list(made_up(300)), count=400, seed=1)
    assert Counter(each.kind for each in asked) == {kind: share * 4 for kind, share in SHARES.items()}
    assert len({each.query for each in asked}) > 390
