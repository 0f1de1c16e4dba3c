"""The name of a skill that a classification has in one language only says which, so that it is read aloud as it should (WCAG 3.1.2)."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.employers.pages.fitting import because_words
from academy.employers.rules.matching import Because, Match, Reason
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.search import service as search
from academy.skills import drafting
from academy.skills import service as skill_service
from tests import builders
from tests.employers.test_matching_queries import module
from tests.skills.conftest import WELD, Esco

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(app: Flask, database: Database, tmp_path: Path) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        skill_service.load_version(session, drafting.prepare(Esco().write(tmp_path / "esco"), version="1.1.1"), now=utc_now())
        module(session, utc_now(), "Lassen onder water", uri=WELD, number=1, provider_id=builders.provider(session))
    search.rebuild(now=utc_now())
    return app.test_client()


@pytest.mark.parametrize(("lang", "name"), [("nl", '<span lang="en">weld underwater</span>'), ("en", "weld underwater")])
def test_a_skill_without_a_name_in_the_readers_language_says_in_which_it_stands(client: FlaskClient, lang: str, name: str) -> None:
    part = client.post(f"/{lang}/demand/matches", data={"words": "weld underwater"}, headers=HTMX).get_data(as_text=True)
    teaches = {"nl": "leert", "en": "teaches"}[lang]
    assert f"{teaches}: {name}" in part
    assert (name if lang == "nl" else f"<span>{name}</span>") in part.partition("</label>")[0]
    assert part.count("lang=") == (2 if lang == "nl" else 0)


def test_what_a_name_holds_is_text_and_never_html(app: Flask) -> None:
    match = Match(1.0, (Because(Reason.SKILL, ("a", "b", "strange")),), ())
    with app.test_request_context("/nl/"):
        said = because_words(match, {"a": Localized(en="saw <b> & 100%"), "b": Localized(nl="“meten” <i>")})
    assert said == ['leert: <span lang="en">saw &lt;b&gt; &amp; 100%</span>, “meten” &lt;i&gt;, strange']
