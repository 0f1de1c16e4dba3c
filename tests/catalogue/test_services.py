"""The provider's files come in again and again: what is the same stays untouched, what is known keeps its identity."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import LearningOutcome, Module, Place, Provider
from academy.kernel.outbox import OutboxMessage
from academy.kernel.text import Localized
from academy.search import subscribers
from tests import builders

LATER = timedelta(days=1)


def put(session: Session, now: datetime, *drafts: catalogue.ModuleDraft) -> catalogue.UpsertCount:
    return catalogue.upsert_modules(session, provider_id=builders.provider(session), drafts=drafts, now=now)


def outcomes(session: Session) -> dict[str, UUID]:
    """Return text → id of the present outcomes, in order."""
    rows = session.scalars(
        select(LearningOutcome).where(LearningOutcome.left_in_version.is_(None)).order_by(LearningOutcome.position),
    ).all()
    return {row.text.nl: row.id for row in rows}


def draft(*texts: str) -> catalogue.ModuleDraft:
    return replace(builders.MODULE, outcomes=tuple(catalogue.OutcomeDraft(Localized(text)) for text in texts))


def test_a_second_upsert_of_the_same_drafts_changes_nothing(session: Session, now: datetime) -> None:
    drafts = [builders.MODULE, replace(builders.MODULE, external_id="B", languages=("nl", "en"), ec=Decimal("2.5"))]
    first = put(session, now, *drafts)
    before = {row.id: row.changed_at for row in session.scalars(select(Module))}
    session.expunge_all()
    second = put(session, now + LATER, *drafts)
    assert (first.new, first.changed, first.same) == (["NET-01", "B"], [], [])
    assert (second.new, second.changed, second.same) == ([], [], ["NET-01", "B"])
    assert {row.id: row.changed_at for row in session.scalars(select(Module))} == before


def test_what_differs_is_changed_and_keeps_its_id_and_its_address(session: Session, now: datetime) -> None:
    put(session, now, builders.MODULE, replace(builders.MODULE, external_id="B"))
    before = {row.external_id: (row.id, row.slug) for row in session.scalars(select(Module))}
    session.expunge_all()
    count = put(session, now + LATER, replace(builders.MODULE, title=Localized("Netwerken"), price=None))
    assert (count.new, count.changed, count.same) == ([], ["NET-01"], [])
    after = {row.external_id: row for row in session.scalars(select(Module))}
    assert {key: (row.id, row.slug) for key, row in after.items()} == before
    assert (after["NET-01"].title.nl, after["NET-01"].price) == ("Netwerken", None)
    assert (after["NET-01"].changed_at, after["B"].changed_at) == (now + LATER, now)


def test_a_draft_that_comes_twice_in_one_file_makes_one_module(session: Session, now: datetime) -> None:
    count = put(session, now, builders.MODULE, builders.MODULE)
    assert (count.new, count.same) == (["NET-01"], ["NET-01"])


@pytest.mark.parametrize("after", [
    ("A", "B2", "C"), ("A", "C"), ("B", "C"), ("C",), (), ("X", "A", "B", "C"), ("C", "A", "B"), ("B", "A"),
    ("A", "B", "C", "D"), ("C2", "B", "A"), ("X", "C", "Y", "Z"),
])
def test_an_outcome_whose_text_stays_keeps_its_id(session: Session, now: datetime, after: tuple[str, ...]) -> None:
    put(session, now, draft("A", "B", "C"))
    before = outcomes(session)
    session.expunge_all()
    assert put(session, now, draft(*after)).changed == ["NET-01"]
    session.expunge_all()
    found = outcomes(session)
    assert tuple(found) == after
    assert all(found[text] == before[text] for text in after if text in before)
    assert len(set(found.values())) == len(after)
    assert put(session, now, draft(*after)).same == ["NET-01"]


def test_a_reworded_outcome_keeps_its_id_where_it_stood(session: Session, now: datetime) -> None:
    put(session, now, draft("A", "B", "C"))
    before = outcomes(session)
    put(session, now, draft("A", "B2", "C"))
    assert outcomes(session)["B2"] == before["B"]


def test_two_outcomes_may_have_the_same_text(session: Session, now: datetime) -> None:
    put(session, now, draft("A", "A", "B"))
    put(session, now, draft("B", "A", "A"))
    session.expunge_all()
    rows = session.scalars(select(LearningOutcome).order_by(LearningOutcome.position)).all()
    assert [row.text.nl for row in rows] == ["B", "A", "A"]


def test_modules_with_the_same_title_get_addresses_of_their_own(session: Session, now: datetime) -> None:
    put(session, now, builders.MODULE, replace(builders.MODULE, external_id="B"))
    put(session, now, replace(builders.MODULE, external_id="C"), replace(builders.MODULE, external_id="D", title=Localized("?!")))
    slugs = {row.external_id: row.slug for row in session.scalars(select(Module))}
    assert (slugs["NET-01"], slugs["D"]) == ("netwerkbeheer", "module")
    assert slugs["B"].startswith("netwerkbeheer-")
    assert len(set(slugs.values())) == 4
    for slug in slugs.values():
        assert catalogue.module_page(session, slug, today=now.date()).module.slug == slug


def test_registering_a_provider_or_a_place_again_brings_it_up_to_date(session: Session) -> None:
    first = builders.provider(session)
    assert builders.provider(session, name="Windesheim") == first
    assert session.scalars(select(Provider.name)).all() == ["Windesheim"]
    place = catalogue.PlaceDraft("campus", Localized("Campus"), catalogue.PlaceKind.CAMPUS, city="Almere")
    known = catalogue.register_place(session, place)
    assert catalogue.register_place(session, replace(place, step_free=True)) == known
    assert session.scalars(select(Place.step_free)).all() == [True]


def announced(session: Session, event: str) -> int:
    """Return how often an event was announced: each who hears of it has a message of its own."""
    heard = Counter(session.scalars(select(OutboxMessage.subscriber).where(OutboxMessage.event == event)))
    return max(heard.values(), default=0)


def test_a_programme_is_announced_when_its_modules_or_their_order_change(session: Session, now: datetime) -> None:
    subscribers.register()
    provider_id = builders.provider(session)
    put(session, now, builders.MODULE, replace(builders.MODULE, external_id="B"))

    def arrange(*parts: tuple[str, int]) -> int:
        builders.programme(session, now, *parts, provider_id=provider_id)
        return announced(session, catalogue.ProgrammeArranged.name)

    assert arrange(("NET-01", 1), ("B", 2)) == 1
    assert arrange(("NET-01", 1), ("B", 2)) == 1
    assert arrange(("B", 1), ("NET-01", 2)) == 2
    assert arrange(("NET-01", 2), ("B", 1)) == 3
    assert arrange() == 4


def test_an_offering_announces_its_module_and_can_be_asked_for_by_its_code(session: Session, now: datetime) -> None:
    subscribers.register()
    code = builders.offering(session, now, seats=7)
    assert announced(session, catalogue.ModuleChanged.name) == 1
    found = catalogue.offering_for_enrolment(session, code.lower())
    assert (found.offering.code, found.offering.seats, found.module_slug) == (code, 7, "netwerkbeheer")
    with pytest.raises(catalogue.OfferingNotFound):
        catalogue.offering_for_enrolment(session, "NIETS")
