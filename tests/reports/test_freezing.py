"""Freezing: one report per question and answer, kept as it was, read by whom it is for."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from academy.accounts.models import TrailEntry
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.reports import freezing
from academy.reports.errors import NothingCounted, PeriodNotCounted, ReportNotFound
from academy.reports.facts import View
from academy.reports.kinds import SnapshotKind
from academy.reports.models import Snapshot
from academy.reports.queries import snapshots as queries
from academy.reports.service import freezing as service
from tests import builders
from tests.enrolment.races import at_the_same_time
from tests.reports.freezer import AS_OF, YEAR, change, counted, office, saying
from tests.reports.papers import demand, gaps, report


@pytest.fixture
def _ready(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing() as session:
        counted(session, now)
    saying(monkeypatch)


def freeze(now: datetime, **changed: Any) -> Any:
    return freezing.freeze(**({"actor": None, "kind": SnapshotKind.YEARLY, "view": YEAR, "now": now} | changed))


def rows(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Snapshot)) or 0


@pytest.mark.usefixtures("_ready")
def test_the_same_question_to_the_same_data_is_the_same_report_again(database: Database, now: datetime) -> None:
    first, again = freeze(now), freeze(now + timedelta(hours=3))
    assert again == first
    assert rows(database) == 1


@pytest.mark.usefixtures("_ready")
def test_other_data_make_another_report_and_leave_the_first_as_it_was(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    first = freeze(now)
    saying(monkeypatch, demand(gaps(rows=3)))
    other = freeze(now)
    assert (other.query_hash, rows(database)) == (first.query_hash, 2)
    assert {other.data_hash, other.code} & {first.data_hash, first.code} == set()
    with database.reading() as session:
        assert len(queries.frozen(session, first.code).report.sections[0].tables) == 3
    assert freezing.verify(first.code).is_same


@pytest.mark.usefixtures("_ready")
def test_what_is_kept_is_all_that_was_said(database: Database, now: datetime) -> None:
    facts = freeze(now)
    with database.reading() as session:
        found = queries.frozen(session, facts.code)
    assert found.report == report(until_on=date(2026, 12, 31), as_of=AS_OF)
    assert found.is_whole
    assert sorted(found.files) == ["en.csv", "en.pdf", "en.xlsx", "nl.csv", "nl.pdf", "nl.xlsx"]


@pytest.mark.parametrize(("kind", "period", "days"), [
    (SnapshotKind.YEARLY, "2026", (date(2026, 1, 1), date(2026, 12, 31))),
    (SnapshotKind.TWO_YEARLY, "2026", (date(2025, 1, 1), date(2026, 12, 31))),
    (SnapshotKind.CHOSEN, "2026-3", (date(2026, 7, 1), date(2026, 9, 30))),
])
def test_a_report_covers_the_days_of_its_kind(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch, kind: SnapshotKind, period: str, days: tuple[date, date],
) -> None:
    with database.writing() as session:
        counted(session, now)
    asked = saying(monkeypatch)
    facts = freeze(now, kind=kind, view=View(period, "13", "ict"))
    assert (facts.from_on, facts.until_on) == days
    assert asked == [{"view": View(period, "13", "ict"), "from_on": days[0], "until_on": days[1], "as_of": AS_OF}]


@pytest.mark.parametrize(("kind", "period"), [
    (SnapshotKind.YEARLY, "2026-1"), (SnapshotKind.TWO_YEARLY, "2026-1"), (SnapshotKind.CHOSEN, "soon"), (SnapshotKind.YEARLY, "2026-"),
    (SnapshotKind.CHOSEN, "+202"), (SnapshotKind.CHOSEN, "\uff19" * 4), (SnapshotKind.CHOSEN, " 202-1"), (SnapshotKind.CHOSEN, "2026-1\n"), (SnapshotKind.YEARLY, "0001"),
])
@pytest.mark.usefixtures("_ready")
def test_what_is_no_period_is_no_report(now: datetime, kind: SnapshotKind, period: str) -> None:
    with pytest.raises(ValueError, match=re.escape(period)):
        freeze(now, kind=kind, view=View(period))


@pytest.mark.parametrize(("kind", "period"), [
    (SnapshotKind.YEARLY, "9999"), (SnapshotKind.TWO_YEARLY, "2027"), (SnapshotKind.YEARLY, "2027"), (SnapshotKind.CHOSEN, "2026-4"), (SnapshotKind.CHOSEN, "2019-1"),
    (SnapshotKind.TWO_YEARLY, "2023"),
])
@pytest.mark.usefixtures("_ready")
def test_no_report_is_made_of_a_period_that_was_not_counted(database: Database, now: datetime, kind: SnapshotKind, period: str) -> None:
    """Counted is up to September 2026, of twelve quarters."""
    with pytest.raises(PeriodNotCounted):
        freeze(now, kind=kind, view=View(period))
    assert rows(database) == 0


def test_nothing_is_frozen_before_something_was_counted(database: Database, now: datetime) -> None:
    with pytest.raises(NothingCounted):
        freeze(now)
    assert rows(database) == 0


def test_two_who_freeze_the_same_at_once_get_the_same_report(database: Database, now: datetime) -> None:
    kept: list[str] = []

    def keep(session: Session) -> None:
        kept.append(service.keep(session, report(), actor=None, files={}, now=now).code)

    assert at_the_same_time(database, keep, keep) == "done"
    assert kept[0] == kept[1]
    assert rows(database) == 1


def test_all_is_read_at_one_moment(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes while a report is drawn up is in none of its parts."""
    seen: list[int] = []

    def look(session: Session, **_about: Any) -> Any:
        if seen:
            with database.writing() as other:
                builders.person(other, now)
        seen.append(session.scalar(text("SELECT count(*) FROM person")) or 0)
        return demand()

    with database.writing() as session:
        counted(session, now)
    monkeypatch.setattr("academy.reports.queries.sections.MAKERS", (look, look))
    freeze(now)
    assert seen == [0, 0]


