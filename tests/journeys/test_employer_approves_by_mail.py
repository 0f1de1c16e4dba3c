"""A learner asks an employer, who decides by the link in a letter without an account: all, a part, or no."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_up_to_enrol

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Said:
    """What the pages say, per language."""

    employer_pays: str
    employer_email: str
    why: str
    ask: str
    asked: str
    firm: tuple[str, str, str, str, str]
    signer: str
    may_decide: str
    yes: str
    part: str
    how_much: str
    pay_part: str
    part_agreed: str
    agreed: str
    promise: str
    own_left: str
    no: str
    why_not: str
    say_no: str
    refused: str
    explained: str


SAID = {
    "nl": Said(
        "Mijn werkgever betaalt (mee)", "E-mailadres van je werkgever", "Waarom wil je dit leren?", "Vraag mijn werkgever", "We vroegen het je werkgever",
        ("Naam van het bedrijf", "KvK-nummer", "Straat en huisnummer", "Postcode", "Plaats"), "Jouw naam", "Ik mag dit namens het bedrijf beslissen",
        "Ja, we betalen", "We betalen een deel", "Hoeveel betalen jullie? (€)", "Betaal dit deel", "Voor een deel toegezegd", "Toegezegd",
        "Inschrijven met betaalverplichting", "De rest is voor jou", "Nee, we betalen niet", "Waarom niet?", "Zeg nee", "Niet toegezegd", "Je werkgever betaalt niet mee",
    ),
    "en": Said(
        "My employer pays (or helps to pay)", "Your employer’s e-mail address", "Why do you want to learn this?", "Ask my employer", "We asked your employer",
        ("Name of the firm", "KvK number", "Street and number", "Postcode", "Place"), "Your name", "I may decide this on behalf of the firm",
        "Yes, we pay", "We pay a part", "How much do you pay? (€)", "Pay this part", "Agreed in part", "Agreed",
        "Enrol with obligation to pay", "The rest is yours", "No, we do not pay", "Why not?", "Say no", "Not agreed", "Your employer does not pay",
    ),
}
FIRM = ("Bakkerij Jansen", "12345678", "Dorpsstraat 1", "1315 AA", "Almere")
WAYS = [pytest.param(DUTCH, True, id="Dutch"), pytest.param(ENGLISH, True, id="English"), pytest.param(DUTCH, False, id="without JavaScript")]


def _page(browser: Browser, words: Words, *, scripts: bool) -> Page:
    context = browser.new_context(viewport=WIDE, locale="nl-NL" if words.lang == "nl" else "en-GB", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    return context.new_page()


def _looks_right(page: Page, *, scripts: bool) -> None:
    if scripts:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            fits(page, width)
            axe(page)
        page.set_viewport_size(WIDE)


def _asked(page: Page, server: Server, words: Words, email: str, employer: str, *, scripts: bool) -> None:
    """Let somebody new ask for a seat and name an employer."""
    said = SAID[words.lang]
    page.goto(f"{server.url}/{words.lang}/modules/heftruckcertificaat")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, words, email)
    page.get_by_role("button", name=words.ask).click()
    page.get_by_text(said.employer_pays, exact=True).click()
    page.get_by_role("button", name=said.ask).click()
    expect(page.get_by_role("alert")).to_contain_text(said.employer_email)
    _looks_right(page, scripts=scripts)
    page.get_by_label(said.employer_email).fill(employer)
    page.get_by_label(said.why).fill("Dan rijd ik zelf de heftruck.")
    page.get_by_role("button", name=said.ask).click()
    expect(page.get_by_role("main")).to_contain_text(said.asked)
    _looks_right(page, scripts=scripts)


def _letter(page: Page, server: Server, words: Words, employer: str, *, letters: int = 1) -> str:
    """Return the link of the letter to an employer; the letter says nothing that somebody typed."""
    found = page.get_by_role("listitem").filter(has_text=employer)
    for _each in range(100):
        page.goto(f"{server.url}/{words.lang}/demo/mailbox")
        if found.count() == letters:
            break
        page.wait_for_timeout(300)
    found.first.get_by_role("link").click()
    text = page.get_by_role("main").inner_text()
    assert "heftruck." not in text
    assert "Sam de Vries" not in text
    link = re.search(r"http://\S+/employer-answer/\S+", text)
    assert link, "the letter has no link"
    return link.group()


def _fill_firm(page: Page, said: Said) -> None:
    for label, value in zip(said.firm, FIRM, strict=True):
        page.get_by_label(label, exact=True).fill(value)


def _sign(page: Page, said: Said) -> None:
    page.get_by_label(said.signer, exact=True).fill("Kim Jansen")
    page.get_by_label(said.may_decide).check()


@pytest.mark.parametrize(("words", "scripts"), WAYS)
def test_an_employer_without_an_account_pays_a_part_and_the_next_time_all(browser: Browser, server: Server, words: Words, scripts: bool) -> None:
    said, way = SAID[words.lang], f"{words.lang}-{'js' if scripts else 'plain'}"
    employer = f"baas-{way}@bakkerij.example"
    learner, boss = _page(browser, words, scripts=scripts), _page(browser, words, scripts=scripts)
    _asked(learner, server, words, f"deel-{way}@voorbeeld.nl", employer, scripts=scripts)
    mine = learner.url

    link = _letter(boss, server, words, employer)
    boss.goto(link)
    expect(boss.get_by_role("main")).to_contain_text("Sam de Vries")
    expect(boss.get_by_role("main")).to_contain_text("Dan rijd ik zelf de heftruck.")
    boss.get_by_role("button", name=said.yes).click()
    expect(boss.get_by_role("alert")).to_contain_text(said.firm[1])
    _looks_right(boss, scripts=scripts)
    _fill_firm(boss, said)
    _sign(boss, said)
    boss.get_by_text(said.part, exact=True).click()
    boss.get_by_label(said.how_much).fill("100,50")
    boss.get_by_role("button", name=said.pay_part).click()
    expect(boss.get_by_role("heading", level=1)).to_have_text(said.part_agreed)
    _looks_right(boss, scripts=scripts)
    boss.goto(link)
    expect(boss.get_by_role("heading", level=1)).to_have_text(said.part_agreed)

    learner.goto(mine)
    expect(learner.get_by_role("main")).to_contain_text(said.own_left)
    _looks_right(learner, scripts=scripts)
    learner.get_by_role("button", name=said.promise).click()
    learner.wait_for_url("**/payments/**")

    learner = _page(browser, words, scripts=scripts)
    _asked(learner, server, words, f"alles-{way}@voorbeeld.nl", employer, scripts=scripts)
    boss.goto(_letter(boss, server, words, employer, letters=2))
    expect(boss.get_by_role("main")).to_contain_text("Bakkerij Jansen")
    expect(boss.get_by_label(said.firm[1], exact=True)).to_have_count(0)
    _sign(boss, said)
    boss.get_by_role("button", name=said.yes).click()
    expect(boss.get_by_role("heading", level=1)).to_have_text(said.agreed)
    _looks_right(boss, scripts=scripts)


@pytest.mark.parametrize(("words", "scripts"), WAYS)
def test_an_employer_says_no_and_the_learner_reads_why(browser: Browser, server: Server, words: Words, scripts: bool) -> None:
    said, way = SAID[words.lang], f"{words.lang}-{'js' if scripts else 'plain'}"
    employer = f"nee-{way}@bakkerij.example"
    learner, boss = _page(browser, words, scripts=scripts), _page(browser, words, scripts=scripts)
    _asked(learner, server, words, f"nee-{way}@voorbeeld.nl", employer, scripts=scripts)
    boss.goto(_letter(boss, server, words, employer))
    boss.get_by_text(said.no, exact=True).click()
    boss.get_by_label(said.why_not).fill("Dit jaar is het geld op.")
    boss.get_by_role("button", name=said.say_no).click()
    expect(boss.get_by_role("heading", level=1)).to_have_text(said.refused)
    _looks_right(boss, scripts=scripts)
    learner.reload()
    expect(learner.get_by_role("main")).to_contain_text(said.explained)
    expect(learner.get_by_role("main")).to_contain_text("Dit jaar is het geld op.")
    _looks_right(learner, scripts=scripts)
