"""Small firms together fill a class: each joins, confirms by the link in its letter with one click, and the clock says go or no-go."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from academy.employers.kinds import PledgeState
from academy.kernel.db import Database
from academy.notices import subscribers as notices
from academy.payments import api as payments
from tests.browser import WIDE, axe, fits
from tests.employers.market import Firm, Market, open_market
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
WAYS = [pytest.param(True, id="Dutch"), pytest.param(False, id="without JavaScript")]


@pytest.fixture
def market(server: Server, request: pytest.FixtureRequest) -> Iterator[Market]:
    """Give a provider of its own on the running server, and what other parties do there by their own pages."""
    notices.register()  # so that what happens here is told to the server's letters
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    slug = re.sub(r"[^a-z]+", "-", request.node.name.lower()).strip("-")[:40]
    yield open_market(database, datetime.now(UTC), slug=slug)  # noqa: TID251 - the server reads the real clock
    database.close()


def _page(browser: Browser, *, scripts: bool) -> Page:
    context = browser.new_context(viewport=WIDE, locale="nl-NL", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    return context.new_page()


def _looks_right(page: Page, *, scripts: bool) -> None:
    if scripts:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            fits(page, width)
            axe(page)
        page.set_viewport_size(WIDE)


def _link(page: Page, server: Server, email: str, where: str, *, words: str) -> str:
    """Return the link to `where` in the newest letter to `email` whose subject has these words."""
    found = page.get_by_role("listitem").filter(has_text=email).filter(has_text=words)
    link = None
    for _each in range(200):  # an older letter may have these words too: the one with this link is on its way
        page.goto(f"{server.url}/nl/demo/mailbox")
        if found.count():
            found.first.get_by_role("link").click()
            link = re.search(rf"http://\S+/{where}/\S+", page.get_by_role("main").inner_text())
        if link:
            break
        page.wait_for_timeout(300)
    assert link, "the letter has no such link"
    return link.group()


def _described(market: Market) -> Firm:
    """Return a firm that said before where its invoices go."""
    firm = market.firm()
    assert firm.organisation_id is not None
    details = payments.BillingFacts(payments.Party("Firma", "Straat 1", "1315 AA", "Almere", "NL"))
    market.run(payments.note_billing_details, organisation_id=firm.organisation_id, details=details)
    return firm


@pytest.mark.parametrize("scripts", WAYS)
def test_firms_together_fill_a_class_and_each_confirms_with_one_click(browser: Browser, server: Server, market: Market, scripts: bool) -> None:
    market.begin()
    firms = [_described(market) for _each in range(4)]
    pledges = [market.pledge(firm, 3) for firm in firms[:3]] + [market.pledge(firms[3], 1)]

    # a firm that nobody knows sees what gathers, and joins with what it can
    new, email = _page(browser, scripts=scripts), f"nieuw-{'js' if scripts else 'plain'}@bakkerij.example"
    new.goto(f"{server.url}/nl/pools?postcode=1315")
    _looks_right(new, scripts=scripts)
    new.goto(f"{server.url}/nl/pools/{market.pool_code}")
    expect(new.get_by_role("main")).to_contain_text("nu 10 van 12")
    new.get_by_role("button", name="Doe mee").click()
    expect(new.get_by_role("alert")).to_contain_text("Vul je e-mailadres in.")
    _looks_right(new, scripts=scripts)
    new.get_by_label("E-mailadres").fill(email)
    new.get_by_label("Hoeveel plekken?").fill("2")
    new.get_by_role("checkbox", name="dinsdag avond").check()
    new.get_by_role("button", name="Doe mee").click()
    expect(new.locator(".academy-flash")).to_contain_text(email)
    new.goto(_link(new, server, email, "sign-in/link", words=""))
    if new.get_by_label("Naam", exact=True).count():
        new.get_by_label("Naam", exact=True).fill("Noor Nieuw")
    new.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(new.get_by_role("heading", level=1)).to_have_text("Laat je plekken meetellen")
    _looks_right(new, scripts=scripts)
    new.get_by_label("KvK-nummer").fill("12345670" if scripts else "12345671")
    new.get_by_label("Naam van het bedrijf").fill("Bakkerij Nieuw")
    new.get_by_role("button", name="Laat mijn plekken meetellen").click()
    expect(new.get_by_role("heading", level=1)).to_have_text("Je doet mee")
    _looks_right(new, scripts=scripts)

    # twelve seats: the provider is asked, and accepts
    market.accept()

    # each confirms by its letter: one page, no field, one click
    for number, firm in enumerate(firms):
        page = _page(browser, scripts=scripts)
        page.goto(_link(page, server, firm.actor.email, "pledges", words="evestig"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Doen jullie mee?")
        assert page.locator("main input:not([type=hidden]):visible").count() == 0
        if number == 0:
            _looks_right(page, scripts=scripts)
        page.get_by_role("button", name="Bevestig met betaalverplichting").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Je hebt bevestigd")
        page.context.close()
    assert market.states(pledges) == [PledgeState.CONFIRMED] * 4

    # the last one says where its invoice goes, and founds the class
    new.goto(_link(new, server, email, "pledges", words="evestig"))
    _looks_right(new, scripts=scripts)
    for label, value in (("Straat en huisnummer", "Dorpsstraat 1"), ("Postcode", "1315 AA"), ("Plaats", "Almere")):
        new.get_by_label(label, exact=True).fill(value)
    new.get_by_role("button", name="Bevestig met betaalverplichting").click()
    expect(new.get_by_role("heading", level=1)).to_have_text("De lessen gaan door")
    expect(new.get_by_role("link", name="Geef door wie er komen")).to_have_count(1)
    _looks_right(new, scripts=scripts)
    assert market.states(pledges) == [PledgeState.PLACED] * 4
    assert sorted(block.seats for block in market.blocks()) == [1, 2, 3, 3, 3]


@pytest.mark.parametrize("scripts", WAYS)
def test_the_clock_says_go_at_the_deadline_or_offers_choices_of_which_a_firm_takes_one(
    browser: Browser, server: Server, market: Market, scripts: bool,
) -> None:
    page, firm = _page(browser, scripts=scripts), _described(market)
    market.begin()
    one = market.pledge(firm, 10)
    silent = market.pledge(None, 2)
    market.accept()
    page.goto(_link(page, server, firm.actor.email, "pledges", words="evestig"))
    here = page.url
    page.get_by_role("button", name="Bevestig met betaalverplichting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je hebt bevestigd")

    market.set_pool(confirm_by=datetime.now(UTC))  # noqa: TID251 - the five days are over
    heading = page.get_by_role("heading", name="Te weinig plekken: wat wil je?")
    for _each in range(60):  # a minute at most
        page.goto(here)
        if heading.count():
            break
        page.wait_for_timeout(1_000)
    expect(heading).to_have_count(1)
    _looks_right(page, scripts=scripts)
    page.get_by_role("button", name="Betaal € 490 met betaalverplichting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("De lessen gaan door")
    assert market.states([one, silent]) == [PledgeState.PLACED, PledgeState.LAPSED]
    assert [block.seats for block in market.blocks()] == [12]
