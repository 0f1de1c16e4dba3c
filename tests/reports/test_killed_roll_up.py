"""kill -9 of a roll-up in the midst of its writing: pages read what was counted before, and the next one counts as if nothing happened."""

import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.reports.models import ReportCell, ReportRun, ReportSlot
from academy.reports.queries import cells
from academy.reports.service.rolling import count
from tests.reports.world import Rows

HOME: Final = Path(__file__).parents[2]
DYING: Final = """
import os, signal, sys
from datetime import datetime
from sqlalchemy import event
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database, set_database
from academy.reports.service.rolling import count

url, now, last_words = sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3]
house = Database(url)
set_database(house)

def die(_connection, _cursor, statement, *_others):
    if statement.startswith(last_words):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(house.engine, "after_cursor_execute", die)
count(as_of=amsterdam_day(now), now=now)
"""


def kept(house: Database) -> tuple[object, ...]:
    with house.reading() as session:
        return (cells.last_run(session), *(session.scalar(select(func.count()).select_from(table)) for table in (ReportRun, ReportCell, ReportSlot)))


@pytest.mark.parametrize("last_words", ["DELETE FROM report_cell", "INSERT INTO report_cell", "INSERT INTO report_run"])
def test_a_roll_up_that_dies_leaves_what_was_counted_before_and_the_next_one_counts(region: Database, now: datetime, last_words: str) -> None:
    before, later = kept(region), now + timedelta(hours=1)
    with region.writing() as session:
        rows = Rows(session, now - timedelta(days=1))
        module = rows.module()
        for _each in range(30):
            rows.blocked(module_id=module)
    url = region.url.render_as_string(hide_password=False)

    died = subprocess.run([sys.executable, "-c", DYING, url, later.isoformat(), last_words], cwd=HOME, check=False, capture_output=True, text=True)

    assert died.returncode == -signal.SIGKILL, died.stderr
    assert kept(region) == before
    run = count(as_of=amsterdam_day(later), now=later)
    assert kept(region)[0] == run
    assert run != before[0], "there was more to count"
