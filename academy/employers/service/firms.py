"""For which firm somebody asks, promises and pays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.employers.errors import FirmElsewhere, FirmNeeded
from academy.employers.kinds import Party
from academy.employers.policy import firms_of, rights_at


def firm_for(session: Session, actor: Actor, *, party: Party, kvk_number: str, firm_name: str, now: datetime, firm_id: UUID | None = None) -> UUID | None:
    """Return for which organisation the actor does this: the one with this number, else one for which they act, `firm_id` where they chose; a citizen for none.

    Where the number is new here, the actor's firm begins with it under `firm_name`. Raises FirmElsewhere where others act for the number, and
    FirmNeeded where nothing says which firm it is.
    """
    if party is Party.CITIZEN:
        return None
    memberships = accounts.memberships_of(session, actor.person_id)
    known = accounts.organisation_with_kvk(session, kvk_number) if kvk_number else None
    if known is not None:
        if not rights_at(memberships, known.id).act:
            raise FirmElsewhere
        return known.id
    if kvk_number and firm_name:
        draft = accounts.OrganisationDraft(firm_name, "NL", kvk_number, "", None, "")
        slug = accounts.start_organisation(session, actor=actor, draft=draft, now=now)
        return next(one.organisation_id for one in accounts.memberships_of(session, actor.person_id) if one.organisation_slug == slug)
    mine = sorted(firms_of(memberships), key=lambda one: one.kind.value != party.value)  # a school for a dean, a firm for an employer
    if kvk_number or not mine:
        raise FirmNeeded
    return next((one.organisation_id for one in mine if one.organisation_id == firm_id), mine[0].organisation_id)
