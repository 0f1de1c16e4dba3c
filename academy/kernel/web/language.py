"""Language: the first part of the address; where there is none, what the browser asks for."""

from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Flask, current_app, has_request_context, request, url_for

from academy.kernel import formats
from academy.kernel.text import DEFAULT_LANGUAGE, LANGUAGES, SITE_NAME, Language
from academy.kernel.translation import form_for, gettext, reading_language, set_language


def _asked_for() -> Language:
    first = request.path.split("/", 2)[1]
    for language in LANGUAGES:  # also an address that matches no page says its language
        if first == language:
            return language
    return "en" if request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE) == "en" else "nl"


def localized_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint whose pages live under `/nl` and `/en`; views do not get the language as an argument."""
    blueprint = Blueprint(name, import_name, url_prefix="/<any(nl, en):lang_code>")

    @blueprint.url_value_preprocessor
    def _drop_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        (values or {}).pop("lang_code", None)

    return blueprint


def other_language_url() -> str:
    """Return this page in the other language, with its query; the home page where the page has no other."""
    other = "en" if reading_language() == "nl" else "nl"
    first, _slash, rest = request.full_path.rstrip("?").lstrip("/").partition("/")
    return f"/{other}/{rest}" if first in LANGUAGES else url_for("search.home", lang_code=other)


_KEPT_IN_ADDRESS = ("page",)  # what else stands in a query string makes no page of its own


def public_address(path: str) -> str:
    """Return the whole address of a path of ours, as the world knows it."""
    base: str = current_app.config["BASE_URL"]
    return base + path


def address_of(endpoint: str, slug: str) -> str:
    """Return the path of a page that is known by a slug, in the reader's language; for lists: making an address costs as much as a card.

    Slugs need no escaping.
    """
    return _beginning(endpoint, reading_language()) + slug


@cache
def _beginning(endpoint: str, language: Language) -> str:
    return url_for(endpoint, lang_code=language, slug="-").removesuffix("-")


def own_addresses() -> dict[str, str]:
    """Return the public address of this page per language, and under `x-default` the one for who speaks neither; none outside a language."""
    first, _slash, rest = request.path.lstrip("/").partition("/")
    if first not in LANGUAGES:
        return {}
    kept = urlencode([(name, value) for name in _KEPT_IN_ADDRESS if (value := request.args.get(name))]) if request.args else ""
    query = f"?{kept}" if kept else ""
    found: dict[str, str] = {language: public_address(f"/{language}/{quote(rest)}{query}") for language in LANGUAGES}
    return {**found, "x-default": found[DEFAULT_LANGUAGE]}


def install(app: Flask) -> None:
    """Teach `app` the languages: address, sentences, template filters."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, form_for, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["site_name"] = SITE_NAME

    @app.url_value_preprocessor
    def _choose(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        set_language(_asked_for())

    @app.url_defaults
    def _fill_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang_code" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang_code"):
            values["lang_code"] = reading_language()

    app.jinja_env.filters.update(
        money=formats.money,
        day=formats.day,
        short_day=formats.short_day,
        moment=formats.moment_text,
        ec=formats.credits_text,
        t=formats.in_current_language,
        paragraphs=formats.paragraphs,
    )

    @app.context_processor
    def _language_values() -> dict[str, object]:
        return {
            "lang": reading_language(),
            "other_language_url": other_language_url() if has_request_context() else "",
            "own_addresses": own_addresses,
        }
