"""A commission goes where the catalogue goes: by its news, and by the clock for what nobody announces."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, Offering, OfferingState
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.outbox import OutboxMessage
from academy.kernel.worker import Worker
from academy.reports import rounds
from academy.reports.kinds import CommissionState
from academy.reports.models import Commission
from academy.reports.service import commissioning
from tests.reports.commission_desk import Desk, open_desk
from tests.reports.world import WELDING

_S = CommissionState


@pytest.fixture
def desk(database: Database) -> Desk:
    return open_desk(database, utc_now())  # the worker reads the clock


def opens_class(desk: Desk) -> None:
    """Open a class as a feed of the provider does, which announces it."""
    first = amsterdam_day(desk.now) + timedelta(days=30)
    with desk.database.writing() as session:
        external_id = session.scalars(select(Module.external_id).where(Module.id == desk.modules["cloud"])).one()
        catalogue.open_offering(session, provider_id=desk.providers["windesheim"], module_external_id=external_id, draft=catalogue.OfferingDraft(
            starts_on=first, ends_on=first + timedelta(days=60), periods=(catalogue.PeriodDraft(closes_on=first - timedelta(days=3)),),
            mode=catalogue.DeliveryMode.ONLINE, part_of_day=catalogue.PartOfDay.EVENING, language="nl", seats=12, price=None,
        ))


def told(desk: Desk, *subscribers: str) -> None:
    """Let only these hear of what was announced: others have pages and an index of their own."""
    with desk.database.writing() as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.subscriber.not_in(subscribers)).values(due_at=desk.now + timedelta(days=3650)))
    Worker(desk.database, []).drain()


def test_the_news_of_a_first_class_and_that_it_is_called_off_is_heard(app: Flask, desk: Desk) -> None:
    code = desk.asks()
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    with app.app_context():
        opens_class(desk)
        told(desk, "reports.commission-module")
        assert desk.state(code) is _S.PLANNED
        with desk.database.writing() as session:
            offering = session.scalars(select(Offering)).one()
            catalogue.call_off_offering(session, actor=desk.planners["windesheim"], provider_slug="windesheim", code=offering.code, reason="Ziek.", now=desk.now)
        told(desk, "reports.commission-class", "reports.commission-module")
        assert desk.state(code) is _S.MAKING


def test_the_clock_sees_what_nobody_announced_and_that_a_class_began(desk: Desk) -> None:
    code = desk.asks()
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    rounds.follow_commissions(desk.now)
    assert desk.state(code) is _S.MAKING
    desk.class_of(desk.modules["cloud"], in_days=2)
    rounds.follow_commissions(desk.now)
    assert desk.state(code) is _S.PLANNED
    desk.pass_days(2)
    rounds.follow_commissions(desk.now)
    assert desk.state(code) is _S.STARTED


def test_one_that_stumbles_keeps_no_other_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = desk.asks(), desk.asks(subject=WELDING)
    for code in (first, second):
        desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    desk.class_of(desk.modules["cloud"])
    follow, bad = commissioning.follow_commission, desk.id_of(first)

    def stumbling(session: Session, commission_id: UUID, *, now: datetime) -> None:
        if commission_id == bad:
            raise RuntimeError("stumbled")
        follow(session, commission_id, now=now)

    monkeypatch.setattr(commissioning, "follow_commission", stumbling)
    with pytest.raises(ExceptionGroup):
        rounds.follow_commissions(desk.now)
    assert (desk.state(first), desk.state(second)) == (_S.MAKING, _S.PLANNED)


def test_an_idle_turn_changes_nothing(desk: Desk) -> None:
    code = desk.asks()
    rounds.follow_commissions(desk.now)
    assert desk.steps(code) == [_S.OPEN]
    with desk.database.reading() as session:
        assert session.scalars(select(Commission.ended_at)).one() is None
        assert session.scalars(select(Offering.id).where(Offering.state == OfferingState.ACTIVE)).all() == []
