"""What a provider asks and allows in recognition: its maximum, its signatures, its fee, and how heavy each outcome weighs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.db import insert_for
from academy.recognition.errors.guiding import OutcomesChanged
from academy.recognition.facts import TermsFacts
from academy.recognition.models import OutcomeWeight, Terms
from academy.recognition.queries.files import terms_of
from academy.recognition.queries.terms import desk_of_manager, module_to_weigh


def set_terms(session: Session, *, actor: Actor, provider_slug: str, terms: TermsFacts, now: datetime) -> None:
    """Set the maximum, the signatures and the fee of a provider. Raises ProviderNotFound for who does not own or plan there.

    The fee is that of files that are opened from now on; maximum and signatures are those of decisions from now on.
    """
    desk = desk_of_manager(session, actor, provider_slug)
    before = terms_of(session, desk.provider_id)
    if before == terms:
        return
    values = {"most_ec": terms.most_ec, "signatures": terms.signatures, "fee": terms.fee, "changed_at": now, "changed_by": actor.person_id}
    kept = insert_for(session, Terms).values(provider_id=desk.provider_id, **values)
    session.execute(kept.on_conflict_do_update(index_elements=["provider_id"], set_=values).execution_options(synchronize_session=False))
    session.expire_all()
    accounts.record(
        session, "recognition-terms-changed", actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, about="recognition_terms",
        about_id=desk.provider_id, details={"before": _told(before), "after": _told(terms)},
    )


def weigh_outcomes(session: Session, *, actor: Actor, provider_slug: str, module_slug: str, weights: Mapping[UUID, int], now: datetime) -> None:
    """Say how heavy each outcome of a module weighs, 1 to 100, in files that are opened from now on; those that are there keep their shares.

    Raises OutcomesChanged when these are not exactly its outcomes (any more), ModuleNotFound, ProviderNotFound.
    """
    desk, module = module_to_weigh(session, actor, provider_slug, module_slug)
    if {each.id for each in module.outcomes} != set(weights):
        raise OutcomesChanged
    if {each.id: each.weight for each in module.outcomes} == dict(weights):
        return
    rows = [{"outcome_id": outcome_id, "weight": weight} for outcome_id, weight in sorted(weights.items())]
    added = insert_for(session, OutcomeWeight).values(rows)
    session.execute(added.on_conflict_do_update(index_elements=["outcome_id"], set_={"weight": added.excluded.weight}))
    accounts.record(
        session, "outcome-weights-changed", actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, about="module", about_id=module.id,
        details={"before": {each.id.hex: each.weight for each in module.outcomes}, "after": {key.hex: weight for key, weight in weights.items()}},
    )


def _told(terms: TermsFacts) -> dict[str, Any]:
    """Return terms as the trail keeps them: EC in tenths, money in cents."""
    return {"most": None if terms.most_ec is None else int(terms.most_ec * 10), "signatures": terms.signatures, "fee": terms.fee.cents}
