"""Every address as every role, with good and with bad input: the right status, a clear sentence, never a fault."""

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from structlog.testing import capture_logs
from werkzeug.routing import Rule

from academy.accounts import links, service
from academy.accounts.models import SignIn, SignInLink
from academy.demo import load_people
from academy.kernel.db import Database, database
from academy.search import occupations
from academy.search import service as search
from tests import builders
from tests.world import ROLES, as_role, sign_in

STRANGE = ["x", "%00", "..%2f..%2fetc", "a" * 300, "🙂", "' OR 1=1 --", "<script>", "0", "-1", "%F0%28%8C%28"]


@pytest.fixture
def house(app: Flask, database: Database) -> dict[str, str]:
    """Fill the house: a module with offerings, the people of the demo, an enrolment and a link of somebody else."""
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        load_people(session, now=now)
        owner = builders.actor(session, now, email="eigenaar@voorbeeld.nl")
        offering = builders.offering(session, now)
        paid = builders.offering(session, now, price=1000, external_id="NET-01")
        mine = builders.enrol(session, actor=owner, offering_code=offering, now=now)
        service.request_link(session, email="link@voorbeeld.nl", name="", sign_up=True, next_path="", language="nl", now=now)
        link = links.token_for(session.scalars(select(SignInLink.id)).one())
    search.rebuild(now=now)
    occupations.rebuild()
    return {"module": "netwerkbeheer", "offering": offering, "paid": paid, "enrolment": mine, "link": link}


