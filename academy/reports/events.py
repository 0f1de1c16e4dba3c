"""What reports announce: ids only. Letters hear of it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class CommissionSent(Event):
    """A provider was asked to fill a gap."""

    name: ClassVar[str] = "Reports.commission-sent.v1"
    commission_id: UUID
    provider_id: UUID


@dataclass(frozen=True)
class CommissionAnswered(Event):
    """A provider answered whether it will fill a gap."""

    name: ClassVar[str] = "Reports.commission-answered.v1"
    commission_id: UUID
    provider_id: UUID


@dataclass(frozen=True)
class QuestionnaireAsked(Event):
    """Somebody is asked to answer a questionnaire."""

    name: ClassVar[str] = "Reports.questionnaire-asked.v1"
    invite_id: UUID


@dataclass(frozen=True)
class QuestionnaireReminded(Event):
    """Somebody who did not answer yet is asked once more; there is no third time."""

    name: ClassVar[str] = "Reports.questionnaire-reminded.v1"
    invite_id: UUID
