"""A pathway as a question: what its goal asks, what somebody has, what there is to learn for it, and what their life leaves room for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.funding import api as funding
from academy.funding.api import Situation
from academy.kernel.clock import amsterdam_day
from academy.pathways.facts import Gathered, PathwayFacts
from academy.pathways.kinds import Match, NodeKind, Standing
from academy.pathways.problem import MOST_HOURS, MOST_PERIODS, Course, Credit, Had, Limits, Meeting, Need, Node, Problem
from academy.pathways.queries import needing
from academy.pathways.queries.credit_rules import CreditRuleFacts, credit_rule_of
from academy.pathways.queries.credits import Having, learned_of
from academy.pathways.queries.goals import asked_by, tenths, tree_of
from academy.pathways.queries.meeting import Point, meetings
from academy.pathways.queries.needing import MET, Knowledge, need_of
from academy.pathways.queries.offers import CourseWords, courses_of, weekly_hours
from academy.pathways.queries.supply import Supply, supply_of
from academy.pathways.rules.audit import is_too_low, refusal
from academy.pathways.rules.periods import first_days, periods_ahead, periods_taken
from academy.search import api as search

_DONE_BEFORE: Final = frozenset({Standing.RECOGNISED, Standing.SAID})
_TAKEN: Final = frozenset({Standing.OBTAINED, Standing.IN_PROGRESS})


@dataclass(frozen=True)
class _Busy:
    """The classes that somebody follows already: their times, their hours a week by period, and by module the period in which it ends."""

    meetings: frozenset[Meeting] = frozenset()
    hours: tuple[int, ...] = ()
    last: Mapping[str, int] | None = None


def gather(session: Session, pathway: PathwayFacts, *, now: datetime) -> Gathered:
    """Return the question of a pathway, and the words for its answer. Raises GoalGone when the programme is no longer offered.

    What somebody typed and is known to count (`Match.MATCH`) is had as said, in the problem as recognised. What the exam board refuses is not had, as in the
    audit, and of what it would refuse there is no course; what a module asks first is met by it all the same. Reads twelve statements at most for who has no
    account, and half of them when the same goal was asked less than half a minute ago; twenty for who has credits and is in a class.
    """
    today = amsterdam_day(now)
    first_on = first_days(max(today, pathway.starts_on or today), MOST_PERIODS)
    asked = asked_by(session, pathway)
    supply = supply_of(session, asked.module_ids, now=now)
    goal, tree = tree_of(asked, supply.modules, supply.counts_as)
    having = Having()
    if pathway.person_id is not None:
        having = learned_of(session, [pathway.person_id]).having(pathway.person_id, asked=supply.modules)
    credits_had = _with_typed(having.credits, pathway, supply)
    busy = _busy(session, having, first_on) if having.classes else _Busy()
    rule = CreditRuleFacts() if asked.programme is None else credit_rule_of(session, asked.programme.id)
    counting = [each for each in credits_had if refusal(each, rule.least_nlqf, rule.valid_years, today) is None]
    had = tuple(_had(counting, supply, busy))
    first_on = first_on[:periods_ahead(pathway.hours or MOST_HOURS, tenths(goal.ec or Decimal(0)) - sum(each.ec for each in had))]
    courses, facts = _courses(session, pathway, supply, had, first_on, now=now)
    courses = tuple(_allowed(courses, supply, tree, rule.least_nlqf))
    slugs = {each.id: each.slug for each in supply.modules.values()}
    refused = _had((each for each in credits_had if each not in counting), supply, _Busy())
    needs = _needs(pathway, supply, (*had, *refused), tree)
    spent = _spent(pathway, had, slugs)
    problem = Problem(
        tree, courses, _limits(pathway, len(first_on), spent), tuple(sorted(((slug, need) for slug, need in needs.items() if need != MET), key=lambda each: each[0])), had,
        at_home=tenths(goal.at_home), home=frozenset(() if asked.programme is None else (asked.programme.provider_slug,)), busy=busy.meetings,
        busy_hours=busy.hours, locked=frozenset(_locked(pathway, courses, slugs, first_on)),
        without=frozenset(slugs[each] for each in pathway.without if each in slugs),
    )
    return Gathered(goal, problem, facts, credits_had, first_on, needing.circles(needs), spent)


def _limits(pathway: PathwayFacts, periods: int, spent: int) -> Limits:
    """Return the life as limits, with the money that is left: the employer's is spent first."""
    own, employer = pathway.own_money, 0 if pathway.employer_money is None else pathway.employer_money.cents
    return Limits(
        pathway.hours or MOST_HOURS, periods, pathway.parts or None, pathway.distance if pathway.postcode else None,
        None if own is None else max(own.cents - max(spent - employer, 0), 0), max(employer - spent, 0),
    )


