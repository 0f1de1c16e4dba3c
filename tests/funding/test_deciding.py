"""Yes or no to a share, and who pays when it is no."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.funding import queries, service
from academy.funding.errors import EvidenceNotSeen, ShareDecided, ShareNotFound
from academy.funding.events import SeatDecided, SeatUnfunded, ShareAsked, ShareRefused
from academy.funding.kinds import Fallback, SourceKind
from academy.funding.models import ShareStep
from academy.kernel.money import Money
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from tests import builders
from tests.funding import money
from tests.funding.money import Seat, Source

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _heard() -> None:
    for event in (ShareAsked, SeatDecided, SeatUnfunded, ShareRefused):
        subscribe(f"funding-test.{event.name}", event, inside=lambda *_: None)


def told(session: Session, event: type[Event]) -> int:
    """Return how often something was announced to the listener of these tests."""
    heard = select(OutboxMessage.id).where(OutboxMessage.subscriber == f"funding-test.{event.name}")
    return len(session.scalars(heard).all())


def asked(session: Session, now: datetime, **terms: Any) -> tuple[Seat, Source]:
    """Return a seat of which a fund pays half, once it says yes."""
    one = money.seat(session, now)
    fund = money.source(session, now, **({"needs_approval": True} | terms))
    money.reserve(session, now, one)
    return one, fund


def test_who_keeps_the_money_says_yes_and_then_the_seat_goes_on(session: Session, now: datetime) -> None:
    one, fund = asked(session, now)
    share = money.split(session, one).shares[0]
    assert told(session, ShareAsked) == 1
    service.approve_share(session, actor=fund.keeper, share_id=share.id, now=now)
    assert money.states(session, one) == [("sector-fund", 50_00, "approved"), ("learner", 50_00, "reserved")]
    assert money.split(session, one).waits_until is None
    assert (told(session, SeatDecided), money.used(session, fund)) == (1, (50_00, 0))
    with pytest.raises(ShareDecided):
        service.refuse_share(session, actor=fund.keeper, share_id=share.id, reason="", now=now)


def test_a_seat_goes_on_only_when_everybody_has_answered(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    funds = [money.source(session, now, slug=f"fonds-{number}", needs_approval=True, percentage=2_000) for number in range(2)]
    money.reserve(session, now, one)
    of_source = {share.source_id: share.id for share in money.split(session, one).shares}
    service.approve_share(session, actor=funds[0].keeper, share_id=of_source[funds[0].id], now=now)
    assert told(session, SeatDecided) == 0
    service.approve_share(session, actor=funds[1].keeper, share_id=of_source[funds[1].id], now=now)
    assert told(session, SeatDecided) == 1


def test_to_a_stranger_and_to_who_may_only_look_there_is_no_share(session: Session, now: datetime) -> None:
    one, fund = asked(session, now)
    stranger, reader = builders.actor(session, now), builders.actor(session, now)
    accounts.add_membership(session, person_id=reader.person_id, organisation_id=fund.owner_id, role=Role.READER)
    session.flush()
    for actor in (stranger, reader):
        with pytest.raises(ShareNotFound):
            service.approve_share(session, actor=actor, share_id=money.split(session, one).shares[0].id, now=now)


def test_yes_needs_all_the_evidence_and_the_history_says_which_was_seen(session: Session, now: datetime) -> None:
    one, fund = asked(session, now, evidence=("loonstrook", "plan"))
    share = money.split(session, one).shares[0]
    with pytest.raises(EvidenceNotSeen):
        service.approve_share(session, actor=fund.keeper, share_id=share.id, seen=("plan",), now=now)
    service.approve_share(session, actor=fund.keeper, share_id=share.id, seen=("plan", "loonstrook"), now=now)
    step = session.scalars(select(ShareStep).where(ShareStep.share_id == share.id, ShareStep.by_id == fund.keeper.person_id)).one()
    assert step.note == "loonstrook; plan"


def test_after_a_no_the_learner_pays_who_agreed_to_that_and_reads_why(session: Session, now: datetime) -> None:
    one, fund = asked(session, now)
    share = money.split(session, one).shares[0]
    service.refuse_share(session, actor=fund.keeper, share_id=share.id, reason="Het jaar is vol.", now=now)
    assert money.states(session, one) == [("sector-fund", 50_00, "released"), ("learner", 100_00, "reserved")]
    assert money.split(session, one).own == money.PRICE
    assert queries.refusal_of(session, share.id) == "Het jaar is vol."
    assert (told(session, ShareRefused), told(session, SeatDecided), money.used(session, fund)) == (1, 1, (0, 0))
    assert money.adds_up(session)


def test_a_learner_who_paid_nothing_gets_a_share_when_a_source_that_paid_all_says_no(session: Session, now: datetime) -> None:
    one, fund = asked(session, now, percentage=10_000)
    service.refuse_share(session, actor=fund.keeper, share_id=money.split(session, one).shares[0].id, reason="", now=now)
    assert money.states(session, one) == [("sector-fund", 100_00, "released"), ("learner", 100_00, "reserved")]


def test_an_employer_who_agreed_to_step_in_is_asked_again_for_the_whole(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", position=20, percentage=10_000, needs_approval=True)
    fund = money.source(session, now, needs_approval=True, fallback=Fallback.EMPLOYER)
    money.reserve(session, now, one)
    by_fund, by_firm = money.split(session, one).shares
    service.approve_share(session, actor=firm.keeper, share_id=by_firm.id, now=now)
    service.refuse_share(session, actor=fund.keeper, share_id=by_fund.id, reason="", now=now)
    assert money.states(session, one) == [("sector-fund", 50_00, "released"), ("employer", 100_00, "reserved")]
    assert (told(session, ShareAsked), told(session, SeatDecided)) == (3, 0)
    service.approve_share(session, actor=firm.keeper, share_id=by_firm.id, now=now)
    assert (told(session, SeatDecided), money.used(session, firm), money.used(session, fund)) == (1, (100_00, 0), (0, 0))
    assert money.adds_up(session)


@pytest.mark.parametrize("fallback", [Fallback.NOBODY, Fallback.EMPLOYER])
def test_where_nobody_agreed_to_pay_instead_the_seat_is_given_back_and_nobody_pays(
    session: Session, now: datetime, fallback: Fallback,
) -> None:
    one, fund = asked(session, now, fallback=fallback)
    service.refuse_share(session, actor=fund.keeper, share_id=money.split(session, one).shares[0].id, reason="", now=now)
    assert money.states(session, one) == [("sector-fund", 50_00, "released"), ("learner", 50_00, "released")]
    assert (told(session, SeatUnfunded), told(session, SeatDecided), money.used(session, fund)) == (1, 0, (0, 0))


def test_who_does_not_answer_in_a_week_has_said_no(session: Session, now: datetime) -> None:
    one, fund = asked(session, now)
    assert service.lapse_due(session, now=now + WEEK - timedelta(seconds=1)) == 0
    with pytest.raises(ShareDecided):
        service.approve_share(session, actor=fund.keeper, share_id=money.split(session, one).shares[0].id, now=now + WEEK)
    assert [service.lapse_due(session, now=now + WEEK) for _turn in range(2)] == [1, 0]
    assert money.states(session, one) == [("sector-fund", 50_00, "released"), ("learner", 100_00, "reserved")]
    assert money.split(session, one).shares[0].evidence == ()
    assert money.used(session, fund) == (0, 0)


def test_the_letter_about_a_share_knows_for_what_and_whose_it_is_and_nothing_of_the_learners_own(session: Session, now: datetime) -> None:
    one, fund = asked(session, now)
    by_fund, own = money.split(session, one).shares
    found = queries.share_for_letter(session, by_fund.id)
    assert found is not None
    assert (found.owner_id, found.person_id, found.share.amount, found.description) == (fund.owner_id, one.person_id, Money(50_00), "Netwerkbeheer")
    assert queries.share_for_letter(session, own.id) is None
