"""A firm has a module made to measure: it asks two providers, answers a question, compares their proposals and chooses; the class follows of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers import subscribers as employers
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import gettext, reading_in
from academy.notices import subscribers as notices
from tests import builders
from tests.browser import WIDE, axe, fits
from tests.employers.market import EVENING, Firm, Market, open_market
from tests.enrolment.vat import decide_vat
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, sign_in_with_password

pytestmark = pytest.mark.journey
IN_BOTH = pytest.mark.parametrize("lang", ["nl", "en"], ids=["Dutch", "English"])
PASSWORD = "een-lang-wachtwoord-26"  # pragma: allowlist secret
_TUESDAY, _WEEK = 1, timedelta(weeks=1)


@dataclass
class Parties:
    """Who takes part: a firm's buyer with what they asked, and for each provider (by slug) who plans there."""

    market: Market
    lang: Language
    buyer: Actor
    planners: dict[str, Actor]
    demand_code: str

    def say(self, sentence: str, **values: object) -> str:
        with reading_in(self.lang):
            return gettext(sentence, **values)


@pytest.fixture
def parties(server: Server, lang: Language) -> Iterator[Parties]:
    """Give a firm and two providers of their own on the running server."""
    notices.register()  # so that what happens here is told to the server
    employers.register()
    database, now = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}"), datetime.now(UTC)  # noqa: TID251 - the server reads the real clock
    market = open_market(database, now, slug=f"op-maat-{lang}")
    with database.writing() as session:
        other = builders.provider(session, f"werkplaats-{lang}", f"De Werkplaats {lang.upper()}")
        decide_vat(session, now, other)
        people = [
            builders.actor(session, now, name=name, email=f"{name.split()[0].lower()}-maat-{lang}@voorbeeld.nl", password=PASSWORD, language=lang)
            for name in ("Inge Inkoper", "Pia Planner", "Wim Werkplaats")
        ]
        for person, provider_id in zip(people[1:], (market.provider_id, other), strict=True):
            accounts.add_membership(session, person_id=person.person_id, organisation_id=provider_id, role=Role.PLANNER)
    firm = market.firm(f"Zilver {lang.upper()}", budget=Money(10_000_00))
    assert firm.organisation_id is not None
    with database.writing() as session:
        accounts.add_membership(session, person_id=people[0].person_id, organisation_id=firm.organisation_id, role=Role.BUYER)
    demand_id = market.demand(Firm(people[0], firm.organisation_id, firm.source), people=6, slots=(EVENING,))
    with database.reading() as session:
        code = queries.demand_by_id(session, demand_id).code
    yield Parties(market, lang, people[0], {market.slug: people[1], f"werkplaats-{lang}": people[2]}, code)
    database.close()