@pytest.mark.usefixtures("_ready")
def test_a_changed_word_is_noticed(database: Database, now: datetime) -> None:
    facts = freeze(now)
    assert freezing.verify(facts.code) == freezing.Verdict(facts, is_data_whole=True, differing=())
    with database.writing() as session:
        change(session, facts.code)
    found = freezing.verify(facts.code)
    assert not found.is_same
    assert not found.is_data_whole
    assert len(found.differing) == 6


@pytest.mark.usefixtures("_ready")
def test_a_file_that_is_made_otherwise_now_is_noticed(database: Database, now: datetime) -> None:
    facts = freeze(now)
    with database.writing() as session:
        row = session.scalars(select(Snapshot)).one()
        row.files = row.files | {"nl.csv": "0" * 64}
    assert freezing.verify(facts.code) == freezing.Verdict(facts, is_data_whole=True, differing=("nl.csv",))


@pytest.mark.usefixtures("_ready")
def test_a_report_is_published_and_taken_back_and_the_trail_has_it_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor = office(session, now)
    code = freeze(now, actor=actor).code
    with database.writing() as session, pytest.raises(ReportNotFound):
        queries.published_snapshot(session, code)
    with database.writing() as session:
        for _each in range(2):
            service.publish(session, actor=actor, code=code, now=now)
        assert queries.published_snapshot(session, code).facts.published_at == now
        assert [each.code for each in queries.published_snapshots(session)] == [code]
    with database.writing() as session:
        for _each in range(2):
            service.take_back(session, actor=actor, code=code, now=now)
        assert queries.published_snapshots(session) == []
        with pytest.raises(ReportNotFound):
            queries.published_snapshot(session, code)
        acts = session.scalars(select(TrailEntry.act).order_by(TrailEntry.number)).all()
    assert [act for act in acts if act.startswith("report-")] == ["report-frozen", "report-published", "report-taken-back"]


