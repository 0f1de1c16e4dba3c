"""Rows of money: seats that were paid, by whom and when; who came; blocks, and budgets of which something is used."""

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from academy.accounts.api import OrganisationKind
from academy.catalogue.models import Offering
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Attendance
from academy.funding.kinds import BlockState, PayerCategory, ShareState, SourceKind, VatReason
from academy.funding.models import Budget, FundedBlock, FundedSeat, FundingShare, FundingSource
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.payments.api import VatCategory
from tests.reports.world import Rows

SECTOR, EMPLOYERS, INDIVIDUALS = PayerCategory.SECTOR, PayerCategory.EMPLOYERS, PayerCategory.INDIVIDUALS
_VAT: dict[str, Any] = {"vat": FREE, "vat_category": VatCategory.EXEMPT, "vat_rate": 0, "vat_reason": VatReason.REGULATED}
_numbers = itertools.count(1)


@dataclass
class Cash:
    """Writes rows of money with defaults, in one class where none is named."""

    rows: Rows
    _class: list[UUID] = field(default_factory=list)
    _firms: list[UUID] = field(default_factory=list)

    def offering(self, starts_on: date, *, weeks: int = 4) -> UUID:
        """Make a class; returns its id."""
        made = self.rows.offering(self.rows.module(), starts_on=starts_on)
        row = self.rows.session.get_one(Offering, made)
        row.ends_on = starts_on + timedelta(weeks=weeks)
        self.rows.session.flush()
        return made

    def _any_class(self) -> UUID:
        if not self._class:
            self._class.append(self.offering(date(2026, 1, 5)))
        return self._class[0]

    def seat(
        self, *categories: PayerCategory, at: datetime | None = None, by: UUID | None = None, amount: int = 10_000, refunded: int = 0,
        state: ShareState = ShareState.PAID,
        budget: Budget | None = None, seat_id: UUID | None = None, firm: UUID | None = None,
    ) -> UUID:
        """Make a seat of which each of these categories pays as much, `firm` for employers where it is given; returns its id."""
        person, moment = by or self.rows.person(), at or self.rows.now
        row = FundedSeat(
            id=seat_id or new_id(), person_id=person, supplier_id=self._supplier(), offering_id=self._any_class(), description="Plek", language="nl",
            delivered_from=date(2026, 1, 5), delivered_until=date(2026, 2, 5), price=Money(amount * len(categories)), made_at=moment, confirmed_at=moment,
            **_VAT,
        )
        self._put(row)
        for position, category in enumerate(categories, start=1):
            is_own = category is INDIVIDUALS
            self._put(FundingShare(
                id=new_id(), seat_id=row.id, position=position, kind=SourceKind.LEARNER if is_own else SourceKind.SECTOR_FUND, category=category,
                person_id=person if is_own else None, organisation_id=None if is_own else firm or self._payer(category), amount=Money(amount), vat=FREE,
                refunded=Money(refunded), state=state,
                budget_id=budget and budget.id,
            ))
        return row.id

    def seats(self, number: int, *categories: PayerCategory, **about: Any) -> None:
        for _seat in range(number):
            self.seat(*categories, **about)

    def sat(self, *categories: PayerCategory, offering_id: UUID, seen: tuple[bool | None, ...], by_learner: bool | None = None, **about: Any) -> UUID:
        """Make a paid seat in a class with what the provider noted of each day, and the learner of the first; returns the person."""
        person = self.rows.person()
        enrolment = self.rows.waiting(offering_id, by=person, state=EnrolmentState.CONFIRMED)
        for number, was_there in enumerate(seen):
            self._put(Attendance(
                enrolment_id=enrolment, meets_on=date(2026, 1, 5) + timedelta(weeks=number), by_provider=was_there,
                by_learner=by_learner if not number else None,
            ))
        self.seat(*categories, by=person, seat_id=enrolment, **about)
        return person

    def block(self, firm: UUID, *, unnamed: int, starts_on: date, price: int = 10_000, state: ShareState = ShareState.INVOICED, seats: int = 0) -> None:
        """Make a block of a firm with so many seats that had no name when the class began."""
        source = self.source(SourceKind.EMPLOYER, owner=firm)
        row = FundedBlock(
            id=new_id(), organisation_id=firm, source_id=source, supplier_id=self._supplier(), offering_id=self._any_class(), state=BlockState.CLOSED,
            seats=seats or unnamed + 2,
            named=(seats or unnamed + 2) - unnamed, price=Money(price), description="Blok", language="nl", delivered_from=starts_on, delivered_until=starts_on,
            made_at=self.rows.now, ordered_at=self.rows.now, closed_at=self.rows.now, **_VAT,
        )
        self._put(row)
        seat = FundedSeat(
            id=new_id(), block_id=row.id, supplier_id=self._supplier(), offering_id=self._any_class(), description="Zonder naam", language="nl",
            delivered_from=starts_on,
            delivered_until=starts_on, price=Money(price * unnamed), made_at=self.rows.now, confirmed_at=self.rows.now, **_VAT,
        )
        self._put(seat)
        self._put(FundingShare(
            id=new_id(), seat_id=seat.id, position=1, kind=SourceKind.EMPLOYER, category=EMPLOYERS, source_id=source, organisation_id=firm,
            amount=Money(price * unnamed),
            vat=FREE, refunded=FREE, state=state,
        ))

    def source(self, kind: SourceKind = SourceKind.SECTOR_FUND, *, owner: UUID | None = None, name: str = "Fonds") -> UUID:
        """Make somebody's money for learning; returns its id."""
        category = EMPLOYERS if kind is SourceKind.EMPLOYER else PayerCategory.NOBODY if kind is SourceKind.PROVIDER_DISCOUNT else SECTOR
        row = FundingSource(
            id=new_id(), slug=f"geld-{next(_numbers)}", name=Localized(name, name), kind=kind, category=category,
            owner_id=owner or self.rows.firm(kind=OrganisationKind.FUND), open_from=date(2025, 1, 1), made_at=self.rows.now,
        )
        self._put(row)
        return row.id

    def budget(self, source_id: UUID, *, amount: int = 1_000_000, earmarked: int = 0, spent: int = 0, year: int = 2026) -> Budget:
        row = Budget(
            id=new_id(), source_id=source_id, name=str(year), from_on=date(year, 1, 1), until_on=date(year, 12, 31), amount=Money(amount),
            earmarked=Money(earmarked),
            spent=Money(spent),
        )
        self._put(row)
        return row

    def _payer(self, category: PayerCategory) -> UUID:
        """Return who pays where nobody is named: three firms in turn, else one organisation."""
        if category is not EMPLOYERS:
            return self._supplier()
        if not self._firms:
            self._firms.extend(self.rows.firm() for _firm in range(3))
        self._firms.append(self._firms.pop(0))
        return self._firms[0]

    def _supplier(self) -> UUID:
        self._any_class()
        return self.rows.provider_id

    def _put(self, row: Any) -> None:
        self.rows.session.add(row)
        self.rows.session.flush()
