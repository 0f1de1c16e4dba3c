"""Reads of who enrolled together, and of a seat that passes to somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, EnrolmentGroup
from academy.enrolment.queries.mine import as_agreed


@dataclass(frozen=True)
class Together:
    """One of a group: whose enrolment, and how it stands."""

    enrolment_id: UUID
    code: str
    person_id: UUID
    state: EnrolmentState


@dataclass(frozen=True)
class GroupFacts:
    """People who were enrolled together in a class, and by whom."""

    code: str
    made_by: UUID
    of: catalogue.OfferingOfModule
    people: Sequence[Together]


def group_for_letter(session: Session, group_id: UUID) -> GroupFacts | None:
    """Return a group with who is in it; None when all of it was erased."""
    group = session.get(EnrolmentGroup, group_id)
    rows = session.scalars(select(Enrolment).where(Enrolment.group_id == group_id).order_by(Enrolment.id)).all()
    if group is None or not rows:
        return None
    of = as_agreed(catalogue.offerings_by_id(session, [rows[0].offering_id])[rows[0].offering_id], rows[0].agreed_price)
    return GroupFacts(group.code, group.made_by, of, [Together(row.id, row.code, row.person_id, row.state) for row in rows])


def group_of_request(session: Session, actor: Actor, request_key: UUID | None) -> str | None:
    """Return the code of the group that this form made when it was sent before; None for the first time."""
    if request_key is None:
        return None
    return session.scalar(
        select(EnrolmentGroup.code).join(Enrolment, Enrolment.group_id == EnrolmentGroup.id)
        .where(Enrolment.request_key == request_key, EnrolmentGroup.made_by == actor.person_id),
    )


def seat_to_pass(session: Session, enrolment_id: UUID) -> Row[EnrolmentState, UUID | None, bool, str | None, UUID | None]:
    """Return what goes along to who takes a seat over: its state, its group, whether an organisation bought it, the code that led to it, and its block."""
    return session.execute(
        select(Enrolment.state, Enrolment.group_id, Enrolment.is_business, Enrolment.seat_code, Enrolment.block_id).where(Enrolment.id == enrolment_id),
    ).one()
