"""Finished values for the numbers that the programme office reads; a number of fewer than ten people is hidden, zero is not."""

from datetime import timedelta
from typing import Any, Final

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.csv_file import as_csv
from academy.kernel.formats import in_current_language, number_text, short_day
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.kernel.translation import _, _l
from academy.recognition.kinds import DecisionState
from academy.recognition.queries.office import Late, Numbers, Phase, ProviderNumbers, Refused
from academy.recognition.words import part_word

_INSTANT: Final = timedelta(microseconds=1)  # a clock ends at the midnight after its last day
_PHASES: Final = {
    Phase.PREPARING: _l("Voorbereiden"), Phase.ASSESSING: _l("Beoordelen"), Phase.REPORTED: _l("Rapport klaar"), Phase.DECIDING: _l("Bij de commissie"),
}
_DECIDED: Final = {
    DecisionState.GRANTED: _l("Helemaal erkend"), DecisionState.PARTIALLY_GRANTED: _l("Deels erkend"), DecisionState.REFUSED: _l("Niet erkend"),
}


def numbers_values(found: Numbers) -> dict[str, Any]:
    """Return the numbers per provider, who is late, who is missing, and which outcomes people did not get."""
    return {
        "phases": [str(each) for each in _PHASES.values()], "decided": [str(each) for each in _DECIDED.values()], "least": LEAST_PEOPLE,
        "rows": [{"name": each.name, "phases": _phases(each), "decided": _decided(each), "days": _days(each)} for each in found.providers],
        "late": [_late_values(each, late) for each in found.providers for late in each.late],
        "missing": [{"name": each.name, "part": part_word(who)} for each in found.providers for who in each.missing],
        "refused": [_refused_values(each) for each in found.refused],
    }


def people_text(number: int) -> str:
    """Return a number of people, hidden where it is so small that it may tell who they are."""
    return f"< {LEAST_PEOPLE}" if 0 < number < LEAST_PEOPLE else number_text(number)


def _phases(one: ProviderNumbers) -> list[str]:
    return [people_text(one.phases.get(each, 0)) for each in _PHASES]


def _decided(one: ProviderNumbers) -> list[str]:
    return [people_text(one.decided.get(each, 0)) for each in _DECIDED]


def _days(one: ProviderNumbers) -> str:
    return "" if one.days is None else f"{one.days:g}".replace(".", ",")


def _late_values(one: ProviderNumbers, late: Late) -> dict[str, str]:
    return {"name": one.name, "part": part_word(late.who), "people": people_text(late.people), "since": short_day(amsterdam_day(late.until - _INSTANT))}


def _refused_values(one: Refused) -> dict[str, str]:
    return {
        "wording": in_current_language(one.wording), "module": in_current_language(one.module), "provider": one.provider, "people": number_text(one.people),
        "url": url_for("enrolment.module_page", slug=one.module_slug) if one.module_slug else "",
    }


def numbers_file(found: Numbers) -> bytes:
    """Return the numbers per provider as a file, one line each."""
    heading = [_("Aanbieder"), *map(str, _PHASES.values()), *map(str, _DECIDED.values()), _("Werkdagen tot besluit"), _("Te laat"), _("Ontbreekt")]
    return as_csv(heading, [
        [
            each.name, *_phases(each), *_decided(each), _days(each), ", ".join(f"{part_word(late.who)} ({people_text(late.people)})" for late in each.late),
            ", ".join(map(part_word, each.missing)),
        ]
        for each in found.providers
    ])
