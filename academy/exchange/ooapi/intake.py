"""The desk where items come in: each is taken once, or refused with all that is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from academy.exchange.ooapi.fields import Payload
from academy.exchange.payloads import Kind
from academy.exchange.supply import Supply

Draft = TypeVar("Draft")

_LONGEST_ID: Final = 300


def key_of_specification(id_: str) -> str:
    """Return the key of a v5 specification among the programmes: the standard lets it have the id of one."""
    return f"education-specification/{id_}"


_KEYS: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.COURSE: str, Kind.PROGRAM: str, Kind.EDUCATION_SPECIFICATION: key_of_specification,
}


@dataclass
class Desk:
    """Keeps what was refused, so that what belongs to it can say so."""

    supply: Supply
    refused: set[tuple[Kind, str]] = field(default_factory=set)

    def refuse(self, item: Payload, id_: str) -> None:
        """Leave the item out; its first problem counts as the refusal."""
        first, *others = item.problems
        self.supply.refuse(first, _KEYS[item.kind](id_) if item.kind in _KEYS else "")
        for problem in others:
            self.supply.report(problem)
        self.refused.add((item.kind, id_))


@dataclass
class Taken(Generic[Draft]):
    """The drafts of one kind by the source's id, each with its item."""

    desk: Desk
    found: dict[str, tuple[Payload, Draft]] = field(default_factory=dict)

    def take(self, item: Payload, id_: str, draft: Draft | None) -> None:
        """Take the item once. Two items that differ under one id are one, and a refusal; without a draft and problem it is passed over."""
        there = self.found.get(id_)
        if len(id_) > _LONGEST_ID or not id_.isprintable():
            item.refuse("primaryCode", "id-not-usable", f"an id has at most {_LONGEST_ID} characters, and none that can not be seen", id_)
        if there is not None and there[1] != draft and not item.problems:
            reason = f"the id of item {there[0].number} of {there[0].source}, with other content; that one is loaded"
            item.refuse("primaryCode", "duplicate-differs", reason, id_)
        if item.problems:
            self.desk.refuse(item, id_)
        elif there is not None:
            item.remark("primaryCode", "seen-again", "an item came twice with the same content", id_)
            item.tell(self.desk.supply.notices)
        elif draft is None:
            item.tell(self.desk.supply.notices)
        else:
            self.found[id_] = (item, draft)

    def give_up(self, id_: str) -> None:
        """Refuse what was taken before; its item says why."""
        item, _draft = self.found.pop(id_)
        self.desk.refuse(item, id_)
