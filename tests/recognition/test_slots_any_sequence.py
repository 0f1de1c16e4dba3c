"""Whatever learners and assessors do with moments, in whatever order: places add up, nobody has two appointments, and who has none sees nothing."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from academy.accounts.api import Actor
from academy.kernel.errors import Refusal
from academy.recognition.facts import FileFacts, SlotFacts
from academy.recognition.kinds import FileState
from academy.recognition.models import AssessorSlot, FileShare, InstrumentUse, RecognitionFile
from academy.recognition.service import judging, slots
from tests.recognition.slots import INTERVIEW, TEST, WORKPLACE, a_draft, offered
from tests.recognition.world import World

F = FileState
STEPS = 40


class Play:
    """Three learners, two assessors, and chance."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, Random(seed)  # noqa: S311 - a play, no secret
        self.learners = (world.learner, world.stranger, world.owner)
        self.files = [(actor, world.file(state, of=actor)) for actor, state in zip(self.learners, (F.ASSESSED, F.PORTFOLIO_OPEN, F.ASSESSED), strict=True)]
        self.assessors = (world.assessor, world.other_assessor)
        self.offered: list[tuple[Actor, SlotFacts]] = []
        self.done: set[str] = set()

    def offer(self) -> None:
        by, kind = self.chance.choice(self.assessors), self.chance.choice((INTERVIEW, TEST))
        slot = offered(self.world, by, kind=kind, in_days=1 + len(self.offered), capacity=2 if kind is TEST else 1)
        self.offered.append((by, slot))

    def book(self) -> None:
        (actor, file), (_by, slot) = self.chance.choice(self.files), self.chance.choice(self.offered)
        self.world.run(slots.book_slot, actor=actor, code=file.code, slot_code=slot.code)

    def call_off(self) -> None:
        actor, file = self.chance.choice(self.files)
        self.world.run(slots.call_off, actor=actor, code=file.code)

    def call_off_by_assessor(self) -> None:
        self._as_assessor(slots.call_off_as_assessor)

    def withdraw(self) -> None:
        by, slot = self.chance.choice(self.offered)
        self.world.run(slots.withdraw_slot, actor=by, provider_slug=self.world.slug, slot_code=slot.code)

    def stand_back(self) -> None:
        self._as_assessor(judging.stand_back)

    def plan(self) -> None:
        draft = a_draft(self.world, kind=WORKPLACE, in_days=100 + self.chance.random() * 100)
        self._as_assessor(judging.plan_instrument, draft=draft)

    def end(self) -> None:
        if self.chance.random() < 0.1:
            self.world.run(slots.end_bookings, file_id=self.files[1][1].id)

    def _as_assessor(self, act: Callable[..., Any], **what: Any) -> None:
        _actor, file = self.chance.choice(self.files)
        self.world.run(act, actor=self.chance.choice(self.assessors), provider_slug=self.world.slug, code=file.code, **what)

    def step(self) -> None:
        acts = (self.book, self.book, self.book, self.offer, self.call_off, self.call_off_by_assessor, self.withdraw, self.stand_back, self.plan, self.end)
        act = self.chance.choice(acts) if self.offered else self.offer
        try:
            act()
            self.done.add(act.__name__)
        except Refusal:
            pass


def check(play: Play) -> None:
    live = (InstrumentUse.called_off_at.is_(None), InstrumentUse.done_at.is_(None), InstrumentUse.planned_at.is_not(None))
    with play.world.database.reading() as session:
        booked = dict(session.execute(select(InstrumentUse.slot_id, func.count()).where(*live).group_by(InstrumentUse.slot_id)).all())
        for slot in session.scalars(select(AssessorSlot)):
            assert slot.taken == (booked.get(slot.id, 0) if slot.capacity else 0)
            assert slot.called_off_at is None or not booked.get(slot.id)
        having = set(session.scalars(select(InstrumentUse.file_id).where(*live)))
        assert sum(booked.values()) == len(having)  # never two in one file
        parts = {(file_id, by) for file_id, by in session.execute(select(InstrumentUse.file_id, InstrumentUse.assessor_id).where(InstrumentUse.called_off_at.is_(None)))}
        shared = {(file_id, by) for file_id, by in session.execute(select(FileShare.file_id, FileShare.assessor_id).where(FileShare.taken_back_at.is_(None)))}
        assert shared <= parts
        states = dict(session.execute(select(RecognitionFile.id, RecognitionFile.state)).all())
    check_states(play.files, having, states)


def check_states(files: list[tuple[Actor, FileFacts]], having: set[UUID], states: dict[UUID, FileState]) -> None:
    for _actor, file in files:
        if file.state is F.ASSESSED:
            assert (states[file.id] is F.SECOND_PLANNED) is (file.id in having)
        else:
            assert states[file.id] is file.state


@pytest.mark.parametrize("seed", range(4))
def test_whatever_they_do_places_add_up(world: World, seed: int) -> None:
    play = Play(world, seed)
    for _step in range(STEPS):
        play.step()
        check(play)
    assert {"book", "offer", "call_off"} <= play.done
