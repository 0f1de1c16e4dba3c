"""`academy recognition`: whether what is kept beforehand is what follows from the decisions."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict

import click

from academy.kernel.db import database
from academy.recognition.queries.auditing import audit as audit_of

House = Callable[[], AbstractContextManager[object]]


def commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def recognition() -> None:
        """What was decided, and what counts."""

    @recognition.command()
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def audit(*, as_json: bool) -> None:
        """Compare counts of precedents, credits, totals and chances with the decisions they follow from; exit code 1 when they differ."""
        with house(), database().reading() as session:
            found = audit_of(session)
        named = asdict(found)
        if as_json:
            click.echo(json.dumps(named))
        else:
            for name, keys in named.items():
                click.echo(f"{name}: {len(keys)}")
                for key in keys:
                    click.echo(f"  {key}")
        sys.exit(1 if found.any else 0)

    return recognition
