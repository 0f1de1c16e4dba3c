"""Whether a module adds to what the anchors offer, by the skills that both train and by what their texts say (requirement R26)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

FEW: Final = Fraction(1, 3)
MANY: Final = Fraction(2, 3)


class Relation(StrEnum):
    """What a module is beside the offer of the anchors."""

    COMPLEMENTS = "complements"  # less than a third of its skills is trained there
    PARTLY = "partly"
    OVERLAPS = "overlaps"  # two thirds of its skills or more
    UNKNOWN = "unknown"  # it names no skills or the anchors do not, and its text resembles none of theirs


_MORE: Final = (Relation.UNKNOWN, Relation.COMPLEMENTS, Relation.PARTLY, Relation.OVERLAPS)  # what is found outweighs what is not


@dataclass(frozen=True, slots=True)
class Trained:
    """A public module with the skills (URIs) that its outcomes train."""

    module_id: UUID
    provider_id: UUID
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alike:
    """The module of an anchor that a module resembles most by its title and outcomes; `percent` is 0 to 100."""

    module_id: UUID
    percent: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """From how many per cent texts overlap in part, and as good as whole."""

    some: int
    strong: int


@dataclass(frozen=True, slots=True)
class Beside:
    """A module beside the offer of the anchors: which of its skills are trained there too, how much its text resembles one there, and which module there is nearest."""

    module: Trained
    relation: Relation
    shared: frozenset[str]
    text_percent: int
    nearest: UUID | None

    @property
    def percent(self) -> int:
        """How many of a hundred of its skills are trained there too, rounded down; 0 where nothing can be said."""
        return 100 * len(self.shared) // len(self.module.skills) if self.module.skills else 0


def beside_anchors(modules: Iterable[Trained], anchors: Collection[UUID], alike: Mapping[UUID, Alike], bounds: Bounds) -> tuple[Beside, ...]:
    """Return every module that is not of an anchor, in its order, beside all that the anchors offer together; `alike` by its id, without it no text resembles it."""
    listed = list(modules)
    having: dict[str, list[UUID]] = {}
    for each in listed:
        if each.provider_id in anchors:
            for skill in each.skills:
                having.setdefault(skill, []).append(each.module_id)
    return tuple(_beside(each, having, alike.get(each.module_id), bounds) for each in listed if each.provider_id not in anchors)


def _beside(module: Trained, having: Mapping[str, list[UUID]], alike: Alike | None, bounds: Bounds) -> Beside:
    shared = frozenset(skill for skill in module.skills if skill in having)
    most = Counter(other for skill in shared for other in having[skill])
    by_skills = _by_skills(len(shared), len(module.skills)) if having else Relation.UNKNOWN
    by_text = _by_text(alike.percent, bounds) if alike is not None else Relation.UNKNOWN
    closest = min(most, key=lambda other: (-most[other], other), default=None)
    is_text = alike is not None and _MORE.index(by_text) > _MORE.index(by_skills)
    return Beside(
        module, by_text if is_text else by_skills, shared, alike.percent if alike is not None else 0,
        alike.module_id if alike is not None and (is_text or (closest is None and by_text is not Relation.UNKNOWN)) else closest,
    )


def _by_skills(shared: int, own: int) -> Relation:
    if not own:
        return Relation.UNKNOWN
    share = Fraction(shared, own)
    return Relation.COMPLEMENTS if share < FEW else Relation.PARTLY if share < MANY else Relation.OVERLAPS


def _by_text(percent: int, bounds: Bounds) -> Relation:
    """Return what a text says: one that resembles little proves nothing, since the same can be said in other words."""
    return Relation.UNKNOWN if percent < bounds.some else Relation.PARTLY if percent < bounds.strong else Relation.OVERLAPS
