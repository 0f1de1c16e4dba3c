"""Reads for choosing skills with an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from academy.kernel.text import Language
from academy.skills import api as skills

_FOUND: Final = 8
_MOST_SKILLS: Final = 30  # of one outcome


@dataclass(frozen=True)
class SkillChoices:
    """The skills that an outcome has, and others that the words may mean."""

    chosen: tuple[skills.SkillFacts, ...]
    found: tuple[skills.SkillSuggestion, ...]


def skill_choices(
    session: Session, asked: Sequence[tuple[str, Sequence[str]]], language: Language,
) -> tuple[SkillChoices, ...] | None:
    """Return the choices for each (words, URIs chosen); None when no classification is loaded."""
    if skills.current_version(session) is None:
        return None
    known = skills.skills_by_uri(session, {uri for _words, uris in asked for uri in uris[:_MOST_SKILLS]})
    return tuple(
        SkillChoices(
            tuple(known[uri] for uri in dict.fromkeys(uris) if uri in known),
            tuple(one for one in skills.suggest(session, words, language, _FOUND) if one.uri not in uris) if words.strip() else (),
        )
        for words, uris in asked
    )
