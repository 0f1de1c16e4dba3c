"""Skills of the classification in what somebody writes: all words of a skill's name that say something stand in the text, in whatever form."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from academy.employers.rules.matching import words_of
from academy.kernel.text import Localized, fold
from academy.search import api as search
from academy.skills import api as skills

MOST_RECOGNISED: Final = 6
MOST_ADDED: Final = 4  # of an occupation that is named
_SHORTEST: Final = 3  # letters of a word that is looked for inside names
_LONGEST_PHRASE: Final = 4  # words
_MOST_WORDS: Final = 60
_AROUND: Final = ".,;:!?()[]\"'“”‘’…-"  # noqa: RUF001 - what stands around words
_BEGINNING: Final = 6  # letters of a word by which names are looked up: forms of one word differ at their end
# Words that stand in hundreds of names of skills and tell none from another.
_GENERAL: Final = frozenset({
    "gebruiken", "toepassen", "uitvoeren", "hanteren", "verrichten", "beheersen", "techniek", "technieken", "principe", "principes", "methode", "methoden",
    "use", "using", "apply", "applying", "perform", "performing", "carry", "out", "execute", "handle", "technique", "techniques", "principles", "methods",
})


@dataclass(frozen=True)
class Recognised:
    """A skill that is meant, or may be: one that an occupation asks for (`via`) is for the writer to add."""

    uri: str
    label: Localized
    via: str = ""


def recognised_skills(session: Session, text: str) -> tuple[Recognised, ...]:
    """Return the skills in `text`, those whose names have most words in it first, then some of an occupation that it names; three statements."""
    typed = words_in(text)[:_MOST_WORDS]
    telling = [word for word in typed if word in words_of(word) and len(word) >= _SHORTEST and word not in _GENERAL]
    if not telling:
        return ()
    forms = frozenset(form for word in typed for form in forms_of(word))
    phrases = {" ".join(typed[start : start + count]) for start in range(len(typed)) for count in range(1, _LONGEST_PHRASE + 1)}
    labels = skills.labels_with(session, {word[:_BEGINNING] for word in telling}, phrases)
    meant = _meant(labels, forms)
    asked = _asked(session, {*telling, *(form for word in telling for form in forms_of(word)), *phrases}, besides=meant)
    facts = skills.skills_by_uri(session, [*meant, *asked])
    return tuple(Recognised(uri, facts[uri].label, asked.get(uri, "")) for uri in (*meant, *asked) if uri in facts)


def words_in(text: str) -> list[str]:
    """Return the folded words of `text` in their order, without what stands around them."""
    return [bare for word in fold(text).replace("/", " ").split() if (bare := word.strip(_AROUND))]


def forms_of(word: str) -> frozenset[str]:
    """Return what forms of one word have in common; at least the word itself."""
    return frozenset((word, *search.stems(word)))


def _meant(labels: list[tuple[str, str]], forms: frozenset[str]) -> list[str]:
    """Return the URIs of names of which every word that says something is there: those with most such words first, and the shortest of them."""
    found: dict[str, tuple[int, int, str]] = {}
    for uri, label in labels:
        telling = words_of(label) - _GENERAL
        if telling and all(not forms.isdisjoint(forms_of(word)) for word in telling):
            place = (-len(telling), len(label), uri)
            found[uri] = min(place, found.get(uri, place))
    return sorted(found, key=found.__getitem__)[:MOST_RECOGNISED]


def _asked(session: Session, names: set[str], *, besides: list[str]) -> dict[str, str]:
    room = min(MOST_ADDED, MOST_RECOGNISED - len(besides))
    found: dict[str, str] = {}
    for name, uri in skills.asked_of(session, names) if room else ():
        if uri not in besides and len(found) < room:
            found.setdefault(uri, name)
    return found
