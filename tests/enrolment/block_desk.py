"""A provider with a class, and a firm that buys a block of its seats before it knew who comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.models import SeatPool
from academy.enrolment.queries.blocks import audit_blocks
from academy.enrolment.queries.seats import audit_classes
from academy.enrolment.service import blocks
from academy.enrolment.service.blocks import SoldBlock
from academy.funding import api as funding
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.enrolment.desk import Desk, open_desk
from tests.funding import money

PRICE = Money(245_00)
DAY = timedelta(days=1)
NAME = "Bakkerij Jansen"


@dataclass
class BlockDesk(Desk):
    """What a test does at a provider, and at a firm that buys seats there."""

    firm: money.Source | None = None

    @property
    def buyer(self) -> money.Source:
        assert self.firm is not None
        return self.firm

    def budget_id(self) -> UUID:
        with self.database.reading() as session:
            return session.scalars(select(Budget.id).where(Budget.source_id == self.buyer.id)).one()

    def sell(self, seats: int = 3, *, code: str = "", now: datetime | None = None, **terms: Any) -> SoldBlock:
        """Sell the firm seats, ordered and of its budget where `terms` do not say otherwise."""
        all_terms: dict[str, Any] = {"is_ordered": True, "budget_id": self.budget_id(), "name": NAME} | terms
        with self.database.writing() as session:
            return blocks.sell_block(
                session, organisation_id=self.buyer.owner_id, offering_code=code or self.code, seats=seats, reference="PO 7",
                by=self.buyer.keeper.person_id, now=now or self.now, **all_terms,
            )

    def claim(self, sold: SoldBlock, who: Actor | None = None, *, now: datetime | None = None, seat_code: str | None = None) -> str:
        """Let the firm give somebody a seat; returns the enrolment's code."""
        person_id = (who or self.learner()).person_id
        return str(self.run(blocks.claim_seat, block_id=sold.block_id, person_id=person_id, by=self.buyer.keeper.person_id, seat_code=seat_code, now=now or self.now))

    def codes(self, sold: SoldBlock, number: int = 1, *, uses: int = 1) -> list[str]:
        return list(self.run(blocks.make_block_codes, block_id=sold.block_id, number=number, uses=uses))

    def block(self, sold: SoldBlock) -> funding.BlockFacts:
        with self.database.reading() as session:
            return funding.block(session, sold.block_id)

    def split(self, code: str) -> funding.SplitFacts:
        """Return who pays what of an enrolment."""
        seat_id = self.row(code).seat_id or self.row(code).id
        with self.database.reading() as session:
            return funding.split_of(session, [seat_id])[seat_id]

    def money(self) -> tuple[int, int]:
        """Return what is earmarked and spent of the firm's budget, in whole prices, after all books are found to be right."""
        with self.database.reading() as session:
            assert (queries.audit(session), audit_classes(session), audit_blocks(session)) == ([], [], [])
            assert money.adds_up(session)
            earmarked, spent = money.used(session, self.buyer)
            return earmarked // PRICE.cents, spent // PRICE.cents

    def pools(self) -> dict[str, tuple[int, int]]:
        """Return how many seats each pool has, and how many of them are taken, by name; after all books are found to be right."""
        self.money()
        with self.database.reading() as session:
            offering_id = catalogue.offering_with_code(session, self.code).offering.id
            rows = session.execute(select(SeatPool.name, SeatPool.capacity, SeatPool.taken).where(SeatPool.offering_id == offering_id))
            return {name: (capacity, taken) for name, capacity, taken in rows}


def open_block_desk(database: Database, now: datetime, *, budget: Money | None = Money(10_000_00), **about: Any) -> BlockDesk:
    """Return a provider with one class of ten seats that starts in four weeks, and a firm with a budget."""
    desk = open_desk(database, now, **({"price": PRICE.cents} | about))
    with database.writing() as session:
        firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug="bakkerij", budget=budget)
    return BlockDesk(desk.database, desk.now, desk.provider_id, desk.planner, desk.code, firm)
