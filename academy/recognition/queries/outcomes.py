"""Outcomes of modules as they are today, each with its exact share of the module's credits: what a new claim is made on."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.recognition.errors import NotRecognisable
from academy.recognition.models import OutcomeWeight
from academy.recognition.rules.credits import shares


@dataclass(frozen=True)
class OutcomeNow:
    """An outcome today: its words, its weight and what it is worth in EC."""

    id: UUID
    wording: Localized
    weight: int
    worth: Decimal


@dataclass(frozen=True)
class ModuleToClaim:
    """A module that can be claimed; `hours` of study and `price` where known."""

    id: UUID
    slug: str
    code: str
    external_id: str
    title: Localized
    version: int
    provider_id: UUID
    provider_slug: str
    provider_name: str
    ec: Decimal | None
    hours: int | None
    price: Money | None
    is_public: bool
    outcomes: tuple[OutcomeNow, ...]


def module_to_claim(session: Session, slug: str) -> ModuleToClaim:
    """Return a public module by the slug of its address: four statements. Raises ModuleNotFound, NotRecognisable for one without outcomes."""
    module_id = catalogue.claimable_module_id(session, slug)
    if module_id is None:
        raise catalogue.ModuleNotFound
    found = modules_to_claim(session, [module_id])[module_id]
    if not found.outcomes:
        raise NotRecognisable
    return found


def modules_to_claim(session: Session, module_ids: Collection[UUID]) -> dict[UUID, ModuleToClaim]:
    """Return modules of any state by id, each with its present outcomes and what they are worth: three statements."""
    found = catalogue.claimable_modules(session, module_ids)
    ids = [outcome_id for module in found.values() for outcome_id, _words in module.outcomes]
    weights = dict(session.execute(select(OutcomeWeight.outcome_id, OutcomeWeight.weight).where(OutcomeWeight.outcome_id.in_(ids))).all())
    return {each.id: _with_worth(each, weights) for each in found.values()}


def wording_of(words: Localized) -> str:
    """Return the words by which an outcome is the same as before: the Dutch ones, the English where there are none."""
    return words.nl or words.en


def _with_worth(module: catalogue.ClaimableModule, weights: dict[UUID, int]) -> ModuleToClaim:
    heavy = [weights.get(outcome_id, 1) for outcome_id, _words in module.outcomes]
    worth = shares(module.ec, heavy) if heavy else []
    outcomes = tuple(OutcomeNow(outcome_id, words, weight, ec) for (outcome_id, words), weight, ec in zip(module.outcomes, heavy, worth, strict=True))
    return ModuleToClaim(
        module.id, module.slug, module.code, module.external_id, module.title, module.version, module.provider_id, module.provider_slug, module.provider_name, module.ec,
        module.hours, module.price, module.is_public, outcomes,
    )
