"""Real data of others, beside the repository: their licences do not allow a copy inside it, so its tests run where they are."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("ACADEMY_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
WHY_NOT = f"real data may not be copied into the repository, and there are none at {FOLDER}: set ACADEMY_REAL_DATA to their folder"

needed = pytest.mark.skipif(not FOLDER.is_dir(), reason=WHY_NOT)


@pytest.fixture
def real_data() -> Path:
    """Give the folder of real data, or leave the test out where there is none."""
    if not FOLDER.is_dir():
        pytest.skip(WHY_NOT)
    return FOLDER
