"""What was answered about classes, in batches of which can be told what may be told."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.reports.kinds import Side
from academy.reports.models import Questionnaire, QuestionnaireAnswer
from academy.reports.rules.asking import LEAST, QUESTIONS
from academy.reports.rules.batches import Batch, settled, summed
from academy.reports.rules.ratios import mean
from academy.reports.sources import experience as source
from academy.reports.sources.experience import ClassFacts

ASKED = "asked"  # the sum that is no question
Wave = tuple[Side, int]


def by_provider(one: ClassFacts) -> str:
    """Return the part of a whole that a class belongs to, where providers are told apart."""
    return one.provider_id.hex


def opinions(
    session: Session, classes: Collection[ClassFacts], *, before: date, part: Callable[[ClassFacts], str] = by_provider, sides: Collection[Side] = tuple(Side),
) -> dict[Wave, list[Batch]]:
    """Return by side and wave what was answered about each class, of questionnaires that were closed before a day; also of those that nobody answered. Five statements at most."""
    by_id = {each.id: each for each in classes}
    rows = session.execute(
        select(Questionnaire.id, Questionnaire.offering_id, Questionnaire.side, Questionnaire.wave, Questionnaire.closes_on, Questionnaire.asked)
        .where(Questionnaire.offering_id.in_(by_id), Questionnaire.closes_on < before, Questionnaire.side.in_(sides)).order_by(Questionnaire.id),
    ).all() if by_id else []
    if not rows:
        return {}
    sums, numbers = _answers(session, [row.id for row in rows])
    subjects = _subjects(session, classes, sides)
    found: dict[Wave, list[Batch]] = {}
    for row in rows:
        of = by_id[row.offering_id]
        batch = Batch(
            row.closes_on, of.id.hex, part(of), subjects[row.side](of), numbers[row.id], {ASKED: row.asked, **sums.get(row.id, {})},
        )
        found.setdefault((row.side, row.wave), []).append(batch)
    return found


def _answers(session: Session, questionnaire_ids: Sequence[UUID]) -> tuple[dict[UUID, Counter[str]], Counter[UUID]]:
    """Return by questionnaire the sums of the scores by question, and the number of answers."""
    sums: dict[UUID, Counter[str]] = {}
    numbers: Counter[UUID] = Counter()
    for questionnaire_id, scores in session.execute(
        select(QuestionnaireAnswer.questionnaire_id, QuestionnaireAnswer.scores).where(QuestionnaireAnswer.questionnaire_id.in_(questionnaire_ids)),
    ):
        sums.setdefault(questionnaire_id, Counter()).update(scores)
        numbers[questionnaire_id] += 1
    return sums, numbers


def _subjects(session: Session, classes: Collection[ClassFacts], sides: Collection[Side]) -> Mapping[Side, Callable[[ClassFacts], frozenset[Hashable]]]:
    ids = [each.id for each in classes]
    learners = source.everybody_in(session, ids) if Side.LEARNER in sides else {}
    firms = source.firms_of(session, ids, still=False) if Side.FIRM in sides else {}
    return {
        Side.LEARNER: lambda of: frozenset(learners.get(of.id, ())), Side.FIRM: lambda of: frozenset(firms.get(of.id, ())),
        Side.INSTITUTION: lambda of: frozenset({of.provider_id}),
    }


def scores_of(side: Side, told: Sequence[Batch]) -> dict[str, int | None]:
    """Return the mean by question in tenths, of batches that may be told of; None for all where there are none."""
    total = summed(told)
    return {question: mean(total[question], total["number"]) for question in QUESTIONS[side]}


def settled_of(side: Side, batches: Sequence[Batch]) -> list[Batch]:
    """Return the batches of one side that may be told of."""
    return settled(batches, least=LEAST[side])
