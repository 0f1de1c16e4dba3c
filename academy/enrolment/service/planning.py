"""A class and its seats as its provider changes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.errors import BeginsBeforeDraw, SeatsTaken
from academy.enrolment.events import SeatsChanged
from academy.enrolment.models import SeatPool
from academy.enrolment.queries.drawing import draws_ahead
from academy.enrolment.service import seats
from academy.enrolment.service.passing_on import fill_from_line
from academy.kernel.clock import amsterdam_day
from academy.kernel.outbox import announce


def replan(
    session: Session, *, actor: Actor, provider_slug: str, code: str, draft: catalogue.OfferingDraft, now: datetime,
) -> None:
    """Change a class together with the seats that people can take.

    Raises OfferingNotFound, PlaceNotFound, OfferingFaulty, SeatsTaken when more are enrolled than there would be seats, and BeginsBeforeDraw.
    """
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    draw_at = draws_ahead(session, [work.offering.id]).get(work.offering.id)
    if draw_at is not None and draft.starts_on <= amsterdam_day(draw_at):
        raise BeginsBeforeDraw(provider_slug, work.offering.code)
    catalogue.replan_offering(session, actor=actor, provider_slug=provider_slug, code=code, draft=draft, now=now)
    pool_id = seats.public_pool(session, work.offering)  # made first, so that nobody makes it with the seats of before
    if not seats.resize_public(session, work.offering.id, draft.seats):
        raise SeatsTaken
    fill_from_line(session, pool_id=pool_id, offering_id=work.offering.id, now=now)
    announce(session, SeatsChanged(work.offering.id))


def note_look(session: Session, *, actor: Actor, found: queries.ClassFacts, act: str, now: datetime) -> None:
    """Put in the audit trail that someone saw or took away (`act`) who is in a class; all of them can read it."""
    work = found.work
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=work.workspace.provider.id, about="offering",
        about_id=work.offering.id, details={"offering": work.offering.code, "module": work.module_slug, "people": len(found.roster)},
    )


def follow_seats(session: Session, *, provider_id: UUID, now: datetime) -> None:
    """Bring the public pools to the number of seats that the provider's source now offers; nobody who has a seat loses it."""
    held = select(SeatPool.offering_id, func.sum(SeatPool.capacity)).group_by(SeatPool.offering_id)
    pools = dict(session.execute(held).all())
    offered = catalogue.seats_offered(session, provider_id=provider_id, offering_ids=pools)
    for offering_id, number in sorted(offered.items()):
        if pools[offering_id] == number:
            continue
        pool_id = seats.resize_public(session, offering_id, number, at_least_taken=True)
        if pool_id is not None:
            fill_from_line(session, pool_id=pool_id, offering_id=offering_id, now=now)
            announce(session, SeatsChanged(offering_id))
