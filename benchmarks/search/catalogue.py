"""A made-up catalogue of any size: the same for the same seed, one module at a time, so that a million fit in little memory.

Lengths follow what schools publish: a title of five words, a summary of seventy, three to six outcomes of seven to fifteen words, three to
eight skills. Words follow Zipf's law; one in twelve is a compound, so the vocabulary grows with the catalogue. Three in four modules are Dutch.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, islice
from typing import Final, NamedTuple

from academy.kernel.text import Language
from academy.search.documents import SEATS, cropped
from academy.search.folding import folded_code
from academy.search.gateway import SearchDocument
from academy.search.index_spec import AVAILABILITIES, CLOSED, DAY_ZERO, OPEN_NOW, in_both
from academy.search.texts import searchable
from benchmarks.search.words import ADJECTIVES, NOUNS, SMALL_WORDS, VERBS, adjective_forms, compound, plural, verb_forms

ZIPF: Final = 1.05
FIRST_DAY: Final = date(2026, 12, 1)
SECTORS: Final = (
    "ict", "zorg", "techniek", "zakelijk", "bouw", "welzijn", "handel", "educatie", "media", "agrofood", "duurzaam", "taal", "logistiek",
    "horeca", "veiligheid",
)
PLACES: Final = tuple(
    (f"{name}{end}", 52.0 + number * 0.037 % 1.3, 4.5 + number * 0.071 % 1.9)
    for number, (name, end) in enumerate(
        (name, end) for end in ("", " Noord") for name in (
            "Almere", "Lelystad", "Zeewolde", "Dronten", "Urk", "Emmeloord", "Amsterdam", "Utrecht", "Zwolle", "Amersfoort", "Hilversum",
            "Harderwijk", "Weesp", "Naarden", "Huizen", "Apeldoorn", "Ede", "Deventer", "Meppel", "Kampen",
        )
    )
)
PROVIDERS: Final = tuple(
    f"{kind} {place.removesuffix(' Noord')}" if number < 100 else f"Bedrijfsopleiding {number}"  # noqa: PLR2004 - five kinds in twenty places
    for number, (kind, place) in enumerate(
        (kind, PLACES[number % 20][0]) for kind in ("Hogeschool", "ROC", "Academie", "Universiteit", "Leercentrum", "Bedrijf") for number in range(20)
    )
)
SKILLS: Final = 5_000
_LEVELS: Final = ("5", "4", "6", "", "3", "2")
_MODES: Final = ("on_campus", "online", "blended", "in_company")
_PARTS: Final = ("evening", "day", "any", "afternoon", "morning")
_WEEKDAYS: Final = ("tue", "thu", "mon", "wed", "fri", "sat")
_KINDS: Final = ("ad_module", "mooc", "loose_module", "mbo_part")
_EC: Final = ((50, "1-5"), (100, "6-10"), (0, "0"), (150, "11-20"), (25, "1-5"), (300, "more"), (75, "6-10"))  # tenths of a credit, band
_PRICES: Final = ((0, "free"), (24900, "to-250"), (49500, "to-500"), (79500, "to-1000"), (149500, "more"), (9900, "to-250"), (None, "unknown"))
_DUTCH: Final = 0.75
_COMPOUND: Final = 0.08  # of the words of a running text
_THREE_ROOTS: Final = 0.03  # of the compounds
_COMMON_ROOTS: Final = 40
_THIRD_TOPIC: Final = 0.4  # of the titles
_SUMMARY: Final = (74, 30)  # median and spread in words


class Skill(NamedTuple):
    value: str
    dutch: str
    english: str


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A module before it is prepared; `traits` are what it is filtered by."""

    number: int
    language: Language
    title: str
    summary: str
    outcomes: tuple[str, ...]
    skills: tuple[Skill, ...]
    provider: int
    traits: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    place: tuple[float, float] | None
    availability: int


