"""Who guides: one at a time, never who judges, and the second signature opens what comes next."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, Role, add_membership
from academy.accounts.models import Membership, TrailEntry
from academy.catalogue.api import ProviderNotFound
from academy.kernel.ids import new_id, short_code
from academy.recognition.errors import FileNotFound, StepRefused
from academy.recognition.errors.guiding import AdvisedAlready, CannotGuide, GuideTaken, ReasonMissing
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import Advice, FileState, InstrumentKind, Who, WhyNot
from academy.recognition.models import AssessorSlot, FileParty, InstrumentUse, RecognitionFile
from academy.recognition.queries.portfolio import history_of
from academy.recognition.service import guiding
from academy.recognition.service.claiming import ask_intake_again, sign_agreement
from academy.recognition.service.slots import book_slot
from tests.enrolment.races import at_the_same_time
from tests.recognition.world import World

F = FileState
DAY = timedelta(days=1)


def act(world: World, what: Any, file: FileFacts, actor: Actor, **more: Any) -> None:
    world.run(what, actor=actor, provider_slug=world.slug, code=file.code, **more)


def asked(world: World, **values: Any) -> FileFacts:
    """Return a file whose learner asked for a guide, and signed and stated nothing yet."""
    return world.file(F.INTAKE_PLANNED, **({"learner_signed_at": None, "stated_at": None} | values))


def guided(world: World, **values: Any) -> FileFacts:
    return asked(world, guide_id=world.guide.person_id, **values)


def acts(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(select(TrailEntry.act).where(TrailEntry.about == "recognition_file").order_by(TrailEntry.number)))


def history(world: World, file: FileFacts) -> list[tuple[FileState, Who]]:
    with world.database.reading() as session:
        return [(step.becomes, step.who) for step in history_of(session, file.id)][1:]


def books(world: World, file: FileFacts, actor: Actor) -> None:
    with world.database.writing() as session:
        session.add(InstrumentUse(
            id=new_id(), file_id=file.id, kind=InstrumentKind.INTERVIEW, assessor_id=actor.person_id, begun_at=world.now, planned_at=world.now,
        ))


def offer(session: Session, *, world: World, now: datetime) -> str:
    """Let the assessor offer an hour for an interview; returns its code."""
    slot = AssessorSlot(
        id=new_id(), code=short_code(), provider_id=world.provider_id, assessor_id=world.assessor.person_id, kind=InstrumentKind.INTERVIEW,
        starts_at=now + 9 * DAY, ends_at=now + 10 * DAY, where="Kamer 1",
    )
    session.add(slot)
    return slot.code


def works_for(world: World, actor: Actor, file: FileFacts) -> None:
    """Let somebody act for an employer of the learner."""
    employer = world.employer()
    with world.database.writing() as session:
        session.add(FileParty(file_id=file.id, organisation_id=employer))
        add_membership(session, person_id=actor.person_id, organisation_id=employer, role=Role.OWNER)


def test_a_colleague_takes_a_file_and_its_learner_can_read_so(world: World) -> None:
    file = asked(world)
    act(world, guiding.take_file, file, world.guide)
    act(world, guiding.take_file, file, world.guide)  # pressed twice
    assert world.facts(file.id).guide_id == world.guide.person_id
    assert acts(world) == ["file-taken"]
    with pytest.raises(GuideTaken):
        act(world, guiding.take_file, file, world.assessor)


def test_of_two_colleagues_at_once_one_gets_the_file(world: World) -> None:
    file = asked(world)

    def takes(actor: Actor) -> Any:
        return lambda session: guiding.take_file(session, actor=actor, provider_slug=world.slug, code=file.code, now=world.now)

    assert at_the_same_time(world.database, takes(world.guide), takes(world.assessor)) == "recognition-guide-taken"
    assert world.facts(file.id).guide_id == world.guide.person_id


def test_who_judges_here_or_works_for_the_employer_does_not_guide(world: World) -> None:
    file = asked(world)
    books(world, file, world.assessor)
    works_for(world, world.other_assessor, file)
    for actor in (world.assessor, world.other_assessor):
        with pytest.raises(CannotGuide):
            act(world, guiding.take_file, file, actor)
    assert world.facts(file.id).guide_id is None


def test_who_is_booked_as_assessor_in_the_same_moment_does_not_become_the_guide(world: World) -> None:
    file = asked(world)
    slot = world.run(offer, world=world)

    def learner_books(session: Session) -> None:
        book_slot(session, actor=world.learner, code=file.code, slot_code=slot, now=world.now)

    def assessor_takes(session: Session) -> None:
        guiding.take_file(session, actor=world.assessor, provider_slug=world.slug, code=file.code, now=world.now)

    assert at_the_same_time(world.database, learner_books, assessor_takes) == "recognition-cannot-guide"
    assert world.facts(file.id).guide_id is None


def test_nobody_guides_themselves_and_only_who_guides_and_judges_there_reaches_a_file(world: World) -> None:
    colleague = world.person("Cas Cursist", Role.ASSESSOR)
    own = asked(world, of=colleague)
    file = asked(world)
    with pytest.raises(FileNotFound):
        act(world, guiding.take_file, own, colleague)
    for actor in (world.board, world.owner):
        with pytest.raises(FileNotFound):
            act(world, guiding.take_file, file, actor)
    with pytest.raises(ProviderNotFound):
        act(world, guiding.take_file, file, world.stranger)


@pytest.mark.parametrize("state", [F.PORTFOLIO_SUBMITTED, F.ASSESSMENT_PLANNED, F.SECOND_DONE, F.EXEMPTION_REQUESTED, F.WITHDRAWN, F.LAPSED])
def test_a_file_that_nobody_guides_any_more_is_not_taken(world: World, state: FileState) -> None:
    file = world.file(state, guide_id=None)
    with pytest.raises(StepRefused) as refused:
        act(world, guiding.take_file, file, world.other_assessor)
    assert refused.value.why is WhyNot.NO_WAY


def test_a_guide_hands_a_file_back_and_a_colleague_takes_it(world: World) -> None:
    file = asked(world)
    act(world, guiding.take_file, file, world.guide)
    act(world, guiding.hand_back_file, file, world.guide)
    assert world.facts(file.id).guide_id is None
    act(world, guiding.take_file, file, world.assessor)
    assert world.facts(file.id).guide_id == world.assessor.person_id
    with pytest.raises(StepRefused) as refused:
        act(world, guiding.hand_back_file, file, world.guide)
    assert refused.value.why is WhyNot.NOT_THEIRS
    assert acts(world) == ["file-taken", "file-handed-back", "file-taken"]


def test_who_advised_stays_the_guide_and_so_never_judges_what_they_helped_to_make(world: World) -> None:
    file = guided(world)
    act(world, guiding.advise, file, world.guide, advice=Advice.FOR, reason="")
    with pytest.raises(AdvisedAlready):
        act(world, guiding.hand_back_file, file, world.guide)


def test_a_guide_who_left_is_followed_by_a_colleague_who_signs_anew(world: World) -> None:
    file = guided(world)
    act(world, guiding.advise_and_sign, file, world.guide, reason="")
    assert world.facts(file.id).guide_signed_at == world.now
    with pytest.raises(GuideTaken):
        act(world, guiding.take_file, file, world.assessor)
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.guide.person_id))
    act(world, guiding.take_file, file, world.assessor)
    now = world.facts(file.id)
    assert (now.guide_id, now.guide_signed_at, now.state) == (world.assessor.person_id, None, F.INTAKE_DONE)


def test_an_advice_is_written_down_and_against_it_says_why(world: World) -> None:
    file = guided(world)
    with pytest.raises(ReasonMissing):
        act(world, guiding.advise, file, world.guide, advice=Advice.AGAINST, reason="  ")
    act(world, guiding.advise, file, world.guide, advice=Advice.AGAINST, reason="Je hebt nog te weinig gedaan.")
    now = world.facts(file.id)
    assert (now.state, now.advice, now.advice_reason) == (F.INTAKE_DONE, Advice.AGAINST, "Je hebt nog te weinig gedaan.")
    with world.database.reading() as session:
        step = history_of(session, file.id)[-1]
        assert (step.who, step.by_id, step.why) == (Who.GUIDE, world.guide.person_id, now.advice_reason)
    with pytest.raises(StepRefused):
        act(world, guiding.advise, file, world.guide, advice=Advice.FOR, reason="")


def test_after_another_talk_the_guide_advises_anew_and_both_advices_stay_in_the_history(world: World) -> None:
    file = guided(world)
    act(world, guiding.advise, file, world.guide, advice=Advice.AGAINST, reason="Te vroeg.")
    world.run(ask_intake_again, actor=world.learner, code=file.code)
    act(world, guiding.advise, file, world.guide, advice=Advice.FOR, reason="Toch wel.")
    assert (world.facts(file.id).advice, world.facts(file.id).advice_reason) == (Advice.FOR, "Toch wel.")
    with world.database.reading() as session:
        assert [step.why for step in history_of(session, file.id) if step.who is Who.GUIDE] == ["Te vroeg.", "Toch wel."]


def test_only_its_guide_advises_and_signs(world: World) -> None:
    file = guided(world, learner_signed_at=world.now)
    for actor in (world.assessor, world.other_assessor):
        for what, more in ((guiding.advise, {"advice": Advice.FOR, "reason": ""}), (guiding.sign_as_guide, {}), (guiding.advise_and_sign, {"reason": ""})):
            with pytest.raises(StepRefused) as refused:
                act(world, what, file, actor, **more)
            assert refused.value.why is WhyNot.NOT_THEIRS
    assert world.facts(file.id) == file


def test_before_the_advice_nobody_signs(world: World) -> None:
    file = guided(world)
    with pytest.raises(StepRefused) as refused:
        act(world, guiding.sign_as_guide, file, world.guide)
    assert refused.value.why is WhyNot.NO_WAY


def test_the_agreement_waits_for_the_learner(world: World) -> None:
    file = guided(world)
    act(world, guiding.advise_and_sign, file, world.guide, reason="")
    act(world, guiding.sign_as_guide, file, world.guide)  # pressed twice: it stays as it was
    now = world.facts(file.id)
    assert (now.state, now.guide_signed_at) == (F.INTAKE_DONE, world.now)
    assert acts(world) == ["file-advised", "file-signed-by-guide"]


def test_the_second_signature_opens_the_portfolio(world: World) -> None:
    file = guided(world, learner_signed_at=world.now)
    act(world, guiding.advise, file, world.guide, advice=Advice.FOR, reason="")
    act(world, guiding.sign_as_guide, file, world.guide)
    assert world.facts(file.id).state is F.PORTFOLIO_OPEN


def test_who_signed_before_an_advice_against_signs_again_and_so_decides(world: World) -> None:
    file = guided(world, learner_signed_at=world.now, stated_at=world.now)
    act(world, guiding.advise, file, world.guide, advice=Advice.AGAINST, reason="Lastig.")
    act(world, guiding.sign_as_guide, file, world.guide)
    assert world.facts(file.id).state is F.INTAKE_DONE
    world.run(sign_agreement, actor=world.learner, code=file.code)
    assert world.facts(file.id).state is F.PORTFOLIO_SUBMITTED


def test_what_was_stated_at_the_start_is_sent_in_the_same_moment(world: World) -> None:
    file = guided(world, learner_signed_at=world.now, stated_at=world.now)
    world.pass_time(days=1)
    act(world, guiding.advise_and_sign, file, world.guide, reason="Doen.")
    now = world.facts(file.id)
    assert (now.state, now.since, now.guide_signed_at) == (F.PORTFOLIO_SUBMITTED, world.now, world.now)
    assert history(world, file) == [(F.INTAKE_DONE, Who.GUIDE), (F.PORTFOLIO_OPEN, Who.GUIDE), (F.PORTFOLIO_SUBMITTED, Who.LEARNER)]


def test_a_learner_who_signs_at_the_same_time_does_not_leave_the_file_standing(world: World) -> None:
    """Whoever signs last sees the other's signature, so that one of them takes the file on."""
    file = guided(world)
    act(world, guiding.advise, file, world.guide, advice=Advice.FOR, reason="")

    def learner_signs(session: Any) -> None:
        signed = update(RecognitionFile).where(RecognitionFile.id == file.id).values(learner_signed_at=world.now)
        session.execute(signed.execution_options(synchronize_session=False))

    def guide_signs(session: Any) -> None:
        guiding.sign_as_guide(session, actor=world.guide, provider_slug=world.slug, code=file.code, now=world.now)

    assert at_the_same_time(world.database, learner_signs, guide_signs) == "done"
    assert world.facts(file.id).state is F.PORTFOLIO_OPEN


def test_a_file_of_another_provider_is_not_found(world: World) -> None:
    file = asked(world)
    with pytest.raises(ProviderNotFound):
        world.run(guiding.take_file, actor=world.guide, provider_slug="elders", code=file.code)
    with pytest.raises(FileNotFound):
        world.run(guiding.take_file, actor=world.guide, provider_slug=world.slug, code="XXXXXXXX")
