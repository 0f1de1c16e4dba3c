"""From draft to public and back: who may, what is asked, what is kept."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Role
from academy.catalogue import api as catalogue
from academy.catalogue.errors import (
    ChangedMeanwhile,
    ModuleNotFound,
    NotComplete,
    NotInThisState,
    OverlapUnexplained,
    PrerequisitesGoRound,
    ProviderNotFound,
)
from academy.catalogue.models import (
    ModulePrerequisite,
    ModuleVersion,
    Offering,
    Provider,
    PublicationState,
    WorkingCopy,
)
from academy.catalogue.queries import publication, workspace
from academy.catalogue.service import publishing
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.outbox import OutboxMessage
from academy.kernel.text import Localized
from tests import builders
from tests.catalogue.workplace import DRAFT, Workplace, office, open_at


@pytest.fixture
def place(session: Session, now: datetime) -> Workplace:
    return open_at(session, now)


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    """Hear the news that these tests ask about, and nobody else after them."""
    before = dict(outbox._subscribers)
    for event in (catalogue.ModuleChanged, catalogue.ModuleChecked):
        outbox.subscribe(f"tests.{event.name}", event, outside=lambda *_: None)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(before)


def heard(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(OutboxMessage.event).order_by(OutboxMessage.id)))


def test_a_trusted_provider_publishes_at_once_and_its_class_opens(place: Workplace, session: Session) -> None:
    place.trust()
    slug = place.start()
    assert slug not in {module.slug for module in catalogue.module_facts(session, today=place.now.date())}
    assert place.publish(slug) is PublicationState.PUBLISHED
    page = catalogue.module_page(session, slug, today=place.now.date())
    assert [one.state for one in page.module.offerings] == [catalogue.OfferingState.ACTIVE]
    assert page.module.modes == (catalogue.DeliveryMode.ONLINE,)  # what its class says
    assert place.acts(slug) == ["created", "published"]
    assert catalogue.ModuleChanged.name in heard(session)


def test_what_lacks_something_hard_is_not_published(place: Workplace) -> None:
    place.trust()
    slug = place.start(outcomes=())
    with pytest.raises(NotComplete):
        place.publish(slug)
    assert place.row(slug).state is PublicationState.DRAFT


def test_only_what_was_seen_is_published(place: Workplace) -> None:
    place.trust()
    slug = place.start()
    seen = place.work(slug).digest
    place.save(slug, summary=Localized("Iets heel anders."))
    with pytest.raises(ChangedMeanwhile):
        place.publish(slug, seen=seen)


def test_the_office_checks_the_first_three_and_then_trusts(place: Workplace, session: Session, now: datetime) -> None:
    checker = office(session, now)
    for number, title in enumerate(("Warmtepompen", "Boekhouden voor beginners", "Tuinen ontwerpen", "Vreemde vogels"), start=1):
        slug = place.start(title=Localized(title), outcomes=(catalogue.OutcomeDraft(Localized(f"Je weet alles van {title.lower()}.")),))
        state = place.publish(slug)
        if number > 3:
            assert state is PublicationState.PUBLISHED
            break
        assert state is PublicationState.CHECK
        assert [check.approved for check in publication.checks(session, checker)] == [number - 1]
        publishing.approve(session, actor=checker, module_slug=slug, seen=place.work(slug).digest, now=now)
        assert place.row(slug).state is PublicationState.PUBLISHED
        assert (session.get_one(Provider, place.provider_id).trusted_at is not None) is (number == 3)
    assert publication.checks(session, checker) == ()


def test_the_desk_shows_the_longest_waiting_first(place: Workplace, session: Session, now: datetime) -> None:
    other = open_at(session, now - timedelta(days=2), "aeres")
    place.publish(place.start())
    other.publish(other.start(title=Localized("Bodem"), outcomes=(catalogue.OutcomeDraft(Localized("Je herkent bodems.")),)))
    assert [check.provider_name for check in publication.checks(session, office(session, now))] == ["Aeres", "Windesheim"]


def test_what_is_sent_back_is_a_draft_again_with_the_reason_in_the_list(place: Workplace, session: Session, now: datetime) -> None:
    slug = place.start()
    place.publish(slug)
    publishing.send_back(session, actor=office(session, now), module_slug=slug, reason="Schrijf duidelijker.", now=now + timedelta(hours=1))
    session.flush()
    (task,) = catalogue.tasks(session, place.provider_id)
    assert (task.kind, task.reason) == ("sent_back", "Schrijf duidelijker.")
    assert place.acts(slug) == ["created", "submitted", "sent_back"]
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.event == catalogue.ModuleChecked.name)).all()[-1]
    outcome = catalogue.check_outcome(session, UUID(message.payload["step_id"]))
    assert outcome is not None
    assert (outcome.submitter_id, outcome.reason, outcome.module_slug) == (place.editor.person_id, "Schrijf duidelijker.", slug)
    assert place.publish(slug) is PublicationState.CHECK  # and in again


def test_the_office_approves_what_it_saw(place: Workplace, session: Session, now: datetime) -> None:
    slug = place.start()
    place.publish(slug)
    seen = place.work(slug).digest
    place.save(slug, summary=Localized("Intussen veranderd."))
    with pytest.raises(ChangedMeanwhile):
        publishing.approve(session, actor=office(session, now), module_slug=slug, seen=seen, now=now)


def test_changes_to_what_is_public_wait_until_they_are_published_and_keep_the_former_version(place: Workplace, session: Session) -> None:
    place.trust()
    slug = place.start()
    place.publish(slug)
    place.save(slug, title=Localized("Warmtepompen en airco"))
    assert place.row(slug).title == DRAFT.title
    assert place.work(slug).content.title.nl == "Warmtepompen en airco"
    assert [task.kind for task in catalogue.tasks(session, place.provider_id)] == ["changes"]
    place.publish(slug)
    row = place.row(slug)
    assert (row.title.nl, row.version, place.work(slug).has_changes) == ("Warmtepompen en airco", 2, False)
    assert catalogue.module_version(session, row.id, 1).content.title == DRAFT.title
    assert catalogue.module_version(session, row.id, 2).content.title.nl == "Warmtepompen en airco"
    with pytest.raises(ModuleNotFound):
        catalogue.module_version(session, row.id, 3)
    assert place.acts(slug) == ["created", "published", "changed"]


def test_changes_thrown_away_leave_nothing_and_saving_what_is_public_is_no_change(place: Workplace, session: Session) -> None:
    place.trust()
    slug = place.start()
    place.publish(slug)
    place.save(slug, title=Localized("Anders"))
    place.save(slug, title=Localized("Nog anders"))
    publishing.discard_changes(session, actor=place.editor, provider_slug=place.slug, module_slug=slug)
    assert not place.work(slug).has_changes
    place.save(slug, title=Localized("Anders"))
    place.save(slug, title=DRAFT.title)
    assert session.scalars(select(WorkingCopy)).all() == []
    with pytest.raises(NotInThisState):
        place.publish(slug)
    assert session.scalars(select(ModuleVersion)).all() == []


def test_publishing_changes_keeps_the_codes_in_registers(place: Workplace, session: Session, now: datetime) -> None:
    place.trust()
    codes = (catalogue.CodeDraft(catalogue.CodeScheme.RIO, "123"),)
    builders.module(session, now, provider_id=place.provider_id, codes=codes, external_id="M", code="M", title=Localized("Uit een import"),
                    ec=DRAFT.ec)
    place.plan("uit-een-import")
    place.save("uit-een-import", summary=Localized("Na deze module kun je meer."))
    place.publish("uit-een-import")
    assert place.work("uit-een-import").public.codes == codes


def test_an_archived_module_is_gone_for_visitors_and_comes_back(place: Workplace, session: Session, now: datetime) -> None:
    place.trust()
    slug = place.start()
    place.publish(slug)
    publishing.archive(session, actor=place.editor, provider_slug=place.slug, module_slug=slug, reason="Even niet.", now=now)
    with pytest.raises(ModuleNotFound):
        catalogue.module_page(session, slug, today=now.date())
    with pytest.raises(NotInThisState):
        place.save(slug, title=Localized("Anders"))
    publishing.restore(session, actor=place.editor, provider_slug=place.slug, module_slug=slug, now=now)
    assert catalogue.module_page(session, slug, today=now.date()).module.slug == slug
    with pytest.raises(NotInThisState):
        publishing.restore(session, actor=place.editor, provider_slug=place.slug, module_slug=slug, now=now)


def test_a_draft_that_was_never_public_does_not_become_so_by_way_of_the_archive(place: Workplace, session: Session, now: datetime) -> None:
    slug = place.start()
    publishing.archive(session, actor=place.editor, provider_slug=place.slug, module_slug=slug, reason="", now=now)
    publishing.restore(session, actor=place.editor, provider_slug=place.slug, module_slug=slug, now=now)
    assert place.row(slug).state is PublicationState.DRAFT


def test_a_strong_overlap_with_anybody_asks_what_is_new(place: Workplace, session: Session, now: datetime) -> None:
    other = open_at(session, now, "aeres")
    for one in (place, other):
        one.trust()
    other.publish(other.start())
    slug = place.start()
    (found,) = publication.resembling(session, place.work(slug))
    assert (found.provider_name, found.overlap.score > 0.9) == ("Aeres", True)
    with pytest.raises(OverlapUnexplained):
        place.publish(slug)
    place.publish(slug, reason="Wij doen het op zaterdag in Almere.")
    assert publication.history(session, place.work(slug)).steps[0].facts.reason == "Wij doen het op zaterdag in Almere."


def test_modules_that_need_each_other_are_refused(place: Workplace, session: Session) -> None:
    _refuse_a_circle(place)
    assert len(session.scalars(select(ModulePrerequisite)).all()) == 1


def _refuse_a_circle(place: Workplace) -> None:
    place.trust()
    first = place.start(code="A", title=Localized("Eerst"), outcomes=(catalogue.OutcomeDraft(Localized("Je begint.")),))
    second = place.start(code="B", prerequisites=catalogue.ModulePassed("A"))
    place.publish(first)
    place.publish(second)
    place.save(first, prerequisites=catalogue.AnyOf((catalogue.ModulePassed("B"), catalogue.LevelReached("4"))))
    with pytest.raises(PrerequisitesGoRound):
        place.publish(first)


def test_a_circle_that_two_imports_made_hides_no_other(place: Workplace, session: Session, now: datetime) -> None:
    for key, needed in (("X", "Y"), ("Y", "X")):
        builders.module(session, now, provider_id=place.provider_id, external_id=key, code=key, title=Localized(f"Vak {key}"),
                        prerequisites=catalogue.ModulePassed(needed))
    catalogue.finish_import(session, provider_id=place.provider_id)
    _refuse_a_circle(place)


@pytest.mark.parametrize(("role", "reads", "plans", "edits"), [
    (Role.OWNER, True, True, True), (Role.EDITOR, True, True, True), (Role.PLANNER, True, True, False), (Role.TEACHER, True, False, False),
    (Role.READER, True, False, False), (Role.ASSESSOR, False, False, False), (None, False, False, False),
])
def test_each_role_does_its_own_work_and_for_others_nothing_is_there(
    place: Workplace, session: Session, role: Role | None, reads: bool, plans: bool, edits: bool,
) -> None:
    slug = place.start()
    person = place.member(*([role] if role else []))

    def may(reach: Callable[..., object], *values: str) -> bool:
        try:
            reach(session, person, place.slug, *values)
        except NotFound:
            return False
        return True

    assert may(workspace.module_in_work, slug) is reads
    assert may(workspace.module_for_planning, slug) is plans
    assert may(workspace.module_for_editing, slug) is edits
    assert may(workspace.workspace_for_reading) is reads
    if not edits:
        with pytest.raises(NotFound):
            place.start(actor=person)
        with pytest.raises(NotFound):
            place.publish(slug, actor=person)
    if not plans:
        with pytest.raises(NotFound):
            place.plan(slug, actor=person)


def test_an_editor_elsewhere_reaches_nothing_here(place: Workplace, session: Session, now: datetime) -> None:
    slug = place.start()
    other = open_at(session, now, "aeres")
    with pytest.raises(ProviderNotFound):
        workspace.module_in_work(session, other.editor, place.slug, slug)
    with pytest.raises(ModuleNotFound):  # nor by way of their own provider
        workspace.module_in_work(session, other.editor, "aeres", slug)
    (code,) = session.scalars(select(Offering.code))
    with pytest.raises(NotFound):
        catalogue.offering_for_planning(session, other.editor, "aeres", code)


def test_only_the_office_checks(place: Workplace, session: Session, now: datetime) -> None:
    slug = place.start()
    place.publish(slug)
    for who in (place.editor, place.member(Role.OFFICE)):  # an office role at a provider is not the office
        with pytest.raises(NotFound):
            publication.checks(session, who)
        with pytest.raises(NotFound):
            publishing.approve(session, actor=who, module_slug=slug, seen=place.work(slug).digest, now=now)


def test_a_code_of_another_module_of_the_provider_is_told(place: Workplace, session: Session, now: datetime) -> None:
    place.start(code="A")
    assert place.work(place.start(code="A")).is_code_taken
    other = open_at(session, now, "aeres")
    assert not other.work(other.start(code="A")).is_code_taken


@pytest.mark.parametrize("is_published", [False, True], ids=["draft", "published"])
def test_of_two_who_began_with_the_same_text_the_second_is_refused(place: Workplace, session: Session, now: datetime, is_published: bool) -> None:
    place.trust()
    slug = place.start()
    if is_published:
        place.publish(slug)
    began_with = place.work(slug)
    place.save(slug, summary=Localized("Na deze module kun je een."))
    draft = replace(began_with.content, summary=Localized("Na deze module kun je twee."))
    with pytest.raises(ChangedMeanwhile):
        publishing.save_module(
            session, actor=place.member(Role.EDITOR), provider_slug=place.slug, module_slug=slug, draft=draft, seen=began_with.digest, now=now,
        )
    assert place.work(slug).content.summary.nl == "Na deze module kun je een."


def test_what_somebody_published_meanwhile_is_a_change_too(place: Workplace, session: Session, now: datetime) -> None:
    place.trust()
    slug = place.start()
    place.publish(slug)
    place.save(slug, summary=Localized("Na deze module kun je een."))
    began_with = place.work(slug)
    place.publish(slug)  # what is written stays the same; what visitors read does not
    draft = replace(began_with.content, summary=Localized("Na deze module kun je twee."))
    with pytest.raises(ChangedMeanwhile):
        publishing.save_module(
            session, actor=place.editor, provider_slug=place.slug, module_slug=slug, draft=draft, seen=began_with.digest, now=now,
        )
    assert not place.work(slug).has_changes


def test_a_change_that_is_saved_while_another_publishes_is_not_lost(database: Database, now: datetime) -> None:
    with database.writing() as session:
        place = open_at(session, now)
        place.trust()
        slug = place.start()
        place.publish(slug)
        place.save(slug, summary=Localized("Na deze module kun je een."))
        work = place.work(slug)
    problems: list[ChangedMeanwhile] = []

    def publish() -> None:
        try:
            with database.writing() as session:
                publishing.publish(
                    session, actor=place.editor, provider_slug=place.slug, module_slug=slug, seen=work.digest, reason="x", now=now,
                )
        except ChangedMeanwhile as problem:
            problems.append(problem)

    with database.writing() as session:
        draft = replace(work.content, summary=Localized("Na deze module kun je twee."))
        publishing.save_module(
            session, actor=place.editor, provider_slug=place.slug, module_slug=slug, draft=draft, seen=work.digest, now=now,
        )
        publishing_beside = threading.Thread(target=publish)
        publishing_beside.start()
        publishing_beside.join(0.3)  # it waits until this is saved
    publishing_beside.join(10)
    assert len(problems) == 1
    with database.reading() as session:
        assert session.scalars(select(WorkingCopy)).one().content["summary"]["nl"] == "Na deze module kun je twee."
