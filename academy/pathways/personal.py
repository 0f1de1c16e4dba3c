"""What pathways keeps of people, and for how long.

A route is its maker's: it goes with the account, or when nobody looks at one without an account. What stood in its way stays as demand, without whose it was.
The keys of a route are left out of what one takes along: who has one may change or read it, and the pages give them.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Goes, Leaving, PersonalData, RecordClass, Stays, kept_for, plain_rows
from academy.catalogue import api as catalogue
from academy.kernel.translation import _
from academy.pathways.models import (
    KeptAnswer,
    Pathway,
    PathwayAdvice,
    PathwayChange,
    PathwayHas,
    PathwayStep,
    PathwayWithout,
    RouteBlocker,
)

_UNSEEN_KEPT: Final = timedelta(days=365)
_ANSWER_KEPT: Final = timedelta(days=7)
_DEMAND_KEPT: Final = timedelta(days=1096)


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    mine = select(Pathway.id).where(Pathway.person_id == person_id)
    routes = session.execute(select(Pathway.id, Pathway.programme_id).where(Pathway.person_id == person_id).order_by(Pathway.made_at)).all()
    programmes = {each.id: each.title.nl for each in catalogue.programmes(session, programme_ids=[row.programme_id for row in routes if row.programme_id])}
    number = {row.id: position for position, row in enumerate(routes, 1)}
    modules = _module_titles(session, mine)
    return {
        "routes": [
            {"route": number[row.id], "programme": programmes.get(row.programme_id, ""), **values}
            for row, values in zip(routes, plain_rows(session, select(
                Pathway.goal, Pathway.occupation_uri, Pathway.skills, Pathway.diploma, Pathway.hours, Pathway.parts, Pathway.postcode, Pathway.distance,
                Pathway.own_money, Pathway.employer_money, Pathway.starts_on, Pathway.chosen, Pathway.made_at, Pathway.changed_at, Pathway.seen_at,
            ).where(Pathway.person_id == person_id).order_by(Pathway.made_at)), strict=True)
        ],
        "what_i_have": _named(number, modules, plain_rows(session, select(
            PathwayHas.pathway_id, PathwayHas.for_module_id.label("module_id"), PathwayHas.kind, PathwayHas.said, PathwayHas.ec, PathwayHas.fits,
        ).where(PathwayHas.pathway_id.in_(mine)).order_by(PathwayHas.pathway_id, PathwayHas.position))),
        "steps": _named(number, modules, plain_rows(session, select(
            PathwayStep.pathway_id, PathwayStep.module_id, PathwayStep.first_on, PathwayStep.last_on, PathwayStep.price, PathwayStep.distance, PathwayStep.is_locked,
        ).where(PathwayStep.pathway_id.in_(mine)).order_by(PathwayStep.pathway_id, PathwayStep.position))),
        "taken_out": _named(number, modules, plain_rows(session, select(
            PathwayWithout.pathway_id, PathwayWithout.module_id,
        ).where(PathwayWithout.pathway_id.in_(mine)).order_by(PathwayWithout.pathway_id, PathwayWithout.module_id))),
        "what_changed": _named(number, modules, plain_rows(session, select(
            PathwayChange.pathway_id, PathwayChange.module_id, PathwayChange.kind, PathwayChange.ec, PathwayChange.noted_at, PathwayChange.settled_at, PathwayChange.told_at,
        ).where(PathwayChange.pathway_id.in_(mine)).order_by(PathwayChange.pathway_id, PathwayChange.id))),
        "what_stood_in_the_way": _named(number, modules, plain_rows(session, select(
            RouteBlocker.pathway_id, RouteBlocker.module_id, case((RouteBlocker.module_id.is_(None), RouteBlocker.subject), else_="").label("skill"), RouteBlocker.limits,
            RouteBlocker.parts, RouteBlocker.distance, RouteBlocker.area, RouteBlocker.found_at, RouteBlocker.ended_at,
        ).where(RouteBlocker.pathway_id.in_(mine)).order_by(RouteBlocker.pathway_id, RouteBlocker.id))),
        "advice_i_got": _named(number, modules, plain_rows(session, select(
            PathwayAdvice.pathway_id, PathwayAdvice.words, PathwayAdvice.signed, PathwayAdvice.given_at,
        ).where(PathwayAdvice.pathway_id.in_(mine)).order_by(PathwayAdvice.id))),
        "advice_i_gave": plain_rows(session, select(
            PathwayAdvice.words, PathwayAdvice.signed, PathwayAdvice.given_at,
        ).where(PathwayAdvice.person_id == person_id).order_by(PathwayAdvice.id)),
    }


def _module_titles(session: Session, mine: Any) -> dict[str, str]:  # noqa: ANN401 - a select of ids
    """Return the titles of all modules that one's routes name, by id as text."""
    columns = (
        (PathwayHas.for_module_id, PathwayHas.pathway_id), (PathwayStep.module_id, PathwayStep.pathway_id), (PathwayWithout.module_id, PathwayWithout.pathway_id),
        (PathwayChange.module_id, PathwayChange.pathway_id), (RouteBlocker.module_id, RouteBlocker.pathway_id),
    )
    named = {found for module, pathway in columns for found in session.scalars(select(module).where(pathway.in_(mine))) if found is not None}
    return {str(module_id): card.title.nl for module_id, card in catalogue.module_cards(session, named).items()}


