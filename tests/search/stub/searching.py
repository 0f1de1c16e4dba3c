"""The answer to one query of a search, with the checks the documents promise."""

import re
from collections import Counter
from typing import Any

from tests.search.stub import filters, words
from tests.search.stub.errors import bad, known_only
from tests.search.stub.index import Index
from tests.search.stub.matching import Question

_FIELDS = frozenset({
    "q", "offset", "limit", "page", "hitsPerPage", "attributesToRetrieve", "attributesToCrop", "cropLength", "cropMarker",
    "attributesToHighlight", "highlightPreTag", "highlightPostTag", "showMatchesPosition", "filter", "sort", "distinct", "facets",
    "matchingStrategy", "attributesToSearchOn", "rankingScoreThreshold", "locales", "hybrid", "vector", "retrieveVectors", "media",
    "personalize", "showRankingScore", "showRankingScoreDetails", "showPerformanceDetails", "useNetwork",
})
IN_MULTI_SEARCH = _FIELDS | {"indexUid", "federationOptions"}
_TYPES: dict[str, type] = {
    "q": str, "offset": int, "limit": int, "page": int, "hitsPerPage": int, "sort": list, "facets": list, "attributesToRetrieve": list,
    "attributesToHighlight": list, "attributesToSearchOn": list, "highlightPreTag": str, "highlightPostTag": str,
}
_STRATEGIES = ("last", "all", "frequency")
_SORT = re.compile(r"^(?:_geoPoint\((?P<point>[^)]*)\)|(?P<field>[A-Za-z0-9_]+)):(?P<way>asc|desc)$")
_TEXT_RULES = frozenset({"words", "typo", "proximity", "attribute", "attributeRank", "wordPosition", "exactness"})
_BEYOND = (1,)  # sorts after every known value


def search(index: Index, asked: dict[str, Any], known: frozenset[str] = _FIELDS) -> dict[str, Any]:
    """Return the answer. Raises Refusal."""
    known_only(asked, known, "")
    for name, kind in _TYPES.items():
        value = asked.get(name)
        is_wrong = not isinstance(value, kind) or isinstance(value, bool) or (isinstance(value, int) and value < 0)
        if value is not None and is_wrong:
            raise bad(f"invalid_search_{re.sub('[A-Z]', lambda letter: '_' + letter[0].lower(), name)}")
    strategy = asked.get("matchingStrategy", "last")
    if strategy not in _STRATEGIES:
        raise bad("invalid_search_matching_strategy")
    question = index.remembered((asked.get("q") or "", _within(index, asked)), lambda: Question(index, asked.get("q") or "", _within(index, asked)))
    passes = filters.compiled(asked.get("filter"), index.settings.allowed())
    facets = asked.get("facets") or []
    for name in facets:
        if name not in index.settings.allowed().equal:
            raise bad("invalid_search_facets", f"Attribute `{name}` is not filterable.")
    sort = _sort(index, asked.get("sort") or [])
    matched = [key for key in _matched(index, question, strategy) if passes(index.documents[key])]
    wants_hits = asked.get("hitsPerPage") != 0 and asked.get("limit") != 0
    ordered = sorted(matched, key=lambda key: _order(index, question, sort, key)) if wants_hits else matched
    found = _page(index, question, asked, ordered)
    if facets:
        found |= {"facetDistribution": {name: _counts(index, matched, name) for name in facets}, "facetStats": {}}
    return found


def _within(index: Index, asked: dict[str, Any]) -> frozenset[int] | None:
    names = asked.get("attributesToSearchOn")
    if names is None or "*" in names:
        return None
    for name in names:
        if name not in index.attributes:
            raise bad("invalid_search_attributes_to_search_on", f"Attribute `{name}` is not searchable.")
    return frozenset(index.attributes.index(name) for name in names)


def _matched(index: Index, question: Question, strategy: str) -> list[str]:
    if question.is_empty:
        found = set(index.documents)
    elif strategy == "frequency":
        found = question.matching(question.optional())
    elif strategy == "last":
        found = question.matching(frozenset(range(1, question.count)))
    else:
        found = question.matching()
    found -= question.left_out()
    return [key for key in index.documents if key in found]


def _sort(index: Index, asked: list[str]) -> list[tuple[str, tuple[float, float] | None, bool]]:
    sort = []
    for each in asked:
        found = _SORT.match(each)
        field = (found["field"] or "_geo") if found else ""
        if not found or field not in index.settings["sortableAttributes"] or "sort" not in index.settings["rankingRules"]:
            raise bad("invalid_search_sort", f"Attribute `{each}` is not sortable.")
        point = None
        if found["point"] is not None:
            try:
                latitude, longitude = map(float, found["point"].split(","))
            except ValueError:
                raise bad("invalid_search_sort") from None
            point = (latitude, longitude)
        sort.append((field, point, found["way"] == "desc"))
    return sort


