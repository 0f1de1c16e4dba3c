"""`academy recognition audit`: nothing to say when all adds up, and what differs by its key when not."""

import json
from contextlib import nullcontext

from click.testing import CliRunner
from sqlalchemy import update

from academy.recognition.cli import commands
from academy.recognition.models import PrecedentCount
from tests.recognition.deciding_before import CREBO, decide
from tests.recognition.world import NO, PARTLY, YES, World


def test_the_audit_is_quiet_when_all_adds_up(world: World) -> None:
    decide(world, (YES, PARTLY, NO), CREBO)
    done = CliRunner().invoke(commands(nullcontext), ["audit", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output) == {"counts": [], "credits": [], "totals": [], "chances": []}


def test_the_audit_names_what_differs_and_ends_with_1(world: World) -> None:
    decide(world, (YES, PARTLY, NO), CREBO)
    with world.database.writing() as session:
        session.execute(update(PrecedentCount).values(number=PrecedentCount.number + 1))
    done = CliRunner().invoke(commands(nullcontext), ["audit"])
    assert done.exit_code == 1
    assert "counts: 3" in done.output
    assert f"  {world.provider_id} " in done.output
    assert "credits: 0" in done.output
