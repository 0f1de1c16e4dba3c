"""Electronic invoices: every rule that bears on them holds, whatever people typed."""

import random
import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest

from academy.payments.kinds import InvoiceKind, VatCategory
from academy.payments.queries.invoices import InvoiceDocument
from academy.payments.ubl import as_ubl
from tests.payments.nlcius import RULES, broken_rules
from tests.payments.papers import ABROAD, BUYER, SUPPLIER, document, line

MIXED = (line(40_000, vat=8_400), line(1_000), line(999, vat=210, quantity=3))
SHIFTED = line(40_000, category=VatCategory.REVERSE_CHARGE, reason="Btw verlegd")


@pytest.mark.parametrize("made", [
    document(), document(*MIXED), document(line(0)), document(purchase_order="PO <&> 1"), document(SHIFTED, buyer=ABROAD),
    document(buyer=replace(BUYER, vat_id="", email="")), document(kind=InvoiceKind.CREDIT_NOTE), document(*MIXED, kind=InvoiceKind.CREDIT_NOTE, purchase_order="x"),
    document(line(100, description="<script>&\"' \x00\x0b\ud800\ufffe 中文 🎉")),
])
def test_an_invoice_keeps_every_rule(made: InvoiceDocument) -> None:
    assert broken_rules(as_ubl(made)) == []


def test_random_invoices_keep_every_rule() -> None:
    pick = random.Random(3)  # noqa: S311 - no secret
    for _case in range(100):
        lines = [
            line(net := pick.randrange(200_000), vat=(net * 21 + 50) // 100 if net > 2 and pick.random() < 0.5 else 0, quantity=pick.randrange(1, 9))
            for _line in range(pick.randrange(1, 12))
        ]
        assert broken_rules(as_ubl(document(*lines, kind=pick.choice(list(InvoiceKind))))) == []


# What is done to a good invoice, and the rule that must then say no: without these nobody knows that the rules look at all.
BREAKS = {
    "BR-01": (b"#compliant#", b"#conformant#"), "BR-02": (b"<cbc:ID>WINDESHEIM-00007</cbc:ID>", b""), "BR-03": (rb"<cbc:IssueDate>.*?</cbc:IssueDate>", b""),
    "BR-04": (b">380<", b">381<"), "BR-05": (b">EUR<", b">USD<"), "BR-24": (rb"(<cbc:LineExtensionAmount[^>]*>)400\.00", rb"\g<1>"),
    "BR-CO-10": (rb"(<cbc:LineExtensionAmount[^>]*>)419\.99", rb"\g<1>420.00"), "BR-CO-14": (rb"(<cac:TaxTotal>\s*<cbc:TaxAmount[^>]*>)86\.10", rb"\g<1>86.11"),
    "BR-CO-15": (rb"(<cbc:TaxInclusiveAmount[^>]*>)506\.09", rb"\g<1>506.10"), "BR-CO-16": (rb"(<cbc:PayableAmount[^>]*>)506\.09", rb"\g<1>500.00"),
    "BR-CO-17": (rb"86\.10", b"88.10"), "BR-CO-25": (rb"<cbc:DueDate>.*?</cbc:DueDate>", b""), "BR-DEC": (rb">9\.99<", b">9.990001<"),
    "BR-S-08, BR-E-08, BR-AE-08": (rb"(<cbc:TaxableAmount[^>]*>)10\.00", rb"\g<1>11.00"),
    "BR-S-10, BR-E-10, BR-AE-10": (rb"<cbc:TaxExemptionReason>.*?</cbc:TaxExemptionReason>", b""), "BR-49, BR-61": (rb"NL91ABNA0417164300", b""),
    "BR-NL-1": (rb'(<cbc:CompanyID schemeID=")0106(">41023387)', rb"\g<1>0007\2"), "BR-NL-2": (rb"<cbc:BuyerReference>.*?</cbc:BuyerReference>", b""),
    "BR-NL-4": (rb"<cbc:PostalZone>1315 KT</cbc:PostalZone>", b""), "BR-NL-10": (rb'<cbc:CompanyID schemeID="0106">12345678</cbc:CompanyID>', b""),
    "BR-NL-11": (rb"(?s)<cac:PaymentMeans>.*</cac:PaymentMeans>", b""), "UBL order": (rb"(?s)(<cac:PaymentMeans>.*</cac:PaymentMeans>)(.*)(</Invoice>)", rb"\2\1\3"),
}


@pytest.mark.parametrize(("rule", "change"), BREAKS.items())
def test_an_invoice_that_breaks_a_rule_is_found(rule: str, change: tuple[bytes, bytes]) -> None:
    good = as_ubl(document(*MIXED))
    bad = re.sub(change[0], change[1], good)
    assert bad != good
    assert rule in RULES
    assert rule in broken_rules(bad)


def test_the_same_invoice_gives_the_same_bytes() -> None:
    assert as_ubl(document(*MIXED)) == as_ubl(document(*MIXED))


def test_what_people_typed_stays_text() -> None:
    typed = '<cbc:ID>1</cbc:ID>&amp;"]]>'
    root = fromstring(as_ubl(document(line(100, description=typed), buyer=replace(BUYER, name=typed))))  # noqa: S314 - our own
    said = [element.text for element in root.iter()]
    assert said.count(typed) == 2
    assert said.count("1") == 3  # the number of the line, and its quantity twice


def test_a_price_that_does_not_divide_is_told_without_rounding() -> None:
    said = as_ubl(document(line(1_000, quantity=3))).decode()
    assert '<cbc:PriceAmount currencyID="EUR">10.00</cbc:PriceAmount>' in said
    assert '<cbc:BaseQuantity unitCode="C62">3</cbc:BaseQuantity>' in said


def test_who_has_no_number_of_the_trade_register_is_reached_by_mail() -> None:
    assert b'<cbc:EndpointID schemeID="EM">' in as_ubl(document(SHIFTED, supplier=SUPPLIER, buyer=ABROAD))
