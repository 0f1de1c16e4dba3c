"""The order of the embedded engine, where it takes a shorter way to the first page."""

import pytest

from academy.kernel.text import Localized
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchQuery
from tests.search import supply


@pytest.mark.parametrize("text", ["bouwen planning", "bouwen", "planing bouwen", "planning bouwen zzzz", '"planning" bouwen'])
def test_pages_join_also_where_typing_errors_are_looked_up_later(engine: EmbeddedEngine, text: str) -> None:
    """What has a word as typed in its summary may have one that looks like it in its title: that must not move it between pages."""
    summary = Localized("Je leert bouwen en een planning maken.")
    exact = [supply.document(f"Vak {number}", summary=summary) for number in range(20)]
    akin = [supply.document(f"Touwen en planting {number}", summary=summary) for number in range(20)]
    near = [supply.document(f"Touwen {number}", summary=Localized("Over planning.")) for number in range(20)]
    engine.rebuild([*exact, *akin, *near])
    whole = [hit.id for hit in engine.search(SearchQuery(text, per_page=100)).hits]
    last = engine.search(SearchQuery(text, per_page=7)).pages
    pages = [hit.id for page in range(1, last + 1) for hit in engine.search(SearchQuery(text, page=page, per_page=7)).hits]
    assert pages == whole
