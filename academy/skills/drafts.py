"""Frozen values that come in: a version of a scheme, cleaned and checked against itself, ready to be loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from academy.skills.findings import Notice
from academy.skills.models import LabelKind, Necessity, ReuseLevel, SkillKind


class SkillDraft(NamedTuple):
    kind: SkillKind
    reuse_level: ReuseLevel | None
    description: str


class OccupationDraft(NamedTuple):
    code: str
    isco_group: str


class LabelDraft(NamedTuple):
    kind: LabelKind
    text: str


LabelKey = tuple[str, str, str]  # URI, language, folded text
Pair = tuple[str, str]


@dataclass(frozen=True)
class SchemeDraft:
    """All of one version. Labels come in the languages of the files; a language without a file is not spoken of.

    `occupation_skills` is by (occupation, skill); `broader` holds (skill, broader skill or group). Every URI in both is one of ours:
    what pointed nowhere is left out, counted in `pointing_nowhere` and listed in `notices`.
    """

    scheme: str
    version: str
    skills: Mapping[str, SkillDraft]
    skill_labels: Mapping[LabelKey, LabelDraft]
    occupations: Mapping[str, OccupationDraft]
    occupation_labels: Mapping[LabelKey, LabelDraft]
    occupation_skills: Mapping[Pair, tuple[Necessity]]
    broader: Mapping[Pair, tuple[()]]
    pointing_nowhere: int
    notices: tuple[Notice, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how much there is of each."""
        groups = sum(skill.kind is SkillKind.GROUP for skill in self.skills.values())
        return {
            "skills": len(self.skills) - groups,
            "groups": groups,
            "skill_labels": len(self.skill_labels),
            "occupations": len(self.occupations),
            "occupation_labels": len(self.occupation_labels),
            "occupation_skills": len(self.occupation_skills),
            "broader": len(self.broader),
            "pointing_nowhere": self.pointing_nowhere,
        }
