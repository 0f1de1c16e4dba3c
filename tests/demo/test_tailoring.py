"""The demo has a request with proposals to compare, and one that its provider can still propose for."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.demo import load_demo, load_people
from academy.demo.money import actor_of, load_money
from academy.demo.tailoring import load_tailoring
from academy.employers.models import Proposal, RequestQuestion, TailoredRequest
from academy.employers.queries import proposals, requests


def load(session: Session, *, now: datetime) -> bool:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    load_money(session, now=now)
    return load_tailoring(session, now=now)


def numbers(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in (TailoredRequest, RequestQuestion, Proposal)]


def test_who_asks_compares_two_proposals_and_the_provider_has_another_request_to_answer_made_once(session: Session, now: datetime) -> None:
    assert load(session, now=now)
    buyer, planner = (actor_of(session, f"{who}@demo.example", now) for who in ("employer", "provider"))
    firm = next(one.organisation_id for one in accounts.memberships_of(session, buyer.person_id))
    (request,) = requests.requests_of(session, firm)
    seen = requests.seen_by_asker(session, buyer, request.code, now=now)
    assert (seen.may_choose, len(seen.proposals), [bool(one.answer) for one in seen.questions]) == (True, 2, [True])
    first, second = requests.compared(seen.request, seen.proposals)
    assert first.together < second.together
    assert first.is_within_budget
    assert second.is_within_budget

    found = proposals.requests_at(session, planner, "windesheim")
    assert [one.waits(now) for one in found.asked] == [True, False]
    assert [one.answer for one in proposals.request_at(session, planner, "windesheim", found.asked[0].request.code).questions] == [""]

    there = numbers(session)
    assert there == [2, 2, 2]
    assert not load_tailoring(session, now=now + timedelta(days=1))
    assert numbers(session) == there
