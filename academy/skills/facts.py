"""Frozen facts that leave the room: suggestions, skills by their URI, versions, and what loading one did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from academy.kernel.text import Language, Localized
from academy.skills.findings import Notice
from academy.skills.models import ChangeKind, Concept, SkillKind


@dataclass(frozen=True, slots=True)
class SkillSuggestion:
    """A skill that may be meant: `label` is what it is called, in the language `spoken`, `matched` the label that was typed; `via` the occupation that asks for it, if any."""

    uri: str
    label: str
    matched: str
    kind: SkillKind
    spoken: Language
    via: str = ""


@dataclass(frozen=True, slots=True)
class SkillFacts:
    """A skill as a tag shows it; one that the present version dropped keeps its words."""

    uri: str
    label: Localized
    kind: SkillKind
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class OccupationFacts:
    """An occupation with all its names, and the skills it asks for: first those that tell it from others.

    `other_names` are alternative labels by their language; `code` begins with `isco_group`, a unit group of ISCO-08.
    """

    uri: str
    code: str
    isco_group: str
    label: Localized
    other_names: Mapping[str, tuple[str, ...]]
    essential: tuple[SkillFacts, ...]


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version that was loaded; `counts` as in SchemeDraft."""

    scheme: str
    version: str
    loaded_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What a version did to one concept; `language` is that of a name that changed, else empty."""

    uri: str
    kind: ChangeKind
    concept: Concept
    language: str
    old_label: str
    new_label: str


@dataclass(frozen=True)
class LoadReport:
    """What loading did. `previous` is the version before, None for the first and for more of the same; `rows_changed` is 0 when all was there."""

    scheme: str
    version: str
    previous: str | None
    rows_changed: int
    counts: Mapping[str, int]
    changes: Sequence[ChangeFacts]
    notices: Sequence[Notice]

    def of_kind(self, kind: ChangeKind) -> list[ChangeFacts]:
        return [change for change in self.changes if change.kind is kind]

    def as_json(self) -> dict[str, Any]:
        """Return plain values; the changes in a list per kind."""
        lists = {kind.value: [_change_as_json(change) for change in self.of_kind(kind)] for kind in ChangeKind}
        notices = [
            {"code": each.code, "file": each.file, "line": each.line, "column": each.column, "value": each.value,
             "count": each.count, "text": each.text}
            for each in self.notices
        ]
        return {
            "loaded": True, "scheme": self.scheme, "version": self.version, "previous": self.previous,
            "rows_changed": self.rows_changed, "counts": dict(self.counts), **lists, "notices": notices,
        }


def _change_as_json(change: ChangeFacts) -> dict[str, str]:
    return {"uri": change.uri, "concept": change.concept, "language": change.language, "old": change.old_label, "new": change.new_label}
