"""Finished values for the workspace of a provider: a module with what it lacks, what may be said more plainly, and what resembles it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from flask import url_for
from markupsafe import Markup, escape

from academy.catalogue import plain_language, words
from academy.catalogue.advice_words import advice_words
from academy.catalogue.completeness import ENOUGH, Lack, Lacking
from academy.catalogue.drafts import ModuleDraft
from academy.catalogue.facts import OfferingFacts, PlaceFacts
from academy.catalogue.models import OfferingState, PublicationState
from academy.catalogue.overlap import STRONG, Reason
from academy.catalogue.queries.publication import Check, Resembling
from academy.catalogue.queries.workspace import ModuleInWork, Workspace
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, in_current_language, money, paragraphs, short_day
from academy.kernel.translation import _, _l, ngettext

_STATES: Final = {
    PublicationState.DRAFT: (_l("Concept"), "few"), PublicationState.CHECK: (_l("Wordt gecontroleerd"), "few"),
    PublicationState.PUBLISHED: (_l("Online"), "open"), PublicationState.ARCHIVED: (_l("In het archief"), "finished"),
}
_OFFERING_STATES: Final = {
    OfferingState.CONCEPT: (_l("Concept"), "few"), OfferingState.ACTIVE: (_l("Open voor inschrijving"), "open"),
    OfferingState.CANCELLED: (_l("Afgezegd"), "cancelled"), OfferingState.INACTIVE: (_l("Niet actief"), "finished"),
}
_LACKS: Final = {
    Lacking.TITLE: _l("Geef de module een titel."), Lacking.SUMMARY: _l("Schrijf een samenvatting van één of twee zinnen."),
    Lacking.OUTCOMES: _l("Schrijf minstens één leerdoel: wat kan iemand na afloop?"),
    Lacking.SIZE: _l("Vul het aantal EC in, of het aantal uren."),
    Lacking.SIZE_WRONG: _l("Controleer de omvang. Een module heeft hooguit 60 EC of 1680 uur."),
    Lacking.LEVEL: _l("Kies het niveau. Dat hoort bij EC."), Lacking.KIND: _l("Kies het soort module."),
    Lacking.LANGUAGE: _l("Kies de taal van de les."),
    Lacking.DELIVERY: _l("Zeg hoe je de module volgt, of plan een startmoment."),
    Lacking.PRICE: _l("Vul een prijs in bij het startmoment. Gratis? Schrijf dan 0."),
    Lacking.CODE_TAKEN: _l("Een andere module van jullie heeft deze code al. Kies een andere code."),
    Lacking.CLASS: _l("Plan een startmoment. Dan kunnen mensen zich inschrijven."),
    Lacking.DESCRIPTION: _l("Schrijf een omschrijving van drie of vier zinnen."),
    Lacking.MORE_OUTCOMES: _l("Schrijf drie leerdoelen of meer."), Lacking.SKILLS: _l("Koppel vaardigheden aan je leerdoelen."),
    Lacking.ENTRY: _l("Schrijf op voor wie de module is en wat je vooraf moet kunnen."), Lacking.ASSESSMENT: _l("Zeg hoe je wordt getoetst."),
    Lacking.CERTIFICATE: _l("Zeg wat je krijgt aan het einde."), Lacking.SECTOR: _l("Kies een vakgebied."),
}
_AT: Final = {  # the field of the form; what is under "Meer" has more=1 so that it is open
    Lacking.TITLE: "title", Lacking.SUMMARY: "summary", Lacking.OUTCOMES: "outcomes-0-text", Lacking.MORE_OUTCOMES: "outcomes-0-text",
    Lacking.SKILLS: "outcomes-0-text", Lacking.SIZE: "ec", Lacking.SIZE_WRONG: "ec", Lacking.LEVEL: "nlqf", Lacking.KIND: "kind",
}
_UNDER_MORE: Final = {
    Lacking.LANGUAGE: "languages-0", Lacking.DELIVERY: "modes-0", Lacking.CODE_TAKEN: "code", Lacking.DESCRIPTION: "description",
    Lacking.ENTRY: "entry", Lacking.ASSESSMENT: "assessments-0", Lacking.CERTIFICATE: "certificate", Lacking.SECTOR: "sectors-0",
}
_BY_CLASS: Final = {Lacking.PRICE, Lacking.CLASS, Lacking.DELIVERY}
_REASONS: Final = {
    Reason.SAME_TITLE: _l("bijna dezelfde titel"), Reason.SHARED_SKILLS: _l("dezelfde vaardigheden"),
    Reason.SIMILAR_OUTCOMES: _l("leerdoelen die op elkaar lijken"),
}
_MOST_ADVICE: Final = 12
_AROUND: Final = 60  # characters before and after the words that an advice is about


def state_label(state: PublicationState) -> tuple[str, str]:
    """Return the state in words, and for the eye."""
    label, look = _STATES[state]
    return str(label), look


def offering_state_label(state: OfferingState) -> tuple[str, str]:
    """Return the state of an offering in words, and for the eye."""
    label, look = _OFFERING_STATES[state]
    return str(label), look


def workspace_values(there: Workspace) -> dict[str, Any]:
    """Return the provider at whom one works, for the trail above each page."""
    return {
        "name": there.provider.name, "url": url_for("workspace.home", provider=there.provider.slug), "slug": there.provider.slug,
        "may_edit": there.rights.edit, "may_plan": there.rights.plan,
    }


def module_head(work: ModuleInWork) -> dict[str, Any]:
    """Return what each page about a module shows of it, with the ways to the others."""
    names: dict[str, Any] = {"provider": work.workspace.provider.slug, "module": work.slug}
    label, look = state_label(work.state)
    return {
        "title": in_current_language(work.content.title), "state_label": label, "state": look, "version": work.version,
        "is_published": work.state is PublicationState.PUBLISHED, "is_archived": work.state is PublicationState.ARCHIVED,
        "is_checked": work.state is PublicationState.CHECK, "has_changes": work.has_changes, "source": words.source_words(work.source),
        "url": url_for("catalogue.module_in_work", **names), "edit_url": url_for("catalogue.edit_module", **names),
        "history_url": url_for("catalogue.module_history", **names), "prerequisites_url": url_for("catalogue.prerequisites", **names),
        "plan_url": url_for("workspace.plan", **names), "publish_url": url_for("catalogue.publish_module", **names),
        "archive_url": url_for("catalogue.archive_module", **names), "restore_url": url_for("catalogue.restore_module", **names),
        "discard_url": url_for("catalogue.discard_changes", **names),
        "public_url": url_for("enrolment.module_page", slug=work.slug) if work.state is PublicationState.PUBLISHED else "",
    }


def module_values(work: ModuleInWork, resembling: Sequence[Resembling], *, today: date) -> dict[str, Any]:
    """Return all that one looks at before publishing."""
    found = work.completeness(today)
    trusted = work.workspace.provider.is_trusted
    return {
        **module_head(work), **content_values(work.content),
        "score": found.score, "enough": ENOUGH, "can_publish": found.is_enough and _may_go_public(work), "is_enough": found.is_enough,
        "goes_to_check": work.state is PublicationState.DRAFT and not trusted, "digest": work.digest,
        "hard": [_lack(work, lack) for lack in found.lacks if lack.is_hard],
        "soft": [_lack(work, lack) for lack in found.lacks if not lack.is_hard],
        "offerings": [offering_row(work, one) for one in work.offerings if one.ends_on >= today],
        "advice": list(advice(work.content))[:_MOST_ADVICE], "language_score": language_score(work.content),
        "resembling": [_resembling(one, work.content) for one in resembling],
        "needs_reason": any(one.overlap.score >= STRONG for one in resembling),
    }


def _may_go_public(work: ModuleInWork) -> bool:
    return work.state is PublicationState.DRAFT or (work.state is PublicationState.PUBLISHED and work.has_changes)


def _lack(work: ModuleInWork, lack: Lack) -> dict[str, Any]:
    names: dict[str, Any] = {"provider": work.workspace.provider.slug, "module": work.slug}
    edit = url_for("catalogue.edit_module", **names)
    if lack.what in _BY_CLASS:
        url = url_for("workspace.plan", **names)
    elif lack.what in _UNDER_MORE:
        url = f"{edit}?more=1#{_UNDER_MORE[lack.what]}"
    else:
        url = f"{edit}#{_AT[lack.what]}"
    return {"sentence": str(_LACKS[lack.what]), "url": url, "points": lack.points}


def content_values(draft: ModuleDraft) -> dict[str, Any]:
    """Return what visitors will read."""
    size = _("%(ec)s EC", ec=credits_text(draft.ec)) if draft.ec is not None else ""
    hours = ngettext("%(num)s uur", "%(num)s uur", draft.hours) if draft.hours else ""
    return {
        "summary": in_current_language(draft.summary), "description": paragraphs(in_current_language(draft.description)),
        "entry": in_current_language(draft.entry), "outcomes": [in_current_language(one.text) for one in draft.outcomes],
        "kind_label": words.kind_word(draft.kind), "size": " · ".join(part for part in (size, hours) if part),
        "level_label": words.level_word(draft.nlqf), "languages_label": ", ".join(words.language_word(one) for one in draft.languages),
        "modes_label": ", ".join(words.mode_word(mode) for mode in draft.modes),
        "sectors_label": ", ".join(words.sector_word(sector) for sector in draft.sectors),
        "price": "" if draft.price is None else money(draft.price), "code": draft.code,
    }


def offering_row(work: ModuleInWork, offering: OfferingFacts) -> dict[str, Any]:
    """Return an offering for the list at its module."""
    label, look = offering_state_label(offering.state)
    return {
        "url": url_for("workspace.offering", provider=work.workspace.provider.slug, code=offering.code),
        "dates": words.dates_words(offering), "schedule": words.schedule_words(offering.weekdays, offering.part_of_day),
        "place": words.place_words(offering), "state_label": label, "state": look,
        "price": words.price_words(offering.price, offering.price_note),
        "seats": ngettext("%(num)s plek", "%(num)s plekken", offering.seats),
    }


# Plain language


def advice(draft: ModuleDraft) -> Iterator[dict[str, Any]]:
    """Yield what may be said more plainly in the Dutch texts, each with its words marked in their sentence."""
    for label, text in _dutch_texts(draft):
        for one in plain_language.review(text):
            start, end = _around(text, one.start, one.end)
            yield {
                "where": label, "sentence": advice_words(one),
                "marked": Markup("{}{}<mark>{}</mark>{}{}").format(
                    "…" if start else "", text[start : one.start], escape(text[one.start : one.end]), text[one.end : end],
                    "…" if end < len(text) else "",
                ),
            }


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the words before and after begin and end; no word is cut."""
    first, last = max(start - _AROUND, 0), min(end + _AROUND, len(text))
    if first:
        first = text.find(" ", first, start) + 1 or first
    if last < len(text):
        space = text.rfind(" ", end, last)
        last = last if space < 0 else space
    return first, last


