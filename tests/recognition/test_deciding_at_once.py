"""Two members of a board at the same moment, as two open transactions: one decision, one revision, and never more than the maximum.

    mutation                                                    red
    `booking._hold` that holds nothing                          two files count more together than the maximum
    `deciding._take_draft` that takes nothing away              a draft is there after it was signed

The file is what two members meet at first (`deciding._held`), the total of a person what two files do. The guards of `history.move` and of the draft stand behind
that.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, Role
from academy.catalogue.api import OutcomeDraft
from academy.catalogue.models import Module
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import FileState, Judgement, Who
from academy.recognition.models import Credit, Decision, DecisionDraft, FileOutcome, RecognisedTotal
from academy.recognition.queries.outcomes import modules_to_claim
from academy.recognition.rules.deciding import Answer
from academy.recognition.service import deciding
from academy.recognition.service.history import move, step_of
from tests import builders
from tests.enrolment.races import Act, at_the_same_time
from tests.recognition import board_desk as desk
from tests.recognition.board_desk import ALL_NO, ALL_YES, ASKED, MIXED
from tests.recognition.world import World

LOST = {"busy", "recognition-changed-meanwhile", "recognition-step-refused"}


@pytest.mark.parametrize("judgements", [ALL_YES, ALL_NO], ids=["yes", "no"])
def test_of_two_members_who_decide_at_once_one_decides(database: Database, world: World, judgements: tuple[Judgement, ...]) -> None:
    file = world.file(ASKED)
    digest = desk.seen(world, file).seen

    def act(by: Actor) -> Act:
        return lambda session: deciding.decide(
            session, actor=by, provider_slug=world.slug, code=file.code, answers=desk.answers(world, judgements), seen_digest=digest, now=world.now,
        )

    assert at_the_same_time(database, act(world.board), act(world.other_of_board)) in LOST
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_of_two_revisions_of_one_decision_one_lands(database: Database, world: World) -> None:
    file = world.file(ASKED)
    desk.decide(world, file, ALL_NO)
    world.run(move, file_id=file.id, step=step_of(FileState.APPEALED, Who.LEARNER, world.learner), why="Nee.")
    third = world.person("Cas Commissie", Role.EXAM_BOARD)
    digest = desk.seen(world, file, third).seen

    def act(by: Actor) -> Act:
        return lambda session: deciding.revise(
            session, actor=by, provider_slug=world.slug, code=file.code, answers=desk.answers(world, ALL_NO), why="Opnieuw.", seen_digest=digest, now=world.now,
        )

    assert at_the_same_time(database, act(world.other_of_board), act(third)) in LOST
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 2


def test_of_two_second_signatures_one_counts(database: Database, world: World) -> None:
    desk.two_sign(world)
    file, third = world.file(ASKED), world.person("Cas Commissie", Role.EXAM_BOARD)
    desk.decide(world, file, MIXED)
    there = desk.seen(world, file, third)
    assert there.beside.draft is not None
    digest = there.beside.draft.digest

    def act(by: Actor) -> Act:
        return lambda session: deciding.sign_decision(
            session, actor=by, provider_slug=world.slug, code=file.code, digest=digest, seen_digest=there.seen, now=world.now,
        )

    assert at_the_same_time(database, act(world.other_of_board), act(third)) in LOST
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1
        assert session.scalar(select(func.count()).select_from(DecisionDraft)) == 0


def other_module(world: World) -> FileFacts:
    """Return a file of the same learner for another module of five EC."""
    with world.database.writing() as session:
        external_id = builders.module(
            session, world.now, provider_id=world.provider_id, external_id="ander", title=Localized("Iets anders"), ec=Decimal(5),
            outcomes=tuple(OutcomeDraft(Localized(words)) for words in ("Je meet.", "Je rekent.", "Je tekent.")),
        )
        module_id = session.scalars(select(Module.id).where(Module.external_id == external_id)).one()
        module = modules_to_claim(session, [module_id])[module_id]
    return replace(world, module=module).file(ASKED)


def test_two_files_of_one_person_decided_at_once_stay_under_the_maximum(database: Database, world: World) -> None:
    desk.two_sign(world, signatures=1, most_ec=Decimal(4))
    first, second = world.file(ASKED), other_module(world)
    with database.writing() as session:  # there already, so that not its making but its guarded change decides
        session.add(RecognisedTotal(person_id=world.learner.person_id, provider_id=world.provider_id, ec=Decimal(0)))
    digests = [desk.seen(world, each).seen for each in (first, second)]

    def act(file: FileFacts, digest: str) -> Act:
        def run(session: Session) -> object:
            outcomes = session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == file.id)).all()
            said = [Answer(each, Judgement.YES) for each in outcomes]
            return deciding.decide(session, actor=world.board, provider_slug=world.slug, code=file.code, answers=said, seen_digest=digest, now=world.now)

        return run

    heard = at_the_same_time(database, act(first, digests[0]), act(second, digests[1]))
    if heard != "done":  # started over
        assert heard == "busy"
        with database.writing() as session:
            act(second, desk.seen(world, second).seen)(session)
    with database.reading() as session:
        assert session.scalars(select(RecognisedTotal.ec)).one() == Decimal(4)
        assert sum(session.scalars(select(Decision.counts)).all()) == Decimal(4)
        assert sum(session.scalars(select(Credit.ec)).all()) == Decimal(10)
