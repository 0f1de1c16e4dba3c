"""What a goal asks: the requirement tree of a programme, or what one must be able to do for an occupation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleToTake, ProgrammeNotFound, ProgrammeToFollow, RequirementFacts, RequirementKind
from academy.kernel.text import Localized
from academy.pathways.errors import GoalGone, PathwayNotFound
from academy.pathways.facts import GoalFacts, PathwayFacts, RequirementWords
from academy.pathways.kinds import GoalKind, NodeKind
from academy.pathways.problem import Node
from academy.recognition import api as recognition
from academy.skills import api as skills

ROOT: Final = "0"
_NONE: Final = Decimal(0)
_KINDS: Final = {
    RequirementKind.ALL_OF: NodeKind.ALL, RequirementKind.CREDITS_OF: NodeKind.CREDITS, RequirementKind.NUMBER_OF: NodeKind.NUMBER,
    RequirementKind.MODULE: NodeKind.MODULE,
}


@dataclass(frozen=True)
class Asked:
    """A goal as it is kept: a programme, or skills with the modules that train them. `module_ids` are all that it names."""

    kind: GoalKind
    programme: ProgrammeToFollow | None = None
    title: Localized = Localized()
    labels: Mapping[str, Localized] = field(default_factory=dict)
    by_skill: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    module_ids: frozenset[UUID] = frozenset()


def goal_of(session: Session, pathway: PathwayFacts, *, now: datetime) -> tuple[GoalFacts, Node]:
    """Return the goal of a pathway in words, and what it asks. Raises GoalGone when the programme is no longer offered; at most nine statements."""
    asked = asked_by(session, pathway)
    counts_as = modules_counting(session, asked.module_ids, now=now)
    return tree_of(asked, catalogue.modules_to_take(session, with_others(asked.module_ids, counts_as)), counts_as)


def asked_by(session: Session, pathway: PathwayFacts) -> Asked:
    """Return what the goal of a pathway names: two statements for a programme, at most six for skills. Raises GoalGone."""
    if pathway.goal is GoalKind.PROGRAMME:
        if pathway.programme_id is None:
            raise PathwayNotFound
        try:
            return asked_of_programme(session, pathway.programme_id)
        except ProgrammeNotFound:
            raise GoalGone([each.module_id for each in pathway.steps]) from None
    known = skills.skills_by_uri(session, pathway.skills)
    labels = {uri: known[uri].label if uri in known else Localized(uri, uri) for uri in pathway.skills}
    by_skill = catalogue.modules_by_skill(session, pathway.skills)
    occupation = skills.occupation_with(session, pathway.occupation_uri) if pathway.goal is GoalKind.OCCUPATION else None
    title = occupation.label if occupation is not None else Localized(*(", ".join(each.in_language(word) for each in labels.values()) for word in ("nl", "en")))
    return Asked(pathway.goal, None, title, labels, by_skill, frozenset(each for ids in by_skill.values() for each in ids))


def asked_of_programme(session: Session, programme_id: UUID) -> Asked:
    """Return what a programme names: two statements. Raises ProgrammeNotFound."""
    programme = catalogue.programme_to_follow(session, programme_id)
    named = _leaves(programme.requirements) if programme.requirements is not None else ()
    return Asked(GoalKind.PROGRAMME, programme, programme.title, module_ids=frozenset(named))


def _leaves(node: RequirementFacts) -> Iterator[UUID]:
    if node.module is not None:
        yield node.module.id
    for item in node.items:
        yield from _leaves(item)


def modules_counting(session: Session, module_ids: frozenset[UUID], *, now: datetime) -> dict[UUID, tuple[UUID, ...]]:
    """Return by module those that count as it, whoever takes them, by what exam boards published."""
    found: dict[UUID, tuple[UUID, ...]] = {}
    for each in recognition.modules_that_count_as(session, module_ids, now=now):
        found[each.for_module_id] = tuple(dict.fromkeys((*found.get(each.for_module_id, ()), each.module_id)))
    return found


def with_others(module_ids: frozenset[UUID], counts_as: Mapping[UUID, tuple[UUID, ...]]) -> frozenset[UUID]:
    return module_ids | {other for others in counts_as.values() for other in others}


def tree_of(asked: Asked, modules: Mapping[UUID, ModuleToTake], counts_as: Mapping[UUID, tuple[UUID, ...]]) -> tuple[GoalFacts, Node]:
    """Return a goal in words, and what it asks, with these modules known."""
    words: dict[str, RequirementWords] = {}
    programme = asked.programme
    if programme is None:
        tree = _of_skills(asked, modules, words)
        return GoalFacts(asked.kind, asked.title, "", "", None, _NONE, _NONE, "", words), tree
    requirements = programme.requirements
    tree = Node(ROOT, NodeKind.ALL) if requirements is None else _node(requirements, ROOT, modules, counts_as, words)
    words.setdefault(ROOT, RequirementWords(ROOT, NodeKind.ALL, asked.title))
    found = _NONE if requirements is None else catalogue.credits_asked(_part(requirements))
    gap = max((programme.ec or _NONE) - (found or _NONE), _NONE)
    return GoalFacts(
        asked.kind, asked.title, programme.provider_name, programme.slug, programme.ec, gap, programme.ec_at_provider or _NONE, programme.entry_nlqf, words,
    ), tree


def _of_skills(asked: Asked, modules: Mapping[UUID, ModuleToTake], words: dict[str, RequirementWords]) -> Node:
    items = []
    for number, (uri, ids) in enumerate(asked.by_skill.items()):
        key = f"{ROOT}.{number}"
        words[key] = RequirementWords(key, NodeKind.OUTCOME, asked.labels[uri], skill_uri=uri)
        items.append(Node(key, NodeKind.OUTCOME, 0, tuple(sorted(modules[each].slug for each in ids))))
    words[ROOT] = RequirementWords(ROOT, NodeKind.ALL, asked.title)
    return Node(ROOT, NodeKind.ALL, items=tuple(items))


def _node(
    node: RequirementFacts, key: str, modules: Mapping[UUID, ModuleToTake], counts_as: Mapping[UUID, tuple[UUID, ...]], words: dict[str, RequirementWords],
) -> Node:
    kind = _KINDS[node.kind]
    if node.module is not None:
        module = modules[node.module.id]
        words[key] = RequirementWords(key, kind, node.title if node.title.nl or node.title.en else module.title, module.ec, module_id=module.id)
        names = (module.slug, *(modules[other].slug for other in counts_as.get(module.id, ())))
        return Node(key, kind, tenths(module.ec), names)
    words[key] = RequirementWords(key, kind, node.title, node.ec, node.number)
    amount = {NodeKind.CREDITS: tenths(node.ec), NodeKind.NUMBER: node.number or 0}.get(kind, 0)
    items = tuple(_node(item, f"{key}.{number}", modules, counts_as, words) for number, item in enumerate(node.items))
    return Node(key, kind, amount, items=items)


def _part(node: RequirementFacts) -> catalogue.Part:
    ec = node.ec if node.module is None else node.module.ec
    return catalogue.Part(node.kind.value, ec, node.number, tuple(_part(item) for item in node.items))


def tenths(ec: Decimal | None) -> int:
    """Return credits in tenths, as problems have them; none for what has no credits."""
    return 0 if ec is None else int(ec * 10)
