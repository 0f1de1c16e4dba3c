"""A programme asks a tree of modules; the tree is counted, kept, and its modules are there."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue import rules
from academy.catalogue.models import Programme, Requirement
from academy.kernel.text import Localized
from tests import builders

KIND = catalogue.RequirementKind


def leaf(key: str, **values: str | int) -> catalogue.RequirementDraft:
    return catalogue.RequirementDraft(KIND.MODULE, module=key, **values)  # type: ignore[arg-type] # what a leaf takes


TREE = catalogue.RequirementDraft(KIND.ALL_OF, items=(
    leaf("A", period=1),
    catalogue.RequirementDraft(KIND.CREDITS_OF, title=Localized("Keuze"), ec=Decimal(10), items=(leaf("B"), leaf("C"))),
    catalogue.RequirementDraft(KIND.NUMBER_OF, number=1, items=(leaf("D"), leaf("A", provider="aeres"))),
))


def put(session: Session, now: datetime, **changes: object) -> catalogue.UpsertCount:
    provider_id = builders.provider(session)
    draft = catalogue.ProgrammeDraft("AD", "AD", Localized("AD ICT"), ec=Decimal(120), requirements=TREE)
    draft = replace(draft, **changes)  # type: ignore[arg-type] # the test's own fields
    return catalogue.upsert_programmes(session, provider_id=provider_id, drafts=[draft], now=now)


@pytest.fixture
def supply(session: Session, now: datetime) -> Session:
    for key in "ABCD":
        builders.module(session, now, external_id=key, title=Localized(f"Module {key}"), ec=Decimal(10))
    other = builders.provider(session, "aeres", "Aeres")
    builders.module(session, now, provider_id=other, external_id="A", title=Localized("Groen"), ec=Decimal(5))
    return session


def test_a_tree_comes_out_as_it_went_in(supply: Session, now: datetime) -> None:
    put(supply, now)
    root = catalogue.programme_page(supply, "ad-ict").requirements
    assert root is not None
    assert [part.kind for part in root.items] == [KIND.MODULE, KIND.CREDITS_OF, KIND.NUMBER_OF]
    assert [(part.module.title.nl, part.module.provider_name) for part in root.items[2].items if part.module] == [
        ("Module D", "Windesheim in Almere"), ("Groen", "Aeres"),
    ]
    assert (root.items[1].ec, root.items[1].title.nl, root.items[2].number) == (Decimal(10), "Keuze", 1)


def test_the_same_tree_again_changes_nothing_and_another_replaces_it(supply: Session, now: datetime) -> None:
    put(supply, now)
    before = set(supply.scalars(select(Requirement.id)))
    assert put(supply, now).same == ["AD"]
    assert put(supply, now, summary=Localized("Nieuw")).changed == ["AD"]
    assert set(supply.scalars(select(Requirement.id))) == before
    assert put(supply, now, requirements=replace(TREE, items=TREE.items[:1])).changed == ["AD"]
    assert len(supply.scalars(select(Requirement)).all()) == 2


def test_a_source_that_says_nothing_of_requirements_leaves_them(supply: Session, now: datetime) -> None:
    put(supply, now)
    put(supply, now, requirements=None, summary=Localized("Uit het register"))
    assert catalogue.programme_page(supply, "ad-ict").requirements is not None


def test_a_module_that_is_not_there_can_not_be_asked(supply: Session, now: datetime) -> None:
    with pytest.raises(catalogue.ModuleNotFound):
        put(supply, now, requirements=catalogue.RequirementDraft(KIND.ALL_OF, items=(leaf("WEG"),)))


def test_joint_providers_parents_codes_and_intakes_are_kept(supply: Session, now: datetime) -> None:
    provider_id = builders.provider(supply)
    specification = catalogue.ProgrammeDraft("SPEC", "SPEC", Localized("ICT"), type=catalogue.ProgrammeType.SPECIFICATION)
    intake = catalogue.IntakeDraft("2027", date(2027, 9, 1), closes_on=date(2027, 5, 1), variant="deeltijd")
    draft = catalogue.ProgrammeDraft(
        "AD", "AD", Localized("AD ICT"), parent="SPEC", partner_providers=("aeres",), partners=("KU Leuven",), intakes=(intake,),
        codes=(catalogue.CodeDraft(catalogue.CodeScheme.CROHO, "80132"),),
    )
    for expected in ("new", "same"):
        count = catalogue.upsert_programmes(supply, provider_id=provider_id, drafts=[specification, draft], now=now)
        assert getattr(count, expected) == ["SPEC", "AD"]
    page = catalogue.programme_page(supply, "ad-ict")
    assert page.partners == (("Aeres", "aeres"), ("KU Leuven", ""))
    assert [(code.scheme, code.value) for code in page.codes] == [("croho", "80132")]
    assert [(found.starts_on, found.variant) for found in page.intakes] == [(date(2027, 9, 1), "deeltijd")]
    assert supply.scalars(select(Programme.parent_id).where(Programme.external_id == "AD")).one() is not None
    assert [found.code for found in catalogue.programmes(supply)] == ["AD"], "a specification is no programme to take"


def part(kind: str, *items: rules.Part, ec: int | None = None, number: int | None = None) -> rules.Part:
    return rules.Part(kind, None if ec is None else Decimal(ec), number, items)


@pytest.mark.parametrize(("tree", "asked", "offered"), [
    (part("module", ec=5), 5, 5),
    (part("module"), None, 0),
    (part("all_of", part("module", ec=5), part("module", ec=10)), 15, 15),
    (part("all_of", part("module", ec=5), part("module")), None, 5),
    (part("credits_of", part("module", ec=5), part("module", ec=10), ec=10), 10, 15),
    (part("number_of", part("module", ec=5), part("module", ec=10), part("module", ec=30), number=2), 15, 45),
    (part("all_of", part("credits_of", part("module", ec=30), ec=20), part("module", ec=100)), 120, 130),
    (part("all_of"), 0, 0),
])
def test_a_tree_is_counted(tree: rules.Part, asked: int | None, offered: int) -> None:
    assert rules.credits_asked(tree) == asked
    assert rules.credits_offered(tree) == offered
