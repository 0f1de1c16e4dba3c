"""Credits follow from decisions: exactly the outcomes that were granted, once, up to what the provider recognises, and never by another way."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from academy.catalogue.models import Module
from academy.kernel.errors import DatabaseBusy
from academy.kernel.money import Money
from academy.recognition.kinds import DecisionGround, DecisionState, Judgement
from academy.recognition.models import Credit, Decision, DecisionAnswer, DecisionSignature, RecognisedTotal, Terms
from academy.recognition.queries.auditing import audit
from academy.recognition.service.booking import About, Answered, book_decision
from tests.recognition.world import NO, PARTLY, YES, World


def answered(world: World, *judgements: Judgement, worth: Decimal | None = None) -> list[Answered]:
    return [
        Answered(outcome.id, outcome.wording, outcome.worth if worth is None else worth, judgement, "de helft" if judgement is PARTLY else "", "" if judgement is YES else "omdat")
        for outcome, judgement in zip(world.module.outcomes, judgements, strict=True)
    ]


def book(session: Session, world: World, judgements: Sequence[Judgement], *, replaces: UUID | None = None, worth: Decimal | None = None) -> UUID:
    about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.EQUIVALENCE, ground_id=world.module.id, replaces=replaces)
    return book_decision(session, about, answered(world, *judgements, worth=worth), signers=[world.board.person_id], now=world.now)


def live(session: Session) -> dict[UUID, Decimal]:
    return dict(session.execute(select(Credit.outcome_id, Credit.ec).where(Credit.ended_at.is_(None))).all())


def total(session: Session) -> Decimal:
    return session.scalars(select(RecognisedTotal.ec)).one()


def most(session: Session, world: World, ec: Decimal) -> None:
    session.merge(Terms(provider_id=world.provider_id, most_ec=ec, signatures=1, fee=Money(0), changed_at=world.now))
    session.flush()


def worth(world: World, *judgements: Judgement) -> dict[UUID, Decimal]:
    return {each.id: each.worth for each, judgement in zip(world.module.outcomes, judgements, strict=True) if judgement is YES}


def test_a_decision_earns_the_outcomes_that_were_granted_whole(world: World) -> None:
    with world.database.writing() as session:
        decision_id = book(session, world, (YES, PARTLY, NO))
        assert live(session) == worth(world, YES, PARTLY, NO)
        assert total(session) == sum(worth(world, YES, PARTLY, NO).values())
        decision = session.get_one(Decision, decision_id)
        assert (decision.state, decision.counts, decision.beyond) == (DecisionState.PARTIALLY_GRANTED, total(session), Decimal(0))
        assert session.scalars(select(DecisionSignature.person_id)).all() == [world.board.person_id]


def test_all_outcomes_earn_the_module(world: World) -> None:
    with world.database.writing() as session:
        book(session, world, (YES, YES, YES))
        assert total(session) == world.module.ec == Decimal(5)


def test_what_was_granted_already_earns_nothing_twice(world: World) -> None:
    with world.database.writing() as session:
        book(session, world, (YES, NO, NO))
        second = book(session, world, (YES, YES, NO))
        assert total(session) == sum(worth(world, YES, YES, NO).values())
        assert session.get_one(Decision, second).counts == world.module.outcomes[1].worth


def test_a_revision_ends_what_it_does_not_grant_and_a_later_one_finds_the_rest(world: World) -> None:
    with world.database.writing() as session:
        first = book(session, world, (YES, YES, NO))
        second = book(session, world, (YES, NO, YES), replaces=first)
        assert live(session) == worth(world, YES, NO, YES)
        assert session.get_one(Decision, second).state is DecisionState.REVISED
        book(session, world, (NO, NO, NO), replaces=second)
        assert live(session) == {}
        assert total(session) == 0


def test_a_decision_is_replaced_once(world: World) -> None:
    with world.database.writing() as session:
        first = book(session, world, (YES, YES, NO))
    with world.database.writing() as session:
        book(session, world, (YES, NO, NO), replaces=first)
    with pytest.raises(DatabaseBusy), world.database.writing() as session:
        book(session, world, (NO, NO, NO), replaces=first)
    with world.database.reading() as session:
        assert live(session) == worth(world, YES, NO, NO)


def test_what_is_beyond_the_maximum_does_not_count_and_is_told(world: World) -> None:
    with world.database.writing() as session:
        most(session, world, Decimal(3))
        decision = session.get_one(Decision, book(session, world, (YES, YES, YES)))
        assert (decision.counts, decision.beyond, total(session)) == (Decimal(3), Decimal(2), Decimal(3))


def test_a_module_brings_no_more_than_it_has_when_its_outcomes_weigh_otherwise_than_before(world: World) -> None:
    with world.database.writing() as session:
        book(session, world, (YES, NO, NO))
        decision = session.get_one(Decision, book(session, world, (YES, YES, YES), worth=Decimal("2.5")))
        assert list(live(session).values()) == [Decimal("1.7"), Decimal("2.5"), Decimal("0.8")]
        assert (decision.counts, decision.beyond, total(session)) == (Decimal("3.3"), Decimal("1.7"), Decimal(5))
        assert session.scalars(select(DecisionAnswer.ec).where(DecisionAnswer.decision_id == decision.id)).all() == [Decimal("2.5")] * 3
        assert not audit(session).any


@pytest.mark.parametrize("ec", [None, Decimal(0)])
def test_a_module_without_credits_brings_none_but_its_outcomes_are_granted(world: World, ec: Decimal | None) -> None:
    with world.database.writing() as session:
        session.execute(update(Module).values(ec=ec))
        decision = session.get_one(Decision, book(session, world, (YES, YES, NO)))
        assert live(session) == dict.fromkeys(world.outcomes[:2], Decimal(0))
        assert (decision.counts, decision.beyond, total(session)) == (Decimal(0), sum(worth(world, YES, YES, NO).values()), Decimal(0))
        assert not audit(session).any


def test_what_goes_on_under_another_decision_keeps_its_credits(world: World) -> None:
    with world.database.writing() as session:
        first = book(session, world, (YES, NO, NO))
        book(session, world, (YES, NO, NO), worth=Decimal(1))
        book(session, world, (NO, NO, NO), replaces=first)
        assert live(session) == worth(world, YES, NO, NO)
        assert not audit(session).any


def test_the_audit_finds_credits_that_are_less_than_was_granted(world: World) -> None:
    with world.database.writing() as session:
        book(session, world, (YES, NO, NO))
        session.execute(update(Credit).values(ec=Decimal(1)))
        assert audit(session).credits


def test_without_a_signature_there_is_no_decision(world: World) -> None:
    about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.EQUIVALENCE)
    with pytest.raises(ValueError, match="signed"), world.database.writing() as session:
        book_decision(session, about, answered(world, YES, NO, NO), signers=[], now=world.now)


@pytest.mark.parametrize("table", [Decision, DecisionAnswer, DecisionSignature])
@pytest.mark.parametrize("is_update", [True, False])
def test_what_was_decided_is_changed_by_nobody(world: World, table: type[Decision | DecisionAnswer | DecisionSignature], is_update: bool) -> None:
    with world.database.writing() as session:
        book(session, world, (YES, PARTLY, NO))
    column = next(iter(table.__table__.primary_key)).name
    changing = update(table).values({column: text(column)}) if is_update else delete(table)
    with pytest.raises(DatabaseError, match="only added to"), world.database.writing() as session:
        session.execute(changing.execution_options(synchronize_session=False))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_whatever_is_decided_and_revised_credits_are_the_granted_outcomes_of_what_counts(world: World, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a sequence that can be had again
    session = Session(world.database.engine)
    try:
        if chance.random() < 0.5:
            most(session, world, Decimal(chance.randrange(8)))
        standing: list[tuple[UUID, tuple[Judgement, ...]]] = []
        for _time in range(8):
            judgements = tuple(chance.choice((YES, PARTLY, NO)) for _each in world.outcomes)
            replaced = standing.pop(chance.randrange(len(standing)))[0] if standing and chance.random() < 0.5 else None
            standing.append((book(session, world, judgements, replaces=replaced, worth=chance.choice((None, Decimal(1), Decimal(3)))), judgements))
            maximum = session.scalars(select(Terms.most_ec)).one_or_none()
            there = live(session)
            assert set(there) == {outcome_id for _id, said in standing for outcome_id in worth(world, *said)}
            assert sum(there.values()) <= Decimal(5)
            assert not audit(session).credits
            assert total(session) == (sum(there.values()) if maximum is None else min(sum(there.values()), maximum))
        assert session.scalar(select(func.count()).select_from(Decision)) == 8
    finally:
        session.rollback()
        session.close()
