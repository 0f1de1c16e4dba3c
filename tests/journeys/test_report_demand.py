"""The programme office makes the demand report: three choices, one page, one button; and from a gap one step to asking providers. Also without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module, PublicationState
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.reports.kinds import EVERY, Source
from academy.reports.models import ReportCell, ReportRun, ReportSlot
from academy.reports.rules import quarters
from tests.browser import PHONE, WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_in_with_password
from tests.reports.celled import Cells

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Said:
    """What stands on the page in one language."""

    words: Words
    title: str
    period: str
    area: str
    sector: str
    show: str
    greatest: str
    make: str
    made: str
    ask: str
    count: str


NL = Said(DUTCH, "Vraag en aanbod", "Periode", "Gebied", "Sector of cluster", "Toon", "65 mensen willen dit leren", "Maak rapport", "Het rapport is vastgelegd.",
          "Start aanvraag bij opleiders", "Tel opnieuw")
EN = Said(ENGLISH, "Demand and supply", "Period", "Area", "Sector or cluster", "Show", "65 people want to learn this", "Make a report", "The report is frozen.",
          "Start a request to providers", "Count again")


@pytest.fixture
def counted(server: Server) -> Iterator[str]:
    """Let demand have been counted for modules of the demo in this quarter and the one before; returns the quarter."""
    database, today = Database(f"sqlite:///{server.folder}/var/academy.db"), amsterdam_day(utc_now())
    quarter = quarters.quarter_of(today - timedelta(days=1))
    with database.writing() as session:
        for table in (ReportCell, ReportSlot, ReportRun):
            session.execute(delete(table))
        cells = Cells(session, quarter)
        cells.run(today, utc_now())
        _fill(session, cells, quarters.before(quarter))
    yield quarter
    database.close()


def _fill(session: Session, cells: Cells, before: str) -> None:
    modules = session.scalars(select(Module.id).where(Module.state == PublicationState.PUBLISHED).order_by(Module.slug).limit(12)).all()
    for area in (EVERY, "13"):
        cells.cell(area=area, people=200, seats=60, firms=14, cents=48_000_00, searches=120, places=90, free=25)
        cells.cell(area=area, period=before, people=150, seats=40, firms=11, cents=20_000_00, searches=90, places=70, free=30)
        for number, module_id in enumerate(modules):
            people = max(10, 45 - 5 * number)
            told = {"people": None, "seats": None, "cents": None, "firms": 1} if number > 9 else {"people": people, "seats": 20, "firms": 4, "cents": 900_00, "score": 80 - 6 * number}
            cells.cell(f"module:{module_id.hex}", area=area, **told)
            cells.cell(f"module:{module_id.hex}", area=area, period=before, people=20)
            if area == EVERY:
                cells.slot(f"module:{module_id.hex}", "evening", 20)
    for source in (Source.WAITING, Source.PLEDGE):
        cells.cell(source=source, people=80)
        cells.cell(source=source, people=60, period=before)


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["telephone", "desktop"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("said", [NL, EN], ids=["Dutch", "English"])
def test_choose_three_things_see_the_gap_make_the_report_and_ask_providers(
    browser: Browser, server: Server, counted: str, said: Said, scripts: bool, size: dict[str, int],
) -> None:
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]}, locale="nl-NL", java_script_enabled=scripts)
    page = context.new_page()
    sign_in_with_password(page, server.url, said.words, "office@demo.example", "demo-academy-2026")
    page.goto(f"{server.url}/{said.words.lang}/office/reports")
    expect(page.get_by_role("heading", level=1)).to_have_text(said.title)
    page.get_by_label(said.period, exact=True).select_option(counted)
    page.get_by_label(said.area, exact=True).select_option("13")
    page.get_by_label(said.sector, exact=True).select_option("*")
    page.get_by_role("button", name=said.show, exact=True).click()
    page.wait_for_url("**area=13**")
    _read(page, said, axe_too=scripts)
    page.get_by_role("button", name=said.make, exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Almere (13)")
    expect(page.locator("main, [role=status]").first).to_contain_text(said.made)
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    page.go_back()
    page.goto(f"{server.url}/{said.words.lang}/office/reports?area=13&period={counted}")
    page.locator("table .academy-table__long a").first.click()
    expect(page.get_by_role("main")).to_contain_text("Almere (13)")
    fits(page, size["width"])
    if scripts:
        axe(page)
    page.get_by_role("link", name=said.ask, exact=True).click()
    page.wait_for_url("**/office/commissions/new**")
    context.close()


def _read(page: Page, said: Said, *, axe_too: bool) -> None:
    main = page.get_by_role("main")
    expect(main).to_contain_text(said.greatest)
    expect(page.locator(".academy-numbers__item")).to_have_count(6)
    expect(page.locator("figure.academy-plot")).to_have_count(4)
    expect(page.locator("section", has=page.locator("#gaps-title")).locator("tbody tr")).to_have_count(12)
    expect(page.get_by_role("button", name=said.count, exact=True)).to_be_visible()
    assert page.viewport_size
    fits(page, page.viewport_size["width"])
    if axe_too:
        axe(page)
