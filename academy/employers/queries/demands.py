"""Reads of demand."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.employers.errors import DemandNotFound
from academy.employers.facts import DemandFacts
from academy.employers.kinds import OPEN_DEMANDS, DemandState
from academy.employers.models import Demand, DemandSkill
from academy.employers.policy import rights_at

_MOST_LISTED: Final = 100


def demand_by_id(session: Session, demand_id: UUID | None) -> DemandFacts:
    """Return a demand by id, for who holds a link to it. Raises DemandNotFound."""
    row = None if demand_id is None else session.get(Demand, demand_id, populate_existing=True)
    if row is None:
        raise DemandNotFound
    return facts_of(session, [row])[0]


def demand_with_code(session: Session, code: str) -> DemandFacts:
    """Return a demand by its code, for who just made it. Raises DemandNotFound."""
    row = session.scalars(select(Demand).where(Demand.code == code)).one_or_none()
    if row is None:
        raise DemandNotFound
    return facts_of(session, [row])[0]


def demands_of(session: Session, actor: accounts.Actor) -> list[DemandFacts]:
    """Return what somebody asked, the newest first, what they still have to prove among it: two statements."""
    mine = or_(Demand.person_id == actor.person_id, and_(Demand.person_id.is_(None), Demand.email == actor.email))
    return facts_of(session, session.scalars(select(Demand).where(mine).order_by(Demand.id.desc()).limit(_MOST_LISTED)).all())


def demand_to_act_on(session: Session, actor: accounts.Actor, code: str) -> DemandFacts:
    """Return a demand for who wrote it, or acts for its firm. Raises DemandNotFound."""
    row = session.scalars(select(Demand).where(Demand.code == code.upper())).one_or_none()
    if row is None or not _may_act(session, actor, row):
        raise DemandNotFound
    return facts_of(session, [row])[0]


def _may_act(session: Session, actor: accounts.Actor, row: Demand) -> bool:
    if row.person_id is not None:
        is_theirs = row.person_id == actor.person_id
    else:
        is_theirs = row.email == accounts.person(session, actor.person_id).email
    if is_theirs or row.organisation_id is None:
        return is_theirs
    return rights_at(accounts.memberships_of(session, actor.person_id), row.organisation_id).act


def demand_of_request(session: Session, request_key: UUID | None, email: str) -> str | None:
    """Return the code of the demand that the same form made before, sent by the same address; None where it did not."""
    if request_key is None:
        return None
    return session.scalar(select(Demand.code).where(Demand.request_key == request_key, Demand.email == email))


def open_demands_of(session: Session, email: str) -> int:
    """Return how many demands of an address are open, those that are not proven yet among them."""
    wanted = (DemandState.UNPROVEN, *OPEN_DEMANDS)
    return session.scalar(select(func.count()).where(Demand.email == email, Demand.state.in_(wanted))) or 0


def facts_of(session: Session, rows: Iterable[Demand]) -> list[DemandFacts]:
    """Return demands with their skills, in the order given."""
    found = list(rows)
    skills: dict[UUID, list[str]] = {}
    if found:
        of_them = select(DemandSkill.demand_id, DemandSkill.skill_uri).where(DemandSkill.demand_id.in_([row.id for row in found]))
        for demand_id, uri in session.execute(of_them.order_by(DemandSkill.skill_uri)):
            skills.setdefault(demand_id, []).append(uri)
    return [
        DemandFacts(
            row.id, row.code, row.party, row.state, row.email, row.person_id, row.organisation_id, row.kvk_number,
            "en" if row.language == "en" else "nl", row.words, tuple(skills.get(row.id, ())), row.people, tuple(row.slots), row.postcode,
            row.online, row.level, row.wanted_by, row.most_price, row.made_at, row.proven_at, row.answer_by, row.answered_at,
        )
        for row in found
    ]
