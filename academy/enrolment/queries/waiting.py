"""Reads of who waits: one's own place, the line of a class, demand, and wishes for news."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.errors import EnrolmentNotFound
from academy.enrolment.kinds import LIVE_STATES, EnrolmentState
from academy.enrolment.models import Enrolment, NewsWish
from academy.enrolment.queries.mine import EnrolmentFacts, enrolment, live_enrolments, my_enrolment
from academy.enrolment.queries.seats import Seats, place_in_line, seats, seats_left
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import FREE

_IN_LINE: Final = (EnrolmentState.WAITING, EnrolmentState.OFFERED)


@dataclass(frozen=True)
class LineFacts:
    """The line of a class: how many wait, how many have an offer to answer, and how many can at each moment of the week (`tue-evening`)."""

    waiting: int
    offered: int
    when: Mapping[str, int]


@dataclass(frozen=True)
class WaitingFacts:
    """A class as who would wait for it sees it; `mine` is the reader's own enrolment here, `place` its place in line from 1."""

    of: catalogue.OfferingOfModule
    seats: Seats
    line: LineFacts
    mine: EnrolmentFacts | None
    place: int | None


@dataclass(frozen=True)
class WaitingDemand:
    """How many people wait for classes of a module, how many want news of it, and how many of the first can at each moment of the week."""

    module_id: UUID
    waiting: int
    wants_news: int
    when: Mapping[str, int]


@dataclass(frozen=True)
class NewsFacts:
    """A module as who would hear of it sees it; `is_asked` says that the reader asked already."""

    module: catalogue.ModuleFacts
    has_room: bool
    is_asked: bool


@dataclass(frozen=True)
class NewsToTell:
    """A wish that can be fulfilled, and the class with room."""

    id: UUID
    person_id: UUID
    offering_id: UUID


def waiting_for(session: Session, actor: Actor, offering_code: str) -> WaitingFacts:
    """Return a class with its line and the actor's own place. Raises OfferingNotFound."""
    found = catalogue.offering_for_enrolment(session, offering_code)
    offering = found.offering
    code = live_enrolments(session, actor.person_id, [offering.id]).get(offering.id)
    mine = my_enrolment(session, actor, code) if code else None
    return WaitingFacts(
        found, seats_of(session, offering), line_of(session, offering.id), mine,
        place_in_line(session, mine.id) if mine else None,
    )


def in_line(session: Session, enrolment_id: UUID | None) -> EnrolmentFacts:
    """Return the enrolment that a link in a letter is about. Raises EnrolmentNotFound for a link that is none of ours."""
    found = enrolment(session, enrolment_id) if enrolment_id else None
    if found is None:
        raise EnrolmentNotFound
    return found


def line_of(session: Session, offering_id: UUID) -> LineFacts:
    """Return the line of a class, in numbers."""
    rows = session.execute(
        select(Enrolment.state, Enrolment.when_can_you).where(Enrolment.offering_id == offering_id, Enrolment.state.in_(_IN_LINE)),
    ).all()
    waiting = [row.when_can_you for row in rows if row.state is EnrolmentState.WAITING]
    return LineFacts(len(waiting), len(rows) - len(waiting), Counter(moment for moments in waiting for moment in moments))


def waiting_demand(session: Session) -> list[WaitingDemand]:
    """Return what people wait for, per module, most wanted first; a module that nobody waits for is not in the answer."""
    rows = session.execute(select(Enrolment.offering_id, Enrolment.when_can_you).where(Enrolment.state == EnrolmentState.WAITING)).all()
    offerings = catalogue.offerings_by_id(session, {row.offering_id for row in rows}) if rows else {}
    waiting: Counter[UUID] = Counter()
    when: dict[UUID, Counter[str]] = {}
    for row in rows:
        module_id = offerings[row.offering_id].offering.module_id
        waiting[module_id] += 1
        when.setdefault(module_id, Counter()).update(row.when_can_you)
    news = dict(session.execute(select(NewsWish.module_id, func.count()).group_by(NewsWish.module_id)).all())
    found = [WaitingDemand(each, waiting[each], news.get(each, 0), when.get(each, {})) for each in {*waiting, *news}]
    return sorted(found, key=lambda one: (-one.waiting, -one.wants_news, one.module_id))


