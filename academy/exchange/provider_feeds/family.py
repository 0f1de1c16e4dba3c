"""What a family of shapes is: whose it is, how its files are told apart, and what reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from academy.catalogue.api import ProviderKind
from academy.exchange.provider_feeds.gathering import Gathering


@dataclass(frozen=True)
class Document:
    """A file that was read: its name, its JSON, and the shape that was recognised."""

    source: str
    value: Any
    shape: str


@dataclass(frozen=True, eq=False)
class Family:
    """The shapes of one provider, each with what recognises it. `slug` and `name` are the provider's, where a feed is loaded as its own."""

    slug: str
    name: str
    kind: ProviderKind
    shapes: Mapping[str, Callable[[Any], bool]]
    read: Callable[[Sequence[Document], Gathering], None]


def first_object(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever JSON holds
    """Return the first object of a list, an empty one when there is none."""
    if not isinstance(value, list):
        return {}
    return next((item for item in value if isinstance(item, dict)), {})


def page_results(value: Any) -> list[Any]:  # noqa: ANN401 - whatever JSON holds
    """Return the list in a page of an API (`results` beside `next`), an empty one when it is none."""
    found = value.get("results") if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def note_rest(document: Document, gathering: Gathering) -> None:
    """Remember that a page has a next one: then what is not here may be there."""
    if isinstance(document.value, dict) and document.value.get("next"):
        note_unfinished(gathering, "next-page", "this page has a next one; nothing is taken for gone", document)


def note_unfinished(gathering: Gathering, code: str, text: str, document: Document) -> None:
    """Remember that there is more than was given."""
    gathering.unfinished = True
    gathering.supply.notices.add(code, text, line=1, value=document.source)
