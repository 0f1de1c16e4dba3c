"""Use cases of organisations: starting one, who acts for it and as what, handing it over, closing it.

Whatever changes who acts for an organisation first waits for its turn there (`hold`), so that two requests at once can not take both its
owners away.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Delete, delete, exists, select, update
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.drafts import OrganisationDraft
from academy.accounts.errors import LastOwner, NumberTaken, OrganisationInUse
from academy.accounts.events import OwnershipHandedOver
from academy.accounts.models import Invitation, Membership, Organisation, OrganisationKind, Person, Role, SignIn
from academy.accounts.queries import Actor, organisations
from academy.accounts.queries.organisations import MemberFacts, Standing
from academy.accounts.service import trail
from academy.accounts.service.signing_in import add_membership
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.kernel.text import Localized

# What a higher room counts for an organisation that may not be closed as long as there is any, and how it says so.
RunningWork = tuple[Callable[[Session, UUID, datetime], int], Callable[[int], str]]
_running_work: dict[str, RunningWork] = {}
Sectors = Callable[[date], Sequence[tuple[str, Localized]]]
_sectors: list[Sectors] = []


def register_running_work(name: str, count: Callable[[Session, UUID, datetime], int], words: Callable[[int], str]) -> None:
    """Let a higher room tell, once at start-up, what it has running for an organisation: `count(session, organisation_id, now)`.

    `words(number)` is the sentence with which the owner hears why the organisation can not be closed.
    """
    _running_work[name] = (count, words)


def offer_sectors(sectors: Sectors) -> None:
    """Let a higher room say, once at start-up, which sectors a firm may choose on a day, as (code, name): they are data of a region."""
    _sectors[:] = [sectors]


def sectors(today: date) -> Sequence[tuple[str, Localized]]:
    """Return the sectors that a firm may choose, as (code, name); none when nobody offers them."""
    return _sectors[0](today) if _sectors else ()


def start_organisation(session: Session, *, actor: Actor, draft: OrganisationDraft, now: datetime) -> str:
    """Make an employer of which the actor becomes owner, and for which they act from now on; returns its slug. Raises NumberTaken."""
    _refuse_taken(session, draft)
    row = Organisation(id=new_id(), slug=rules.slug_for(draft.name, short_code(5)), kind=OrganisationKind.EMPLOYER, created_at=now)
    _describe(row, draft)
    session.add(row)
    session.flush()
    add_membership(session, person_id=actor.person_id, organisation_id=row.id, role=Role.OWNER)
    act_for(session, actor=actor, slug=row.slug)
    trail.record(
        session, "membership-added", actor_id=actor.person_id, now=now, person_id=actor.person_id, organisation_id=row.id,
        about="organisation", about_id=row.id, details={"role": Role.OWNER},
    )
    return row.slug


def add_firm(session: Session, *, name: str, now: datetime) -> UUID:
    """Add a firm for which nobody has an account, and return it. It has no number: whoever starts the real one is not kept from that."""
    row = Organisation(id=new_id(), slug=rules.slug_for(name, short_code(5)), name=name, kind=OrganisationKind.EMPLOYER, created_at=now)
    session.add(row)
    session.flush()
    return row.id


def appoint(session: Session, *, slug: str, email: str, role: Role, now: datetime) -> None:
    """Give a role to someone with an account, as who runs the platform: so an organisation that nobody started gets its first owner.

    Raises NotFound when no such organisation is open, or the address has no account.
    """
    organisation = session.execute(
        select(Organisation.id, Organisation.kind).where(Organisation.slug == slug, Organisation.closed_at.is_(None)),
    ).one_or_none()
    person_id = session.scalars(select(Person.id).where(Person.email == email)).one_or_none()
    if organisation is None or person_id is None or role not in rules.roles_of(organisation.kind):
        raise NotFound
    add_membership(session, person_id=person_id, organisation_id=organisation.id, role=role)
    trail.record(
        session, "membership-added", actor_id=None, now=now, person_id=person_id, organisation_id=organisation.id,
        about="organisation", about_id=organisation.id, details={"role": role},
    )


def change_organisation(session: Session, *, actor: Actor, slug: str, draft: OrganisationDraft) -> None:
    """Describe an organisation anew; its address stays. Raises NotFound, NumberTaken."""
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    _refuse_taken(session, draft, but=there.organisation.id)
    _describe(session.get_one(Organisation, there.organisation.id), draft)
    session.flush()


def change_roles(session: Session, *, actor: Actor, slug: str, person_id: UUID, roles: Collection[Role], now: datetime) -> None:
    """Give a member exactly these roles, at least one. Raises NotFound, LastOwner."""
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    before = organisations.member(session, there, person_id).roles
    session.execute(_memberships(there, person_id).where(Membership.role.not_in(roles)))
    for role in roles:
        add_membership(session, person_id=person_id, organisation_id=there.organisation.id, role=role)
    _refuse_ownerless(session, there, before)
    trail.record(
        session, "membership-changed", actor_id=actor.person_id, now=now, person_id=person_id, organisation_id=there.organisation.id,
        about="organisation", about_id=there.organisation.id, details={"before": sorted(before), "after": sorted(roles)},
    )


def remove_member(session: Session, *, actor: Actor, slug: str, person_id: UUID, now: datetime) -> None:
    """Let someone act for an organisation no more. Raises NotFound, LastOwner."""
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    _remove(session, there, person_id, actor=actor, now=now)


def leave(session: Session, *, actor: Actor, slug: str, now: datetime) -> None:
    """Stop acting for an organisation. Raises NotFound, LastOwner."""
    there = organisations.standing(session, actor, slug, be_held=True)
    _remove(session, there, actor.person_id, actor=actor, now=now)


def hand_over(session: Session, *, actor: Actor, slug: str, person_id: UUID, now: datetime) -> None:
    """Make another member owner in the actor's place; without another role the actor stays on as reader. Raises NotFound."""
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    heir = organisations.member(session, there, person_id)
    if heir.person_id == actor.person_id:
        raise NotFound
    add_membership(session, person_id=person_id, organisation_id=there.organisation.id, role=Role.OWNER)
    session.execute(_memberships(there, actor.person_id).where(Membership.role == Role.OWNER))
    if there.roles == {Role.OWNER}:
        add_membership(session, person_id=actor.person_id, organisation_id=there.organisation.id, role=Role.READER)
    announce(session, OwnershipHandedOver(new_id(), there.organisation.id, actor.person_id, person_id))
    trail.record(
        session, "ownership-handed-over", actor_id=actor.person_id, now=now, person_id=person_id, organisation_id=there.organisation.id,
        about="organisation", about_id=there.organisation.id,
    )


