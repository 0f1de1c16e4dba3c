"""What a programme asks: the tree of MITx Online with its programmes inside programmes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from academy.catalogue.api import RequirementDraft, RequirementKind
from academy.exchange.provider_feeds.gathering import COURSE_UNKNOWN, Gathering, localized
from academy.exchange.provider_feeds.items import Item
from academy.kernel.cleaning import clean_line

_DEEPEST: Final = 20  # programmes within programmes included
_LARGEST: Final = 2_000  # nodes
_LONGEST_TITLE: Final = 300
_NUMBER: Final = re.compile(r"[0-9]{1,4}$")


class _TreeWrong(Exception):
    """The tree can not be used: where, what stands there, and why."""

    def __init__(self, field: str, value: object, code: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.code, self.reason = field, value, code, reason


class Trees:
    """The requirement trees of one provider's programmes. `courses` gives the key of a course by its number.

    A programme within a programme is written out in full; one that its provider shows as a course is a leaf, under `programme NUMBER`.
    """

    def __init__(self, courses: Mapping[object, str], programmes: Sequence[Item], gathering: Gathering) -> None:
        self._courses = courses
        self._programmes: dict[object, Item] = {item.reference("id"): item for item in reversed(programmes)}
        self._gathering = gathering

    def of(self, programme: Item) -> RequirementDraft | None:
        """Return what the programme asks, or None with the reason reported: a tree with a hole would ask something else."""
        walk = _Walk(self._courses, self._programmes)
        try:
            items = walk.items(programme.found.get("req_tree"), "req_tree", (programme.reference("id"),), 1)
        except _TreeWrong as wrong:
            self._gathering.report(programme, wrong.field, wrong.code, wrong.reason, wrong.value)
            items = ()
        for field, number in walk.unknown:
            self._gathering.report(programme, field, "course-unknown", COURSE_UNKNOWN, number)
        return None if walk.unknown else _joined(items)


class _Walk:
    """One way down a tree; `unknown` gathers the courses it names that are not there."""

    def __init__(self, courses: Mapping[object, str], programmes: Mapping[object, Item]) -> None:
        self._courses = courses
        self._programmes = programmes
        self._nodes = 0
        self.unknown: list[tuple[str, object]] = []

    def items(self, nodes: Any, path: str, way: tuple[object, ...], depth: int) -> tuple[RequirementDraft, ...]:  # noqa: ANN401
        """Return the nodes that ask something, once each. `way` are the programmes that this one is in, itself last. Raises _TreeWrong."""
        if nodes is None:
            return ()
        if not isinstance(nodes, list):
            raise _TreeWrong(path, nodes, "not-a-list", "a list of nodes is expected")
        if depth > _DEEPEST:
            raise _TreeWrong(path, "", "nested-too-deep", f"what the programme asks is nested more than {_DEEPEST} deep")
        found = (self._node(node, f"{path}[{place}]", way, depth) for place, node in enumerate(nodes))
        return tuple(dict.fromkeys(item for item in found if item is not None))

    def _node(self, node: Any, path: str, way: tuple[object, ...], depth: int) -> RequirementDraft | None:  # noqa: ANN401
        self._nodes += 1
        if self._nodes > _LARGEST:
            raise _TreeWrong(path, "", "too-many-nodes", f"the programme asks more than {_LARGEST} things")
        about = node.get("data") if isinstance(node, dict) else None
        if not isinstance(about, dict):
            raise _TreeWrong(path, node, "not-an-object", "a node with its data is expected")
        match about.get("node_type"):
            case "course":
                return self._leaf(about.get("course"), f"{path}.data.course")
            case "program":
                return self._programme(about.get("required_program"), f"{path}.data.required_program", way, depth)
            case "program_root" | "operator" as kind:
                items = self.items(node.get("children"), f"{path}.children", way, depth + 1)
                return _operator(about, items, path) if kind == "operator" else _joined(items)
            case other:
                raise _TreeWrong(f"{path}.data.node_type", other, "unknown-node", "course, program, program_root or operator is expected")

    def _leaf(self, number: object, path: str) -> RequirementDraft:
        key = self._courses.get(number, "") if isinstance(number, int | str) else ""
        if not key:
            self.unknown.append((path, number))
        return RequirementDraft(RequirementKind.MODULE, module=key or f"unknown {number}")  # then the tree is not used

    def _programme(self, number: object, path: str, way: tuple[object, ...], depth: int) -> RequirementDraft:
        if not isinstance(number, int | str):
            raise _TreeWrong(path, number, "programme-unknown", "the number of a programme is expected")
        if number in way:
            raise _TreeWrong(path, number, "programme-within-itself", "the programme is a part of itself")
        as_course = self._courses.get(f"programme {number}")
        if as_course is not None:
            return RequirementDraft(RequirementKind.MODULE, module=as_course)
        inner = self._programmes.get(number)
        if inner is None:
            raise _TreeWrong(path, number, "programme-unknown", "no such programme came along")
        items = self.items(inner.found.get("req_tree"), path, (*way, number), depth + 1)
        if not items:
            raise _TreeWrong(path, number, "programme-without-courses", "that programme asks nothing, so it can not be a part of another")
        only = items[0]
        inside = only.items if len(items) == 1 and only.kind is RequirementKind.ALL_OF else items
        return RequirementDraft(RequirementKind.ALL_OF, localized(inner.line("title")), items=inside)


def _joined(items: tuple[RequirementDraft, ...]) -> RequirementDraft | None:
    """Return all of these as one node, None when there are none."""
    if len(items) == 1 and items[0].items:
        return items[0]
    return RequirementDraft(RequirementKind.ALL_OF, items=items) if items else None


def _operator(about: Mapping[str, Any], items: tuple[RequirementDraft, ...], path: str) -> RequirementDraft | None:
    title = localized(clean_line(str(about.get("title") or ""))[:_LONGEST_TITLE])
    match about.get("operator"):
        case "all_of":
            return RequirementDraft(RequirementKind.ALL_OF, title, items=items) if items else None
        case "min_number_of":
            return RequirementDraft(RequirementKind.NUMBER_OF, title, number=_number(about, items, path), items=items)
        case other:
            raise _TreeWrong(f"{path}.data.operator", other, "unknown-operator", "all_of or min_number_of is expected")


def _number(about: Mapping[str, Any], items: tuple[RequirementDraft, ...], path: str) -> int:
    value = about.get("operator_value")
    number = int(value) if isinstance(value, str | int) and _NUMBER.match(str(value)) else 0
    if not 1 <= number <= len(items):
        reason = f"a number from 1 to {len(items)} is expected: so many of what stands below are asked"
        raise _TreeWrong(f"{path}.data.operator_value", value, "number-not-possible", reason)
    return number
