"""The page of a module in two statements that each answer with one JSON text.

Facts are made of a text once: while the database says the same, to the letter, they serve again, so what is shown is never old.
The statements are put into words once per kind of database, because that costs more than running them.
"""

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Date,
    ScalarSelect,
    Select,
    String,
    TextClause,
    bindparam,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import InstrumentedAttribute, Session

from academy.catalogue import facts
from academy.catalogue.errors import ModuleNotFound, ModuleWithdrawn
from academy.catalogue.models import (
    AssessmentForm,
    CertificateKind,
    DeliveryMode,
    Module,
    ModuleKind,
    ModulePrerequisite,
    Offering,
    OfferingState,
    Place,
    PriceStep,
    Programme,
    Provider,
    ProviderKind,
    PublicationState,
    Requirement,
)
from academy.catalogue.prerequisites import from_json
from academy.catalogue.queries.copying import localized
from academy.catalogue.queries.offering_json import credits_from, money_from, offering_cells, offering_from
from academy.catalogue.queries.outcomes import outcome_facts, outcomes_json, skills_json
from academy.kernel.db import row_as_text, rows_as_json

_REMEMBERED: Final = 300  # pages, some 30 kB each

_SLUG: Final = literal_column(":slug", String)  # what is asked stays open when the statement is put into words
_TODAY: Final = literal_column(":today", Date)
_MODULE: Final = (
    Module.id, Module.slug, Module.code, Module.external_id, Module.kind, Module.state, Module.version, Module.title, Module.summary,
    Module.description, Module.entry, Module.prerequisites, Module.institution, Module.website, Module.ec, Module.hours, Module.nlqf,
    Module.eqf, Module.languages, Module.language_level, Module.modes, Module.assessments, Module.certificate, Module.sectors,
    Module.topics, Module.price, Module.price_note, Module.changed_at,
)
_PROVIDER: Final = (
    Provider.id, Provider.slug, Provider.name, Provider.kind, Provider.summary, Provider.city, Provider.country, Provider.website,
    Provider.contact_email, Provider.contact_phone, Provider.trusted_at,
)


def module_page(session: Session, slug: str, *, today: date) -> facts.ModulePage:
    """Return the page of a published module, with what one may still take part in. Raises ModuleNotFound, ModuleWithdrawn."""
    of_module, of_offerings = _statements(session)
    said = session.execute(of_module, {"slug": slug}).scalar_one_or_none()
    if said is None:
        raise _why_not(session, slug)
    offered = session.execute(of_offerings, {"slug": slug, "today": today}).scalar_one()
    return _page(said, offered)


def _why_not(session: Session, slug: str) -> ModuleNotFound:
    found = session.execute(select(Module.title, Module.state).where(Module.slug == slug)).one_or_none()
    if found is None or found.state is not PublicationState.ARCHIVED:
        return ModuleNotFound()
    return ModuleWithdrawn(found.title, slug)


_prepared: dict[str, tuple[TextClause, TextClause]] = {}


def _statements(session: Session) -> tuple[TextClause, TextClause]:
    dialect = session.get_bind().dialect.name
    if dialect not in _prepared:
        slug, today = bindparam("slug", type_=String), bindparam("today", type_=Date)
        _prepared[dialect] = (
            _in_words(session, _of_module(session), slug), _in_words(session, _of_offerings(session), slug, today),
        )
    return _prepared[dialect]


def _in_words(session: Session, statement: Select[Any], *places: BindParameter[Any]) -> TextClause:
    dialect = cast("type[DefaultDialect]", type(session.get_bind().dialect))(paramstyle="named")
    return text(str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))).bindparams(*places)


def _of_module(session: Session) -> Select[Any]:
    """Select a module with all that hangs on it, so that outcomes and programmes do not multiply each other."""
    hanging = (
        outcomes_json(session), skills_json(session), _programmes(session),
        _links(session, ModulePrerequisite.needed_id, ModulePrerequisite.module_id),
        _links(session, ModulePrerequisite.module_id, ModulePrerequisite.needed_id),
    )
    return (
        select(row_as_text(session, *_MODULE, *_PROVIDER, *hanging))
        .join_from(Module, Provider)
        .where(Module.slug == _SLUG, Module.state == PublicationState.PUBLISHED)
    )


def _of_offerings(session: Session) -> Select[Any]:
    ahead = rows_as_json(
        session, *offering_cells(session, with_sessions=True),
        of=lambda found: found.select_from(Offering).outerjoin(Place, Place.id == Offering.place_id).where(
            Offering.module_id == Module.id, Offering.state == OfferingState.ACTIVE, Offering.ends_on >= _TODAY,
        ),
        correlate=Module,
    )
    prices = rows_as_json(
        session, PriceStep.offering_id, PriceStep.was, PriceStep.becomes, PriceStep.changed_at, PriceStep.id,
        of=lambda found: found.where(PriceStep.module_id == Module.id), correlate=Module,
    )
    return select(row_as_text(session, ahead, prices)).select_from(Module).where(Module.slug == _SLUG)


