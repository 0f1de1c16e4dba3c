"""Noting what stands in the way of a route, without a person: so many of these are demand (capability B6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.db import insert_for
from academy.kernel.ids import new_id
from academy.pathways.facts import Gathered, PathwayFacts
from academy.pathways.kinds import Limit
from academy.pathways.models import RouteBlocker
from academy.pathways.problem import Answer, Blocker
from academy.pathways.queries.pathways import time_word

_AREA = 2  # digits of a postcode: a region, not a street
WHOLE = ""  # the subject of what blocks the route as a whole


@dataclass(frozen=True)
class _Blocked:
    """What is written of one subject."""

    module_id: UUID | None
    limits: tuple[str, ...]


def is_noted(session: Session, *, pathway: PathwayFacts, gathered: Gathered, answer: Answer) -> bool:
    """Tell whether noting this answer would change nothing, so that who only looks at a route writes nothing: at most two statements."""
    if _tells_nothing(answer):
        return True
    wanted = _wanted(session, gathered, answer)
    return {row.subject: _said(row) for row in _open(session, pathway.id)} == {subject: _values(pathway, each) for subject, each in wanted.items()}


def note_blockers(session: Session, *, pathway: PathwayFacts, gathered: Gathered, answer: Answer, now: datetime) -> None:
    """Write down what blocks this pathway now, and end what does not any more; doing it again changes nothing.

    An answer without routes and without blockers, because calculating was cut short, tells nothing and changes nothing.
    """
    if _tells_nothing(answer):
        return
    wanted = _wanted(session, gathered, answer)
    for row in _open(session, pathway.id):
        still = wanted.pop(row.subject, None)
        if still is None:
            _change(session, row.id, ended_at=now)
        elif _said(row) != (said := _values(pathway, still)):
            _change(session, row.id, **said)
    for subject, each in wanted.items():
        # Two browsers may find the same at once: the index of open rows lets one of them in.
        added = insert_for(session, RouteBlocker).values(
            id=new_id(), pathway_id=pathway.id, programme_id=pathway.programme_id, subject=subject, found_at=now, **_values(pathway, each),
        )
        session.execute(added.on_conflict_do_nothing())


def end_of(session: Session, pathway_id: UUID, *, now: datetime) -> None:
    """End all that blocks a pathway: who takes it away waits no more."""
    for row in _open(session, pathway_id):
        _change(session, row.id, ended_at=now)


def _tells_nothing(answer: Answer) -> bool:
    return not answer.routes and not answer.blockers


def _open(session: Session, pathway_id: UUID) -> list[RouteBlocker]:
    return list(session.scalars(
        select(RouteBlocker).where(RouteBlocker.pathway_id == pathway_id, RouteBlocker.ended_at.is_(None)).execution_options(populate_existing=True),
    ))


def _change(session: Session, row_id: UUID, **values: Any) -> None:  # noqa: ANN401 - columns
    session.execute(
        update(RouteBlocker).where(RouteBlocker.id == row_id, RouteBlocker.ended_at.is_(None)).values(**values).execution_options(synchronize_session=False),
    )


def _said(row: RouteBlocker) -> dict[str, Any]:
    return {"module_id": row.module_id, "limits": row.limits, "parts": row.parts, "distance": row.distance, "area": row.area}


def _values(pathway: PathwayFacts, each: _Blocked) -> dict[str, Any]:
    return {
        "module_id": each.module_id, "limits": list(each.limits), "parts": [time_word(*part) for part in sorted(pathway.parts)],
        "distance": pathway.distance, "area": pathway.postcode[:_AREA],
    }


def _wanted(session: Session, gathered: Gathered, answer: Answer) -> dict[str, _Blocked]:
    """Return what blocks, by subject; two requirements with the same subject are one, with the limits of both. With a route nothing blocks."""
    blockers = () if answer.routes else answer.blockers
    by_slug = _modules(session, gathered, blockers)
    found: dict[str, _Blocked] = {}
    for each in blockers:
        subject, module_id = _subject(gathered, each, by_slug)
        limits = {*each.limits, *(Limit(limit) for limit in found[subject].limits)} if subject in found else set(each.limits)
        found[subject] = _Blocked(module_id, tuple(limit.value for limit in Limit if limit in limits))
    return found


def _subject(gathered: Gathered, blocker: Blocker, by_slug: Mapping[str, UUID]) -> tuple[str, UUID | None]:
    """Return the module, the skill or nothing in particular that a blocker is about; credits that one module alone can give are that module."""
    words = gathered.goal.words.get(blocker.node)
    if words is not None and words.skill_uri:
        return words.skill_uri, None
    module_id = words.module_id if words is not None else None
    if module_id is None and len(blocker.modules) == 1:
        module_id = by_slug.get(blocker.modules[0])
    return (WHOLE, None) if module_id is None else (module_id.hex, module_id)


def _modules(session: Session, gathered: Gathered, blockers: tuple[Blocker, ...]) -> dict[str, UUID]:
    """Return the ids of the modules that blockers name alone and that have no words of their own."""
    alone = {each.modules[0] for each in blockers if len(each.modules) == 1}
    known = {course.module_slug: course.module_id for course in gathered.courses.values() if course.module_slug in alone}
    missing = {
        each.modules[0] for each in blockers
        if len(each.modules) == 1 and each.modules[0] not in known and (each.node not in gathered.goal.words or gathered.goal.words[each.node].module_id is None)
    }
    return known | {slug: named.id for slug, named in catalogue.modules_by_slug(session, missing).items()} if missing else known
