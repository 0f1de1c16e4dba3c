"""Finished values for who takes part: the rule, the providers with what they lack, and one provider."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from flask import url_for

from academy.catalogue import api as catalogue
from academy.kernel.csv_file import as_csv
from academy.kernel.formats import moment_text, number_text, short_day
from academy.kernel.translation import _, ngettext
from academy.reports.facts import ParticipantFacts, ParticipationRule
from academy.reports.kinds import TICKED_ITEMS, ReadinessItem, Stage
from academy.reports.queries import participation_words as said
from academy.reports.queries.participation import Participant, ProviderInView, Step, rule_of
from academy.reports.rules import participating as rules
from academy.reports.rules.participating import Supplied

_LOOKS: Final = {Stage.EXPLORING: "finished", Stage.DECLARED: "few", Stage.RUNNING: "open", Stage.STRUCTURAL: "open"}  # of the badge


def overview_values(found: Sequence[Participant], others: Sequence[catalogue.ProviderFacts], *, asked: str) -> dict[str, Any]:
    """Return the rule in words and as three seats to fill, who takes part, and who was looked for."""
    there = [each.facts for each in found]
    rule = rule_of(there)
    return {
        "sentences": (said.standing_words(rule), said.is_met_words(rule)), "rule": said.rule_words(), "is_met": rule.is_met, "seats": _seats(there, rule),
        "stages": [{"label": said.stage_words(stage), "names": [each.name for each in there if each.stage is stage]} for stage in Stage],
        "rows": [_row(each) for each in found], "asked": asked,
        "others": [{"name": each.name, "about": _where(each.city, each.country), "url": _url(each.slug)} for each in others],
        "csv_url": url_for("taking_part.file"),
    }


def _url(slug: str) -> str:
    return url_for("taking_part.provider", provider=slug)


def _where(city: str, country: str) -> str:
    return ", ".join(part for part in (city, country) if part)


def _seats(there: Sequence[ParticipantFacts], rule: ParticipationRule) -> list[dict[str, Any]]:
    """Return the seats of the rule, domestic ones first, each with who fills it: who is furthest first. Who is left over of a kind fills none."""
    counted = sorted((each for each in there if each.is_large and each.stage in rules.COUNTED), key=lambda each: -list(Stage).index(each.stage))
    domestic = [each.name for each in counted if each.country == rules.HOME]
    foreign = [each.name for each in counted if each.country != rules.HOME]
    seats = [(_("Nederland"), names) for names in (domestic[:1], domestic[1:2])] + [(_("Buitenland"), foreign[:1])]
    more = rule.large - sum(len(names) for _label, names in seats)
    return [{"label": label, "name": names[0] if names else ""} for label, names in seats] + (
        [{"label": _("Daarnaast"), "name": ngettext("nog %(num)s grote opleider", "nog %(num)s grote opleiders", more)}] if more > 0 else []
    )


def _row(one: Participant) -> dict[str, Any]:
    each = one.facts
    lacking = [said.item_words(item) for item in ReadinessItem if not each.ready[item]]
    return {
        "name": each.name, "url": _url(each.slug),
        "marks": [words for words, is_so in ((_("groot"), each.is_large), (_("anker"), each.is_anchor), (each.country, True)) if is_so],
        "stage": said.stage_words(each.stage), "look": _LOOKS[each.stage], "since": _("sinds %(day)s", day=short_day(each.since)),
        "ready": _("%(ready)s van de %(needed)s", ready=len(each.ready) - len(lacking), needed=len(each.ready)), "lacking": ", ".join(lacking),
    }


def provider_values(found: ProviderInView) -> dict[str, Any]:
    """Return one provider: how far it is, what it needs, and what happened."""
    there = found.participant
    return {
        "name": found.name, "slug": found.slug, "about": found.country, "email": found.contact_email,
        "page_url": url_for("catalogue.provider_page", slug=found.slug),
        "change_url": url_for("taking_part.change", provider=found.slug), "tick_url": url_for("taking_part.tick", provider=found.slug),
        "standing": "" if there is None else _("%(stage)s, sinds %(day)s", stage=said.stage_words(there.facts.stage), day=short_day(there.facts.since)),
        "look": "" if there is None else _LOOKS[there.facts.stage],
        "items": [] if there is None else [_item(found, there, item) for item in ReadinessItem], "ready": "" if there is None else _row(there)["ready"],
        "steps": [_step(step) for step in found.steps],
    }


def _item(found: ProviderInView, there: Participant, item: ReadinessItem) -> dict[str, Any]:
    is_there = there.facts.ready[item]
    return {
        "item": item.value, "label": said.item_words(item), "is_there": is_there, "is_ticked_by_hand": item in TICKED_ITEMS,
        "words": _what_is_there(item, there.numbers) if is_there else _what_to_do(item, there.numbers), "links": [] if is_there else _links(found, item),
    }


def _what_is_there(item: ReadinessItem, numbers: Supplied) -> str:
    return {
        ReadinessItem.MEMBERS: ngettext("%(num)s persoon", "%(num)s mensen", numbers.members),
        ReadinessItem.EXAM_BOARD: ngettext("%(num)s lid", "%(num)s leden", numbers.board),
        ReadinessItem.MODULES: ngettext("%(num)s module", "%(num)s modules", numbers.modules),
        ReadinessItem.FEED: ngettext("%(num)s module", "%(num)s modules", numbers.fed),
        ReadinessItem.CLASSES: ngettext("%(num)s startmoment", "%(num)s startmomenten", numbers.classes),
        ReadinessItem.RESULTS: ngettext("%(num)s uitslag", "%(num)s uitslagen", numbers.results),
    }.get(item, "")


def _what_to_do(item: ReadinessItem, numbers: Supplied) -> str:
    """Return what is missing and who can do something about it."""
    return {
        ReadinessItem.AGREEMENT: _("Vink aan als de afspraak is getekend."), ReadinessItem.CONTACT: _("Vink aan als jullie weten wie je belt."),
        ReadinessItem.MEMBERS: _("Nodig iemand van de opleider uit om een account te maken."),
        ReadinessItem.MODULES: _("De opleider publiceert de eerste module."),
        ReadinessItem.SKILLS: _without(numbers.modules - numbers.with_skills, numbers, _("de opleider kiest bij elke module vaardigheden")),
        ReadinessItem.CLASSES: _("De opleider plant een startmoment waarvoor je je kunt inschrijven."),
        ReadinessItem.PRICES: _without(numbers.modules - numbers.with_price, numbers, _("de opleider vult bij elke module een prijs in")),
        ReadinessItem.RESULTS: _("Er is nog geen uitslag. Die komt na de eerste les."),
        ReadinessItem.EXAM_BOARD: _("De opleider geeft iemand de rol van examencommissie."),
        ReadinessItem.FEED: _("De opleider levert zijn aanbod aan met een koppeling of bestand."),
    }[item]


def _without(number: int, numbers: Supplied, act: str) -> str:
    if not numbers.modules:
        return _("Er is nog geen module te vinden.")
    return _("Bij %(number)s van de %(all)s ontbreekt het: %(act)s.", number=number_text(number), all=number_text(numbers.modules), act=act)


def _links(found: ProviderInView, item: ReadinessItem) -> list[tuple[str, str]]:
    """Return where something can be done about what is missing: how the provider is seen by everybody, and how it is reached."""
    page = [(_("Bekijk het aanbod"), url_for("catalogue.provider_page", slug=found.slug))] if item in _ABOUT_MODULES else []
    mail = [(_("Mail de opleider"), f"mailto:{found.contact_email}")] if found.contact_email and item not in TICKED_ITEMS else []
    return page + mail


_ABOUT_MODULES: Final = {ReadinessItem.MODULES, ReadinessItem.SKILLS, ReadinessItem.CLASSES, ReadinessItem.PRICES}


def _step(step: Step) -> dict[str, str]:
    was = "" if step.from_stage is None or step.from_stage is step.to_stage else said.stage_words(step.from_stage)
    words = _("Van “%(before)s” naar “%(after)s”", before=was, after=said.stage_words(step.to_stage)) if was else said.stage_words(step.to_stage)
    noted = " · ".join(part for part in (moment_text(step.at), step.by) if part)
    return {"words": words, "day": _("sinds %(day)s", day=short_day(step.on_day)), "noted": _("genoteerd: %(about)s", about=noted), "note": step.note}


def stage_form_data(found: ProviderInView, *, today: date) -> dict[str, Any]:
    """Return what the form says before anybody writes in it."""
    if found.participant is None or found.changed_at is None:
        return {"stage": Stage.EXPLORING.value, "since": today}
    there = found.participant.facts
    return {"stage": there.stage.value, "since": there.since, "is_large": there.is_large, "is_anchor": there.is_anchor, "seen": found.changed_at.isoformat()}


def overview_file(found: Sequence[Participant]) -> bytes:
    """Return who takes part as a file: a line for each provider, with a column for everything it needs."""
    heading = (_("Opleider"), _("Land"), _("Fase"), _("Sinds"), _("Groot"), _("Anker"), *(said.item_words(item) for item in ReadinessItem))
    return as_csv(heading, [
        (
            each.name, each.country, said.stage_words(each.stage), each.since.isoformat(), _yes(each.is_large), _yes(each.is_anchor),
            *(_yes(each.ready[item]) for item in ReadinessItem),
        )
        for each in (one.facts for one in found)
    ])


def _yes(is_so: object) -> str:
    return _("ja") if is_so else _("nee")
