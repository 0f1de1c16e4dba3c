"""What a provider asks and allows: set by who owns it or plans there, on record, and for new files only."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, Role
from academy.accounts.models import Membership, TrailEntry
from academy.catalogue.api import ModuleNotFound, ProviderNotFound
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.recognition.errors.guiding import OutcomesChanged
from academy.recognition.facts import TermsFacts
from academy.recognition.kinds import FileState
from academy.recognition.queries.files import DEFAULT_TERMS, terms_of
from academy.recognition.queries.outcomes import modules_to_claim
from academy.recognition.queries.portfolio import outcomes_of
from academy.recognition.service import terms
from tests import builders
from tests.enrolment.races import at_the_same_time
from tests.recognition.world import SLUG, World, make_world

TERMS = f"/nl/provider/{SLUG}/recognition/terms"
STRICT = TermsFacts(Decimal("60.5"), 2, Money(350_00))
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def clients(app: Flask, database: Database) -> tuple[World, Callable[[Actor], FlaskClient]]:
    app.config["WTF_CSRF_ENABLED"] = False
    world = make_world(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock

    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with world.database.writing() as session:
            row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=world.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return world, sign_in


def there(world: World) -> TermsFacts:
    with world.database.reading() as session:
        return terms_of(session, world.provider_id)


def worth(world: World) -> list[Decimal]:
    with world.database.reading() as session:
        return [each.worth for each in modules_to_claim(session, [world.module.id])[world.module.id].outcomes]


def set_terms(world: World, wanted: TermsFacts = STRICT, by: Actor | None = None) -> None:
    world.run(terms.set_terms, actor=by or world.owner, provider_slug=SLUG, terms=wanted)


def weigh(world: World, *heavy: int, by: Actor | None = None, **more: Any) -> None:
    weights = dict(zip(world.outcomes, heavy, strict=True))
    world.run(terms.weigh_outcomes, **({"actor": by or world.owner, "provider_slug": SLUG, "module_slug": world.module.slug, "weights": weights} | more))


def changes(world: World, act: str) -> list[tuple[Any, Any]]:
    with world.database.reading() as session:
        found = session.scalars(select(TrailEntry.details).where(TrailEntry.act == act).order_by(TrailEntry.number))
        return [(each["before"], each["after"]) for each in found]


def test_without_a_word_of_the_provider_there_is_no_maximum_one_signature_and_no_fee(world: World) -> None:
    assert there(world) == DEFAULT_TERMS == TermsFacts(None, 1, FREE)


def test_terms_change_and_each_change_is_on_record_once(world: World) -> None:
    set_terms(world)
    set_terms(world)  # pressed twice
    assert there(world) == STRICT
    set_terms(world, DEFAULT_TERMS)
    assert there(world) == DEFAULT_TERMS
    usual, strict = {"most": None, "signatures": 1, "fee": 0}, {"most": 605, "signatures": 2, "fee": 35000}
    assert changes(world, "recognition-terms-changed") == [(usual, strict), (strict, usual)]


def test_only_who_owns_or_plans_sets_terms_and_weights(world: World) -> None:
    for actor in (world.guide, world.board, world.learner, world.stranger, world.person("Redacteur", Role.EDITOR)):
        with pytest.raises(ProviderNotFound):
            set_terms(world, by=actor)
        with pytest.raises(ProviderNotFound):
            weigh(world, 1, 2, 3, by=actor)
    planner = world.person("Planner", Role.PLANNER)
    set_terms(world, by=planner)
    weigh(world, 1, 2, 3, by=planner)
    assert there(world) == STRICT


def test_weights_divide_the_credits_to_the_tenth_and_a_file_keeps_what_it_had(world: World) -> None:
    file = world.file(FileState.PORTFOLIO_OPEN)
    assert worth(world) == [Decimal("1.7"), Decimal("1.7"), Decimal("1.6")]
    weigh(world, 1, 2, 1)
    weigh(world, 1, 2, 1)
    assert worth(world) == [Decimal("1.3"), Decimal("2.5"), Decimal("1.2")]
    assert len(changes(world, "outcome-weights-changed")) == 1
    with world.database.reading() as session:
        assert [each.worth for each in outcomes_of(session, file.id)] == [Decimal("1.7"), Decimal("1.7"), Decimal("1.6")]


def test_weights_are_for_exactly_the_outcomes_of_ones_own_module(world: World) -> None:
    first, *others = world.outcomes
    for wrong in ({first: 2}, dict.fromkeys((*world.outcomes, new_id()), 2), dict.fromkeys((*others, new_id()), 2)):
        with pytest.raises(OutcomesChanged):
            weigh(world, 1, 1, 1, weights=wrong)
    with world.database.writing() as session:
        elsewhere = builders.provider(session, "elders", "Hogeschool Elders")
    other = world.person("Eigenaar elders", Role.OWNER, at=elsewhere)
    with pytest.raises(ModuleNotFound):
        weigh(world, 1, 2, 3, by=other, provider_slug="elders")
    with pytest.raises(ModuleNotFound):
        weigh(world, 1, 2, 3, module_slug="bestaat-niet")


def test_two_colleagues_who_change_something_at_once_both_get_through_and_the_last_one_holds(world: World) -> None:
    def weighs(*heavy: int) -> Any:
        weights = dict(zip(world.outcomes, heavy, strict=True))
        return lambda session: terms.weigh_outcomes(
            session, actor=world.owner, provider_slug=SLUG, module_slug=world.module.slug, weights=weights, now=world.now,
        )

    assert at_the_same_time(world.database, weighs(1, 2, 3), weighs(3, 2, 1)) == "done"
    assert worth(world) == [Decimal("2.5"), Decimal("1.7"), Decimal("0.8")]

    def sets(wanted: TermsFacts) -> Any:
        return lambda session: terms.set_terms(session, actor=world.owner, provider_slug=SLUG, terms=wanted, now=world.now)

    last = TermsFacts(None, 2, Money(1))
    assert at_the_same_time(world.database, sets(STRICT), sets(last)) == "done"
    assert there(world) == last


def test_the_page_sets_terms_as_people_write_them(clients: tuple[World, Callable[[Actor], FlaskClient]], queries: Budget) -> None:
    world, sign_in = clients
    client = sign_in(world.owner)
    with queries(12):
        page = client.get(TERMS).get_data(as_text=True)
    assert "3 leeruitkomsten, even zwaar" in page.replace("\N{NO-BREAK SPACE}", " ")
    answer = client.post(TERMS, data={"most_ec": "60,5", "signatures": "2", "fee": "350"}, follow_redirects=True)
    assert "De voorwaarden zijn bewaard." in answer.get_data(as_text=True)
    assert there(world) == STRICT
    assert client.post(TERMS, data={"most_ec": "", "signatures": "1", "fee": ""}).status_code == 303
    assert there(world) == DEFAULT_TERMS


@pytest.mark.parametrize("wrong", [
    {"most_ec": "7,55"}, {"most_ec": "-1"}, {"most_ec": "1000"}, {"most_ec": "veel"}, {"signatures": "3"}, {"signatures": ""},
    {"fee": "-5"}, {"fee": "1,234"}, {"fee": "gratis"},
])
def test_terms_that_can_not_be_say_so_and_nothing_changes(clients: tuple[World, Callable[[Actor], FlaskClient]], wrong: dict[str, str]) -> None:
    world, sign_in = clients
    answer = sign_in(world.owner).post(TERMS, data={"most_ec": "60", "signatures": "1", "fee": "10"} | wrong)
    assert (answer.status_code, "Dit klopt nog niet" in answer.get_data(as_text=True)) == (422, True)
    assert there(world) == DEFAULT_TERMS


def test_the_page_says_when_the_exam_board_can_not_decide(clients: tuple[World, Callable[[Actor], FlaskClient]]) -> None:
    world, sign_in = clients
    client = sign_in(world.owner)
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.board.person_id))
    assert "heeft één lid" not in client.get(TERMS).get_data(as_text=True)
    set_terms(world)
    assert "heeft één lid, en een besluit vraagt twee handtekeningen" in client.get(TERMS).get_data(as_text=True)
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.role == Role.EXAM_BOARD))
    assert "niets wordt vanzelf besloten" in client.get(TERMS).get_data(as_text=True)


def test_shares_are_shown_before_they_are_kept(clients: tuple[World, Callable[[Actor], FlaskClient]]) -> None:
    world, sign_in = clients
    client, address = sign_in(world.owner), f"{TERMS}/{world.module.slug}"
    assert "1,7 EC" in client.get(address).get_data(as_text=True)
    sent = {f"weight_{each.hex}": str(heavy) for each, heavy in zip(world.outcomes, (1, 2, 1), strict=True)}
    for asked in (client.post(f"{address}/shares", data=sent), client.post(address, data=sent | {"act": "show"})):
        assert (asked.status_code, "2,5 EC" in asked.get_data(as_text=True)) == (200, True)
    assert "<html" not in client.post(f"{address}/shares", data=sent).get_data(as_text=True)
    assert worth(world)[1] == Decimal("1.7")
    assert client.post(address, data=sent).status_code == 303
    assert worth(world)[1] == Decimal("2.5")
    assert "verschillend gewogen" in client.get(TERMS).get_data(as_text=True)


@pytest.mark.parametrize("wrong", ["0", "101", "1,5", "zwaar", ""])
def test_a_weight_that_is_none_is_told_at_its_field(clients: tuple[World, Callable[[Actor], FlaskClient]], wrong: str) -> None:
    world, sign_in = clients
    client, address = sign_in(world.owner), f"{TERMS}/{world.module.slug}"
    sent = dict.fromkeys((f"weight_{each.hex}" for each in world.outcomes), "2") | {f"weight_{world.outcomes[0].hex}": wrong}
    assert "Vul bij elke leeruitkomst een heel getal" in client.post(f"{address}/shares", data=sent).get_data(as_text=True)
    assert client.post(address, data=sent).status_code == 422
    assert worth(world)[0] == Decimal("1.7")


def test_who_does_not_manage_reaches_no_page_of_terms(clients: tuple[World, Callable[[Actor], FlaskClient]]) -> None:
    world, sign_in = clients
    for actor in (world.guide, world.board, world.learner):
        client = sign_in(actor)
        module = f"{TERMS}/{world.module.slug}"
        assert {client.get(TERMS).status_code, client.get(module).status_code, client.post(f"{module}/shares").status_code} == {404}
