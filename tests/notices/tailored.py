"""Letters about what is made to measure: what is written about an event, to whom, and that nothing that somebody typed stands in it."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.models import Person
from academy.employers.service import proposing, requesting
from academy.kernel.outbox import Event
from academy.notices.employer_pool_letters import LETTERS
from academy.notices.gateway import Letter
from tests import builders
from tests.employers.market import SLUG, Market
from tests.employers.tailoring import Atelier

LURE = "Win €€€ op evil.example"
OTHER = "techniek"


def letters(market: Market, event: Event, *, now: datetime | None = None) -> dict[str, Letter]:
    """Return what is written about an event by the address of its reader, each of whom has one letter."""
    (write,) = [write for kind, write in LETTERS.values() if kind is type(event)]
    with market.database.reading() as session:
        written = list(write(session, event, now or market.now))
    for letter in written:
        assert LURE not in letter.subject + letter.text + letter.html, "nothing that somebody typed"
        assert letter.subject in letter.html
    assert len({letter.key for letter in written}) == len(written), "each is a letter of its own"
    by_reader = {letter.to: letter for letter in written}
    assert len(by_reader) == len(written)
    return by_reader


def ask(atelier: Atelier, *providers: str, **about: Any) -> UUID:
    """Let the firm ask with words that no letter may carry; returns the request."""
    atelier.ask(*providers, **({"title": LURE, "able": LURE, "place": LURE} | about))
    return atelier.request().id


def propose(atelier: Atelier, slug: str = SLUG, **about: Any) -> UUID:
    """Let a provider propose in words that no letter may carry; returns the proposal."""
    atelier.propose(slug, **({"title": LURE, "content": LURE, "outcomes": (LURE,)} | about))
    return atelier.proposal(slug).id


def question(atelier: Atelier, slug: str = SLUG) -> UUID:
    asked: UUID = atelier.run(requesting.ask_question, actor=atelier.planners[slug], provider_slug=slug, request_code=atelier.code, text=LURE)
    return asked


def answer(atelier: Atelier, question_id: UUID) -> None:
    atelier.run(requesting.answer_question, actor=atelier.firm.actor, request_code=atelier.code, question_id=question_id, text=LURE)


def decline(atelier: Atelier, slug: str = SLUG) -> None:
    atelier.run(requesting.decline_invite, actor=atelier.planners[slug], provider_slug=slug, request_code=atelier.code)


def withdraw(atelier: Atelier, *, reason: str = "") -> None:
    atelier.run(requesting.withdraw_request, actor=atelier.firm.actor, request_code=atelier.code, reason=reason)


def take_back(atelier: Atelier, slug: str = SLUG) -> None:
    atelier.run(proposing.withdraw_proposal, actor=atelier.planners[slug], provider_slug=slug, proposal_code=atelier.proposals[slug])


def choose(atelier: Atelier, slug: str = SLUG, **about: Any) -> str:
    """Let the firm choose when it can, out of its budget; returns the class."""
    atelier.time_to_choose()
    return atelier.choose(slug, **({"budget": str(atelier.market.budget_id(atelier.firm))} | about))


def colleague(market: Market, organisation_id: UUID | None, role: Role, *, language: str = "nl") -> str:
    """Let somebody act for an organisation; returns their address."""
    assert organisation_id is not None
    with market.database.writing() as session:
        found = builders.actor(session, market.now)
        accounts.add_membership(session, person_id=found.person_id, organisation_id=organisation_id, role=role)
        session.execute(update(Person).where(Person.id == found.person_id).values(language=language))
    return found.email


def reads_english(market: Market, actor: accounts.Actor) -> accounts.Actor:
    with market.database.writing() as session:
        session.execute(update(Person).where(Person.id == actor.person_id).values(language="en"))
    return replace(actor, language="en")
