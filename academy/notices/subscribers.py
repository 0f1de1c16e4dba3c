"""Letters that follow from what happened in lower rooms. Each is sent outside a transaction, at least once."""

from collections.abc import Callable
from datetime import datetime

from academy.accounts.api import (
    AccountUnused,
    ApprovalAsked,
    InvitationSent,
    OwnershipHandedOver,
    SignInLinkRequested,
    WayInChanged,
)
from academy.catalogue.api import ModuleChecked
from academy.kernel.db import database
from academy.kernel.outbox import Event, subscribe
from academy.notices import (
    employer_pool_letters,
    enrolment_letters,
    letters,
    pathway_letters,
    recognition_letters,
    report_letters,
    service,
)
from academy.notices.enrolment_letters import Write
from academy.search.api import NewFitsFound, SearchKept


def register() -> None:
    """Subscribe; called once at start-up."""
    subscribe("notices.sign-in-letter", SignInLinkRequested, outside=_sign_in_link)
    subscribe("notices.way-in-letter", WayInChanged, outside=_way_in_changed)
    subscribe("notices.unused-letter", AccountUnused, outside=_unused)
    subscribe("notices.approval-letter", ApprovalAsked, outside=_approval_asked)
    subscribe("notices.invitation-letter", InvitationSent, outside=_invited)
    subscribe("notices.new-owner-letter", OwnershipHandedOver, outside=_owns)
    subscribe("notices.former-owner-letter", OwnershipHandedOver, outside=_owned)
    subscribe("notices.check-letter", ModuleChecked, outside=_checked)
    subscribe("notices.saved-search-letter", SearchKept, outside=_search_kept)
    subscribe("notices.new-fits-letter", NewFitsFound, outside=_new_fits)
    every = enrolment_letters.LETTERS | employer_pool_letters.LETTERS | recognition_letters.LETTERS | pathway_letters.LETTERS | report_letters.LETTERS
    for name, (event_type, write) in every.items():
        subscribe(name, event_type, outside=_sends(write))


def _sends(write: Write) -> Callable[[Event, datetime], None]:
    def send(event: Event, now: datetime) -> None:
        with database().reading() as session:
            written = list(write(session, event, now))
        for letter in written:
            service.send(letter)

    return send


def _sign_in_link(event: SignInLinkRequested, now: datetime) -> None:
    with database().reading() as session:
        letter = letters.sign_in_letter(session, event.link_id, now=now)
    service.send(letter)


def _way_in_changed(event: WayInChanged, _now: datetime) -> None:
    with database().reading() as session:
        letter = letters.way_in_letter(session, event.change_id, event.person_id, event.what)
    service.send(letter)


def _unused(event: AccountUnused, _now: datetime) -> None:
    with database().reading() as session:
        letter = letters.unused_letter(session, event.person_id)
    service.send(letter)


def _approval_asked(event: ApprovalAsked, now: datetime) -> None:
    with database().reading() as session:
        letter = letters.approval_letter(session, event.approval_id, now=now)
    service.send(letter)


def _invited(event: InvitationSent, now: datetime) -> None:
    with database().reading() as session:
        letter = letters.invitation_letter(session, event.invitation_id, now=now)
    service.send(letter)


def _owns(event: OwnershipHandedOver, _now: datetime) -> None:
    with database().reading() as session:
        letter = letters.ownership_letter(session, event, is_new=True)
    service.send(letter)


def _owned(event: OwnershipHandedOver, _now: datetime) -> None:
    with database().reading() as session:
        letter = letters.ownership_letter(session, event, is_new=False)
    service.send(letter)


def _checked(event: ModuleChecked, _now: datetime) -> None:
    with database().reading() as session:
        letter = letters.check_letter(session, event.step_id)
    service.send(letter)


def _search_kept(event: SearchKept, _now: datetime) -> None:
    with database().reading() as session:
        letter = letters.saved_search_letter(session, event.saved_search_id)
    service.send(letter)


def _new_fits(event: NewFitsFound, now: datetime) -> None:
    with database().reading() as session:
        letter = letters.new_fits_letter(session, event.letter_id, now=now)
    service.send(letter)
