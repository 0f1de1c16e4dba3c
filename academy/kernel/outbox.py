"""The outbox: news for higher rooms, written in the transaction that makes it true.

`announce` writes one message per subscriber; the worker delivers each at least once. A delivery that fails is repeated with a
growing delay and, after MAX_ATTEMPTS, waits for a person (`academy outbox status|retry`); nothing is dropped.
"""

import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final, cast
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Index, String, Table, Text, Uuid, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from academy.kernel.clock import utc_now
from academy.kernel.db import Base, Moment, rows_changed, text_enum
from academy.kernel.ids import new_id

MAX_ATTEMPTS = 12
LEASE = timedelta(seconds=60)
_FIRST_DELAY = timedelta(seconds=2)
_LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    """A fact in the past; its fields are ids or short codes only. `name` is `Room.fact-in-the-past.v1`."""

    name: ClassVar[str]


class MessageState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class OutboxMessage(Base):
    """One event on its way to one subscriber."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_state_due_at", "state", "due_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event: Mapped[str] = mapped_column(String(100))
    subscriber: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[MessageState] = mapped_column(text_enum(MessageState, "state"), default=MessageState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str] = mapped_column(Text, default="")


Inside = Callable[[Session, Any, datetime], None]
Outside = Callable[[Any, datetime], None]


@dataclass(frozen=True)
class Subscriber:
    """Who wants to hear of an event.

    `inside` runs in the transaction that also marks the message done: its effect happens exactly once. `outside` talks to the
    world (mail, index) and runs without a transaction: at least once.
    """

    name: str
    event_type: type[Event]
    inside: Inside | None = None
    outside: Outside | None = None


_subscribers: dict[str, Subscriber] = {}


def subscribe(
    name: str,
    event_type: type[Event],
    *,
    inside: Inside | None = None,
    outside: Outside | None = None,
) -> None:
    """Register `name` (`room.what-it-does`) once per process; a second call with the same name replaces the first."""
    _subscribers[name] = Subscriber(name, event_type, inside, outside)


def subscriber_named(name: str) -> Subscriber | None:
    return _subscribers.get(name)


def announce(session: Session, event: Event) -> None:
    """Write `event` for each of its subscribers, in the caller's transaction."""
    now = utc_now()
    payload = {key: str(value) if isinstance(value, UUID) else value for key, value in asdict(event).items()}
    rows = [
        {"id": new_id(), "event": event.name, "subscriber": subscriber.name, "payload": payload, "created_at": now, "due_at": now}
        for subscriber in _subscribers.values()
        if subscriber.event_type is type(event)
    ]
    if rows:
        session.execute(_MESSAGES, rows)


# As rows for the table, not as objects to keep track of: nobody changes them here, and this costs a third.
_MESSAGES: Final = insert(cast("Table", OutboxMessage.__table__))


def event_from(subscriber: Subscriber, payload: dict[str, Any]) -> Event:
    """Rebuild the event that `announce` wrote: UUIDs from text, everything else as it was."""
    kinds = typing.get_type_hints(subscriber.event_type)
    values = {
        field.name: UUID(payload[field.name]) if _is_uuid(kinds[field.name], payload[field.name]) else payload[field.name]
        for field in fields(subscriber.event_type)
    }
    return subscriber.event_type(**values)


def _is_uuid(kind: object, value: object) -> bool:
    if value is None:
        return False
    return kind is UUID or (isinstance(kind, types.UnionType) and UUID in typing.get_args(kind))


def is_due(session: Session, *, now: datetime) -> bool:
    """Tell whether a message waits for delivery, without taking a write lock."""
    return bool(session.scalar(select(OutboxMessage.id).where(*_due(now)).limit(1)))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxMessage.state == MessageState.PENDING,
        OutboxMessage.due_at <= now,
        or_(OutboxMessage.locked_until.is_(None), OutboxMessage.locked_until <= now),
    )


def claim(session: Session, *, now: datetime, limit: int = 20, lease: timedelta = LEASE) -> Sequence[OutboxMessage]:
    """Take up to `limit` due messages for `lease`; another worker skips them. On SQLite the single writer is the guard."""
    due = (
        select(OutboxMessage.id)
        .where(*_due(now))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due.scalar_subquery()))
        .values(locked_until=now + lease, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(taken).all(), key=lambda message: (message.due_at, message.id))


def mark_done(session: Session, message_id: UUID, *, now: datetime) -> bool:
    """Close a message; False when another worker already did, so that its effect must be undone."""
    closed = rows_changed(
        session,
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.PENDING)
        .values(state=MessageState.DONE, done_at=now, locked_until=None, last_error=""),
    )
    return closed == 1


def give_back(session: Session, messages: Sequence[OutboxMessage]) -> None:
    """Free claimed messages that were not tried: they are due at once and the claim does not count as an attempt."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id.in_([message.id for message in messages]),
            OutboxMessage.state == MessageState.PENDING,
            OutboxMessage.locked_until == messages[0].locked_until,  # still ours
        )
        .values(locked_until=None, attempts=OutboxMessage.attempts - 1),
    )


def mark_failed(session: Session, message: OutboxMessage, error: BaseException, *, now: datetime) -> None:
    """Plan the next attempt, or give the message up to a person. Only the kind of error is kept: its text may hold names."""
    dead = message.attempts >= MAX_ATTEMPTS
    delay = min(_FIRST_DELAY * 2 ** min(message.attempts - 1, MAX_ATTEMPTS), _LONGEST_DELAY)
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message.id,
            OutboxMessage.state == MessageState.PENDING,
            OutboxMessage.locked_until == message.locked_until,  # another worker's attempt is its own
        )
        .values(
            state=MessageState.DEAD if dead else MessageState.PENDING,
            due_at=now + delay,
            locked_until=None,
            last_error=type(error).__name__,
        ),
    )


@dataclass(frozen=True)
class OutboxStatus:
    """How many messages wait, are done, wait for a person, and since when the oldest waits."""

    pending: int
    done: int
    dead: int
    oldest_pending: datetime | None
    dead_by_subscriber: dict[str, int]


def status(session: Session) -> OutboxStatus:
    """Count the messages by state."""
    states = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)).all()
    counts: dict[MessageState, int] = dict(states)
    oldest = session.scalar(
        select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state == MessageState.PENDING),
    )
    dead = session.execute(
        select(OutboxMessage.subscriber, func.count())
        .where(OutboxMessage.state == MessageState.DEAD)
        .group_by(OutboxMessage.subscriber),
    )
    return OutboxStatus(
        pending=counts.get(MessageState.PENDING, 0),
        done=counts.get(MessageState.DONE, 0),
        dead=counts.get(MessageState.DEAD, 0),
        oldest_pending=oldest,
        dead_by_subscriber=dict(dead.all()),
    )


def retry_dead(session: Session, *, now: datetime) -> int:
    """Give every message that waits for a person a fresh start; returns how many."""
    return rows_changed(
        session,
        update(OutboxMessage)
        .where(OutboxMessage.state == MessageState.DEAD)
        .values(state=MessageState.PENDING, attempts=0, due_at=now, locked_until=None),
    )


def forget_done(session: Session, *, before: datetime, limit: int) -> int:
    """Delete at most `limit` messages that were delivered before `before`; returns how many."""
    over = select(OutboxMessage.id).where(OutboxMessage.state == MessageState.DONE, OutboxMessage.done_at < before).limit(limit)
    return rows_changed(
        session, delete(OutboxMessage).where(OutboxMessage.id.in_(over)).execution_options(synchronize_session=False),
    )
