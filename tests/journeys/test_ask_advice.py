"""A learner shows how far they are, an adviser without an account says what they think of it, and the link stops when the learner wants: also without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, axe, fits
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
ADVICE = "Begin met programmeren.\n\nVraag <b>vrijstelling</b> voor Engels."


def _makes_a_route(page: Page, server: Server) -> None:
    """Make a route in evenings and by day, and choose the first."""
    page.goto(f"{server.url}/nl/route")
    page.get_by_role("radio", name="Associate degree ICT").first.check()
    page.get_by_role("main").get_by_role("button", name="Verder").first.click()
    page.locator("#diploma").select_option("4")
    page.get_by_role("main").get_by_role("button", name="Ga verder").first.click()
    page.get_by_label("Uren per week om te leren").fill("30")
    page.get_by_role("checkbox", name="Doordeweeks ’s avonds", exact=True).check()
    page.get_by_role("checkbox", name="Doordeweeks overdag", exact=True).check()
    page.get_by_role("main").get_by_role("button", name="Maak mijn routes").click()
    page.get_by_role("button", name="Kies deze route").first.click()
    page.get_by_role("link", name="Bekijk hoe ver je bent, of print je route").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_ask_advice_read_it_and_stop_the_link(browser: Browser, server: Server, scripts: bool) -> None:
    context = browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts)
    elsewhere = browser.new_context(viewport=WIDE, locale="nl-NL", java_script_enabled=scripts)
    learner, adviser = context.new_page(), elsewhere.new_page()
    _makes_a_route(learner, server)
    expect(learner.get_by_role("heading", level=1)).to_contain_text("Je hebt 0 van de 120")
    expect(learner.get_by_role("img", name="Je hebt 0 van de 120")).to_be_visible()
    if scripts:
        axe(learner)
    learner.set_viewport_size({"width": 320, "height": 700})
    fits(learner, 320)
    address = learner.locator(".academy-advice__link[href*='/route/read/']").first.get_attribute("href") or ""
    adviser.goto(address)
    expect(adviser.get_by_role("heading", name="De stappen")).to_be_visible()
    adviser.get_by_label("Jouw advies").fill(ADVICE)
    adviser.get_by_role("button", name="Stuur je advies").click()
    expect(adviser.get_by_role("alert")).to_contain_text("Schrijf wie je bent.")
    adviser.get_by_label("Je naam en je school of bedrijf").fill("Dik van het ROC")
    adviser.get_by_role("button", name="Stuur je advies").click()
    expect(adviser.get_by_text("Dank je wel. De cursist ziet je advies bij de route.")).to_be_visible()
    if scripts:
        axe(adviser)
    learner.reload()
    expect(learner.get_by_text("Vraag <b>vrijstelling</b> voor Engels.")).to_be_visible()
    learner.get_by_role("button", name="advies van Dik van het ROC").click()
    expect(learner.get_by_text("Er is nog geen advies.")).to_be_visible()
    learner.get_by_role("button", name="Maak een nieuwe link").click()
    expect(learner.get_by_text("Er is een nieuwe link. De oude werkt niet meer.")).to_be_visible()
    gone = adviser.goto(address)
    assert gone is not None
    assert gone.status == 404
    context.close()
    elsewhere.close()
