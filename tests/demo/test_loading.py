"""The demo fills an empty house, once, with dates that follow the day of loading."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo import load, load_demo
from academy.demo.reading import DATA, DemoDataWrong, intake_draft, offering_draft, read_demo
from academy.kernel import uploads
from academy.kernel.db import Database
from academy.kernel.money import Money

TUESDAY = date(2026, 9, 1)
CLASS = {
    "starts_in_weeks": 6, "weeks": 10, "weekdays": ["tue", "fri"], "part_of_day": "evening", "mode": "on_campus",
    "place": "windesheim-almere", "language": "nl", "seats": 20,
}


def draft(**changes: Any) -> catalogue.OfferingDraft:
    return offering_draft(CLASS | changes, price=Money(0), today=TUESDAY)


def leaves(node: catalogue.RequirementFacts) -> Iterator[catalogue.RequirementFacts]:
    if node.kind is catalogue.RequirementKind.MODULE:
        yield node
    for item in node.items:
        yield from leaves(item)


def part(node: catalogue.RequirementFacts) -> catalogue.Part:
    ec = node.module.ec if node.module else node.ec
    return catalogue.Part(node.kind.value, ec, node.number, tuple(part(item) for item in node.items))


def silent(_done: int, _total: int) -> None:
    """Show no progress."""


def test_a_class_starts_on_the_monday_and_ends_with_its_last_class() -> None:
    assert (draft().starts_on, draft().ends_on) == (date(2026, 10, 12), date(2026, 12, 18))
    assert draft().periods[0].closes_on == date(2026, 10, 9)
    assert draft(starts_in_weeks=-2).starts_on == date(2026, 8, 17)


def test_a_course_in_own_pace_is_open_until_a_week_before_its_end() -> None:
    found = draft(mode="online", part_of_day="any", weekdays=[], starts_in_weeks=-12, weeks=52)
    assert found.ends_on == date(2027, 6, 6)
    assert found.periods[0].closes_on == found.ends_on - timedelta(days=7)


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
    found = catalogue.programmes(session)
    assert len(found) == 7
    for programme in found:
        requirements = catalogue.programme_page(session, programme.slug).requirements
        assert requirements is not None
        assert catalogue.credits_asked(part(requirements)) == catalogue.AD_CREDITS, programme.code
        assert {leaf.period for leaf in leaves(requirements)} == {1, 2, 3, 4}


def test_one_programme_lets_the_student_choose_and_asks_a_part_at_the_institution(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=silent)
    page = catalogue.programme_page(session, "associate-degree-ict")
    assert page.requirements is not None
    (block,) = [item for item in page.requirements.items if item.kind is catalogue.RequirementKind.CREDITS_OF]
    assert (block.ec, len(list(leaves(block)))) == (Decimal(15), 4)
    assert [inner.number for inner in block.items if inner.kind is catalogue.RequirementKind.NUMBER_OF] == [1]
    assert (page.ec_at_provider, page.entry_nlqf, [slug for _name, slug in page.partners]) == (Decimal(60), "4", ["roc-flevoland"])
    assert [intake.variant for intake in page.intakes] == ["deeltijd", "voltijd"]


def test_the_demo_shows_what_the_pages_can_show(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=silent)
    python = catalogue.module_page(session, "programmeren-in-python", today=now.date())
    first = python.module.offerings[0]
    assert (first.min_seats, first.decides_on) == (12, first.starts_on - timedelta(days=7))
    assert {period.target_group for period in first.periods} == {catalogue.TargetGroup.PUBLIC, catalogue.TargetGroup.EMPLOYERS}
    assert [(one.weekday, one.on_date) for one in first.sessions] == [("tue", None), ("thu", None), (None, first.ends_on)]
    assert python.next, "something asks for it beforehand"
    assert first.place is not None
    assert first.place.accessibility.nl
    assert {facts.kind for facts in catalogue.module_facts(session, today=now.date())} == set(catalogue.ModuleKind)
    aeres = catalogue.provider_page(session, "aeres").provider
    assert (aeres.former_names, [code.value for code in aeres.codes]) == (("CAH Vilentum",), ["30TX"])


def test_an_intake_stands_in_the_calendar() -> None:
    found = intake_draft({"key": "k", "starts_in_weeks": 10, "closes_in_weeks": 8, "variant": "voltijd", "seats": 30, "price_cents": 1}, today=TUESDAY)
    assert (found.starts_on, found.opens_on, found.closes_on) == (date(2026, 11, 9), None, date(2026, 10, 26))


def test_each_provider_is_told_of_once_and_only_when_something_changed(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[object] = []
    monkeypatch.setattr(catalogue, "finish_import", lambda _session, *, provider_id: told.append(provider_id))
    load_demo(session, now=now, progress=silent)
    assert len(told) == len(set(told)) == len(read_demo(DATA).providers)
    load_demo(session, now=now, progress=silent)
    assert len(told) == len(read_demo(DATA).providers)


def test_there_is_something_to_enrol_in_today(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=silent)
    found = [offering for facts in catalogue.module_facts(session, today=now.date()) for offering in facts.offerings]
    assert sum(offering.is_open(now) for offering in found) > 100


def test_catalogue_and_people_come_in_together(database: Database, now: datetime, tmp_path: Path) -> None:
    uploads.set_folder(uploads.UploadFolder(tmp_path / "files"))
    load(now=now, progress=silent)
    load(now=now, progress=silent)
    with database.reading() as session:
        assert len(catalogue.programmes(session)) == 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the demo's data, for spoiling."""
    for path in DATA.glob("**/*.toml"):
        copy = tmp_path / path.relative_to(DATA)
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
    ('modules = ["ICT-09"', 'modules = ["ICT-99"', "there is no module ICT-99"),
    ("[programme]", "[programme", "ad-ict.toml"),
])
def test_a_mistake_in_the_data_is_named(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "programmes" / "ad-ict.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(DemoDataWrong, match=said):
        read_demo(folder)
