"""`academy funding`: invoices for what others pay of seats, and whether budgets add up."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

import click

from academy.funding import queries, rounds
from academy.funding.service.invoicing import month_of
from academy.kernel.clock import utc_now
from academy.kernel.db import database

House = Callable[[], AbstractContextManager[object]]

_MONTH: Final = click.DateTime(formats=["%Y-%m"])
_TO_NEXT_MONTH: Final = timedelta(days=4)


def commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def funding() -> None:
        """Who pays what of a seat."""

    @funding.command()
    @click.option("--month", type=_MONTH, help="the last month to invoice, as 2026-11; the one before this one when left out")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def invoice(month: datetime | None, *, as_json: bool) -> None:
        """Invoice employers and funds for seats that were sure by the end of a month; exit code 1 when some could not be."""
        now = utc_now()
        this_month = month_of(now)
        until = this_month if month is None else (month.date().replace(day=28) + _TO_NEXT_MONTH).replace(day=1)
        if until > this_month:
            raise click.UsageError("That month is not over yet.")
        with house():
            made, problems = rounds.invoice_before(until, now=now)
        if as_json:
            click.echo(json.dumps({"invoices": [each.code for each in made], "problems": problems}))
        else:
            for each in made:
                click.echo(f"{each.code}  {each.gross.cents / 100:.2f}")
            click.echo(f"{len(made)} invoices, {len(problems)} could not be made{''.join(f'; {code}' for code in sorted(set(problems)))}.")
        sys.exit(1 if problems else 0)

    @funding.command()
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def audit(*, as_json: bool) -> None:
        """Compare prices with their shares, and budgets and yearly caps with what was promised of them; exit code 1 when they differ."""
        with house(), database().reading() as session:
            found = queries.audit(session)
        named = {"seats": found.seats, "budgets": found.budgets, "caps": found.caps}
        if as_json:
            click.echo(json.dumps({name: [str(each) for each in ids] for name, ids in named.items()}))
        else:
            for name, ids in named.items():
                click.echo(f"{name}: {len(ids)}")
                for each in ids:
                    click.echo(f"  {each}")
        sys.exit(1 if any(named.values()) else 0)

    return funding
