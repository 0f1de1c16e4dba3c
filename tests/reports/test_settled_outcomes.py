"""What learners reached, and which share of them, comes out so that no reader finds what one of them did: not from one reading to the next, nor from a share and its group."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.accounts.api import Actor
from academy.accounts.models import Membership, Person
from academy.catalogue.models import Module, Provider
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.reports.queries.reviews import AtProvider, Reviews, at_provider, reviews_of
from academy.reports.rules.shares import Parted, share_of, together, told_beside
from tests.reports.monitored import Monitor
from tests.reports.test_experience import cells, section, table

LESSON = date(2026, 5, 11)


@pytest.fixture
def monitor(database: Database, now: datetime) -> Monitor:
    return Monitor(database, now)


def a_module(monitor: Monitor, provider_id: UUID) -> tuple[UUID, str]:
    module_id = monitor.module(provider_id)
    with monitor.database.reading() as session:
        return module_id, session.scalars(select(Module.slug).where(Module.id == module_id)).one()


def graded(monitor: Monitor, provider_id: UUID, *passed: bool, month: int = 5, **about: Any) -> tuple[UUID, list[UUID]]:
    """Let a class be over in which people passed or did not, and were there or not."""
    people = monitor.people(len(passed))
    offering_id = monitor.a_class(provider_id, people, starts_on=date(2026, month, 4), weeks=3, **about)
    for person_id, did in zip(people, passed, strict=True):
        monitor.gave(offering_id, person_id, passed=did, there={date(2026, month, 11): did})
    return offering_id, people


def read(monitor: Monitor, slug: str) -> Reviews:
    found: Reviews = monitor.read(reviews_of, slug)
    return found


def test_results_of_a_class_come_out_when_the_last_one_is_final(monitor: Monitor) -> None:
    provider_id = monitor.provider()
    module_id, slug = a_module(monitor, provider_id)
    people = monitor.people(22)
    offering_id = monitor.a_class(provider_id, people, module_id=module_id, starts_on=date(2026, 5, 4), weeks=3)
    monitor.said(offering_id, *[4] * 22)
    for place, person_id in enumerate(people[:-1]):
        monitor.gave(offering_id, person_id, passed=place >= 11)
    monitor.pass_days(1)
    assert (read(monitor, slug).graded, read(monitor, slug).passed) == (None, None), "who comes last would be known"
    assert not table(section(monitor), "outcomes").rows
    monitor.gave(offering_id, people[-1], passed=False)
    assert read(monitor, slug).passed is None, "not before the day is over"
    monitor.pass_days(1)
    assert (read(monitor, slug).graded, read(monitor, slug).passed) == (20, 500)


@pytest.mark.parametrize(("failed", "told"), [(0, 1000), (1, None), (9, None), (10, 500)])
def test_a_share_is_told_when_what_is_left_is_of_nobody_or_of_enough(monitor: Monitor, failed: int, told: int | None) -> None:
    provider_id = monitor.provider()
    module_id, slug = a_module(monitor, provider_id)
    offering_id, _people = graded(monitor, provider_id, *[True] * 11, *[False] * failed, module_id=module_id)
    monitor.said(offering_id, *[4] * 11, asked=11 + failed)
    monitor.pass_days(1)
    assert read(monitor, slug).passed == told
    found = section(monitor)
    assert cells(found, "outcomes", "attendance", "passed") == [(told, told)]
    assert cells(found, "asked", "response") == [(told,)]
    assert cells(found, "by-provider", "attendance", "passed") == [(told, told)]
    assert ("slaagde" in " ".join(each.nl for each in found.sentences)) is (told is not None)


def test_a_year_tells_of_shares_what_its_quarters_tell(monitor: Monitor) -> None:
    provider_id = monitor.provider()
    graded(monitor, provider_id, *[True] * 10, *[False] * 10, month=2)
    graded(monitor, provider_id, *[True] * 15, False, month=5)
    monitor.pass_days(1)
    found = section(monitor)
    assert cells(found, "outcomes", "passed") == [(500,), (None,)]
    assert "slaagde 50%" in " ".join(each.nl for each in found.sentences)
    assert cells(found, "by-provider", "passed") == [(500,)]


def test_what_is_hidden_of_one_provider_is_not_left_of_the_others(monitor: Monitor) -> None:
    graded(monitor, monitor.provider("Groot"), *[True] * 20, *[False] * 11)
    graded(monitor, monitor.provider("Klein"), *[True] * 12, *[False] * 2)
    monitor.pass_days(1)
    found = section(monitor)
    assert cells(found, "outcomes", "passed") == [(670,)]
    assert cells(found, "by-provider", "provider", "passed") == [("Groot", None), ("Klein", None)]


def test_the_effect_of_language_is_told_of_classes_of_which_all_is_final(monitor: Monitor) -> None:
    provider_id, first = monitor.provider(), monitor.people(10)
    language = monitor.a_class(provider_id, first, starts_on=date(2026, 2, 2), weeks=3, is_language=True)
    for person_id in first:
        monitor.gave(language, person_id)
    everybody = [*first, *monitor.people(11)]
    offering_id = monitor.a_class(provider_id, everybody, starts_on=date(2026, 5, 4), weeks=3)
    for person_id in everybody[:-1]:
        monitor.gave(offering_id, person_id, there={LESSON: True})
    monitor.pass_days(1)
    assert not table(section(monitor), "language-effect").rows, "outcomes tells nothing of it either"
    monitor.gave(offering_id, everybody[-1], there={LESSON: True})
    monitor.pass_days(1)
    assert cells(section(monitor), "language-effect", "graded", "passed") == [(10, 1000), (10, 1000)]


def test_the_effect_of_language_in_a_year_is_that_of_its_quarters(monitor: Monitor) -> None:
    provider_id, first = monitor.provider(), monitor.people(10)
    language = monitor.a_class(provider_id, first, starts_on=date(2026, 1, 5), weeks=3, is_language=True)
    for person_id in first:
        monitor.gave(language, person_id)
    for month, there in ((2, [*first, *monitor.people(10)]), (5, [*first[:4], *monitor.people(10)])):
        offering_id = monitor.a_class(provider_id, there, starts_on=date(2026, month, 4), weeks=3)
        for person_id in there:
            monitor.gave(offering_id, person_id, passed=month == 2, grade="7.0" if month == 2 else "3.0")
    monitor.pass_days(1)
    of_year, of_quarter = (cells(section(monitor, period), "language-effect", "group", "graded", "passed", "grade") for period in ("2026", "2026-1"))
    assert of_year == of_quarter == [("Eerst een taalmodule gehaald", 10, 1000, 70), ("Geen taalmodule", 10, 1000, 70)]


def test_a_provider_reads_of_all_its_modules_what_everybody_reads_of_each(monitor: Monitor) -> None:
    provider_id = monitor.provider()
    for number, score in ((3, 1), (30, 5)):
        module_id, _slug = a_module(monitor, provider_id)
        monitor.said(monitor.a_class(provider_id, number, module_id=module_id, starts_on=date(2026, 5, 4), weeks=3), *[score] * number)
    monitor.pass_days(1)
    with monitor.database.reading() as session:
        slug = session.get_one(Provider, provider_id).slug
        who = session.scalars(select(Person).join(Membership, Membership.person_id == Person.id).where(Membership.organisation_id == provider_id)).one()
    found: AtProvider = monitor.read(at_provider, Actor(who.id, new_id(), who.name, who.email, "nl"), slug)
    assert found.scores["overall"] == 50, "4,6 beside 5,0 would tell of three"
    assert [(each.answered, each.scores["overall"]) for each in found.modules] == [(30, 50)]


# The rule alone

def halves(sizes: list[tuple[int, int]]) -> list[Parted]:
    """Return so many people in each half of each, all different."""
    found, first = [], 0
    for part, rest in sizes:
        found.append(Parted(part, rest, frozenset(range(first, first + part)), frozenset(range(first + part, first + part + rest))))
        first += part + rest
    return found


@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=5).map(halves))
def test_neither_half_of_what_is_told_nor_of_what_is_left_beside_it_is_of_a_few(parted: Sequence[Parted]) -> None:
    whole = together(parted)
    told = told_beside({str(place): each for place, each in enumerate(parted)}, Parted())
    for each in told.values():
        assert not 0 < each.part < 10
        assert not 0 < each.rest < 10
    part, rest = (whole.part - sum(each.part for each in told.values()), whole.rest - sum(each.rest for each in told.values()))
    assert not (told and whole.is_told and (0 < part < 10 or 0 < rest < 10))


def test_of_nothing_there_is_no_share() -> None:
    assert share_of([]) is None
    assert share_of([Parted()]) is None
