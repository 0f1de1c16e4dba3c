"""What I allow, taking my data with me, and leaving: nothing is left behind that no rule asks for, and nothing is lost that one does."""

import json
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy import app as house
from academy.accounts import api as accounts
from academy.accounts import personal, rules
from academy.accounts import service as accounts_service
from academy.accounts.errors import CannotLeaveYet, FreshSignInNeeded
from academy.accounts.models import (
    Approval,
    ApprovalState,
    AuthenticatorApp,
    Challenge,
    Consent,
    Identity,
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Passkey,
    Person,
    Purpose,
    RecoveryCode,
    Role,
    SignIn,
    SignInLink,
    TrailEntry,
)
from academy.accounts.queries import Actor, minors
from academy.accounts.queries import privacy as queries
from academy.accounts.service import privacy, trail
from academy.catalogue.models import Module, Offering, PublicationAct, PublicationStep
from academy.enrolment import queries as enrolment_queries
from academy.enrolment import service as enrolment
from academy.enrolment.models import Enrolment, SeatPool
from academy.kernel.db import Base
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.search.memory import saved
from academy.search.models import SavedKind, SavedSearch, SearchFinding
from tests import builders, tables

EMAIL = "noor@voorbeeld.nl"


@pytest.fixture(autouse=True)
def _rooms() -> None:
    personal.set_rooms(house.PERSONAL)


def noor(session: Session, now: datetime) -> Actor:
    return builders.actor(session, now, email=EMAIL, name="Noor Bakker", password="een lange zin")


def organisation(session: Session, slug: str = "bouwbedrijf", kind: OrganisationKind = OrganisationKind.EMPLOYER) -> UUID:
    return accounts_service.register_organisation(session, slug=slug, name=slug.capitalize(), kind=kind)


def of_everything(session: Session, actor: Actor, now: datetime) -> None:
    """Give a person one row of everything that accounts and search can hold."""
    employer, person_id, later = organisation(session), actor.person_id, now + timedelta(days=14)
    accounts_service.add_membership(session, person_id=person_id, organisation_id=employer, role=Role.BUYER)
    accounts_service.request_link(session, email=EMAIL, name="", sign_up=False, next_path="", language="nl", now=now)
    privacy.give_consent(session, actor=actor, organisation_id=employer, purpose=Purpose.RESULT_TO_EMPLOYER, now=now)
    session.add_all([
        Identity(id=new_id(), person_id=person_id, issuer="https://id.example", subject="s1", email=EMAIL, linked_at=now, used_at=now),
        Passkey(id=new_id(), person_id=person_id, credential_id=b"c", public_key=b"geheim", name="telefoon", created_at=now),
        AuthenticatorApp(person_id=person_id, secret=b"geheim", confirmed_at=now),
        RecoveryCode(id=new_id(), person_id=person_id, code_hash="h" * 64),
        Challenge(id=new_id(), person_id=person_id, nonce=b"n", expires_at=later),
        Approval(
            id=new_id(), person_id=person_id, email="ouder@voorbeeld.nl", name="Ouder", state=ApprovalState.GIVEN, asked_at=now, answered_at=now,
        ),
        Invitation(
            id=new_id(), organisation_id=employer, email=EMAIL, role=Role.READER, language="nl", invited_by=builders.person(session, now),
            created_at=now, expires_at=later,
        ),
        Invitation(
            id=new_id(), organisation_id=employer, email="kim@voorbeeld.nl", role=Role.READER, language="nl", invited_by=person_id,
            created_at=now, expires_at=later,
        ),
        Approval(
            id=new_id(), person_id=builders.person(session, now), email=EMAIL, name="Noor Bakker", state=ApprovalState.GIVEN, asked_at=now,
            answered_at=now,
        ),
    ])
    saved.keep(
        session, draft=saved.SavedDraft(SavedKind.WISH, "lassen", (), "nl"), email=EMAIL, proven=True, known=["module:1"], now=now,
    )
    session.flush()


