"""A provider's endpoint is connected, an editor asks to fetch it, the worker does, and the log says what came and what did not."""

import subprocess
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from academy.demo.people import DEMO_PASSWORD
from tests.browser import PHONE, WIDE, axe, fits
from tests.exchange.endpoint import Endpoint, course
from tests.exchange.hostile_server import HostileServer
from tests.journeys.conftest import ACADEMY, Server, environment
from tests.journeys.steps import DUTCH, sign_in_with_password

pytestmark = [pytest.mark.journey, pytest.mark.slow]

SOON = 40  # seconds: the worker looks every ten, and then it has to fetch


def academy(server: Server, *words: str) -> str:
    port = urlsplit(server.url).port
    assert port is not None
    done = subprocess.run(
        [ACADEMY, *words], env=environment(server.folder, port), cwd=server.folder, check=True, capture_output=True, text=True,
    )
    return done.stdout.strip()


def test_from_endpoint_to_log(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=WIDE, locale="nl-NL")
    page = context.new_page()
    sign_in_with_password(page, server.url, DUTCH, "provider@demo.example", DEMO_PASSWORD)
    address = f"{server.url}/nl/provider/windesheim/feeds"
    page.goto(address)
    expect(page.get_by_role("heading", name="Er is nog geen koppeling")).to_be_visible()
    axe(page)
    with HostileServer(Endpoint(course(1), course(2, level="onzin"))) as endpoint:
        academy(server, "harvest", "add", endpoint.url, "--provider", "windesheim", "--kind", "ooapi5")
        page.goto(address)
        axe(page)
        page.get_by_role("button", name="Nu ophalen").click()
        expect(page.get_by_text("Het ophalen begint binnen een minuut.")).to_be_visible()
        for _second in range(SOON):
            if page.get_by_role("cell", name="Klaar").count():
                break
            page.wait_for_timeout(1000)
            page.goto(address)
    axe(page)
    page.get_by_role("rowheader").first.get_by_role("link").click()
    expect(page.get_by_text("Dit woord kent de standaard niet.")).to_be_visible()
    axe(page)
    page.set_viewport_size(PHONE)
    axe(page)
    fits(page, PHONE["width"])
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download als CSV").click()
    assert "onzin" in downloaded.value.path().read_text()
    context.close()
