"""Who asked for a module made to measure hears that proposals can be read: by itself, once, as soon as there is one, and is reminded once to choose."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.app import create_worker
from academy.employers import rounds
from academy.employers.events import ProposalsReadable
from academy.employers.kinds import RequestState
from academy.employers.models import TailoredRequest
from academy.employers.queries import due, requests
from academy.employers.service import choosing, proposing, requesting
from academy.kernel.db import Database
from tests.employers.market import DAY, SLUG, Market, listen, open_market
from tests.employers.tailoring import Atelier, open_atelier
from tests.enrolment.races import at_the_same_time

OTHER = "techniek"
SECOND = DAY / 86_400


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    listen(ProposalsReadable)
    return open_market(database, now)


@pytest.fixture
def atelier(market: Market) -> Atelier:
    found = open_atelier(market)
    found.ask()
    return found


def told(atelier: Atelier) -> list[int]:
    """Return which news there was that proposals can be read: 0 is the first, 1 the reminder."""
    return sorted(int("'reminder': 1" in each) for each in atelier.market.news(ProposalsReadable))


def decline(atelier: Atelier, slug: str = OTHER) -> None:
    atelier.run(requesting.decline_invite, actor=atelier.planners[slug], provider_slug=slug, request_code=atelier.code)


def take_back(atelier: Atelier) -> None:
    atelier.run(proposing.withdraw_proposal, actor=atelier.planners[SLUG], provider_slug=SLUG, proposal_code=atelier.proposals[SLUG])


def test_it_is_told_once_when_the_last_day_to_propose_is_over_and_not_before(atelier: Atelier) -> None:
    atelier.propose()
    until = atelier.request().proposals_until
    rounds.open_proposals(until - SECOND)
    assert told(atelier) == []
    for turn in range(3):
        rounds.open_proposals(until + turn * DAY)
    assert told(atelier) == [0]


def test_it_is_told_at_once_when_all_who_were_invited_have_answered(atelier: Atelier) -> None:
    atelier.propose()
    rounds.open_proposals(atelier.market.now)
    assert told(atelier) == [], "one has yet to answer"
    decline(atelier)
    for _turn in range(2):
        rounds.open_proposals(atelier.market.now)
    assert told(atelier) == [0]
    assert atelier.seen().may_choose


def test_it_is_not_told_where_there_is_nothing_to_read(atelier: Atelier) -> None:
    atelier.begin()
    atelier.begin(OTHER)
    rounds.open_proposals(atelier.request().proposals_until)
    assert told(atelier) == [], "drafts are nobody else's"
    atelier.send()
    take_back(atelier)
    rounds.open_proposals(atelier.request().proposals_until)
    assert not atelier.run(requesting.open_proposals, request_id=atelier.request().id, now=atelier.request().proposals_until)
    assert told(atelier) == [], "it was taken back"


def test_it_is_not_told_of_what_was_chosen_taken_back_or_ran_out_of_time(atelier: Atelier) -> None:
    atelier.propose()
    found = atelier.request()
    rounds.open_proposals(found.choose_until)
    atelier.time_to_choose()
    atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)))
    rounds.open_proposals(atelier.market.now)
    assert not atelier.run(requesting.open_proposals, request_id=found.id)
    assert (told(atelier), atelier.request().state) == ([], RequestState.CHOSEN)


def test_what_the_clock_asks_the_database_is_what_the_rule_says(atelier: Atelier) -> None:
    """The question in SQL finds no request that the rule would refuse, and misses none: with and without an answer, around both moments."""
    atelier.propose()
    found = atelier.request()
    moments = [moment + step for moment in (found.proposals_until, found.choose_until) for step in (-SECOND, 0 * DAY)]
    for answers in range(2):
        if answers:
            decline(atelier)
        for moment in moments:
            with atelier.market.database.reading() as session:
                to_open = due.requests_to_open(session, now=moment)
                seen = requests.seen_by_asker(session, atelier.firm.actor, atelier.code, now=moment)
            assert to_open == ([found.id] if seen.may_choose else []), (answers, moment)


@pytest.mark.parametrize("reminder", [0, 1])
def test_two_workers_at_once_tell_it_once(atelier: Atelier, reminder: int) -> None:
    atelier.propose()
    atelier.time_to_choose()
    found, heard = atelier.request(), []
    if reminder:
        _told_at(atelier, found.proposals_until)
    tell = requesting.remind_choice if reminder else requesting.open_proposals

    def act(session: Session) -> None:
        heard.append(tell(session, found.id, now=atelier.market.now))

    assert at_the_same_time(atelier.market.database, act, act) == "done"
    assert (heard, told(atelier)) == ([True, False], [reminder])


def test_of_what_is_chosen_at_the_same_moment_it_is_not_told(atelier: Atelier) -> None:
    atelier.propose()
    atelier.time_to_choose()
    found, budget, heard = atelier.request(), str(atelier.market.budget_id(atelier.firm)), []

    def choose(session: Session) -> None:
        choosing.choose_proposal(
            session, actor=atelier.firm.actor, request_code=atelier.code, proposal_code=atelier.proposals[SLUG], budget=budget, now=atelier.market.now,
        )

    def tell(session: Session) -> None:
        heard.append(requesting.open_proposals(session, found.id, now=atelier.market.now))

    at_the_same_time(atelier.market.database, choose, tell)
    assert (heard, told(atelier)) == ([False], [])


def test_who_did_not_choose_is_reminded_once_three_days_before_the_end(atelier: Atelier) -> None:
    atelier.propose()
    found = atelier.request()
    rounds.open_proposals(found.proposals_until)
    rounds.open_proposals(found.choose_until - 3 * DAY - SECOND)
    assert told(atelier) == [0]
    for turn in range(3):
        rounds.open_proposals(found.choose_until - 3 * DAY + turn * DAY)
    assert told(atelier) == [0, 1]


def test_who_chose_is_not_reminded_nor_who_was_told_in_the_last_days(atelier: Atelier) -> None:
    atelier.propose()
    found = atelier.request()
    late = found.choose_until - 2 * DAY  # nobody looked before
    rounds.open_proposals(late)
    rounds.open_proposals(late + DAY)
    assert told(atelier) == [0]
    _told_at(atelier, found.proposals_until)
    atelier.market.now = late
    atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)))
    rounds.open_proposals(late + DAY)
    assert not atelier.run(requesting.remind_choice, request_id=found.id)
    assert told(atelier) == [0]


def test_nobody_is_reminded_after_the_end_or_of_what_they_did_not_hear(atelier: Atelier) -> None:
    atelier.propose()
    found = atelier.request()
    assert not atelier.run(requesting.remind_choice, request_id=found.id)
    _told_at(atelier, found.proposals_until)
    rounds.open_proposals(found.choose_until)
    assert not atelier.run(requesting.remind_choice, request_id=found.id, now=found.choose_until)
    assert told(atelier) == []


def _told_at(atelier: Atelier, moment: datetime) -> None:
    with atelier.market.database.writing() as session:
        session.execute(update(TailoredRequest).values(readable_at=moment))


@pytest.mark.parametrize("values", [{"readable_at": True}, {"reminded_at": True}])
def test_the_database_knows_that_nothing_is_told_before_there_is_an_answer(atelier: Atelier, values: dict[str, bool]) -> None:
    moment = atelier.market.now
    with pytest.raises(IntegrityError), atelier.market.database.writing() as session:
        session.execute(update(TailoredRequest).values(dict.fromkeys(values, moment)))


def test_a_turn_with_nothing_to_tell_only_reads(atelier: Atelier, queries: Any) -> None:
    atelier.propose()
    found = atelier.request()
    for moment in (atelier.market.now, found.proposals_until, found.choose_until - DAY):  # nothing yet, told already, reminded already
        if moment != atelier.market.now:
            rounds.open_proposals(moment)
        with queries(2) as asked:
            rounds.open_proposals(moment)
        assert all(each.startswith("SELECT") for each in asked)


def test_the_worker_does_it_every_minute(app: Any) -> None:
    with app.app_context():
        (job,) = [job for job in create_worker().jobs if job.name == "open-proposals"]
    assert job.interval == DAY / 1440
