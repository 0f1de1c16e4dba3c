"""What stood in the way of routes that people of the demo looked for, over more than a year: with the pools of its firms enough for the office to see gaps."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo.paid_year import first_of_quarter
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.pathways.kinds import GoalKind, Limit
from academy.pathways.models import Pathway, RouteBlocker

_INTO_QUARTER: Final = timedelta(days=10, hours=12)


@dataclass(frozen=True)
class _Blocked:
    """A module that so many could not fit in, by how many quarters ago; the newest number is of now."""

    provider: str
    code: str
    limit: Limit
    people: tuple[int, ...]  # now, a quarter ago, two quarters ago, …
    parts: tuple[str, ...] = ()
    distance: int | None = None
    area: str = "13"


_BLOCKED: Final = (  # modules of which there are few seats: what has room for all is no gap
    _Blocked("windesheim", "ENG-07", Limit.PARTS, (46, 38, 31, 26, 22), parts=("tue-evening", "thu-evening")),
    _Blocked("windesheim", "BOU-04", Limit.PARTS, (41, 44, 36, 30), parts=("sat-morning", "sat-afternoon")),
    _Blocked("windesheim", "BOU-11", Limit.PARTS, (34, 22, 21), parts=("wed-evening",)),
    _Blocked("landstede", "LOS-03", Limit.DISTANCE, (30, 24), distance=15, area="82"),
    _Blocked("windesheim", "ICT-06", Limit.PARTS, (28, 26, 24), parts=("mon-evening",)),  # hidden with the next: few others ask for ICT
    _Blocked("roc-flevoland", "ICT-07", Limit.PARTS, (26, 25, 23), parts=("mon-evening",), area=""),
    _Blocked("windesheim", "BOU-02", Limit.PARTS, (4, 3), parts=("mon-evening",)),  # too few to be told, and so one more is not
)


def load_demand(session: Session, *, now: datetime) -> bool:
    """Let people look for routes in vain, once; returns whether they did now. Catalogue and routes are there already."""
    modules = catalogue.modules_by_name(session, [(each.provider, each.code) for each in _BLOCKED])
    if session.scalar(select(RouteBlocker.id).where(RouteBlocker.module_id.in_(modules.values())).limit(1)) is not None:
        return False
    blockers = []
    for each in _BLOCKED:
        module_id = modules[each.provider, each.code]
        for ago, people in enumerate(each.people):
            found = now - timedelta(days=2) if not ago else datetime.combine(first_of_quarter(amsterdam_day(now), ago=ago), time(0), UTC) + _INTO_QUARTER
            for _person in range(people):
                key = new_id()
                session.add(Pathway(
                    id=key, edit_key=new_id().hex, read_key=new_id().hex, goal=GoalKind.SKILLS, hours=16, parts=list(each.parts),
                    distance=each.distance, postcode=f"{each.area}15" if each.area else "", made_at=found, changed_at=found, seen_at=found,
                ))
                blockers.append(RouteBlocker(
                    id=new_id(), pathway_id=key, module_id=module_id, subject=module_id.hex, limits=[each.limit.value],
                    parts=list(each.parts), distance=each.distance, area=each.area, found_at=found, ended_at=found + timedelta(days=60) if ago else None,
                ))
    session.flush()  # pathways go before what points to them
    session.add_all(blockers)
    session.flush()
    return True