def _programmes(session: Session) -> ScalarSelect[Any]:
    return rows_as_json(
        session, Programme.slug, Programme.title,
        of=lambda found: found.join(Requirement, Requirement.programme_id == Programme.id).where(
            Requirement.module_id == Module.id, Programme.state == PublicationState.PUBLISHED,
        ),
        correlate=Module,
    )


def _links(session: Session, other: InstrumentedAttribute[UUID], this: InstrumentedAttribute[UUID]) -> ScalarSelect[Any]:
    """Select the published modules at the other end of a prerequisite."""
    linked = Module.__table__.alias("linked")
    provider = Provider.__table__.alias("linked_provider")
    return rows_as_json(
        session, linked.c.slug, linked.c.title, linked.c.external_id, provider.c.slug,
        of=lambda found: found.select_from(ModulePrerequisite)
        .join(linked, linked.c.id == other)
        .join(provider, provider.c.id == linked.c.provider_id)
        .where(this == Module.id, linked.c.state == PublicationState.PUBLISHED),
        correlate=Module,
    )


@lru_cache(_REMEMBERED)
def _page(said: str, offered: str) -> facts.ModulePage:
    cells = json.loads(said)
    module = dict(zip((column.key for column in _MODULE), cells, strict=False))
    provider = dict(zip((column.key for column in _PROVIDER), cells[len(_MODULE):], strict=False))
    outcomes, skills, programmes, needed, next_ = cells[len(_MODULE) + len(_PROVIDER):]
    ahead, prices = json.loads(offered)
    offerings = sorted((offering_from(row) for row in ahead), key=lambda one: (one.starts_on, one.code))
    found = _module_facts(module, _provider_facts(provider), outcome_facts(outcomes, skills), tuple(offerings))
    named = {slug: localized(title) for slug, title in programmes}
    return facts.ModulePage(
        found, tuple(sorted(named.items(), key=lambda item: item[0])), _link_facts(needed), _link_facts(next_), (said, offered), _price_facts(prices),
    )


def _module_facts(
    row: dict[str, Any], provider: facts.ProviderFacts, outcomes: tuple[facts.OutcomeFacts, ...],
    offerings: tuple[facts.OfferingFacts, ...],
) -> facts.ModuleFacts:
    return facts.ModuleFacts(
        id=UUID(row["id"]), slug=row["slug"], code=row["code"], external_id=row["external_id"], kind=ModuleKind(row["kind"]),
        state=PublicationState(row["state"]), version=row["version"], title=localized(row["title"]),
        summary=localized(row["summary"]), description=localized(row["description"]), entry=localized(row["entry"]),
        prerequisites=None if row["prerequisites"] is None else from_json(row["prerequisites"]),
        institution=row["institution"], website=row["website"], ec=credits_from(row["ec"]), hours=row["hours"], nlqf=row["nlqf"],
        eqf=row["eqf"], languages=tuple(row["languages"]), language_level=row["language_level"],
        modes=tuple(DeliveryMode(mode) for mode in row["modes"]),
        assessments=tuple(AssessmentForm(form) for form in row["assessments"]),
        certificate=None if row["certificate"] is None else CertificateKind(row["certificate"]),
        sectors=tuple(row["sectors"]), topics=tuple(row["topics"]), price=money_from(row["price"]), price_note=row["price_note"],
        changed_at=_moment(row["changed_at"]), provider=provider, outcomes=outcomes, offerings=offerings,
    )


def _provider_facts(row: dict[str, Any]) -> facts.ProviderFacts:
    return facts.ProviderFacts(
        id=UUID(row["id"]), slug=row["slug"], name=row["name"], kind=ProviderKind(row["kind"]), summary=localized(row["summary"]),
        city=row["city"], country=row["country"], website=row["website"], contact_email=row["contact_email"],
        contact_phone=row["contact_phone"], is_trusted=row["trusted_at"] is not None,
    )


def _link_facts(rows: list[list[Any]]) -> tuple[facts.ModuleLink, ...]:
    found = [facts.ModuleLink(slug, localized(title), external_id, provider) for slug, title, external_id, provider in rows]
    return tuple(sorted(found, key=lambda link: link.external_id))


def _price_facts(rows: list[list[Any]]) -> tuple[facts.PriceStepFacts, ...]:
    return tuple(
        facts.PriceStepFacts(None if offering_id is None else UUID(offering_id), money_from(was), money_from(becomes), _moment(changed_at))
        for offering_id, was, becomes, changed_at, _id in sorted(rows, key=lambda row: row[-1], reverse=True)
    )


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
