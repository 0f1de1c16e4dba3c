"""Language: the first part of the address; where there is none, what the browser asks for."""

from typing import Any

from flask import Blueprint, Flask, g, has_request_context, request, url_for
from flask_babel import Babel

from academy.kernel import formats
from academy.kernel.text import DEFAULT_LANGUAGE, LANGUAGES, Language


def current_language() -> Language:
    """Return the language of this request: from the address, else from Accept-Language, else Dutch."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if "language" not in g:
        g.language = _preferred()
    language: Language = g.language
    return language


def _preferred() -> Language:
    first = request.path.split("/", 2)[1] if request.path.count("/") else ""
    for language in LANGUAGES:  # an address that matched no page still says its language
        if first == language:
            return language
    found = request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE)
    return "en" if found == "en" else "nl"


def localized_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint whose pages live under `/nl` and `/en`; views do not get the language as an argument."""
    blueprint = Blueprint(name, import_name, url_prefix="/<any(nl, en):lang_code>")

    @blueprint.url_value_preprocessor
    def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.language = (values or {}).pop("lang_code", DEFAULT_LANGUAGE)

    return blueprint


def other_language_url() -> str:
    """Return this page in the other language, with its query; the home page where the page has no other."""
    other = "en" if current_language() == "nl" else "nl"
    first, _slash, rest = request.full_path.rstrip("?").lstrip("/").partition("/")
    return f"/{other}/{rest}" if first in LANGUAGES else url_for("search.home", lang_code=other)


def install(app: Flask) -> None:
    """Teach `app` the languages: locale, address, template filters."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LANGUAGE
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=current_language)

    @app.url_defaults
    def _fill_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang_code" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang_code"):
            values["lang_code"] = current_language()

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
            "lang": current_language(),
            "other_language_url": other_language_url() if has_request_context() else "",
        }
