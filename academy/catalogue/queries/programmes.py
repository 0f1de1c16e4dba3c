"""Reads of programmes and what they ask."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from academy.catalogue import facts
from academy.catalogue.errors import ProgrammeNotFound
from academy.catalogue.models import (
    ExternalCode,
    Intake,
    Module,
    Programme,
    ProgrammePartner,
    ProgrammeType,
    Provider,
    PublicationState,
    Requirement,
    RequirementKind,
)
from academy.catalogue.queries.copying import SUMMARY, module_summary, programme_summary
from academy.kernel.db import rows_as_json


def programmes(
    session: Session, *, provider_id: UUID | None = None, programme_ids: Sequence[UUID] | None = None,
) -> list[facts.ProgrammeSummary]:
    """Return the published programmes by title, with the number of their published modules; specifications are no programmes to take."""
    counts = (
        select(Requirement.programme_id, func.count(Requirement.module_id.distinct()).label("modules"))
        .join(Module, Module.id == Requirement.module_id)
        .where(Module.state == PublicationState.PUBLISHED)
        .group_by(Requirement.programme_id)
        .subquery()
    )
    statement = (
        select(Programme, func.coalesce(counts.c.modules, 0))
        .outerjoin(counts, counts.c.programme_id == Programme.id)
        .where(Programme.state == PublicationState.PUBLISHED, Programme.type != ProgrammeType.SPECIFICATION)
        .options(joinedload(Programme.provider))
    )
    if provider_id is not None:
        statement = statement.where(Programme.provider_id == provider_id)
    if programme_ids is not None:
        statement = statement.where(Programme.id.in_(programme_ids))
    found = [programme_summary(row, count) for row, count in session.execute(statement)]
    # Programmes that we can show from the inside come first; a register's bare names after them.
    return sorted(found, key=lambda programme: (programme.module_count == 0, programme.title.nl.casefold()))


def programmes_asking(session: Session, module_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the published programmes that name any of these modules, with how many of them: one statement."""
    statement = (
        select(Requirement.programme_id, func.count(Requirement.module_id.distinct()))
        .join(Programme, Programme.id == Requirement.programme_id)
        .where(Requirement.module_id.in_(module_ids), Programme.state == PublicationState.PUBLISHED).group_by(Requirement.programme_id)
    )
    return dict(session.execute(statement).all())


def programme_page(session: Session, slug: str) -> facts.ProgrammePage:
    """Return a programme with its requirement tree, in four statements. Raises ProgrammeNotFound."""
    found = session.execute(
        select(
            Programme,
            rows_as_json(
                session, Provider.name, Provider.slug,
                of=lambda partners: partners.join(ProgrammePartner, ProgrammePartner.provider_id == Provider.id).where(
                    ProgrammePartner.programme_id == Programme.id,
                ),
                correlate=Programme,
            ),
        )
        .where(Programme.slug == slug, Programme.state == PublicationState.PUBLISHED)
        .options(joinedload(Programme.provider), selectinload(Programme.intakes)),
    ).one_or_none()
    if found is None:
        raise ProgrammeNotFound
    programme, partners = found
    rows = _requirement_rows(session, programme.id)
    codes = session.scalars(
        select(ExternalCode).where(ExternalCode.programme_id == programme.id).order_by(ExternalCode.scheme, ExternalCode.value),
    )
    shown = {module.id for _node, module, _name in rows if module is not None and module.state is PublicationState.PUBLISHED}
    return facts.ProgrammePage(
        summary=programme_summary(programme, len(shown)), description=programme.description, entry=programme.entry,
        entry_nlqf=programme.entry_nlqf, eqf=programme.eqf, ec_at_provider=programme.ec_at_provider, months=programme.months,
        languages=tuple(programme.languages), website=programme.website, changed_at=programme.changed_at,
        partners=(*sorted((name, slug) for name, slug in partners), *((name, "") for name in programme.partners)),
        codes=tuple(facts.CodeFacts(row.scheme, row.value, row.valid_from, row.valid_until) for row in codes),
        requirements=_tree(rows), intakes=tuple(_intake_facts(row) for row in programme.intakes),
    )


_Row = tuple[Requirement, Module | None, str | None]


def _requirement_rows(session: Session, programme_id: UUID) -> list[_Row]:
    """Return the nodes with their modules and the name of who teaches those, in one statement."""
    found = session.execute(
        select(Requirement, Module, Provider.name)
        .outerjoin(Module, Module.id == Requirement.module_id)
        .outerjoin(Provider, Provider.id == Module.provider_id)
        .where(Requirement.programme_id == programme_id)
        .order_by(Requirement.position)
        .options(load_only(*SUMMARY)),
    )
    return [(node, module, name) for node, module, name in found]


def requirements_of(session: Session, programme_id: UUID) -> facts.RequirementFacts | None:
    """Return what a programme asks; None when nothing is known of it."""
    return _tree(_requirement_rows(session, programme_id))


def _tree(rows: Sequence[_Row]) -> facts.RequirementFacts | None:
    below: dict[UUID | None, list[_Row]] = {}
    for row in rows:
        below.setdefault(row[0].parent_id, []).append(row)
    return None if None not in below else _node(below[None][0], below)


def _node(row: _Row, below: dict[UUID | None, list[_Row]]) -> facts.RequirementFacts:
    node, module, provider_name = row
    return facts.RequirementFacts(
        id=node.id, kind=node.kind, title=node.title, ec=node.ec, number=node.number, period=node.period,
        module=None if module is None else module_summary(module, provider_name or ""),
        is_published=node.kind is not RequirementKind.MODULE or (
            module is not None and module.state is PublicationState.PUBLISHED
        ),
        items=tuple(_node(child, below) for child in below.get(node.id, ())),
    )


def _intake_facts(row: Intake) -> facts.IntakeFacts:
    return facts.IntakeFacts(
        id=row.id, starts_on=row.starts_on, ends_on=row.ends_on, opens_on=row.opens_on, closes_on=row.closes_on, state=row.state,
        variant=row.variant, seats=row.seats, price=row.price, price_note=row.price_note,
    )
