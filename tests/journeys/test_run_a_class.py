"""A class from the side of its provider: a learner asks to be admitted and is, and a class with too few people is merged into another."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering, Provider
from academy.demo.people import DEMO_PASSWORD
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.formats import short_day
from academy.kernel.text import Localized
from academy.kernel.translation import reading_in
from tests import builders
from tests.browser import WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_in_with_password

pytestmark = pytest.mark.journey

_PHONE_WIDTH = 360


@dataclass(frozen=True)
class Running:
    """What a planner reads and presses, and what the learner reads."""

    words: Words
    module: Localized
    one_waits: str
    refuse: str
    send: str
    why: str
    admit: str
    admitted: str
    decide: str
    more_time: str
    merge: str
    do_merge: str
    merged: str


NL = Running(
    DUTCH, Localized("Sensoren aansluiten", "Connecting sensors"), "aanvra", "Laat niet toe: Noor", "Verstuur en geef de plek vrij",
    "Schrijf op waarom. De cursist leest dit.", "Laat toe", "Toegelaten. De cursist is ingeschreven", "Beslis of deze groep doorgaat",
    "Geef meer tijd", "Voeg samen met een andere groep", "Voeg samen", "1 persoon doet nu mee met deze groep",
)
EN = Running(
    ENGLISH, Localized("Meters aflezen", "Reading meters"), "to be admitted", "Do not admit: Noor", "Send and free the seat",
    "Write down why. The learner reads this.", "Admit", "Admitted. The learner is enrolled", "Decide whether this class goes ahead",
    "Give more time", "Merge with another class", "Merge", "1 person is in this class now",
)


@contextmanager
def _signed_in(browser: Browser, server: Server, run: Running, email: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": _PHONE_WIDTH, "height": 780}, locale="nl-NL" if run.words.lang == "nl" else "en-GB",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in_with_password(page, server.url, run.words, email, DEMO_PASSWORD)
    yield page
    context.close()


def _looks_right(page: Page) -> None:
    fits(page, _PHONE_WIDTH)
    axe(page)
    page.set_viewport_size(WIDE)
    axe(page)
    page.set_viewport_size({"width": _PHONE_WIDTH, "height": 780})


def _plan(server: Server, run: Running, email: str) -> tuple[str, str, str]:
    """Plan a class that asks for mbo 4, is decided about today and needs three people, and one after it; returns both codes and the later first day."""
    now = datetime.now(UTC)  # noqa: TID251 - the server reads the real clock
    today, key = amsterdam_day(now), run.module.en.upper().replace(" ", "-")
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    try:
        with database.writing() as session:
            builders.person(session, now, name="Noor van Dijk", email=email, password=DEMO_PASSWORD)
            provider_id = session.scalars(select(Provider.id).where(Provider.slug == "windesheim")).one()
            builders.module(
                session, now, provider_id=provider_id, external_id=key, code=key, title=run.module, prerequisites=catalogue.LevelReached("4"),
            )
            later = today + timedelta(days=49)
            soon = builders.offering(session, now, external_id=key, provider_id=provider_id)
            beside = builders.offering(session, now, external_id=key, provider_id=provider_id, starts_on=later)
            session.execute(update(Offering).where(Offering.code == soon).values(min_seats=3, decides_on=today))
    finally:
        database.close()
    with reading_in("nl" if run.words.lang == "nl" else "en"):
        return soon, beside, short_day(later)


@pytest.mark.parametrize("run", [NL, EN], ids=["Dutch", "English"])
def test_run_a_class_first_half(browser: Browser, server: Server, run: Running) -> None:
    email = f"noor-{run.words.lang}@voorbeeld.nl"
    code, beside, later = _plan(server, run, email)
    title = run.module.in_language("nl" if run.words.lang == "nl" else "en")
    work = f"{server.url}/{run.words.lang}/provider/windesheim"

    with _signed_in(browser, server, run, email) as learner, _signed_in(browser, server, run, "provider@demo.example") as planner:
        learner.goto(f"{server.url}/{run.words.lang}/offerings/{code}/enrol")
        learner.locator("[name=level]").select_option("3")
        learner.get_by_role("button", name=run.words.ask).click()
        learner.locator("[name=statement]").fill("Ik werk al tien jaar in de techniek.")
        learner.locator("form:has([name=statement]) button[type=submit]").click()

        planner.goto(work)
        planner.locator(".academy-tasks").get_by_role("link", name=re.compile(run.one_waits)).click()
        expect(planner.get_by_role("main")).to_contain_text("Ik werk al tien jaar in de techniek.")
        _looks_right(planner)
        planner.get_by_text(run.refuse).click()
        planner.get_by_role("button", name=run.send).click()
        expect(planner.get_by_role("alert")).to_contain_text(run.why)
        _looks_right(planner)
        planner.get_by_role("listitem").filter(has_text="Noor van Dijk").get_by_role("button", name=run.admit).click()
        expect(planner.get_by_role("status").first).to_contain_text(run.admitted)

        learner.goto(f"{server.url}/{run.words.lang}/my")
        learner.get_by_role("heading", name=title).get_by_role("link").click()
        expect(learner.get_by_role("main")).to_contain_text(run.words.enrolled)

        planner.goto(work)
        planner.locator(".academy-tasks").get_by_role("link", name=title).click()
        expect(planner.get_by_role("heading", name=run.decide)).to_be_visible()
        _looks_right(planner)
        planner.get_by_role("link", name=run.more_time).click()
        _looks_right(planner)
        planner.goto(f"{work}/offerings/{code}")
        planner.get_by_role("link", name=run.merge).click()
        _looks_right(planner)
        planner.get_by_role("radio").first.check()
        planner.get_by_role("button", name=run.do_merge, exact=True).click()
        expect(planner).to_have_url(f"{work}/offerings/{beside}")
        expect(planner.get_by_role("status").first).to_contain_text(run.merged)
        expect(planner.get_by_role("main")).to_contain_text("Noor van Dijk")
        _looks_right(planner)

        learner.reload()
        expect(learner.get_by_role("main")).to_contain_text(run.words.enrolled)
        expect(learner.get_by_role("main")).to_contain_text(later)
