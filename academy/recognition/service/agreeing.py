"""Agreements on a module elsewhere: the learner, the exam board at home and the host sign, and the credits come with the result, in its own commit.

Whoever changes an agreement does so by an UPDATE that is guarded by its state: of a result and a withdrawal at the same moment one wins, and the other hears so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Update, case, func, literal, select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, Role, hold_person
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.recognition.errors.agreeing import (
    AgreementClosed,
    AgreementNotFound,
    AgreementThere,
    AgreementWrong,
    HostIsLearner,
    NobodySigns,
    NothingToEarn,
    NotTheirSignature,
    OutcomesReworded,
    TooManyAgreements,
)
from academy.recognition.events import AgreementAsked, AgreementChanged
from academy.recognition.kinds import AgreementState
from academy.recognition.models import Agreement, AgreementOutcome
from academy.recognition.queries import agreements as queries
from academy.recognition.queries.agreements import AgreementFacts
from academy.recognition.queries.credits import counting_outcomes
from academy.recognition.queries.outcomes import ModuleToClaim, module_to_claim, modules_to_claim
from academy.recognition.rules.agreeing import result_by, sign_by
from academy.recognition.rules.patterns import wording_digest
from academy.recognition.service.agreed_results import book_if_passed_before, note_agreement

_S = AgreementState
_LIVE: Final = (_S.ASKED, _S.SIGNED)
_CAN_LAPSE: Final = (*_LIVE, _S.NOT_PASSED)  # who failed may try again, until the same day
MOST_ELSEWHERE: Final = 10  # letters to addresses of a learner's choice
_ELSEWHERE_WITHIN: Final = timedelta(days=30)


@dataclass(frozen=True)
class HostElsewhere:
    """A school that is not on the platform, and its course; it signs by the link in a letter."""

    name: str
    course: str
    code: str
    email: str


def ask_agreement(
    session: Session, *, actor: Actor, home_slug: str, outcome_ids: Collection[UUID], host: str | HostElsewhere, language: str, now: datetime,
) -> str:
    """Ask that a module elsewhere (its slug, or a school that is not here) counts for outcomes at home; returns its code. Asking is the learner's signature.

    Raises ModuleNotFound, NotRecognisable, AgreementWrong, NothingToEarn, NobodySigns, HostIsLearner, TooManyAgreements, and AgreementThere when this person has
    one for that module.
    """
    home = module_to_claim(session, home_slug)
    wanted = frozenset(outcome_ids)
    if not wanted or not wanted <= {each.id for each in home.outcomes}:
        raise AgreementWrong
    if wanted <= counting_outcomes(session, actor.person_id, wanted):
        raise NothingToEarn
    if not queries.signers_at(session, home.provider_id, Role.EXAM_BOARD):
        raise NobodySigns
    at = {"host_module_id": _host_here(session, home, host).id} if isinstance(host, str) else _host_there(session, actor, host, now=now)
    agreement_id, code = new_id(), short_code()
    asking = insert_for(session, Agreement).values(
        id=agreement_id, code=code, person_id=actor.person_id, home_provider_id=home.provider_id, home_module_id=home.id, language=language, state=_S.ASKED,
        asked_at=now, until=sign_by(now), reason="", **({"host_name": "", "host_course": "", "host_code": "", "host_email": ""} | at),
    )
    if session.scalar(asking.on_conflict_do_nothing().returning(Agreement.id)) is None:
        raise AgreementThere(_live_one(session, actor.person_id, home.id))
    words = {each.id: wording_digest(each.wording.in_language("nl")) for each in home.outcomes}
    session.add_all(AgreementOutcome(agreement_id=agreement_id, outcome_id=each, wording_digest=words[each]) for each in sorted(wanted))
    announce(session, AgreementAsked(agreement_id))
    note_agreement(session, "agreement-asked", queries.agreement_by_id(session, agreement_id), actor.person_id, now=now)
    return code


def _host_here(session: Session, home: ModuleToClaim, slug: str) -> ModuleToClaim:
    host = module_to_claim(session, slug)
    if host.provider_id == home.provider_id:
        raise AgreementWrong
    if not queries.signers_at(session, host.provider_id, *queries.SIGN_AS_HOST):
        raise NobodySigns
    return host


def _host_there(session: Session, actor: Actor, host: HostElsewhere, *, now: datetime) -> dict[str, str]:
    if not (host.name.strip() and host.course.strip() and host.email.strip()):
        raise AgreementWrong
    if _mailbox(host.email.strip()) == _mailbox(actor.email):
        raise HostIsLearner
    hold_person(session, actor)  # two at once count each other
    lately = (Agreement.person_id == actor.person_id, Agreement.host_module_id.is_(None), Agreement.asked_at > now - _ELSEWHERE_WITHIN)
    if (session.scalar(select(func.count()).select_from(Agreement).where(*lately)) or 0) >= MOST_ELSEWHERE:
        raise TooManyAgreements(MOST_ELSEWHERE)
    return {"host_name": host.name.strip(), "host_course": host.course.strip(), "host_code": host.code.strip(), "host_email": host.email.strip()}


def _mailbox(email: str) -> str:
    """Return the mailbox of an address: what stands behind a plus is the owner's own, and capitals are the same."""
    local, _at, domain = email.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _live_one(session: Session, person_id: UUID, home_module_id: UUID) -> str:
    wanted = select(Agreement.code).where(Agreement.person_id == person_id, Agreement.home_module_id == home_module_id, Agreement.state.in_(_LIVE))
    return session.scalars(wanted).first() or ""