def public_seats_left(session: Session, offerings: Collection[catalogue.OfferingFacts]) -> dict[UUID, int]:
    """Return the seats that everybody can take, per offering; those that are kept apart are not among them."""
    return {each.id: each.seats for each in offerings} | seats_left(session, [each.id for each in offerings])


def seats_of(session: Session, offering: catalogue.OfferingFacts) -> Seats:
    """Return the seats of one offering, also of one of which no seat was ever taken."""
    return seats(session, [offering.id]).get(offering.id, Seats(offering.seats, 0))


def news_of(session: Session, actor: Actor, module_slug: str, *, now: datetime) -> NewsFacts:
    """Return whether there is room in a module, and whether the actor asked for news of it. Raises ModuleNotFound, ModuleWithdrawn."""
    module = catalogue.module_page(session, module_slug, today=amsterdam_day(now)).module
    asked = select(exists().where(NewsWish.person_id == actor.person_id, NewsWish.module_id == module.id))
    return NewsFacts(module, bool(_with_room(session, module, now=now)), bool(session.scalar(asked)))


def modules_with_wishes(session: Session) -> list[UUID]:
    """Return the modules of which somebody wants news."""
    return list(session.scalars(select(NewsWish.module_id).distinct().order_by(NewsWish.module_id)))


def news_to_tell(session: Session, module_ids: Collection[UUID], *, now: datetime) -> list[NewsToTell]:
    """Return the wishes that can be fulfilled now: a class of the module is open, has a free seat and no line, and they are not in it."""
    wishes = session.execute(
        select(NewsWish.id, NewsWish.person_id, NewsWish.module_id).where(NewsWish.module_id.in_(list(module_ids))).order_by(NewsWish.id),
    ).all()
    if not wishes:
        return []
    modules = catalogue.module_facts(session, module_ids=sorted({wish.module_id for wish in wishes}), today=amsterdam_day(now))
    room = {module.id: _with_room(session, module, now=now) for module in modules}
    live = {(row.person_id, row.offering_id) for row in session.execute(
        select(Enrolment.person_id, Enrolment.offering_id)
        .where(Enrolment.person_id.in_([wish.person_id for wish in wishes]), Enrolment.state.in_(LIVE_STATES)),
    )}
    return [
        NewsToTell(wish.id, wish.person_id, offering_id)
        for wish in wishes
        for offering_id in [each for each in room.get(wish.module_id, []) if (wish.person_id, each) not in live][:1]
    ]


def _with_room(session: Session, module: catalogue.ModuleFacts, *, now: datetime) -> list[UUID]:
    """Return the offerings of a module that one can have a seat in now, in their order; none that may not be sold yet is among them."""
    open_now = [each for each in module.offerings if each.is_open(now) and not each.enrolment_website and each.price is not None]
    sold = [funding.Sold(module.id, module.kind.value, module.provider.id, each.price or FREE, each.starts_on) for each in open_now]
    quotes = funding.quotes(session, sold, situation=funding.Situation(), is_business=False, now=now)
    is_open = [each for each, quote in zip(open_now, quotes, strict=True) if quote.vat is not None or quote.price.is_zero]
    if not is_open:
        return []
    left = public_seats_left(session, is_open)
    line = set(session.scalars(
        select(Enrolment.offering_id)
        .where(Enrolment.offering_id.in_([each.id for each in is_open]), Enrolment.state == EnrolmentState.WAITING).distinct(),
    ))
    return [each.id for each in is_open if left[each.id] > 0 and each.id not in line]
