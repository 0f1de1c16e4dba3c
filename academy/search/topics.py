"""Topics: ready-made questions for who does not know yet what to type; pure.

Every sector of the taxonomy is a topic. The others, and what is said about each, stand in `data/topics.toml`. A topic asks what an
address of the results page asks, so both show the same number.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from academy.catalogue.api import sector_codes
from academy.kernel.text import Localized

FILE: Final = Path(__file__).parent / "data" / "topics.toml"


@dataclass(frozen=True)
class Topic:
    """`title` is empty for a sector: the taxonomy has its name. `filters` as in SearchQuery; `related` are slugs."""

    slug: str
    title: Localized
    intro: Localized
    words: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    related: tuple[str, ...] = ()


def topic(slug: str) -> Topic | None:
    """Return the topic at this address; one of a sector goes before another of the same name."""
    of_sector, others = _written()
    if slug in sector_codes():
        return of_sector.get(slug) or _of_sector(slug, {})
    return others.get(slug)


def of_sectors() -> tuple[Topic, ...]:
    """Return the topics of the sectors, in the order of the taxonomy."""
    return tuple(found for code in sector_codes() if (found := topic(code)))


def curated() -> tuple[Topic, ...]:
    """Return the topics that are no sector, in the order of the file."""
    return tuple(_written()[1].values())


@cache
def _written() -> tuple[Mapping[str, Topic], Mapping[str, Topic]]:
    """Return what the file says of sectors, and the other topics, by slug."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    of_sector = {code: _of_sector(code, table) for code, table in tables["sector"].items()}
    return of_sector, {table["slug"]: _curated(table) for table in tables["topic"]}


def _of_sector(code: str, table: Mapping[str, Any]) -> Topic:
    intro = Localized(**table.get("intro", {}))
    return Topic(code, Localized(), intro, filters=(("sector", (code,)),), related=tuple(table.get("related", ())))


def _curated(table: Mapping[str, Any]) -> Topic:
    filters = tuple((facet, tuple(values)) for facet, values in table.get("filters", {}).items())
    return Topic(
        table["slug"], Localized(**table["title"]), Localized(**table["intro"]), table.get("words", ""), filters, tuple(table["related"]),
    )
