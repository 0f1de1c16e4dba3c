"""The demo fills an empty house, once, with dates that follow the day of loading."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo import load, load_demo, loading
from academy.demo.loading import DemoDataWrong, offering_draft, read_demo
from academy.kernel.db import Database
from academy.kernel.money import Money

TUESDAY = date(2026, 9, 1)
CLASS = {
    "starts_in_weeks": 6, "weeks": 10, "weekdays": ["tue", "fri"], "part_of_day": "evening", "mode": "on_campus",
    "place": "windesheim-almere", "language": "nl", "seats": 20,
}


def draft(**changes: Any) -> catalogue.OfferingDraft:
    return offering_draft(CLASS | changes, price=Money(0), today=TUESDAY)


def silent(_done: int, _total: int) -> None:
    """Show no progress."""


def test_a_class_starts_on_the_monday_and_ends_with_its_last_class() -> None:
    assert (draft().starts_on, draft().ends_on) == (date(2026, 10, 12), date(2026, 12, 18))
    assert draft().enrol_until == date(2026, 10, 9)
    assert draft(starts_in_weeks=-2).starts_on == date(2026, 8, 17)


def test_a_course_in_own_pace_is_open_until_a_week_before_its_end() -> None:
    found = draft(mode="online", part_of_day="any", weekdays=[], starts_in_weeks=-12, weeks=52)
    assert found.ends_on == date(2027, 6, 6)
    assert found.enrol_until == found.ends_on - timedelta(days=7)


def test_the_demo_is_loaded_once(session: Session, now: datetime) -> None:
    steps: list[tuple[int, int]] = []
    first = load_demo(session, now=now, progress=lambda *step: steps.append(step))
    offerings = {offering.code for facts in catalogue.module_facts(session, today=date.min) for offering in facts.offerings}
    second = load_demo(session, now=now + timedelta(days=30), progress=silent)
    assert (first.programmes, first.modules, first.offerings) == (7, len(steps), len(offerings))
    assert (second.programmes, second.modules, second.offerings) == (0, 0, 0)
    assert steps[-1] == (first.modules, first.modules)
    assert first.modules > 100


def test_every_programme_adds_up_to_a_degree(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=silent)
    for programme in catalogue.programmes(session):
        page = catalogue.programme_page(session, programme.slug)
        credits_found = [module.ec or 0 for _period, modules in page.periods for module in modules]
        assert sum(credits_found) == catalogue.AD_CREDITS
        assert [period for period, _modules in page.periods] == [1, 2, 3, 4]


def test_each_provider_is_told_of_once_and_only_when_something_changed(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[object] = []
    monkeypatch.setattr(catalogue, "finish_import", lambda _session, *, provider_id: told.append(provider_id))
    load_demo(session, now=now, progress=silent)
    assert len(told) == len(set(told)) == len(read_demo(loading.DATA).providers)
    load_demo(session, now=now, progress=silent)
    assert len(told) == len(read_demo(loading.DATA).providers)


def test_there_is_something_to_enrol_in_today(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=silent)
    found = [offering for facts in catalogue.module_facts(session, today=now.date()) for offering in facts.offerings]
    assert sum(offering.is_open(now) for offering in found) > 100


def test_catalogue_and_people_come_in_together(database: Database, now: datetime) -> None:
    load(now=now, progress=silent)
    load(now=now, progress=silent)
    with database.reading() as session:
        assert len(catalogue.programmes(session)) == 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the demo's data, for spoiling."""
    for path in loading.DATA.glob("**/*.toml"):
        copy = tmp_path / path.relative_to(loading.DATA)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text())
    return tmp_path


@pytest.mark.parametrize(("old", "new", "said"), [
    ('ec = "10"', 'ec = "9.5"', "the modules add up to"),
    ('code = "ICT-02"', 'code = "ICT-01"', "ICT-01: this code is there twice"),
    ('place = "windesheim-almere"', 'place = "maan"', "there is no place maan"),
    ('sector = "ict"\nlevel', 'sector = "ruimte"\nlevel', "there is no sector ruimte"),
    ('provider = "windesheim"', 'provider = "nergens"', "there is no provider nergens"),
    ('["tue"', '["din"', "there is no weekday din"),
    ("[programme]", "[programme", "ad-ict.toml"),
])
def test_a_mistake_in_the_data_is_named(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "programmes" / "ad-ict.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(DemoDataWrong, match=said):
        read_demo(folder)
