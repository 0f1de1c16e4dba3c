"""How likely an outcome is granted, from what was decided of others: counted per person and beforehand."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.kernel.text import Localized
from academy.recognition.models import OutcomeTally
from academy.recognition.rules.meter import chance
from academy.recognition.rules.patterns import wording_digest


def chances_of(session: Session, outcomes: Collection[tuple[UUID, Localized]]) -> dict[UUID, int | None]:
    """Return per outcome, in the words it has now, how likely it is granted in per cent; None where too few people were decided on: one statement.

    What was decided on other words says nothing.
    """
    digests = {outcome_id: wording_digest(words.in_language("nl")) for outcome_id, words in outcomes}
    rows = session.execute(
        select(OutcomeTally.outcome_id, OutcomeTally.wording_digest, OutcomeTally.granted, OutcomeTally.decided).where(OutcomeTally.outcome_id.in_(digests)),
    )
    known = {outcome_id: chance(granted, decided) for outcome_id, digest, granted, decided in rows if digests[outcome_id] == digest}
    return {outcome_id: known.get(outcome_id) for outcome_id in digests}
