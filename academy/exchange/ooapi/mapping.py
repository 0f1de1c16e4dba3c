"""All items of a source to one supply: in the order in which they need each other, every one taken, tolerated with notices, or refused."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from academy.catalogue.api import IntakeDraft, ModuleDraft, OfferingDraft, OutcomeDraft, PlaceDraft, ProgrammeDraft
from academy.exchange.findings import Problem, shown
from academy.exchange.ooapi import courses, learning, offerings, programmes
from academy.exchange.ooapi.fields import Payload
from academy.exchange.ooapi.intake import Desk, Taken, key_of_specification
from academy.exchange.ooapi.vocabulary import key_of
from academy.exchange.payloads import Kind, Parent, identity_of
from academy.exchange.spool import SpooledItem
from academy.exchange.supply import Supply

_OFFERING_TYPES: Final = frozenset({"program", "programme", "course"})
_OF_COMPONENTS: Final = ("learningComponentOfferingId", "testComponentOfferingId")
_PARENT_FIELDS: Final = {Kind.COURSE: {5: "course", 6: "courseId"}, Kind.PROGRAM: {5: "program", 6: "programmeId"}}

Items = Mapping[Kind, list[tuple[Payload, Parent | None]]]


def supply_of(found: Iterable[SpooledItem | Problem], *, provider: str, offerers: programmes.Offerers, today: date) -> Supply:
    """Map everything that a folder or harvest brought.

    `provider` is the slug under which places are kept; `offerers` gives per RIO code of an institution its slug here, for joint
    programmes; `today` decides which version of an item counts. Never raises for what is in the items.
    """
    supply = Supply("ooapi")
    desk = Desk(supply)
    items = _sorted(supply, found)
    for item, _parent in items.get(Kind.ORGANIZATION, ()):
        _describe_organisation(item, supply)
    outcomes = _outcomes(desk, items)
    specifications, programmes_found = _programmes(desk, items, offerers, today)
    modules = _modules(desk, items, outcomes, specifications, today)
    for taken in (specifications, programmes_found):
        _refuse_orphans(taken, items)
    intakes = _offerings(desk, items, modules, programmes_found, provider)
    for item, module in modules.found.values():
        item.tell(supply.notices)
        supply.modules.append(module)
    _give_programmes(supply, [*specifications.found.values(), *programmes_found.found.values()], intakes)
    return supply


def _sorted(supply: Supply, found: Iterable[SpooledItem | Problem]) -> Items:
    items: dict[Kind, list[tuple[Payload, Parent | None]]] = {}
    for each in found:
        supply.rows += 1
        if isinstance(each, Problem):  # a file as a whole
            supply.refuse(replace(each, source=each.source or each.value))
            continue
        is_file = each.resource.casefold().endswith(".json")
        source = each.resource if is_file else f"{each.resource or 'feed'}, page {each.page}"
        if each.family is None:
            supply.refuse(Problem(each.number, "", "", "family-unknown", "no payload that we know", source))
            continue
        item = Payload(source, each.number, each.family.kind, each.family.version, each.value)
        item.remark_missing()
        items.setdefault(item.kind, []).append((item, each.parent))
    return items


def _describe_organisation(item: Payload, supply: Supply) -> None:
    """Say what the source calls itself; the provider's own page is for the provider to change."""
    entries = [entry for name in ("primaryCode", "otherCodes") for _path, entry in item.objects(name)]
    name = item.text("name", line=True)
    said = ", ".join([name.nl or name.en, *(f"{entry.get('codeType')} {entry.get('code')}" for entry in entries)])
    supply.notices.add("organisation", f"the source says of itself: {shown(said)}; nothing was changed", column=identity_of(item.value))


# One by one --------------------------------------------------------------------------------------------------------------------------


def _outcomes(desk: Desk, items: Items) -> dict[str, OutcomeDraft]:
    taken: Taken[OutcomeDraft] = Taken(desk)
    for item, _parent in items.get(Kind.LEARNING_OUTCOME, ()):
        item.code()
        taken.take(item, identity_of(item.value), OutcomeDraft(item.title()))
    for item, _draft in taken.found.values():
        item.tell(desk.supply.notices)
    return {id_: draft for id_, (_item, draft) in taken.found.items()}


def _programmes(
    desk: Desk, items: Items, offerers: programmes.Offerers, today: date,
) -> tuple[Taken[ProgrammeDraft], Taken[ProgrammeDraft]]:
    """Return the specifications of v5 and the programmes; apart, for the standard lets them share an id."""
    specifications: Taken[ProgrammeDraft] = Taken(desk)
    for each, _parent in items.get(Kind.EDUCATION_SPECIFICATION, ()):
        item, id_ = learning.as_of(each, today), identity_of(each.value)
        specifications.take(item, id_, programmes.specification(item, key_of_specification(id_)))
    found: Taken[ProgrammeDraft] = Taken(desk)
    brought = {identity_of(each.value) for each, _parent in items.get(Kind.PROGRAM, ())}
    for each, _parent in items.get(Kind.PROGRAM, ()):
        item, id_ = learning.as_of(each, today), identity_of(each.value)
        found.take(item, id_, programmes.programme(item, id_, offerers, brought))
    return specifications, found


