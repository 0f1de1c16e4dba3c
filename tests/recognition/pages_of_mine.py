"""The learner before their pages, without a browser."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor
from tests.recognition.world import World


def signed_in(app: Flask, world: World, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with world.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=world.now, is_twofold=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def plain(html: str) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("\N{NO-BREAK SPACE}", " ")))


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return plain(answer.get_data(as_text=True))


def sent(client: FlaskClient, address: str, *, status: int = 200, **data: Any) -> str:
    answer = client.post(address, data=data, follow_redirects=True)
    assert answer.status_code == status, address
    return plain(answer.get_data(as_text=True))


def page(code: str, name: str = "") -> str:
    return f"/nl/my/recognition/{code}" + (f"/{name}" if name else "")
