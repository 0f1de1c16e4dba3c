"""From the drafts of the demo to the catalogue, in one transaction; a second time changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo.commissions import load_commissions
from academy.demo.demand import load_demand
from academy.demo.experience import load_experience
from academy.demo.learning import load_learning
from academy.demo.money import load_money, note_taxes
from academy.demo.paid_year import load_paid_year
from academy.demo.people import load_people
from academy.demo.pooling import load_pooling
from academy.demo.reading import DATA, DemoData, DemoModule, DemoProgramme, intake_draft, offering_draft, read_demo
from academy.demo.recognition import load_recognition
from academy.demo.routes import load_routes
from academy.demo.tailoring import load_tailoring
from academy.demo.taking_part import load_taking_part
from academy.demo.waiting import load_waiting
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.kernel.money import Money
from academy.reports.queries.cells import last_run
from academy.reports.service.rolling import roll_up

Progress = Callable[[int, int], None]  # done, total


@dataclass
class DemoReport:
    """How much of the demo was new or changed, by kind."""

    modules: int = 0
    programmes: int = 0
    offerings: int = 0


def load(*, now: datetime, progress: Progress) -> None:
    """Load catalogue, people, who pays and what they learn in one transaction of their own. Raises DemoDataWrong."""
    with database().writing() as session:
        load_demo(session, now=now, progress=progress)
        load_people(session, now=now)
        load_money(session, now=now)
        load_learning(session, now=now)
        load_paid_year(session, now=now)
        load_pooling(session, now=now)
        load_tailoring(session, now=now)
        load_recognition(session, now=now)
        load_routes(session, now=now)
        load_demand(session, now=now)
        load_waiting(session, now=now)
        load_taking_part(session, now=now)
        load_experience(session, now=now)
        if last_run(session) is None:  # else what was counted last stands until the night
            session.flush()
            roll_up(session, as_of=amsterdam_day(now), now=now)
        load_commissions(session, now=now)  # of gaps as they were counted


def load_demo(session: Session, *, now: datetime, progress: Progress, folder: Path = DATA) -> DemoReport:
    """Load the demo catalogue in the caller's transaction; what is there and the same is not touched. Raises DemoDataWrong."""
    data = read_demo(folder)
    report = DemoReport()
    provider_ids = {draft.slug: catalogue.register_provider(session, draft) for draft in data.providers}
    note_taxes(session, {provider_ids[draft.slug]: draft.kind for draft in data.providers}, now=now)
    for provider_id in provider_ids.values():
        catalogue.trust_provider(session, provider_id=provider_id, now=now)
    for place in data.places:
        catalogue.register_place(session, place)
    touched = _load_supply(session, data, provider_ids, report, now)
    offered = _offered(session, provider_ids)
    for number, module in enumerate(data.modules, start=1):
        if (module.provider, module.draft.code) not in offered:
            opened = _open_offerings(session, module, provider_ids[module.provider], today=amsterdam_day(now))
            report.offerings += opened
            touched |= {module.provider} if opened else set()
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
        catalogue.link_prerequisites(session, provider_id=provider_id)
        drafts = _programme_drafts(session, data, slug, provider_id, amsterdam_day(now))
        of_programmes = catalogue.upsert_programmes(session, provider_id=provider_id, drafts=drafts, now=now)
        report.programmes += len(of_programmes.new) + len(of_programmes.changed)
        if of_programmes.new or of_programmes.changed:
            touched.add(slug)
    return touched


def _programme_drafts(
    session: Session, data: DemoData, slug: str, provider_id: UUID, today: date,
) -> list[catalogue.ProgrammeDraft]:
    """Return the provider's programmes; one that is there already keeps the intakes of its first day."""
    there = {programme.code for programme in catalogue.programmes(session, provider_id=provider_id)}
    return [
        programme.draft if programme.draft.code in there else _with_intakes(programme, today)
        for programme in data.programmes
        if programme.provider == slug
    ]


def _with_intakes(programme: DemoProgramme, today: date) -> catalogue.ProgrammeDraft:
    return replace(programme.draft, intakes=tuple(intake_draft(table, today=today) for table in programme.intakes))


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
            draft=offering_draft(table, price=module.draft.price or Money(0), today=today), is_news=False,
        )
    return len(module.offerings)
