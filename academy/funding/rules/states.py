"""The states of a share: which follows which, who brings it there, and on what. docs/funding.md has the same table, and a test compares them."""

from dataclasses import dataclass
from typing import Final

from academy.funding.kinds import ShareState as State


@dataclass(frozen=True)
class Way:
    """From one state to the next; `was` is None where a share begins."""

    was: State | None
    becomes: State
    who: str
    when: str


WAYS: Final = (
    Way(None, State.RESERVED, "learner", "confirms a seat: this part has to be approved or paid, here or at the provider"),
    Way(None, State.APPROVED, "learner, employer", "confirms a seat of which a rule pays this part without asking; or says yes by letter"),
    Way(State.RESERVED, State.APPROVED, "approver", "says yes, having seen the evidence"),
    Way(State.RESERVED, State.PAID, "bank", "the learner's money came (`Payments.payment-settled.v1`)"),
    Way(State.RESERVED, State.SETTLED, "provider", "says that it has the money of a seat that is paid there"),
    Way(State.RESERVED, State.RELEASED, "approver, learner, worker", "says no; leaves; nobody answered or paid in time; an employer pays it instead"),
    Way(State.APPROVED, State.RESERVED, "approver, worker", "somebody else said no, and the employer is asked for more"),
    Way(State.APPROVED, State.INVOICED, "worker", "the first day of the month after the seat was sure (`Payments.invoice-issued.v1`)"),
    Way(State.APPROVED, State.SETTLED, "provider", "gives it itself, and the seat is sure"),
    Way(State.APPROVED, State.RELEASED, "learner, provider, worker", "the seat ends before it was invoiced"),
    Way(State.INVOICED, State.PAID, "worker", "the invoice is paid whole"),
    Way(State.INVOICED, State.RECLAIMED, "learner, provider", "the seat ends and nothing of it stays owed: a credit note for all of it"),
    Way(State.PAID, State.RECLAIMED, "learner, provider", "the seat ends and nothing of it stays owed: a refund or a credit note for all of it"),
    Way(State.SETTLED, State.RECLAIMED, "learner, provider", "the seat ends and nothing of it stays owed"),
    Way(State.RELEASED, State.RESERVED, "bank, provider", "the money came late and the seat stands again"),
    Way(State.RELEASED, State.APPROVED, "bank", "the learner's money came late and the seat stands again"),
    Way(State.RELEASED, State.PAID, "bank", "money came for a seat that had ended: it goes back, or the seat stands again"),
)
# A share that stays where it is changes its amount, how long it waits, or how much of it went back.
CHANGES: Final = frozenset({State.RESERVED, State.APPROVED, State.INVOICED, State.PAID, State.SETTLED})
_PAIRS: Final = frozenset((way.was, way.becomes) for way in WAYS)


def may_follow(was: State | None, becomes: State) -> bool:
    """Tell whether a share may come from one state to the other; `was` is None for a new one."""
    return (was, becomes) in _PAIRS or (was is becomes and becomes in CHANGES)
