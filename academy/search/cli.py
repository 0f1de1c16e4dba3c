"""`academy search`: the index."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import click

from academy.kernel.ids import new_id
from academy.search import evaluation, occupations, service
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import EngineUnavailable, Hit, SearchEngine
from academy.search.meilisearch_engine import MeilisearchEngine

House = Callable[[], AbstractContextManager[object]]

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_LISTED: Final = 5


def commands(house: House) -> click.Group:
    """Return the group; `house` opens the application that a command works in."""

    @click.group()
    def search() -> None:
        """The search index."""

    @search.command()
    def rebuild() -> None:
        """Fill a new index from the catalogue and switch to it; searching goes on meanwhile."""
        try:
            with house(), click.progressbar(length=100, label="Search index", file=sys.stderr) as bar:
                number = service.rebuild(progress=lambda done, total: bar.update(max(0, done * 100 // max(total, 1) - bar.pos)))
                occupations.rebuild()
        except EngineUnavailable as error:
            click.echo(f"The index was not made, what was there before still is: {error}.", err=True)
            sys.exit(1)
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

    search.add_command(_evaluation(house))
    return search


def _evaluation(house: House) -> click.Command:
    """Return `academy search eval`."""

    @click.command("eval")
    @click.option("--corpus", type=_FILE, help="documents to search, JSON lines, also gzipped; the catalogue of this installation when left out")
    @click.option("--queries", type=_FILE, default=evaluation.OWN_QUERIES, help="judged queries, JSON lines; our own on the demo catalogue when left out")
    @click.option("--engine", type=click.Choice(("embedded", "meilisearch")), default="embedded", show_default=True, help="of the corpus; meilisearch needs MEILISEARCH_URL")
    @click.option("--url", envvar="MEILISEARCH_URL", default="", hidden=True)  # a key has no place on a command line
    @click.option("--key", envvar="MEILISEARCH_KEY", default="", hidden=True)
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def evaluate(corpus: Path | None, queries: Path, engine: str, url: str, key: str, *, as_json: bool) -> None:
        """Score the answers to judged queries. A corpus gets an index of its own, which is gone afterwards."""
        if engine == "meilisearch" and corpus is not None and not url:
            raise click.UsageError("Say where the server is: MEILISEARCH_URL and MEILISEARCH_KEY in the environment.")
        try:
            judged = evaluation.read_queries(queries)
            if corpus is None:
                with house():
                    found = _evaluated(service.engine(), judged, name=evaluation.by_address)
            else:
                with _temporary(engine, url, key) as temporary:
                    _fill(temporary, corpus)
                    found = _evaluated(temporary, judged, name=lambda hit: hit.id)
        except (EngineUnavailable, evaluation.FileUnusable) as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else _table(found))

    return evaluate


@contextmanager
def _temporary(engine: str, url: str, key: str) -> Iterator[SearchEngine]:
    """Give an empty engine, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="academy-eval-") as folder:
        made: EmbeddedEngine | MeilisearchEngine
        if engine == "embedded":
            made = EmbeddedEngine(Path(folder))
        else:
            made = MeilisearchEngine(url, key, lock_file=Path(folder) / "lock", day=lambda: 0, name=f"academy_evaluation_{new_id().hex}")
        try:
            yield made
        finally:
            if isinstance(made, MeilisearchEngine):
                made.discard()
            made.close()


def _fill(engine: SearchEngine, corpus: Path) -> None:
    documents = evaluation.read_corpus(corpus)
    with click.progressbar(documents, label="Index", file=sys.stderr) as bar:
        engine.rebuild(bar)


def _evaluated(
    engine: SearchEngine, queries: tuple[evaluation.JudgedQuery, ...], *, name: Callable[[Hit], str],
) -> evaluation.Evaluation:
    with click.progressbar(queries, label="Queries", file=sys.stderr) as bar:
        return evaluation.evaluate(engine, bar, name=name)


def _table(found: evaluation.Evaluation) -> str:
    """Return what failed, and the sums, for people."""
    lines = [f"{found.passed} of {len(found.judged)} pass, mean {found.mean:.3f}; {found.p50:.1f} ms half of them, {found.p95:.1f} ms nearly all"]
    for each in found.judged:
        if not each.passes:
            missing = sorted(each.query.must.difference(each.top))
            lines.append(f"  {each.query.qid} {each.score:.2f} {each.query.text!r} ({each.query.kind})")
            lines += [f"    missing {', '.join(missing[:_LISTED])}", f"    instead {', '.join(each.top[:_LISTED]) or 'nothing'}"]
    return "\n".join(lines)
