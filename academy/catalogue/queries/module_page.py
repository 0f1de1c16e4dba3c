"""The page of a module in two statements that each answer with one JSON text.

Facts are made of a text once: while the database says the same, to the letter, they serve again, so what is shown is never old.
The statements are put into words once per kind of database, because that costs more than running them.
"""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
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
    ClassSession,
    DeliveryMode,
    EnrolmentPeriod,
    Module,
    ModuleKind,
    ModulePrerequisite,
    Offering,
    OfferingState,
    PartOfDay,
    Place,
    PlaceKind,
    Programme,
    Provider,
    ProviderKind,
    PublicationState,
    Requirement,
    TargetGroup,
)
from academy.catalogue.prerequisites import from_json
from academy.catalogue.queries.copying import localized
from academy.catalogue.queries.outcomes import outcome_facts, outcomes_json, skills_json
from academy.kernel.db import row_as_text, rows_as_json
from academy.kernel.money import Money

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
_PLACE: Final = (
    Place.id, Place.key, Place.name, Place.kind, Place.street_address, Place.city, Place.capacity, Place.step_free,
    Place.accessibility, Place.latitude, Place.longitude,
)
_OFFERING: Final = (
    Offering.id, Offering.code, Offering.module_id, Offering.state, Offering.starts_on, Offering.ends_on, Offering.flexible_from,
    Offering.flexible_until, Offering.weekdays, Offering.part_of_day, Offering.mode, Offering.language, Offering.min_seats,
    Offering.seats, Offering.decides_on, Offering.guaranteed, Offering.price, Offering.price_note,
)
_PERIOD: Final = (
    EnrolmentPeriod.target_group, EnrolmentPeriod.opens_on, EnrolmentPeriod.closes_on, EnrolmentPeriod.has_queue,
    EnrolmentPeriod.queue_max, EnrolmentPeriod.website,
)
_SESSION: Final = (
    ClassSession.position, ClassSession.part_of_day, ClassSession.weekday, ClassSession.on_date, ClassSession.starts_at,
    ClassSession.ends_at, ClassSession.about,
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


def offering_sessions(session: Session, offering_id: UUID) -> tuple[facts.SessionFacts, ...]:
    """Return the meetings of an offering in order, each with its own place where it has one."""
    rows = session.scalar(
        select(_sessions(session)).select_from(Offering).where(Offering.id == offering_id),
    )
    return tuple(_session_facts(row) for row in sorted(rows or []))


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
        session, *_OFFERING, *_PLACE, _periods(session), _sessions(session),
        of=lambda found: found.select_from(Offering).outerjoin(Place, Place.id == Offering.place_id).where(
            Offering.module_id == Module.id, Offering.state == OfferingState.ACTIVE, Offering.ends_on >= _TODAY,
        ),
        correlate=Module,
    )
    return select(row_as_text(session, ahead)).select_from(Module).where(Module.slug == _SLUG)


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


def _periods(session: Session) -> ScalarSelect[Any]:
    return rows_as_json(
        session, *_PERIOD, of=lambda found: found.where(EnrolmentPeriod.offering_id == Offering.id), correlate=Offering,
    )


def _sessions(session: Session) -> ScalarSelect[Any]:
    where = Place.__table__.alias("meeting_place")
    return rows_as_json(
        session, *_SESSION, *(where.c[column.key] for column in _PLACE),
        of=lambda found: found.select_from(ClassSession).outerjoin(where, where.c.id == ClassSession.place_id).where(
            ClassSession.offering_id == Offering.id,
        ),
        correlate=Offering,
    )


@lru_cache(_REMEMBERED)
def _page(said: str, offered: str) -> facts.ModulePage:
    cells = json.loads(said)
    module = dict(zip((column.key for column in _MODULE), cells, strict=False))
    provider = dict(zip((column.key for column in _PROVIDER), cells[len(_MODULE):], strict=False))
    outcomes, skills, programmes, needed, next_ = cells[len(_MODULE) + len(_PROVIDER):]
    offerings = sorted((_offering_facts(row) for row in json.loads(offered)[0]), key=lambda one: (one.starts_on, one.code))
    found = _module_facts(module, _provider_facts(provider), outcome_facts(outcomes, skills), tuple(offerings))
    named = {slug: localized(title) for slug, title in programmes}
    return facts.ModulePage(
        found, tuple(sorted(named.items(), key=lambda item: item[0])), _link_facts(needed), _link_facts(next_), (said, offered),
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
        institution=row["institution"], website=row["website"], ec=_credits(row["ec"]), hours=row["hours"], nlqf=row["nlqf"],
        eqf=row["eqf"], languages=tuple(row["languages"]), language_level=row["language_level"],
        modes=tuple(DeliveryMode(mode) for mode in row["modes"]),
        assessments=tuple(AssessmentForm(form) for form in row["assessments"]),
        certificate=None if row["certificate"] is None else CertificateKind(row["certificate"]),
        sectors=tuple(row["sectors"]), topics=tuple(row["topics"]), price=_money(row["price"]), price_note=row["price_note"],
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


def _offering_facts(cells: list[Any]) -> facts.OfferingFacts:
    row = dict(zip((column.key for column in _OFFERING), cells, strict=False))
    place, (periods, sessions) = cells[len(_OFFERING):-2], cells[-2:]
    return facts.OfferingFacts(
        id=UUID(row["id"]), code=row["code"], module_id=UUID(row["module_id"]), state=OfferingState(row["state"]),
        starts_on=date.fromisoformat(row["starts_on"]), ends_on=date.fromisoformat(row["ends_on"]),
        flexible_from=_day(row["flexible_from"]), flexible_until=_day(row["flexible_until"]), weekdays=tuple(row["weekdays"]),
        part_of_day=PartOfDay(row["part_of_day"]), mode=DeliveryMode(row["mode"]), language=row["language"],
        min_seats=row["min_seats"], seats=row["seats"], decides_on=_day(row["decides_on"]), guaranteed=bool(row["guaranteed"]),
        price=_money(row["price"]), price_note=row["price_note"], place=_place_facts(place),
        periods=tuple(_period_facts(period) for period in sorted(periods, key=lambda period: str(period[2]))),
        sessions=tuple(_session_facts(meeting) for meeting in sorted(sessions, key=lambda meeting: int(meeting[0]))),
    )


def _period_facts(cells: list[Any]) -> facts.PeriodFacts:
    group, opens_on, closes_on, has_queue, queue_max, website = cells
    return facts.PeriodFacts(
        TargetGroup(group), _day(opens_on), date.fromisoformat(closes_on), bool(has_queue), queue_max, website,
    )


def _session_facts(cells: list[Any]) -> facts.SessionFacts:
    _position, part, weekday, on_date, starts_at, ends_at, about = cells[: len(_SESSION)]
    return facts.SessionFacts(
        PartOfDay(part), weekday, _day(on_date), _clock(starts_at), _clock(ends_at), localized(about),
        _place_facts(cells[len(_SESSION):]),
    )


def _place_facts(cells: list[Any]) -> facts.PlaceFacts | None:
    if cells[0] is None:
        return None
    place_id, key, name, kind, street, city, capacity, step_free, accessibility, latitude, longitude = cells
    return facts.PlaceFacts(
        UUID(place_id), key, localized(name), PlaceKind(kind), street, city, capacity,
        None if step_free is None else bool(step_free), localized(accessibility), latitude, longitude,
    )


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _clock(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)


def _credits(tenths: int | None) -> Decimal | None:
    return None if tenths is None else Decimal(tenths) / 10
