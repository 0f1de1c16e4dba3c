"""The programme office says how far a provider is with the programme, and what of its readiness no table tells."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.reports.errors import DayAhead, ParticipationChanged, ReasonMissing
from academy.reports.kinds import TICKED_ITEMS, ReadinessItem
from academy.reports.models import Participation, ParticipationStep, ReadinessTick
from academy.reports.queries.reach import require_office
from academy.reports.rules.participating import StageChange, goes_back


def change_stage(session: Session, *, actor: Actor, provider_slug: str, change: StageChange, seen: datetime | None, now: datetime) -> None:
    """Note how far a provider is; a step stays of each change of stage or day.

    `seen` is when it was changed last as the actor saw it, None for one that takes no part yet.

    Raises NotFound for who is not of the programme office and for an unknown provider; ReasonMissing for a step back without a note; DayAhead for a day
    that is still to come; ParticipationChanged when somebody else was first.
    """
    require_office(session, actor)
    provider_id = catalogue.provider_by_slug(session, provider_slug).id
    before = session.get(Participation, provider_id, populate_existing=True)
    was = None if before is None else before.stage
    if (None if before is None else before.changed_at) != seen:  # said before anything else: what follows compares with what the actor saw
        raise ParticipationChanged(provider_slug)
    if goes_back(was, change.stage) and not change.note:
        raise ReasonMissing(provider_slug)
    if change.since > amsterdam_day(now):
        raise DayAhead(provider_slug)
    is_step = before is None or (before.stage, before.since) != (change.stage, change.since) or bool(change.note)
    _write(session, provider_id, change, seen, provider_slug, now=now)
    if is_step:
        session.add(ParticipationStep(
            id=new_id(), provider_id=provider_id, from_stage=was, to_stage=change.stage, on_day=change.since, note=change.note, by_id=actor.person_id, at=now,
        ))
    details = {"stage": change.stage.value, "since": change.since.isoformat(), "is_large": change.is_large, "is_anchor": change.is_anchor}
    accounts.record(session, "participation-changed", actor_id=actor.person_id, about="provider", about_id=provider_id, now=now, details=details)


def _write(session: Session, provider_id: UUID, change: StageChange, seen: datetime | None, slug: str, *, now: datetime) -> None:
    """Write it where nobody did meanwhile. Raises ParticipationChanged."""
    values = {"stage": change.stage, "since": change.since, "is_large": change.is_large, "is_anchor": change.is_anchor, "changed_at": now}
    if seen is None:
        new = insert_for(session, Participation).values(provider_id=provider_id, **values).on_conflict_do_nothing().returning(Participation.provider_id)
        is_written = session.execute(new).one_or_none() is not None
    else:
        guarded = update(Participation).where(Participation.provider_id == provider_id, Participation.changed_at == seen)
        is_written = rows_changed(session, guarded.values(**values).execution_options(synchronize_session=False)) == 1
    if not is_written:
        raise ParticipationChanged(slug)


def tick_item(session: Session, *, actor: Actor, provider_slug: str, item: ReadinessItem, is_there: bool, now: datetime) -> None:
    """Note that something is there which no table tells, or that it is not after all. Repeatable.

    Raises NotFound for who is not of the programme office, for a provider that takes no part, and for an item that is seen in the tables.
    """
    require_office(session, actor)
    provider_id = catalogue.provider_by_slug(session, provider_slug).id
    if item not in TICKED_ITEMS or session.get(Participation, provider_id) is None:
        raise NotFound
    if is_there:
        tick = insert_for(session, ReadinessTick).values(provider_id=provider_id, item=item, at=now, by_id=actor.person_id)
        session.execute(tick.on_conflict_do_nothing())
    else:
        session.execute(delete(ReadinessTick).where(ReadinessTick.provider_id == provider_id, ReadinessTick.item == item))
    details = {"item": item.value, "is_there": is_there}
    accounts.record(session, "readiness-noted", actor_id=actor.person_id, about="provider", about_id=provider_id, now=now, details=details)
