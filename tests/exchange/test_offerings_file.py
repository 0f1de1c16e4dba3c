"""`academy import offerings`: when and where modules are given, refused row by row where that can not be; on both databases."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering, Place
from academy.exchange import service
from academy.exchange.report import ImportReport
from academy.exchange.shapes import ImportKind
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders
from tests.exchange.conftest import Make

ROW = {
    "module": "NET-01", "external_id": "O-1", "starts_on": "2026-10-06", "ends_on": "15-12-2026", "mode": "on_campus", "language": "nl",
    "seats": "20", "enrol_until": "2026-10-01", "price_eur": "€ 495,00",
}


@pytest.fixture(autouse=True)
def _supply(session: Session, now: datetime) -> None:
    builders.module(session, now, external_id="key-1", code="NET-01")
    catalogue.register_place(session, catalogue.PlaceDraft("flevo", Localized("Flevo"), catalogue.PlaceKind.CAMPUS, city="Almere"))


def load(session: Session, path: Path, now: datetime) -> ImportReport:
    return service.import_file(session, kind=ImportKind.OFFERINGS, path=path, provider_slug="windesheim", now=now)


def file(make: Make, *changes: dict[str, str]) -> Path:
    columns = dict.fromkeys([*ROW, *(name for change in changes for name in change)])
    lines = [";".join((ROW | change).get(name, "") for name in columns) for change in changes]
    return make("\n".join([";".join(columns), *lines]) + "\n")


def offering(session: Session) -> Offering:
    session.expire_all()
    return session.scalars(select(Offering).options(selectinload(Offering.periods), selectinload(Offering.sessions))).one()


def test_an_offering_comes_in_with_all_its_values(session: Session, make: Make, now: datetime) -> None:
    report = load(session, file(make, {
        "state": "active", "enrol_from": "2026-09-01", "queue": "5", "target_group": "employers", "min_seats": "8", "decides_on": "2026-09-20",
        "guaranteed": "ja", "flexible_from": "2026-10-06", "flexible_until": "2026-11-01", "place": "flevo",
        "sessions": "di 19:00-21:30 @flevo|2026-11-05 09:00-16:00",
    }), now)
    assert (report.new, report.refused, report.problems) == (1, 0, ())
    found = offering(session)
    assert (found.starts_on, found.ends_on, found.seats, found.min_seats) == (date(2026, 10, 6), date(2026, 12, 15), 20, 8)
    assert (found.price, found.guaranteed, found.decides_on) == (Money(49500), True, date(2026, 9, 20))
    assert (found.weekdays, found.part_of_day, found.flexible_until) == (["tue", "thu"], catalogue.PartOfDay.DAY, date(2026, 11, 1))
    (period,) = found.periods
    assert (period.target_group, period.opens_on, period.closes_on, period.has_queue, period.queue_max) == (
        catalogue.TargetGroup.EMPLOYERS, date(2026, 9, 1), date(2026, 10, 1), True, 5,
    )
    assert [(meeting.weekday, meeting.on_date, meeting.starts_at) for meeting in found.sessions] == [
        ("tue", None, time(19)), (None, date(2026, 11, 5), time(9)),
    ]
    assert found.place_id == session.scalars(select(Place.id)).one()


def test_a_second_run_changes_nothing_and_one_cell_is_one_change(session: Session, make: Make, now: datetime) -> None:
    load(session, file(make, {}), now)
    report = load(session, file(make, {}), now)
    assert (report.new, report.changed, report.same) == (0, 0, 1)
    assert load(session, file(make, {"seats": "25"}), now).changed_keys == ("O-1",)
    assert offering(session).seats == 25


def test_a_module_is_known_by_its_key_or_its_code(session: Session, make: Make, now: datetime) -> None:
    assert load(session, file(make, {"module": "key-1"}, {"external_id": "O-2"}), now).new == 2
    assert session.scalars(select(Offering.module_id).distinct()).one() is not None


@pytest.mark.parametrize(("change", "column", "code"), [
    ({"ends_on": "2026-10-05"}, "ends_on", "ends-before-start"),
    ({"enrol_until": "2027-01-01"}, "enrol_until", "closes-after-end"),
    ({"enrol_from": "2026-10-02"}, "enrol_until", "ends-before-start"),
    ({"module": "WEG"}, "module", "module-unknown"),
    ({"place": "maan"}, "place", "place-unknown"),
    ({"sessions": "di 19:00-21:30 @maan"}, "place", "place-unknown"),
    ({"sessions": "di 21:30-19:00"}, "sessions", "ends-before-start"),
    ({"sessions": "soms"}, "sessions", "not-a-date"),
    ({"min_seats": "30"}, "min_seats", "min-above-max"),
    ({"starts_on": "31-02-2026"}, "starts_on", "not-a-date"),
    ({"starts_on": "10/13/2026"}, "starts_on", "not-a-date"),
    ({"seats": "veel"}, "seats", "not-a-number"),
    ({"language": "nl, en"}, "language", "not-one-language"),
    ({"state": "vol"}, "state", "unknown-state"),
    ({"flexible_from": "2026-11-01", "flexible_until": "2026-10-01"}, "flexible_until", "ends-before-start"),
    ({"queue": "lang"}, "queue", "not-a-queue"),
    ({"cancel_late_percent": "101"}, "cancel_late_percent", "not-a-percentage"),
    ({"cancel_free_days": "1000000"}, "cancel_free_days", "not-within-two-months"),
    ({"cancel_free_days": "0"}, "cancel_free_days", "not-within-two-months"),
    ({"cancel_free_days": "veertien"}, "cancel_free_days", "not-a-number"),
])
def test_what_can_not_be_is_refused_with_line_and_column(
    session: Session, make: Make, now: datetime, change: dict[str, str], column: str, code: str,
) -> None:
    report = load(session, file(make, {}, {"external_id": "O-2"} | change), now)
    assert (report.new, report.refused) == (1, 1)
    assert [(problem.line, problem.column, problem.code) for problem in report.problems] == [(3, column, code)]


def test_a_price_in_another_currency_stays_in_words(session: Session, make: Make, now: datetime) -> None:
    report = load(session, file(make, {"price_eur": "CHF 900"}), now)
    assert [notice.code for notice in report.notices] == ["price-not-in-euros"]
    assert (offering(session).price, offering(session).price_note) == (None, "CHF 900")


def test_the_same_key_twice_is_reported(session: Session, make: Make, now: datetime) -> None:
    report = load(session, file(make, {}, {"seats": "30"}), now)
    assert (report.new, report.refused, report.problems[0].code, report.problems[0].line) == (1, 1, "duplicate-differs", 3)


def test_a_dry_run_leaves_nothing_and_reports_the_same(session: Session, make: Make, now: datetime) -> None:
    path = file(make, {}, {"module": "WEG", "external_id": "O-2"})
    with service.prepared(ImportKind.OFFERINGS, path) as prepared:
        rehearsed = service.load(session, prepared, provider_slug="windesheim", dry_run=True, now=now)
        assert session.scalars(select(Offering)).all() == []
        done = service.load(session, prepared, provider_slug="windesheim", now=now)
    assert (rehearsed.new, rehearsed.refused, rehearsed.problems) == (done.new, done.refused, done.problems) == (1, 1, done.problems)


def test_a_code_that_two_modules_have_names_neither(session: Session, make: Make, now: datetime) -> None:
    builders.module(session, now, external_id="key-2", code="NET-01")
    report = load(session, file(make, {}, {"module": "key-2", "external_id": "O-2"}), now)
    assert (report.new, [problem.code for problem in report.problems]) == (1, ["module-unknown"])


@pytest.mark.parametrize(("change", "column", "code"), [
    ({"starts_on": "n/a"}, "starts_on", "empty"), ({"seats": "-"}, "seats", "empty"),
    ({"ends_on": "9999-12-31"}, "ends_on", "not-of-this-time"), ({"starts_on": "0026-10-06"}, "starts_on", "not-of-this-time"),
    ({"sessions": "9999-12-31"}, "sessions", "not-of-this-time"),
])
def test_a_day_that_says_nothing_or_is_no_day_of_ours_refuses_its_row_alone(
    session: Session, make: Make, now: datetime, change: dict[str, str], column: str, code: str,
) -> None:
    good = {"external_id": "O-3"}, {"external_id": "O-4"}
    report = load(session, file(make, {}, {"external_id": "O-2"} | change, *good), now)
    assert (report.new, report.refused) == (3, 1)
    assert [(problem.line, problem.column, problem.code) for problem in report.problems] == [(3, column, code)]
