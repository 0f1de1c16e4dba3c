"""What credits must be to count for a programme, and who may say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.pathways.models import CreditRule
from academy.pathways.policy import decides_on_credits


@dataclass(frozen=True)
class CreditRuleFacts:
    """The least level (NLQF, "" for every level) and the age in years (None for every age) of credits that count for a programme."""

    least_nlqf: str = ""
    valid_years: int | None = None


@dataclass(frozen=True)
class RuledProgramme:
    """A programme with the rule of today, as its exam board sees it."""

    id: UUID
    slug: str
    title: Localized
    rule: CreditRuleFacts


@dataclass(frozen=True)
class Board:
    """The programmes of a provider, for who sits in its exam board."""

    provider_id: UUID
    slug: str
    name: str
    programmes: Sequence[RuledProgramme]


def credit_rule_of(session: Session, programme_id: UUID) -> CreditRuleFacts:
    """Return the rule of a programme; without a row everything counts."""
    return credit_rules_of(session, [programme_id]).get(programme_id, CreditRuleFacts())


def credit_rules_of(session: Session, programme_ids: Sequence[UUID]) -> dict[UUID, CreditRuleFacts]:
    """Return the rules of programmes that have one, by programme."""
    rows = session.execute(
        select(CreditRule.programme_id, CreditRule.least_nlqf, CreditRule.valid_years).where(CreditRule.programme_id.in_(programme_ids)),
    )
    return {programme_id: CreditRuleFacts(least_nlqf, valid_years) for programme_id, least_nlqf, valid_years in rows}


def board_at(session: Session, actor: Actor, provider_slug: str) -> Board:
    """Return the published programmes of a provider to a member of its exam board. Raises ProviderNotFound, also for everybody else."""
    provider = catalogue.provider_by_slug(session, provider_slug)
    if not decides_on_credits(accounts.memberships_of(session, actor.person_id), provider.id):
        raise catalogue.ProviderNotFound
    found = catalogue.programmes(session, provider_id=provider.id)
    rules = credit_rules_of(session, [each.id for each in found])
    return Board(
        provider.id, provider.slug, provider.name,
        [RuledProgramme(each.id, each.slug, each.title, rules.get(each.id, CreditRuleFacts())) for each in found],
    )


def programme_to_rule(session: Session, actor: Actor, provider_slug: str, slug: str) -> tuple[Board, RuledProgramme]:
    """Return one programme to its exam board. Raises ProgrammeNotFound, and ProviderNotFound for who does not sit in that board."""
    board = board_at(session, actor, provider_slug)
    for each in board.programmes:
        if each.slug == slug:
            return board, each
    raise catalogue.ProgrammeNotFound
