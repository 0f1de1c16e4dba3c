"""Which courses can be in a route at all, looked at one by one, and what keeps the others out."""

from collections.abc import Collection, Iterable, Iterator

from academy.pathways.kinds import Limit
from academy.pathways.problem import MOST_PERIODS, After, Course, Either, Every, Limits, Need, Node, Problem, Reached


def horizon(limits: Limits) -> int:
    """Return how many periods there are."""
    return max(0, min(limits.periods, MOST_PERIODS))


def money(limits: Limits) -> int | None:
    """Return the cents that may be spent in all; None: no limit."""
    return None if limits.own is None else limits.own + limits.employer


def busy_hours(problem: Problem, period: int) -> int:
    return problem.busy_hours[period] if period < len(problem.busy_hours) else 0


def obstacles(problem: Problem, course: Course) -> Iterator[Limit]:
    """Yield the limits that keep this course out of every route, whatever else is in it."""
    limits = problem.limits
    if course.last >= horizon(limits):
        yield Limit.PERIODS
    open_times = limits.open_times
    if course.meetings & problem.busy or (open_times is not None and any((each.weekday, each.part) not in open_times for each in course.meetings)):
        yield Limit.PARTS
    if limits.distance is not None and course.distance > limits.distance:
        yield Limit.DISTANCE
    if any(hours + busy_hours(problem, period) > limits.hours for period, hours in enumerate(course.hours, course.first) if hours):
        yield Limit.HOURS
    most = money(limits)
    if most is not None and course.price > most:
        yield Limit.MONEY
    if course.module in problem.without:
        yield Limit.CHOICE


def useful(problem: Problem) -> list[Course]:
    """Return the courses of modules that were not had whole; where one of a module is locked, that one alone."""
    had = {each.module for each in problem.had if each.is_whole}
    chosen = {course.module for course in problem.courses if course.key in problem.locked}
    return [course for course in problem.courses if course.key in problem.locked or (course.module not in chosen and course.module not in had)]


def possible(problem: Problem, modules: Collection[str] | None = None) -> list[Course]:
    """Return the useful courses that nothing keeps out, of these modules or of all."""
    return [
        course for course in useful(problem)
        if (modules is None or course.module in modules) and next(obstacles(problem, course), None) is None
    ]


def modules_of(node: Node) -> Iterator[str]:
    """Yield the modules that are named anywhere below."""
    yield from node.modules
    for item in node.items:
        yield from modules_of(item)


def needed(need: Need) -> Iterator[str]:
    """Yield the modules that a need names."""
    match need:
        case After(module):
            yield module
        case Every(items) | Either(items):
            for item in items:
                yield from needed(item)
        case Reached():
            pass


def concerned(problem: Problem, courses: Iterable[Course]) -> list[Course]:
    """Return the courses that can do something for the tree: their module is named in it, or needed before one that is. With a need for credits every one can."""
    needs = dict(problem.needs)
    if any(_asks_credits(need) for need in needs.values()):
        return list(courses)
    names = set(modules_of(problem.tree))
    waiting = list(names)
    while waiting:
        need = needs.get(waiting.pop())
        for module in needed(need) if need is not None else ():
            if module not in names:
                names.add(module)
                waiting.append(module)
    return [course for course in courses if course.module in names or course.key in problem.locked]


def _asks_credits(need: Need) -> bool:
    match need:
        case Reached(ec):
            return ec > 0
        case Every(items) | Either(items):
            return any(_asks_credits(item) for item in items)
        case After():
            return False
