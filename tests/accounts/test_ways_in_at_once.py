"""Ways in that change at the same moment: two open transactions, on both databases."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import datetime
from typing import Any
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import func, select, update

from academy.accounts import service as accounts
from academy.accounts.errors import LastFactor, TooManyPasskeys
from academy.accounts.models import AuthenticatorApp, OrganisationKind, Passkey, Person, RecoveryCode, Role
from academy.accounts.queries import Actor
from academy.accounts.service import factors, passkeys, signing_in
from academy.kernel.db import Database
from academy.kernel.errors import NotFound, Refusal
from tests import builders


def _key(name: bytes = b"one") -> passkeys.NewKey:
    return passkeys.NewKey(name, b"public", 0)


def _person(database: Database, now: datetime, *roles: Role) -> Actor:
    with database.writing() as session:
        actor = builders.actor(session, now)
        office = accounts.register_organisation(session, slug="kantoor", name="Kantoor", kind=OrganisationKind.OFFICE)
        for role in roles:
            accounts.add_membership(session, person_id=actor.person_id, organisation_id=office, role=role)
        return actor


def _at_once(database: Database, first: Callable[[Any], object], second: Callable[[Any], object]) -> type[Refusal] | None:
    """Do both, the second from before the first has committed until it can go on; returns what the second was refused with."""

    def beside() -> type[Refusal] | None:
        try:
            with database.writing() as session:
                second(session)
        except Refusal as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            first(session)
            waiting: Future[type[Refusal] | None] = other.submit(beside)
            with pytest.raises(StillWaiting):
                waiting.result(timeout=0.5)  # PostgreSQL at the row, SQLite at the door
        return waiting.result(timeout=10)


def _with_both(database: Database, now: datetime, actor: Actor) -> UUID:
    """Give an app and a passkey; returns the passkey."""
    with database.writing() as session:
        factors.give_app(session, person_id=actor.person_id, now=now)
        return passkeys.add_passkey(session, _key(), actor=actor, name="Sleutel", now=now)


def test_whose_role_asks_a_second_step_keeps_one(database: Database, now: datetime) -> None:
    actor = _person(database, now, Role.OFFICE)
    passkey_id = _with_both(database, now, actor)
    with database.writing() as session:
        codes = factors.make_recovery_codes(session, actor=actor, now=now)
        factors.remove_app(session, actor=actor, now=now)
    with pytest.raises(LastFactor), database.writing() as session:
        passkeys.remove_passkey(session, actor=actor, passkey_id=passkey_id, now=now)
    with database.writing() as session:
        assert factors.still_working(session, codes, actor=actor) == codes
        factors.give_app(session, person_id=actor.person_id, now=now)
        passkeys.remove_passkey(session, actor=actor, passkey_id=passkey_id, now=now)
    with pytest.raises(LastFactor), database.writing() as session:
        factors.remove_app(session, actor=actor, now=now)


def test_of_two_factors_that_are_removed_at_once_one_stays(database: Database, now: datetime) -> None:
    actor = _person(database, now, Role.OFFICE)
    passkey_id = _with_both(database, now, actor)
    refused = _at_once(
        database,
        lambda session: factors.remove_app(session, actor=actor, now=now),
        lambda session: passkeys.remove_passkey(session, actor=actor, passkey_id=passkey_id, now=now),
    )
    assert refused is LastFactor
    with database.reading() as session:
        assert session.scalars(select(Passkey.id)).all() == [passkey_id]


def test_of_two_lists_of_recovery_codes_made_at_once_the_last_works(database: Database, now: datetime) -> None:
    actor, made = _person(database, now), []
    _with_both(database, now, actor)
    for_both = lambda session: made.append(factors.make_recovery_codes(session, actor=actor, now=now))  # noqa: E731
    assert _at_once(database, for_both, for_both) is None
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == len(made[1])
        assert factors.still_working(session, made[0], actor=actor) == []
        assert factors.still_working(session, made[1], actor=actor) == made[1]


def test_a_recovery_code_that_is_given_twice_at_once_lets_one_in(database: Database, now: datetime) -> None:
    actor, let_in = _person(database, now), []
    _with_both(database, now, actor)
    with database.writing() as session:
        code = factors.make_recovery_codes(session, actor=actor, now=now)[0]
    give = lambda session: let_in.append(factors.give_second_proof(session, actor=actor, code=code, now=now))  # noqa: E731
    assert _at_once(database, give, give) is None
    assert let_in == [True, False]


def test_a_code_of_the_app_that_is_given_twice_at_once_lets_one_in(database: Database, now: datetime) -> None:
    actor, let_in = _person(database, now), []
    _with_both(database, now, actor)
    with database.reading() as session:
        code = factors.present_code(session, actor=actor, now=now)
    give = lambda session: let_in.append(factors.give_second_proof(session, actor=actor, code=code, now=now))  # noqa: E731
    assert _at_once(database, give, give) is None
    assert let_in == [True, False]


def test_a_code_counts_for_the_secret_it_was_made_with_and_not_for_one_that_another_tab_made_meanwhile(database: Database, now: datetime) -> None:
    actor = _person(database, now)
    with database.writing() as session:
        factors.begin_app(session, actor=actor)
    with database.writing() as session:
        read = session.get_one(AuthenticatorApp, actor.person_id)
        secret = factors.secret_to_set_up(session, actor=actor)
        assert secret is not None
        other_tab = update(AuthenticatorApp).values(secret=b"another").execution_options(synchronize_session=False)
        session.execute(other_tab)
        assert read.secret != b"another"  # read before the other tab wrote
        assert not factors.confirm_app(session, actor=actor, code=pyotp.TOTP(secret).at(now), now=now)
    with database.reading() as session:
        assert session.get_one(AuthenticatorApp, actor.person_id).confirmed_at is None


def test_nobody_gets_one_passkey_too_many_by_adding_two_at_once(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academy.accounts.rules.MOST_PASSKEYS", 1)
    actor = _person(database, now)
    refused = _at_once(
        database,
        lambda session: passkeys.add_passkey(session, _key(b"one"), actor=actor, name="Een", now=now),
        lambda session: passkeys.add_passkey(session, _key(b"two"), actor=actor, name="Twee", now=now),
    )
    assert refused is TooManyPasskeys


@pytest.mark.parametrize(
    "way_in",
    [
        lambda session, actor, now: passkeys.add_passkey(session, _key(), actor=actor, name="Sleutel", now=now),
        lambda session, actor, now: factors.begin_app(session, actor=actor),
        lambda session, actor, now: signing_in.set_password(session, actor=actor, password_hash="hash", now=now),
    ],
    ids=["passkey", "app", "password"],
)
def test_an_account_that_is_erased_this_moment_gets_no_new_way_in(
    database: Database, now: datetime, way_in: Callable[[object, Actor, datetime], object],
) -> None:
    actor = _person(database, now)
    refused = _at_once(
        database,
        lambda session: session.execute(update(Person).where(Person.id == actor.person_id).values(erased_at=now)),
        lambda session: way_in(session, actor, now),
    )
    assert refused is NotFound
