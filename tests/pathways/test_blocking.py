"""What blocks a pathway is noted once, follows what is answered, and stays when the pathway goes; nothing in it tells who."""

import pytest
from sqlalchemy import delete, select

from academy.pathways.kinds import Limit
from academy.pathways.models import Pathway, RouteBlocker
from academy.pathways.problem import Answer, Blocker
from academy.pathways.service import blocking
from academy.pathways.service.blocking import is_noted, note_blockers
from tests.pathways.demanding import DISTANCE, HOURS, PARTS, ROUTE, blocked_by, gathered, note, words_of
from tests.pathways.world import NETWORKS, World


def rows(world: World, *, is_open: bool | None = None) -> list[RouteBlocker]:
    with world.database.reading() as session:
        found = session.scalars(select(RouteBlocker).order_by(RouteBlocker.found_at, RouteBlocker.subject)).all()
        return [row for row in found if is_open is None or (row.ended_at is None) is is_open]


def test_what_blocks_is_written_with_the_limits_and_the_region_but_without_a_person(world: World) -> None:
    pathway = world.pathway(of=world.learner, parts=["mon-evening", "tue-evening"], postcode="1315", distance=20)
    note(world, pathway, blocked_by("NET-01", limits=(DISTANCE, PARTS)))
    (row,) = rows(world)
    assert (row.module_id, row.subject, row.limits) == (world.modules["NET-01"], world.modules["NET-01"].hex, ["parts", "distance"])
    assert (row.parts, row.distance, row.area, row.programme_id) == (["mon-evening", "tue-evening"], 20, "13", world.programme_id)
    assert world.learner.person_id not in vars(row).values()


def test_noting_the_same_again_changes_nothing(world: World) -> None:
    pathway = world.pathway()
    answer = blocked_by("NET-01", "PRG-01")
    note(world, pathway, answer)
    before = [row.id for row in rows(world)]
    world.pass_time(days=1)
    note(world, pathway, answer)
    assert [row.id for row in rows(world)] == before
    assert len(rows(world, is_open=True)) == 2


def test_who_only_looks_again_writes_nothing(world: World) -> None:
    pathway, found, answer = world.pathway(), gathered(words_of(world, "NET-01")), blocked_by("NET-01")

    def noted(answer: Answer) -> bool:
        with world.database.reading() as session:
            return is_noted(session, pathway=pathway, gathered=found, answer=answer)

    assert not noted(answer)
    world.run(note_blockers, pathway=pathway, gathered=found, answer=answer)
    assert noted(answer)
    assert not noted(blocked_by("NET-01", limits=(HOURS,)))
    assert not noted(ROUTE)
    assert noted(Answer(is_whole=False))


def test_what_does_not_block_any_more_ends_and_what_blocks_again_is_a_new_row(world: World) -> None:
    pathway = world.pathway()
    note(world, pathway, blocked_by("NET-01", "PRG-01"))
    world.pass_time(hours=1)
    note(world, pathway, blocked_by("PRG-01"))
    assert [row.subject for row in rows(world, is_open=True)] == [world.modules["PRG-01"].hex]
    (ended,) = rows(world, is_open=False)
    assert ended.ended_at == world.now
    note(world, pathway, ROUTE)
    assert not rows(world, is_open=True)
    note(world, pathway, blocked_by("NET-01"))
    assert len(rows(world)) == 3
    assert ended.ended_at == next(row for row in rows(world) if row.id == ended.id).ended_at  # an end stays


def test_other_limits_for_the_same_thing_are_written_over_the_former_ones(world: World) -> None:
    pathway = world.pathway()
    note(world, pathway, blocked_by("NET-01", limits=(PARTS,)))
    note(world, pathway, blocked_by("NET-01", limits=(DISTANCE,)))
    (row,) = rows(world)
    assert row.limits == ["distance"]


def test_an_answer_that_was_cut_short_tells_nothing(world: World) -> None:
    pathway = world.pathway()
    note(world, pathway, blocked_by("NET-01"))
    note(world, pathway, Answer(is_whole=False))
    assert len(rows(world, is_open=True)) == 1


def test_a_skill_the_whole_route_and_credits_that_one_module_alone_can_give_each_have_their_subject(world: World) -> None:
    pathway, found = world.pathway(), gathered(words_of(world, skills=(NETWORKS,)))
    answer = Answer(blockers=(
        Blocker(NETWORKS, ("NETA-01",), (PARTS,)), Blocker("", (), (HOURS,)), Blocker("0.2", (world.slugs["UX-01"],), (PARTS,)),
        Blocker("0.3", (world.slugs["SEC-01"], world.slugs["CLD-01"]), (Limit.PERIODS,)),  # any of two: nothing in particular
    ))
    world.run(note_blockers, pathway=pathway, gathered=found, answer=answer)
    assert {row.subject: row.limits for row in rows(world)} == {NETWORKS: ["parts"], "": ["hours", "periods"], world.modules["UX-01"].hex: ["parts"]}
    assert next(row for row in rows(world) if row.module_id is not None).module_id == world.modules["UX-01"]


def test_the_row_stays_when_its_pathway_goes(world: World) -> None:
    pathway = world.pathway()
    note(world, pathway, blocked_by("NET-01"))
    with world.database.writing() as session:
        session.execute(delete(Pathway).where(Pathway.id == pathway.id))
    (row,) = rows(world)
    assert row.pathway_id is None
    assert row.ended_at is None


def test_two_browsers_that_find_the_same_at_once_write_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pathway = world.pathway()
    note(world, pathway, blocked_by("NET-01"))
    monkeypatch.setattr(blocking, "_open", lambda _session, _pathway_id: [])  # the other one looked before that was written
    note(world, pathway, blocked_by("NET-01"))
    assert len(rows(world)) == 1
