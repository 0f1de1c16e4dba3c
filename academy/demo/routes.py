"""Routes to an Associate degree that people of the demo planned: one in the learner's account, and enough without a name for their provider to see demand."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.demo.learning import LOTTE
from academy.kernel.ids import new_id
from academy.pathways.kinds import GoalKind, HasKind, Match, Option
from academy.pathways.models import Pathway, PathwayHas
from academy.pathways.queries.aiming import Goal
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.pathways import facts_of, pathway_for_editing
from academy.pathways.rules.plain import plain_route
from academy.pathways.service import planning
from academy.pathways.service.planning import Life, Step

_PROGRAMME: Final = "AD-ICT"
# Evenings, Monday to Friday, from the middle of Almere.
_LIFE: Final = Life(hours=20, times=frozenset((weekday, 2) for weekday in range(5)), postcode="1315", distance=25)
_SAID: Final = "mbo-diploma Expert IT systems and devices"
_COUNTS_AS: Final = (("windesheim", "ICT-02"), ("windesheim", "ICT-05"), ("windesheim", "ICT-06"), ("roc-flevoland", "ICT-07"), ("windesheim", "ICT-01"))
_NAMELESS: Final = 11  # with the learner's enough to be told


def load_routes(session: Session, *, now: datetime) -> bool:
    """Plan the routes, once; returns whether that happened now. Catalogue and accounts are there already.

    They are made the plain way, which is quick: whoever opens one has it calculated again.
    """
    programme = next(each for each in catalogue.programmes(session) if each.code == _PROGRAMME)
    if session.scalar(select(Pathway.id).where(Pathway.programme_id == programme.id).limit(1)) is not None:
        return False
    name, email = LOTTE
    lotte = accounts.register_person(session, email=email, name=name, password=None, language="nl", now=now)
    modules = catalogue.modules_by_name(session, _COUNTS_AS)
    for owner in (lotte, *[None] * _NAMELESS):
        goal = Goal(GoalKind.PROGRAMME, programme_id=programme.id)
        key = planning.make_pathway(session, goal=goal, owner=owner, now=now)
        session.flush()
        row = pathway_for_editing(session, key)
        row.diploma = "4"
        row.has = [
            PathwayHas(id=new_id(), position=position, kind=HasKind.DIPLOMA, said=_SAID, for_module_id=modules[each], fits=Match.MATCH)
            for position, each in enumerate(_COUNTS_AS)
        ]
        planning.tell_life(session, key=key, version=row.version, life=_LIFE, now=now)
        session.flush()
        if steps := _plain_steps(session, row, now):
            planning.choose(session, key=key, version=row.version, option=Option.SHORTEST, steps=steps, now=now)
            session.flush()
    return True


def _plain_steps(session: Session, row: Pathway, now: datetime) -> list[Step]:
    """Return a route made the plain way; nothing where there is none."""
    gathered = gather(session, facts_of(session, row), now=now)
    route = plain_route(gathered.problem, Option.SHORTEST)
    return [] if route is None else planning.steps_of(gathered, route)
