"""What tests of demand share: who has no route, and why; who reads of it."""

from html import unescape
from typing import Final

from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role, register_organisation
from academy.kernel.clock import utc_now
from academy.kernel.text import Localized
from academy.pathways.facts import CourseFacts, Gathered, GoalFacts, PathwayFacts, RequirementWords
from academy.pathways.kinds import GoalKind, Limit, NodeKind, Option, Proof
from academy.pathways.problem import Answer, Blocker, Limits, Node, Problem, Route
from academy.pathways.queries.pathways import time_word
from academy.pathways.service.blocking import note_blockers
from tests.pathways.world import World

ROUTE: Final = Answer((Route(Option.SHORTEST, (), (), 1, 1, Proof.PROVEN),))
EVENINGS: Final = tuple((weekday, 2) for weekday in range(5))
PARTS, DISTANCE, HOURS = Limit.PARTS, Limit.DISTANCE, Limit.HOURS


def gathered(words: dict[str, RequirementWords], courses: dict[str, CourseFacts] | None = None) -> Gathered:
    goal = GoalFacts(GoalKind.PROGRAMME, Localized("AD ICT"), "", "ad-ict", None, 0, 0, "", words)  # type: ignore[arg-type] # of no matter here
    return Gathered(goal, Problem(Node("0", NodeKind.ALL), (), Limits(20)), courses or {}, (), (), ())


def words_of(world: World, *keys: str, skills: tuple[str, ...] = ()) -> dict[str, RequirementWords]:
    """Return the words of a tree with these modules and skills, each under its own name."""
    modules = {key: RequirementWords(key, NodeKind.MODULE, Localized(key), module_id=world.modules[key]) for key in keys}
    return modules | {uri: RequirementWords(uri, NodeKind.OUTCOME, Localized(uri), skill_uri=uri) for uri in skills}


def blocked_by(*nodes: str, limits: tuple[Limit, ...] = (PARTS,)) -> Answer:
    return Answer(blockers=tuple(Blocker(node, (), limits) for node in nodes))


def note(world: World, pathway: PathwayFacts, answer: Answer, *, skills: tuple[str, ...] = ()) -> None:
    found = gathered(words_of(world, *world.modules, skills=skills))
    world.run(note_blockers, pathway=pathway, gathered=found, answer=answer)


def stuck(world: World, number: int, *nodes: str, limits: tuple[Limit, ...] = (PARTS,), parts: tuple[tuple[int, int], ...] = EVENINGS,
          distance: int | None = 18, of: Actor | None = None, skills: tuple[str, ...] = ()) -> list[PathwayFacts]:
    """Let so many pathways be blocked by these modules and skills."""
    found = [
        world.pathway(of=of, parts=[time_word(*each) for each in parts], distance=distance, postcode="1315") for _each in range(number)
    ]
    for each in found:
        note(world, each, blocked_by(*nodes, limits=limits), skills=skills)
    return found


def officer(world: World) -> Actor:
    with world.database.writing() as session:
        office = register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    return world.person("Otto", Role.OFFICE, at=office)


def signed_in(app: Flask, world: World, actor: Actor) -> FlaskClient:
    """Return a client in which somebody is signed in, by two proofs."""
    app.config["WTF_CSRF_ENABLED"] = False  # so that every form reaches its view
    client = app.test_client()
    with world.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=utc_now(), is_twofold=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def page(client: FlaskClient, address: str, *, status: int = 200) -> str:
    """Return a page as text."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
