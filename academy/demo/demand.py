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
from academy.search import api as search

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
    _Blocked("windesheim", "ENG-06", Limit.PARTS, (33, 27, 25), parts=("tue-evening",)),
    _Blocked("landstede", "LOS-03", Limit.DISTANCE, (30, 24), distance=15, area="82"),
    _Blocked("windesheim", "ICT-06", Limit.PARTS, (48, 42, 35), parts=("mon-evening",)),
    _Blocked("roc-flevoland", "ICT-07", Limit.PARTS, (26, 25, 23, 22, 20), parts=("mon-evening",), area=""),
    # The long tail of a region: groups too small to be told. One alone on a line would hide the smallest of the others, and that what stands beside it in turn:
    # so each sector has two in its area, every quarter, together ten people at least, and in any two quarters too (academy/reports/rules/hiding.py).
    _Blocked("windesheim", "BOU-02", Limit.PARTS, (8, 6, 7, 6, 5), parts=("mon-evening",)),
    _Blocked("roc-flevoland", "BOU-07", Limit.PARTS, (6, 7, 5, 8, 7), parts=("sat-morning",)),
    _Blocked("windesheim", "ENG-08", Limit.PARTS, (7, 5, 6, 7, 6), parts=("thu-evening",)),
    _Blocked("roc-flevoland", "ENG-09", Limit.PARTS, (6, 8, 7, 5, 6), parts=("fri-morning",)),
    _Blocked("windesheim", "ICT-08", Limit.PARTS, (6, 7, 6, 7, 8), parts=("wed-evening",)),
    _Blocked("open-universiteit", "ICT-09", Limit.PARTS, (7, 6, 8, 5, 6), parts=("thu-evening",)),
    _Blocked("windesheim", "ICT-05", Limit.PARTS, (6, 7, 6, 5, 6), parts=("tue-evening",), area=""),
    _Blocked("windesheim", "ICT-12", Limit.PARTS, (7, 6, 5, 7, 6), parts=("wed-evening",), area=""),
    _Blocked("landstede", "RET-05", Limit.DISTANCE, (7, 6, 5, 6, 7), distance=10, area="82"),
    _Blocked("windesheim", "RET-09", Limit.DISTANCE, (5, 7, 6, 8, 6), distance=10, area="82"),
)

# What people wrote that they look for: enough of them to be told, and few enough to be what is hidden beside the one or two to whom a board refused something.
_WISHES: Final = (
    "Dronebeelden verwerken", "Een app voor mijn bedrijf bouwen", "Robots programmeren", "Mijn webwinkel veilig maken", "3D-printen voor onderdelen", "Kassasystemen koppelen",
    "Slimme meters uitlezen", "Een chatbot voor klanten", "Domotica aansluiten", "Camerasystemen beheren", "Toegankelijke websites maken", "Rekenen met grote tabellen",
)
# What others sought in vain and told nobody's address of: counted as searches, on more than one day.
_SOUGHT: Final = ("Zonnecellen repareren", "Warmtenetten ontwerpen", "Elektrische bussen onderhouden", "Sensoren in gebouwen")
_WISHED: Final = timedelta(days=30)  # ago; before what was refused
_IN_ICT: Final = (("sector", "ict"),)


def load_demand(session: Session, *, now: datetime) -> bool:
    """Let people look for routes in vain, once; returns whether they did now. Catalogue and routes are there already."""
    modules = catalogue.modules_by_name(session, [(each.provider, each.code) for each in _BLOCKED])
    if session.scalar(select(RouteBlocker.id).where(RouteBlocker.module_id.in_(modules.values())).limit(1)) is not None:
        return False
    blockers = []
    for each in _BLOCKED:
        module_id = modules[each.provider, each.code]
        for ago, people in enumerate(each.people):
            found = into_quarter(now, ago=ago) if ago else now - timedelta(days=2)
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
    _wish(session, now=now)
    return True


def _wish(session: Session, *, now: datetime) -> None:
    """Let people without an account leave a wish each, and some no address."""
    for number, words in enumerate(_WISHES, start=1):
        draft = search.SavedDraft(search.SavedKind.WISH, words, _IN_ICT, "nl")
        search.keep_saved(session, draft=draft, email=f"wens{number}@demo.example", proven=True, known=(), now=now - _WISHED)
    for number, words in enumerate(_SOUGHT * 3, start=3):
        draft = search.SavedDraft(search.SavedKind.WISH, words, (), "nl")
        search.keep_saved(session, draft=draft, email=None, proven=False, known=(), now=now - timedelta(days=number))


def into_quarter(now: datetime, *, ago: int) -> datetime:
    """Return a moment some days into the quarter that was so many before this one."""
    return datetime.combine(first_of_quarter(amsterdam_day(now), ago=ago), time(0), UTC) + _INTO_QUARTER
