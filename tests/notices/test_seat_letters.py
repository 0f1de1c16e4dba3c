"""Letters to who is invited to a seat that an employer pays: who pays what, one link, nothing that somebody typed, and none that has no meaning any more."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from academy.employers import service
from academy.employers.events import SeatCancelled, SeatInvited
from academy.employers.links import guest_token_for
from academy.employers.service import guests
from academy.funding import service as funding_service
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.notices.employer_pool_letters import seats
from academy.notices.gateway import Letter
from tests.employers.buying_desk import BuyingDesk, open_buying_desk

MAIL = ("eva@bakkerij.nl", "KLIK HIER kwaad.example")


@pytest.fixture
def desk(app: Flask, database: Database, now: datetime) -> BuyingDesk:  # the application gives letters their keys
    app.config["WTF_CSRF_ENABLED"] = False
    funding_service.forget_rules()
    return open_buying_desk(database, now)


def _invited(desk: BuyingDesk, app: Flask, guest_id: UUID, *, reminder: int = 0, now: datetime | None = None) -> list[Letter]:
    with app.app_context(), desk.database.reading() as session:
        return seats.invited(session, SeatInvited(guest_id, reminder), now or desk.now)


def _cancelled(desk: BuyingDesk, app: Flask, guest_id: UUID) -> list[Letter]:
    with app.app_context(), desk.database.reading() as session:
        return seats.cancelled(session, SeatCancelled(guest_id), desk.now)


def test_the_letter_says_who_pays_what_when_and_where_and_carries_one_link(app: Flask, desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), MAIL)
    (letter,) = _invited(desk, app, guest_id)
    assert (letter.to, letter.language) == (MAIL[0], "nl")
    for said in ("Bakkerij", "Jij betaalt niets", "Antwoord uiterlijk", f"/seat/{guest_token_for(guest_id)}"):
        assert said in letter.text
    assert "KLIK HIER" not in letter.text + letter.html + letter.subject


def test_each_reminder_is_a_letter_of_its_own_and_each_sent_again_the_same(app: Flask, desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), MAIL)
    keys = [_invited(desk, app, guest_id, reminder=number)[0].key for number in (0, 1, 1, 2)]
    assert keys[1] == keys[2]
    assert len(set(keys)) == 3


def test_who_answered_or_is_too_late_hears_nothing_more(app: Flask, desk: BuyingDesk) -> None:
    seated, refused, late = desk.invite(desk.buy(3), MAIL, ("b@bakkerij.nl", ""), ("c@bakkerij.nl", ""))
    desk.accept(seated)
    desk.run(service.decline_seat, guest_id=refused)
    assert [_invited(desk, app, each) for each in (seated, refused, new_id())] == [[], [], []]
    assert _invited(desk, app, late, now=desk.now + timedelta(days=31)) == []
    desk.run(guests.lapse_due, now=desk.now + timedelta(days=31))
    assert _invited(desk, app, late) == []


def test_who_is_taken_back_hears_that_once_it_is_so(app: Flask, desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), MAIL)
    assert _cancelled(desk, app, guest_id) == []
    desk.act(service.cancel_guest, guest_id)
    (letter,) = _cancelled(desk, app, guest_id)
    assert (letter.to, "ingetrokken" in letter.subject) == (MAIL[0], True)
    assert "/seat/" not in letter.text
