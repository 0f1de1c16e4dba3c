"""Who finds a hole finds out whom to tell: /.well-known/security.txt, RFC 9116."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from academy.config import BadSettings, load_settings

SECRET = "only-for-tests-" * 3


def fields(app: Flask) -> dict[str, str]:
    answer = app.test_client().get("/.well-known/security.txt")
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    text = answer.get_data(as_text=True)
    assert text.endswith("\n")
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_it_says_whom_to_tell_until_when_and_in_which_languages(app: Flask) -> None:
    assert fields(app).keys() == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert fields(app)["Contact"] == "mailto:security@adacademy.example"
    assert fields(app)["Preferred-Languages"] == "nl, en"
    assert fields(app)["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"


def test_it_is_never_out_of_date_and_stands_less_than_a_year(app: Flask) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the page reads the real clock
    expires = datetime.strptime(fields(app)["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < expires - now < timedelta(days=365)


def test_the_place_of_before_the_standard_leads_to_it(app: Flask) -> None:
    answer = app.test_client().get("/security.txt")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/.well-known/security.txt")


@pytest.mark.parametrize(("given", "contact"), [
    ("", "mailto:security@academie.example"), ("cert@gemeente.example", "mailto:cert@gemeente.example"),
    ("mailto:cert@gemeente.example", "mailto:cert@gemeente.example"), ("https://gemeente.example/lek", "https://gemeente.example/lek"),
    ("tel:+31-36-1234567", "tel:+31-36-1234567"),
])
def test_the_contact_can_be_chosen(tmp_path: Path, given: str, contact: str) -> None:
    settings = load_settings({
        "DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET, "MAIL_FROM": "AD Academy <post@academie.example>", "SECURITY_CONTACT": given,
    })
    assert settings.security_contact == contact


@pytest.mark.parametrize("given", ["niemand", "http://gemeente.example", "a@b\nContact: mailto:x@y.example", "mailto:", "javascript:x"])
def test_what_is_no_contact_is_named(tmp_path: Path, given: str) -> None:
    with pytest.raises(BadSettings, match="SECURITY_CONTACT is no contact"):
        load_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET, "SECURITY_CONTACT": given})
