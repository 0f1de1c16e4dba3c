"""Settings: a local installation needs none, production refuses to start half set up, and its pages are closed to what is local."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from academy.app import create_app
from academy.config import BadSettings, load_settings
from academy.kernel.db import database
from academy.search import service as search
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.meilisearch_engine import MeilisearchEngine

SECRET = "only-for-tests-" * 3
PRODUCTION = {"BASE_URL": "https://academie.example", "SECRET_KEY": SECRET, "SMTP_URL": "smtp://127.0.0.1:9"}

EDUID = {"OIDC_EDUID_ISSUER": "https://eduid.example", "OIDC_EDUID_CLIENT_ID": "us", "OIDC_EDUID_CLIENT_SECRET": "x" * 31}


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in PRODUCTION.items() if key != name}


# Settings


def test_a_local_installation_needs_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/academy.db"
    assert (settings.base_url, settings.port, settings.log_level) == ("http://127.0.0.1:8000", 8000, "info")
    assert (settings.smtp_url, settings.mail_from) == ("", "AD Academy <noreply@adacademy.example>")
    assert settings.is_local
    assert settings.has_demo_mailbox


def test_what_is_set_empty_is_not_set(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), "PORT": "", "BASE_URL": "", "SECRET_KEY": "", "DATABASE_URL": ""})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert len(settings.secret_key) >= 32


def test_the_port_is_part_of_the_local_address(tmp_path: Path) -> None:
    assert load_settings({"DATA_DIR": str(tmp_path), "PORT": "8123"}).base_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(("wrong", "named"), [
    (without("SECRET_KEY"), "set SECRET_KEY"),
    (without("SMTP_URL"), "set SMTP_URL"),
    (PRODUCTION | {"SECRET_KEY": "x" * 31}, "SECRET_KEY is too short"),
    ({"SECRET_KEY": "x" * 31}, "SECRET_KEY is too short"),
    ({"PORT": "0"}, "PORT is '0'"),
    ({"PORT": "65536"}, "PORT is '65536'"),
    ({"PORT": "http"}, "PORT is 'http'"),
    ({"PORT": "-1"}, "PORT is '-1'"),
    ({"MEILISEARCH_URL": "search.example", "MEILISEARCH_KEY": "x" * 31}, "MEILISEARCH_URL is no address"),
    (PRODUCTION | {"MEILISEARCH_URL": "https://search.example"}, "set MEILISEARCH_KEY"),
    ({"OIDC_EDUID_ISSUER": "https://eduid.example"}, "set OIDC_EDUID_CLIENT_ID and OIDC_EDUID_CLIENT_SECRET too"),
    ({"OIDC_SURFCONEXT_CLIENT_ID": "us", "OIDC_SURFCONEXT_CLIENT_SECRET": "x" * 31}, "set OIDC_SURFCONEXT_ISSUER too"),
    ({**EDUID, "OIDC_EDUID_ISSUER": "eduid.example"}, "OIDC_EDUID_ISSUER is no address"),
    ({**EDUID, "OIDC_EDUID_ISSUER": "http://eduid.example"}, "OIDC_EDUID_ISSUER begins with http"),
    (PRODUCTION | EDUID | {"OIDC_EDUID_ISSUER": "http://127.0.0.1:9400"}, "OIDC_EDUID_ISSUER begins with http"),
])
def test_a_wrong_setting_is_named_with_what_to_do(tmp_path: Path, wrong: dict[str, str], named: str) -> None:
    with pytest.raises(BadSettings, match=named) as refused:
        load_settings({"DATA_DIR": str(tmp_path), **wrong})
    said = str(refused.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert "x" * 31 not in said, "a secret is not repeated"
    assert list(tmp_path.iterdir()) == [], "nothing is made for an installation that does not start"


def test_production_with_all_it_needs(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), **PRODUCTION})
    assert not settings.is_local
    assert settings.mail_from == "AD Academy <noreply@academie.example>"
    assert list(tmp_path.iterdir()) == [], "the secret comes from the environment and is not stored"


def test_people_sign_in_at_the_providers_that_are_set(tmp_path: Path) -> None:
    assert load_settings({"DATA_DIR": str(tmp_path), **PRODUCTION}).identity_providers == ()
    settings = load_settings({"DATA_DIR": str(tmp_path), **PRODUCTION, **EDUID})
    assert [(each.code, each.name, each.issuer) for each in settings.identity_providers] == [("eduid", "eduID", "https://eduid.example")]
    assert "x" * 31 not in repr(settings), "a secret is not shown"


def test_with_a_server_for_it_search_is_done_there(tmp_path: Path) -> None:
    here = {"DATA_DIR": str(tmp_path), "LOG_LEVEL": "error", "SECRET_KEY": SECRET}
    create_app(load_settings(here))
    assert isinstance(search.engine(), EmbeddedEngine)
    create_app(load_settings(here | {"MEILISEARCH_URL": "http://127.0.0.1:9/", "MEILISEARCH_KEY": "x"}))
    assert isinstance(search.engine(), MeilisearchEngine)


@pytest.mark.parametrize(("address", "local"), [
    ("http://localhost", True), ("http://localhost:8000/", True), ("http://127.0.0.1:9000", True), ("http://[::1]:8000", True),
    ("https://academie.example", False), ("http://192.168.1.10:8000", False), ("http://localhost.academie.example", False),
    ("http://127.0.0.1.nip.io", False), ("https://academie.example/?localhost", False),
])
def test_only_a_loopback_address_is_local(tmp_path: Path, address: str, local: bool) -> None:
    assert load_settings({"DATA_DIR": str(tmp_path), **PRODUCTION, "BASE_URL": address}).is_local is local


@pytest.mark.parametrize(("address", "smtp", "mailbox"), [
    ("http://localhost", "", True), ("http://localhost", "smtp://127.0.0.1:9", False),
    ("https://academie.example", "smtp://127.0.0.1:9", False),
])
def test_the_demo_mailbox_is_local_and_without_smtp(tmp_path: Path, address: str, smtp: str, mailbox: bool) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET, "BASE_URL": address, "SMTP_URL": smtp})
    assert settings.has_demo_mailbox is mailbox


def test_an_own_secret_stays_the_same_and_is_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (load_settings({"DATA_DIR": str(tmp_path)}).secret_key for _start in range(2))
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert load_settings({"DATA_DIR": str(tmp_path / "other")}).secret_key != first


def test_a_data_directory_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadSettings, match=r"file/var can not be written \(Not a directory\)\. Give a writable one with DATA_DIR"):
        load_settings({"DATA_DIR": str(tmp_path / "file" / "var")})


# What the settings do


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Flask]:
    yield create_app(load_settings({"DATA_DIR": str(tmp_path), "LOG_LEVEL": "error", **PRODUCTION}))
    database().close()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Flask]:
    yield create_app(load_settings({"DATA_DIR": str(tmp_path), "LOG_LEVEL": "error", "SECRET_KEY": SECRET}))
    database().close()


HERE = {"base_url": "https://academie.example"}
MAILBOX = ("/nl/demo/mailbox", "/nl/demo/mailbox/x.eml", "/nl/demo/mailbox/x.eml/html")


def test_the_demo_mailbox_does_not_exist_in_production(production: Flask) -> None:
    assert not [rule.endpoint for rule in production.url_map.iter_rules() if rule.endpoint.startswith("notices.")]
    for address in MAILBOX:
        assert production.test_client().get(address, **HERE).status_code == 404


def test_the_demo_mailbox_exists_locally(local: Flask) -> None:
    assert local.test_client().get(MAILBOX[0]).status_code == 200


def cookie_of(app: Flask, base_url: str) -> str:
    answer = app.test_client().get("/nl/sign-in", base_url=base_url)
    assert answer.status_code == 200
    return answer.headers["Set-Cookie"]


def test_the_session_cookie_is_secure_in_production(production: Flask) -> None:
    cookie = cookie_of(production, "https://academie.example")
    for word in ("academy_session=", "Secure", "HttpOnly", "SameSite=Lax"):
        assert word in cookie


def test_the_session_cookie_works_without_https_locally(local: Flask) -> None:
    assert "Secure" not in cookie_of(local, "http://127.0.0.1:8000")


@pytest.mark.parametrize(("host", "status"), [
    ("academie.example", 200), ("academie.example:443", 200), ("elders.example", 400), ("academie.example.elders.example", 400),
    ("127.0.0.1", 400), ("www.academie.example", 400),
])
def test_production_answers_to_its_own_name_only(production: Flask, host: str, status: int) -> None:
    answer = production.test_client().get("/nl/about", headers={"Host": host}, base_url="https://academie.example")
    assert answer.status_code == status
    assert "elders.example" not in answer.get_data(as_text=True)


def who_asks(app: Flask, base_url: str) -> str | None:
    """Return the address that throttling and logs see behind a proxy at 10.0.0.1; a visitor may send a line of his own before it."""
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get(
        "/nl/about", base_url=base_url, headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.7"},
        environ_overrides={"REMOTE_ADDR": "10.0.0.1"},
    )
    return seen[0]


def test_behind_the_proxy_the_visitor_is_who_the_proxy_says(production: Flask) -> None:
    assert who_asks(production, "https://academie.example") == "203.0.113.7"


def test_without_a_proxy_nobody_can_choose_an_address(local: Flask) -> None:
    assert who_asks(local, "http://127.0.0.1:8000") == "10.0.0.1"
