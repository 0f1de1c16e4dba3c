"""A database that crashes and comes back, again and again: some answers 503, and nobody who was told yes loses the seat."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from academy.config import load_settings
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.kernel import db
from academy.kernel.db import Database
from tests import builders, tables
from tests.conftest import SECRET
from tests.enrolment.proofs.cluster import cluster
from tests.enrolment.proofs.ground import check, do
from tests.enrolment.proofs.visitors import BUSY, Visitor, at_once, servers, signed_in

SEATS, PEOPLE, CLIENTS = 10, 40, 8
pytestmark = pytest.mark.slow


def test_a_database_that_crashes_and_comes_back_costs_some_503_and_no_seat(tmp_path: Path) -> None:
    today = datetime.now(UTC)  # noqa: TID251 - the servers read the real clock
    with cluster() as postgresql:
        url = postgresql.url.render_as_string(hide_password=False)
        tables.make(url)
        settings = load_settings(
            {"DATA_DIR": str(tmp_path / "var"), "DATABASE_URL": url, "SECRET_KEY": SECRET, "LOG_LEVEL": "error"}
        )
        database = Database(url)
        db.set_database(database)
        with servers(settings, tmp_path / "server", workers=2) as (port, _process):
            visitors = signed_in(settings, database, port, today, PEOPLE)
            enough, crashes = threading.Event(), list[float]()

            def crash_now_and_then() -> None:
                while not enough.wait(0.7):
                    postgresql.crash()
                    time.sleep(0.3)
                    postgresql.start()
                    crashes.append(time.monotonic())

            offering = do(
                database,
                lambda session: builders.offering(session, today, seats=SEATS),
            )
            crashing = threading.Thread(target=crash_now_and_then)
            crashing.start()
            answers = at_once(CLIENTS, lambda visitor: _path_with_pauses(visitor, offering), visitors)
            enough.set()
            crashing.join()
            assert Counter(answers) == {303: SEATS, 409: PEOPLE - SEATS}
            check(database)
            with database.reading() as session:
                assert session.scalar(select(func.count()).where(Enrolment.state == EnrolmentState.CONFIRMED)) == SEATS
            statuses = Counter(status for visitor in visitors for status in visitor.seen)
            assert set(statuses) <= {200, 303, 409, BUSY}
            assert statuses[BUSY]
            assert crashes
        database.close()
    print(f"{len(crashes)} crashes: {dict(statuses)}")  # noqa: T201 - figures


def _path_with_pauses(visitor: Visitor, offering: str) -> int:
    """Go the path slowly enough for a database to crash on the way."""
    status, place, _page = visitor.hold(offering)
    time.sleep(0.4)
    if status != 303:
        return status
    assert visitor.ask("GET", place)[0] == 200
    time.sleep(0.4)
    return visitor.press(place)[0]
