"""Finished values for the pages on which providers are asked to fill a gap, and on which they answer."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.enrolment.api import last_moment_words
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, moment_text, number_text, short_day, shown
from academy.kernel.translation import _, ngettext
from academy.reports.facts import CommissionFacts, View
from academy.reports.kinds import CommissionInviteState, CommissionState, Stage
from academy.reports.queries.commissions import AskedOf, Followed, Invited, Row, ToAnswer, days_taken
from academy.reports.queries.fitting import Fit
from academy.reports.rules.commissioning import ENDED, Milestones
from academy.reports.words import answer_words, area_words, commission_words, period_words, view_words

_LOOKS: Final = {
    CommissionState.OPEN: "few", CommissionState.MAKING: "open", CommissionState.PLANNED: "confirmed", CommissionState.STARTED: "finished", CommissionState.CLOSED: "cancelled",
}
_MOMENT: Final = timedelta(seconds=1)
_PROPOSED: Final = 3  # so many are chosen beforehand


def state_values(state: CommissionState) -> dict[str, str]:
    """Return where a commission stands in words, and how a badge shows it."""
    return {"state_label": commission_words(state), "state": _LOOKS[state]}


def wanted_words(wanted: int) -> str:
    """Return for how many people something is asked; "" where that could not be told."""
    return ngettext("%(num)s persoon", "%(num)s mensen", wanted, num=number_text(wanted)) if wanted else ""


def _gap_facts(view: View, wanted: int) -> list[tuple[str, str]]:
    return [(_("Gevraagd voor"), wanted_words(wanted)), (_("Waar"), area_words(view.area)), (_("Gevraagd in"), period_words(view.period))]


def _days(since: datetime, until: datetime | None) -> str:
    return ngettext("%(num)s werkdag", "%(num)s werkdagen", days_taken(since, until)) if until is not None else ""


# For the programme office


def list_values(rows: Sequence[Row], to_call: int, *, has_ended: bool, now: datetime) -> dict[str, Any]:
    """Return the commissions that are under way, or those that ended."""
    return {
        "rows": [_row(each, now) for each in rows], "calls": _("Bellijst (%(number)s)", number=number_text(to_call)),
        "ways": [
            {"label": _("Loopt"), "url": url_for("commissions.overview"), "current": not has_ended},
            {"label": _("Afgelopen"), "url": url_for("commissions.overview", show="ended"), "current": has_ended},
        ],
    }


def _row(row: Row, now: datetime) -> dict[str, Any]:
    facts = row.facts
    waits = facts.state is CommissionState.OPEN
    return {
        "title": shown(facts.label), "url": url_for("commissions.show", code=facts.code), "code": facts.code, **state_values(facts.state),
        "where": area_words(facts.view.area), "wanted": wanted_words(facts.wanted) or "–", "asked": short_day(amsterdam_day(facts.made_at)),
        "answers": _("%(yes)s ja van %(asked)s", yes=number_text(row.willing), asked=number_text(row.asked)),
        "clock": _("antwoord tot en met %(day)s", day=last_moment_words(facts.answer_by)) if waits else "", "is_late": waits and facts.answer_by <= now,
        "first": short_day(row.first_on) if row.first_on is not None else "–", "days": _days(facts.made_at, row.reached.started_at),
    }


def proposed(fits: Sequence[Fit]) -> list[str]:
    """Return the slugs of who is chosen beforehand: the best of those that train something of it."""
    return [each.provider.slug for each in fits if each.is_proposed][:_PROPOSED]


def new_values(subject_label: Any, view: View, wanted: int, fits: Sequence[Fit], chosen: Collection[str]) -> dict[str, Any]:  # noqa: ANN401 - a text with its language
    """Return the gap that is to be filled, and who could do that."""
    return {
        "label": subject_label, "about": view_words(view),
        "facts": _gap_facts(view, wanted),
        **providers_values(fits, chosen),
    }


def providers_values(fits: Sequence[Fit], chosen: Collection[str]) -> dict[str, Any]:
    """Return providers to choose from: those that train something of it, and the others folded away unless one of them is chosen."""
    likely, others = [_provider(each, chosen) for each in fits if each.is_proposed], [_provider(each, chosen) for each in fits if not each.is_proposed]
    return {"likely": likely, "others": others, "others_open": not likely or any(each["checked"] for each in others)}


def _provider(fit: Fit, chosen: Collection[str]) -> dict[str, Any]:
    notes = [
        ngettext("%(num)s module leert dit", "%(num)s modules leren dit", fit.direct) if fit.direct else "",
        ngettext("%(num)s module leert iets dat erop lijkt", "%(num)s modules leren iets dat erop lijkt", fit.near) if fit.near else "",
        _("doet mee aan het programma") if fit.stage not in {None, Stage.EXPLORING} else "",
    ]
    slug = fit.provider.slug
    return {"id": f"provider-{slug}", "slug": slug, "name": fit.provider.name, "checked": slug in chosen, "note": "; ".join(each for each in notes if each)}


def show_values(found: Followed, fits: Sequence[Fit], chosen: Collection[str], *, now: datetime) -> dict[str, Any]:
    """Return a commission: how far it is, who answered what, and whom one can still ask."""
    facts = found.facts
    asked = {each.facts.provider_id for each in found.invited}
    return {
        "code": facts.code, "title": shown(facts.label), **state_values(facts.state), "is_live": facts.state not in ENDED, "lead": lead_words(found, now),
        "facts": [*_gap_facts(facts.view, facts.wanted), (_("Antwoord tot en met"), last_moment_words(facts.answer_by)), (_("Nummer"), facts.code)],
        "note": facts.note, "reason": found.reason, "way": way_values(facts, found.reached, found.first_on), "invited": [_invited(each, facts, now) for each in found.invited],
        "steps": [_step_words(each.at, each.becomes, each.by) for each in found.steps],
        **providers_values([each for each in fits if each.provider.id not in asked], chosen),
        "invite_url": url_for("commissions.invite", code=facts.code), "close_url": url_for("commissions.close", code=facts.code),
        "gap_url": url_for("reports.gap", skill=facts.skill, period=facts.view.period, area=facts.view.area, sector=facts.view.sector),
    }


def _step_words(at: datetime, state: CommissionState, by: str) -> str:
    return " · ".join(part for part in (moment_text(at), commission_words(state), by) if part)


def lead_words(found: Followed, now: datetime) -> str:
    """Return in a sentence what is to be done now."""
    facts = found.facts
    if facts.state is CommissionState.OPEN:
        waiting = sum(each.facts.state is CommissionInviteState.INVITED for each in found.invited)
        if not waiting:
            return _("Iedereen zei nee. Vraag andere opleiders, of stop deze aanvraag.")
        late = _("De dag om te antwoorden is voorbij. Bel wie nog niet antwoordde.") if facts.answer_by <= now else _("Nog niemand zei ja.")
        return " ".join((late, ngettext("%(num)s opleider antwoordt nog.", "%(num)s opleiders antwoorden nog.", waiting)))
    return {
        CommissionState.MAKING: _("Een opleider zei ja. Zodra er een startmoment openbaar is, staat dat hier vanzelf."),
        CommissionState.PLANNED: _("De eerste groep is gepland. Mensen kunnen zich inschrijven."),
        CommissionState.STARTED: _("De eerste groep is begonnen. Het gat wordt gevuld."), CommissionState.CLOSED: _("Deze aanvraag is gestopt."),
    }[facts.state]


def way_values(facts: CommissionFacts, reached: Milestones, first_on: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a day or None
    """Return the way from asking to the first class: what was reached, when, and after how many working days."""
    made = facts.made_at
    first = short_day(first_on) if first_on is not None else ""
    stops = [
        (_("Gevraagd"), made, ""), (_("Een opleider zei ja"), reached.promised_at, ""),
        (_("Het eerste startmoment is openbaar"), reached.planned_at, _("begint op %(day)s", day=first) if first and reached.planned_at else ""),
        (_("De eerste groep begon"), reached.started_at, ""),
    ]
    return [
        {
            "name": name, "is_done": at is not None,
            "when": ", ".join(part for part in (short_day(amsterdam_day(at)), _("binnen %(days)s", days=_days(made, at)) if at != made else "", more) if part) if at else "",
        }
        for name, at, more in stops
    ]


def _invited(one: Invited, facts: CommissionFacts, now: datetime) -> dict[str, Any]:
    found = one.facts
    is_late = found.state is CommissionInviteState.INVITED and facts.answer_by <= now
    return {
        "name": found.provider_name, "url": url_for("catalogue.provider_page", slug=found.provider_slug), "answer": answer_words(found.state), "note": one.note,
        "answered": short_day(amsterdam_day(found.answered_at)) if found.answered_at is not None else "", "is_late": is_late,
        "module": shown(found.module_title) if found.module_title is not None else None,
        "module_url": url_for("enrolment.module_page", slug=found.module_slug) if found.module_slug else "",
        "first": short_day(found.first_on) if found.first_on is not None else "",
        "phone": one.phone, "email": one.email, "is_waiting": found.state is CommissionInviteState.INVITED,
    }


# For a provider


def asked_values(name: str, slug: str, asked: Sequence[AskedOf], *, now: datetime) -> dict[str, Any]:
    """Return what a provider is asked: what waits, what it said yes or no to, and what is over."""
    over = [each for each in asked if each.facts.state in ENDED]
    waiting = [each for each in asked if _waits(each)]
    answered = [each for each in asked if each not in over and not _waits(each)]
    return {
        "name": name, "url": url_for("workspace.home", provider=slug), "is_empty": not asked,
        "waiting": [_asked_row(each, slug, now) for each in waiting], "answered": [_asked_row(each, slug, now) for each in answered],
        "over": [_asked_row(each, slug, now) for each in over],
    }


def _waits(one: AskedOf) -> bool:
    """Tell whether a provider has to answer yet."""
    return one.facts.state not in ENDED and one.state is CommissionInviteState.INVITED


def _asked_row(one: AskedOf, slug: str, now: datetime) -> dict[str, Any]:
    facts = one.facts
    label = _("tot en met %(day)s", day=short_day(amsterdam_day(facts.answer_by - _MOMENT))) if _waits(one) and now < facts.answer_by else answer_words(one.state)
    parts = [area_words(facts.view.area), wanted_words(facts.wanted), in_current_language(one.module.title) if one.module is not None else ""]
    return {
        "label": label, "title": shown(facts.label), "code": facts.code, "url": url_for("commissions.answer", provider=slug, code=facts.code),
        "note": " · ".join(part for part in parts if part), **state_values(facts.state),
    }


def answer_values(found: ToAnswer) -> dict[str, Any]:
    """Return a commission for who answers, and what comes after a yes."""
    slug, facts, module = found.there.provider.slug, found.asked.facts, found.asked.module
    is_making = found.asked.state is CommissionInviteState.WILLING
    return {
        "name": found.there.provider.name, "home_url": url_for("workspace.home", provider=slug), "list_url": url_for("commissions.asked", provider=slug),
        "title": shown(facts.label), **state_values(facts.state), "is_live": facts.state not in ENDED, "answer": answer_words(found.asked.state),
        "facts": [*_gap_facts(facts.view, facts.wanted), (_("Antwoord tot en met"), last_moment_words(facts.answer_by)), (_("Nummer"), facts.code)],
        "office_note": facts.note, "reason": found.asked.reason, "module": shown(module.title) if module is not None else None,
        "plan_url": url_for("workspace.plan", provider=slug, module=module.slug) if is_making and module is not None else "",
        "new_url": url_for("catalogue.new_module", provider=slug) if is_making and module is None else "",
    }


def chosen_ids(fits: Sequence[Fit]) -> dict[str, UUID]:
    """Return the ids of providers by the slug that a form sends."""
    return {each.provider.slug: each.provider.id for each in fits}
