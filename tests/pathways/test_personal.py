"""Who leaves takes their routes along; what stood in the way stays as demand, and advice to somebody else stays without a name."""

import json
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select, update

from academy import retention
from academy.kernel.ids import new_id
from academy.pathways.kinds import ChangeKind, Match
from academy.pathways.models import (
    Pathway,
    PathwayAdvice,
    PathwayChange,
    PathwayHas,
    PathwayStep,
    PathwayWithout,
    RouteBlocker,
)
from academy.pathways.personal import HELD
from academy.pathways.service.advising import give_advice
from academy.pathways.service.noting import Note, note
from tests.pathways.chosen import route
from tests.pathways.world import World


def leave(world: World) -> None:
    """Do what erasing the learner does in this room."""
    with world.database.writing() as session:
        for goes in HELD.leaving(session, world.learner.person_id, world.now).goes:
            for statement in goes.statements:
                session.execute(statement.execution_options(synchronize_session=False))


def count(world: World, table: type[object]) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def filled(world: World) -> None:
    """Make a route of the learner with something of everything, and advice of theirs on the route of somebody else."""
    mine = route(world, ("NET-01", "mon"), of=world.learner, has=[("PRG-01", Match.MATCH)], without=["UX-01"], postcode="1315")
    theirs = route(world, ("PRG-01", "tue"), of=world.stranger)
    world.run(note, notes=[Note(mine.id, ChangeKind.CREDIT_GRANTED, new_id(), world.modules["DAT-01"], Decimal(5))])
    world.run(give_advice, read_key=mine.read_key, words="Begin in februari.", signed="Wim", actor=world.stranger)
    world.run(give_advice, read_key=theirs.read_key, words="Ga eerst kijken.", signed="Sam", actor=world.learner)
    with world.database.writing() as session:
        session.add(RouteBlocker(id=new_id(), pathway_id=mine.id, module_id=world.modules["SEC-01"], subject=world.modules["SEC-01"].hex, found_at=world.now))


def test_who_leaves_takes_their_routes_along_and_no_other(world: World) -> None:
    filled(world)
    leave(world)
    assert [count(world, table) for table in (Pathway, PathwayStep, PathwayHas, PathwayWithout, PathwayChange)] == [1, 1, 0, 0, 0]
    with world.database.reading() as session:
        assert session.scalars(select(Pathway.person_id)).all() == [world.stranger.person_id]


def test_advice_to_somebody_else_stays_without_who_gave_it(world: World) -> None:
    filled(world)
    leave(world)
    with world.database.reading() as session:
        assert session.execute(select(PathwayAdvice.words, PathwayAdvice.signed, PathwayAdvice.person_id)).all() == [("Ga eerst kijken.", "", None)]
        stays = HELD.leaving(session, world.stranger.person_id, world.now)
        assert sum(each.number for each in stays.stays) == 0


def test_what_stood_in_the_way_stays_as_demand_of_nobody(world: World) -> None:
    filled(world)
    leave(world)
    with world.database.reading() as session:
        assert session.execute(select(RouteBlocker.pathway_id, RouteBlocker.module_id)).all() == [(None, world.modules["SEC-01"])]


def test_one_takes_along_what_one_told_and_no_key(world: World) -> None:
    filled(world)
    with world.database.reading() as session:
        told = HELD.read(session, world.learner.person_id)
        keys = session.execute(select(Pathway.edit_key, Pathway.read_key)).all()
    text = json.dumps(told)
    assert not [key for row in keys for key in row if key in text]
    assert told["routes"][0]["programme"] == "AD ICT"
    assert told["routes"][0]["postcode"] == "1315"
    assert [(each["route"], each["module"]) for each in told["steps"]] == [(1, "Module NET-01")]
    assert [(each["module"], each["said"]) for each in told["what_i_have"]] == [("Module PRG-01", "PRG-01")]
    assert [each["module"] for each in told["taken_out"]] == ["Module UX-01"]
    assert [(each["module"], each["ec"]) for each in told["what_changed"]] == [("Module DAT-01", "5")]
    assert [(each["route"], each["module"], each["skill"]) for each in told["what_stood_in_the_way"]] == [(1, "Module SEC-01", "")]
    assert [each["words"] for each in told["advice_i_got"]] == ["Begin in februari."]
    assert [each["words"] for each in told["advice_i_gave"]] == ["Ga eerst kijken."]


def test_a_route_in_an_account_stays_however_long_nobody_looks(world: World) -> None:
    mine, nobodys = route(world, ("NET-01", "mon"), of=world.learner), route(world, ("NET-01", "mon"))
    with world.database.writing() as session:
        session.execute(update(Pathway).values(seen_at=world.now - timedelta(days=800)))
        session.add(RouteBlocker(id=new_id(), pathway_id=nobodys.id, subject="", found_at=world.now))
    retention.apply(world.database, now=world.now)
    with world.database.reading() as session:
        assert session.scalars(select(Pathway.id)).all() == [mine.id]
        assert session.scalars(select(RouteBlocker.pathway_id)).all() == [None], "demand stays, without whose it was"
