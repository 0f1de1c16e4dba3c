"""The letter about an account that nobody uses: on which day it ends, how to keep it, and no letter for who came back."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from academy.accounts.service import signing_in, unused
from academy.kernel.db import Database
from academy.notices import letters
from tests import builders

THEN = datetime(2024, 3, 1, 9, tzinfo=UTC)
LATER = THEN + timedelta(days=730)


@pytest.mark.parametrize(("language", "words", "day"), [("nl", "Op di 31 maart 2026", "Log in"), ("en", "On Tue 31 March 2026", "Sign in")])
def test_it_says_when_the_account_ends_in_the_language_of_its_reader(app: Flask, database: Database, language: str, words: str, day: str) -> None:
    with database.writing() as session:
        person_id = builders.actor(session, THEN, language=language).person_id
        unused.end_unused(session, LATER, 10)
    with app.app_context(), database.reading() as session:
        letter = letters.unused_letter(session, person_id)
    assert letter is not None
    assert words in letter.text
    assert day in letter.text
    assert f"/{language}/sign-in" in letter.text


def test_who_came_back_gets_none(app: Flask, database: Database) -> None:
    with database.writing() as session:
        person_id = builders.actor(session, THEN).person_id
        unused.end_unused(session, LATER, 10)
        signing_in.start_sign_in(session, person_id=person_id, device="", now=LATER)
    with app.app_context(), database.reading() as session:
        assert letters.unused_letter(session, person_id) is None
