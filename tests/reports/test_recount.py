"""The numbers of the roll-up equal a recount in plain Python of what was written, on random rows of every room."""

from datetime import datetime
from random import Random

import pytest
from sqlalchemy.orm import Session

from academy.reports.kinds import EVERY
from academy.reports.queries.cells import cells_of
from academy.reports.rules.scoring import gap_score
from academy.reports.rules.signals import Cell, Key
from academy.reports.service.rolling import roll_up
from tests.reports.recounting import AS_OF, Numbers, Recount, Writer, keys
from tests.reports.world import Rows


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def test_every_cell_tells_what_a_recount_in_plain_python_finds(seed: int, session: Session, now: datetime) -> None:
    writer = Writer(Rows(session, now), Random(seed))  # noqa: S311 - no secret
    writer.write(120)
    run = roll_up(session, as_of=AS_OF, now=now)
    recount = Recount(writer.said, writer.sought, writer.planned)
    every = [Key(*each) for each in keys([module_id for module_id, *_rest in writer.modules])]
    cells = cells_of(session, periods={key.period for key in every}, skills=None, areas=None, sectors=None, sources=None)

    assert set(cells) <= set(every)
    assert len(cells) == run.cells
    told = 0
    for key in every:
        numbers = recount.at(*key)
        if key in cells:
            _is_told(cells[key], numbers)
            told += bool(cells[key].people)
        else:
            assert (numbers.firms, numbers.searches) == (0, 0), key
            assert (key.skill, key.area) != (EVERY, EVERY) or not numbers.places, key  # where nobody wants anything, as far as may be told, classes alone make no cell
    assert told > 100, "too much was hidden to have compared anything"


def _is_told(cell: Cell, numbers: Numbers) -> None:
    assert cell.people in {None, _nearest(numbers.people, 5)}, cell
    assert cell.people is not None or numbers.people, cell
    assert (cell.firms, cell.searches, cell.places, cell.free) == (numbers.firms, numbers.searches, numbers.places, numbers.free), cell
    assert cell.seats in {None, (numbers.seats + 2) // 5 * 5}, cell
    assert not cell.seats or numbers.seats >= 10, cell
    assert cell.seats is not None or numbers.firms, cell
    if cell.cents is not None:
        pledged = (numbers.cents_of_people if cell.people else 0) + (numbers.cents_of_firms if cell.seats else 0)
        assert cell.cents == (pledged + 50_00) // 100_00 * 100_00, cell
    if cell.key.source == EVERY:
        assert cell.score == gap_score(wanted=cell.wanted, free=numbers.free, urgency=cell.urgency, cents=cell.cents or 0), cell


def _nearest(number: int, step: int) -> int:
    return (number + step // 2) // step * step
