"""Signing in: links work once and for 15 minutes, guessing is slow, and nobody learns whether an account exists."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import links, passwords, queries, rules, service
from academy.accounts.errors import LinkNotValid
from academy.accounts.models import LinkKind, Person, SignIn, SignInLink, Throttle
from academy.accounts.service import throttling
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.web.mail_address import clean_email
from tests import builders


def _link(database: Database, now: datetime, *, email: str = "noor@voorbeeld.nl", sign_up: bool = True, name: str = "Noor") -> UUID:
    with database.writing() as session:
        service.request_link(session, email=email, name=name, sign_up=sign_up, next_path="/nl/my", language="nl", now=now)
        return session.scalars(select(SignInLink.id).order_by(SignInLink.id.desc()).limit(1)).one()


def _use(database: Database, link_id: UUID | None, now: datetime) -> SignIn:
    with database.writing() as session:
        return service.use_link(session, link_id=link_id, name="", device="", now=now)


def test_a_link_makes_an_account_and_signs_in(database: Database, now: datetime) -> None:
    sign_in = _use(database, _link(database, now), now)
    with database.reading() as session:
        actor = queries.actor_of(session, sign_in.id, now=now)
    assert actor is not None
    assert (actor.name, actor.email) == ("Noor", "noor@voorbeeld.nl")


def test_a_link_works_once(database: Database, now: datetime) -> None:
    link_id = _link(database, now)
    _use(database, link_id, now)
    with pytest.raises(LinkNotValid):
        _use(database, link_id, now)


@pytest.mark.parametrize(("minutes", "works"), [(14, True), (15, False)])
def test_a_link_works_for_fifteen_minutes(database: Database, now: datetime, minutes: int, works: bool) -> None:
    link_id = _link(database, now)
    later = now + timedelta(minutes=minutes)
    if works:
        _use(database, link_id, later)
    else:
        with pytest.raises(LinkNotValid):
            _use(database, link_id, later)


def test_a_forged_or_foreign_link_opens_nothing(database: Database, now: datetime) -> None:
    links.configure("a" * 40)
    link_id = _link(database, now)
    token = links.token_for(link_id)
    assert links.link_id_of(token) == link_id
    value, _dot, signature = token.rpartition(".")
    forged = ("B" if signature[0] == "A" else "A") + signature[1:]
    assert links.link_id_of(f"{value}.{forged}") is None
    assert links.link_id_of("") is None
    links.configure("b" * 40)
    assert links.link_id_of(token) is None
    with pytest.raises(LinkNotValid):
        _use(database, None, now)
    with pytest.raises(LinkNotValid):
        _use(database, new_id(), now)


@pytest.mark.parametrize(
    ("known", "sign_up", "kind"),
    [
        (False, True, LinkKind.WELCOME),
        (False, False, LinkKind.WELCOME),
        (True, False, LinkKind.SIGN_IN),
        (True, True, LinkKind.ACCOUNT_EXISTS),
    ],
)
def test_every_request_sends_one_letter_whether_or_not_there_is_an_account(
    database: Database, now: datetime, known: bool, sign_up: bool, kind: LinkKind,
) -> None:
    if known:
        with database.writing() as session:
            builders.person(session, now, email="noor@voorbeeld.nl")
    link_id = _link(database, now, sign_up=sign_up)
    with database.reading() as session:
        assert queries.valid_link(session, link_id, now=now).kind is kind


def test_a_link_for_an_existing_account_signs_in_to_it_and_changes_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        person_id = builders.person(session, now, email="noor@voorbeeld.nl", name="Noor Bakker")
    sign_in = _use(database, _link(database, now, name="Iemand Anders"), now)
    assert sign_in.person_id == person_id
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert queries.person(session, person_id).name == "Noor Bakker"


def test_signing_out_everywhere_ends_every_session(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor = builders.actor(session, now)
        other = service.start_sign_in(session, person_id=actor.person_id, device="Firefox · Linux", now=now)
    with database.reading() as session:
        assert {facts.id for facts in queries.sign_ins_of(session, actor, now=now)} == {actor.sign_in_id, other.id}
    with database.writing() as session:
        service.end_all_sign_ins(session, actor=actor, now=now)
    with database.reading() as session:
        assert queries.actor_of(session, actor.sign_in_id, now=now) is None
        assert queries.actor_of(session, other.id, now=now) is None


def test_a_new_password_signs_out_other_devices_and_keeps_this_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor = builders.actor(session, now)
        other = service.start_sign_in(session, person_id=actor.person_id, device="", now=now)
        service.set_password(session, actor=actor, password_hash=passwords.hash_of("een lange zin"), now=now)
    with database.reading() as session:
        assert queries.actor_of(session, actor.sign_in_id, now=now) is not None
        assert queries.actor_of(session, other.id, now=now) is None


def test_a_sign_in_ends_by_itself(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor = builders.actor(session, now)
    with database.reading() as session:
        assert queries.actor_of(session, actor.sign_in_id, now=now + rules.SIGN_IN_LIFETIME) is None


def test_a_wrong_password_and_no_account_look_the_same() -> None:
    known = passwords.hash_of("een lange zin")
    assert passwords.matches(known, "een lange zin")
    assert not passwords.matches(known, "een andere zin")
    assert not passwords.matches(None, "no account has this password")
    assert not passwords.matches("not a hash", "een lange zin")


def test_attempts_are_counted_per_window_and_kept_without_the_address(database: Database, now: datetime) -> None:
    with database.writing() as session:
        counts = [service.count_attempt(session, what="password", who="noor@voorbeeld.nl", now=now) for _ in range(3)]
        other = service.count_attempt(session, what="link", who="noor@voorbeeld.nl", now=now)
    with database.writing() as session:
        later = service.count_attempt(
            session, what="password", who="noor@voorbeeld.nl", now=now + rules.THROTTLE_WINDOW,
        )
        assert not any("noor" in key for key in session.scalars(select(Throttle.key)))
    assert (counts, other, later) == ([1, 2, 3], 1, 1)


def test_without_the_key_nobody_finds_out_whose_counter_it_is(session: Session, now: datetime) -> None:
    for key in ("one" * 20, "two" * 20):
        throttling.configure(key)
        assert service.count_attempt(session, what="password", who="203.0.113.7", now=now) == 1
    assert len(set(session.scalars(select(Throttle.key)))) == 2


def test_what_is_over_is_forgotten(database: Database, now: datetime) -> None:
    _link(database, now)
    with database.writing() as session:
        builders.actor(session, now)
        service.count_attempt(session, what="password", who="x", now=now)
        builders.forget_expired(session, now=now + timedelta(days=365))
        for table in (SignInLink, SignIn, Throttle):
            assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Noor@Voorbeeld.NL ", "noor@voorbeeld.nl"),
        ("noor", None),
        ("noor@voorbeeld.nl\nBcc: x@y.nl", None),
        ("", None),
        ("a" * 300 + "@voorbeeld.nl", None),
    ],
)
def test_addresses_are_kept_in_one_form(typed: str, kept: str | None) -> None:
    assert clean_email(typed) == kept


def test_small_rules() -> None:
    assert rules.clean_name("  Noor \x00\u202e  de\tVries ") == "Noor de Vries"
    assert rules.masked("noor@voorbeeld.nl") == "n…@voorbeeld.nl"
    assert rules.device_of("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/120 Safari/537") == "Chrome · Android"
    assert rules.device_of("curl/8") == ""