def _named(number: dict[UUID, int], modules: dict[str, str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the number of their route and the title of their module in the place of ids."""
    named = []
    for row in rows:
        of, module_id = number[UUID(row.pop("pathway_id"))], row.pop("module_id", "")
        named.append({"route": of, **({"module": modules.get(module_id or "", "")} if module_id != "" else {}), **row})
    return named


def _leaving(session: Session, person_id: UUID, _now: datetime) -> Leaving:
    mine, advised = Pathway.person_id == person_id, PathwayAdvice.person_id == person_id
    given = _count(session, advised)
    return Leaving(
        goes=(
            Goes(_("je routes, met alles wat je daarvoor vertelde"), _count(session, mine), (delete(Pathway).where(mine),)),
            Goes(_("je naam bij advies dat je bij de route van iemand anders schreef"), given, (update(PathwayAdvice).where(advised).values(signed="", person_id=None),)),
        ),
        stays=(
            Stays(_("het advies zelf"), _("Het is voor wie de route maakte. Je naam staat er niet meer bij."), None, given),
        ),
    )


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(which)) or 0


HELD: Final = PersonalData("pathways", frozenset({"pathway", "pathway_advice", "credit_rule"}), _read, _leaving)

RECORDS: Final[tuple[RecordClass, ...]] = (
    kept_for(
        _UNSEEN_KEPT, Pathway, name="Routes without an account", since="somebody last looked at them", why="going on with a route by its link; who made it is not known",
        over=lambda before: Pathway.person_id.is_(None) & (Pathway.seen_at <= before),
    ),
    RecordClass(
        "Routes in an account", "pathway", "until their owner takes them away, or the account is erased",
        "the route that one asked for (AVG art. 6(1)(b)): goal, what one has, time, money and the first four digits of a postcode", "erased",
    ),
    RecordClass("What somebody says to have for a route", "pathway_has", "as long as the route", "what counts for it", "erased"),
    RecordClass("What changed for a route", "pathway_change", "as long as the route", "telling it once, and mending the route", "erased"),
    RecordClass(
        "Advice on a route", "pathway_advice", "as long as the route, or until its owner takes it away", "the learner asked for it; the name under it goes with the account of who gave it",
        "erased",
    ),
    kept_for(
        _DEMAND_KEPT, RouteBlocker, name="What stood in the way of a route", since="it was found",
        why="demand for the timetables of three school years: two digits of a postcode and times of the week; without whose it was, once the route is gone",
        over=lambda before: RouteBlocker.found_at <= before,
    ),
    kept_for(
        _ANSWER_KEPT, KeptAnswer, name="Answers of the solver", since="they were calculated", why="not calculating the same twice; under a digest, and nobody's",
        over=lambda before: KeptAnswer.solved_at <= before,
    ),
    RecordClass(
        "Who set what credits must be", "credit_rule", "as long as the programme", "who did it, for questions; no learner stands in it", "stays, with an id only",
    ),
)
