"""My trail: everybody reads what concerns them, in plain words, and nobody else's; looks into a class are on record before they are shown."""

import ast
import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import queries as accounts_queries
from academy.accounts import service as accounts
from academy.accounts import trail_words
from academy.accounts.api import OrganisationKind, Role
from academy.accounts.models import ApprovalState, TrailEntry
from academy.accounts.queries import Actor
from academy.accounts.queries.trail import TrailFacts, trail_of
from academy.accounts.service import trail
from academy.accounts.service.leaving import HELD
from academy.catalogue import api as catalogue
from academy.catalogue.service import publishing
from academy.enrolment import queries as enrolment_queries
from academy.enrolment import service as enrolment
from academy.enrolment import subscribers
from academy.enrolment.models import Enrolment
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import builders
from tests.catalogue.workplace import Workplace, open_at

ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)


def acts(session: Session, person_id: UUID) -> list[str]:
    return [found.act for found in trail_of(session, person_id)]


# What is mine


def test_i_read_what_concerns_me_newest_first_and_nothing_of_others(session: Session, now: datetime) -> None:
    me, other = builders.person(session, now), builders.person(session, now, name="Noor")
    for person_id, act in ((me, "passkey-added"), (other, "passkey-removed"), (me, "password-set")):
        trail.record(session, act, actor_id=person_id, person_id=person_id, now=now)
    assert acts(session, me) == ["password-set", "passkey-added"]
    assert [found.act for found in trail_of(session, me, before=3)] == ["passkey-added"]
    assert [found.act for found in trail_of(session, me, most=1)] == ["password-set"]


def test_what_happens_to_a_class_concerns_who_was_in_it_then(session: Session, now: datetime) -> None:
    subscribers.register()
    early, late, never = (builders.actor(session, now, name=name) for name in ("Early", "Late", "Never"))
    code = builders.offering(session, now)
    offering_id = catalogue.offering_for_enrolment(session, code).offering.id

    def look(at: datetime) -> None:
        trail.record(session, "roster-seen", actor_id=new_id(), now=at, about="offering", about_id=offering_id)

    look(now - HOUR)  # nobody is in it yet
    left = builders.enrol(session, actor=early, offering_code=code, now=now)
    look(now + HOUR)
    enrolment.cancel(session, actor=early, code=left, now=now + 2 * HOUR)
    builders.enrol(session, actor=late, offering_code=code, now=now + 3 * HOUR)
    look(now + 4 * HOUR)
    seen = [[found.at for found in trail_of(session, who.person_id)] for who in (early, late, never)]
    assert seen == [[now + HOUR], [now + 4 * HOUR], []]
    for who, moments in zip((early, late, never), seen, strict=True):
        taken_along = HELD.read(session, who.person_id)["trail"]
        assert [row["at"] for row in taken_along if row["act"] == "roster-seen"] == [moment.isoformat() for moment in moments]


# Looks at who is in a class


@dataclass
class Class:
    place: Workplace
    code: str
    sam: Actor

    def look(self, at: datetime, *, act: str = "roster-seen", by: Actor | None = None) -> None:
        """Do what the page does."""
        actor, session = by or self.place.editor, self.place.session
        found = enrolment_queries.class_of(session, actor, self.place.slug, self.code)
        if not enrolment_queries.is_look_noted(session, actor, found, act, now=at):
            enrolment.note_look(session, actor=actor, found=found, act=act, now=at)

    def seen_of(self, person: Actor) -> list[TrailFacts]:
        return trail_of(self.place.session, person.person_id)


@pytest.fixture
def group(session: Session, now: datetime) -> Class:
    """Give a class that Sam is in."""
    subscribers.register()
    place = open_at(session, now)
    place.trust()
    place.publish(place.start())
    code = place.work("warmtepompen-onderhouden").offerings[0].code
    sam = builders.actor(session, now, name="Sam")
    builders.enrol(session, actor=sam, offering_code=code, now=now)
    return Class(place, code, sam)


def test_the_same_person_is_noted_once_an_hour_and_each_other_person_too(group: Class, now: datetime) -> None:
    for minutes in (1, 30, 59, 62, 70):
        group.look(now + timedelta(minutes=minutes))
    group.look(now + timedelta(minutes=5), by=group.place.member(Role.TEACHER))
    assert len(group.seen_of(group.sam)) == 3


def test_who_enrols_after_a_look_sees_the_next_one_within_the_hour(group: Class, session: Session, now: datetime) -> None:
    group.look(now + timedelta(minutes=1))
    noor = builders.actor(session, now, name="Noor")
    builders.enrol(session, actor=noor, offering_code=group.code, now=now + timedelta(minutes=2))
    assert group.seen_of(noor) == []
    group.look(now + timedelta(minutes=3))
    assert len(group.seen_of(noor)) == 1


