"""The sitemap (sitemaps.org, with the other language of each page as Google reads it) and robots.txt, written piece by piece."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

from flask import current_app, url_for

from academy.kernel.text import DEFAULT_LANGUAGE, LANGUAGES
from academy.kernel.web import public_address

PER_FILE: Final = 10_000  # addresses; the protocol allows 50,000 of them and 50 MB
PAGES: Final = "pages"
KINDS: Final = {"modules": "enrolment.module_page", "programmes": "catalogue.programme_page", "providers": "catalogue.provider_page"}
STANDING: Final = (
    "search.home", "search.results", "search.all_topics", "search.how_we_rank", "catalogue.programmes", "catalogue.providers", "site.about", "site.help", "site.accessibility",
    "site.privacy",
)
# Not for machines: what belongs to one person or organisation, and the steps towards it.
_CLOSED: Final = ("my", "provider", "office", "employer", "sign-in", "sign-up", "demo")

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_INDEX: Final = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_URLS: Final = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'

_SECURITY_STANDS: Final = timedelta(days=180)  # RFC 9116 §2.5.5 asks for less than a year

Addresses = dict[str, str]  # language → address
Row = tuple[str, datetime | None]


def sitemap_index(sizes: dict[str, int]) -> Iterator[str]:
    """Return the index: one file with the standing pages, and per kind as many as its number of pages needs."""
    files = [(PAGES, 1)]
    files += [(kind, number) for kind in KINDS for number in range(1, -(-sizes[kind] // PER_FILE) + 1)]
    addresses = [public_address(url_for("root.sitemap_part", kind=kind, number=number)) for kind, number in files]
    return iter([_HEAD, _INDEX, *(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses), "</sitemapindex>\n"])


def standing_pages() -> Iterator[str]:
    """Return the file of pages that are always there."""
    named = [(name, values) for name, view in current_app.view_functions.items() for values in getattr(view, "standing", tuple)()]
    return _file([
        ({language: public_address(url_for(name, lang_code=language, **values)) for language in LANGUAGES}, None)
        for name, values in [*((name, {}) for name in STANDING), *named]
    ])


def pages_of(kind: str, rows: Sequence[Row]) -> Iterator[str]:
    """Return the file of these pages of a kind, piece by piece; `rows` are (slug, last change)."""
    # Making an address costs as much as writing it ten times: once per language, slugs need no escaping.
    beginnings = {
        language: public_address(url_for(KINDS[kind], lang_code=language, slug="-")).removesuffix("-") for language in LANGUAGES
    }
    return _file(({language: start + slug for language, start in beginnings.items()}, changed) for slug, changed in rows)


def _file(entries: Iterable[tuple[Addresses, datetime | None]]) -> Iterator[str]:
    """Yield the file; it is written while it is sent, when there is no request any more to make addresses from."""
    yield _HEAD + _URLS
    for addresses, changed in entries:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(address)}"/>'
            for language, address in {**addresses, "x-default": addresses[DEFAULT_LANGUAGE]}.items()
        )
        last = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
        for address in addresses.values():
            yield f"<url><loc>{escape(address)}</loc>{last}{others}</url>\n"
    yield "</urlset>\n"


def robots() -> str:
    """Return what machines may read; closed pages are closed for them too, so this only saves both of us the asking."""
    closed = "".join(f"Disallow: /{language}/{area}/\nDisallow: /{language}/{area}$\n" for language in LANGUAGES for area in _CLOSED)
    enrolling = "".join(f"Disallow: /{language}/offerings/*/enrol\n" for language in LANGUAGES)
    return f"User-agent: *\n{closed}{enrolling}\nSitemap: {public_address(url_for('root.sitemap'))}\n"


def security_txt(contact: str, *, now: datetime) -> str:
    """Return where to tell of a hole (RFC 9116); `contact` is a URI. Made anew at each request, so it is never out of date."""
    return "\n".join([
        f"Contact: {contact}",
        f"Expires: {now + _SECURITY_STANDS:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {public_address(url_for('root.security_txt'))}",
        "",
    ])