def addresses(app: Flask, values: dict[str, str]) -> list[tuple[Rule, str, str, str]]:
    """Return (rule, method, address, value in it) for every page, with values that exist and with strange ones."""
    known = {
        "enrolment.module_page": values["module"], "enrolment.enrol": values["offering"],
        "enrolment.hold": values["offering"], "enrolment.arrive": values["offering"], "enrolment.enrolment_page": values["enrolment"],
        "enrolment.check": values["enrolment"], "enrolment.confirm": values["enrolment"], "enrolment.more_time": values["enrolment"],
        "enrolment.say_level": values["enrolment"], "attending.mine": values["enrolment"], "attending.say": values["enrolment"],
        "study_groups.leave": values["enrolment"],
        "enrolment.cancel": values["enrolment"], "leaving.leave": values["enrolment"], "accounts.open_link": values["link"],
        "catalogue.provider_page": "windesheim", "notices.letter": "x.eml", "notices.letter_html": "x.eml",
    }
    at_work = {"provider": "windesheim", "module": values["module"], "code": values["offering"]}  # what is there in a workspace
    found = []
    for rule in app.url_map.iter_rules():
        names = rule.arguments - {"lang_code"}
        for value in ([known.get(rule.endpoint, "x"), *STRANGE] if names else [""]):
            for lang in ("nl",) if value in STRANGE else ("nl", "en"):
                address = rule.rule.replace("<any(nl, en):lang_code>", lang)
                for name in names:
                    filled = at_work.get(name, value) if "provider" in names and value not in STRANGE[1:] else value
                    address = address.replace(f"<path:{name}>", filled).replace(f"<{name}>", filled)
                found += [(rule, method, address, value) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_no_address_breaks_and_closed_pages_stay_closed(app: Flask, house: dict[str, str], role: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # so that every POST reaches its view
    client = as_role(app, role)
    walked = 0
    for rule, method, address, _value in addresses(app, house):
        if rule.endpoint in {"accounts.sign_out", "accounts.sign_out_everywhere", "privacy.sign_in_again"}:
            continue  # would end the walk
        answer = client.open(address, method=method, headers={"Accept-Encoding": "gzip"})
        walked += 1
        assert answer.status_code < 500, f"{role} {method} {address}: {answer.status_code}"
        is_open = rule.endpoint == "static" or getattr(app.view_functions[rule.endpoint], "open_to_all", False)
        if role == "visitor" and not is_open:
            # A strange value may match no page at all; whatever matches must ask to sign in.
            assert answer.status_code == 303 or (answer.status_code == 404 and ("%2f" in address or "%00" in address)), f"{method} {address} is open"
            assert answer.status_code == 404 or "/sign-in" in answer.headers["Location"]
        if house["enrolment"] in address and role != "visitor":
            assert answer.status_code == 404, f"{role} reaches somebody else's enrolment at {address}"
    print(f"{role}: {walked} addresses walked")  # noqa: T201 - the count is part of the proof


def test_every_post_without_the_token_is_refused_and_changes_nothing(app: Flask, house: dict[str, str]) -> None:
    client = as_role(app, "learner")
    for rule, method, address, value in addresses(app, house):
        if method == "POST" and value not in STRANGE[1:] and rule.endpoint != "bank_notices.notice":  # the bank signs what it tells
            answer = client.post(address)
            assert answer.status_code == 400, f"{rule.endpoint} takes a POST without token"
            assert ("verlopen" if address.startswith("/nl/") else "expired") in answer.get_data(as_text=True)
    with database().reading() as session:
        assert session.scalars(select(SignInLink.used_at)).all() == [None]


BAD_INPUT = [
    ("/xx/search", 404, "bestaat niet"),
    ("/nl/niets", 404, "bestaat niet"),
    ("/nl/modules/niets", 404, "module bestaat niet"),
    ("/nl/programmes/niets", 404, "bestaat niet"),
    ("/nl/providers/niets", 404, "kennen we niet"),
    ("/nl/search?page=abc", 200, "resulta"),
    ("/nl/search?page=1000000", 200, "resulta"),
    ("/nl/search?page=-5", 200, "resulta"),
    ("/nl/search?sort=onzin", 200, "resulta"),
    ("/nl/search?sector=onzin", 200, "0 resultaten"),
    ("/nl/search?q=" + "a" * 10_000, 422, "te lang"),
    ("/nl/search?q=%00%01%1b%7f", 200, "resulta"),
    ("/nl/search?q=%22onaf", 200, "resulta"),
    ("/nl/search?q=%F0%9F%99%82", 200, "resulta"),
    ("/nl/sign-in/link/onzin", 410, "werkt niet meer"),
    ("/nl/sign-in?next=https://elders.example", 200, "Inloggen"),
    ("/nl/sign-in?next=//[", 200, "Inloggen"),
    ("/en/modules/niets", 404, "does not exist"),
    ("/static/build/" + "a" * 300 + ".css", 404, "bestaat niet"),
]


def test_bad_input_gets_a_clear_sentence(app: Flask, house: dict[str, str]) -> None:
    for address, status, says in BAD_INPUT:
        answer = app.test_client().get(address, headers={"Accept-Language": "nl"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == status, address
        assert says in page, address
        assert '"https://elders.example' not in page  # in no link and no field


def test_the_wrong_method_is_told_and_machines_get_problem_json(app: Flask, house: dict[str, str]) -> None:
    client = app.test_client()
    answer = client.put("/nl/search")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    for accept in ("application/json", "application/problem+json"):
        answer = client.get("/nl/modules/niets", headers={"Accept": accept})
        problem = json.loads(answer.data)
        assert answer.mimetype == "application/problem+json"
        assert (problem["status"], problem["code"]) == (404, "module-not-found")
        assert problem["title"]
        assert problem["detail"]
    answer = client.get("/nl/my", headers={"Accept": "application/json"})
    assert (answer.status_code, json.loads(answer.data)["code"]) == (401, "sign-in-needed")


def test_a_body_of_two_megabytes_is_refused(app: Flask, house: dict[str, str]) -> None:
    answer = app.test_client().post("/nl/sign-up", data=b"x" * 2_000_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "te groot" in answer.get_data(as_text=True)


def test_a_fault_of_ours_is_a_sentence_with_a_number_and_no_secrets(
    app: Flask, house: dict[str, str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        message = "secret detail"
        raise LookupError(message)

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("academy.catalogue.queries.providers", broken)
    answer = app.test_client().get("/nl/providers")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in page
    assert "secret detail" not in page


def test_a_busy_database_is_tried_three_times_and_then_asks_to_wait(
    app: Flask, house: dict[str, str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    from academy.kernel.errors import DatabaseBusy  # noqa: PLC0415

    tries = []

    def busy(*_: object, **__: object) -> None:
        tries.append(1)
        raise DatabaseBusy

    monkeypatch.setattr("academy.catalogue.queries.providers", busy)
    answer = app.test_client().get("/nl/providers")
    assert (answer.status_code, answer.headers["Retry-After"], len(tries)) == (503, "5", 3)


def test_answers_carry_the_security_headers(app: Flask, house: dict[str, str]) -> None:
    for address in ("/nl/", "/nl/niets", "/nl/sign-in"):
        headers = app.test_client().get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy  # no third-party host
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Request-Id"]
    nonces = {app.test_client().get("/nl/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(nonces) == 3


def test_guessing_a_password_is_slowed_down_and_then_stopped(app: Flask, house: dict[str, str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    guess = {"email": "learner@demo.example", "password": "geraden"}
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    statuses = [client.post("/nl/sign-in", data=guess, environ_base=elsewhere).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    guess["password"] = "demo-academy-2026"
    answer = client.post("/nl/sign-in", data=guess, environ_base=elsewhere)
    assert answer.status_code == 429
    assert "vaak" in answer.get_data(as_text=True)
    # A stranger elsewhere does not lock the owner out.
    assert client.post("/nl/sign-in", data=guess).status_code == 303


def test_the_answer_does_not_tell_whether_an_address_has_an_account(app: Flask, house: dict[str, str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    seen = []
    for email in ("learner@demo.example", "niemand@voorbeeld.nl"):
        client = app.test_client()
        for path, form in (("sign-up", {"email": email, "name": "Sam"}), ("sign-in/link", {"link-email": email})):
            answer = client.post(f"/nl/{path}", data=form)
            page = client.get("/nl/check-mail").get_data(as_text=True).replace(email, "…")
            seen.append((answer.status_code, answer.headers["Location"], _without_tokens(page)))
    assert seen[0] == seen[2]
    assert seen[1] == seen[3]


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line and "nonce" not in line]


def test_pages_stay_within_their_budget_of_queries(app: Flask, house: dict[str, str], queries) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    client = app.test_client()
    learner = as_role(app, "learner")
    for budget, who, address in (
        (0, client, "/nl/"), (0, client, "/nl/search?q=netwerk"), (5, learner, "/nl/search?q=netwerk"),  # who pays along
        (3, client, "/nl/modules/netwerkbeheer"), (7, learner, "/nl/modules/netwerkbeheer"),
        (2, client, "/nl/programmes"), (4, client, "/nl/providers/windesheim"), (4, learner, "/nl/my"),
    ):
        with queries(budget):
            assert who.get(address).status_code == 200


def test_an_expired_session_asks_to_sign_in_again(app: Flask, house: dict[str, str], database: Database) -> None:
    client = as_role(app, "learner")
    assert client.get("/nl/my").status_code == 200
    with database.writing() as session:
        session.execute(update(SignIn).values(expires_at=SignIn.started_at))
    assert client.get("/nl/my").status_code == 303
    assert client.get("/nl/").status_code == 200


def test_someone_sees_for_whom_they_act(app: Flask, house: dict[str, str]) -> None:
    page = as_role(app, "provider").get("/nl/my/account").get_data(as_text=True)
    assert "Windesheim in Almere" in page
    assert "redacteur, planner" in page
    assert "Voor wie je werkt" not in as_role(app, "learner").get("/nl/my/account").get_data(as_text=True)


def test_the_owner_meets_no_fault_when_cancelling_twice(app: Flask, house: dict[str, str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    sign_in(client, "eigenaar@voorbeeld.nl")
    statuses = [client.post(f"/nl/my/enrolments/{house['enrolment']}/cancel").status_code for _ in range(2)]
    assert statuses == [303, 409]


def test_another_host_name_is_refused_without_a_page(app: Flask, house: dict[str, str]) -> None:
    for address in ("/", "/nl/", "/nl/demo/mailbox", "/health/live"):
        answer = app.test_client().get(address, headers={"Host": "rebind.evil.example"})
        assert (answer.status_code, answer.mimetype) == (400, "text/plain")


def test_a_fault_leaves_no_link_and_no_address_in_the_log(
    app: Flask, house: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    words = f"{'geheim'}@voorbeeld.nl"  # put together, so that a quoted source line does not hold it

    def broken(*_: object, **__: object) -> None:
        raise LookupError(words)

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("academy.accounts.queries.valid_link", broken)
    with capture_logs() as lines:
        assert app.test_client().get(f"/nl/sign-in/link/{house['link']}").status_code == 500
    said = f"{lines}{caplog.text}"
    assert "fault" in said
    assert house["link"] not in said
    assert words not in said
