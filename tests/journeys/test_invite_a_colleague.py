"""An owner invites a colleague, who signs up from the letter and works along; also without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, axe
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, open_link, sign_up

pytestmark = pytest.mark.journey


def invitation_for(page: Page, url: str, email: str) -> str:
    """Wait for the letter to `email` in the demo mailbox; returns the link in it."""
    found = page.get_by_role("listitem").filter(has_text=email).filter(has_text="Uitnodiging")
    for _ in range(50):
        page.goto(f"{url}/nl/demo/mailbox")
        if found.count():
            break
        page.wait_for_timeout(200)
    found.first.get_by_role("link").click()
    link = re.search(r"http://\S+/invitations/\S+", page.get_by_role("main").inner_text())
    assert link, "the letter has no link"
    return link.group()


def add_firm(page: Page, url: str, name: str, *, number: str, mistype: bool) -> None:
    page.goto(f"{url}/nl/my/organisations")
    page.get_by_role("link", name="Voeg je bedrijf toe").click()
    page.get_by_label("Naam van de organisatie").fill(name)
    page.get_by_label("Hoeveel mensen").select_option("under_5")
    if mistype:
        page.get_by_label("KvK-nummer").fill("123")
        page.get_by_role("button", name="Voeg toe").click()
        expect(page.get_by_role("alert")).to_contain_text("8 cijfers")
        axe(page)
    page.get_by_label("KvK-nummer").fill(number)
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text("Je werkt voor:")).to_contain_text(name)


@pytest.mark.parametrize("scripts", [True, False])
def test_invite_a_colleague_who_signs_up_and_gets_another_role(browser: Browser, server: Server, scripts: bool) -> None:
    contexts = [browser.new_context(viewport=PHONE, locale="nl-NL", java_script_enabled=scripts) for _ in range(2)]
    owner, colleague = (context.new_page() for context in contexts)
    tail = "met" if scripts else "zonder"

    owner.goto(f"{server.url}/nl/sign-in")
    sign_up(owner, server.url, DUTCH, f"baas-{tail}@voorbeeld.nl", "Noor de Vries")
    add_firm(owner, server.url, f"Garage {tail}", number="55.66.77.88" if scripts else "11223344", mistype=scripts)

    owner.get_by_label("E-mailadres van je collega").fill(f"kim-{tail}@voorbeeld.nl")
    owner.get_by_label("inkoper").check()
    owner.get_by_role("button", name="Stuur de uitnodiging").click()
    expect(owner.get_by_role("heading", name=f"kim-{tail}@voorbeeld.nl")).to_be_visible()
    if scripts:
        axe(owner)

    colleague.goto(invitation_for(colleague, server.url, f"kim-{tail}@voorbeeld.nl"))
    expect(colleague.get_by_role("main")).to_contain_text(f"Werk mee bij Garage {tail}, als inkoper")
    colleague.get_by_role("link", name="Maak een account").click()
    colleague.get_by_label("Naam", exact=True).fill("Kim Jansen")
    colleague.get_by_label("E-mailadres", exact=True).fill(f"kim-{tail}@voorbeeld.nl")
    colleague.get_by_role("main").get_by_role("button").first.click()
    open_link(colleague, server.url, DUTCH, f"kim-{tail}@voorbeeld.nl", letters=2)
    if scripts:
        axe(colleague)
    colleague.get_by_role("button", name="Ja, ik werk mee").click()
    expect(colleague.get_by_role("main")).to_contain_text("Jouw rol: inkoper")
    colleague.get_by_text("Je werkt voor:").click()
    colleague.get_by_role("button", name="Werk voor jezelf").click()
    expect(colleague.get_by_text("Je werkt voor:")).to_contain_text("jezelf")

    owner.reload()
    owner.get_by_role("link", name=re.compile("Wijzig.*Kim Jansen")).click()
    owner.get_by_label("inkoper").uncheck()
    owner.get_by_label("goedkeurder").check()
    if scripts:
        axe(owner)
    owner.get_by_role("button", name="Bewaar de rollen").click()
    expect(owner.get_by_role("main")).to_contain_text(f"goedkeurder · kim-{tail}@voorbeeld.nl")
    colleague.goto(f"{server.url}/nl/my/organisations")
    expect(colleague.get_by_role("main")).to_contain_text("Werkgever · goedkeurder")
    if scripts:
        axe(colleague)
    for context in contexts:
        context.close()
