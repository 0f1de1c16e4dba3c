"""Lists of subjects: they hold no course, so they are recognised, counted and not loaded."""

from collections.abc import Sequence
from typing import Any, Final

from academy.catalogue.api import ProviderKind
from academy.exchange.provider_feeds.family import Document, Family, first_object
from academy.exchange.provider_feeds.gathering import Gathering


def _is_terms(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    found = first_object(value.get("data")) if isinstance(value, dict) and "jsonapi" in value else {}
    return str(found.get("type")).startswith("taxonomy_term--")


def _is_site_config(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return isinstance(value, dict) and "files" in first_object(value.get("collections"))


def _read(documents: Sequence[Document], gathering: Gathering) -> None:
    for document in documents:
        words = _terms(document.value) if document.shape == "terms" else _topics(document.value)
        gathering.supply.notices.add(
            "subjects-only", f"{len(words)} subjects and no course: nothing to load", column=document.source, line=1, value=words[0] if words else "",
        )


def _terms(value: Any) -> list[str]:  # noqa: ANN401 - whatever JSON holds
    about = [item.get("attributes") for item in value["data"] if isinstance(item, dict)]
    return [str(found["name"]) for found in about if isinstance(found, dict) and "name" in found]


def _topics(value: Any) -> list[str]:  # noqa: ANN401 - whatever JSON holds
    """Return the words of every `options_map`, upper and lower ones, once each."""
    found: dict[str, None] = {}
    waiting = [(value, False)]
    while waiting:
        part, is_topic = waiting.pop()
        if isinstance(part, dict):
            found |= dict.fromkeys(part if is_topic else ())
            waiting += [(inner, is_topic or name == "options_map") for name, inner in part.items()]
        elif isinstance(part, list):
            found |= dict.fromkeys(item for item in part if is_topic and isinstance(item, str))
            waiting += [(inner, is_topic) for inner in part]
    return list(found)


MIT_SUBJECTS: Final = Family(
    "mit-opencourseware", "MIT OpenCourseWare", ProviderKind.UNIVERSITY, {"terms": _is_terms, "site config": _is_site_config}, _read,
)
