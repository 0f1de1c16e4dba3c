"""Finished values for the pages of the skills room."""

from collections.abc import Sequence
from typing import Any, Final

from babel.numbers import format_decimal

from academy.kernel.formats import moment_text
from academy.kernel.translation import _, reading_language
from academy.skills import words
from academy.skills.facts import ChangeFacts, VersionFacts
from academy.skills.models import ChangeKind
from academy.skills.rules import ATTRIBUTION

_LISTED: Final = 200  # of each kind; an update of ESCO changes tens of names


def classification_values(version: VersionFacts, changes: Sequence[ChangeFacts]) -> dict[str, Any]:
    """Return what the page about the classification shows."""
    return {
        "name": f"{version.scheme.upper()} {version.version}",
        "loaded_at": moment_text(version.loaded_at),
        "counts": _counts(version),
        "changes": [_change_values(kind, [change for change in changes if change.kind is kind]) for kind in ChangeKind],
        "has_changes": bool(changes),
        "attribution": ATTRIBUTION,
    }


def _counts(version: VersionFacts) -> list[tuple[str, str]]:
    named = {
        "skills": _("Vaardigheden en kennis"), "occupations": _("Beroepen"),
        "occupation_skills": _("Vaardigheden bij beroepen"), "groups": _("Groepen"),
    }
    return [(label, format_decimal(version.counts.get(name, 0), locale=reading_language())) for name, label in named.items()]


def _change_values(kind: ChangeKind, changes: Sequence[ChangeFacts]) -> dict[str, Any]:
    return {
        "label": words.change_word(kind),
        "number": len(changes),
        "rows": [(change.old_label, change.new_label) for change in changes[:_LISTED]],
        "more": max(0, len(changes) - _LISTED),
    }
