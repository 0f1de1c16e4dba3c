"""How well questions are answered: judged queries, the score of an answer, and the corpus they are judged on; pure but for reading files.

A judged query names what must be found, what may be found beside it, and what must not be: people's judgement of a sample, with which
an engine is compared, and with itself over time.
"""

import gzip
import json
import statistics
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from academy.kernel.text import Language
from academy.search.documents import PROGRAMME, cropped
from academy.search.folding import clean, folded_code
from academy.search.gateway import Hit, SearchDocument, SearchEngine, SearchQuery
from academy.search.index_spec import FACET_NAMES, HIDDEN_FILTERS, OPEN_NOW
from academy.search.texts import searchable

OWN_QUERIES: Final = Path(__file__).parent / "judged" / "demo.jsonl"  # on the demo catalogue
TOP: Final = 10
PASSES_FROM: Final = 0.8
_MOST_WITH_WRONG: Final = 0.5
# Fields of a document that are filtered on under another name.
_FILTERS: Final = {"lang": "language", "src": "kind", "skills": "skill"} | {name: name for name in (*FACET_NAMES, *HIDDEN_FILTERS)}
# Sources whose ids are codes that people know; those of others only count rows.
_REGISTERS: Final = frozenset({"croho-ad", "crebo15", "mbo-oer", "windesheim"})
_AROUND_SKILLS: Final = str.maketrans(";|", ",,")


class FileUnusable(Exception):
    """A file can not be judged with; the text names the file, the line and what is wrong there."""


@dataclass(frozen=True)
class JudgedQuery:
    """What someone asks, and the ids of what must, may (`ok`) and must not be among the first ten."""

    qid: str
    text: str
    language: Language
    kind: str
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    must: frozenset[str]
    ok: frozenset[str]
    must_not: frozenset[str]

    def query(self) -> SearchQuery:
        return SearchQuery(self.text, self.filters, per_page=TOP, language=self.language)


@dataclass(frozen=True)
class Judged:
    """An answer: the ids of its first ten, and the score."""

    query: JudgedQuery
    top: tuple[str, ...]
    score: float

    @property
    def passes(self) -> bool:
        return self.score >= PASSES_FROM


@dataclass(frozen=True)
class Evaluation:
    """All answers, with the milliseconds that half and nearly all of them took at most."""

    judged: tuple[Judged, ...]
    p50: float
    p95: float

    @property
    def passed(self) -> int:
        return sum(each.passes for each in self.judged)

    @property
    def mean(self) -> float:
        return statistics.fmean(each.score for each in self.judged)

    def as_json(self) -> dict[str, Any]:
        """Return the form that scripts rely on."""
        return {
            "queries": len(self.judged),
            "passed": self.passed,
            "mean": round(self.mean, 4),
            "latency_ms": {"p50": round(self.p50, 2), "p95": round(self.p95, 2)},
            "per_query": [{"qid": each.query.qid, "score": round(each.score, 4), "top": list(each.top)} for each in self.judged],
        }


def score(query: JudgedQuery, found: Sequence[str]) -> float:
    """Return from 0 to 1 how good the first ten of `found` are.

    Nothing must be found: 1 only when nothing is. Up to ten things must: the share of them that is there. More must than fit: the share of
    the ten places that hold what must or may be there. Something wrong among them leaves a half at most.
    """
    top = found[:TOP]
    if not query.must:
        return 0.0 if top else 1.0
    if len(query.must) <= TOP:
        share = len(query.must.intersection(top)) / len(query.must)
    else:
        good = query.must | query.ok
        share = sum(each in good for each in top) / TOP
    return min(share, _MOST_WITH_WRONG) if query.must_not.intersection(top) else share


def evaluate(engine: SearchEngine, queries: Iterable[JudgedQuery], *, name: Callable[[Hit], str] = lambda hit: hit.id) -> Evaluation:
    """Ask everything once and judge the answers; `name` gives the id under which a hit was judged. Raises EngineUnavailable."""
    engine.search(SearchQuery(per_page=1))  # an index opens at the first question
    judged, spent = [], []
    for query in queries:
        started = time.perf_counter()
        hits = engine.search(query.query()).hits
        spent.append((time.perf_counter() - started) * 1000)
        top = tuple(name(hit) for hit in hits[:TOP])
        judged.append(Judged(query, top, score(query, top)))
    cut = statistics.quantiles(spent, n=20, method="inclusive") if len(spent) > 1 else spent * 19
    return Evaluation(tuple(judged), cut[9], cut[18])


