"""A module given at another time of the week; pure."""

from dataclasses import replace
from typing import Final

from academy.pathways.problem import Course, Meeting, Problem

SLOTS: Final = range(21)  # weekday * 3 + part of the day
MOST_ASKED: Final = 60  # routes of one module in one night
_PARTS: Final = 3


def with_class_at(problem: Problem, module: str, *slots: int) -> Problem:
    """Return the problem with a class of the module at each of these times besides the classes that it has: in the same periods, as long, as dear and as far.

    What has no times, because one begins when one wants, can not be given at another one. Nothing is added for a module without classes.
    """
    moved = dict.fromkeys(_moved(course, slot) for course in problem.courses if course.module == module and course.meetings for slot in slots)
    return replace(problem, courses=(*problem.courses, *(replace(course, key=f"{course.module}~{number}") for number, course in enumerate(moved))))


def _moved(course: Course, slot: int) -> Course:
    """Return a class at this time; two that differ in their former times only become the same."""
    meetings = frozenset(Meeting(period, *divmod(slot, _PARTS)) for period in range(course.first, course.last + 1))
    return replace(course, key="", meetings=meetings, seats=None, is_expected=True)


def slot_of(problem: Problem, key: str) -> int | None:
    """Return the time of a course that `with_class_at` added; None for every other one."""
    found = next((course for course in problem.courses if course.key == key and key.startswith(f"{course.module}~")), None)
    if found is None:
        return None
    meeting = min(found.meetings)
    return meeting.weekday * _PARTS + meeting.part
