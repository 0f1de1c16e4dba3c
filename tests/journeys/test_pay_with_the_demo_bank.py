"""A learner pays with the demo bank, is refused and tries again, walks away, and gets the money back after withdrawing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.enrolment.kinds import WaitsFor
from academy.enrolment.models import Enrolment
from academy.kernel.db import Database
from tests.browser import PHONE, axe
from tests.enrolment.vat import decide_vat
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_up_to_enrol

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Paying:
    """What one reads and presses on the way to a paid seat and back."""

    words: Words
    promise: str
    pay: str  # the beginning of the button, before the amount
    refuse: str
    walk_away: str
    refused: str
    paid: str
    to_pay: str
    expired: str
    withdraw: str
    go_on: str
    confirm: str
    back: str


NL = Paying(
    DUTCH, "Inschrijven met betaalverplichting", "Betaal €", "Weiger deze betaling", "Loop weg zonder te betalen", "Je bank heeft de betaling geweigerd",
    "Betaald", "Nog te betalen", "Verlopen", "Herroep hier je overeenkomst", "Ga verder", "Bevestig herroeping", "krijg je € 295 terug",
)
EN = Paying(
    ENGLISH, "Enrol with obligation to pay", "Pay €", "Refuse this payment", "Walk away without paying", "Your bank refused the payment",
    "Paid", "Still to pay", "Expired", "Withdraw from your contract here", "Continue", "Confirm withdrawal", "Of that you get €295 back",
)
BOTH = pytest.mark.parametrize("out", [NL, EN], ids=["Dutch", "English"])


def _in_database(server: Server, act: Callable[[Session], object]) -> None:
    """Do what no page of a learner does: decide the VAT as providers do, or let time pass."""
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    try:
        with database.writing() as session:
            act(session)
    finally:
        database.close()


def _promised(browser: Browser, server: Server, out: Paying, email: str) -> Page:
    """Make an account and promise to pay a seat; returns the page on which one pays."""
    now = datetime.now(UTC)  # noqa: TID251 - the server reads the real clock
    _in_database(server, lambda session: decide_vat(session, now))
    context = browser.new_context(viewport=PHONE, locale="nl-NL" if out.words.lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{server.url}/{out.words.lang}/modules/heftruckcertificaat")
    axe(page)
    page.get_by_role("link", name=out.words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, out.words, email)
    page.get_by_role("button", name=out.words.ask).click()
    expect(page.get_by_role("main")).to_contain_text("21%")
    axe(page)
    page.get_by_role("button", name=out.promise).click()
    expect(page.get_by_role("button", name=out.pay)).to_be_visible()
    axe(page)
    return page


def _pay(page: Page, out: Paying) -> None:
    """Go to the bank and pay there; returns on the page that knows it."""
    page.get_by_role("button", name=out.pay).click()
    page.wait_for_url("**/demo-bank/**")
    axe(page)
    page.get_by_role("button", name=out.pay).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(out.paid)
    axe(page)


def _enrolment(page: Page, server: Server, out: Paying, state: str) -> None:
    """Open the enrolment, once it stands so."""
    found = page.get_by_role("article").filter(has_text=state).get_by_role("link").first
    for _time in range(50):
        page.goto(f"{server.url}/{out.words.lang}/my")
        if found.count():
            break
        page.wait_for_timeout(200)
    found.click()
    expect(page.get_by_role("main")).to_contain_text(state)
    axe(page)


@BOTH
def test_a_learner_pays_and_the_seat_is_sure(browser: Browser, server: Server, out: Paying) -> None:
    page = _promised(browser, server, out, f"betaal-{out.words.lang}@voorbeeld.nl")
    _pay(page, out)
    _enrolment(page, server, out, out.words.enrolled)
    page.context.close()


@BOTH
def test_who_is_refused_reads_that_and_pays_the_second_time(browser: Browser, server: Server, out: Paying) -> None:
    page = _promised(browser, server, out, f"geweigerd-{out.words.lang}@voorbeeld.nl")
    page.get_by_role("button", name=out.pay).click()
    page.get_by_role("button", name=out.refuse).click()
    expect(page.get_by_role("main")).to_contain_text(out.refused)
    axe(page)
    _pay(page, out)
    _enrolment(page, server, out, out.words.enrolled)
    page.context.close()


@BOTH
def test_who_walks_away_can_still_pay_until_the_time_is_up_and_then_the_seat_is_free(browser: Browser, server: Server, out: Paying) -> None:
    page = _promised(browser, server, out, f"weggelopen-{out.words.lang}@voorbeeld.nl")
    page.get_by_role("button", name=out.pay).click()
    page.get_by_role("link", name=out.walk_away).click()
    expect(page.get_by_role("button", name=out.pay)).to_be_visible()
    _enrolment(page, server, out, out.to_pay)
    past = datetime.now(UTC) - timedelta(seconds=1)  # noqa: TID251 - the server reads the real clock
    _in_database(server, lambda session: session.execute(update(Enrolment).where(Enrolment.waits_for == WaitsFor.PAYMENT).values(until=past)))
    _enrolment(page, server, out, out.expired)
    page.context.close()


@BOTH
def test_who_withdraws_gets_the_money_back(browser: Browser, server: Server, out: Paying) -> None:
    page = _promised(browser, server, out, f"terug-{out.words.lang}@voorbeeld.nl")
    _pay(page, out)
    _enrolment(page, server, out, out.words.enrolled)
    here = page.url
    page.get_by_role("main").get_by_role("link", name=out.withdraw).click()
    page.get_by_role("button", name=out.go_on).click()
    page.get_by_role("button", name=out.confirm).click()
    for _time in range(50):
        page.goto(here)
        if out.back in page.get_by_role("main").inner_text().replace("\N{NO-BREAK SPACE}", " "):
            break
        page.wait_for_timeout(200)
    assert out.back in page.get_by_role("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    axe(page)
    page.context.close()
