"""Run a class, second half: who was there, as teacher and learner say it, then the result, which counts once the exam board has decided."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from academy.accounts import service as accounts
from academy.accounts.models import Person
from academy.accounts.queries import actor_of
from academy.demo.people import DEMO_PASSWORD
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.text import Language
from academy.kernel.translation import gettext, ngettext, reading_in
from tests import builders
from tests.browser import WIDE, axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, sign_in_with_password

pytestmark = pytest.mark.journey
IN_BOTH = pytest.mark.parametrize("reader", ["nl", "en"], ids=["Dutch", "English"], indirect=True)


@dataclass(frozen=True)
class Reader:
    """Who reads the pages in one language, in the house's own words."""

    lang: Language

    def __call__(self, sentence: str, **values: object) -> str:
        with reading_in(self.lang):
            return gettext(sentence, **values)

    def several(self, one: str, many: str, number: int) -> str:
        with reading_in(self.lang):
            return ngettext(one, many, number)

    def number(self, grade: str) -> str:
        """Return a grade as one writes it."""
        return grade if self.lang == "nl" else grade.replace(",", ".")


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Reader:
    return Reader(request.param)


Sign = Callable[[str], Page]


def _running_class(server: Server) -> tuple[str, str]:
    """Let a class of Windesheim run that met once, within these seven days, with Lotte and Noor in it; returns its code and Lotte's enrolment."""
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    past = utc_now() - timedelta(days=34)  # the builder's class begins four weeks later and meets once a week: of seven days today is the last
    with database.writing() as session:
        code = builders.offering(session, past)
        person_id = session.scalars(select(Person.id).where(Person.email == "learner@demo.example")).one()
        lotte = actor_of(session, accounts.start_sign_in(session, person_id=person_id, device="", now=past).id, now=past)
        assert lotte is not None
        mine = builders.enrol(session, actor=lotte, offering_code=code, now=past)
        builders.enrol(session, actor=builders.actor(session, past, name="Noor van den Berg"), offering_code=code, now=past)
    database.close()
    return code, mine


@pytest.fixture
def sign_in(browser: Browser, server: Server, reader: Reader) -> Sign:
    """Give the way in of somebody of the demo, on a telephone."""

    def signed_in(who: str) -> Page:
        context = browser.new_context(viewport={"width": 360, "height": 780}, locale="nl-NL" if reader.lang == "nl" else "en-GB")
        context.set_default_timeout(30_000)
        page = context.new_page()
        sign_in_with_password(page, server.url, DUTCH if reader.lang == "nl" else ENGLISH, f"{who}@demo.example", DEMO_PASSWORD)
        return page

    return signed_in


def _looks_right(page: Page) -> None:
    fits(page, 360)
    axe(page)
    page.set_viewport_size(WIDE)
    axe(page)
    page.set_viewport_size({"width": 360, "height": 780})


def _button(page: Page, words: str, name: str) -> Locator:
    """Return the button of one person; for whom it is stands hidden behind its words."""
    return page.get_by_role("button", name=re.compile(rf"^{words}\s*: {name}$"))


