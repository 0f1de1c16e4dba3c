"""What people rely on stands in the documents: rooms, events, settings, commands."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from academy.cli import main

ROOT = Path(__file__).resolve().parent.parent


@cache
def documents() -> str:
    return "\n".join(path.read_text() for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))])


def events() -> list[str]:
    """Return the names that rooms give their events."""
    return [
        str(node.value.value)
        for path in sorted((ROOT / "academy").glob("*/events.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "name" and isinstance(node.value, ast.Constant)
    ]


def settings() -> list[str]:
    """Return the environment variables that config.py asks for."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "academy" / "config.py").read_text())):
        asked: ast.expr | None = None
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "environment.get":
            asked = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "environment":
            asked = node.slice
        if isinstance(asked, ast.Constant):
            found.add(str(asked.value))
    return sorted(found)


def commands(group: click.Group = main, path: str = "academy") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def rooms() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "academy").glob("*/__init__.py"))


@pytest.mark.parametrize("room", rooms())
def test_every_room_is_on_the_map(room: str) -> None:
    assert f"`{room}`" in documents()


def doors() -> list[str]:
    """Return the names that the contract allows inside a room, as the map writes them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(found["layers"] for found in contracts if found["name"].startswith("Inside a room"))
    return sorted(re.findall(r"\w+", " ".join(layers)))


@pytest.mark.parametrize("door", doors())
def test_every_file_of_a_room_is_on_the_map(door: str) -> None:
    general = "<vendor>_gateway.py" if door.endswith("_gateway") else "<vendor>_engine.py" if door.endswith("_engine") else ""
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert f"`{door}.py`" in text or f"`{door}/`" in text or f"`{general}`" in text


@pytest.mark.parametrize("event", events())
def test_every_event_is_documented(event: str) -> None:
    assert f"`{event}`" in documents()


@pytest.mark.parametrize("setting", settings())
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in documents()


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in documents()


@pytest.mark.parametrize("event", events())
def test_an_event_is_named_after_a_fact_in_the_past(event: str) -> None:
    room, fact, version = event.split(".")
    assert room[0].isupper()
    assert fact == fact.lower()
    assert version[0] == "v"
    assert version[1:].isdigit()


def test_there_is_something_to_document() -> None:
    assert len(events()) >= 3
    assert "DATABASE_URL" in settings()
    assert "academy db upgrade" in set(commands())
