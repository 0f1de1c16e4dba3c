"""Everybody of the demo with something of their own, and as much that belongs to others: what the walks over all addresses need."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import service
from academy.accounts.api import OrganisationKind, Role
from academy.accounts.models import Identity, Invitation, Organisation, Passkey, Person
from academy.accounts.queries import Actor, actor_of
from academy.catalogue.models import Module, Offering, Place, PlaceKind, PublicationState
from academy.demo import ACCOUNTS, load_people
from academy.employers.kinds import CourseStage
from academy.employers.models import CompanyCourse, CourseStep
from academy.enrolment.kinds import PoolKind
from academy.enrolment.service import seats
from academy.exchange import feeds
from academy.exchange.models import FeedKind, ImportRun, RunState
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.kernel.ids import new_id, short_code
from academy.kernel.text import Localized
from academy.pathways.kinds import GoalKind
from academy.pathways.models import Pathway
from academy.pathways.queries.aiming import Goal
from academy.pathways.service import planning
from tests import builders, world_of_files

ROLES = ("visitor", *(account.email.partition("@")[0] for account in ACCOUNTS))
NOWHERE = "bestaat-niet"


def sign_in(client: FlaskClient, email: str) -> None:
    with database().writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
        row = service.start_sign_in(session, person_id=person_id, device="", now=datetime.now(UTC), is_twofold=True)  # noqa: TID251
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex


def as_role(app: Flask, role: str) -> FlaskClient:
    client = app.test_client()
    if role != "visitor":
        sign_in(client, f"{role}@demo.example")
    return client


@dataclass(frozen=True)
class Belongings:
    """What stands in addresses: of a provider, of an organisation, and of one person."""

    provider: str
    module: str
    waiting: str  # a module that the programme office must look at
    archived: str
    offering: str
    place: str
    feed: str
    run: str
    organisation: str = NOWHERE
    member: str = NOWHERE
    invitation: str = NOWHERE
    enrolment: str = NOWHERE
    pool: str = NOWHERE
    course: str = NOWHERE
    passkey: str = NOWHERE
    sign_in: str = NOWHERE
    identity: str = str(UUID(int=0))
    asked: str = NOWHERE  # a file of recognition that waits for a guide
    requested: str = NOWHERE  # one that waits for the exam board
    file: str = NOWHERE  # one's own, in draft
    evidence: str = NOWHERE
    route: str = NOWHERE  # the key with which anybody may change it
    read_route: str = NOWHERE

    def values(self, endpoint: str) -> dict[str, str]:
        """Return what fills the address of a page."""
        room = endpoint.partition(".")[0]
        slug = {"exchange": self.provider, "organisations": self.organisation, "invoices": self.organisation, "outgoing": self.provider, "payouts": self.provider, "payments": self.provider, "enrolment": self.module, "waiting": self.module, "recognition_claiming": self.module, "recognition_mappings": self.module, "experience": self.module}.get(room, NOWHERE)
        code = {
            "exchange": self.feed, "recognition_claiming": self.file, "recognition_library": self.file, "recognition_slots": self.file, "recognition_statements": self.file,
            "recognition_guiding": self.asked, "recognition_judging": self.asked, "recognition_board": self.requested,
        }.get(room, self.offering)
        special = {
            "exchange.import_log": {"code": self.run}, "exchange.import_problems": {"code": self.run},
            "enrolment.enrolment_page": {"code": self.enrolment}, "enrolment.cancel": {"code": self.enrolment},
            "enrolment.check": {"code": self.enrolment}, "enrolment.confirm": {"code": self.enrolment}, "enrolment.more_time": {"code": self.enrolment},
            "enrolment.say_level": {"code": self.enrolment}, "together.substitute": {"code": self.enrolment}, "waiting.leave_line": {"code": self.enrolment}, "leaving.leave": {"code": self.enrolment},
            "attending.mine": {"code": self.enrolment}, "attending.say": {"code": self.enrolment}, "study_groups.leave": {"code": self.enrolment},
            "admission.admit": {"code": self.enrolment}, "admission.refuse": {"code": self.enrolment}, "admission.paid": {"code": self.enrolment},
            "recognition_judging.mine": {"code": self.file}, "recognition_board.my_file_decision": {"code": self.file}, "recognition_library.new": {"kind": "work"},
            "pathways_reading.read": {"key": self.read_route}, "pathways_reading.advise": {"key": self.read_route},
            "courses.show": {"code": self.course}, "courses.take_back": {"code": self.course},
            "experience.file": {"table": "asked"}, "reports.table_file": {"table": "gaps"}, "report_money.file": {"table": "paid"},
            "catalogue.check": {"module": self.waiting}, "catalogue.approve_module": {"module": self.waiting},
            "catalogue.send_back_module": {"module": self.waiting}, "catalogue.restore_module": {"module": self.archived},
        }
        return {
            "provider": self.provider, "module": self.module, "place": self.place, "member": self.member, "invitation": self.invitation,
            "passkey": self.passkey, "sign_in": self.sign_in, "identity": self.identity, "slug": slug, "code": code,
            "enrolment": self.enrolment, "organisation": self.organisation,
            "pool": self.pool, "evidence_id": self.evidence, "key": self.route,
        } | special.get(endpoint, {})


def build(session: Session, now: datetime) -> tuple[dict[str, Belongings], Belongings]:
    """Make the demo people with what is theirs, by role, and what belongs to others."""
    load_people(session, now=now)
    at_work = _supply(session, now, "windesheim", "Windesheim in Almere")
    own = {
        account.email.partition("@")[0]: _with_own(
            session, now, at_work, account.email, account.organisation.slug if account.organisation else None,
        )
        for account in ACCOUNTS
    }
    other = builders.actor(session, now, email="ander@voorbeeld.nl")
    organisation = service.register_organisation(session, slug="ander-bedrijf", name="Ander bedrijf", kind=OrganisationKind.EMPLOYER)
    service.add_membership(session, person_id=other.person_id, organisation_id=organisation, role=Role.OWNER)
    others = _with_own(session, now, _supply(session, now, "elders", "Hogeschool Elders"), other.email, "ander-bedrijf")
    return own, others


def _supply(session: Session, now: datetime, slug: str, name: str) -> Belongings:
    """Make a provider with all that can stand in the addresses of its workspace."""
    provider_id = builders.provider(session, slug, name)
    for external_id in ("NET-01", "WAIT-01", "OLD-01"):
        builders.module(session, now, provider_id=provider_id, external_id=external_id, code=external_id)
    modules = dict(session.execute(select(Module.external_id, Module.slug).where(Module.provider_id == provider_id)).all())
    for external_id, state in (("WAIT-01", PublicationState.CHECK), ("OLD-01", PublicationState.ARCHIVED)):
        session.execute(update(Module).where(Module.slug == modules[external_id]).values(state=state))
    place, run = f"plek-{slug}", short_code()
    session.add_all([
        Place(id=new_id(), key=place, provider_id=provider_id, name=Localized("Plek"), kind=PlaceKind.MEETING_PLACE),
        ImportRun(
            id=new_id(), code=run, provider_id=provider_id, kind="modules", source="file", state=RunState.DONE, started_at=now, ended_at=now,
            lease_until=now,
        ),
    ])
    offering = builders.offering(session, now, seats=30, external_id="NET-01", provider_id=provider_id)
    return Belongings(
        provider=slug, module=modules["NET-01"], waiting=modules["WAIT-01"], archived=modules["OLD-01"], place=place, run=run, offering=offering,
        pool=_kept_apart(session, offering),
        feed=feeds.add_feed(session, provider_slug=slug, kind=FeedKind.OOAPI5, url="https://feed.example/", now=now),
        **world_of_files.of_a_stranger(session, now, modules["NET-01"]),
    )


def _kept_apart(session: Session, offering: str) -> str:
    """Make a pool of no seats yet; returns its id."""
    of = session.scalars(select(Offering.id).where(Offering.code == offering)).one()
    return seats.add_pool(session, offering_id=of, kind=PoolKind.TARGET_GROUP, name="Gemeente", sponsor_id=None, opens_up_at=None).hex


def _with_own(session: Session, now: datetime, at_work: Belongings, email: str, organisation: str | None) -> Belongings:
    """Add what one person has: an enrolment, ways in, and a colleague and an invitation at their organisation."""
    actor = _actor(session, now, email)
    passkey = Passkey(
        id=new_id(), person_id=actor.person_id, credential_id=actor.person_id.bytes, public_key=b"x", sign_count=0, name="Sleutel", created_at=now,
    )
    identity = Identity(
        id=new_id(), person_id=actor.person_id, issuer="https://id.example", subject=actor.person_id.hex, linked_at=now, used_at=now,
    )
    session.add_all([passkey, identity])
    values = vars(at_work) | {
        "passkey": passkey.id.hex, "identity": str(identity.id), "sign_in": actor.sign_in_id.hex,
        "enrolment": builders.enrol(session, actor=actor, offering_code=at_work.offering, now=now),
        "file": world_of_files.open_file(session, now, actor, at_work.module), "evidence": world_of_files.add_evidence(session, now, actor),
    }
    values["route"], values["read_route"] = _begin_route(session, now)
    if organisation is not None:
        values |= {"organisation": organisation} | _at_organisation(session, now, organisation, actor)
    return Belongings(**values)


def _begin_route(session: Session, now: datetime) -> tuple[str, str]:
    """Begin a route without an account; returns the keys to change and to read it."""
    key = planning.make_pathway(session, goal=Goal(GoalKind.SKILLS, skills=("http://data.europa.eu/esco/skill/x",)), owner=None, now=now)
    session.flush()
    return key, session.scalars(select(Pathway.read_key).where(Pathway.edit_key == key)).one()


def _actor(session: Session, now: datetime, email: str) -> Actor:
    person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
    found = actor_of(session, service.start_sign_in(session, person_id=person_id, device="", now=now, is_twofold=True).id, now=now)
    assert found is not None
    return found


def _at_organisation(session: Session, now: datetime, slug: str, actor: Actor) -> dict[str, str]:
    organisation_id = session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one()
    colleague = builders.person(session, now, email=f"collega@{slug}.example")
    service.add_membership(session, person_id=colleague, organisation_id=organisation_id, role=Role.READER)
    invitation = Invitation(
        id=new_id(), organisation_id=organisation_id, email="nieuw@voorbeeld.nl", role=Role.READER, language="nl", invited_by=actor.person_id,
        created_at=now, expires_at=now + timedelta(days=7),
    )
    session.add(invitation)
    session.flush()
    return {"member": colleague.hex, "invitation": invitation.id.hex, "course": _course(session, now, organisation_id)}


def _course(session: Session, now: datetime, organisation_id: UUID) -> str:
    """Make a course of an organisation, that was just begun; returns its code."""
    made = CompanyCourse(id=new_id(), code=short_code(), organisation_id=organisation_id, title="Cursus", stage=CourseStage.PREPARING, made_at=now)
    session.add(made)
    session.flush()
    session.add(CourseStep(id=new_id(), course_id=made.id, stage=made.stage, on_day=amsterdam_day(now), at=now))
    return made.code
