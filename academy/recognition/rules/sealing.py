"""The digest of what was decided: the same for the same words on every machine, other for any other."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from academy.kernel.text import json_text
from academy.recognition.rules.deciding import Answer


def digest_of_answers(file_id: UUID, answers: Sequence[Answer]) -> str:
    """Return 64 hexadecimal digits for these answers in this file, whatever their order; evidence and criteria count."""
    return _digest([file_id.hex, *sorted(_plain(each) for each in answers)])


def digest_of_decision(
    decision_id: UUID, answers: Sequence[Answer], *, number: str, ground: str, person_id: UUID, signers: Collection[UUID], decided_at: datetime, replaces: UUID | None,
) -> str:
    """Return 64 hexadecimal digits for a decision: what it says, of whom, signed by whom and when."""
    about = [decision_id.hex, number, ground, person_id.hex, sorted(each.hex for each in signers), decided_at.astimezone(UTC).isoformat(), replaces.hex if replaces else ""]
    return _digest([about, *sorted(_plain(each) for each in answers)])


def _plain(answer: Answer) -> list[object]:
    return [
        answer.outcome_id.hex, answer.judgement.value, answer.part, answer.reason, sorted(each.hex for each in answer.evidence), sorted(each.value for each in answer.met),
    ]


def _digest(value: object) -> str:
    return hashlib.sha256(json_text(value).encode()).hexdigest()
