"""Who acts for an organisation: roles, handing over, the last owner, closing; each on both databases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from academy.accounts import queries, service
from academy.accounts.errors import InvitationNotValid, LastOwner, NumberTaken, OrganisationInUse
from academy.accounts.models import OrganisationKind, Role, SignIn, SizeClass, TrailEntry
from academy.accounts.queries import Actor
from academy.accounts.queries import organisations as reads
from academy.accounts.service import organisations
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, NotFound, Refusal
from tests import builders
from tests.accounts.firm import DRAFT, Firm, started


@pytest.fixture
def firm(database: Database, now: datetime) -> Firm:
    return started(database, now)


def test_who_makes_an_organisation_owns_it(firm: Firm) -> None:
    assert firm.slug.startswith("bakkerij-de-vries-")
    assert firm.roles() == {firm.owner.person_id: (Role.OWNER,)}
    with firm.database.reading() as session:
        there = reads.standing_of_owner(session, firm.owner, firm.slug).organisation
    assert (there.kind, there.kvk_number, there.size_class) == (OrganisationKind.EMPLOYER, "12345678", SizeClass.UNDER_5)
    assert firm.acts() == ["membership-added"]


def test_a_number_that_is_there_makes_no_second_organisation(firm: Firm) -> None:
    foreign = replace(DRAFT, country="BE", kvk_number="", vat_id="BE0428759497")
    with firm.database.writing() as session:
        organisations.start_organisation(session, actor=firm.owner, draft=foreign, now=firm.now)
    for draft in (DRAFT, foreign):
        with firm.database.writing() as session, pytest.raises(NumberTaken):
            organisations.start_organisation(session, actor=firm.owner, draft=draft, now=firm.now)


def test_of_two_who_start_the_same_firm_at_once_one_does(firm: Firm) -> None:
    draft = replace(DRAFT, kvk_number="", vat_id="BE0123456749", country="BE")
    with firm.database.writing() as session:
        other = builders.actor(session, firm.now)

    def start(actor: Actor) -> str:
        with firm.database.writing() as session:
            return organisations.start_organisation(session, actor=actor, draft=draft, now=firm.now)

    with ThreadPoolExecutor(1) as beside:
        with firm.database.writing() as session:
            slug = organisations.start_organisation(session, actor=firm.owner, draft=draft, now=firm.now)
            second = beside.submit(start, other)
            with pytest.raises(TimeoutError):  # PostgreSQL waits at the index, SQLite at the door
                second.result(timeout=0.5)
        # On PostgreSQL it hears that the number was taken this moment; the request starts over and then meets the sentence for it.
        with pytest.raises((NumberTaken, DatabaseBusy)):
            second.result(timeout=10)
    with pytest.raises(NumberTaken):
        start(other)
    firm.slug = slug
    firm.do(organisations.close, firm.owner)
    assert start(other), "a closed firm can come back"


def test_of_two_who_are_handed_the_same_firm_at_once_one_gets_it(firm: Firm) -> None:
    heirs = [firm.member(Role.BUYER, name=name) for name in ("Kim", "Bo")]

    def hand_over() -> None:
        firm.do(organisations.hand_over, firm.owner, person_id=heirs[1].person_id)

    with ThreadPoolExecutor(1) as beside:
        with firm.database.writing() as session:
            organisations.hand_over(session, actor=firm.owner, slug=firm.slug, person_id=heirs[0].person_id, now=firm.now)
            second = beside.submit(hand_over)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        with pytest.raises(NotFound):
            second.result(timeout=10)
    assert [person for person, roles in firm.roles().items() if Role.OWNER in roles] == [heirs[0].person_id]


def test_an_owner_describes_the_organisation_anew_and_keeps_the_number(firm: Firm) -> None:
    with firm.database.writing() as session:
        organisations.change_organisation(session, actor=firm.owner, slug=firm.slug, draft=replace(DRAFT, name="Bakkerij Noor"))
    with firm.database.reading() as session:
        assert reads.standing(session, firm.owner, firm.slug).organisation.name == "Bakkerij Noor"


def test_to_a_stranger_there_is_no_organisation_and_to_a_member_nothing_to_keep(firm: Firm) -> None:
    reader = firm.member(Role.READER)
    with firm.database.writing() as session:
        stranger = builders.actor(session, firm.now)
        assert reads.standing(session, reader, firm.slug).rights.see
        with pytest.raises(NotFound):
            reads.standing(session, stranger, firm.slug)
        for actor in (stranger, reader):
            with pytest.raises(NotFound):
                reads.standing_of_owner(session, actor, firm.slug)
            for use_case in (organisations.remove_member, organisations.hand_over):
                with pytest.raises(NotFound):
                    use_case(session, actor=actor, slug=firm.slug, person_id=firm.owner.person_id, now=firm.now)
            with pytest.raises(NotFound):
                organisations.close(session, actor=actor, slug=firm.slug, now=firm.now)
    assert Role.OWNER in firm.roles()[firm.owner.person_id]


def test_an_owner_changes_the_roles_of_a_member_and_both_can_find_it_in_the_trail(firm: Firm) -> None:
    member = firm.member(Role.BUYER, Role.READER)
    firm.do(organisations.change_roles, firm.owner, person_id=member.person_id, roles={Role.BUYER, Role.APPROVER})
    assert firm.roles()[member.person_id] == (Role.BUYER, Role.APPROVER)
    with firm.database.reading() as session:
        entry = session.scalars(select(TrailEntry).order_by(TrailEntry.number.desc()).limit(1)).one()
    assert (entry.act, entry.actor_id, entry.person_id) == ("membership-changed", firm.owner.person_id, member.person_id)
    assert entry.details == {"before": ["buyer", "reader"], "after": ["approver", "buyer"]}


def test_who_is_removed_or_leaves_acts_for_it_no_more(firm: Firm) -> None:
    removed, leaver = firm.member(Role.BUYER), firm.member(Role.READER)
    for actor in (removed, leaver):
        with firm.database.writing() as session:
            organisations.act_for(session, actor=actor, slug=firm.slug)
    firm.do(organisations.remove_member, firm.owner, person_id=removed.person_id)
    firm.do(organisations.leave, leaver)
    assert set(firm.roles()) == {firm.owner.person_id}
    with firm.database.reading() as session:
        assert reads.acting_for(session, removed) is None
        assert reads.acting_for(session, leaver) is None
    assert firm.acts()[-2:] == ["membership-removed", "membership-removed"]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda firm: firm.do(organisations.leave, firm.owner),
        lambda firm: firm.do(organisations.remove_member, firm.owner, person_id=firm.owner.person_id),
        lambda firm: firm.do(organisations.change_roles, firm.owner, person_id=firm.owner.person_id, roles={Role.READER}),
    ],
    ids=["leaving", "removing", "demoting"],
)
def test_the_last_owner_stays_and_hears_what_to_do_first(firm: Firm, attempt: Callable[[Firm], None]) -> None:
    firm.member(Role.BUYER)
    with pytest.raises(LastOwner) as refused:
        attempt(firm)
    assert "Draag het eigendom eerst over" in refused.value.next_step()
    assert firm.roles()[firm.owner.person_id] == (Role.OWNER,)


def test_where_there_never_was_an_owner_the_others_may_go(firm: Firm, now: datetime) -> None:
    with firm.database.writing() as session:
        organisation_id = service.register_organisation(session, slug="school", name="School", kind=OrganisationKind.SCHOOL)
        dean = builders.actor(session, now)
        service.add_membership(session, person_id=dean.person_id, organisation_id=organisation_id, role=Role.DEAN)
        organisations.leave(session, actor=dean, slug="school", now=now)
        assert queries.memberships_of(session, dean.person_id) == []


def test_two_owners_who_leave_at_the_same_moment_do_not_both_go(firm: Firm) -> None:
    other = firm.member(Role.OWNER)
    first_has_left, refused = threading.Event(), []

    def second() -> None:
        assert first_has_left.wait(10)
        try:
            firm.do(organisations.leave, other)  # waits for the first: PostgreSQL at the row, SQLite at the door
        except Refusal as refusal:
            refused.append(refusal)

    beside = threading.Thread(target=second)
    with firm.database.writing() as session:
        beside.start()
        organisations.leave(session, actor=firm.owner, slug=firm.slug, now=firm.now)
        first_has_left.set()
        beside.join(0.5)  # long enough to meet what holds it
        assert beside.is_alive()
    beside.join(10)
    assert [type(refusal) for refusal in refused] == [LastOwner]
    assert firm.roles() == {other.person_id: (Role.OWNER,)}


def test_ownership_is_handed_over_to_a_member_and_the_former_owner_stays_on_as_reader(firm: Firm) -> None:
    heir = firm.member(Role.BUYER)
    firm.do(organisations.hand_over, firm.owner, person_id=heir.person_id)
    assert firm.roles() == {heir.person_id: (Role.OWNER, Role.BUYER), firm.owner.person_id: (Role.READER,)}
    assert firm.acts()[-1] == "ownership-handed-over"
    with firm.database.writing() as session:
        stranger = builders.person(session, firm.now)
    for nobody in (stranger, heir.person_id):
        with pytest.raises(NotFound):
            firm.do(organisations.hand_over, heir, person_id=nobody)


def test_a_closed_organisation_is_gone_for_everyone_and_its_number_is_free(firm: Firm) -> None:
    member, invitation_id = firm.member(Role.BUYER), firm.invited("kim@voorbeeld.nl")
    with firm.database.writing() as session:
        organisations.act_for(session, actor=member, slug=firm.slug)
    firm.do(organisations.close, firm.owner)
    assert firm.roles() == {}
    assert firm.acts()[-3:] == ["membership-removed", "membership-removed", "organisation-closed"]
    with firm.database.writing() as session:
        assert session.scalars(select(SignIn.acting_for).where(SignIn.id == member.sign_in_id)).one() is None
        with pytest.raises(NotFound):
            reads.standing(session, firm.owner, firm.slug)
        with pytest.raises(InvitationNotValid):
            reads.valid_invitation(session, invitation_id, now=firm.now)
        organisations.start_organisation(session, actor=firm.owner, draft=DRAFT, now=firm.now)


def test_the_trail_keeps_no_number_of_a_closed_organisation(firm: Firm) -> None:
    firm.do(organisations.close, firm.owner)  # of a firm of one person the number is that of a person, and the trail is never erased
    with firm.database.reading() as session:
        assert DRAFT.kvk_number not in repr(session.execute(select(TrailEntry.act, TrailEntry.details)).all())


def test_an_organisation_with_work_running_does_not_close_and_says_why(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organisations, "_running_work", {})
    running = {"seats": 2, "invoices": 0}
    organisations.register_running_work("seats", lambda *_: running["seats"], lambda number: f"Er zijn nog {number} plekken.")
    organisations.register_running_work("invoices", lambda *_: running["invoices"], lambda number: f"{number} facturen.")
    with pytest.raises(OrganisationInUse) as refused:
        firm.do(organisations.close, firm.owner)
    assert refused.value.sentence().endswith("Er zijn nog 2 plekken.")
    assert firm.owner.person_id in firm.roles()
    running["seats"] = 0
    firm.do(organisations.close, firm.owner)
    assert firm.roles() == {}


def test_one_acts_for_an_organisation_of_ones_own_and_so_again_next_time(firm: Firm) -> None:
    with firm.database.writing() as session:
        stranger = builders.actor(session, firm.now)
        with pytest.raises(NotFound):
            organisations.act_for(session, actor=stranger, slug=firm.slug)
        organisations.act_for(session, actor=firm.owner, slug=firm.slug)
        chosen = reads.acting_for(session, firm.owner)
        again = service.start_sign_in(session, person_id=firm.owner.person_id, device="", now=firm.now)
        assert chosen is not None
        assert again.acting_for == chosen
        organisations.act_for(session, actor=firm.owner, slug="")
        assert reads.acting_for(session, firm.owner) is None
