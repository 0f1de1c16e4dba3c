"""Tables of search: what was asked, and what people want to be told."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum


class SearchEvent(Base):
    """One asked page of results, of nobody in particular: no person, no session, no address, and no finer time than the hour.

    The key is a random number: a UUIDv7 would keep the millisecond, a counter the order in which one person typed.
    """

    __tablename__ = "search_event"
    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_of_the_day"),
        CheckConstraint("hits >= 0 AND choices >= 0", name="counts_not_negative"),
        # All that the office's list asks, in the order in which it groups: the table itself is not read.
        Index("ix_search_event_demand", "terms", "language", "day", "hour", "hits", "looser", "choices"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, index=True)  # in Amsterdam, as the hour
    hour: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    terms: Mapped[str] = mapped_column(String(200))  # folded words in the order of asking
    redacted: Mapped[bool]  # something that points to a person was taken out
    filters: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    choices: Mapped[int]  # how many values are in `filters`
    sort: Mapped[str] = mapped_column(String(20))
    hits: Mapped[int]
    looser: Mapped[bool]


class SavedKind(StrEnum):
    SEARCH = "search"
    WISH = "wish"


class SavedState(StrEnum):
    WAITING = "waiting"  # for the press on the link in the letter that asks whether the address is theirs
    ACTIVE = "active"
    STOPPED = "stopped"  # gone for everyone; kept an hour for who wants it back


class SavedSearch(Base):
    """A question kept to be told about, or a wish; at most one live one per address and question.

    `email` alone says whose it is: that of an account is proven. A wish may have none: then it only counts as demand.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("kind = 'wish' OR email IS NOT NULL", name="search_has_reader"),
        CheckConstraint("(state = 'stopped') = (stopped_at IS NOT NULL)", name="stopped_when_stopped"),
        CheckConstraint("people IS NULL OR people > 0", name="people_positive"),
        Index("uq_saved_search_live", "email", "fingerprint", unique=True, sqlite_where=text("state <> 'stopped'"),
              postgresql_where=text("state <> 'stopped'")),
        Index("ix_saved_search_state_looked_at", "state", "looked_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[SavedKind] = mapped_column(text_enum(SavedKind, "kind"))
    state: Mapped[SavedState] = mapped_column(text_enum(SavedState, "state"))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    query: Mapped[str] = mapped_column(String(200))  # as typed; of a wish the programme office reads it
    parameters: Mapped[list[list[str]]] = mapped_column(JSON)  # of the address of the results page: [name, value], without query, sort and page
    terms: Mapped[str] = mapped_column(String(200))  # the query as folded words, without what points to a person
    fingerprint: Mapped[str] = mapped_column(String(64))  # the same kind, words and parameters have the same
    people: Mapped[int | None]  # how many want to learn this together
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    looked_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)


class SearchFinding(Base):
    """A document that a saved search has had; the key keeps it from being told twice. `letter_id` is None for what was there on saving."""

    __tablename__ = "search_finding"

    saved_search_id: Mapped[UUID] = mapped_column(ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    letter_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
