"""Somebody builds a route to an Associate degree (J4): four screens, nine fields at most, without an account and without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.text import Language
from academy.kernel.translation import gettext, reading_in
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import Pathway, PathwayChange
from tests import tables
from tests.browser import axe, fits
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
SCREENS, FIELDS = 4, 9
_GOAL = re.compile("Associate degree (in )?ICT")
_SIZES = {"nl": ViewportSize(width=360, height=800), "en": ViewportSize(width=1280, height=900)}
_NARROW = ViewportSize(width=320, height=700)
# What one sees to fill in: a group of choices is one field; what is folded away is not seen.
_SEEN = """() => {
    const shown = [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")].filter((each) => each.checkVisibility());
    return new Set(shown.map((each) => each.closest("fieldset") || each)).size;
}"""


@dataclass
class Builder:
    """Somebody in front of the screens: each is looked at, its fields are counted."""

    page: Page
    lang: Language
    width: int
    scripts: bool
    fields: int = 0
    screens: list[str] = field(default_factory=list)

    def say(self, sentence: str, **values: object) -> str:
        with reading_in(self.lang):
            return gettext(sentence, **values)

    def sees(self, title: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say(title))
        self.screens.append(self.page.locator(".academy-kicker").first.inner_text())
        if self.scripts:  # looking into a page takes them
            self.fields += self.page.evaluate(_SEEN)
        self.looks_right()

    def looks_right(self) -> None:
        """Nothing sticks out, on the narrowest telephone neither, and nothing is in the way of who can not see it."""
        if not self.scripts:
            return
        fits(self.page, self.width)
        self.page.set_viewport_size(_NARROW)
        fits(self.page, _NARROW["width"])
        self.page.set_viewport_size(_SIZES[self.lang])
        axe(self.page)

    def press(self, label: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=self.say(label)).first.click()

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(self.say(label)).fill(words)


@pytest.fixture
def builder(browser: Browser, lang: Language, *, scripts: bool) -> Iterator[Builder]:
    context = browser.new_context(viewport=_SIZES[lang], locale="nl-NL" if lang == "nl" else "en-GB", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    yield Builder(context.new_page(), lang, _SIZES[lang]["width"], scripts)
    context.close()


def _chooses_a_goal(builder: Builder, server: Server) -> None:
    page = builder.page
    page.goto(f"{server.url}/{builder.lang}/")
    page.get_by_role("main").get_by_role("link", name=builder.say("Maak je route")).click()
    builder.sees("Waar wil je naartoe?")
    page.get_by_role("radio", name=_GOAL).first.check()
    builder.press("Verder")


def _says_what_they_have(builder: Builder) -> None:
    builder.sees("Wat heb je al?")
    builder.page.locator("#diploma").select_option("4")
    builder.press("Ga verder")


def _tells_their_life(builder: Builder) -> None:
    page = builder.page
    builder.sees("Wat past in jouw leven?")
    builder.fill("Uren per week om te leren", "24")
    page.get_by_role("checkbox", name=builder.say("Doordeweeks ’s avonds"), exact=True).check()
    page.get_by_role("checkbox", name=builder.say("Doordeweeks overdag"), exact=True).check()
    builder.fill("Postcode", "1315")
    builder.fill("Hoe ver wil je hooguit reizen?", "60")
    builder.press("Maak mijn routes")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("lang", ["nl", "en"], ids=["Dutch", "English"])
def test_somebody_builds_a_route_to_an_associate_degree(server: Server, builder: Builder) -> None:
    say, page = builder.say, builder.page
    _chooses_a_goal(builder, server)
    _says_what_they_have(builder)
    _tells_their_life(builder)
    builder.sees("Jouw routes")
    assert len(set(builder.screens)) == SCREENS, builder.screens
    assert builder.fields <= FIELDS
    assert builder.fields or not builder.scripts
    builder.press("Kies deze route")
    expect(page.get_by_role("heading", name=say("Jouw route, stap voor stap"))).to_be_visible()
    builder.press("Zet vast")
    expect(page.get_by_role("button", name=say("Maak los")).first).to_be_visible()
    builder.looks_right()
    kept = page.url.partition("#")[0]
    page.get_by_role("link", name=say("Kies een ander moment")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Kies een ander moment"))
    builder.looks_right()
    page.context.clear_cookies()
    page.goto(kept)
    expect(page.get_by_role("button", name=say("Maak los")).first).to_be_visible()
    page.get_by_role("link", name=say("Schrijf je in voor stap %(number)s", number=1)).click()
    expect(page).to_have_url(f"{server.url}/{builder.lang}/offerings/{page.url.split('/')[-2]}/enrol")


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
@pytest.mark.parametrize("lang", ["nl", "en"], ids=["Dutch", "English"])
def test_somebody_who_can_not_travel_reads_what_is_in_the_way_and_throws_the_route_away(server: Server, builder: Builder) -> None:
    say, page = builder.say, builder.page
    _chooses_a_goal(builder, server)
    _says_what_they_have(builder)
    builder.sees("Wat past in jouw leven?")
    builder.fill("Postcode", "1315")
    builder.fill("Hoe ver wil je hooguit reizen?", "0")
    builder.press("Maak mijn routes")
    expect(page.get_by_role("heading", name=say("Er is nog geen route die past"))).to_be_visible()
    builder.looks_right()
    page.get_by_role("link", name=say("Gooi deze route weg")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Gooi deze route weg?"))
    builder.looks_right()
    builder.press("Ja, gooi weg")
    expect(page.get_by_text(say("Je route is weg."))).to_be_visible()


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
@pytest.mark.parametrize("lang", ["nl", "en"], ids=["Dutch", "English"])
def test_what_is_folded_away_on_a_route_and_a_module_that_is_put_in_look_right(server: Server, builder: Builder) -> None:
    say, page = builder.say, builder.page
    _chooses_a_goal(builder, server)
    _says_what_they_have(builder)
    _tells_their_life(builder)
    page.locator("summary").filter(has_text=say("Alle stappen")).first.click()
    builder.press("Kies deze route")
    page.locator("summary").filter(has_text=say("Voeg een module toe")).click()
    page.locator("summary").filter(has_text=say("Alle stappen")).first.click()
    builder.looks_right()
    page.locator("#route details").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Voeg een module toe"))
    builder.looks_right()
    route = page.url.partition("/move/")[0]
    _something_changes(server, route.rpartition("/")[2])
    page.goto(f"{route}/changes")
    expect(page).to_have_url(f"{route}/changes")
    builder.looks_right()


def _something_changes(server: Server, key: str) -> None:
    """Note that the programme of a pathway asks other modules."""
    tables.import_models()  # what is written points to tables of other rooms
    database, now = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}"), datetime.now(UTC)  # noqa: TID251 - the server reads the real clock
    with database.writing() as session:
        pathway_id = session.scalars(select(Pathway.id).where(Pathway.edit_key == key)).one()
        session.add(PathwayChange(id=new_id(), pathway_id=pathway_id, kind=ChangeKind.PROGRAMME_CHANGED, cause_id=new_id(), noted_at=now))
    database.close()
