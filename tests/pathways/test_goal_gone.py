"""A route to a programme that is no longer offered: who made it reads what they planned and how to go on, and every page says the same."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.catalogue.models import Programme, PublicationState
from academy.pathways import saving
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import Pathway
from academy.pathways.service import following
from tests.pathways.chosen import noted, route
from tests.pathways.visiting import Visit
from tests.pathways.world import World

SENTENCE = "Deze opleiding wordt niet meer aangeboden."


def offer(world: World, state: PublicationState) -> None:
    with world.database.writing() as session:
        session.execute(update(Programme).where(Programme.id == world.programme_id).values(state=state))


@pytest.fixture
def pathway(world: World) -> PathwayFacts:
    """A chosen route whose programme a school withdrew."""
    found = route(world, ("NET-01", "mon"), ("PRG-01", "tue"))
    offer(world, PublicationState.ARCHIVED)
    return found


@pytest.fixture
def visit(app: Flask, world: World) -> Visit:
    app.config["WTF_CSRF_ENABLED"] = False
    return Visit(app.test_client(), world)


@pytest.mark.parametrize("page", ["", "/have", "/progress", "/changes"])
def test_every_page_of_the_route_says_so_with_what_was_planned_and_how_to_go_on(visit: Visit, pathway: PathwayFacts, page: str) -> None:
    shown = visit.get(f"/nl/route/{pathway.edit_key}{page}")
    assert visit.status == 410
    assert SENTENCE in shown
    assert shown.index("Module NET-01") < shown.index("Module PRG-01")
    assert 'href="/nl/route"' in shown
    assert f'href="/nl/route/{pathway.edit_key}/remove"' in shown


def test_an_adviser_reads_the_same_and_no_way_to_change_the_route(visit: Visit, pathway: PathwayFacts) -> None:
    shown = visit.get(f"/nl/route/read/{pathway.read_key}")
    assert (visit.status, SENTENCE in shown, pathway.edit_key in shown) == (410, True, False)


def test_ones_life_can_be_told_and_the_route_thrown_away(visit: Visit, world: World, pathway: PathwayFacts) -> None:
    visit.get(f"/nl/route/{pathway.edit_key}/life")
    assert visit.status == 200
    visit.post(f"/nl/route/{pathway.edit_key}/remove", version=pathway.version)
    with world.database.reading() as session:
        assert session.scalars(select(Pathway.id)).all() == []


def test_on_a_scan_the_route_saves_nothing_and_the_scan_goes_on(world: World, pathway: PathwayFacts) -> None:
    assert saving.savings_on(pathway.edit_key, world.modules["NET-01"], {}, (), world.now) is None


def test_it_is_noted_once_when_a_file_leaves_the_programme_out_and_taken_back_when_it_is_there_again(world: World, pathway: PathwayFacts) -> None:
    other = world.pathway()
    for state, expected in ((PublicationState.ARCHIVED, [(ChangeKind.PROGRAMME_CHANGED, None)]), (PublicationState.PUBLISHED, [])) * 2:
        offer(world, state)
        for _twice in range(2):
            world.run(following.follow_provider, provider_id=world.provider_id)
        assert noted(world, pathway) == expected
        assert noted(world, other) == [], "nothing was chosen yet"
