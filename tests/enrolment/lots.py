"""A class whose seats are drawn, and people who take part."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.enrolment import rules
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import DrawLot, Enrolment, SeatDraw
from academy.enrolment.service import drawing, waiting
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from tests.enrolment.desk import Desk
from tests.enrolment.races import Act

SEED = "5ead" * 16


def draw_day(desk: Desk) -> date:
    return amsterdam_day(desk.now) + timedelta(days=3)


def at(desk: Desk) -> datetime:
    """Return the moment of the draw."""
    return rules.draw_moment(draw_day(desk))


def by_lot(desk: Desk, *, seed: str = SEED) -> None:
    """Have the seats of the class drawn, with a seed that a test knows."""
    desk.do(drawing.announce_draw, code=desk.code, day=draw_day(desk))
    with desk.database.writing() as session:
        session.execute(update(SeatDraw).values(seed=seed, fingerprint=rules.fingerprint_of(seed)))


def joining(desk: Desk, learner: Actor, *, now: datetime | None = None) -> Act:
    def act(session: Session) -> str:
        return waiting.join_waiting_list(
            session, actor=learner, offering_code=desk.code, when_can_you=(), most_price=None, request_key=new_id(), now=now or desk.now,
        )
    return act


def join(desk: Desk, learner: Actor, *, now: datetime | None = None) -> str:
    with desk.database.writing() as session:
        return str(joining(desk, learner, now=now)(session))


def entered(desk: Desk, number: int) -> list[str]:
    """Let so many people take part; returns the codes of their enrolments."""
    return [join(desk, desk.learner(), now=desk.now + timedelta(minutes=each)) for each in range(number)]


def draw(desk: Desk, *, now: datetime | None = None) -> int | None:
    with desk.database.writing() as session:
        return drawing.draw_lots(session, offering_id=_offering_id(session), now=now or at(desk))


def drawing_act(desk: Desk, *, now: datetime | None = None) -> Act:
    return lambda session: drawing.draw_lots(session, offering_id=_offering_id(session), now=now or at(desk))


def _offering_id(session: Session) -> UUID:
    return session.scalars(select(SeatDraw.offering_id)).one()


def in_order(desk: Desk) -> list[str]:
    """Return the codes of who was in the draw, in its order."""
    with desk.database.reading() as session:
        return list(session.scalars(select(Enrolment.code).join(DrawLot, DrawLot.enrolment_id == Enrolment.id).order_by(DrawLot.place)))


def line(desk: Desk) -> list[str]:
    """Return the codes of who waits, in the order in which seats go to them."""
    with desk.database.reading() as session:
        waits = select(Enrolment.code).where(Enrolment.state == EnrolmentState.WAITING)
        return list(session.scalars(waits.order_by(Enrolment.queued_at, Enrolment.id)))


def states(desk: Desk, codes: list[str]) -> list[str]:
    return [desk.row(code).state.value for code in codes]


def by_seed(desk: Desk, codes: list[str], *, seed: str = SEED) -> list[str]:
    """Return these enrolments in the order of a seed, worked out beside the house: as somebody would who checks it."""
    return sorted(codes, key=lambda code: rules.number_of(seed, desk.row(code).id))


