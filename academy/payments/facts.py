"""What other rooms and pages read of payments and invoices."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from academy.kernel.money import FREE, Money
from academy.payments.kinds import FindingKind, FindingState, InvoiceKind, PaymentState, SendState, VatCategory


@dataclass(frozen=True)
class Payer:
    """Who pays: a person or an organisation, one of the two."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """Return the id of who pays, whichever of the two. Raises ValueError for nobody."""
        found = self.person_id or self.organisation_id
        if found is None:
            message = "somebody pays"
            raise ValueError(message)
        return found


@dataclass(frozen=True)
class PaymentFacts:
    """A payment. `refunded` is what went back or is on its way back."""

    id: UUID
    code: str
    purpose: str
    subject_id: UUID
    payer: Payer
    supplier_id: UUID
    description: str
    language: str
    amount: Money
    fee: Money
    refunded: Money
    state: PaymentState
    opened_at: datetime
    pay_until: datetime
    settled_at: datetime | None
    method: str


@dataclass(frozen=True)
class RefundFacts:
    """Money that goes back of a payment; `problem` says why it could not, without anything of a person."""

    id: UUID
    payment_id: UUID
    amount: Money
    state: SendState
    asked_at: datetime
    ended_at: datetime | None
    problem: str


@dataclass(frozen=True)
class FindingFacts:
    """Something about money that a person has to look at; `asked` is what we asked or have, `came` what the bank has of it.

    `person_id` is who paid, where that is a person.
    """

    id: UUID
    code: str
    kind: FindingKind
    state: FindingState
    about: str
    payment_id: UUID | None
    order_id: UUID | None
    vendor_payment: str
    asked: Money | None
    came: Money | None
    problem: str
    happened_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    reason: str
    payment_code: str
    description: str
    person_id: UUID | None


@dataclass(frozen=True)
class LineDraft:
    """A line of an invoice to be made: what, when delivered, how much. `gross` is `net` and `vat` together."""

    about_id: UUID
    description: str
    delivered_from: date
    delivered_until: date
    net: Money
    vat: Money
    category: VatCategory
    rate: int  # in hundredths of a per cent
    reason: str = ""
    quantity: int = 1

    @property
    def gross(self) -> Money:
        return self.net + self.vat


@dataclass(frozen=True)
class InvoiceFacts:
    """An invoice or credit note; `paid` is what came for it, `credited` what credit notes took off."""

    id: UUID
    code: str
    kind: InvoiceKind
    credits_code: str
    supplier_id: UUID
    supplier_name: str
    buyer: Payer
    buyer_name: str
    issued_on: date
    due_on: date
    net: Money
    vat: Money
    gross: Money
    paid: Money = FREE
    credited: Money = FREE

    @property
    def open(self) -> Money:
        """Return what is still to be paid; of a credit note nothing."""
        return FREE if self.kind is InvoiceKind.CREDIT_NOTE else self.gross - self.credited - self.paid
