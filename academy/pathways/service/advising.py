"""What an adviser with the read link writes about a pathway, and what the learner does with it."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.kernel.ids import new_id
from academy.pathways.errors import AdviceFull, PathwayNotFound
from academy.pathways.models import Pathway, PathwayAdvice
from academy.pathways.service.changing import changed

MOST_ADVICE: Final = 50  # of one pathway: who passes the link on to everybody gets no book back
_KEY_BYTES: Final = 24


def give_advice(session: Session, *, read_key: str, words: str, signed: str, actor: Actor | None, now: datetime) -> UUID:
    """Keep what somebody says of the pathway with this read key; returns the advice's id.

    `words` (at most 2,000 characters) and `signed`, the name they give (at most 100), are plain text; `actor` is who was signed in, if anybody.
    Raises PathwayNotFound, and AdviceFull once there are MOST_ADVICE of them; two at the same moment may make it one more.
    """
    pathway_id = session.scalar(select(Pathway.id).where(Pathway.read_key == read_key))
    if pathway_id is None:
        raise PathwayNotFound
    there = session.scalar(select(func.count()).select_from(PathwayAdvice).where(PathwayAdvice.pathway_id == pathway_id))
    if (there or 0) >= MOST_ADVICE:
        raise AdviceFull
    row = PathwayAdvice(
        id=new_id(), pathway_id=pathway_id, words=words, signed=signed, person_id=None if actor is None else actor.person_id, given_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def remove_advice(session: Session, *, key: str, advice_id: UUID) -> None:
    """Take an advice off the pathway with this edit key; one that is gone already stays gone. Raises PathwayNotFound."""
    pathway_id = session.scalar(select(Pathway.id).where(Pathway.edit_key == key))
    if pathway_id is None:
        raise PathwayNotFound
    gone = delete(PathwayAdvice).where(PathwayAdvice.id == advice_id, PathwayAdvice.pathway_id == pathway_id)
    session.execute(gone.execution_options(synchronize_session=False))


def renew_read_link(session: Session, *, key: str, version: int, now: datetime) -> str:
    """Give the pathway another read key, so that the link that was handed out stops; returns it. Raises PathwayNotFound and PathwayChanged."""
    row = changed(session, key, version, now)
    row.read_key = secrets.token_urlsafe(_KEY_BYTES)
    session.flush()
    return row.read_key
