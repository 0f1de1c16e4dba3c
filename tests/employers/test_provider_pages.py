"""The pages on which a provider answers employers that want a class together, without a browser."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts_service
from academy.accounts.api import Role, add_membership
from academy.accounts.queries import Actor
from academy.employers import service
from academy.employers.drafts import DemandDraft
from academy.employers.kinds import PledgeState, PoolState
from academy.employers.rules import proposing
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from tests import builders
from tests.employers.market import DAY, EVENING, SLUG, Firm, Market, open_market

LIST = f"/nl/provider/{SLUG}/pools"
OFFER = ("module", "slot", "starts_on", "meetings", "mode", "place", "price", "needed", "seats")


@pytest.fixture
def market(app: Flask, database: Database) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_market(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def at_work(app: Flask, market: Market) -> Callable[[Actor], FlaskClient]:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with market.database.writing() as session:
            row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=market.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


@pytest.fixture
def planner(market: Market, at_work: Callable[[Actor], FlaskClient]) -> FlaskClient:
    return at_work(market.planner)


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def filled_in(page: str) -> dict[str, str]:
    """Return what a form sends that nobody touched."""
    sent: dict[str, str] = {}

    class Fields(HTMLParser):
        select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            about = dict(attrs)
            if tag == "input" and about.get("name") in OFFER:
                sent[str(about["name"])] = about.get("value") or ""
            elif tag == "select":
                self.select = str(about.get("name"))
            elif tag == "option" and self.select in OFFER and ("selected" in about or self.select not in sent):
                sent[self.select] = about.get("value") or ""

    Fields().feed(page)
    return sent


def asks(market: Market, firm: Firm, words: str) -> None:
    draft = DemandDraft(firm.party, firm.actor.email, "nl", words, 2, postcode="1315")
    market.run(service.post_demand, draft=draft, actor=firm.actor, request_key=None, next_path="/x/{code}")


def test_a_provider_without_pools_reads_that_nothing_waits(planner: FlaskClient) -> None:
    page = text(planner, LIST)
    assert "Er wacht nu geen groep op jullie" in page
    assert "Alle vraag heeft een antwoord" in page


def test_a_pool_that_asks_stands_first_with_its_clock_and_without_a_name(market: Market, planner: FlaskClient) -> None:
    market.gathered(6, 6)
    page = text(planner, LIST)
    assert f'href="{LIST}/{market.pool_code}"' in page
    assert "Antwoord voor" in page
    assert "einde van de dag" in page
    assert "12 van 12 plekken" in page
    assert "Firma 2" not in page + text(planner, f"{LIST}/{market.pool_code}")
    assert f'href="{LIST}"' in text(planner, f"/nl/provider/{SLUG}")


def test_accepting_is_one_look_and_one_button(market: Market, planner: FlaskClient) -> None:
    pledges = market.gathered(6, 6)
    address = f"{LIST}/{market.pool_code}"
    page = text(planner, address)
    sent = filled_in(page)
    assert sent["starts_on"] == proposing.first_day(EVENING, amsterdam_day(market.now)).isoformat()
    assert (sent["slot"], sent["price"], sent["needed"]) == (EVENING, "245", "12")
    assert "12 plekken van € 245 is € 2.940" in page.replace("\N{NO-BREAK SPACE}", " ")
    answer = planner.post(address, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "De bedrijven krijgen nu een e-mail" in answer.get_data(as_text=True)
    offering = market.offering()
    assert market.pool().state is PoolState.PROVISIONAL
    assert (offering.weekdays, offering.starts_on.isoformat(), (offering.ends_on - offering.starts_on).days) == (("tue",), sent["starts_on"], 63)
    assert market.states(pledges) == [PledgeState.ASKED] * 2


def test_the_first_day_that_is_proposed_is_four_weeks_ahead_and_no_public_holiday() -> None:
    assert proposing.first_day("tue-evening", date(2026, 9, 1)) == date(2026, 9, 29)
    assert proposing.first_day("wed-morning", date(2026, 9, 1)) == date(2026, 9, 30)
    assert proposing.first_day("fri-morning", date(2026, 11, 23)) == date(2027, 1, 8)  # after Christmas and New Year's Day
    assert proposing.first_day("sat-morning", date(2026, 11, 26)) == date(2026, 12, 26)  # on Saturdays nobody counts on an office


def test_the_number_of_meetings_is_that_of_the_last_class() -> None:
    first = date(2026, 9, 1)
    assert proposing.meetings_of(first, first + 63 * DAY, ("tue",), 0) == 10
    assert proposing.meetings_of(first, first + 63 * DAY, ("tue", "thu"), 0) == 20
    assert proposing.meetings_of(first, first + 63 * DAY, (), 4) == 4
    assert proposing.meetings_of(first, first + 63 * DAY, (), 0) == proposing.USUAL_MEETINGS
    assert proposing.last_day(first, 10) == first + 63 * DAY


def test_an_offer_that_can_not_be_made_says_at_its_field_what_is_wrong(market: Market, planner: FlaskClient) -> None:
    market.gathered(6, 6)
    address = f"{LIST}/{market.pool_code}"
    sent = filled_in(text(planner, address))
    first = proposing.first_day(EVENING, amsterdam_day(market.now))
    wrong = {
        "starts_on": [((first + DAY).isoformat(), "want dan kunnen de mensen"), (amsterdam_day(market.now).isoformat(), "Kies een latere dag"), ("", "Kies de dag")],
        "needed": [("13", "kunnen er minder mensen"), ("1", "van 2 tot en met 200")], "seats": [("11", "meer mensen nodig dan er plekken zijn")],
        "meetings": [("0", "van 1 tot en met 60"), ("61", "van 1 tot en met 60")], "price": [("", "Vul de prijs in")],
    }
    for name, tries in wrong.items():
        for value, sentence in tries:
            answer = planner.post(address, data=sent | {name: value})
            assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True), (name, value)
    assert market.pool().state is PoolState.ASKED


def test_declining_asks_why_and_lets_the_pool_gather_on(market: Market, planner: FlaskClient) -> None:
    market.gathered(6, 6)
    address = f"{LIST}/{market.pool_code}/decline"
    assert "Lukt deze les niet?" in text(planner, address)
    assert planner.post(address, data={"reason": " "}).status_code == 422
    page = planner.post(address, data={"reason": "Geen docent"}, follow_redirects=True).get_data(as_text=True)
    assert "Jullie geven deze les niet" in page
    assert (market.pool().state, market.pool().module_id) == (PoolState.ASKED, None)
    assert planner.get(address).status_code == 404


def test_after_the_yes_the_provider_sees_names_only_of_those_that_confirmed(market: Market, planner: FlaskClient) -> None:
    pledges = market.accepted(6, 6)
    market.confirm(pledges[0])
    page = text(planner, f"{LIST}/{market.pool_code}")
    assert "6 plekken zijn bevestigd." in page
    assert "1 moet nog antwoorden." in page
    assert ("Firma 2" in page, "Firma 3" in page) == (True, False)
    assert "Ga toch door" not in page


def test_a_class_that_is_short_goes_ahead_all_the_same_when_its_provider_wants(market: Market, planner: FlaskClient) -> None:
    market.short(6, 6, confirming=1)
    address = f"{LIST}/{market.pool_code}"
    assert "Ga toch door" in text(planner, address)
    page = planner.post(f"{address}/start", follow_redirects=True).get_data(as_text=True)
    assert "De groep gaat door" in page
    assert market.pool().state is PoolState.CONFIRMED


def test_a_pool_without_a_module_asks_which_module_it_is_for(market: Market, planner: FlaskClient) -> None:
    market.gathered(6, 6)
    market.set_pool(module_id=None)
    address = f"{LIST}/{market.pool_code}"
    assert "Groepen waarvoor nog geen module is" in text(planner, LIST)
    page = text(planner, address)
    assert "Welke module past hierbij?" in page
    assert f'value="{market.module_slug}"' in page
    sent = filled_in(text(planner, f"{address}?module={market.module_slug}"))
    assert planner.post(address, data=sent).status_code == 303
    assert market.pool().module_id == market.module_id


def test_demand_that_nobody_answered_is_shown_without_who_asks(market: Market, planner: FlaskClient) -> None:
    firm = market.firm()
    asks(market, firm, "Een netwerk beheren")
    asks(market, market.firm(), "Kaas maken van geitenmelk")
    page = text(planner, LIST)
    assert "Past bij een module van jullie" in page
    assert "Dit bieden jullie nog niet" in page
    assert page.index("Een netwerk beheren") < page.index("Kaas maken")
    assert "Firma" not in page
    assert firm.actor.email not in page


def test_who_only_reads_sees_pools_and_answers_none_and_a_stranger_sees_nothing(market: Market, at_work: Callable[[Actor], FlaskClient]) -> None:
    market.gathered(6, 6)
    with market.database.writing() as session:
        reader = builders.actor(session, market.now, name="Rik Lezer")
        add_membership(session, person_id=reader.person_id, organisation_id=market.provider_id, role=Role.READER)
        stranger = builders.actor(session, market.now, name="Vera Vreemd")
    address = f"{LIST}/{market.pool_code}"
    assert "Geef deze les" not in text(at_work(reader), address)
    assert at_work(reader).get(f"{address}/decline").status_code == 404
    assert [at_work(stranger).get(one).status_code for one in (LIST, address)] == [404, 404]


def test_a_pool_of_another_provider_is_not_there(market: Market, planner: FlaskClient) -> None:
    market.gathered(6, 6)
    with market.database.writing() as session:
        other = builders.provider(session, "aeres", "Aeres")
        add_membership(session, person_id=market.planner.person_id, organisation_id=other, role=Role.READER)
    assert planner.get(f"/nl/provider/aeres/pools/{market.pool_code}").status_code == 404
    assert market.pool_code not in text(planner, "/nl/provider/aeres/pools")
