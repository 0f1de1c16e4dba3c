"""`academy search`: the index."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from academy.search import service
from academy.search.gateway import EngineUnavailable


def commands(house: Callable[[], AbstractContextManager[object]]) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def search() -> None:
        """The search index."""

    @search.command()
    def rebuild() -> None:
        """Fill a new index from the catalogue and switch to it; searching goes on meanwhile."""
        with house(), click.progressbar(length=100, label="Search index", file=sys.stderr) as bar:
            number = service.rebuild(progress=lambda done, total: bar.update(max(0, done * 100 // max(total, 1) - bar.pos)))
        click.echo(f"{number} documents.")

    @search.command()
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def audit(*, as_json: bool) -> None:
        """Compare the index with the catalogue; exit code 1 when they differ."""
        try:
            with house():
                found = service.audit()
        except EngineUnavailable as error:
            click.echo(f"There is no usable index ({error}). Run `academy search rebuild`.", err=True)
            sys.exit(1)
        named = {"missing": found.missing, "stale": found.stale, "extra": found.extra}
        if as_json:
            click.echo(json.dumps(named))
        else:
            for name, ids in named.items():
                click.echo(f"{name}: {len(ids)}")
                for each in ids:
                    click.echo(f"  {each}")
        sys.exit(0 if found.is_none else 1)

    return search
