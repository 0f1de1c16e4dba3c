"""Somebody in front of a page: signed in or not, reading and sending."""

from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor
from tests.recognition.world import World


def signed_in(app: Flask, world: World, actor: Actor) -> FlaskClient:
    """Return a client in which somebody is signed in, by two proofs."""
    client = app.test_client()
    with world.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=world.now, is_twofold=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def page(client: FlaskClient, address: str, *, status: int = 200) -> str:
    """Return a page as text."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")


def send(client: FlaskClient, address: str, *, status: int = 200, **data: Any) -> str:
    """Send a form and return the page that comes in the end."""
    answer = client.post(address, data=data, follow_redirects=True)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
