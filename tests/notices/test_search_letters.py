"""Letters about saved searches: sent over real SMTP, at least once whatever dies, and with the way out where mail programs look for it."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from academy.catalogue.models import Module
from academy.kernel.db import Database
from academy.kernel.outbox import MessageState, OutboxMessage
from academy.kernel.worker import Worker
from academy.notices import letters, service
from academy.notices.file_gateway import FileCarrier
from academy.notices.gateway import Letter
from academy.notices.smtp_gateway import SmtpCarrier
from academy.search.memory import saved
from academy.search.memory.saved import Saved, SavedDraft
from academy.search.models import SavedKind, SavedSearch, SavedState
from tests import builders
from tests.journeys.conftest import free_port
from tests.notices.test_carriers import Listener

SAM = "sam@voorbeeld.nl"


class RawListener(Listener):
    """Keeps the bytes as they came."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.raw.append(envelope.content)
        return await super().handle_DATA(_server, _session, envelope)


def keep(database: Database, now: datetime, *, query: str = "netwerk", proven: bool = True) -> Saved:
    with database.writing() as session:
        draft = SavedDraft(SavedKind.SEARCH, query, (), "nl")
        saved.keep(session, draft=draft, email=SAM, proven=proven, known=(), now=now)
    with database.reading() as session:
        return saved.searches_of(session, SAM)[0]


def announce_new(database: Database, now: datetime, kept: Saved, *, modules: int = 1) -> None:
    """Make modules public and let the look of the day find them."""
    with database.writing() as session:
        provider_id = builders.provider(session)
        for number in range(modules):
            builders.module(session, now, provider_id=provider_id, external_id=f"NET-{number}", code=f"NET-{number}")
    with database.writing() as session:
        fits = [f"module:{module_id}" for module_id in session.scalars(select(Module.id))]
        saved.note_look(session, saved=kept, fits=fits, now=now)


def test_a_letter_travels_by_smtp_with_its_way_out_unbroken(app: Flask, database: Database, now: datetime) -> None:
    heard, port = RawListener(), free_port()
    controller = Controller(heard, hostname="127.0.0.1", port=port)
    controller.start()
    service.set_carrier(SmtpCarrier(f"smtp://127.0.0.1:{port}", sender="AD Academy <noreply@academie.example>"))
    kept = keep(database, now, query="netwerkbeheer " * 6)
    announce_new(database, now, kept)
    with app.app_context():
        Worker(database, []).drain()
    controller.stop()
    ((message,), (raw,)) = heard.got, heard.raw
    body = message.get_body(("plain",))
    assert body is not None
    link = next(line for line in body.get_content().splitlines() if "/searches/link/" in line)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    assert message["Subject"].startswith("1 nieuw resultaat voor “netwerkbeheer")
    assert "http://127.0.0.1:8000/nl/modules/netwerkbeheer" in body.get_content()


def test_killed_between_the_letter_and_its_mark_it_goes_again_with_the_same_name(
    app: Flask, database: Database, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    carrier = FileCarrier(tmp_path, sender="a@b.example")
    sent: list[Letter] = []

    class Carrier:
        def send(self, letter: Letter) -> None:
            sent.append(letter)
            carrier.send(letter)

    service.set_carrier(Carrier())
    announce_new(database, now, keep(database, now))

    def killed(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    with app.app_context(), monkeypatch.context() as patch:
        patch.setattr("academy.kernel.outbox.mark_done", killed)
        with pytest.raises(KeyboardInterrupt):
            Worker(database, []).drain()
    with database.writing() as session:
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.state == MessageState.PENDING)):
            message.locked_until = None  # as when the lease has passed
    with app.app_context():
        Worker(database, []).drain()
    assert len(sent) == 2
    assert len({letter.key for letter in sent}) == len(carrier.letters()) == 1


def test_a_long_list_is_cut_and_the_rest_counted(app: Flask, database: Database, now: datetime, tmp_path: Path) -> None:
    service.set_carrier(FileCarrier(tmp_path, sender="a@b.example"))
    announce_new(database, now, keep(database, now), modules=13)
    with app.app_context():
        Worker(database, []).drain()
    ((path,),) = [list(tmp_path.glob("*.eml"))]
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().count("/nl/modules/") == 10
    assert "En nog 3." in text.get_content()
    assert message["Subject"] == "13 nieuwe resultaten voor “netwerk”"


@pytest.mark.parametrize("answered", ["confirmed", "stopped"])
def test_who_answered_is_not_asked(app: Flask, database: Database, now: datetime, answered: str) -> None:
    kept = keep(database, now, proven=False)
    with app.app_context(), database.writing() as session:
        asked = letters.saved_search_letter(session, kept.id)
        assert asked is not None
        assert asked.to == SAM
        assert "netwerk" not in asked.text + asked.html + asked.subject
        row = session.get(SavedSearch, kept.id)
        assert row is not None
        row.state = SavedState.ACTIVE if answered == "confirmed" else SavedState.STOPPED
        row.stopped_at = None if answered == "confirmed" else now
        session.flush()
        assert letters.saved_search_letter(session, kept.id) is None
