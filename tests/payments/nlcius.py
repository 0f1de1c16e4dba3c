"""The rules of EN 16931-1:2017 and NLCIUS 1.0 that bear on what our invoices hold, as their published texts say them.

Written from the texts of the rules, apart from the code that writes invoices, so that one checks the other. Elements that we never write
(allowances, charges, representatives, deliveries) have no rules here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from xml.etree.ElementTree import Element, fromstring

_NAMES = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
}
_CENT = Decimal("0.01")
_NO_VAT = {"E", "AE"}
# UBL 2.1 has its elements in one order; of those that we write, as its schemas list them.
_ORDER = (
    "CustomizationID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "CreditNoteTypeCode", "DocumentCurrencyCode", "BuyerReference", "InvoicePeriod",
    "OrderReference", "BillingReference", "AccountingSupplierParty", "AccountingCustomerParty", "PaymentMeans", "TaxTotal", "LegalMonetaryTotal",
    "InvoiceLine", "CreditNoteLine",
)


@dataclass(frozen=True)
class Paper:
    """A document with the ways that the rules look at it."""

    root: Element

    def all(self, path: str, of: Element | None = None) -> list[Element]:
        return (self.root if of is None else of).findall(path, _NAMES)

    def text(self, path: str, of: Element | None = None) -> str:
        found = self.all(path, of)
        return (found[0].text or "").strip() if found else ""

    def number(self, path: str, of: Element | None = None) -> Decimal:
        return Decimal(self.text(path, of) or "NaN")

    @property
    def is_credit(self) -> bool:
        return self.root.tag.endswith("CreditNote")

    @property
    def lines(self) -> list[Element]:
        return self.all("cac:CreditNoteLine" if self.is_credit else "cac:InvoiceLine")

    @property
    def parts(self) -> list[Element]:
        return self.all("cac:TaxTotal/cac:TaxSubtotal")

    def quantity(self, line: Element) -> Decimal:
        return self.number("cbc:CreditedQuantity" if self.is_credit else "cbc:InvoicedQuantity", line)

    def lines_of(self, category: str, percent: Decimal) -> Iterator[Element]:
        kind = "cac:Item/cac:ClassifiedTaxCategory/cbc:"
        return (line for line in self.lines if self.text(f"{kind}ID", line) == category and self.number(f"{kind}Percent", line) == percent)


_SELLER, _BUYER = "cac:AccountingSupplierParty/cac:Party/", "cac:AccountingCustomerParty/cac:Party/"
_TOTALS = "cac:LegalMonetaryTotal/cbc:"


def _cents(amount: Decimal) -> bool:
    return amount == amount.quantize(_CENT)


def _amounts(paper: Paper) -> list[Element]:
    return [element for element in paper.root.iter() if element.tag.endswith("Amount")]


def _part(check: Callable[[Paper, Element, str, Decimal], bool]) -> Callable[[Paper], bool]:
    """Return a rule about every part of the VAT: it gets the part, its category and its percentage."""
    return lambda paper: all(
        check(paper, part, paper.text("cac:TaxCategory/cbc:ID", part), paper.number("cac:TaxCategory/cbc:Percent", part)) for part in paper.parts
    )


def _line(check: Callable[[Paper, Element], bool]) -> Callable[[Paper], bool]:
    return lambda paper: all(check(paper, line) for line in paper.lines)


def _has(*paths: str) -> Callable[[Paper], bool]:
    return lambda paper: all(paper.text(path) for path in paths)


def _in_order(paper: Paper) -> bool:
    places = [_ORDER.index(element.tag.partition("}")[2]) for element in paper.root]
    return places == sorted(places)


RULES: dict[str, Callable[[Paper], bool]] = {
    "UBL order": _in_order,
    "UBL empty": lambda paper: all(len(element) or (element.text or "").strip() for element in paper.root.iter()),
    "BR-01": lambda paper: paper.text("cbc:CustomizationID") == "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
    "BR-02": _has("cbc:ID"),
    "BR-03": _has("cbc:IssueDate"),
    "BR-04": lambda paper: paper.text("cbc:CreditNoteTypeCode" if paper.is_credit else "cbc:InvoiceTypeCode") == ("381" if paper.is_credit else "380"),
    "BR-05": lambda paper: paper.text("cbc:DocumentCurrencyCode") == "EUR",
    "BR-06": _has(f"{_SELLER}cac:PartyLegalEntity/cbc:RegistrationName"),
    "BR-07": _has(f"{_BUYER}cac:PartyLegalEntity/cbc:RegistrationName"),
    "BR-08, BR-09": _has(f"{_SELLER}cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    "BR-10, BR-11": _has(f"{_BUYER}cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    "BR-12 to BR-15": _has(*(f"{_TOTALS}{name}" for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount"))),
    "BR-16": lambda paper: bool(paper.lines),
    "BR-21, BR-26": _line(lambda paper, line: bool(paper.text("cbc:ID", line)) and not paper.number("cac:Price/cbc:PriceAmount", line).is_nan()),
    "BR-22, BR-23": _line(lambda paper, line: paper.quantity(line) > 0 and all(
        quantity.get("unitCode") for quantity in line.iter() if quantity.tag.endswith("Quantity")
    )),
    "BR-24": _line(lambda paper, line: not paper.number("cbc:LineExtensionAmount", line).is_nan()),
    "BR-25": _line(lambda paper, line: bool(paper.text("cac:Item/cbc:Name", line))),
    "BR-27": _line(lambda paper, line: paper.number("cac:Price/cbc:PriceAmount", line) >= 0),
    "BR-30": _line(lambda paper, line: paper.text("cac:InvoicePeriod/cbc:EndDate", line) >= paper.text("cac:InvoicePeriod/cbc:StartDate", line)),
    "BR-29": lambda paper: paper.text("cac:InvoicePeriod/cbc:EndDate") >= paper.text("cac:InvoicePeriod/cbc:StartDate"),
    "BR-45 to BR-48": _part(lambda paper, part, category, percent: bool(category) and not percent.is_nan() and not (
        paper.number("cbc:TaxableAmount", part) + paper.number("cbc:TaxAmount", part)
    ).is_nan()),
    "BR-49, BR-61": lambda paper: all(
        paper.text("cbc:PaymentMeansCode", means) and paper.text("cac:PayeeFinancialAccount/cbc:ID", means) for means in paper.all("cac:PaymentMeans")
    ),
    "BR-55": lambda paper: not paper.is_credit or bool(paper.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")),
    "BR-62, BR-63": lambda paper: all(element.get("schemeID") for element in paper.root.iter() if element.tag.endswith("EndpointID")),
    "BR-CO-04": _line(lambda paper, line: bool(paper.text("cac:Item/cac:ClassifiedTaxCategory/cbc:ID", line))),
    "BR-CO-09": lambda paper: all(
        number[:2].isalpha() for number in (paper.text(f"{side}cac:PartyTaxScheme/cbc:CompanyID") for side in (_SELLER, _BUYER)) if number
    ),
    "BR-CO-10": lambda paper: paper.number(f"{_TOTALS}LineExtensionAmount") == sum(
        paper.number("cbc:LineExtensionAmount", line) for line in paper.lines
    ),
    "BR-CO-13": lambda paper: paper.number(f"{_TOTALS}TaxExclusiveAmount") == paper.number(f"{_TOTALS}LineExtensionAmount"),
    "BR-CO-14": lambda paper: paper.number("cac:TaxTotal/cbc:TaxAmount") == sum(paper.number("cbc:TaxAmount", part) for part in paper.parts),
    "BR-CO-15": lambda paper: paper.number(f"{_TOTALS}TaxInclusiveAmount") == (
        paper.number(f"{_TOTALS}TaxExclusiveAmount") + paper.number("cac:TaxTotal/cbc:TaxAmount")
    ),
    "BR-CO-16": lambda paper: paper.number(f"{_TOTALS}PayableAmount") == paper.number(f"{_TOTALS}TaxInclusiveAmount"),
    # The published rule allows less than one euro of rounding, line by line.
    "BR-CO-17": _part(lambda paper, part, _category, percent: abs(
        paper.number("cbc:TaxAmount", part) - (paper.number("cbc:TaxableAmount", part) * percent / 100).quantize(_CENT, ROUND_HALF_UP)
    ) < 1),
    "BR-CO-18": lambda paper: bool(paper.parts),
    "BR-CO-25": lambda paper: paper.is_credit or bool(paper.text("cbc:DueDate")),
    "BR-CO-26": _has(f"{_SELLER}cac:PartyTaxScheme/cbc:CompanyID"),
    "BR-DEC": lambda paper: all(_cents(Decimal(element.text or "NaN")) for element in _amounts(paper)),
    "currency": lambda paper: all(element.get("currencyID") == "EUR" for element in _amounts(paper)),
    "BR-S-01, BR-E-01, BR-AE-01": lambda paper: {paper.text("cac:TaxCategory/cbc:ID", part) for part in paper.parts} == {
        paper.text("cac:Item/cac:ClassifiedTaxCategory/cbc:ID", line) for line in paper.lines
    },
    "BR-S-02, BR-E-02": lambda paper: bool(paper.text(f"{_SELLER}cac:PartyTaxScheme/cbc:CompanyID")),
    "BR-AE-02": lambda paper: "AE" not in {paper.text("cac:TaxCategory/cbc:ID", part) for part in paper.parts} or bool(
        paper.text(f"{_BUYER}cac:PartyTaxScheme/cbc:CompanyID") or paper.text(f"{_BUYER}cac:PartyLegalEntity/cbc:CompanyID"),
    ),
    "BR-S-05": _part(lambda _paper, _part, category, percent: category != "S" or percent > 0),
    "BR-E-05, BR-AE-05": _part(lambda _paper, _part, category, percent: category not in _NO_VAT or percent == 0),
    "BR-S-08, BR-E-08, BR-AE-08": _part(lambda paper, part, category, percent: paper.number("cbc:TaxableAmount", part) == sum(
        paper.number("cbc:LineExtensionAmount", line) for line in paper.lines_of(category, percent)
    )),
    "BR-E-09, BR-AE-09": _part(lambda paper, part, category, _percent: category not in _NO_VAT or paper.number("cbc:TaxAmount", part) == 0),
    "BR-S-10, BR-E-10, BR-AE-10": _part(
        lambda paper, part, category, _percent: (category in _NO_VAT) == bool(paper.text("cac:TaxCategory/cbc:TaxExemptionReason", part)),
    ),
    "BR-NL-1": lambda paper: _kvk(paper, _SELLER),
    "BR-NL-2": lambda paper: bool(paper.text("cbc:BuyerReference") or paper.text("cac:OrderReference/cbc:ID")),
    "BR-NL-3": lambda paper: _address(paper, _SELLER),
    "BR-NL-4": lambda paper: not _is_dutch(paper, _BUYER) or _address(paper, _BUYER),
    "BR-NL-10": lambda paper: not _is_dutch(paper, _BUYER) or _kvk(paper, _BUYER),
    "BR-NL-11": lambda paper: paper.is_credit or bool(paper.all("cac:PaymentMeans")),
    "BR-NL-12": lambda paper: paper.text("cac:PaymentMeans/cbc:PaymentMeansCode") in {"", "30", "48", "49", "57", "58", "59"},
    "BR-NL-24, BR-NL-29, BR-NL-30, BR-NL-35": lambda paper: not any(
        paper.all(path) for path in (
            "cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate", "cac:PaymentMeans/cbc:PaymentMeansCode[@name]",
            "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name", ".//cbc:TaxExemptionReasonCode",
        )
    ),
}


def _is_dutch(paper: Paper, side: str) -> bool:
    return paper.text(f"{side}cac:PostalAddress/cac:Country/cbc:IdentificationCode") == "NL"


def _address(paper: Paper, side: str) -> bool:
    return all(paper.text(f"{side}cac:PostalAddress/cbc:{name}") for name in ("StreetName", "CityName", "PostalZone"))


def _kvk(paper: Paper, side: str) -> bool:
    return any(number.get("schemeID") in {"0106", "0190"} and number.text for number in paper.all(f"{side}cac:PartyLegalEntity/cbc:CompanyID"))


def broken_rules(document: bytes) -> list[str]:
    """Return the names of the rules that a document breaks."""
    paper = Paper(fromstring(document))  # noqa: S314 - our own
    return [name for name, holds in RULES.items() if not holds(paper)]
