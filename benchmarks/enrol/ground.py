"""What is enrolled in and by whom: classes, and people who are signed in, with the cookie and the token of each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.app import create_app
from academy.catalogue import api as catalogue
from academy.config import load_settings
from academy.enrolment import queries
from academy.kernel import migrations
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database, database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from benchmarks.enrol.asking import Person

SECRET: Final = "only-for-measuring-" * 2
_CLASSES: Final = 10  # of a module
_MANY: Final = 100_000  # seats

_OK, _SEE_OTHER = 200, 303


@dataclass(frozen=True)
class Ground:
    """An installation in this process, on the database and with the secret of the servers."""

    app: Flask
    now: datetime

    def classes(self, count: int, *, seats: int = _MANY, name: str) -> list[tuple[str, str]]:
        """Make so many classes, free and asking nothing; returns of each the module's slug and its own code."""
        with database().writing() as opened:
            return list(self._classes(opened, count, seats, name))

    def _classes(self, opened: Session, count: int, seats: int, name: str) -> Iterator[tuple[str, str]]:
        provider_id = catalogue.register_provider(
            opened, catalogue.ProviderDraft("windesheim", "Windesheim in Almere", catalogue.ProviderKind.HBO, city="Almere"),
        )
        first = amsterdam_day(self.now) + timedelta(days=28)
        for number in range(-(-count // _CLASSES)):
            key = f"{name}-{number}"
            catalogue.upsert_modules(opened, provider_id=provider_id, drafts=[_module(key)], now=self.now)
            for _class in range(min(_CLASSES, count - number * _CLASSES)):
                code = catalogue.open_offering(
                    opened, provider_id=provider_id, module_external_id=key, is_news=False,
                    draft=catalogue.OfferingDraft(
                        starts_on=first, ends_on=first + timedelta(days=70), periods=(catalogue.PeriodDraft(first - timedelta(days=3)),),
                        mode=catalogue.DeliveryMode.ON_CAMPUS, part_of_day=catalogue.PartOfDay.EVENING, weekdays=("tue",), language="nl",
                        seats=seats, price=Money(0),
                    ),
                )
                yield catalogue.offering_for_enrolment(opened, code).module_slug, code

    def people(self, count: int) -> list[Person]:
        """Make people who are signed in, as after a link in a letter."""
        with database().writing() as opened:
            ids = [
                accounts.start_sign_in(
                    opened, device="", now=self.now, person_id=accounts.register_person(
                        opened, email=f"sam{number}@voorbeeld.nl", name="Sam de Vries", password=None, language="nl", now=self.now,
                    ),
                ).id.hex
                for number in range(count)
            ]
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        found = []
        for sign_in_id in ids:
            with self.app.test_request_context():
                session["_user_id"], session.permanent = sign_in_id, True
                token = generate_csrf()
                found.append(Person(signer.dumps(dict(session)), token))
        return found

    def statements(self, people: Sequence[Person], module: str, offering: str) -> dict[str, int]:
        """Return how many SQL statements each request of a journey takes, of the last one of these people to make it."""
        return [self._statements_of(person, module, offering) for person in people][-1]

    def _statements_of(self, person: Person, module: str, offering: str) -> dict[str, int]:
        client, counted, path = self.app.test_client(), {}, f"/nl/offerings/{offering}/enrol"
        form = {"csrf_token": person.token, "request_key": str(uuid4())}
        client.set_cookie("academy_session", person.cookie)
        with statements() as seen:
            for name, method in (("module", "GET"), ("enrol", "GET"), ("hold", "POST"), ("check", "GET"), ("confirm", "POST")):
                seen.clear()
                address = f"/nl/modules/{module}" if name == "module" else path
                answer = client.open(address, method=method, data=form if method == "POST" else None)
                if answer.status_code != (_OK if method == "GET" else _SEE_OTHER):
                    raise RuntimeError(f"{name}: {answer.status}")
                counted[name], path = len(seen), answer.headers.get("Location", path)
        return counted

    def taken(self, offering: str) -> int:
        """Return how many seats of a class are taken, by the counter. Raises RuntimeError when the rows say otherwise."""
        with database().reading() as opened:
            if queries.audit(opened):
                raise RuntimeError("counters differ from the seats")
            offering_id = catalogue.offering_for_enrolment(opened, offering).offering.id
            return queries.seats(opened, [offering_id])[offering_id].taken


def _module(key: str) -> catalogue.ModuleDraft:
    return catalogue.ModuleDraft(
        external_id=key, code=key, kind=catalogue.ModuleKind.AD_MODULE, title=Localized(f"Netwerkbeheer {key}", f"Network management {key}"),
        summary=Localized("Na deze module kun je een netwerk beheren.", "After this module you can manage a network."),
        description=Localized("Je leert hoe een netwerk werkt. " * 10, "You learn how a network works. " * 10), ec=None, nlqf="5", eqf="5",
        languages=("nl",), sectors=("ict",), price=Money(0),
        outcomes=(catalogue.OutcomeDraft(Localized("Je richt een netwerk in.", "You set up a network.")),),
    )


@contextmanager
def laid(folder: Path, url: str) -> Iterator[Ground]:
    """Lay the ground in an empty database."""
    settings = load_settings({"DATA_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": SECRET, "LOG_LEVEL": "error"})
    fresh = Database(url)
    migrations.upgrade(fresh)
    fresh.close()
    app = create_app(settings)
    try:
        yield Ground(app, utc_now())
    finally:
        database().close()


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
