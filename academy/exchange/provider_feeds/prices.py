"""What a course costs in a feed: euros become money, other currencies stay words; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from academy.exchange.values import Price
from academy.kernel.money import FREE, Money

_LONGEST_NOTE: Final = 300


@dataclass(frozen=True, slots=True)
class Fare:
    """One of the ways to pay: `label` says what for, "" for simply taking part; `currency` is a code of ISO 4217."""

    amount: Decimal
    currency: str
    label: str = ""

    @property
    def words(self) -> str:
        amount = f"{self.amount:f}"
        amount = amount.rstrip("0").rstrip(".") if "." in amount and not self.amount % 1 else amount
        return " ".join(part for part in (self.label, self.currency, amount) if part)


def price_of(fares: Sequence[Fare]) -> Price:
    """Return the price with, in its note, every way to pay that a single amount in euros does not say.

    Who can take part for nothing pays nothing, whatever a certificate costs. Of several amounts in euros the highest is the price:
    nobody pays more. Nothing is turned into euros.
    """
    paid = list(dict.fromkeys(fare for fare in fares if fare.amount))
    note = "; ".join(fare.words for fare in paid)[:_LONGEST_NOTE]
    if len(paid) < len(fares) and any(not fare.amount for fare in fares):
        return Price(FREE, note)
    euros = [fare.amount for fare in paid if fare.currency == "EUR"]
    if not euros:
        return Price(None, note)
    return Price(Money(int(max(euros) * 100)), "" if len(paid) == 1 else note)
