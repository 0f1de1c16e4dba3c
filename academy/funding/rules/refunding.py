"""Who gets back what: who pays last is paid back first, and nobody more than they paid."""

from collections.abc import Sequence

from academy.kernel.money import FREE, Money


def refunds(amounts: Sequence[Money], *, kept: Money) -> list[Money]:
    """Return what goes back of each amount, given in the order in which they pay, when `kept` of their sum stays owed.

    What stays owed is taken from the first, so what goes back is given to the last.
    """
    back, rest = [], max(kept, FREE)
    for amount in amounts:
        stays = min(amount, rest)
        back.append(amount - stays)
        rest -= stays
    return back


def vat_of_part(vat: Money, *, whole: Money, part: Money) -> Money:
    """Return the VAT in a part of an amount that has `vat` in it, to the nearest cent, half a cent up; all of it for the whole."""
    return FREE if whole.is_zero else Money((2 * vat.cents * part.cents + whole.cents) // (2 * whole.cents))
