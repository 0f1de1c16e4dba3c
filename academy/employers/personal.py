"""What employers keeps of people, and for how long.

What somebody asked and promised for a firm is the firm's: it stays, without name and address, and others of that firm go on with it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from academy.accounts.api import (
    Goes,
    Leaving,
    PersonalData,
    RecordClass,
    Stays,
    address_of_nobody,
    kept_for,
    person,
    plain_rows,
)
from academy.employers.kinds import DemandState, GuestState, Party, PledgeState
from academy.employers.models import CallNote, Demand, DemandReply, Pledge, Pool, SeatGuest
from academy.kernel.translation import _

_UNPROVEN_KEPT: Final = timedelta(days=30)
_ENDED_KEPT: Final = timedelta(days=730)
_PLACED_KEPT: Final = timedelta(days=2922)
_CAME_TO_NOTHING: Final = (PledgeState.WITHDRAWN, PledgeState.DECLINED, PledgeState.LAPSED, PledgeState.UNPAID)
_WERE_SEATS: Final = (PledgeState.PLACED, PledgeState.LAPSED)  # with a block; the class of a lapsed one was called off after it was ordered
_ANSWERED_AT: Final = func.coalesce(Pledge.answered_at, Pledge.made_at)


def _of(table: type[Demand | Pledge], person_id: UUID, email: str) -> ColumnElement[bool]:
    """Tell apart what is of a person: theirs once it is proven, and until then of who has the address."""
    return (table.person_id == person_id) | (table.person_id.is_(None) & (table.email == email))


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    email = person(session, person_id).email
    return {
        "demands": plain_rows(session, select(
            Demand.code, Demand.party, Demand.state, Demand.words, Demand.people, Demand.slots, Demand.postcode, Demand.online, Demand.level,
            Demand.wanted_by, Demand.most_price, Demand.kvk_number, Demand.made_at, Demand.proven_at, Demand.answered_at, Demand.ended_at,
        ).where(_of(Demand, person_id, email)).order_by(Demand.made_at)),
        "pledges": plain_rows(session, select(
            Pledge.code, Pool.code.label("pool"), Pool.title, Pledge.party, Pledge.state, Pledge.seats, Pledge.slots, Pledge.most_price,
            Pledge.reference, Pledge.made_at, Pledge.proven_at, Pledge.answered_at,
        ).join(Pool, Pool.id == Pledge.pool_id).where(_of(Pledge, person_id, email)).order_by(Pledge.made_at)),
        "seats_offered_by_employers": plain_rows(session, select(
            SeatGuest.code, SeatGuest.name, SeatGuest.state, SeatGuest.invited_at, SeatGuest.until, SeatGuest.answered_at,
        ).where(SeatGuest.email == email).order_by(SeatGuest.invited_at)),
        "answers_of_the_office": plain_rows(session, select(
            Demand.code, DemandReply.text, DemandReply.at,
        ).join(Demand, Demand.id == DemandReply.demand_id).where(_of(Demand, person_id, email)).order_by(DemandReply.at)),
        "calls": plain_rows(session, select(
            CallNote.at, CallNote.outcome, CallNote.text,
        ).where(_about_calls(_of(Demand, person_id, email), _of(Pledge, person_id, email))).order_by(CallNote.at)),
    }


def _about_calls(of_demand: ColumnElement[bool], of_pledge: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell apart what was noted of calls about these demands and pledges."""
    return CallNote.demand_id.in_(select(Demand.id).where(of_demand)) | CallNote.pledge_id.in_(select(Pledge.id).where(of_pledge))


def _leaving(session: Session, person_id: UUID, now: datetime) -> Leaving:
    email = person(session, person_id).email
    own_demand = _of(Demand, person_id, email) & Demand.organisation_id.is_(None)
    own_pledge = _of(Pledge, person_id, email) & Pledge.organisation_id.is_(None)
    invited = SeatGuest.email == email
    firms_demand = (Demand.person_id == person_id) & Demand.organisation_id.is_not(None)
    firms_pledge = (Pledge.person_id == person_id) & Pledge.organisation_id.is_not(None)
    nobody = address_of_nobody(person_id)
    return Leaving(
        goes=(
            Goes(_("je toezeggingen aan groepen"), _count(session, own_pledge), (delete(Pledge).where(own_pledge),)),
            Goes(_("je vragen aan aanbieders"), _count(session, own_demand), _erasing(own_demand)),
            Goes(_("uitnodigingen van een werkgever die je plek betaalt"), _count(session, invited), (
                update(SeatGuest).where(invited & (SeatGuest.state == GuestState.INVITED))
                .values(state=GuestState.DECLINED, answered_at=now, email="", name=""),
                update(SeatGuest).where(invited).values(email="", name=""),
            )),
            Goes(_("je e-mailadres bij wat je voor een bedrijf of school vroeg en toezegde"), _count(session, firms_demand) + _count(session, firms_pledge), (
                update(CallNote).where(_about_calls(firms_demand, firms_pledge)).values(text=""),  # what was said on the telephone was said by them
                update(Demand).where(firms_demand).values(email=nobody), update(Pledge).where(firms_pledge).values(email=nobody),
            )),
        ),
        stays=(
            Stays(
                _("wat je voor een bedrijf of school vroeg en toezegde"),
                _("Het is van het bedrijf of de school. Je naam en adres staan er niet meer bij."), None,
                _count(session, firms_demand) + _count(session, firms_pledge),
            ),
        ),
    )


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(which)) or 0


