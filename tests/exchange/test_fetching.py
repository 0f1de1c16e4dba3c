"""One page over HTTP: whatever the other side does, it is a page or a problem with a code, in time, and no secret comes out."""

import gzip
import json
import logging
import ssl
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from academy.exchange import http_gateway
from academy.exchange.gateway import Credential, FetchProblem, HarvestStopped, Page, PageRequest, without_secrets
from academy.exchange.http_gateway import HttpGateway, Limits
from tests.exchange.hostile_server import (
    Answer,
    Asked,
    Behave,
    HostileServer,
    answered,
    closed_port,
    dripping_handshake,
    envelope,
)

LIMITS = Limits(  # patient enough for a machine that does more than this
    connect_seconds=2, read_seconds=2, answer_seconds=4, page_bytes=100_000, attempts=3, first_pause_seconds=0.01, longest_pause_seconds=2,
)
HASTY = replace(LIMITS, connect_seconds=0.3, read_seconds=0.2, answer_seconds=0.4)  # for who is never in time
KEY = Credential("Authorization", "Bearer very-secret", "the password of feed Windesheim")
GOOD = answered(envelope([{"courseId": "1"}]))


def fetch(url: str, limits: Limits = LIMITS, *, seconds: float = 20, **how: Any) -> Page:
    gateway = HttpGateway(limits, allow_private=how.pop("allow_private", True), **{name: how.pop(name) for name in ("resolve",) if name in how})
    return gateway.fetch(PageRequest(url, **how), deadline=time.monotonic() + seconds)


def problem(url: str, limits: Limits = LIMITS, **how: Any) -> FetchProblem:
    with pytest.raises(HarvestStopped) as caught:
        fetch(url, limits, **how)
    return caught.value.problem


def code_of(*turns: Answer | Behave, limits: Limits = LIMITS) -> tuple[str, int]:
    """Return the code of the problem and after how many requests it came."""
    with HostileServer(*turns) as server:
        return problem(server.url, limits).code, len(server.asked)


def test_a_page_comes_with_its_value_type_encoding_and_etag() -> None:
    with HostileServer(answered({"items": [{"code": 7412.10}]}, headers={"ETag": '"a1"'})) as server:
        page = fetch(f"{server.url}/courses", params=(("pageNumber", "2"),), headers=(("Accept", "application/json; version=5"),), credential=KEY)
    assert (page.value, page.status, page.encoding, page.etag) == ({"items": [{"code": "7412.1"}]}, 200, "utf-8", '"a1"')
    asked = server.asked[0]
    assert (asked.path, dict(asked.params)) == ("/courses", {"pageNumber": "2"})
    assert (asked.headers["Accept"], asked.headers["Authorization"]) == ("application/json; version=5", "Bearer very-secret")


def test_a_compressed_page_is_unpacked() -> None:
    with HostileServer(Answer(gzip.compress(GOOD.body), headers={"Content-Encoding": "gzip"})) as server:
        assert fetch(server.url).value["items"] == [{"courseId": "1"}]


# What may pass is tried again --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [
    Answer(status=500), Answer(status=502), Answer(status=503), Answer(status=504), Answer(status=429), Answer(b""), Answer(b" \n"),
    Answer(GOOD.body[:-5]), Answer(GOOD.body, length=len(GOOD.body) + 10), Answer(raw=b""), Answer(raw=b"SSH-2.0-x\r\n"),
])
def test_a_fault_that_passes_is_not_seen(fault: Answer) -> None:
    with HostileServer(fault, GOOD) as server:
        assert fetch(server.url).value["items"] == [{"courseId": "1"}]
        assert len(server.asked) == 2


def test_a_silence_that_passes_is_not_seen() -> None:
    with HostileServer(Answer(silence=1.5), GOOD) as server:
        assert fetch(server.url, replace(LIMITS, read_seconds=1)).value["items"] == [{"courseId": "1"}]
        assert len(server.asked) == 2