def language_score(draft: ModuleDraft) -> int:
    """Return how plain the Dutch texts are together, 0 to 100."""
    return plain_language.score("\n\n".join(text for _label, text in _dutch_texts(draft)))


def _dutch_texts(draft: ModuleDraft) -> Iterator[tuple[str, str]]:
    yield _("Samenvatting"), draft.summary.nl
    yield _("Omschrijving"), draft.description.nl
    yield _("Voor wie"), draft.entry.nl
    for number, outcome in enumerate(draft.outcomes, start=1):
        yield _("Leerdoel %(number)s", number=number), outcome.text.nl


# Overlap


def _resembling(found: Resembling, draft: ModuleDraft) -> dict[str, Any]:
    overlap = found.overlap
    return {
        "title": in_current_language(found.title), "url": url_for("enrolment.module_page", slug=found.slug), "provider": found.provider_name,
        "percent": round(overlap.score * 100), "is_strong": overlap.score >= STRONG,
        "reasons": ", ".join(str(_REASONS[reason]) for reason in overlap.reasons),
        "pairs": [
            (in_current_language(draft.outcomes[pair.mine].text), in_current_language(found.outcomes[pair.other]))
            for pair in overlap.pairs[:3]
        ],
    }


# The office's desk and the register of places


def check_row(check: Check) -> dict[str, Any]:
    """Return a module that waits, for the desk."""
    return {
        "title": in_current_language(check.title), "provider": check.provider_name, "url": url_for("catalogue.check", module=check.slug),
        "since": short_day(amsterdam_day(check.since)),
        "number": _("module %(number)s van deze aanbieder", number=check.approved + 1),
    }


def place_row(place: PlaceFacts, there: Workspace, own: set[str]) -> dict[str, Any]:
    """Return a place for the register; only the provider's own can be changed."""
    access = {True: _("Bereikbaar met een rolstoel"), False: _("Niet bereikbaar met een rolstoel"), None: ""}
    return {
        "name": in_current_language(place.name), "kind_label": words.place_kind_word(place.kind),
        "address": ", ".join(part for part in (place.street_address, place.city) if part),
        "capacity": ngettext("%(num)s plek", "%(num)s plekken", place.capacity) if place.capacity else "",
        "access": access[place.step_free],
        "url": url_for("catalogue.edit_place", provider=there.provider.slug, place=place.key) if place.key in own else "",
    }
