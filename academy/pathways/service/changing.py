"""One change at a time: whoever changes a pathway says which version they saw."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from academy.kernel.db import rows_changed
from academy.pathways.errors import PathwayChanged, PathwayNotFound
from academy.pathways.models import Pathway


def changed(session: Session, key: str, version: int, now: datetime) -> Pathway:
    """Take the next version of the pathway with this key and return its row, with what it has and its steps: three statements.

    Raises PathwayNotFound, and PathwayChanged when it is not at this version any more.
    """
    taken = rows_changed(
        session,
        update(Pathway).where(Pathway.edit_key == key, Pathway.version == version)
        .values(version=Pathway.version + 1, changed_at=now, seen_at=now).execution_options(synchronize_session=False),
    )
    found = session.scalars(
        select(Pathway).where(Pathway.edit_key == key).options(selectinload(Pathway.has), selectinload(Pathway.steps)).execution_options(populate_existing=True),
    ).one_or_none()
    if found is None:
        raise PathwayNotFound
    if not taken:
        raise PathwayChanged
    return found
