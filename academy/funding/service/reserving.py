"""The price of a seat split over who pays it, as agreed; its way to being sure, and back again for money that came late."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.funding import queries, rules
from academy.funding.errors import BudgetUsedUp, OwnShareChanged
from academy.funding.events import ShareAsked
from academy.funding.facts import SeatSplit, VatDecision
from academy.funding.kinds import Fallback, PayerCategory, ShareState, SourceKind, VatReason
from academy.funding.models import FundedSeat, FundingShare, ShareStep
from academy.funding.service import budgets, shares
from academy.funding.service.quoting import Pay, Worked, worked_for
from academy.kernel.clock import end_of_day
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import announce
from academy.kernel.text import Language

APPROVE_WITHIN: Final = timedelta(days=7)
SEAT_ENDED: Final = "seat ended"
_LONGEST: Final = 300


def reserve_seat(
    session: Session, *, seat_id: UUID, person_id: UUID, found: catalogue.OfferingOfModule, is_business: bool, language: Language, now: datetime,
    most_own: Money | None = None,
) -> SeatSplit:
    """Split the price of a seat over who pays it, and promise the others' shares out of their budgets and yearly caps.

    Repeatable: the same `seat_id` keeps the split it has. What is free has no shares. `most_own` is what the learner was shown to pay.
    Raises VatUndecided, OwnShareChanged when it would be more than that, and BudgetUsedUp when a budget was used up in this moment and the
    learner did not agree to pay instead.
    """
    known = queries.split_of(session, [seat_id]).get(seat_id)
    if known is not None:
        return SeatSplit(known.own, known.waits_until, known.price)
    if (found.offering.price or FREE).is_zero:
        return SeatSplit(FREE, None, FREE)
    worked = worked_for(session, person_id=person_id, found=found, is_business=is_business, now=now)
    worked = _with_reverse_charge(session, worked)
    seat = new_seat(worked, seat_id=seat_id, person_id=person_id, found=found, language=language, now=now)
    taken = [pay for pay in _by_budget(worked.pays) if _is_taken(session, seat, pay, now)]
    own = seat.price - Money(sum(pay.portion.amount.cents for pay in taken))
    if most_own is not None and own > most_own:
        raise OwnShareChanged(own)
    session.add(seat)
    session.flush()
    return _add_shares(session, seat, sorted(taken, key=lambda pay: pay.portion.rule.position), own, now=now)


def _by_budget(pays: tuple[Pay, ...]) -> list[Pay]:
    """Return them in the order in which budgets are locked everywhere."""
    return sorted(pays, key=lambda pay: (pay.budget_id is None, pay.budget_id or pay.portion.rule.id))


def _is_taken(session: Session, seat: FundedSeat, pay: Pay, now: datetime) -> bool:
    """Promise a part; False when its money was used in this moment, and the learner agreed to pay then. Raises BudgetUsedUp."""
    if shares.take(session, seat, _share(seat, pay, 0, FREE, now), pay.portion.amount):
        return True
    if pay.portion.rule.fallback is not Fallback.LEARNER:
        raise BudgetUsedUp
    return False


def _with_reverse_charge(session: Session, worked: Worked) -> Worked:
    """Take the VAT off a seat that one firm in another country of the EU pays whole: it declares it there."""
    quote = worked.quote
    if len(worked.pays) != 1 or not quote.own.is_zero or quote.vat is None or quote.parts[0].kind is not SourceKind.EMPLOYER:
        return worked
    buyer = accounts.organisation(session, quote.parts[0].owner_id)
    if not rules.reverse_charge_applies(quote.vat.reason, buyer_country=buyer.country, buyer_vat_id=buyer.vat_id):
        return worked
    net = quote.price - quote.vat.amount
    return worked.at_price(net, VatDecision(VatReason.REVERSE_CHARGE, rules.NO_VAT, FREE))


def new_seat(
    worked: Worked, *, seat_id: UUID, person_id: UUID, found: catalogue.OfferingOfModule, language: Language, now: datetime,
) -> FundedSeat:
    """Return a seat at the price and with the VAT that was worked out; nobody pays of it yet."""
    vat = worked.quote.vat
    assert vat is not None
    return FundedSeat(
        id=seat_id, person_id=person_id, supplier_id=found.provider_id, offering_id=found.offering.id,
        description=found.module_title.in_language(language)[:_LONGEST], language=language, delivered_from=found.offering.starts_on,
        delivered_until=found.offering.ends_on, price=worked.quote.price, vat=vat.amount, vat_category=vat.category, vat_rate=vat.rate,
        vat_reason=vat.reason, made_at=now,
    )


def _add_shares(session: Session, seat: FundedSeat, pays: list[Pay], own: Money, *, now: datetime) -> SeatSplit:
    """Write down who pays what, with each one's part of the VAT, and ask who has to approve."""
    amounts = [*(pay.portion.amount for pay in pays), own]
    *vats, own_vat = rules.split_vat(amounts, seat.vat)
    added = [_share(seat, pay, place, vat, now) for place, (pay, vat) in enumerate(zip(pays, vats, strict=True), start=1)]
    if not own.is_zero:
        added.append(own_share(seat, position=len(added) + 1, amount=own, vat=own_vat))
    for share in added:
        shares.add(session, share, now=now)
        if share.approve_until is not None:
            announce(session, ShareAsked(share.id))
    return SeatSplit(own, max((share.approve_until for share in added if share.approve_until is not None), default=None), seat.price)


