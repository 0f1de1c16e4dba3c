"""Booking a decision: the one place where a decision, its signatures and the credits that follow from it are written, in one commit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.db import insert_new, rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.kernel.text import Localized
from academy.recognition.events import CreditsBooked, Decided
from academy.recognition.kinds import DecisionGround, DecisionState, Judgement
from academy.recognition.models import Credit, Decision, DecisionAnswer, DecisionSignature, RecognisedTotal
from academy.recognition.queries.files import terms_of
from academy.recognition.rules.clocks import appeal_until
from academy.recognition.rules.credits import Counted, total_of
from academy.recognition.rules.deciding import Answer, decision_of
from academy.recognition.rules.patterns import Shown
from academy.recognition.rules.sealing import digest_of_decision
from academy.recognition.service import remembering

_NONE: Final = Decimal(0)


@dataclass(frozen=True)
class Answered:
    """What is decided of one outcome, in the words that were decided on; `worth` is its credits (EC) when it is granted whole."""

    outcome_id: UUID
    wording: Localized
    worth: Decimal
    judgement: Judgement
    part: str = ""
    reason: str = ""


@dataclass(frozen=True)
class About:
    """Of whom and what is decided, and on what ground; `ground_id` is what the board published, `replaces` the decision that this one takes the place of.

    `shown` is the evidence per outcome by which the decision can be repeated; what is not in it is no precedent.
    """

    person_id: UUID
    module_id: UUID
    provider_id: UUID
    ground: DecisionGround
    file_id: UUID | None = None
    ground_id: UUID | None = None
    replaces: UUID | None = None
    parents: tuple[UUID, ...] = ()
    shown: Mapping[UUID, frozenset[Shown]] | None = None


def book_decision(session: Session, about: About, answers: Sequence[Answered], *, signers: Collection[UUID], now: datetime) -> UUID:
    """Write a decision with its signatures and the credits that follow; returns its id. Who calls it has asked the rules, and moves the file.

    An outcome that is granted already earns nothing twice, and all of a module together never more than it has. What a replaced decision granted and this
    one does not is ended. Who books for the same person at the same provider waits. Raises ValueError for no answer or no signer; DatabaseBusy (start over)
    when somebody else replaced the same decision.
    """
    if not signers:
        raise ValueError("a decision is signed by somebody")
    granted = {each.outcome_id: each.worth for each in answers if each.judgement is Judgement.YES}
    before = _hold(session, about)
    ending = _ending(session, about, granted)
    fresh, above = _not_there_yet(session, about, granted, ending)
    split = _count(session, about, before, sum(fresh.values(), _NONE), sum((each.ec for each in ending), _NONE))
    split = Counted(split.counts, split.beyond + above)
    decision_id = new_id()
    try:
        with session.begin_nested():
            session.add(_decision(decision_id, about, answers, signers=signers, split=split, now=now))
            session.flush()
            session.add_all(_answer_row(decision_id, each) for each in answers)
            session.add_all(DecisionSignature(decision_id=decision_id, person_id=each, at=now) for each in sorted(signers))
            _end(session, about, ending, decision_id, now=now)
            session.add_all(_credit(about, outcome_id, ec, decision_id, now) for outcome_id, ec in fresh.items())
            session.flush()
    except IntegrityError as error:  # replaced by another, or the same outcome granted in another file at this moment
        raise DatabaseBusy from error
    if about.replaces is not None:
        remembering.forget(session, decision_id=about.replaces, now=now)
    remembering.remember(
        session, decision_id=decision_id, provider_id=about.provider_id, person_id=about.person_id, answers=answers, shown=about.shown or {}, now=now,
    )
    announce(session, Decided(decision_id))
    if fresh or ending:
        announce(session, CreditsBooked(about.person_id, decision_id))
    return decision_id


def _decision(
    decision_id: UUID, about: About, answers: Sequence[Answered], *, signers: Collection[UUID], split: Counted, now: datetime,
) -> Decision:
    plain, number = [Answer(each.outcome_id, each.judgement, each.part, each.reason) for each in answers], short_code()
    return Decision(
        id=decision_id, number=number, ground=about.ground, ground_id=about.ground_id, file_id=about.file_id, person_id=about.person_id, module_id=about.module_id,
        provider_id=about.provider_id, state=DecisionState(decision_of(plain).value) if about.replaces is None else DecisionState.REVISED, decided_at=now,
        appeal_until=appeal_until(now), replaces_id=about.replaces, parents=[each.hex for each in about.parents], counts=split.counts, beyond=split.beyond,
        digest=digest_of_decision(
            decision_id, plain, number=number, ground=about.ground.value, person_id=about.person_id, signers=signers, decided_at=now, replaces=about.replaces,
        ),
    )


def _credit(about: About, outcome_id: UUID, ec: Decimal, decision_id: UUID, now: datetime) -> Credit:
    return Credit(
        id=new_id(), person_id=about.person_id, outcome_id=outcome_id, module_id=about.module_id, provider_id=about.provider_id, decision_id=decision_id, ec=ec, from_at=now,
    )


def _answer_row(decision_id: UUID, answer: Answered) -> DecisionAnswer:
    ec = answer.worth if answer.judgement is Judgement.YES else _NONE
    return DecisionAnswer(
        decision_id=decision_id, outcome_id=answer.outcome_id, wording=answer.wording, judgement=answer.judgement, part=answer.part, reason=answer.reason, ec=ec,
    )


def _hold(session: Session, about: About) -> Decimal:
    """Keep what counts for this person at this provider to this transaction, and return it. Before anything of theirs is read: who books too comes after.

    All credits of an outcome are at the provider that awards it, so this row stands for all of them.
    """
    key = {"person_id": about.person_id, "provider_id": about.provider_id}
    session.execute(insert_new(session, RecognisedTotal, "person_id", "provider_id").values(**key, ec=_NONE))
    session.execute(update(RecognisedTotal).where(*_mine(about)).values(ec=RecognisedTotal.ec).execution_options(synchronize_session=False))
    return session.scalars(select(RecognisedTotal.ec).where(*_mine(about))).one()


def _mine(about: About) -> tuple[ColumnElement[bool], ...]:
    return RecognisedTotal.person_id == about.person_id, RecognisedTotal.provider_id == about.provider_id


def _not_there_yet(session: Session, about: About, granted: Mapping[UUID, Decimal], ending: Sequence[Credit]) -> tuple[dict[UUID, Decimal], Decimal]:
    """Return what is new with the EC that each brings, the first first, and how many EC of it are above what the module has.

    Outcomes and weights may change between two decisions; what stands of the module and what is added never exceed the EC that it has at this moment.
    """
    counting = select(Credit.outcome_id, Credit.module_id, Credit.ec).where(Credit.person_id == about.person_id, Credit.ended_at.is_(None))
    there = session.execute(counting.where((Credit.module_id == about.module_id) | Credit.outcome_id.in_(granted))).all()
    had = {each.outcome_id for each in there}
    stands = sum((each.ec for each in there if each.module_id == about.module_id), _NONE) - sum((each.ec for each in ending), _NONE)
    of_module = catalogue.claimable_modules(session, [about.module_id])[about.module_id].ec or _NONE
    room, above, fresh = max(of_module - stands, _NONE), _NONE, {}
    for outcome_id, worth in granted.items():
        if outcome_id not in had:
            fresh[outcome_id] = min(worth, room)
            room, above = room - fresh[outcome_id], above + worth - fresh[outcome_id]
    return fresh, above


def _ending(session: Session, about: About, granted: Collection[UUID]) -> Sequence[Credit]:
    """Return the credits of the replaced decision that this one does not grant; what another decision that counts grants too goes on under that one."""
    if about.replaces is None:
        return ()
    found = session.scalars(select(Credit).where(Credit.decision_id == about.replaces, Credit.ended_at.is_(None), Credit.outcome_id.not_in(granted))).all()
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    others = dict(session.execute(
        select(DecisionAnswer.outcome_id, Decision.id).join(Decision, Decision.id == DecisionAnswer.decision_id).where(
            Decision.person_id == about.person_id, Decision.id != about.replaces, Decision.id.not_in(replaced), DecisionAnswer.judgement == Judgement.YES,
            DecisionAnswer.outcome_id.in_([each.outcome_id for each in found]),
        ),
    ).all())
    for each in found:
        if each.outcome_id in others:
            each.decision_id = others[each.outcome_id]
    session.flush()
    return [each for each in found if each.outcome_id not in others]


def _end(session: Session, about: About, ending: Sequence[Credit], decision_id: UUID, *, now: datetime) -> None:
    """End these credits; what goes on counting goes on under the new decision, so that a later one that names it finds it."""
    if about.replaces is None:
        return
    done = update(Credit).where(Credit.id.in_([each.id for each in ending]), Credit.ended_at.is_(None)).values(ended_at=now, ended_by_id=decision_id)
    if rows_changed(session, done.execution_options(synchronize_session=False)) != len(ending):
        raise DatabaseBusy
    kept = update(Credit).where(Credit.decision_id == about.replaces, Credit.ended_at.is_(None)).values(decision_id=decision_id)
    session.execute(kept.execution_options(synchronize_session=False))


def _count(session: Session, about: About, before: Decimal, added: Decimal, ended: Decimal) -> Counted:
    """Change what counts for a person at a provider, which is held, never above its maximum; returns what of the added EC counts and what is beyond it.

    What ends makes room for what was beyond the maximum before.
    """
    maximum = terms_of(session, about.provider_id).most_ec
    live = sum(session.scalars(select(Credit.ec).where(Credit.person_id == about.person_id, Credit.provider_id == about.provider_id, Credit.ended_at.is_(None))), _NONE)
    after = total_of(before, live=live, added=added, ended=ended, maximum=maximum)
    session.execute(update(RecognisedTotal).where(*_mine(about)).values(ec=after).execution_options(synchronize_session=False))
    counts = max(after - min(before, live - ended), _NONE)
    return Counted(min(counts, added), max(added - counts, _NONE))
