"""Use cases of privacy: what I allow, taking my data with me, leaving."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import personal, rules
from academy.accounts.errors import CannotLeaveYet, FreshSignInNeeded
from academy.accounts.models import Consent, Erasure, Person, Purpose, Role
from academy.accounts.queries import Actor, memberships_of, organisations
from academy.accounts.queries import privacy as queries
from academy.accounts.queries.factors import hold
from academy.accounts.service import trail
from academy.kernel.db import insert_for
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.text import Language

FORMAT: Final = "ad-academy-personal-data.v1"


def give_consent(session: Session, *, actor: Actor, organisation_id: UUID, purpose: Purpose, now: datetime) -> None:
    """Let an organisation that the actor is linked to see one kind of thing; repeating changes nothing. Raises NotFound."""
    hold(session, actor)
    linked = next((one for one in queries.linked_organisations(session, actor.person_id) if one.id == organisation_id), None)
    if linked is None or purpose not in rules.purposes_of(linked.kind):
        raise NotFound
    _give(session, actor.person_id, organisation_id, purpose, now=now)


def allow_payer(session: Session, *, person_id: UUID, organisation_id: UUID, purposes: Iterable[Purpose], now: datetime) -> None:
    """Let an organisation that pays a person's seat see these things, as that person says behind a link in a letter; repeating changes nothing.

    The caller knows that it pays, and who holds the link. From here on the person can take it back as any other.
    """
    kind = organisations.organisation(session, organisation_id).kind
    for purpose in purposes:
        if purpose in rules.purposes_of(kind):
            _give(session, person_id, organisation_id, purpose, now=now)


def _give(session: Session, person_id: UUID, organisation_id: UUID, purpose: Purpose, *, now: datetime) -> None:
    given = session.scalar(
        insert_for(session, Consent)
        .values(id=new_id(), person_id=person_id, organisation_id=organisation_id, purpose=purpose, given_at=now)
        .on_conflict_do_nothing()  # pressed twice, or in two windows
        .returning(Consent.id),
    )
    if given is not None:
        trail.record(
            session, "consent-given", actor_id=person_id, person_id=person_id, organisation_id=organisation_id, now=now,
            about="consent", about_id=given, details={"purpose": purpose.value},
        )


def withdraw_consent(session: Session, *, actor: Actor, organisation_id: UUID, purpose: Purpose, now: datetime) -> None:
    """Take back what an organisation may see, from this moment; repeating changes nothing."""
    withdrawn = session.scalar(
        update(Consent)
        .where(
            Consent.person_id == actor.person_id, Consent.organisation_id == organisation_id, Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .returning(Consent.id),
    )
    if withdrawn is not None:
        trail.record(
            session, "consent-withdrawn", actor_id=actor.person_id, person_id=actor.person_id, organisation_id=organisation_id, now=now,
            about="consent", about_id=withdrawn, details={"purpose": purpose.value},
        )


def export_personal_data(session: Session, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return all that every room keeps of the actor, as plain values."""
    found = {room.room: room.read(session, actor.person_id) for room in personal.rooms()}
    trail.record(session, "personal-data-exported", actor_id=actor.person_id, person_id=actor.person_id, now=now)
    return {"format": FORMAT, "made_at": now.isoformat(), "rooms": found}


def erase_person(session: Session, *, actor: Actor, language: Language, now: datetime) -> None:
    """Erase the actor's account and all that no rule makes us keep; what stays is written down in the actor's `language`.

    In one transaction, and only once: who comes second finds it done. Raises CannotLeaveYet, FreshSignInNeeded.
    """
    # Held first, so that nobody enrols or joins in between, and of two who press at once one waits for the other.
    person = session.scalars(select(Person).where(Person.id == actor.person_id).with_for_update()).one()
    if person.erased_at is not None:
        return
    if not queries.signed_in_since(session, actor.sign_in_id, moment=now - rules.FRESH_SIGN_IN):
        raise FreshSignInNeeded
    erase(session, person, by=person.id, language=language, now=now)


def erase(session: Session, person: Person, *, by: UUID | None, language: Language, now: datetime) -> None:
    """Erase an account whose row the caller holds; `by` is None when the clock does it. Raises CannotLeaveYet."""
    for slug in sorted({one.organisation_slug for one in memberships_of(session, person.id) if one.role is Role.OWNER}):
        organisations.hold(session, slug)  # of two owners who leave at once, the second sees that the first is gone
    leaving = personal.leaving_of(session, person.id, now=now)
    if leaving.obstacles:
        raise CannotLeaveYet((each.what, each.link) for each in leaving.obstacles)
    for each in leaving.goes:
        for statement in each.statements:
            session.execute(statement.execution_options(synchronize_session=False))
    person.email, person.name, person.validated_name = rules.address_of_nobody(person.id), "", ""
    person.password_hash, person.is_minor, person.seen_on, person.warned_on, person.erased_at = None, False, None, None, now
    kept = [{"what": each.what, "why": each.why, "until": each.until and each.until.isoformat(), "language": language} for each in leaving.stays]
    session.add(Erasure(person_id=person.id, erased_at=now, kept=kept))
    trail.record(session, "person-erased", actor_id=by, person_id=person.id, now=now, details={"kinds-kept": len(kept)})
