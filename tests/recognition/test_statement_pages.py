"""The page behind the link in the letter to somebody at work, opened without an account, and the page on which the learner asks."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.kernel.db import Database
from academy.recognition import links
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import FileState
from academy.recognition.queries.library import statements_of
from tests.recognition.keeping import in_file
from tests.recognition.reading import SignIn, send, sign_in_to, text
from tests.recognition.world import World, make_world

F = FileState
ASK = {"name": "Ina Baas", "email": "ina@bakkerij.nl", "employer": "Bakkerij Jansen", "kvk_number": ""}
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def sign_in(app: Flask, world: World) -> SignIn:
    return sign_in_to(app, world)


@pytest.fixture
def file(world: World) -> FileFacts:
    return world.file(F.PORTFOLIO_OPEN, evidence=[])


@pytest.fixture
def link(world: World, sign_in: SignIn, file: FileFacts) -> str:
    """Return the address in the letter."""
    send(sign_in(world.learner), f"/nl/my/recognition/{file.code}/statements", **ASK)
    return f"/nl/recognition/statements/{links.statement_token_for(asked(world, file.id))}"


def asked(world: World, file_id: UUID) -> UUID:
    with world.database.reading() as session:
        return statements_of(session, file_id)[-1].id


def said(world: World, *answers: str) -> dict[str, str]:
    return {f"outcome_{each.hex}": answer for each, answer in zip(world.outcomes, answers, strict=False)}


def test_the_learner_asks_and_sees_how_it_stands(world: World, sign_in: SignIn, file: FileFacts) -> None:
    learner, address = sign_in(world.learner), f"/nl/my/recognition/{file.code}/statements"
    assert send(learner, address, **ASK) == address
    page = text(learner, address)
    assert "Ina Baas, Bakkerij Jansen" in page
    assert "Wacht op antwoord" in page
    assert "Deze persoon heb je voor deze aanvraag al gevraagd." in send(learner, address, 409, **ASK)
    assert "Een verklaring over jezelf" in send(learner, address, 409, **(ASK | {"email": world.learner.email}))


@pytest.mark.parametrize(("wrong", "words"), [
    ({"email": "ina"}, "Dit is geen e-mailadres."), ({"name": ""}, "Vul de naam in"),
    ({"kvk_number": "12"}, "acht cijfers"), ({"employer": " "}, "Vul in waar je werkt."),
])
def test_what_is_wrong_is_said_and_no_letter_goes(world: World, sign_in: SignIn, file: FileFacts, wrong: dict[str, str], words: str) -> None:
    assert words in send(sign_in(world.learner), f"/nl/my/recognition/{file.code}/statements", 422, **(ASK | wrong))
    with world.database.reading() as session:
        assert statements_of(session, file.id) == ()


def test_who_got_the_letter_answers_without_an_account_and_the_assessor_reads_it(
    world: World, client: FlaskClient, sign_in: SignIn, file: FileFacts, link: str, queries: Budget,
) -> None:
    with queries(6):
        page = text(client, link)
    assert "Wat kan Sam de Vries?" in page
    assert "Je richt een netwerk in." in page
    led = send(client, link, **said(world, "yes", "partly", "no"), words="Elke week, in onze winkel.")
    assert "Je verklaring is bewaard." in text(client, led)
    (outcomes,) = in_file(world, file.id).values()
    assert outcomes == set(world.outcomes[:2])
    page = text(sign_in(world.learner), f"/nl/my/recognition/{file.code}/evidence")
    assert "Elke week, in onze winkel." in page
    assert "Deels: Je beveiligt een netwerk." in page
    assert "al beantwoord" in text(client, link, 410)


def test_an_answer_must_be_whole(world: World, client: FlaskClient, file: FileFacts, link: str) -> None:
    for answers, words in ((said(world, "yes", "no"), "Ik zag het."), (said(world, "yes", "no", "maybe"), "Ik zag het."), (said(world, "yes", "no", "no"), "")):
        send(client, link, 422, **answers, words=words)
    assert in_file(world, file.id) == {}


def test_one_may_say_no(world: World, client: FlaskClient, file: FileFacts, link: str) -> None:
    assert "Je geeft geen verklaring." in text(client, send(client, f"{link}/decline"))
    assert "al beantwoord" in send(client, link, 410, **said(world, "yes", "yes", "yes"), words="Toch.")
    assert in_file(world, file.id) == {}


def test_the_learner_who_opens_the_link_can_not_answer(world: World, sign_in: SignIn, file: FileFacts, link: str) -> None:
    learner = sign_in(world.learner)
    page = text(learner, link)
    assert "Dit gaat over jou" in page
    assert "Verstuur je verklaring" not in page
    send(learner, link, 409, **said(world, "yes", "yes", "yes"), words="Ik kan alles.")
    send(learner, f"{link}/decline", 409)
    assert in_file(world, file.id) == {}


@pytest.mark.parametrize("token", ["x", "IjAxIg.abc", "a" * 500])
def test_a_link_that_is_not_ours_opens_nothing(world: World, client: FlaskClient, token: str) -> None:
    for address in (f"/nl/recognition/statements/{token}", f"/nl/recognition/statements/{token}/thanks"):
        text(client, address, 404)
    send(client, f"/nl/recognition/statements/{token}/decline", 404)


def test_a_link_for_something_else_opens_nothing(world: World, client: FlaskClient, file: FileFacts, link: str) -> None:
    text(client, f"/nl/recognition/statements/{links.agreement_token_for(asked(world, file.id))}", 404)
    text(client, f"/nl/recognition/statements/{links.statement_token_for(file.id)}", 410)
    text(client, f"{link}/thanks", 404)  # nothing was said yet


def test_no_search_engine_keeps_the_page(client: FlaskClient, link: str) -> None:
    answer = client.get(link)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_what_was_written_is_shown_as_text(world: World, client: FlaskClient, sign_in: SignIn, file: FileFacts, link: str) -> None:
    send(client, link, **said(world, "yes", "yes", "yes"), words="<script>alert(1)</script>")
    page = sign_in(world.learner).get(f"/nl/my/recognition/{file.code}/evidence").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
