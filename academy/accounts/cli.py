"""`academy audit`: the audit trail."""

import json
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import click

from academy.accounts.service import trail
from academy.kernel.db import database

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
