"""The monitor of experience tells what an independent count finds, as it was known before a day, and nothing of a few."""

import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.text import Localized
from academy.kernel.translation import reading_in
from academy.reports.facts import Section, Table, Value, View
from academy.reports.kinds import Side
from academy.reports.queries.as_text import texts_of
from academy.reports.queries.experience import experience_section
from academy.reports.queries.question_words import answer_words
from academy.reports.queries.reviews import chosen_period, experience_at_office, periods
from academy.reports.rules.quarters import first_day, last_day, quarter_of
from academy.reports.sources import experience as source
from tests import builders
from tests.reports.monitored import Monitor

Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def monitor(database: Database, now: datetime) -> Monitor:
    return Monitor(database, now)


def section(monitor: Monitor, period: str = "2026", *, as_of: date | None = None) -> Section:
    with monitor.database.reading() as session:
        return experience_section(session, view=View(period), from_on=first_day(period), until_on=last_day(period), as_of=as_of or monitor.today)


def table(found: Section, name: str) -> Table:
    return next(each for each in found.tables if each.name == name)


def cells(found: Section, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of a table; texts in Dutch."""
    there = table(found, name)
    at = [there.column(each) for each in columns]
    return [tuple(_in_dutch(row[one]) for one in at) for row in there.rows]


def _in_dutch(value: Value) -> str | int | None:
    return value.nl if isinstance(value, Localized) else value


# What a plain count finds, where all groups may be told of


@dataclass
class Counted:
    """What was written, by cohort and by provider."""

    scores: defaultdict[tuple[str, Side, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    asked: defaultdict[tuple[str, Side, int], int] = field(default_factory=lambda: defaultdict(int))
    by_provider: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    there: defaultdict[str, list[tuple[UUID, bool]]] = field(default_factory=lambda: defaultdict(list))
    passed: defaultdict[str, list[tuple[UUID, bool]]] = field(default_factory=lambda: defaultdict(list))


def a_year(monitor: Monitor, seed: int) -> Counted:
    """Write classes of ten to fourteen people who all answer, over three providers and two quarters, with who came and who passed."""
    chance, counted = random.Random(seed), Counted()  # noqa: S311 - no secret
    for name in ("Aeres", "ROC", "Windesheim"):
        provider_id = monitor.provider(name)
        for _each in range(chance.randint(2, 4)):
            starts_on = date(2026, chance.choice((1, 5)), chance.randint(2, 28))
            people = monitor.people(chance.randint(10, 14))
            offering_id, cohort = monitor.a_class(provider_id, people, starts_on=starts_on, weeks=6), quarter_of(starts_on)
            for wave in (1, 2):
                scores = [chance.randint(1, 5) for _one in people]
                monitor.said(offering_id, *scores, wave=wave)
                counted.scores[cohort, Side.LEARNER, wave] += scores
                counted.asked[cohort, Side.LEARNER, wave] += len(people)
            counted.by_provider[name] += counted.scores[cohort, Side.LEARNER, 2][-len(people):]
            for person_id in people:
                there = {starts_on + timedelta(days=7 * week): chance.random() < 0.8 for week in range(3)}
                passed = chance.random() < 0.7
                monitor.gave(offering_id, person_id, passed=passed, there=there)
                counted.there[cohort] += [(person_id, was) for was in there.values()]
                counted.passed[cohort].append((person_id, passed))
    return counted


def mean(scores: list[int]) -> int:
    """Return a mean in tenths."""
    return int(10 * sum(scores) / len(scores) + 0.5)


def share(found: list[tuple[UUID, bool]]) -> int | None:
    """Return which part is true, of numbers by fives; None where those of either half are a few people."""
    halves = [[person_id for person_id, is_so in found if is_so is half] for half in (True, False)]
    if any(0 < len(set(half)) < 10 for half in halves):
        return None
    return 10 * int(100 * nearest_five(len(halves[0])) / nearest_five(len(found)) + 0.5)


def nearest_five(number: int) -> int:
    return 5 * int(number / 5 + 0.5)


def cohort_words(cohort: str) -> str:
    return f"kwartaal {cohort[-1]} van {cohort[:4]}"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_numbers_are_those_of_an_independent_count(monitor: Monitor, seed: int) -> None:
    counted = a_year(monitor, seed)
    monitor.pass_days(1)
    found = section(monitor)
    after = [score for (_cohort, _side, wave), scores in counted.scores.items() if wave == 2 for score in scores]
    before = [score for (_cohort, _side, wave), scores in counted.scores.items() if wave == 1 for score in scores]
    number = sum(nearest_five(len(scores)) for (_cohort, _side, wave), scores in counted.scores.items() if wave == 1)
    assert cells(found, "asked", "wave", "asked", "answered", "response", "score") == [
        ("twee weken na de start", number, number, 1000, mean(before)), ("na afloop", number, number, 1000, mean(after)),
    ]
    assert cells(found, "outcomes", "cohort", "noted", "attendance", "graded", "passed") == [
        (cohort_words(cohort), nearest_five(len(passed)), share(counted.there[cohort]), nearest_five(len(passed)), share(passed))
        for cohort, passed in sorted(counted.passed.items())
    ]
    assert cells(found, "by-provider", "provider", "answered", "score") == [
        (name, nearest_five(len(scores)), mean(scores)) for name, scores in sorted(counted.by_provider.items())
    ]
    assert {(answered, score) for wave, answered, score in cells(found, "questions", "wave", "answered", "score") if wave == "na afloop"} == {(nearest_five(len(after)), mean(after))}


def test_the_same_rows_give_the_same_part_of_a_report(monitor: Monitor) -> None:
    a_year(monitor, 3)
    monitor.pass_days(1)
    assert section(monitor) == section(monitor)


def test_what_happens_on_the_day_itself_or_later_is_not_known_yet(monitor: Monitor) -> None:
    provider_id = monitor.provider()
    people = monitor.people(10)
    offering_id = monitor.a_class(provider_id, people, starts_on=date(2026, 5, 4), weeks=4)
    monitor.said(offering_id, *[4] * 10, closes_on=date(2026, 7, 10))
    for person_id in people:
        monitor.gave(offering_id, person_id, on=date(2026, 7, 10), there={date(2026, 5, 11): True})
    assert cells(section(monitor, as_of=date(2026, 7, 1)), "outcomes", "attendance") == [], "it may still be corrected"
    assert cells(section(monitor, as_of=date(2026, 7, 10)), "asked", "score") == []
    assert cells(section(monitor, as_of=date(2026, 7, 10)), "outcomes", "attendance", "passed") == [(1000, None)]
    later = section(monitor, as_of=date(2026, 7, 11))
    assert cells(later, "asked", "score") == [(40,)]
    assert cells(later, "outcomes", "attendance", "passed") == [(1000, 1000)]


# What is not told


def test_of_fewer_than_ten_learners_nothing_is_told(monitor: Monitor) -> None:
    people = monitor.people(9)
    offering_id = monitor.a_class(monitor.provider(), people, starts_on=date(2026, 5, 4), weeks=6)
    monitor.said(offering_id, *[5] * 9)
    for person_id in people:
        monitor.gave(offering_id, person_id, there={date(2026, 5, 11): True})
    monitor.pass_days(1)
    found = section(monitor)
    assert not table(found, "asked").rows
    assert not table(found, "outcomes").rows
    assert not table(found, "questions").rows
    assert not table(found, "by-provider").rows
    assert "nog te weinig" in found.sentences[0].nl


def test_the_same_ten_people_twice_are_not_twenty(monitor: Monitor) -> None:
    people, provider_id = monitor.people(9), monitor.provider()
    for month in (4, 5):
        monitor.said(monitor.a_class(provider_id, people, starts_on=date(2026, month, 4), weeks=6), *[5] * 9)
    monitor.pass_days(1)
    assert not table(section(monitor), "asked").rows


def test_beside_the_whole_no_provider_is_told_that_leaves_a_few(monitor: Monitor) -> None:
    for name, number in (("Groot", 14), ("Klein", 11), ("Kleinst", 5)):
        monitor.said(monitor.a_class(monitor.provider(name), number, starts_on=date(2026, 5, 4), weeks=6), *[4] * number)
    monitor.pass_days(1)
    found = section(monitor)
    assert cells(found, "asked", "answered") == [(25,)], "what came last waits for others, for it is of five"
    monitor.said(monitor.a_class(monitor.provider("Nog een"), 5, starts_on=date(2026, 5, 4), weeks=6), *[4] * 5)
    monitor.pass_days(1)
    found = section(monitor)
    assert cells(found, "asked", "answered") == [(35,)]
    assert [name for name, in cells(found, "by-provider", "provider")] == ["Groot", "Klein"]


def test_two_of_a_few_are_not_found_beside_a_third(monitor: Monitor) -> None:
    for place, (name, number) in enumerate((("Groot", 14), ("Klein", 6), ("Midden", 11))):
        offering_id = monitor.a_class(monitor.provider(name), number, starts_on=date(2026, 5, 4), weeks=6)
        monitor.said(offering_id, *[4] * number, closes_on=date(2026, 7, 10 + place))
    assert cells(section(monitor), "by-provider", "provider") == [("Groot",)], "14 + 11 beside the whole would leave six"


def test_a_year_tells_no_more_of_a_provider_than_its_quarters(monitor: Monitor) -> None:
    provider_id, other = monitor.provider("Klein"), monitor.provider("Groot")
    for month, number in ((2, 12), (5, 6)):
        monitor.said(monitor.a_class(provider_id, number, starts_on=date(2026, month, 4), weeks=6), *[4] * number)
        monitor.said(monitor.a_class(other, 20, starts_on=date(2026, month, 4), weeks=6), *[4] * 20)
    monitor.pass_days(1)
    assert ("Klein", 10) in cells(section(monitor), "by-provider", "provider", "answered"), "18 beside 12 would tell of six"


def test_who_did_not_answer_counts_in_the_response(monitor: Monitor) -> None:
    provider_id = monitor.provider()
    monitor.said(monitor.a_class(provider_id, 20, starts_on=date(2026, 5, 4), weeks=6), *[4] * 10, asked=20)
    monitor.said(monitor.a_class(provider_id, 20, starts_on=date(2026, 5, 4), weeks=6), asked=20)
    monitor.pass_days(1)
    found = section(monitor)
    assert cells(found, "asked", "asked", "answered", "response") == [(40, 10, 250)]
    assert "antwoordde 25%. Het doel is 75%." in " ".join(sentence.nl for sentence in found.sentences)


@pytest.mark.parametrize(("number", "told"), [(2, []), (3, [("Werkgevers en scholen", 3, 3, 1000, 40)])])
def test_firms_are_counted_as_firms_and_told_of_from_three_on(monitor: Monitor, number: int, told: list[tuple[Any, ...]]) -> None:
    firms = [monitor.firm() for _each in range(number)]
    offering_id = monitor.a_class(monitor.provider(), 5, firms=firms, starts_on=date(2026, 5, 4), weeks=6)
    monitor.said(offering_id, *[4] * number, side=Side.FIRM)
    monitor.pass_days(1)
    assert cells(section(monitor), "asked", "side", "asked", "answered", "response", "score") == told


def test_one_provider_that_answers_often_is_one_institution(monitor: Monitor) -> None:
    provider_id = monitor.provider()
    for _each in range(4):
        monitor.said(monitor.a_class(provider_id, 5, starts_on=date(2026, 5, 4), weeks=6), 5, side=Side.INSTITUTION)
    monitor.pass_days(1)
    assert not table(section(monitor), "asked").rows


def test_every_side_has_a_row_and_one_of_a_few_is_that_of_nobody(monitor: Monitor) -> None:
    nobody = cells(section(monitor), "sides", "side", "wave-1", "wave-2")
    assert nobody == [("Cursisten", None, None), ("Opleiders", None, None), ("Werkgevers en scholen", None, None)]
    offering_id = monitor.a_class(monitor.provider(), 10, firms=[monitor.firm()], starts_on=date(2026, 5, 4), weeks=6)
    for side, number in ((Side.LEARNER, 9), (Side.INSTITUTION, 1), (Side.FIRM, 1)):
        monitor.said(offering_id, *[2] * number, side=side)
    monitor.pass_days(1)
    assert cells(section(monitor), "sides", "side", "wave-1", "wave-2") == nobody
    monitor.said(monitor.a_class(monitor.provider(), 10, starts_on=date(2026, 5, 4), weeks=6), *[4] * 10)
    monitor.pass_days(1)
    told = table(section(monitor), "sides")
    assert [row[2] for row in told.rows] == [mean([2] * 9 + [4] * 10), None, None]
    assert texts_of(told, told.rows[1]) == ["Opleiders", "niet te tonen", "niet te tonen"]


def test_of_two_years_both_are_named_where_nothing_is_known(monitor: Monitor) -> None:
    with monitor.database.reading() as session:
        found = experience_section(session, view=View("2026"), from_on=date(2025, 1, 1), until_on=date(2026, 12, 31), as_of=monitor.today)
    assert found.sentences[0].nl == "Over groepen die begonnen in 2025 en 2026 is nog te weinig bekend om iets te tonen."
    assert "begonnen in 2026 is" in section(monitor).sentences[0].nl


def test_the_results_say_what_the_numbers_mean_in_the_words_in_which_is_answered(monitor: Monitor) -> None:
    note = table(section(monitor), "questions").note
    with reading_in("nl"):
        assert f"1 ({answer_words(1)}) tot 5 ({answer_words(5)})" in note.nl


# The effect of language modules


def _graded(monitor: Monitor, people: list[UUID], *, grade: str, passed: bool, month: int = 5, is_language: bool = False) -> None:
    offering_id = monitor.a_class(monitor.provider(), people, starts_on=date(2026, month, 4), weeks=4, is_language=is_language)
    for person_id in people:
        monitor.gave(offering_id, person_id, grade=grade, passed=passed, there={date(2026, month, 11): passed})


def test_who_passed_a_language_module_before_is_compared_with_who_did_not(monitor: Monitor) -> None:
    first, others = monitor.people(10), monitor.people(12)
    _graded(monitor, first, grade="6.0", passed=True, month=2, is_language=True)
    _graded(monitor, first, grade="7.5", passed=True)
    _graded(monitor, others, grade="5.0", passed=False)
    monitor.pass_days(1)
    assert cells(section(monitor), "language-effect", "group", "graded", "passed", "grade", "attendance") == [
        ("Eerst een taalmodule gehaald", 10, 1000, 75, 1000), ("Geen taalmodule", 10, 0, 50, 0),
    ]


@pytest.mark.parametrize(("with_language", "without"), [(9, 20), (20, 9)])
def test_of_a_few_with_or_without_a_language_module_neither_is_told(monitor: Monitor, with_language: int, without: int) -> None:
    first, others = monitor.people(with_language), monitor.people(without)
    _graded(monitor, first, grade="6.0", passed=True, month=2, is_language=True)
    _graded(monitor, [*first, *others], grade="7.5", passed=True)
    monitor.pass_days(1)
    assert not table(section(monitor), "language-effect").rows


def test_a_language_module_after_the_class_is_not_before_it(monitor: Monitor) -> None:
    people = monitor.people(20)
    _graded(monitor, people[:10], grade="6.0", passed=True, month=6, is_language=True)
    _graded(monitor, people, grade="7.5", passed=True)
    monitor.pass_days(1)
    assert not table(section(monitor), "language-effect").rows


# Who may read it, and what it costs


def test_it_takes_ten_statements_whatever_the_number_of_classes(monitor: Monitor, queries: Queries) -> None:
    a_year(monitor, 4)
    monitor.pass_days(1)
    with monitor.database.reading() as session, queries(10):
        experience_section(session, view=View("2026"), from_on=date(2026, 1, 1), until_on=date(2026, 12, 31), as_of=monitor.today)


def test_it_is_for_the_programme_office(monitor: Monitor) -> None:
    with monitor.database.writing() as session:
        stranger = builders.actor(session, monitor.now)
    with pytest.raises(NotFound):
        monitor.read(experience_at_office, stranger, "2026")


def test_one_can_choose_two_years_back_and_begins_where_something_is_known() -> None:
    assert periods(date(2026, 9, 1)) == ["2026", "2026-3", "2026-2", "2026-1", "2025", "2025-4", "2025-3", "2025-2", "2025-1", "2024", "2024-4"]
    assert chosen_period("", date(2027, 2, 1)) == "2026"
    assert chosen_period("2026-3", date(2027, 2, 1)) == "2026-3"
    assert chosen_period("1999", date(2026, 9, 1)) == "2026"


def test_only_employers_and_schools_that_pay_people_in_a_class_are_firms_of_it(monitor: Monitor) -> None:
    firm = monitor.firm()
    offering_id = monitor.a_class(monitor.provider(), 3, firms=[firm, firm])
    with monitor.database.reading() as session:
        assert source.firms_of(session, [offering_id], still=True) == source.firms_of(session, [offering_id], still=False) == {offering_id: {firm}}
