"""Accounts that nobody uses: a letter after two years, and the end thirty days later for who does not come back."""

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import CannotLeaveYet
from academy.accounts.events import AccountUnused
from academy.accounts.models import Person
from academy.accounts.personal import RecordClass
from academy.accounts.service import privacy
from academy.kernel.clock import amsterdam_day
from academy.kernel.outbox import announce
from academy.kernel.text import Language
from academy.kernel.translation import reading_in


def end_unused(session: Session, now: datetime, limit: int) -> int:
    """Warn who was not here for two years, and erase who was warned thirty days ago; returns how many that were.

    Who still has something to settle is warned again thirty days later.
    """
    today = amsterdam_day(now)
    told = today - rules.TO_COME_BACK
    rows = session.scalars(
        select(Person)
        .where(Person.erased_at.is_(None), Person.seen_on <= today - rules.UNUSED, or_(Person.warned_on.is_(None), Person.warned_on <= told))
        .order_by(Person.id).limit(limit).with_for_update(),
    ).all()
    for person in rows:
        if person.warned_on is None or not _erased(session, person, now):
            person.warned_on = today
            announce(session, AccountUnused(person.id))
    return len(rows)


def _erased(session: Session, person: Person, now: datetime) -> bool:
    language: Language = "en" if person.language == "en" else "nl"
    with reading_in(language):
        try:
            privacy.erase(session, person, by=None, language=language, now=now)
        except CannotLeaveYet:
            return False
    return True


RECORD: Final = RecordClass(
    "Accounts that nobody uses", "person", "two years after the last sign-in, and thirty days after a letter that says so",
    "an account without its owner has no purpose (AVG art. 5(1)(e)); what must stay stays, as when its owner erases it", "pseudonymised",
    apply=end_unused,
)
