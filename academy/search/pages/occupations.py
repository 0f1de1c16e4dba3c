"""An occupation: what one must be able to do, and which modules teach that."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import url_for
from markupsafe import Markup

from academy.kernel.formats import Shown, number_text
from academy.kernel.text import Language
from academy.kernel.translation import ngettext, reading_language
from academy.search.occupations import LOOKED_AT, NAMED, NOT_NAMED, Fit, Learnable, find_occupations, nearness
from academy.search.pages.cards import plain_cards
from academy.search.pages.drawing import LinkView, address
from academy.skills.api import ATTRIBUTION

_SKILLS_SHOWN: Final = 8  # the others fold away: some occupations ask for more than a hundred
_NAMED: Final = 3  # skills under a module


def occupation_values(card: Mapping[str, Any], found: Learnable) -> dict[str, Any]:
    """Return the page of an occupation."""
    language, path = reading_language(), url_for("search.results")
    skills = [_skill(language, path, skill, found) for skill in card["skills"]]
    skills.sort(key=lambda skill: not skill["url"])  # what can be learned comes first
    return {
        "title": _shown(language, card["title"], card["lang"]),
        "also": ", ".join(card["also"]),
        "skills": skills[:_SKILLS_SHOWN],
        "more_skills": skills[_SKILLS_SHOWN:],
        "is_in_two_languages": any(skill["name"].lang for skill in skills),
        "fits": [_fit(language, fit) for fit in found.fits],
        "looked_at": LOOKED_AT if found.in_part else 0,
        "total": found.total,
        "results_url": address(path, [("skill", value) for value in found.asked]),
        "words_url": address(path, [("q", card["title"])]),
        "degraded": found.degraded,
        "attribution": ATTRIBUTION,
    }


def named_by(text: str, language: Language) -> list[LinkView]:
    """Return occupations for above the results: the one that is called what was typed, or those with all its words in their names."""
    near = [(hit.card, nearness(hit.card, text)) for hit in find_occupations(text, language)]
    named = [card for card, place in near if place < NOT_NAMED]
    is_certain = bool(near) and near[0][1] < NAMED
    return [LinkView(card["title"], occupation_url(card)) for card in (named[:1] if is_certain else named)]


def occupation_url(card: Mapping[str, Any]) -> str:
    return url_for("occupations.occupation_page", slug=card["slug"])


def _skill(language: Language, path: str, skill: Sequence[str], found: Learnable) -> dict[str, Any]:
    value, name, spoken = skill
    number = found.modules.get(value, 0)
    return {
        "name": _shown(language, name, spoken),
        "url": address(path, [("skill", value)]) if number else "",
        "modules": ngettext("%(num)s module", "%(num)s modules", number, num=number_text(number)) if number else "",
    }


def _fit(language: Language, fit: Fit) -> dict[str, Any]:
    return {
        "card": Markup(plain_cards(language, [fit.hit])[0]),  # noqa: S704 - made by a macro
        "teaches": [_shown(language, name, spoken) for _value, name, spoken in fit.teaches[:_NAMED]],
        "others": max(0, len(fit.teaches) - _NAMED),
    }


def _shown(language: Language, text: str, spoken: str) -> Shown:
    return Shown(text, "" if spoken == language else spoken)
