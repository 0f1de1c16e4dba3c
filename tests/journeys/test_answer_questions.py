"""Who followed a class gets a letter, answers five questions by its link without signing in, and can do so once. What all answered together is read on the page of the module."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_in_with_password

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Said:
    """What the pages say, per language."""

    subject: str
    answers: tuple[str, ...]
    send: str
    not_yet: str
    thanks: str
    already: str
    read: str
    thought: str


SAID = {
    "nl": Said(
        "Vijf vragen over", ("helemaal", "grotendeels", "een beetje", "helemaal", "grotendeels"), "Verstuur je antwoorden", "Dit klopt nog niet", "Dank je wel", "Je hebt al geantwoord",
        "Lees wat cursisten vonden", "Wat cursisten vonden",
    ),
    "en": Said(
        "Vijf vragen over", ("completely", "mostly", "a little", "completely", "mostly"), "Send your answers", "This is not right yet", "Thank you", "You have answered already",
        "Read what learners thought", "What learners thought",
    ),
}
WAYS = [
    pytest.param(DUTCH, True, "learner@demo.example", id="Dutch"), pytest.param(ENGLISH, True, "imane.elamrani@demo.example", id="English"),
    pytest.param(DUTCH, False, "pieter.vos@demo.example", id="without JavaScript"),
]


def link_in_letter(page: Page, url: str, email: str, said: Said) -> str:
    """Wait for the letter with the questions and return where its link leads, on this server."""
    letter = page.get_by_role("listitem").filter(has_text=email).filter(has_text=said.subject).get_by_role("link")
    for _try in range(300):
        page.goto(f"{url}/nl/demo/mailbox")
        if letter.count():
            break
        page.wait_for_timeout(300)
    letter.first.click()
    found = re.search(r"http://\S+?/nl(/questions/\S+)", page.get_by_role("main").inner_text())
    assert found, "the letter has no link"
    return found.group(1)


@pytest.mark.parametrize(("words", "scripts", "email"), WAYS)
def test_answer_by_the_link_in_a_letter_once(browser: Browser, server: Server, words: Words, scripts: bool, email: str) -> None:
    said = SAID[words.lang]
    context = browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts)
    page = context.new_page()
    link = f"{server.url}/{words.lang}{link_in_letter(page, server.url, email, said)}"
    page.goto(link)
    if scripts:
        axe(page)
        page.set_viewport_size({"width": 360, "height": 800})
        fits(page, 360)
    page.get_by_role("main").get_by_role("group").first.get_by_label(said.answers[0], exact=True).check()
    page.get_by_role("button", name=said.send).click()
    expect(page.get_by_role("heading", name=said.not_yet)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("group").first.get_by_label(said.answers[0], exact=True)).to_be_checked()
    if scripts:
        axe(page)
    for place, answer in enumerate(said.answers):
        page.get_by_role("main").get_by_role("group").nth(place).get_by_label(answer, exact=True).check()
    page.get_by_role("button", name=said.send).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said.thanks)
    if scripts:
        axe(page)
    page.goto(link)
    expect(page.get_by_role("main")).to_contain_text(said.already)
    context.close()


@pytest.mark.parametrize("words", [pytest.param(DUTCH, id="Dutch"), pytest.param(ENGLISH, id="English")])
def test_everybody_reads_what_learners_of_a_module_thought(browser: Browser, server: Server, words: Words) -> None:
    said = SAID[words.lang]
    context = browser.new_context(viewport=PHONE, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{server.url}/{words.lang}/modules/werkvoorbereiding")
    page.get_by_role("link", name=said.read).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said.thought)
    expect(page.get_by_role("main").get_by_role("row")).to_have_count(6)
    axe(page)
    page.set_viewport_size({"width": 360, "height": 800})
    fits(page, 360)
    context.close()


@pytest.mark.parametrize("words", [pytest.param(DUTCH, id="Dutch"), pytest.param(ENGLISH, id="English")])
def test_the_provider_and_the_office_read_what_they_may(browser: Browser, server: Server, words: Words) -> None:
    for email, address in (("provider@demo.example", "provider/windesheim/experience"), ("office@demo.example", "office/experience")):
        context = browser.new_context(viewport=WIDE, locale="nl-NL")
        page = context.new_page()
        sign_in_with_password(page, server.url, words, email, "demo-academy-2026")
        page.goto(f"{server.url}/{words.lang}/{address}")
        expect(page.get_by_role("main").get_by_role("table").first).to_be_visible()
        axe(page)
        page.set_viewport_size({"width": 360, "height": 800})
        fits(page, 360)
        context.close()
