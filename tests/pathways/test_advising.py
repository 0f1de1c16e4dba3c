"""Advice on a pathway: whoever has the read link may write it, the learner takes it off, and an old link stops."""

from typing import Any
from uuid import UUID

import pytest

from academy.pathways.errors import AdviceFull, PathwayChanged, PathwayNotFound
from academy.pathways.queries.advising import AdviceFacts, advice_of
from academy.pathways.queries.pathways import pathway_to_read
from academy.pathways.service import advising
from tests.pathways.world import World

WORDS = "Begin met <b>netwerken</b>. Zie http://example.org"


def advice(world: World, pathway_id: UUID) -> tuple[AdviceFacts, ...]:
    with world.database.reading() as session:
        return advice_of(session, pathway_id)


def give(world: World, read_key: str, **what: Any) -> UUID:
    advice_id: UUID = world.run(advising.give_advice, read_key=read_key, **({"words": WORDS, "signed": "Decaan Dik", "actor": None} | what))
    return advice_id


def take_off(world: World, key: str, advice_id: UUID) -> None:
    with world.database.writing() as session:
        advising.remove_advice(session, key=key, advice_id=advice_id)


def test_who_has_the_read_link_advises_without_an_account(world: World) -> None:
    pathway = world.pathway()
    give(world, pathway.read_key)
    [found] = advice(world, pathway.id)
    assert (found.words, found.signed, found.given_at) == (WORDS, "Decaan Dik", world.now)


def test_the_last_advice_comes_first(world: World) -> None:
    pathway = world.pathway()
    give(world, pathway.read_key, words="eerst")
    world.pass_time(minutes=1)
    give(world, pathway.read_key, words="daarna")
    assert [each.words for each in advice(world, pathway.id)] == ["daarna", "eerst"]


def test_the_edit_link_is_no_read_link_and_the_other_way_round(world: World) -> None:
    pathway = world.pathway()
    with pytest.raises(PathwayNotFound):
        give(world, pathway.edit_key)
    advice_id = give(world, pathway.read_key)
    with pytest.raises(PathwayNotFound):
        take_off(world, pathway.read_key, advice_id)
    assert len(advice(world, pathway.id)) == 1


def test_the_learner_takes_an_advice_off_and_once_is_as_good_as_twice(world: World) -> None:
    pathway = world.pathway()
    advice_id = give(world, pathway.read_key)
    for _again in range(2):
        take_off(world, pathway.edit_key, advice_id)
    assert advice(world, pathway.id) == ()


def test_nobody_takes_advice_off_another_route(world: World) -> None:
    pathway, other = world.pathway(), world.pathway()
    advice_id = give(world, pathway.read_key)
    take_off(world, other.edit_key, advice_id)
    assert len(advice(world, pathway.id)) == 1


def test_a_link_that_everybody_has_makes_no_book_of_advice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advising, "MOST_ADVICE", 2)
    pathway = world.pathway()
    give(world, pathway.read_key)
    give(world, pathway.read_key)
    with pytest.raises(AdviceFull):
        give(world, pathway.read_key)
    assert len(advice(world, pathway.id)) == 2


def test_a_new_read_link_stops_the_old_one_and_keeps_what_was_said(world: World) -> None:
    pathway = world.pathway()
    give(world, pathway.read_key)
    renewed = world.run(advising.renew_read_link, key=pathway.edit_key, version=pathway.version)
    with world.database.reading() as session:
        with pytest.raises(PathwayNotFound):
            pathway_to_read(session, pathway.read_key)
        assert pathway_to_read(session, renewed).id == pathway.id
    with pytest.raises(PathwayNotFound):
        give(world, pathway.read_key)
    assert len(advice(world, pathway.id)) == 1


def test_of_two_browsers_that_renew_the_link_the_second_is_told(world: World) -> None:
    pathway = world.pathway()
    renewed = world.run(advising.renew_read_link, key=pathway.edit_key, version=pathway.version)
    with pytest.raises(PathwayChanged):
        world.run(advising.renew_read_link, key=pathway.edit_key, version=pathway.version)
    assert world.facts(pathway.id).read_key == renewed
