"""The programme office makes the yearly report, puts it on the website and takes it back; everybody reads it meanwhile."""

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from academy.demo.people import DEMO_PASSWORD
from academy.kernel.text import Language
from academy.kernel.translation import gettext, reading_in
from tests.browser import axe, fits
from tests.journeys.conftest import ACADEMY, Server, environment, free_port
from tests.journeys.steps import DUTCH, ENGLISH, sign_in_with_password

pytestmark = pytest.mark.journey
_SIZES = {"nl": ViewportSize(width=360, height=800), "en": ViewportSize(width=1280, height=900)}


@pytest.fixture
def page(browser: Browser, lang: Language, *, scripts: bool) -> Iterator[Page]:
    context = browser.new_context(viewport=_SIZES[lang], java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def looks_right(page: Page, width: int, *, scripts: bool) -> None:
    if scripts:  # looking into a page takes them
        fits(page, width)
        axe(page)


@pytest.mark.parametrize(("lang", "scripts"), [("nl", True), ("en", True), ("nl", False)], ids=["Dutch", "English", "Dutch, without JavaScript"])
def test_the_office_freezes_publishes_and_takes_back_the_yearly_report(server: Server, browser: Browser, page: Page, lang: Language, *, scripts: bool) -> None:
    def say(sentence: str, **values: object) -> str:
        with reading_in(lang):
            return gettext(sentence, **values)

    width = _SIZES[lang]["width"]
    subprocess.run([ACADEMY, "report", "roll-up"], env=environment(server.folder, free_port()), check=True, capture_output=True)
    sign_in_with_password(page, server.url, DUTCH if lang == "nl" else ENGLISH, "office@demo.example", DEMO_PASSWORD)
    page.goto(f"{server.url}/{lang}/office/reports/frozen")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Vastgelegde rapporten"))
    looks_right(page, width, scripts=scripts)
    page.get_by_role("button", name=say("Maak het rapport")).click()
    expect(page.get_by_role("status").first).to_contain_text(say("Het rapport is vastgelegd."))
    looks_right(page, width, scripts=scripts)
    title, code = page.get_by_role("heading", level=1).inner_text(), page.url.rpartition("/")[2]
    with page.expect_download() as download:
        page.get_by_role("link", name=say("Download als PDF")).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_text(say("Maak dit rapport openbaar")).click()
    page.get_by_role("button", name=say("Ja, zet het op de website")).click()
    expect(page.get_by_role("status").first).to_contain_text(say("Het rapport is nu openbaar."))

    everybody = browser.new_context(viewport=_SIZES[lang], java_script_enabled=scripts).new_page()
    everybody.goto(f"{server.url}/{lang}/reports")
    looks_right(everybody, width, scripts=scripts)
    everybody.get_by_role("link", name=f"{title} ({code})").click()
    expect(everybody.get_by_role("heading", level=1)).to_have_text(title)
    looks_right(everybody, width, scripts=scripts)

    page.get_by_text(say("Maak dit rapport niet meer openbaar")).click()
    page.get_by_role("button", name=say("Ja, haal het van de website")).click()
    expect(page.get_by_role("status").first).to_contain_text(say("Het rapport is niet meer openbaar."))
    answer = everybody.goto(f"{server.url}/{lang}/reports/{code}")
    assert answer is not None
    assert answer.status == 404
    everybody.context.close()
