"""There is an account for every role of the demo, and it is made once."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts import passwords, queries
from academy.accounts.api import Role
from academy.catalogue import api as catalogue
from academy.demo import ACCOUNTS, load_demo, load_people
from academy.demo.people import DEMO_PASSWORD


def test_every_role_of_the_demo_has_an_account() -> None:
    roles = {role for account in ACCOUNTS for role in account.roles}
    assert roles >= {Role.EDITOR, Role.BUYER, Role.EXAM_BOARD, Role.DEAN, Role.FUND_MANAGER, Role.OFFICE}
    assert any(not account.roles for account in ACCOUNTS)
    assert len({account.email for account in ACCOUNTS}) == len(ACCOUNTS)
    assert all(account.email.endswith("@demo.example") for account in ACCOUNTS)


def test_people_can_sign_in_and_act_for_their_organisation(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    for _twice in range(2):
        assert load_people(session, now=now) == len(ACCOUNTS)
    for account in ACCOUNTS:
        known = queries.credentials_of(session, account.email)
        assert known is not None
        assert passwords.matches(known.password_hash, DEMO_PASSWORD)
        memberships = accounts.memberships_of(session, known.person_id)
        assert {membership.role for membership in memberships} == set(account.roles)


def test_the_provider_of_the_catalogue_and_of_its_people_is_one(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    assert catalogue.provider_by_slug(session, "windesheim").name == "Windesheim in Almere"
    names = {account.organisation.name for account in ACCOUNTS if account.organisation is not None}
    assert "Windesheim in Almere" in names
