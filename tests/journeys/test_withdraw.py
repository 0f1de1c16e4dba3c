"""A learner withdraws from a contract in two steps, signed in and not, in both languages, and has the proof by mail."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, axe
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, enrol, sign_up_to_enrol

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Withdrawing:
    """What one types and reads on the way out of a contract."""

    words: Words
    here: str
    your_name: str
    number: str
    go_on: str
    confirm: str
    done: str
    if_right: str
    proof: str


NL = Withdrawing(
    DUTCH, "Herroep hier je overeenkomst", "Je naam", "Nummer van je inschrijving", "Ga verder", "Bevestig herroeping",
    "Je hebt je overeenkomst herroepen", "Als deze gegevens kloppen, krijg je nu een e-mail.", "Deze e-mail is je bewijs.",
)
EN = Withdrawing(
    ENGLISH, "Withdraw from your contract here", "Your name", "Number of your enrolment", "Continue", "Confirm withdrawal",
    "You have withdrawn from your contract", "If these details are right, you get an e-mail now.", "This e-mail is your proof.",
)


def _enrolled(browser: Browser, server: Server, words: Words, email: str) -> tuple[Page, str]:
    """Make an account with a seat; returns the page and the number of the enrolment."""
    context = browser.new_context(viewport=PHONE, locale="nl-NL" if words.lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{server.url}/{words.lang}/modules/programmeren-in-python")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, words, email)
    enrol(page, words)
    expect(page.get_by_role("main")).to_contain_text(words.enrolled)
    return page, page.url.rsplit("/", 1)[1]


def _proof(page: Page, server: Server, out: Withdrawing, email: str, code: str) -> None:
    """Find the letter that acknowledges, with the day and the second."""
    letters = page.get_by_role("listitem").filter(has_text=email).filter(has_text=out.done)
    for _ in range(50):
        page.goto(f"{server.url}/{out.words.lang}/demo/mailbox")
        if letters.count():
            break
        page.wait_for_timeout(200)
    letters.first.get_by_role("link").click()
    letter = page.get_by_role("main")
    expect(letter).to_contain_text(out.proof)
    expect(letter).to_contain_text(code)
    assert re.search(r"\d{1,2} \w+ \d{4}, \d\d:\d\d:\d\d", letter.inner_text())


@pytest.mark.parametrize("out", [NL, EN], ids=["Dutch", "English"])
def test_who_is_signed_in_withdraws_in_two_steps(browser: Browser, server: Server, out: Withdrawing) -> None:
    email = f"herroep-{out.words.lang}@voorbeeld.nl"
    page, code = _enrolled(browser, server, out.words, email)
    page.get_by_role("main").get_by_role("link", name=out.here).click()
    expect(page.get_by_label(out.number)).to_have_value(code)
    axe(page)
    page.get_by_role("button", name=out.go_on).click()
    axe(page)
    page.get_by_role("button", name=out.confirm).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(out.done)
    axe(page)
    _proof(page, server, out, email, code)
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_who_is_not_signed_in_withdraws_from_the_foot_of_any_page(browser: Browser, server: Server, scripts: bool) -> None:
    email = f"vreemd-{scripts}@voorbeeld.nl".lower()
    mine, code = _enrolled(browser, server, DUTCH, email)
    mine.context.close()
    context = browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{server.url}/nl/help")
    page.get_by_role("contentinfo").get_by_role("link", name=NL.here).click()
    page.get_by_label(NL.your_name).fill("Sam de Vries")
    page.get_by_label(NL.number).fill(code.lower())
    page.get_by_role("button", name=NL.go_on).click()
    expect(page.get_by_role("alert")).to_contain_text("Vul je e-mailadres in.")
    if scripts:
        axe(page)
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name=NL.go_on).click()
    page.get_by_role("button", name=NL.confirm).click()
    expect(page.get_by_role("main")).to_contain_text(NL.if_right)
    if scripts:
        axe(page)
    _proof(page, server, NL, email, code)
    context.close()
