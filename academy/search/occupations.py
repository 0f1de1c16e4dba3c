"""Occupations of ESCO in a small index of their own: who types one finds what can be learned for it.

The index is only ever made whole: three thousand occupations are read and written in seconds, once per version of ESCO.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slugify import slugify

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.kernel.text import LANGUAGES, Language, Localized
from academy.search import queries, reading
from academy.search.documents import skill_value
from academy.search.errors import OccupationsAway
from academy.search.folding import clean, folded_code, words_of
from academy.search.gateway import EngineUnavailable, Hit, SearchDocument, SearchEngine, SearchQuery
from academy.search.index_spec import OPEN_NOW, in_both
from academy.search.language import stems
from academy.search.rules import STOP_WORDS
from academy.search.texts import searchable
from academy.skills import api as skills

KIND: Final = "occupation"
LOOKED_AT: Final = 30  # modules of each skill, in the order of the results page
MODULES_SHOWN: Final = 6
MOST_ASKED: Final = 20  # values of one filter in the address of the results page
_SLUG_LENGTH: Final = 70
_ALSO_SHOWN: Final = 5  # other names, the short ones: the long ones say the same in more words
CALLED, ALSO_CALLED, NAMED, NOT_NAMED = range(4)
_WEIGHED: Final = 6  # occupations among which those that are really called so go first

_current: list[SearchEngine] = []


def set_engine(engine: SearchEngine) -> None:
    """Make `engine` the one that `engine()` returns in this process."""
    _current[:] = [engine]


def engine() -> SearchEngine:
    """Return the engine of the index of occupations, set once at start-up."""
    return _current[0]


# Making the index


def occupation_document(occupation: skills.OccupationFacts) -> SearchDocument:
    """Return the document of an occupation, found by its names, its code and its group of ISCO-08; pure.

    Its slug ends in the first part of its URI, by which it is found again when it gets another name.
    """
    key = skill_value(occupation.uri).partition("-")[0]
    title = occupation.label
    values = {skill_value(skill.uri): skill.label for skill in occupation.essential}
    codes = tuple(dict.fromkeys(map(folded_code, (key, occupation.code, occupation.isco_group))))
    others = [name for language in LANGUAGES for name in occupation.other_names.get(language, ())]
    return SearchDocument(
        id=f"{KIND}:{key}",
        texts=searchable({"title": (title.nl, title.en), "code": codes, "summary": others}),
        codes=codes,
        facets={"kind": (KIND,), "skill": tuple(values)},
        labels={"skill": {value: in_both(clean(label.in_language("nl")), clean(label.in_language("en"))) for value, label in values.items()}},
        numbers={},
        availability=OPEN_NOW,
        place=None,
        cards={language: _card(occupation, key, values, language) for language in LANGUAGES},
    )


def _card(occupation: skills.OccupationFacts, key: str, values: Mapping[str, Localized], language: Language) -> str:
    """Return what a page shows, in one language; of `skills` each has its value, name and language.

    `titles` and `names` are the telling words of what it is called and also called, in both languages.
    """
    title, others = occupation.label, occupation.other_names
    name = slugify(title.nl or title.en, max_length=_SLUG_LENGTH, word_boundary=True)
    also = sorted((clean(other) for other in others.get(language, ())), key=lambda other: (len(other), other))
    return json.dumps({
        "kind": KIND, "key": key, "slug": f"{name}-{key}" if name else key, "title": _as_title(clean(title.in_language(language))),
        "lang": title.language_used(language), "summary": "", "also": also[:_ALSO_SHOWN],
        "titles": _told((title.nl, title.en)), "names": _told(other for each in LANGUAGES for other in others.get(each, ())),
        "skills": [[value, clean(label.in_language(language)), label.language_used(language)] for value, label in values.items()],
    }, ensure_ascii=False)


def _as_title(name: str) -> str:
    """Return a name with a capital, unless its first word has one of its own: `eBusiness-manager`."""
    return name[:1].upper() + name[1:] if name.partition(" ")[0].islower() else name


def _told(names: Iterable[str]) -> list[str]:
    """Return the distinct names as their folded words, without those that are in every sentence."""
    words = ([word for word in words_of(name) if word not in STOP_WORDS] for name in names)
    return list(dict.fromkeys(" ".join(told) for told in words if told))


def rebuild() -> int:
    """Fill a new index from the skills room and switch to it; returns how many occupations there are, 0 where ESCO is not loaded."""
    return engine().rebuild(_documents())


def _documents() -> Iterator[SearchDocument]:
    with database().reading() as session:
        yield from map(occupation_document, skills.occupations(session))


def needs_rebuild() -> bool:
    """Tell whether there is no index that this release can read."""
    return queries.needs_rebuild(engine())


# Finding


def find_occupations(text: str, language: Language, limit: int = 3) -> tuple[Hit, ...]:
    """Return occupations that `text` may mean, those that are called so first; none while the index is away: whoever shows them says what is."""
    if not text.strip():
        return ()
    try:
        found = engine().search(SearchQuery(text=text, per_page=max(limit, _WEIGHED), language=language))
    except EngineUnavailable:
        return ()
    hits = () if found.looser else found.hits
    return tuple(sorted(hits, key=lambda hit: _order(hit.card, text))[:limit])


def _order(card: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Return the nearness, and of names that have the words the length: short ones are the common occupations."""
    place = nearness(card, text)
    return place, len(card["title"]) if place < NOT_NAMED else 0


