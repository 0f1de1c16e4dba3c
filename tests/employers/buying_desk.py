"""A provider with a class, and a firm whose buyer orders seats of it and says who comes: each step a transaction of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from academy.accounts.queries import Actor
from academy.employers import service
from academy.employers.models import SeatGuest
from academy.employers.queries import guests as reads
from academy.employers.queries.guests import BlockInWork
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests.enrolment.block_desk import PRICE, BlockDesk, open_block_desk
from tests.payments.billing import details_saved
from tests.payments.papers import BUYER

FIRM = "bakkerij"
FIVE = tuple((f"mens{number}@bakkerij.nl", f"Mens {number}") for number in range(1, 6))


@dataclass
class BuyingDesk(BlockDesk):
    """What a test does for a firm that buys seats."""

    @property
    def keeper(self) -> Actor:
        return self.buyer.keeper

    def buy(self, seats: int = 5, *, now: datetime | None = None, **changes: Any) -> UUID:
        """Order seats of the class out of the firm's budget where `changes` do not say otherwise; returns the block."""
        terms: dict[str, Any] = {
            "actor": self.keeper, "organisation": FIRM, "offering_code": self.code, "budget": self.budget_id().hex, "reference": "PO 7",
            "shown": PRICE, "request_key": new_id(), "now": now or self.now,
        } | changes
        with self.database.writing() as session:
            return service.buy_seats(session, seats=seats, **terms)

    def invite(self, block_id: UUID, *people: tuple[str, str], now: datetime | None = None) -> list[UUID]:
        """Invite people, five where none are named; returns their ids in the order of their invitation."""
        with self.database.writing() as session:
            service.invite_guests(
                session, actor=self.keeper, organisation=FIRM, block_id=block_id, people=people or FIVE, language="nl", now=now or self.now,
            )
        with self.database.reading() as session:
            return list(session.scalars(select(SeatGuest.id).where(SeatGuest.block_id == block_id).order_by(SeatGuest.id)))

    def accept(self, guest_id: UUID, *, now: datetime | None = None, allows: bool = False) -> str:
        return str(self.run(service.accept_seat, guest_id=guest_id, allows=allows, now=now or self.now))

    def act(self, act: Any, guest_id: UUID, **what: Any) -> Any:
        """Let the buyer do something with somebody they invited."""
        return self.run(act, **({"actor": self.keeper, "organisation": FIRM, "code": self.guest(guest_id).code} | what))

    def guest(self, guest_id: UUID) -> SeatGuest:
        with self.database.reading() as session:
            return session.get_one(SeatGuest, guest_id)

    def there(self, block_id: UUID) -> BlockInWork:
        """Return the block as its buyer sees it."""
        with self.database.reading() as session:
            return reads.block_to_work_on(session, self.keeper, FIRM, block_id)


def open_buying_desk(database: Database, now: datetime, *, budget: Money | None = Money(10_000_00), **about: Any) -> BuyingDesk:
    """Return a provider with one class of ten seats that starts in four weeks, and a firm with a budget."""
    desk = open_block_desk(database, now, budget=budget, **about)
    return BuyingDesk(desk.database, desk.now, desk.provider_id, desk.planner, desk.code, desk.firm)


def bill_to(desk: BuyingDesk) -> None:
    """Say where the firm's invoices go."""
    details_saved(desk.database, desk.keeper, FIRM, BUYER, desk.now)
