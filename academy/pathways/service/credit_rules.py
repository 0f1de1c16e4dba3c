"""An exam board says what credits must be to count for a programme."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.db import insert_for
from academy.pathways.models import CreditRule
from academy.pathways.queries.credit_rules import CreditRuleFacts, programme_to_rule


def set_credit_rule(session: Session, *, actor: Actor, provider_slug: str, programme_slug: str, rule: CreditRuleFacts, now: datetime) -> None:
    """Set the least level and the age in years (1 to 50) of credits that count; it goes for every route and audit from now on.

    Raises ProviderNotFound for who does not sit in the exam board, ProgrammeNotFound.
    """
    board, programme = programme_to_rule(session, actor, provider_slug, programme_slug)
    if programme.rule == rule:
        return
    values = {"least_nlqf": rule.least_nlqf, "valid_years": rule.valid_years, "changed_at": now, "changed_by": actor.person_id}
    kept = insert_for(session, CreditRule).values(programme_id=programme.id, **values)
    session.execute(kept.on_conflict_do_update(index_elements=["programme_id"], set_=values).execution_options(synchronize_session=False))
    session.expire_all()
    accounts.record(
        session, "credit-rule-changed", actor_id=actor.person_id, now=now, organisation_id=board.provider_id, about="programme", about_id=programme.id,
        details={"before": _told(programme.rule), "after": _told(rule)},
    )


def _told(rule: CreditRuleFacts) -> dict[str, str | int | None]:
    return {"nlqf": rule.least_nlqf, "years": rule.valid_years}
