"""Use cases of buying seats before it is known who comes: a block, ordered at once, out of a budget or on invoice."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.employers.errors import BillingNeeded, OfferChanged, SeatsWrong
from academy.employers.models import SeatOrder
from academy.employers.queries import guests as queries
from academy.enrolment import api as enrolment
from academy.kernel.db import insert_for
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import id_in
from academy.kernel.money import FREE, Money
from academy.payments import api as payments

MOST_SEATS: Final = 200


def buy_seats(
    session: Session, *, actor: Actor, organisation: str, offering_code: str, seats: int, budget: str, reference: str, shown: Money,
    request_key: UUID, now: datetime,
) -> UUID:
    """Order so many seats of a class for a firm, whoever comes to sit there; returns the block. The same form sent again is the same order.

    `budget` is the id of one of the firm's as the page gave it: there the price of all seats is earmarked at once; "" is on invoice. `shown` is the
    price of a seat that its reader agreed to. Raises FirmNotFound, SeatsWrong, OfferingNotFound, OfferChanged, BillingNeeded, and what selling a
    block can: EnrolmentClosed, EnrolmentElsewhere, PriceUnknown, VatUndecided, BudgetUsedUp, BlockTooLarge.
    """
    firm = queries.firm_to_act_for(session, actor, organisation)
    again = queries.block_of_order(session, request_key)
    if again is not None:
        return again
    if not 1 <= seats <= MOST_SEATS:
        raise SeatsWrong
    price = catalogue.offering_with_code(session, offering_code).offering.price or FREE
    if price != shown:
        raise OfferChanged
    if not budget and not price.is_zero and payments.billing_details_of(session, firm.id) is None:
        raise BillingNeeded(firm.slug)
    sold = enrolment.sell_block(
        session, organisation_id=firm.id, name=firm.name, offering_code=offering_code, seats=seats, budget_id=id_in(budget) if budget else None,
        reference=reference, by=actor.person_id, is_ordered=True, now=now,
    )
    _note_order(session, request_key, sold.block_id, actor, now=now)
    record(
        session, "seats-bought", actor_id=actor.person_id, now=now, organisation_id=firm.id, about="seat-block", about_id=sold.block_id,
        details={"offering": offering_code, "number": seats},
    )
    return sold.block_id


def _note_order(session: Session, request_key: UUID, block_id: UUID, actor: Actor, *, now: datetime) -> None:
    noted = session.scalar(
        insert_for(session, SeatOrder).values(request_key=request_key, block_id=block_id, ordered_by=actor.person_id, ordered_at=now)
        .on_conflict_do_nothing().returning(SeatOrder.request_key),
    )
    if noted is None:
        raise DatabaseBusy  # the same form, sent twice at once: who starts over finds what the other one bought
