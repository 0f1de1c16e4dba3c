"""The form with which a provider proposes: what it finds there, what is wrong told at its field, and nothing made twice."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.employers.kinds import ProposalState
from academy.employers.models import Proposal
from academy.employers.rules import proposing
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.employers.market import EVENING, MORNING, SLUG
from tests.employers.proposal_desk import (
    OTHER,
    THIRD,
    Work,
    address,
    agree,
    faults,
    filled_in,
    number,
    open_desk,
    post,
    request_address,
    signing_in,
    text,
)
from tests.employers.tailoring import Atelier, add_provider

WRITTEN = {"content": "Acht avonden in de werkplaats", "outcomes": "- last dun plaatstaal\n\n* keurt een las", "seat_price": "245"}


@pytest.fixture
def asked(app: Flask, database: Database) -> Atelier:
    found = open_desk(app, database)
    found.ask(SLUG, OTHER)
    return found


@pytest.fixture
def work(app: Flask, asked: Atelier) -> Work:
    return signing_in(app, asked)


def test_the_form_is_filled_in_from_the_request_and_two_presses_make_one_proposal(asked: Atelier, work: Work) -> None:
    client, new = work(), request_address(asked, what="/proposal")
    sent = filled_in(text(client, new))
    last_day = amsterdam_day(asked.request().proposals_until - timedelta(seconds=1))
    assert (sent["title"], sent["slot"], sent["min_seats"], sent["max_seats"]) == ("Lassen van dun plaatstaal", EVENING, "6", "6")
    assert sent["starts_on"] == proposing.first_day(EVENING, last_day).isoformat()
    assert sent["partners"] == []
    first, second = (post(client, new, **sent | WRITTEN) for _press in range(2))
    assert first == second
    with asked.market.database.reading() as session:
        row = session.scalars(select(Proposal)).one()
    assert (row.state, row.outcomes, row.seat_price, (row.ends_on - row.starts_on).days) == (
        ProposalState.DRAFT, ["last dun plaatstaal", "keurt een las"], Money(245_00), 63,
    )
    assert client.get(new).headers["Location"] == first


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"title": " "}, "Naam van de cursus", "Vul een naam in."),
    ({"content": ""}, "Wat gaan de mensen doen?", "Schrijf wat de mensen doen."),
    ({"outcomes": " - \n"}, "Wat kunnen ze daarna?", "Schrijf er één tot twaalf"),
    ({"outcomes": "x\n" * 13}, "Wat kunnen ze daarna?", "Schrijf er één tot twaalf"),
    ({"outcomes": "x" * 501}, "Wat kunnen ze daarna?", "Een regel is te lang"),
    ({"starts_on": ""}, "Eerste les", "Kies de dag van de eerste les."),
    ({"starts_on": "2020-01-07"}, "Eerste les", "tot dan kan iedereen nog een voorstel doen"),
    ({"slot": MORNING}, "Eerste les", "Kies een zaterdag"),
    ({"slot": "wed-morning"}, "Moment van de week", ""),
    ({"meetings": "0"}, "Aantal lessen", "van 1 tot en met 60"),
    ({"place": "elders"}, "Locatie", ""),
    ({"place": "werkplaats", "mode": "online"}, "Locatie", "Een les online heeft geen locatie."),
    ({"mode": "postduif"}, "Lesvorm", ""),
    ({"seat_price": ""}, "Prijs voor de hele groep, in euro’s", "Vul een prijs in"),
    ({"seat_price": "12,345"}, "Prijs per plek, in euro’s", "twee cijfers"),
    ({"min_seats": "0"}, "Gaat door vanaf", "van 1 tot en met 200"),
    ({"max_seats": "5"}, "Hooguit zoveel plekken", "minstens 6 plekken nodig"),
    ({"max_seats": "201"}, "Hooguit zoveel plekken", "Meer dan 200"),
    ({"min_seats": "9", "max_seats": "8"}, "Hooguit zoveel plekken", "meer plekken nodig om door te gaan"),
    ({"ec": "61"}, "Studiepunten (EC)", "Meer dan 60 EC"),
    ({"ec": "2,55"}, "Studiepunten (EC)", "hooguit één cijfer"),
    ({"hours": "1681"}, "Uren leren in totaal", "Meer dan 1680"),
    ({"nlqf": "9"}, "Niveau (NLQF)", ""),
    ({"partners": [SLUG]}, "Wie geeft dit samen met jullie?", ""),
    ({"partners": [OTHER, THIRD, "elders", "vier", "vijf"]}, "Wie geeft dit samen met jullie?", "Kies hooguit vier"),
]


def test_every_fault_is_told_at_its_field_and_what_was_typed_stays(asked: Atelier, work: Work) -> None:
    for slug in ("vier", "vijf"):
        add_provider(asked.market, slug)
    client, new = work(), request_address(asked, what="/proposal")
    sent = filled_in(text(client, new)) | WRITTEN | {"hours": "40"}
    for wrong, label, sentence in FAULTS:
        typed = sent | wrong
        page = post(client, new, **typed, status=422)
        assert list(faults(page)) == [label], wrong
        assert sentence in faults(page)[label], wrong
        kept = filled_in(page)
        for name in ("content", "outcomes", "starts_on", "seat_price", "min_seats", "hours"):
            assert kept[name].strip() == str(typed[name]).strip(), (wrong, name)
    assert len(faults(post(client, new, status=422))) > 5  # nothing at all
    assert number(asked, Proposal) == 0


def test_the_form_tells_what_a_seat_costs_at_these_prices(asked: Atelier, work: Work) -> None:
    client, new = work(), request_address(asked, what="/proposal")
    sent = filled_in(text(client, new)) | WRITTEN | {"title": "", "class_price": "1000"}
    assert "Bij 6 plekken kost één plek € 166,66, samen € 999,96." in post(client, new, **sent, status=422)
    assert "Bij 8 plekken kost één plek € 125, samen € 1.000." in post(client, new, **sent | {"min_seats": "8", "max_seats": "8"}, status=422)


def test_who_changes_a_draft_finds_it_as_it_was_and_partners_agree_anew(asked: Atelier, work: Work) -> None:
    client, new = work(), request_address(asked, what="/proposal")
    more: dict[str, Any] = {"place": "werkplaats", "ec": "2,5", "nlqf": "4+", "meetings": "8", "class_price": "1000", "partners": [OTHER]}
    typed = filled_in(text(client, new)) | WRITTEN | more
    asked.proposals[SLUG] = post(client, new, **typed).rpartition("/")[2]
    agree(asked)
    shown = text(client, address(asked))
    assert "De werkplaats" in shown
    assert "2,5 EC" in shown
    assert "akkoord" in shown
    change = address(asked, what="/change")
    kept = filled_in(text(client, change))
    assert kept == typed | {"outcomes": "last dun plaatstaal\nkeurt een las"}
    post(client, change, **kept | {"title": "Nog beter"})
    assert (asked.proposal().title, asked.proposal().partners[0][1]) == ("Nog beter", False)
    assert "Vul een naam in." in post(client, change, **kept | {"title": ""}, status=422)
