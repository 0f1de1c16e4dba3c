"""Guests: a seat for who fills in a name and an address, and proves by the link in the letter that it is theirs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.events import SeatHeldForGuest
from academy.enrolment.kinds import WaitsFor
from academy.enrolment.models import Enrolment
from academy.enrolment.service import seats
from academy.enrolment.service.holding import expire_due, extend_hold, hold_for, no_seat
from academy.enrolment.service.opening import check_enrolable
from academy.kernel.errors import Refusal
from academy.kernel.outbox import announce
from academy.kernel.text import Language


def hold_for_guest(
    session: Session, *, email: str, name: str, offering_code: str, next_path: str, language: Language, now: datetime,
) -> datetime:
    """Keep a seat for who has this address, and have a letter with a link to `next_path` sent there; returns until when it is kept.

    Nobody learns from the answer whether the address has an account, is in this class already, or may not enrol by itself: such a person gets
    a letter too, and no second seat. Raises OfferingNotFound, EnrolmentClosed, EnrolmentElsewhere, PriceUnknown, OfferingFull, SeatsByLot.
    """
    found = catalogue.offering_for_enrolment(session, offering_code)
    check_enrolable(found, now=now)
    person_id = accounts.expect_person(session, email=email, name=name, language=language, now=now)
    if queries.live_enrolments(session, person_id, [found.offering.id]) or not _may_enrol(session, person_id):
        _check_room(session, found, now=now)
        accounts.request_link(session, email=email, name="", sign_up=False, next_path=next_path, language=language, now=now)
    else:
        link_id = accounts.make_link(session, email=email, language=language, next_path=next_path, now=now)
        code = hold_for(session, person_id=person_id, offering_code=offering_code, request_key=None, now=now)
        announce(session, SeatHeldForGuest(session.scalars(select(Enrolment.id).where(Enrolment.code == code)).one(), link_id))
    return rules.kept_until(WaitsFor.LEARNER, now=now, starts_on=found.offering.starts_on)


def _may_enrol(session: Session, person_id: UUID) -> bool:
    try:
        accounts.check_may_enrol(session, person_id)
    except Refusal:
        return False
    return True


def _check_room(session: Session, found: catalogue.OfferingOfModule, *, now: datetime) -> None:
    """Answer as to somebody who would get a seat."""
    pool_id = seats.public_pool(session, found.offering)
    if not queries.is_full(session, pool_id):
        return
    expire_due(session, now=now, pool_id=pool_id)
    if queries.is_full(session, pool_id):  # what came free is for who waits
        raise no_seat(session, found, pool_id)


def arrive(session: Session, *, actor: Actor, offering_code: str, now: datetime) -> str | None:
    """Return the code of what the actor has in this class, None for nothing; a seat that is kept for them starts its quarter of an hour anew, once.

    Raises OfferingNotFound.
    """
    found = catalogue.offering_for_enrolment(session, offering_code)
    code = queries.live_enrolments(session, actor.person_id, [found.offering.id]).get(found.offering.id)
    if code is not None:
        facts = queries.my_enrolment(session, actor, code)
        if facts.waits_for is WaitsFor.LEARNER and facts.extended == 0:
            extend_hold(session, actor=actor, code=code, now=now)
    return code
