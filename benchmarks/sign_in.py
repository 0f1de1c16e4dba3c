"""What a sign-in costs beside the password hash, which is slow on purpose: CPU of a whole request, by each way in, on each database."""

import secrets
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final
from uuid import UUID

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import make_url

from academy.accounts import login, passwords, queries, service
from academy.accounts.queries import Actor
from academy.accounts.service import factors, passkeys
from academy.app import create_app
from academy.config import load_settings
from academy.kernel import migrations
from academy.kernel.clock import utc_now
from academy.kernel.db import Database, database
from benchmarks.outcome import Outcome
from tests.accounts.authenticator import Authenticator

MOST_MS: Final = 20.0  # CPU of one sign-in beside the hash
_WARMING: Final = 5
_PASSWORD: Final = "een lange zin van Noor"  # noqa: S105 - of nobody
_WAYS: Final = ("password", "code of an app", "passkey")


def measure(*, quick: bool, postgres: str = "") -> Outcome:
    """Measure on SQLite, and on a database of its own on the server at `postgres` (a URL) when that is given."""
    rounds = _WARMING + (20 if quick else 100)
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        figures = _figures("SQLite", _app({"DATA_DIR": f"{folder}/sqlite"}), rounds)
        with own_database(postgres) if postgres else nullcontext("") as url:
            if url:
                figures |= _figures("PostgreSQL", _app({"DATA_DIR": f"{folder}/postgresql", "DATABASE_URL": url}), rounds)
    goals = {name: MOST_MS for name in figures if name.endswith("p50") and "hash:" not in name}
    return Outcome("sign-in", figures, goals)


@contextmanager
def own_database(server: str) -> Iterator[str]:
    name = f"academy_bench_{secrets.token_hex(6)}"
    address = make_url(server).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield address.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _app(where: dict[str, str]) -> Flask:
    settings = load_settings({**where, "LOG_LEVEL": "error"})
    fresh = Database(settings.database_url)
    migrations.upgrade(fresh)
    fresh.close()
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _figures(where: str, app: Flask, rounds: int) -> dict[str, float | None]:
    """Sign one person after another in by each way; each has a network of their own, so that no throttle is met."""
    costs: defaultdict[str, list[float]] = defaultdict(list)
    with _hash_apart(costs["hash"]):
        for number in range(rounds):
            network = {"REMOTE_ADDR": f"203.0.{number // 250}.{number % 250 + 1}"}
            _sign_in(app, f"noor{number}@example.org", network, costs)
    database().close()
    told: dict[str, float | None] = {}
    for way in ("hash", *_WAYS):
        spent = sorted(costs[way][_WARMING:])
        told[f"{where}, {way}: CPU ms p50"] = round(statistics.median(spent), 1)
        told[f"{where}, {way}: CPU ms p95"] = round(spent[int(len(spent) * 0.95)], 1)
    return told


@contextmanager
def _hash_apart(spent: list[float]) -> Iterator[None]:
    """Note what each comparison of a password costs."""
    plain = passwords.matches

    def timed(password_hash: str | None, password: str) -> bool:
        started = time.process_time()
        is_same = plain(password_hash, password)
        spent.append((time.process_time() - started) * 1000)
        return is_same

    passwords.matches = timed
    try:
        yield
    finally:
        passwords.matches = plain


def _sign_in(app: Flask, email: str, network: dict[str, str], costs: dict[str, list[float]]) -> None:
    """Sign in with a password and the code of an app, then elsewhere with a passkey: the question and the answer together."""
    with database().writing() as session:
        person_id = service.register_person(session, email=email, name="Noor", password=_PASSWORD, language="nl", now=utc_now())
        factors.give_app(session, person_id=person_id, now=utc_now())
    client = app.test_client()
    took, _page = _cost(client, "sign-in", {"email": email, "password": _PASSWORD}, network)
    costs["password"].append(took - costs["hash"][-1])
    actor = _actor(client)
    with database().reading() as session:
        code = factors.present_code(session, actor=actor, now=utc_now())
    costs["code of an app"].append(_cost(client, "sign-in/second-step", {"code": code}, network)[0])
    device, elsewhere = _device_of(app, actor), app.test_client()
    asking, question = _cost(elsewhere, "sign-in/passkey/challenge", {}, network)
    answering, _page = _cost(elsewhere, "sign-in/passkey", {"credential": device.get(question)}, network)
    costs["passkey"].append(asking + answering)
    assert _actor(elsewhere).person_id == person_id


def _cost(client: FlaskClient, path: str, form: dict[str, str], network: dict[str, str]) -> tuple[float, str]:
    """Send a form; returns the CPU of the request in ms, and what came back."""
    started = time.process_time()
    answer = client.post(f"/nl/{path}", data=form, environ_base=network)
    took = (time.process_time() - started) * 1000
    assert answer.status_code in {200, 303}, f"{path}: {answer.status}"
    return took, answer.get_data(as_text=True)


def _actor(client: FlaskClient) -> Actor:
    with client.session_transaction() as cookie, database().reading() as session:
        found = queries.actor_of(session, UUID(hex=cookie["_user_id"]), now=utc_now())
    assert found is not None
    return found


def _device_of(app: Flask, actor: Actor) -> Authenticator:
    """Give a person a passkey; returns the device, which signs in software."""
    with app.test_request_context(), database().writing() as session:
        party, now = login.party(), utc_now()
        device = Authenticator(origin=party.origin, rp_id=party.id)
        question = passkeys.ask_for_new(session, actor=actor, party=party, now=now)
        nonce = passkeys.take_challenge(session, question.challenge_id.hex, actor=actor, now=now)
        key = passkeys.checked_new(device.create(question.options), nonce=nonce, party=party)
        passkeys.add_passkey(session, key, actor=actor, name="telefoon", now=now)
    device.count += 1
    return device
