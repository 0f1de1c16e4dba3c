"""The index description as settings of a Meilisearch index; pure.

Settings are those of release 1.14 and later (`filterableAttributes` as objects). Two of them are younger and have a stand-in for
servers that do not know them: the rules `attributeRank` and `wordPosition`, and `disableOnNumbers`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from academy.kernel.text import LANGUAGES
from academy.search import rules
from academy.search.index_spec import ATTRIBUTES, DAYS, FACET_NAMES, HIDDEN_FILTERS, LABELLED, NUMBERS, fingerprint
from academy.search.language import all_synonyms, stems, synonyms

ID, CHECKSUM, CODES, TITLES, AVAILABILITY, GEO = "id", "checksum", "codes", "titles", "availability", "_geo"
SHOWN_TEXTS: Final = ("title", "summary")  # of what a card shows; here the server says which words matched
IN_TITLES: Final = ("title", "title_forms", "code")
_TEXT_RULES: Final = ("words", "typo", "proximity", "attributeRank", "exactness", "wordPosition")
_TEXT_RULES_BEFORE: Final = ("words", "typo", "proximity", "attribute", "exactness")
_MOST_HITS: Final = 2_000_000  # totals are exact up to here
_MOST_VALUES: Final = 20_000  # of one facet: more than there are skills in ESCO
_LONGEST_SYNONYM: Final = 3  # words in a key; the server looks no further

# A filter is written as text, so what is looked up is written in letters that mean nothing there (see documents.value_key).
_BUILT: Final = "built_"
LABEL: Final = "\x1f"  # between a label and its value


def facet_field(name: str) -> str:
    return f"facet_{name}"


def counted_field(name: str) -> str:
    """Return the attribute whose values are counted for a facet: with their labels where it carries them."""
    return f"label_{name}" if name in LABELLED else facet_field(name)


def number_field(name: str) -> str:
    return f"number_{name}"


def shuffle_field(day: int) -> str:
    return f"shuffle_{day}"


def card_field(language: str) -> str:
    return f"card_{language}"


def made_by() -> str:
    """Return the name of an attribute that no document has: among the displayed ones, it tells which release made the index.

    So the fingerprint goes wherever the index goes, in the same swap, and is read with one small request.
    """
    return f"made_by_{fingerprint()}"


def ranking_rules(day: int, text_rules: Iterable[str] = _TEXT_RULES) -> list[str]:
    """Return the order of results: a sort that was asked for, how well the text matches, availability, and the order of the day."""
    return ["sort", *text_rules, f"{AVAILABILITY}:asc", f"{shuffle_field(day)}:asc"]


def on_day(present: list[str], day: int) -> list[str]:
    """Return rules for another day."""
    return [*present[:-1], f"{shuffle_field(day)}:asc"]


def searchable() -> list[str]:
    return [attribute.name for attribute in ATTRIBUTES]


def sortable() -> list[str]:
    return sorted([AVAILABILITY, GEO, *map(number_field, NUMBERS), *map(shuffle_field, range(DAYS))])


def filterable() -> list[Any]:
    equal = {"facetSearch": False, "filter": {"equality": True, "comparison": False}}
    within = {"facetSearch": False, "filter": {"equality": True, "comparison": True}}
    names = [CODES, TITLES, *map(facet_field, (*FACET_NAMES, *HIDDEN_FILTERS)), *map(counted_field, sorted(LABELLED))]
    return [
        {"attributePatterns": names, "features": equal},
        {"attributePatterns": [number_field(name) for name in NUMBERS], "features": within},
        GEO,
    ]


def displayed() -> list[str]:
    return sorted([ID, CHECKSUM, GEO, made_by(), *SHOWN_TEXTS, *map(card_field, LANGUAGES)])


def built_as(mark: str) -> str:
    """Return the name of an attribute that no document has, of one rebuild: where it is displayed, that rebuild is what is searched."""
    return f"{_BUILT}{mark}"


def expected() -> dict[str, list[Any]]:
    """Return what a usable index has in these settings, by the names in their addresses."""
    return {
        "displayed-attributes": displayed(), "searchable-attributes": searchable(), "filterable-attributes": filterable(),
        "sortable-attributes": sortable(),
    }


def differs(name: str, present: list[Any], wanted: list[Any]) -> bool:
    """Tell whether a setting is another one; only the order of searchable attributes means something."""
    if name == "searchable-attributes":
        return present != wanted
    return _spelled(present) != _spelled(wanted)


def _spelled(values: Iterable[Any]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in values if not str(each).startswith(_BUILT))


def variants(day: int, mark: str) -> Iterator[dict[str, Any]]:
    """Return all settings but the synonyms of the rebuild with this mark, for the present release first and then for those that know less."""
    typos: dict[str, Any] = {
        "enabled": True, "minWordSizeForTypos": {"oneTypo": rules.ONE_TYPO_FROM, "twoTypos": rules.TWO_TYPOS_FROM},
        "disableOnAttributes": ["code"], "disableOnWords": [],
    }
    both: dict[str, Any] = {
        "searchableAttributes": searchable(), "filterableAttributes": filterable(), "sortableAttributes": sortable(),
        "displayedAttributes": [*displayed(), built_as(mark)], "stopWords": [], "separatorTokens": [], "dictionary": [],
        "nonSeparatorTokens": ["#", "+", "."],  # texts are folded words with one space between, so these are parts of words only
        "faceting": {"maxValuesPerFacet": _MOST_VALUES, "sortFacetValuesBy": {"*": "count"}},
        "pagination": {"maxTotalHits": _MOST_HITS},
    }
    yield {**both, "rankingRules": ranking_rules(day), "typoTolerance": {**typos, "disableOnNumbers": True}}
    yield {**both, "rankingRules": ranking_rules(day, _TEXT_RULES_BEFORE), "typoTolerance": {**typos, "disableOnNumbers": True}}
    yield {**both, "rankingRules": ranking_rules(day, _TEXT_RULES_BEFORE), "typoTolerance": typos}


def other_words(words: Iterable[str]) -> dict[str, list[str]]:
    """Return what each of these words of documents is also found by: the stems in its place, and what means the same."""
    found = {}
    for word in words:
        if word.isalpha():
            others = [stem for stem in stems(word) if stem != word] + [" ".join(other) for other in synonyms((word,))]
            if others:
                found[word] = list(dict.fromkeys(others))
    return found


def listed_synonyms() -> dict[str, list[str]]:
    """Return what means the same by our list, whether a document has it or not."""
    listed: Mapping[tuple[str, ...], Iterable[tuple[str, ...]]] = all_synonyms()
    return {
        " ".join(phrase): [" ".join(other) for other in others] for phrase, others in listed.items() if len(phrase) <= _LONGEST_SYNONYM
    }


def joined(*lists: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return the lists as one."""
    whole: dict[str, dict[str, None]] = {}
    for each in lists:
        for word, others in each.items():
            whole.setdefault(word, {}).update(dict.fromkeys(others))
    return {word: list(others) for word, others in whole.items()}
