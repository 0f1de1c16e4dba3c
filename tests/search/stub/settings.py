"""Settings of an index: what may be set, and what holds when nothing is."""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.search.stub.errors import bad, known_only
from tests.search.stub.filters import Allowed

DEFAULTS: dict[str, Any] = {
    "displayedAttributes": ["*"], "searchableAttributes": ["*"], "filterableAttributes": [], "sortableAttributes": [],
    "rankingRules": ["words", "typo", "proximity", "attributeRank", "sort", "wordPosition", "exactness"], "stopWords": [],
    "nonSeparatorTokens": [], "separatorTokens": [], "dictionary": [], "synonyms": {}, "distinctAttribute": None,
    "proximityPrecision": "byWord",
    "typoTolerance": {
        "enabled": True, "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9}, "disableOnWords": [], "disableOnAttributes": [],
        "disableOnNumbers": False,
    },
    "faceting": {"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "alpha"}}, "pagination": {"maxTotalHits": 1000},
    "embedders": {}, "searchCutoffMs": None, "localizedAttributes": None, "facetSearch": True, "prefixSearch": "indexingTime",
}
_INSIDE = {
    "typoTolerance": frozenset(DEFAULTS["typoTolerance"]), "faceting": frozenset(DEFAULTS["faceting"]), "pagination": frozenset(DEFAULTS["pagination"]),
}
_RULES = ("words", "typo", "proximity", "attribute", "attributeRank", "wordPosition", "sort", "exactness")
_LISTS = tuple(name for name, value in DEFAULTS.items() if isinstance(value, list))
_OWN_ORDER = re.compile(r"^(?P<field>[A-Za-z0-9_.]+):(?:asc|desc)$")
_FEATURES = {"facetSearch": False, "filter": {"equality": True, "comparison": False}}


def in_address(name: str) -> str:
    """Return the name of a setting as addresses spell it."""
    return re.sub("[A-Z]", lambda letter: "-" + letter[0].lower(), name)


BY_ADDRESS = {in_address(name): name for name in DEFAULTS}


@dataclass
class Settings:
    """Settings with what follows from them; `without` are those of newer releases that this server does not know."""

    values: dict[str, Any] = field(default_factory=lambda: deepcopy(DEFAULTS))

    def change(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            if value is None:
                self.values[name] = deepcopy(DEFAULTS[name])
            elif name in _INSIDE:
                self.values[name] |= value
            elif name in {"stopWords", "sortableAttributes", "displayedAttributes"}:
                self.values[name] = sorted(value)
            else:
                self.values[name] = value

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def allowed(self) -> Allowed:
        equal, size, geo = set(), set(), False
        for each in self["filterableAttributes"]:
            if each == "_geo":
                geo = True
            elif isinstance(each, str):
                equal.add(each)
                size.add(each)
            else:
                features = _FEATURES | each.get("features", {})
                equal |= set(each["attributePatterns"]) if features["filter"]["equality"] else set()
                size |= set(each["attributePatterns"]) if features["filter"]["comparison"] else set()
        return Allowed(frozenset(equal), frozenset(size), geo)


def check(given: object, unknown: frozenset[str]) -> dict[str, Any]:
    """Refuse settings that are none, or none of a release that does not know those in `unknown`."""
    known_only(given, frozenset(DEFAULTS), "")
    assert isinstance(given, dict)
    for name, value in given.items():
        code = "invalid_settings_" + in_address(name).replace("-", "_")
        if name in _LISTS and value is not None and not isinstance(value, list):
            raise bad(code)
        if name in _INSIDE and value is not None:
            known_only(value, _INSIDE[name] - unknown, f" inside `.{name}`", code)
    for rule in given.get("rankingRules") or ():
        if (rule not in _RULES or rule in unknown) and not _OWN_ORDER.match(rule):
            raise bad("invalid_settings_ranking_rules", f"`{rule}` ranking rule is invalid.")
    for each in given.get("filterableAttributes") or ():
        if not isinstance(each, str):
            known_only(each, frozenset({"attributePatterns", "features"}), " inside `.filterableAttributes`")
    return given
