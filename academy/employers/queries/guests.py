"""Reads of the seats that a firm bought, and of the people for whom it pays one. Each function loads and checks: to a stranger there is nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationKind
from academy.catalogue import api as catalogue
from academy.employers.errors import BlockNotFound, FirmNotFound, GuestNotFound
from academy.employers.kinds import GuestState
from academy.employers.models import SeatGuest, SeatOrder
from academy.employers.policy import rights_at
from academy.employers.rules import clocks
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day, begin_of_day, end_of_day

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Firm:
    """A firm or school, as somebody who acts for it sees it."""

    id: UUID
    slug: str
    name: str
    kind: OrganisationKind


@dataclass(frozen=True)
class GuestFacts:
    """Somebody for whom an employer pays a seat, or would. Address and name are empty once nobody needs them."""

    id: UUID
    code: str
    block_id: UUID
    email: str
    name: str
    language: str
    state: GuestState
    invited_by: UUID | None
    invited_at: datetime
    until: datetime
    letters: int
    letter_at: datetime
    answered_at: datetime | None
    enrolment_id: UUID | None


@dataclass(frozen=True)
class BlockInWork:
    """Seats of a firm in a class, with who was invited, who has one, and until when."""

    firm: Firm
    block: funding.BlockFacts
    of: catalogue.OfferingOfModule
    guests: tuple[GuestFacts, ...]
    seats: tuple[enrolment.BlockSeat, ...]
    people: dict[UUID, accounts.PersonFacts] = field(default_factory=dict)

    @property
    def named_until(self) -> datetime:
        """Until when its people are named: two weeks before the class, or the day after buying where that is later; never once it has begun."""
        bought_late = end_of_day(amsterdam_day(self.block.made_at) + _DAY)
        return min(max(clocks.names_until(self.of.offering.starts_on), bought_late), self.begins)

    @property
    def begins(self) -> datetime:
        """The midnight at which the first day of the class begins."""
        return begin_of_day(self.of.offering.starts_on)

    @property
    def invited(self) -> tuple[GuestFacts, ...]:
        """Who has yet to answer."""
        return tuple(one for one in self.guests if one.state is GuestState.INVITED)

    @property
    def room(self) -> int:
        """How many more can be invited: seats without a name that nobody was asked to take."""
        return max(0, self.block.unnamed - len(self.invited))

    def is_open(self, now: datetime) -> bool:
        """Tell whether its seats can still be given out."""
        return self.block.state is funding.BlockState.ORDERED and now < self.begins

    @property
    def addresses(self) -> set[str]:
        """The addresses of who was invited and of who has one of these seats."""
        return {one.email for one in self.invited} | {self.people[each.person_id].email for each in self.seats if each.person_id in self.people}


def firm_to_act_for(session: Session, actor: Actor, slug: str) -> Firm:
    """Return a firm for who acts for it. Raises FirmNotFound."""
    memberships = accounts.memberships_of(session, actor.person_id)
    there = next((one for one in memberships if one.organisation_slug == slug), None)
    if there is None or not rights_at(memberships, there.organisation_id).act:
        raise FirmNotFound
    return Firm(there.organisation_id, there.organisation_slug, there.organisation_name, there.kind)


def blocks_of_firm(session: Session, firm: Firm) -> list[BlockInWork]:
    """Return all seats that a firm bought, the newest first, with their people."""
    return _in_work(session, firm, funding.blocks_of(session, firm.id))


def block_to_work_on(session: Session, actor: Actor, slug: str, block_id: UUID) -> BlockInWork:
    """Return one block of a firm, for who acts for it. Raises FirmNotFound, BlockNotFound."""
    firm = firm_to_act_for(session, actor, slug)
    found = [one for one in funding.blocks_of(session, firm.id) if one.id == block_id]
    if not found:
        raise BlockNotFound
    return _in_work(session, firm, found)[0]


def _in_work(session: Session, firm: Firm, blocks: list[funding.BlockFacts]) -> list[BlockInWork]:
    ids = [one.id for one in blocks]
    if not ids:
        return []
    offerings = catalogue.offerings_by_id(session, {one.offering_id for one in blocks})
    seats = enrolment.seats_of_blocks(session, ids)
    people = accounts.people(session, {each.person_id for there in seats.values() for each in there})
    guests: dict[UUID, list[GuestFacts]] = {}
    rows = select(SeatGuest).where(SeatGuest.block_id.in_(ids)).order_by(SeatGuest.id).execution_options(populate_existing=True)
    for row in session.scalars(rows):
        guests.setdefault(row.block_id, []).append(guest_facts(row))
    return [
        BlockInWork(firm, one, offerings[one.offering_id], tuple(guests.get(one.id, ())), tuple(seats.get(one.id, ())), people)
        for one in blocks
    ]


def guest_to_act_on(session: Session, actor: Actor, slug: str, code: str, *, be_held: bool = False) -> tuple[BlockInWork, GuestFacts]:
    """Return somebody for whom a firm pays a seat, or was to, for who acts for it; kept to this transaction when they must `be_held`.

    Raises FirmNotFound, GuestNotFound.
    """
    firm = firm_to_act_for(session, actor, slug)
    row = _row(session, SeatGuest.code == code.upper(), be_held=be_held)
    found = [] if row is None else [one for one in funding.blocks_of(session, firm.id) if one.id == row.block_id]
    if row is None or not found:
        raise GuestNotFound
    return _in_work(session, firm, found)[0], guest_facts(row)


def person_at_work(session: Session, actor: Actor, slug: str, code: str) -> tuple[BlockInWork, GuestFacts | None, enrolment.BlockSeat | None]:
    """Return somebody of a firm by the code of their invitation, or of their enrolment where they came by a code; for who acts for the firm.

    Raises FirmNotFound, GuestNotFound.
    """
    firm = firm_to_act_for(session, actor, slug)
    for there in blocks_of_firm(session, firm):
        guest = next((one for one in there.guests if one.code == code.upper()), None)
        seat = next((each for each in there.seats if each.code == code.upper() or (guest and each.enrolment_id == guest.enrolment_id)), None)
        if guest is not None or seat is not None:
            return there, guest, seat
    raise GuestNotFound


def guest_by_id(session: Session, guest_id: UUID | None, *, be_held: bool = False) -> GuestFacts:
    """Return somebody by id, for who holds the link in their letter; kept to this transaction when they must `be_held`. Raises GuestNotFound."""
    row = None if guest_id is None else _row(session, SeatGuest.id == guest_id, be_held=be_held)
    if row is None:
        raise GuestNotFound
    return guest_facts(row)


def _row(session: Session, which: ColumnElement[bool], *, be_held: bool) -> SeatGuest | None:
    wanted = select(SeatGuest).where(which).execution_options(populate_existing=True)
    return session.scalars(wanted.with_for_update(key_share=True) if be_held else wanted).one_or_none()


def offered_to(session: Session, guest: GuestFacts) -> tuple[catalogue.OfferingOfModule, str, UUID]:
    """Return the class that somebody is invited to, the name of who pays it, and who that is."""
    block = funding.block(session, guest.block_id)
    payer = accounts.organisation(session, block.organisation_id)
    return catalogue.offerings_by_id(session, [block.offering_id])[block.offering_id], payer.name, payer.id


def block_of_order(session: Session, request_key: UUID | None) -> UUID | None:
    """Return the block that the same form ordered before; None where it did not."""
    return None if request_key is None else session.scalar(select(SeatOrder.block_id).where(SeatOrder.request_key == request_key))


def guest_facts(row: SeatGuest) -> GuestFacts:
    return GuestFacts(
        row.id, row.code, row.block_id, row.email, row.name, row.language, row.state, row.invited_by, row.invited_at, row.until, row.letters,
        row.letter_at, row.answered_at, row.enrolment_id,
    )


def by_enrolment(guests: Iterable[GuestFacts]) -> dict[UUID, GuestFacts]:
    """Return who took a seat, by their enrolment."""
    return {one.enrolment_id: one for one in guests if one.enrolment_id is not None}
