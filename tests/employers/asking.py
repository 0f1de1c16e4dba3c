"""People who ask what must be learned, for tests: with defaults for all that a test does not name."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.models import Organisation, SignInLink
from academy.accounts.queries import Actor
from academy.employers import queries, service
from academy.employers.drafts import DemandDraft
from academy.employers.facts import DemandFacts
from academy.employers.kinds import Party
from academy.employers.models import Pledge
from tests import builders

KVK = "12345678"
NEXT = "/nl/my/demands/{code}/prove"
PLEDGE_NEXT = "/nl/my/pledges/{code}/prove"
DRAFT = DemandDraft(Party.EMPLOYER, "baas@bakkerij.nl", "nl", "Deeg kneden en brood bakken", 3, ("tue-evening",), KVK, postcode="1315")


def ask(session: Session, now: datetime, *, actor: Actor | None = None, key: Any = None, **changes: Any) -> DemandFacts:
    """Ask something, and return it as it stands then."""
    code = service.post_demand(session, draft=replace(DRAFT, **changes), actor=actor, request_key=key, next_path=NEXT, now=now)
    return queries.demand_with_code(session, code)


def join(session: Session, demand: DemandFacts, now: datetime, *, actor: Actor | None = None, pool: str = "", module: str = "") -> str:
    """Join a pool with what was asked; returns its code."""
    return service.join_for_demand(session, demand=demand, pool_code=pool, module_slug=module, actor=actor, next_path=PLEDGE_NEXT, now=now)


def prove(session: Session, demand: DemandFacts, now: datetime, *, actor: Actor | None = None, name: str = "Bakkerij Jansen") -> Actor:
    """Follow the link in the letter about a demand; returns who did."""
    who = actor or builders.actor(session, now, email=demand.email)
    service.prove_demand(session, actor=who, code=demand.code, firm_name=name, now=now)
    return who


def gathered(session: Session, now: datetime, *, email: str, **changes: Any) -> str:
    """Let a firm of its own begin a pool for what it asks; returns the pool's code."""
    demand = ask(session, now, email=email, **changes)
    code = join(session, demand, now)
    prove(session, demand, now)
    return code


def now_there(session: Session, demand: DemandFacts) -> DemandFacts:
    return queries.demand_with_code(session, demand.code)


def links_made(session: Session) -> list[str]:
    """Return where the links in letters lead."""
    return list(session.scalars(select(SignInLink.next_path).order_by(SignInLink.id)))


def firms(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Organisation)) or 0


def pledge_states(session: Session) -> list[tuple[str, str, int]]:
    """Return of every pledge its address, its state and its seats."""
    return [(email, state.value, seats) for email, state, seats in session.execute(select(Pledge.email, Pledge.state, Pledge.seats).order_by(Pledge.id))]


def at_firm(session: Session, now: datetime, *, email: str, kind: accounts.OrganisationKind = accounts.OrganisationKind.EMPLOYER, kvk: str = "",
            role: accounts.Role = accounts.Role.OWNER, slug: str = "firma") -> Actor:
    """Make somebody who acts for a firm or school that is here already."""
    actor = builders.actor(session, now, email=email)
    organisation_id = accounts.register_organisation(session, slug=slug, name=slug.title(), kind=kind)
    session.get_one(Organisation, organisation_id).kvk_number = kvk
    accounts.add_membership(session, person_id=actor.person_id, organisation_id=organisation_id, role=role)
    session.flush()
    return actor