def _spent(pathway: PathwayFacts, had: Iterable[Had], slugs: Mapping[UUID, str]) -> int:
    """Return what the steps that are under way or obtained cost, in cents, by the price of the planning; an unknown price is nothing."""
    taken = {each.module for each in had if each.is_whole and each.standing in _TAKEN}
    return sum(each.price.cents for each in pathway.steps if each.price is not None and slugs.get(each.module_id) in taken)


def _allowed(courses: Iterable[Course], supply: Supply, tree: Node, least_nlqf: str) -> Iterator[Course]:
    """Yield the courses without those of modules in the tree whose credits the exam board would refuse: their level is too low."""
    levels = {each.slug: each.nlqf for each in supply.modules.values()}
    low = {module for node in _module_nodes(tree) for module in node.modules if is_too_low(levels.get(module, ""), least_nlqf)}
    yield from (each for each in courses if each.module not in low)


def _with_typed(credits_had: tuple[Credit, ...], pathway: PathwayFacts, supply: Supply) -> tuple[Credit, ...]:
    """Add what somebody typed that counts; what is on record of the same module whole goes before it, and a part on record stays beside a whole that was typed."""
    found = {each.module: each for each in credits_had}
    parts = []
    for each in pathway.has:
        means = each.for_module_id or each.module_id
        module = None if means is None or each.fits is not Match.MATCH else supply.modules.get(means)
        if module is None:
            continue
        whole, before = tenths(module.ec), found.get(module.slug)
        ec = whole if each.ec is None else min(tenths(each.ec), whole)
        if before is None or (before.standing in _DONE_BEFORE and not before.is_whole and ec > before.ec):
            if before is not None and before.standing is Standing.RECOGNISED and ec >= whole:
                parts.append(before)
            found[module.slug] = Credit(module.slug, module.provider_slug, ec, Standing.SAID, is_whole=ec >= whole, nlqf=module.nlqf)
    return (*found.values(), *parts)


def _had(credits_had: Iterable[Credit], supply: Supply, busy: _Busy) -> Iterator[Had]:
    """Yield what the solver has to know of what somebody has: the modules that this goal has to do with, each once, a whole before its part."""
    here = {each.slug for each in supply.modules.values()}
    for each in credits_had:
        if each.module in here:
            here.remove(each.module)
            last = (busy.last or {}).get(each.module, -1) if each.standing is Standing.IN_PROGRESS else -1
            standing = Standing.RECOGNISED if each.standing is Standing.SAID else each.standing  # a route is made as if it were
            yield Had(each.module, each.provider, each.ec, standing, each.is_whole, last)


def _busy(session: Session, having: Having, first_on: Sequence[date]) -> _Busy:
    """Return the time that the classes somebody follows take from the first period on: two statements."""
    modules = {offering_id: slug for slug, offering_id in having.classes}
    found = catalogue.with_meetings(session, catalogue.offerings_by_id(session, modules).values())
    times: set[Meeting] = set()
    hours, last = [0] * len(first_on), dict.fromkeys(modules.values(), -1)
    for each in found:
        of = each.offering
        taken = periods_taken(of.starts_on, of.ends_on, first_on)
        times |= meetings(of, taken, first_on)
        for period in taken:
            hours[period] += weekly_hours(None, each.ec, of.starts_on, of.ends_on)
        last[modules[of.id]] = max(last[modules[of.id]], taken.stop - 1 if taken else -1)
    return _Busy(frozenset(times), tuple(hours), last)


