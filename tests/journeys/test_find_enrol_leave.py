"""A stranger finds a course by a misspelled word, makes an account, enrols, sees it, cancels: on a phone, in both languages, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, axe
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, enrol, open_link, sign_up, sign_up_to_enrol

pytestmark = pytest.mark.journey


def _page(browser: Browser, words: Words, *, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport=PHONE, locale="nl-NL" if words.lang == "nl" else "en-GB", java_script_enabled=scripts,
    )
    context.set_default_timeout(30_000)
    return context.new_page()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("words", [DUTCH, ENGLISH], ids=["Dutch", "English"])
def test_find_enrol_leave(browser: Browser, server: Server, words: Words, scripts: bool) -> None:
    page = _page(browser, words, scripts=scripts)
    email = f"sam-{words.lang}-{'js' if scripts else 'plain'}@voorbeeld.nl"

    page.goto(server.url)
    assert page.url == f"{server.url}/{words.lang}/"
    page.get_by_role("main").locator("input[type=search]").fill(words.misspelled)
    page.get_by_role("main").get_by_role("button", name=words.search).click()
    page.get_by_role("link", name=words.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words.title)

    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, words, email)
    expect(page.get_by_role("heading", level=1)).to_have_text(words.title)  # back at the moment chosen
    enrol(page, words)
    expect(page.get_by_role("main")).to_contain_text(words.enrolled)

    page.goto(f"{server.url}/{words.lang}/my")
    page.get_by_role("heading", name=words.title).get_by_role("link").click()
    page.get_by_role("link", name=words.cancel).click()
    page.get_by_role("button", name=words.yes_cancel).click()
    expect(page.get_by_role("main")).to_contain_text(words.cancelled)
    page.context.close()


def test_the_last_seat_is_seen_as_full_by_the_next_visitor(browser: Browser, server: Server) -> None:
    """Of the offering with one seat: the first gets it, the second hears what to do, and the card says it too."""
    address = f"{server.url}/nl/modules/bewonersparticipatie-samen-groen-maken"
    first, second = _page(browser, DUTCH), _page(browser, DUTCH)
    for number, page in enumerate((first, second)):
        page.goto(address)
        page.get_by_role("link", name="Schrijf je in", exact=True).first.click()
        sign_up_to_enrol(page, server.url, DUTCH, f"laatste{number}@voorbeeld.nl")  # both stand before the same button
    enrol(first, DUTCH)
    expect(first.get_by_role("main")).to_contain_text("Ingeschreven")
    second.get_by_role("button", name=DUTCH.ask).click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("vol")
    axe(second)
    second.get_by_role("link", name="Bekijk alle startmomenten van deze module").click()
    second.get_by_role("link", name="Zet je op de wachtlijst").first.click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("Bewonersparticipatie")

    first.context.close()
    second.context.close()


def test_a_second_enrolment_says_so_and_keeps_the_first(browser: Browser, server: Server) -> None:
    page = _page(browser, DUTCH)
    page.goto(f"{server.url}/nl/modules/programmeren-in-python")
    page.get_by_role("link", name="Schrijf je in", exact=True).first.click()
    sign_up_to_enrol(page, server.url, DUTCH, "tweemaal@voorbeeld.nl")
    first = page.url
    enrol(page, DUTCH)
    page.goto(first)
    page.get_by_role("button", name=DUTCH.ask).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Je bent al ingeschreven voor deze groep.")
    page.get_by_role("link", name="Naar Mijn leren").click()
    expect(page.get_by_role("heading", level=3, name="Programmeren in Python")).to_have_count(1)
    page.context.close()


def test_a_used_link_says_what_to_do(browser: Browser, server: Server) -> None:
    page = _page(browser, DUTCH)
    page.goto(f"{server.url}/nl/sign-in")
    sign_up(page, server.url, DUTCH, "link@voorbeeld.nl")
    page.goto(f"{server.url}/nl/demo/mailbox")
    page.get_by_role("row").or_(page.get_by_role("listitem")).filter(has_text="link@voorbeeld.nl").get_by_role("link").first.click()
    words = page.get_by_role("main").inner_text()
    page.goto(next(word for word in words.split() if "/sign-in/link/" in word))
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze link werkt niet meer.")
    axe(page)
    page.context.close()


def test_signing_in_again_by_link_and_by_password(browser: Browser, server: Server) -> None:
    page = _page(browser, DUTCH)
    page.goto(f"{server.url}/nl/sign-in")
    sign_up(page, server.url, DUTCH, "terug@voorbeeld.nl")
    page.goto(f"{server.url}/nl/my/account")
    page.get_by_label("Nieuw wachtwoord").fill("een heel lange zin")
    page.get_by_role("button", name="Bewaar wachtwoord").click()
    expect(page.get_by_role("status").first).to_contain_text("wachtwoord werkt")
    page.goto(f"{server.url}/nl/my/account/security")
    page.get_by_role("main").get_by_role("button", name="Uitloggen", exact=True).click()

    page.goto(f"{server.url}/nl/sign-in?next=/nl/my/account")
    form = page.locator("form").filter(has=page.get_by_label("Wachtwoord"))
    form.get_by_label("E-mailadres").fill("TERUG@voorbeeld.nl")
    form.get_by_label("Wachtwoord").fill("verkeerd wachtwoord")
    form.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
    form.get_by_label("Wachtwoord").fill("een heel lange zin")
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn gegevens")
    page.get_by_role("navigation", name="Mijn gegevens").get_by_role("link", name="Inloggen").click()
    page.get_by_role("button", name="Overal uitloggen").click()

    form = page.locator("form").filter(has_not=page.get_by_label("Wachtwoord")).filter(has=page.get_by_label("E-mailadres"))
    form.get_by_label("E-mailadres").fill("terug@voorbeeld.nl")
    form.get_by_role("button").click()
    open_link(page, server.url, DUTCH, "terug@voorbeeld.nl", letters=3)  # the one in between tells of the password
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn leren")
    page.context.close()


def test_search_and_reach_the_button_by_keyboard_alone(browser: Browser, server: Server) -> None:
    page = _page(browser, DUTCH)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server.url}/nl/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("marktonderzoek")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=marktonderzoek*")
    for _ in range(80):
        page.keyboard.press("Tab")
        if "Marktonderzoek" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Marktonderzoek en doelgroepanalyse")
    page.context.close()
