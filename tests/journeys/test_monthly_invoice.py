"""An employer gets one invoice a month for its people: told by mail, read on a page, saved as PDF and UBL, and corrected when somebody cancels."""

import json
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.accounts.api import Role
from academy.accounts.models import Organisation, Person
from academy.funding.kinds import SourceKind
from academy.funding.models import FundedSeat
from academy.kernel.clock import AMSTERDAM
from academy.kernel.db import Database
from tests import builders
from tests.browser import PHONE, axe, fits
from tests.enrolment.vat import decide_vat
from tests.funding import money
from tests.journeys.conftest import ACADEMY, Server, environment
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_in_with_password, sign_up
from tests.payments.billing import details_saved
from tests.payments.nlcius import Paper, broken_rules
from tests.payments.papers import BUYER, SUPPLIER
from tests.payments.pdf_text import pdf_text
from tests.payments.test_pdf import inside

pytestmark = pytest.mark.journey

PROVIDER, FORKLIFT, MEDICATION, ASSISTANT = "landstede", "heftruckcertificaat", "medicatieveiligheid", "onderwijsassistent-werken-in-de-klas"
EVA, TOM = "Eva Bakker", "Tom Smit"
PASSWORD, ORDER = "een-lang-wachtwoord-26", "PO-2026-17"  # pragma: allowlist secret


@dataclass(frozen=True)
class Invoicing:
    """What one reads and presses on the way to a monthly invoice; amounts as the language writes them."""

    words: Words
    desk: str
    work: str
    seats: str
    fill_in: str
    save: str
    modules: tuple[str, str]
    total: str
    vat: str
    credited: str
    invoice: str
    credit_note: str
    pdf: str
    ubl: str
    who: str
    corrections: str


NL = Invoicing(
    DUTCH, "Mijn bedrijf", "Leerbudget", "Plekken die jullie betalen", "Vul de factuurgegevens in", "Bewaar", ("Heftruckcertificaat", "Medicatieveiligheid"), "€ 440,00", "€ 51,20",
    "€ 295,00", "Factuur", "Creditfactuur", "Bewaar als PDF", "Bewaar voor je boekhouding (UBL)", "Bekijk wie deze plekken heeft", "Creditfacturen hierbij",
)
EN = Invoicing(
    ENGLISH, "My company", "Learning budget", "Seats that you pay for", "Fill in the billing details", "Save", ("Forklift truck certificate", "Medication safety"), "€440.00", "€51.20",
    "€295.00", "Invoice", "Credit note", "Save as PDF", "Save for your bookkeeping (UBL)", "See who has these seats", "Credit notes for this invoice",
)


@dataclass(frozen=True)
class Firm:
    """An employer that pays whole for two people, and another that pays for one; `tail` tells the journeys of one server apart."""

    tail: str

    @property
    def slug(self) -> str:
        return f"werk-{self.tail}"

    @property
    def buyer(self) -> str:
        return f"inkoop-{self.tail}@voorbeeld.nl"

    @property
    def people(self) -> tuple[str, str]:
        return f"eva-{self.tail}@voorbeeld.nl", f"tom-{self.tail}@voorbeeld.nl"

    @property
    def stranger(self) -> str:
        return f"elders-{self.tail}@voorbeeld.nl"


def _opened(server: Server) -> Database:
    return Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")


def _prepare(server: Server, firm: Firm, words: Words) -> None:
    """Make what others make on pages of their own: the budgets of both employers, and who the provider and the other employer are on an invoice."""
    now, database = datetime.now(UTC), _opened(server)  # noqa: TID251 - the server reads the real clock
    with database.writing() as session:
        decide_vat(session, now)
        here = money.source(session, now, kind=SourceKind.EMPLOYER, slug=firm.slug, emails=firm.people, percentage=100_00, position=1)
        there = money.source(session, now, kind=SourceKind.EMPLOYER, slug=f"ander-{firm.slug}", emails=(firm.stranger,), percentage=100_00, position=1)
        buyer = builders.person(session, now, name="Ina Inkoper", email=firm.buyer, password=PASSWORD, language=words.lang)
        accounts.add_membership(session, person_id=buyer, organisation_id=here.owner_id, role=Role.BUYER)
        seller, supplier = builders.actor(session, now), session.scalars(select(Organisation.id).where(Organisation.slug == PROVIDER)).one()
        accounts.add_membership(session, person_id=seller.person_id, organisation_id=supplier, role=Role.OWNER)
    details_saved(database, seller, PROVIDER, SUPPLIER, now)
    details_saved(database, there.keeper, f"ander-{firm.slug}", BUYER, now)
    database.close()


