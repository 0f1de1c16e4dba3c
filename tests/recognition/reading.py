"""Pages of recognition as people read and send them."""

import gc
import html
import re
import warnings
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor
from tests.recognition.world import World

SignIn = Callable[[Actor], FlaskClient]


def sign_in_to(app: Flask, world: World) -> SignIn:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with world.database.writing() as session:
            row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=world.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


def words(answer: TestResponse) -> str:
    """Return what a page says, without its tags."""
    body = re.sub(r"<(script|style).*?</\1>", "", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def text(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return words(answer)


def send(client: FlaskClient, address: str, status: int = 303, /, **data: Any) -> str:
    """Send a form; returns where it leads, or what the page says that comes back."""
    got, said = fetched(lambda: client.post(address, data=data))
    assert got == status, (address, got, said)
    return said


def fetched(ask: Callable[[], TestResponse]) -> tuple[int, str]:
    """Return the status of an answer, and where it leads or what it says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # a temporary file is left to the garbage collector
        answer = ask()
        found = answer.status_code, answer.headers.get("Location") or words(answer)
        answer.close()
        del answer
        gc.collect()
    return found
