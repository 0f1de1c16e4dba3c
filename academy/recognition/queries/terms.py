"""What a provider asks and allows, for who may set it: the terms, the members of its exam board, and its modules with their shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.recognition.errors import NotRecognisable
from academy.recognition.facts import TermsFacts
from academy.recognition.queries.files import Desk, desk_for, terms_of
from academy.recognition.queries.outcomes import ModuleToClaim, modules_to_claim

MODULES_SHOWN: Final = 25


@dataclass(frozen=True)
class TermsThere:
    """The terms of a provider, how many members its exam board has, and a page of its public modules by title."""

    desk: Desk
    terms: TermsFacts
    members: int
    modules: tuple[ModuleToClaim, ...]
    page: int
    pages: int


def desk_of_manager(session: Session, actor: Actor, provider_slug: str) -> Desk:
    """Return a provider to who owns it or plans there. Raises ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    if not desk.rights.manage:
        raise catalogue.ProviderNotFound
    return desk


def members_of_board(session: Session, provider_id: UUID) -> int:
    """Return how many people sit in the exam board of a provider."""
    return len(accounts.people_in_role(session, Role.EXAM_BOARD, organisation_id=provider_id))


def terms_there(session: Session, actor: Actor, provider_slug: str, *, page: int) -> TermsThere:
    """Return the terms of a provider, and a page of its modules; `page` counts from 1. Raises ProviderNotFound."""
    desk = desk_of_manager(session, actor, provider_slug)
    cards = catalogue.module_cards(session, catalogue.published_module_ids(session, provider_id=desk.provider_id))
    ids = [each.id for each in sorted(cards.values(), key=lambda each: (str(each.title.nl or each.title.en).casefold(), each.id))]
    pages = max(1, -(-len(ids) // MODULES_SHOWN))
    page = min(max(page, 1), pages)
    return TermsThere(
        desk, terms_of(session, desk.provider_id), members_of_board(session, desk.provider_id),
        _in_order(session, ids[(page - 1) * MODULES_SHOWN : page * MODULES_SHOWN]), page, pages,
    )


def _in_order(session: Session, ids: Sequence[UUID]) -> tuple[ModuleToClaim, ...]:
    found = modules_to_claim(session, ids)
    return tuple(found[each] for each in ids)


def module_to_weigh(session: Session, actor: Actor, provider_slug: str, module_slug: str) -> tuple[Desk, ModuleToClaim]:
    """Return a module of a provider with its outcomes. Raises ProviderNotFound, ModuleNotFound, NotRecognisable for one without outcomes."""
    desk = desk_of_manager(session, actor, provider_slug)
    named = catalogue.modules_by_slug(session, [module_slug]).get(module_slug)
    if named is None or named.provider_id != desk.provider_id:
        raise catalogue.ModuleNotFound
    found = modules_to_claim(session, [named.id])[named.id]
    if not found.outcomes:
        raise NotRecognisable
    return desk, found
