"""Pages of assessors and learners without a browser: who is signed in, what a page says, and what a form sends."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor
from academy.kernel.db import Database
from academy.recognition.rules.deciding import Answer
from tests.recognition.world import World, make_world


def world_today(app: Flask, database: Database) -> World:
    """Return the world as it is now: requests read the real clock."""
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - see above


def signed_in(app: Flask, world: World, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with world.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=datetime.now(UTC), is_twofold=True)  # noqa: TID251
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def sent(client: FlaskClient, address: str, data: dict[str, Any] | None = None, *, status: int = 200) -> str:
    answer = client.post(address, data=data or {}, follow_redirects=True)
    assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.get_data(as_text=True)[:3000]}"
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def filled(answers: Sequence[Answer], *, in_report: bool = False, **more: str) -> dict[str, Any]:
    """Return what the form of an assessor sends for these answers."""
    data: dict[str, Any] = dict(more)
    for each in answers:
        data |= {f"judgement_{each.outcome_id.hex}": each.judgement.value, f"part_{each.outcome_id.hex}": each.part, f"reason_{each.outcome_id.hex}": each.reason}
        data[f"met_{each.outcome_id.hex}"] = [one.value for one in each.met]
        if in_report:
            data[f"evidence_{each.outcome_id.hex}"] = [one.hex for one in each.evidence]
    return data
