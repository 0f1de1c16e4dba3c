"""Whoever has a way in changed must hear of it: in the trail and by letter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.events import WayInChanged
from academy.accounts.queries import Actor
from academy.accounts.service import trail
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce


def way_in_changed(session: Session, what: str, *, actor: Actor, now: datetime, about: str = "", about_id: UUID | None = None) -> None:
    """Tell the actor that one of their ways in changed; the last statement of a use case, as `trail.record` is."""
    announce(session, WayInChanged(new_id(), actor.person_id, what))
    trail.record(session, what, actor_id=actor.person_id, person_id=actor.person_id, about=about, about_id=about_id, now=now)
