"""What tests of pathways share."""

from datetime import datetime

import pytest

from academy.kernel.db import Database
from tests.pathways.world import World, make_world


@pytest.fixture
def world(database: Database, now: datetime) -> World:
    return make_world(database, now)
