"""Guests: who asks for something with an address only, and proves by the letter that it is theirs."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import CannotLeaveYet
from academy.accounts.models import Identity, LinkKind, Membership, Person, SignInLink
from academy.accounts.personal import RecordClass
from academy.accounts.service import privacy
from academy.kernel.db import insert_for
from academy.kernel.ids import new_id
from academy.kernel.text import Language
from academy.kernel.translation import reading_in

GUESTS_KEPT: Final = timedelta(days=30)


def expect_person(session: Session, *, email: str, name: str, language: Language, now: datetime) -> UUID:
    """Return who has this address; where nobody has, a person who has yet to prove that it is theirs, by a link.

    Nothing changes for who has an account: a stranger may have typed the address.
    """
    session.execute(
        insert_for(session, Person)
        .values(id=new_id(), email=email, name=rules.clean_name(name), language=language, created_at=now)
        .on_conflict_do_nothing(),
    )
    return session.scalars(select(Person.id).where(Person.email == email)).one()


def make_link(session: Session, *, email: str, language: Language, next_path: str, now: datetime) -> UUID:
    """Make a link with which who has `email` signs in and goes on to `next_path`; the caller has a letter carry it."""
    link = SignInLink(
        id=new_id(), kind=LinkKind.SIGN_IN, email=email, language=language, next_path=next_path, created_at=now,
        expires_at=now + rules.LINK_LIFETIME,
    )
    session.add(link)
    session.flush()
    return link.id


def forget_guests(session: Session, now: datetime, limit: int) -> int:
    """Erase who was expected and did not come within thirty days; returns how many. What still runs for them is waited for."""
    at_work = select(Membership.person_id).union(select(Identity.person_id))
    rows = session.scalars(
        select(Person)
        .where(
            Person.seen_on.is_(None), Person.erased_at.is_(None), Person.password_hash.is_(None), Person.created_at <= now - GUESTS_KEPT,
            Person.id.not_in(at_work),
        )
        .order_by(Person.id).limit(limit).with_for_update(),
    ).all()
    return sum(_forgotten(session, person, now) for person in rows)


def _forgotten(session: Session, person: Person, now: datetime) -> bool:
    language: Language = "en" if person.language == "en" else "nl"
    with reading_in(language):
        try:
            privacy.erase(session, person, by=None, language=language, now=now)
        except CannotLeaveYet:
            return False
    return True


RECORD: Final = RecordClass(
    "Guests who never came", "person", "they ask for a seat", "keeping a seat until they follow the link in the letter (AVG art. 6(1)(b))",
    "pseudonymised", GUESTS_KEPT, forget_guests,
)
