"""What buttons on a route do: the change is calculated first, and written only when a route comes of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.pathways.errors import PathwayChanged
from academy.pathways.forms.building import ChangeForm, ChooseForm, LifeForm
from academy.pathways.kinds import Limit, Option
from academy.pathways.problem import Course, Problem
from academy.pathways.service import planning
from academy.pathways.views import asking
from academy.pathways.views.asking import Asked

Act = Callable[[], None]
_Changed = tuple[Problem, Sequence[Course] | None]  # what is asked now, and the courses that may stay as they are


def tell_life(key: str, form: LifeForm) -> None:
    with database().writing() as session:
        planning.tell_life(session, key=key, version=form.seen, life=form.life, now=utc_now())


def choose(key: str, form: ChooseForm) -> None:
    """Make the route that was shown the pathway. Raises NoSuchRoute where there is none any more, and PathwayChanged where they are others now."""
    now, version = utc_now(), form.seen
    asked = _asked(key, version, now)
    route = asking.shown_of(asked, Option(form.option.data), str(form.shown.data or ""))
    with database().writing() as session:
        planning.choose(session, key=key, version=version, option=route.option, steps=asking.steps_for(asked, asked.problem, route), now=now)


def open_limit(key: str, version: int, limit: Limit, value: int) -> None:
    with database().writing() as session:
        planning.open_limit(session, key=key, version=version, limit=limit, value=value, now=utc_now())


def keep(key: str, version: int) -> str:
    with database().writing() as session:
        return planning.keep_in_account(session, actor=require_actor(), key=key, version=version, now=utc_now())


def renew_links(key: str, version: int) -> str:
    with database().writing() as session:
        return planning.renew_links(session, key=key, version=version, now=utc_now())


def change(key: str, form: ChangeForm) -> None:
    """Lock a step, let it go, swap it for something else, put back what was taken out, move it to another class, or add one."""
    now, module = utc_now(), str(form.module.data)
    asked = _asked(key, form.seen, now)
    problem, courses = _CHANGES[str(form.act.data)](asked, module, str(form.course.data or ""))
    if asked.pathway.chosen is None:  # nothing is chosen yet: what is locked stays, the rest comes with the choice
        kept = [asking.as_kept(each) for each in asked.pathway.steps if each.course_key in problem.locked]
    else:
        route = asking.kept_or_solved(asked, problem, courses, now=now) if courses else asking.solved(asked, problem, now=now)
        kept = asking.steps_for(asked, problem, route)
    without = _without(asked, problem)
    with database().writing() as session:
        planning.swap(session, key=key, version=form.seen, option=asked.pathway.chosen, steps=kept, without=without, now=now)


def _asked(key: str, version: int, now: datetime) -> Asked:
    """Return the pathway with its answer. Raises PathwayChanged where somebody changed it, before anything is calculated."""
    pathway, gathered = asking.look(key, now=now)
    if gathered is None or pathway.version != version:
        raise PathwayChanged
    return asking.ask(pathway, gathered, now=now)


def _locked(asked: Asked, module: str, _course: str) -> _Changed:
    keys = {each.key for each in asked.courses if each.module == module}
    return replace(asked.problem, locked=asked.problem.locked | keys), asked.courses


def _unlocked(asked: Asked, module: str, _course: str) -> _Changed:
    return replace(asked.problem, locked=asked.problem.locked - _keys_of(asked, module)), asked.courses


def _swapped(asked: Asked, module: str, _course: str) -> _Changed:
    problem = asked.problem
    return replace(problem, without=problem.without | {module}, locked=problem.locked - _keys_of(asked, module)), None


def _put_back(asked: Asked, module: str, _course: str) -> _Changed:
    return replace(asked.problem, without=asked.problem.without - {module}), None


def _moved(asked: Asked, module: str, course: str) -> _Changed:
    """Put the module in another class, which stays: that is what somebody chose."""
    to = next((each for each in asked.problem.courses if each.key == course and each.module == module), None)
    if to is None or all(each.module != module for each in asked.courses):
        raise PathwayChanged
    locked = asked.problem.locked - _keys_of(asked, module) | {to.key}
    return replace(asked.problem, locked=locked), [to, *(each for each in asked.courses if each.module != module)]


def _added(asked: Asked, module: str, course: str) -> _Changed:
    """Put a module in a chosen route that is no step of it yet; it stays, and so do the others where they can."""
    to = next((each for each in asked.problem.courses if each.key == course and each.module == module), None)
    if to is None or asked.pathway.chosen is None:
        raise PathwayChanged
    problem = replace(asked.problem, locked=asked.problem.locked - _keys_of(asked, module) | {to.key}, without=asked.problem.without - {module})
    return problem, [to, *(each for each in asked.courses if each.module != module)]


def _keys_of(asked: Asked, module: str) -> set[str]:
    return {each.key for each in asked.problem.courses if each.module == module}


def _without(asked: Asked, problem: Problem) -> list[UUID]:
    """Return the modules that a changed problem does without."""
    known = {each.module_slug: each.module_id for each in asked.gathered.courses.values()}
    missing = problem.without - known.keys()
    if missing:
        with database().reading() as session:
            known |= {slug: each.id for slug, each in catalogue.modules_by_slug(session, missing).items()}
    return [known[slug] for slug in sorted(problem.without) if slug in known]


_CHANGES: Final[dict[str, Callable[[Asked, str, str], _Changed]]] = {
    "lock": _locked, "unlock": _unlocked, "out": _swapped, "back": _put_back, "move": _moved, "add": _added,
}
