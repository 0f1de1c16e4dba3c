"""Advice for plain language in the reader's words: what is the matter, and what to do. Every number in it is more than one."""

from collections.abc import Callable, Mapping
from typing import Final

from academy.catalogue.plain_language import LONGEST_AVERAGE, LONGEST_PARAGRAPH, LONGEST_SENTENCE, Advice, AdviceCode
from academy.kernel.translation import _


def advice_words(advice: Advice) -> str:
    """Return one or two sentences for the writer of the text."""
    return _SENTENCES[advice.code](advice)


def _long_sentence(advice: Advice) -> str:
    return _(
        "Deze zin heeft %(number)s woorden. Maak er twee zinnen van, met hoogstens %(most)s woorden.",
        number=advice.number, most=LONGEST_SENTENCE,
    )


def _long_average(advice: Advice) -> str:
    return _(
        "Je zinnen hebben gemiddeld %(number)s woorden. Schrijf korter: hoogstens %(most)s gemiddeld.",
        number=advice.number, most=LONGEST_AVERAGE,
    )


def _passive(advice: Advice) -> str:
    return _("Wie doet dit? Begin met die persoon in plaats van “%(words)s”: “je maakt” of “de docent geeft”.", words=advice.words)


def _difficult_word(advice: Advice) -> str:
    return _("“%(words)s” is moeilijk. Schrijf bijvoorbeeld “%(easy)s”.", words=advice.words, easy=advice.replacement)


def _long_paragraph(advice: Advice) -> str:
    return _(
        "Deze alinea heeft %(number)s woorden. Begin een nieuwe alinea na hoogstens %(most)s woorden.",
        number=advice.number, most=LONGEST_PARAGRAPH,
    )


def _abbreviation(advice: Advice) -> str:
    return _("Niet iedereen kent “%(words)s”. Leg het de eerste keer uit: %(meaning)s.", words=advice.words, meaning=advice.replacement)


def _no_you(advice: Advice) -> str:
    return _("Spreek de lezer aan. Schrijf “%(easy)s” in plaats van “%(words)s”.", words=advice.words, easy=advice.replacement)


_SENTENCES: Final[Mapping[AdviceCode, Callable[[Advice], str]]] = {
    AdviceCode.LONG_SENTENCE: _long_sentence,
    AdviceCode.LONG_AVERAGE: _long_average,
    AdviceCode.PASSIVE: _passive,
    AdviceCode.DIFFICULT_WORD: _difficult_word,
    AdviceCode.LONG_PARAGRAPH: _long_paragraph,
    AdviceCode.ABBREVIATION_UNEXPLAINED: _abbreviation,
    AdviceCode.NO_YOU: _no_you,
}
