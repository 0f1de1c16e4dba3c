"""Money at the bank that pays nothing here goes back whole: asked once per payment there, sent by the worker."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from academy.kernel.db import insert_for
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments.errors import NothingToRefund
from academy.payments.gateway import RefundTold
from academy.payments.kinds import SendState
from academy.payments.models import MoneyReturn, Payment
from academy.payments.service import going_back

_WAY: Final = going_back.Way(MoneyReturn, MoneyReturn.vendor_payment)  # it is in no book, so nothing more happens when it ends


def ask_return(session: Session, *, vendor_payment: str, amount: Money, now: datetime) -> None:
    """Send money back that is booked nowhere; asked again, it is the same return. Raises NothingToRefund when it does pay something here.

    Until this transaction ends no payment changes, so call it late.
    """
    _hold_payments(session)
    if amount <= FREE or session.scalar(select(Payment.id).where(Payment.vendor_payment == vendor_payment)) is not None:
        raise NothingToRefund
    asked = insert_for(session, MoneyReturn).values(
        id=new_id(), vendor_payment=vendor_payment, amount=amount, state=SendState.ASKED, asked_at=now, due_at=now, tries=0, problem="",
    )
    session.execute(asked.on_conflict_do_nothing(index_elements=["vendor_payment"]))


def _hold_payments(session: Session) -> None:
    """Wait for who is settling a payment, and let who comes after that wait, so that they see the return that is being asked.

    Nothing here says which payment this money may be for, so there is no row that both could take; this is rare, and settling pays nothing for it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE payment IN SHARE ROW EXCLUSIVE MODE"))


def send(return_id: UUID, *, now: datetime) -> bool:
    """Send a return that is due; opens its own transactions. False when the bank is away."""
    return going_back.send(_WAY, return_id, now=now)


def note_told(session: Session, told: RefundTold, *, now: datetime) -> bool:
    """Act on what the bank tells of a return; False when it is about none of ours."""
    return going_back.note_told(session, _WAY, told, now=now)
