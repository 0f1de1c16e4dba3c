"""The words that made-up modules are written in: few roots, many forms and compounds, so that a vocabulary grows as a real one does.

A catalogue in Dutch has a new word in every other text, and most of them are compounds; closed lists would make a search index too small.
"""

import re
import tomllib
from pathlib import Path
from typing import Final

_FILE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _words(name: str) -> dict[str, list[str]]:
    return {language: words.split() for language, words in _FILE[name].items()}


SMALL_WORDS, NOUNS, VERBS, ADJECTIVES = (_words(name) for name in ("small", "nouns", "verbs", "adjectives"))
_IRREGULAR: Final[dict[str, str]] = _FILE["plurals"]
_UNCOUNTED: Final = frozenset(_FILE["uncounted"].split())
_VOWELS: Final = "aeiou"
_ON_S: Final = re.compile(r"[aeiouy].*[^aeiou]e[lmnr]d?$|e$|[^aeiou]o[nl]$")  # water, bodem; code; station
_LONG: Final = re.compile(r"(?P<vowel>a|e|o|u)(?P=vowel)[^aeiouwxy]$")
_SHORT: Final = re.compile(r"(?:^|[^aeiou])[aeiou][^aeiouwxyj]$")
_UNSTRESSED: Final = re.compile(r"[aeiouy].*(?:e.|or|ik|ig|ing)$")
_VOICELESS: Final = re.compile(r"(?:ij|ie|ui|ei|eu|oe|au|ou|aa|ee|oo|uu)[fs]$|[lr]f$")


def plural(noun: str, language: str) -> str:
    """Return the plural by the rules of spelling; nouns of what can not be counted stay as they are."""
    if noun in _UNCOUNTED:
        return noun
    return _dutch_plural(noun) if language == "nl" else _english_plural(noun)


def _english_plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh", "z")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in _VOWELS else noun + "s"


def _dutch_plural(noun: str) -> str:
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("heid"):
        return noun[:-4] + "heden"
    if noun[-1] in "aiouy":
        return noun + "'s"
    return noun + "s" if noun.endswith("ie") or _ON_S.search(noun) else lengthened(noun) + "en"


def lengthened(root: str) -> str:
    """Return a Dutch root as it is spelled before a vowel: `raap` in `rapen`, `bom` in `bommen`, `brief` in `brieven`, `huis` in `huizen`."""
    voiced = root[:-1] + {"f": "v", "s": "z"}[root[-1]] if _VOICELESS.search(root) else root
    if _LONG.search(root):
        return voiced[:-2] + voiced[-1]
    return root + root[-1] if _SHORT.search(root) and not _UNSTRESSED.search(root) else voiced


def verb_forms(root: str, language: str) -> tuple[str, ...]:
    """Return the infinitive, a form of the present and, where they exist, nouns of the one who does it and of doing it."""
    if language == "en":
        bare = root.removesuffix("e")
        return root, plural(root, "en"), bare + "ing", bare + "ed"
    long, present = lengthened(root), root if root.endswith("t") else root + "t"
    return (long + "en", present) if root.endswith("eer") else (long + "en", present, long + "er", long + "ing")


def adjective_forms(adjective: str, language: str) -> tuple[str, ...]:
    return (adjective,) if language == "en" else (adjective, lengthened(adjective) + "e")


def compound(first: str, last: str) -> str:
    """Return two Dutch nouns as one word, with the letters that people put between them."""
    if first.endswith(("ing", "heid", "schap", "teit", "team", "project")):
        return f"{first}s{last}"
    if first.endswith(("ent", "ist", "ling", "eur", "rd", "nd")):
        return f"{first}en{last}"
    return first + last