def test_every_file_that_leaves_us_is_noted(group: Class, now: datetime) -> None:
    for minutes in (1, 2):
        group.look(now + timedelta(minutes=minutes), act="roster-exported")
    assert [found.act for found in group.seen_of(group.sam)] == ["roster-exported", "roster-exported"]


def test_an_empty_class_is_no_look_at_anybody(group: Class, session: Session, now: datetime) -> None:
    session.execute(update(Enrolment).values(state="cancelled", ended_at=now))
    before = len(session.scalars(select(TrailEntry.number)).all())
    group.look(now + HOUR)
    assert len(session.scalars(select(TrailEntry.number)).all()) == before


def test_for_a_look_the_provider_answers_not_its_employee(group: Class, now: datetime) -> None:
    group.look(now + HOUR)
    found = group.seen_of(group.sam)[0]
    assert (found.organisation_name, found.details["offering"]) == ("Windesheim", group.code)
    assert trail_words.actor_words(name="Edwin", organisation="Windesheim", is_reader=False, is_person=True) == "Windesheim"
    assert trail_words.actor_words(name="Edwin", organisation="", is_reader=False, is_person=True) == "Edwin"
    assert trail_words.actor_words(name="", organisation="", is_reader=False, is_person=False) == "AD Academy"


def test_calling_a_class_off_concerns_everyone_in_it(group: Class, session: Session, now: datetime) -> None:
    enrolment.call_off(
        session, actor=group.place.editor, provider_slug=group.place.slug, code=group.code, reason="Ziek.", people=1, now=now + HOUR,
    )
    offering_id = catalogue.offering_for_enrolment(session, group.code).offering.id
    for _again in range(2):
        enrolment.withdraw_seats(session, offering_id=offering_id, now=now + HOUR)
    assert acts(session, group.sam.person_id) == ["seats-withdrawn", "class-called-off"]


def test_publishing_archiving_and_what_the_office_says_are_on_record(session: Session, now: datetime) -> None:
    place = open_at(session, now)
    slug = place.start()
    place.publish(slug)
    office_id = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    officer = builders.actor(session, now)
    accounts.add_membership(session, person_id=officer.person_id, organisation_id=office_id, role=Role.OFFICE)
    publishing.send_back(session, actor=officer, module_slug=slug, reason="Te kort.", now=now)
    place.publish(slug)
    publishing.approve(session, actor=officer, module_slug=slug, seen=place.work(slug).digest, now=now)
    publishing.archive(session, actor=place.editor, provider_slug=place.slug, module_slug=slug, reason="Oud.", now=now)
    publishing.restore(session, actor=place.editor, provider_slug=place.slug, module_slug=slug, now=now)
    rows = session.scalars(select(TrailEntry).where(TrailEntry.about == "module").order_by(TrailEntry.number)).all()
    assert [(row.act, row.organisation_id) for row in rows] == [
        ("module-submitted", place.provider_id), ("module-sent-back", office_id), ("module-submitted", place.provider_id),
        ("module-published", office_id), ("module-archived", place.provider_id), ("module-restored", place.provider_id),
    ]
    assert {row.actor_id for row in rows} == {place.editor.person_id, officer.person_id}


# Words


RECORDING = {"record", "way_in_changed", "_record", "_seen", "_record_file", "note_look", "note_agreement", "note_act"}  # functions that get an act as text


def recorded_acts() -> set[str]:
    """Return every act that the code gives to the trail; those that end with a state are put together here."""
    found = {f"module-{act.value.replace('_', '-')}" for act in catalogue.PublicationAct if act.value != "created"}
    found |= {f"approval-{state.value}" for state in ApprovalState}
    for path in (ROOT / "academy").rglob("*.py"):
        text = path.read_text()
        calls = ast.walk(ast.parse(text)) if any(f"{name}(" in text for name in RECORDING) else []
        for node in calls:
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RECORDING:
                given = [*node.args, *(word.value for word in node.keywords if word.arg == "act")]
                found |= {act for arg in given for act in _texts(arg, text) if "-" in act}
    return found


