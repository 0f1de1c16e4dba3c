"""Reads of letters to employers: what is asked, by whom, and how it stands."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.funding.errors import AskGone
from academy.funding.facts import AskFacts
from academy.funding.kinds import AskState, ShareState, SourceKind
from academy.funding.models import EmployerAsk, FundedSeat, FundingShare
from academy.kernel.money import FREE
from academy.payments import api as payments

REMINDERS: Final = (timedelta(days=2), timedelta(days=5))
_MOST_AT_ONCE: Final = 50
_DECIDES: Final = (Role.OWNER, Role.APPROVER, Role.BUYER, Role.FUND_MANAGER, Role.OFFICE)
_AGREED: Final = (AskState.APPROVED, AskState.PART)


def ask(session: Session, ask_id: UUID | None) -> AskFacts:
    """Return a letter to an employer as it stands. Raises AskGone."""
    row = session.execute(_asks().where(EmployerAsk.id == ask_id, EmployerAsk.state != AskState.WANTED)).one_or_none()
    if row is None:
        raise AskGone
    return _facts(*row)


def ask_of_seat(session: Session, seat_id: UUID) -> AskFacts | None:
    """Return the newest letter about a seat, for its learner; None where none went."""
    row = session.execute(
        _asks().where(EmployerAsk.seat_id == seat_id, EmployerAsk.state != AskState.WANTED).order_by(EmployerAsk.id.desc()).limit(1),
    ).one_or_none()
    return None if row is None else _facts(*row)


def seats_left_to_learner(session: Session, seat_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return of which of these seats the learner has to say whether they pay what their employer left; no SQL for none."""
    if not seat_ids:
        return frozenset()
    return frozenset(found.seat_id for row in session.execute(_asks().where(EmployerAsk.seat_id.in_(seat_ids))) if (found := _facts(*row)).waits_for_learner)


def asks_to_remind(session: Session, *, now: datetime) -> list[tuple[UUID, int]]:
    """Return the letters that wait for a reminder, with which one it is: on day 2 the first, from day 5 on the second and last."""
    first, second = (now - after for after in REMINDERS)
    rows = session.execute(
        select(EmployerAsk.id, EmployerAsk.asked_at)
        .where(
            EmployerAsk.state == AskState.ASKED, EmployerAsk.until > now,
            or_(and_(EmployerAsk.reminded < 1, EmployerAsk.asked_at <= first), and_(EmployerAsk.reminded < len(REMINDERS), EmployerAsk.asked_at <= second)),
        )
        .order_by(EmployerAsk.asked_at, EmployerAsk.id).limit(_MOST_AT_ONCE),
    )
    return [(ask_id, 2 if asked_at <= second else 1) for ask_id, asked_at in rows if asked_at is not None]


def asked_since(session: Session, person_id: UUID, since: datetime) -> int:
    """Return how often somebody named an employer since a moment."""
    return session.scalar(select(func.count()).where(EmployerAsk.person_id == person_id, EmployerAsk.made_at > since)) or 0


def who_decide(session: Session, organisation_id: UUID) -> list[accounts.PersonFacts]:
    """Return who decides about money at an organisation, its owners first; nobody where nobody has an account for it."""
    owners = accounts.people_in_role(session, Role.OWNER, organisation_id=organisation_id)
    others = accounts.people_in_role(session, *_DECIDES, organisation_id=organisation_id)
    return [*owners, *(one for one in others if one not in owners)]


def firm_of(session: Session, email: str) -> UUID | None:
    """Return the firm for which this mailbox last said yes; None where it never did."""
    return session.scalar(
        select(EmployerAsk.organisation_id)
        .where(EmployerAsk.email == email, EmployerAsk.state.in_(_AGREED)).order_by(EmployerAsk.id.desc()).limit(1),
    )


def firm_known_by(session: Session, facts: AskFacts) -> UUID | None:
    """Return the firm that a letter went to, or its mailbox decided for before; None where the firm has to be described."""
    return facts.organisation_id or firm_of(session, facts.email)


def is_described(session: Session, organisation_id: UUID | None) -> bool:
    """Tell whether everything is known that an invoice to a firm needs."""
    return organisation_id is not None and payments.billing_details_of(session, organisation_id) is not None


def unpaid_seats(session: Session, organisation_id: UUID) -> int:
    """Return how many seats a firm agreed to pay and did not pay yet."""
    unpaid = (ShareState.APPROVED, ShareState.INVOICED)
    return session.scalar(
        select(func.count()).where(FundingShare.organisation_id == organisation_id, FundingShare.state.in_(unpaid)),
    ) or 0


def approvals_of(session: Session, invoice_ids: Iterable[UUID]) -> list[AskFacts]:
    """Return the letters by which somebody agreed to what stands on invoices."""
    shares = select(FundingShare.seat_id, FundingShare.organisation_id).where(FundingShare.invoice_id.in_(list(invoice_ids))).subquery()
    rows = session.execute(
        _asks().join(shares, and_(shares.c.seat_id == EmployerAsk.seat_id, shares.c.organisation_id == EmployerAsk.organisation_id))
        .where(EmployerAsk.state.in_(_AGREED)).order_by(EmployerAsk.id),
    )
    return [_facts(*row) for row in rows]


def own_share_of(shares: Iterable[FundingShare]) -> FundingShare | None:
    """Return the learner's share that waits for an employer, or for the learner after its answer."""
    return next(
        (one for one in shares if one.kind is SourceKind.LEARNER and one.state is ShareState.RESERVED and one.approve_until is not None), None,
    )


def _asks() -> Select[EmployerAsk, FundedSeat, FundingShare]:
    return (
        select(EmployerAsk, FundedSeat, FundingShare)
        .join(FundedSeat, FundedSeat.id == EmployerAsk.seat_id)
        .outerjoin(FundingShare, and_(
            FundingShare.seat_id == FundedSeat.id, FundingShare.kind == SourceKind.LEARNER, FundingShare.state == ShareState.RESERVED,
            FundingShare.approve_until.is_not(None),
        ))
        .execution_options(populate_existing=True)
    )


def _facts(row: EmployerAsk, seat: FundedSeat, own: FundingShare | None) -> AskFacts:
    assert row.asked_at is not None
    assert row.until is not None
    return AskFacts(
        id=row.id, seat_id=row.seat_id, person_id=row.person_id, supplier_id=seat.supplier_id, offering_id=seat.offering_id, email=row.email,
        why=row.why, language=row.language, state=row.state, asked_at=row.asked_at, until=row.until,
        follows_id=row.follows_id, organisation_id=row.organisation_id, signer=row.signer, amount=row.amount, reason=row.reason,
        description=seat.description, delivered_from=seat.delivered_from, delivered_until=seat.delivered_until, price=seat.price,
        own=FREE if own is None else own.amount, own_until=None if own is None else own.approve_until,
    )
