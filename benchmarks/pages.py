"""CPU time and SQL statements per page, beside a bare Flask page of thirty cards measured in the same minutes."""

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from academy.app import create_app
from academy.catalogue import api as catalogue
from academy.catalogue.queries.module_page import _page as facts_of_page
from academy.config import load_settings
from academy.demo import load
from academy.enrolment.pages.module import forget as forget_modules
from academy.kernel import migrations
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database, database
from academy.search import service as search
from benchmarks.bare import bare_app
from benchmarks.outcome import Outcome

RESULTS_TO_BARE = 2.2  # 2 ms where the bare page costs 0.9 ms
MODULE_TO_BARE = 2.2  # the same
CARDS = 30


@dataclass(frozen=True)
class Page:
    """An address to ask for; `before` runs outside the measured time, before each request."""

    client: FlaskClient
    address: str
    before: Callable[[], None] = lambda: None

    def ask(self) -> str:
        answer = self.client.get(self.address)
        assert answer.status_code == 200, f"{self.address}: {answer.status}"  # noqa: PLR2004
        return answer.get_data(as_text=True)


def measure(*, quick: bool) -> Outcome:
    """Measure on a demo catalogue of its own."""
    rounds, requests = (7, 12) if quick else (21, 40)
    with demo_house() as client:
        pages = _pages(client)
        cards = pages["results nl"].ask().count("<article")
        assert cards == CARDS, f"the results page has {cards} cards"
        statements = {name: _statements(page) for name, page in pages.items()}
        costs: dict[str, list[float]] = {name: [] for name in pages}
        for _round in range(rounds):  # in turns, so that what else the machine does hits all alike
            for name, page in pages.items():
                costs[name].append(_cpu_ms(page, requests))
    bare = costs["bare"]
    figures: dict[str, float | None] = {f"{name}: CPU ms": round(statistics.median(cost), 2) for name, cost in costs.items()}
    for name, cost in costs.items():
        if name != "bare":
            figures[f"{name}: times bare"] = round(statistics.median(own / other for own, other in zip(cost, bare, strict=True)), 2)
            figures[f"{name}: SQL statements"] = statements[name]
    goals: dict[str, float] = {
        "module: SQL statements": 3, "module: times bare": MODULE_TO_BARE, "programme: SQL statements": 5, "provider: SQL statements": 8,
    }
    for language in ("nl", "en"):
        goals |= {f"results {language}: times bare": RESULTS_TO_BARE, f"results {language}: SQL statements": 0}
    return Outcome("pages", figures, goals)


@contextmanager
def demo_house() -> Iterator[FlaskClient]:
    """Give a client of the application with the demo catalogue, in a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        settings = load_settings({"DATA_DIR": folder, "LOG_LEVEL": "warning"})
        fresh = Database(settings.database_url)
        migrations.upgrade(fresh)
        fresh.close()
        app = create_app(settings)
        load(now=utc_now(), progress=lambda _done, _total: None)
        search.rebuild()
        yield app.test_client()
        database().close()


def _pages(client: FlaskClient) -> dict[str, Page]:
    with database().reading() as session:
        modules = catalogue.module_facts(session, today=amsterdam_day(utc_now()))
        module = max(modules, key=lambda facts: len(facts.offerings)).slug
    programme = re.findall(r'href="(/nl/programmes/[^"?#]+)"', client.get("/nl/programmes").get_data(as_text=True))[0]
    return {
        "bare": Page(bare_app().test_client(), "/cards"),
        "results nl": Page(client, "/nl/search?q=de", _forget_answers),
        "results en": Page(client, "/en/search?q=de", _forget_answers),
        "results nl, asked before": Page(client, "/nl/search?q=de"),
        "home": Page(client, "/nl/"),
        "module": Page(client, f"/nl/modules/{module}"),
        "module, first visitor": Page(client, f"/nl/modules/{module}", _forget_modules),
        "programme": Page(client, programme),
        "provider": Page(client, "/nl/providers/windesheim"),
    }


def _forget_answers() -> None:
    """Have the engine answer anew: it remembers answers until the index changes, and visitors ask different things."""
    snapshot = search.engine()._snapshot  # type: ignore[attr-defined]  # noqa: SLF001 - the memory has no other door
    snapshot.search.cache_clear()


def _forget_modules() -> None:
    """Have the page of a module made anew, facts and HTML."""
    facts_of_page.cache_clear()
    forget_modules()


def _cpu_ms(page: Page, requests: int) -> float:
    spent = 0.0
    for _request in range(requests):
        page.before()
        started = time.process_time()
        page.ask()
        spent += time.process_time() - started
    return spent * 1000 / requests


def _statements(page: Page) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    page.ask()  # what only the first visitor pays for
    page.before()
    event.listen(Engine, "before_cursor_execute", note)
    page.ask()
    event.remove(Engine, "before_cursor_execute", note)
    return len(seen)
