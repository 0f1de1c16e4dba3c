"""Advice for plain Dutch: short sentences, easy words, who does what, and `je`. Advice only; nothing is refused for its words.

The limits follow what writers of plain Dutch (B1) agree on: 15 words in a sentence on average, none far beyond 20, no passive, easy words.
Whether a whole text "is B1" no program can tell, so `score` says what it counts. The time is linear in the length of the text.
"""

import re
import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

LONGEST_AVERAGE: Final = 15  # words in a sentence
LONGEST_SENTENCE: Final = 20
LONGEST_PARAGRAPH: Final = 100  # our own choice: what a telephone shows without scrolling

_WORDS_FILE: Final = Path(__file__).parent / "data" / "plain_words.toml"
_FEW_SENTENCES: Final = 3  # an average of fewer says nothing that the sentences do not say
_LONGEST_EXCERPT: Final = 80
_WRAPPED_LINE: Final = 60  # a line this long that goes on in lower case was broken by a mail program, not by the writer


class AdviceCode(StrEnum):
    LONG_SENTENCE = "long-sentence"
    LONG_AVERAGE = "long-average"
    PASSIVE = "passive"
    DIFFICULT_WORD = "difficult-word"
    LONG_PARAGRAPH = "long-paragraph"
    ABBREVIATION_UNEXPLAINED = "abbreviation-unexplained"
    NO_YOU = "no-you"


@dataclass(frozen=True, slots=True)
class Advice:
    """One remark about `text[start:end]`; `words` is that place on one line, at most 80 characters.

    `replacement` is what to write instead, where that can be said; `number` is how many words it is about, where length is the matter.
    """

    code: AdviceCode
    start: int
    end: int
    words: str
    replacement: str = ""
    number: int = 0


def review(text: str) -> tuple[Advice, ...]:
    """Return the advice for a Dutch text in the order of its places; nothing for an empty one. Plain text, no markup."""
    return tuple(sorted(_advice(text, _sentences(text)), key=lambda advice: (advice.start, advice.end, advice.code)))


def score(text: str) -> int:
    """Return how plain a Dutch text is, 0 to 100; 100 when there is nothing to advise, so also for an empty text.

    From 100 go: 3 for each word that the average sentence is longer than 15 (at most 30); half the percentage of sentences of more than
    20 words (at most 25); half the percentage of passives among the sentences (at most 25); 4 for each difficult word per 100 words (at
    most 20); 2 for each unexplained abbreviation and each place without `je` (at most 10); 5 for each long paragraph (at most 10).
    """
    sentences = _sentences(text)
    if not sentences:
        return 100
    found = Counter(advice.code for advice in _advice(text, sentences))
    words = sum(len(sentence.words) for sentence in sentences)
    lost = (
        min(30.0, 3 * max(0.0, words / len(sentences) - LONGEST_AVERAGE))
        + min(25.0, 50 * found[AdviceCode.LONG_SENTENCE] / len(sentences))
        + min(25.0, 50 * found[AdviceCode.PASSIVE] / len(sentences))
        + min(20.0, 400 * found[AdviceCode.DIFFICULT_WORD] / words)
        + min(10, 2 * (found[AdviceCode.ABBREVIATION_UNEXPLAINED] + found[AdviceCode.NO_YOU]))
        + min(10, 5 * found[AdviceCode.LONG_PARAGRAPH])
    )
    return max(0, round(100 - lost))


# From text to sentences


class _Word(NamedTuple):
    text: str  # in lower case
    start: int
    end: int


@dataclass(slots=True)
class _Sentence:
    """Its words; `pauses` are the numbers of the words before which a comma, bracket or the like stands."""

    paragraph: int
    words: list[_Word] = field(default_factory=list)
    pauses: set[int] = field(default_factory=set)

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end


_MARK: Final = r"[^\S\n]* (?:[-*+•·–—▪◦●‣\uf0b7] | \d{1,3}[.)] | [a-z][.)]) [^\S\n]+"
_FIRST_MARK: Final = re.compile(rf"(?:{_MARK})?", re.VERBOSE)
# The words first, for they are the most. No alternative looks further than its own word or line: that keeps it linear.
_TOKEN: Final = re.compile(rf"""
      (?P<address> (?:https?://|www\.) \S* [^\s.,;:!?…)\]"'”’] )
    | (?P<word> [^\W_]+ (?: (?: [-'’/@&+] | \.(?=[a-z\d]) | ,(?=\d) ) [^\W_]+ )* )
    | (?P<end> [.!?…]+ )
    | (?P<pause> [,;:()\[\]–—] )
    | (?P<item> \n {_MARK} )
    | (?P<blank> \n [^\S\n]* (?=\n) )
    | (?P<line> \n [^\S\n]* )
    """, re.VERBOSE)