def _order(index: Index, question: Question, sort: list[tuple[str, tuple[float, float] | None, bool]], key: str) -> tuple[Any, ...]:
    document = index.documents[key]
    ranks = {} if question.is_empty else question.rules(key)
    order: list[Any] = []
    for rule in index.settings["rankingRules"]:
        if rule == "sort":
            order += [_place(document, *each) for each in sort]
        elif rule in _TEXT_RULES:
            order.append(ranks.get(rule, 0))
        else:
            field, _sign, way = rule.partition(":")
            order.append(_place(document, field, None, way == "desc"))
    return tuple(order)


def _place(document: dict[str, Any], field: str, point: tuple[float, float] | None, is_falling: bool) -> tuple[float, ...]:
    if field not in document:
        return _BEYOND
    value = filters.metres(document["_geo"], *point) if point else float(document[field])
    return (0, -value if is_falling else value)


def _page(index: Index, question: Question, asked: dict[str, Any], ordered: list[str]) -> dict[str, Any]:
    most = index.settings["pagination"]["maxTotalHits"]
    found: dict[str, Any] = {"query": asked.get("q") or "", "processingTimeMs": 1}
    if asked.get("page") is None and asked.get("hitsPerPage") is None:
        offset, limit = asked.get("offset") or 0, asked.get("limit", 20)
        found |= {"offset": offset, "limit": limit, "estimatedTotalHits": min(len(ordered), most)}
        shown = ordered[:most][offset : offset + limit]
    else:
        page, size = asked.get("page", 1), asked.get("hitsPerPage", 20)
        total = min(len(ordered), most)
        found |= {"page": page, "hitsPerPage": size, "totalHits": total, "totalPages": -(-total // size) if size else 0}
        shown = ordered[:most][(page - 1) * size : page * size] if page else []
    marked = question.matched_words() if asked.get("attributesToHighlight") else set()
    return {"hits": [_hit(index, index.documents[key], asked, marked, question) for key in shown]} | found


def _hit(index: Index, document: dict[str, Any], asked: dict[str, Any], marked: set[str], question: Question) -> dict[str, Any]:
    displayed = index.settings["displayedAttributes"]
    shown = {name: value for name, value in document.items() if "*" in displayed or name in displayed}
    wanted = asked.get("attributesToRetrieve") or ["*"]
    hit = {name: value for name, value in shown.items() if "*" in wanted or name in wanted}
    highlighted = asked.get("attributesToHighlight") or []
    if highlighted:
        tags = (asked.get("highlightPreTag", "<em>"), asked.get("highlightPostTag", "</em>"))
        hit["_formatted"] = {
            name: _marked(value, marked, tags, index) if name in highlighted else _as_text(value)
            for name, value in shown.items() if name in highlighted or name in hit
        }
    for field, point, _falling in _sort(index, asked.get("sort") or []):
        if point and "_geo" in document and field == "_geo":
            hit["_geoDistance"] = round(filters.metres(document["_geo"], *point))
    return hit


def _as_text(value: Any) -> Any:
    return [_as_text(each) for each in value] if isinstance(value, list) else value if isinstance(value, dict) else str(value)


def _marked(value: Any, marked: set[str], tags: tuple[str, str], index: Index) -> Any:
    if isinstance(value, list):
        return [_marked(each, marked, tags, index) for each in value]
    return "".join(
        f"{tags[0]}{piece}{tags[1]}" if is_word and piece in marked else piece for piece, is_word in words.pieces(str(value), index.inside_words)
    )


def _counts(index: Index, matched: list[str], field: str) -> dict[str, int]:
    """Return the counts of values; the first spelling of what is the same is shown, and past the most values the rest is dropped."""
    spelled: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for key in matched:
        for value in {filters.same(filters._text(each)): filters._text(each) for each in filters.values(index.documents[key], field)}.items():
            spelled.setdefault(*value)
            counts[value[0]] += 1
    faceting = index.settings["faceting"]
    by_count = faceting["sortFacetValuesBy"].get(field, faceting["sortFacetValuesBy"].get("*")) == "count"
    listed = sorted(counts.items(), key=lambda each: (-each[1] if by_count else 0, each[0]))
    return {spelled[value]: number for value, number in listed[: faceting["maxValuesPerFacet"]]}
