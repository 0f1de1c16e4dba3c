"""The pages of programmes and providers: few statements, names of before, codes, pages of modules."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

Budget = Callable[[int], AbstractContextManager[list[str]]]
KIND = catalogue.RequirementKind


def many(session: Session, number: int) -> None:
    """Make so many modules of Windesheim: M000, M001, …"""
    provider_id = builders.provider(session)
    for code in range(number):
        builders.module(
            session, utc_now(), provider_id=provider_id, external_id=f"M{code:03}", code=f"M{code:03}", title=Localized(f"Module {code}"),
            ec=Decimal(3),
        )


def test_a_programme_of_forty_modules_takes_five_statements(client: FlaskClient, database: Database, queries: Budget) -> None:
    with database.writing() as session:
        many(session, 40)
        parts = tuple((f"M{code:03}", code // 10 + 1) for code in range(40))
        intake = catalogue.IntakeDraft("sep", date(2027, 9, 1), variant="voltijd", seats=1240, price=Money(260100))
        builders.programme(
            session, utc_now(), *parts, provider_id=builders.provider(session), intakes=(intake,), partners=("ROC",),
            codes=(catalogue.CodeDraft(catalogue.CodeScheme.CROHO, "80009"),),
        )
    with queries(5):
        page = client.get("/nl/programmes/ad-ict").get_data(as_text=True)
    assert page.count('class="academy-block__link"') == 40
    for shown in ("Halfjaar 4", "Elke module is los te volgen.", "CROHO 80009", "samen met ROC", "1.240 plekken", "1 sep 2027", "voltijd"):
        assert shown in page or shown in re.sub(r"\s+", " ", page), shown


def test_a_programme_is_told_to_machines_with_its_modules(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        many(session, 2)
        builders.programme(session, utc_now(), ("M000", 1), ("M001", 2), provider_id=builders.provider(session), months=24)
    page = client.get("/nl/programmes/ad-ict").get_data(as_text=True)
    (block,) = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    found = json.loads(block)
    assert (found["@type"], found["numberOfCredits"], found["timeToComplete"]) == ("EducationalOccupationalProgram", 120, "P24M")
    assert [course["name"] for course in found["hasCourse"]] == ["Module 0", "Module 1"]


def test_a_choice_is_read_as_what_one_does(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        many(session, 3)
        leaves = tuple(catalogue.RequirementDraft(KIND.MODULE, module=f"M00{number}", period=1) for number in range(3))
        root = catalogue.RequirementDraft(KIND.ALL_OF, items=(
            leaves[0], catalogue.RequirementDraft(KIND.CREDITS_OF, title=Localized("Verdieping"), ec=Decimal(3), items=leaves[1:]),
        ))
        draft = catalogue.ProgrammeDraft("AD", "AD", Localized("AD"), ec=Decimal(120), ec_at_provider=Decimal(60), requirements=root)
        catalogue.upsert_programmes(session, provider_id=builders.provider(session), drafts=[draft], now=utc_now())
    page = re.sub(r"\s+", " ", client.get("/nl/programmes/ad").get_data(as_text=True))
    for shown in ("Verdieping", "Kies samen 3 EC", "nog 114 EC te kiezen", "Minstens 60 EC doe je bij Windesheim in Almere."):
        assert shown in page, shown


def test_modules_of_a_provider_come_in_pages_with_their_number(client: FlaskClient, database: Database, queries: Budget) -> None:
    with database.writing() as session:
        many(session, 120)
    with queries(7):
        first = client.get("/nl/providers/windesheim").get_data(as_text=True)
    assert "1 tot en met 50 van 120" in first
    assert first.count('class="academy-row__title"') == 50
    second = client.get("/nl/providers/windesheim?page=2").get_data(as_text=True)
    assert "51 tot en met 100 van 120" in second
    assert '<link rel="canonical" href="http://127.0.0.1:8000/nl/providers/windesheim?page=2">' in second
    assert "101 tot en met 120 van 120" in client.get("/nl/providers/windesheim?page=99").get_data(as_text=True)


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "9" * 30])
def test_a_page_number_that_is_none_is_answered(client: FlaskClient, database: Database, page: str) -> None:
    with database.writing() as session:
        many(session, 1)
    assert client.get(f"/nl/providers/windesheim?page={page}").status_code == 200


def test_a_provider_is_known_by_its_name_of_before_its_codes_and_where_to_ask(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        catalogue.register_provider(session, catalogue.ProviderDraft(
            "aeres", "Aeres Hogeschool", catalogue.ProviderKind.HBO, contact_email="info@aeres.example", contact_phone="036 1",
            former_names=(catalogue.FormerName("CAH Vilentum", date(2013, 9, 1), date(2016, 12, 31)),),
            codes=(catalogue.CodeDraft(catalogue.CodeScheme.BRIN, "30TX"),),
        ))
    page = client.get("/nl/providers/aeres").get_data(as_text=True)
    for shown in ("voorheen CAH Vilentum", "BRIN", "30TX", "info@aeres.example", "Hogeschool"):
        assert shown in page, shown
    assert "voorheen CAH Vilentum" in client.get("/nl/providers").get_data(as_text=True)


def test_a_register_is_not_called_a_platform(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        catalogue.register_provider(session, catalogue.ProviderDraft("croho", "CROHO", catalogue.ProviderKind.REGISTER))
    page = client.get("/nl/providers/croho").get_data(as_text=True)
    assert "Register" in page
    assert "Online platform" not in page
