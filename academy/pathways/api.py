"""What higher rooms may call of pathways."""

from academy.pathways.events import PathwayConcerned
from academy.pathways.kinds import ChangeKind
from academy.pathways.queries.following import ChangeFacts, ChangesTold, changes_told

__all__ = ["ChangeFacts", "ChangeKind", "ChangesTold", "PathwayConcerned", "changes_told"]
