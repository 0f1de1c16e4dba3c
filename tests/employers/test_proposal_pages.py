"""The pages on which a provider reads requests, asks about them, and proposes; without a browser."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.employers.kinds import InviteState
from academy.employers.models import Proposal, RequestQuestion
from academy.employers.service import requesting
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders
from tests.employers.market import SLUG
from tests.employers.proposal_desk import (
    LIST,
    OTHER,
    THIRD,
    Work,
    address,
    agree,
    days_pass,
    number,
    open_desk,
    over,
    post,
    request_address,
    signing_in,
    text,
)
from tests.employers.tailoring import Atelier

OTHERS_LIST = f"/nl/provider/{OTHER}/tailored"


@pytest.fixture
def asked(app: Flask, database: Database) -> Atelier:
    found = open_desk(app, database)
    found.ask(SLUG, OTHER)
    return found


@pytest.fixture
def work(app: Flask, asked: Atelier) -> Work:
    return signing_in(app, asked)


def choose(atelier: Atelier, **about: Any) -> str:
    atelier.time_to_choose()
    return atelier.choose(SLUG, budget=str(atelier.market.budget_id(atelier.firm)), **about)


# The list


def test_a_provider_without_requests_reads_where_they_will_stand(work: Work) -> None:
    page = text(work(THIRD), f"/nl/provider/{THIRD}/tailored")
    assert "Nog geen aanvragen" in page
    assert f'href="/nl/provider/{THIRD}/pools"' in page


def test_a_request_waits_first_with_its_clocks_and_is_told_where_pools_are(asked: Atelier, work: Work) -> None:
    client = work()
    page = text(client, LIST)
    assert page.index("Wacht op jullie antwoord") < page.index(f'href="{request_address(asked)}"')
    assert "Voorstel tot en met" in page
    assert "Vragen tot en met" in page
    assert "6 mensen" in page
    pools = text(client, f"/nl/provider/{SLUG}/pools")
    assert "1 aanvraag op maat wacht op jullie." in pools
    assert "Vraag die je nog niet bedient" in pools
    assert f'href="{LIST}"' in text(client, f"/nl/provider/{SLUG}")


def test_a_request_moves_through_the_list_and_no_other_proposal_shows(asked: Atelier, work: Work) -> None:
    client, partner = work(), work(OTHER)
    asked.begin(partners=(OTHER,))
    page = text(client, LIST)
    assert page.index("Er wacht nu geen aanvraag op jullie") < page.index("Jullie voorstellen") < page.index("Versturen tot en met")
    others = text(partner, OTHERS_LIST)
    assert others.index("Wacht op jullie antwoord") < others.index("Voorstellen van anderen") < others.index("Akkoord tot en met")
    assert "van Windesheim in Almere" in others
    assert "2 aanvragen op maat wachten op jullie." in text(partner, f"/nl/provider/{OTHER}/pools")
    agree(asked)
    asked.send()
    assert "Wordt gekozen tot en met" in text(client, LIST)
    assert "Jullie zijn akkoord" in text(partner, OTHERS_LIST)
    asked.run(requesting.decline_invite, actor=asked.planners[OTHER], provider_slug=OTHER, request_code=asked.code)
    others = text(partner, OTHERS_LIST)
    assert others.index("Voorbij") < others.index("Geen voorstel")
    assert "Plaatlassen op maat" not in text(work(THIRD), f"/nl/provider/{THIRD}/tailored")


def test_what_is_over_says_what_came_of_it_and_why(asked: Atelier, work: Work) -> None:
    asked.propose()
    asked.propose(OTHER, title="Iets anders")
    choose(asked, reason="De dagen passen beter")
    won, lost = text(work(), LIST), text(work(OTHER), OTHERS_LIST)
    assert won.index("Voorbij") < won.index("Jullie zijn gekozen")
    assert lost.index("Voorbij") < lost.index("Een ander gekozen")
    assert "Waarom: De dagen passen beter" in lost
    page = text(work(OTHER), request_address(asked, OTHER))
    assert "Een ander voorstel is gekozen." in page
    assert "Waarom: De dagen passen beter" in page
    assert "Plaatlassen op maat" not in page


# One request


def test_a_question_is_read_by_all_who_were_invited_without_who_asked(asked: Atelier, work: Work) -> None:
    page = text(work(), request_address(asked))
    assert "Dun plaatstaal lassen zonder kromtrekken" in page
    assert "Jullie naam staat er niet bij" in page
    assert "Doe een voorstel" in page
    assert "Firma 1" not in page
    for _press in range(2):
        post(work(), request_address(asked, what="/questions"), text="Hoe dik is het staal?")
    assert number(asked, RequestQuestion) == 1
    others = text(work(OTHER), request_address(asked, OTHER))
    assert "Hoe dik is het staal?" in others
    assert "Windesheim" not in others
    assert "Nog geen antwoord." in others


def test_a_question_without_words_or_too_long_is_told_and_kept(asked: Atelier, work: Work) -> None:
    ask = request_address(asked, what="/questions")
    assert "Schrijf een vraag." in post(work(), ask, text="  ", status=422)
    assert "y" * 1001 in post(work(), ask, text="y" * 1001, status=422)
    assert number(asked, RequestQuestion) == 0


def test_after_the_last_day_to_ask_one_still_proposes_and_after_that_one_neither(asked: Atelier, work: Work) -> None:
    days_pass(asked, questions_until=asked.market.now - timedelta(hours=1))
    page = text(work(), request_address(asked))
    assert "Stel de vraag" not in page
    assert "Doe een voorstel" in page
    post(work(), request_address(asked, what="/questions"), text="Te laat?", status=409)
    over(asked)
    page = text(work(), request_address(asked))
    assert "De tijd voor voorstellen is voorbij. Jullie deden geen voorstel." in page
    assert "Doe een voorstel" not in page
    assert work().get(request_address(asked, what="/proposal")).status_code == 303


def test_who_says_no_once_or_twice_can_still_change_its_mind(asked: Atelier, work: Work) -> None:
    client = work()
    for _press in range(2):
        post(client, request_address(asked, what="/decline"))
    page = text(client, request_address(asked))
    assert "Je kunt nog van gedachten veranderen" in page
    assert "We doen geen voorstel" not in page
    assert "Doe een voorstel" in page
    assert asked.seen_at(SLUG).invites[0][1] is InviteState.DECLINED


def test_a_request_that_was_taken_back_or_lapsed_says_so(asked: Atelier, work: Work) -> None:
    asked.propose()
    asked.run(requesting.withdraw_request, actor=asked.firm.actor, request_code=asked.code, reason="We stoppen ermee")
    page = text(work(), request_address(asked))
    assert "Deze aanvraag is ingetrokken" in page
    assert "We stoppen ermee" in page
    asked.ask(SLUG)
    asked.market.now = asked.request().proposals_until
    asked.run(requesting.lapse_request, request_id=asked.request().id)
    assert "Er is niet op tijd gekozen" in text(work(), request_address(asked))


# One proposal


def test_the_lead_reads_it_as_it_is_sent_and_that_it_stays_sealed(asked: Atelier, work: Work) -> None:
    client = work()
    asked.begin(class_price=Money(1000_00), min_seats=8)
    page = text(client, address(asked))
    assert "voor 8 plekken" in page
    assert "€ 125" in page
    assert "blijft dicht tot en met" in page
    for _press in range(2):
        post(client, address(asked, what="/send"))
    page = text(client, address(asked))
    assert "Verstuurd op" in page
    assert "Verstuur het voorstel" not in page
    assert "Wijzig het voorstel" not in page
    text(client, address(asked, what="/change"), status=409)
    for _press in range(2):
        post(client, address(asked, what="/withdraw"))
    assert "Dit voorstel is ingetrokken." in text(client, address(asked))
    assert "Doe een voorstel" in text(client, request_address(asked))


def test_a_draft_that_is_taken_back_leaves_the_request_waiting(asked: Atelier, work: Work) -> None:
    client = work()
    asked.begin()
    post(client, address(asked, what="/withdraw"))
    waiting = text(client, LIST)
    assert waiting.index("Wacht op jullie antwoord") < waiting.index(f'href="{request_address(asked)}"')
    assert "Jullie voorstel" not in waiting
    page = text(client, request_address(asked))
    assert "Plaatlassen op maat" not in page
    assert "Doe een voorstel" in page


def test_a_partner_reads_what_it_agrees_to_and_the_lead_waits_for_it(asked: Atelier, work: Work) -> None:
    lead, partner = work(), work(OTHER)
    asked.begin(partners=(OTHER,))
    page = text(lead, address(asked))
    assert "Wacht op akkoord van Techniek" in page
    assert "Verstuur het voorstel" not in page
    post(lead, address(asked, what="/send"), status=409)
    page = text(partner, address(asked, OTHER))
    assert "Windesheim in Almere vraagt jullie om mee te doen" in page
    assert "deze tekst, deze dagen en deze prijs" in page
    assert "Trek het voorstel in" not in page
    for _press in range(2):
        post(partner, address(asked, OTHER, "/agree"))
    assert "Jullie zijn akkoord met dit voorstel." in text(partner, address(asked, OTHER))
    assert "Verstuur het voorstel" in text(lead, address(asked))
    for what in ("/send", "/withdraw", "/change"):
        post(partner, address(asked, OTHER, what), status=404)


def test_a_draft_of_which_the_days_are_past_is_not_sent(asked: Atelier, work: Work) -> None:
    asked.begin()
    with asked.market.database.writing() as session:
        session.execute(update(Proposal).values(starts_on=asked.today))
    page = text(work(), address(asked))
    assert "De eerste les is al geweest" in page
    assert "Verstuur het voorstel" not in page
    over(asked)
    page = text(work(), address(asked))
    assert "Dit voorstel is niet verstuurd" in page
    assert "Wijzig het voorstel" not in page
    text(work(), address(asked, what="/change"), status=409)


def test_a_chosen_one_links_to_its_class_for_the_lead_only(asked: Atelier, work: Work) -> None:
    asked.begin(partners=(OTHER,))
    agree(asked)
    asked.send()
    code = choose(asked)
    lead, partner = text(work(), address(asked)), text(work(OTHER), address(asked, OTHER))
    assert f'href="/nl/provider/{SLUG}/offerings/{code}"' in lead
    assert "Maak ze compleet en open het startmoment" in lead
    assert "Dit voorstel is gekozen." in partner
    assert code not in partner
    assert "Trek het voorstel in" not in lead
    assert text(work(), f"/nl/provider/{SLUG}/offerings/{code}")


def test_a_class_of_a_pool_opens_by_itself_when_firms_confirm(asked: Atelier, work: Work) -> None:
    asked.market.gathered(4, 5)
    firm = asked.market.firms[-1].actor
    asked.ask_for_pool(firm)
    asked.propose(min_seats=6, max_seats=16)
    asked.time_to_choose()
    asked.choose(actor=firm)
    page = text(work(), address(asked))
    assert "De bedrijven bevestigen nu hun plekken." in page
    assert "open het startmoment" not in page


def test_for_who_is_no_party_there_is_no_request_and_no_proposal(asked: Atelier, work: Work) -> None:
    asked.propose()
    stranger = work(actor=asked.firm.actor)
    for client, slug in ((work(THIRD), THIRD), (stranger, SLUG), (stranger, OTHER)):
        for page in (request_address(asked, slug), request_address(asked, slug, "/proposal"), address(asked, slug), address(asked, slug, "/change")):
            text(client, page, status=404)
        for act in ("/questions", "/decline", "/proposal"):
            post(client, request_address(asked, slug, act), status=404)
        for act in ("/send", "/withdraw", "/agree", "/change"):
            post(client, address(asked, slug, act), status=404)
    text(stranger, LIST, status=404)
    invited = work(OTHER)
    text(invited, request_address(asked, OTHER))
    text(invited, address(asked, OTHER), status=404)
    post(invited, address(asked, OTHER, "/agree"), status=404)
    text(invited, address(asked), status=404)


def test_who_may_only_read_sees_no_buttons_and_does_nothing(asked: Atelier, work: Work) -> None:
    asked.begin(partners=(OTHER,))
    with asked.market.database.writing() as session:
        reader = builders.actor(session, asked.market.now, name="Rik Lezer")
        for slug in (SLUG, OTHER):
            accounts.add_membership(
                session, person_id=reader.person_id, organisation_id=asked.market.provider_id if slug == SLUG else asked.proposal().partners[0][0], role=Role.READER,
            )
    client = work(actor=reader)
    for page in (LIST, address(asked), address(asked, OTHER), request_address(asked), request_address(asked, OTHER)):
        shown = text(client, page)
        assert 'class="nl-button nl-button--primary"' not in shown.partition("<main")[2], page
        assert 'method="post"' not in shown.partition("<main")[2], page
    text(client, request_address(asked, OTHER, "/proposal"), status=404)
    for act in (request_address(asked, what="/questions"), request_address(asked, what="/decline"), address(asked, what="/send"), address(asked, OTHER, "/agree")):
        post(client, act, status=404, text="Mag dit?")


def test_every_page_can_be_read_in_english(asked: Atelier, work: Work) -> None:
    asked.begin()
    for page in (LIST, f"/nl/provider/{SLUG}/pools", request_address(asked), address(asked), address(asked, what="/change")):
        assert '<html lang="en"' in text(work(), page.replace("/nl/", "/en/"))
    assert "Tuesday evening" in text(work(), address(asked, lang="en"))
