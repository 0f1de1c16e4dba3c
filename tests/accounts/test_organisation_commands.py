"""Organisations that nobody starts on a page get there, and get their first owner, from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from click.testing import CliRunner, Result

from academy.accounts.cli import organisation_commands
from academy.accounts.models import OrganisationKind, Role
from academy.accounts.queries import memberships_of
from academy.accounts.service import trail
from academy.kernel.db import Database
from tests import builders


@contextmanager
def _house() -> Iterator[None]:
    yield


def _run(*words: str) -> Result:
    return CliRunner().invoke(organisation_commands(_house), list(words))


def test_an_office_gets_there_and_gets_its_first_owner(database: Database, now: datetime) -> None:
    with database.writing() as session:
        kim = builders.actor(session, now, email="kim@voorbeeld.nl")
    assert _run("add", "bureau", "Programmabureau", "--kind", "office").exit_code == 0
    assert _run("appoint", "bureau", "Kim@voorbeeld.nl").exit_code == 0
    with database.reading() as session:
        found = [(one.organisation_slug, one.kind, one.role) for one in memberships_of(session, kim.person_id)]
        assert found == [("bureau", OrganisationKind.OFFICE, Role.OWNER)]
        assert trail.verify(session).end.number == 1


def test_nobody_is_appointed_without_an_account_or_to_a_role_that_is_not_there(database: Database, now: datetime) -> None:
    with database.writing() as session:
        kim = builders.actor(session, now, email="kim@voorbeeld.nl")
    _run("add", "bureau", "Programmabureau", "--kind", "office")
    for words in (("bureau", "onbekend@voorbeeld.nl"), ("nergens", "kim@voorbeeld.nl"), ("bureau", "kim@voorbeeld.nl", "--role", "buyer")):
        done = _run("appoint", *words)
        assert done.exit_code == 1
        assert "sign up first" in done.output
    with database.reading() as session:
        assert memberships_of(session, kim.person_id) == []


def test_a_slug_must_fit_in_an_address() -> None:
    done = _run("add", "Scholen Groep", "Scholengroep", "--kind", "school")
    assert done.exit_code == 2
    assert "scholen-groep" in done.output
