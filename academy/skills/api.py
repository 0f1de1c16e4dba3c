"""What higher rooms may call of the skills room."""

from academy.skills.events import VersionLoaded
from academy.skills.facts import ChangeFacts, OccupationFacts, SkillFacts, SkillSuggestion, VersionFacts
from academy.skills.models import ChangeKind, Concept, SkillKind
from academy.skills.queries import (
    asked_of,
    changes,
    current_version,
    labels_with,
    near_skills,
    occupation_with,
    occupations,
    occupations_called,
    other_names,
    skills_by_uri,
    suggest,
)
from academy.skills.rules import ATTRIBUTION, SCHEME

__all__ = [
    "ATTRIBUTION", "SCHEME", "ChangeFacts", "ChangeKind", "Concept", "OccupationFacts", "SkillFacts", "SkillKind", "SkillSuggestion",
    "VersionFacts", "VersionLoaded", "asked_of", "changes", "current_version", "labels_with", "near_skills", "occupation_with", "occupations", "occupations_called", "other_names", "skills_by_uri",
    "suggest",
]
