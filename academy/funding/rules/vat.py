"""VAT of what is sold: a table of seven rows, read from the top (Wet OB 1968, art. 11 lid 1 o; Uitvoeringsbesluit OB 1968, art. 8).

1  a fee of the platform                                              standard   another supply than the education
2  advice                                                             standard   no education
3  education regulated by WEB or WHW, of a recognised provider        exempt     regulated education
4  a hobby, or a skill for private life                               standard   not vocational
5  vocational training, of a provider in the CRKBO                    exempt     vocational training of a registered provider
6  vocational training, of another provider                           standard   the provider is not registered
7  anything else                                                      nothing is sold until a person has decided

What would be taxed at the standard rate and is bought by a firm in another country of the EU has its VAT shifted to that firm (Directive
2006/112/EC, art. 44 and 196).
"""

from dataclasses import dataclass
from typing import Final

from academy.funding.kinds import SupplyKind, VatReason
from academy.kernel.money import FREE, Money

STANDARD_RATE: Final = 2100  # hundredths of a per cent (Wet OB 1968, art. 9 lid 1)
NO_VAT: Final = 0
_WHOLE: Final = 10_000
_EXEMPT: Final = {VatReason.REGULATED, VatReason.CRKBO}
_REGULATED_KINDS: Final = {"ad_module", "mbo_part"}
_EU: Final = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"],  # VAT numbers of Greece begin with EL
)


@dataclass(frozen=True)
class ProviderStatus:
    """What a provider is to the tax office on the day of delivery."""

    is_recognised: bool  # funded or recognised by WEB or WHW
    is_in_crkbo: bool


def usual_supply(module_kind: str, status: ProviderStatus) -> SupplyKind:
    """Return what a module is where nobody decided otherwise: of a recognised provider a part of an AD or of mbo is regulated education."""
    return SupplyKind.REGULATED if module_kind in _REGULATED_KINDS and status.is_recognised else SupplyKind.VOCATIONAL


def decide(supply: SupplyKind, status: ProviderStatus | None) -> VatReason | None:
    """Return why a supply has the VAT it has; None where a person has to decide first. `status` is None while nobody said what the provider is."""
    outright = {
        SupplyKind.FEE: VatReason.NOT_EDUCATION, SupplyKind.ADVICE: VatReason.NOT_EDUCATION, SupplyKind.PERSONAL: VatReason.NOT_VOCATIONAL,
    }
    if supply in outright:
        return outright[supply]
    if status is None:
        return None
    if supply is SupplyKind.REGULATED:
        return VatReason.REGULATED if status.is_recognised else None
    return VatReason.CRKBO if status.is_in_crkbo else VatReason.NOT_IN_CRKBO


def reverse_charge_applies(reason: VatReason, *, buyer_country: str, buyer_vat_id: str) -> bool:
    """Tell whether the VAT is shifted to the buyer: a firm in another country of the EU, with a VAT number there."""
    number = buyer_vat_id.replace(" ", "").upper()
    return rate_of(reason) > NO_VAT and buyer_country.upper() in _EU - {"NL"} and number[:2] in _EU - {"NL"}


def rate_of(reason: VatReason) -> int:
    """Return the rate in hundredths of a per cent."""
    return NO_VAT if reason in _EXEMPT or reason is VatReason.REVERSE_CHARGE else STANDARD_RATE


def vat_within(price: Money, rate: int) -> Money:
    """Return the VAT that is in a price, to the nearest cent, half a cent up. `price` is not negative."""
    if rate == NO_VAT:
        return FREE
    return Money((2 * price.cents * rate + _WHOLE + rate) // (2 * (_WHOLE + rate)))
