"""Letters about a request made to measure that is not decided yet: to the right reader, in their language, true when written, and of nobody's words."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select

from academy.accounts.api import Role
from academy.accounts.models import Membership
from academy.employers import api as employers
from academy.employers.models import ProposalPartner
from academy.employers.service import proposing, requesting
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests.employers.market import DAY, SLUG, Market, open_market
from tests.employers.tailoring import Atelier, add_provider, open_atelier
from tests.employers.test_trail import broker
from tests.notices.tailored import (
    LURE,
    OTHER,
    answer,
    ask,
    choose,
    colleague,
    decline,
    letters,
    propose,
    question,
    reads_english,
    take_back,
    withdraw,
)

PARTNER = "partner"


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


@pytest.fixture
def atelier(market: Market) -> Atelier:
    return open_atelier(market)


def planner(atelier: Atelier, slug: str = SLUG) -> str:
    return atelier.planners[slug].email


# Who is invited


def test_each_invited_provider_hears_for_how_many_and_until_when_and_not_who_asks(atelier: Atelier) -> None:
    request_id = ask(atelier)
    told = letters(atelier.market, employers.RequestOpened(request_id))
    assert set(told) == {planner(atelier), planner(atelier, OTHER)}
    letter = told[planner(atelier, OTHER)]
    assert letter.subject == f"Willen jullie een module op maat maken? Aanvraag {atelier.code}"
    for words in ("Hoeveel mensen: 6", "zo 6 september 2026", "vr 11 september 2026", f"/nl/provider/{OTHER}/", f"/{atelier.code}\n"):
        assert words in letter.text
    assert "Firma" not in letter.text


def test_an_english_reader_is_asked_in_english(atelier: Atelier) -> None:
    reads_english(atelier.market, atelier.planners[OTHER])
    told = letters(atelier.market, employers.RequestOpened(ask(atelier)))
    assert [told[planner(atelier, slug)].language for slug in (SLUG, OTHER)] == ["nl", "en"]
    assert told[planner(atelier, OTHER)].text.startswith("Hello,")


def test_a_group_that_asks_is_called_a_group(market: Market, atelier: Atelier) -> None:
    market.gathered(4, 5)
    atelier.ask_for_pool(market.firms[-1].actor, title=LURE)
    told = letters(market, employers.RequestOpened(atelier.request().id))
    assert "Een groep zoekt" in told[planner(atelier)].text
    assert "dinsdagavond" in told[planner(atelier)].text


def test_who_answered_already_is_not_asked(atelier: Atelier) -> None:
    request_id = ask(atelier)
    decline(atelier, OTHER)
    assert set(letters(atelier.market, employers.RequestOpened(request_id))) == {planner(atelier)}
    propose(atelier)
    assert letters(atelier.market, employers.RequestOpened(request_id)) == {}


def test_where_nobody_plans_the_owner_is_asked(atelier: Atelier) -> None:
    market = atelier.market
    owner = colleague(market, market.provider_id, Role.OWNER)
    with market.database.writing() as session:
        session.execute(delete(Membership).where(Membership.role == Role.PLANNER, Membership.organisation_id == market.provider_id))
    assert owner in letters(market, employers.RequestOpened(ask(atelier)))


def test_after_the_last_day_to_ask_the_letter_does_not_offer_it(atelier: Atelier) -> None:
    request_id = ask(atelier)
    late = atelier.request().questions_until
    assert "Vragen stellen" not in letters(atelier.market, employers.RequestOpened(request_id), now=late)[planner(atelier)].text


# Questions


def test_a_question_goes_to_all_who_act_for_the_firm_and_to_nobody_else(atelier: Atelier) -> None:
    market, firm = atelier.market, atelier.firm
    acting = {colleague(market, firm.organisation_id, role) for role in (Role.OWNER, Role.BUYER, Role.APPROVER)}
    passive = colleague(market, firm.organisation_id, Role.READER)
    ask(atelier)
    told = letters(market, employers.QuestionAsked(question(atelier)))
    assert set(told) == acting | {firm.actor.email}
    assert passive not in told
    assert f"/nl/requests/{atelier.code}" in told[firm.actor.email].text
    assert "Windesheim" not in told[firm.actor.email].text, "nobody reads who asked"


def test_a_question_about_a_request_of_the_office_goes_to_the_office(market: Market, atelier: Atelier) -> None:
    office = reads_english(market, broker(market))
    market.gathered(4, 5)
    atelier.ask_for_pool(office)
    told = letters(market, employers.QuestionAsked(question(atelier)))
    assert {to: letter.language for to, letter in told.items()} == {office.email: "en"}


def test_an_answer_goes_to_all_who_may_still_propose_and_not_to_who_declined(market: Market, atelier: Atelier) -> None:
    atelier.planners[PARTNER] = add_provider(market, PARTNER)
    ask(atelier)
    asked = question(atelier)
    answer(atelier, asked)
    propose(atelier)
    decline(atelier, OTHER)
    told = letters(market, employers.QuestionAnswered(asked))
    assert set(told) == {planner(atelier), planner(atelier, PARTNER)}
    assert f"/nl/provider/{PARTNER}/" in told[planner(atelier, PARTNER)].text


# Partners


def partner_of(atelier: Atelier) -> UUID:
    """Begin a proposal with the other provider; returns the partner."""
    atelier.begin(SLUG, title=LURE, content=LURE, partners=(OTHER,))
    return present_partner(atelier)


def present_partner(atelier: Atelier) -> UUID:
    with atelier.market.database.reading() as session:
        return session.scalars(select(ProposalPartner.id)).one()


def test_a_partner_hears_who_asks_it_and_reads_the_words_in_its_own_workspace(atelier: Atelier) -> None:
    ask(atelier)
    (letter,) = letters(atelier.market, employers.PartnerAsked(partner_of(atelier))).values()
    assert letter.to == planner(atelier, OTHER)
    assert letter.subject == "Doen jullie mee met een voorstel van Windesheim in Almere?"
    assert f"/nl/provider/{OTHER}/proposals/{atelier.proposals[SLUG]}\n" in letter.text
    assert "vr 11 september 2026" in letter.text


def test_a_partner_is_asked_about_the_words_as_they_are_and_not_once_it_agreed(atelier: Atelier) -> None:
    ask(atelier)
    first, code = partner_of(atelier), atelier.proposals[SLUG]
    atelier.run(
        proposing.change_proposal, actor=atelier.planners[SLUG], provider_slug=SLUG, proposal_code=code, draft=atelier.plan(partners=(OTHER,)),
    )
    second = present_partner(atelier)
    assert letters(atelier.market, employers.PartnerAsked(first)) == {}
    assert len(letters(atelier.market, employers.PartnerAsked(second))) == 1
    atelier.run(proposing.agree_to_proposal, actor=atelier.planners[OTHER], provider_slug=OTHER, proposal_code=code)
    assert letters(atelier.market, employers.PartnerAsked(second)) == {}


# Proposals


def test_who_asked_hears_that_there_is_a_proposal_and_when_it_opens_and_nothing_of_it(atelier: Atelier) -> None:
    ask(atelier)
    (letter,) = letters(atelier.market, employers.ProposalSent(propose(atelier))).values()
    assert letter.to == atelier.firm.actor.email
    for words in ("Je hebt nu 1 voorstel", "za 12 september 2026", f"/requests/{atelier.code}"):
        assert words in letter.text
    for words in ("Windesheim", atelier.proposals[SLUG], "245"):
        assert words not in letter.text, "it is sealed"


def test_the_letter_that_all_can_be_read_tells_of_the_last_proposal_and_one_that_comes_later_has_its_own(atelier: Atelier) -> None:
    market, request_id = atelier.market, ask(atelier)
    last = propose(atelier)
    decline(atelier, OTHER)
    assert letters(market, employers.ProposalSent(last)) == {}
    assert atelier.run(requesting.open_proposals, request_id=request_id)
    assert letters(market, employers.ProposalSent(last)) == {}
    market.now += DAY
    (letter,) = letters(market, employers.ProposalSent(propose(atelier, OTHER))).values()
    assert "Je kunt het nu lezen" in letter.text
    assert "Je hebt nu 2 voorstellen" in letter.text


def test_who_asked_hears_once_and_is_reminded_once_how_many_can_be_read_and_until_when(atelier: Atelier) -> None:
    request_id = ask(atelier)
    propose(atelier)
    propose(atelier, OTHER)
    told, reminded = (letters(atelier.market, employers.ProposalsReadable(request_id, number))[atelier.firm.actor.email] for number in (0, 1))
    assert told.subject == f"Kies een voorstel voor aanvraag {atelier.code}"
    assert reminded.subject == f"Herinnering: kies een voorstel voor aanvraag {atelier.code}"
    assert told.key != reminded.key
    for words in ("Er zijn 2 voorstellen", "vr 25 september 2026", f"/requests/{atelier.code}"):
        assert words in told.text
        assert words in reminded.text


def test_of_a_group_the_letter_says_that_everybody_decides_for_themselves(market: Market, atelier: Atelier) -> None:
    market.gathered(4, 5)
    chooser = market.firms[-1].actor
    atelier.ask_for_pool(chooser)
    propose(atelier)
    atelier.time_to_choose()
    told = letters(market, employers.ProposalsReadable(atelier.request().id, 0))
    assert set(told) == {chooser.email}, "the others have a letter when they can confirm"
    assert "beslist iedereen in de groep nog zelf" in told[chooser.email].text


# What is gone


class Gone:
    """For each event: what makes its letter have no sense any more."""

    @staticmethod
    def opened_too_late(atelier: Atelier) -> employers.RequestOpened:
        request_id = ask(atelier)
        atelier.time_to_choose()
        return employers.RequestOpened(request_id)

    @staticmethod
    def opened_and_withdrawn(atelier: Atelier) -> employers.RequestOpened:
        request_id = ask(atelier)
        withdraw(atelier)
        return employers.RequestOpened(request_id)

    @staticmethod
    def question_that_is_answered(atelier: Atelier) -> employers.QuestionAsked:
        ask(atelier)
        asked = question(atelier)
        answer(atelier, asked)
        return employers.QuestionAsked(asked)

    @staticmethod
    def question_that_comes_too_late(atelier: Atelier) -> employers.QuestionAsked:
        ask(atelier)
        asked = question(atelier)
        atelier.time_to_choose()
        return employers.QuestionAsked(asked)

    @staticmethod
    def answer_that_comes_too_late(atelier: Atelier) -> employers.QuestionAnswered:
        ask(atelier)
        asked = question(atelier)
        answer(atelier, asked)
        withdraw(atelier)
        return employers.QuestionAnswered(asked)

    @staticmethod
    def partner_of_a_request_that_ended(atelier: Atelier) -> employers.PartnerAsked:
        ask(atelier)
        partner = partner_of(atelier)
        withdraw(atelier)
        return employers.PartnerAsked(partner)

    @staticmethod
    def partner_too_late(atelier: Atelier) -> employers.PartnerAsked:
        ask(atelier)
        partner = partner_of(atelier)
        atelier.time_to_choose()
        return employers.PartnerAsked(partner)

    @staticmethod
    def proposal_taken_back(atelier: Atelier) -> employers.ProposalSent:
        ask(atelier)
        sent = propose(atelier)
        take_back(atelier)
        return employers.ProposalSent(sent)

    @staticmethod
    def readable_and_taken_back(atelier: Atelier) -> employers.ProposalsReadable:
        request_id = ask(atelier)
        propose(atelier)
        atelier.time_to_choose()
        take_back(atelier)
        return employers.ProposalsReadable(request_id, 0)

    @staticmethod
    def readable_and_chosen(atelier: Atelier) -> employers.ProposalsReadable:
        request_id = ask(atelier)
        propose(atelier)
        choose(atelier)
        return employers.ProposalsReadable(request_id, 1)

    @staticmethod
    def readable_too_late(atelier: Atelier) -> employers.ProposalsReadable:
        request_id = ask(atelier)
        propose(atelier)
        atelier.market.now = atelier.request().choose_until
        return employers.ProposalsReadable(request_id, 1)


@pytest.mark.parametrize("case", sorted(name for name in vars(Gone) if not name.startswith("_")))
def test_what_is_gone_gets_no_letter(atelier: Atelier, case: str) -> None:
    assert letters(atelier.market, getattr(Gone, case)(atelier)) == {}


@pytest.mark.parametrize("event", [
    employers.RequestOpened(new_id()), employers.QuestionAsked(new_id()), employers.QuestionAnswered(new_id()), employers.PartnerAsked(new_id()),
    employers.ProposalSent(new_id()), employers.ProposalsReadable(new_id(), 0),
])
def test_what_was_never_there_gets_no_letter(market: Market, event: employers.RequestOpened) -> None:
    assert letters(market, event) == {}
