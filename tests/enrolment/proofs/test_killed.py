"""kill -9 of servers and worker at each step of the path: no seat is lost or doubled, and every letter comes.

Six people have a seat and give it back, six others wait for it. During each step the servers die in the midst of the forms, and after it, while
nobody asks anything; whoever got no answer sends the same form again. The worker dies with a letter in hand that the mail server has read
and not acknowledged: that one, and no other, goes out twice.
"""

import os
import signal
import smtplib
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from academy.config import Settings
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatPool
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import MessageState, OutboxMessage
from tests import builders
from tests.enrolment.proofs.ground import check, do
from tests.enrolment.proofs.visitors import BUSY, GONE, Visitor, at_once, signed_in, start
from tests.journeys.conftest import ACADEMY, environment, free_port, wait_until_ready

SEATS, CLIENTS = 6, 3
KILLED_AT = frozenset(
    {2, 4, 10, 16, 22, 28}
)  # the letters that the worker does not live to hear the answer to: one or two of each step
LEASE = 4  # in seconds
pytestmark = pytest.mark.slow

Step = Callable[[Visitor], int]


class Mailbox:
    """A real SMTP server: it knows which letters came, how often and to whom, and kills who brings it the wrong one."""

    def __init__(self) -> None:
        self.letters: Counter[str] = Counter()
        self.readers: list[str] = []  # of each letter, the first time
        self.kill: Callable[[], None] = lambda: None
        self.kills = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        letter = message_from_bytes(envelope.content)["Message-ID"]
        self.letters[letter] += 1
        if self.letters[letter] == 1:
            self.readers += envelope.rcpt_tos
            if len(self.letters) in KILLED_AT:
                self.kills += 1
                self.kill()
        return "250 OK"


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, str]]:
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    with smtplib.SMTP("127.0.0.1", port) as hello:
        hello.noop()
    yield mailbox, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def today() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the servers read the real clock


class Mortal:
    """Processes that come back after each death: they lead a group of their own, so that none survives."""

    def __init__(self, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._begin = begin
        self.process = begin()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def come_back(self) -> None:
        self.process.wait()
        self.process = self._begin()

    def die_and_come_back(self) -> None:
        self.kill()
        self.come_back()

    def end(self) -> None:
        self.kill()
        self.process.wait()


def _worker(settings: Settings, folder: Path, smtp_url: str) -> subprocess.Popen[bytes]:
    shared = {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "SMTP_URL": smtp_url,
        "LOG_LEVEL": "error",
    }
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [ACADEMY, "worker", "--lease", str(LEASE)],
            env={**environment(folder, 1), **shared},
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _in_a_crowd_that_loses_its_server(server: Mortal, visitors: list[Visitor], step: Step) -> list[int]:
    """Let everybody do `step`; the servers die once two answers are in, while the others ask. Returns what each heard in the end."""
    heard: list[int] = []
    enough = threading.Event()

    def ask(visitor: Visitor) -> int:
        status = step(visitor)
        heard.append(status)
        if len(heard) == 2:  # the middle of the step
            enough.set()
        return status

    def kill() -> None:
        assert enough.wait(60)
        server.die_and_come_back()

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    answers = at_once(CLIENTS, ask, visitors)
    killer.join(60)
    server.die_and_come_back()  # and once more, between this step and the next
    return answers


def _wait_for_the_letters(database: Database, worker: Mortal) -> None:
    """Let the worker send what there is to send, and come back each time that it dies of it."""
    until = time.monotonic() + 180
    waiting = select(func.count()).where(
        OutboxMessage.state != MessageState.DONE, OutboxMessage.subscriber.like("notices.%")
    )
    while time.monotonic() < until:
        if worker.process.poll() is not None:
            worker.come_back()
        with database.reading() as session:
            if not session.scalar(waiting):
                return
        time.sleep(0.1)
    with database.reading() as session:
        left = session.execute(
            select(OutboxMessage.subscriber, OutboxMessage.attempts, OutboxMessage.last_error).where(
                OutboxMessage.state != MessageState.DONE,
            )
        ).all()
    pytest.fail(f"letters wait: {left}")


def _states(database: Database) -> Counter[EnrolmentState]:
    check(database)
    with database.reading() as session:
        assert session.scalars(select(SeatPool.taken)).one() == SEATS
        return Counter(session.scalars(select(Enrolment.state)))


def _codes(database: Database) -> dict[Any, str]:
    with database.reading() as session:
        return {row.person_id: row.code for row in session.execute(select(Enrolment.person_id, Enrolment.code))}


def _offered_in_order(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(Enrolment.person_id)
                .join(EnrolmentStep, EnrolmentStep.enrolment_id == Enrolment.id)
                .where(EnrolmentStep.to_state == EnrolmentState.OFFERED)
                .order_by(EnrolmentStep.id),
            )
        )


