"""What who opens the link in a letter may see."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.funding.facts import AskFacts
from academy.funding.kinds import ShareState, SourceKind
from academy.funding.queries.asks import ask, firm_known_by, is_described
from academy.funding.queries.shares import split_of
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class AskedByLetter:
    """A letter to an employer with what its reader needs: who asks, what others pay, and what is known of the firm.

    `passed_from` is the masked address of who said yes for a firm that is known by others.
    """

    facts: AskFacts
    who: str
    supplier_name: str
    others: tuple[tuple[Localized, Money], ...]
    firm_name: str
    asks_firm: bool
    passed_from: str
    invoice_id: UUID | None


def asked_by_letter(session: Session, ask_id: UUID | None) -> AskedByLetter:
    """Return what a letter asks, and what came of it. Raises AskGone."""
    facts = ask(session, ask_id)
    shares = split_of(session, [facts.seat_id])[facts.seat_id].shares
    firm_id = firm_known_by(session, facts)
    names = accounts.organisation_names(session, [each for each in (facts.supplier_id, firm_id) if each is not None])
    before = None if facts.follows_id is None else ask(session, facts.follows_id)
    person = accounts.people(session, [facts.person_id]).get(facts.person_id)
    return AskedByLetter(
        facts=facts, who=person.name if person is not None else "", supplier_name=names[facts.supplier_id],
        others=tuple((one.source_name, one.amount) for one in shares if one.kind is not SourceKind.LEARNER and one.state is not ShareState.RELEASED),
        firm_name="" if firm_id is None else names[firm_id], asks_firm=not is_described(session, firm_id),
        passed_from="" if before is None else accounts.masked(before.email),
        invoice_id=next((one.invoice_id for one in shares if one.organisation_id == facts.organisation_id and one.invoice_id is not None), None)
        if facts.organisation_id is not None else None,
    )
