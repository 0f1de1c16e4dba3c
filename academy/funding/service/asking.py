"""An employer is asked by letter to pay what is the learner's of a seat, and is reminded twice."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import record
from academy.accounts.errors import TooManyAttempts
from academy.funding import queries
from academy.funding.events import EmployerAsked
from academy.funding.kinds import AskState, ShareState, SourceKind
from academy.funding.models import EmployerAsk
from academy.funding.service import shares
from academy.funding.service.reserving import approve_until
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.kernel.text import Language

MOST_A_DAY: Final = 5  # letters go to addresses of the learner's choice
_DAY: Final = timedelta(days=1)


def want_employer(
    session: Session, *, seat_id: UUID, person_id: UUID, email: str, why: str, language: Language, now: datetime,
) -> None:
    """Remember whom a learner wants to ask once the price of their seat is split. Raises TooManyAttempts."""
    if queries.asked_since(session, person_id, now - _DAY) >= MOST_A_DAY:
        raise TooManyAttempts
    session.add(EmployerAsk(
        id=new_id(), seat_id=seat_id, person_id=person_id, email=email, why=why, language=language, state=AskState.WANTED, made_at=now,
    ))
    session.flush()


def ask_wanted(session: Session, *, seat_id: UUID, now: datetime) -> datetime | None:
    """Ask the employer whom the learner of a split seat wants to ask, if there is one; returns until when it can answer.

    None where nobody is to be asked, or nothing is left for the learner to pay.
    """
    ask = session.scalar(select(EmployerAsk).where(EmployerAsk.seat_id == seat_id, EmployerAsk.state == AskState.WANTED))
    seat = None if ask is None else queries.locked_seat(session, seat_id)
    if ask is None or seat is None:
        return None
    there = queries.locked_shares(session, seat_id)
    own = next((one for one in there if one.kind is SourceKind.LEARNER and one.state is ShareState.RESERVED), None)
    if own is None:
        session.delete(ask)
        return None
    until = approve_until(seat, now)
    shares.move(session, own, ShareState.RESERVED, now=now, by=ask.person_id, note="employer asked", approve_until=until)
    ask.state, ask.asked_at, ask.until = AskState.ASKED, now, until
    session.flush()
    announce(session, EmployerAsked(ask.id, 0))
    record(session, "employer-asked", actor_id=ask.person_id, person_id=ask.person_id, about="employer_ask", about_id=ask.id, now=now)
    return until


def remind_due(session: Session, *, now: datetime) -> int:
    """Remind who did not answer, on day 2 and on day 5, some at a time, each once; returns how many letters were due. Repeatable."""
    due = queries.asks_to_remind(session, now=now)
    for ask_id, which in due:
        noted = update(EmployerAsk).where(EmployerAsk.id == ask_id, EmployerAsk.state == AskState.ASKED, EmployerAsk.reminded < which)
        if rows_changed(session, noted.values(reminded=which)) == 1:
            announce(session, EmployerAsked(ask_id, which))
    return len(due)
