"""The second step: who must give one, codes that work once, and changes that nobody misses."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import product

import pyotp
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy.accounts import passwords, rules
from academy.accounts import service as accounts
from academy.accounts.errors import NoSecondFactor
from academy.accounts.models import AuthenticatorApp, OrganisationKind, RecoveryCode, Role, SignIn, Throttle, TrailEntry
from academy.accounts.queries import Actor, actor_of
from academy.accounts.queries.factors import factors_of
from academy.accounts.queries.people import sign_in_history
from academy.accounts.rules import SecondStep, relying_party
from academy.accounts.service import factors, sealing, signing_in
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from tests import builders
from tests.conftest import SECRET

STEP = timedelta(seconds=30)


@pytest.fixture
def actor(session: Session, now: datetime) -> Actor:
    return builders.actor(session, now)


def _secret(session: Session, actor: Actor) -> str:
    secret = factors.secret_to_set_up(session, actor=actor)
    assert secret is not None
    return secret


def _with_app(session: Session, actor: Actor, now: datetime) -> pyotp.TOTP:
    """Set up an app two minutes ago, so that the present code is new."""
    factors.begin_app(session, actor=actor)
    app = pyotp.TOTP(_secret(session, actor))
    before = now - timedelta(minutes=2)
    assert factors.confirm_app(session, actor=actor, code=app.at(before), now=before)
    session.expire_all()
    return app


def _again(session: Session, actor: Actor, now: datetime, *, is_twofold: bool = False) -> Actor:
    """Return the person in a new session of one proof."""
    row = accounts.start_sign_in(session, person_id=actor.person_id, device="", now=now, is_twofold=is_twofold)
    found = actor_of(session, row.id, now=now)
    assert found is not None
    return found


def _acts(session: Session) -> list[str]:
    return list(session.scalars(select(TrailEntry.act).order_by(TrailEntry.number)))


# Who is asked


@pytest.mark.parametrize("role", list(Role))
def test_the_roles_that_judge_or_decide_for_others_are_asked_for_a_second_proof(session: Session, now: datetime, actor: Actor, role: Role) -> None:
    there = accounts.register_organisation(session, slug="ergens", name="Ergens", kind=OrganisationKind.OFFICE)
    accounts.add_membership(session, person_id=actor.person_id, organisation_id=there, role=role)
    asked = role in {Role.ASSESSOR, Role.EXAM_BOARD, Role.OFFICE, Role.FUND_MANAGER}
    assert _again(session, actor, now).second_step is (SecondStep.TO_SET_UP if asked else SecondStep.DONE)
    assert _again(session, actor, now, is_twofold=True).second_step is SecondStep.DONE
    factors.give_app(session, person_id=actor.person_id, now=now)
    assert _again(session, actor, now).second_step is SecondStep.TO_GIVE


def test_every_combination_of_what_someone_has_and_must() -> None:
    for is_given, has_role, has_app, has_passkey in product([False, True], repeat=4):
        step = rules.second_step(is_given=is_given, has_role=has_role, has_app=has_app, has_passkey=has_passkey)
        if is_given or (not has_role and not has_app):
            assert step is SecondStep.DONE
        else:
            assert step is (SecondStep.TO_GIVE if has_app or has_passkey else SecondStep.TO_SET_UP)


def test_who_is_behind_a_request_and_what_is_asked_of_them_is_one_statement(
    session: Session, now: datetime, actor: Actor, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    factors.give_app(session, person_id=actor.person_id, now=now)
    session.flush()
    with queries(1):
        assert actor_of(session, actor.sign_in_id, now=now) is not None


# The app


def test_an_app_counts_once_its_code_was_typed(session: Session, now: datetime, actor: Actor) -> None:
    factors.begin_app(session, actor=actor)
    secret = _secret(session, actor)
    assert not factors.confirm_app(session, actor=actor, code="000000", now=now)
    assert _again(session, actor, now).second_step is SecondStep.DONE
    assert factors.confirm_app(session, actor=actor, code=pyotp.TOTP(secret).at(now), now=now)
    assert _again(session, actor, now).second_step is SecondStep.TO_GIVE
    session.expire_all()
    assert factors.secret_to_set_up(session, actor=actor) is None  # never shown again


def test_a_secret_that_was_seen_before_does_not_come_back_when_one_begins_anew(session: Session, now: datetime, actor: Actor) -> None:
    factors.begin_app(session, actor=actor)
    seen = _secret(session, actor)
    session.expire_all()
    factors.begin_app(session, actor=actor)
    session.expire_all()
    secret = _secret(session, actor)
    assert secret != seen
    assert not factors.confirm_app(session, actor=actor, code=pyotp.TOTP(seen).at(now), now=now)
    assert factors.confirm_app(session, actor=actor, code=pyotp.TOTP(secret).at(now), now=now)
    session.expire_all()
    factors.begin_app(session, actor=actor)  # one that counts stays
    assert factors.give_second_proof(session, actor=_again(session, actor, now), code=pyotp.TOTP(secret).at(now + STEP), now=now + STEP)


def test_setting_up_an_app_is_a_second_proof_of_this_session(session: Session, now: datetime, actor: Actor) -> None:
    here = _again(session, actor, now)
    _with_app(session, here, now)
    found = actor_of(session, here.sign_in_id, now=now)
    assert found is not None
    assert found.second_step is SecondStep.DONE


@pytest.mark.parametrize(("seconds", "works"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(session: Session, now: datetime, actor: Actor, seconds: int, works: bool) -> None:
    code = _with_app(session, actor, now).at(now + timedelta(seconds=seconds))
    here = _again(session, actor, now)
    assert factors.give_second_proof(session, actor=here, code=f"{code[:3]} {code[3:]}", now=now) is works
    found = actor_of(session, here.sign_in_id, now=now)
    assert found is not None
    assert found.second_step is (SecondStep.DONE if works else SecondStep.TO_GIVE)


def test_a_code_works_once_and_none_from_before_it_works_after(session: Session, now: datetime, actor: Actor) -> None:
    app = _with_app(session, actor, now)
    assert factors.give_second_proof(session, actor=_again(session, actor, now), code=app.at(now), now=now)
    session.expire_all()
    for moment in (now, now - timedelta(seconds=30)):
        assert not factors.give_second_proof(session, actor=_again(session, actor, now), code=app.at(moment), now=now)
    later = now + timedelta(seconds=30)
    assert factors.give_second_proof(session, actor=_again(session, actor, now), code=app.at(later), now=later)


def test_two_requests_with_one_code_let_one_in(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor = builders.actor(session, now)
        code = _with_app(session, actor, now).at(now)
        here = _again(session, actor, now)
    with database.writing() as session:
        stale = session.get_one(AuthenticatorApp, actor.person_id)
        session.execute(update(AuthenticatorApp).values(last_step=2**31 - 1).execution_options(synchronize_session=False))
        assert stale.last_step < 2**31 - 1  # read before the other request wrote
        assert not factors.give_second_proof(session, actor=here, code=code, now=now)


def test_the_secret_is_encrypted_and_belongs_to_one_person(session: Session, now: datetime, actor: Actor) -> None:
    factors.begin_app(session, actor=actor)
    secret = _secret(session, actor)
    kept = session.get_one(AuthenticatorApp, actor.person_id).secret
    assert secret.encode() not in kept
    assert sealing.opened(kept, of=actor.person_id) == secret
    assert sealing.opened(kept, of=new_id()) is None


def test_a_former_key_still_opens_and_a_foreign_one_does_not() -> None:
    of = new_id()
    kept = sealing.sealed("geheim", of=of)
    try:
        sealing.configure("n" * 40, SECRET)
        assert sealing.opened(kept, of=of) == "geheim"
        sealing.configure("n" * 40)
        assert sealing.opened(kept, of=of) is None
    finally:
        sealing.configure(SECRET)


def test_who_gives_a_code_has_the_secret_sealed_with_the_key_of_now(session: Session, now: datetime, actor: Actor) -> None:
    app, new = _with_app(session, actor, now), "n" * 40
    try:
        sealing.configure(new, SECRET)
        assert factors.give_second_proof(session, actor=_again(session, actor, now), code=app.at(now), now=now)
        session.expire_all()
        sealing.configure(new)  # the former key is gone
        assert sealing.opened(session.get_one(AuthenticatorApp, actor.person_id).secret, of=actor.person_id) == app.secret
    finally:
        sealing.configure(SECRET)


# Recovery codes


def test_ten_codes_of_which_each_works_once(session: Session, now: datetime, actor: Actor) -> None:
    _with_app(session, actor, now)
    codes = factors.make_recovery_codes(session, actor=actor, now=now)
    assert len(set(codes)) == 10
    assert not any(code in kept or code.replace("-", "") in kept for code in codes for kept in session.scalars(select(RecoveryCode.code_hash)))
    typed = codes[3].upper().replace("-", " ").replace("0", "O")
    assert factors.give_second_proof(session, actor=_again(session, actor, now), code=typed, now=now)
    assert not factors.give_second_proof(session, actor=_again(session, actor, now), code=codes[3], now=now)
    assert factors.still_working(session, [*codes, "onzin"], actor=actor) == codes[:3] + codes[4:]
    assert factors_of(session, actor).recovery_codes_left == 9
    factors.make_recovery_codes(session, actor=actor, now=now)
    assert factors.still_working(session, codes, actor=actor) == []


def test_a_code_of_somebody_else_opens_nothing(session: Session, now: datetime, actor: Actor) -> None:
    other = builders.actor(session, now)
    app = _with_app(session, other, now)
    codes = factors.make_recovery_codes(session, actor=other, now=now)
    _with_app(session, actor, now)
    here = _again(session, actor, now)
    for code in (codes[0], app.at(now)):
        assert not factors.give_second_proof(session, actor=here, code=code, now=now)
    assert factors._hash(actor.person_id, codes[0]) != factors._hash(other.person_id, codes[0])  # one list of hashes does not do for all


def test_recovery_codes_go_with_the_last_factor(session: Session, now: datetime, actor: Actor) -> None:
    with pytest.raises(NoSecondFactor):
        factors.make_recovery_codes(session, actor=actor, now=now)
    _with_app(session, actor, now)
    factors.make_recovery_codes(session, actor=actor, now=now)
    factors.remove_app(session, actor=actor, now=now)
    assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    assert _again(session, actor, now).second_step is SecondStep.DONE


# What is told


def test_every_change_is_in_the_trail(session: Session, now: datetime, actor: Actor) -> None:
    app = _with_app(session, actor, now)
    codes = factors.make_recovery_codes(session, actor=actor, now=now)
    factors.give_second_proof(session, actor=_again(session, actor, now), code=app.at(now), now=now)
    factors.give_second_proof(session, actor=_again(session, actor, now), code=codes[0], now=now)
    factors.remove_app(session, actor=actor, now=now)
    signing_in.set_password(session, actor=actor, password_hash=passwords.hash_of("een lange zin"), now=now)
    # A code of the app changes nothing, so it is not told.
    assert _acts(session) == ["app-added", "recovery-codes-made", "recovery-code-used", "app-removed", "password-set"]


def test_an_app_that_never_counted_is_taken_away_without_a_word(session: Session, now: datetime, actor: Actor) -> None:
    factors.begin_app(session, actor=actor)
    factors.remove_app(session, actor=actor, now=now)
    assert _acts(session) == []
    assert session.scalar(select(func.count()).select_from(AuthenticatorApp)) == 0


# Sign-ins


def test_one_sign_in_is_ended_and_never_somebody_elses(session: Session, now: datetime, actor: Actor) -> None:
    other, stranger = _again(session, actor, now), builders.actor(session, now)
    signing_in.end_one_sign_in(session, actor=actor, sign_in_id=other.sign_in_id, now=now)
    assert actor_of(session, other.sign_in_id, now=now) is None
    assert actor_of(session, actor.sign_in_id, now=now) is not None
    with pytest.raises(NotFound):
        signing_in.end_one_sign_in(session, actor=actor, sign_in_id=stranger.sign_in_id, now=now)
    assert actor_of(session, stranger.sign_in_id, now=now) is not None


def test_everywhere_else_leaves_this_device(session: Session, now: datetime, actor: Actor) -> None:
    others = [_again(session, actor, now) for _ in range(2)]
    signing_in.end_other_sign_ins(session, actor=actor, now=now)
    assert [actor_of(session, other.sign_in_id, now=now) for other in others] == [None, None]
    assert actor_of(session, actor.sign_in_id, now=now) is not None


def test_what_ended_stays_ninety_days_to_look_at(session: Session, now: datetime, actor: Actor) -> None:
    other = _again(session, actor, now)
    signing_in.end_one_sign_in(session, actor=actor, sign_in_id=other.sign_in_id, now=now)
    assert {found.id: found.ended_at for found in sign_in_history(session, actor, now=now)} == {actor.sign_in_id: None, other.sign_in_id: now}
    builders.forget_expired(session, now=now + timedelta(days=89))
    expired = now + rules.SIGN_IN_LIFETIME
    later = sign_in_history(session, actor, now=now + timedelta(days=89))
    assert {found.id: found.ended_at for found in later} == {actor.sign_in_id: expired, other.sign_in_id: now}
    builders.forget_expired(session, now=now + timedelta(days=90))
    assert list(session.scalars(select(SignIn.id))) == [actor.sign_in_id]
    builders.forget_expired(session, now=expired + timedelta(days=90))
    assert list(session.scalars(select(SignIn.id))) == []


def test_who_got_it_right_starts_counting_anew(session: Session, now: datetime, actor: Actor) -> None:
    app = _with_app(session, actor, now)
    for _ in range(3):
        accounts.count_attempt(session, what=factors.SECOND_STEP, who=actor.person_id.hex, now=now)
    factors.give_second_proof(session, actor=_again(session, actor, now), code=app.at(now), now=now)
    assert session.scalar(select(func.count()).select_from(Throttle)) == 0


# Small rules


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("https://academy.almere.example", "academy.almere.example", "https://academy.almere.example"),
        ("https://academy.almere.example:443", "academy.almere.example", "https://academy.almere.example"),
        ("https://academy.almere.example:8443", "academy.almere.example", "https://academy.almere.example:8443"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
        ("http://localhost", "localhost", "http://localhost"),
    ],
)
def test_for_whom_passkeys_are_made(address: str, host: str, origin: str) -> None:
    assert relying_party(address) == rules.RelyingParty(host, origin)


def test_codes_are_read_however_they_are_typed_over() -> None:
    assert rules.bare_code(" 7K3M-xOpq-9rIl ") == "7k3mx0pq9r11"
    assert rules.bare_code("123 456") == "123456"
