"""Frozen facts that leave funding: what a seat costs whom, and whose money there is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from academy.funding.kinds import AskState, BlockState, Fallback, PayerCategory, ShareState, SourceKind, VatReason
from academy.funding.rules import NO_VAT, RuleFacts, Situation, WhyNot
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.payments.api import VatCategory

__all__ = [
    "AskFacts", "BlockFacts", "BudgetFacts", "Part", "Quote", "RuleFacts", "SeatSplit", "ShareFacts", "ShareInWork", "Situation", "Sold", "SplitFacts",
    "VatDecision", "WhyNot",
]


@dataclass(frozen=True)
class Sold:
    """What is sold, as far as it decides who pays: a module of a kind, of a provider, at a price with VAT, delivered from a day on."""

    module_id: UUID
    module_kind: str
    provider_id: UUID
    price: Money
    starts_on: date


@dataclass(frozen=True)
class VatDecision:
    """The VAT of a seat: how much of the price it is, at which rate in hundredths of a per cent, and why."""

    reason: VatReason
    rate: int
    amount: Money

    @property
    def category(self) -> VatCategory:
        if self.reason is VatReason.REVERSE_CHARGE:
            return VatCategory.REVERSE_CHARGE
        return VatCategory.EXEMPT if self.rate == NO_VAT else VatCategory.STANDARD


@dataclass(frozen=True)
class BlockFacts:
    """Seats that an organisation bought before it knew who comes; `price` and the `vat` in it are of one seat."""

    id: UUID
    organisation_id: UUID
    offering_id: UUID
    supplier_id: UUID
    source_id: UUID
    budget_id: UUID | None
    state: BlockState
    seats: int
    named: int
    price: Money
    vat: Money
    reference: str
    made_at: datetime

    @property
    def unnamed(self) -> int:
        """How many of its seats have no name yet."""
        return self.seats - self.named


@dataclass(frozen=True)
class Part:
    """What a source would pay of a seat. `evidence` is what the learner has to show, `fallback` who pays when the source refuses."""

    kind: SourceKind
    category: PayerCategory
    source_id: UUID
    source_name: Localized
    owner_id: UUID
    rule_id: UUID
    amount: Money
    needs_approval: bool
    evidence: tuple[str, ...]
    fallback: Fallback


@dataclass(frozen=True)
class Quote:
    """Who would pay what of a seat: the parts in the order in which they pay, and `own`, the rest, which is the learner's.

    `vat` is None where a person has to decide about it, and then the seat can not be sold; and for what is free. `could_tell` says that telling more of oneself may
    bring more. To who buys for a business (`is_business`) prices are shown without VAT.
    """

    price: Money  # with VAT
    vat: VatDecision | None
    parts: tuple[Part, ...]
    own: Money
    is_business: bool = False
    could_tell: bool = False

    @property
    def others(self) -> Money:
        return self.price - self.own


@dataclass(frozen=True)
class SeatSplit:
    """What the learner has to pay of a reserved seat, until when somebody may approve the other shares, None when nobody has to, and the price.

    The price is what was asked, or that without VAT where the VAT is shifted to who pays it.
    """

    own: Money
    waits_until: datetime | None
    price: Money


@dataclass(frozen=True)
class ShareFacts:
    """A share of a seat. `organisation_id` is who is invoiced; None for the learner's own share, which has no name either."""

    id: UUID
    seat_id: UUID
    position: int
    kind: SourceKind
    category: PayerCategory
    source_id: UUID | None
    source_name: Localized
    organisation_id: UUID | None
    amount: Money
    vat: Money
    refunded: Money
    state: ShareState
    approve_until: datetime | None
    fallback: Fallback | None
    evidence: tuple[str, ...]
    payment_id: UUID | None
    invoice_id: UUID | None

    @property
    def remains(self) -> Money:
        return self.amount - self.refunded


@dataclass(frozen=True)
class SplitFacts:
    """Who pays what of a seat, as agreed, and where each share stands; a share that was released is no part of the price any more."""

    seat_id: UUID
    person_id: UUID
    description: str
    price: Money
    vat: VatDecision
    made_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    kept: Money | None
    shares: tuple[ShareFacts, ...]

    @property
    def own(self) -> Money:
        """Return what the learner pays."""
        amounts = (share.amount.cents for share in self.shares if share.kind is SourceKind.LEARNER and share.state is not ShareState.RELEASED)
        return Money(sum(amounts))

    @property
    def waits_until(self) -> datetime | None:
        """Return the last moment of approving, of the share that has the longest; None when nobody has to approve anything."""
        return max((share.approve_until for share in self.shares if share.approve_until is not None), default=None)


@dataclass(frozen=True)
class BudgetFacts:
    """How much a source has for seats asked in a period, how much of it is promised, and how much was invoiced or given."""

    id: UUID
    source_id: UUID
    name: str
    from_on: date
    until_on: date
    amount: Money
    earmarked: Money = FREE
    spent: Money = FREE

    @property
    def left(self) -> Money:
        return self.amount - self.earmarked - self.spent


@dataclass(frozen=True)
class ShareInWork:
    """A share with its seat and source, for who decides about it and for the letters: for whom, for what, how much, until when."""

    share: ShareFacts
    owner_id: UUID
    person_id: UUID
    offering_id: UUID
    description: str
    language: str
    delivered_from: date
    delivered_until: date
    price: Money
    asked_at: datetime


@dataclass(frozen=True)
class AskFacts:
    """A letter to an employer and the seat that it is about. `own` is what is the learner's, and asked, as long as that waits: `own_until`."""

    id: UUID
    seat_id: UUID
    person_id: UUID
    supplier_id: UUID
    offering_id: UUID
    email: str
    why: str
    language: str
    state: AskState
    asked_at: datetime
    until: datetime
    follows_id: UUID | None
    organisation_id: UUID | None
    signer: str
    amount: Money | None
    reason: str
    description: str
    delivered_from: date
    delivered_until: date
    price: Money
    own: Money
    own_until: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether the employer can still answer."""
        return self.state is AskState.ASKED and self.own_until is not None and now < self.own_until

    @property
    def waits_for_learner(self) -> bool:
        """Whether the learner has to say that they pay what is left."""
        return self.state in {AskState.PART, AskState.REFUSED} and self.own_until is not None

    @property
    def others(self) -> Money:
        """Return what of the price others pay."""
        return self.price - self.own
