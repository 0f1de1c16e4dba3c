"""Someone takes all data along, erases the account, and is gone: on a telephone, with and without JavaScript."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import PHONE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, sign_up

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_take_my_data_and_leave(browser: Browser, server: Server, scripts: bool) -> None:
    context = browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts, accept_downloads=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    email = f"weg-{'js' if scripts else 'plain'}@voorbeeld.nl"
    page.goto(f"{server.url}/nl/sign-in")
    sign_up(page, server.url, DUTCH, email, name="Wim Weg")
    page.goto(f"{server.url}/nl/my/privacy")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn privacy")
    if scripts:
        axe(page)
    fits(page, PHONE["width"])

    with page.expect_download() as download:
        page.get_by_role("button", name="Download al mijn gegevens").click()
    found = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert download.value.suggested_filename.endswith(".json")
    assert found["rooms"]["accounts"]["person"] == found["rooms"]["accounts"]["person"] | {"email": email, "name": "Wim Weg"}

    page.get_by_role("link", name="Regel je toestemming").click()
    if scripts:
        axe(page)
    page.goto(f"{server.url}/nl/my/privacy")
    page.get_by_role("link", name="Verwijder mijn account").click()
    expect(page.get_by_role("main")).to_contain_text("Dit gaat weg")
    page.get_by_label("Typ het woord: verwijder").fill("nee")
    page.get_by_role("button", name="Verwijder mijn account voorgoed").click()
    expect(page.get_by_role("alert")).to_contain_text("Typ het woord verwijder")
    if scripts:
        axe(page)
    page.get_by_label("Typ het woord: verwijder").fill("verwijder")
    page.get_by_role("button", name="Verwijder mijn account voorgoed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je account is verwijderd")
    if scripts:
        axe(page)
    fits(page, PHONE["width"])

    page.goto(f"{server.url}/nl/my/privacy")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    page.goto(f"{server.url}/nl/demo/mailbox")
    expect(page.get_by_role("main")).not_to_contain_text(email)
    context.close()
