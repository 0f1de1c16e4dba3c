"""Lines of invoices and credit notes for shares: parts of a share always add up to its VAT."""

from typing import Final

from academy.funding import rules
from academy.funding.facts import VatDecision
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.words import reason_words
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import reading_in
from academy.payments.api import LineDraft

_LONGEST: Final = 300


def line_of(
    seat: FundedSeat, share: FundingShare, *, already: Money, amount: Money, language: Language | None = None, reference: str = "",
) -> LineDraft:
    """Return the line for `amount` of a share, of which so much went back `already`; in a language, else in that of the seat.

    `reference` is that of who ordered the seat, for its own books.
    """

    def vat_up_to(part: Money) -> Money:
        return rules.vat_of_part(share.vat, whole=share.amount, part=part)

    vat = vat_up_to(already + amount) - vat_up_to(already)
    decision = VatDecision(seat.vat_reason, seat.vat_rate, seat.vat)
    with reading_in(language or ("en" if seat.language == "en" else "nl")):
        reason = reason_words(seat.vat_reason)
    return LineDraft(
        about_id=share.id, description=f"{seat.description} ({reference})"[:_LONGEST] if reference else seat.description, delivered_from=seat.delivered_from, delivered_until=seat.delivered_until,
        net=amount - vat, vat=vat, category=decision.category, rate=seat.vat_rate, reason="" if seat.vat_rate else reason,
    )
