"""The board decides (J11): a repeat with one click, another file on one screen with at most two fields, all of it with the keyboard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from academy.accounts.api import Role, add_membership
from academy.accounts.models import Person
from academy.catalogue.api import OutcomeDraft
from academy.catalogue.models import Module
from academy.demo.people import DEMO_PASSWORD
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.recognition.queries.outcomes import modules_to_claim
from tests import builders
from tests.browser import WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_in_with_password
from tests.recognition import board_desk as desk
from tests.recognition.world import WORDS, World, person_in

pytestmark = pytest.mark.journey

EMAIL = "examboard@demo.example"  # has an app for the second step, as a board asks


@dataclass(frozen=True)
class Deciding:
    """What a member of the board reads and presses."""

    words: Words
    as_before: str
    decided_before: str
    next_file: str
    answer: str
    no: str
    reason: str
    decide: str
    nothing_waits: str
    appeal: str


NL = Deciding(
    DUTCH, "Zoals eerder besloten", "Al 1 keer zo besloten: ja", "Dit is de volgende aanvraag.", "Antwoord op leeruitkomst 2", "Nee", "Reden bij leeruitkomst 2",
    "Besluit en teken", "Er wacht nu niets meer op jou.", "College van beroep voor de examens",
)
EN = Deciding(
    ENGLISH, "As decided before", "Decided like this 1 time before: yes", "This is the next request.", "Answer to outcome 2", "No", "Reason for outcome 2",
    "Decide and sign", "Nothing else is waiting for you now.", "Board of Appeal for Examinations",
)


@dataclass(frozen=True)
class Prepared:
    inbox: str
    repeat: str
    other: str


def _prepare(server: Server, out: Deciding, tail: str) -> Prepared:
    """Make a provider with a board, a decision from before, and two files that wait: one is the same as before."""
    now, database = datetime.now(UTC), Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")  # noqa: TID251 - the server reads the real clock
    slug = f"examens-{tail}"
    with database.writing() as session:
        provider_id = builders.provider(session, slug, "Hogeschool Almere")
        external_id = builders.module(
            session, now, provider_id=provider_id, external_id=f"netwerk-{tail}", title=Localized("Netwerken", "Networks"), ec=Decimal(5),
            outcomes=tuple(OutcomeDraft(Localized(words, f"You: {words}")) for words in WORDS),
        )
        module_id = session.scalars(select(Module.id).where(Module.external_id == external_id)).one()
        member = session.scalars(select(Person.id).where(Person.email == EMAIL)).one()
        add_membership(session, person_id=member, organisation_id=provider_id, role=Role.EXAM_BOARD)
        people = {
            part: person_in(session, now, name, provider_id, *roles) for part, name, *roles in (
                ("learner", "Sam de Vries"), ("guide", "Gea Gids"), ("assessor", "Aad Assessor"), ("other_assessor", "Ans Assessor"),
                ("board", "Bea Bestuur", Role.EXAM_BOARD), ("other_of_board", "Bo Bestuur", Role.EXAM_BOARD), ("owner", "Els Eigenaar"), ("stranger", "Wim Vreemd"),
            )
        }
        module = modules_to_claim(session, [module_id])[module_id]
    world = World(database, now, provider_id, module, slug=slug, **people)
    diploma = world.diploma()
    desk.decide(world, world.file(desk.ASKED, of=world.stranger, evidence=[diploma], judgements=desk.ALL_YES), desk.ALL_YES)
    repeat = world.file(desk.ASKED, of=world.owner, evidence=[diploma], judgements=desk.ALL_YES)
    other = world.file(desk.ASKED)
    database.close()
    return Prepared(f"{server.url}/{out.words.lang}/provider/{slug}/exam-board", repeat.code, other.code)


def _page(browser: Browser, words: Words, *, scripts: bool) -> Page:
    context = browser.new_context(viewport=WIDE, locale="nl-NL" if words.lang == "nl" else "en-GB", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    return context.new_page()


def _looks_right(page: Page, *, scripts: bool) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
        if scripts:
            axe(page)
    page.set_viewport_size(WIDE)


def _tab_to(page: Page, wanted: Locator) -> None:
    """Go to something with the Tab key alone, as who has no mouse."""
    for _time in range(150):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached with the Tab key")


def _by_key(page: Page, *, scripts: bool) -> Callable[[Locator], None]:
    """Return what presses a link or a button: with the keyboard alone, or without scripts with a click."""

    def press(wanted: Locator) -> None:
        if scripts:
            _tab_to(page, wanted)
            page.keyboard.press("Enter")
        else:
            wanted.click()

    return press


@pytest.mark.parametrize(("out", "scripts"), [(NL, True), (EN, True), (NL, False)], ids=["Dutch", "English", "without JavaScript"])
def test_a_board_decides_a_repeat_with_one_click_and_another_file_with_two_fields(browser: Browser, server: Server, out: Deciding, scripts: bool) -> None:
    words = out.words
    prepared = _prepare(server, out, f"{words.lang}-{'met' if scripts else 'zonder'}")
    page = _page(browser, words, scripts=scripts)
    sign_in_with_password(page, server.url, words, EMAIL, DEMO_PASSWORD)
    page.goto(prepared.inbox)
    _looks_right(page, scripts=scripts)
    press, main = _by_key(page, scripts=scripts), page.get_by_role("main")

    waiting = main.locator("section[aria-labelledby=waiting-title]").get_by_role("link")
    expect(waiting.first).to_contain_text(prepared.repeat)  # answered within a day, so it comes first
    press(waiting.first)
    expect(main).to_contain_text(out.decided_before)
    _looks_right(page, scripts=scripts)
    press(main.get_by_role("button", name=out.as_before))  # the one click of a repeat

    expect(main.or_(page.get_by_role("status").first).first).to_be_visible()
    expect(page.locator("body")).to_contain_text(out.next_file)
    expect(main).to_contain_text(prepared.other)
    _looks_right(page, scripts=scripts)
    answers = main.get_by_role("group", name=out.answer)
    if scripts:
        _tab_to(page, answers.get_by_role("radio").nth(1))  # as the report says: partly
        with page.expect_response(lambda answer: answer.url.endswith("/worth")):
            page.keyboard.press("ArrowDown")  # the first field
        _tab_to(page, main.get_by_label(out.reason))
        with page.expect_response(lambda answer: answer.url.endswith("/worth")):
            page.keyboard.press("ArrowDown")  # the second
        page.keyboard.press("ArrowDown")
    else:
        answers.get_by_label(out.no, exact=True).check()
        main.get_by_label(out.reason).select_option(index=1)
    expect(answers.get_by_label(out.no, exact=True)).to_be_checked()
    press(main.get_by_role("button", name=out.decide))
    expect(page.locator("body")).to_contain_text(out.nothing_waits)
    _looks_right(page, scripts=scripts)

    press(main.locator("section[aria-labelledby=lately-title]").get_by_role("link").first)
    expect(main).to_contain_text(out.appeal)
    _looks_right(page, scripts=scripts)
    page.context.close()
