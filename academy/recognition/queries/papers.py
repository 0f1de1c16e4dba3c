"""What exam boards published beforehand about modules, for who makes a plan: which paper counts, and what is approved to go by itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.kernel.clock import amsterdam_day
from academy.recognition.kinds import EvidenceKind
from academy.recognition.models import PatternApproval
from academy.recognition.queries.equivalences import that_count_for
from academy.recognition.queries.mappings import mappings_for


@dataclass(frozen=True)
class PaperFacts:
    """Whoever has this gets so many EC of a module, `is_whole` when that is every outcome of it; after a test here where `needs_test`.

    `other_module_id` is the remote course where it is one that is here. `board` is the name of the provider whose board says so.
    """

    module_id: UUID
    board: str
    kind: EvidenceKind
    titles: tuple[str, ...]
    source: str
    code: str
    ec: Decimal
    is_whole: bool
    needs_test: bool = False
    other_module_id: UUID | None = None


def papers_for(session: Session, module_ids: Collection[UUID], *, now: datetime) -> list[PaperFacts]:
    """Return what counts today for these modules, a paper per module: ten statements at most, three for nothing."""
    published = [
        PaperFacts(
            each.module.id, each.module.provider_name, each.facts.kind, (each.facts.title,), each.facts.source, each.facts.source_code, each.ec,
            len(each.outcomes) == len(each.module.outcomes),
        )
        for each in that_count_for(session, module_ids, now=now)
    ]
    remote = [
        PaperFacts(
            each.module.id, each.module.provider_name, EvidenceKind.MOOC, (each.mooc.title.nl, each.mooc.title.en), each.mooc.provider_name, each.mooc.code, each.ec,
            len(each.outcomes) == len(each.module.outcomes), needs_test=True, other_module_id=each.mooc.id,
        )
        for each in mappings_for(session, module_ids, now=now)
    ]
    return published + remote


def approved_for(session: Session, outcome_ids: Collection[UUID], *, now: datetime) -> list[tuple[UUID, str]]:
    """Return (outcome, the evidence in words) of what is granted by itself today to who asks recognition with it: one statement."""
    wanted = select(PatternApproval.outcome_id, PatternApproval.about).where(
        PatternApproval.outcome_id.in_(outcome_ids), PatternApproval.ended_at.is_(None), PatternApproval.until >= amsterdam_day(now),
    )
    return [(outcome_id, about) for outcome_id, about in session.execute(wanted.order_by(PatternApproval.id))]
