"""From the TOML of the demo to the catalogue. The dates of classes follow the day of loading."""

import tomllib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo.people import load_people
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.kernel.money import Money
from academy.kernel.text import Localized

DATA: Final = Path(__file__).parent / "data"

_DAYS_BEFORE_START: Final = timedelta(days=3)
_DAYS_BEFORE_END: Final = timedelta(days=7)  # of a course in one's own pace: who starts later has too little time left

Progress = Callable[[int, int], None]  # done, total
Table = Mapping[str, Any]


class DemoDataWrong(Exception):
    """The demo's own files contradict themselves; the text names the file and the place."""


@dataclass(frozen=True)
class DemoModule:
    provider: str
    draft: catalogue.ModuleDraft
    period: int
    offerings: tuple[Table, ...]


@dataclass(frozen=True)
class DemoProgramme:
    provider: str
    draft: catalogue.ProgrammeDraft
    modules: tuple[DemoModule, ...]


@dataclass(frozen=True)
class DemoData:
    """All that the folder holds, checked."""

    providers: tuple[catalogue.ProviderDraft, ...]
    places: tuple[catalogue.PlaceDraft, ...]
    programmes: tuple[DemoProgramme, ...]
    modules: tuple[DemoModule, ...]


@dataclass
class DemoReport:
    """How much of the demo was new or changed, by kind."""

    modules: int = 0
    programmes: int = 0
    offerings: int = 0


def load(*, now: datetime, progress: Progress) -> None:
    """Load catalogue and people in one transaction of their own. Raises DemoDataWrong."""
    with database().writing() as session:
        load_demo(session, now=now, progress=progress)
        load_people(session, now=now)


def load_demo(session: Session, *, now: datetime, progress: Progress, folder: Path = DATA) -> DemoReport:
    """Load the demo catalogue in the caller's transaction; what is there and the same is not touched. Raises DemoDataWrong."""
    data = read_demo(folder)
    report = DemoReport()
    provider_ids = {draft.slug: catalogue.register_provider(session, draft) for draft in data.providers}
    for place in data.places:
        catalogue.register_place(session, place)
    touched = _load_supply(session, data, provider_ids, report, now)
    offered = _offered(session, provider_ids)
    for number, module in enumerate(data.modules, start=1):
        if (module.provider, module.draft.code) not in offered:
            report.offerings += _open_offerings(session, module, provider_ids[module.provider], today=amsterdam_day(now))
        progress(number, len(data.modules))
    for slug in sorted(touched):
        catalogue.finish_import(session, provider_id=provider_ids[slug])
    return report


def _load_supply(
    session: Session, data: DemoData, provider_ids: Mapping[str, UUID], report: DemoReport, now: datetime,
) -> set[str]:
    """Bring modules and programmes up to date; returns the providers whose supply changed."""
    touched = set()
    for slug, provider_id in provider_ids.items():
        modules = [module.draft for module in data.modules if module.provider == slug]
        of_modules = catalogue.upsert_modules(session, provider_id=provider_id, drafts=modules, now=now)
        report.modules += len(of_modules.new) + len(of_modules.changed)
        if of_modules.new or of_modules.changed:
            touched.add(slug)
    for slug, provider_id in provider_ids.items():  # what they ask names modules of others too
        programmes = [_with_requirements(programme) for programme in data.programmes if programme.provider == slug]
        of_programmes = catalogue.upsert_programmes(session, provider_id=provider_id, drafts=programmes, now=now)
        report.programmes += len(of_programmes.new) + len(of_programmes.changed)
        if of_programmes.new or of_programmes.changed:
            touched.add(slug)
    return touched


def _with_requirements(programme: DemoProgramme) -> catalogue.ProgrammeDraft:
    """Ask for all modules of the file, each in its half-year."""
    kind = catalogue.RequirementKind
    leaves = tuple(
        catalogue.RequirementDraft(kind.MODULE, module=module.draft.external_id, provider=module.provider, period=module.period)
        for module in programme.modules
    )
    return replace(programme.draft, requirements=catalogue.RequirementDraft(kind.ALL_OF, items=leaves))


def _offered(session: Session, provider_ids: Mapping[str, UUID]) -> set[tuple[str, str]]:
    """Return the (provider, code) of modules with offerings, also past ones: a second load opens no second class.

    Reading the facts lets go of what the session holds, so nothing may wait to be written when it is called.
    """
    session.flush()
    return {
        (slug, facts.code)
        for slug, provider_id in provider_ids.items()
        for facts in catalogue.module_facts(session, today=date.min, provider_id=provider_id)
        if facts.offerings
    }


def _open_offerings(session: Session, module: DemoModule, provider_id: UUID, *, today: date) -> int:
    for table in module.offerings:
        catalogue.open_offering(
            session, provider_id=provider_id, module_external_id=module.draft.external_id,
            draft=offering_draft(table, price=module.draft.price or Money(0), today=today),
        )
    return len(module.offerings)


