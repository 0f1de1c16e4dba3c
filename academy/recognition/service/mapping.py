"""Mappings of remote courses: an exam board publishes them beforehand, with a day on which they end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.recognition.errors.agreeing import OutcomesReworded
from academy.recognition.errors.mappings import MappingClosed, MappingWrong
from academy.recognition.models import Mapping, MappingOutcome
from academy.recognition.queries import mappings as queries
from academy.recognition.queries.files import Desk, terms_of
from academy.recognition.queries.outcomes import module_to_claim
from academy.recognition.rules.patterns import wording_digest
from academy.recognition.service.local_tests import call_off_tests_of_mapping


@dataclass(frozen=True)
class MappingDraft:
    """What is published: the remote course and the module by their slugs, the outcomes, and the first and last day."""

    mooc_slug: str
    module_slug: str
    outcome_ids: frozenset[UUID]
    valid_from: date
    valid_until: date


def publish_mapping(session: Session, *, actor: Actor, provider_slug: str, draft: MappingDraft, now: datetime) -> str:
    """Publish that a remote course and a test here earn outcomes of one's own module; returns its code. Where two members sign, it waits for the second.

    Raises ProviderNotFound for who does not sit in the exam board, ModuleNotFound, NotRecognisable, MappingWrong.
    """
    desk = queries.board_at(session, actor, provider_slug)
    module = module_to_claim(session, draft.module_slug)
    mooc = catalogue.modules_by_slug(session, [draft.mooc_slug]).get(draft.mooc_slug)
    there = {each.id: each.wording for each in module.outcomes}
    is_wrong = (
        mooc is None or mooc.kind is not catalogue.ModuleKind.MOOC or mooc.id == module.id or module.provider_id != desk.provider_id or not draft.outcome_ids
        or not draft.outcome_ids <= there.keys() or draft.valid_until < max(draft.valid_from, amsterdam_day(now))
    )
    if is_wrong or mooc is None:
        raise MappingWrong
    mapping_id, code, needs_second = new_id(), short_code(), terms_of(session, desk.provider_id).signatures > 1
    session.add(Mapping(
        id=mapping_id, code=code, provider_id=desk.provider_id, mooc_module_id=mooc.id, module_id=module.id, valid_from=draft.valid_from, valid_until=draft.valid_until,
        drafted_at=now, published_at=None if needs_second else now, published_by=actor.person_id,
    ))
    session.flush()
    session.add_all(_outcomes(mapping_id, draft.outcome_ids, {outcome_id: wording_digest(words.in_language("nl")) for outcome_id, words in there.items()}))
    _record(session, "mapping-drafted" if needs_second else "mapping-published", desk, (mapping_id, code), actor, now=now)
    return code


def _outcomes(mapping_id: UUID, outcome_ids: Collection[UUID], digests: dict[UUID, str]) -> list[MappingOutcome]:
    return [MappingOutcome(mapping_id=mapping_id, outcome_id=each, wording_digest=digests[each]) for each in sorted(outcome_ids)]


def sign_mapping(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Sign as the second member: it is public from now on. Raises ProviderNotFound, MappingNotFound, OutcomesReworded, and MappingClosed, also for the first."""
    desk, found = queries.mapping_at(session, actor, provider_slug, code)
    if len(queries.in_full(session, [found])[0].outcomes) != len(found.outcomes):
        raise OutcomesReworded
    signing = update(Mapping).where(
        Mapping.id == found.id, Mapping.published_at.is_(None), Mapping.ended_at.is_(None), Mapping.published_by != actor.person_id, Mapping.valid_until >= amsterdam_day(now),
    ).values(published_at=now, second_by=actor.person_id)
    _guard(session, signing)
    _record(session, "mapping-published", desk, (found.id, found.code), actor, now=now)


def end_mapping(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """End a mapping, or a draft of one. Tests that are still to come are called off, and each learner hears; what took place is judged still.

    Raises ProviderNotFound, MappingNotFound, MappingClosed.
    """
    desk, found = queries.mapping_at(session, actor, provider_slug, code)
    _guard(session, update(Mapping).where(Mapping.id == found.id, Mapping.ended_at.is_(None)).values(ended_at=now))
    call_off_tests_of_mapping(session, found.id, by=actor.person_id, now=now)
    _record(session, "mapping-ended", desk, (found.id, found.code), actor, now=now)


def _guard(session: Session, change: Update) -> None:
    if rows_changed(session, change.execution_options(synchronize_session=False)) != 1:
        raise MappingClosed


def _record(session: Session, act: str, desk: Desk, mapping: tuple[UUID, str], actor: Actor, *, now: datetime) -> None:
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, about="mooc_mapping", about_id=mapping[0], details={"mapping": mapping[1]},
    )
