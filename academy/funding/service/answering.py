"""An employer answers by the link in a letter: all of it, a part, or no. What it leaves, the learner agrees to pay, or has no seat.

Whoever holds the mailbox decides, but only for a firm of which the mailbox is known, or that nobody here is known to act for
(docs/decisions/0021): otherwise the letter is passed on to who does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.funding import queries, rules
from academy.funding.drafts import EmployerAnswer, FirmDraft
from academy.funding.errors import AskAnswered, AskChanged, OwnShareChanged, TooMuchUnpaid
from academy.funding.events import EmployerAnswered, EmployerAsked, SeatDecided
from academy.funding.facts import AskFacts
from academy.funding.kinds import AskState, PayerCategory, ShareState, SourceKind
from academy.funding.models import EmployerAsk, FundedSeat, FundingShare
from academy.funding.service import shares
from academy.funding.service.by_invoice import source_by_invoice
from academy.kernel.clock import end_of_day
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import announce
from academy.kernel.translation import _, reading_in
from academy.payments import api as payments

AGREE_WITHIN: Final = timedelta(days=3)  # of a learner, after a part or a no
MOST_UNPAID: Final = 5  # seats of a firm for which nobody has an account
_LONGEST_SIGNATURE: Final = 60  # where the number of an order stands on an invoice


def answer_ask(session: Session, *, ask_id: UUID | None, answer: EmployerAnswer, now: datetime) -> AskState:
    """Keep what an employer answers by its letter, once; returns what came of it: as answered, or passed on to who acts for the firm.

    What it pays is promised from here on. Raises AskGone, AskAnswered, AskChanged when another amount is asked than it was shown,
    TooMuchUnpaid.
    """
    seat_id = queries.ask(session, ask_id).seat_id
    seat, there = _locked(session, seat_id)
    facts = queries.ask(session, ask_id)  # as it is now that nobody else can answer
    own = queries.own_share_of(there)
    if own is None or not facts.is_open(now):
        raise AskAnswered
    if own.amount != answer.shown:
        raise AskChanged
    if answer.state is AskState.REFUSED:
        _note(session, facts, AskState.REFUSED, now=now, reason=answer.reason, signer=answer.signer)
        _leave_to_learner(session, seat, own, now=now)
        return _told(session, facts, AskState.REFUSED, None, now=now)
    firm_id, passed_to = _firm(session, facts, answer, now=now)
    if passed_to is not None:
        _pass_on(session, facts, firm_id, passed_to, now=now)
        return AskState.PASSED_ON
    amount = own.amount if answer.state is AskState.APPROVED else answer.amount or FREE
    if not FREE < amount <= own.amount or (amount == own.amount) != (answer.state is AskState.APPROVED):
        raise AskChanged
    _note(session, facts, answer.state, now=now, organisation_id=firm_id, signer=answer.signer, amount=amount)
    _promise(session, seat, own, firm_id, amount, now=now)
    if answer.state is AskState.APPROVED:
        _go_on(session, seat, there, but=own)
    else:
        _leave_to_learner(session, seat, own, now=now)
    return _told(session, facts, answer.state, firm_id, now=now)


def pay_oneself(session: Session, *, seat_id: UUID, most_own: Money | None, now: datetime) -> None:
    """Let the learner pay what is left: after a part or a no, or without waiting for an answer.

    Nothing of it was charged before. Raises AskAnswered where nothing waits for that, and OwnShareChanged when it is more than they were shown.
    """
    seat, there = _locked(session, seat_id)
    own = queries.own_share_of(there)
    if own is None:
        raise AskAnswered
    if most_own is None or own.amount > most_own:
        raise OwnShareChanged(own.amount)
    session.execute(
        update(EmployerAsk).where(EmployerAsk.seat_id == seat_id, EmployerAsk.state == AskState.ASKED)
        .values(state=AskState.WITHDRAWN, answered_at=now),
    )
    shares.move(session, own, ShareState.RESERVED, now=now, by=seat.person_id, note="agreed to by the learner", approve_until=None)
    _go_on(session, seat, there, but=own)


def _locked(session: Session, seat_id: UUID) -> tuple[FundedSeat, Sequence[FundingShare]]:
    """Return a seat, kept to this transaction, with its shares as they are now. Raises AskAnswered where its price was never split."""
    seat = queries.locked_seat(session, seat_id)
    if seat is None:
        raise AskAnswered
    return seat, queries.locked_shares(session, seat_id)


def _note(session: Session, facts: AskFacts, state: AskState, *, now: datetime, **values: Any) -> None:  # noqa: ANN401 - columns
    noted = update(EmployerAsk).where(EmployerAsk.id == facts.id, EmployerAsk.state == AskState.ASKED)
    if rows_changed(session, noted.values(state=state, answered_at=now, **values)) != 1:
        raise DatabaseBusy  # somebody was quicker: who starts over sees what was answered


def _go_on(session: Session, seat: FundedSeat, there: Sequence[FundingShare], *, but: FundingShare) -> None:
    if all(one.approve_until is None for one in there if one is not but):
        announce(session, SeatDecided(seat.id))


def _leave_to_learner(session: Session, seat: FundedSeat, own: FundingShare, *, now: datetime) -> None:
    """Keep the seat until the learner says whether they pay the rest: three days from now, not past the first day, never shorter than it was."""
    assert own.approve_until is not None
    until = max(own.approve_until, min(now + AGREE_WITHIN, end_of_day(seat.delivered_from)))
    shares.move(session, own, ShareState.RESERVED, now=now, note="employer answered", approve_until=until)


def _told(session: Session, facts: AskFacts, state: AskState, organisation_id: UUID | None, *, now: datetime) -> AskState:
    announce(session, EmployerAnswered(facts.id))
    accounts.record(
        session, "employer-refused" if state is AskState.REFUSED else "employer-approved", actor_id=None, person_id=facts.person_id,
        organisation_id=organisation_id, about="employer_ask", about_id=facts.id, now=now,
    )
    return state


def _promise(session: Session, seat: FundedSeat, own: FundingShare, firm_id: UUID, amount: Money, *, now: datetime) -> None:
    """Take so much of the learner's share over by the firm, which pays before the learner, with its part of the VAT."""
    place, rest = own.position, own.amount - amount
    vat, rest_vat = rules.split_vat([amount, rest], own.vat)
    if rest.is_zero:
        shares.move(session, own, ShareState.RELEASED, now=now, note="employer pays", approve_until=None, position=place + 1)
    else:
        shares.move(session, own, ShareState.RESERVED, now=now, note="employer pays a part", amount=rest, vat=rest_vat, position=place + 1)
    session.refresh(own)
    share = FundingShare(
        id=new_id(), seat_id=seat.id, position=place, kind=SourceKind.EMPLOYER, category=PayerCategory.EMPLOYERS,
        source_id=source_by_invoice(session, firm_id, now=now), organisation_id=firm_id, amount=amount, vat=vat, refunded=FREE, state=ShareState.APPROVED,
    )
    shares.add(session, share, now=now, note="agreed to by letter")


