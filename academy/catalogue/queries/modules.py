"""Reads of modules."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, func, or_, select, type_coerce
from sqlalchemy.orm import Session, joinedload

from academy.catalogue import facts
from academy.catalogue.models import (
    Module,
    Offering,
    PublicationState,
)
from academy.catalogue.queries import copying
from academy.catalogue.queries.offerings import still_ahead
from academy.catalogue.queries.outcomes import outcome_facts, outcomes_json, skills_json
from academy.catalogue.queries.providers import former_names_of
from academy.kernel.text import LANGUAGES

_BATCH = 500


def module_facts(
    session: Session, *, today: date, module_ids: Sequence[UUID] | None = None, provider_id: UUID | None = None,
) -> Iterator[facts.ModuleFacts]:
    """Yield published modules in batches of 500, so that memory stays flat; for the search index."""
    wanted = select(Module.id).where(Module.state == PublicationState.PUBLISHED).order_by(Module.id)
    if module_ids is not None:
        wanted = wanted.where(Module.id.in_(module_ids))
    if provider_id is not None:
        wanted = wanted.where(Module.provider_id == provider_id)
    ids = session.scalars(wanted).all()
    for start in range(0, len(ids), _BATCH):
        yield from _facts_of(session, ids[start : start + _BATCH], today)
        session.expunge_all()


def _facts_of(session: Session, ids: Sequence[UUID], today: date) -> Iterator[facts.ModuleFacts]:
    modules = session.execute(
        select(Module, outcomes_json(session), skills_json(session))
        .where(Module.id.in_(ids))
        .order_by(Module.id)
        .options(joinedload(Module.provider)),
    ).all()
    rows: dict[UUID, list[Offering]] = {}
    for offering in session.scalars(still_ahead(today).where(Offering.module_id.in_(ids))).unique():
        rows.setdefault(offering.module_id, []).append(offering)
    names = former_names_of(session, {module.provider_id for module, _outcomes_found, _skills in modules})
    for module, outcomes, skills in modules:
        provider = copying.provider_facts(module.provider, former_names=names.get(module.provider_id, ()))
        yield copying.module_facts(
            module, provider=provider, outcomes=outcome_facts(outcomes, skills), offerings=rows.get(module.id, []),
        )


def modules_by_words(session: Session, words: Sequence[str], *, today: date, limit: int) -> list[facts.ModuleFacts]:
    """Return up to `limit` published modules that have every one of `words` in a title, by title; for when no index can tell."""
    ids = session.scalars(
        select(Module.id)
        .where(Module.state == PublicationState.PUBLISHED, *(in_title(word) for word in words))
        .order_by(shown_title(), Module.id)
        .limit(limit),
    ).all()
    found = {module.id: module for module in _facts_of(session, ids, today)}
    return [found[module_id] for module_id in ids]


def _titles() -> list[ColumnElement[str]]:
    return [type_coerce(Module.title, JSON)[language].as_string() for language in LANGUAGES]


def shown_title() -> ColumnElement[str]:
    """Return the title to sort by: the Dutch one, else the English, in lower case."""
    return func.lower(func.coalesce(*(func.nullif(title, "") for title in _titles())))


def in_title(word: str) -> ColumnElement[bool]:
    """Return the condition that a title in either language has `word`."""
    return or_(*(func.lower(title).contains(word.lower(), autoescape=True) for title in _titles()))


def published_module_ids(session: Session, *, provider_id: UUID | None = None) -> set[UUID]:
    """Return the ids of all published modules (of one provider)."""
    wanted = select(Module.id).where(Module.state == PublicationState.PUBLISHED)
    if provider_id is not None:
        wanted = wanted.where(Module.provider_id == provider_id)
    return set(session.scalars(wanted))
