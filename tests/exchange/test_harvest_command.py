"""`academy harvest …` and `academy import ooapi` answer people and machines."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from academy.catalogue.api import provider_by_slug
from academy.exchange import queries, running
from academy.exchange.cli import import_commands
from academy.exchange.harvest_cli import harvest_commands
from academy.exchange.http_gateway import HttpGateway, Limits
from academy.exchange.running import Harvester
from academy.kernel.db import Database
from academy.kernel.web import logs
from tests import builders
from tests.exchange.endpoint import Endpoint, course
from tests.exchange.hostile_server import Answer, HostileServer

Run = Callable[..., Result]


@pytest.fixture
def harvest(database: Database, tmp_path: Path) -> Run:
    logs.configure("error", as_json=False)  # to standard error, as in the application
    limits = Limits(connect_seconds=1, read_seconds=1, answer_seconds=2, attempts=1)
    running.set_harvester(Harvester(HttpGateway(limits, allow_private=True), tmp_path / "harvest", {}, pause_seconds=0))
    with database.writing() as session:
        builders.provider(session)
    return lambda *words: CliRunner().invoke(harvest_commands(nullcontext), words)


def test_a_feed_is_added_listed_run_logged_paused_and_resumed(harvest: Run, database: Database) -> None:
    assert "No feeds yet" in harvest("list").stdout
    with HostileServer(Endpoint(course(1), course(2, level="onzin"))) as server:
        code = harvest("add", server.url, "--provider", "windesheim", "--kind", "ooapi5").stdout.strip()
        assert f"{code}  ooapi5  active  every 24 h  never fetched" in harvest("list").stdout
        result = harvest("run", code)
    assert result.exit_code == 0
    assert "new 1" in result.stdout
    assert "Refused: courses, page 1 2 level: onzin: this is no level of OOAPI v5" in result.stdout
    assert "fetch courses: 1" in result.stderr
    feed, = json.loads(harvest("list", "--json").stdout)
    assert (feed["code"], feed["failures"], feed["state"]) == (code, 0, "active")
    with database.reading() as session:
        last = queries.feeds(session)[0].last_run
    assert last is not None
    assert json.loads(harvest("log", last.code, "--json").stdout)["counts"]["refused"] == 1
    assert "new 1" in harvest("log", last.code).stdout
    assert harvest("pause", code).exit_code == 0
    assert "paused" in harvest("list").stdout
    assert harvest("resume", code).exit_code == 0
    assert "active" in harvest("list").stdout


def test_a_harvest_that_fails_ends_with_code_one_and_says_where(harvest: Run) -> None:
    with HostileServer(Answer(status=401)) as server:
        code = harvest("add", server.url, "--provider", "windesheim", "--kind", "ooapi6").stdout.strip()
        result = harvest("run", code)
        again = harvest("run", code, "--json")
    assert (result.exit_code, again.exit_code) == (1, 1)
    assert "the endpoint answered 401" in result.stdout
    assert json.loads(again.stdout)["problems"][0]["code"] == "credential-refused"


def test_a_folder_is_rehearsed_loaded_and_recorded(database: Database, tmp_path: Path) -> None:
    (tmp_path / "aanbod").mkdir()
    (tmp_path / "aanbod" / "courses.json").write_text(json.dumps([course(1), course(2, level="onzin")]))

    def run(*words: str) -> Result:
        return CliRunner().invoke(import_commands(nullcontext), ["ooapi", str(tmp_path / "aanbod"), "--provider", "boxtel", *words])

    assert run().exit_code == 1, "the provider is not there yet"
    rehearsed = run("--provider-name", "Boxtel", "--dry-run")
    assert "Dry run" in rehearsed.stdout
    assert "new 1" in rehearsed.stdout
    assert "new 1" in run("--provider-name", "Boxtel").stdout
    report = json.loads(run("--json").stdout)
    assert (report["new"], report["changed"], report["same"], report["refused"]) == (0, 0, 1, 1)
    assert report["problems"][0]["source"] == "courses.json"
    with database.reading() as session:
        found = queries.latest_runs(session, provider_id=provider_by_slug(session, "boxtel").id)
    assert [(record.kind, record.source, record.counts["new"]) for record in found] == [("ooapi", "ooapi/aanbod", 0), ("ooapi", "ooapi/aanbod", 1)]
