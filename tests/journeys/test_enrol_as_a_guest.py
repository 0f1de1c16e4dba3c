"""A seat for who has no account, and a no with its reason: on a phone, in both languages, with and without JavaScript."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, open_link, sign_up_to_enrol

pytestmark = pytest.mark.journey
CODE_OF_LEVEL = "bouwrecht-en-omgevingsvergunning"


@dataclass(frozen=True)
class Said:
    """What the pages say, per language."""

    kept: str
    to_do: str
    finish: str
    too_low: str
    kept_longer: str
    decides: str
    why: str


SAID = {
    "nl": Said(
        "Je plek staat vast tot", "Te doen", "Maak je inschrijving af", "een diploma op niveau 4 (mbo 4) of hoger", "Je hebt meer tijd.",
        "De aanbieder beslist", "Waarom past deze module bij jou?",
    ),
    "en": Said(
        "Your seat is kept until", "To do", "Finish your enrolment", "a diploma at level 4 (mbo 4) or higher", "You have more time.",
        "The provider decides", "Why does this module suit you?",
    ),
}


def _page(browser: Browser, words: Words, *, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport=PHONE, locale="nl-NL" if words.lang == "nl" else "en-GB", java_script_enabled=scripts,
    )
    context.set_default_timeout(30_000)
    return context.new_page()


def _looks_right(page: Page, *, scripts: bool) -> None:
    if scripts:
        fits(page, PHONE["width"])
        axe(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("words", [DUTCH, ENGLISH], ids=["Dutch", "English"])
def test_a_guest_enrols_by_the_link_in_the_letter(browser: Browser, server: Server, words: Words, scripts: bool) -> None:
    page, said = _page(browser, words, scripts=scripts), SAID[words.lang]
    email = f"gast-{words.lang}-{'js' if scripts else 'plain'}@voorbeeld.nl"
    page.goto(f"{server.url}/{words.lang}/modules/programmeren-in-python")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    _looks_right(page, scripts=scripts)
    page.get_by_label(words.name, exact=True).fill("Noor de Wit")
    page.get_by_label(words.email, exact=True).fill(email)
    page.get_by_role("button", name=words.ask).click()
    expect(page.get_by_role("main")).to_contain_text(email)
    _looks_right(page, scripts=scripts)

    open_link(page, server.url, words, email)
    expect(page.get_by_role("main")).to_contain_text(said.kept)
    _looks_right(page, scripts=scripts)
    page.get_by_role("button", name=words.more_time).click()
    expect(page.get_by_role("status").first).to_contain_text(said.kept_longer)

    page.goto(f"{server.url}/{words.lang}/my")
    expect(page.get_by_role("heading", level=2, name=said.to_do)).to_be_visible()
    _looks_right(page, scripts=scripts)
    page.get_by_role("link", name=said.finish).click()
    page.get_by_role("button", name=words.enrol, exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(words.enrolled)
    _looks_right(page, scripts=scripts)
    page.context.close()


@pytest.mark.parametrize("words", [DUTCH, ENGLISH], ids=["Dutch", "English"])
def test_a_diploma_that_is_too_low_is_refused_with_the_reason(browser: Browser, server: Server, words: Words) -> None:
    with closing(sqlite3.connect(server.folder / "var" / "academy.db", timeout=10)) as database, database:
        database.execute("UPDATE module SET prerequisites = ? WHERE slug = ?", ('{"level": "4"}', CODE_OF_LEVEL))
    page, said = _page(browser, words), SAID[words.lang]
    page.goto(f"{server.url}/{words.lang}/modules/{CODE_OF_LEVEL}")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, words, f"diploma-{words.lang}@voorbeeld.nl")
    page.get_by_role("combobox").select_option("2")
    page.get_by_role("button", name=words.ask).click()
    expect(page.get_by_role("alert")).to_contain_text(said.too_low)
    _looks_right(page, scripts=True)

    page.get_by_role("combobox").select_option("3")  # one level too low: the provider decides
    page.get_by_role("button", name=words.ask).click()
    page.get_by_label(said.why).fill("Ik doe dit werk al tien jaar.")
    _looks_right(page, scripts=True)
    page.get_by_role("main").locator("form").filter(has=page.get_by_label(said.why)).get_by_role("button").click()
    expect(page.get_by_role("main")).to_contain_text(said.decides)
    _looks_right(page, scripts=True)
    page.context.close()


def test_two_minutes_before_the_end_the_page_says_so_and_more_time_stays_within_reach(browser: Browser, server: Server) -> None:
    page = _page(browser, DUTCH)
    page.clock.install()
    page.goto(f"{server.url}/nl/modules/programmeren-in-python")
    page.get_by_role("link", name="Schrijf je in", exact=True).first.click()
    sign_up_to_enrol(page, server.url, DUTCH, "klok@voorbeeld.nl")
    page.get_by_role("button", name=DUTCH.ask).click()
    news = page.locator("[data-hold-news]")
    expect(page.locator("[data-hold-left]")).to_contain_text("Nog 15 minuten.")
    expect(news).to_be_empty()
    page.clock.run_for("13:01")
    expect(news).to_contain_text("Je plek staat nog 2 minuten vast.")
    page.clock.run_for("02:00")
    expect(news).to_contain_text("De tijd is om.")
    expect(page.get_by_role("button", name=DUTCH.more_time)).to_be_visible()
    page.get_by_role("button", name=DUTCH.enrol, exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Ingeschreven")
    page.context.close()
