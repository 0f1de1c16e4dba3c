"""Withdrawing from a contract, by who is signed in and by who is not (docs/withdrawal.md)."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.enrolment import queries
from academy.enrolment.events import EnrolmentWithdrawn, WithdrawalRefused
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.queries.leaving import contract_named, contract_of
from academy.enrolment.rules.withdrawing import Right
from academy.enrolment.service.leaving import announce_refund, end
from academy.kernel.outbox import announce


def withdraw(session: Session, *, actor: Actor | None, code: str, email: str, now: datetime) -> Right | None:
    """Withdraw at `now` from the contract with this code and e-mail address, without a reason; returns how it then stands.

    `Right.WITHDRAWN`: out of the contract, now or before; anything else: why not, which its learner also hears by letter. None: there is no such
    contract. The statement counts when it is sent, so nobody needs to be signed in; `actor` is who was.
    """
    contract = contract_named(session, code=code, email=email, now=now)
    if contract is None:
        return None
    facts = contract.facts
    by = actor.person_id if actor is not None and actor.person_id == facts.person_id else None
    if contract.right is Right.OPEN and end(session, facts, EnrolmentState.WITHDRAWN, why=Why.WITHDRAWN, by=by, now=now):
        announce(session, EnrolmentWithdrawn(facts.id))
        announce_refund(session, facts.id, facts.of.offering.price, owed=contract.owed)
        return Right.WITHDRAWN
    if contract.right is Right.OPEN:  # somebody was quicker
        session.expire_all()
        fresh = queries.enrolment(session, facts.id)
        return None if fresh is None else contract_of(session, fresh, now=now).right
    if contract.right is not Right.WITHDRAWN:
        announce(session, WithdrawalRefused(facts.id))
    return contract.right
