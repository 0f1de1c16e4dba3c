"""What the pages of the catalogue read: what is published, in few statements."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import EnrolmentPeriod, Module, Offering, OfferingState, Programme, PublicationState
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.text import Localized
from tests import builders

Budget = Callable[[int], AbstractContextManager[list[str]]]
TODAY = date(2026, 9, 1)


def modules(session: Session, now: datetime, *titles: str, **changes: object) -> UUID:
    """Make a module per title, with the title as its external id."""
    provider_id = builders.provider(session)
    for title in titles:
        builders.module(session, now, provider_id=provider_id, **{
            "external_id": title, "code": title[:60], "title": Localized(title), **changes,
        })
    return provider_id


def archive(session: Session, external_id: str) -> None:
    session.execute(update(Module).where(Module.external_id == external_id).values(state=PublicationState.ARCHIVED))


def programme(session: Session, now: datetime, provider_id: UUID, *parts: tuple[str, int], title: str = "AD ICT") -> str:
    """Make a programme of (external id, half-year); returns its slug."""
    programme_id = builders.programme(session, now, *parts, provider_id=provider_id, title=title)
    return session.scalars(select(Programme.slug).where(Programme.id == programme_id)).one()


def test_the_page_of_a_module_takes_two_statements(database: Database, now: datetime, queries: Budget) -> None:
    with database.writing() as session:
        builders.offering(session, now)
        builders.offering(session, now, external_id="NET-01", starts_on=TODAY + timedelta(days=7))
        provider_id = builders.provider(session)
        programme(session, now, provider_id, ("NET-01", 1))
        programme(session, now, provider_id, ("NET-01", 2), title="AD Data")
    with database.reading() as session, queries(2):
        page = catalogue.module_page(session, "netwerkbeheer", today=TODAY)
    assert page.module.provider.name == "Windesheim in Almere"
    assert [outcome.text.nl for outcome in page.module.outcomes] == ["Je richt een netwerk in."]
    assert [offering.starts_on for offering in page.module.offerings] == [TODAY + timedelta(days=7), TODAY + timedelta(days=28)]
    assert [(slug, title.nl) for slug, title in page.programmes] == [("ad-data", "AD Data"), ("ad-ict", "AD ICT")]


def test_outcomes_stay_in_order_and_single_beside_several_programmes(session: Session, now: datetime) -> None:
    texts = tuple(Localized(text) for text in ("Z", "A", "M"))
    provider_id = modules(session, now, "Vak", outcomes=tuple(catalogue.OutcomeDraft(text) for text in texts))
    for title in ("AD 1", "AD 2"):
        programme(session, now, provider_id, ("Vak", 1), title=title)
    session.expunge_all()
    page = catalogue.module_page(session, "vak", today=TODAY)
    assert tuple(outcome.text for outcome in page.module.outcomes) == texts
    assert len(page.programmes) == 2


def test_a_module_or_programme_published_no_more_is_not_found(session: Session, now: datetime) -> None:
    provider_id = modules(session, now, "Vak")
    slug = programme(session, now, provider_id, ("Vak", 1))
    session.execute(update(Programme).values(state=PublicationState.ARCHIVED))
    assert catalogue.module_page(session, "vak", today=TODAY).programmes == ()
    archive(session, "Vak")
    with pytest.raises(catalogue.ModuleNotFound):
        catalogue.module_page(session, "vak", today=TODAY)
    with pytest.raises(catalogue.ProgrammeNotFound):
        catalogue.programme_page(session, slug)
    assert catalogue.programmes(session) == []
    assert catalogue.published_module_ids(session) == set()
    assert list(catalogue.module_facts(session, today=TODAY)) == []


def test_an_offering_cancelled_or_ended_leaves_the_page_but_not_who_is_in_it(session: Session, now: datetime) -> None:
    codes = {"open": builders.offering(session, now)}
    for name in ("closed", "cancelled", "ended"):
        codes[name] = builders.offering(session, now, external_id="NET-01")
    day = timedelta(days=1)
    for name, values in (
        ("closed", {"starts_on": TODAY}),
        ("cancelled", {"state": OfferingState.CANCELLED}),
        ("ended", {"starts_on": TODAY - 90 * day, "ends_on": TODAY - day}),
    ):
        session.execute(update(Offering).where(Offering.code == codes[name]).values(values))
    closed = select(Offering.id).where(Offering.code == codes["closed"]).scalar_subquery()
    session.execute(update(EnrolmentPeriod).where(EnrolmentPeriod.offering_id == closed).values(closes_on=TODAY - day))
    ids = {row.code: row.id for row in session.scalars(select(Offering))}
    session.expunge_all()
    shown = {offering.code: offering for offering in catalogue.module_page(session, "netwerkbeheer", today=TODAY).module.offerings}
    assert set(shown) == {codes["open"], codes["closed"]}
    assert shown[codes["open"]].is_open(now)
    assert not shown[codes["closed"]].is_open(now)  # the page says that it is closed, and has no button
    kept = catalogue.offerings_by_id(session, ids.values())
    assert {found.offering.code for found in kept.values()} == set(codes.values())
    assert not kept[ids[codes["cancelled"]]].offering.is_open(now)
    (facts,) = catalogue.module_facts(session, today=TODAY)
    assert {offering.code for offering in facts.offerings} == set(shown)


def test_on_its_last_day_an_offering_is_still_on_the_page(session: Session, now: datetime) -> None:
    builders.offering(session, now, starts_on=TODAY - timedelta(days=70))
    assert len(catalogue.module_page(session, "netwerkbeheer", today=TODAY).module.offerings) == 1
    assert catalogue.module_page(session, "netwerkbeheer", today=TODAY + timedelta(days=1)).module.offerings == ()


def test_a_programme_has_its_modules_by_half_year_with_their_credits(
    database: Database, now: datetime, queries: Budget,
) -> None:
    with database.writing() as session:
        provider_id = modules(session, now, "A", "B", "C", "Weg", ec=Decimal("7.5"))
        slug = programme(session, now, provider_id, ("B", 1), ("A", 1), ("Weg", 2), ("C", 3))
        archive(session, "Weg")
    with database.reading() as session, queries(4):
        page = catalogue.programme_page(session, slug)
    assert page.requirements is not None
    leaves = [(part.period, part.module.title.nl, part.is_published) for part in page.requirements.items if part.module]
    assert leaves == [(1, "B", True), (1, "A", True), (2, "Weg", False), (3, "C", True)]
    assert page.summary.module_count == 3
    assert page.summary.ec == 120
    with database.reading() as session, queries(1):
        (summary,) = catalogue.programmes(session)
    assert summary.module_count == 3  # as on its page


def test_programmes_with_modules_come_before_bare_names(session: Session, now: datetime) -> None:
    provider_id = modules(session, now, "Vak")
    for title, parts in (("Aap", ()), ("mies", (("Vak", 1),)), ("Noot", (("Vak", 1),))):
        programme(session, now, provider_id, *parts, title=title)
    assert [found.title.nl for found in catalogue.programmes(session)] == ["mies", "Noot", "Aap"]
    noot = catalogue.programmes(session)[1].id
    assert [found.title.nl for found in catalogue.programmes(session, programme_ids=[noot])] == ["Noot"]


def test_the_page_of_a_provider_has_its_modules_and_programmes(database: Database, now: datetime, queries: Budget) -> None:
    with database.writing() as session:
        provider_id = modules(session, now, "Vak B", "Vak A", "Weg")
        archive(session, "Weg")
        programme(session, now, provider_id, ("Vak A", 1))
        other = builders.provider(session, "aeres", "Aeres")
        builders.module(session, now, provider_id=other, external_id="X")
    with database.reading() as session, queries(6):
        page = catalogue.provider_page(session, "windesheim")
    assert [module.title.nl for module in page.modules] == ["Vak A", "Vak B"]
    assert [found.title.nl for found in page.programmes] == ["AD ICT"]
    with database.reading() as session:
        assert len(catalogue.provider_page(session, "windesheim", per_page=1).modules) == 1
        assert [found.name for found in catalogue.providers(session)] == ["Aeres", "Windesheim in Almere"]
        with pytest.raises(catalogue.ProviderNotFound):
            catalogue.provider_page(session, "nergens")


def by_words(session: Session, *words: str, limit: int = 10) -> list[str]:
    found = catalogue.modules_by_words(session, words, today=TODAY, limit=limit)
    return [module.title.in_language("nl") for module in found]


def test_modules_are_found_by_words_in_either_title(session: Session, now: datetime) -> None:
    modules(session, now, "Zorg en techniek", "Techniek", "Financiële zorg", "100% duurzaam", "C++ en C_taal", 'Een "vak" van \\ de')
    modules(session, now, "Nursing", title=Localized("Verplegen", "Nursing care"))
    modules(session, now, "English", title=Localized("", "Basics of care"))
    for words, found in {
        ("zorg",): ["Financiële zorg", "Zorg en techniek"],
        ("TECHNIEK", "zorg"): ["Zorg en techniek"],
        ("financiële",): ["Financiële zorg"],
        ("care",): ["Basics of care", "Verplegen"],
        ("verplegen", "care"): ["Verplegen"],
        ("nl",): [],  # a key of the stored object is no word
        ("100%",): ["100% duurzaam"], ("%",): ["100% duurzaam"], ("c_",): ["C++ en C_taal"], ("_",): ["C++ en C_taal"],
        ("c++",): ["C++ en C_taal"], ("/",): [], ("\\",): ['Een "vak" van \\ de'], ('"vak"',): ['Een "vak" van \\ de'],
        ("'; drop",): [],
    }.items():
        assert by_words(session, *words) == found, words


def test_without_words_the_first_modules_come_by_title_and_no_archived_ones(session: Session, now: datetime) -> None:
    modules(session, now, "b", "A", "c", "Weg")
    archive(session, "Weg")
    assert by_words(session) == ["A", "b", "c"]
    assert by_words(session, limit=2) == ["A", "b"]
    assert by_words(session, "weg") == []


def test_modules_by_words_take_four_statements_however_many_there_are(
    database: Database, now: datetime, queries: Budget,
) -> None:
    with database.writing() as session:
        modules(session, now, *(f"Vak {number}" for number in range(20)))
        builders.offering(session, now, external_id="Vak 3")
    with database.reading() as session, queries(4):
        found = catalogue.modules_by_words(session, ["vak"], today=amsterdam_day(now), limit=50)
    assert len(found) == 20
    assert [len(module.offerings) for module in found if module.offerings] == [1]


def test_facts_come_in_batches_and_by_provider(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academy.catalogue.queries.modules._BATCH", 2)
    provider_id = modules(session, now, *"abcde")
    other = builders.provider(session, "aeres", "Aeres")
    catalogue.upsert_modules(session, provider_id=other, drafts=[replace(builders.MODULE, external_id="X")], now=now)
    assert len(list(catalogue.module_facts(session, today=TODAY))) == 6
    assert {facts.code for facts in catalogue.module_facts(session, today=TODAY, provider_id=provider_id)} == set("abcde")