def nearness(card: Mapping[str, Any], text: str) -> int:
    """Return CALLED, ALSO_CALLED, NAMED when `text` is part of what it is called, or NOT_NAMED; in either language, however words are bent."""
    words = reading.read(text).words
    if not words:
        return NOT_NAMED
    asked = [{word.text, *word.forms} for word in words]
    joined = "".join(word.text for word in words)
    if any(_is_name(name, asked, joined) for name in card["titles"]):
        return CALLED
    if any(_is_name(name, asked, joined) for name in card["names"]):
        return ALSO_CALLED
    return NAMED if any(_has_all(name.split(), asked) for name in card["titles"]) else NOT_NAMED


def _is_name(name: str, asked: Sequence[set[str]], joined: str) -> bool:
    told = name.split()
    return "".join(told) == joined or (len(told) == len(asked) and _has_all(told, asked))


def _has_all(told: Sequence[str], asked: Sequence[set[str]]) -> bool:
    """Tell whether each of the words asked is there, in one of its forms."""
    return all(any(word in forms or not forms.isdisjoint(stems(word)) for word in told) for forms in asked)


def occupation_at(slug: str, language: Language) -> Mapping[str, Any] | None:
    """Return the card of the occupation at an address, which may have its former name; None when there is none. Raises OccupationsAway."""
    key = slug.rpartition("-")[2]
    try:
        found = engine().search(SearchQuery(text=key, per_page=_WEIGHED, language=language))
    except EngineUnavailable as error:
        raise OccupationsAway from error
    named = [hit.card for hit in found.hits if hit.card["key"] == key]
    return next((card for card in named if card["slug"] == slug), next(iter(named), None))


# What can be learned for it


@dataclass(frozen=True, slots=True)
class Fit:
    """A module, and the skills it teaches as (value, name, language)."""

    hit: Hit
    teaches: tuple[Sequence[str], ...]


@dataclass(frozen=True, slots=True)
class Learnable:
    """What can be learned of what an occupation asks: per value of a skill how many modules teach it.

    `asked` are values of which at least one is taught by each of `total` modules. `in_part`: of some skill not all modules were looked at.
    """

    modules: Mapping[str, int]
    fits: tuple[Fit, ...] = ()
    asked: tuple[str, ...] = ()
    total: int = 0
    in_part: bool = False
    degraded: bool = False


def learnable(main: SearchEngine, card: Mapping[str, Any], language: Language, *, now: datetime) -> Learnable:
    """Return the modules that teach what an occupation asks, those that teach most of it first; `main` is the engine that has the modules.

    Of each skill the first LOOKED_AT are looked at. Among equals goes first what stands highest among the modules of one of its skills.
    """
    day = amsterdam_day(now).weekday()

    def taught(values: tuple[str, ...], per_page: int) -> SearchQuery:
        return SearchQuery(filters=(("skill", values),), per_page=per_page, language=language, day=day)

    values = tuple(value for value, _name, _language in card["skills"])
    if not values:
        return Learnable({})
    any_of_them = queries.search(main, taught(values, 1))
    if not any_of_them.total:
        return Learnable({}, degraded=any_of_them.degraded)
    found = {value: queries.search(main, taught((value,), LOOKED_AT)) for value in values}
    modules = {value: answer.total for value, answer in found.items() if answer.total}
    asked = tuple(modules)[:MOST_ASKED]
    total = any_of_them.total if len(asked) == len(modules) else queries.search(main, taught(asked, 1)).total
    fits = _fits([(skill, found[skill[0]].hits) for skill in card["skills"]])
    return Learnable(modules, fits, asked, total, in_part=any(number > LOOKED_AT for number in modules.values()))


def _fits(taught: Sequence[tuple[Sequence[str], Sequence[Hit]]]) -> tuple[Fit, ...]:
    """Return the modules that teach most of these skills, given with the first modules of each."""
    hits: dict[str, Hit] = {}
    teaches: defaultdict[str, list[Sequence[str]]] = defaultdict(list)
    places: dict[str, int] = {}
    for skill, modules in taught:
        for place, hit in enumerate(modules):
            hits[hit.id] = hit
            teaches[hit.id].append(skill)
            places[hit.id] = min(place, places.get(hit.id, place))
    best = sorted(hits, key=lambda key: (-len(teaches[key]), places[key], key))[:MODULES_SHOWN]
    return tuple(Fit(hits[key], tuple(teaches[key])) for key in best)
