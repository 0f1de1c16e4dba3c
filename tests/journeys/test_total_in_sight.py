"""Before one promises to pay, what one pays is always in sight: at the top of the page, halfway and at its end, and it hides nothing."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser import axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, sign_up_to_enrol

pytestmark = pytest.mark.journey

SCREENS: Final = (ViewportSize(width=360, height=640), ViewportSize(width=1280, height=800))


def _at_check(browser: Browser, server: Server, email: str, *, scripts: bool) -> Page:
    """Ask for a seat that costs money; returns the page on which one checks it."""
    context = browser.new_context(viewport=SCREENS[0], locale="nl-NL", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{server.url}/nl/modules/heftruckcertificaat")
    page.get_by_role("link", name=DUTCH.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, DUTCH, email)
    page.get_by_role("button", name=DUTCH.ask).click()
    expect(page.get_by_role("button", name="Inschrijven met betaalverplichting")).to_be_visible()
    return page


def _top(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]


def _bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_one_pays_is_always_in_sight_and_hides_nothing(browser: Browser, server: Server, *, scripts: bool) -> None:
    page = _at_check(browser, server, f"in-zicht-{scripts}@voorbeeld.nl".lower(), scripts=scripts)
    total = page.get_by_text("Jij betaalt", exact=True).locator("..")
    for screen in SCREENS:
        page.set_viewport_size(screen)
        fits(page, screen["width"])
        _stays_in_sight(page, total, screen["height"])
        _hides_no_focus(page, total)
    if scripts:  # without them it can not look
        axe(page)
    page.get_by_role("button", name="Nee, ik wil deze plek niet").click()  # it is somebody else's again
    page.context.close()


def _stays_in_sight(page: Page, total: Locator, height: int) -> None:
    for part in (0, 0.5, 1):
        page.evaluate("part => window.scrollTo({top: part * document.documentElement.scrollHeight, behavior: 'instant'})", part)
        assert _top(total) >= 0
        assert _bottom(total) <= height, f"the total is out of sight at {part} of the page"
    expect(total).to_contain_text("€")  # how much is told by other journeys: a fund of theirs may pay along here
    assert _bottom(page.get_by_role("contentinfo").get_by_role("link").last) <= _top(total), "the end of the page is behind the total"


def _hides_no_focus(page: Page, total: Locator) -> None:
    """Go through the page with the Tab key: whatever has the focus stands above the total (WCAG 2.2, 2.4.11)."""
    page.get_by_role("banner").get_by_role("link").first.focus()
    here, last = page.locator(":focus"), page.get_by_role("contentinfo").get_by_role("link").last
    for _step in range(60):
        page.keyboard.press("Tab")
        assert _bottom(here) <= _top(total) + 1, here.inner_text()
        if here.evaluate("(here, last) => here === last", last.element_handle()):
            return
    pytest.fail("the end of the page was not reached with the Tab key")
