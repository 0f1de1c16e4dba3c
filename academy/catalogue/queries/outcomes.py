"""Learning outcomes and their skills, which come along as JSON in the row of their module."""

from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect
from sqlalchemy.orm import Session

from academy.catalogue import facts
from academy.catalogue.models import LearningOutcome, Module, OutcomeSkill
from academy.catalogue.queries.copying import localized
from academy.kernel.db import rows_as_json


def outcomes_json(session: Session) -> ScalarSelect[Any]:
    return rows_as_json(
        session, LearningOutcome.position, LearningOutcome.id, LearningOutcome.text,
        of=lambda found: found.where(LearningOutcome.module_id == Module.id, LearningOutcome.left_in_version.is_(None)),
        correlate=Module,
    )


def skills_json(session: Session) -> ScalarSelect[Any]:
    return rows_as_json(
        session, OutcomeSkill.outcome_id, OutcomeSkill.skill_uri, OutcomeSkill.label,
        of=lambda found: found.join(LearningOutcome, LearningOutcome.id == OutcomeSkill.outcome_id).where(
            LearningOutcome.module_id == Module.id, LearningOutcome.left_in_version.is_(None),
        ),
        correlate=Module,
    )


def outcome_facts(outcomes: list[list[Any]], skills: list[list[Any]]) -> tuple[facts.OutcomeFacts, ...]:
    """Put together what the two selections above gave."""
    tags: dict[str, list[facts.SkillTag]] = {}
    for outcome_id, uri, label in sorted(skills, key=lambda row: str(row[1])):
        tags.setdefault(outcome_id, []).append(facts.SkillTag(uri, localized(label)))
    return tuple(
        facts.OutcomeFacts(UUID(outcome_id), localized(text), tuple(tags.get(outcome_id, ())))
        for _position, outcome_id, text in sorted(outcomes, key=lambda row: int(row[0]))
    )
