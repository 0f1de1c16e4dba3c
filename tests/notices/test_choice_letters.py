"""Letters about the end of a request made to measure, and the class that comes of it: who won, who did not, what was bought, and what is next."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from academy.accounts.api import Role
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.employers import api as employers
from academy.employers.api import PoolState, RequestState
from academy.employers.kinds import PledgeState
from academy.employers.service import choosing, proposing, requesting
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.notices.gateway import Letter
from tests.employers.market import DAY, SLUG, Market, open_market
from tests.employers.tailoring import Atelier, add_provider, open_atelier
from tests.notices.tailored import (
    LURE,
    OTHER,
    ask,
    choose,
    colleague,
    decline,
    letters,
    propose,
    reads_english,
    take_back,
    withdraw,
)

PARTNER = "partner"
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


@pytest.fixture
def atelier(market: Market) -> Atelier:
    found = open_atelier(market)
    found.planners[PARTNER] = add_provider(market, PARTNER)
    return found


def planner(atelier: Atelier, slug: str = SLUG) -> str:
    return atelier.planners[slug].email


def ended(atelier: Atelier, *, now: datetime | None = None) -> dict[str, Letter]:
    return letters(atelier.market, employers.RequestEnded(atelier.request().id), now=now)


def propose_together(atelier: Atelier) -> None:
    """Send a proposal to which a partner agreed."""
    code = atelier.begin(SLUG, title=LURE, content=LURE, partners=(PARTNER,))
    atelier.run(proposing.agree_to_proposal, actor=atelier.planners[PARTNER], provider_slug=PARTNER, proposal_code=code)
    atelier.send()


def lapse(atelier: Atelier, until: datetime) -> None:
    atelier.market.now = until
    assert atelier.run(requesting.lapse_request, request_id=atelier.request().id)


# Chosen


def test_who_wins_hears_what_to_do_and_its_partner_that_the_other_opens_the_class(atelier: Atelier) -> None:
    ask(atelier)
    propose_together(atelier)
    code = choose(atelier)
    told = ended(atelier)
    won, partner = told[planner(atelier)], told[planner(atelier, PARTNER)]
    assert won.subject == partner.subject == f"Jullie voorstel is gekozen: aanvraag {atelier.code}"
    assert "Maak de module af" in won.text
    assert "Zet het startmoment open" in won.text
    assert code in won.text, "the link leads to the class"
    assert "Maak de module af" not in partner.text
    assert f"/provider/{PARTNER}/proposals/{atelier.proposals[SLUG]}" in partner.text


def test_who_bought_hears_how_many_seats_at_which_price_and_when_they_are_given_out(atelier: Atelier) -> None:
    colleague_too = colleague(atelier.market, atelier.firm.organisation_id, Role.APPROVER)
    ask(atelier)
    propose(atelier)
    choose(atelier, reference=LURE)
    told = ended(atelier)
    assert set(told) == {atelier.firm.actor.email, colleague_too, planner(atelier)}
    receipt = told[atelier.firm.actor.email].text
    for words in ("6 plekken voor je vastgelegd", "zet het startmoment open", f"€{NBSP}245", f"€{NBSP}1.470", "dinsdag", f"/requests/{atelier.code}"):
        assert words in receipt


def test_who_did_not_win_is_thanked_and_reads_why_behind_the_link(atelier: Atelier) -> None:
    reads_english(atelier.market, atelier.planners[OTHER])
    ask(atelier)
    propose(atelier)
    propose(atelier, OTHER)
    choose(atelier, reason=LURE)
    lost = ended(atelier)[planner(atelier, OTHER)]
    assert lost.language == "en"
    assert f"/en/provider/{OTHER}/proposals/{atelier.proposals[OTHER]}" in lost.text


def test_without_a_reason_none_is_promised_and_who_declined_or_took_back_hears_nothing(atelier: Atelier) -> None:
    ask(atelier)
    propose(atelier)
    propose(atelier, OTHER)
    propose(atelier, PARTNER)
    take_back(atelier, PARTNER)
    choose(atelier)
    told = ended(atelier)
    assert set(told) == {planner(atelier), planner(atelier, OTHER), atelier.firm.actor.email}
    assert "Er is een ander voorstel gekozen" in told[planner(atelier, OTHER)].text
    assert "waarom" not in told[planner(atelier, OTHER)].text


def test_of_a_group_the_winner_hears_that_each_firm_decides_and_the_asker_buys_nothing_by_it(market: Market, atelier: Atelier) -> None:
    market.gathered(4, 5)
    chooser = market.firms[-1].actor
    atelier.ask_for_pool(chooser)
    propose(atelier, min_seats=6)
    atelier.time_to_choose()
    atelier.choose(actor=chooser)
    told = ended(atelier)
    assert set(told) == {chooser.email, planner(atelier)}
    assert "Iedereen in de groep beslist nu zelf, uiterlijk op" in told[planner(atelier)].text
    assert "Zet het startmoment open" not in told[planner(atelier)].text
    assert "beslist zelf" in told[chooser.email].text
    assert "vastgelegd" not in told[chooser.email].text
    market.set_pool(state=PoolState.GATHERING, confirm_by=None)
    assert ended(atelier) == {}, "the group went on without this class"


def test_once_the_class_is_open_or_called_off_only_who_did_not_win_hears(atelier: Atelier) -> None:
    ask(atelier)
    propose(atelier)
    propose(atelier, OTHER)
    code = choose(atelier)
    for state in (catalogue.OfferingState.ACTIVE, catalogue.OfferingState.CANCELLED):
        with atelier.market.database.writing() as session:
            session.execute(update(Offering).where(Offering.code == code).values(state=state))
        assert set(ended(atelier)) == {planner(atelier, OTHER)}


# Ended without a choice


def test_who_proposed_or_still_could_hears_that_the_request_is_withdrawn_and_who_declined_does_not(atelier: Atelier) -> None:
    atelier.planners["vierde"] = add_provider(atelier.market, "vierde")
    ask(atelier)
    propose(atelier)
    decline(atelier, OTHER)
    atelier.begin(PARTNER)
    withdraw(atelier, reason=LURE)
    told = ended(atelier)
    assert set(told) == {planner(atelier, slug) for slug in (SLUG, PARTNER, "vierde")}, "who asked knows it"
    assert "De aanvraag is ingetrokken" in told[planner(atelier)].text
    assert "waarom" in told[planner(atelier)].text
    for slug in (PARTNER, "vierde"):
        assert "Jullie hoeven geen voorstel te doen" in told[planner(atelier, slug)].text
    late = ended(atelier, now=atelier.request().proposals_until)
    assert set(late) == {planner(atelier)}, "the others could not propose any more"


def test_a_request_that_nobody_answered_tells_who_asked_what_they_can_do(atelier: Atelier) -> None:
    ask(atelier)
    lapse(atelier, atelier.request().proposals_until)
    assert atelier.request().state is RequestState.LAPSED
    told = ended(atelier)
    assert set(told) == {atelier.firm.actor.email}
    for words in ("Geen aanbieder deed op tijd een voorstel", "Vraag het opnieuw", f"/requests/{atelier.code}", "/pools"):
        assert words in told[atelier.firm.actor.email].text


def test_a_request_of_which_nobody_chose_tells_who_asked_and_thanks_who_proposed(atelier: Atelier) -> None:
    ask(atelier)
    propose_together(atelier)
    lapse(atelier, atelier.request().choose_until)
    told = ended(atelier)
    assert set(told) == {atelier.firm.actor.email, planner(atelier), planner(atelier, PARTNER)}
    assert all("Er is niet op tijd een voorstel gekozen" in letter.text for letter in told.values())
    assert "Vraag het opnieuw" in told[atelier.firm.actor.email].text


def test_a_request_that_is_open_has_no_letter_about_its_end(atelier: Atelier) -> None:
    ask(atelier)
    propose(atelier)
    assert ended(atelier) == {}
    assert letters(atelier.market, employers.RequestEnded(new_id())) == {}


# The class is open


def opened(atelier: Atelier) -> str:
    """Let the provider open the class that was chosen, and its seats be ordered; returns the class."""
    ask(atelier)
    propose(atelier)
    code = choose(atelier)
    atelier.run(catalogue.open_for_enrolment, actor=atelier.market.planner, provider_slug=SLUG, code=code)
    atelier.run(choosing.order_opened, module_id=module_of(atelier))
    return code


def module_of(atelier: Atelier) -> UUID:
    offering_id = atelier.request().offering_id
    assert offering_id is not None
    with atelier.market.database.reading() as session:
        slug = catalogue.offerings_by_id(session, [offering_id])[offering_id].module_slug
        return catalogue.modules_by_slug(session, [slug])[slug].id


def about_the_class(atelier: Atelier, *, now: datetime | None = None) -> dict[str, Letter]:
    return letters(atelier.market, employers.TailoredOpened(atelier.request().id), now=now)


def test_who_acts_for_the_firm_hears_that_it_can_name_people_until_when_and_where(atelier: Atelier) -> None:
    reader = colleague(atelier.market, atelier.firm.organisation_id, Role.OWNER, language="en")
    opened(atelier)
    told, block_id = about_the_class(atelier), atelier.request().block_id
    assert {to: letter.language for to, letter in told.items()} == {atelier.firm.actor.email: "nl", reader: "en"}
    assert block_id is not None
    letter = told[atelier.firm.actor.email]
    for words in ("Je 6 plekken zijn besteld", "Geef door wie er komen, tot en met", f"/seats/{block_id.hex}", f"€{NBSP}1.470"):
        assert words in letter.text
    starts_on = atelier.proposal().starts_on
    too_late = atelier.market.now + (starts_on - atelier.today - 5 * DAY)
    assert "Geef door wie er komen" not in about_the_class(atelier, now=too_late)[atelier.firm.actor.email].text


def test_no_letter_says_that_a_class_is_open_that_is_not_or_has_begun(atelier: Atelier) -> None:
    ask(atelier)
    propose(atelier)
    code = choose(atelier)
    assert about_the_class(atelier) == {}, "it is a concept"
    atelier.run(catalogue.open_for_enrolment, actor=atelier.market.planner, provider_slug=SLUG, code=code)
    assert about_the_class(atelier) == {}, "nothing is ordered yet"
    atelier.run(choosing.order_opened, module_id=module_of(atelier))
    assert len(about_the_class(atelier)) == 1
    assert about_the_class(atelier, now=atelier.market.now + 90 * DAY) == {}
    with atelier.market.database.writing() as session:
        session.execute(update(Offering).where(Offering.code == code).values(state=catalogue.OfferingState.CANCELLED))
    assert about_the_class(atelier) == {}


def test_a_class_of_a_group_has_its_own_letters(market: Market, atelier: Atelier) -> None:
    pledges = market.gathered(4, 5)
    atelier.ask_for_pool(market.firms[-1].actor)
    propose(atelier, min_seats=6)
    atelier.time_to_choose()
    atelier.choose(actor=market.firms[-1].actor)
    for one in pledges:
        market.confirm(one)
    assert market.facts(pledges[0]).state is PledgeState.PLACED
    assert about_the_class(atelier) == {}
    assert ended(atelier) == {}, "that it goes ahead is told to all who are in it"
    assert letters(market, employers.TailoredOpened(new_id())) == {}
