"""From the TOML of the demo to drafts. Days are counted in weeks from the Monday of the week of loading."""

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from academy.catalogue import api as catalogue
from academy.kernel.money import Money
from academy.kernel.text import Localized

DATA: Final = Path(__file__).parent / "data"

_DAYS_BEFORE_START: Final = timedelta(days=3)
_DAYS_BEFORE_END: Final = timedelta(days=7)  # of a course in one's own pace: who starts later has too little time left
_HALF_YEARS: Final = {"autumn": (9, 1), "spring": (2, 1)}  # (month, day) on which they begin
_AHEAD: Final = timedelta(weeks=8)  # of a class that goes with the half-years: lists of what begins soon stay as they were

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
    """A programme with the modules of its file; `blocks` are what one chooses from, `intakes` wait for the day of loading."""

    provider: str
    draft: catalogue.ProgrammeDraft
    modules: tuple[DemoModule, ...]
    blocks: tuple[Table, ...]
    intakes: tuple[Table, ...]


@dataclass(frozen=True)
class DemoData:
    """All that the folder holds, checked."""

    providers: tuple[catalogue.ProviderDraft, ...]
    places: tuple[catalogue.PlaceDraft, ...]
    programmes: tuple[DemoProgramme, ...]
    modules: tuple[DemoModule, ...]


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
    return replace(data, programmes=tuple(_with_requirements(programme, modules) for programme in programmes))


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
        chosen = {code for block in programme.blocks for code in _modules_of(block)}
        unknown = list(_unknown(programme.draft.code, "module", sorted(chosen), codes))
        yield from unknown or _not_adding_up(programme, data.modules)


def _not_adding_up(programme: DemoProgramme, modules: Iterable[DemoModule]) -> Iterator[str]:
    credits_of = {module.draft.code: module.draft.ec for module in modules}
    asked = catalogue.credits_asked(_part(_requirements(programme, modules), credits_of)) or Decimal(0)
    gap = catalogue.credits_gap(catalogue.AD_CREDITS, [asked])
    if gap is not None:
        yield f"{programme.draft.code}: the modules add up to {gap.found} EC instead of {gap.asked}"


def _part(node: catalogue.RequirementDraft, credits_of: Mapping[str, Decimal | None]) -> catalogue.Part:
    ec = credits_of[node.module] if node.kind is catalogue.RequirementKind.MODULE else node.ec
    return catalogue.Part(node.kind.value, ec, node.number, tuple(_part(item, credits_of) for item in node.items))


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


def _codes(table: Table) -> tuple[catalogue.CodeDraft, ...]:
    return tuple(catalogue.CodeDraft(catalogue.CodeScheme(code["scheme"]), code["value"]) for code in table.get("codes", ()))


def _provider(table: Table) -> catalogue.ProviderDraft:
    return catalogue.ProviderDraft(
        slug=table["slug"], name=table["name"]["nl"], kind=catalogue.ProviderKind(table["kind"]), summary=_text(table, "summary"),
        city=table["city"], country=table["country"], website=table["website"], contact_email=table.get("email", ""),
        contact_phone=table.get("phone", ""), codes=_codes(table),
        former_names=tuple(catalogue.FormerName(**name) for name in table.get("former_names", ())),
    )


def _place(table: Table) -> catalogue.PlaceDraft:
    return catalogue.PlaceDraft(
        key=table["key"], name=_text(table, "name"), kind=catalogue.PlaceKind(table["kind"]),
        street_address=table["street_address"], city=table["city"], capacity=table.get("capacity"),
        step_free=table.get("step_free"), accessibility=_text(table, "accessibility"), latitude=table.get("latitude"),
        longitude=table.get("longitude"), provider=table.get("provider", ""),
    )


def _programme(path: Path) -> DemoProgramme:
    content = _toml(path)
    table = content["programme"]
    draft = catalogue.ProgrammeDraft(
        external_id=table["code"], code=table["code"], title=_text(table, "title"), summary=_text(table, "summary"),
        description=_text(table, "description"), entry=_text(table, "entry"), entry_nlqf=table.get("entry_level", "4"),
        sectors=(table["sector"],), variants=tuple(table["variants"]), languages=tuple(table.get("languages", ("nl",))),
        partner_providers=tuple(table.get("partners", ())), codes=_codes(table), nlqf=catalogue.AD_LEVEL, eqf=catalogue.AD_LEVEL,
        ec=catalogue.AD_CREDITS, months=catalogue.AD_MONTHS,
        ec_at_provider=Decimal(table["ec_at_provider"]) if "ec_at_provider" in table else None,
    )
    return DemoProgramme(
        table["provider"], draft, tuple(_module(module) for module in content["module"]), tuple(content.get("block", ())),
        tuple(content.get("intake", ())),
    )


def _module(table: Table) -> DemoModule:
    draft = catalogue.ModuleDraft(
        external_id=table["code"], code=table["code"], kind=catalogue.ModuleKind(table["kind"]), title=_text(table, "title"),
        summary=_text(table, "summary"), description=_text(table, "description"), entry=_text(table, "entry"),
        prerequisites=catalogue.parse_prerequisites(table.get("prerequisites", "")), ec=Decimal(table["ec"]),
        hours=table.get("hours"), nlqf=table["level"], eqf=catalogue.eqf_of(table["level"]), languages=tuple(table["languages"]),
        language_level=table.get("language_level", ""),
        assessments=tuple(catalogue.AssessmentForm(form) for form in table["assessments"]),
        certificate=catalogue.CertificateKind(table["certificate"]), sectors=(table["sector"],),
        topics=tuple(table.get("topics", ())), price=Money(table["price_cents"]),
        outcomes=tuple(
            catalogue.OutcomeDraft(Localized(nl=words.get("nl", ""), en=words.get("en", ""))) for words in table["outcomes"]
        ),
    )
    return DemoModule(table["provider"], draft, table.get("period", 0), tuple(table.get("offering", ())))