# Signing and refusing


def sign_home(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Sign for the exam board of the provider that awards the credits.

    Raises ProviderNotFound, AgreementNotFound, AgreementClosed, OutcomesReworded, and NotTheirSignature for the learner and for who signed as the host.
    """
    _desk, found, as_home = queries.agreement_at(session, actor, provider_slug, code)
    if not as_home:
        raise AgreementNotFound
    if queries.is_reworded(found, modules_to_claim(session, [found.home_module_id])[found.home_module_id]):
        raise OutcomesReworded
    _check_theirs(actor, found, found.host_signed_by)
    other = (Agreement.host_signed_by.is_(None) | (Agreement.host_signed_by != actor.person_id))
    _sign(session, found, "home", other, by=actor.person_id, now=now)


def sign_host(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Sign for the provider here that gives the module. Raises ProviderNotFound, AgreementNotFound, AgreementClosed, NotTheirSignature as `sign_home`."""
    _desk, found, as_home = queries.agreement_at(session, actor, provider_slug, code)
    if as_home:
        raise AgreementNotFound
    _check_theirs(actor, found, found.home_signed_by)
    other = (Agreement.home_signed_by.is_(None) | (Agreement.home_signed_by != actor.person_id))
    _sign(session, found, "host", other, by=actor.person_id, now=now)


def sign_host_by_link(session: Session, *, agreement_id: UUID | None, reader_id: UUID | None, now: datetime) -> None:
    """Sign for a school elsewhere, that has the link; `reader_id` is who is signed in where it was opened, if anybody.

    Raises AgreementNotFound, AgreementClosed, NotTheirSignature for the learner.
    """
    _sign(session, queries.agreement_by_link(session, agreement_id, reader_id=reader_id), "host", literal(value=True), by=None, now=now)


def _check_theirs(actor: Actor, found: AgreementFacts, other_signer: UUID | None) -> None:
    if actor.person_id in {found.person_id, other_signer}:
        raise NotTheirSignature


def _sign(session: Session, found: AgreementFacts, party: str, other: ColumnElement[bool], *, by: UUID | None, now: datetime) -> None:
    """Write a signature; the one that comes last makes it signed, whichever of the two that is."""
    mine, theirs = (Agreement.home_signed_at, Agreement.host_signed_at) if party == "home" else (Agreement.host_signed_at, Agreement.home_signed_at)
    is_last = theirs.is_not(None)
    signing = update(Agreement).where(Agreement.id == found.id, Agreement.state == _S.ASKED, Agreement.until > now, mine.is_(None), other).values({
        f"{party}_signed_at": now, f"{party}_signed_by": by, "state": case((is_last, literal(_S.SIGNED, Agreement.state.type)), else_=Agreement.state),
        "until": case((is_last, literal(result_by(now), Agreement.until.type)), else_=Agreement.until),
    })
    _guard(session, signing)
    announce(session, AgreementChanged(found.id))
    book_if_passed_before(session, found.id, now=now)
    note_agreement(session, "agreement-signed-home" if party == "home" else "agreement-signed-host", found, by, now=now)


def refuse(session: Session, *, actor: Actor, provider_slug: str, code: str, reason: str, now: datetime) -> None:
    """Refuse for the board at home or for the host, with a reason.

    Raises ProviderNotFound, AgreementNotFound, NotTheirSignature for the learner, AgreementWrong for no reason, AgreementClosed.
    """
    _desk, found, _as_home = queries.agreement_at(session, actor, provider_slug, code)
    if actor.person_id == found.person_id:
        raise NotTheirSignature
    _refuse(session, found, reason, by=actor.person_id, now=now)


def refuse_by_link(session: Session, *, agreement_id: UUID | None, reader_id: UUID | None, reason: str, now: datetime) -> None:
    """Refuse for a school elsewhere. Raises as `refuse`."""
    _refuse(session, queries.agreement_by_link(session, agreement_id, reader_id=reader_id), reason, by=None, now=now)


def _refuse(session: Session, found: AgreementFacts, reason: str, *, by: UUID | None, now: datetime) -> None:
    if not reason.strip():
        raise AgreementWrong
    _close(session, found, (_S.ASKED,), _S.REFUSED, reason=reason.strip(), now=now)
    note_agreement(session, "agreement-refused", found, by, now=now)


def end_agreement(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Take one's own agreement back, as long as no result came. Raises AgreementNotFound, AgreementClosed."""
    found = queries.agreement_of_learner(session, actor, code)
    _close(session, found, _LIVE, _S.ENDED, reason="", now=now)
    note_agreement(session, "agreement-ended", found, actor.person_id, now=now)


def end_overdue(session: Session, *, now: datetime, most: int = 50) -> int:
    """End agreements that were not signed in time, or to which no result came; each party hears. Returns how many: what changed meanwhile is left alone."""
    found = queries.agreements_where(session, Agreement.state.in_(_CAN_LAPSE), Agreement.until <= now, most=most)
    ended = [each for each in found if _lapse(session, each, now=now)]
    for each in ended:
        note_agreement(session, "agreement-lapsed", each, None, now=now)
    return len(ended)


def _lapse(session: Session, found: AgreementFacts, *, now: datetime) -> bool:
    """End one whose time is over, still: a result that is looked at again, or the last signature, gives it new time."""
    ending = update(Agreement).where(Agreement.id == found.id, Agreement.state.in_(_CAN_LAPSE), Agreement.until <= now).values(state=_S.ENDED, ended_at=now, reason="")
    if rows_changed(session, ending.execution_options(synchronize_session=False)) != 1:
        return False
    announce(session, AgreementChanged(found.id))
    return True


def _close(session: Session, found: AgreementFacts, from_: tuple[AgreementState, ...], state: AgreementState, *, reason: str, now: datetime) -> None:
    ending = update(Agreement).where(Agreement.id == found.id, Agreement.state.in_(from_)).values(state=state, ended_at=now, reason=reason)
    _guard(session, ending)
    announce(session, AgreementChanged(found.id))


def _guard(session: Session, change: Update) -> None:
    if rows_changed(session, change.execution_options(synchronize_session=False)) != 1:
        raise AgreementClosed
