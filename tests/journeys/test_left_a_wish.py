"""Who finds nothing says so, proves the address by a letter, and can always stop: also without JavaScript."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import PHONE, axe
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("scripts", [True, False])
def test_leave_a_wish_confirm_it_and_stop(browser: Browser, server: Server, scripts: bool) -> None:
    context = browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts)
    page = context.new_page()
    email = f"wens-{'met' if scripts else 'zonder'}@voorbeeld.nl"
    page.goto(f"{server.url}/nl/searches/wish?q=onderwaterlassen&part_of_day=evening")
    expect(page.get_by_label("Wanneer kun je?")).to_have_value("evening")
    page.get_by_label("Wat wil je leren?").fill("Onderwaterlassen in de avond")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur").click()
    page.wait_for_url("**/searches/sent")
    letter = page.get_by_role("listitem").or_(page.get_by_role("row")).filter(has_text=email).get_by_role("link")
    for _try in range(50):
        page.goto(f"{server.url}/nl/demo/mailbox")
        if letter.count():
            break
        page.wait_for_timeout(100)
    letter.first.click()
    page.locator("a[href*='/searches/link/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wil je hierover e-mail?")
    page.get_by_role("button", name="Ja, mail mij").click()
    line = page.get_by_role("heading", name="“Onderwaterlassen in de avond” · 1 keuze")
    expect(line).to_be_visible()
    if scripts:
        axe(page)
    page.get_by_role("button", name="Haal weg").click()
    expect(line).to_have_count(0)
    page.get_by_role("button", name="Zet terug").click()
    expect(line).to_be_visible()
    context.close()