def _firm(session: Session, facts: AskFacts, answer: EmployerAnswer, *, now: datetime) -> tuple[UUID, str | None]:
    """Return the firm that pays, and the address of who acts for it where that is not the mailbox that answered."""
    firm_id = queries.firm_known_by(session, facts)
    if firm_id is None:
        assert answer.firm is not None, "the form asks for it"
        found = accounts.organisation_with_kvk(session, answer.firm.kvk_number)
        firm_id = found.id if found is not None and queries.who_decide(session, found.id) else accounts.add_firm(session, name=answer.firm.name, now=now)
    known = [person.email for person in queries.who_decide(session, firm_id)]
    if known and facts.email not in known:
        return firm_id, known[0]
    if not known and queries.unpaid_seats(session, firm_id) >= MOST_UNPAID:
        raise TooMuchUnpaid
    if answer.firm is not None:
        _note_address(session, firm_id, answer.firm, facts.email, answer.signer, now=now)
    return firm_id, None


def _note_address(session: Session, firm_id: UUID, firm: FirmDraft, email: str, signer: str, *, now: datetime) -> None:
    """Keep where invoices go, and who agreed, to be read on each; what a firm said of itself before stays."""
    with reading_in("nl"):  # firms of other countries have no KvK number, and so start an account
        agreed = _("Akkoord: %(name)s", name=signer)[:_LONGEST_SIGNATURE]
    party = payments.Party(firm.name, firm.street, firm.postcode, firm.city, "NL", firm.kvk_number, email=email)
    payments.note_billing_details(
        session, organisation_id=firm_id, details=payments.BillingFacts(party, agreed), now=now,
    )


def _pass_on(session: Session, facts: AskFacts, firm_id: UUID, email: str, *, now: datetime) -> None:
    """Ask who acts for the firm, instead of a mailbox that nobody there is known by."""
    _note(session, facts, AskState.PASSED_ON, now=now)
    again = EmployerAsk(
        id=new_id(), seat_id=facts.seat_id, person_id=facts.person_id, follows_id=facts.id, email=email, why=facts.why, language=facts.language,
        state=AskState.ASKED, made_at=now, asked_at=now, until=facts.until, organisation_id=firm_id,
    )
    session.add(again)
    session.flush()
    announce(session, EmployerAsked(again.id, 0))
