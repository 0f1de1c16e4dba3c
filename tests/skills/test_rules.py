"""Versions are ordered by their numbers."""

import pytest

from academy.skills.rules import version_key


def test_versions_are_numbers_not_text() -> None:
    versions = ["1", "1.0.1", "1.2", "1.9", "1.10", "2.0.0"]
    assert sorted(versions, key=lambda version: version_key(version) or ()) == versions
    assert version_key("1.2.0") == version_key("1.2")
    assert version_key("0") == (0,)


@pytest.mark.parametrize("text", ["", ".", "1.", "v1.2", "1.2-beta", "1 2", "12345", "1.2.3.4.5", "१"])
def test_anything_else_is_no_version(text: str) -> None:
    assert version_key(text) is None