def _modules(
    desk: Desk, items: Items, outcomes: learning.Outcomes, specifications: Taken[ProgrammeDraft], today: date,
) -> Taken[ModuleDraft]:
    specified = {id_: courses.specified(item) for id_, (item, _draft) in specifications.found.items()}
    taken: Taken[ModuleDraft] = Taken(desk)
    for each, _parent in items.get(Kind.COURSE, ()):
        item, id_ = learning.as_of(each, today), identity_of(each.value)
        taken.take(item, id_, courses.module(item, id_, specified, outcomes))
    return taken


# Programmes together -----------------------------------------------------------------------------------------------------------------


def _refuse_orphans(taken: Taken[ProgrammeDraft], items: Items) -> None:
    """Refuse specifications that nothing belongs to and that belong to nothing; only a source with courses or programmes can show that."""
    if not items.keys() & {Kind.COURSE, Kind.PROGRAM}:
        return
    used = {
        id_ for kind in (Kind.EDUCATION_SPECIFICATION, Kind.PROGRAM, Kind.COURSE) for item, _parent in items.get(kind, ())
        for id_ in (item.reference("educationSpecification"), item.reference("parent", "parentId"), *item.words("programmeIds"))
    }
    for id_, (item, draft) in list(taken.found.items()):
        if programmes.is_specification(draft) and not draft.parent and id_ not in used:
            field = "educationSpecificationId" if item.kind is Kind.EDUCATION_SPECIFICATION else "programmeId"
            item.refuse(field, "orphan", "no programme, course or specification of this source belongs to it", id_)
            taken.give_up(id_)


def _give_programmes(
    supply: Supply, found: Iterable[tuple[Payload, ProgrammeDraft]], intakes: Mapping[str, tuple[IntakeDraft, ...]],
) -> None:
    drafts = {draft.external_id: (item, draft) for item, draft in found}
    for key, (item, draft) in drafts.items():
        parent = draft.parent
        if parent and parent not in drafts:
            item.remark("parent", "parent-unknown", "no such programme or specification in this source", parent)
        elif _goes_round(drafts, key):
            item.remark("parent", "parent-circle", "its parents belong to each other in a circle; left out", parent)
            parent = ""
        item.tell(supply.notices)
        supply.programmes.append(replace(draft, parent=parent, intakes=intakes.get(key)))  # None: what is there stays


def _goes_round(drafts: Mapping[str, tuple[Payload, ProgrammeDraft]], key: str) -> bool:
    passed: set[str] = set()
    while key in drafts and key not in passed:
        passed.add(key)
        key = drafts[key][1].parent
    return key in passed


# Offerings ---------------------------------------------------------------------------------------------------------------------------


def _offerings(
    desk: Desk, items: Items, modules: Taken[ModuleDraft], given: Taken[ProgrammeDraft], provider: str,
) -> dict[str, tuple[IntakeDraft, ...]]:
    """Give the offerings of modules to the supply, with their places; return the intakes by programme."""
    of_module: dict[str, Taken[OfferingDraft]] = {}
    of_programme: dict[str, Taken[IntakeDraft]] = {}
    places: dict[str, PlaceDraft] = {}
    for item, parent in items.get(Kind.OFFERING, ()):
        id_ = identity_of(item.value)
        above = _above(item, parent, desk, {Kind.COURSE: modules.found, Kind.PROGRAM: given.found})
        if above is None:
            (desk.refuse(item, id_) if item.problems else item.tell(desk.supply.notices))
        elif above.kind is Kind.COURSE:
            draft, place = offerings.offering(item, id_, modules.found[above.id][1], provider)
            of_module.setdefault(above.id, Taken(desk)).take(item, id_, draft)
            places |= {} if place is None or draft is None else {place.key: place}
        else:
            intake = offerings.intake(item, id_, given.found[above.id][1].variants)
            of_programme.setdefault(above.id, Taken(desk)).take(item, id_, intake)
    taken_items = [item for taken in of_module.values() for item, _draft in taken.found.values()]
    taken_items += [item for taken in of_programme.values() for item, _draft in taken.found.values()]
    for item in taken_items:
        item.tell(desk.supply.notices)
    desk.supply.places += places.values()
    desk.supply.offerings += [(key, draft) for key, taken in of_module.items() for _item, draft in taken.found.values()]
    return {key: tuple(draft for _item, draft in taken.found.values()) for key, taken in of_programme.items()}


def _above(item: Payload, parent: Parent | None, desk: Desk, there: Mapping[Kind, Mapping[str, object]]) -> Parent | None:
    """Return what an offering is of, when that was taken; None with a problem or, for a part of a course, with a remark."""
    kind = key_of(item.word("offeringType"))
    if kind == "component" or any(item.has(name) for name in _OF_COMPONENTS):
        if parent is None or item.version > 5:  # noqa: PLR2004 - v5 has one list for all
            item.remark("", "part-of-a-course", "an offering of a part of a course; left out")
            return None
        item.remark("offeringType", "type-component", "said to be of a component, and names a course or programme; taken as one of those", kind)
    elif kind and kind not in _OFFERING_TYPES:
        item.refuse("offeringType", "word-unknown", "one of course, program and component is expected", kind)
    if parent is None:
        item.refuse("course", "parent-missing", "it says of no course or programme that it is an offering of it")
    elif parent.id not in there.get(parent.kind, {}):
        field = _PARENT_FIELDS[parent.kind][item.version]
        if (parent.kind, parent.id) in desk.refused:
            item.refuse(field, "parent-refused", "what it is an offering of was refused", parent.id)
        else:
            item.refuse(field, "parent-unknown", "this source has no such course or programme", parent.id)
    return None if item.problems else parent