def offering_draft(table: Table, *, price: Money, today: date) -> catalogue.OfferingDraft:
    """Return the offering in the calendar: weeks count from the Monday of this week, and it ends with its last class."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=table["starts_in_weeks"])
    weekdays = tuple(table["weekdays"])
    last_day = max((catalogue.WEEKDAYS.index(day) for day in weekdays), default=6)
    ends_on = monday + timedelta(weeks=table["weeks"] - 1, days=last_day)
    mode, part = catalogue.DeliveryMode(table["mode"]), catalogue.PartOfDay(table["part_of_day"])
    own_pace = mode is catalogue.DeliveryMode.ONLINE and part is catalogue.PartOfDay.ANY
    return catalogue.OfferingDraft(
        starts_on=monday, ends_on=ends_on,
        periods=(catalogue.PeriodDraft(closes_on=ends_on - _DAYS_BEFORE_END if own_pace else monday - _DAYS_BEFORE_START),),
        mode=mode, part_of_day=part, language=table["language"], seats=table["seats"], price=price, weekdays=weekdays,
        place_key=table.get("place"),
    )


def read_demo(folder: Path) -> DemoData:
    """Read and check the folder. Raises DemoDataWrong."""
    common = _toml(folder / "providers.toml")
    programmes = tuple(_programme(path) for path in sorted((folder / "programmes").glob("*.toml")))
    loose = [_module(table) for name in ("loose.toml", "moocs.toml") for table in _toml(folder / name)["module"]]
    modules = (*(module for programme in programmes for module in programme.modules), *loose)
    data = DemoData(
        providers=tuple(_provider(table) for table in common["provider"]),
        places=tuple(_place(table) for table in common["place"]), programmes=programmes, modules=modules,
    )
    problems = list(_contradictions(data))
    if problems:
        raise DemoDataWrong("; ".join(problems))
    return data


def _contradictions(data: DemoData) -> Iterator[str]:
    slugs, places = {draft.slug for draft in data.providers}, {draft.key for draft in data.places}
    codes = [module.draft.code for module in data.modules]
    yield from (f"{code}: this code is there twice" for code in sorted(set(codes)) if codes.count(code) > 1)
    for module in data.modules:
        yield from _unknown(module.draft.code, "provider", [module.provider], slugs)
        yield from _unknown(module.draft.code, "sector", module.draft.sectors, catalogue.sector_codes())
        for table in module.offerings:
            yield from _unknown(module.draft.code, "place", [table["place"]] if "place" in table else [], places)
            yield from _unknown(module.draft.code, "weekday", table["weekdays"], catalogue.WEEKDAYS)
    for programme in data.programmes:
        yield from _unknown(programme.draft.code, "provider", [programme.provider], slugs)
        credits_of = [module.draft.ec or Decimal(0) for module in programme.modules]
        gap = catalogue.credits_gap(catalogue.AD_CREDITS, credits_of)
        if gap is not None:
            yield f"{programme.draft.code}: the modules add up to {gap.found} EC instead of {gap.asked}"


def _unknown(code: str, what: str, used: Iterable[str], known: Container[str]) -> Iterator[str]:
    return (f"{code}: there is no {what} {value}" for value in used if value not in known)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name}: {error}"
        raise DemoDataWrong(message) from error


def _text(table: Table, name: str) -> Localized:
    words = table.get(name, {})
    return Localized(nl=words.get("nl", ""), en=words.get("en", ""))


def _provider(table: Table) -> catalogue.ProviderDraft:
    return catalogue.ProviderDraft(
        slug=table["slug"], name=table["name"]["nl"], kind=catalogue.ProviderKind(table["kind"]), summary=_text(table, "summary"),
        city=table["city"], country=table["country"], website=table["website"],
        former_names=tuple(catalogue.FormerName(name) for name in [table.get("former_name")] if name),
    )


def _place(table: Table) -> catalogue.PlaceDraft:
    return catalogue.PlaceDraft(
        key=table["key"], name=_text(table, "name"), kind=catalogue.PlaceKind(table["kind"]),
        street_address=table["street_address"], city=table["city"], capacity=table.get("capacity"),
        step_free=table.get("step_free"), latitude=table.get("latitude"), longitude=table.get("longitude"),
    )


def _programme(path: Path) -> DemoProgramme:
    content = _toml(path)
    table = content["programme"]
    modules = tuple(_module(module) for module in content["module"])
    draft = catalogue.ProgrammeDraft(
        external_id=table["code"], code=table["code"], title=_text(table, "title"), summary=_text(table, "summary"),
        description=_text(table, "description"), sectors=(table["sector"],), variants=tuple(table["variants"]),
        nlqf=catalogue.AD_LEVEL, eqf=catalogue.AD_LEVEL, ec=catalogue.AD_CREDITS, months=catalogue.AD_MONTHS,
    )
    return DemoProgramme(table["provider"], draft, modules)


def _module(table: Table) -> DemoModule:
    draft = catalogue.ModuleDraft(
        external_id=table["code"], code=table["code"], kind=catalogue.ModuleKind(table["kind"]), title=_text(table, "title"),
        summary=_text(table, "summary"), description=_text(table, "description"), ec=Decimal(table["ec"]),
        nlqf=table["level"], eqf=catalogue.eqf_of(table["level"]),
        languages=tuple(table["languages"]), sectors=(table["sector"],), topics=tuple(table.get("topics", ())),
        price=Money(table["price_cents"]),
        outcomes=tuple(
            catalogue.OutcomeDraft(Localized(nl=words.get("nl", ""), en=words.get("en", ""))) for words in table["outcomes"]
        ),
    )
    return DemoModule(table["provider"], draft, table.get("period", 0), tuple(table.get("offering", ())))