def _in_line(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(Enrolment.person_id)
                .where(Enrolment.queued_at.is_not(None))
                .order_by(Enrolment.queued_at, Enrolment.id),
            )
        )


def test_whoever_dies_at_whatever_step_nobody_loses_a_seat_or_a_letter(
    database: Database,
    settings: Settings,
    tmp_path: Path,
    smtp: tuple[Mailbox, str],
    today: datetime,
) -> None:
    mailbox, smtp_url = smtp
    port, folder = free_port(), tmp_path / "here"
    server = Mortal(lambda: start(settings, folder, port, workers=2, SMTP_URL=smtp_url))
    worker = Mortal(lambda: _worker(settings, folder, smtp_url))
    mailbox.kill = worker.kill
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", server.process)
        visitors = signed_in(settings, database, port, today, 2 * SEATS)
        first, line = visitors[:SEATS], visitors[SEATS:]
        offering = do(database, lambda session: builders.offering(session, today, seats=SEATS))

        def all_do(
            people: list[Visitor], step: Step, *, letters: list[Visitor], so_that: dict[EnrolmentState, int]
        ) -> list[int]:
            """Do a step of the path; then the states are as given, and these people have one letter more."""
            came = len(mailbox.readers)
            answers = _in_a_crowd_that_loses_its_server(server, people, step)
            assert _states(database) == so_that
            _wait_for_the_letters(database, worker)
            assert sorted(mailbox.readers[came:]) == sorted(str(visitor.actor.email) for visitor in letters)
            return answers

        assert (
            all_do(first, lambda one: one.hold(offering)[0], letters=[], so_that={EnrolmentState.HELD: SEATS})
            == [303] * SEATS
        )

        codes = _codes(database)

        def press(act: str) -> Step:
            return lambda one: one.press(f"/nl/my/enrolments/{codes[one.actor.person_id]}/{act}")[0]

        assert all_do(first, press("check"), letters=first, so_that={EnrolmentState.CONFIRMED: SEATS}) == [303] * SEATS

        def stand_in_line(one: Visitor) -> int:
            return one.press(f"/nl/offerings/{offering}/waiting-list", request_key=str(new_id()))[0]

        both = {EnrolmentState.CONFIRMED: SEATS, EnrolmentState.WAITING: SEATS}
        assert all_do(line, stand_in_line, letters=line, so_that=both) == [303] * SEATS

        given_on = {EnrolmentState.CANCELLED: SEATS, EnrolmentState.OFFERED: SEATS}
        assert set(all_do(first, press("cancel"), letters=visitors, so_that=given_on)) <= {
            303,
            409,
        }  # 409: it was done, and nobody said so
        assert _offered_in_order(database) == _in_line(database)

        codes = _codes(database)
        taken = {EnrolmentState.CANCELLED: SEATS, EnrolmentState.CONFIRMED: SEATS}
        assert all_do(line, press("check"), letters=line, so_that=taken) == [303] * SEATS
        audit = subprocess.run(
            [ACADEMY, "enrolment", "audit"],
            check=False,
            capture_output=True,
            env={**environment(folder, port), "DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key},
        )
        assert audit.returncode == 0, audit.stdout
    finally:
        server.end()
        worker.end()
    twice = {letter for letter, times in mailbox.letters.items() if times > 1}
    assert mailbox.kills == len(KILLED_AT)
    assert set(mailbox.letters.values()) <= {1, 2}
    assert len(twice) == mailbox.kills, "the letter in hand comes twice, and no other"
    statuses = Counter(status for visitor in visitors for status in visitor.seen)
    assert set(statuses) <= {200, 303, 409, BUSY, GONE}
    assert statuses[GONE], "servers died while somebody asked"
    figures = (
        f"{len(mailbox.letters)} letters, {len(twice)} of them twice, {mailbox.kills} workers and 10 servers killed"
    )
    print(f"{figures}: {dict(statuses)}")  # noqa: T201 - figures