def _texts(arg: ast.expr, module: str) -> set[str]:
    """Return the texts that an argument may be: written out, one of two, or a constant of its module."""
    named = {
        ast.unparse(node.target): node.value for node in ast.parse(module).body if isinstance(node, ast.AnnAssign) and isinstance(arg, ast.Name)
    }
    arg = named.get(ast.unparse(arg)) or arg
    branches = [arg.body, arg.orelse] if isinstance(arg, ast.IfExp) else [arg]
    return {each.value for each in branches if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_act_has_a_sentence_or_is_not_about_people() -> None:
    found = recorded_acts()
    assert {"roster-seen", "passkey-added", "module-sent-back"} <= found
    assert found - trail_words.NOT_ABOUT_PEOPLE == set(trail_words._ACTS)


@pytest.mark.parametrize("act", sorted(trail_words._ACTS))
def test_a_sentence_is_whole(act: str) -> None:
    said = trail_words.act_words(act, {"role": "editor", "purpose": "route_to_school"}, "Windesheim")
    assert said.endswith(".")
    assert "%" not in said
    assert act not in said


def test_an_act_of_a_later_release_breaks_no_page() -> None:
    assert "new-act" in trail_words.act_words("new-act", {}, "")
    assert trail_words.act_words("membership-added", {"role": "of later"}, "")


# The page


@pytest.fixture
def sam(app: Flask, database: Database) -> FlaskClient:
    """Sign Sam in, whose trail is empty."""
    client, now = app.test_client(), datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        person_id = builders.person(session, now, name="Sam", email="sam@voorbeeld.nl")
        row = accounts.start_sign_in(session, person_id=person_id, device="", now=now)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def tell(database: Database, number: int, **about: object) -> None:
    now = datetime.now(UTC)  # noqa: TID251
    with database.writing() as session:
        person = accounts_queries.credentials_of(session, "sam@voorbeeld.nl")
        assert person is not None
        for each in range(number):
            trail.record(
                session, "membership-removed" if each == 0 else "password-set", actor_id=person.person_id, person_id=person.person_id,
                now=now, details={"roles": ["editor"], **about},
            )


def test_an_empty_trail_says_what_will_stand_here(sam: FlaskClient) -> None:
    page = sam.get("/nl/my/trail").get_data(as_text=True)
    assert "Er is nog niets vastgelegd" in page
    assert "<table" not in page


def test_the_page_leafs_back_and_costs_two_statements(
    sam: FlaskClient, database: Database, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    tell(database, 30)
    with queries(2):
        page = sam.get("/nl/my/trail").get_data(as_text=True)
    assert page.count("<tr>") == 26
    assert 'rel="next" href="/nl/my/trail?before=6"' in page
    page = sam.get("/nl/my/trail?before=6").get_data(as_text=True)
    assert page.count("<tr>") == 6
    assert "Je werkt niet meer voor een organisatie. Je was: redacteur." in page
    assert 'rel="next"' not in page
    assert "Verder terug" in sam.get("/nl/my/trail?before=1").get_data(as_text=True)


@pytest.mark.parametrize("before", ["x", "-1", "0", str(10**30), "%00"])
def test_a_strange_place_to_begin_breaks_nothing(sam: FlaskClient, database: Database, before: str) -> None:
    tell(database, 1)
    assert sam.get(f"/nl/my/trail?before={before}").status_code == 200


def test_all_of_it_comes_as_a_spreadsheet(sam: FlaskClient, database: Database) -> None:
    tell(database, 30)
    answer = sam.get("/nl/my/trail.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Wanneer", "Wat", "Wie"]
    assert len(rows) == 31
    assert rows[1][1:] == ["Het wachtwoord werd gewijzigd.", "Jij"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_who_is_enrolled_reads_on_the_page_that_their_class_was_looked_at(sam: FlaskClient, app: Flask, database: Database) -> None:
    now = datetime.now(UTC)  # noqa: TID251
    with database.writing() as session:
        code = builders.offering(session, now)
        me = accounts_queries.credentials_of(session, "sam@voorbeeld.nl")
        assert me is not None
        sign_in = accounts.start_sign_in(session, person_id=me.person_id, device="", now=now)
        actor = accounts_queries.actor_of(session, sign_in.id, now=now)
        assert actor is not None
        builders.enrol(session, actor=actor, offering_code=code, now=now)
        teacher = builders.person(session, now, name="Daan Docent")
        organisation = accounts.register_organisation(session, slug="windesheim", name="Windesheim", kind=OrganisationKind.PROVIDER)
        accounts.add_membership(session, person_id=teacher, organisation_id=organisation, role=Role.TEACHER)
        row = accounts.start_sign_in(session, person_id=teacher, device="", now=now)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    for _again in range(2):
        assert client.get(f"/nl/provider/windesheim/offerings/{code}").status_code == 200
        assert client.get(f"/nl/provider/windesheim/offerings/{code}/roster.csv").status_code == 200
    page = sam.get("/nl/my/trail").get_data(as_text=True)
    assert page.count("werden bekeken") == 1
    assert page.count("werden gedownload") == 2
    assert "Windesheim" in page
    assert "Daan" not in page
    assert "/nl/modules/netwerkbeheer" in page
