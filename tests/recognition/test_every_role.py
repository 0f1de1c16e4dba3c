"""Every page of recognition, asked by everybody, of a file in every state: what somebody shows is read by who may, and by nobody else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role, add_membership
from academy.recognition.kinds import FileState
from academy.recognition.models import Evidence, FileOutcome
from tests.recognition.world import SLUG, World

F = FileState
SECRET, SAID = "GEHEIM-BEWIJS", "GEHEIM-VOORBEELD"
STATES: Final = (
    F.DRAFT, F.INTAKE_PLANNED, F.INTAKE_DONE, F.PORTFOLIO_OPEN, F.PORTFOLIO_SUBMITTED, F.PORTFOLIO_INCOMPLETE, F.ASSESSMENT_PLANNED, F.ASSESSED, F.SECOND_PLANNED,
    F.SECOND_DONE, F.REPORT_ISSUED, F.EXEMPTION_REQUESTED, F.WITHDRAWN, F.LAPSED,
)
_GUIDED: Final = {F.INTAKE_DONE, F.PORTFOLIO_OPEN, F.PORTFOLIO_SUBMITTED, F.PORTFOLIO_INCOMPLETE}
_JUDGED: Final = {F.ASSESSMENT_PLANNED, F.ASSESSED, F.SECOND_PLANNED, F.SECOND_DONE}
# In which states who reads what a learner shows, besides the learner: nobody else ever does.
MAY_READ: Final = {"guide": _GUIDED, "assessor": _JUDGED, "board": {F.EXEMPTION_REQUESTED}, "other of board": {F.EXEMPTION_REQUESTED}}


def _people(world: World) -> dict[str, Actor]:
    with world.database.writing() as session:
        office = accounts_service.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
        other = accounts_service.register_organisation(session, slug="techniek", name="Techniek", kind=OrganisationKind.PROVIDER)
    for_office, elsewhere, board_elsewhere = (world.person(name) for name in ("Bo Bureau", "An Ander", "Bas Ander"))
    with world.database.writing() as session:
        add_membership(session, person_id=for_office.person_id, organisation_id=office, role=Role.OFFICE)
        add_membership(session, person_id=elsewhere.person_id, organisation_id=other, role=Role.ASSESSOR)
        add_membership(session, person_id=board_elsewhere.person_id, organisation_id=other, role=Role.EXAM_BOARD)
    return {
        "learner": world.learner, "guide": world.guide, "assessor": world.assessor, "other assessor": world.other_assessor, "board": world.board,
        "other of board": world.other_of_board, "owner": world.owner, "planner": world.person("Pim Plan", Role.PLANNER), "stranger": world.stranger, "office": for_office,
        "assessor elsewhere": elsewhere, "board elsewhere": board_elsewhere,
    }


def _client(app: Flask, world: World, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with world.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=datetime.now(UTC), is_twofold=True)  # noqa: TID251 - the pages read the clock
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def _addresses(app: Flask, values: dict[str, str]) -> Iterator[str]:
    """Yield every address of recognition that can be asked for with these values."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("recognition_") and "GET" in (rule.methods or ()) and rule.arguments <= values.keys() | {"lang_code"}:
            yield adapter.build(rule.endpoint, {each: values[each] for each in rule.arguments if each in values} | {"lang_code": "nl"})


@pytest.mark.parametrize("state", STATES)
def test_what_a_learner_shows_is_read_by_who_may_and_by_nobody_else(app: Flask, world: World, state: FileState) -> None:
    evidence_id = world.evidence(title=SECRET)
    file = world.file(state, evidence=[evidence_id])
    with world.database.writing() as session:
        session.execute(update(FileOutcome).values(self_example=SAID))
        assert session.scalars(select(Evidence.title)).all() == [SECRET]
    values = {"provider": SLUG, "code": file.code, "evidence_id": evidence_id.hex, "slug": world.module.slug, "number": file.code, "kind": "work"}
    readers = set()
    for name, actor in _people(world).items():
        client = _client(app, world, actor)
        for address in _addresses(app, values):
            answer = client.get(address)
            assert answer.status_code < 500, address
            if {SECRET.encode(), SAID.encode()} & {each for each in (SECRET.encode(), SAID.encode()) if each in answer.data}:
                readers.add(name)
                assert name == "learner" or state in MAY_READ.get(name, set()), f"{name} reads it at {address}"
    assert readers == {"learner", *(name for name, states in MAY_READ.items() if state in states)}


def test_there_are_addresses_to_ask(app: Flask) -> None:
    assert len(list(_addresses(app, dict.fromkeys(("provider", "code", "evidence_id", "slug", "number", "kind"), "x")))) >= 20
