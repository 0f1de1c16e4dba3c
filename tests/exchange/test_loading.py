"""`load_supply`: the whole supply of a source goes in, in the right order; what names something that is not there is reported."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering, Programme, Requirement
from academy.exchange.findings import Problem
from academy.exchange.loading import Archive, load_supply
from academy.exchange.report import ImportReport
from academy.exchange.supply import Supply
from academy.kernel.text import Localized
from tests import builders

OFFERING = catalogue.OfferingDraft(
    external_id="O-1", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 1), mode=catalogue.DeliveryMode.ON_CAMPUS, language="nl",
    seats=10, price=None, periods=(), place_key="flevo",
)


def module(key: str, needs: str = "") -> catalogue.ModuleDraft:
    return replace(
        builders.MODULE, external_id=key, code=key, title=Localized(f"Titel {key}"), prerequisites=catalogue.parse_prerequisites(needs),
    )


def programme(key: str, *modules: str) -> catalogue.ProgrammeDraft:
    kind = catalogue.RequirementKind
    leaves = tuple(catalogue.RequirementDraft(kind.MODULE, module=name) for name in modules)
    return catalogue.ProgrammeDraft(key, key, Localized(key), requirements=catalogue.RequirementDraft(kind.ALL_OF, items=leaves))


def supply(**parts: Any) -> Supply:
    place = catalogue.PlaceDraft("flevo", Localized("Flevo"), catalogue.PlaceKind.CAMPUS)
    return Supply(shape="feed", places=[place], rows=3, **parts)


def load(session: Session, brought: Supply, now: datetime, *, dry_run: bool = False) -> ImportReport:
    return load_supply(
        session, brought, provider_slug="mit", provider_name="MIT", provider_kind=catalogue.ProviderKind.UNIVERSITY,
        source="feeds:mit", dry_run=dry_run, archive=Archive.GUARDED, now=now,
    )


def codes(report: ImportReport) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.column, problem.value) for problem in report.problems]


def test_a_whole_supply_goes_in_and_a_second_time_changes_nothing(session: Session, now: datetime) -> None:
    brought = supply(modules=[module("B", "A"), module("A")], programmes=[programme("P", "A", "B")], offerings=[("A", OFFERING)])
    first, second = load(session, brought, now), load(session, brought, now)
    assert (first.new, first.problems, first.provider, first.source) == (4, (), "mit", "feeds:mit")
    assert (second.new, second.changed, second.same, second.archived) == (0, 0, 4, 0)
    assert session.scalar(select(func.count()).select_from(Requirement).where(Requirement.module_id.is_not(None))) == 2
    assert [provider.kind for provider in catalogue.providers(session)] == [catalogue.ProviderKind.UNIVERSITY]


def test_a_dry_run_reports_the_same_and_leaves_nothing(session: Session, now: datetime) -> None:
    brought = supply(modules=[module("A")], offerings=[("A", OFFERING), ("WEG", OFFERING)])
    rehearsed = load(session, brought, now, dry_run=True)
    assert catalogue.providers(session) == []
    assert load(session, brought, now) == replace(rehearsed, dry_run=False)


def test_an_offering_of_nothing_at_no_place_or_in_no_time_is_reported(session: Session, now: datetime) -> None:
    report = load(session, supply(modules=[module("A")], offerings=[
        ("WEG", OFFERING), ("A", replace(OFFERING, external_id="O-2", place_key="maan")),
        ("A", replace(OFFERING, external_id="O-3", ends_on=date(2026, 9, 1))), ("A", replace(OFFERING, external_id="O-4")),
    ]), now)
    assert codes(report) == [
        ("module-unknown", "module", "O-1"), ("place-unknown", "place", "O-2"), ("ends-before-start", "ends_on", "O-3"),
    ]
    assert report.refused == 3
    assert session.scalars(select(Offering.external_id)).all() == ["O-4"]


def test_a_programme_that_asks_an_unknown_module_keeps_the_requirements_it_had(session: Session, now: datetime) -> None:
    load(session, supply(modules=[module("A")], programmes=[programme("P", "A")]), now)
    report = load(session, supply(modules=[module("A")], programmes=[replace(programme("P", "A", "WEG"), title=Localized("Nieuw"))]), now)
    assert (codes(report), report.changed_keys, report.refused) == ([("requirement-unknown", "requirements", "P")], ("P",), 0)
    assert "mit/WEG" in report.problems[0].reason
    assert session.scalar(select(func.count()).select_from(Requirement).where(Requirement.module_id.is_not(None))) == 1


def test_circles_are_left_out_and_unknown_prerequisites_reported(session: Session, now: datetime) -> None:
    report = load(session, supply(modules=[module("A", "B"), module("B", "A"), module("C", "A"), module("D", "mit/D")]), now)
    assert codes(report) == [
        ("prerequisites-circle", "prerequisites", "A"), ("prerequisites-circle", "prerequisites", "B"),
        ("prerequisites-circle", "prerequisites", "D"), ("prerequisite-unknown", "prerequisites", "C"),
    ]
    assert report.problems[0].reason == "A needs B needs A"
    assert (report.new, report.refused) == (1, 3)


def test_what_vanished_is_archived_but_not_what_is_faulty(session: Session, now: datetime) -> None:
    load(session, supply(modules=[module("A"), module("B"), module("C")], programmes=[programme("P", "A"), programme("Q", "A")]), now)
    brought = supply(modules=[module("A")], programmes=[programme("P", "A")])
    brought.refuse(Problem(1, "title", "", "empty", "this may not be empty"), key="B")
    report = load(session, brought, now)
    assert (report.archived_keys, report.refused) == (("C", "Q"), 1)
    assert {row.external_id for row in session.scalars(select(Programme)) if row.vanished_at} == {"Q"}


def state_of_offering(session: Session, key: str) -> catalogue.OfferingState:
    session.expire_all()
    return session.scalars(select(Offering.state).where(Offering.external_id == key)).one()


def test_an_offering_that_vanished_before_it_began_is_switched_off_and_comes_back(session: Session, now: datetime) -> None:
    begun = replace(OFFERING, external_id="O-0", starts_on=now.date())
    both = supply(modules=[module("A"), module("B")], offerings=[("A", OFFERING), ("A", begun)])
    load(session, both, now)
    without = supply(modules=[module("A"), module("B")])
    assert load(session, without, now).archived_keys == ("O-1",)
    assert state_of_offering(session, "O-1") is catalogue.OfferingState.INACTIVE
    assert state_of_offering(session, "O-0") is catalogue.OfferingState.ACTIVE, "what has begun goes on"
    assert load(session, without, now).archived == 0
    assert load(session, both, now).changed_keys == ("O-1",)
    assert state_of_offering(session, "O-1") is catalogue.OfferingState.ACTIVE


def test_an_offering_of_a_faulty_module_has_not_vanished(session: Session, now: datetime) -> None:
    load(session, supply(modules=[module("A"), module("B")], offerings=[("A", OFFERING)]), now)
    brought = supply(modules=[module("B")])
    brought.refuse(Problem(1, "title", "", "empty", "this may not be empty"), key="A")
    assert load(session, brought, now).archived == 0
    assert state_of_offering(session, "O-1") is catalogue.OfferingState.ACTIVE
