"""The questions of the monitor of experience, and who is asked when, in the reader's words."""

from typing import Final

from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.reports.kinds import Side
from academy.reports.rules.asking import HIGHEST, LEAST, LOWEST, OVERALL, WAVES
from academy.reports.words import in_both

HIDDEN: Final = "–"

_QUESTIONS: Final = {
    (Side.LEARNER, "content"): _l("Wat ik leer, past bij wat ik wilde leren"), (Side.LEARNER, "teaching"): _l("De docent legt goed uit"),
    (Side.LEARNER, "organised"): _l("Het is goed geregeld: rooster, plek en informatie"), (Side.LEARNER, "use"): _l("Ik kan gebruiken wat ik leer"),
    (Side.LEARNER, OVERALL): _l("Ik raad deze module aan"),
    (Side.INSTITUTION, "level"): _l("De cursisten kunnen het niveau aan"), (Side.INSTITUTION, "group"): _l("Met deze groep is goed te werken"),
    (Side.INSTITUTION, "organised"): _l("De samenwerking met het programma loopt goed"), (Side.INSTITUTION, "again"): _l("Wij geven deze module graag nog een keer"),
    (Side.INSTITUTION, OVERALL): _l("Als opleider ben ik tevreden over deze groep"),
    (Side.FIRM, "needed"): _l("Onze mensen leren wat wij nodig hebben"), (Side.FIRM, "work"): _l("Onze mensen gebruiken op het werk wat ze leren"),
    (Side.FIRM, "planned"): _l("De lestijden passen bij het werk"), (Side.FIRM, "again"): _l("Wij betalen zoiets graag nog een keer"),
    (Side.FIRM, OVERALL): _l("Als organisatie zijn wij tevreden over deze module"),
}
_SHORT: Final = {
    "content": _l("De inhoud"), "teaching": _l("De uitleg"), "organised": _l("De organisatie"), "use": _l("Het nut"), "level": _l("Het niveau"), "group": _l("De groep"),
    "needed": _l("Wat nodig is"), "work": _l("Gebruik op het werk"), "planned": _l("De lestijden"), "again": _l("Nog een keer"), OVERALL: _l("Het oordeel als geheel"),
}
_SIDES: Final = {Side.LEARNER: _l("Cursisten"), Side.INSTITUTION: _l("Opleiders"), Side.FIRM: _l("Werkgevers en scholen")}
_ANSWERS: Final = (_l("helemaal niet"), _l("niet echt"), _l("een beetje"), _l("grotendeels"), _l("helemaal"))


def question_words(side: Side, question: str) -> str:
    """Return what is asked, as a statement with which one agrees or not."""
    return str(_QUESTIONS[side, question])


def short_words(question: str) -> str:
    """Return what a question is about."""
    return str(_SHORT[question])


def side_words(side: Side) -> str:
    """Return who is asked."""
    return str(_SIDES[side])


def wave_words(wave: int) -> str:
    """Return when is asked."""
    return _("twee weken na de start") if wave == WAVES[0] else _("na afloop")


def answer_words(score: int) -> str:
    """Return how much one agrees, of 1 to 5."""
    return str(_ANSWERS[score - 1])


def agreed_words() -> str:
    """Return what the numbers mean, in the words in which is answered."""
    return _("Hoe goed elke zin klopt: van 1 (%(least)s) tot 5 (%(most)s).", least=answer_words(LOWEST), most=answer_words(HIGHEST))


def score_text(tenths: int | None, *, comma: bool) -> str:
    """Return a mean of 1 to 5 with one decimal: `4,1` or `4.1`; a dash for one that is hidden."""
    return HIDDEN if tenths is None else f"{tenths // 10}{',' if comma else '.'}{tenths % 10}"


def rule_words() -> Localized:
    """Return what is hidden, and why."""
    return in_both(lambda: _(
        "Wat minder dan %(people)s cursisten of minder dan %(firms)s werkgevers of opleiders antwoordden, laten we niet zien, ook niet als je het uit andere getallen kunt uitrekenen. "
        "Aantallen cursisten ronden we af op vijf. Antwoorden tellen mee als de vragenlijst gesloten is.",
        people=LEAST[Side.LEARNER], firms=LEAST[Side.FIRM],
    ))
