"""What the clock does with changes: one letter a day at most to who has the route in their account, and counting slots once a night."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.kernel.ids import new_id
from academy.kernel.outbox import OutboxMessage
from academy.notices.gateway import Letter
from academy.notices.pathway_letters import LETTERS
from academy.pathways import rounds
from academy.pathways.events import PathwayConcerned
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import PathwayChange
from academy.pathways.service import noting
from academy.pathways.service.noting import Note, note, settle
from tests.pathways.chosen import noted, route, step
from tests.pathways.world import AUTUMN, Class, World

_K = ChangeKind
_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


def happen(world: World, pathway: PathwayFacts, kind: ChangeKind = _K.MODULE_WITHDRAWN, key: str = "NET-01") -> None:
    world.run(note, notes=[Note(pathway.id, kind, new_id(), world.modules[key])])


def announced(world: World) -> int:
    with world.database.reading() as session:
        return len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.event == PathwayConcerned.name)).all())


def letters(world: World, pathway: PathwayFacts) -> list[Letter]:
    (write,) = [write for _name, (kind, write) in LETTERS.items() if kind is PathwayConcerned]
    with world.database.reading() as session:
        return list(write(session, PathwayConcerned(pathway.id), world.now))


def test_what_changes_within_an_hour_comes_in_one_letter_and_the_next_one_a_day_later(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"), of=world.learner)
    happen(world, pathway)
    rounds.tell_changes(world.now)
    assert announced(world) == 0, "more may belong to it"
    happen(world, pathway, key="PRG-01")
    world.pass_time(hours=1)
    for _each in range(3):
        rounds.tell_changes(world.now)
    assert announced(world) == 1
    happen(world, pathway, key="DAT-01")
    world.pass_time(hours=22)
    rounds.tell_changes(world.now)
    assert announced(world) == 1
    world.pass_time(hours=2)
    rounds.tell_changes(world.now)
    assert announced(world) == 2
    [letter] = letters(world, pathway)
    assert "Module DAT-01 wordt niet meer gegeven." in letter.text
    assert "NET-01" not in letter.text, "that was told"


def test_nobody_is_told_of_a_route_without_an_account_or_of_what_was_looked_after(world: World) -> None:
    nobodys, seen = route(world, ("NET-01", "mon")), route(world, ("NET-01", "mon"), of=world.learner)
    happen(world, nobodys)
    happen(world, seen)
    world.run(settle, pathway_id=seen.id)
    rounds.tell_changes(world.now + 2 * _HOUR)
    assert announced(world) == 0
    assert letters(world, nobodys) == letters(world, seen) == []


def test_a_letter_leads_to_the_route_and_is_the_same_letter_when_it_is_sent_again(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"), of=world.learner)
    happen(world, pathway)
    rounds.tell_changes(world.now + 2 * _HOUR)
    [letter], [again] = letters(world, pathway), letters(world, pathway)
    assert letter.key == again.key
    assert letter.to == world.learner.email
    assert f"/nl/route/{pathway.edit_key}/changes" in letter.text
    assert "Module NET-01 wordt niet meer gegeven." in letter.text


@pytest.mark.parametrize("kind", [_K.PASSED, _K.FAILED, _K.CREDIT_GRANTED, _K.CREDIT_ENDED])
def test_a_letter_says_that_there_is_a_result_or_decision_not_what_it_says(world: World, kind: ChangeKind) -> None:
    pathway = route(world, ("NET-01", "mon"), of=world.learner)
    happen(world, pathway, kind)
    rounds.tell_changes(world.now + 2 * _HOUR)
    [letter] = letters(world, pathway)
    assert ("Er is een resultaat voor" in letter.text) == (kind in {_K.PASSED, _K.FAILED})
    assert ("Er is een besluit over" in letter.text) == (kind in {_K.CREDIT_GRANTED, _K.CREDIT_ENDED})
    assert not any(word in letter.text for word in ("gehaald", "krijgt", "niet meer mee", " EC"))


def test_a_letter_with_much_in_it_counts_the_rest(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"), of=world.learner)
    for key in world.modules:
        happen(world, pathway, _K.MODULE_WITHDRAWN, key)
        happen(world, pathway, _K.CLASS_CANCELLED, key)
    rounds.tell_changes(world.now + 2 * _HOUR)
    [letter] = letters(world, pathway)
    assert "En nog 6 veranderingen." in letter.text


def test_one_route_on_which_the_clock_stumbles_keeps_no_other_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = sorted((route(world, ("NET-01", "mon"), of=each) for each in (world.learner, world.stranger)), key=lambda each: each.id)
    for each in (first, second):
        happen(world, each)
    tell = noting.tell

    def stumbles(session: Any, pathway_id: Any, **moment: Any) -> None:
        if pathway_id == first.id:
            raise ConnectionError
        tell(session, pathway_id, **moment)

    monkeypatch.setattr(noting, "tell", stumbles)
    with pytest.raises(ExceptionGroup):
        rounds.tell_changes(world.now + 2 * _HOUR)
    with world.database.reading() as session:
        assert session.scalars(select(PathwayChange.pathway_id).where(PathwayChange.told_at.is_not(None))).all() == [second.id]


def test_the_clock_finds_expected_classes_that_were_planned_without_a_word(world: World) -> None:
    pathway = world.pathway()
    step(world, pathway, "SEC-01", None)
    world.open_class(Class("SEC-01", AUTUMN, "fri"))
    rounds.look_for_classes(world.now)
    assert noted(world, pathway) == [(_K.CLASS_PLANNED, world.modules["SEC-01"])]


def test_slots_are_counted_once_a_night_beside_the_worker_and_a_fault_ends_nothing() -> None:
    counted: list[datetime] = []
    done = threading.Event()

    def count(now: datetime) -> None:
        counted.append(now)
        done.set()
        raise ConnectionError

    night = rounds.NightCount(count)
    noon, three = datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 6, 2, 1, tzinfo=UTC)  # three in the morning in Amsterdam
    for now in (noon, three, three + _HOUR, three + 12 * _HOUR):
        night.turn(now)
        night.stop()
    assert counted == [three]
    night.turn(three + timedelta(days=1))
    night.stop()
    assert counted == [three, three + timedelta(days=1)]
