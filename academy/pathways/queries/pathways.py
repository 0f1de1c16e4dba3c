"""Reaching a pathway: by the link that changes it, by the link that reads it, or as its owner."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from academy.accounts.api import Actor
from academy.pathways.errors import PathwayNotFound
from academy.pathways.facts import HasFacts, PathwayFacts, StepFacts
from academy.pathways.models import Pathway, PathwayWithout

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS: Final = ("morning", "afternoon", "evening")


def pathway_for_editing(session: Session, key: str) -> Pathway:
    """Return the row of the pathway with this key, with what it has and its steps: three statements. Raises PathwayNotFound."""
    found = session.scalars(
        select(Pathway).where(Pathway.edit_key == key).options(selectinload(Pathway.has), selectinload(Pathway.steps)),
    ).one_or_none()
    if found is None:
        raise PathwayNotFound
    return found


def pathway_to_change(session: Session, key: str) -> PathwayFacts:
    """Return the pathway that may be changed with this key: four statements. Raises PathwayNotFound."""
    return facts_of(session, pathway_for_editing(session, key))


def pathway_to_read(session: Session, key: str) -> PathwayFacts:
    """Return the pathway that may be read with this key: four statements. Raises PathwayNotFound."""
    found = session.scalars(
        select(Pathway).where(Pathway.read_key == key).options(selectinload(Pathway.has), selectinload(Pathway.steps)),
    ).one_or_none()
    if found is None:
        raise PathwayNotFound
    return facts_of(session, found)


def pathways_of(session: Session, actor: Actor) -> list[PathwayFacts]:
    """Return the actor's own pathways, the one that was changed last first: three statements, and one per pathway."""
    rows = session.scalars(
        select(Pathway).where(Pathway.person_id == actor.person_id).order_by(Pathway.changed_at.desc(), Pathway.id)
        .options(selectinload(Pathway.has), selectinload(Pathway.steps)),
    )
    return [facts_of(session, row) for row in rows]


def pathway_by_id(session: Session, pathway_id: UUID) -> PathwayFacts | None:
    """Return a pathway for what the clock and letters do with it; None when it is gone."""
    found = session.scalars(
        select(Pathway).where(Pathway.id == pathway_id).options(selectinload(Pathway.has), selectinload(Pathway.steps)),
    ).one_or_none()
    return None if found is None else facts_of(session, found)


def facts_of(session: Session, row: Pathway) -> PathwayFacts:
    """Return a loaded row as a frozen value, with what was taken out: one statement."""
    without = session.scalars(select(PathwayWithout.module_id).where(PathwayWithout.pathway_id == row.id))
    return PathwayFacts(
        id=row.id, edit_key=row.edit_key, read_key=row.read_key, person_id=row.person_id, goal=row.goal, programme_id=row.programme_id,
        occupation_uri=row.occupation_uri, skills=tuple(row.skills), diploma=row.diploma, hours=row.hours, parts=frozenset(map(time_of, row.parts)),
        postcode=row.postcode, distance=row.distance, own_money=row.own_money, employer_money=row.employer_money, starts_on=row.starts_on,
        chosen=row.chosen, version=row.version, changed_at=row.changed_at,
        has=tuple(HasFacts(each.id, each.kind, each.said, each.module_id, each.for_module_id, each.ec, each.fits) for each in row.has),
        steps=tuple(
            StepFacts(
                each.id, each.module_id, each.offering_id, each.course_key, each.first_on, each.last_on, each.price, each.distance, each.is_locked, each.reason,
            ) for each in row.steps
        ),
        without=frozenset(without),
    )


def time_of(word: str) -> tuple[int, int]:
    """Return `mon-evening` as (0, 2)."""
    weekday, _dash, part = word.partition("-")
    return WEEKDAYS.index(weekday), PARTS.index(part)


def time_word(weekday: int, part: int) -> str:
    """Return (0, 2) as `mon-evening`."""
    return f"{WEEKDAYS[weekday]}-{PARTS[part]}"
