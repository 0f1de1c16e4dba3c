"""Whatever everybody tries through the use cases, in whatever order, on both databases: what a fair procedure promises holds after every act."""

from collections import Counter
from random import Random

import pytest

from academy.kernel.db import Database
from academy.recognition.kinds import FileState, Route
from tests import tables
from tests.recognition.driving import Drive, check
from tests.recognition.world import World, make_world

ACTS = 70


def play(world: World, seed: int, *, acts: int = ACTS) -> tuple[Drive, Counter[str]]:
    drive = Drive(world, Random(seed), Route.LABOUR_MARKET if seed % 5 == 0 else Route.EDUCATION)  # noqa: S311 - a sequence that can be had again
    drive.begin()
    said: Counter[str] = Counter()
    for _time in range(acts):
        said[drive.act()] += 1
        with world.database.reading() as session:
            check(session, drive)
        if world.facts(drive.file_id).state is FileState.ARCHIVED:
            break
    return drive, said


@pytest.mark.parametrize("seed", range(1, 5))
def test_whatever_they_try_the_procedure_stays_fair(world: World, seed: int) -> None:
    play(world, seed)


@pytest.mark.slow
def test_the_sequences_come_to_decisions_appeals_and_revisions(database: Database, world: World) -> None:
    gone = set()
    first = world
    for seed in range(100, 160):
        tables.empty(database)
        first = make_world(database, first.now)
        drive, _said = play(first, seed, acts=140)
        gone |= drive.gone
    states = {becomes for _was, becomes in gone}
    assert set(FileState) - states == set()
    assert len(gone) >= 45