def _erasing(which: ColumnElement[bool]) -> tuple[UpdateBase, ...]:
    """Return what erases demands; the pools that they began and the pledges of others for them go on without."""
    ids = select(Demand.id).where(which)
    return (
        update(Pool).where(Pool.begun_by.in_(ids)).values(begun_by=None),
        update(Pledge).where(Pledge.demand_id.in_(ids)).values(demand_id=None),
        delete(Demand).where(which),
    )


def _forget_demands(period: timedelta, over: Callable[[datetime], ColumnElement[bool]]) -> Callable[[Session, datetime, int], int]:
    """Return what erases the demands for which `over(now - period)` holds, some at a time."""

    def apply(session: Session, now: datetime, limit: int) -> int:
        ids = list(session.scalars(select(Demand.id).where(over(now - period)).limit(limit)))
        for statement in _erasing(Demand.id.in_(ids)):
            session.execute(statement.execution_options(synchronize_session=False))
        return len(ids)

    return apply


def _unproven(before: datetime) -> ColumnElement[bool]:
    return (Demand.state == DemandState.UNPROVEN) & (Demand.made_at <= before)


def _ended(before: datetime) -> ColumnElement[bool]:
    return Demand.ended_at <= before


HELD: Final = PersonalData("employers", frozenset({"call_note", "demand", "demand_pool_step", "demand_reply", "pledge", "seat_guest", "seat_order"}), _read, _leaving)

RECORDS: Final[tuple[RecordClass, ...]] = (
    kept_for(
        _UNPROVEN_KEPT, Pledge, name="Pledges of an address that nobody confirmed", since="they are made", why="the address may be a stranger's",
        over=lambda before: (Pledge.state == PledgeState.UNPROVEN) & (Pledge.made_at <= before),
    ),
    RecordClass(
        "Demand of an address that nobody confirmed", "demand", "it is asked", "the address may be a stranger's", "erased", _UNPROVEN_KEPT,
        _forget_demands(_UNPROVEN_KEPT, _unproven),
    ),
    kept_for(
        _ENDED_KEPT, Pledge, name="Pledges that came to nothing, and those of citizens who got a seat", since="they were answered",
        why="questions about a pool; of a citizen's seat the enrolment tells",
        over=lambda before: (
            (Pledge.state.in_(_CAME_TO_NOTHING) & Pledge.block_id.is_(None)) | ((Pledge.state == PledgeState.PLACED) & (Pledge.party == Party.CITIZEN))
        ) & (before >= _ANSWERED_AT),
    ),
    kept_for(
        _PLACED_KEPT, Pledge, name="Pledges that became seats of a firm or school", since="they were confirmed",
        why="proof of who agreed to which price; eight years, so that the books of seven years are whole (AWR art. 52)",
        over=lambda before: Pledge.state.in_(_WERE_SEATS) & Pledge.block_id.is_not(None) & (before >= _ANSWERED_AT),
    ),
    RecordClass(
        "Pledges to a pool that gathers, or waits for confirmation", "pledge", "until the pool is a class or ended, or who made it takes it back",
        "finding out together whether a class can exist (AVG art. 6(1)(b))", "kept as a pledge that became seats, or came to nothing",
    ),
    RecordClass(
        "Demand that was met, taken back or ran out", "demand", "it ended", "questions about it, and how long an answer took, over two school years", "erased",
        _ENDED_KEPT, _forget_demands(_ENDED_KEPT, _ended),
    ),
    RecordClass(
        "Demand that is open", "demand", "until it is met or taken back; by itself after the day by which it is wanted, or a year",
        "finding an answer, on request (AVG art. 6(1)(b))", "kept as demand that ended",
    ),
    RecordClass(
        "Answers of the programme office to demand", "demand_reply", "as long as the demand", "who asked reads it, and how long it took is counted", "erased",
    ),
    kept_for(
        _ENDED_KEPT, CallNote, name="Notes of calls by the programme office", since="the call", why="not asking twice what somebody said already",
        over=lambda before: CallNote.at <= before,
    ),
    RecordClass(
        "History of a pool", "demand_pool_step", "as long as the pool", "how a class came to be: which step, when and why", "stays, with an id only",
    ),
    RecordClass(
        "People for whom an employer would pay", "seat_guest", "until they answer, for thirty days at most; 30 days longer after a no, or when it was taken back",
        "an invitation that its reader can answer; then the employer sees a number, and their own account says who they are", "pseudonymised",
    ),
    RecordClass(
        "Seats that an employer ordered", "seat_order", "as long as the seats", "the same form sent again is the same order", "stays, with an id only",
    ),
)