@pytest.mark.usefixtures("_ready")
def test_only_the_programme_office_freezes_reads_and_publishes(database: Database, now: datetime) -> None:
    code = freeze(now).code
    with database.writing() as session:
        stranger, actor = builders.actor(session, now), office(session, now)
    with database.reading() as session, pytest.raises(NotFound):
        service.draw_up(session, actor=stranger, kind=SnapshotKind.YEARLY, view=YEAR)
    with database.writing() as session, pytest.raises(NotFound):
        service.keep(session, report(), actor=stranger, files={}, now=now)
    with database.writing() as session:
        for act in (queries.snapshot, lambda *about: queries.snapshots(*about[:2])):
            with pytest.raises(NotFound):
                act(session, stranger, code)
        for change in (service.publish, service.take_back):
            with pytest.raises(NotFound):
                change(session, actor=stranger, code=code, now=now)
            with pytest.raises(ReportNotFound):
                change(session, actor=actor, code="NOSUCHREPORT", now=now)
        assert [each.code for each in queries.snapshots(session, actor)] == [code]


@pytest.mark.parametrize(("kind", "view"), [
    (SnapshotKind.YEARLY, YEAR), (SnapshotKind.TWO_YEARLY, YEAR), (SnapshotKind.CHOSEN, View("2026-3", "13", "c:ict")), (SnapshotKind.CHOSEN, View("2024", "", "zorg")),
])
def test_every_part_of_a_report_is_there_and_comes_out_the_same_again(database: Database, now: datetime, kind: SnapshotKind, view: View) -> None:
    with database.writing() as session:
        counted(session, now)
        builders.offering(session, now)
    first = freeze(now, kind=kind, view=view)
    with database.reading() as session:
        found = queries.frozen(session, first.code).report
    years = ["-2026", "-2025"] if kind is SnapshotKind.TWO_YEARLY else [""]
    demand_of, money_of = ([f"{name}{year}" for year in years] for name in ("demand", "money"))
    assert [each.name for each in found.sections] == [*demand_of, "acting", "participation", *money_of, "experience", "open-numbers", "method"]
    assert all(each.title.nl and each.title.en and each.sentences for each in found.sections)
    assert freeze(now + timedelta(days=400), kind=kind, view=view) == first
    assert freezing.verify(first.code).is_same


def test_a_report_of_two_years_tells_of_demand_and_money_of_each_year(database: Database, now: datetime) -> None:
    with database.writing() as session:
        counted(session, now)
    code = freeze(now, kind=SnapshotKind.TWO_YEARLY, view=View("2026", "13")).code
    with database.reading() as session:
        found = queries.frozen(session, code).report
    for name in ("demand", "money"):
        for year in ("2025", "2026"):
            section = found.section(f"{name}-{year}")
            assert section is not None
            assert section.title.nl.endswith(f", {year}")
            assert section.title.en.endswith(f", {year}")
            assert any(year in each.nl for each in section.sentences), f"{name} of {year}"
            assert all(each.title.nl.endswith(f", {year}") for each in section.tables)


@pytest.mark.parametrize("kind", [SnapshotKind.YEARLY, SnapshotKind.TWO_YEARLY])
def test_what_is_not_of_the_period_says_of_which_day_it_is(database: Database, now: datetime, kind: SnapshotKind) -> None:
    """How ready providers are, what their modules add and how budgets stand is of when was counted, also in a report of an earlier year."""
    with database.writing() as session:
        counted(session, now)
    code = freeze(now, kind=kind, view=View("2025")).code
    with database.reading() as session:
        found = queries.frozen(session, code).report
    dated = {(section.name, table.name) for section in found.sections for table in section.tables if "Dit is de stand op di 1 september 2026." in table.note.nl}
    years = ["-2025", "-2024"] if kind is SnapshotKind.TWO_YEARLY else [""]
    assert dated == {("participation", "participants"), ("acting", "complementarity"), *((f"money{year}", "funds") for year in years)}
