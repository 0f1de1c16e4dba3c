"""A till for each test, with somebody who wants to hear all news of payments."""

from datetime import datetime

import pytest

from academy.kernel import outbox
from academy.kernel.db import Database
from tests.payments.ground import Till, listen, open_till


@pytest.fixture
def till(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Till:
    """Give a provider, a learner and a bank in memory; the platform keeps no fee."""
    monkeypatch.setattr(outbox, "_subscribers", {})
    listen()
    return open_till(database, now)
