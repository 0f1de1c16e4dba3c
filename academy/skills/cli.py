"""`academy skills load DIR`. What reads files is imported when a command runs, so that `academy --help` answers at once."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from academy.skills.facts import ChangeFacts, LoadReport
    from academy.skills.findings import Problem, Progress

House = Callable[[], AbstractContextManager[object]]

_LISTED: Final = 20
_STEPS: Final = {"read": "Reading", "write": "Writing"}


def commands(house: House) -> click.Group:
    """Return the group `skills`; `house` opens what a command needs: the database, and who listens to news."""

    @click.group()
    def skills() -> None:
        """The classification of skills: ESCO."""

    @skills.command()
    @click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option("--version", default="1.1.1", show_default=True, help="the version of ESCO that the files are")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def load(folder: Path, version: str, *, as_json: bool) -> None:
        """Load ESCO from its CSV files in DIR, loose or still in their zips: all of a version, or nothing.

        Needed are skills, skillGroups and occupations in English or Dutch (both where there are both), occupationSkillRelations and
        broaderRelationsSkillPillar. A newer version keeps what it drops, so that tags keep their words, and lists what changed.
        """
        with house():
            _load(folder, version, as_json=as_json)

    return skills


def _load(folder: Path, version: str, *, as_json: bool) -> None:
    from academy.kernel.clock import utc_now  # noqa: PLC0415
    from academy.kernel.db import database  # noqa: PLC0415
    from academy.kernel.errors import Refusal  # noqa: PLC0415
    from academy.kernel.translation import reading_in  # noqa: PLC0415
    from academy.skills import drafting, service  # noqa: PLC0415
    from academy.skills.errors import FilesRefused  # noqa: PLC0415

    try:
        with _progress_bar(hidden=as_json) as progress:
            draft = drafting.prepare(folder, version=version, progress=progress)
            with database().writing() as session:
                report = service.load_version(session, draft, now=utc_now(), progress=progress)
    except FilesRefused as refusal:
        _end(refusal.code, "These files are refused. Nothing was loaded.", refusal.problems, as_json=as_json)
    except Refusal as refusal:
        if not as_json:
            raise  # `academy` says it
        with reading_in("en"):
            _end(refusal.code, f"{refusal.sentence()} {refusal.next_step()}", as_json=True)
    else:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(_lines(report)))


def _end(code: str, text: str, problems: "Sequence[Problem]" = (), *, as_json: bool) -> None:
    if as_json:
        found = [
            {"file": each.file, "line": each.line, "column": each.column, "value": each.value, "code": each.code, "reason": each.reason}
            for each in problems
        ]
        click.echo(json.dumps({"loaded": False, "code": code, "reason": text, "problems": found}, ensure_ascii=False))
    else:
        click.echo("\n".join([text, *_problem_lines(problems)]), err=True)
    sys.exit(1)


def _problem_lines(problems: "Sequence[Problem]") -> Iterator[str]:
    for each in problems[:_LISTED]:
        place = ", ".join([part for part in (each.file, f"line {each.line}" if each.line else "", each.column) if part])
        value = f" ({each.value})" if each.value else ""
        yield f"  {place}: {each.reason}{value}" if place else f"  {each.reason}"
    if len(problems) > _LISTED:
        yield f"  … these are the first {_LISTED} of {len(problems)}. More with --json."


def _lines(report: "LoadReport") -> Iterator[str]:
    from academy.skills.models import ChangeKind  # noqa: PLC0415

    yield f"{report.scheme} {report.version}: " + "  ".join(f"{name} {number}" for name, number in report.counts.items())
    for notice in report.notices:
        column = f", {notice.column}" if notice.column else ""
        where = f" (first on line {notice.line}: {notice.value})" if notice.line else ""
        yield f"Notice: {notice.file}{column}: {notice.text}, {notice.count}x{where}"
    for kind in ChangeKind:
        yield from _change_lines(kind.value, report.of_kind(kind))
    if report.rows_changed:
        yield f"{report.rows_changed} rows changed."
    else:
        yield f"0 rows changed: version {report.version} was loaded already."


def _change_lines(name: str, changes: "Sequence[ChangeFacts]") -> Iterator[str]:
    if changes:
        yield f"{name}: {len(changes)}"
    for change in changes[:_LISTED]:
        yield "  " + " → ".join(label for label in (change.old_label, change.new_label) if label) + f"  ({change.concept}, {change.uri})"
    if len(changes) > _LISTED:
        yield f"  … and {len(changes) - _LISTED} more; all of them with --json, and on the page /en/skills"


@contextmanager
def _progress_bar(*, hidden: bool) -> "Iterator[Progress]":
    """Give a function that draws on stderr how far each step is; where stderr is no terminal it names each step once."""
    bars: dict[str, Any] = {}
    with ExitStack() as drawn:

        def show(what: str, done: int, total: int) -> None:
            if hidden:
                return
            if what not in bars:
                drawn.close()
                bar = click.progressbar(length=max(total, 1), label=_STEPS.get(what, what), file=sys.stderr)
                bars[what] = drawn.enter_context(bar)
            bars[what].update(done - bars[what].pos)

        yield show
