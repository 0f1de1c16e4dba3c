"""Passkeys: one question, one answer; what is forged, late, replayed or somebody else's opens nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import PasskeyRefused, TooManyPasskeys
from academy.accounts.models import Challenge, Passkey, RecoveryCode, TrailEntry
from academy.accounts.queries import Actor, actor_of
from academy.accounts.queries.factors import factors_of, passkey_of
from academy.accounts.service import factors, passkeys, signing_in
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from tests import builders
from tests.accounts.authenticator import PRESENT, Authenticator

PARTY = rules.RelyingParty("localhost", "http://localhost:8000")


@pytest.fixture
def actor(session: Session, now: datetime) -> Actor:
    return builders.actor(session, now)


def _add(session: Session, actor: Actor, now: datetime, device: Authenticator, *, name: str = "Telefoon") -> None:
    question = passkeys.ask_for_new(session, actor=actor, party=PARTY, now=now)
    answer = device.create(question.options)
    nonce = passkeys.take_challenge(session, question.challenge_id.hex, actor=actor, now=now)
    passkeys.add_passkey(session, passkeys.checked_new(answer, nonce=nonce, party=PARTY), actor=actor, name=name, now=now)


def _use(session: Session, now: datetime, device: Authenticator, *, actor: Actor | None = None) -> passkeys.KnownKey:
    question = passkeys.ask_for_known(session, actor=actor, party=PARTY, now=now)
    answer = device.get(question.options)
    return _check(session, now, question, answer, actor=actor)


def _check(session: Session, now: datetime, question: passkeys.Question, answer: str, *, actor: Actor | None = None) -> passkeys.KnownKey:
    nonce = passkeys.take_challenge(session, question.challenge_id.hex, actor=actor, now=now)
    key = passkeys.known_key(session, answer)
    count = passkeys.checked_count(answer, key, nonce=nonce, party=PARTY)
    passkeys.use_passkey(session, key, count=count, now=now)
    return key


def test_a_passkey_is_added_and_then_opens_the_account(session: Session, now: datetime, actor: Actor) -> None:
    device = Authenticator()
    _add(session, actor, now, device)
    assert [(key.name, key.used_at) for key in factors_of(session, actor).passkeys] == [("Telefoon", None)]
    assert _use(session, now, device).person_id == actor.person_id
    session.expire_all()
    assert factors_of(session, actor).passkeys[0].used_at == now
    assert list(session.scalars(select(TrailEntry.act))) == ["passkey-added"]


def test_a_question_is_answered_once(session: Session, now: datetime, actor: Actor) -> None:
    device = Authenticator()
    _add(session, actor, now, device)
    question = passkeys.ask_for_known(session, actor=None, party=PARTY, now=now)
    answer = device.get(question.options)
    _check(session, now, question, answer)
    with pytest.raises(PasskeyRefused):
        _check(session, now, question, answer)


def test_an_answer_to_another_question_is_refused(session: Session, now: datetime, actor: Actor) -> None:
    device = Authenticator()
    _add(session, actor, now, device)
    replayed = device.get(passkeys.ask_for_known(session, actor=None, party=PARTY, now=now).options)
    with pytest.raises(PasskeyRefused):
        _check(session, now, passkeys.ask_for_known(session, actor=None, party=PARTY, now=now), replayed)


@pytest.mark.parametrize(("seconds", "works"), [(299, True), (300, False)])
def test_a_question_waits_five_minutes(session: Session, now: datetime, actor: Actor, seconds: int, works: bool) -> None:
    device, later = Authenticator(), now + timedelta(seconds=seconds)
    _add(session, actor, now, device)
    question = passkeys.ask_for_known(session, actor=None, party=PARTY, now=now)
    answer = device.get(question.options)
    if works:
        _check(session, later, question, answer)
    else:
        with pytest.raises(PasskeyRefused):
            _check(session, later, question, answer)
    builders.forget_expired(session, now=later)
    assert session.scalar(select(func.count()).select_from(Challenge)) == 0


def _not_verified(device: Authenticator) -> None:
    device.flags = PRESENT


def _elsewhere(device: Authenticator) -> None:
    device.origin = "http://localhost.evil.example"


def _for_another_site(device: Authenticator) -> None:
    device.rp_id = "evil.example"


def _another_key(device: Authenticator) -> None:
    device.key = Authenticator().key


def _another_user(device: Authenticator) -> None:
    device.user = new_id().bytes


def _unknown(device: Authenticator) -> None:
    device.credential_id = b"x" * 32


@pytest.mark.parametrize("spoil", [_not_verified, _elsewhere, _for_another_site, _another_key, _another_user, _unknown])
def test_a_forged_answer_is_refused(session: Session, now: datetime, actor: Actor, spoil: Callable[[Authenticator], None]) -> None:
    device = Authenticator()
    _add(session, actor, now, device)
    _use(session, now, device)
    spoil(device)
    with pytest.raises(PasskeyRefused):
        _use(session, now, device)


@pytest.mark.parametrize("spoil", [_not_verified, _elsewhere, _for_another_site])
def test_a_forged_new_passkey_is_refused(session: Session, now: datetime, actor: Actor, spoil: Callable[[Authenticator], None]) -> None:
    device = Authenticator()
    spoil(device)
    with pytest.raises(PasskeyRefused):
        _add(session, actor, now, device)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "x" * 5000, '{"id": 1}', '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}'])
def test_nonsense_is_refused(session: Session, now: datetime, answer: str) -> None:
    with pytest.raises(PasskeyRefused):
        passkeys.known_key(session, answer)
    with pytest.raises(PasskeyRefused):
        passkeys.checked_new(answer, nonce=b"x" * 64, party=PARTY)


@pytest.mark.parametrize("challenge", ["", "onzin", "01a20395550e751185413eb58245f64f"])
def test_a_question_that_was_never_asked_is_refused(session: Session, now: datetime, challenge: str) -> None:
    with pytest.raises(PasskeyRefused):
        passkeys.take_challenge(session, challenge, actor=None, now=now)


def test_a_count_that_stands_still_betrays_a_copy(session: Session, now: datetime, actor: Actor) -> None:
    device = Authenticator(count=5)
    _add(session, actor, now, device)
    device.count = 6
    _use(session, now, device)
    for count in (6, 5):
        device.count = count
        with pytest.raises(PasskeyRefused):
            _use(session, now, device)


def test_of_two_answers_at_once_the_second_is_refused(database: Database, now: datetime) -> None:
    device = Authenticator(count=1)
    with database.writing() as session:
        _add(session, builders.actor(session, now), now, device)
        key = passkeys.known_key(session, device.get(passkeys.ask_for_known(session, actor=None, party=PARTY, now=now).options))
        passkeys.use_passkey(session, key, count=2, now=now)
    with database.writing() as session, pytest.raises(PasskeyRefused):
        passkeys.use_passkey(session, key, count=2, now=now)


def test_the_second_step_takes_a_question_of_ones_own_only(session: Session, now: datetime, actor: Actor) -> None:
    device, other = Authenticator(), builders.actor(session, now)
    _add(session, actor, now, device)
    question = passkeys.ask_for_known(session, actor=actor, party=PARTY, now=now)
    for somebody in (other, None):
        with pytest.raises(PasskeyRefused):
            passkeys.take_challenge(session, question.challenge_id.hex, actor=somebody, now=now)
    assert _use(session, now, device, actor=actor).person_id == actor.person_id


def test_one_passkey_belongs_to_one_person(session: Session, now: datetime, actor: Actor) -> None:
    device = Authenticator()
    _add(session, actor, now, device)
    with pytest.raises(PasskeyRefused):
        _add(session, builders.actor(session, now), now, device)
    assert session.scalars(select(Passkey.person_id)).all() == [actor.person_id]


def test_adding_one_is_a_second_proof_of_this_session(session: Session, now: datetime, actor: Actor) -> None:
    factors.give_app(session, person_id=actor.person_id, now=now)
    row = signing_in.start_sign_in(session, person_id=actor.person_id, device="", now=now)
    here = actor_of(session, row.id, now=now)
    assert here is not None
    assert here.second_step is rules.SecondStep.TO_GIVE
    _add(session, here, now, Authenticator())
    after = actor_of(session, row.id, now=now)
    assert after is not None
    assert after.second_step is rules.SecondStep.DONE


def test_renaming_and_removing_are_for_the_owner(session: Session, now: datetime, actor: Actor) -> None:
    device, stranger = Authenticator(), builders.actor(session, now)
    _add(session, actor, now, device)
    factors.make_recovery_codes(session, actor=actor, now=now)
    mine = factors_of(session, actor).passkeys[0].id
    for act in (
        lambda: passkeys.rename_passkey(session, actor=stranger, passkey_id=mine, name="x"),
        lambda: passkeys.remove_passkey(session, actor=stranger, passkey_id=mine, now=now),
        lambda: passkey_of(session, stranger, mine),
    ):
        with pytest.raises(NotFound):
            act()
    passkeys.rename_passkey(session, actor=actor, passkey_id=mine, name=" Mijn\x07laptop ")
    session.expire_all()
    assert passkey_of(session, actor, mine).name == "Mijn laptop"
    passkeys.remove_passkey(session, actor=actor, passkey_id=mine, now=now)
    with pytest.raises(PasskeyRefused):
        _use(session, now, device)
    assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0  # the last factor is gone, and they with it


def test_nobody_gathers_passkeys_without_end(session: Session, now: datetime, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PASSKEYS", 2)
    question = passkeys.ask_for_new(session, actor=actor, party=PARTY, now=now)
    key = passkeys.checked_new(
        Authenticator().create(question.options), party=PARTY,
        nonce=passkeys.take_challenge(session, question.challenge_id.hex, actor=actor, now=now),
    )
    for _ in range(2):
        _add(session, actor, now, Authenticator())
    with pytest.raises(TooManyPasskeys):
        _add(session, actor, now, Authenticator())
    with pytest.raises(TooManyPasskeys):
        passkeys.add_passkey(session, key, actor=actor, name="x", now=now)