def _a_month_goes_by(server: Server, firm: Firm) -> None:
    """Let the seats be sure since the month before: what no page does."""
    first = datetime.now(AMSTERDAM).replace(day=1)  # noqa: TID251 - the server reads the real clock
    database = _opened(server)
    with database.writing() as session:
        people = select(Person.id).where(Person.email.in_((*firm.people, firm.stranger)))
        session.execute(update(FundedSeat).where(FundedSeat.person_id.in_(people)).values(confirmed_at=first - timedelta(days=2)))
    database.close()


def _invoice(server: Server) -> list[str]:
    """Make the invoices of the month before as an operator does, and as the worker does by itself on the first day; returns their numbers."""
    port = int(server.url.rpartition(":")[2])
    made = subprocess.run(
        [ACADEMY, "funding", "invoice", "--json"], env=environment(server.folder, port), cwd=server.folder, capture_output=True, text=True, check=True,
    )
    found: dict[str, list[str]] = json.loads(made.stdout.splitlines()[-1])
    assert found["problems"] == []
    return found["invoices"]


def _page(browser: Browser, words: Words, *, scripts: bool) -> Page:
    context = browser.new_context(viewport=PHONE, locale="nl-NL" if words.lang == "nl" else "en-GB", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    return context.new_page()


def _enrol(browser: Browser, server: Server, words: Words, module: str, email: str, name: str, *, scripts: bool) -> Page:
    """Take a seat that an employer pays whole; returns the page of the enrolment."""
    page = _page(browser, words, scripts=scripts)
    page.goto(f"{server.url}/{words.lang}/modules/{module}")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    page.get_by_role("link", name=words.sign_in_first).click()
    sign_up(page, server.url, words, email, name)
    page.get_by_role("button", name=words.ask).click()
    page.get_by_role("button", name=words.enrol, exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(words.enrolled)
    return page


def _looks_right(page: Page, *, scripts: bool) -> None:
    """Assert that nothing sticks out on a small telephone and a desk, and that a machine finds no barrier; without scripts it can not look."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
        if scripts:
            axe(page)
    page.set_viewport_size(PHONE)


def _saved(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


def _papers(page: Page, out: Invoicing, *, total: str, modules: tuple[str, ...]) -> Paper:
    """Save both files by clicking; they must hold to every rule we can run, and say the same. Returns the electronic one.

    A firm in the Netherlands has its papers in Dutch, whatever its people read; each line is in the language of who enrolled.
    """
    pdf, ubl = _saved(page, out.pdf), _saved(page, out.ubl)
    unpacked, text = inside(pdf), pdf_text(pdf)
    for mark in (b"%PDF-1.7", b"pdfuaid:part", b"/StructTreeRoot", b"/MarkInfo", b"/Lang"):
        assert mark in unpacked, mark
    assert broken_rules(ubl) == []
    paper = Paper(fromstring(ubl))  # noqa: S314 - our own
    assert [paper.text("cac:Item/cbc:Name", line) for line in paper.lines] == list(modules)
    for said in (*modules, total, ORDER, paper.text("cbc:ID")):
        assert said in text, said
    assert paper.text("cac:OrderReference/cbc:ID") == ORDER
    assert f"{paper.number('cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount'):.2f}".replace(".", ",") in total.replace(".", ",")
    return paper


def _in_the_mail(page: Page, server: Server, out: Invoicing, email: str, kind: str) -> str:
    """Wait for the letter that tells of an invoice or credit note, and return the link in it."""
    found = page.get_by_role("listitem").filter(has_text=email).filter(has_text=kind)
    for _time in range(50):
        page.goto(f"{server.url}/{out.words.lang}/demo/mailbox")
        if found.count():
            break
        page.wait_for_timeout(200)
    found.first.get_by_role("link").click()
    link = re.search(r"http://\S+/invoices/\S+", page.get_by_role("main").inner_text())
    assert link, "the letter has no link"
    return link.group()


def _fill_in_who_is_on_it(page: Page, out: Invoicing) -> None:
    page.get_by_role("main").get_by_role("link", name=out.fill_in).click()
    for field, value in (
        ("name", BUYER.name), ("street", BUYER.street), ("postcode", BUYER.postcode), ("city", BUYER.city), ("kvk_number", BUYER.kvk_number),
        ("purchase_order", ORDER),
    ):
        page.locator(f"#{field}").fill(value)
    page.get_by_role("main").get_by_role("button", name=out.save).click()
    page.wait_for_url("**/invoices")


@pytest.mark.parametrize(("out", "scripts"), [(NL, True), (EN, True), (NL, False)], ids=["Dutch", "English", "without JavaScript"])
def test_an_employer_has_one_invoice_for_its_people_and_a_credit_note_when_one_cancels(
    browser: Browser, server: Server, out: Invoicing, scripts: bool,
) -> None:
    firm, words = Firm(f"{out.words.lang}-{'met' if scripts else 'zonder'}"), out.words
    _prepare(server, firm, words)
    eva = _enrol(browser, server, words, FORKLIFT, firm.people[0], EVA, scripts=scripts)
    for module, email, name in ((MEDICATION, firm.people[1], TOM), (ASSISTANT, firm.stranger, "Bo Elders")):
        _enrol(browser, server, words, module, email, name, scripts=scripts).context.close()

    # What will be on it
    page = _page(browser, words, scripts=scripts)
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in_with_password(page, server.url, words, firm.buyer, PASSWORD)
    page.get_by_role("navigation").get_by_role("link", name=out.desk).click()
    page.get_by_role("main").get_by_role("link", name=out.work).click()
    page.get_by_role("main").get_by_role("link", name=out.seats).click()
    for said in (EVA, TOM, *out.modules, out.total[:-3]):  # this page has no cents where there are none
        expect(page.get_by_role("main")).to_contain_text(said)
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(3)  # its heading, and who work here: nobody who works elsewhere
    _looks_right(page, scripts=scripts)
    _fill_in_who_is_on_it(page, out)
    _looks_right(page, scripts=scripts)

    # What came
    _a_month_goes_by(server, firm)
    made = _invoice(server)
    assert len(made) == 2  # one for each employer
    page.goto(_in_the_mail(page, server, out, firm.buyer, out.invoice))
    code = page.url.rpartition("/")[2]
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{out.invoice} {code}")
    for said in (*out.modules, out.total, out.vat, ORDER):
        expect(page.get_by_role("main")).to_contain_text(said)
    _looks_right(page, scripts=scripts)
    _papers(page, out, total=NL.total, modules=out.modules)
    mine, (theirs,) = page.url, set(made) - {code}
    answer = page.goto(f"{mine.rpartition('/')[0]}/{theirs}")
    assert answer is not None
    assert answer.status == 404  # another employer's
    page.goto(mine)
    page.get_by_role("link", name=out.who).click()
    for name in (EVA, TOM):
        expect(page.get_by_role("row").filter(has_text=name).get_by_role("link", name=code)).to_be_visible()
    _looks_right(page, scripts=scripts)

    # Somebody cancels in time
    eva.get_by_role("link", name=words.cancel).click()
    eva.get_by_role("button", name=words.yes_cancel).click()
    expect(eva.get_by_role("main")).to_contain_text(words.cancelled)
    eva.context.close()
    page.goto(_in_the_mail(page, server, out, firm.buyer, out.credit_note))
    for said in (out.credit_note, out.modules[0], out.credited, code):
        expect(page.get_by_role("main")).to_contain_text(said)
    _looks_right(page, scripts=scripts)
    note = _papers(page, out, total=NL.credited, modules=out.modules[:1])
    assert note.is_credit
    assert note.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == code
    page.get_by_role("main").get_by_role("link", name=code).click()
    expect(page.get_by_role("region", name=out.corrections).get_by_role("link", name=note.text("cbc:ID"), exact=True)).to_be_visible()
    _looks_right(page, scripts=scripts)
    page.context.close()
