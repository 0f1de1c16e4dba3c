"""A full class: somebody waits, gets the seat that comes free by a letter, and takes it; or leaves by a letter. And a seat goes to somebody else."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from academy.catalogue.models import Module, Offering
from academy.kernel.db import Database
from tests.browser import PHONE, axe
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, enrol, open_link, sign_up, sign_up_to_enrol

pytestmark = pytest.mark.journey
FREE = "bouwtekenen-in-3d-en-bim"  # a module of the demo with two free classes


@dataclass(frozen=True)
class Waiting:
    """What one presses and reads on the way through a full class."""

    words: Words
    number: int  # of the class: a test fills it
    listed: str  # in the subject of the letter about the line
    wait: str
    join: str
    place: str
    offer: str
    leave: str
    left: str
    substitute: str
    pass_on: str
    passed_on: str


NL = Waiting(
    DUTCH, 0, "wachtlijst", "Zet je op de wachtlijst", "Zet me op de wachtlijst", "Je staat op plaats 1.", "Er is een plek voor je", "Haal me van de wachtlijst",
    "Je staat niet meer op de wachtlijst", "Geef je plek door aan iemand anders", "Geef mijn plek door", "Je plek is doorgegeven.",
)
EN = Waiting(
    ENGLISH, 1, "waiting list", "Join the waiting list", "Put me on the waiting list", "You are number 1 in line.", "There is a seat for you",
    "Take me off the waiting list", "You are no longer on the waiting list", "Pass your seat on to someone else", "Pass my seat on",
    "Your seat is passed on.",
)


def _page(browser: Browser, words: Words) -> Page:
    context = browser.new_context(viewport=PHONE, locale="nl-NL" if words.lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    return context.new_page()


def _class_of_one_seat(server: Server, number: int) -> str:
    """Leave one seat in a class that nobody asked for yet; returns its code."""
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    with database.writing() as session:
        of_module = select(Offering.code).join(Module, Module.id == Offering.module_id).where(Module.slug == FREE).order_by(Offering.starts_on)
        code = session.scalars(of_module).all()[number]
        session.execute(update(Offering).where(Offering.code == code).values(seats=1))
    database.close()
    return code


def _link_in_letter(page: Page, server: Server, words: Words, email: str, subject: str, path: str) -> str:
    """Wait for a letter with this subject, and return its link to this page."""
    found = page.get_by_role("listitem").filter(has_text=email).filter(has_text=subject)
    for _ in range(100):
        page.goto(f"{server.url}/{words.lang}/demo/mailbox")
        if found.count():
            break
        page.wait_for_timeout(200)
    found.first.get_by_role("link").click()
    link = re.search(rf"http://\S+/{path}\S*", page.get_by_role("main").inner_text())
    assert link, f"the letter has no link to {path}"
    return link.group()


@pytest.mark.parametrize("way", [NL, EN], ids=["Dutch", "English"])
def test_who_waits_gets_the_seat_of_who_leaves(browser: Browser, server: Server, way: Waiting) -> None:
    words, code = way.words, _class_of_one_seat(server, way.number)
    first, second = _page(browser, words), _page(browser, words)
    first.goto(f"{server.url}/{words.lang}/offerings/{code}/enrol")
    sign_up_to_enrol(first, server.url, words, f"eerst-{words.lang}@voorbeeld.nl")
    enrol(first, words)
    expect(first.get_by_role("main")).to_contain_text(words.enrolled)
    seat = first.url

    waits = f"wacht-{words.lang}@voorbeeld.nl"
    second.goto(f"{server.url}/{words.lang}/offerings/{code}/enrol")
    second.get_by_role("main").get_by_role("link", name=way.wait).click()
    sign_up(second, server.url, words, waits)
    axe(second)
    second.get_by_role("button", name=way.join).click()
    expect(second.get_by_role("main")).to_contain_text(way.place)
    axe(second)

    first.goto(f"{seat}/cancel")
    first.get_by_role("button", name=words.yes_cancel).click()

    second.goto(_link_in_letter(second, server, words, waits, way.offer, "my/enrolments"))
    second.get_by_role("button", name=words.enrol, exact=True).click()
    expect(second.get_by_role("main")).to_contain_text(words.enrolled)

    # The one who left waits in turn, and leaves by the letter without signing in.
    first.goto(f"{server.url}/{words.lang}/offerings/{code}/waiting-list")
    first.get_by_role("button", name=way.join).click()
    stranger = _page(browser, words)
    stranger.goto(_link_in_letter(first, server, words, f"eerst-{words.lang}@voorbeeld.nl", way.listed, "waiting-list/leave"))
    axe(stranger)
    stranger.get_by_role("button", name=way.leave).click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(way.left)
    for page in (first, second, stranger):
        page.context.close()


@pytest.mark.parametrize("way", [NL, EN], ids=["Dutch", "English"])
def test_a_seat_goes_to_somebody_else_who_finds_it_by_the_letter(browser: Browser, server: Server, way: Waiting) -> None:
    words = way.words
    page, email = _page(browser, words), f"ander-{words.lang}@voorbeeld.nl"
    page.goto(f"{server.url}/{words.lang}/modules/programmeren-in-python")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, words, f"geeft-door-{words.lang}@voorbeeld.nl")
    enrol(page, words)
    page.get_by_role("link", name=way.substitute).click()
    axe(page)
    page.get_by_label(words.name, exact=True).fill("Noor")
    page.get_by_label(words.email, exact=True).fill(email)
    page.get_by_role("button", name=way.pass_on).click()
    expect(page.get_by_role("status").first).to_contain_text(way.passed_on)

    other = _page(browser, words)
    other.goto(f"{server.url}/{words.lang}/sign-in")
    form = other.locator("form:has(input[type=email]):not(:has(#password))")
    form.get_by_role("textbox").fill(email)
    form.get_by_role("button").click()
    open_link(other, server.url, words, email, letters=2)  # the other one says whose seat it was
    other.goto(f"{server.url}/{words.lang}/my")
    expect(other.get_by_role("main")).to_contain_text(words.enrolled)
    for each in (page, other):
        each.context.close()
