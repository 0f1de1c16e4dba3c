"""J7: an employer says what people must be able to do, on two screens and with five fields, and takes part at once; also without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, link_in_letter

pytestmark = pytest.mark.journey

MOST_SCREENS, MOST_FIELDS = 2, 6


@pytest.mark.parametrize("scripts", [True, False])
def test_a_firm_asks_sees_what_fits_begins_a_group_and_proves_the_address(browser: Browser, server: Server, scripts: bool) -> None:
    context = browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts)
    page = context.new_page()
    email = f"baas-{'met' if scripts else 'zonder'}@bakkerij.nl"
    screens = fields = 0

    page.goto(f"{server.url}/nl/demand")
    screens += 1
    required = page.locator("form.academy-demand :is(input, textarea)[required]:visible:not([type=radio])")
    expect(page.get_by_label("Wat moeten je mensen kunnen?")).to_be_visible()
    asked = {
        "Wat moeten je mensen kunnen?": "Marktonderzoek doen bij onze klanten", "Hoeveel mensen?": "3", "Waar?": "1315 AB", "E-mailadres": email,
        "KvK-nummer": "87654321" if scripts else "87654322",
    }
    assert required.count() <= len(asked)
    for label, text in asked.items():
        page.get_by_label(label).fill(text)
        fields += 1
    _see_what_there_is(page, asked["KvK-nummer"], scripts=scripts)
    _is_sound(page, scripts=scripts)
    page.get_by_role("button", name="Stel je vraag").click()

    page.wait_for_url("**/demand/answer/**")
    screens += 1
    expect(page.get_by_role("main")).to_contain_text(email)
    expect(page.get_by_role("main")).to_contain_text("bevestig je e-mailadres")
    expect(page.get_by_role("link", name="Marktonderzoek en doelgroepanalyse", exact=True)).to_be_visible()
    _is_sound(page, scripts=scripts)
    page.get_by_role("button", name="Begin een groep voor je vraag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jullie doen mee")
    expect(page.get_by_role("main")).to_contain_text("nu 0 van 12")
    _is_sound(page, scripts=scripts)
    assert screens <= MOST_SCREENS
    assert fields <= MOST_FIELDS

    page.goto(link_in_letter(page, server.url, DUTCH, email))
    if page.get_by_label("Naam").count():
        page.get_by_label("Naam").fill("Noor Jansen")
    page.get_by_role("main").get_by_role("button", name=DUTCH.log_in).click()
    page.wait_for_url(re.compile("/my/demands/[A-Z0-9]+/prove$"))
    page.get_by_label("Hoe heet je bedrijf of school?").fill(f"Bakkerij {'Met' if scripts else 'Zonder'}")
    _is_sound(page, scripts=scripts)
    page.get_by_role("button", name="Laat mijn vraag meetellen").click()
    expect(page.get_by_role("main")).to_contain_text("Staat open")
    expect(page.get_by_role("main")).to_contain_text("nu 3 van 12")
    _is_sound(page, scripts=scripts)
    page.goto(f"{server.url}/nl/my/demands")
    expect(page.get_by_role("heading", name="Marktonderzoek doen bij onze klanten")).to_be_visible()
    _is_sound(page, scripts=scripts)
    context.close()


def _is_sound(page: Page, *, scripts: bool) -> None:
    fits(page, PHONE["width"])
    if scripts:
        axe(page)


def _see_what_there_is(page: Page, kvk_number: str, *, scripts: bool) -> None:
    """Read what fits: while one types, or by a button; who asks for themselves needs no firm."""
    if scripts:
        expect(page.locator("#matches")).to_contain_text("Marktonderzoek en doelgroepanalyse")  # while one types
        expect(page.locator("#matches")).to_contain_text("Past omdat:")
        page.get_by_label("Mezelf").check()
        expect(page.get_by_label("KvK-nummer")).to_be_hidden()
        page.get_by_label("Mijn bedrijf").check()
    else:
        page.get_by_role("button", name="Laat zien wat er is").click()
        expect(page.locator("#matches")).to_contain_text("Marktonderzoek en doelgroepanalyse")
        expect(page.get_by_label("KvK-nummer")).to_have_value(kvk_number)