def finished(session: Session, actor: Actor, now: datetime, *, price: int = 0) -> str:
    """Let the actor have followed a class that ended last year; returns the code of the enrolment."""
    before = now - timedelta(days=400)
    code = builders.enrol(session, actor=actor, offering_code=builders.offering(session, before), now=before)
    offering = session.scalars(select(Offering).join(Enrolment, Enrolment.offering_id == Offering.id).where(Enrolment.code == code)).one()
    offering.price = Money(price)
    session.execute(update(Enrolment).where(Enrolment.code == code).values(agreed_price=Money(price)))
    session.flush()
    return code


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def erase(session: Session, actor: Actor, now: datetime) -> None:
    privacy.erase_person(session, actor=actor, language="nl", now=now)
    session.expire_all()


# The registry


def test_every_table_about_people_is_named_by_a_room() -> None:
    tables.import_models()
    about_people = {
        table.name for table in Base.metadata.tables.values()
        if "email" in table.columns or any(key.column.table.name == "person" for key in table.foreign_keys)
    }
    named = set().union(*(room.tables for room in house.PERSONAL))
    assert about_people <= named, "a room must say what it reads, erases and keeps of this table"
    assert named <= set(Base.metadata.tables)


# Taking my data with me


def test_the_export_has_every_room_and_no_secret(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    of_everything(session, actor, now)
    finished(session, actor, now)
    found = json.loads(json.dumps(privacy.export_personal_data(session, actor=actor, now=now), ensure_ascii=False))
    mine = found["rooms"]["accounts"]
    assert mine["person"] == mine["person"] | {"email": EMAIL, "name": "Noor Bakker", "has_password": True}
    assert {name for name, rows in mine.items() if not rows} == set(), "each kind of row has an example"
    assert [row["module"] for row in found["rooms"]["enrolment"]["enrolments"]] == ["Netwerkbeheer"]
    assert [row["query"] for row in found["rooms"]["search"]["saved_searches"]] == ["lassen"]
    text = json.dumps(found)
    assert "geheim" not in text
    assert "$argon2" not in text


def test_the_export_has_nothing_of_others(session: Session, now: datetime) -> None:
    other = builders.actor(session, now, email="kim@voorbeeld.nl", name="Kim Ander")
    finished(session, other, now)
    actor = noor(session, now)
    text = json.dumps(privacy.export_personal_data(session, actor=actor, now=now))
    assert "kim@" not in text
    assert "Kim Ander" not in text
    assert json.loads(text)["rooms"]["enrolment"]["enrolments"] == []


def test_exporting_stands_in_the_trail(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    privacy.export_personal_data(session, actor=actor, now=now)
    assert session.scalars(select(TrailEntry.act).where(TrailEntry.person_id == actor.person_id)).all() == ["personal-data-exported"]


# What I allow


def test_consent_counts_for_one_purpose_of_one_organisation_until_it_is_taken_back(session: Session, now: datetime) -> None:
    actor, employer, other = noor(session, now), organisation(session), organisation(session, "anderbedrijf")
    for each in (employer, other):
        accounts_service.add_membership(session, person_id=actor.person_id, organisation_id=each, role=Role.READER)

    def sees(organisation_id: UUID, purpose: Purpose) -> bool:
        one = accounts.may_see(session, organisation_id=organisation_id, person_id=actor.person_id, purpose=purpose)
        many = accounts.who_allow(session, organisation_id=organisation_id, person_ids=[actor.person_id], purpose=purpose)
        assert one == (many == {actor.person_id})
        return one

    assert not sees(employer, Purpose.RESULT_TO_EMPLOYER)
    for _twice in range(2):
        privacy.give_consent(session, actor=actor, organisation_id=employer, purpose=Purpose.RESULT_TO_EMPLOYER, now=now)
    assert sees(employer, Purpose.RESULT_TO_EMPLOYER)
    assert not sees(employer, Purpose.EVIDENCE_TO_EMPLOYER)
    assert not sees(other, Purpose.RESULT_TO_EMPLOYER)
    for _twice in range(2):
        privacy.withdraw_consent(session, actor=actor, organisation_id=employer, purpose=Purpose.RESULT_TO_EMPLOYER, now=now)
    assert not sees(employer, Purpose.RESULT_TO_EMPLOYER)
    privacy.give_consent(session, actor=actor, organisation_id=employer, purpose=Purpose.RESULT_TO_EMPLOYER, now=now)
    assert count(session, Consent) == 2  # given again is a new row
    acts = session.scalars(select(TrailEntry.act).order_by(TrailEntry.number)).all()
    assert acts == ["consent-given", "consent-withdrawn", "consent-given"]


def test_only_an_organisation_that_i_am_linked_to_can_be_allowed_and_only_what_fits_it(session: Session, now: datetime) -> None:
    actor, stranger, school = noor(session, now), organisation(session), organisation(session, "school", OrganisationKind.SCHOOL)
    accounts_service.add_membership(session, person_id=actor.person_id, organisation_id=school, role=Role.READER)
    for organisation_id, purpose in ((stranger, Purpose.RESULT_TO_EMPLOYER), (school, Purpose.RESULT_TO_EMPLOYER), (new_id(), Purpose.ROUTE_TO_SCHOOL)):
        with pytest.raises(NotFound):
            privacy.give_consent(session, actor=actor, organisation_id=organisation_id, purpose=purpose, now=now)
    assert count(session, Consent) == 0


# Leaving


def test_leaving_erases_everything_that_no_rule_keeps(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    of_everything(session, actor, now)
    erase(session, actor, now)
    gone = (
        AuthenticatorApp, Challenge, Consent, Identity, Membership, Passkey, RecoveryCode, SignIn, SignInLink, SavedSearch, SearchFinding,
    )
    assert {table.__tablename__: count(session, table) for table in gone} == {table.__tablename__: 0 for table in gone}
    assert session.scalars(select(Invitation.email)).all() == ["kim@voorbeeld.nl"]
    (of_a_minor,) = session.scalars(select(Approval)).all()  # what was answered is the minor's; by whom is gone
    assert (of_a_minor.state, of_a_minor.name, rules.is_nobody(of_a_minor.email)) == (ApprovalState.GIVEN, "", True)
    assert minors.minor_of(session, of_a_minor.person_id).asked[0].state is ApprovalState.GIVEN
    person = session.get_one(Person, actor.person_id)
    assert (person.name, person.validated_name, person.password_hash, person.erased_at) == ("", "", None, now)
    assert rules.is_nobody(person.email)


def test_no_column_of_any_table_holds_the_name_or_address_of_who_left(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    of_everything(session, actor, now)
    finished(session, actor, now, price=100)
    erase(session, actor, now)
    tables.import_models()
    for table in Base.metadata.sorted_tables:
        text = repr(session.execute(select(table)).all())
        assert EMAIL not in text, table.name
        assert "Noor Bakker" not in text, table.name


def test_the_page_before_says_what_erasing_does(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    of_everything(session, actor, now)
    before = personal.leaving_of(session, actor.person_id, now=now)
    erase(session, actor, now)
    kept = queries.erasure(session, actor.person_id).kept
    assert [each["what"] for each in kept] == [each.what for each in before.stays]
    assert {each["until"] for each in kept} == {None, "2026-10-15"}  # the invitation: two weeks and thirty days
    assert all(each["why"] for each in kept)


def test_others_keep_everything(session: Session, now: datetime) -> None:
    other = builders.actor(session, now, email="kim@voorbeeld.nl")
    actor = noor(session, now)
    session.add(Passkey(id=new_id(), person_id=other.person_id, credential_id=b"k", public_key=b"k", name="k", created_at=now))
    code = finished(session, other, now)
    erase(session, actor, now)
    assert session.get_one(Person, other.person_id).email == "kim@voorbeeld.nl"
    assert session.scalars(select(SignIn.person_id)).all() == [other.person_id]
    assert session.scalars(select(Passkey.person_id)).all() == [other.person_id]
    assert session.scalars(select(Enrolment.code)).all() == [code]


def test_an_address_that_was_erased_can_sign_up_as_someone_new(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    erase(session, actor, now)
    again = noor(session, now)
    assert again.person_id != actor.person_id
    assert privacy.export_personal_data(session, actor=again, now=now)["rooms"]["accounts"]["sign_in_links"] == []
    erase(session, again, now)  # and leave once more


def test_leaving_twice_is_leaving_once(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    erase(session, actor, now)
    erase(session, actor, now + timedelta(hours=1))
    assert queries.erasure(session, actor.person_id).erased_at == now
    assert session.scalars(select(TrailEntry.act)).all() == ["person-erased"]
    assert trail.verify(session).faults == ()


@pytest.mark.parametrize(("minutes", "is_fresh"), [(15, True), (16, False)])
def test_leaving_asks_for_a_sign_in_of_the_last_quarter(session: Session, now: datetime, minutes: int, is_fresh: bool) -> None:
    actor, later = noor(session, now), now + timedelta(minutes=minutes)
    if is_fresh:
        erase(session, actor, later)
    else:
        with pytest.raises(FreshSignInNeeded):
            erase(session, actor, later)
    assert (session.get_one(Person, actor.person_id).erased_at is not None) == is_fresh


def test_a_running_enrolment_is_cancelled_or_finished_first(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    code = builders.enrol(session, actor=actor, offering_code=builders.offering(session, now), now=now)
    with pytest.raises(CannotLeaveYet) as refused:
        erase(session, actor, now)
    assert [(link.endpoint, link.values) for link in refused.value.links()] == [("enrolment.cancel", {"code": code})]
    assert "Netwerkbeheer" in refused.value.next_step()
    during = session.scalars(select(Offering.starts_on)).one()
    begun = datetime.combine(during, now.timetz()) + timedelta(days=1)
    (obstacle,) = personal.leaving_of(session, actor.person_id, now=begun).obstacles
    assert obstacle.link.endpoint == "enrolment.enrolment_page"
    enrolment.cancel(session, actor=actor, code=code, now=now)
    erase(session, actor, now)
    assert count(session, Enrolment) == 0


def test_a_finished_class_gives_its_seat_back_when_its_learner_leaves(session: Session, now: datetime) -> None:
    actor, other = noor(session, now), builders.actor(session, now)
    finished(session, actor, now)
    finished(session, other, now)
    erase(session, actor, now)
    assert count(session, Enrolment) == 1
    assert enrolment_queries.audit(session) == []
    assert session.scalar(select(func.sum(SeatPool.taken))) == 1


def test_a_paid_enrolment_stays_seven_years_without_a_name(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    finished(session, actor, now, price=25_000)
    erase(session, actor, now)
    assert session.scalars(select(Enrolment.person_id)).all() == [actor.person_id]
    (stays,) = (each for each in queries.erasure(session, actor.person_id).kept if "AWR" in each["why"])
    assert stays["until"] == date(2032, 12, 31).isoformat()  # enrolled in 2025


def test_the_last_owner_hands_over_first(session: Session, now: datetime) -> None:
    actor, firm = noor(session, now), organisation(session)
    accounts_service.add_membership(session, person_id=actor.person_id, organisation_id=firm, role=Role.OWNER)
    with pytest.raises(CannotLeaveYet) as refused:
        erase(session, actor, now)
    assert "Bouwbedrijf" in refused.value.next_step()
    accounts_service.add_membership(session, person_id=builders.person(session, now), organisation_id=firm, role=Role.OWNER)
    erase(session, actor, now)
    assert count(session, Membership) == 1


def test_a_closed_organisation_keeps_nobody(session: Session, now: datetime) -> None:
    actor, firm = noor(session, now), organisation(session)
    accounts_service.add_membership(session, person_id=actor.person_id, organisation_id=firm, role=Role.OWNER)
    session.get_one(Organisation, firm).closed_at = now
    erase(session, actor, now)
    assert count(session, Membership) == 0


def test_who_published_stays_as_a_number(session: Session, now: datetime) -> None:
    actor = noor(session, now)
    builders.module(session, now)
    module_id = session.scalars(select(Module.id)).one()
    session.add(PublicationStep(
        id=new_id(), module_id=module_id, version=1, act=PublicationAct.SUBMITTED, by_office=False, person_id=actor.person_id, at=now,
    ))
    erase(session, actor, now)
    assert session.scalars(select(PublicationStep.person_id).where(PublicationStep.person_id.is_not(None))).all() == [actor.person_id]
    assert any("aanbieder" in each["why"] for each in queries.erasure(session, actor.person_id).kept)
