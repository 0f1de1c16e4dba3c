"""`academy pathways`: how far everybody is with a programme, for the night; or one person."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import click

from academy.kernel.small_groups import LEAST_PEOPLE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from academy.pathways.queries.auditing import Auditable
    from academy.pathways.rules.audit import Audit

House = Callable[[], AbstractContextManager[object]]

_BANDS: Final = (0, 300, 600, 900)  # tenths of EC from which somebody is in a group


def commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def pathways() -> None:
        """Routes to a degree, and how far people are."""

    @pathways.command()
    @click.option("--programme", "slug", metavar="SLUG", help="one programme, by its address")
    @click.option("--all", "every", is_flag=True, help="all programmes that say what they ask")
    @click.option("--person", metavar="ID", type=click.UUID, help="one person, with every requirement")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def audit(slug: str | None, person: UUID | None, *, every: bool, as_json: bool) -> None:
        """Count how many learners have how much of a programme; groups of fewer than ten are not told."""
        if (slug is None) is not every:
            message = "Choose --programme SLUG or --all."
            raise click.UsageError(message)
        with house():
            _audit(slug, person, as_json=as_json)

    return pathways


def _audit(slug: str | None, person_id: UUID | None, *, as_json: bool) -> None:
    from academy.kernel.clock import amsterdam_day, utc_now  # noqa: PLC0415 - `academy --help` answers at once
    from academy.kernel.db import database  # noqa: PLC0415
    from academy.pathways.queries.credits import learned_of  # noqa: PLC0415

    now = utc_now()
    with database().reading() as session:
        programmes = _programmes(session, slug, now)
        if person_id is not None:
            learned = learned_of(session, [person_id])
            found = {each.goal.slug: each.audit(learned, person_id, today=amsterdam_day(now)) for each in programmes.values()}
            _tell_person(found, as_json=as_json)
        else:
            _tell_everybody(_counted(session, programmes, now, is_quiet=as_json), as_json=as_json)


def _programmes(session: "Session", slug: str | None, now: Any) -> dict[UUID, "Auditable"]:  # noqa: ANN401 - a moment; its module is imported late
    """Return the programmes made ready, by id. Ends with exit code 1 when there is none."""
    from academy.catalogue import api as catalogue  # noqa: PLC0415
    from academy.pathways.queries.auditing import programme_to_audit  # noqa: PLC0415

    chosen = [each.id for each in catalogue.programmes(session) if each.module_count and slug in {None, each.slug}]
    if not chosen:
        click.secho("There is no such programme, or it does not say what it asks.", fg="red", err=True)
        sys.exit(1)
    return {each: programme_to_audit(session, each, now=now) for each in chosen}


def _counted(session: "Session", programmes: Mapping[UUID, "Auditable"], now: Any, *, is_quiet: bool) -> dict[str, list[int]]:  # noqa: ANN401 - as above
    """Return by programme how many people are in each group; the last one is of those who have all of it."""
    from academy.pathways.queries.auditing import audit_everybody, number_of_people  # noqa: PLC0415

    counts = {each.goal.slug: [0] * (len(_BANDS) + 1) for each in programmes.values()}
    with click.progressbar(length=max(number_of_people(session), 1), label="Learners", file=sys.stderr, hidden=is_quiet) as bar:
        before = 0
        for done, found in audit_everybody(session, list(programmes.values()), now=now):
            for programme_id, _person_id, one in found:
                counts[programmes[programme_id].goal.slug][_group(one)] += 1
            bar.update(done - before)
            before = done
    return counts


def _group(one: "Audit") -> int:
    if one.is_complete:
        return len(_BANDS)
    had = sum(one.counted.values())
    return max(number for number, least in enumerate(_BANDS) if had >= least)


def _tell_everybody(counts: Mapping[str, list[int]], *, as_json: bool) -> None:
    names = [f"from {least // 10} EC" for least in _BANDS] + ["everything"]
    if as_json:
        click.echo(json.dumps({slug: dict(zip(names, map(_shown, found), strict=True)) for slug, found in counts.items()}))
        return
    for slug, found in counts.items():
        click.echo(slug)
        for name, number in zip(names, found, strict=True):
            shown = _shown(number)
            click.echo(f"  {name}: {'< 10' if shown is None else shown}")


def _shown(number: int) -> int | None:
    return None if 0 < number < LEAST_PEOPLE else number


def _tell_person(found: Mapping[str, "Audit"], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({slug: _plain(one) for slug, one in found.items()}))
        return
    for slug, one in found.items():
        click.echo(f"{slug}: {_tenths(one.counted.values())} EC count, {_tenths([one.missing])} EC to do")
        for key, line in one.lines.items():
            done = ", ".join(f"{standing.value} {_tenths([ec])}" for standing, ec in line.counted.items() if ec)
            click.echo(f"  {key}: {'complete' if line.is_complete else 'not complete'}{f' ({done})' if done else ''}")
        for each in one.unused:
            click.echo(f"  does not count: {each.credit.module} {_tenths([each.ec])} EC ({each.why.value})")


def _plain(one: "Audit") -> dict[str, object]:
    return {
        "counted": {standing.value: ec / 10 for standing, ec in one.counted.items()}, "missing": one.missing / 10,
        "requirements": {key: {"is_complete": line.is_complete, "modules": list(line.modules)} for key, line in one.lines.items()},
        "unused": [{"module": each.credit.module, "ec": each.ec / 10, "why": each.why.value} for each in one.unused],
    }


def _tenths(amounts: Iterable[int]) -> str:
    return f"{sum(amounts) / 10:g}"
