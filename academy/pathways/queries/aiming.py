"""Goals to choose from: programmes that are known from the inside, occupations, and skills."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.text import Language, Localized
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import GoalKind
from academy.skills import api as skills
from academy.skills.api import SkillSuggestion

MOST_SKILLS: Final = 24  # in one goal
_MOST_SUGGESTED: Final = 8


@dataclass(frozen=True)
class Goal:
    """Where somebody wants to be. `skills` are URIs: of an occupation those it asks for."""

    kind: GoalKind
    programme_id: UUID | None = None
    occupation_uri: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goals:
    """What one can choose: programmes, and what `words` may mean: occupations by URI, and skills."""

    words: str
    programmes: tuple[catalogue.ProgrammeSummary, ...]
    occupations: Mapping[str, str] = field(default_factory=dict)
    skills: tuple[SkillSuggestion, ...] = ()


def goals(session: Session, words: str, language: Language) -> Goals:
    """Return what one can choose, Associate degrees first: one statement, and at most seven for `words`."""
    known = [each for each in catalogue.programmes(session) if each.module_count]
    ordered = tuple(sorted(known, key=lambda each: (each.nlqf != catalogue.AD_LEVEL, each.title.nl.casefold())))
    if not words:
        return Goals("", ordered)
    occupations = skills.occupations_called(session, words, language)
    return Goals(words, ordered, occupations, skills.suggest(session, words, language, _MOST_SUGGESTED))


def programme_goal(choices: Goals, slug: str) -> Goal | None:
    """Return the programme with this slug as a goal; None when it is not among the choices."""
    return next((Goal(GoalKind.PROGRAMME, programme_id=each.id) for each in choices.programmes if each.slug == slug), None)


def occupation_goal(session: Session, uri: str) -> Goal | None:
    """Return the skills that an occupation asks for as a goal: four statements; None when it asks for nothing we know."""
    found = skills.occupation_with(session, uri)
    if found is None or not found.essential:
        return None
    return Goal(GoalKind.OCCUPATION, occupation_uri=uri, skills=tuple(each.uri for each in found.essential[:MOST_SKILLS]))


def skills_goal(session: Session, uris: Collection[str]) -> Goal | None:
    """Return those of these skills that there are as a goal: one statement; None when there are none."""
    known = skills.skills_by_uri(session, list(dict.fromkeys(uris))[:MOST_SKILLS])
    there = tuple(uri for uri, each in known.items() if not each.is_dropped)
    return Goal(GoalKind.SKILLS, skills=there) if there else None


def titles_of(session: Session, pathways: Collection[PathwayFacts]) -> dict[UUID, Localized]:
    """Return by pathway what it leads to: one statement for programmes and one for skills, and four for each occupation."""
    programmes = {each.id: each.title for each in catalogue.programmes(session, programme_ids=[each.programme_id for each in pathways if each.programme_id])}
    known = skills.skills_by_uri(session, {each.skills[0] for each in pathways if each.goal is GoalKind.SKILLS and each.skills})
    found: dict[UUID, Localized] = {}
    for each in pathways:
        if each.programme_id in programmes:
            found[each.id] = programmes[each.programme_id]
        elif each.goal is GoalKind.OCCUPATION and (occupation := skills.occupation_with(session, each.occupation_uri)) is not None:
            found[each.id] = occupation.label
        elif each.skills and each.skills[0] in known:
            found[each.id] = known[each.skills[0]].label
    return found
