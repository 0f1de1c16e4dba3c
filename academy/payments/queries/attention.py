"""Reads of what waits for a person: notices that could not be acted on, orders that the bank did not take."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.payments.kinds import NoticeState, SendState
from academy.payments.models import Payment, ReceivedNotice, Refund, Transfer, TransferReversal

_MOST_LISTED = 100


@dataclass(frozen=True)
class Difference:
    """Something that is not the same here and at the bank; `about` is a payment's code, or the bank's own name for it."""

    about: str
    what: str


def waiting(session: Session) -> list[Difference]:
    """Return what a person has to look at, a hundred of each kind at most, the oldest first."""
    notices = session.execute(
        select(ReceivedNotice.id, ReceivedNotice.problem).where(ReceivedNotice.state == NoticeState.WAITING)
        .order_by(ReceivedNotice.received_at).limit(_MOST_LISTED),
    )
    found = [Difference(notice_id, f"this notice waits: {problem}") for notice_id, problem in notices]
    refunds = select(Payment.code, Refund.problem).join(Refund, Refund.payment_id == Payment.id).where(Refund.state == SendState.FAILED)
    transfers = select(Payment.code, Transfer.problem).join(Transfer, Transfer.payment_id == Payment.id).where(Transfer.state == SendState.FAILED)
    reversals = (
        select(Payment.code, TransferReversal.problem).join(Transfer, Transfer.payment_id == Payment.id)
        .join(TransferReversal, TransferReversal.transfer_id == Transfer.id).where(TransferReversal.state == SendState.FAILED)
    )
    for word, asked in (("refund", refunds), ("transfer", transfers), ("reversal of the transfer", reversals)):
        rows = session.execute(asked.order_by(Payment.opened_at).limit(_MOST_LISTED))
        found += [Difference(code, f"the {word} failed: {problem}") for code, problem in rows]
    return found
