"""Rules of money that moves: fees, how long a visit to the bank lasts, when to try again, and which account gets what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.money import FREE, Money
from academy.payments.kinds import AccountKind, FindingKind

FOR_INVOICE: Final = "invoice"  # the purpose of a payment whose sale was booked when its invoice was made
MOST_TRIES: Final = 20  # some fifteen hours: well within the day for which a payment service remembers an idempotency key

_BOOKED_YEARS: Final = 7
_WHOLE: Final = 10_000  # hundredths of a per cent
_VAT_ON_FEES: Final = 2_100  # Wet OB 1968, art. 9 lid 1: mediation by the platform is taxed, whatever it mediates in
_SHORTEST_VISIT = timedelta(minutes=31)  # a payment service wants between half an hour and a day
_LEAST_VISIT, _MOST_VISIT = timedelta(hours=1), timedelta(hours=23)
_FIRST_DELAY, _LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=1)
_DAY_BEGINS: Final = timedelta(hours=5)  # after midnight: when nobody is paying
_LOOKS_BACK: Final = timedelta(days=30)
_FIRST_LOOK, _LONGEST_LOOK = timedelta(seconds=2), timedelta(days=1)


def fee_of(amount: Money, rate: int) -> Money:
    """Return what the platform keeps, VAT included; `rate` in hundredths of a per cent, half a cent counts as one."""
    return _part(amount, rate, _WHOLE)


def fee_left(fee: Money, amount: Money, *, back: Money) -> Money:
    """Return what the platform keeps of a fee once so much of the amount went back, at once or in parts."""
    return fee - _part(fee, back.cents, amount.cents)


def vat_in(fee: Money) -> Money:
    """Return the VAT that is in a fee."""
    return _part(fee, _VAT_ON_FEES, _WHOLE + _VAT_ON_FEES)


def _part(of: Money, numerator: int, denominator: int) -> Money:
    return Money((2 * of.cents * numerator + denominator) // (2 * denominator))


def visit_until(pay_until: datetime, *, now: datetime) -> datetime:
    """Return until when a visit to the bank that starts now can be paid; a visit that lasts too long is ended there."""
    return min(max(pay_until, now + _LEAST_VISIT), now + _MOST_VISIT)


def may_still_start(expires_at: datetime, *, now: datetime) -> bool:
    """Tell whether the bank still takes an order for a visit until then."""
    return expires_at - now > _SHORTEST_VISIT


def next_try(tries: int, *, now: datetime) -> datetime:
    """Return when to ask the bank again after so many tries."""
    return now + _doubled(_FIRST_DELAY, tries, _LONGEST_DELAY)


def next_look(tries: int, *, now: datetime) -> datetime:
    """Return when to look again at a notice that could not be acted on; it is never given up."""
    return now + _doubled(_FIRST_LOOK, tries, _LONGEST_LOOK)


def _doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    return min(first * (1 << min(times, MOST_TRIES)), longest)


def refund_key(refund_id: UUID, former: str | None) -> UUID:
    """Return the idempotency key of a refund; `former` is what the bank called it when it failed there, so that trying anew is a new order."""
    return refund_id if former is None else uuid5(refund_id, former)


def is_new_day(before: datetime | None, *, now: datetime) -> bool:
    """Tell whether what is done once a day is due: it was never done, or on a day that ended; days begin at five in the morning in Amsterdam."""
    return before is None or amsterdam_day(before - _DAY_BEGINS) < amsterdam_day(now - _DAY_BEGINS)


def compared_since(oldest_open: datetime | None, *, now: datetime) -> datetime:
    """Return how far back comparing with the bank looks: a month, or until before the oldest that is open, so that it can close itself."""
    month_ago = now - _LOOKS_BACK
    return month_ago if oldest_open is None else min(month_ago, oldest_open)


def booked_until(year: int) -> date:
    """Return the last day on which tax law wants the books of a year: that of the seventh year after it (AWR art. 52 lid 4)."""
    return date(year + _BOOKED_YEARS, 12, 31)


def booked_before(now: datetime) -> datetime:
    """Return the moment such that tax law wants nothing any more that was booked before it."""
    return datetime(amsterdam_day(now).year - _BOOKED_YEARS, 1, 1, tzinfo=AMSTERDAM)


# What the programme office can do about a finding, beside closing it with a reason: money that is booked nowhere goes back, or is booked
# after all where a payment waits for it; an order that failed and a notice that waits are tried again.
MAY_GO_BACK: Final = frozenset({FindingKind.UNKNOWN_MONEY, FindingKind.WRONG_AMOUNT, FindingKind.PAID_TWICE})
MAY_BE_SETTLED: Final = frozenset({FindingKind.WRONG_AMOUNT, FindingKind.UNKNOWN_VISIT})
MAY_BE_TRIED_AGAIN: Final = frozenset({
    FindingKind.REFUND_FAILED, FindingKind.RETURN_FAILED, FindingKind.TRANSFER_FAILED, FindingKind.REVERSAL_FAILED, FindingKind.NOTICE_WAITS,
})


@dataclass(frozen=True, order=True)
class AccountCode:
    """An account of the ledger: of a party, or a heap of our own."""

    kind: AccountKind
    owner_id: UUID | None = None

    def __str__(self) -> str:
        return self.kind.value if self.owner_id is None else f"{self.kind.value}:{self.owner_id}"


CLEARING: Final = AccountCode(AccountKind.CLEARING)
FEES: Final = AccountCode(AccountKind.FEES)
FEE_VAT: Final = AccountCode(AccountKind.VAT)

Leg = tuple[AccountCode, AccountCode, Money]
"""An amount with the account that it is a debit of, and then the one that it is a credit of."""


def payer_account(payer_id: UUID) -> AccountCode:
    """Return the account with what somebody owes us; a credit on it is what we owe them."""
    return AccountCode(AccountKind.PAYER, payer_id)


def provider_account(organisation_id: UUID) -> AccountCode:
    """Return the account with what we owe an institution; a debit on it is what it owes us."""
    return AccountCode(AccountKind.PROVIDER, organisation_id)


def fee_legs(provider: AccountCode, fee: Money) -> list[Leg]:
    """Return how a fee is earned: the VAT in it is not ours."""
    return [(provider, FEES, fee - vat_in(fee)), (provider, FEE_VAT, vat_in(fee))]


def fee_back_legs(provider: AccountCode, fee: Money, left: Money) -> list[Leg]:
    """Return how so much of a fee is given back that `left` remains, with exactly the VAT that is in that."""
    vat = vat_in(fee) - vat_in(left)
    return [(FEES, provider, fee - left - vat), (FEE_VAT, provider, vat)]


def without_nothing(legs: Sequence[Leg]) -> list[Leg]:
    """Leave out amounts of nothing, which no entry can hold."""
    return [leg for leg in legs if leg[2] != FREE]
