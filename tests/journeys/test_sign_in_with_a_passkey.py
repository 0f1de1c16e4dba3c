"""Sign in with a passkey: add one after a first sign-in by link, sign out, and come back with a touch; and the second step of a role."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, give_second_step, link_in_letter

pytestmark = pytest.mark.journey

_DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _page(browser: Browser, *, scripts: bool = True, with_device: bool = True) -> Page:
    """Return a telephone with, or without, a way to keep passkeys."""
    context = browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    page = context.new_page()
    if with_device:
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return page


def _host(server: Server) -> str:
    """Return the address at which passkeys work: a number can have none."""
    return server.url.replace("127.0.0.1", "localhost")


def _looks_right(page: Page) -> None:
    axe(page)
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
    page.set_viewport_size(WIDE)
    axe(page)
    page.set_viewport_size(PHONE)


def _sign_up_by_link(page: Page, server: Server, email: str) -> None:
    page.goto(f"{_host(server)}/nl/sign-up")
    page.get_by_label("Naam", exact=True).fill("Sam de Vries")
    page.get_by_label("E-mailadres", exact=True).fill(email)
    page.get_by_role("main").get_by_role("button").click()
    page.goto(link_in_letter(page, _host(server), DUTCH, email).replace("127.0.0.1", "localhost"))
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_url("**/my")


def _to_password(page: Page, server: Server, email: str) -> None:
    page.goto(f"{_host(server)}/nl/sign-in")
    form = page.locator("form").filter(has=page.get_by_label("Wachtwoord"))
    form.get_by_label("E-mailadres").fill(email)
    form.get_by_label("Wachtwoord").fill("demo-academy-2026")
    form.get_by_role("button").click()
    page.wait_for_url("**/second-step**")


def test_sign_up_add_a_passkey_and_come_back_with_it(browser: Browser, server: Server) -> None:
    page = _page(browser)
    _sign_up_by_link(page, server, "passkey@voorbeeld.nl")
    page.goto(f"{_host(server)}/nl/my/account/security")
    _looks_right(page)
    page.get_by_role("button", name="Voeg een toegangssleutel toe").click()
    expect(page.get_by_role("status").first).to_contain_text("inloggen met je toegangssleutel")
    expect(page.get_by_role("main")).to_contain_text("nog niet gebruikt")
    _looks_right(page)
    page.get_by_role("link", name="Wijzig").click()
    page.get_by_label("Naam").fill("Mijn telefoon")
    _looks_right(page)
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("main")).to_contain_text("Mijn telefoon")
    page.get_by_role("main").get_by_role("button", name="Uitloggen", exact=True).click()

    page.goto(f"{_host(server)}/nl/sign-in?next=/nl/my/account/security")
    _looks_right(page)
    page.get_by_role("button", name="Log in met een toegangssleutel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen en beveiliging")
    expect(page.get_by_role("main")).to_contain_text("laatst gebruikt")
    page.get_by_role("link", name="Wijzig").click()
    page.get_by_role("button", name="Verwijder deze toegangssleutel").click()
    expect(page.get_by_role("main")).to_contain_text("Je hebt nog geen toegangssleutel.")
    page.get_by_role("main").get_by_role("button", name="Uitloggen", exact=True).click()

    page.goto(f"{_host(server)}/nl/sign-in")
    page.get_by_role("button", name="Log in met een toegangssleutel").click()  # the device still offers it
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit lukte niet met je toegangssleutel.")
    axe(page)
    page.context.close()


def _as_if_signed_in_yesterday(server: Server, email: str) -> None:
    with closing(sqlite3.connect(server.folder / "var" / "academy.db")) as connection, connection:
        connection.execute(
            "UPDATE sign_in SET started_at = datetime(started_at, '-1 day') || '.000000' "
            "WHERE person_id = (SELECT id FROM person WHERE email = ?)", [email],
        )


def test_who_has_been_in_for_a_day_signs_in_anew_before_adding_a_passkey_and_comes_back(browser: Browser, server: Server) -> None:
    page, email = _page(browser), "gisteren@voorbeeld.nl"
    _sign_up_by_link(page, server, email)
    page.goto(f"{_host(server)}/nl/my/account/security")
    _as_if_signed_in_yesterday(server, email)
    page.get_by_role("button", name="Voeg een toegangssleutel toe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log eerst opnieuw in. Er is niets veranderd.")
    axe(page)
    page.goto(f"{_host(server)}/nl/my/account/security")
    expect(page.get_by_role("main")).to_contain_text("Log opnieuw in om hier iets te wijzigen")
    _looks_right(page)
    page.get_by_role("main").get_by_role("link", name="Log opnieuw in").click()
    page.get_by_label("E-mailadres").first.fill(email)
    page.get_by_role("button", name="Stuur mij een link").click()
    page.wait_for_url("**/check-mail")
    page.goto(link_in_letter(page, _host(server), DUTCH, email, letters=2).replace("127.0.0.1", "localhost"))
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen en beveiliging")
    page.get_by_role("button", name="Voeg een toegangssleutel toe").click()
    expect(page.get_by_role("status").first).to_contain_text("inloggen met je toegangssleutel")
    page.context.close()


def test_without_javascript_the_page_says_so_and_offers_the_other_ways(browser: Browser, server: Server) -> None:
    page = _page(browser, scripts=False, with_device=False)
    page.goto(f"{_host(server)}/nl/sign-in")
    expect(page.get_by_role("main")).to_contain_text("Een toegangssleutel heeft JavaScript nodig")
    expect(page.get_by_role("button", name="Log in met een toegangssleutel")).to_have_count(0)
    _to_password(page, server, "fund@demo.example")
    give_second_step(page)
    page.wait_for_url("**/my")
    page.context.close()


def test_the_second_step_of_a_role_and_its_recovery_codes(browser: Browser, server: Server) -> None:
    page = _page(browser)
    _to_password(page, server, "examboard@demo.example")
    _looks_right(page)
    page.get_by_label("Code uit je app").fill("12")
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_role("alert")).to_contain_text("klopt niet")
    _looks_right(page)
    give_second_step(page)
    page.wait_for_url("**/my")
    page.goto(f"{_host(server)}/nl/my/account/security")
    page.get_by_role("button", name="Maak nieuwe herstelcodes").click()
    _looks_right(page)
    expect(page.locator("code")).to_have_count(10)
    codes = page.locator("code").all_inner_texts()
    for _twice in range(2):
        with page.expect_download() as file:
            page.get_by_role("button", name="Download als tekstbestand").click()
        assert file.value.path().read_text().split()[-10:] == codes
    page.get_by_role("link", name="Klaar, terug").click()
    page.get_by_role("main").get_by_role("button", name="Uitloggen", exact=True).click()
    _to_password(page, server, "examboard@demo.example")
    page.get_by_label("Code uit je app").fill(codes[0].upper())
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url("**/my")
    page.context.close()


def test_set_up_an_app_on_a_telephone(browser: Browser, server: Server) -> None:
    page = _page(browser, with_device=False)
    _sign_up_by_link(page, server, "app@voorbeeld.nl")
    page.goto(f"{_host(server)}/nl/my/account/security")
    page.get_by_role("button", name="Stel een app in").click()
    expect(page.get_by_role("img", name="QR-code")).to_be_visible()
    assert re.fullmatch(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.locator("code").inner_text())
    _looks_right(page)
    page.get_by_label("Code uit je app").fill("000")
    page.get_by_role("button", name="Klaar").click()
    expect(page.get_by_role("alert")).to_contain_text("klopt niet")
    _looks_right(page)
    page.context.close()
