"""For which firm or school somebody asks: the one they act for, and what a question still needs to be of one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import OrganisationKind
from academy.employers.facts import DemandFacts
from academy.employers.kinds import Party
from academy.employers.policy import firms_of, rights_at


@dataclass(frozen=True)
class Firm:
    """A firm or school that somebody acts for."""

    id: UUID
    name: str
    kvk_number: str
    party: Party


@dataclass(frozen=True)
class FirmToProve:
    """What a question needs before it counts: a name where its number is new here, a colleague where others act for it, a firm where nothing says which."""

    name: str
    asks_name: bool
    is_elsewhere: bool
    is_missing: bool


def firm_of(session: Session, actor: accounts.Actor, *, acting: str) -> Firm | None:
    """Return the firm or school for which the actor works now (`acting` is its slug), else the first for which they may; None where there is none."""
    mine = firms_of(accounts.memberships_of(session, actor.person_id))
    chosen = next(iter(sorted(mine, key=lambda one: one.organisation_slug != acting)), None)
    if chosen is None:
        return None
    facts = accounts.organisation(session, chosen.organisation_id)
    return Firm(facts.id, facts.name, facts.kvk_number, Party.SCHOOL if facts.kind is OrganisationKind.SCHOOL else Party.EMPLOYER)


def firm_to_prove(session: Session, actor: accounts.Actor, demand: DemandFacts) -> FirmToProve:
    """Return for whom the actor asks, and what is still needed."""
    if demand.party is Party.CITIZEN:
        return FirmToProve("", asks_name=False, is_elsewhere=False, is_missing=False)
    memberships = accounts.memberships_of(session, actor.person_id)
    known = accounts.organisation_with_kvk(session, demand.kvk_number)
    if known is not None:
        acts = rights_at(memberships, known.id).act
        return FirmToProve(known.name if acts else "", asks_name=False, is_elsewhere=not acts, is_missing=False)
    mine = firms_of(memberships)
    if demand.kvk_number or not mine:
        return FirmToProve("", asks_name=bool(demand.kvk_number), is_elsewhere=False, is_missing=not demand.kvk_number)
    return FirmToProve(mine[0].organisation_name, asks_name=False, is_elsewhere=False, is_missing=False)