def _share(seat: FundedSeat, pay: Pay, position: int, vat: Money, now: datetime) -> FundingShare:
    rule = pay.portion.rule
    return FundingShare(
        id=new_id(), seat_id=seat.id, position=position, kind=rule.kind, category=rule.category, source_id=rule.source_id, rule_id=rule.id,
        budget_id=pay.budget_id, organisation_id=rule.owner_id, firm_id=pay.firm_id, amount=pay.portion.amount, vat=vat, refunded=FREE,
        state=ShareState.RESERVED if rule.needs_approval else ShareState.APPROVED,
        approve_until=approve_until(seat, now) if rule.needs_approval else None,
    )


def own_share(seat: FundedSeat, *, position: int, amount: Money, vat: Money) -> FundingShare:
    """Return the learner's share: what nobody else pays."""
    return FundingShare(
        id=new_id(), seat_id=seat.id, position=position, kind=SourceKind.LEARNER, category=PayerCategory.INDIVIDUALS, person_id=seat.person_id,
        amount=amount, vat=vat, refunded=FREE, state=ShareState.RESERVED,
    )


def approve_until(seat: FundedSeat, now: datetime) -> datetime:
    """Return until when a share can be approved: a week, and not past the first day of the class, but at least an hour."""
    return max(min(now + APPROVE_WITHIN, end_of_day(seat.delivered_from)), now + timedelta(hours=1))


def confirm_seat(session: Session, seat_id: UUID, now: datetime) -> None:
    """Note that a seat is sure. What its own provider gives is settled by that; what others promised will be invoiced. Repeatable."""
    seat = queries.locked_seat(session, seat_id)
    if seat is None or seat.confirmed_at is not None:
        return
    seat.confirmed_at = now
    for share in queries.locked_shares(session, seat_id):
        if share.state is ShareState.APPROVED and share.organisation_id == seat.supplier_id:
            if share.budget_id is not None:
                budgets.spend(session, share.budget_id, share.amount)
            shares.move(session, share, ShareState.SETTLED, now=now)


def reopen_seat(session: Session, seat_id: UUID, now: datetime) -> bool:
    """Make a seat stand again that ended before its money came: everybody pays what they had promised.

    False when somebody's budget or cap was used meanwhile, or somebody had not approved yet: then what was paid has to go back. True also for
    a seat that never ended or costs nothing. Call it before anything of the ending is refunded.
    """
    seat = queries.locked_seat(session, seat_id)
    if seat is None or seat.ended_at is None:
        return True
    released = _released_by_ending(session, seat)
    others = sorted((one for one in released if one[0].source_id is not None), key=lambda one: str(one[0].budget_id))
    taken: list[FundingShare] = []
    for share, before in others:
        if before is not ShareState.APPROVED or not shares.take(session, seat, share, share.amount):
            for each in taken:
                shares.free(session, seat, each, each.amount)
            return False
        taken.append(share)
    for share, before in released:
        shares.move(session, share, before, now=now, note="seat stands again")
    seat.ended_at = seat.kept = None
    return True


def _released_by_ending(session: Session, seat: FundedSeat) -> list[tuple[FundingShare, ShareState]]:
    """Return the shares that were let go of when a seat ended, each with its state before that."""
    rows = session.execute(
        select(ShareStep.share_id, ShareStep.from_state)
        .join(FundingShare, FundingShare.id == ShareStep.share_id)
        .where(FundingShare.seat_id == seat.id, ShareStep.to_state == ShareState.RELEASED, ShareStep.note == SEAT_ENDED)
        .order_by(ShareStep.id),
    )
    before: dict[UUID, ShareState] = {share_id: state for share_id, state in rows if state is not None}
    return [
        (share, before[share.id])
        for share in queries.locked_shares(session, seat.id)
        if share.state is ShareState.RELEASED and share.id in before
    ]
