"""A good endpoint whose courses and answers a test may change, and what the tests of harvests share."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from academy.catalogue.models import Module, PublicationState
from academy.exchange import feeds, queries
from academy.exchange.facts import FeedFacts, RunFacts
from academy.exchange.http_gateway import Limits
from academy.exchange.models import FeedKind
from academy.exchange.running import Harvester
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests import builders
from tests.exchange.hostile_server import Answer, Asked, answered, envelope

LIMITS = Limits(connect_seconds=1, read_seconds=2, answer_seconds=3, attempts=2, first_pause_seconds=0.01)
OFFERING = {
    "offeringId": "o1", "offeringType": "course", "primaryCode": {"codeType": "offeringCode", "code": "O1"},
    "name": [{"language": "nl-NL", "value": "Op vrijdag"}], "maxNumberStudents": 10, "teachingLanguage": "nld",
    "startDate": "2027-02-05", "endDate": "2027-04-16", "enrollStartDate": "2026-11-01", "enrollEndDate": "2027-01-25",
}


def course(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "courseId": f"c{number}", "primaryCode": {"codeType": "identifier", "code": f"C{number}"}, "teachingLanguage": "nld",
        "name": [{"language": "nl-NL", "value": f"Cloudbeheer {number}"}], **changes,
    }


class Endpoint:
    """A well-behaved v5 endpoint whose courses a test may change; a path in `odd` is answered as said there."""

    def __init__(self, *courses: dict[str, Any], size: int = 250) -> None:
        self.courses = list(courses)
        self.offerings: dict[str, list[dict[str, Any]]] = {}
        self.programs: list[dict[str, Any]] = []
        self.odd: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self._size = size

    def __call__(self, asked: Asked) -> Answer:
        odd = self.odd.get(asked.path) or self.odd.get(f"{asked.path} {asked.params.get('pageNumber')}")
        if odd is not None:
            return odd if isinstance(odd, Answer) else odd(asked)
        parts = asked.path.strip("/").split("/")
        if parts[-1] == "offerings":
            return self._page(asked, self.offerings.get(parts[1], []))
        found = {"courses": self.courses, "programs": self.programs}.get(parts[0])
        return Answer(status=404) if found is None else self._page(asked, found)

    def _page(self, asked: Asked, items: list[dict[str, Any]]) -> Answer:
        page = int(asked.params.get("pageNumber", 1))
        chosen = items[(page - 1) * self._size : page * self._size]
        return answered(envelope(chosen, page=page, more=page * self._size < len(items), size=250))


def keep_feed(database: Database, url: str, **how: Any) -> FeedFacts:
    with database.writing() as session:
        builders.provider(session)
        code = feeds.add_feed(session, provider_slug="windesheim", kind=FeedKind.OOAPI5, url=url, now=utc_now(), **how)
    with database.reading() as session:
        return queries.feed_by_code(session, code)


def run_of(database: Database, code: str) -> RunFacts:
    with database.reading() as session:
        return queries.run_by_code(session, code)


def feed_now(database: Database, feed: FeedFacts) -> FeedFacts:
    with database.reading() as session:
        return queries.feeds(session, provider_id=feed.provider_id)[0]


def published(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Module.external_id).where(Module.state == PublicationState.PUBLISHED)))


def harvest(database: Database, harvester: Harvester, feed: FeedFacts, *, later: timedelta = timedelta()) -> RunFacts:
    return run_of(database, harvester.run(feed.id, now=utc_now() + later))
