"""A published change is a new version; what was promised before stays readable, and what vanished comes back."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue import contents
from academy.catalogue.models import (
    AssessmentForm,
    CertificateKind,
    CodeScheme,
    DeliveryMode,
    LearningOutcome,
    Module,
    ModuleVersion,
    PublicationAct,
    PublicationState,
    PublicationStep,
)
from academy.catalogue.prerequisites import parse
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

LATER = timedelta(days=1)
FULL = replace(
    builders.MODULE, entry=Localized("Je hebt mbo 4."), prerequisites=parse("PRG-01 | level>=4"), institution="TU", website="https://a.nl",
    ec=Decimal("7.5"), hours=200, language_level="B1", modes=(DeliveryMode.BLENDED,), assessments=(AssessmentForm.ORAL,),
    certificate=CertificateKind.MICROCREDENTIAL, topics=("netwerk",), price=Money(495_00), price_note="",
)


def put(session: Session, now: datetime, *drafts: catalogue.ModuleDraft, source: str = "") -> catalogue.UpsertCount:
    return catalogue.upsert_modules(
        session, provider_id=builders.provider(session), drafts=drafts, now=now, source=source,
    )


def module(session: Session, external_id: str = "NET-01") -> Module:
    session.expire_all()
    return session.scalars(select(Module).where(Module.external_id == external_id)).one()


def test_what_a_module_says_survives_as_json() -> None:
    assert contents.from_json(contents.as_json(FULL)) == FULL
    bare = catalogue.ModuleDraft("X", "X", catalogue.ModuleKind.MOOC, Localized(en="Only this"))
    assert contents.from_json(contents.as_json(bare)) == bare


def test_every_field_of_a_draft_reaches_the_row_and_its_digest(session: Session, now: datetime) -> None:
    put(session, now, FULL)
    page = catalogue.module_page(session, "netwerkbeheer", today=now.date()).module
    for name in ("entry", "prerequisites", "ec", "hours", "language_level", "modes", "assessments", "certificate", "price", "topics"):
        assert getattr(page, name) == getattr(FULL, name), name
        assert contents.digest(FULL) != contents.digest(replace(FULL, **{name: getattr(replace(builders.MODULE, ec=None), name)})), name


def test_a_change_to_what_is_published_keeps_the_former_content_as_a_version(session: Session, now: datetime) -> None:
    put(session, now, FULL)
    put(session, now + LATER, replace(FULL, ec=Decimal(10)))
    put(session, now + 2 * LATER, replace(FULL, ec=Decimal(10), title=Localized("Netwerken")))
    assert module(session).version == 3
    kept = session.scalars(select(ModuleVersion).order_by(ModuleVersion.number)).all()
    assert [(row.number, contents.from_json(row.content).ec, row.replaced_at) for row in kept] == [
        (1, Decimal("7.5"), now + LATER), (2, Decimal(10), now + 2 * LATER),
    ]


def test_an_outcome_that_leaves_keeps_its_row(session: Session, now: datetime) -> None:
    two = tuple(catalogue.OutcomeDraft(Localized(text)) for text in ("A", "B"))
    put(session, now, replace(FULL, outcomes=two))
    ids = dict(session.execute(select(LearningOutcome.position, LearningOutcome.id)).all())
    put(session, now, replace(FULL, outcomes=two[1:]))
    session.expire_all()
    rows = {row.id: row for row in session.scalars(select(LearningOutcome))}
    assert (rows[ids[1]].left_in_version, rows[ids[1]].text.nl) == (2, "A")
    assert (rows[ids[2]].left_in_version, rows[ids[2]].position) == (None, 1)


def vanish(session: Session, now: datetime, *there: str, source: str = "feed") -> list[str]:
    provider_id = builders.provider(session)
    missing = catalogue.missing_supply(session, provider_id=provider_id, source=source, is_seen=set(there).__contains__)
    return catalogue.archive_missing(session, missing, now=now)


def test_what_vanishes_from_its_source_is_archived_and_comes_back(session: Session, now: datetime) -> None:
    put(session, now, FULL, replace(FULL, external_id="B", code="B"), source="feed")
    put(session, now, replace(FULL, external_id="HAND"), source="")
    assert vanish(session, now, "NET-01") == ["B"]
    assert module(session, "B").state is PublicationState.ARCHIVED
    assert module(session, "HAND").state is module(session).state is PublicationState.PUBLISHED
    assert vanish(session, now, "NET-01") == []
    count = put(session, now + LATER, FULL, replace(FULL, external_id="B", code="B"), source="feed")
    assert (count.changed, count.same) == (["B"], ["NET-01"])
    assert module(session, "B").state is PublicationState.PUBLISHED
    steps = session.scalars(select(PublicationStep).order_by(PublicationStep.at)).all()
    assert [(step.act, step.person_id) for step in steps] == [(PublicationAct.ARCHIVED, None), (PublicationAct.RESTORED, None)]


def test_what_a_person_archived_is_not_brought_back_by_its_source(session: Session, now: datetime) -> None:
    put(session, now, FULL, source="feed")
    module(session).state = PublicationState.ARCHIVED
    session.flush()
    put(session, now, replace(FULL, ec=Decimal(5)), source="feed")
    assert module(session).state is PublicationState.ARCHIVED


def test_who_is_enrolled_keeps_seeing_an_archived_module(session: Session, now: datetime) -> None:
    code = builders.offering(session, now)
    put(session, now, builders.MODULE, source="feed")
    offering_id = catalogue.offering_for_enrolment(session, code).offering.id
    vanish(session, now)
    with pytest.raises(catalogue.ModuleNotFound):
        catalogue.module_page(session, "netwerkbeheer", today=now.date())
    with pytest.raises(catalogue.OfferingNotFound):
        catalogue.offering_for_enrolment(session, code)  # nobody else comes in
    assert catalogue.offerings_by_id(session, [offering_id])[offering_id].module_title.nl == "Netwerkbeheer"


def test_prerequisites_become_links_once_all_modules_are_there(session: Session, now: datetime) -> None:
    provider_id = builders.provider(session)
    advanced = replace(FULL, external_id="ADV", code="ADV", title=Localized("Gevorderd"), prerequisites=parse("NET-01 & WEG"))
    put(session, now, advanced, replace(FULL, prerequisites=None))
    assert catalogue.finish_import(session, provider_id=provider_id) == (("ADV", "WEG"),)
    page = catalogue.module_page(session, "gevorderd", today=now.date())
    assert [(link.slug, link.external_id, link.provider_slug) for link in page.needed] == [("netwerkbeheer", "NET-01", "windesheim")]
    assert [link.slug for link in catalogue.module_page(session, "netwerkbeheer", today=now.date()).next] == ["gevorderd"]


def test_two_providers_may_use_the_same_code(session: Session, now: datetime) -> None:
    put(session, now, FULL)
    other = builders.provider(session, "aeres", "Aeres")
    count = catalogue.upsert_modules(session, provider_id=other, drafts=[FULL], now=now)
    assert count.new == ["NET-01"]
    assert len(session.scalars(select(Module)).all()) == 2


def test_codes_of_registers_are_text_and_change_with_the_draft(session: Session, now: datetime) -> None:
    codes = (catalogue.CodeDraft(CodeScheme.CREBO, "25080"), catalogue.CodeDraft(CodeScheme.RIO, "0110O0001"))
    put(session, now, replace(FULL, codes=codes))
    assert put(session, now, replace(FULL, codes=codes)).same == ["NET-01"]
    count = put(session, now, replace(FULL, codes=codes[:1]))
    assert (count.changed, module(session).version) == (["NET-01"], 1)  # the promise to the learner is the same
