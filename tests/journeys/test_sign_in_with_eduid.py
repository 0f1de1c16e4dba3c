"""Who has an eduID signs in with it, comes back to the same account, and links it to an account that was there already."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, axe, fits
from tests.journeys.conftest import Server, free_port, running
from tests.journeys.steps import DUTCH, open_link, sign_up

pytestmark = pytest.mark.journey

NOOR = {"sub": "noor", "name": "Noor de Vries", "email": "noor@school.example"}
SAM = {"sub": "sam", "name": "Sam Bakker", "email": "sam@voorbeeld.nl"}


@pytest.fixture(scope="module")
def eduid() -> Iterator[str]:
    """Run the provider that others made for tests; returns its issuer."""
    port = free_port()
    program = Path(sys.executable).with_name("oidc-provider-mock")
    people = [part for person in (NOOR, SAM) for part in ("--user-claims", json.dumps(person))]
    silent = {**os.environ, "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen([program, "-p", str(port), *people], env=silent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(15)


@pytest.fixture(scope="module")
def academy(eduid: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run an academy that knows the provider."""
    known = {"OIDC_EDUID_ISSUER": eduid, "OIDC_EDUID_CLIENT_ID": "academy", "OIDC_EDUID_CLIENT_SECRET": "any"}
    with running(tmp_path_factory.mktemp("eduid"), **known) as found:
        yield found
    assert "noor" not in (found.folder / "log").read_text().lower()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="nl-NL")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def at_eduid(page: Page, person: dict[str, str]) -> None:
    """Sign in at the provider."""
    page.get_by_role("button", name=person["sub"], exact=True).click()


def looks_right(page: Page) -> None:
    page.set_viewport_size(WIDE)
    axe(page)
    page.set_viewport_size({"width": 360, "height": 700})
    fits(page, 360)
    page.set_viewport_size(PHONE)


def sign_out(page: Page, url: str) -> None:
    page.goto(f"{url}/nl/my/account/security")
    page.get_by_role("main").get_by_role("button", name="Uitloggen", exact=True).click()
    expect(page.get_by_text("Je bent uitgelogd.")).to_be_visible()


def test_sign_in_with_eduid_and_come_back_to_the_same_account(page: Page, academy: Server) -> None:
    page.goto(f"{academy.url}/nl/sign-in?next=/nl/my/account/identities")
    looks_right(page)
    page.get_by_role("link", name="Log in met eduID").click()
    at_eduid(page, NOOR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Gekoppelde accounts")
    expect(page.get_by_role("main").get_by_role("listitem")).to_contain_text("noor@school.example")
    looks_right(page)
    sign_out(page, academy.url)
    page.goto(f"{academy.url}/nl/sign-in?next=/nl/my/account/identities")
    page.get_by_role("link", name="Log in met eduID").click()
    at_eduid(page, NOOR)
    expect(page.get_by_role("main").get_by_role("listitem")).to_contain_text("noor@school.example")
    page.get_by_role("button", name="Ontkoppel eduID").click()
    expect(page.get_by_role("heading", name="Je hebt nog niets gekoppeld")).to_be_visible()
    looks_right(page)


def test_breaking_off_at_eduid_leaves_a_way_in(page: Page, academy: Server) -> None:
    page.goto(f"{academy.url}/nl/sign-in")
    page.get_by_role("link", name="Log in met eduID").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bij eduID is het afgebroken")
    looks_right(page)
    page.get_by_role("link", name="Log in met een link per e-mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")


def test_link_eduid_to_an_account_that_was_there(page: Page, academy: Server) -> None:
    page.goto(f"{academy.url}/nl/sign-in")
    sign_up(page, academy.url, DUTCH, SAM["email"], SAM["name"])
    sign_out(page, academy.url)
    page.goto(f"{academy.url}/nl/sign-in")
    page.get_by_role("link", name="Log in met eduID").click()
    at_eduid(page, SAM)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit e-mailadres heeft al een account.")
    looks_right(page)
    page.get_by_role("link", name="Log in en koppel eduID").click()
    page.get_by_label("E-mailadres").first.fill(SAM["email"])
    page.get_by_role("button", name="Stuur mij een link").click()
    page.wait_for_url("**/check-mail")
    open_link(page, academy.url, DUTCH, SAM["email"], letters=2)
    expect(page.get_by_role("heading", level=1)).to_have_text("Koppel eduID")
    looks_right(page)
    page.get_by_role("link", name="Ga naar eduID").click()
    at_eduid(page, SAM)
    expect(page.get_by_role("heading", level=1)).to_have_text("Koppel je deze twee accounts?")
    looks_right(page)
    page.get_by_role("button", name="Ja, koppel").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_contain_text(SAM["email"])
    sign_out(page, academy.url)
    page.goto(f"{academy.url}/nl/sign-in?next=/nl/my/account")
    page.get_by_role("link", name="Log in met eduID").click()
    at_eduid(page, SAM)
    expect(page.get_by_role("main")).to_contain_text(SAM["email"])
