"""The picture of a degree: half-years, blocks, and what still has to be chosen."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from academy.catalogue import api as catalogue
from academy.catalogue import facts
from academy.catalogue import views as catalogue_views
from academy.catalogue.pages.programme import picture
from academy.enrolment.views import seats as enrolment_views
from academy.kernel.clock import utc_now
from academy.kernel.text import Localized
from academy.kernel.web import create_bare_app

KIND = catalogue.RequirementKind


def leaf(code: str, ec: str | None, period: int | None, *, published: bool = True, provider: str = "Windesheim") -> facts.RequirementFacts:
    module = facts.ModuleSummary(
        UUID(int=hash(code) % 2**64), code.lower(), code, code, catalogue.ModuleKind.AD_MODULE, Localized(code),
        None if ec is None else Decimal(ec), None, provider,
    )
    return facts.RequirementFacts(UUID(int=1), KIND.MODULE, Localized(), None, None, period, module, published, ())


def node(kind: catalogue.RequirementKind, *items: facts.RequirementFacts, ec: str | None = None, number: int | None = None) -> facts.RequirementFacts:
    return facts.RequirementFacts(
        UUID(int=2), kind, Localized(), None if ec is None else Decimal(ec), number, None, None, True, items,
    )


SUMMARY = facts.ProgrammeSummary(
    UUID(int=3), "ad-ict", "AD-ICT", catalogue.ProgrammeType.PROGRAMME, Localized("AD ICT"), Localized(), "Windesheim", "windesheim", (), (),
    "5", Decimal(120), 4,
)


def drawn(app: Flask, root: facts.RequirementFacts, **changes: Any) -> dict[str, Any]:
    page = facts.ProgrammePage(
        summary=SUMMARY, description=Localized(), entry=Localized(), entry_nlqf="", eqf="5", ec_at_provider=None, months=24,
        languages=(), website="", changed_at=utc_now(), partners=(), codes=(), requirements=root, intakes=(),
    )
    with app.test_request_context("/nl/"):
        return picture(replace(page, **changes))


@pytest.fixture(scope="module")
def app() -> Flask:
    """Give what addresses need; nothing is read."""
    application = create_bare_app("academy", secret_key="only-for-tests-" * 3, base_url="http://127.0.0.1")
    for room in (catalogue_views, enrolment_views):
        application.register_blueprint(room.blueprint)
    return application


def test_modules_stand_in_their_half_year_with_its_sum(app: Flask) -> None:
    found = drawn(app, node(KIND.ALL_OF, leaf("A", "20", 1), leaf("B", "10", 1), leaf("C", "30", 2)))
    assert [(column["label"], column["ec"], len(column["blocks"])) for column in found["columns"]] == [("Halfjaar 1", "30", 2), ("Halfjaar 2", "30", 1)]


def test_a_choice_within_one_half_year_stands_there_and_counts_what_it_asks(app: Flask) -> None:
    choice = node(KIND.CREDITS_OF, leaf("B", "10", 2), leaf("C", "10", 2), ec="15")
    found = drawn(app, node(KIND.ALL_OF, leaf("A", "15", 2), choice))
    (column,) = found["columns"]
    assert column["ec"] == "30"
    assert (column["blocks"][1]["rule"], column["blocks"][1]["chosen"], column["blocks"][1]["steps"]) == ("Kies samen 15 EC", True, 6)


def test_a_choice_over_several_half_years_stands_beside_them(app: Flask) -> None:
    choice = node(KIND.NUMBER_OF, leaf("B", "10", 1), leaf("C", "10", 3), number=1)
    found = drawn(app, node(KIND.ALL_OF, leaf("A", "30", 1), choice))
    assert [block["rule"] for block in found["spread"]] == ["Kies 1 van de 2"]


def test_nested_choices_keep_their_order(app: Flask) -> None:
    inner = node(KIND.NUMBER_OF, leaf("C", "5", 1), leaf("D", "5", 1), number=1)
    found = drawn(app, node(KIND.ALL_OF, node(KIND.CREDITS_OF, leaf("B", "5", 1), inner, ec="10")))
    below = found["columns"][0]["blocks"][0]["items"]
    assert [bool(item["module"]) for item in below] == [True, False]
    assert [str(item["module"]["title"]) for item in below[1]["items"]] == ["C", "D"]


@pytest.mark.parametrize(("ec", "gap"), [("120", ""), ("115", "nog 5 EC te kiezen"), ("125", "5 EC meer dan het diploma vraagt")])
def test_what_is_lacking_or_too_much_is_told(app: Flask, ec: str, gap: str) -> None:
    assert drawn(app, node(KIND.ALL_OF, leaf("A", ec, 1)))["gap"] == gap


def test_unknown_credits_are_not_counted_as_nothing(app: Flask) -> None:
    found = drawn(app, node(KIND.ALL_OF, leaf("A", "30", 1), leaf("B", None, 1)))
    assert (found["found"], found["bar"]) == ("", None)
    assert "nog niet bekend" in found["gap"]


def test_a_module_that_is_not_published_keeps_its_place_but_not_its_title(app: Flask) -> None:
    found = drawn(app, node(KIND.ALL_OF, leaf("Geheim", "30", 1, published=False)))
    module = found["columns"][0]["blocks"][0]["module"]
    assert (str(module["title"]), module["url"]) == ("Een module die nu niet wordt gegeven", "")


def test_another_provider_is_named_and_the_own_one_is_not(app: Flask) -> None:
    found = drawn(app, node(KIND.ALL_OF, leaf("A", "30", 1), leaf("B", "30", 1, provider="ROC van Flevoland")))
    assert [block["module"]["provider"] for block in found["columns"][0]["blocks"]] == ["", "ROC van Flevoland"]


def test_the_part_at_the_institution_is_told(app: Flask) -> None:
    found = drawn(app, node(KIND.ALL_OF, leaf("A", "120", 1)), ec_at_provider=Decimal(60))
    assert found["own"].startswith("Minstens 60 EC doe je bij Windesheim")
