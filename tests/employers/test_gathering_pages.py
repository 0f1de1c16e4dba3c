"""The pages of pools: what gathers near you, joining with three fields, and one page behind the link in a letter on which a click confirms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from academy.accounts.api import Role, add_membership
from academy.accounts.models import Membership
from academy.employers import queries, service
from academy.employers.kinds import Party, PledgeState, PoolState
from academy.employers.links import pledge_token_for
from academy.employers.models import Pledge
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.payments import api as payments
from tests.employers.market import DAY, EVENING, MORNING, PRICE, Firm, Market, open_market
from tests.world import sign_in

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
TWELVE = (2,) * 6
BILLING = {"legal_name": "Firma BV", "street": "Dorpsstraat 1", "postcode": "1315 aa", "city": "Almere"}
SHOWN = {"shown": str(PRICE.cents)}


@pytest.fixture
def market(app: Flask, database: Database) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_market(database, NOW)


def text(answer: object) -> str:
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[attr-defined, no-any-return]


def letter(app: Flask, pledge_id: UUID) -> str:
    """Return the address in the letter about a pledge."""
    with app.app_context():
        return f"/nl/pledges/{pledge_token_for(pledge_id)}"


def join(market: Market, client: FlaskClient, *, who: str = "employer", **fields: object) -> tuple[int, str]:
    answer = client.post(f"/nl/pools/{market.pool_code}?who={who}", data=fields)
    return answer.status_code, text(client.get(answer.location)) if answer.status_code == 303 else text(answer)


def describe(market: Market, firm: Firm) -> None:
    """Let a firm have said where its invoices go."""
    assert firm.organisation_id is not None
    with market.database.writing() as session:
        payments.note_billing_details(
            session, organisation_id=firm.organisation_id, details=payments.BillingFacts(payments.Party("Firma", "Straat 1", "1315 AA", "Almere", "NL")), now=NOW,
        )


# What gathers


def test_without_pools_the_page_says_what_to_do(client: FlaskClient, market: Market) -> None:
    page = text(client.get("/nl/pools"))
    assert ("Er vormt zich nu geen groep" in page, page.count("Stel je vraag"), market.pool_code) == (True, 1, "")


def test_the_nearest_pools_come_first_and_then_those_that_lack_least(client: FlaskClient, market: Market) -> None:
    far, near, beside = (market.begin(postcode=each) for each in ("6211", "1315", "1211"))
    online = market.begin(postcode="", online=True)
    for code, seats in ((far, 8), (near, 2), (beside, 1), (online, 1)):
        market.pledge(None, seats, code=code)
    order = [near, beside, online, far]

    def places(address: str) -> list[str]:
        page = text(client.get(address))
        found = {code: page.index(f"/nl/pools/{code}") for code in order if f"/nl/pools/{code}" in page}
        return sorted(found, key=found.__getitem__)

    assert places("/nl/pools?postcode=1315+AB") == order
    assert places("/nl/pools")[:2] == [far, near]
    assert places("/nl/pools?online=y") == [online]
    assert "nu 8 van 12" in text(client.get("/nl/pools"))


def test_a_postcode_that_is_none_is_said_at_the_field(client: FlaskClient, market: Market) -> None:
    market.begin()
    market.pledge()
    answer = client.get("/nl/pools?postcode=99")
    assert answer.status_code == 422
    assert "Deze postcode kennen we niet" in text(answer)
    assert f"/nl/pools/{market.pool_code}" in text(answer)


def test_the_list_takes_as_many_statements_for_many_pools_as_for_one(
    client: FlaskClient, market: Market, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    for postcode in ("1315", "1211", "3811", "6211", "3511", "9711"):
        market.begin(postcode=postcode)
        market.pledge(None, 2)
        market.pledge(None, 1)
    client.get("/nl/pools")
    with queries(5):
        assert client.get("/nl/pools?postcode=1315").status_code == 200
    with queries(5):
        assert client.get(f"/nl/pools/{market.pool_code}").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "9" * 40])
def test_a_page_that_is_not_there_is_empty_and_no_fault(client: FlaskClient, market: Market, page: str) -> None:
    market.begin()
    assert client.get(f"/nl/pools?page={page}").status_code == 200


def test_the_page_of_a_letter_takes_few_statements(
    app: Flask, client: FlaskClient, market: Market, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    one, *_others = market.accepted(*TWELVE)
    with queries(14):
        assert client.get(letter(app, one)).status_code == 200


# One pool


def test_a_pool_says_where_it_stands_and_shows_the_moments_as_bars_and_as_a_table(client: FlaskClient, market: Market) -> None:
    market.gathered(3, 2)
    market.pledge(None, 4, EVENING, MORNING)
    page = text(client.get(f"/nl/pools/{market.pool_code}"))
    for words in ("nu 9 van 12", "Er zijn nog 3 plekken nodig op hetzelfde moment", "3 doen mee", "Doe mee", "Hoe gaat het verder?", "De groep is begonnen"):
        assert words in page
    assert page.count("academy-moments__some") == 2
    assert '<td data-label="Plekken" class="academy-table__number">9</td>' in page


def test_a_learner_fills_in_three_fields_and_a_firm_one_more(client: FlaskClient, market: Market) -> None:
    market.begin()
    fields = {"email", "slots", "most_price"}
    for who, more in (("citizen", set()), ("employer", {"seats"})):
        page = text(client.get(f"/nl/pools/{market.pool_code}?who={who}"))
        assert {name for name in (*fields, "seats", "kvk_number") if f'name="{name}"' in page} == fields | more


def test_a_visitor_joins_by_a_letter_and_counts_once_it_is_followed(client: FlaskClient, market: Market) -> None:
    market.begin()
    status, page = join(market, client, email="Nieuw@Bakkerij.Example", seats="3", slots=[EVENING], most_price="250")
    assert (status, "We hebben een e-mail gestuurd naar nieuw@bakkerij.example" in page, "nu 0 van 12" in page) == (303, True, True)
    with market.database.reading() as session:
        made = session.scalars(select(Pledge)).one()
        assert (made.state, made.seats, made.slots, made.most_price) == (PledgeState.UNPROVEN, 3, [EVENING], Money(250_00))
    assert "/pledges/" not in page


@pytest.mark.parametrize(("fields", "said"), [
    ({"email": "geen adres", "seats": "2"}, "Dit is geen e-mailadres"),
    ({"email": "a@b.nl", "seats": ""}, "Vul in hoeveel plekken"),
    ({"email": "a@b.nl", "seats": "0"}, "Kies een getal van 1 tot en met 200"),
    ({"email": "a@b.nl", "seats": "2", "most_price": "0"}, "Vul een bedrag in, of laat dit leeg"),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(client: FlaskClient, market: Market, fields: dict[str, str], said: str) -> None:
    market.begin()
    status, page = join(market, client, **fields)
    assert (status, said in page, fields["email"] in page) == (422, True, True)


def test_who_is_signed_in_takes_part_at_once(app: Flask, client: FlaskClient, market: Market) -> None:
    market.begin()
    firm = market.firm("Bakkerij Jansen")
    sign_in(client, firm.actor.email)
    assert "Je doet mee voor Bakkerij Jansen" in text(client.get(f"/nl/pools/{market.pool_code}"))
    answer = client.post(f"/nl/pools/{market.pool_code}", data={"seats": "2", "slots": [EVENING]}, follow_redirects=True)
    assert "Je doet mee" in text(answer)
    assert "/nl/pledges/" in answer.request.path
    assert "Je doet mee. Bekijk je plekken" in text(client.get(f"/nl/pools/{market.pool_code}"))


def test_who_is_signed_in_without_a_firm_says_which_once(client: FlaskClient, market: Market) -> None:
    market.begin()
    new = market.citizen()
    sign_in(client, new.actor.email)
    answer = client.post(f"/nl/pools/{market.pool_code}?who=employer", data={"seats": "2"}, follow_redirects=True)
    assert "KvK-nummer" in text(answer)
    wrong = client.post(answer.request.path, data={"kvk_number": "12", "firm_name": "www.bakker.nl"})
    assert (wrong.status_code, "Een KvK-nummer heeft acht cijfers" in text(wrong), "Schrijf alleen de naam" in text(wrong)) == (422, True, True)
    done = client.post(answer.request.path, data={"kvk_number": "1234 5678", "firm_name": "Bakkerij Jansen"}, follow_redirects=True)
    assert "Bakkerij Jansen" in text(done)
    assert "Je doet mee" in text(done)


def test_who_acts_for_two_firms_chooses_one(client: FlaskClient, market: Market) -> None:
    market.begin()
    one, other = market.firm("Aannemer"), market.firm("Zonnepanelen BV")
    with market.database.writing() as session:
        assert other.organisation_id is not None
        add_membership(session, person_id=one.actor.person_id, organisation_id=other.organisation_id, role=Role.BUYER)
    join(market, client, email=one.actor.email, seats="2")
    sign_in(client, one.actor.email)
    with market.database.reading() as session:
        code = session.scalars(select(Pledge.code)).one()
    assert "Voor welk bedrijf of welke school?" in text(client.get(f"/nl/my/pledges/{code}/prove"))
    client.post(f"/nl/my/pledges/{code}/prove", data={"firm": str(other.organisation_id)})
    with market.database.reading() as session:
        assert session.scalars(select(Pledge.organisation_id)).one() == other.organisation_id


# The page of a letter


def test_a_firm_confirms_with_one_click_and_no_fields(app: Flask, client: FlaskClient, market: Market) -> None:
    market.gathered(10)
    firm = market.firm()
    describe(market, firm)
    pledge = market.pledge(firm, 2)
    market.accept()
    page = text(client.get(letter(app, pledge)))
    for words in ("Netwerkbeheer", "€ 245", "€ 490", "dinsdag, avond", "Bevestig met betaalverplichting", "Nee, wij doen niet mee"):
        assert words in page
    assert not any(f'name="{name}"' in page for name in ("pay", "street", "may_cost_more", "email"))
    answer = client.post(f"{letter(app, pledge)}/confirm", data=SHOWN, follow_redirects=True)
    assert "Je hebt bevestigd" in text(answer)
    assert market.facts(pledge).state is PledgeState.CONFIRMED


def test_opening_the_link_decides_nothing_and_goes_into_no_search_engine(app: Flask, client: FlaskClient, market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    answers = [client.open(letter(app, one), method=method) for method in ("GET", "HEAD", "GET")]
    assert {(answer.status_code, answer.headers["X-Robots-Tag"]) for answer in answers} == {(200, "noindex")}
    assert market.facts(one).state is PledgeState.ASKED
    for token in ("onzin", "onzin/confirm"):
        assert client.open(f"/nl/pledges/{token}", method="POST" if "/" in token else "GET").status_code == 404


def test_where_the_invoice_goes_is_asked_once(app: Flask, client: FlaskClient, market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    wrong = client.post(f"{letter(app, one)}/confirm", data=SHOWN)
    assert (wrong.status_code, "Vul straat en huisnummer in" in text(wrong)) == (422, True)
    client.post(f"{letter(app, one)}/confirm", data=SHOWN | BILLING)
    facts = market.facts(one)
    assert facts.state is PledgeState.CONFIRMED
    with market.database.reading() as session:
        assert facts.organisation_id is not None
        details = payments.billing_details_of(session, facts.organisation_id)
    assert details is not None
    assert (details.party.name, details.party.postcode, details.party.email) == ("Firma BV", "1315 AA", facts.email)


def test_a_firm_pays_from_a_budget_that_has_enough_or_by_invoice(app: Flask, client: FlaskClient, market: Market) -> None:
    market.gathered(8)
    firm, poor = market.firm(budget=Money(490_00)), market.firm(budget=Money(489_99))
    pledges = [market.pledge(firm, 2), market.pledge(poor, 2)]
    for each in (firm, poor):
        describe(market, each)
    market.accept()
    rich_page, poor_page = (text(client.get(letter(app, one))) for one in pledges)
    assert ('name="pay"' in rich_page, 'name="pay"' in poor_page) == (True, False)
    budget = market.budget_id(firm)
    for chosen in (budget.hex, market.budget_id(poor).hex, "x"):  # another's, too small, none
        refused = client.post(f"{letter(app, pledges[1])}/confirm", data=SHOWN | {"pay": chosen})
        assert (refused.status_code, "In dit budget zit niet meer genoeg" in text(refused)) == (422, True)
    client.post(f"{letter(app, pledges[1])}/confirm", data=SHOWN | {"pay": "invoice"})
    client.post(f"{letter(app, pledges[0])}/confirm", data=SHOWN | {"pay": budget.hex})
    assert market.states(pledges) == [PledgeState.CONFIRMED] * 2
    assert (market.earmarked(firm), market.earmarked(poor)) == (Money(490_00), Money(0))


def test_a_price_above_what_was_said_is_ticked(app: Flask, client: FlaskClient, market: Market) -> None:
    market.gathered(10)
    firm = market.firm()
    describe(market, firm)
    market.set_pool(price=None)
    careful = market.pledge(firm, 2, most=Money(200_00))
    market.accept()
    page = text(client.get(letter(app, careful)))
    assert "Je zei: hooguit € 200. Een plek kost € 245." in page
    wrong = client.post(f"{letter(app, careful)}/confirm", data=SHOWN)
    assert (wrong.status_code, "Vink dit aan, of doe niet mee" in text(wrong)) == (422, True)
    client.post(f"{letter(app, careful)}/confirm", data=SHOWN | {"may_cost_more": "y"})
    assert market.facts(careful).state is PledgeState.CONFIRMED


def test_a_price_that_was_not_shown_is_not_agreed_to(app: Flask, client: FlaskClient, market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    for shown in ("1", "", "x", "9" * 40):
        assert client.post(f"{letter(app, one)}/confirm", data=BILLING | {"shown": shown}).status_code == 409
    assert market.facts(one).state is PledgeState.ASKED


def test_a_citizen_confirms_without_paying_and_reads_what_comes(app: Flask, client: FlaskClient, market: Market) -> None:
    market.gathered(11)
    citizen = market.pledge(market.citizen())
    market.accept()
    page = text(client.get(letter(app, citizen)))
    assert ("Bevestig: ik doe mee" in page, "betaalverplichting" in page) == (True, False)
    answer = client.post(f"{letter(app, citizen)}/confirm", data=SHOWN, follow_redirects=True)
    assert "Je hebt bevestigd" in text(answer)


def test_who_says_no_reads_that_nothing_is_owed_and_what_else_there_is(app: Flask, client: FlaskClient, market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    page = text(client.post(f"{letter(app, one)}/decline", follow_redirects=True))
    assert all(words in page for words in ("Je doet niet mee", "Je betaalt niets", "Bekijk andere groepen"))


def test_a_pledge_is_changed_and_taken_back_by_the_letter(app: Flask, client: FlaskClient, market: Market) -> None:
    one, *_others = market.gathered(2, 2)
    wrong = client.post(f"{letter(app, one)}/change", data={"seats": "x"})
    assert wrong.status_code == 422
    client.post(f"{letter(app, one)}/change", data={"seats": "5", "slots": [EVENING, MORNING], "most_price": "300"})
    assert (market.facts(one).seats, market.facts(one).slots, market.facts(one).most_price) == (5, (EVENING, MORNING), Money(300_00))
    assert "Je zit nergens meer aan vast" in text(client.post(f"{letter(app, one)}/withdraw", follow_redirects=True))
    assert market.facts(one).state is PledgeState.WITHDRAWN


def test_who_does_not_act_for_the_firm_any_more_decides_nothing(app: Flask, client: FlaskClient, market: Market) -> None:
    one, *_others = market.accepted(*TWELVE)
    with market.database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == market.facts(one).person_id))
    for method, more in (("GET", ""), ("POST", "/confirm"), ("POST", "/decline"), ("POST", "/withdraw")):
        answer = client.open(letter(app, one) + more, method=method, data=SHOWN | BILLING if method == "POST" else None)
        assert (answer.status_code, "Je beslist niet meer voor dit bedrijf" in text(answer)) == (403, True)
    assert market.facts(one).state is PledgeState.ASKED


def test_a_founded_class_leads_to_naming_people(app: Flask, client: FlaskClient, market: Market) -> None:
    pledges = market.accepted(*TWELVE)
    for one in pledges:
        market.confirm(one)
    page = text(client.get(letter(app, pledges[0])))
    assert ("De lessen gaan door" in page, "/nl/employer/firma-2/seats" in page) == (True, True)
    assert "De lessen gaan door" in text(client.get(f"/nl/pools/{market.pool_code}"))


# Below the line


def _short(market: Market, confirming: int = 5) -> list[UUID]:
    """Let a pool be short since a moment ago."""
    pledges = market.accepted(*TWELVE)
    for one in pledges[:confirming]:
        market.confirm(one)
    market.set_pool(confirm_by=NOW, told_short_at=NOW)
    return pledges


def test_a_short_pool_shows_the_choices_with_their_price(app: Flask, client: FlaskClient, market: Market) -> None:
    pledges = _short(market)
    page = text(client.get(letter(app, pledges[0])))
    for words in ("Te weinig plekken: wat wil je?", "2 lege plekken", "Betaal € 490 met betaalverplichting", "Ga langer door", "Verlaat de groep"):
        assert words in page
    late = text(client.get(letter(app, pledges[-1])))
    assert ("Bevestig met betaalverplichting" in late, "Betaal € 490" in late) == (True, False)


def test_the_empty_seats_are_paid_with_one_click(app: Flask, client: FlaskClient, market: Market) -> None:
    one, *_others = _short(market)
    answer = client.post(f"{letter(app, one)}/pay-empty-seats", data=SHOWN | {"number": "2", "had": "2"}, follow_redirects=True)
    assert "De lessen gaan door" in text(answer)
    assert (market.pool().state, market.facts(one).seats) == (PoolState.CONFIRMED, 4)


def test_a_short_pool_goes_on_longer_or_is_left_with_one_click(app: Flask, client: FlaskClient, market: Market) -> None:
    one, other, *_others = _short(market)
    assert "Je bent uit de groep" in text(client.post(f"{letter(app, other)}/leave", follow_redirects=True))
    assert "De groep krijgt meer tijd" in text(client.post(f"{letter(app, one)}/extend", follow_redirects=True))
    assert (market.pool().told_short_at, market.facts(other).state) == (None, PledgeState.WITHDRAWN)
    assert "Te weinig plekken" not in text(client.get(letter(app, one)))


@pytest.mark.parametrize("pool_state", list(PoolState))
def test_every_state_has_its_words_in_both_languages(app: Flask, client: FlaskClient, market: Market, pool_state: PoolState) -> None:
    one, *_others = market.accepted(*TWELVE)
    market.confirm(one)
    market.set_pool(state=pool_state, ended_at=NOW if pool_state is PoolState.LAPSED else None, accept_by=NOW + DAY)
    for state in PledgeState:
        market.set_pledge(one, state=state, proven_at=None if state is PledgeState.UNPROVEN else NOW)
        for lang in ("nl", "en"):
            for page in (letter(app, one), f"/nl/pools/{market.pool_code}"):
                answer = client.get(page.replace("/nl/", f"/{lang}/"))
                assert (answer.status_code, "<h1" in text(answer)) == (200, True)


def test_a_school_takes_part_as_a_firm_does(client: FlaskClient, market: Market) -> None:
    market.begin()
    status, _page = join(market, client, who="school", email="decaan@school.example", seats="4")
    with market.database.reading() as session:
        assert (status, session.scalars(select(Pledge.party)).one()) == (303, Party.SCHOOL)
        assert queries.pledges_of(session, market.pool().id) == []


def test_a_pool_that_is_over_takes_nobody_any_more(client: FlaskClient, market: Market) -> None:
    market.gathered(2)
    market.run(service.withdraw_pledge, pledge=market.facts(market.pledge(None, 1)))
    market.set_pool(state=PoolState.LAPSED, ended_at=NOW)
    page = text(client.get(f"/nl/pools/{market.pool_code}"))
    assert ("Deze groep is gestopt" in page, 'name="slots"' in page) == (True, False)
    assert join(market, client, email="a@b.nl", seats="2")[0] == 422
    assert client.get("/nl/pools/bestaatniet").status_code == 404
