"""`academy audit`: the audit trail; `academy organisation`: organisations that nobody starts on a page."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import click
from slugify import slugify

from academy.accounts.models import OrganisationKind, Role
from academy.accounts.service import organisations, signing_in, trail
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound

House = Callable[[], AbstractContextManager[object]]

_LISTED: Final = 10
_SAYS: Final = {
    trail.FaultKind.CHANGED: "not as it was written", trail.FaultKind.MISSING: "missing", trail.FaultKind.ADDED: "put in afterwards",
}


def commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def audit() -> None:
        """The audit trail."""

    @audit.command()
    @click.option("--known", callback=_mark, metavar="NUMBER:SEAL", help="how the trail ended at an earlier time, kept outside this database")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def verify(known: trail.Mark | None, *, as_json: bool) -> None:
        """Prove that no entry was changed, left out or put in; exit code 1 when one was."""
        with (
            house(), database().reading() as session,
            click.progressbar(length=100, label="Audit trail", file=sys.stderr) as bar,
        ):
            found = trail.verify(session, known=known, progress=lambda done, total: bar.update(max(0, done * 100 // total - bar.pos)))
            bar.update(100 - bar.pos)
        click.echo(json.dumps(_as_json(found)) if as_json else "\n".join(_lines(found)))
        sys.exit(1 if found.count else 0)

    return audit


def organisation_commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def organisation() -> None:
        """Providers, schools, funds and offices, and their first owner."""

    @organisation.command()
    @click.argument("slug")
    @click.argument("name")
    @click.option("--kind", type=click.Choice([each.value for each in OrganisationKind]), required=True)
    def add(slug: str, name: str, kind: str) -> None:
        """Add an organisation, or give the one with this slug a new name."""
        if slugify(slug) != slug:
            message = f"{slug!r} can not be part of an address; use small letters, digits and hyphens, as in {slugify(slug) or 'scholengroep'!r}"
            raise click.BadParameter(message, param_hint="SLUG")
        with house(), database().writing() as session:
            signing_in.register_organisation(session, slug=slug, name=name, kind=OrganisationKind(kind))
        click.echo(f"{name} is there as {slug}.")

    @organisation.command()
    @click.argument("slug")
    @click.argument("email")
    @click.option("--role", type=click.Choice([each.value for each in Role]), default=Role.OWNER.value, show_default=True)
    def appoint(slug: str, email: str, role: str) -> None:
        """Give someone who has an account a role; it is recorded in the audit trail."""
        try:
            with house(), database().writing() as session:
                organisations.appoint(session, slug=slug, email=email.strip().lower(), role=Role(role), now=utc_now())
        except NotFound:
            message = f"There is no open organisation {slug!r} with the role {role!r}, or {email} has no account yet: let them sign up first."
            raise click.ClickException(message) from None
        click.echo(f"{email} is {role} of {slug}.")

    return organisation


def _mark(_context: click.Context, _parameter: click.Parameter, value: str | None) -> trail.Mark | None:
    """Read what this command itself printed at an earlier time."""
    if value is None:
        return None
    parts = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", value)
    if parts is None:
        message = "give NUMBER:SEAL, as `academy audit verify` printed it"
        raise click.BadParameter(message)
    return trail.Mark(int(parts[1]), parts[2])


def _as_json(found: trail.Verdict) -> dict[str, object]:
    return {
        "entries": found.end.number, "end": _end(found), "faults": found.count,
        "lowest": [{"kind": fault.kind, "first": fault.first, "last": fault.last} for fault in found.faults],
    }


def _lines(found: trail.Verdict) -> list[str]:
    """Return the answer for people: how it ends, or the faults with the lowest numbers."""
    if not found.count:
        number = found.end.number
        whole = f"{number:,} {'entry' if number == 1 else 'entries'}, all as they were written."
        return [whole, f"The trail ends at {_end(found)}"] if number else [whole]
    lines = [f"{_numbers(fault)}: {_SAYS[fault.kind]}" for fault in found.faults[:_LISTED]]
    if found.count > _LISTED:
        lines.append(f"and {found.count - _LISTED:,} more")
    return lines


def _numbers(fault: trail.Fault) -> str:
    return f"entry {fault.first}" if fault.first == fault.last else f"entries {fault.first} to {fault.last}"


def _end(found: trail.Verdict) -> str:
    return f"{found.end.number}:{found.end.seal}"
