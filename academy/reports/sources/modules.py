"""What modules train and for which sectors, for whatever was wanted or is given of a module."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.models import LearningOutcome, Module, OutcomeSkill
from academy.catalogue.taxonomy import sector_codes
from academy.reports.kinds import MODULE, UNKNOWN


@dataclass(frozen=True)
class ModuleFacts:
    """The skills (URIs, in order) of what one can do after a module as it is now, and the sectors it is for, the main one first. `own` stands for a module that names no skills."""

    skills: tuple[str, ...]
    sectors: tuple[str, ...]
    own: str = UNKNOWN

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return what a want of the module is a want of: its skills, else the module itself, else UNKNOWN."""
        return self.skills or (self.own,)

    @property
    def sector(self) -> str:
        """Return the main sector, or UNKNOWN."""
        return self.sectors[0] if self.sectors else UNKNOWN


NO_MODULE: Final = ModuleFacts((), ())


def modules(session: Session) -> Mapping[UUID, ModuleFacts]:
    """Return all modules by id; of what is none NO_MODULE tells. Two statements."""
    skills: dict[UUID, set[str]] = defaultdict(set)
    rows = session.execute(
        select(LearningOutcome.module_id, OutcomeSkill.skill_uri).join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        .where(LearningOutcome.left_in_version.is_(None)),
    )
    for module_id, uri in rows:
        skills[module_id].add(uri)
    known = set(sector_codes())
    found = {}
    for module_id, sectors in session.execute(select(Module.id, Module.sectors)):
        kept = tuple(code for code in dict.fromkeys(sectors) if code in known)
        found[module_id] = ModuleFacts(tuple(sorted(skills.get(module_id, ()))), kept, f"{MODULE}{module_id.hex}")
    return found


def known_sector(code: str | None) -> str:
    """Return a sector as it was written somewhere, or UNKNOWN for what the taxonomy does not have."""
    return code if code and code in sector_codes() else UNKNOWN


def chosen_sector(parameters: Sequence[Sequence[str]]) -> str:
    """Return the sector of the address of a results page, [name, value] each; UNKNOWN where none was chosen, or several."""
    chosen = [value for name, value in parameters if name == "sector"]
    return known_sector(chosen[0]) if len(chosen) == 1 else UNKNOWN
