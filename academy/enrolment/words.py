"""What enrolment has to say more than once, in the reader's words."""

from datetime import datetime, timedelta
from typing import Final

from academy.enrolment.kinds import ResultScale
from academy.enrolment.rules.results import ReopenReason
from academy.enrolment.rules.withdrawing import Right
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, moment_text, money
from academy.kernel.money import Money
from academy.kernel.translation import _, _l, reading_language

_INSTANT: Final = timedelta(microseconds=1)
# Why one can not withdraw, and what one can do.
_WHY_NOT: Final = {
    Right.NO_CONTRACT: (
        _l("Er is nu geen overeenkomst om te herroepen."),
        _l("Wacht je nog op een plek of op een antwoord? Geef je plek dan terug bij je inschrijving. Dat kost niets."),
    ),
    Right.WITHDRAWN: (_l("Je hebt deze overeenkomst al herroepen."), _l("Je hoeft niets te doen.")),
    Right.BUSINESS: (
        _l("Een organisatie kocht deze plek voor je. Dan geldt de bedenktijd van 14 dagen niet."),
        _l("Wil je stoppen? Vraag wie je plek betaalt wat jullie hebben afgesproken. Vóór de start kun je je plek teruggeven bij je inschrijving."),
    ),
    Right.PERFORMED: (
        _l("De module is helemaal gegeven. Je vroeg zelf om binnen 14 dagen te beginnen."), _l("Ben je niet tevreden? Neem contact op met de aanbieder."),
    ),
}


def exact_moment(moment: datetime) -> str:
    """Return a moment in Amsterdam to the second, as proof of when it was: `7 sep 2026, 14:05:09`."""
    return f"{moment_text(moment)}:{moment:%S}"


def owed_words(*, price: Money, owed: Money, held: int, meetings: int) -> str:
    """Return what withdrawing costs; "" for what was free to begin with."""
    if price.is_zero:
        return ""
    if owed.is_zero:
        return _("Het kost je niets. Betaalde je al? Dan krijg je dat binnen 14 dagen terug.")
    return _(
        "Er zijn al %(held)s van de %(meetings)s lessen geweest. Daarvoor betaal je %(owed)s. De prijs was %(price)s. Betaalde je meer? Dan krijg je de rest binnen 14 dagen terug.",
        held=held, meetings=meetings, owed=money(owed), price=money(price),
    )


def last_moment_words(until: datetime) -> str:
    """Return the last day of a period that ends at `until`."""
    return day(amsterdam_day(until - _INSTANT))


def why_not_words(right: Right, until: datetime) -> tuple[str, str]:
    """Return why one can not withdraw and what one can do; `until` is when the right ended."""
    if right in _WHY_NOT:
        sentence, next_step = _WHY_NOT[right]
        return str(sentence), str(next_step)
    return (
        _("Je kon herroepen tot en met %(day)s. Die tijd is om.", day=last_moment_words(until)),
        _("Is de module nog niet begonnen? Dan kun je nog gratis annuleren bij je inschrijving. Anders: neem contact op met de aanbieder."),
    )


# Results


_GRADES: Final = {
    "passed": _l("behaald"), "failed": _l("niet behaald"), "insufficient": _l("onvoldoende"), "satisfactory": _l("voldoende"), "good": _l("goed"),
}
_SCALES: Final = {
    ResultScale.PASS_OR_FAIL: (_l("Behaald of niet behaald"), _l("Kies behaald of niet behaald.")),
    ResultScale.INSUFFICIENT_TO_GOOD: (_l("Onvoldoende, voldoende of goed"), _l("Kies onvoldoende, voldoende of goed.")),
    ResultScale.GRADE_0_10: (
        _l("Cijfer van 0 tot 10, met één cijfer achter de komma"), _l("Schrijf een cijfer van 0 tot en met 10, met hooguit één cijfer achter de komma: 7,5."),
    ),
    ResultScale.GRADE_0_100: (_l("Punten van 0 tot 100"), _l("Schrijf een heel getal van 0 tot en met 100.")),
}
_REASONS: Final = {
    ReopenReason.MISTAKE: _l("Er is een fout gemaakt"), ReopenReason.APPEAL: _l("De cursist is het er niet mee eens"),
    ReopenReason.RESIT: _l("De cursist heeft een herkansing gedaan"),
}


def grade_words(scale: ResultScale, grade: str) -> str:
    """Return a grade as its reader writes it: `7,5` or `7.5`, or the word; "" for none."""
    if grade in _GRADES:
        return str(_GRADES[grade])
    return grade.replace(".", ",") if scale is ResultScale.GRADE_0_10 and reading_language() == "nl" else grade


def scale_words(scale: ResultScale) -> str:
    return str(_SCALES[scale][0])


def hint_words(scale: ResultScale) -> str:
    """Return how a grade on this scale is written."""
    return str(_SCALES[scale][1])


def reason_words(reason: ReopenReason) -> str:
    return str(_REASONS[reason])