@pytest.mark.parametrize(("fault", "code"), [
    (Answer(status=500), "server-error"),
    (Answer(status=503), "busy"),
    (Answer(status=429), "busy"),
    (Answer(b""), "empty-answer"),
    (Answer(b'{"items": [{"name": "brok'), "half-answer"),
    (Answer(b'{"items": [{"a": 1},'), "half-answer"),
    (Answer(GOOD.body, length=len(GOOD.body) + 10), "half-answer"),
    (Answer(raw=b""), "half-answer"),
    (Answer(b"not gzip at all", headers={"Content-Encoding": "gzip"}), "half-answer"),
])
def test_a_fault_that_stays_stops_the_harvest_after_three_attempts(fault: Answer, code: str) -> None:
    assert code_of(fault) == (code, 3)


def test_a_silence_that_stays_stops_the_harvest_after_three_attempts() -> None:
    assert code_of(Answer(silence=0.5), limits=HASTY) == ("timed-out", 3)


def test_the_pause_grows_and_retry_after_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    assert code_of(Answer(status=500), limits=replace(LIMITS, attempts=4)) == ("server-error", 4)
    assert slept == [0.01, 0.02, 0.04]
    slept.clear()
    with HostileServer(Answer(status=503, headers={"Retry-After": "1"}), GOOD) as server:
        assert fetch(server.url).status == 200
    assert slept == [1]


@pytest.mark.parametrize("wait", ["3600", "9" * 400, "Fri, 31 Dec 2099 23:59:59 GMT"])
def test_an_endpoint_that_asks_to_wait_longer_than_we_do_is_left_alone(wait: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    with HostileServer(Answer(status=429, headers={"Retry-After": wait})) as server:
        assert problem(server.url, seconds=float("inf")).code == "busy"
        assert len(server.asked) == 1


@pytest.mark.parametrize("wait", ["soon", "-1", "Fri, 31 Dec 2010 23:59:59 GMT"])
def test_a_retry_after_that_makes_no_sense_does_no_harm(wait: str) -> None:
    assert code_of(Answer(status=429, headers={"Retry-After": wait})) == ("busy", 3)


def test_nobody_listening_and_an_unknown_host_are_named() -> None:
    with closed_port() as url:
        assert problem(url).code == "not-reached"

    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError

    assert problem("http://nowhere.example", resolve=unknown).code == "host-unknown"


# What does not pass stops at once ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "code"), [
    (Answer(status=401), "credential-refused"),
    (Answer(status=403), "credential-refused"),
    (Answer(status=404), "not-found"),
    (Answer(status=406), "version-not-offered"),
    (Answer(status=418), "status-unexpected"),
    (Answer(b"<!DOCTYPE html><title>Sign in</title>", content_type="text/html"), "html-instead-of-json"),
    (Answer(b"\xef\xbb\xbf <html>"), "html-instead-of-json"),
    (Answer(b'{"items": [}]}'), "not-json"),
    (Answer(b'{"items": [NaN]}'), "not-json"),
    (Answer(b'{"items": [' + b"9" * 5000 + b"]}"), "not-json"),
    (Answer(b"[" * 10_000 + b"]" * 10_000), "nested-too-deep"),
    (Answer(b"[" * 200 + b"]" * 200), "nested-too-deep"),
    (Answer(json.dumps(["x" * 200_000]).encode()), "too-large"),
    (Answer(gzip.compress(b"[" + b" " * 50_000_000 + b"]"), headers={"Content-Encoding": "gzip"}), "too-large"),
])
def test_what_does_not_pass_is_asked_once(answer: Answer, code: str) -> None:
    assert code_of(answer) == (code, 1)


def test_a_refused_credential_names_its_setting_and_not_its_value() -> None:
    with HostileServer(Answer(status=401)) as server:
        found = problem(server.url, credential=KEY)
    assert KEY.setting in found.reason
    assert "very-secret" not in f"{found}{KEY!r}"


