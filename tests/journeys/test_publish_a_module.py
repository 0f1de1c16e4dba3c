"""A provider publishes a module with a class in three screens, and a moment later anyone finds it: with and without JavaScript."""

import re
import sqlite3
import time
from contextlib import closing
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from academy.demo.people import DEMO_PASSWORD
from tests.browser import WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, sign_in_with_password

pytestmark = pytest.mark.journey

MOST_FIELDS = 14
SOON_ENOUGH = 60.0  # seconds; how long it takes is measured in benchmarks/, on a machine that does nothing else


def _at_work(browser: Browser, server: Server, *, scripts: bool = True, email: str = "provider@demo.example") -> Page:
    """Return a page of someone who is signed in, on a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="nl-NL", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in_with_password(page, server.url, DUTCH, email, DEMO_PASSWORD)
    return page


def _looks_right(page: Page, *, scripts: bool = True) -> None:
    if not scripts:
        return  # axe waits for timers that do not run then
    fits(page, 360)
    axe(page)
    phone = page.viewport_size
    page.set_viewport_size(WIDE)
    axe(page)
    assert phone is not None
    page.set_viewport_size(phone)


def _fields(page: Page) -> int:
    """Count what one sees to fill in: each box and list, and each group of check boxes once."""
    main = page.get_by_role("main")
    boxes = main.locator("input:not([type=hidden]):not([type=checkbox]), select, textarea").filter(visible=True).count()
    groups = main.locator(".academy-choices").filter(visible=True).count()
    return boxes + groups


def _wait_until_at_rest(server: Server) -> None:
    """Wait until the news of the first start is told: the promise is about a house that runs."""
    with closing(sqlite3.connect(server.folder / "var" / "academy.db")) as connection:
        for _ in range(300):
            if connection.execute("SELECT count(*) FROM outbox_message WHERE state = 'pending'").fetchone() == (0,):
                return
            time.sleep(0.1)
    pytest.fail("the outbox does not empty")


def _finds(address: str, title: str) -> bool:
    """Tell whether the results of anyone who searches have a link with this title."""
    with urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
        shown: str = answer.read().decode()
    return re.search(rf"<a href=\"/nl/modules/[^\"]+\">(?:<mark>)?{re.escape(title.split(maxsplit=1)[0])}", shown) is not None


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_publish_in_three_screens_and_be_found(browser: Browser, server: Server, scripts: bool) -> None:
    title = "Warmtepompen onderhouden" if scripts else "Laadpalen aansluiten"
    page = _at_work(browser, server, scripts=scripts)
    page.goto(f"{server.url}/nl/provider/windesheim")
    _looks_right(page, scripts=scripts)
    page.get_by_role("link", name="Nieuwe module").click()

    _looks_right(page, scripts=scripts)  # screen 1
    fields = _fields(page)
    page.get_by_label("Titel", exact=True).fill(title)
    page.get_by_label("Samenvatting", exact=True).fill(f"Na deze module kun je dit: {title.lower()}.")
    page.get_by_label("Leerdoel 1", exact=True).fill(f"Je kunt veilig {title.lower()}.")
    page.get_by_label("Studiepunten").fill("2,5")
    page.get_by_label("Niveau (NLQF)").select_option("4")
    page.get_by_role("button", name="Volgende").click()

    _looks_right(page, scripts=scripts)  # screen 2
    fields += _fields(page)
    assert fields <= MOST_FIELDS
    page.get_by_label("Eerste les").fill("2027-02-02")
    page.get_by_label("Laatste les").fill("2027-04-13")
    page.get_by_label("dinsdag").check()
    page.get_by_label("Hoeveel plekken").fill("16")
    page.get_by_label("Prijs").fill("0")
    page.get_by_role("button", name="Volgende").click()

    _looks_right(page, scripts=scripts)  # screen 3
    expect(page.get_by_role("main")).to_contain_text("Compleet: 85 van 100")
    _wait_until_at_rest(server)
    search = f"{server.url}/nl/search?q={title.replace(' ', '+')}"
    assert not _finds(search, title)
    page.get_by_role("button", name="Publiceer").click()
    published = time.monotonic()
    while not _finds(search, title):
        assert time.monotonic() - published <= SOON_ENOUGH, "not found"
        time.sleep(0.1)
    expect(page.get_by_role("status").first).to_contain_text("Gepubliceerd")

    visitor = browser.new_page(locale="nl-NL")
    visitor.goto(search)
    visitor.get_by_role("link", name=title).first.click()
    expect(visitor.get_by_role("main").get_by_role("link", name="Schrijf je in").first).to_be_visible()
    visitor.close()
    page.context.close()


def test_the_pages_around_it_are_accessible_and_fit_a_phone(browser: Browser, server: Server) -> None:
    page = _at_work(browser, server)
    work = f"{server.url}/nl/provider/windesheim"
    for address in (
        f"{work}?q=net", f"{work}/places", f"{work}/places/new", f"{work}/modules/netwerkbeheer", f"{work}/modules/netwerkbeheer/edit?more=1",
        f"{work}/modules/netwerkbeheer/history", f"{work}/modules/netwerkbeheer/prerequisites", f"{work}/modules/netwerkbeheer/archive",
        f"{work.replace('/nl/', '/en/')}/modules/netwerkbeheer", f"{server.url}/nl/my/account",
    ):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        _looks_right(page)
    page.goto(f"{work}/modules/netwerkbeheer")
    page.locator(".academy-classes__dates").first.click()
    _looks_right(page)
    page.get_by_role("link", name="Zeg af").click()
    _looks_right(page)
    page.context.close()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(browser: Browser, server: Server) -> None:
    page = _at_work(browser, server)
    page.goto(f"{server.url}/nl/provider/windesheim/modules/new")
    page.get_by_label("Samenvatting", exact=True).fill("Blijft staan.")
    page.get_by_label("Studiepunten").fill("veel")
    page.get_by_role("button", name="Nog een leerdoel").click()
    expect(page.get_by_label("Leerdoel 2", exact=True)).to_be_visible()
    page.get_by_role("button", name="Volgende").click()
    _looks_right(page)
    expect(page.get_by_role("alert")).to_contain_text("Geef de module een titel.")
    expect(page.get_by_label("Studiepunten")).to_have_value("veel")
    expect(page.get_by_label("Samenvatting", exact=True)).to_have_value("Blijft staan.")
    page.get_by_label("Titel", exact=True).fill("Nog een idee")
    page.get_by_label("Studiepunten").fill("5")
    page.get_by_role("button", name="Bewaar voor later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jullie aanbod")
    page.get_by_role("link", name="Nog een idee").first.click()
    expect(page.get_by_role("main")).to_contain_text("Dit is nodig om te publiceren")
    page.get_by_role("link", name="Schrijf minstens één leerdoel").click()
    expect(page).to_have_url(re.compile(r"/edit#outcomes-0-text$"))
    page.context.close()


def test_the_programme_office_has_its_desk(browser: Browser, server: Server) -> None:
    page = _at_work(browser, server, email="office@demo.example")
    page.goto(f"{server.url}/nl/office/checks")
    expect(page.get_by_role("main")).to_contain_text("Er is niets om na te kijken")
    _looks_right(page)
    page.context.close()
