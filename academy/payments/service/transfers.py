"""What providers receive, and give back: sent by the worker as soon as they have an account that can receive."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from academy.kernel.db import database, insert_for, rows_changed
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments import rules
from academy.payments.gateway import AccountTold, BankRefused, BankUnavailable
from academy.payments.kinds import Booked, SendState
from academy.payments.models import Payment, PayoutAccount, Transfer, TransferReversal
from academy.payments.service import bank, sending
from academy.payments.service.booking import book

# In these queries: the provider of a transfer can receive.
CAN_RECEIVE = exists().where(PayoutAccount.organisation_id == Transfer.organisation_id, PayoutAccount.is_ready)
# The transfer that a reversal takes back has left.
HAS_LEFT = exists().where(Transfer.id == TransferReversal.transfer_id, Transfer.state == SendState.DONE)


def take_back(session: Session, payment_id: UUID, refund_id: UUID, amount: Money, *, now: datetime) -> None:
    """Take an amount off what a provider receives of a payment: off the transfer while nobody asked for that yet, else by a reversal of it."""
    if amount.is_zero:
        return
    kept = update(Transfer).where(Transfer.payment_id == payment_id, Transfer.state == SendState.ASKED, Transfer.tries == 0)
    if rows_changed(session, kept.values(reversed=Transfer.reversed + amount)):
        return
    transfer_id = session.scalars(select(Transfer.id).where(Transfer.payment_id == payment_id)).one()
    session.add(TransferReversal(id=new_id(), transfer_id=transfer_id, refund_id=refund_id, amount=amount, asked_at=now, due_at=now))


def send(transfer_id: UUID, *, now: datetime) -> bool:
    """Send a transfer that is due, less what was taken off it before it left; opens its own transactions. False when the bank is away."""
    with database().writing() as session:
        taken = sending.take(
            session, Transfer, transfer_id, Transfer.amount, Transfer.reversed, Transfer.payment_id, Transfer.organisation_id, now=now,
        )
        if taken is None:
            return True
        amount = taken.amount - taken.reversed
        charge = session.execute(select(Payment.code, Payment.vendor_charge).where(Payment.id == taken.payment_id)).one()
        account = session.scalars(select(PayoutAccount.vendor_account).where(PayoutAccount.organisation_id == taken.organisation_id)).one()
        if amount.is_zero:
            sending.change(session, Transfer, transfer_id, SendState.DONE, of=(SendState.ASKED,), sent_at=now)
            return True
    try:
        vendor_transfer = bank.gateway().transfer(
            key=transfer_id, vendor_account=account, vendor_charge=charge.vendor_charge, amount=amount, group=charge.code,
        )
    except BankUnavailable:
        if sending.is_last(taken):
            sending.fail(Transfer, transfer_id, "the payment service did not answer")
        return False
    except BankRefused as refused:
        sending.fail(Transfer, transfer_id, str(refused))
        return True
    with database().writing() as session:
        if sending.change(session, Transfer, transfer_id, SendState.DONE, of=(SendState.ASKED,), vendor_transfer=vendor_transfer, sent_at=now):
            legs = [(rules.provider_account(taken.organisation_id), rules.CLEARING, amount)]
            book(session, key=f"transferred:{transfer_id}", kind=Booked.TRANSFERRED, about_id=transfer_id, legs=legs, at=now)
    return True


def reverse(reversal_id: UUID, *, now: datetime) -> bool:
    """Send a reversal that is due; opens its own transactions. False when the bank is away."""
    with database().writing() as session:
        taken = sending.take(session, TransferReversal, reversal_id, TransferReversal.amount, TransferReversal.transfer_id, now=now)
        if taken is None:
            return True
        of = session.execute(select(Transfer.vendor_transfer, Transfer.organisation_id).where(Transfer.id == taken.transfer_id)).one()
    try:
        vendor_reversal = bank.gateway().reverse_transfer(key=reversal_id, vendor_transfer=of.vendor_transfer, amount=taken.amount)
    except BankUnavailable:
        if sending.is_last(taken):
            sending.fail(TransferReversal, reversal_id, "the payment service did not answer")
        return False
    except BankRefused as refused:
        sending.fail(TransferReversal, reversal_id, str(refused))
        return True
    with database().writing() as session:
        if sending.change(session, TransferReversal, reversal_id, SendState.DONE, of=(SendState.ASKED,), vendor_reversal=vendor_reversal, sent_at=now):
            session.execute(update(Transfer).where(Transfer.id == taken.transfer_id).values(reversed=Transfer.reversed + taken.amount))
            legs = [(rules.CLEARING, rules.provider_account(of.organisation_id), taken.amount)]
            book(session, key=f"transfer-reversed:{reversal_id}", kind=Booked.TRANSFER_REVERSED, about_id=reversal_id, legs=legs, at=now)
    return True


def payout_url(organisation_id: UUID, *, name: str, email: str, country: str, return_url: str, now: datetime) -> str:
    """Return where a provider tells the payment service who it is and where its money goes; good for some minutes.

    Its account there is made the first time, under its own id as key; opens its own transactions. Raises BankUnavailable, BankRefused.
    """
    with database().reading() as session:
        account = session.scalar(select(PayoutAccount.vendor_account).where(PayoutAccount.organisation_id == organisation_id))
    if account is None:
        account = bank.gateway().open_account(key=organisation_id, name=name, email=email, country=country)
        with database().writing() as session:
            added = insert_for(session, PayoutAccount).values(organisation_id=organisation_id, vendor_account=account, is_ready=False, made_at=now)
            session.execute(added.on_conflict_do_nothing(index_elements=["organisation_id"]))
    return bank.gateway().account_url(account, return_url=return_url)


def note_account(session: Session, told: AccountTold, *, now: datetime) -> str:
    """Write down whether a provider can receive now; returns what keeps the notice waiting, "" for nothing."""
    known = update(PayoutAccount).where(PayoutAccount.vendor_account == told.vendor_account)
    ready_at = now if told.is_ready else PayoutAccount.ready_at
    return "" if rows_changed(session, known.values(is_ready=told.is_ready, ready_at=ready_at)) else "no such payout account here"
