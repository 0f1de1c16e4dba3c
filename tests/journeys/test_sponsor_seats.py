"""An employer sponsors seats (J8): five people in three screens, with what stays of the budget before the button; each takes a seat with one click."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Role
from academy.catalogue.models import Module, Offering
from academy.enrolment.kinds import PoolKind
from academy.enrolment.models import SeatPool
from academy.funding.kinds import SourceKind
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders
from tests.browser import PHONE, WIDE, axe, fits
from tests.enrolment.vat import decide_vat
from tests.funding import money
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_in_with_password

pytestmark = pytest.mark.journey

PASSWORD, MODULE = "een-lang-wachtwoord-26", "heftruckcertificaat"  # pragma: allowlist secret


@dataclass(frozen=True)
class Sponsoring:
    """What one reads and presses on the way; amounts as the language writes them."""

    words: Words
    buy: str
    seats: str
    people: str
    reference: str
    go_on: str
    order: str
    total: str
    earmarked: str
    named: str
    yes: str
    arranged: str
    invited: str
    takes_part: str
    work: str


NL = Sponsoring(
    DUTCH, "Koop plekken voor je mensen", "Hoeveel plekken?", "Wie komen er?", "Jullie kenmerk", "Ga verder", "Bestel met betaalverplichting", "€ 1.475", "Toegewezen",
    "0 van 5 met een naam", "Ja, ik doe mee", "Je plek is geregeld.", "Uitgenodigd", "Doet mee", "Mijn bedrijf",
)
EN = Sponsoring(
    ENGLISH, "Buy seats for your people", "How many seats?", "Who is coming?", "Your reference", "Continue", "Order with obligation to pay", "€1,475", "Promised",
    "0 of 5 with a name", "Yes, I take part", "Your seat is arranged.", "Invited", "Takes part", "My company",
)


def _prepare(server: Server, out: Sponsoring, tail: str) -> tuple[str, list[str]]:
    """Make a firm with a budget and its buyer; returns the buyer's address, and those of its people."""
    now, database = datetime.now(UTC), Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")  # noqa: TID251 - the server reads the real clock
    with database.writing() as session:
        decide_vat(session, now)
        firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug=f"sponsor-{tail}", budget=Money(5_000_00), emails=())
        buyer = builders.person(session, now, name="Ina Inkoper", email=f"sponsor-{tail}@voorbeeld.nl", password=PASSWORD, language=out.words.lang)
        accounts.add_membership(session, person_id=buyer, organisation_id=firm.owner_id, role=Role.BUYER)
        _more_room(session)
    database.close()
    return f"sponsor-{tail}@voorbeeld.nl", [f"mens{number}-{tail}@voorbeeld.nl" for number in range(1, 6)]


def _more_room(session: Session) -> None:
    """Let the classes of the module have seats for the journeys of one server together."""
    classes = select(Offering.id).join(Module, Module.id == Offering.module_id).where(Module.slug == MODULE)
    session.execute(update(Offering).where(Offering.id.in_(classes)).values(seats=Offering.seats + 10))
    session.execute(update(SeatPool).where(SeatPool.offering_id.in_(classes), SeatPool.kind == PoolKind.PUBLIC).values(capacity=SeatPool.capacity + 10))


def _page(browser: Browser, words: Words, *, scripts: bool) -> Page:
    context = browser.new_context(viewport=WIDE, locale="nl-NL" if words.lang == "nl" else "en-GB", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    return context.new_page()


def _looks_right(page: Page, *, scripts: bool) -> None:
    """Assert that nothing sticks out on a small telephone and a desk, and that a machine finds no barrier; without scripts it can not look."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
        if scripts:
            axe(page)
    page.set_viewport_size(WIDE)


def _invitation(page: Page, server: Server, words: Words, email: str) -> str:
    """Wait for the letter to somebody who is invited, and return the link in it."""
    found = page.get_by_role("listitem").filter(has_text=email)
    for _each in range(100):
        page.goto(f"{server.url}/{words.lang}/demo/mailbox")
        if found.count():
            break
        page.wait_for_timeout(300)
    found.first.get_by_role("link").click()
    text = page.get_by_role("main").inner_text()
    assert "Eva Bakker" not in text  # what the buyer typed goes into no letter
    link = re.search(r"http://\S+/seat/\S+", text)
    assert link, "the letter has no link"
    return link.group()


@pytest.mark.parametrize(("out", "scripts"), [(NL, True), (EN, True), (NL, False)], ids=["Dutch", "English", "without JavaScript"])
def test_five_people_have_a_paid_seat_in_three_screens(browser: Browser, server: Server, out: Sponsoring, scripts: bool) -> None:
    words = out.words
    buyer, people = _prepare(server, out, f"{words.lang}-{'met' if scripts else 'zonder'}")
    page = _page(browser, words, scripts=scripts)
    page.goto(f"{server.url}/{words.lang}/sign-in")
    sign_in_with_password(page, server.url, words, buyer, PASSWORD)
    page.goto(f"{server.url}/{words.lang}/modules/{MODULE}")
    page.get_by_role("link", name=out.buy).first.click()

    # Screen 1: how many, who, out of what
    main = page.get_by_role("main")
    _looks_right(page, scripts=scripts)
    assert main.locator("form input:visible:not([type=radio]), form textarea:visible").count() <= 4
    main.get_by_label(out.seats).fill("5")
    main.get_by_label(out.people).fill("\n".join([f"Eva Bakker <{people[0]}>", *people[1:4], "geen adres", people[4]]))
    main.get_by_label(out.reference).fill("PO 7")
    main.get_by_role("button", name=out.go_on).click()
    expect(page.get_by_role("alert")).to_contain_text("5")  # the line with a fault is named
    _looks_right(page, scripts=scripts)
    main.get_by_label(out.people).fill("\n".join([f"Eva Bakker <{people[0]}>", *people[1:]]))
    main.get_by_role("button", name=out.go_on).click()

    # Screen 2: what it costs and what stays
    for said in (out.total, out.earmarked, *people):
        expect(main).to_contain_text(said)
    _looks_right(page, scripts=scripts)
    main.get_by_role("button", name=out.order).click()

    # Screen 3: it is theirs
    expect(main).to_contain_text(out.named)
    expect(main.get_by_role("row").filter(has_text=out.invited)).to_have_count(5)
    _looks_right(page, scripts=scripts)

    # One click
    guest = _page(browser, words, scripts=scripts)
    guest.goto(_invitation(guest, server, words, people[0]))
    guest.set_viewport_size(PHONE)
    _looks_right(guest, scripts=scripts)
    guest.get_by_role("button", name=out.yes, exact=True).click()
    expect(guest.get_by_role("main")).to_contain_text(out.arranged)
    _looks_right(guest, scripts=scripts)
    guest.context.close()

    # The desk knows
    page.get_by_role("navigation").get_by_role("link", name=out.work, exact=True).click()
    expect(main.get_by_role("row").filter(has_text="Eva Bakker")).to_contain_text(out.takes_part)
    expect(main).to_contain_text(out.total)
    _looks_right(page, scripts=scripts)
    page.context.close()
