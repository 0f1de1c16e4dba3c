"""What search announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class SearchKept(Event):
    """Someone left a question with an address that is not proven yet; a letter must ask whether it is theirs."""

    name: ClassVar[str] = "Search.search-kept.v1"
    saved_search_id: UUID


@dataclass(frozen=True)
class NewFitsFound(Event):
    """Something new fits a saved search; `letter_id` stands with each document that the letter tells of."""

    name: ClassVar[str] = "Search.new-fits-found.v1"
    letter_id: UUID
