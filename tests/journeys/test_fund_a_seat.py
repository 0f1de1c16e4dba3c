"""A fund and an employer say what they pay, a provider what decides its VAT; a learner sees who pays, and the office who paid."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from academy.demo.people import DEMO_PASSWORD
from academy.funding.kinds import PayerCategory, ShareState
from academy.kernel.db import Database
from tests.browser import WIDE, axe, fits
from tests.funding import money_desk
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, sign_in_with_password

pytestmark = pytest.mark.journey

FUND, EMPLOYER = "/nl/funding/fonds-leren-flevoland", "/nl/employer/zilvermeeuw-techniek/budget"
THIS_YEAR = date.today().year  # noqa: DTZ011, TID251 - the server reads the real clock


@contextmanager
def _signed_in(browser: Browser, server: Server, who: str, *, scripts: bool = True) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, locale="nl-NL", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in_with_password(page, server.url, DUTCH, f"{who}@demo.example", DEMO_PASSWORD)
    yield page
    context.close()


def _looks_right(page: Page) -> None:
    """Assert that a machine finds no barrier, and that nothing sticks out on the smallest telephone."""
    axe(page)
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
    axe(page)
    page.set_viewport_size(WIDE)


def _to_work(page: Page, name: str, address: str, *, then: str = "") -> None:
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name=name).click()
    if then:
        page.get_by_role("main").get_by_role("link", name=then).click()
    page.wait_for_url("**" + address)


def _press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def _fill_source(page: Page, name: str, amount: str) -> None:
    page.locator("#name").fill(name)
    page.locator("#amount").fill(amount)
    page.locator("#from_on").fill(f"{THIS_YEAR}-01-01")
    page.locator("#until_on").fill(f"{THIS_YEAR + 1}-12-31")
    _looks_right(page)
    _press(page, "Ga verder")


def test_who_pays_is_written_down_by_a_fund_and_an_employer_and_seen_by_a_learner(browser: Browser, server: Server) -> None:
    with _signed_in(browser, server, "fund") as page:
        _to_work(page, "Regelingen", FUND)
        _looks_right(page)
        page.get_by_role("link", name="Nieuwe regeling").click()
        _press(page, "Ga verder")
        expect(page.get_by_role("alert")).to_contain_text("Vul een naam in")
        _looks_right(page)
        page.get_by_label("sectorfonds").check()
        _fill_source(page, "Scholing in de techniek", "50.000")
        page.locator("#name").fill("De helft voor de techniek")
        page.locator("#percentage").fill("50")
        expect(page.locator("#example")).to_contain_text("de regel betaalt € 500, er blijft € 500 over")  # worked out by the server while one types
        page.locator("#cap_seat").fill("300")
        expect(page.locator("#example")).to_contain_text("de regel betaalt € 300, er blijft € 700 over")
        page.get_by_label("Wij keuren elke aanvraag goed").check()
        page.locator("#evidence").fill("Een loonstrook")
        page.get_by_text("Voor wie en tot hoeveel").click()
        _looks_right(page)
        page.locator("#postcodes").fill("1300-1379")
        _press(page, "Bewaar de regel")
        expect(page.get_by_role("heading", name="Regels die nu gelden")).to_be_visible()
        _looks_right(page)

    with _signed_in(browser, server, "employer") as page:
        _to_work(page, "Mijn bedrijf", EMPLOYER, then="Leerbudget")
        _looks_right(page)
        page.get_by_role("link", name="Nog een budget").click()
        _fill_source(page, "Scholingsbudget", "5.000")
        page.locator("#name").fill("Alles tot duizend")
        page.locator("#percentage").fill("100")
        _press(page, "Bewaar de regel")
        page.goto(server.url + EMPLOYER)
        page.get_by_role("navigation", name="Kies een budget").get_by_role("link", name="Scholingsbudget").click()
        page.locator("#emails").fill("Lotte <learner@demo.example>; kim@voorbeeld.nl\nnoor@voorbeeld.nl")
        _press(page, "Voeg toe")
        expect(page.get_by_role("status").first).to_contain_text("3 adressen staan er nu bij")
        _looks_right(page)
        _press(page, "Voeg toe")
        expect(page.get_by_role("alert")).to_contain_text("Vul minstens één e-mailadres in")
        _looks_right(page)

    with _signed_in(browser, server, "learner", scripts=False) as page:
        page.goto(f"{server.url}/nl/my/funding")
        page.locator("#postcode").fill("1315")
        _press(page, "Laat zien wie meebetaalt")
        pays = page.get_by_role("region", name="Deze regelingen betalen mee")
        expect(pays).to_contain_text("Scholing in de techniek")
        expect(pays).to_contain_text("Scholingsbudget")
    with _signed_in(browser, server, "learner") as page:
        page.goto(f"{server.url}/nl/my/funding")
        _looks_right(page)


def test_without_scripts_the_example_is_one_press_away(browser: Browser, server: Server) -> None:
    with _signed_in(browser, server, "office", scripts=False) as page:
        page.goto(f"{server.url}/nl/funding/programmabureau/new-source")
        page.get_by_label("gemeente").check()
        page.locator("#name").fill("Meedoen in Almere")
        page.locator("#amount").fill("1000")
        page.locator("#from_on").fill(f"{THIS_YEAR}-01-01")
        page.locator("#until_on").fill(f"{THIS_YEAR}-12-31")
        _press(page, "Ga verder")
        page.locator("#percentage").fill("25")
        _press(page, "Reken het uit")
        expect(page.locator("#example")).to_contain_text("de regel betaalt € 250, er blijft € 750 over")


def test_a_provider_says_what_decides_its_vat_and_reads_what_that_makes_of_its_modules(browser: Browser, server: Server) -> None:
    with _signed_in(browser, server, "provider") as page:
        page.goto(f"{server.url}/nl/provider/windesheim/vat")
        _press(page, "Bewaar")
        expect(page.get_by_role("alert").first).to_contain_text("Kies ja of nee")
        _looks_right(page)
        page.locator("#is_recognised-0").check()
        page.locator("#is_in_crkbo-1").check()
        page.locator("#from_on").fill(f"{THIS_YEAR}-01-01")
        _press(page, "Bewaar")
        expect(page.get_by_role("table")).to_contain_text("vrij van btw")
        _looks_right(page)
        page.get_by_role("table").get_by_role("link", name="Wijzig").first.click()
        _looks_right(page)
        page.get_by_label("Advies, geen les").check()
        _press(page, "Bewaar")
        expect(page.get_by_role("table")).to_contain_text("zelf gekozen")


def test_a_request_is_answered_with_its_evidence_seen_and_the_office_reads_who_paid(browser: Browser, server: Server) -> None:
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    desk = money_desk.started(database, slug="fonds-leren-flevoland")
    source = desk.source()
    desk.rule(source, needs_approval=True, evidence=("Een loonstrook",), postcodes=("9999",))  # nobody else of this server
    with database.writing() as session:  # seats as they come to stand after a quarter of enrolling
        money_desk.seat(session, state=ShareState.RESERVED, amount=30_000, source=source, confirmed_at=None)
        for category in (PayerCategory.EDUCATION, PayerCategory.EMPLOYERS, PayerCategory.SECTOR, PayerCategory.INDIVIDUALS):
            for _seat in range(12 if category is not PayerCategory.INDIVIDUALS else 2):
                money_desk.seat(session, state=ShareState.PAID, amount=25_000, category=category)
    database.close()
    with _signed_in(browser, server, "fund") as page:
        page.goto(f"{server.url}{FUND}/asked")
        _looks_right(page)
        page.get_by_role("link", name="voor Sam de Vries").click()
        _press(page, "Keur goed")
        expect(page.get_by_role("alert")).to_contain_text("Goedkeuren kan pas als je alles hebt gezien")
        _looks_right(page)
        page.get_by_label("Een loonstrook").check()
        _press(page, "Keur goed")
        expect(page.get_by_role("main")).to_contain_text("Er zijn geen aanvragen")
        _looks_right(page)
    with _signed_in(browser, server, "office") as page:
        page.goto(f"{server.url}/nl/office/reports/money")
        expect(page.get_by_role("img").first).to_be_visible()
        expect(page.get_by_role("table", name="Aandeel van elke groep")).to_be_visible()
        _looks_right(page)
