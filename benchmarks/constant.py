"""Whether the time of an answer tells that an address has an account: CPU per request with and without one, taking turns."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Final

from flask import Flask

from academy.accounts import service
from academy.app import create_app
from academy.config import load_settings
from academy.kernel import migrations
from academy.kernel.clock import utc_now
from academy.kernel.db import Database, database
from benchmarks.outcome import Outcome

APART: Final = 1.1  # the medians may differ by a tenth; a password hash alone is nine tenths of its answer
_ACCOUNTS: Final = 60
_FORMS: Final[dict[str, Callable[[str], dict[str, str]]]] = {
    "sign-in": lambda email: {"email": email, "password": "not the password"},
    "sign-in/link": lambda email: {"link-email": email},
    "sign-up": lambda email: {"email": email, "name": "Noor"},
}


def measure(*, quick: bool) -> Outcome:
    """Measure on an empty database of its own; each request comes from a network of its own, so that no throttle is met."""
    rounds = 60 if quick else 400
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        settings = load_settings({"DATA_DIR": folder, "LOG_LEVEL": "error"})
        fresh = Database(settings.database_url)
        migrations.upgrade(fresh)
        fresh.close()
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        _make_accounts()
        figures = {name: value for path in _FORMS for name, value in _figures(app, path, rounds).items()}
        database().close()
    ratios = [name for name in figures if name.endswith("with to without")]
    return Outcome("constant", figures, dict.fromkeys(ratios, APART), dict.fromkeys(ratios, round(1 / APART, 2)))


def _make_accounts() -> None:
    with database().writing() as session:
        for number in range(_ACCOUNTS):
            service.register_person(
                session, email=f"known{number}@example.org", name="Noor", password="the password", language="nl", now=utc_now(),  # noqa: S106 - of nobody
            )


def _figures(app: Flask, path: str, rounds: int) -> dict[str, float | None]:
    costs: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(rounds):
        for kind in random.sample(sorted(costs), 2):
            costs[kind].append(_cpu_ms(app, path, f"{kind}{turn % _ACCOUNTS}@example.org"))
    with_account, without = (statistics.median(costs[kind]) for kind in ("known", "unknown"))
    return {
        f"{path}: CPU ms with an account": round(with_account, 2), f"{path}: CPU ms without": round(without, 2),
        f"{path}: with to without": round(with_account / without, 3),
    }


def _cpu_ms(app: Flask, path: str, email: str) -> float:
    client, form = app.test_client(use_cookies=False), _FORMS[path](email)
    network = f"2001:db8:{random.getrandbits(16):x}:{random.getrandbits(16):x}::1"
    started = time.process_time()
    answer = client.post(f"/nl/{path}", data=form, environ_base={"REMOTE_ADDR": network})
    took = time.process_time() - started
    assert answer.status_code in {303, 422}, answer.status
    return took * 1000
