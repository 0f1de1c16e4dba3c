"""What a board published counts at once for whoever has the paper: without a file, once, within the provider's maximum, and it can be taken back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from academy.accounts.api import Actor, Role
from academy.catalogue.api import ProviderNotFound
from academy.catalogue.models import LearningOutcome
from academy.kernel.money import FREE
from academy.kernel.text import Localized
from academy.recognition.errors import patterns as errors
from academy.recognition.errors.evidence import EvidenceNotFound
from academy.recognition.kinds import DecisionGround, DecisionState, EvidenceKind
from academy.recognition.models import (
    Credit,
    Decision,
    DecisionSignature,
    Equivalence,
    Evidence,
    OutcomeTally,
    PrecedentRow,
    RecognisedTotal,
    Terms,
)
from academy.recognition.queries import equivalences as queries
from academy.recognition.queries.auditing import audit
from academy.recognition.queries.portfolio import evidence_facts
from academy.recognition.service.equivalences import (
    EquivalenceDraft,
    end_equivalence,
    publish_equivalence,
    sign_equivalence,
    take_back_use,
    use_equivalence,
)
from tests import builders
from tests.enrolment.races import at_the_same_time
from tests.recognition.world import World

UNTIL = date(2027, 8, 31)
LINK = "https://voorbeeld.nl/certificaat"


def draft(world: World, **values: Any) -> EquivalenceDraft:
    return replace(EquivalenceDraft(
        EvidenceKind.COMPANY_COURSE, "Netwerken in de praktijk", "Zilvermeeuw Techniek", "NET-2", world.module.slug, frozenset(world.outcomes[:2]),
        "De toets van deze cursus vraagt hetzelfde.", date(2026, 9, 1), UNTIL,
    ), **values)


def publish(world: World, *, actor: Actor | None = None, **values: Any) -> str:
    return str(world.run(publish_equivalence, actor=actor or world.board, provider_slug=world.slug, draft=draft(world, **values)))


def certificate(world: World, **values: Any) -> UUID:
    kind = values.pop("kind", EvidenceKind.COMPANY_COURSE)
    return world.evidence(kind, **({"title": "Certificaat", "source": "zilvermeeuw techniek", "code": " net 2", "url": LINK} | values))


def use(world: World, code: str, evidence_id: UUID, actor: Actor | None = None) -> Any:
    return world.run(use_equivalence, actor=actor or world.learner, evidence_id=evidence_id, equivalence_code=code)


def terms(world: World, **values: Any) -> None:
    with world.database.writing() as session:
        session.add(Terms(**({"provider_id": world.provider_id, "most_ec": None, "signatures": 1, "fee": FREE, "changed_at": world.now} | values)))


def reword(world: World, place: int = 0) -> None:
    with world.database.writing() as session:
        session.execute(update(LearningOutcome).where(LearningOutcome.id == world.outcomes[place]).values(text=Localized("Je richt twee netwerken in.", "")))


def test_who_has_the_paper_gets_the_credits_at_once(world: World) -> None:
    decision_id = use(world, publish(world), certificate(world)).decision_id
    with world.database.reading() as session:
        decision = session.get_one(Decision, decision_id)
        assert (decision.ground, decision.state, decision.file_id) == (DecisionGround.EQUIVALENCE, DecisionState.GRANTED, None)
        assert decision.counts == sum(each.worth for each in world.module.outcomes[:2])
        assert set(session.scalars(select(Credit.outcome_id).where(Credit.person_id == world.learner.person_id))) == set(world.outcomes[:2])
        assert session.scalars(select(DecisionSignature.person_id)).all() == [world.board.person_id]
        assert not session.scalars(select(PrecedentRow.key)).all()
        assert not session.scalars(select(OutcomeTally)).all()
        assert not audit(session).any


def test_it_counts_once(world: World) -> None:
    code, paper = publish(world), certificate(world)
    use(world, code, paper)
    with pytest.raises(errors.CountsAlready):
        use(world, code, paper)
    use(world, publish(world, outcome_ids=frozenset(world.outcomes)), paper)  # one more outcome than before
    with world.database.reading() as session:
        assert session.scalars(select(RecognisedTotal.ec)).one() == world.module.ec
        assert not audit(session).any


def test_used_twice_in_one_moment_it_counts_once(world: World) -> None:
    code, paper = publish(world), certificate(world)
    heard = at_the_same_time(
        world.database, lambda session: use_equivalence(session, actor=world.learner, evidence_id=paper, equivalence_code=code, now=world.now),
        lambda session: use_equivalence(session, actor=world.learner, evidence_id=paper, equivalence_code=code, now=world.now),
    )
    assert heard == errors.CountsAlready.code
    with world.database.reading() as session:
        assert len(session.scalars(select(Credit.id)).all()) == 2


def test_ended_while_somebody_uses_it_grants_nothing(world: World) -> None:
    code, paper = publish(world), certificate(world)

    def end(session: Any) -> None:
        session.execute(update(Equivalence).values(ended_at=world.now))

    def grab(session: Any) -> None:
        use_equivalence(session, actor=world.learner, evidence_id=paper, equivalence_code=code, now=world.now)

    assert at_the_same_time(world.database, end, grab) == errors.EquivalenceOver.code
    with world.database.reading() as session:
        assert not session.scalars(select(Credit.id)).all()


def test_the_maximum_of_the_provider_holds(world: World) -> None:
    terms(world, most_ec=Decimal(2))
    use(world, publish(world), certificate(world))
    with world.database.reading() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.counts, decision.beyond) == (Decimal(2), Decimal("1.4"))
        assert session.scalars(select(RecognisedTotal.ec)).one() == 2


@pytest.mark.parametrize(("paper", "refused"), [
    ({"code": "NET-3"}, errors.EvidenceUnlike), ({"source": "Anders"}, errors.EvidenceUnlike), ({"kind": EvidenceKind.MOOC}, errors.EvidenceUnlike),
    ({"url": ""}, errors.PaperMissing),
])
def test_another_paper_or_only_its_name_does_not_count(world: World, paper: dict[str, Any], refused: type[Exception]) -> None:
    code = publish(world)
    piece = certificate(world, **paper)
    with pytest.raises(refused):
        use(world, code, piece)


def test_somebody_elses_paper_is_not_there(world: World) -> None:
    with pytest.raises(EvidenceNotFound):
        use(world, publish(world), certificate(world), actor=world.stranger)


def test_who_signed_it_does_not_use_it(world: World) -> None:
    with pytest.raises(errors.OwnSignature):
        use(world, publish(world), certificate(world, of=world.board), actor=world.board)


def test_reworded_outcomes_wait_for_the_board(world: World) -> None:
    code, paper = publish(world), certificate(world)
    reword(world)
    with pytest.raises(errors.EquivalenceReworded):
        use(world, code, paper)
    with world.database.reading() as session:
        row = evidence_facts(session.get_one(Evidence, paper))
        assert [each.is_reworded for each in queries.that_fit(session, row, now=world.now)] == [True]


@pytest.mark.parametrize(("day", "counts"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (UNTIL, True), (date(2027, 9, 1), False)])
def test_it_counts_from_its_first_day_up_to_and_with_its_last(world: World, day: date, counts: bool) -> None:
    code, paper = publish(world), certificate(world)
    world.now = world.now.replace(year=day.year, month=day.month, day=day.day)
    if counts:
        use(world, code, paper)
    else:
        with pytest.raises(errors.EquivalenceOver):
            use(world, code, paper)


def test_what_ended_grants_nothing_and_what_it_granted_stays(world: World) -> None:
    code = publish(world)
    use(world, code, certificate(world))
    world.run(end_equivalence, actor=world.other_of_board, provider_slug=world.slug, code=code)
    with pytest.raises(errors.EquivalenceOver):
        use(world, code, certificate(world, of=world.stranger), actor=world.stranger)
    with pytest.raises(errors.EquivalenceClosed):
        world.run(end_equivalence, actor=world.board, provider_slug=world.slug, code=code)
    with world.database.reading() as session:
        assert len(session.scalars(select(Credit.id).where(Credit.ended_at.is_(None))).all()) == 2
        assert [each.facts.ended_at for each in queries.published(session, now=world.now)] == [world.now]


def test_where_two_sign_it_is_public_with_the_second(world: World) -> None:
    terms(world, signatures=2)
    code, paper = publish(world), certificate(world)
    with pytest.raises(errors.EquivalenceNotFound):
        use(world, code, paper)
    with pytest.raises(errors.EquivalenceClosed):
        world.run(sign_equivalence, actor=world.board, provider_slug=world.slug, code=code)
    world.run(sign_equivalence, actor=world.other_of_board, provider_slug=world.slug, code=code)
    decision_id = use(world, code, paper).decision_id
    with world.database.reading() as session:
        signed = session.scalars(select(DecisionSignature.person_id).where(DecisionSignature.decision_id == decision_id)).all()
    assert set(signed) == {world.board.person_id, world.other_of_board.person_id}


def test_a_second_member_signs_no_words_that_changed(world: World) -> None:
    terms(world, signatures=2)
    code = publish(world)
    reword(world)
    with pytest.raises(errors.EquivalenceReworded):
        world.run(sign_equivalence, actor=world.other_of_board, provider_slug=world.slug, code=code)


@pytest.mark.parametrize("wrong", [
    {"outcome_ids": frozenset()}, {"outcome_ids": frozenset({UUID(int=1)})}, {"valid_until": date(2026, 8, 31)}, {"valid_from": date(2027, 9, 1)},
    {"kind": EvidenceKind.WORK}, {"source_code": " - "}, {"source": ""},
])
def test_what_does_not_name_a_paper_outcomes_or_a_day_to_come_is_refused(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.EquivalenceWrong):
        publish(world, **wrong)


def test_only_the_board_of_the_module_publishes(world: World) -> None:
    for actor in (world.assessor, world.owner, world.learner):
        with pytest.raises(ProviderNotFound):
            publish(world, actor=actor)
    with world.database.writing() as session:
        other = builders.provider(session, "saxion")
    theirs = world.person("Bé van Saxion", Role.EXAM_BOARD, at=other)
    with pytest.raises(errors.EquivalenceWrong):
        world.run(publish_equivalence, actor=theirs, provider_slug="saxion", draft=draft(world))


def test_a_board_takes_back_what_was_granted_on_a_paper_that_is_not_what_it_says(world: World) -> None:
    code = publish(world)
    use(world, code, certificate(world))
    with world.database.reading() as session:
        facts = queries.equivalence_with_code(session, code)
        number = queries.uses_of(session, facts.id)[0].number
    again = {"actor": world.board, "provider_slug": world.slug, "number": number, "reason": "Dit certificaat is niet echt."}
    with pytest.raises(ProviderNotFound):
        world.run(take_back_use, **{**again, "actor": world.assessor})
    with pytest.raises(errors.DecisionStands):
        world.run(take_back_use, **{**again, "reason": " "})
    world.run(take_back_use, **again)
    with pytest.raises(errors.DecisionStands):
        world.run(take_back_use, **again)
    with world.database.reading() as session:
        assert not session.scalars(select(Credit.id).where(Credit.ended_at.is_(None))).all()
        assert session.scalars(select(RecognisedTotal.ec)).one() == 0
        assert [each.is_replaced for each in queries.uses_of(session, facts.id)] == [True]
        assert not audit(session).any


def test_what_the_board_took_back_is_not_had_again_by_the_same_rule(world: World) -> None:
    code, paper = publish(world), certificate(world)
    number = use(world, code, paper).number
    world.run(take_back_use, actor=world.board, provider_slug=world.slug, number=number, reason="Dit certificaat is niet echt.")
    with pytest.raises(errors.TakenBack):
        use(world, code, paper)
    use(world, code, certificate(world, of=world.stranger), actor=world.stranger)
    with world.database.reading() as session:
        assert set(session.scalars(select(Credit.person_id).where(Credit.ended_at.is_(None)))) == {world.stranger.person_id}


def test_anybody_finds_what_counts_by_paper_source_module_and_provider(world: World) -> None:
    publish(world)
    ended = publish(world, title="Oude cursus", source_code="NET-1")
    world.run(end_equivalence, actor=world.board, provider_slug=world.slug, code=ended)
    with world.database.reading() as session:
        def titles(words: str) -> list[str]:
            return [each.facts.title for each in queries.published(session, words=words, now=world.now)]

        assert titles("") == ["Netwerken in de praktijk", "Oude cursus"]
        assert titles("ZILVERMEEUW net-2") == titles("netwerkbeheer praktijk") == ["Netwerken in de praktijk"]
        assert titles("bestaat niet") == []
        assert queries.published(session, now=world.now)[0].ec == sum(each.worth for each in world.module.outcomes[:2])
