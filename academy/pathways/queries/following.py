"""What changed outside pathways and was not looked after yet: for the page of a route, for letters, and for the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import Pathway, PathwayChange

COLLECTED_FOR: Final = timedelta(hours=1)  # what belongs together comes in one letter
A_LETTER_PER: Final = timedelta(days=1)


@dataclass(frozen=True)
class ChangeFacts:
    """Something that changed; `title` of the module that it is about, none for a programme."""

    kind: ChangeKind
    title: Localized | None
    ec: Decimal | None
    noted_at: datetime


@dataclass(frozen=True)
class ChangesTold:
    """What a letter names, to who has the pathway in their account; `told_at` tells letters about one pathway apart."""

    pathway_id: UUID
    person_id: UUID
    edit_key: str
    told_at: datetime
    changes: tuple[ChangeFacts, ...]


def open_changes(session: Session, pathway_id: UUID) -> tuple[ChangeFacts, ...]:
    """Return what is to be looked after, the oldest first: one statement, two where there is something."""
    return _facts(session, _open(session, pathway_id))


def changes_told(session: Session, pathway_id: UUID) -> ChangesTold | None:
    """Return what the last letter about a pathway names, as far as it is still open; None without, or when nobody has it in their account."""
    row = session.execute(select(Pathway.person_id, Pathway.edit_key).where(Pathway.id == pathway_id)).one_or_none()
    told = [each for each in _open(session, pathway_id) if each.told_at is not None]
    if row is None or row.person_id is None or not told:
        return None
    last = max(each.told_at for each in told if each.told_at is not None)
    return ChangesTold(pathway_id, row.person_id, row.edit_key, last, _facts(session, [each for each in told if each.told_at == last]))


def pathways_to_tell(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pathways of which a letter is due: something was noted an hour ago or longer, and the last letter is a day old."""
    told = aliased(PathwayChange)
    lately = exists().where(told.pathway_id == PathwayChange.pathway_id, told.told_at > now - A_LETTER_PER)
    return list(session.scalars(
        select(PathwayChange.pathway_id).distinct().join(Pathway, Pathway.id == PathwayChange.pathway_id).where(
            PathwayChange.told_at.is_(None), PathwayChange.settled_at.is_(None), PathwayChange.noted_at <= now - COLLECTED_FOR,
            Pathway.person_id.is_not(None), ~lately,
        ).order_by(PathwayChange.pathway_id),
    ))


def _open(session: Session, pathway_id: UUID) -> list[PathwayChange]:
    return list(session.scalars(
        select(PathwayChange).where(PathwayChange.pathway_id == pathway_id, PathwayChange.settled_at.is_(None)).order_by(PathwayChange.noted_at, PathwayChange.id),
    ))


def _facts(session: Session, rows: list[PathwayChange]) -> tuple[ChangeFacts, ...]:
    cards = catalogue.module_cards(session, {each.module_id for each in rows if each.module_id is not None})
    return tuple(
        ChangeFacts(each.kind, cards[each.module_id].title if each.module_id in cards else None, each.ec, each.noted_at) for each in rows
    )
