"""Invitations: they work once, for fourteen days and for one address; whatever else is opened gets one and the same answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import links, rules
from academy.accounts.errors import InvitationForSomeoneElse, InvitationNotValid
from academy.accounts.events import InvitationSent, OwnershipHandedOver
from academy.accounts.models import Role, TrailEntry
from academy.accounts.queries import Actor
from academy.accounts.queries import organisations as reads
from academy.accounts.service import invitations, organisations
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.outbox import OutboxMessage
from academy.notices import letters
from academy.notices.gateway import Letter
from tests import builders
from tests.accounts.firm import DRAFT, Firm, started


@pytest.fixture
def firm(app: Flask, database: Database, now: datetime) -> Firm:
    return started(database, now)


def kim(firm: Firm, email: str = "kim@voorbeeld.nl") -> Actor:
    with firm.database.writing() as session:
        return builders.actor(session, firm.now, name="Kim Jansen", email=email)


def accept(firm: Firm, actor: Actor, invitation_id: UUID | None, *, now: datetime | None = None) -> str:
    with firm.database.writing() as session:
        return invitations.accept_invitation(session, actor=actor, invitation_id=invitation_id, now=now or firm.now)


def test_an_invitation_is_accepted_once_and_gives_its_role(firm: Firm) -> None:
    invitation_id, invited = firm.invited("kim@voorbeeld.nl"), kim(firm)
    assert accept(firm, invited, invitation_id) == firm.slug
    assert firm.roles()[invited.person_id] == (Role.BUYER,)
    with pytest.raises(InvitationNotValid):
        accept(firm, invited, invitation_id)
    assert firm.acts() == ["membership-added", "invitation-sent", "membership-added"]


def test_the_trail_of_an_invitation_has_no_address(firm: Firm) -> None:
    firm.invited("kim@voorbeeld.nl")
    with firm.database.reading() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == "invitation-sent")).one()
    assert (entry.person_id, entry.details) == (None, {})


def test_an_invitation_is_worth_nothing_to_who_has_another_address(firm: Firm) -> None:
    invitation_id = firm.invited("kim@voorbeeld.nl")
    with pytest.raises(InvitationForSomeoneElse) as refused:
        accept(firm, kim(firm, "iemand@anders.nl"), invitation_id)
    assert "kim@" not in refused.value.sentence()
    assert "k…@voorbeeld.nl" in refused.value.sentence()
    accept(firm, kim(firm), invitation_id)


def test_expired_withdrawn_forged_and_of_nobody_get_the_same_answer(firm: Firm) -> None:
    expired, withdrawn = firm.invited("kim@voorbeeld.nl"), firm.invited("sam@voorbeeld.nl")
    firm.do(invitations.take_back, firm.owner, invitation_id=withdrawn)
    token = links.invitation_token_for(expired)
    forged = links.invitation_id_of(f"{token[:-2]}xx")
    another_kind = links.invitation_id_of(links.token_for(expired))
    answers = set()
    for actor, invitation_id, now in (
        (kim(firm), expired, firm.now + rules.INVITATION_LIFETIME), (kim(firm, "sam@voorbeeld.nl"), withdrawn, firm.now),
        (kim(firm, "x@voorbeeld.nl"), forged, firm.now), (kim(firm, "y@voorbeeld.nl"), another_kind, firm.now),
        (kim(firm, "z@voorbeeld.nl"), new_id(), firm.now),
    ):
        with pytest.raises(InvitationNotValid) as refused:
            accept(firm, actor, invitation_id, now=now)
        answers.add((refused.value.status, refused.value.sentence(), refused.value.next_step()))
    assert len(answers) == 1
    assert links.invitation_id_of(token) == expired
    with firm.database.reading() as session, pytest.raises(InvitationNotValid):
        reads.valid_invitation(session, expired, now=firm.now + rules.INVITATION_LIFETIME)  # what the page asks before it shows anything


def test_sent_again_an_invitation_works_fourteen_days_from_then(firm: Firm) -> None:
    invitation_id = firm.invited("kim@voorbeeld.nl")
    later = firm.now + rules.INVITATION_LIFETIME
    with firm.database.writing() as session:
        invitations.send_again(session, actor=firm.owner, slug=firm.slug, invitation_id=invitation_id, now=later)
        sent = session.scalars(select(OutboxMessage).where(OutboxMessage.event == InvitationSent.name)).all()
    assert len(sent) == 2
    accept(firm, kim(firm), invitation_id, now=later)


def test_nobody_ends_or_repeats_an_invitation_of_another_organisation_or_one_that_is_answered(firm: Firm) -> None:
    theirs = firm.invited("kim@voorbeeld.nl")
    with firm.database.writing() as session:
        other = builders.actor(session, firm.now)
        slug = organisations.start_organisation(session, actor=other, draft=replace(DRAFT, kvk_number="87654321"), now=firm.now)
        for use_case in (invitations.take_back, invitations.send_again):
            with pytest.raises(NotFound):
                use_case(session, actor=other, slug=slug, invitation_id=theirs, now=firm.now)
            with pytest.raises(NotFound):
                use_case(session, actor=other, slug=firm.slug, invitation_id=theirs, now=firm.now)
    accept(firm, kim(firm), theirs)
    with pytest.raises(NotFound):
        firm.do(invitations.take_back, firm.owner, invitation_id=theirs)


def test_an_organisation_that_closes_while_someone_accepts_ends_that_too(firm: Firm) -> None:
    invitation_id, invited = firm.invited("kim@voorbeeld.nl"), kim(firm)
    accepting = threading.Event()

    def close() -> None:
        assert accepting.wait(10)
        firm.do(organisations.close, firm.owner)  # waits: PostgreSQL at the row of the organisation, SQLite at the door

    beside = threading.Thread(target=close)
    with firm.database.writing() as session:
        beside.start()
        invitations.accept_invitation(session, actor=invited, invitation_id=invitation_id, now=firm.now)
        accepting.set()
        beside.join(0.5)  # long enough to meet what holds it
        assert beside.is_alive()
    beside.join(10)
    assert firm.roles() == {}


def test_who_accepts_waits_for_an_organisation_that_is_closing_and_holds_nothing_that_it_needs(firm: Firm) -> None:
    invitation_id, invited = firm.invited("kim@voorbeeld.nl"), kim(firm)
    with ThreadPoolExecutor(1) as beside:
        with firm.database.writing() as session:
            reads.hold(session, firm.slug)  # closing has begun
            accepting = beside.submit(accept, firm, invited, invitation_id)
            with pytest.raises(TimeoutError):
                accepting.result(timeout=0.5)
            organisations.close(session, actor=firm.owner, slug=firm.slug, now=firm.now)
        with pytest.raises(InvitationNotValid):  # and not DatabaseBusy, which is what two who wait for each other get
            accepting.result(timeout=10)
    assert firm.roles() == {}


def test_an_invitation_that_is_accepted_twice_at_once_is_accepted_once(firm: Firm) -> None:
    invitation_id, invited = firm.invited("kim@voorbeeld.nl"), kim(firm)
    with ThreadPoolExecutor(1) as beside:
        with firm.database.writing() as session:
            invitations.accept_invitation(session, actor=invited, invitation_id=invitation_id, now=firm.now)
            second = beside.submit(accept, firm, invited, invitation_id)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        with pytest.raises(InvitationNotValid):
            second.result(timeout=10)
    assert firm.acts().count("membership-added") == 2, "the owner, and once the invited"


def test_an_owner_who_is_removed_this_moment_invites_nobody(firm: Firm) -> None:
    other = firm.member(Role.OWNER)

    def invite() -> None:
        firm.do(invitations.invite, other, email="iemand@voorbeeld.nl", role=Role.OWNER, language="nl")

    with ThreadPoolExecutor(1) as beside:
        with firm.database.writing() as session:
            organisations.remove_member(session, actor=firm.owner, slug=firm.slug, person_id=other.person_id, now=firm.now)
            inviting = beside.submit(invite)
            with pytest.raises(TimeoutError):
                inviting.result(timeout=0.5)
        with pytest.raises(NotFound):
            inviting.result(timeout=10)
    assert "invitation-sent" not in firm.acts()


def test_who_accepts_acts_for_the_organisation_from_now_on(firm: Firm) -> None:
    invited = kim(firm)
    accept(firm, invited, firm.invited("kim@voorbeeld.nl"))
    with firm.database.reading() as session:
        assert reads.acting_for(session, invited) == reads.standing(session, invited, firm.slug).organisation.id


def letter_for(session: Session, invitation_id: UUID, now: datetime) -> Letter | None:
    return letters.invitation_letter(session, invitation_id, now=now)


def test_the_letter_says_what_is_asked_and_holds_no_words_of_a_stranger_but_the_name_of_the_organisation(app: Flask, firm: Firm) -> None:
    invitation_id = firm.invited("kim@voorbeeld.nl")
    with app.app_context(), firm.database.reading() as session:
        letter = letter_for(session, invitation_id, firm.now)
    assert letter is not None
    assert letter.to == "kim@voorbeeld.nl"
    assert "Bakkerij De Vries" in letter.subject
    assert "als inkoper" in letter.text
    assert "15 september 2026" in letter.text
    assert f"/nl/invitations/{links.invitation_token_for(invitation_id)}" in letter.text
    assert "Noor" not in letter.text + letter.html


def test_an_invitation_that_ended_gets_no_letter_and_one_sent_again_another(app: Flask, firm: Firm) -> None:
    invitation_id = firm.invited("kim@voorbeeld.nl")
    with app.app_context(), firm.database.writing() as session:
        first = letter_for(session, invitation_id, firm.now)
        invitations.send_again(session, actor=firm.owner, slug=firm.slug, invitation_id=invitation_id, now=firm.now + rules.LINK_LIFETIME)
        session.expire_all()
        second = letter_for(session, invitation_id, firm.now)
        invitations.take_back(session, actor=firm.owner, slug=firm.slug, invitation_id=invitation_id, now=firm.now)
        assert letter_for(session, invitation_id, firm.now) is None
    assert first is not None
    assert second is not None
    assert first.key != second.key


def test_the_new_owner_and_the_former_one_each_get_a_letter(app: Flask, firm: Firm) -> None:
    heir = firm.member(Role.READER)
    with app.app_context(), firm.database.writing() as session:
        organisation_id = reads.standing(session, firm.owner, firm.slug).organisation.id
        event = OwnershipHandedOver(new_id(), organisation_id, firm.owner.person_id, heir.person_id)
        new, former = (letters.ownership_letter(session, event, is_new=is_new) for is_new in (True, False))
    assert (new.to, former.to) == (heir.email, firm.owner.email)
    assert new.subject == "Je bent eigenaar van Bakkerij De Vries"
    assert "Kim Jansen is nu eigenaar" in former.text
    assert new.key != former.key