def close(session: Session, *, actor: Actor, slug: str, now: datetime) -> None:
    """Close an organisation for good: nobody acts for it any more. Raises NotFound, OrganisationInUse.

    Its row stays, for the seats and invoices that point to it; its number is free again, so that the firm can come back.
    """
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    organisation_id = there.organisation.id
    running = [words(number) for count, words in _running_work.values() if (number := count(session, organisation_id, now))]
    if running:
        raise OrganisationInUse(slug, running)
    people = organisations.members(session, organisation_id)
    session.execute(delete(Membership).where(Membership.organisation_id == organisation_id))
    session.execute(update(SignIn).where(SignIn.acting_for == organisation_id).values(acting_for=None))
    session.execute(
        update(Invitation)
        .where(Invitation.organisation_id == organisation_id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=now),
    )
    session.execute(update(Organisation).where(Organisation.id == organisation_id).values(closed_at=now, kvk_number="", vat_id=""))
    for one in people:
        _tell_removed(session, there, one, actor=actor, now=now)
    trail.record(
        # Without the number of the register: of a firm of one person that is a number of a person, and the trail stays.
        session, "organisation-closed", actor_id=actor.person_id, now=now, organisation_id=organisation_id, about="organisation",
        about_id=organisation_id,
    )


def act_for(session: Session, *, actor: Actor, slug: str) -> None:
    """Act, in this session, for an organisation, or with "" for nobody but oneself. Raises NotFound."""
    chosen = organisations.standing(session, actor, slug).organisation.id if slug else None
    session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(acting_for=chosen))


def _refuse_taken(session: Session, draft: OrganisationDraft, *, but: UUID | None = None) -> None:
    if organisations.is_taken(session, kvk_number=draft.kvk_number, vat_id=draft.vat_id, but=but):
        raise NumberTaken


def _describe(row: Organisation, draft: OrganisationDraft) -> None:
    row.name, row.country, row.kvk_number, row.vat_id = draft.name, draft.country, draft.kvk_number, draft.vat_id
    row.size_class, row.sector = draft.size_class, draft.sector


def _memberships(there: Standing, person_id: UUID) -> Delete:
    return delete(Membership).where(Membership.organisation_id == there.organisation.id, Membership.person_id == person_id)


def _remove(session: Session, there: Standing, person_id: UUID, *, actor: Actor, now: datetime) -> None:
    gone = organisations.member(session, there, person_id)
    session.execute(_memberships(there, person_id))
    session.execute(
        update(SignIn).where(SignIn.person_id == person_id, SignIn.acting_for == there.organisation.id).values(acting_for=None),
    )
    _refuse_ownerless(session, there, gone.roles)
    _tell_removed(session, there, gone, actor=actor, now=now)


def _tell_removed(session: Session, there: Standing, gone: MemberFacts, *, actor: Actor, now: datetime) -> None:
    trail.record(
        session, "membership-removed", actor_id=actor.person_id, now=now, person_id=gone.person_id, organisation_id=there.organisation.id,
        about="organisation", about_id=there.organisation.id, details={"roles": list(gone.roles)},
    )


def _refuse_ownerless(session: Session, there: Standing, taken_from: Collection[Role]) -> None:
    """Refuse a change that took the last owner away; what was changed goes with the transaction. Raises LastOwner."""
    owners = exists().where(Membership.organisation_id == there.organisation.id, Membership.role == Role.OWNER)
    if Role.OWNER in taken_from and not session.scalar(select(owners)):
        raise LastOwner(there.organisation.slug)