def _says_who_was_there(page: Page, server: Server, code: str, say: Reader) -> None:
    page.goto(f"{server.url}/{say.lang}/provider/windesheim/offerings/{code}")
    page.get_by_role("link", name=say("Wie was er?")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Les %(number)s van %(count)s", number=1, count="").strip())
    _looks_right(page)
    absent = _button(page, say("Was er niet"), "Noor van den Berg")
    absent.click()
    expect(absent).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=say("De rest was er")).click()
    expect(_button(page, say("Was er"), "Lotte de Lerende")).to_have_attribute("aria-pressed", "true")
    expect(absent).to_have_attribute("aria-pressed", "true")
    _looks_right(page)
    page.get_by_role("link", name=say("Volgende les")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Deze les moet nog komen. Op de dag zelf kun je hier bijhouden wie er is."))
    _looks_right(page)


def _says_otherwise(page: Page, server: Server, mine: str, say: Reader) -> None:
    page.goto(f"{server.url}/{say.lang}/my/enrolments/{mine}")
    page.get_by_role("link", name=say("Zeg wanneer je er was")).click()
    page.get_by_role("button", name=re.compile(rf"^{say('Ik was er niet')}")).click()
    expect(page.get_by_role("main")).to_contain_text(say("De docent zegt: je was er."))
    _looks_right(page)


def _enters_results(page: Page, server: Server, code: str, say: Reader) -> None:
    page.goto(f"{server.url}/{say.lang}/provider/windesheim/offerings/{code}/attendance")
    expect(page.get_by_role("main")).to_contain_text(say("Zegt zelf: ik was er niet."))
    page.get_by_role("link", name=say("Naar de resultaten")).click()
    _looks_right(page)
    page.get_by_label(say("Cijfer van 0 tot 10, met één cijfer achter de komma")).check()
    page.get_by_role("button", name=say("Volgende")).click()
    page.get_by_label("Lotte de Lerende").fill(say.number("7,55"))
    page.get_by_label("Noor van den Berg").fill(say.number("5,4"))
    page.get_by_role("button", name=say("Bewaar als concept")).click()
    expect(page.get_by_role("alert")).to_contain_text(say("Schrijf een cijfer van 0 tot en met 10, met hooguit één cijfer achter de komma: 7,5."))
    expect(page.get_by_label("Noor van den Berg")).to_have_value(say.number("5,4"))
    _looks_right(page)
    page.get_by_label("Lotte de Lerende").fill(say.number("7,5"))
    page.get_by_role("button", name=say("Bewaar als concept")).click()
    waiting = say.several("%(num)s resultaat wacht op de examencommissie.", "%(num)s resultaten wachten op de examencommissie.", 2)
    expect(page.get_by_role("main")).to_contain_text(waiting)
    _looks_right(page)


def _decides(page: Page, say: Reader) -> None:
    one = say.several("Maak %(num)s resultaat definitief", "Maak alle %(num)s resultaten definitief", 1)
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name=say("Resultaten vaststellen")).click()
    _looks_right(page)
    page.get_by_role("link", name=re.compile("Netwerkbeheer|Network management")).first.click()
    _looks_right(page)
    _button(page, say("Maak definitief"), "Noor van den Berg").click()
    page.get_by_role("button", name=one).click()
    expect(page.get_by_role("main")).to_contain_text(say("Er wachten geen resultaten op jullie."))
    _looks_right(page)
    page.get_by_role("link", name=say("Beslis opnieuw over %(name)s", name="Noor van den Berg")).click()
    page.get_by_role("button", name=say("Ja, maak er een concept van")).click()
    expect(page.get_by_role("alert")).to_contain_text(say("Kies waarom."))
    _looks_right(page)
    page.get_by_label(say("Er is een fout gemaakt")).check()
    page.get_by_role("button", name=say("Ja, maak er een concept van")).click()
    page.get_by_role("button", name=one).click()
    expect(page.get_by_role("main")).to_contain_text(say("Er wachten geen resultaten op jullie."))


@IN_BOTH
def test_a_planner_opens_a_study_group_and_a_room_is_given_once(server: Server, sign_in: Sign, reader: Reader) -> None:
    page, room = sign_in("provider"), f"De Nieuwe Bibliotheek, zaal {reader.lang}"
    taken = "Deze ruimte is al bezet: elke week van %(start)s tot %(end)s, van %(first)s tot en met %(last)s."
    for words in (
        reader("De studiegroep heeft een plek. De cursisten krijgen bericht."),
        reader(taken, start="", end="", first="", last="").partition(":")[0],
    ):
        code, _mine = _running_class(server)
        page.goto(f"{server.url}/{reader.lang}/provider/windesheim/offerings/{code}")
        page.get_by_role("link", name=reader("Studiegroep")).click()
        _looks_right(page)
        page.get_by_role("button", name=reader("Open de studiegroep")).click()
        expect(page.get_by_role("alert")).to_contain_text(reader("Vul in waar de groep bij elkaar komt."))
        _looks_right(page)
        page.get_by_label(reader("Ruimte")).fill(room)
        page.get_by_role("button", name=reader("Open de studiegroep")).click()
        expect(page.locator("body")).to_contain_text(words)
        _looks_right(page)
    page.context.close()


@IN_BOTH
def test_run_a_class_second_half(server: Server, sign_in: Sign, reader: Reader) -> None:
    code, mine = _running_class(server)
    teacher, learner, board = (sign_in(who) for who in ("teacher", "learner", "examboard"))
    _says_who_was_there(teacher, server, code, reader)
    _says_otherwise(learner, server, mine, reader)
    _enters_results(teacher, server, code, reader)
    learner.goto(f"{server.url}/{reader.lang}/my/enrolments/{mine}")
    expect(learner.get_by_role("main")).not_to_contain_text(reader("Je resultaat"))
    _decides(board, reader)
    learner.goto(f"{server.url}/{reader.lang}/my/enrolments/{mine}")
    expect(learner.get_by_role("main")).to_contain_text(reader("Je resultaat"))
    expect(learner.get_by_role("main")).to_contain_text(reader.number("7,5"))
    _looks_right(learner)
    with learner.expect_download() as file:
        learner.goto(f"{server.url}/{reader.lang}/my")
        learner.get_by_role("link", name=reader("Zet al je lessen in je agenda")).click()
    assert f"UID:{code.lower()}-1@" in file.value.path().read_text()
    for page in (teacher, learner, board):
        page.context.close()
