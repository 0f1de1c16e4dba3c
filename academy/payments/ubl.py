"""An invoice or credit note as UBL 2.1, in the Dutch use of the European norm: EN 16931-1, NLCIUS 1.0 (SI-UBL 2.0).

Comments name the business terms (BT, BG) of the norm, and the rule where one decides the form.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from academy.kernel.money import Money
from academy.payments.kinds import InvoiceKind, VatCategory
from academy.payments.queries.billing import Party
from academy.payments.queries.invoices import InvoiceDocument, InvoiceLineFacts, VatPart

NLCIUS: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_CBC, _CAC = f"{_UBL}CommonBasicComponents-2", f"{_UBL}CommonAggregateComponents-2"
_KVK: Final = "0106"  # ISO 6523: the Dutch trade register
_MAIL: Final = "EM"  # Electronic Address Scheme: an e-mail address
_PIECE: Final = "C62"  # UN/ECE Recommendation 20: one
_SEPA: Final = "58"  # UNCL 4461: SEPA credit transfer (BR-NL-12)
_CURRENCY: Final = "EUR"

register_namespace("cbc", _CBC)
register_namespace("cac", _CAC)


def as_ubl(document: InvoiceDocument) -> bytes:
    """Return the document as XML; the buyer is an organisation. The same document gives the same bytes."""
    is_credit = document.facts.kind is InvoiceKind.CREDIT_NOTE
    name = "CreditNote" if is_credit else "Invoice"
    root = Element(name, {"xmlns": f"{_UBL}{name}-2"})
    _head(root, document, is_credit=is_credit)
    _party(_under(root, "AccountingSupplierParty"), document.supplier)
    _party(_under(root, "AccountingCustomerParty"), document.buyer)
    _payment_means(root, document, is_credit=is_credit)
    _vat(root, document)
    _totals(root, document)
    for number, line in enumerate(document.lines, start=1):
        _line(root, number, line, is_credit=is_credit)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _head(root: Element, document: InvoiceDocument, *, is_credit: bool) -> None:
    facts = document.facts
    _say(root, "CustomizationID", NLCIUS)  # BT-24
    _say(root, "ID", facts.code)  # BT-1
    _say(root, "IssueDate", facts.issued_on.isoformat())  # BT-2
    if not is_credit:
        _say(root, "DueDate", facts.due_on.isoformat())  # BT-9; a credit note has it with how it is paid
    _say(root, "CreditNoteTypeCode" if is_credit else "InvoiceTypeCode", "381" if is_credit else "380")  # BT-3
    _say(root, "DocumentCurrencyCode", _CURRENCY)  # BT-5
    if not document.purchase_order:
        _say(root, "BuyerReference", document.buyer.reference)  # BT-10: one of the two is there (BR-NL-2)
    _period(root, *document.period)  # BG-14
    if document.purchase_order:
        _say(_under(root, "OrderReference"), "ID", document.purchase_order)  # BT-13
    if is_credit:
        _say(_under(root, "BillingReference", "InvoiceDocumentReference"), "ID", facts.credits_code)  # BT-25


def _party(role: Element, party: Party) -> None:
    """Write a seller (BG-4) or a buyer (BG-7)."""
    there = _under(role, "Party")
    if party.kvk_number:
        _say(there, "EndpointID", party.kvk_number, schemeID=_KVK)  # BT-34, BT-49
    elif party.email:
        _say(there, "EndpointID", party.email, schemeID=_MAIL)
    address = _under(there, "PostalAddress")
    _say(address, "StreetName", party.street)
    _say(address, "CityName", party.city)
    _say(address, "PostalZone", party.postcode)
    _say(_under(address, "Country"), "IdentificationCode", party.country)
    if party.vat_id:
        tax = _under(there, "PartyTaxScheme")
        _say(tax, "CompanyID", party.vat_id)  # BT-31, BT-48
        _say(_under(tax, "TaxScheme"), "ID", "VAT")
    legal = _under(there, "PartyLegalEntity")
    _say(legal, "RegistrationName", party.name)  # BT-27, BT-44
    if party.kvk_number:
        _say(legal, "CompanyID", party.kvk_number, schemeID=_KVK)  # BT-30, BT-47 (BR-NL-1, BR-NL-10)
    if party.email:
        _say(_under(there, "Contact"), "ElectronicMail", party.email)  # BT-43, BT-58


def _payment_means(root: Element, document: InvoiceDocument, *, is_credit: bool) -> None:
    """Write into which account the supplier wants its money; what a credit note gives back is settled with what is open."""
    if is_credit:
        return
    means = _under(root, "PaymentMeans")  # BG-16
    _say(means, "PaymentMeansCode", _SEPA)
    _say(means, "PaymentID", document.facts.code)  # BT-83
    _say(_under(means, "PayeeFinancialAccount"), "ID", document.supplier.iban)  # BT-84 (BR-61)


def _vat(root: Element, document: InvoiceDocument) -> None:
    total = _under(root, "TaxTotal")
    _amount(total, "TaxAmount", document.facts.vat)  # BT-110
    for part in document.vat_parts:  # BG-23
        subtotal = _under(total, "TaxSubtotal")
        _amount(subtotal, "TaxableAmount", part.net)
        _amount(subtotal, "TaxAmount", part.vat)
        _category(_under(subtotal, "TaxCategory"), part, reason=part.reason)


def _totals(root: Element, document: InvoiceDocument) -> None:
    totals, facts = _under(root, "LegalMonetaryTotal"), document.facts  # BG-22
    _amount(totals, "LineExtensionAmount", facts.net)
    _amount(totals, "TaxExclusiveAmount", facts.net)
    _amount(totals, "TaxInclusiveAmount", facts.gross)
    _amount(totals, "PayableAmount", facts.gross)


def _line(root: Element, number: int, line: InvoiceLineFacts, *, is_credit: bool) -> None:
    there = _under(root, "CreditNoteLine" if is_credit else "InvoiceLine")  # BG-25
    _say(there, "ID", str(number))
    _say(there, "CreditedQuantity" if is_credit else "InvoicedQuantity", str(line.quantity), unitCode=_PIECE)  # BT-129
    _amount(there, "LineExtensionAmount", line.net)  # BT-131
    _period(there, line.delivered_from, line.delivered_until)  # BG-26
    item = _under(there, "Item")
    _say(item, "Name", line.description)  # BT-153
    _category(_under(item, "ClassifiedTaxCategory"), line)  # BG-30
    price = _under(there, "Price")  # BG-29: for all pieces together, so that nothing is rounded
    _amount(price, "PriceAmount", line.net)
    _say(price, "BaseQuantity", str(line.quantity), unitCode=_PIECE)


def _category(there: Element, of: VatPart | InvoiceLineFacts, *, reason: str = "") -> None:
    _say(there, "ID", of.category.value)  # UNCL 5305
    _say(there, "Percent", f"{Decimal(of.rate) / 100:.2f}")
    if of.category is not VatCategory.STANDARD and reason:
        _say(there, "TaxExemptionReason", reason)  # BT-120 (BR-E-10, BR-AE-10)
    _say(_under(there, "TaxScheme"), "ID", "VAT")


def _period(there: Element, first: date, last: date) -> None:
    period = _under(there, "InvoicePeriod")
    _say(period, "StartDate", first.isoformat())
    _say(period, "EndDate", last.isoformat())


def _under(parent: Element, *names: str) -> Element:
    """Add elements inside each other and return the innermost."""
    for name in names:
        parent = SubElement(parent, f"{{{_CAC}}}{name}")
    return parent


def _say(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, f"{{{_CBC}}}{name}", attributes).text = _writable(text)


def _amount(parent: Element, name: str, amount: Money) -> None:
    _say(parent, name, f"{Decimal(amount.cents) / 100:.2f}", currencyID=_CURRENCY)


def _writable(text: Iterable[str]) -> str:
    """Leave out what XML 1.0 can not hold: control characters, halves of pairs and non-characters."""
    return "".join(
        char for char in text
        if char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"
    )
