"""What the tests of reports share: rows to count, and a small region that was counted."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.reports.service.rolling import roll_up
from tests.reports.world import Rows, fill


@pytest.fixture
def rows(session: Session, now: datetime) -> Rows:
    """Return who writes rows in the test's own transaction."""
    return Rows(session, now)


@pytest.fixture
def region(database: Database, now: datetime) -> Database:
    """Return a database with the small region of `world.fill`, counted up to today."""
    with database.writing() as session:
        fill(session, now)
    with database.writing() as session:
        roll_up(session, as_of=amsterdam_day(now), now=now)
    return database
