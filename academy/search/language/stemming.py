"""The stems of a word: Snowball's for Dutch and for English, the Dutch one mended where it fails often.

Snowball's Dutch stemmer (by Kraaij and Pohlmann) knows plurals, verbs and vowels that double. It does not bring together `apotheek` and
`apotheken`, `isoleren` and `isoleert`, `verkoop` and `verkoper`, `fiets` and `fietsen`, and it takes `begeleiding` for `beleid`. The mending
is general: in front one spelling and one ending per family, behind one shape of the last syllable. A word of one syllable keeps its vowel, for
`bom` is no `boom`.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import Stemmer

_SHORTEST: Final = 3
_CACHED: Final = 1 << 16  # distinct words; they take some 25 MB


def _those(words: str) -> list[str]:
    return words.split()


# What no rule can know: short vowels that become long, plurals on -eren, plurals of Latin.
_IRREGULAR: Final = dict(pair.split("=") for pair in _those("""
baden=bad bladen=blad daken=dak dalen=dal gaten=gat glazen=glas leden=lid paden=pad schepen=schip sloten=slot smeden=smid spelen=spel
steden=stad vaten=vat wegen=weg
beenderen=been bladeren=blad eieren=ei goederen=goed kalveren=kalf kinderen=kind koeien=koe lammeren=lam liederen=lied runderen=rund
volkeren=volk werelden=wereld
centra=centrum criteria=criterium crises=crisis curricula=curriculum laboratoria=laboratorium musea=museum podia=podium stadia=stadium
"""))
# Nouns that look like a form of another word; a plural on -en included.
_ONLY_ITSELF: Final = frozenset({"handeling", "rekening"})
# Nouns on -er that are not someone who does it.
_NO_AGENTS: Final = frozenset(_those("""
beker beter boter donder donker filter hamer kamer kater kelder koffer later leger letter lever meester moeder nader neder nummer onder
ouder papier peper poeder poster rechter sneller tijger toner tower vader venster verder vinger vlinder water wonder zeker zilver zomer zuster
"""))

# Foreign spellings, and those of before 1995, as today's: `electrotechniek`, `theorie`, `photo`, `systeem`.
_HARD_C: Final = re.compile("c(?![ehiy])")
_SPELLINGS: Final = (("th", "t"), ("ph", "f"), ("qu", "kw"), ("y", "i"))

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _by_last_letter(*rules: tuple[str, str, str]) -> Mapping[str, _Rules]:
    """Return what may apply to a word that ends in a letter, of rules with the letters in which an ending may end."""
    return {
        last: tuple((re.compile(pattern), instead) for letters, pattern, instead in rules if last in letters)
        for last in set("".join(letters for letters, _pattern, _instead in rules))
    }


# Endings of one family as one of them; the first rule that fits is the only one. A capital hides from the stemmer what is no ending.
_ENDINGS: Final = _by_last_letter(
    ("n", r"([ei]e)en$", r"\1"),  # energieen, ideeen: the diaeresis is gone
    ("dn", r"^(.{3,4})he(?:id|den)$", r"\1Heid"),  # eenheid, overheid: no form of what is left
    ("den", r"^(?:ge)?([^aeiou]*[aeiou].*)eer(?:d|de|den)$", r"\1eren"),
    ("en", r"((?:[aiou]|[eio]e|^[^aeiou]*e)[lr]d)en?$", r"\1"),  # woorden, waarde: no past tense
    ("e", r"iele$", "ieel"),
    ("el", r"ure(?:el|le)$", "uur"),  # cultureel
    ("e", r"ieve$", "ief"),
    ("ek", r"schappelijke?$", "schap"),
    ("pn", r"(er|ers|aar|man|mans)schap(?:pen)?$", r"\1"),  # ondernemerschap
    ("eh", r"istische?$", "ist"),
    ("eh", r"(log|nom|graf|gog|sof|teg|chem)ische?$", r"\1ie"),
    ("k", r"(gog|teg)iek$", r"\1ie"),
    ("degnrst", r"ge(?:vers?|ving|vingen|vend|vende|eft)$", "geven"),  # vormgever
    ("nrs", r"([aeiou][bdfgklmnprstvxz]+)(?:(?:at)?(?<!k)eur|ator)(?:s|en)?$", r"\1eren"),  # controleur, reparateur, organisator
    ("es", r"([aeiou].*[aeiou]kt)ies?$", r"\1eren"),  # inspectie
    ("s", r"([aeiou].*eu)s$", r"\1"),  # milieus
    ("es", r"([^aeiou])es?$", r"\1en"),  # an ending in which the stemmer knows vowels and consonants
    ("t", r"eert$", "eren"),
    ("t", r"((?:aa|ee|oo|uu|ij|ie|ui|oe|eu|ei)[fgklmp]|aai|ooi|oei|ouw|auw|[aeiou]m|d)t$", r"\1"),  # maakt, draait, komt, wordt
)
# Stems that are there beside the first: of the verb of someone who does it, and of `zorgt`, `tekent`, `leest`; `docent` takes no harm.
_AGENT: Final = re.compile(r"(.+(?:[^aeiou]|aai|ooi|oei)er)s?$")
_THIRD_PERSON: Final = re.compile(r"(.+(?:g|[aeiou].*e[lnr]|(?:aa|ee|ie|ij|oe|oo|ui|uu|eu)[rs]))t$")
# `ge` belongs to the word, unless it makes a participle.
_PARTICIPLE: Final = re.compile(r"^(?:aan|af|door|in|mee|na|om|op|samen|terug|toe|uit|weg)ge.*(?:[dt]e?|[dt]en)$")
_GE: Final = re.compile(r"ge(?=.*[aeiou])")

_TWO_SYLLABLES: Final = re.compile(r"[aeiou][^aeiou]+.*[aeiou]|i(?:aa|ee|oo)")
_AGENT_OF_TWO_SYLLABLES: Final = re.compile(r"[aeiou][^aeiou]+[aeiou]+[^aeiou]+er$")
_LONG_VOWEL: Final = re.compile(r"([aeou])\1(?=[^aeiou]+$)")
_VOICELESS: Final = {"v": "f", "z": "s"}


class _Stemmers(threading.local):
    """A stemmer is not safe in several threads at once, so each thread has its own."""

    def __init__(self) -> None:
        self.dutch = Stemmer.Stemmer("dutch", 0).stemWord
        self.english = Stemmer.Stemmer("english", 0).stemWord


_stemmers = _Stemmers()


@lru_cache(maxsize=_CACHED)
def stems(word: str) -> tuple[str, ...]:
    """Return the distinct stems of a folded word, Dutch first; none when it has digits or symbols or fewer than 3 letters.

    A stem is there also when it is the word itself, so that forms can be compared. Words that share a stem are forms of one word.
    """
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
        return ()
    if len(word) == _SHORTEST:
        return (word,)
    if word.removesuffix("en") in _ONLY_ITSELF:
        return (word.removesuffix("en"),)
    return tuple(dict.fromkeys((*_dutch_stems(word), _english_stem(word))))


def _english_stem(word: str) -> str:
    stem = _stemmers.english(word)
    return stem.removesuffix("i") if stem.endswith("ysi") else stem  # analysis, analyses


def _dutch_stems(word: str) -> Iterator[str]:
    spelled = _spelled(word)
    yield _dutch_stem(spelled)
    last = spelled[-1]
    if last == "s":  # the stemmer can not know whether it belongs to the word
        yield _shaped(spelled)
    if last in "rs":
        agent = _AGENT.match(spelled)
        if agent is not None and agent[1] not in _NO_AGENTS:
            yield _dutch_stem(f"{agent[1][:-1]}n")
    elif last == "t":
        person = _THIRD_PERSON.match(spelled)
        if person is not None:
            yield _shaped(person[1])
    if word in _IRREGULAR:
        yield from stems(_IRREGULAR[word])


def _spelled(word: str) -> str:
    if "c" in word:
        word = _HARD_C.sub("k", word)
    for letters, instead in _SPELLINGS:
        word = word.replace(letters, instead)
    return word


def _dutch_stem(word: str) -> str:
    for ending, instead in _ENDINGS.get(word[-1], ()):
        word, changes = ending.subn(instead, word)
        if changes:
            break
    if "ge" in word and _PARTICIPLE.match(word) is None:
        word = _GE.sub("Ge", word)
    return _shaped(_stemmers.dutch(word).lower())


def _shaped(stem: str) -> str:
    """Return a stem of more than one syllable with a last syllable that does not show which ending it had."""
    if _TWO_SYLLABLES.search(stem) is None:
        return stem
    stem = _LONG_VOWEL.sub(r"\1", stem.removesuffix("e"))
    if stem.endswith("er") and _AGENT_OF_TWO_SYLLABLES.search(stem) is not None:
        stem = stem[:-2]
    if stem[-1] == stem[-2] and stem[-1] not in "aeiou":
        stem = stem[:-1]
    return stem[:-1] + _VOICELESS.get(stem[-1], stem[-1])
