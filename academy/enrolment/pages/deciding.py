"""Finished values for who decides about a class with too few people: the choices, each with what it does in numbers."""

from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment.queries import ClassFacts
from academy.enrolment.queries.deciding import MergeChoice, Undecided
from academy.kernel.formats import in_current_language, money, short_day
from academy.kernel.money import Money
from academy.kernel.translation import _, ngettext


def choices(found: ClassFacts, others: tuple[MergeChoice, ...]) -> dict[str, Any]:
    """Return what can be decided; `others` are the classes that can take everybody."""
    at: dict[str, Any] = {"provider": found.work.workspace.provider.slug, "code": found.work.offering.code}
    people, offering = found.taken, found.work.offering
    return {
        "how_many": _how_many(people, offering.min_seats), "begins": short_day(offering.starts_on),
        "promise_url": url_for("workspace.guarantee", **at), "extend_url": url_for("deciding.extend", **at),
        "merge_url": url_for("deciding.merge", **at) if others else "", "call_off_url": url_for("workspace.call_off", **at),
        "promised": ngettext("%(num)s persoon hoort dat de groep zeker doorgaat.", "%(num)s mensen horen dat de groep zeker doorgaat.", people),
        "extended": ngettext(
            "Er is nog %(num)s inschrijving nodig. Wie er al is, krijgt bericht.", "Er zijn nog %(num)s inschrijvingen nodig. Wie er al is, krijgt bericht.",
            offering.min_seats - people,
        ),
        "merged": _merged(people, len(others)), "called_off": _called_off(people, found.numbers.agreed),
    }


def _how_many(people: int, needed: int) -> str:
    if not people:
        return _("Niemand heeft een plek. Nodig: %(needed)s.", needed=needed)
    return ngettext("%(num)s persoon heeft een plek. Nodig: %(needed)s.", "%(num)s mensen hebben een plek. Nodig: %(needed)s.", people, needed=needed)


def _merged(people: int, others: int) -> str:
    if not people:
        return _("Er is niemand om mee te nemen.")
    if not others:
        return ngettext(
            "Geen andere groep van deze module kost evenveel en heeft plek voor %(num)s persoon.",
            "Geen andere groep van deze module kost evenveel en heeft plek voor %(num)s mensen.", people,
        )
    return ngettext(
        "%(num)s persoon gaat mee en krijgt bericht. Wie niet wil, kan gratis weg.", "%(num)s mensen gaan mee en krijgen bericht. Wie niet wil, kan gratis weg.", people,
    )


def _called_off(people: int, agreed: Money) -> str:
    if not people:
        return _("Niemand verliest een plek.")
    lose = ngettext("%(num)s persoon verliest de plek en krijgt bericht.", "%(num)s mensen verliezen hun plek en krijgen bericht.", people)
    if agreed.is_zero:
        return lose
    return " ".join((lose, _("Jullie betalen hooguit %(amount)s terug.", amount=money(agreed))))


def deciding_values(found: Undecided) -> dict[str, Any]:
    """Return the class that is decided about."""
    work = found.work
    return {
        "title": in_current_language(work.module_title), "dates": catalogue.dates_words(work.offering), "people": found.people,
        "how_many": _how_many(found.people, work.offering.min_seats), "has_choices": bool(found.choices),
        "module_url": url_for("catalogue.module_in_work", provider=work.workspace.provider.slug, module=work.module_slug),
        "url": url_for("workspace.offering", provider=work.workspace.provider.slug, code=work.offering.code),
    }


def merged_words(people: int) -> str:
    """Return what to say after a merge."""
    return ngettext("%(num)s persoon doet nu mee met deze groep en krijgt een e-mail.", "%(num)s mensen doen nu mee met deze groep en krijgen een e-mail.", people)
