"""Reads of the audit trail: what happened that concerns someone."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, or_, select, true, union
from sqlalchemy.orm import Session

from academy.accounts.models import Organisation, Person, TrailEntry

Presence = Callable[[UUID], Select[UUID, datetime, datetime | None]]

_presences: dict[str, Presence] = {}


@dataclass(frozen=True)
class TrailFacts:
    """An act that concerns someone. The names are "" when there is no actor or organisation, or when the person was erased."""

    number: int
    at: datetime
    act: str
    actor_id: UUID | None
    actor_name: str
    organisation_name: str
    details: Mapping[str, Any]


def concerns_who_was_in(name: str, presence: Presence) -> None:
    """Let people read what happened to the things of `name` while they were in them; once per process.

    `presence` selects in which things a person was, as (id, since, until): a higher room tells what this one can not know. So one entry
    about a class is read by everyone who was in it then, and by nobody who came later (docs/decisions/0017).
    """
    _presences[name] = presence


def trail_of(session: Session, person_id: UUID, *, before: int | None = None, most: int | None = None) -> list[TrailFacts]:
    """Return what concerns a person, newest first: at most `most` entries with a number under `before`, all when left out."""
    rows = session.execute(
        select(TrailEntry, Person.name, Organisation.name)
        .outerjoin(Person, Person.id == TrailEntry.actor_id)
        .outerjoin(Organisation, Organisation.id == TrailEntry.organisation_id)
        .where(TrailEntry.number.in_(numbers_concerning(person_id)), true() if before is None else TrailEntry.number < before)
        .order_by(TrailEntry.number.desc())
        .limit(most),
    )
    return [
        TrailFacts(entry.number, entry.at, entry.act, entry.actor_id, actor or "", organisation or "", entry.details)
        for entry, actor, organisation in rows
    ]


def numbers_concerning(person_id: UUID) -> CompoundSelect[int]:
    """Return the question for the numbers of the entries that concern a person, to be asked within another."""
    ways = [select(TrailEntry.number).where(TrailEntry.person_id == person_id)]
    for presence in _presences.values():
        there = presence(person_id).subquery()
        about_id, since, until = there.columns
        ways.append(
            select(TrailEntry.number)
            .join(there, about_id == TrailEntry.about_id)
            .where(TrailEntry.at >= since, or_(until.is_(None), TrailEntry.at <= until), TrailEntry.person_id.is_(None)),
        )
    return union(*ways)


def is_recorded(session: Session, act: str, *, about_id: UUID, since: datetime, actor_id: UUID | None = None) -> bool:
    """Tell whether this was done already, by the actor or, without one, by anybody, about the same thing, at `since` or later."""
    newest = session.scalars(
        select(TrailEntry.at)
        .where(TrailEntry.about_id == about_id, TrailEntry.act == act, true() if actor_id is None else TrailEntry.actor_id == actor_id)
        .order_by(TrailEntry.number.desc())
        .limit(1),
    ).one_or_none()
    return newest is not None and newest >= since


def recorded_about(session: Session, act: str, *, about_ids: Collection[UUID], since: datetime, actor_id: UUID) -> set[UUID]:
    """Return about which of these things the actor did this at `since` or later."""
    done = select(TrailEntry.about_id).where(
        TrailEntry.about_id.in_(about_ids), TrailEntry.act == act, TrailEntry.actor_id == actor_id, TrailEntry.at >= since,
    )
    return {about_id for about_id in session.scalars(done) if about_id is not None}


def looks_at(session: Session, acts: Collection[str], *, about_ids: Collection[UUID], person_id: UUID, most: int) -> list[TrailFacts]:
    """Return who did one of these with these things of a person, newest first, at most so many; the caller has checked who reads."""
    rows = session.execute(
        select(TrailEntry, Person.name, Organisation.name)
        .outerjoin(Person, Person.id == TrailEntry.actor_id)
        .outerjoin(Organisation, Organisation.id == TrailEntry.organisation_id)
        .where(TrailEntry.about_id.in_(about_ids), TrailEntry.person_id == person_id, TrailEntry.act.in_(acts))
        .order_by(TrailEntry.number.desc())
        .limit(most),
    )
    return [
        TrailFacts(entry.number, entry.at, entry.act, entry.actor_id, actor or "", organisation or "", entry.details)
        for entry, actor, organisation in rows
    ]
