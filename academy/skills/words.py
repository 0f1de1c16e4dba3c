"""Codes of the skills room in the reader's words."""

from academy.kernel.translation import _l
from academy.skills.models import ChangeKind

_CHANGES = {ChangeKind.ADDED: _l("Nieuw"), ChangeKind.RENAMED: _l("Heet nu anders"), ChangeKind.DROPPED: _l("Vervallen")}


def change_word(kind: ChangeKind) -> str:
    return str(_CHANGES[kind])