class Words:
    """Draws words of one language."""

    def __init__(self, chance: random.Random, language: Language) -> None:
        self._chance, self._language = chance, language
        self._roots = list(NOUNS[language])
        forms = [form for noun in self._roots for form in dict.fromkeys((noun, plural(noun, language)))]
        forms += [form for verb in VERBS[language] for form in verb_forms(verb, language)]
        self._adjectives = [form for adjective in ADJECTIVES[language] for form in adjective_forms(adjective, language)]
        forms += self._adjectives
        order = random.Random(5)  # which word is frequent does not depend on the seed of the catalogue
        order.shuffle(self._roots)
        order.shuffle(forms)
        # One list, as in a real text: small words first, then all others; "" is where a compound comes.
        self._running = [*SMALL_WORDS[language], *forms, ""]
        weights = [rank**-ZIPF for rank in range(1, len(self._running))]
        weights.append(sum(weights) * _COMPOUND / (1 - _COMPOUND))
        self._running_weights = list(accumulate(weights))
        self._root_weights = zipf(len(self._roots), after=_COMMON_ROOTS)
        self._joined: dict[tuple[str, str], str] = {}

    def compounds(self, count: int) -> list[str]:
        """Return words of two roots, a few of three."""
        drawn = iter(self.roots(2 * count))
        joined = [self._compound(*pair) for pair in zip(drawn, drawn, strict=True)]
        return [self._compound(self.roots(1)[0], word) if self._chance.random() < _THREE_ROOTS else word for word in joined]

    def roots(self, count: int) -> list[str]:
        return self._chance.choices(self._roots, cum_weights=self._root_weights, k=count)

    def running(self, count: int) -> list[str]:
        """Return the words of a running text."""
        words = self._chance.choices(self._running, cum_weights=self._running_weights, k=count)
        missing = words.count("")
        place = -1
        for word in self.compounds(missing):
            place = words.index("", place + 1)
            words[place] = word
        return words

    def title(self) -> tuple[str, list[str]]:
        """Return a title of about five words, and those of them that the texts come back to."""
        topic = [*self.compounds(1), *self.roots(2)]
        adjective, small = self._chance.choice(self._adjectives), self._chance.choice(_BETWEEN[self._language])
        words = [adjective, topic[0], small, topic[1], *(topic[2:] if self._chance.random() < _THIRD_TOPIC else ())]
        return " ".join(words).capitalize(), topic

    def _compound(self, first: str, last: str) -> str:
        found = self._joined.get((first, last))
        if found is None:
            joined = compound(first, last) if self._language == "nl" else f"{first}{'-' if len(first + last) % 3 else ''}{last}"
            found = self._joined[first, last] = plural(joined, "nl") if len(joined) % 4 == 0 and self._language == "nl" else joined
        return found


_BETWEEN: Final[dict[Language, tuple[str, ...]]] = {"nl": ("in de", "voor", "met", "en", "van de"), "en": ("for", "in", "and", "with", "of")}


def zipf(count: int, *, after: int = 0) -> list[float]:
    """Return cumulative weights of `count` ranks; `after` so many that are more frequent."""
    return list(accumulate((after + rank) ** -ZIPF for rank in range(1, count + 1)))


def skills() -> tuple[Skill, ...]:
    """Return all skills, the frequent ones first; the same ones for every catalogue."""
    chance = random.Random(3)
    dutch, english = Words(chance, "nl"), Words(chance, "en")
    return tuple(
        Skill(f"{number:08x}", f"{' '.join(dutch.compounds(1))} {verb_forms(chance.choice(VERBS['nl']), 'nl')[0]}", f"{chance.choice(VERBS['en'])} {' '.join(english.roots(2))}")
        for number in range(SKILLS)
    )


def made_up(count: int, *, seed: int = 1) -> Iterator[MadeUp]:
    """Yield `count` modules; a longer catalogue of the same seed begins with them."""
    return islice(_modules(seed), count)


def documents(count: int, *, seed: int = 1) -> Iterator[SearchDocument]:
    """Yield `count` modules as the engines take them."""
    return map(prepared, made_up(count, seed=seed))


def _modules(seed: int) -> Iterator[MadeUp]:
    chance = random.Random(seed)
    words = {language: Words(chance, language) for language in ("nl", "en")}
    all_skills = skills()
    weights = {name: zipf(size) for name, size in (("skills", SKILLS), ("provider", len(PROVIDERS)))}
    number = 0
    while True:
        language: Language = "nl" if chance.random() < _DUTCH else "en"
        writer = words[language]
        title, topic = writer.title()
        traits, numbers, place = _traits(chance, language)
        provider = chance.choices(range(len(PROVIDERS)), cum_weights=weights["provider"])[0]
        traits["provider"] = (f"provider-{provider}",)
        yield MadeUp(
            number, language, title, *_texts(chance, writer, topic),
            tuple(dict.fromkeys(chance.choices(all_skills, cum_weights=weights["skills"], k=chance.randint(3, 8)))),
            provider, traits, numbers, place, chance.choices(range(AVAILABILITIES), (60, 15, 10, 5, 10))[0],
        )
        number += 1