def by_address(hit: Hit) -> str:
    """Return `module:` or `programme:` and the slug: the same in every installation of one catalogue, unlike ids."""
    return f"{PROGRAMME if hit.card['kind'] == PROGRAMME else 'module'}:{hit.card['slug']}"


def read_queries(path: Path) -> tuple[JudgedQuery, ...]:
    """Read judged queries, a JSON object per line. Raises FileUnusable."""
    found: dict[str, JudgedQuery] = {}
    for place, row in _rows(path):
        query = _judged_query(place, row)
        if query.qid in found:
            raise FileUnusable(f"{place}: the qid {query.qid} is there twice")
        found[query.qid] = query
    if not found:
        raise FileUnusable(f"{path.name}: holds no queries")
    return tuple(found.values())


def _judged_query(place: str, row: Mapping[str, Any]) -> JudgedQuery:
    judgements = [frozenset(_texts(place, row, name)) for name in ("must", "ok", "must_not")]
    language: Language = "en" if _text(place, row, "lang") == "en" else "nl"
    return JudgedQuery(
        _text(place, row, "qid", needed=True), _text(place, row, "q"), language, _text(place, row, "kind"),
        _filters(place, _text(place, row, "filter")), *judgements,
    )


def _filters(place: str, text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the filter in `field=value`."""
    if not text.strip():
        return ()
    field, equals, value = (part.strip() for part in text.partition("="))
    if not equals or field not in _FILTERS:
        raise FileUnusable(f"{place}: the filter {text!r} is not FIELD=VALUE with a field that can be filtered on: {', '.join(sorted(_FILTERS))}")
    return ((_FILTERS[field], (clean(value),)),)


def read_corpus(path: Path) -> tuple[SearchDocument, ...]:
    """Read documents {id, src, lang, title, text, skills, level, provider}, a JSON object per line, also gzipped. Raises FileUnusable."""
    found: dict[str, SearchDocument] = {}
    for place, row in _rows(path):
        document = _document(place, row)
        if document.id in found:
            raise FileUnusable(f"{place}: the id {document.id} is there twice")
        found[document.id] = document
    if not found:
        raise FileUnusable(f"{path.name}: holds no documents")
    return tuple(found.values())


def _document(place: str, row: Mapping[str, Any]) -> SearchDocument:
    document_id, title = _text(place, row, "id", needed=True), _text(place, row, "title")
    source, provider, text = (_text(place, row, name) for name in ("src", "provider", "text"))
    skills = [skill for each in _texts(place, row, "skills") for skill in map(clean, each.translate(_AROUND_SKILLS).split(",")) if skill]
    code = _code(source, document_id)
    card = json.dumps({"slug": document_id, "kind": source, "title": clean(title), "summary": cropped(text)}, ensure_ascii=False)
    facets = {
        "kind": (source,), "language": (_text(place, row, "lang"),), "level": (_text(place, row, "level"),), "provider": (provider,),
        "skill": tuple(dict.fromkeys(skills)),
    }
    return SearchDocument(
        id=document_id,
        texts=searchable({
            "title": (title,), "code": (code, folded_code(code)), "skills": skills, "provider": (provider,), "summary": (text,),
        }),
        codes=(folded_code(code),) if code else (),
        facets={name: tuple(cleaned for value in values if (cleaned := clean(value))) for name, values in facets.items()},
        labels={"provider": {clean(provider): clean(provider)} if provider else {}, "skill": {skill: skill for skill in skills}},
        numbers={}, availability=OPEN_NOW, place=None, cards={"nl": card, "en": card},
    )


def _code(source: str, document_id: str) -> str:
    """Return the code in an id such as `croho:80133`, or `mbo:25743_BOL_2026__…` where more follows."""
    return document_id.partition(":")[2].partition("_")[0] if source in _REGISTERS else ""


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield where each object stands and the object; empty lines are skipped."""
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    place = f"{path.name}, line {number}"
                    yield place, _object(place, line)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise FileUnusable(f"{path.name}, after line {number}: can not be read ({error})") from error


def _object(place: str, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FileUnusable(f"{place}: is no JSON ({error})") from error
    if not isinstance(row, dict):
        raise FileUnusable(f"{place}: is no JSON object")
    return row


def _text(place: str, row: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise FileUnusable(f"{place}: {name} is no text")
    if needed and not (value or "").strip():
        raise FileUnusable(f"{place}: {name} is missing")
    return value or ""


def _texts(place: str, row: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of texts; one text alone is a list of one."""
    value = row.get(name) or []
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise FileUnusable(f"{place}: {name} is no list of texts")
    return values
