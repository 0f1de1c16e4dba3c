"""The home page, and what resembles a module."""

from typing import Any, Final

from flask import url_for
from markupsafe import Markup

from academy.kernel.translation import reading_language
from academy.search import queries, topics
from academy.search.pages.cards import plain_cards, programme_card
from academy.search.pages.topics import topic_link
from academy.search.words import value_name

_TOPICS: Final = 8


def home_values(front: queries.Front) -> dict[str, Any]:
    """Return what the home page shows."""
    language = reading_language()
    return {
        "total": front.total,
        "sectors": [
            {"label": value_name(language, "sector", sector.value), "count": sector.count,
             "url": url_for("search.topic", slug=sector.value)}
            for sector in front.sectors if topics.topic(sector.value)
        ],
        "topics": [topic_link(language, topic) for topic in topics.curated()[:_TOPICS]],
        "programmes": [programme_card(language, hit.card) for hit in front.programmes],
    }


def similar_values(slug: str, found: queries.Similar) -> dict[str, Any]:
    """Return the page of what resembles a module."""
    return {
        "title": found.title,
        "module_url": url_for("enrolment.module_page", slug=slug) if found.title else "",
        "degraded": found.degraded,
        "hits": [Markup(card) for card in plain_cards(reading_language(), found.hits)],  # noqa: S704 - made by a macro
    }
