"""Who takes part in the programme of the demo: enough for its rule, in every stage, with what the office noted."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.demo.money import actor_of
from academy.demo.paid_year import first_of_quarter
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.reports.kinds import ReadinessItem, Stage
from academy.reports.models import Participation
from academy.reports.rules.participating import StageChange
from academy.reports.service.participating import change_stage, tick_item

_OFFICE: Final = "office@demo.example"


@dataclass(frozen=True)
class _There:
    """A provider, with its stages by how many quarters ago they began, and what is ticked."""

    slug: str
    stages: tuple[tuple[int, Stage, str], ...]
    is_large: bool = False
    is_anchor: bool = False
    ticked: tuple[ReadinessItem, ...] = ()


_BOTH: Final = (ReadinessItem.AGREEMENT, ReadinessItem.CONTACT)
_THERE: Final = (
    _There(
        "windesheim", ((6, Stage.EXPLORING, "Eerste gesprek over modules in Almere."), (5, Stage.DECLARED, ""), (4, Stage.RUNNING, "De eerste les is gepland.")),
        is_large=True, is_anchor=True, ticked=_BOTH,
    ),
    _There("aeres", ((5, Stage.DECLARED, ""), (2, Stage.RUNNING, "")), is_large=True, is_anchor=True, ticked=_BOTH),
    _There("roc-flevoland", ((3, Stage.EXPLORING, ""), (1, Stage.DECLARED, "Wil beginnen met avondlessen.")), is_large=True, ticked=(ReadinessItem.CONTACT,)),
    _There("helsinki", ((1, Stage.DECLARED, "Wil met modules op afstand meedoen."),), is_large=True, ticked=(ReadinessItem.CONTACT,)),
    _There("landstede", ((1, Stage.DECLARED, ""),), ticked=(ReadinessItem.CONTACT,)),
    _There("tu-delft", ((1, Stage.EXPLORING, "Wil weten hoeveel vraag er is."),), is_large=True),
)


def load_taking_part(session: Session, *, now: datetime) -> bool:
    """Let providers take part, once; returns whether they did now. Catalogue and people are there already."""
    if session.scalar(select(Participation.provider_id).limit(1)) is not None:
        return False
    today = amsterdam_day(now)
    acts = sorted(
        ((first_of_quarter(today, ago=ago), each, stage, note) for each in _THERE for ago, stage, note in each.stages), key=lambda act: (act[0], act[1].slug),
    )
    moments: dict[str, datetime] = {}
    for day, each, stage, note in acts:
        at = _at(day)
        change = StageChange(stage, day, each.is_large, each.is_anchor, note)
        change_stage(session, actor=actor_of(session, _OFFICE, at), provider_slug=each.slug, change=change, seen=moments.get(each.slug), now=at)
        session.flush()
        moments[each.slug] = at
    for each in _THERE:
        for item in each.ticked:
            tick_item(session, actor=actor_of(session, _OFFICE, now), provider_slug=each.slug, item=item, is_there=True, now=moments[each.slug])
    return True


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), AMSTERDAM)
