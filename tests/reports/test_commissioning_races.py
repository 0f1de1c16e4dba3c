"""Two who act on one commission at the same moment: the second sees what the first did."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.kernel.db import Database
from academy.reports.errors import CommissionUnderWay
from academy.reports.kinds import CommissionState
from academy.reports.models import Commission, CommissionInvite
from academy.reports.service import commissioning as service
from tests.enrolment.races import at_the_same_time
from tests.reports.commission_desk import NO, YES, Desk, open_desk


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return open_desk(database, now)


def answers(desk: Desk, slug: str, code: str, session: Session, *, is_yes: bool = True) -> None:
    service.answer_commission(session, actor=desk.planners[slug], provider_slug=slug, code=code, answer=YES if is_yes else NO, now=desk.now)


def test_of_two_who_ask_for_the_same_gap_one_is_heard(desk: Desk) -> None:
    def ask(session: Session) -> None:
        service.start_commission(session, actor=desk.office, draft=desk.draft(), now=desk.now)

    assert at_the_same_time(desk.database, ask, ask) == "commission-under-way"
    with desk.database.reading() as session:
        assert len(session.scalars(select(Commission)).all()) == 1


def test_who_asks_a_moment_later_is_led_to_what_the_other_asked(desk: Desk) -> None:
    led_to: list[str] = []

    def ask_too(session: Session) -> None:
        try:
            service.start_commission(session, actor=desk.office, draft=desk.draft("roc"), now=desk.now)
        except CommissionUnderWay as refusal:
            led_to.append(refusal.commission)
            raise

    def ask(session: Session) -> None:
        service.start_commission(session, actor=desk.office, draft=desk.draft("aeres"), now=desk.now)

    assert at_the_same_time(desk.database, ask, ask_too) == "commission-under-way"
    with desk.database.reading() as session:
        assert led_to == [session.scalars(select(Commission.code)).one()]
        assert [each.provider_id for each in session.scalars(select(CommissionInvite))] == [desk.providers["aeres"]]


def test_a_yes_while_the_only_other_yes_is_taken_back_counts(desk: Desk) -> None:
    code = desk.asks()
    desk.answers("windesheim", code)
    heard = at_the_same_time(
        desk.database, lambda session: answers(desk, "windesheim", code, session, is_yes=False), lambda session: answers(desk, "aeres", code, session),
    )
    assert (heard, desk.state(code)) == ("done", CommissionState.MAKING)
    assert desk.steps(code)[-2:] == [CommissionState.OPEN, CommissionState.MAKING]


def test_an_answer_comes_too_late_for_what_is_closed_at_that_moment(desk: Desk) -> None:
    code = desk.asks()
    heard = at_the_same_time(
        desk.database, lambda session: service.close_commission(session, actor=desk.office, code=code, reason="Weg.", now=desk.now),
        lambda session: answers(desk, "aeres", code, session),
    )
    assert (heard, desk.state(code)) == ("commission-ended", CommissionState.CLOSED)


def test_a_provider_that_two_invite_is_asked_once(desk: Desk) -> None:
    code = desk.asks("windesheim")

    def invite(session: Session) -> None:
        service.invite_more(session, actor=desk.office, code=code, provider_ids=[desk.providers["aeres"], desk.providers["roc"]], now=desk.now)

    assert at_the_same_time(desk.database, invite, invite) == "done"
    with desk.database.reading() as session:
        assert len(session.scalars(select(CommissionInvite)).all()) == len(desk.providers)


def test_following_while_it_is_closed_opens_nothing(desk: Desk) -> None:
    code = desk.asks()
    commission_id = desk.id_of(code)
    with desk.database.writing() as session:
        session.execute(update(CommissionInvite).where(CommissionInvite.provider_id == desk.providers["aeres"]).values(state=YES, answered_at=desk.now))
    heard = at_the_same_time(
        desk.database, lambda session: service.close_commission(session, actor=desk.office, code=code, reason="Weg.", now=desk.now),
        lambda session: service.follow_commission(session, commission_id, now=desk.now),
    )
    assert (heard, desk.steps(code)) == ("done", [CommissionState.OPEN, CommissionState.CLOSED])
