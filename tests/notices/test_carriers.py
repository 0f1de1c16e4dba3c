"""The same letter by SMTP and as a file; in the reader's language; from the present state."""

import socket
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from academy.enrolment import service as enrolment
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.worker import Worker
from academy.notices import service
from academy.notices.file_gateway import FileCarrier
from academy.notices.gateway import Letter
from academy.notices.smtp_gateway import SmtpCarrier
from tests import builders

LETTER = Letter("welcome-link-1", "noor@voorbeeld.nl", "Welkom – één", "Dag, één", "<p>Dag, één</p>", "nl")


class Listener:
    def __init__(self) -> None:
        self.got: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.got.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        return "250 OK"


@pytest.fixture
def listener() -> Iterator[tuple[Listener, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    heard = Listener()
    controller = Controller(heard, hostname="127.0.0.1", port=port)
    controller.start()
    yield heard, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_letter_arrives_whole_by_smtp(listener: tuple[Listener, str]) -> None:
    heard, url = listener
    SmtpCarrier(url, sender="AD Academy <noreply@academie.example>").send(LETTER)
    (message,) = heard.got
    assert (message["To"], message["Subject"]) == (LETTER.to, LETTER.subject)
    assert message["Message-ID"] == "<welcome-link-1@academie.example>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == LETTER.text
    assert html.get_content().strip() == LETTER.html


def test_a_server_that_is_away_is_an_oserror_so_that_the_outbox_tries_again() -> None:
    with pytest.raises(OSError, match=r"refused|timed out"):
        SmtpCarrier("smtp://127.0.0.1:9", sender="a@b.example").send(LETTER)


def test_no_link_travels_in_plain_text_to_another_machine(
    listener: tuple[Listener, str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard, url = listener
    monkeypatch.setattr("academy.notices.smtp_gateway.LOOPBACK_HOSTS", frozenset())  # as if it were elsewhere
    with pytest.raises(OSError, match="STARTTLS"):
        SmtpCarrier(url, sender="a@b.example").send(LETTER)
    assert heard.got == []


def test_a_letter_sent_twice_is_one_file_and_reads_back(tmp_path: Path) -> None:
    carrier = FileCarrier(tmp_path, sender="a@b.example")
    carrier.send(LETTER)
    carrier.send(LETTER)
    (stored,) = carrier.letters()
    assert (stored.to, stored.subject, stored.text.strip()) == (LETTER.to, LETTER.subject, LETTER.text)
    for name in ("../secret_key", "welcome-link-2.eml", "x" * 300 + ".eml", ""):
        with pytest.raises(NotFound):
            carrier.letter(name)


@pytest.mark.parametrize(("language", "words"), [("nl", "Netwerkbeheer"), ("en", "Network management")])
def test_letters_are_in_the_readers_language_and_say_what_is_true_now(
    app: Flask, database: Database, now: datetime, tmp_path: Path, language: str, words: str,
) -> None:
    carrier = FileCarrier(tmp_path, sender="a@b.example")
    service.set_carrier(carrier)
    with database.writing() as session:
        actor = builders.actor(session, now, language=language)
        offering = builders.offering(session, now)
        code = builders.enrol(session, actor=actor, offering_code=offering, now=now)
    with app.app_context():
        Worker(database, []).drain()
        (confirmation,) = carrier.letters()
        assert words in confirmation.text
        assert f"http://127.0.0.1:8000/{language}/my/enrolments/{code}" in confirmation.text
        with database.writing() as session:
            enrolment.cancel(session, actor=actor, code=code, now=now)
            again = builders.enrol(session, actor=actor, offering_code=offering, now=now)
        with database.writing() as session:
            enrolment.cancel(session, actor=actor, code=again, now=now)
        Worker(database, []).drain()
    names = sorted(letter.name.split("-")[1] for letter in carrier.letters())
    assert names == ["cancelled", "cancelled", "confirmed"]  # the second seat was gone before its letter could say so
