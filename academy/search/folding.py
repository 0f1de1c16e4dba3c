"""From text to the words that are compared: the one place, for documents and for queries.

Accents and case do not count. `c++`, `c#`, `4+` and `.net` are words; so is `7412.10`, which is not `7412.1`.
"""

import re
import unicodedata

from academy.kernel.text import fold

_LONGEST_WORD = 60
_REMEMBERED = 0x2100  # the characters of European languages; of a million others, who types them all should fill no memory
_POSSESSIVE = re.compile(r"['’ʼ`]s\b")  # noqa: RUF001 - the apostrophes people type
WORD = re.compile(r"\d+(?:\.\d+)+|\.[a-z][a-z0-9]*|[^\W_]+(?:\+\+|[+#](?![^\W_]))?")
_SYMBOLS = ".+#"
# What is no part of any word, so that a text without anything else is split at once.
_BETWEEN_WORDS = str.maketrans(dict.fromkeys(',;:!?()[]{}"/&-%*=<>|~^@$_', " "))


class _Cleaning(dict[int, str | None]):
    """Control characters become spaces; invisible ones and lone surrogates go."""

    def __missing__(self, code: int) -> str | None:
        category = unicodedata.category(chr(code))
        cleaned = " " if category in {"Cc", "Zl", "Zp"} else None if category in {"Cf", "Cs"} else chr(code)
        if code < _REMEMBERED:
            self[code] = cleaned
        return cleaned


class _Flattening(dict[int, str]):
    """Each character as one plain lower-case character, so that positions stay."""

    def __missing__(self, code: int) -> str:
        plain = fold(chr(code))
        flat = plain[0] if plain else chr(code)
        if code < _REMEMBERED:
            self[code] = flat
        return flat


_CLEANING, _FLATTENING = _Cleaning(), _Flattening()


def clean(text: str) -> str:
    """Return `text` on one line without control and invisible characters, accents composed."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_CLEANING)).split())


def flatten(text: str) -> str:
    """Return `text` folded character by character, of the same length; for finding where a word stands."""
    return text.lower() if text.isascii() else text.translate(_FLATTENING)


def words_of(text: str) -> list[str]:
    """Return the folded words of `text` in order."""
    folded = fold(clean(text))
    plain = folded.translate(_BETWEEN_WORDS)
    if plain.replace(" ", "").isalnum() and plain.isascii():  # most texts, when commas and full stops are gone
        words = plain.split()
    else:
        words = WORD.findall(_POSSESSIVE.sub("", folded))
    return words if len(folded) <= _LONGEST_WORD else [word[:_LONGEST_WORD] for word in words]


def plain_forms(words: list[str]) -> list[str]:
    """Return what words with symbols are also found by: `net` for `.net`, `c` for `c++`, `3` for `3.11`."""
    forms = []
    for word in words:
        if not word.isalnum():
            form = word.strip(_SYMBOLS).partition(".")[0]
            if form:
                forms.append(form)
    return forms


def folded_code(code: str) -> str:
    """Return a code in the one spelling in which codes are compared: `ICT-01`, `ict 01` and `ICT01` are the same."""
    return "".join(character for character in fold(clean(code)) if character.isalnum() or character in _SYMBOLS).strip(".")