def _with_requirements(programme: DemoProgramme, modules: Iterable[DemoModule]) -> DemoProgramme:
    return replace(programme, draft=replace(programme.draft, requirements=_requirements(programme, modules)))


def _requirements(programme: DemoProgramme, modules: Iterable[DemoModule]) -> catalogue.RequirementDraft:
    """Ask for all modules of the file, each in its half-year; what stands in a block is chosen there."""
    providers = {module.draft.code: module.provider for module in modules}
    chosen = {code for block in programme.blocks for code in _modules_of(block)}
    kind = catalogue.RequirementKind
    leaves = [
        catalogue.RequirementDraft(kind.MODULE, module=module.draft.code, provider=module.provider, period=module.period)
        for module in programme.modules
        if module.draft.code not in chosen
    ]
    blocks = [_block(table, providers, table.get("period")) for table in programme.blocks]
    return catalogue.RequirementDraft(kind.ALL_OF, items=(*leaves, *blocks))


def _modules_of(block: Table) -> list[str]:
    return [*block.get("modules", ()), *(code for inner in block.get("block", ()) for code in _modules_of(inner))]


def _block(table: Table, providers: Mapping[str, str], period: int | None) -> catalogue.RequirementDraft:
    leaves = [
        catalogue.RequirementDraft(catalogue.RequirementKind.MODULE, module=code, provider=providers[code], period=period)
        for code in table.get("modules", ())
    ]
    inner = [_block(below, providers, period) for below in table.get("block", ())]
    return catalogue.RequirementDraft(
        catalogue.RequirementKind(table["kind"]), title=_text(table, "title"), ec=Decimal(table["ec"]) if "ec" in table else None,
        number=table.get("number"), items=(*leaves, *inner),
    )


def intake_draft(table: Table, *, today: date) -> catalogue.IntakeDraft:
    """Return the intake in the calendar."""
    def monday(name: str) -> date | None:
        return _monday(today, table[name]) if name in table else None

    return catalogue.IntakeDraft(
        external_id=table["key"], starts_on=_monday(today, table["starts_in_weeks"]), opens_on=monday("opens_in_weeks"),
        closes_on=monday("closes_in_weeks"), variant=table["variant"], seats=table["seats"], price=Money(table["price_cents"]),
    )


def offering_draft(table: Table, *, price: Money, today: date) -> catalogue.OfferingDraft:
    """Return the offering in the calendar: it ends with its last class, also one on a day of its own."""
    monday = _half_year(today, table["half_year"]) if "half_year" in table else _monday(today, table["starts_in_weeks"])
    weekdays = tuple(table["weekdays"])
    last_day = max((catalogue.WEEKDAYS.index(day) for day in weekdays), default=6)
    sessions = tuple(_session(meeting, monday) for meeting in table.get("session", ()))
    ends_on = max([monday + timedelta(weeks=table["weeks"] - 1, days=last_day), *(one.on_date for one in sessions if one.on_date)])
    mode, part = catalogue.DeliveryMode(table["mode"]), catalogue.PartOfDay(table["part_of_day"])
    own_pace = mode is catalogue.DeliveryMode.ONLINE and part is catalogue.PartOfDay.ANY
    return catalogue.OfferingDraft(
        starts_on=monday, ends_on=ends_on, mode=mode, part_of_day=part, language=table["language"], seats=table["seats"], price=price,
        weekdays=weekdays, place_key=table.get("place"), sessions=sessions, min_seats=table.get("min_seats", 0),
        decides_on=monday - timedelta(weeks=table["decides_weeks_before"]) if "decides_weeks_before" in table else None,
        guaranteed=table.get("guaranteed", False),
        periods=tuple(_periods(table, monday, ends_on - _DAYS_BEFORE_END if own_pace else monday - _DAYS_BEFORE_START)),
    )


def _periods(table: Table, monday: date, closes_on: date) -> Iterator[catalogue.PeriodDraft]:
    yield catalogue.PeriodDraft(closes_on=closes_on)
    if "employers_close_weeks_before" in table:
        yield catalogue.PeriodDraft(
            closes_on=monday - timedelta(weeks=table["employers_close_weeks_before"]), target_group=catalogue.TargetGroup.EMPLOYERS,
        )


def _session(table: Table, monday: date) -> catalogue.SessionDraft:
    """Return a weekly meeting, or one in a `week` of the class (from 1) on a `day`."""
    on_date = None
    if "week" in table:
        on_date = monday + timedelta(weeks=table["week"] - 1, days=catalogue.WEEKDAYS.index(table["day"]))
    return catalogue.SessionDraft(
        catalogue.PartOfDay(table["part_of_day"]), weekday=table.get("weekday"), on_date=on_date, starts_at=table["starts_at"],
        ends_at=table["ends_at"], place_key=table["place"], about=_text(table, "about"),
    )


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _half_year(today: date, name: str) -> date:
    """Return the first Monday of the next autumn or spring half-year that is not too near to enrol in at ease."""
    earliest = today + _AHEAD
    firsts = (date(year, *_HALF_YEARS[name]) for year in (earliest.year, earliest.year + 1))
    first = next(each for each in firsts if each >= earliest)
    return first + timedelta(days=-first.weekday() % 7)
