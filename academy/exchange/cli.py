"""`academy import associate-degrees|modules|moocs|offerings FILE --provider CODE`.

What reads files is imported when a command runs, so that `academy --help` answers at once.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from academy.exchange.feeds_cli import feed_command
from academy.exchange.harvest_cli import ooapi_command

if TYPE_CHECKING:
    from academy.exchange.findings import Notice, Problem, Progress
    from academy.exchange.report import ImportReport

House = Callable[[], AbstractContextManager[object]]

_LISTED: Final = 20
_STEPS: Final = {"read": "Reading", "load": "Loading"}
_KINDS: Final = {
    "associate-degrees": "Load Associate degree programmes, such as the CROHO register.",
    "modules": "Load modules of a school.",
    "moocs": "Load online courses, such as the lists of edX and Coursera.",
    "offerings": "Load when and where modules are given; the modules themselves must be there already.",
}
_PROVIDER_KINDS: Final = ("register", "platform", "hbo", "mbo", "university", "company", "centre")
_FILE: Final = "FILE is CSV, a JSON list, or SQL INSERT statements; one with unknown columns is answered with the known ones."


def import_commands(house: House) -> click.Group:
    """Return the group `import`; `house` opens what a command needs: the database, and who listens to news."""
    group = click.Group(
        "import", help="Load a file of a provider into the catalogue: all good rows, or nothing when the file can not be trusted.",
    )
    for kind, about in _KINDS.items():
        group.add_command(_command(kind, about, house))
    group.add_command(feed_command(house))
    group.add_command(ooapi_command(house))
    return group


def _command(kind: str, about: str, house: House) -> click.Command:
    @click.command(kind, help=f"{about}\n\n{_FILE}")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--provider", required=True, metavar="CODE", help="the provider whose supply this is, such as windesheim")
    @click.option("--provider-name", default="", metavar="NAME", help="add the provider under this name when it is not there yet")
    @click.option("--provider-kind", type=click.Choice(_PROVIDER_KINDS), help="what a provider that is added is; a platform when left out")
    @click.option("--archive-all", is_flag=True, help="archive what is no longer in the file, also when that is most of what there was")
    @click.option("--keep-missing", is_flag=True, help="leave what is no longer in the file as it is")
    @click.option("--dry-run", is_flag=True, help="report exactly what would happen, and change nothing")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def run(
        file: Path, provider: str, provider_name: str, provider_kind: str | None, *, archive_all: bool, keep_missing: bool, dry_run: bool,
        as_json: bool,
    ) -> None:
        if archive_all and keep_missing:
            raise click.UsageError("--archive-all and --keep-missing can not both be meant.")
        wish = _Wish(
            kind, file, provider, provider_name, provider_kind, "all" if archive_all else "nothing" if keep_missing else "guarded", dry_run,
        )
        with house():
            _import(wish, as_json=as_json)

    return run


@dataclass(frozen=True)
class _Wish:
    """What was asked on the command line; `archive` is the word of an `Archive`."""

    kind: str
    file: Path
    provider: str
    provider_name: str
    provider_kind: str | None
    archive: str
    dry_run: bool


def _import(wish: _Wish, *, as_json: bool) -> None:
    from academy.exchange.errors import FileRefused, ProviderSlugNotValid, ProviderUnknown  # noqa: PLC0415

    try:
        report = _load(wish, hidden=as_json)
    except FileRefused as refusal:
        summary = f"{wish.file.name} is refused. Nothing was loaded."
        text = summary if as_json else "\n".join([summary, *_problem_lines(refusal.problems, 0)])
        _end(refusal.code, text, refusal.problems, as_json=as_json)
    except ProviderUnknown as refusal:
        known = ", ".join(refusal.known) or "none yet"
        text = f'There is no provider "{refusal.slug}". Known: {known}. Add it with --provider-name "Its name".'
        _end(refusal.code, text, as_json=as_json)
    except ProviderSlugNotValid as refusal:
        _end(refusal.code, f'"{refusal.slug}" can not be the code of a provider: use 2 to 60 of a-z, 0-9 and -.', as_json=as_json)
    else:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(_lines(report)))


def _load(wish: _Wish, *, hidden: bool) -> "ImportReport":
    from academy.catalogue.api import ProviderKind  # noqa: PLC0415
    from academy.exchange import feeds, service  # noqa: PLC0415
    from academy.exchange.loading import Archive, require_provider  # noqa: PLC0415
    from academy.exchange.shapes import ImportKind  # noqa: PLC0415
    from academy.kernel.clock import utc_now  # noqa: PLC0415
    from academy.kernel.db import database  # noqa: PLC0415

    started_at = utc_now()
    with database().reading() as session:
        require_provider(session, wish.provider, wish.provider_name)
    with (
        _progress_bar(hidden=hidden) as progress,
        service.prepared(ImportKind(wish.kind), wish.file, progress=progress) as file,
        database().writing() as session,
    ):
        report = service.load(
            session, file, provider_slug=wish.provider, provider_name=wish.provider_name,
            provider_kind=ProviderKind(wish.provider_kind) if wish.provider_kind else None, dry_run=wish.dry_run,
            archive=Archive(wish.archive), now=utc_now(), progress=progress,
        )
        feeds.record_import(session, report, kind=wish.kind, started_at=started_at, now=utc_now())
        return report


def _end(code: str, text: str, problems: "Sequence[Problem]" = (), *, as_json: bool) -> None:
    if as_json:
        found = [
            {"line": each.line, "column": each.column, "value": each.value, "code": each.code, "reason": each.reason}
            for each in problems
        ]
        click.echo(json.dumps({"loaded": False, "code": code, "reason": text, "problems": found}, ensure_ascii=False))
    else:
        click.echo(text, err=True)
    sys.exit(1)


def _lines(report: "ImportReport") -> Iterator[str]:
    counts = {
        "rows": report.rows, "new": report.new, "changed": report.changed, "same": report.same, "merged": report.merged,
        "refused": report.refused, "archived": report.archived,
    }
    yield f"{report.file}: {report.shape}, for {report.provider}"
    yield "  ".join(f"{name} {number}" for name, number in counts.items())
    if report.withheld:
        yield (
            f"{report.withheld} that came from this source before are not in it now. That is more than half, so they were left as they are: "
            "archive them with --archive-all."
        )
    yield from _notice_lines(report.notices)
    yield from _problem_lines(report.problems, report.refused)
    if report.dry_run:
        yield "Dry run: nothing was changed. Without --dry-run exactly this is loaded."


def _notice_lines(notices: "Sequence[Notice]") -> Iterator[str]:
    for notice in notices:
        where = f" (first on line {notice.line}: {notice.value})" if notice.line and notice.value else ""
        column = f"{notice.column}: " if notice.column else ""
        yield f"Notice: {column}{notice.text}, {notice.count}x{where}"


def _problem_lines(problems: "Sequence[Problem]", refused: int) -> Iterator[str]:
    if not problems:
        return
    table = [("line", "column", "value", "reason")]
    table += [(str(each.line or ""), each.column, each.value[:40], each.reason) for each in problems[:_LISTED]]
    widths = [max(len(row[place]) for row in table) for place in range(3)]
    yield "Problems:"
    for row in table:
        yield "  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
    if len(problems) > _LISTED:
        rows = f"; {refused} rows were refused" if refused else ""
        yield f"  … these are the first {_LISTED} findings{rows}. More with --json."


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
