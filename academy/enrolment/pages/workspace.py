"""Finished values for the workspace of a provider where it shows people: what is to be done, and classes with their rosters."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import WaitsFor
from academy.enrolment.queries import ClassFacts, Draw, RosterLine, Seats
from academy.enrolment.queries.classes import ClassNumbers
from academy.enrolment.queries.deciding import is_undecided
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, moment_text, short_day
from academy.kernel.translation import _, _l, ngettext

_TASKS: Final = {
    "sent_back": _l("Teruggestuurd door het programmabureau"), "draft": _l("Nog niet af"), "changes": _l("Wijzigingen nog niet online"),
    "check": _l("Wacht op het programmabureau"),
}
_MODULES: Final = {
    catalogue.PublicationState.DRAFT: (_l("Concept"), "few"), catalogue.PublicationState.CHECK: (_l("Wordt gecontroleerd"), "few"),
    catalogue.PublicationState.PUBLISHED: (_l("Online"), "open"), catalogue.PublicationState.ARCHIVED: (_l("In het archief"), "finished"),
}
_CLASSES: Final = {
    catalogue.OfferingState.CONCEPT: (_l("Concept"), "few"), catalogue.OfferingState.ACTIVE: (_l("Open voor inschrijving"), "open"),
    catalogue.OfferingState.CANCELLED: (_l("Afgezegd"), "cancelled"), catalogue.OfferingState.INACTIVE: (_l("Niet actief"), "finished"),
}
_WAITS: Final = {
    WaitsFor.PROVIDER: _l("wil toelating"), WaitsFor.PAYMENT: _l("moet nog betalen"), WaitsFor.EMPLOYER: _l("wacht op de werkgever"),
}


def workspace_values(there: catalogue.Workspace) -> dict[str, Any]:
    """Return the provider at whom one works, for the trail above each page."""
    slug = there.provider.slug
    return {
        "name": there.provider.name, "slug": slug, "url": url_for("workspace.home", provider=slug),
        "may_read": there.rights.read, "may_edit": there.rights.edit, "may_plan": there.rights.plan, "is_trusted": there.provider.is_trusted,
        "new_url": url_for("catalogue.new_module", provider=slug), "places_url": url_for("catalogue.places", provider=slug),
        "public_url": url_for("catalogue.provider_page", slug=slug),
        "payouts_url": url_for("payouts.overview", slug=slug) if there.rights.own else "",
        "requests_url": url_for("admission.inbox", provider=slug) if there.rights.admit or there.rights.plan else "",
        "recognition_url": url_for("recognition_guiding.desk", provider=slug) if there.rights.admit else "",
    }


def requests_tasks(there: catalogue.Workspace, to_admit: int, to_pay: int) -> list[dict[str, Any]]:
    """Return what learners wait for: to be admitted, which goes before everything, or for their payment to be confirmed."""
    url = url_for("admission.inbox", provider=there.provider.slug)
    rows = (
        (to_admit, "sent_back", _("Wacht op jullie antwoord"), ngettext("%(num)s aanvraag om toelating", "%(num)s aanvragen om toelating", to_admit)),
        (to_pay, "payment", _("Wacht op betaling"), ngettext("%(num)s plek die nog betaald moet worden", "%(num)s plekken die nog betaald moeten worden", to_pay)),
    )
    return [{"kind": kind, "label": label, "title": title, "note": "", "url": url} for number, kind, label, title in rows if number]


def tasks(
    there: catalogue.Workspace, found: Sequence[catalogue.Task], soon: Sequence[catalogue.OfferingInWork], seats: Mapping[UUID, Seats],
    *, today: date,
) -> list[dict[str, Any]]:
    """Return the one list of what is to be done: modules first that wait for a person here, then classes that start soon."""
    slug = there.provider.slug
    rows = [
        {
            "kind": task.kind, "label": str(_TASKS[task.kind]), "title": in_current_language(task.title), "note": task.reason,
            "url": url_for("catalogue.module_in_work", provider=slug, module=task.slug),
        }
        for task in found
    ]
    return rows + [task for work in soon if (task := _class_task(work, _taken(work, seats), today))]


def _taken(work: catalogue.OfferingInWork, seats: Mapping[UUID, Seats]) -> int:
    found = seats.get(work.offering.id)
    return 0 if found is None else found.taken


def _class_task(work: catalogue.OfferingInWork, taken: int, today: date) -> dict[str, Any] | None:
    """Return what is to be done about a class that starts soon; None when all is well."""
    offering = work.offering
    begins = _("Begint op %(day)s.", day=short_day(offering.starts_on))
    if is_undecided(work, taken, today=today):
        label, note = _("Beslis of de groep doorgaat"), _people_words(taken, offering.min_seats, begins)
    elif offering.state is catalogue.OfferingState.CONCEPT:
        label, note = _("Startmoment is nog niet open"), begins
    elif rules.is_thin(taken=taken, min_seats=offering.min_seats, guaranteed=offering.guaranteed, starts_on=offering.starts_on, today=today):
        label, note = _("Begint bijna, met weinig mensen"), _people_words(taken, offering.min_seats, begins)
    else:
        return None
    return {"kind": "class", "label": label, "title": in_current_language(work.module_title), "note": note, "url": class_url(work)}


def _people_words(taken: int, min_seats: int, begins: str) -> str:
    people = ngettext("%(num)s inschrijving.", "%(num)s inschrijvingen.", taken) if taken else _("Nog niemand ingeschreven.")
    needed = _("Nodig: %(number)s.", number=min_seats) if min_seats else ""
    return " ".join(part for part in (people, needed, begins) if part)


def class_url(work: catalogue.OfferingInWork) -> str:
    """Return the address of a class in the workspace."""
    return url_for("workspace.offering", provider=work.workspace.provider.slug, code=work.offering.code)


def module_row(there: catalogue.Workspace, row: catalogue.ModuleRow) -> dict[str, Any]:
    """Return a module for the table."""
    label, look = _MODULES[row.state]
    return {
        "title": in_current_language(row.title) or _("Zonder titel"), "code": row.code, "state_label": str(label), "state": look,
        "has_changes": row.has_changes, "score": row.score, "is_enough": row.score >= catalogue.ENOUGH,
        "source": catalogue.source_words(row.source),
        "classes": ngettext("%(num)s startmoment", "%(num)s startmomenten", row.classes) if row.classes else "",
        "url": url_for("catalogue.module_in_work", provider=there.provider.slug, module=row.slug),
    }


def paging(there: catalogue.Workspace, *, q: str, page: int, count: int, size: int) -> dict[str, Any]:
    """Return the links between pages of the table, in the form of the macro `pagination`."""
    pages = max(1, -(-count // size))

    def at(number: int) -> str:
        return url_for("workspace.home", provider=there.provider.slug, q=q or None, page=number if number > 1 else None)

    near = [number for number in range(1, pages + 1) if number in {1, pages} or abs(number - page) <= 1]
    links: list[dict[str, Any]] = []
    for number in near:
        if links and number - links[-1]["number"] > 1:
            links.append({"number": None, "current": False, "url": ""})
        links.append({"number": number, "current": number == page, "url": at(number)})
        if links[-1]["number"] is None:
            links.pop()
    return {
        "pages": pages, "links": links, "previous_url": at(page - 1) if page > 1 else "", "next_url": at(page + 1) if page < pages else "",
    }


def class_values(found: ClassFacts, *, draw: Draw | None = None) -> dict[str, Any]:
    """Return a class with its people and what can be done with it; `draw` is that of its seats, where they are given by lot."""
    work, offering = found.work, found.work.offering
    names: dict[str, Any] = {"provider": work.workspace.provider.slug, "code": offering.code}
    label, look = _CLASSES[offering.state]
    is_live = offering.state in {catalogue.OfferingState.CONCEPT, catalogue.OfferingState.ACTIVE}
    return {
        "title": in_current_language(work.module_title), "code": offering.code, "state_label": str(label), "state": look,
        "module_url": url_for("catalogue.module_in_work", provider=names["provider"], module=work.module_slug),
        "dates": catalogue.dates_words(offering), "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day),
        "place": catalogue.place_words(offering), "mode_label": catalogue.mode_word(offering.mode),
        "price": catalogue.price_words(offering.price, offering.price_note),
        "people": len(found.roster), "taken": found.taken, "seats": offering.seats, "numbers": _numbers(found.numbers), "min_seats": offering.min_seats,
        "enrol_until": short_day(offering.enrol_until) if offering.enrol_until else "",
        "decides_on": short_day(offering.decides_on) if offering.decides_on else "", "is_guaranteed": offering.guaranteed,
        "draw": moment_text(draw.drawn_at or draw.draw_at) if draw else "", "is_drawn": draw is not None and draw.drawn_at is not None,
        "draw_url": "" if offering.enrolment_website else url_for("drawing.plan", **names),
        "is_concept": offering.state is catalogue.OfferingState.CONCEPT, "is_live": is_live, "module_is_public": work.module_is_public,
        "cancel_reason": work.cancel_reason, "url": url_for("workspace.offering", **names),
        "edit_url": url_for("workspace.edit_offering", **names), "open_url": url_for("workspace.open_offering", **names),
        "guarantee_url": url_for("workspace.guarantee", **names), "copy_url": url_for("workspace.copy", **names),
        "call_off_url": url_for("workspace.call_off", **names), "seats_url": url_for("pools.seats", **names), "csv_url": url_for("workspace.roster_csv", **names),
        "workbook_url": url_for("workspace.roster_workbook", **names),
        "roster": [
            {"name": line.name, "email": line.email, "since": short_day(amsterdam_day(line.since)), "version": line.module_version}
            for line in found.roster
        ],
        "pending": [
            {"name": line.name, "waits_for": str(_WAITS[line.waits_for]), "until": moment_text(line.until)} for line in found.pending
        ],
    }


def _numbers(numbers: ClassNumbers) -> str:
    """Return how many are where: `8 zeker · 2 plekken vastgehouden · 1 wil toelating · 3 op de wachtlijst`."""
    parts = (
        (numbers.sure, ngettext("%(num)s zeker", "%(num)s zeker", numbers.sure)),
        (numbers.kept, ngettext("%(num)s plek vastgehouden", "%(num)s plekken vastgehouden", numbers.kept)),
        (numbers.asked, ngettext("%(num)s wil toelating", "%(num)s willen toelating", numbers.asked)),
        (numbers.waiting, ngettext("%(num)s op de wachtlijst", "%(num)s op de wachtlijst", numbers.waiting)),
    )
    return " · ".join(words for number, words in parts if number)


def roster_heading() -> tuple[str, ...]:
    """Return the heads of the columns of a roster."""
    return (_("Naam"), _("E-mailadres"), _("Ingeschreven op"), _("Versie van de module"))


def roster_row(line: RosterLine) -> tuple[str, ...]:
    """Return the cells of a roster, all text."""
    return (line.name, line.email, moment_text(line.since), str(line.module_version))
