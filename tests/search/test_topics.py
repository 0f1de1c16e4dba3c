"""Topics are written by hand: each must be whole, in both languages, and ask what the results page can be asked."""

import pytest
from werkzeug.datastructures import MultiDict

from academy.catalogue.api import sector_codes
from academy.search import topics
from academy.search.forms import read_address
from academy.search.pages.topics import form_of
from academy.search.topics import Topic

ALL = (*topics.of_sectors(), *topics.curated())


def test_every_sector_is_a_topic_and_there_are_others() -> None:
    assert tuple(topic.slug for topic in topics.of_sectors()) == sector_codes()
    assert len(topics.curated()) >= 20


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.slug)
def test_a_topic_is_whole(topic: Topic) -> None:
    assert topic.intro.nl.endswith(".")
    assert topic.intro.en.endswith(".")
    assert len(topic.intro.nl.split()) <= 15
    assert topic.words or topic.filters
    assert topics.topic(topic.slug) == topic


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.slug)
def test_a_topic_asks_what_an_address_of_the_results_page_asks(topic: Topic) -> None:
    form = form_of(topic)
    assert read_address(MultiDict(form.parameters())) == form


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.slug)
def test_related_topics_are_there(topic: Topic) -> None:
    assert topic.related
    assert topic.slug not in topic.related
    assert [slug for slug in topic.related if topics.topic(slug) is None] == []


def test_slugs_are_addresses_and_no_two_are_the_same() -> None:
    slugs = [topic.slug for topic in ALL]
    assert len(slugs) == len(set(slugs))
    assert all(slug.replace("-", "").isalpha() and slug.isascii() and slug.islower() for slug in slugs)


def test_an_unknown_topic_is_none() -> None:
    assert topics.topic("niets") is None
    assert topics.topic("sector:ict") is None
