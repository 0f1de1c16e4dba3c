"""Letters about demand, pools and pledges: to the right reader, in their language, true when written, and without a stranger's words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.models import Person, SignInLink
from academy.employers import api as employers
from academy.employers import service
from academy.employers.drafts import DemandDraft, PledgeDraft
from academy.employers.kinds import DemandState, Party, PledgeState, PoolState
from academy.employers.models import Demand, Pledge
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event
from academy.notices.employer_pool_letters import LETTERS
from academy.notices.gateway import Letter
from tests import builders
from tests.employers.market import DAY, EVENING, MORNING, SLUG, Firm, Market, open_market

LURE = "Win €€€ op evil.example"
STRANGER = "iemand@voorbeeld.nl"


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def letters(market: Market, event: Event, *, now: datetime | None = None) -> list[Letter]:
    """Return what is written about an event, the first line of each body in one language."""
    (write,) = [write for kind, write in LETTERS.values() if kind is type(event)]
    with market.database.reading() as session:
        written = list(write(session, event, now or market.now))
    for letter in written:
        assert LURE not in letter.subject + letter.text + letter.html, "no stranger's words"
    return written


def url_of(market: Market, pledge_id: UUID) -> str:
    return f"/pledges/{employers.pledge_token_for(pledge_id)}"


def typed_demand(market: Market) -> employers.DemandPosted:
    """Let somebody who is not signed in ask something with an address; returns the news."""
    draft = DemandDraft(Party.EMPLOYER, STRANGER, "nl", LURE, 2, kvk_number="12345678", postcode="1315")
    with market.database.writing() as session:
        service.post_demand(session, draft=draft, actor=None, request_key=None, next_path="/nl/x/{code}", now=market.now)
    return employers.DemandPosted(_one(market, select(Demand.id).where(Demand.email == STRANGER)), _one(market, select(SignInLink.id)))


def typed_pledge(market: Market, email: str = STRANGER) -> employers.PledgeMade:
    """Let somebody who is not signed in promise three seats with an address; returns the news."""
    draft = PledgeDraft(Party.EMPLOYER, email, "nl", 3, (EVENING,), reference=LURE)
    with market.database.writing() as session:
        service.make_pledge(session, pool_code=market.pool_code, draft=draft, actor=None, demand_id=None, next_path="/nl/y/{code}", now=market.now)
    return employers.PledgeMade(_one(market, select(Pledge.id).where(Pledge.email == email)), _one(market, select(SignInLink.id)))


def _one(market: Market, question: Any) -> Any:
    with market.database.reading() as session:
        return session.scalars(question).one()


def _set(market: Market, table: type[Any], row_id: UUID, **values: Any) -> None:
    with market.database.writing() as session:
        session.execute(update(table).where(table.id == row_id).values(**values))


def office(market: Market) -> accounts.Actor:
    """Return somebody of the programme office."""
    with market.database.writing() as session:
        found = builders.actor(session, market.now)
        owner = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=accounts.OrganisationKind.OFFICE)
        accounts.add_membership(session, person_id=found.person_id, organisation_id=owner, role=Role.OFFICE)
    return found


def read_english(market: Market, firm: Firm) -> None:
    _set(market, Person, firm.actor.person_id, language="en")


def test_a_demand_is_proven_by_a_link_that_signs_in(market: Market) -> None:
    event = typed_demand(market)
    (letter,) = letters(market, event)
    assert letter.to == STRANGER
    assert letter.subject == "Bevestig je vraag"
    assert accounts.token_for(event.link_id) in letter.text
    assert "hoef je niets te doen" in letter.text


def test_a_demand_that_counts_or_was_taken_back_is_not_asked_about(market: Market) -> None:
    event = typed_demand(market)
    _set(market, Demand, event.demand_id, state=DemandState.WITHDRAWN, ended_at=market.now)
    assert letters(market, event) == []
    _set(market, Demand, event.demand_id, state=DemandState.UNPROVEN, ended_at=None)
    assert letters(market, event, now=market.now + DAY) == [], "the link is too old"


def test_an_answer_leads_to_the_pool_or_to_the_answer(market: Market) -> None:
    firm = market.firm()
    demand_id = market.demand(firm)
    market.run(service.note_answer, demand_id=demand_id)
    (letter,) = letters(market, employers.DemandAnswered(demand_id))
    assert letter.to == firm.actor.email
    assert f"/demand/answer/{employers.demand_token_for(demand_id)}" in letter.text
    market.begin()
    pledge_id = market.pledge(firm, 2, demand_id=demand_id)
    (letter,) = letters(market, employers.DemandAnswered(demand_id))
    assert letter.subject == "Er is een groep voor je vraag: Netwerkbeheer"
    assert f"/pools/{market.pool_code}" in letter.text
    market.set_pledge(pledge_id, state=PledgeState.ASKED)
    assert letters(market, employers.DemandAnswered(demand_id)) == [], "the letter to confirm says it"


def test_an_address_that_nobody_proved_gets_a_link_and_whoever_has_it_a_receipt(market: Market) -> None:
    market.begin()
    event = typed_pledge(market)
    (letter,) = letters(market, event)
    assert (letter.to, letter.subject) == (STRANGER, "Bevestig dat je meedoet: Netwerkbeheer")
    assert event.link_id is not None
    assert accounts.token_for(event.link_id) in letter.text
    assert url_of(market, event.pledge_id) not in letter.text, "whoever reads it has yet to prove that it is theirs"
    assert letters(market, event, now=market.now + DAY) == []
    owner = market.citizen()
    market.set_pledge(event.pledge_id, state=PledgeState.OPEN, person_id=owner.actor.person_id, proven_at=market.now)
    (receipt,) = letters(market, employers.PledgeMade(event.pledge_id, None))
    assert (receipt.to, receipt.subject) == (owner.actor.email, "Je doet mee: Netwerkbeheer")
    assert url_of(market, event.pledge_id) in receipt.text
    assert "3 plekken" in receipt.text
    assert "dinsdagavond" in receipt.text


def test_a_receipt_is_sent_once_and_in_another_pool_again(market: Market) -> None:
    market.begin()
    pledge_id = market.pledge()
    first, again = (letters(market, employers.PledgeMade(pledge_id, None))[0].key for _each in range(2))
    assert first == again
    there, here = market.pool_code, market.begin(market.firm(), postcode="3811")
    market.run(service.merge_pools, actor=office(market), pool_code=there, into_code=here)
    (merged,) = letters(market, employers.PledgeMade(pledge_id, None))
    assert merged.key != first
    assert "samengevoegd" in merged.text
    assert "Amersfoort" in merged.text


def test_the_provider_hears_when_most_can_how_many_and_for_what(market: Market) -> None:
    market.begin()
    for seats, slots in ((8, (EVENING, MORNING)), (5, (EVENING,))):
        market.pledge(None, seats, *slots)
    (letter,) = letters(market, employers.ProviderAsked(market.pool().id))
    with market.database.reading() as session:
        assert letter.to == accounts.person(session, market.planner.person_id).email
    for words in ("13 plekken", "dinsdagavond (13 plekken)", "zaterdagochtend (8 plekken)", "Almere en omgeving", "€\N{NO-BREAK SPACE}245"):
        assert words in letter.text
    assert f"/provider/{SLUG}/pools/{market.pool_code}" in letter.text
    assert "Firma" not in letter.text, "a provider hears of numbers, not of firms"


def test_without_a_module_the_programme_office_hears(market: Market) -> None:
    market.gathered(6, 6)
    market.set_pool(module_id=None, title=LURE)
    reader = office(market)
    (letter,) = letters(market, employers.ProviderAsked(market.pool().id))
    assert letter.to == reader.email
    assert letter.subject == f"Een groep zoekt een aanbieder: groep {market.pool_code}"


def test_each_who_can_is_asked_to_confirm_and_reminded_with_the_price_of_all_seats(market: Market) -> None:
    pledge_id, *_others = market.accepted(4, 8)
    read_english(market, market.firms[1])
    asked, reminded = (letters(market, employers.PledgeAsked(pledge_id, number))[0] for number in (0, 1))
    assert (asked.language, asked.subject == reminded.subject, asked.key == reminded.key) == ("en", False, False)
    for words in ("Network management", "€245", "€980", "Sun 6 September 2026", url_of(market, pledge_id).removeprefix("/pledges")):
        assert words in asked.text
    market.set_pool(confirm_by=market.now + 9 * DAY)
    assert letters(market, employers.PledgeAsked(pledge_id, 0))[0].key != asked.key, "asked again after waiting longer, it is another letter"


def test_who_could_not_pay_hears_that_and_owes_nothing(market: Market) -> None:
    pledge_id, *_others = market.accepted(4, 8)
    assert letters(market, employers.PledgeUnpaid(pledge_id)) == []
    market.set_pledge(pledge_id, state=PledgeState.UNPAID)
    (letter,) = letters(market, employers.PledgeUnpaid(pledge_id))
    assert "Je betaalt niets" in letter.text


def test_all_hear_that_the_class_goes_ahead_also_who_is_not_in_it(market: Market) -> None:
    market.begin()
    citizen = market.citizen()
    ready = [market.pledge(None, 11), market.pledge(citizen)]
    cannot = market.pledge(None, 3, MORNING)
    market.accept()
    for one in ready:
        market.confirm(one)
    assert market.pool().state is PoolState.CONFIRMED
    told = {letter.to: letter for letter in letters(market, employers.ClassFounded(market.pool().id))}
    firm, other = market.firms[1], market.firms[2]
    assert len(told) == 4
    assert "Je 11 plekken zijn besteld" in told[firm.actor.email].text
    assert "Geef door wie er komen, tot en met di 13 oktober 2026" in told[firm.actor.email].text
    assert "/employer/firma-2/seats/" in told[firm.actor.email].text
    assert "binnen 48 uur" in told[citizen.actor.email].text
    assert "De groep begint zonder jou" in told[other.actor.email].subject
    assert market.facts(cannot).state is PledgeState.LAPSED
    with market.database.reading() as session:
        planner = told[accounts.person(session, market.planner.person_id).email]
    assert "12 plekken besteld" in planner.text
    assert f"/workspace/{SLUG}" in planner.text or f"/provider/{SLUG}/offerings" in planner.text


def test_who_is_short_reads_only_what_they_can_choose(market: Market) -> None:
    confirmed, asked, *_others = market.short(6, 4, 2, confirming=1)
    told = {letter.to: letter.text for letter in letters(market, employers.PoolShort(market.pool().id))}
    by_pledge = {one: told[address(market, one)] for one in (confirmed, asked)}
    assert "Langer wachten: de anderen krijgen vijf dagen" in by_pledge[confirmed]
    assert "De lege plekken betalen" in by_pledge[confirmed]
    assert "Alsnog bevestigen" not in by_pledge[confirmed]
    assert "Alsnog bevestigen" in by_pledge[asked]
    assert "De lege plekken betalen" not in by_pledge[asked]
    assert "12 plekken nodig. Er zijn er nu 6" in by_pledge[asked]
    assert any("toch laten doorgaan" in text for text in told.values()), "the provider can go on with fewer"
    market.set_pool(extended=2)
    assert not any("Langer wachten" in letter.text for letter in letters(market, employers.PoolShort(market.pool().id)) if "toch laten" not in letter.text)


def address(market: Market, pledge_id: UUID) -> str:
    return market.facts(pledge_id).email


def test_a_pool_that_ended_owes_nothing_and_says_where_else_to_look(market: Market) -> None:
    pledges = market.short(6, 4, 2, confirming=1)
    market.now += 7 * DAY
    market.run(service.lapse_short_pool, pool_id=market.pool().id)
    told = letters(market, employers.PoolLapsed(market.pool().id))
    assert len(told) == len(pledges) + 1
    firm = next(letter for letter in told if letter.to == address(market, pledges[0]))
    assert "Je betaalt niets" in firm.text
    assert "niet genoeg plekken" in firm.text
    assert "/pools" in firm.text
    assert any("nog een concept" in letter.text for letter in told), "the provider's class is still there"


def test_a_class_that_is_called_off_before_it_was_founded_is_told_to_who_gathers_on(market: Market) -> None:
    pledges = market.accepted(6, 6)
    market.confirm(pledges[0])
    assert letters(market, employers.OfferTakenBack(market.pool().id)) == [], "there is an offer"
    market.run(service.class_called_off, offering_id=market.offering().id)
    told = letters(market, employers.OfferTakenBack(market.pool().id))
    assert {letter.to for letter in told} == {address(market, one) for one in pledges}
    assert "Je betaalt niets" in told[0].text


def test_where_who_pledged_has_left_others_of_the_firm_read_it(market: Market, now: datetime) -> None:
    pledge_id, *_others = market.accepted(6, 6)
    firm = market.firms[1]
    assert firm.organisation_id is not None
    with market.database.writing() as session:
        colleague = builders.actor(session, now)
        accounts.add_membership(session, person_id=colleague.person_id, organisation_id=firm.organisation_id, role=Role.OWNER)
        session.execute(update(Person).where(Person.id == firm.actor.person_id).values(email="erased-1@invalid"))
    told = letters(market, employers.PledgeAsked(pledge_id, 0))
    assert colleague.email in {letter.to for letter in told}


class Gone:
    """For each event: what makes its letter have no sense any more."""

    @staticmethod
    def made(market: Market) -> Event:
        pledge_id = market.gathered(4)[0]
        market.set_pledge(pledge_id, state=PledgeState.WITHDRAWN)
        return employers.PledgeMade(pledge_id, None)

    @staticmethod
    def answered(market: Market) -> Event:
        demand_id = market.demand(market.firm())
        _set(market, Demand, demand_id, state=DemandState.MET, ended_at=market.now)
        return employers.DemandAnswered(demand_id)

    @staticmethod
    def asked(market: Market) -> Event:
        pledge_id = market.accepted(6, 6)[0]
        market.run(service.decline_pledge, pledge_id=pledge_id)
        return employers.PledgeAsked(pledge_id, 1)

    @staticmethod
    def too_late(market: Market) -> Event:
        pledge_id = market.accepted(6, 6)[0]
        market.now += 6 * DAY
        return employers.PledgeAsked(pledge_id, 0)

    @staticmethod
    def provider(market: Market) -> Event:
        market.accepted(6, 6)
        return employers.ProviderAsked(market.pool().id)

    @staticmethod
    def founded(market: Market) -> Event:
        for one in market.accepted(6, 6):
            market.confirm(one)
        market.run(service.class_called_off, offering_id=market.offering().id)
        return employers.ClassFounded(market.pool().id)

    @staticmethod
    def short(market: Market) -> Event:
        first, *_others = market.short(6, 6, confirming=1)
        market.run(service.extend_pool, pledge=market.facts(first), by=None)
        return employers.PoolShort(market.pool().id)

    @staticmethod
    def lapsed(market: Market) -> Event:
        for one in market.accepted(6, 6):
            market.confirm(one)
        return employers.PoolLapsed(market.pool().id)

    @staticmethod
    def erased_demand(_market: Market) -> Event:
        return employers.DemandPosted(new_id(), new_id())

    @staticmethod
    def erased_pledge(_market: Market) -> Event:
        return employers.PledgeAsked(new_id(), 0)


@pytest.mark.parametrize("case", sorted(name for name in vars(Gone) if not name.startswith("_")))
def test_what_is_gone_gets_no_letter(market: Market, case: str) -> None:
    assert letters(market, getattr(Gone, case)(market)) == []
