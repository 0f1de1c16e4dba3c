"""The PDF of an invoice and of a receipt: accessible, the same each time, and nothing in it that somebody typed is ever carried out."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from academy.kernel.money import FREE, Money
from academy.kernel.translation import reading_in
from academy.payments import invoice_pdf as pdf
from academy.payments.facts import Payer, PaymentFacts
from academy.payments.kinds import InvoiceKind, PaymentState, VatCategory
from tests.payments.papers import ABROAD, BUYER, document, line

MIXED = (line(40_000, vat=8_400), line(1_000), line(1_000, vat=210, quantity=3))


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Note what is handed to Typst."""
    seen: list[dict[str, Any]] = []
    compiled = pdf._compiled

    def noted(paper: dict[str, Any], at: datetime) -> bytes:
        seen.append(paper)
        return compiled(paper, at)

    monkeypatch.setattr(pdf, "_compiled", noted)
    return seen


def inside(made: bytes) -> bytes:
    """Return everything in a PDF, unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    unpacked = [zlib.decompress(stream) for stream in streams if stream[:1] == b"\x78"]
    return made + b"\n".join(unpacked)


def texts(value: Any) -> str:
    """Return every text in what was handed over, with plain spaces."""
    if isinstance(value, str):
        return value.replace("\N{NO-BREAK SPACE}", " ")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return " ".join(texts(part) for part in parts)


def test_an_invoice_is_accessible_and_says_its_title_and_language() -> None:
    made = inside(pdf.invoice_pdf(document(*MIXED)))
    assert made.startswith(b"%PDF-1.7")
    for mark in (b"pdfuaid:part", b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"/DisplayDocTitle true"):
        assert mark in made, mark


def test_the_same_invoice_gives_the_same_bytes_whoever_reads_it() -> None:
    first = pdf.invoice_pdf(document(*MIXED))
    with reading_in("en"):
        assert pdf.invoice_pdf(document(*MIXED)) == first
    assert pdf.invoice_pdf(document(*MIXED, language="en")) != first


def test_nothing_of_the_machine_or_the_moment_is_in_it() -> None:
    assert all(font.path is None for font in pdf._fonts().fonts())  # they come with Typst
    assert b"D:20261101000000Z" in inside(pdf.invoice_pdf(document(*MIXED)))  # the day of the invoice, not of the print


def test_an_invoice_has_all_that_the_law_asks(papers: list[dict[str, Any]]) -> None:
    pdf.invoice_pdf(document(*MIXED, purchase_order="PO-17"))
    said = texts(papers[0])
    for particular in (
        "Stichting Hogeschool Windesheim", "Campus 2", "8017 CA Zwolle", "KvK-nummer: 41023387", "Btw-id: NL805879121B01", "IBAN: NL91ABNA0417164300",
        "Bakkerij De Vries B.V.", "Stationsplein 1", "WINDESHEIM-00007", "zo 1 november 2026", "PO-17", "29 sep 2026 tot en met 8 dec 2026",
        "vrijgesteld", "art. 11 lid 1 onder o", "Btw 21% over € 410,00", "€ 86,10", "€ 420,00", "€ 506,10", "€ 3,3333",
    ):
        assert particular in said, particular


def test_a_credit_note_names_the_invoice_and_asks_no_money(papers: list[dict[str, Any]]) -> None:
    pdf.invoice_pdf(document(kind=InvoiceKind.CREDIT_NOTE))
    said = texts(papers[0])
    assert "Creditfactuur WINDESHEIM-00007" in said
    assert "WINDESHEIM-00006" in said
    assert "Betaal voor" not in said


def test_shifted_vat_is_told_as_such(papers: list[dict[str, Any]]) -> None:
    pdf.invoice_pdf(document(line(100, category=VatCategory.REVERSE_CHARGE, reason="Btw verlegd"), buyer=ABROAD))
    assert "verlegd" in texts(papers[0])
    assert "DE136695976" in texts(papers[0])


@pytest.mark.parametrize("typed", [
    '#panic("x")', '#read("/etc/passwd")', "$ x $ *bold* _it_ `raw`", "= Heading", '"] #panic() [', "\\ \\u{1F600} // /*", "<label> @ref", "</script>", "%(day)s",
])
def test_what_people_typed_is_never_carried_out(typed: str, papers: list[dict[str, Any]]) -> None:
    made = pdf.invoice_pdf(document(line(100, description=typed), buyer=replace(BUYER, name=typed, street=typed), purchase_order=typed))
    assert len(papers) == 1  # no second try: nothing went wrong
    assert texts(papers[0]).count(typed) >= 1
    assert made.startswith(b"%PDF")


@pytest.mark.parametrize("typed", ["中文", "🎉", "\x00\x07", "\ufeff", "\ufffe\uffff", "\ud800", "\u202e", "שלום", "a\tb\nc", "\U000f0000", ""])
def test_whatever_script_somebody_writes_there_is_a_pdf(typed: str) -> None:
    assert pdf.invoice_pdf(document(line(100, description=f"Module {typed}"), buyer=replace(BUYER, name=f"Firma {typed}"))).startswith(b"%PDF")


def test_only_what_the_font_lacks_becomes_a_question_mark(papers: list[dict[str, Any]]) -> None:
    pdf.invoice_pdf(document(buyer=replace(BUYER, name="Łukasz Ñandú – Ελ Жук 中")))
    assert "Łukasz Ñandú – Ελ Жук ?" in texts(papers[-1])


def test_a_receipt_says_what_was_paid_and_what_went_back(papers: list[dict[str, Any]]) -> None:
    paid = PaymentFacts(
        UUID(int=1), "K7QX2MRD", "enrolment", UUID(int=2), Payer(person_id=UUID(int=3)), UUID(int=4), "Netwerkbeheer", "nl", Money(24_500), FREE, Money(4_500),
        PaymentState.SETTLED, datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, 23, tzinfo=UTC), "ideal",
    )
    pdf.receipt_pdf(paid, supplier_name="Windesheim", payer_name="Sam de Vries")
    said = texts(papers[0])
    for particular in ("K7QX2MRD", "do 3 september 2026", "iDEAL | Wero", "€ 245,00", "\N{MINUS SIGN}€ 45,00", "€ 200,00", "Sam de Vries", "Windesheim", "via AD Academy Almere"):
        assert particular in said, particular
