"""The states of a share: the page says what the code does, all can be reached, and no share goes a way that is not drawn."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.rules.states import CHANGES, WAYS, may_follow
from academy.funding.service import shares
from tests.funding import money

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "funding.md").read_text()
STATES = "|".join(state.value for state in ShareState)


def _name(state: ShareState | None) -> str:
    return "–" if state is None else state.value


def test_the_table_of_the_page_is_that_of_the_code() -> None:
    rows = re.findall(rf"^\| (–|{STATES}) \| ({STATES}) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    assert rows == [(_name(way.was), way.becomes.value, way.who, way.when) for way in WAYS]


def test_the_drawing_of_the_page_is_that_of_the_code() -> None:
    drawn = re.findall(rf"^    (\[\*\]|{STATES}) --> ({STATES})$", PAGE, re.MULTILINE)
    assert drawn == [(way.was.value if way.was else "[*]", way.becomes.value) for way in WAYS]


def test_every_way_says_who_and_on_what_and_stands_there_once() -> None:
    assert all(way.who and way.when for way in WAYS)
    assert len({(way.was, way.becomes) for way in WAYS}) == len(WAYS)


def test_every_state_can_be_reached_and_all_but_one_can_be_left() -> None:
    reached: set[ShareState | None] = {None}
    for _step in ShareState:
        reached |= {way.becomes for way in WAYS if way.was in reached}
    assert reached - {None} == set(ShareState)
    assert set(ShareState) - {way.was for way in WAYS} == {ShareState.RECLAIMED}
    assert not may_follow(ShareState.RECLAIMED, ShareState.RECLAIMED)
    assert all(may_follow(state, state) for state in CHANGES)


@pytest.mark.parametrize("to", [ShareState.PAID, ShareState.RECLAIMED, ShareState.INVOICED])
def test_a_share_goes_no_way_that_is_not_drawn(session: Session, now: datetime, to: ShareState) -> None:
    money.source(session, now, needs_approval=to is not ShareState.PAID)
    one = money.seat(session, now)
    money.reserve(session, now, one)
    share = session.query(FundingShare).filter(FundingShare.source_id.is_not(None)).one()
    with pytest.raises(ValueError, match="is not followed by"):
        shares.move(session, share, to, now=now)


def test_a_share_begins_in_no_state_that_is_not_drawn(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.reserve(session, now, one)
    seat = session.get_one(FundedSeat, one.id)
    share = FundingShare(seat_id=seat.id, state=ShareState.PAID)
    with pytest.raises(ValueError, match="is not followed by"):
        shares.add(session, share, now=now)
