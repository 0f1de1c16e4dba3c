"""One seat, three who pay: a fund and an employer pay along, the employer says yes, and the learner pays the rest."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from academy.accounts.api import Role
from academy.accounts.models import Organisation
from academy.accounts.service import add_membership
from academy.funding.kinds import SourceKind
from academy.kernel.db import Database
from tests import builders
from tests.browser import PHONE, WIDE, axe, fits
from tests.enrolment.vat import decide_vat
from tests.funding import money as funders
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_in_with_password, sign_up_to_enrol

pytestmark = pytest.mark.journey

PASSWORD = "een-lang-wachtwoord-26"


def _approve_as_employer(browser: Browser, server: Server, words: Words, approver: str) -> None:
    """Say yes as who approves for the employer: signs in, finds the request under what is to be done, reads it and agrees."""
    desk, work, waits, approve, amount = {
        "nl": ("Mijn bedrijf", "Leerbudget", "wacht op jullie antwoord", "Keur goed", "€ 78"),
        "en": ("My company", "Learning budget", "waits for your answer", "Approve", "€78"),
    }[words.lang]
    context = browser.new_context(viewport=WIDE, locale="nl-NL" if words.lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in_with_password(page, server.url, words, approver, PASSWORD)
    page.get_by_role("navigation").get_by_role("link", name=desk).click()
    page.get_by_role("main").get_by_role("link", name=work).click()
    page.get_by_role("main").get_by_role("link", name=waits).click()
    request = page.get_by_role("main").get_by_role("link", name=amount)
    expect(request).to_have_count(1)
    _looks_right(page)
    request.click()
    expect(page.get_by_role("button", name=approve)).to_be_visible()
    _looks_right(page)
    page.get_by_role("button", name=approve).click()
    expect(page.get_by_role("status").first).to_contain_text("Sam de Vries")
    expect(page.get_by_role("main").get_by_role("link", name=amount)).to_have_count(0)
    _looks_right(page)
    context.close()


def _looks_right(page: Page) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
        axe(page)


@pytest.mark.parametrize(("words", "promise", "waits", "pay", "paid", "own"), [
    (DUTCH, "Inschrijven met betaalverplichting", "Wacht op wie meebetaalt", "Betaal €", "Betaald", "58,50"),
    (ENGLISH, "Enrol with obligation to pay", "Waits for who helps to pay", "Pay €", "Paid", "58.50"),
], ids=["Dutch", "English"])
def test_a_fund_and_an_employer_pay_along_and_the_learner_pays_the_rest(
    browser: Browser, server: Server, words: Words, promise: str, waits: str, pay: str, paid: str, own: str,
) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the server reads the real clock
    email, approver = f"samen-betalen-{words.lang}@voorbeeld.nl", f"baas-akkoord-{words.lang}@voorbeeld.nl"
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    with database.writing() as session:
        decide_vat(session, now)
        boss = funders.source(
            session, now, kind=SourceKind.EMPLOYER, slug=f"baas-{words.lang}", emails=(email,), percentage=40_00, position=1, needs_approval=True,
        )
        if session.scalar(select(Organisation.id).where(Organisation.slug == "fonds-voor-praktijk")) is None:  # it pays in both languages
            funders.source(session, now, slug="fonds-voor-praktijk", percentage=30_00, position=2, module_kinds=("loose_module",))
        person_id = builders.person(session, now, name="Gerda Akkoord", email=approver, password=PASSWORD)
        add_membership(session, person_id=person_id, organisation_id=boss.owner_id, role=Role.APPROVER)
    database.close()
    context = browser.new_context(viewport=PHONE, locale="nl-NL" if words.lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{server.url}/{words.lang}/modules/vca-basis-veilig-werken")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, words, email)
    page.get_by_role("button", name=words.ask).click()
    for part in ("78", own):
        expect(page.get_by_role("main")).to_contain_text(part)
    axe(page)
    page.get_by_role("button", name=promise).click()
    expect(page.get_by_role("main")).to_contain_text(waits)
    axe(page)
    here = page.url
    _approve_as_employer(browser, server, words, approver)
    for _time in range(50):
        page.goto(f"{here}/pay")
        if "/payments/" in page.url:
            break
        page.wait_for_timeout(200)
    page.get_by_role("button", name=pay).click()
    page.wait_for_url("**/demo-bank/**")
    page.get_by_role("button", name=pay).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(paid)
    for _time in range(50):
        page.goto(here)
        if words.enrolled in page.get_by_role("main").inner_text():
            break
        page.wait_for_timeout(200)
    expect(page.get_by_role("main")).to_contain_text(words.enrolled)
    axe(page)
    context.close()
