"""Texts of the platform: Dutch stands in the code and is the key, English in academy/translations/en.

    python -m tools.translate extract                     take new texts from the code, drop those that are gone
    python -m tools.translate extract --from-json FILE    and fill what English misses from {Dutch: English | [one, many]}
    python -m tools.translate compile                     make the .mo files the platform reads (set-up does this)

Dutch has no catalogue of its own: gettext answers with the key. No line numbers or dates are written, so that a change in
the catalogue is always a change of text.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "academy"
TRANSLATIONS = CODE / "translations"
ENGLISH = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"

METHODS = [("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2"), ("**.py", "python")]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "_l": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
_HEADER = ("Project-Id-Version", "Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")


def texts_in_code() -> Catalog:
    """Return every text that the code and the templates ask gettext for."""
    found = Catalog(charset="utf-8")
    messages = extract_from_dir(CODE, METHODS, {"templates/**": {"silent": "false"}}, keywords=KEYWORDS)
    for _file, _line, message, _comments, context in messages:
        found.add(message, context=context)
    return found


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=path.parent.parent.name, fuzzy=False, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, charset="utf-8")


def write(path: Path, catalogue: Catalog) -> None:
    """Write `catalogue`, sorted and without what changes at every run."""
    catalogue.project, catalogue.version, catalogue.header_comment = "AD Academy", "", "# English texts of AD Academy; the Dutch in the code is the key."
    catalogue.fuzzy = False
    text = io.BytesIO()
    write_po(text, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=120)
    header, _blank, rest = text.getvalue().decode().partition("\n\n")
    lines = [line for line in header.splitlines() if not line.startswith('"') or line.startswith(tuple(f'"{name}:' for name in _HEADER))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n\n" + rest)


def entries(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages without the header."""
    return (message for message in catalogue if message.id)


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def is_complete(message: Message) -> bool:
    """Tell whether `message` is translated, in the plural too."""
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def missing(catalogue: Catalog) -> list[str]:
    return sorted(key_of(message) for message in entries(catalogue) if not is_complete(message))


def update(catalogue: Catalog, *, given: dict[str, str | list[str]]) -> Catalog:
    """Return the texts of the code with the translations of `catalogue`, and of `given` where it has none."""
    fresh = Catalog(locale=catalogue.locale, fuzzy=False, charset="utf-8")
    for text in entries(texts_in_code()):
        known = catalogue.get(text.id, text.context)
        message = fresh.add(text.id, context=text.context, flags=text.flags)
        if known is not None and not known.fuzzy and bool(known.pluralizable) == bool(text.pluralizable):
            message.string = known.string
        english = given.get(key_of(text))
        if english is not None and not is_complete(message):
            message.string = _in_form(message, english)
    return fresh


def _in_form(message: Message, english: str | list[str]) -> str | tuple[str, ...]:
    """Return `english` as one text or as a pair. Raises SystemExit when it has the wrong form."""
    if message.pluralizable and not isinstance(english, str) and len(english) == 2:  # noqa: PLR2004 - one and many
        return tuple(english)
    if not message.pluralizable and isinstance(english, str):
        return english
    reason = f"{key_of(message)!r} needs {'[one, many]' if message.pluralizable else 'one text'} in English, not {english!r}"
    raise SystemExit(reason)


def extract(given: dict[str, str | list[str]]) -> int:
    english = update(read(ENGLISH), given=given)
    write(ENGLISH, english)
    lacking = missing(english)
    sys.stdout.write(f"{len(english)} texts, {len(lacking)} without English\n")
    sys.stdout.writelines(f"  {text}\n" for text in lacking)
    unknown = sorted(set(given) - {key_of(message) for message in entries(english)})
    sys.stdout.writelines(f"  not in the code: {text}\n" for text in unknown)
    return 0


def compile_all() -> int:
    for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        compiled = path.with_suffix(".mo")
        beside = compiled.with_suffix(".new")
        with beside.open("wb") as file:
            write_mo(file, read(path))
        beside.replace(compiled)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="translate", description="Texts of the platform in Dutch and English.")
    parser.add_argument("task", choices=["extract", "compile"])
    parser.add_argument("--from-json", type=Path, help="{Dutch: English or [one, many]} for what English misses")
    asked = parser.parse_args()
    if asked.task == "compile":
        return compile_all()
    return extract(json.loads(asked.from_json.read_text()) if asked.from_json else {})


if __name__ == "__main__":
    sys.exit(main())
