"""What a tree comes to with modules in its places: counted by how sure it is, and missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from academy.pathways.kinds import NodeKind, Standing
from academy.pathways.problem import Node

SUREST_FIRST: Final = tuple(Standing)
OFFICIAL: Final = frozenset({Standing.OBTAINED, Standing.RECOGNISED})
_RANK: Final = {standing: rank for rank, standing in enumerate(SUREST_FIRST)}

Counted = tuple[int, int, int, int, int]  # tenths of EC, in the order of SUREST_FIRST
NOTHING: Final[Counted] = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Held:
    """A module that somebody has, is getting or plans: whole with `standing`, in part with `part` (tenths), or both: then the rest has that standing.

    `taught` is what the awarding institution itself teaches of it, in tenths.
    """

    module: str
    standing: Standing | None
    part: int = 0
    part_standing: Standing = Standing.RECOGNISED
    taught: int = 0

    @property
    def is_official(self) -> bool:
        return self.standing in OFFICIAL


@dataclass(frozen=True, slots=True)
class Tally:
    """What a requirement comes to. `standing` is the least sure of what it rests on; None as long as it is not complete. `chosen` are the keys that a number took."""

    counted: Counted
    missing: int
    is_complete: bool
    standing: Standing | None
    chosen: frozenset[str] = frozenset()


def tally(node: Node, holders: Mapping[str, Held], taught_by: Mapping[str, Standing], into: dict[str, Tally] | None = None) -> Tally:
    """Count a requirement and what is below it: `holders` by key of the place, `taught_by` by module that is whole. Every tally goes `into` that too."""
    below = [tally(item, holders, taught_by, into) for item in node.items]
    found = _tally(node, below, holders, taught_by)
    if into is not None:
        into[node.key] = found
    return found


def _tally(node: Node, below: Sequence[Tally], holders: Mapping[str, Held], taught_by: Mapping[str, Standing]) -> Tally:
    match node.kind:
        case NodeKind.MODULE:
            return _module(node, holders.get(node.key))
        case NodeKind.OUTCOME:
            standing = min((taught_by[module] for module in node.modules if module in taught_by), key=_RANK.__getitem__, default=None)
            return Tally(NOTHING, 0, standing is not None, standing)
        case NodeKind.ALL:
            is_complete = all(each.is_complete for each in below)
            return Tally(_sum(below), sum(each.missing for each in below), is_complete, _weakest(below) if is_complete else None)
        case NodeKind.CREDITS:
            counted = _at_most(_sum(below), node.amount)
            missing = node.amount - sum(counted)
            return Tally(counted, missing, missing == 0, None if missing else _least_sure(counted))
        case NodeKind.NUMBER:
            return _number(node, below)


def _module(node: Node, holder: Held | None) -> Tally:
    if holder is None:
        return Tally(NOTHING, node.amount, is_complete=False, standing=None)
    part = min(holder.part, node.amount) if holder.module == node.modules[0] else 0
    counted = [*NOTHING]
    counted[_RANK[holder.part_standing]] = part
    if holder.standing is None:
        return Tally(_fixed(counted), node.amount - part, is_complete=False, standing=None)
    counted[_RANK[holder.standing]] += node.amount - part
    return Tally(_fixed(counted), 0, is_complete=True, standing=holder.standing)


def _number(node: Node, below: Sequence[Tally]) -> Tally:
    """Count the highest, and miss the least: of a choice one does not have to finish what one has most of."""
    order = sorted(range(len(below)), key=lambda place: (-sum(below[place].counted), not below[place].is_complete, -official(below[place].counted), place))
    chosen = order[: node.amount]
    complete = sorted((each for each in below if each.is_complete), key=lambda each: _RANK[each.standing or SUREST_FIRST[0]])[: node.amount]
    is_complete = len(complete) >= node.amount
    return Tally(
        _sum([below[place] for place in chosen]), sum(sorted(each.missing for each in below)[: node.amount]), is_complete,
        _weakest(complete) if is_complete else None, frozenset(node.items[place].key for place in chosen),
    )


def official(counted: Counted) -> int:
    """Return what is obtained or recognised."""
    return counted[0] + counted[1]


def _sum(below: Sequence[Tally]) -> Counted:
    sums = [*NOTHING]
    for each in below:
        for place, amount in enumerate(each.counted):
            sums[place] += amount
    return _fixed(sums)


def _at_most(counted: Counted, most: int) -> Counted:
    """Return what fits in so much, the surest first."""
    left = most
    kept = []
    for amount in counted:
        kept.append(min(amount, left))
        left -= kept[-1]
    return _fixed(kept)


def _fixed(counted: Sequence[int]) -> Counted:
    return (counted[0], counted[1], counted[2], counted[3], counted[4])


def _least_sure(counted: Counted) -> Standing:
    return next((standing for standing, amount in zip(reversed(SUREST_FIRST), reversed(counted), strict=True) if amount), SUREST_FIRST[0])


def _weakest(below: Sequence[Tally]) -> Standing:
    return max((each.standing for each in below if each.standing is not None), key=_RANK.__getitem__, default=SUREST_FIRST[0])
