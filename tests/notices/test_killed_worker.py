"""kill -9 of the worker during 1,000 letters: none is lost, and at most the one in hand at each kill goes out twice."""

import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from academy.accounts import service
from academy.accounts.events import SignInLinkRequested
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.outbox import MessageState, OutboxMessage

LETTERS = 1000
KILLS = 4
ACADEMY = Path(sys.executable).with_name("academy")


class Mailbox:
    """A real SMTP server that counts letters by their Message-ID."""

    def __init__(self) -> None:
        self.letters: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters[message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 OK"


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, str]]:
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox, f"smtp://127.0.0.1:{port}"
    controller.stop()


def _worker(folder: Path, database: Database, smtp_url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [ACADEMY, "worker", "--lease", "3"],
        env={
            "PATH": "/usr/bin:/bin", "HOME": str(folder), "DATA_DIR": str(folder), "SMTP_URL": smtp_url, "LOG_LEVEL": "error",
            "DATABASE_URL": database.url.render_as_string(hide_password=False),
        },
        cwd=folder,
    )


def _waiting(database: Database) -> int:
    with database.reading() as session:
        counted = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == MessageState.PENDING)
        return session.scalar(counted) or 0


@pytest.mark.slow
def test_no_letter_is_lost_when_the_worker_is_killed(
    database: Database, tmp_path: Path, smtp: tuple[Mailbox, str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    mailbox, smtp_url = smtp
    monkeypatch.setattr(outbox, "_subscribers", {})
    outbox.subscribe("notices.sign-in-letter", SignInLinkRequested, outside=lambda _event, _now: None)
    now = datetime.now(UTC)  # noqa: TID251 - the worker reads the real clock
    with database.writing() as session:
        for number in range(LETTERS):
            service.request_link(
                session, email=f"n{number}@voorbeeld.nl", name="", sign_up=True, next_path="", language="nl", now=now,
            )
    for kill in range(KILLS):
        worker = _worker(tmp_path, database, smtp_url)
        enough = (kill + 1) * LETTERS // (KILLS + 2)
        _until(lambda enough=enough: len(mailbox.letters) >= enough, worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    worker = _worker(tmp_path, database, smtp_url)
    _until(lambda: _waiting(database) == 0, worker)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    assert len(mailbox.letters) == LETTERS
    assert sum(mailbox.letters.values()) - LETTERS <= KILLS


def _until(reached: Any, worker: subprocess.Popen[bytes], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "too slow"
        time.sleep(0.02)