def test_a_credential_that_does_not_fit_in_a_header_is_refused_unspoken() -> None:
    with HostileServer(GOOD) as server:
        found = problem(server.url, credential=replace(KEY, value="secret\r\nX-Evil: 1"))
        assert (found.code, server.asked) == ("credential-refused", [])
    assert "Evil" not in str(found)


# Time --------------------------------------------------------------------------------------------------------------------------------


SLOW_HEADER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


@pytest.mark.parametrize("dripping", [
    Answer(GOOD.body * 100, drip=0.05),
    Answer(GOOD.body * 100, length=-1, drip=0.05),
    Answer(raw=SLOW_HEADER, drip=0.05),
    Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 200, drip=0.05),
], ids=["body", "body without length", "header", "chunks"])
def test_a_server_that_drips_is_cut_off(dripping: Answer) -> None:
    began = time.monotonic()
    assert code_of(dripping, limits=replace(HASTY, attempts=1)) == ("timed-out", 1)
    assert 0.3 < time.monotonic() - began < 10  # all of it would take much longer


def test_a_name_server_that_is_silent_is_not_waited_for() -> None:
    def silent(_host: str, _port: int) -> list[str]:
        time.sleep(15)
        return ["127.0.0.1"]

    began = time.monotonic()
    assert problem("http://slow.example", replace(HASTY, attempts=1, connect_seconds=0.2), resolve=silent).code == "timed-out"
    assert time.monotonic() - began < 10


def test_the_end_of_the_harvest_is_the_end_of_every_attempt() -> None:
    with HostileServer(Answer(silence=20)) as server:
        began = time.monotonic()
        assert problem(server.url, replace(LIMITS, read_seconds=20, answer_seconds=20), seconds=0.2).code == "timed-out"
        assert time.monotonic() - began < 10


# Where to ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [
    "ftp://example.org/x", "file:///etc/passwd", "https://", "courses", "http://user:password@example.org/", "http://[bad/", "http://a:99999/",
])
def test_an_address_that_is_none_of_http_is_refused_without_repeating_it(url: str) -> None:
    found = problem(url)
    assert found.code == "address-not-valid"
    assert "password@" not in str(found)


@pytest.mark.parametrize("address", [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "0.0.0.0", "::1",  # noqa: S104 - nobody binds
    "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1",
    "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:db8::1",
])
def test_private_addresses_are_refused_in_every_disguise(address: str) -> None:
    assert problem("http://example.org", allow_private=False, resolve=lambda *_: [address]).code == "address-refused"
    assert problem("http://example.org", allow_private=False, resolve=lambda *_: ["93.184.215.14", address]).code == "address-refused"


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_tried(address: str) -> None:
    found = problem("http://example.org", allow_private=False, resolve=lambda *_: [address])
    assert found.code == "not-reached"  # tests do not connect to other machines


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "localhost", "[::1]"])
def test_the_machine_itself_is_not_reached_by_any_name(host: str) -> None:
    with HostileServer(GOOD) as server:
        port = server.url.rpartition(":")[2]
        assert problem(f"http://{host}:{port}/", allow_private=False).code in {"address-refused", "host-unknown"}
        assert server.asked == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name server that answers something else the second time is not asked a second time."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    with HostileServer(GOOD) as server:
        port = server.url.rpartition(":")[2]
        fetch(f"http://rebinding.example:{port}/", resolve=lambda *_: answers.pop(0))
        assert server.asked[0].headers["Host"] == f"rebinding.example:{port}"
    assert len(answers) == 1


def test_the_next_address_is_tried_when_the_first_is_silent() -> None:
    with HostileServer(GOOD) as server:
        port = server.url.rpartition(":")[2]
        assert fetch(f"http://two.example:{port}/", resolve=lambda *_: ["127.0.0.2", "127.0.0.1"]).status == 200


def redirect(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to})


def test_three_redirects_on_the_same_host_are_followed_and_no_more() -> None:
    with HostileServer(redirect("/a"), redirect("b"), redirect("/c?pageNumber=1"), GOOD) as server:
        assert fetch(server.url, credential=KEY).status == 200
        assert [asked.path for asked in server.asked] == ["/", "/a", "/b", "/c"]
    assert code_of(redirect("/again")) == ("redirect-refused", 4)


