"""VAT by the table of seven rows, each of them, and the VAT in a price."""

import pytest

from academy.funding.kinds import SupplyKind, VatReason
from academy.funding.rules import (
    STANDARD_RATE,
    ProviderStatus,
    decide,
    rate_of,
    reverse_charge_applies,
    usual_supply,
    vat_within,
)
from academy.kernel.money import FREE, Money

NEITHER, CRKBO = ProviderStatus(is_recognised=False, is_in_crkbo=False), ProviderStatus(is_recognised=False, is_in_crkbo=True)
RECOGNISED = ProviderStatus(is_recognised=True, is_in_crkbo=False)
BOTH = ProviderStatus(is_recognised=True, is_in_crkbo=True)
ANY = (None, NEITHER, CRKBO, RECOGNISED, BOTH)


@pytest.mark.parametrize(("supply", "statuses", "reason", "rate"), [
    (SupplyKind.FEE, ANY, VatReason.NOT_EDUCATION, STANDARD_RATE),
    (SupplyKind.ADVICE, ANY, VatReason.NOT_EDUCATION, STANDARD_RATE),
    (SupplyKind.REGULATED, (RECOGNISED, BOTH), VatReason.REGULATED, 0),
    (SupplyKind.PERSONAL, ANY, VatReason.NOT_VOCATIONAL, STANDARD_RATE),
    (SupplyKind.VOCATIONAL, (CRKBO, BOTH), VatReason.CRKBO, 0),
    (SupplyKind.VOCATIONAL, (NEITHER, RECOGNISED), VatReason.NOT_IN_CRKBO, STANDARD_RATE),
], ids=["row 1", "row 2", "row 3", "row 4", "row 5", "row 6"])
def test_each_row_of_the_table_says_why_and_how_much(
    supply: SupplyKind, statuses: tuple[ProviderStatus | None, ...], reason: VatReason, rate: int,
) -> None:
    assert [decide(supply, status) for status in statuses] == [reason] * len(statuses)
    assert rate_of(reason) == rate


@pytest.mark.parametrize(("supply", "status"), [
    (SupplyKind.REGULATED, None), (SupplyKind.VOCATIONAL, None), (SupplyKind.REGULATED, NEITHER), (SupplyKind.REGULATED, CRKBO),
])
def test_row_7_what_fits_no_row_waits_for_a_person(supply: SupplyKind, status: ProviderStatus | None) -> None:
    assert decide(supply, status) is None


def test_of_a_recognised_provider_parts_of_an_ad_and_of_mbo_are_regulated_education_and_nothing_else_is() -> None:
    kinds = ("ad_module", "mbo_part", "loose_module", "language_module", "tailored", "mooc")
    assert [usual_supply(kind, RECOGNISED) for kind in kinds] == [SupplyKind.REGULATED] * 2 + [SupplyKind.VOCATIONAL] * 4
    assert {usual_supply(kind, NEITHER) for kind in kinds} == {SupplyKind.VOCATIONAL}


@pytest.mark.parametrize(("reason", "country", "vat_id", "is_shifted"), [
    (VatReason.NOT_IN_CRKBO, "BE", "BE 0123456789", True),
    (VatReason.NOT_IN_CRKBO, "GR", "EL123456789", True),
    (VatReason.NOT_IN_CRKBO, "NL", "NL123456789B01", False),
    (VatReason.NOT_IN_CRKBO, "BE", "", False),
    (VatReason.NOT_IN_CRKBO, "US", "US123", False),
    (VatReason.CRKBO, "BE", "BE0123456789", False),
])
def test_vat_is_shifted_to_a_firm_in_another_country_of_the_eu_where_there_is_any(
    reason: VatReason, country: str, vat_id: str, is_shifted: bool,
) -> None:
    assert reverse_charge_applies(reason, buyer_country=country, buyer_vat_id=vat_id) is is_shifted


def test_the_vat_in_a_price_is_what_the_tax_office_takes_out_of_it() -> None:
    assert [vat_within(Money(cents), STANDARD_RATE) for cents in (0, 121, 100_00, 1)] == [FREE, Money(21), Money(17_36), FREE]
    assert vat_within(Money(100_00), 0) == FREE