def _texts(chance: random.Random, writer: Words, topic: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return a summary in which the topic comes back, and outcomes in which it may."""
    lengths = [max(12, round(chance.gauss(*_SUMMARY))), *(chance.randint(7, 15) for _outcome in range(chance.randint(3, 6)))]
    words = iter(writer.running(sum(lengths)))
    summary, *outcomes = (list(islice(words, length)) for length in lengths)
    for word in topic:
        summary[chance.randrange(len(summary))] = word
        chance.choice(outcomes)[-1] = word
    return " ".join(summary).capitalize(), tuple(" ".join(outcome).capitalize() for outcome in outcomes)


def _traits(chance: random.Random, language: Language) -> tuple[dict[str, tuple[str, ...]], dict[str, int], tuple[float, float] | None]:
    sector = _few(chance, SECTORS, 2)
    (mode,), (part,), (level,) = _few(chance, _MODES, 1), _few(chance, _PARTS, 1), _few(chance, _LEVELS, 1)
    tenths, ec = chance.choices(_EC, cum_weights=_skew(len(_EC)))[0]
    cents, price = chance.choices(_PRICES, cum_weights=_skew(len(_PRICES)))[0]
    days = sorted({chance.randrange(400) for _ in range(chance.randint(1, 3))})
    where = None if mode == "online" else chance.choices(PLACES, cum_weights=_skew(len(PLACES)))[0]
    left = chance.randint(0, 25)
    traits = {
        "kind": _few(chance, _KINDS, 1), "sector": sector, "level": (level,) if level else (), "ec": (ec,), "price": (price,),
        "language": (language,) if chance.random() < 0.9 else ("nl", "en"), "mode": (mode,), "part_of_day": (part,),  # noqa: PLR2004
        "weekday": () if part == "any" else _few(chance, _WEEKDAYS, 2), "place": (where[0],) if where else (),
        "start": tuple(dict.fromkeys(f"{FIRST_DAY + timedelta(days=day):%Y-%m}" for day in days)),
        "certain": ("yes",) if chance.random() < 0.2 else (), "seats": tuple(str(least) for least in SEATS if left >= least),  # noqa: PLR2004
    }
    numbers = {"ec": tenths, "start": (FIRST_DAY - DAY_ZERO).days + days[0]}
    return traits, numbers if cents is None else numbers | {"price": cents}, where[1:] if where else None


def _few(chance: random.Random, values: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Return one value, or up to `most` different ones; the first values are frequent."""
    number = 1 if most == 1 or chance.random() < 0.7 else most  # noqa: PLR2004
    return tuple(dict.fromkeys(chance.choices(values, cum_weights=_skew(len(values)), k=number)))


@lru_cache
def _skew(size: int) -> list[float]:
    return list(accumulate(1 / (rank + 1) for rank in range(1, size + 1)))


def prepared(module: MadeUp) -> SearchDocument:
    """Return what an engine takes: the work that every module of a rebuild costs, except reading it from the database."""
    code = f"M{module.number:07}"
    provider = PROVIDERS[module.provider]
    texts = searchable({
        "title": (module.title,), "code": (code,), "skills": [text for skill in module.skills for text in skill[1:]], "provider": (provider,),
        "outcomes": module.outcomes, "summary": (module.summary,),
    })
    values = {name: found[0] if found else "" for name, found in module.traits.items()}
    card = json.dumps({
        "slug": f"module-{module.number}", "kind": values["kind"], "provider": provider, "ec": f"{module.numbers['ec'] / 10:g}",
        "level": values["level"], "mode": values["mode"], "part_of_day": values["part_of_day"], "starts": "2027-02-01", "opens": "",
        "sector": values["sector"], "price": module.numbers.get("price"), "price_note": "", "place": values["place"],
        "seats": None if module.availability == CLOSED else 12, "certain": module.availability == OPEN_NOW,
        "title": module.title, "summary": cropped(module.summary),
    }, ensure_ascii=False, sort_keys=True)
    return SearchDocument(
        id=f"module:{module.number}", texts=texts, codes=(folded_code(code),),
        facets={**module.traits, "skill": tuple(skill.value for skill in module.skills)},
        labels={
            "provider": {f"provider-{module.provider}": provider},
            "skill": {skill.value: in_both(skill.dutch, skill.english) for skill in module.skills},
        },
        numbers=module.numbers, availability=module.availability, place=module.place, cards={"nl": card, "en": card},
        checksum=f"{module.number:x}",
    )
