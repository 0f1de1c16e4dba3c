"""Texts of others made plain: no tag, entity, e-mail address or invisible character is left; pure."""

import html
import re
import unicodedata
from itertools import chain
from typing import Final

import nh3

# Tags that are markup wherever they stand. Anything else between < and > is text: <ORGANIZATION> is a mask, List<String> is code.
_KNOWN_TAGS: Final = {
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi",
    "bdo", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col",
    "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed",
    "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend",
    "li", "link", "main", "map", "mark", "marquee", "math", "menu", "meta", "meter", "nav", "nobr", "noframes",
    "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "pre", "progress", "q", "rp",
    "rt", "ruby", "s", "samp", "script", "section", "select", "slot", "small", "source", "span", "strike", "strong",
    "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead",
    "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
}
_PARAGRAPH_TAGS: Final = {
    "address", "article", "aside", "blockquote", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}
_LINE_TAGS: Final = {"br", "dd", "dt", "li", "tr", "td", "th"}
_WITH_CONTENT: Final = {"script", "style", "title", "noscript", "template", "iframe", "object"}
_CLEANER: Final = nh3.Cleaner(
    tags=_PARAGRAPH_TAGS | _LINE_TAGS, clean_content_tags=_WITH_CONTENT, attributes={}, link_rel=None, strip_comments=True,
)

# A tag is a known name and a closing >, with attributes between them; quotes may hold either sign. Bounded, so that it stays linear.
_NAME: Final = r"(?P<name>(?:(?:o|w|m|v|st1):)?[A-Za-z][A-Za-z0-9]*)"  # `o:p` and the like come out of Word
_ATTRIBUTES: Final = (  # `<b and c>` is no tag: one bare word, or something with an equals sign
    r"""(?:\s+[\w-]{1,40}|[\s/]+[\w:@-]{1,80}(?:\s+[\w:@-]{1,80}){0,4}\s*=[^<>"']{0,1000}(?:(?:"[^"]{0,1000}"|'[^']{0,1000}')[^<>"']{0,1000}){0,40}"""
    r"""|[\s/]+[\w:@-]{1,80}(?:\s+[\w:@-]{1,80}){0,4}\s*=[^<>]{0,1000})?\s*/?"""
)
_TAG = re.compile(rf"</?{_NAME}{_ATTRIBUTES}>")
_ANGLE = re.compile(rf"{_TAG.pattern}|<!--(?P<comment>(?:[^<-]|<(?!!--)|-(?!->)){{0,20000}}-->)|<(?P<mark>!doctype|!\[CDATA|\?xml)|<", re.IGNORECASE)
_OTHER_ANGLE = re.compile(r"<(?!/?(?:p|ul|ol|li|b|i|em|strong|br|h[1-6]|div|span)>)")  # anything but the plainest tags of text
_CUT_TAG = re.compile(r"<(?:/(?P<closing>[A-Za-z][A-Za-z0-9]*)|(?P<opening>[A-Za-z][A-Za-z0-9]*)\s+[\w-]+=[^<>]*)$")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CLEANED_TAG = re.compile(r"</?([a-z0-9]+)[^>]*>")
# The parts are bounded, so that a long word without an @ costs no more than its length.
_EMAIL = re.compile(
    r"[<(\[]?(?:mailto:)?(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}(?:\?[^\s<>]{0,200})?[>)\]]?",
)
_ODD_SPACE = re.compile(r"[^\S\n ]+")
_MANY_SPACES = re.compile(r" {2,}")
_AROUND_NEWLINE = re.compile(r" *\n *")
_MANY_NEWLINES = re.compile(r"\n{3,}")
_SPACE_BEFORE_STOP = re.compile(r" +([.,;:!?])(?=\s|$)")


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _pattern(*ranges: range) -> re.Pattern[str]:
    """Match Cf: zero width, soft hyphen, direction marks; Cc: control; Cs: half a character, which no database takes."""
    chars = map(chr, chain(*ranges))
    found = (char for char in chars if unicodedata.category(char) in {"Cf", "Cc", "Cs"} and char not in "\n\t")
    return re.compile(f"[{''.join(re.escape(char) for char in found)}]")


_INVISIBLE: Final = _pattern(range(0x10000))
# Apart: one such character makes the whole class slow. All that Unicode has are in these planes; a test looks through the others.
_INVISIBLE_BEYOND: Final = _pattern(range(0x10000, 0x20000), range(0xE0000, 0xE1000))
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")  # symbols of a font that is not here: bullets


def clean_text(raw: str) -> str:
    """Return plain text; paragraphs are separated by an empty line."""
    if _is_plain(raw) and "  " not in raw:
        return raw.strip()
    text = raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw
    # Three rounds: feeds escape their HTML once or twice too often (`&amp;lt;p&amp;gt;`).
    for _round in range(3):
        if not _has_markup(text):
            break
        text = _without_markup(text)
    if "<" in text:
        text = _CUT_TAG.sub(_without_cut_tag, _TAG.sub(_without_tag, text))
    text = _without_invisible(text)
    if "@" in text:
        text = _SPACE_BEFORE_STOP.sub(r"\1", _EMAIL.sub(" ", text))
    return _without_odd_space(text)


def _without_invisible(text: str) -> str:
    if text.isascii():
        return _CONTROL.sub("", text)
    text = _INVISIBLE.sub("", text)
    if max(text, default="") > "\uffff":
        text = _INVISIBLE_BEYOND.sub("", text)
    return unicodedata.normalize("NFC", _PRIVATE.sub(" ", text))


def _without_odd_space(text: str) -> str:
    if "\t" in text or not text.isascii():
        text = _ODD_SPACE.sub(" ", text)
    if "  " in text:
        text = _MANY_SPACES.sub(" ", text)
    if "\n" in text:
        text = _MANY_NEWLINES.sub("\n\n", _AROUND_NEWLINE.sub("\n", text))
    return text.strip()


def clean_line(raw: str) -> str:
    """Return plain text on one line."""
    if _is_plain(raw) and "  " not in raw:
        return raw.strip()
    return " ".join(clean_text(raw).split())


def _is_plain(text: str) -> bool:
    """Tell in a glance that there is nothing to clean: most cells of a large file are such."""
    return text.isascii() and text.isprintable() and "<" not in text and "&" not in text and "@" not in text


def _is_tag(name: str | None) -> bool:
    return name is not None and (":" in name or name.lower() in _KNOWN_TAGS)


def _has_markup(text: str) -> bool:
    if "&" in text and _ENTITY.search(text):
        return True
    return "<" in text and any(_is_markup(found) for found in _ANGLE.finditer(text))


def _is_markup(found: re.Match[str]) -> bool:
    return bool(found["comment"] or found["mark"]) or _is_tag(found["name"])


def _without_markup(text: str) -> str:
    text = _LOOSE_AMPERSAND.sub("&amp;", text)
    if _OTHER_ANGLE.search(text):
        text = _ANGLE.sub(_escape_text, text)
    return html.unescape(_CLEANED_TAG.sub(_break_for, _CLEANER.clean(text)))


def _escape_text(found: re.Match[str]) -> str:
    return found.group() if _is_markup(found) else found.group().replace("<", "&lt;").replace(">", "&gt;")


def _without_tag(found: re.Match[str]) -> str:
    return "" if _is_tag(found["name"]) else found.group()


def _without_cut_tag(found: re.Match[str]) -> str:
    return "" if _is_tag(found["closing"] or found["opening"]) else found.group()


def _break_for(found: re.Match[str]) -> str:
    return "\n\n" if found[1] in _PARAGRAPH_TAGS else "\n"
