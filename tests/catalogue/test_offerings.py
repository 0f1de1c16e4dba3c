"""When, where, for whom: periods and sessions of an offering."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import ClassSession, EnrolmentPeriod, Offering
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

EMPLOYERS, PUBLIC = catalogue.TargetGroup.EMPLOYERS, catalogue.TargetGroup.PUBLIC
FRIDAY = catalogue.SessionDraft(
    catalogue.PartOfDay.EVENING, weekday="fri", starts_at=time(18, 30), ends_at=time(21), place_key="campus",
)
DRAFT = catalogue.OfferingDraft(
    starts_on=date(2027, 2, 5), ends_on=date(2027, 4, 16), mode=catalogue.DeliveryMode.BLENDED, language="nl", seats=24, min_seats=8,
    price=Money(495_00), external_id="R1", decides_on=date(2027, 1, 20), sessions=(FRIDAY,),
    periods=(
        catalogue.PeriodDraft(date(2026, 11, 30), opens_on=date(2026, 11, 1), target_group=EMPLOYERS),
        catalogue.PeriodDraft(date(2027, 1, 25), opens_on=date(2026, 12, 1), has_queue=True, queue_max=10),
    ),
)


@pytest.fixture
def supply(session: Session, now: datetime) -> Session:
    builders.module(session, now)
    catalogue.register_place(session, catalogue.PlaceDraft("campus", Localized("Campus"), catalogue.PlaceKind.CAMPUS))
    return session


def put(session: Session, now: datetime, *drafts: catalogue.OfferingDraft) -> catalogue.UpsertCount:
    return catalogue.upsert_offerings(
        session, provider_id=builders.provider(session), drafts=[("NET-01", draft) for draft in drafts], source="feed", now=now,
    )


def found(session: Session, now: datetime) -> catalogue.OfferingFacts:
    session.expire_all()
    (offering,) = catalogue.module_page(session, "netwerkbeheer", today=now.date()).module.offerings
    return offering


@pytest.mark.parametrize(("moment", "employers", "public"), [
    (datetime(2026, 10, 31, 22, 59, tzinfo=UTC), False, False),
    (datetime(2026, 10, 31, 23, 0, tzinfo=UTC), True, False),  # midnight in Amsterdam
    (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), False, True),
    (datetime(2027, 1, 25, 22, 59, tzinfo=UTC), False, True),
    (datetime(2027, 1, 25, 23, 0, tzinfo=UTC), False, False),
])
def test_each_target_group_has_its_own_period(
    supply: Session, now: datetime, moment: datetime, employers: bool, public: bool,
) -> None:
    put(supply, now, DRAFT)
    offering = found(supply, now)
    assert (offering.is_open(moment, EMPLOYERS), offering.is_open(moment)) == (employers, public)
    assert offering.enrol_until == date(2027, 1, 25)


def test_how_it_usually_goes_follows_from_the_sessions(supply: Session, now: datetime) -> None:
    saturday = catalogue.SessionDraft(catalogue.PartOfDay.DAY, on_date=date(2027, 3, 6))
    put(supply, now, replace(DRAFT, sessions=(saturday, FRIDAY, replace(FRIDAY, weekday="tue"))))
    offering = found(supply, now)
    assert (offering.weekdays, offering.part_of_day) == (("tue", "fri", "sat"), catalogue.PartOfDay.EVENING)
    assert offering.place is not None


def test_the_same_offering_again_changes_nothing_and_keeps_its_code(supply: Session, now: datetime) -> None:
    assert put(supply, now, DRAFT).new == ["R1"]
    before = (supply.scalars(select(Offering.code)).one(), *supply.scalars(select(EnrolmentPeriod.id)), *supply.scalars(select(ClassSession.id)))
    supply.expunge_all()
    assert put(supply, now, DRAFT).same == ["R1"]
    after = (supply.scalars(select(Offering.code)).one(), *supply.scalars(select(EnrolmentPeriod.id)), *supply.scalars(select(ClassSession.id)))
    assert after == before
    later = replace(DRAFT.periods[1], opens_on=None)
    for change in (
        {"seats": 30}, {"periods": (later,)}, {"sessions": ()}, {"price": None, "price_note": "CHF 500"}, {"decides_on": None},
    ):
        draft = replace(DRAFT, **change)
        assert put(supply, now, draft).changed == ["R1"], change
        assert put(supply, now, draft).same == ["R1"], change


def test_an_offering_of_a_module_or_place_that_is_not_there_is_refused(supply: Session, now: datetime) -> None:
    with pytest.raises(catalogue.PlaceNotFound):
        put(supply, now, replace(DRAFT, place_key="nowhere", sessions=()))
    with pytest.raises(catalogue.ModuleNotFound):
        catalogue.upsert_offerings(
            supply, provider_id=builders.provider(supply), drafts=[("WEG", DRAFT)], source="feed", now=now,
        )


def test_a_concept_is_neither_shown_nor_open(supply: Session, now: datetime) -> None:
    put(supply, now, replace(DRAFT, state=catalogue.OfferingState.CONCEPT))
    assert catalogue.module_page(supply, "netwerkbeheer", today=now.date()).module.offerings == ()
    code = supply.scalars(select(Offering.code)).one()
    with pytest.raises(catalogue.OfferingNotFound):
        catalogue.offering_for_enrolment(supply, code)
