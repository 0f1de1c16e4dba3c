"""Reads of what waits for a person: findings, notices that could not be acted on, orders that the bank did not take."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, memberships_of
from academy.kernel.errors import NotFound
from academy.payments.facts import FindingFacts
from academy.payments.kinds import FindingKind, FindingState, NoticeState, SendState
from academy.payments.models import (
    BankComparison,
    Finding,
    MoneyReturn,
    Payment,
    ReceivedNotice,
    Refund,
    Transfer,
    TransferReversal,
)
from academy.payments.policy import may_mend

PER_PAGE: Final = 50
_MOST_LISTED = 100
_ONLY: Final = 1
# What comparing with the bank shows, and so also that it went away.
AT_THE_BANK: Final = (
    FindingKind.UNKNOWN_MONEY, FindingKind.WRONG_AMOUNT, FindingKind.PAID_TWICE, FindingKind.UNKNOWN_VISIT, FindingKind.NOT_AT_BANK,
    FindingKind.AMOUNTS_DIFFER, FindingKind.REFUNDS_DIFFER,
)
_FACTS: Final = (
    select(
        Finding.id, Finding.code, Finding.kind, Finding.state, Finding.about, Finding.payment_id, Finding.order_id, Finding.vendor_payment,
        Finding.asked, Finding.came, Finding.problem, Finding.happened_at, Finding.opened_at, Finding.closed_at, Finding.reason,
        func.coalesce(Payment.code, "").label("payment_code"), func.coalesce(Payment.description, "").label("description"), Payment.person_id,
    ).outerjoin(Payment, Payment.id == Finding.payment_id)
)


@dataclass(frozen=True)
class Difference:
    """Something that is not the same here and at the bank; `about` is a payment's code, or the bank's own name for it."""

    about: str
    what: str


@dataclass(frozen=True)
class Looked:
    """How comparing with the bank stands: when it began, when a whole one last ended, and when the programme office last had a letter."""

    since: datetime | None = None
    started_at: datetime | None = None
    after: str = ""
    done_at: datetime | None = None
    busy_until: datetime | None = None
    told_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether one was begun that has not ended."""
        return self.started_at is not None and (self.done_at is None or self.done_at < self.started_at)


@dataclass(frozen=True)
class OpenFindings:
    """A page of what is open, the oldest first, and how comparing with the bank stands."""

    findings: tuple[FindingFacts, ...]
    count: int
    page: int
    looked: Looked

    @property
    def pages(self) -> int:
        """Return how many pages there are; one when there is nothing."""
        return max(-(-self.count // PER_PAGE), 1)


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


def office_of(session: Session, actor: Actor) -> UUID:
    """Return the programme office for which someone sets right what went wrong with money. Raises NotFound for others."""
    found = next((one.organisation_id for one in memberships_of(session, actor.person_id) if may_mend(one)), None)
    if found is None:
        raise NotFound
    return found


def open_findings(session: Session, actor: Actor, *, page: int) -> OpenFindings:
    """Return a page of what is open; the last one when there are not so many. Raises NotFound to others than the programme office."""
    office_of(session, actor)
    count = count_open(session)
    shown = min(max(page, 1), max(-(-count // PER_PAGE), 1))
    asked = _FACTS.where(Finding.state == FindingState.OPEN).order_by(Finding.opened_at, Finding.id)
    return OpenFindings(tuple(_read(session, asked.limit(PER_PAGE).offset((shown - 1) * PER_PAGE))), count, shown, looked(session))


def finding(session: Session, actor: Actor, code: str) -> FindingFacts:
    """Return a finding, also one that is open no more. Raises NotFound, also to others than the programme office."""
    office_of(session, actor)
    found = next(iter(_read(session, _FACTS.where(Finding.code == code))), None)
    if found is None:
        raise NotFound
    return found


def count_open(session: Session) -> int:
    """Return how much is open."""
    return session.scalars(select(func.count()).select_from(Finding).where(Finding.state == FindingState.OPEN)).one()


def has_untold(session: Session) -> bool:
    """Tell whether something is open of which the programme office had no letter."""
    return session.scalar(select(Finding.id).where(Finding.state == FindingState.OPEN, Finding.told_at.is_(None)).limit(1)) is not None


def counts_open(session: Session) -> dict[FindingKind, int]:
    """Return how much of each kind is open."""
    rows = session.execute(select(Finding.kind, func.count()).where(Finding.state == FindingState.OPEN).group_by(Finding.kind))
    return {kind: number for kind, number in rows}  # noqa: C416 - rows are no pairs to the type checker


def looked(session: Session) -> Looked:
    """Return how comparing with the bank stands."""
    row = session.get(BankComparison, _ONLY)
    return Looked() if row is None else Looked(row.since, row.started_at, row.after, row.done_at, row.busy_until, row.told_at)


def _read(session: Session, asked: Select[*tuple[Any, ...]]) -> list[FindingFacts]:
    return [FindingFacts(**row) for row in session.execute(asked).mappings()]


def oldest_open(session: Session) -> datetime | None:
    """Return when the oldest happened of what is open and what comparing with the bank shows; None when nothing is."""
    return session.scalar(select(func.min(Finding.happened_at)).where(Finding.state == FindingState.OPEN, Finding.kind.in_(AT_THE_BANK)))


def returned(session: Session, vendor_payments: list[str]) -> set[str]:
    """Return which of these payments at the bank somebody sends back, or sent; where that failed is a finding of its own."""
    return set(session.scalars(select(MoneyReturn.vendor_payment).where(MoneyReturn.vendor_payment.in_(vendor_payments))))

