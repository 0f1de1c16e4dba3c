"""Kinds, states and findings of imports in the reader's words."""

from collections.abc import Mapping
from typing import Final

from academy.exchange.models import FeedKind, RunState
from academy.kernel.translation import _, _l

_KINDS: Final[Mapping[str, object]] = {
    FeedKind.OOAPI5: "OOAPI v5", FeedKind.OOAPI6: "OOAPI v6", "ooapi": _l("Map met OOAPI-bestanden"), "modules": _l("Bestand met modules"),
    "moocs": _l("Bestand met online cursussen"), "offerings": _l("Bestand met startmomenten"),
    "associate-degrees": _l("Bestand met opleidingen"), "feed": _l("Feed van een aanbieder"),
}
_STATES: Final[Mapping[RunState, object]] = {
    RunState.RUNNING: _l("Bezig"), RunState.INTERRUPTED: _l("Onderbroken; gaat zo verder"), RunState.DONE: _l("Klaar"),
    RunState.FAILED: _l("Mislukt"),
}
_STEPS: Final[Mapping[str, object]] = {
    "fetch": _l("Ophalen"), "map": _l("Controleren"), "load": _l("Verwerken"),
}
_COUNTS: Final[Mapping[str, object]] = {
    "rows": _l("Gelezen"), "new": _l("Nieuw"), "changed": _l("Gewijzigd"), "same": _l("Ongewijzigd"), "merged": _l("Samengevoegd"),
    "archived": _l("Gearchiveerd"), "withheld": _l("Verdwenen, maar niet gearchiveerd"), "refused": _l("Geweigerd"),
}
# What is found most; anything else is shown in the English of the report.
_REASONS: Final[Mapping[str, object]] = {
    "busy": _l("De aanbieder heeft het te druk."),
    "closes-after-end": _l("De inschrijving sluit na de laatste dag."),
    "credential-refused": _l("De aanbieder weigert de toegang. Controleer gebruiker en wachtwoord of de token."),
    "dot-in-code": _l("De punt in de code is weggelaten."),
    "duplicate-differs": _l("Dit nummer komt twee keer voor met een andere inhoud. De eerste is geladen."),
    "ec-too-fine": _l("Studiepunten hebben hoogstens één cijfer achter de komma."),
    "ec-too-high": _l("Dit zijn te veel studiepunten."),
    "empty": _l("Dit moet ingevuld zijn."),
    "end-before-start": _l("De laatste dag ligt voor de eerste."),
    "enrol-end-missing": _l("Er staat niet bij wanneer de inschrijving sluit. We nemen de eerste dag."),
    "enrolment-closed": _l("De inschrijving is gesloten."),
    "enrolment-unknown": _l("Er staat niet bij wanneer je je kunt inschrijven. De inschrijving is nu gesloten."),
    "family-unknown": _l("Dit is geen bericht dat we kennen."),
    "half-answer": _l("Het antwoord brak halverwege af."),
    "language-unknown": _l("Deze taalcode kennen we niet. Die is overgenomen zoals die kwam."),
    "min-above-max": _l("Het minimum is hoger dan het maximum."),
    "no-longer-valid": _l("Dit is niet meer geldig. Het is toch geladen."),
    "no-words": _l("Hier staat geen tekst in. Dit is leeg gelaten."),
    "not-a-date": _l("Dit is geen datum, zoals 2026-09-01."),
    "not-a-number": _l("Dit is geen geheel getal."),
    "not-a-price": _l("Dit is geen bedrag, zoals 495.00."),
    "not-a-register-code": _l("Dit is geen registercode van vijf cijfers. Die is weggelaten."),
    "not-a-rio-code": _l("Dit is geen code van RIO."),
    "not-ec": _l("Dit zijn geen studiepunten."),
    "not-offered": _l("Dit onderdeel heeft de aanbieder niet."),
    "not-reachable": _l("De aanbieder is niet bereikbaar."),
    "orphan": _l("Bij deze specificatie hoort geen opleiding of cursus."),
    "override-of-another-time": _l("Dit geldt nu niet. Het is niet gebruikt."),
    "parent-missing": _l("Er staat niet bij van welke cursus of opleiding dit is."),
    "parent-refused": _l("De cursus of opleiding waar dit bij hoort, is geweigerd."),
    "parent-unknown": _l("De cursus of opleiding waar dit bij hoort, is er niet."),
    "partner-unknown": _l("Deze partner kennen we niet. Die is weggelaten."),
    "partners-not-kept": _l("Een module heeft hier één aanbieder. De partners zijn weggelaten."),
    "price-not-in-euros": _l("Deze prijs is niet in euro’s. De prijs staat er in woorden bij."),
    "required-missing": _l("De standaard vraagt dit veld."),
    "same-page-again": _l("De aanbieder stuurt steeds dezelfde pagina."),
    "seats-unknown": _l("Er staat niet bij hoeveel plekken er zijn. Niemand kan zich hier inschrijven."),
    "secret-missing": _l("De toegang tot de aanbieder is niet ingesteld."),
    "seen-again": _l("Dit kwam twee keer, met dezelfde inhoud."),
    "server-error": _l("Bij de aanbieder ging iets mis."),
    "specification-unknown": _l("De specificatie die hier genoemd wordt, is er niet."),
    "string-instead-of-list": _l("Hier hoort een lijst te staan. De ene waarde is overgenomen."),
    "too-long": _l("Dit is te lang."),
    "type-component": _l("Dit is als onderdeel aangemerkt, maar noemt een cursus of opleiding. Zo is het geladen."),
    "word-unknown": _l("Dit woord kent de standaard niet."),
}


def kind_word(kind: str) -> str:
    return str(_KINDS.get(kind, kind))


def state_word(state: RunState) -> str:
    return str(_STATES[state])


def step_word(step: str) -> str:
    """Return what a run is doing: `fetch courses` is fetching."""
    return str(_STEPS.get(step.partition(" ")[0], step))


def count_words(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the counts that say something, with their names; what was read, new, changed and refused always."""
    shown = {"rows", "new", "changed", "refused"}
    return [(str(word), str(counts[name])) for name, word in _COUNTS.items() if name in counts and (counts[name] or name in shown)]


def every_words(hours: int) -> str:
    """Return how often a feed is fetched."""
    return _("Elke dag") if hours == 24 else _("Elk uur") if hours == 1 else _("Elke %(hours)s uur", hours=hours)  # noqa: PLR2004


def reason_words(code: str) -> str:
    """Return why something was refused, "" where we have no own words for it."""
    return str(_REASONS.get(code, ""))
