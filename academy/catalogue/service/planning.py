"""Classes of a module, planned by the people of its provider. How many seats are taken is known above: `enrolment` calls this and guards them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from academy.accounts.api import Actor, record
from academy.catalogue.completeness import WARNINGS, moved, offering_faults, weeks_to_next_term
from academy.catalogue.drafts import OfferingDraft
from academy.catalogue.errors import OfferingFaulty
from academy.catalogue.events import ModuleChanged, OfferingCancelled
from academy.catalogue.models import ClassSession, Offering, OfferingState, TargetGroup
from academy.catalogue.queries import workspace
from academy.catalogue.queries.workspace import OfferingInWork
from academy.catalogue.service.offerings import change_offering, open_offering, places_of
from academy.kernel.clock import amsterdam_day
from academy.kernel.outbox import announce


def plan_offering(
    session: Session, *, actor: Actor, provider_slug: str, module_slug: str, draft: OfferingDraft, now: datetime,
) -> str:
    """Make an offering of a module, as a concept or open for enrolment as the draft says; returns its code.

    Raises ModuleNotFound, PlaceNotFound, OfferingFaulty.
    """
    work = workspace.module_for_planning(session, actor, provider_slug, module_slug)
    _check(draft, now)
    return open_offering(
        session, provider_id=work.workspace.provider.id, module_external_id=work.public.external_id, draft=draft,
    )


def replan_offering(
    session: Session, *, actor: Actor, provider_slug: str, code: str, draft: OfferingDraft, now: datetime,
) -> None:
    """Change an offering. Raises OfferingNotFound, PlaceNotFound, OfferingFaulty, also for one that was called off."""
    work = workspace.offering_for_planning(session, actor, provider_slug, code)
    _check(draft, now)
    row = _row(session, work)
    if row.state is OfferingState.CANCELLED:
        raise OfferingFaulty
    change_offering(session, row, draft, places_of(session, [draft]), now=now)
    session.flush()
    announce(session, ModuleChanged(row.module_id))


def open_for_enrolment(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Let people enrol in a concept. Raises OfferingNotFound, OfferingFaulty."""
    work = workspace.offering_for_planning(session, actor, provider_slug, code)
    if work.offering.state is not OfferingState.CONCEPT:
        raise OfferingFaulty
    replan_offering(
        session, actor=actor, provider_slug=provider_slug, code=code, draft=replace(work.draft, state=OfferingState.ACTIVE), now=now,
    )


def guarantee_offering(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Promise that an offering goes ahead, however few come. Raises OfferingNotFound, OfferingFaulty."""
    work = workspace.offering_for_planning(session, actor, provider_slug, code)
    replan_offering(
        session, actor=actor, provider_slug=provider_slug, code=code, draft=replace(work.draft, guaranteed=True), now=now,
    )


def keep_offering(session: Session, offering_id: UUID) -> None:
    """Keep an offering to this transaction: until it ends nobody enrols in it or changes it. Call it before seats are locked."""
    session.scalars(
        select(Offering).where(Offering.id == offering_id).with_for_update().execution_options(populate_existing=True),
    ).one()


def promise_offering(session: Session, *, offering_id: UUID) -> None:
    """Write down that an offering goes ahead, because enough people came; its provider is not asked."""
    module_id = session.scalars(
        update(Offering).where(Offering.id == offering_id).values(guaranteed=True).returning(Offering.module_id),
    ).one()
    announce(session, ModuleChanged(module_id))


def found_offering(session: Session, *, offering_id: UUID) -> bool:
    """Open a concept for enrolment because enough was promised for it beforehand: it goes ahead. Its provider agreed when the concept was made.

    Opened already, it only goes ahead. False for one that was called off meanwhile.
    """
    module_id = session.scalars(
        update(Offering).where(Offering.id == offering_id, Offering.state.in_((OfferingState.CONCEPT, OfferingState.ACTIVE)))
        .values(state=OfferingState.ACTIVE, guaranteed=True).returning(Offering.module_id)
        .execution_options(synchronize_session=False),
    ).one_or_none()
    if module_id is None:
        return False
    announce(session, ModuleChanged(module_id))
    return True


def extend_offering(
    session: Session, *, actor: Actor, provider_slug: str, code: str, decides_on: date, weeks_later: int, now: datetime,
) -> None:
    """Decide later about an offering, begin so many weeks later if any, and let people enrol until the day before deciding.

    Raises OfferingNotFound, and OfferingFaulty for a day of deciding that is not before the first meeting.
    """
    work = workspace.offering_for_planning(session, actor, provider_slug, code)
    later = moved(work.draft, weeks=weeks_later)
    last = decides_on - timedelta(days=1)
    draft = replace(
        work.draft, starts_on=later.starts_on, ends_on=later.ends_on, flexible_from=later.flexible_from, flexible_until=later.flexible_until,
        sessions=later.sessions, decides_on=decides_on,
        periods=tuple(
            replace(one, closes_on=max(one.closes_on, last)) if one.target_group is TargetGroup.PUBLIC else one for one in later.periods
        ),
    )
    replan_offering(session, actor=actor, provider_slug=provider_slug, code=code, draft=draft, now=now)


def copy_offering(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> str:
    """Make a concept of the same offering in the next half-year, on the same weekdays; returns its code. Raises OfferingNotFound."""
    work = workspace.offering_for_planning(session, actor, provider_slug, code)
    weeks = weeks_to_next_term(work.draft.starts_on, today=amsterdam_day(now))
    return plan_offering(
        session, actor=actor, provider_slug=provider_slug, module_slug=work.module_slug, draft=moved(work.draft, weeks=weeks), now=now,
    )


def call_off_offering(session: Session, *, actor: Actor, provider_slug: str, code: str, reason: str, now: datetime) -> None:
    """Call an offering off, with the reason for who is enrolled; a second time changes nothing. Raises OfferingNotFound."""
    work = workspace.offering_for_planning(session, actor, provider_slug, code)
    row = _row(session, work)
    if row.state is OfferingState.CANCELLED:
        return
    row.state, row.cancel_reason, row.guaranteed = OfferingState.CANCELLED, reason.strip(), False
    session.flush()
    announce(session, OfferingCancelled(row.id))
    announce(session, ModuleChanged(row.module_id))
    record(
        session, "class-called-off", actor_id=actor.person_id, now=now, organisation_id=work.workspace.provider.id, about="offering",
        about_id=row.id, details={"offering": row.code, "module": work.module_slug},
    )


def _check(draft: OfferingDraft, now: datetime) -> None:
    if set(offering_faults(draft, today=amsterdam_day(now))) - WARNINGS:
        raise OfferingFaulty


def _row(session: Session, work: OfferingInWork) -> Offering:
    return session.scalars(
        select(Offering).where(Offering.id == work.offering.id)
        .options(
            joinedload(Offering.place), selectinload(Offering.periods),
            selectinload(Offering.sessions).joinedload(ClassSession.place),
        )
        .with_for_update(of=Offering).execution_options(populate_existing=True),
    ).one()
