"""Topics: for who browses rather than types. Sectors come with the taxonomy, the others are written by us."""

from typing import Any, Final

from flask import url_for
from markupsafe import Markup

from academy.kernel.formats import in_current_language
from academy.kernel.text import Language
from academy.kernel.translation import reading_language
from academy.search import queries, topics
from academy.search.forms import SearchForm
from academy.search.gateway import SearchEngine
from academy.search.index_spec import label_in
from academy.search.pages.cards import plain_cards, programme_card
from academy.search.pages.drawing import LinkView, address, counted
from academy.search.topics import Topic
from academy.search.words import value_name

_MODULES: Final = 12
_PROGRAMMES: Final = 6
_VALUES: Final = 12  # skills, and providers


def topics_values(engine: SearchEngine) -> dict[str, Any]:
    """Return the page of all topics; without an engine sectors stand without a number."""
    language = reading_language()
    return {
        "sectors": sector_links(engine, language) or [topic_link(language, topic) for topic in topics.of_sectors()],
        "topics": [
            {"label": _title(language, topic), "intro": in_current_language(topic.intro), "url": url_for("search.topic", slug=topic.slug)}
            for topic in topics.curated()
        ],
    }


def topic_values(engine: SearchEngine, topic: Topic) -> dict[str, Any]:
    """Return the page of a topic, from the index alone."""
    path, language = url_for("search.results"), reading_language()
    form = form_of(topic)
    found = queries.of_topic(engine, form.query(language), modules=_MODULES, programmes=_PROGRAMMES, values=_VALUES)
    return {
        "title": _title(language, topic),
        "intro": in_current_language(topic.intro),
        "total": found.total,
        "degraded": found.degraded,
        "results_url": address(path, form.parameters()),
        "hits": Markup("".join(f"<li>{card}</li>" for card in plain_cards(language, found.modules))),  # noqa: S704 - made by a macro
        "programmes": [programme_card(language, hit.card) for hit in found.programmes],
        "skills": [
            counted(label_in(language, one.label) or one.value, address(path, form.with_value("skill", one.value).parameters()), one.count)
            for one in found.skills
        ],
        "providers": [
            counted(one.label or one.value, address(path, form.with_value("provider", one.value).parameters()), one.count)
            for one in found.providers
        ],
        "related": [topic_link(language, other) for slug in topic.related if (other := topics.topic(slug))],
    }


def sector_links(engine: SearchEngine, language: Language) -> list[LinkView]:
    """Return the sectors that have something, most first."""
    return [
        counted(value_name(language, "sector", sector.value), url_for("search.topic", slug=sector.value), sector.count)
        for sector in queries.front(engine, language).sectors if topics.topic(sector.value)
    ]


def topic_link(language: Language, topic: Topic) -> LinkView:
    return LinkView(_title(language, topic), url_for("search.topic", slug=topic.slug))


def form_of(topic: Topic) -> SearchForm:
    """Return the results page that a topic stands for, so that both have the same number."""
    return SearchForm(q=topic.words, filters=topic.filters)


def _title(language: Language, topic: Topic) -> str:
    return in_current_language(topic.title) or value_name(language, "sector", topic.slug)
