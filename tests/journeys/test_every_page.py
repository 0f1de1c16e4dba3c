"""Every page a visitor can reach: accessible by axe (WCAG 2.2 AA), no sideways scrolling at 320 px, in both languages."""

import pytest
from playwright.sync_api import Browser, Page, expect

from academy.demo.people import DEMO_PASSWORD
from tests.browser import PHONE, WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, link_in_letter, sign_in_with_password, sign_up

pytestmark = [pytest.mark.journey, pytest.mark.slow]

OPEN_PAGES = [
    "/", "/search", "/search?q=python", "/search?q=python&sector=ict&sort=price", "/search?q=zzzzqqqq",
    "/search?page=2", "/modules/programmeren-in-python", "/modules/programmeren-in-python/similar",
    "/modules/netwerkbeheer", "/modules/cloudbeheer-en-automatisering", "/modules/zijn-er-niet/similar", "/programmes",
    "/programmes/associate-degree-ict", "/providers", "/providers/windesheim", "/providers/windesheim?page=2",
    "/providers/aeres", "/programmes/associate-degree-bouwkunde-duaal", "/skills", "/sign-in", "/sign-up", "/about",
    "/accessibility", "/open-numbers", "/privacy", "/help", "/demo/mailbox", "/modules/bestaat-niet", "/sign-in/link/verlopen",
    "/searches/save?q=python", "/searches/wish?q=zzzz", "/topics", "/search/how-we-rank",
]
WORK_PAGES = [  # of pathways
    ("provider", "/provider/windesheim/planned"), ("examboard", "/provider/windesheim/programmes/credits"), ("office", "/office/blocked-routes"),
]


def _looks_right(page: Page, address: str) -> None:
    page.goto(address)
    axe(page)
    assert page.locator("h1").count() == 1, address
    assert page.title()
    for width in (320, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 700})
        fits(page, width)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_open_pages(browser: Browser, server: Server, lang: str) -> None:
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    for path in OPEN_PAGES:
        page.set_viewport_size(WIDE)
        _looks_right(page, f"{server.url}/{lang}{path}")
    assert said == []
    context.close()


def test_pages_on_the_way_in(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=WIDE, locale="nl-NL")
    page = context.new_page()
    for lang, words in (("nl", DUTCH), ("en", ENGLISH)):
        email = f"onderweg-{lang}@voorbeeld.nl"
        page.goto(f"{server.url}/{lang}/sign-in")
        page.locator("form").filter(has=page.get_by_label(words.email, exact=True)).first.get_by_label(words.email).fill(email)
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_url("**/check-mail")
        _looks_right(page, page.url)
        page.goto(link_in_letter(page, server.url, words, email))
        _looks_right(page, page.url)  # asks the name, because there is no account yet
    context.close()


def test_pages_of_someone_signed_in(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=WIDE, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{server.url}/nl/sign-in")
    sign_up(page, server.url, DUTCH, "overal@voorbeeld.nl")
    _looks_right(page, f"{server.url}/nl/my")  # empty
    page.goto(f"{server.url}/nl/modules/voorraadbeheer-en-bestellen")
    page.get_by_role("link", name="Schrijf je in", exact=True).first.click()
    first = page.url
    _looks_right(page, first)
    page.get_by_role("button", name=DUTCH.ask).click()
    check = page.url
    for lang in ("nl", "en"):
        _looks_right(page, check.replace("/nl/", f"/{lang}/"))
        _looks_right(page, f"{server.url}/{lang}/my")  # with something to do
    page.goto(check)
    page.get_by_role("button", name=DUTCH.enrol, exact=True).click()
    enrolment = page.url
    for lang in ("nl", "en"):
        for address in (enrolment, f"{enrolment}/cancel", f"{server.url}/nl/my", f"{server.url}/nl/my/account", f"{server.url}/nl/my/account/security",
                        f"{server.url}/nl/my/organisations", f"{server.url}/nl/my/organisations/new", f"{server.url}/nl/my/privacy", f"{server.url}/nl/my/trail",
                        f"{server.url}/nl/my/routes", f"{server.url}/nl/my/progress",
                        f"{server.url}/nl/modules/voorraadbeheer-en-bestellen"):
            page.set_viewport_size(WIDE)
            _looks_right(page, address.replace("/nl/", f"/{lang}/"))
    page.goto(f"{server.url}/nl/demo/mailbox")
    page.get_by_role("row").or_(page.get_by_role("listitem")).filter(has_text="overal@").get_by_role("link").first.click()
    _looks_right(page, page.url)
    context.close()


@pytest.mark.parametrize(("who", "path"), WORK_PAGES)
def test_pages_of_routes_for_who_works_there(browser: Browser, server: Server, who: str, path: str) -> None:
    context = browser.new_context(viewport=WIDE, locale="nl-NL")
    page = context.new_page()
    sign_in_with_password(page, server.url, DUTCH, f"{who}@demo.example", DEMO_PASSWORD)
    for lang in ("nl", "en"):
        page.set_viewport_size(WIDE)
        _looks_right(page, f"{server.url}/{lang}{path}")
    context.close()


def test_invalid_input_is_told_at_the_field_and_kept(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=PHONE, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{server.url}/nl/sign-up")
    page.get_by_label("Naam", exact=True).fill("Sam")
    page.get_by_label("E-mailadres", exact=True).fill("geen adres")
    page.get_by_role("main").get_by_role("button").first.click()
    field = page.get_by_label("E-mailadres", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("geen adres")
    expect(page.get_by_label("Naam", exact=True)).to_have_value("Sam")
    axe(page)
    context.close()
