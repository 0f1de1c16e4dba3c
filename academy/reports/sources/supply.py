"""Classes that are planned or run, by the skills that they train; of a module that names none, by the module."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module, Offering, OfferingState, Place, PublicationState
from academy.enrolment.kinds import PoolKind
from academy.enrolment.models import SeatPool
from academy.reports.rules.quarters import before, quarter_of, year_of
from academy.reports.rules.signals import Supply
from academy.reports.sources.areas import area_of_class
from academy.reports.sources.modules import NO_MODULE, modules
from academy.reports.sources.window import Window, window_of

SERVES: Final = 2  # quarters before its start: who wanted it then can still wait for it
_AHEAD: Final = timedelta(days=31 * 3 * (SERVES + 1))  # further on starts nothing that serves a quarter of the window


def supply(session: Session, *, as_of: date) -> Iterator[Supply]:
    """Yield what classes of public modules offer in the twelve quarters before `as_of`, as the catalogue stands now, in the order of their ids. Three statements.

    A class counts in the quarter in which it starts and the two before; one that can be entered later on, until the quarter in which that ends. Free are the seats
    for everyone that nobody has; those of a sponsor or group are not, and in the quarter and the year that are now those of a class that nobody can enter any more are not either.
    """
    window, known = window_of(as_of), modules(session)
    for each in session.execute(_classes(window).execution_options(yield_per=5_000)):
        module = known.get(each.module_id, NO_MODULE)
        quarters = _served(window, each.starts_on, each.flexible_until)
        if not quarters:
            continue
        area = area_of_class(each.mode, each.latitude, each.longitude)
        free = each.seats if each.pools is None else min(each.free, each.seats)
        over = _present(window) if max(each.starts_on, each.flexible_until or each.starts_on) < window.as_of else ()
        for skill in module.subjects:
            yield Supply(skill, each.id.hex, quarters, area, module.sectors, each.seats, free, over)


def _classes(window: Window) -> Select[Any]:
    is_public = SeatPool.kind == PoolKind.PUBLIC
    pools = (
        select(
            SeatPool.offering_id, func.count().label("pools"), func.sum(case((is_public, SeatPool.capacity - SeatPool.taken), else_=0)).label("free"),
        )
        .group_by(SeatPool.offering_id).subquery()
    )
    return (
        select(
            Offering.id, Offering.module_id, Offering.starts_on, Offering.flexible_until, Offering.mode, Offering.seats, Place.latitude, Place.longitude,
            pools.c.pools, pools.c.free,
        )
        .join(Module, Module.id == Offering.module_id).outerjoin(Place, Place.id == Offering.place_id).outerjoin(pools, pools.c.offering_id == Offering.id)
        .where(
            Module.state == PublicationState.PUBLISHED, Offering.state == OfferingState.ACTIVE, Offering.starts_on < window.as_of + _AHEAD,
            or_(Offering.starts_on >= window.first, Offering.flexible_until >= window.first),
        )
        .order_by(Offering.id)
    )


def _present(window: Window) -> tuple[str, str]:
    """Return the quarter and the year of the last day that is counted."""
    return window.quarters[-1], year_of(window.quarters[-1])


def _served(window: Window, starts_on: date, flexible_until: date | None) -> tuple[str, ...]:
    first = quarter_of(starts_on)
    for _each in range(SERVES):
        first = before(first)
    last = quarter_of(max(starts_on, flexible_until or starts_on))
    return tuple(each for each in window.quarters if first <= each <= last)
