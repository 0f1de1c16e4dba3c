"""A real browser for the journeys: the machine's own Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.postgres import missing_part

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
PHONE = ViewportSize(width=390, height=844)
WIDE = ViewportSize(width=1280, height=900)
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium() -> Path | None:
    """Return the browser of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = [shutil.which(name) for name in names] + [f"/usr/bin/{name}" for name in names]
    return next((Path(path) for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser once; each journey opens its own context (`browser.new_context()`), without the others' cookies."""
    program = chromium()
    if program is None:
        missing_part("no Chromium: `make test` as root brings one, or install it")
    expect.set_options(timeout=30_000)  # a promise is kept or broken however slow the machine is just then
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, headless=True)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page on the screen of a telephone."""
    context = browser.new_context(viewport=PHONE, locale="nl-NL")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def fits(page: Page, width: int) -> None:
    """Assert that nothing sticks out of a screen of `width` pixels."""
    assert _width(page) <= width, f"{page.url} scrolls sideways at {width} px"


def _width(page: Page) -> int:
    """Return how wide a page is, once it is there: a click may come back while the next page is on its way."""
    page.wait_for_load_state()
    for _time in range(100):
        seen = page.evaluate("document.readyState === 'complete' && document.documentElement ? document.documentElement.scrollWidth : null")
        if seen is not None:
            return int(seen)
        page.wait_for_timeout(50)
    pytest.fail(f"{page.url} did not come")


def axe(page: Page) -> None:
    """Assert that `page` breaks no rule of WCAG 2.2 A and AA that a machine can check."""
    page.wait_for_load_state()
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _WCAG}, "resultTypes": ["violations"]})
    broken = [
        f"{rule['id']}: {rule['help']} - " + "; ".join(node["html"][:160] for node in rule["nodes"])
        for rule in found.response["violations"]
    ]
    assert not broken, f"{page.url}\n" + "\n".join(broken)