def _those(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEVER_LAST: Final = _those(
    "afd art bijv blz bv ca dhr dr drs enz etc evt excl fam gem hfst hr incl ing ir jl lic max mevr min mr mw nl nr nrs "
    "pag par plm prof red resp st tel vgl zgn",
)
_MAY_BE_LAST: Final = frozenset({"enz", "etc", "e.d", "o.i.d", "e.a", "a.u.b", "n.v.t", "z.s.m", "t.z.t", "bv", "nl"})
_LETTERS_WITH_STOPS: Final = re.compile(r"[a-z](?:\.[a-z]{1,4})+")


def _sentences(text: str) -> list[_Sentence]:
    """Return the sentences; every item of a list is one."""
    sentences: list[_Sentence] = []
    sentence = _Sentence(paragraph=0)
    line_start = paragraph = 0
    mark = _FIRST_MARK.match(text)
    for token in _TOKEN.finditer(text, mark.end() if mark else 0):
        kind = token.lastgroup
        start, end = token.span()
        if kind in {"word", "address"}:
            sentence.words.append(_Word(token[0].lower(), start, end))
            continue
        if kind == "pause":
            sentence.pauses.add(len(sentence.words))
            continue
        if kind == "blank":
            paragraph += 1
        goes_on = (kind == "end" and not _ends(text, token, sentence)) or (
            kind == "line" and start - line_start >= _WRAPPED_LINE and text[end:end + 1].islower()
        )
        if kind != "end":
            line_start = end
        if sentence.words and not goes_on:
            sentences.append(sentence)
            sentence = _Sentence(paragraph)
        elif not sentence.words:
            sentence.paragraph = paragraph
    return [*sentences, sentence] if sentence.words else sentences


def _ends(text: str, stop: re.Match[str], sentence: _Sentence) -> bool:
    """Tell whether a stop ends the sentence: not after `bijv.` or `J.`, nor as three dots within it."""
    following = text[stop.end():stop.end() + 2].lstrip()[:1]
    if stop.group() != ".":
        return not (stop.group()[0] in ".…" and following.islower())
    if not sentence.words or sentence.words[-1].end != stop.start():
        return True
    word = sentence.words[-1]
    if word.text in _MAY_BE_LAST:
        return not following or following.isupper()
    if len(word.text) == 1 and text[word.start].isupper() and following:
        return False
    return word.text not in _NEVER_LAST and _LETTERS_WITH_STOPS.fullmatch(word.text) is None


# From sentences to advice


def _advice(text: str, sentences: Sequence[_Sentence]) -> Iterator[Advice]:
    yield from _lengths(text, sentences)
    yield from _abbreviations(text, sentences)
    for sentence in sentences:
        yield from _passives(text, sentence)
        yield from _difficult_words(text, sentence)
        yield from _strangers(text, sentence)


def _about(text: str, code: AdviceCode, start: int, end: int, replacement: str = "", *, number: int = 0) -> Advice:
    words = " ".join(text[start:min(end, start + 4 * _LONGEST_EXCERPT)].split())
    if len(words) > _LONGEST_EXCERPT:
        words = words[:_LONGEST_EXCERPT - 1].rstrip() + "…"
    return Advice(code, start, end, words, replacement, number)


def _lengths(text: str, sentences: Sequence[_Sentence]) -> Iterator[Advice]:
    if not sentences:
        return
    total = sum(len(sentence.words) for sentence in sentences)
    if len(sentences) >= _FEW_SENTENCES and total > LONGEST_AVERAGE * len(sentences):
        average = -(-total // len(sentences))  # rounded up, for it is more than 15
        yield _about(text, AdviceCode.LONG_AVERAGE, sentences[0].start, sentences[-1].end, number=average)
    paragraphs: dict[int, list[_Sentence]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
        if len(sentence.words) > LONGEST_SENTENCE:
            yield _about(text, AdviceCode.LONG_SENTENCE, sentence.start, sentence.end, number=len(sentence.words))
    for parts in paragraphs.values():
        number = sum(len(part.words) for part in parts)
        if number > LONGEST_PARAGRAPH:
            yield _about(text, AdviceCode.LONG_PARAGRAPH, parts[0].start, parts[-1].end, number=number)


# The passive: a form of `worden` with a participle in the same clause. With `zijn` only when `door` says by whom,
# because "de cursus is begonnen" and "je bent geslaagd" are no passives.

_BECOMES: Final = frozenset({"wordt", "worden", "werd", "werden"})
_IS: Final = frozenset({"is", "zijn", "was", "waren"})
_STOPS: Final = _BECOMES | _IS | {"heb", "hebt", "heeft", "hebben", "had", "hadden", "ben", "bent"}
_MODALS: Final = _those("kan kunnen kon konden moet moeten moest moesten mag mogen mocht zal zullen zou zouden te")
_NEW_CLAUSE: Final = _those("dat die omdat wanneer terwijl zodat want maar waarin waarbij waarmee doordat nadat voordat wie wat")
# What may follow a participle that is the verb. Another word makes it an adjective: "je wordt gediplomeerd monteur".
_MAY_FOLLOW: Final = _BECOMES | _IS | _MODALS | _NEW_CLAUSE | _those(
    "aan achter als bij binnen boven buiten door en gedurende in langs met middels na naar naast niet of om onder op over per "
    "rond sinds tegen tijdens tot tussen uit van vanaf vanuit via volgens voor vooraf vanwege zoals zonder dan ook weer eerst",
)

_SPLIT_OFF: Final = (
    "aan|achter|af|bij|deel|door|in|klaar|los|mee|mede|na|neer|om|onder|op|over|plaats|samen|tegen|terug|thuis|toe|uit|vast|vol|voor|voort|vrij|weer|weg"
)
_PARTICIPLE: Final = re.compile(
    rf"(?:(?:{_SPLIT_OFF})?(?:ge|be|ver|ont|her|er)|onder|over|vol)"
    r"(?:\w{1,14}(?:d|[kfpsx]t|cht|zet|start|print|plant|groet)"  # weak; -t stands after k, f, s, ch, p
    r"|geven|nomen|schreven|lezen|kozen|sloten|vonden|zien|houden|keken|sproken|boden|bonden|trokken|holpen|wogen|meten|geten|reden"
    r"|sneden|broken|stoken|kregen|wezen|worven|worpen|laden|vangen|roepen|heven|grepen|dreven|schoven|laten|zonden|wonnen|zongen"
    r"|dragen|daan|zonnen|leden|slepen|goten|meden|bleven|loven|bakken|wassen|hangen|spoten|vroren)",
)
_NO_PARTICIPLE: Final = re.compile(
    r".*(?:heid|teit|tijd|beeld|beleid|gebied|stand|verband|land|hoofd|raad|kind|lid|geld|wereld|vriend|dienst|kracht|plicht|zicht"
    r"|(?:al|og|er|on|t|c|an)ist|arts|volgend|voldoend)"
    r"|bedragen|bekend|bereid|bevoegd|bewust|beroemd|bevriend|benieuwd|bericht|best|beurs|verslaafd|verliefd|verkeerd|verantwoord|gezond|gewend"
    r"|geschikt|gerust|gevecht|gewicht|gedicht|gerecht|gereed|geduld|geest|herfst|ergst|eerst|gemeentewacht",
)
_LONGEST_PARTICIPLE: Final = 26


@lru_cache(maxsize=4096)
def _is_participle(word: str) -> bool:
    return len(word) <= _LONGEST_PARTICIPLE and _PARTICIPLE.fullmatch(word) is not None and _NO_PARTICIPLE.fullmatch(word) is None


def _passives(text: str, sentence: _Sentence) -> Iterator[Advice]:
    if any(word.text in _BECOMES or word.text in _IS or word.text == "word" for word in sentence.words):
        for clause in _clauses(sentence):
            for first, last in _passives_in([word.text for word in clause]):
                yield _about(text, AdviceCode.PASSIVE, clause[first].start, clause[last].end)


def _clauses(sentence: _Sentence) -> Iterator[list[_Word]]:
    starts = [0, *(n for n, word in enumerate(sentence.words) if n and (n in sentence.pauses or word.text in _NEW_CLAUSE))]
    for first, last in pairwise([*starts, len(sentence.words)]):
        yield sentence.words[first:last]


def _passives_in(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first and last word. Each search ends at the next auxiliary, so that no word is read twice."""
    by_whom = "door" in words
    for number, word in enumerate(words):
        if not (word in _BECOMES or (word in _IS and by_whom) or (word == "word" and words[number + 1:number + 2] in (["je"], ["jij"]))):
            continue
        partner = _participle_after(words, number, _STOPS if word in _IS else _STOPS - {"zijn"})  # "wordt zijn werk beoordeeld"
        if partner is None:
            partner = _participle_before(words, number)
        if partner is not None:
            yield min(number, partner), max(number, partner)


def _participle_after(words: Sequence[str], number: int, stops: frozenset[str]) -> int | None:
    for place in range(number + 1, len(words)):
        word = words[place]
        if word in stops:
            return None
        if _is_participle(word) and (place + 1 == len(words) or words[place + 1] in _MAY_FOLLOW):
            return place
    return None


def _participle_before(words: Sequence[str], number: int) -> int | None:
    """Find `gemaakt wordt`, `gemaakt moet worden`, `gemaakt te worden`."""
    place = number - 1
    while place > 0 and words[place] in _MODALS:
        place -= 1
    return place if place >= 0 and _is_participle(words[place]) else None


# Words


_Phrase = tuple[tuple[str, ...], str]  # its words, and what to write instead


@dataclass(frozen=True)
class _WordList:
    """Phrases by their first word, the longest in front; abbreviations with what explains them, and the pattern that finds them."""

    phrases: Mapping[str, Sequence[_Phrase]]
    explanations: Mapping[str, Sequence[str]]
    abbreviation: re.Pattern[str]


@cache
def _word_list() -> _WordList:
    tables = tomllib.loads(_WORDS_FILE.read_text(encoding="utf-8"))
    found: dict[str, list[_Phrase]] = {}
    for verb, easy in tables["verbs"].items():
        for form in _forms(verb):
            found.setdefault(form, []).append(((form,), easy))
    for forms, easy in (tables["words"] | tables["phrases"]).items():
        for words in (tuple(form.split()) for form in forms.split(",")):
            found.setdefault(words[0], []).append((words, easy))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    explanations = tables["abbreviations"]
    return _WordList(found, explanations, re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, explanations))})(?!\w)"))


_AFTER_GE: Final = {"e": "ë", "i": "ï", "u": "ü"}


def _forms(verb: str) -> Iterator[str]:
    """Yield the forms of a verb on -eren or -ëren: `analyseren`, `analyseert`, `analyseerde`, `geanalyseerd` …"""
    stem = verb[:-len("eren")] + "eer"
    participle = f"ge{_AFTER_GE.get(stem[0], stem[0])}{stem[1:]}"
    yield from (verb, stem, f"{stem}t", f"{stem}de", f"{stem}den", f"{stem}d", f"{participle}d", f"{participle}de")


def _difficult_words(text: str, sentence: _Sentence) -> Iterator[Advice]:
    known, words = _word_list().phrases, sentence.words
    free = 0  # the words before this one are part of a phrase already
    for number, word in enumerate(words):
        if word.text not in known or number < free:
            continue
        for phrase, easy in known[word.text]:
            if tuple(one.text for one in words[number:number + len(phrase)]) == phrase:
                free = number + len(phrase)
                yield _about(text, AdviceCode.DIFFICULT_WORD, word.start, words[free - 1].end, easy)
                break


_IS_EXPLAINED: Final = re.compile(r"\s*(?:=|\(|is \d|betekent|staat voor|is de afkorting|is kort voor)")


def _abbreviations(text: str, sentences: Sequence[_Sentence]) -> Iterator[Advice]:
    """Look at the first use of each: it is explained in its own sentence or before."""
    known, seen = _word_list(), set[str]()
    ends = [sentence.end for sentence in sentences]
    for found in known.abbreviation.finditer(text):
        written = found[0]
        if written in seen:
            continue
        seen.add(written)
        explanations = known.explanations[written]
        before = text[:ends[bisect_left(ends, found.end())]].lower()
        if not any(words.lower() in before for words in explanations) and _IS_EXPLAINED.match(text, found.end()) is None:
            yield _about(text, AdviceCode.ABBREVIATION_UNEXPLAINED, *found.span(), explanations[0])


_STRANGERS: Final = {"u": "je", "uw": "je", "uzelf": "jezelf", "men": "je"}
_PUPILS: Final = frozenset({"student", "cursist", "deelnemer"})
_MANY_PUPILS: Final = frozenset({"studenten", "cursisten", "deelnemers"})


def _strangers(text: str, sentence: _Sentence) -> Iterator[Advice]:
    """Find who is spoken of instead of to. `Studenten` only in front: a course for teachers is about students."""
    words = sentence.words
    for number, word in enumerate(words):
        if word.text in _STRANGERS:
            is_sign = (number and text[word.start] == "U") or (number and words[number - 1].text[-1].isdigit())  # U of volt; 28 u
            if not is_sign:
                yield _about(text, AdviceCode.NO_YOU, word.start, word.end, _STRANGERS[word.text])
        elif word.text in _PUPILS and number and words[number - 1].text == "de":
            yield _about(text, AdviceCode.NO_YOU, words[number - 1].start, word.end, "je")
        elif word.text in _MANY_PUPILS and number == 0:
            yield _about(text, AdviceCode.NO_YOU, word.start, word.end, "je")
