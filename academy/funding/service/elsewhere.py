"""Seats of which the provider sends the bill itself: those of a group, and those that an organisation bought and gives out by a code.

Nothing is split, approved, paid or invoiced here. What such a seat costs stands in one share of whoever arranged it, so that "who paid what" is
whole: reserved while the provider waits for the money, settled when it says that the money came, and let go of when the seat ends.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import OrganisationKind
from academy.catalogue import api as catalogue
from academy.funding import queries
from academy.funding.facts import Quote
from academy.funding.kinds import PayerCategory, ShareState, SourceKind
from academy.funding.models import FundingShare
from academy.funding.service import shares
from academy.funding.service.quoting import Worked, sold_of, vat_of
from academy.funding.service.reserving import new_seat, own_share
from academy.kernel.ids import new_id
from academy.kernel.money import FREE
from academy.kernel.text import Language
from academy.payments.api import Payer

AT_THE_PROVIDER: Final = "paid at the provider"
_KINDS: Final = {OrganisationKind.EMPLOYER: SourceKind.EMPLOYER, OrganisationKind.FUND: SourceKind.SECTOR_FUND}
_CATEGORIES: Final = {SourceKind.EMPLOYER: PayerCategory.EMPLOYERS, SourceKind.SECTOR_FUND: PayerCategory.SECTOR}


def note_elsewhere(
    session: Session, *, seat_id: UUID, person_id: UUID, payer: Payer, found: catalogue.OfferingOfModule, language: Language, now: datetime,
) -> None:
    """Note what a seat costs that `payer` pays at its provider. Repeatable; nothing for what is free. Raises VatUndecided."""
    sold = sold_of(found)
    if sold.price.is_zero or queries.locked_seat(session, seat_id) is not None:
        return
    quote = Quote(sold.price, vat_of(session, found), (), sold.price)
    seat = new_seat(Worked(quote, ()), seat_id=seat_id, person_id=person_id, found=found, language=language, now=now)
    session.add(seat)
    session.flush()
    share = own_share(seat, position=1, amount=seat.price, vat=seat.vat)
    share.person_id = payer.person_id
    if payer.organisation_id is not None:
        kind = _KINDS.get(accounts.organisation(session, payer.organisation_id).kind, SourceKind.PUBLIC_EDUCATION)
        share = FundingShare(
            id=new_id(), seat_id=seat.id, position=1, kind=kind, category=_CATEGORIES.get(kind, PayerCategory.EDUCATION),
            organisation_id=payer.organisation_id, amount=seat.price, vat=seat.vat, refunded=FREE, state=ShareState.RESERVED,
        )
    shares.add(session, share, now=now, note=AT_THE_PROVIDER)


def settle_elsewhere(session: Session, seat_id: UUID, *, now: datetime) -> None:
    """Note that the provider has the money of a seat, as it says. Repeatable; nothing for a seat that was never noted."""
    seat = queries.locked_seat(session, seat_id)
    if seat is None or seat.confirmed_at is not None:
        return
    seat.confirmed_at = now
    for share in queries.locked_shares(session, seat_id):
        if share.state is ShareState.RESERVED:
            shares.move(session, share, ShareState.SETTLED, now=now, note=AT_THE_PROVIDER)
