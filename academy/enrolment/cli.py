"""`academy enrolment`: whether seats add up, and drawing lots once more."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from academy.enrolment.queries.blocks import audit_blocks
from academy.enrolment.queries.drawing import redraw
from academy.enrolment.queries.seats import audit, audit_classes
from academy.kernel.db import database

House = Callable[[], AbstractContextManager[object]]


def commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def enrolment() -> None:
        """Seats."""

    @enrolment.command("audit")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def enrolment_audit(*, as_json: bool) -> None:
        """Compare each pool's counter with its live enrolments, the pools of each class with its seats, and blocks with what is paid of them; exit code 1 when they differ."""
        with house(), database().reading() as session:
            pools, classes, blocks = audit(session), audit_classes(session), audit_blocks(session)
        if as_json:
            click.echo(json.dumps([
                *({"pool": str(row.pool_id), "taken": row.taken, "live": row.live} for row in pools),
                *({"offering": str(row.offering_id), "seats": row.seats, "in_pools": row.in_pools} for row in classes),
                *({"block": str(row.block_id), "free": row.free, "unnamed": row.unnamed} for row in blocks),
            ]))
        else:
            for pool in pools:
                click.echo(f"pool {pool.pool_id}: counter {pool.taken}, live enrolments {pool.live}")
            for each in classes:
                click.echo(f"offering {each.offering_id}: {each.seats} seats, {each.in_pools} in its pools")
            for one in blocks:
                click.echo(f"block {one.block_id}: {one.free} seats free, {one.unnamed} without a name")
            click.echo("The blocks have as many free seats as they pay for without a name." if not blocks else f"{len(blocks)} blocks differ.")
            click.echo("All counters equal the live enrolments." if not pools else f"{len(pools)} pools differ.")
            click.echo("The pools of each class add up to its seats." if not classes else f"{len(classes)} classes differ.")
        sys.exit(1 if pools or classes or blocks else 0)

    @enrolment.command("redraw")
    @click.argument("code")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def enrolment_redraw(code: str, *, as_json: bool) -> None:
        """Draw the lots of the class CODE once more with the published seed, and compare with what was published; exit code 1 when they differ."""
        with house(), database().reading() as session:
            again = redraw(session, code)
        if as_json:
            click.echo(json.dumps({"lots": again.lots, "won": again.won, "differences": again.differences}))
        else:
            for difference in again.differences:
                click.echo(difference)
            click.echo(f"{again.lots} lots, {again.won} with a seat: {'not the same.' if again.differences else 'the same.'}")
        sys.exit(1 if again.differences else 0)

    return enrolment