def _needs(pathway: PathwayFacts, supply: Supply, had: Iterable[Had], tree: Node) -> dict[str, Need]:
    """Return what every module here still needs first."""
    there = [each for each in had if each.standing is not Standing.IN_PROGRESS or each.last < 0]
    whole = {each.module for each in there if each.is_whole}
    stands_for = [node.modules for node in _module_nodes(tree)]
    whole |= {names[0] for names in stands_for if whole & set(names)}
    known = Knowledge(
        {(each.provider_slug, each.external_id): each.slug for each in supply.modules.values()}, pathway.diploma, whole,
        {each.module: Decimal(each.ec) / 10 for each in there},
    )
    return {
        each.slug: need_of(each.prerequisites, known, provider=each.provider_slug) if each.prerequisites is not None else MET
        for each in supply.modules.values()
    }


def _module_nodes(node: Node) -> Iterator[Node]:
    if node.kind is NodeKind.MODULE and node.modules:
        yield node
    for item in node.items:
        yield from _module_nodes(item)


def _courses(
    session: Session, pathway: PathwayFacts, supply: Supply, had: Collection[Had], first_on: Sequence[date], *, now: datetime,
) -> tuple[tuple[Course, ...], CourseWords]:
    """Return what can be taken of what is not had whole, and all in words. Of a module with a part recognised courses have the rest, and so much less work."""
    area = search.locate(pathway.postcode) if pathway.postcode else None
    home = None if area is None else Point(area.latitude, area.longitude)
    courses, words = courses_of(session, supply, _situation(session, pathway), home, first_on, now=now)
    whole = {each.module for each in had if each.is_whole}
    part = {each.module: each.ec for each in had if not each.is_whole}
    left = courses if not whole else tuple(each for each in courses if each.module not in whole)
    return left if not part else tuple(_rest(each, part.get(each.module, 0)) for each in left), words


def _situation(session: Session, pathway: PathwayFacts) -> Situation:
    """Return what decides about funding: what somebody told of themselves, else where they live.

    Who says how much their employer pays counts the employer's budgets in that: else that money would count twice.
    """
    told = Situation() if pathway.person_id is None else funding.situation_of(session, pathway.person_id)
    if pathway.employer_money is not None:
        told = replace(told, employer_sources=frozenset())
    return told if told.postcode else replace(told, postcode=pathway.postcode)


def _rest(course: Course, part: int) -> Course:
    """Return the course with what is left of it when so much was recognised."""
    if part <= 0 or course.ec <= 0:
        return course
    rest = max(course.ec - part, 0)
    return replace(course, ec=rest, hours=tuple(-(-each * rest // course.ec) for each in course.hours))


def _locked(pathway: PathwayFacts, courses: Collection[Course], slugs: Mapping[UUID, str], first_on: Sequence[date]) -> Iterator[str]:
    """Yield the courses that the learner wants: as they were kept, or what came in their place (an expected class that is planned now) in the same period."""
    keys = {each.key for each in courses}
    for step in pathway.steps:
        if not step.is_locked:
            continue
        if step.course_key in keys:
            yield step.course_key
            continue
        same = (each.key for each in courses if each.module == slugs.get(step.module_id) and first_on[each.first] == _period_of(step.first_on, first_on))
        if (instead := next(same, None)) is not None:
            yield instead


def _period_of(day: date, first_on: Sequence[date]) -> date:
    """Return the first day of the period, of those ahead, that is under way on a day."""
    return max((each for each in first_on if each <= day), default=first_on[0])
