"""Somebody in front of the pages of reports."""

from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from academy.accounts.service import start_sign_in
from academy.kernel.clock import utc_now


def signed_in(app: Flask, session: Session, person_id: UUID) -> FlaskClient:
    """Return the browser in which somebody is signed in, by two proofs and by the real clock, which requests read."""
    client = app.test_client()
    row = start_sign_in(session, person_id=person_id, device="", now=utc_now(), is_twofold=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    """Return a page, with plain spaces."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