def _page(browser: Browser, server: Server, parties: Parties, who: Actor) -> Page:
    context = browser.new_context(viewport=WIDE, locale="nl-NL" if parties.lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in_with_password(page, server.url, DUTCH if parties.lang == "nl" else ENGLISH, who.email, PASSWORD)
    return page


def _looks_right(page: Page) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
        axe(page)
    page.set_viewport_size(WIDE)


def _letter(page: Page, server: Server, parties: Parties, to: Actor, where: str) -> str:
    """Wait for a letter with a link to `where`, and return that link."""
    found = page.get_by_role("listitem").filter(has_text=to.email)
    for _each in range(200):
        page.goto(f"{server.url}/{parties.lang}/demo/mailbox")
        if found.count():
            found.first.get_by_role("link").click()
            link = re.search(rf"http://\S+{where}\S*", page.get_by_role("main").inner_text())
            if link:
                return link.group()
        page.wait_for_timeout(300)
    pytest.fail(f"no letter to {to.email} has a link to {where}")


def _asks(buyer: Page, server: Server, parties: Parties) -> str:
    """Let the firm ask both providers; returns the code of the request."""
    say = parties.say
    buyer.goto(f"{server.url}/{parties.lang}/my/demands/{parties.demand_code}")
    buyer.get_by_role("link", name=say("Laat het op maat maken")).click()
    buyer.get_by_label(say("Hoe noem je dit?")).fill("")
    buyer.get_by_role("button", name=say("Vraag om voorstellen")).click()
    expect(buyer.get_by_role("alert")).to_contain_text(say("Geef het een naam."))
    _looks_right(buyer)
    buyer.get_by_label(say("Hoe noem je dit?")).fill("Netwerken in het magazijn")
    for box in buyer.locator("input[name=providers]:checked").all():
        box.uncheck()
    for summary in buyer.locator("details:not([open]) > summary.academy-more__toggle").all():
        summary.click()
    for slug in parties.planners:
        buyer.locator(f"input[name=providers][value={slug}]").check()
    buyer.get_by_role("button", name=say("Vraag om voorstellen")).click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Netwerken in het magazijn")
    _looks_right(buyer)
    return buyer.url.rstrip("/").rsplit("/", 1)[-1]


def _proposes(page: Page, parties: Parties, *, price: str) -> None:
    """Fill in a proposal, read it again, and send it."""
    say, first = parties.say, amsterdam_day(parties.market.now) + timedelta(days=60)
    first += ((_TUESDAY - first.weekday()) % 7) * timedelta(days=1)
    page.get_by_role("link", name=say("Doe een voorstel")).click()
    page.get_by_role("button", name=say("Bewaar en lees terug")).click()
    expect(page.get_by_role("alert")).to_contain_text(say("Schrijf wat de mensen doen."))
    _looks_right(page)
    page.get_by_label(say("Wat gaan de mensen doen?")).fill("Acht avonden in de werkplaats")
    page.get_by_label(say("Wat kunnen ze daarna?")).fill("legt een klein netwerk aan\nzoekt een storing op")
    page.get_by_label(say("Eerste les")).fill(first.isoformat())
    page.get_by_label(say("Aantal lessen")).fill("8")
    page.get_by_label(say("Lesvorm")).select_option("online")
    page.get_by_label(say("Prijs per plek, in euro’s")).fill(price)
    page.get_by_role("button", name=say("Bewaar en lees terug")).click()
    _looks_right(page)
    page.get_by_role("button", name=say("Verstuur het voorstel")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Verstuurd"))
    _looks_right(page)


@IN_BOTH
def test_a_firm_has_a_module_made_and_its_provider_opens_the_class(browser: Browser, server: Server, parties: Parties) -> None:
    say, market = parties.say, parties.market
    buyer = _page(browser, server, parties, parties.buyer)
    code = _asks(buyer, server, parties)
    (one, planner), (other, maker) = parties.planners.items()
    first, second = _page(browser, server, parties, planner), _page(browser, server, parties, maker)

    # a provider asks something, and both read the answer
    first.goto(_letter(first, server, parties, planner, f"/provider/{one}/tailored/"))
    first.get_by_label(say("Jullie vraag")).fill("Hebben ze al eens gepatcht?")
    first.get_by_role("button", name=say("Stel de vraag")).click()
    _looks_right(first)
    buyer.goto(_letter(buyer, server, parties, parties.buyer, f"/requests/{code}"))
    buyer.locator("#questions textarea").fill("Nee, nog nooit.")
    buyer.get_by_role("button", name=say("Verstuur het antwoord")).click()
    second.goto(_letter(second, server, parties, maker, f"/provider/{other}/tailored/"))
    expect(second.get_by_role("main")).to_contain_text("Nee, nog nooit.")
    _looks_right(second)

    # both propose; what they wrote stays closed until nobody is waited for
    first.goto(f"{server.url}/{parties.lang}/provider/{one}/tailored/{code}")
    _proposes(first, parties, price="300")
    buyer.goto(f"{server.url}/{parties.lang}/requests/{code}")
    expect(buyer.get_by_role("main")).not_to_contain_text("Acht avonden")
    _proposes(second, parties, price="250")
    buyer.goto(f"{server.url}/{parties.lang}/requests/{code}")
    expect(buyer.get_by_role("table")).to_contain_text("De Werkplaats")
    _looks_right(buyer)

    # the firm chooses the cheaper one: its money is promised, its seats are kept
    buyer.get_by_role("link", name=say("Kies dit voorstel")).first.click()
    expect(buyer.get_by_role("main")).to_contain_text("1.500" if parties.lang == "nl" else "1,500")
    _looks_right(buyer)
    buyer.get_by_role("radio").first.check()
    buyer.get_by_role("button", name=say("Kies met betaalverplichting")).click()
    expect(buyer.get_by_role("main")).to_contain_text("De Werkplaats")
    _looks_right(buyer)
    assert market.earmarked(market.firms[-1]) == Money(1_500_00)

    # its provider hears, and opens the class; the firm says who come
    _letter(second, server, parties, maker, f"/provider/{other}/")
    with market.database.reading() as session:
        offering_id = queries.requests.request_by_code(session, code).offering_id
        assert offering_id is not None
        offering = catalogue.offerings_by_id(session, [offering_id])[offering_id].offering.code
    market.run(catalogue.open_for_enrolment, actor=maker, provider_slug=other, code=offering)
    buyer.goto(_letter(buyer, server, parties, parties.buyer, f"/employer/{market.prefix}-1/seats/"))
    expect(buyer.get_by_role("main")).to_contain_text("0 van 6 met een naam" if parties.lang == "nl" else "0 of 6 with a name")
    _looks_right(buyer)