@pytest.mark.parametrize("to", [
    "http://other.example/", "//other.example/", "http://127.0.0.1:1/", "file:///etc/passwd", "http://[bad", "https://127.0.0.1/",
])
def test_a_redirect_to_elsewhere_is_not_followed(to: str) -> None:
    code, asked = code_of(redirect(to))
    assert (code in {"redirect-refused", "address-not-valid"}, asked) == (True, 1)


def test_a_redirect_that_lands_on_a_private_address_is_refused() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    with HostileServer(redirect("/next")) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(http_gateway, "_is_public", lambda address: address == "127.0.0.1")
        port = server.url.rpartition(":")[2]
        found = problem(f"http://a.example:{port}/", allow_private=False, resolve=lambda *_: answers.pop(0))
    assert found.code == "address-refused"


# TLS ---------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for the name academy.example; only the authority beside it vouches for it."""
    path, authority = tmp_path_factory.mktemp("tls") / "both.pem", trustme.CA()
    authority.issue_cert("academy.example").private_key_and_cert_chain_pem.write_to_path(path)
    authority.cert_pem.write_to_path(path.with_suffix(".crt"))
    return path


def served(certificate: Path) -> HostileServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return HostileServer(GOOD, certificate=context)


@pytest.mark.parametrize(("name", "trusted", "code"), [
    ("academy.example", True, ""), ("academy.example", False, "tls-refused"), ("other.example", True, "tls-refused"),
])
def test_a_certificate_is_checked_for_who_signed_it_and_for_the_name(certificate: Path, name: str, trusted: bool, code: str) -> None:
    context = ssl.create_default_context(cafile=str(certificate.with_suffix(".crt"))) if trusted else None
    gateway = HttpGateway(LIMITS, allow_private=True, resolve=lambda *_: ["127.0.0.1"], certificates=context)
    with served(certificate) as server:
        request = PageRequest(f"https://{name}:{server.url.rpartition(':')[2]}/")
        try:
            found = "" if gateway.fetch(request, deadline=time.monotonic() + 5).status == 200 else "?"
        except HarvestStopped as stop:
            found = stop.problem.code
    assert (found, len(server.asked)) == (code, 0 if code else 1)


def test_a_handshake_that_drips_is_cut_off_and_a_server_without_tls_is_named() -> None:
    began = time.monotonic()
    with dripping_handshake(0.05) as url:
        assert problem(url, replace(HASTY, attempts=1)).code == "timed-out"
    assert 0.3 < time.monotonic() - began < 10  # all of it would take much longer
    with HostileServer(GOOD) as server:
        assert problem(server.url.replace("http:", "https:")).code == "tls-refused"


# Secrets -----------------------------------------------------------------------------------------------------------------------------


def test_an_address_is_shown_without_what_could_be_a_secret() -> None:
    url = "https://me:pw@host.example:8443/v1/KEY_8e0eecf8d38141f7aa98/courses/5f1c1a2e-1111-4a4a-9a9a-000000000001?token=abc&pageNumber=3#x"
    shown = "https://host.example:8443/v1/…/courses/5f1c1a2e-1111-4a4a-9a9a-000000000001?token=…&pageNumber=3"
    assert without_secrets(url) == shown
    assert without_secrets("http://[bad") == "…"


def test_no_secret_reaches_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    broken_header = Answer(raw=b"HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\nnot a header\r\n\r\n")

    def refuse(asked: Asked) -> Answer:
        return Answer(json.dumps(dict(asked.headers)).encode(), status=400)  # says back what we sent

    with HostileServer(broken_header, refuse) as server, pytest.raises(HarvestStopped) as caught:
        fetch(f"{server.url}/?key=very-secret", credential=KEY)
    assert len(server.asked) == 2
    everything = f"{caplog.text}{caught.value!r}{caught.value}{caught.value.problem}"
    assert "very-secret" not in everything
    assert "key=…" in everything
