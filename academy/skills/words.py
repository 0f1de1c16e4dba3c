"""Codes of the skills room in the reader's words."""

from academy.kernel.translation import _l
from academy.skills.models import ChangeKind, SkillKind

_KINDS = {SkillKind.SKILL: _l("vaardigheid"), SkillKind.KNOWLEDGE: _l("kennis"), SkillKind.GROUP: _l("groep vaardigheden")}
_CHANGES = {ChangeKind.ADDED: _l("Nieuw"), ChangeKind.RENAMED: _l("Heet nu anders"), ChangeKind.DROPPED: _l("Vervallen")}


def skill_kind_word(kind: SkillKind) -> str:
    return str(_KINDS[kind])


def change_word(kind: ChangeKind) -> str:
    return str(_CHANGES[kind])
