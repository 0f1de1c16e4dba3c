"""Reads of draws: what is told of one before and after, one's own lot, and drawing once more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.errors import NoDraw
from academy.enrolment.models import DrawLot, SeatDraw
from academy.enrolment.queries.seats import Draw


@dataclass(frozen=True)
class DrawFacts:
    """A draw as everybody may read it: after it also the seed, for how many seats it was, and the numbers of the lots in their order."""

    of: catalogue.OfferingOfModule
    draw: Draw
    seed: str  # "" before the draw
    seats: int
    numbers: tuple[str, ...]

    @property
    def won(self) -> int:
        """How many lots got a seat: the first so many."""
        return min(self.seats, len(self.numbers))


@dataclass(frozen=True)
class MyLot:
    """A draw as one of its lots sees it; `place` is None before it, and for who came after it."""

    ticket: UUID
    draw: Draw
    seed: str  # "" before the draw
    place: int | None
    seats: int

    @property
    def is_in(self) -> bool:
        """Whether it takes part, or took part."""
        return self.draw.drawn_at is None or self.place is not None

    @property
    def has_won(self) -> bool:
        """Whether the draw gave it a seat."""
        return self.place is not None and self.place <= self.seats


@dataclass(frozen=True)
class DrawInWork:
    """A class for who plans it, with its draw where there is one."""

    work: catalogue.OfferingInWork
    draw: Draw | None


@dataclass(frozen=True)
class Redrawn:
    """What drawing once more came to: how many lots, and what differs from what was published; nothing, when all is well."""

    lots: int
    won: int
    differences: tuple[str, ...]


def _told(row: SeatDraw) -> Draw:
    return Draw(row.draw_at, row.fingerprint, row.drawn_at)


def draw_of(session: Session, offering_code: str) -> DrawFacts:
    """Return the draw of a class. Raises OfferingNotFound, NoDraw."""
    of = catalogue.offering_for_enrolment(session, offering_code)
    row = session.get(SeatDraw, of.offering.id)
    if row is None:
        raise NoDraw
    numbers = session.scalars(select(DrawLot.number).where(DrawLot.offering_id == of.offering.id).order_by(DrawLot.place)).all()
    return DrawFacts(of, _told(row), row.seed if row.drawn_at else "", row.seats or 0, tuple(numbers))


def draw_at(session: Session, offering_id: UUID) -> Draw | None:
    """Return when the seats of a class are or were drawn; None where they are not given by lot."""
    row = session.get(SeatDraw, offering_id)
    return None if row is None else _told(row)


def draw_for_planning(session: Session, actor: Actor, provider_slug: str, code: str) -> DrawInWork:
    """Return a class for who plans it, with its draw. Raises ProviderNotFound, OfferingNotFound."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    return DrawInWork(work, draw_at(session, work.offering.id))


def my_lot(session: Session, *, enrolment_id: UUID, offering_id: UUID) -> MyLot | None:
    """Return the draw of a class as an enrolment in it sees it; None for a class that is not drawn."""
    found = session.execute(
        select(SeatDraw, DrawLot.place)
        .outerjoin(DrawLot, (DrawLot.offering_id == SeatDraw.offering_id) & (DrawLot.enrolment_id == enrolment_id))
        .where(SeatDraw.offering_id == offering_id),
    ).one_or_none()
    if found is None:
        return None
    row, place = found
    return MyLot(enrolment_id, _told(row), row.seed if row.drawn_at else "", place, row.seats or 0)


def draws_ahead(session: Session, offering_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when the seats of these classes are drawn, of those that are yet to be."""
    if not offering_ids:
        return {}
    ahead = select(SeatDraw.offering_id, SeatDraw.draw_at).where(SeatDraw.offering_id.in_(offering_ids), SeatDraw.drawn_at.is_(None))
    return dict(session.execute(ahead).all())


def draws_due(session: Session, *, now: datetime) -> list[UUID]:
    """Return the classes whose lots are to be drawn now, the one that was first due first."""
    due = select(SeatDraw.offering_id).where(SeatDraw.drawn_at.is_(None), SeatDraw.draw_at <= now)
    return list(session.scalars(due.order_by(SeatDraw.draw_at, SeatDraw.offering_id)))


def redraw(session: Session, offering_code: str) -> Redrawn:
    """Draw once more with the published seed, and compare with what was published. Raises OfferingNotFound, NoDraw, also for a draw yet to be held.

    Of a lot whose enrolment was erased only its number is left: it is taken as it is.
    """
    of = catalogue.offering_with_code(session, offering_code)
    row = session.get(SeatDraw, of.offering.id)
    if row is None or row.drawn_at is None:
        raise NoDraw
    lots = session.execute(select(DrawLot.number, DrawLot.enrolment_id).where(DrawLot.offering_id == row.offering_id).order_by(DrawLot.place)).all()
    published = [lot.number for lot in lots]
    again = sorted([
        *(lot.number for lot in rules.drawn(row.seed, [lot.enrolment_id for lot in lots if lot.enrolment_id is not None])),
        *(lot.number for lot in lots if lot.enrolment_id is None),
    ])
    won = min(row.seats or 0, len(lots))
    wrong = (
        (rules.fingerprint_of(row.seed) != row.fingerprint, "the seed does not fit the fingerprint that was told before"),
        (len(lots) != row.entered, f"{row.entered} entered, {len(lots)} lots are published"),
        (again[:won] != published[:won], "other lots get a seat"),
        (again != published, "the order of the lots differs"),
    )
    return Redrawn(len(lots), won, tuple(words for is_wrong, words in wrong if is_wrong))
