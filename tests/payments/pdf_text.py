"""The words of a PDF that Typst made, as a reader copies them, so that a test sees what is on the paper and not what was meant to be."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_TEXT = re.compile(rb"BT (.*?)\nET|EMC", re.DOTALL)  # a text, or the end of a part of the paper; no line ends inside a string
_TOKEN = re.compile(rb"/(?P<font>f\d+) [\d.]+ Tf|\\.|[()]", re.DOTALL)


def pdf_text(made: bytes) -> str:
    """Return the words of all pages, each piece of text on a line of its own, with plain spaces."""
    objects = {int(number): body for number, body in _OBJECT.findall(made)}
    names = {name: int(number) for body in objects.values() for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body)}
    fonts = {name: _letters(_stream(objects[_reference(objects[number], b"ToUnicode")])) for name, number in names.items()}
    pages = [_stream(objects[_reference(body, b"Contents")]) for body in objects.values() if re.search(rb"/Type\s*/Page\b(?!s)", body)]
    text = "\n".join(_words(page, fonts) for page in pages)
    return re.sub(r"\n+", "\n", text.replace("\N{NO-BREAK SPACE}", " "))


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found, key
    return int(found.group(1))


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found, "an object without content"
    return zlib.decompress(found.group(1))


def _letters(cmap: bytes) -> dict[int, str]:
    """Return what each glyph of a font stands for (ISO 32000-1 §9.10.3)."""
    pairs = [pair for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL) for pair in re.findall(rb"<(\w+)>\s*<(\w+)>", block)]
    letters = {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            letters |= {int(first, 16) + step: chr(int(text, 16) + step) for step in range(int(last, 16) - int(first, 16) + 1)}
    return letters


def _words(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    return "".join(_shown(found.group(1), fonts) if found.group(1) else "\n" for found in _TEXT.finditer(page))


def _shown(text: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    """Return the letters of a text object; parentheses in its strings that match each other are not escaped (ISO 32000-1 §7.3.4.2)."""
    said: list[str] = []
    font, depth, begin = fonts[b"f0"], 0, 0
    for token in _TOKEN.finditer(text):
        if token["font"] and not depth:
            font = fonts[token["font"]]
        elif token.group() == b"(":
            depth, begin = depth + 1, begin if depth else token.end()
        elif token.group() == b")":
            depth -= 1
            glyphs = b"" if depth else _plain(text[begin:token.start()])
            said.extend(font[int.from_bytes(glyphs[at:at + 2], "big")] for at in range(0, len(glyphs), 2))
    return "".join(said)


def _plain(typed: bytes) -> bytes:
    """Return a string of a PDF as the bytes that it stands for."""
    def octet(found: re.Match[bytes]) -> bytes:
        escaped = found.group(1)
        return bytes([int(escaped, 8)]) if escaped[:1].isdigit() else _ESCAPES.get(escaped, escaped)
    return re.sub(rb"\\([0-7]{1,3}|.)", octet, typed, flags=re.DOTALL)
