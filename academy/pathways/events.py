"""What pathways announce: ids only. Letters hear of it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class PathwayConcerned(Event):
    """Something changed that concerns steps of a pathway in somebody's account; they hear of it, at most once a day. Read what is open of it now."""

    name: ClassVar[str] = "Pathways.pathway-concerned.v1"
    pathway_id: UUID
