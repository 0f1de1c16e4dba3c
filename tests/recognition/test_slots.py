"""Assessors offer time, learners book it: one appointment at a time, never with who has another side in the file, and what is called off is free at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from academy.accounts.api import Role, add_membership
from academy.catalogue.api import PlaceNotFound, ProviderNotFound
from academy.recognition.errors import FileClosed, FileNotFound
from academy.recognition.errors.judging import NothingBooked, SlotInUse, SlotNotFound, SlotsOverlap, SlotWrong
from academy.recognition.errors.places import SlotTaken
from academy.recognition.events import SlotBooked, SlotCalledOff
from academy.recognition.kinds import FileState, Route
from academy.recognition.models import AssessorSlot, FileParty, InstrumentUse, RecognitionFile
from academy.recognition.queries.slots import BOOKABLE, own_slots
from academy.recognition.service import slots, waiting
from tests.recognition.slots import (
    DAY,
    HOUR,
    INTERVIEW,
    TEST,
    a_draft,
    book,
    booked,
    heard,
    listen,
    offered,
    on_offer,
    sees,
    slot_now,
)
from tests.recognition.world import World, later

F = FileState


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(SlotBooked, SlotCalledOff)


def test_an_assessor_offers_a_row_of_moments_and_pressing_twice_offers_them_once(world: World) -> None:
    starts = tuple(world.now + DAY + number * HOUR for number in range(3))
    draft = a_draft(world, starts=starts)
    assert world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=draft) == 3
    assert world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=draft) == 0
    with world.database.reading() as session:
        mine = own_slots(session, world.assessor, world.slug, now=world.now)
    assert [each.slot.starts_at for each in mine.slots] == list(starts)


def test_nobody_offers_two_things_at_one_moment_and_the_next_may_begin_where_one_ends(world: World) -> None:
    first = offered(world)
    for begins, kind in ((first.starts_at + HOUR / 2, INTERVIEW), (first.starts_at - HOUR / 2, INTERVIEW), (first.starts_at, TEST)):
        with pytest.raises(SlotsOverlap):
            world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=a_draft(world, kind=kind, starts=(begins,)))
    after = a_draft(world, starts=(first.ends_at, first.starts_at - HOUR))
    assert world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=after) == 2
    within = a_draft(world, starts=(world.now + 9 * DAY, world.now + 9 * DAY + HOUR / 2))
    with pytest.raises(SlotsOverlap):
        world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=within)


@pytest.mark.parametrize("wrong", [{"in_days": -1}, {"length": timedelta()}, {"capacity": 0}, {"capacity": 61}, {"length": timedelta(hours=13)}])
def test_what_can_not_be_offered_is_refused(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(SlotWrong):
        world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=a_draft(world, **wrong))


def test_only_who_assesses_there_offers_and_only_at_its_places(world: World) -> None:
    for actor in (world.board, world.owner):
        with pytest.raises(ProviderNotFound):
            world.run(slots.offer_slots, actor=actor, provider_slug=world.slug, draft=a_draft(world))
    with pytest.raises(PlaceNotFound):
        world.run(slots.offer_slots, actor=world.assessor, provider_slug=world.slug, draft=a_draft(world, place_key="nergens"))


def test_time_that_nobody_booked_is_taken_back_and_other_time_is_not(world: World) -> None:
    empty, taken, file = offered(world), offered(world, in_days=6), world.file(F.ASSESSED)
    book(world, file, taken)
    for _twice in range(2):
        world.run(slots.withdraw_slot, actor=world.assessor, provider_slug=world.slug, slot_code=empty.code)
    assert slot_now(world, empty).called_off_at == world.now
    with pytest.raises(SlotInUse):
        world.run(slots.withdraw_slot, actor=world.assessor, provider_slug=world.slug, slot_code=taken.code)
    with pytest.raises(SlotNotFound):
        world.run(slots.withdraw_slot, actor=world.other_assessor, provider_slug=world.slug, slot_code=taken.code)


@pytest.mark.parametrize("state", [each for each in BOOKABLE if each is not F.SECOND_PLANNED])
def test_a_learner_books_from_the_first_moment_on(world: World, state: FileState) -> None:
    file, slot = world.file(state), offered(world, world.other_assessor)
    use_id = book(world, file, slot)
    assert world.facts(file.id).state is (F.SECOND_PLANNED if state is F.ASSESSED else state)
    found = booked(world, file)
    assert found is not None
    assert (found.id, found.assessor_id, found.planned_at) == (use_id, world.other_assessor.person_id, slot.starts_at)
    assert slot_now(world, slot).taken == 1
    assert sees(world, file, world.other_assessor)
    assert book(world, file, slot) == use_id  # twice is once
    assert heard(world, SlotBooked) == [use_id]


def test_nothing_is_booked_when_it_is_too_late_for_it(world: World) -> None:
    slot = offered(world)
    files = [world.file(F.SECOND_DONE), world.file(F.REPORT_ISSUED, route=Route.LABOUR_MARKET), world.file(F.WITHDRAWN), world.file(F.LAPSED)]
    for file in files:
        with pytest.raises(FileClosed):
            book(world, file, slot)
    with pytest.raises(FileNotFound):
        world.run(slots.book_slot, actor=world.stranger, code=files[0].code, slot_code=slot.code)


def test_another_moment_takes_the_place_of_the_first_in_one_commit(world: World) -> None:
    file, first, second = world.file(F.ASSESSED), offered(world), offered(world, world.other_assessor)
    book(world, file, first)
    book(world, file, second)
    assert (slot_now(world, first).taken, slot_now(world, second).taken) == (0, 1)
    assert world.facts(file.id).state is F.SECOND_PLANNED
    found = booked(world, file)
    assert found is not None
    assert found.slot is not None
    assert found.slot.code == second.code
    assert sees(world, file, world.assessor)  # who judged the portfolio still has a part


def test_who_no_longer_has_an_appointment_sees_the_evidence_no_more(world: World) -> None:
    file, first, second = world.file(F.PORTFOLIO_OPEN), offered(world), offered(world, world.other_assessor)
    book(world, file, first)
    book(world, file, second)
    assert (sees(world, file, world.assessor), sees(world, file, world.other_assessor)) == (False, True)
    world.run(slots.call_off, actor=world.learner, code=file.code)
    assert not sees(world, file, world.other_assessor)


def test_a_full_or_past_moment_is_refused_and_the_old_appointment_stays(world: World) -> None:
    file, mine, other = world.file(F.ASSESSED), offered(world, in_days=2), offered(world, world.other_assessor)
    book(world, file, mine)
    with world.database.writing() as session:
        session.get_one(AssessorSlot, other.id).taken = 1
    with pytest.raises(SlotTaken):
        book(world, file, other)
    assert slot_now(world, mine).taken == 1
    assert booked(world, file) is not None
    with pytest.raises(SlotNotFound):
        book(later(world, days=6), file, other)


def test_never_offered_are_moments_of_the_guide_the_learner_and_who_acts_for_their_employer(world: World) -> None:
    firm = world.employer()
    of_firm, plain = world.person("Eva Werkgever", Role.ASSESSOR), world.person("Piet Puur", Role.ASSESSOR)
    with world.database.writing() as session:
        add_membership(session, person_id=of_firm.person_id, organisation_id=firm, role=Role.BUYER)
        add_membership(session, person_id=world.learner.person_id, organisation_id=world.provider_id, role=Role.ASSESSOR)
    file = world.file(F.ASSESSED)
    with world.database.writing() as session:
        session.add_all(FileParty(file_id=file.id, organisation_id=each) for each in (firm, world.provider_id))
    unfit = [offered(world, by) for by in (world.guide, of_firm, world.learner)]
    fit = offered(world, plain)
    assert on_offer(world, file) == [fit.id]
    for slot in unfit:
        with pytest.raises(SlotNotFound):
            book(world, file, slot)


def test_never_offered_is_time_of_who_does_not_assess_there_any_more_or_that_is_full_gone_or_past(world: World) -> None:
    file, full, gone, left = world.file(F.ASSESSED), offered(world, in_days=1), offered(world, in_days=2), offered(world, in_days=3)
    several = offered(world, world.other_assessor, kind=TEST, capacity=2)
    with world.database.writing() as session:
        session.get_one(AssessorSlot, full.id).taken = 1
    world.run(slots.withdraw_slot, actor=world.assessor, provider_slug=world.slug, slot_code=gone.code)
    assert on_offer(world, file) == [left.id, several.id]
    assert on_offer(later(world, days=4), file) == [several.id]
    with pytest.raises(SlotNotFound):
        book(world, file, gone)


def test_calling_off_frees_the_place_and_a_new_day_can_be_chosen(world: World) -> None:
    file, slot = world.file(F.ASSESSED), offered(world)
    use_id = book(world, file, slot)
    world.run(slots.call_off, actor=world.learner, code=file.code)
    assert world.facts(file.id).state is F.ASSESSED
    assert slot_now(world, slot).taken == 0
    assert booked(world, file) is None
    with world.database.reading() as session:
        assert session.get_one(InstrumentUse, use_id).called_off_at == world.now
    assert on_offer(world, file) == [slot.id]
    assert heard(world, SlotCalledOff) == [use_id]
    with pytest.raises(NothingBooked):
        world.run(slots.call_off, actor=world.learner, code=file.code)


def test_an_assessor_calls_off_and_that_time_is_not_offered_again(world: World) -> None:
    file, slot = world.file(F.ASSESSED), offered(world)
    book(world, file, slot)
    with pytest.raises(NothingBooked):
        world.run(slots.call_off_as_assessor, actor=world.other_assessor, provider_slug=world.slug, code=file.code)
    world.run(slots.call_off_as_assessor, actor=world.assessor, provider_slug=world.slug, code=file.code)
    assert world.facts(file.id).state is F.ASSESSED
    assert (slot_now(world, slot).taken, slot_now(world, slot).called_off_at) == (0, world.now)


def test_an_assessor_calls_off_before_anything_was_sent_and_others_keep_their_places(world: World) -> None:
    file, slot = world.file(F.DRAFT), offered(world, kind=TEST, capacity=2)
    book(world, file, slot)
    with world.database.writing() as session:
        session.get_one(AssessorSlot, slot.id).taken = 2
    world.run(slots.call_off_as_assessor, actor=world.assessor, provider_slug=world.slug, code=file.code)
    assert (slot_now(world, slot).taken, slot_now(world, slot).called_off_at) == (1, None)
    assert world.facts(file.id).state is F.DRAFT


def test_a_file_that_ends_gives_back_what_was_booked_and_begun_in_it(world: World) -> None:
    file, slot = world.file(F.ASSESSMENT_PLANNED), offered(world, world.other_assessor)
    book(world, file, slot)
    world.run(slots.end_bookings, file_id=file.id)
    assert slot_now(world, slot).taken == 0
    assert booked(world, file) is None
    with world.database.reading() as session:
        assert session.scalars(select(InstrumentUse.id).where(InstrumentUse.called_off_at.is_(None))).all() == []
    assert len(heard(world, SlotCalledOff)) == 1  # of the appointment; a portfolio was never one


def test_a_file_that_lapses_gives_back_what_was_booked_in_it(world: World) -> None:
    file, slot = world.file(F.PORTFOLIO_OPEN), offered(world, in_days=200)
    book(world, file, slot)
    with world.database.writing() as session:
        session.execute(update(RecognitionFile).where(RecognitionFile.id == file.id).values(told_first_at=world.now + 30 * DAY, told_second_at=world.now + 60 * DAY))
    world.pass_time(days=91)
    world.run(waiting.lapse_file, file_id=file.id)
    assert world.facts(file.id).state is F.LAPSED
    assert slot_now(world, slot).taken == 0
