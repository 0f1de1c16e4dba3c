"""What a gap is about: a skill of the classification by its URI, or a module that names none."""

import re
from typing import Final
from uuid import UUID

from academy.reports.kinds import MODULE

_HEX: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def module_in(subject: str) -> UUID | None:
    """Return the module that a gap is about; None for a skill, and for an id that is written otherwise: as text that would be another gap."""
    said = subject.removeprefix(MODULE)
    return UUID(hex=said) if said != subject and _HEX.fullmatch(said) else None
