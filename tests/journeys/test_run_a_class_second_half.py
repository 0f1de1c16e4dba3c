"""Run a class, second half: who was there, as teacher and learner say it, then the result, which counts once the exam board has decided."""

import re
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
from tests import builders
from tests.browser import WIDE, axe
from tests.journeys.conftest import Server
from tests.journeys.steps import give_second_step

pytestmark = pytest.mark.journey


def _running_class(server: Server) -> tuple[str, str]:
    """Let a class of Windesheim run that met once, a week ago at most, with Lotte and Noor in it; returns its code and Lotte's enrolment."""
    database = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    past = utc_now() - timedelta(days=35)  # the builder's class begins four weeks later
    with database.writing() as session:
        provider_id = builders.provider(session)
        code = builders.offering(session, past, provider_id=provider_id, external_id=builders.module(session, past, provider_id=provider_id))
        person_id = session.scalars(select(Person.id).where(Person.email == "learner@demo.example")).one()
        lotte = actor_of(session, accounts.start_sign_in(session, person_id=person_id, device="", now=past).id, now=past)
        assert lotte is not None
        mine = builders.enrol(session, actor=lotte, offering_code=code, now=past)
        builders.enrol(session, actor=builders.actor(session, past, name="Noor van den Berg"), offering_code=code, now=past)
    database.close()
    return code, mine


def _signed_in(browser: Browser, server: Server, who: str) -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="nl-NL")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{server.url}/nl/sign-in")
    form = page.locator("form").filter(has=page.get_by_label("Wachtwoord"))
    form.get_by_label("E-mailadres").fill(f"{who}@demo.example")
    form.get_by_label("Wachtwoord").fill(DEMO_PASSWORD)
    form.get_by_role("button").click()
    if who == "examboard":
        give_second_step(page)
    page.wait_for_url("**/my")
    return page


def _looks_right(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, f"{page.url} scrolls sideways"
    axe(page)
    page.set_viewport_size(WIDE)
    axe(page)
    page.set_viewport_size({"width": 360, "height": 780})


def _button(page: Page, words: str, name: str) -> Locator:
    """Return the button of one person; for whom it is stands hidden behind its words."""
    return page.get_by_role("button", name=re.compile(rf"^{words}\s*: {name}$"))


def _says_who_was_there(page: Page, server: Server, code: str) -> None:
    page.goto(f"{server.url}/nl/provider/windesheim/offerings/{code}")
    page.get_by_role("link", name="Wie was er?").click()
    expect(page.get_by_role("main")).to_contain_text("Les 1 van")
    _looks_right(page)
    _button(page, "Was er niet", "Noor van den Berg").click()
    expect(_button(page, "Was er niet", "Noor van den Berg")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="De rest was er").click()
    expect(_button(page, "Was er", "Lotte de Lerende")).to_have_attribute("aria-pressed", "true")
    expect(_button(page, "Was er niet", "Noor van den Berg")).to_have_attribute("aria-pressed", "true")
    _looks_right(page)
    page.get_by_role("link", name="Volgende les").click()
    expect(page.get_by_role("main")).to_contain_text("Deze les moet nog komen")
    _looks_right(page)


def _says_otherwise(page: Page, server: Server, mine: str) -> None:
    page.goto(f"{server.url}/nl/my/enrolments/{mine}")
    page.get_by_role("link", name="Zeg wanneer je er was").click()
    page.get_by_role("button", name=re.compile(r"^Ik was er niet")).click()
    expect(page.get_by_role("main")).to_contain_text("De docent zegt: je was er.")
    _looks_right(page)


def _enters_results(page: Page, server: Server, code: str) -> None:
    page.goto(f"{server.url}/nl/provider/windesheim/offerings/{code}/attendance")
    expect(page.get_by_role("main")).to_contain_text("Zegt zelf: ik was er niet.")
    page.get_by_role("link", name="Naar de resultaten").click()
    _looks_right(page)
    page.get_by_label("Cijfer van 0 tot 10").check()
    page.get_by_role("button", name="Volgende").click()
    page.get_by_label("Lotte de Lerende").fill("7,55")
    page.get_by_label("Noor van den Berg").fill("5,4")
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_role("alert")).to_contain_text("hooguit één cijfer achter de komma")
    expect(page.get_by_label("Noor van den Berg")).to_have_value("5,4")
    _looks_right(page)
    page.get_by_label("Lotte de Lerende").fill("7,5")
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_role("main")).to_contain_text("2 resultaten wachten op de examencommissie.")
    _looks_right(page)


def _decides(page: Page, server: Server) -> None:
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Resultaten vaststellen").click()
    _looks_right(page)
    page.get_by_role("link", name="Netwerkbeheer").first.click()
    _looks_right(page)
    _button(page, "Maak definitief", "Noor van den Berg").click()
    page.get_by_role("button", name="Maak 1 resultaat definitief").click()
    expect(page.get_by_role("main")).to_contain_text("Er wachten geen resultaten op jullie.")
    _looks_right(page)
    page.get_by_role("link", name="Beslis opnieuw over Noor van den Berg").click()
    page.get_by_role("button", name="Ja, maak er een concept van").click()
    expect(page.get_by_role("alert")).to_contain_text("Kies waarom.")
    _looks_right(page)
    page.get_by_label("Er is een fout gemaakt").check()
    page.get_by_role("button", name="Ja, maak er een concept van").click()
    expect(page.get_by_role("button", name="Maak 1 resultaat definitief")).to_be_visible()


def test_a_planner_opens_a_study_group_and_a_room_is_given_once(browser: Browser, server: Server) -> None:
    page = _signed_in(browser, server, "provider")
    for words in ("De studiegroep heeft een plek.", "Deze ruimte is al bezet"):
        code, _mine = _running_class(server)
        page.goto(f"{server.url}/nl/provider/windesheim/offerings/{code}")
        page.get_by_role("link", name="Studiegroep").click()
        _looks_right(page)
        page.get_by_role("button", name="Open de studiegroep").click()
        expect(page.get_by_role("alert")).to_contain_text("Vul in waar de groep bij elkaar komt.")
        _looks_right(page)
        page.get_by_label("Ruimte").fill("De Nieuwe Bibliotheek, zaal 2")
        page.get_by_role("button", name="Open de studiegroep").click()
        expect(page.locator("body")).to_contain_text(words)
        _looks_right(page)
    page.context.close()


def test_run_a_class_second_half(browser: Browser, server: Server) -> None:
    code, mine = _running_class(server)
    teacher, learner, board = (_signed_in(browser, server, who) for who in ("teacher", "learner", "examboard"))
    _says_who_was_there(teacher, server, code)
    _says_otherwise(learner, server, mine)
    _enters_results(teacher, server, code)
    learner.goto(f"{server.url}/nl/my/enrolments/{mine}")
    expect(learner.get_by_role("main")).not_to_contain_text("Je resultaat")
    _decides(board, server)
    learner.goto(f"{server.url}/nl/my/enrolments/{mine}")
    expect(learner.get_by_role("main")).to_contain_text("Je resultaat")
    expect(learner.get_by_role("main")).to_contain_text("7,5")
    _looks_right(learner)
    learner.goto(f"{server.url}/en/my/enrolments/{mine}")
    expect(learner.get_by_role("main")).to_contain_text("7.5")
    with learner.expect_download() as file:
        learner.goto(f"{server.url}/nl/my")
        learner.get_by_role("link", name="Zet al je lessen in je agenda").click()
    assert f"UID:{code.lower()}-1@" in file.value.path().read_text()
    for page in (teacher, learner, board):
        page.context.close()
