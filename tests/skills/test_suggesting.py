"""Suggestions while one types: the closest label first, and skills by the Dutch names of occupations."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from academy.skills import api
from tests.skills.conftest import LEAD, METAL, URI, WELD, Esco, Load


def uris(session: Session, text: str, language: str = "en", limit: int = 10) -> list[str]:
    return [each.uri for each in api.suggest(session, text, "nl" if language == "nl" else "en", limit)]


def test_the_closest_label_comes_first(session: Session, esco: Esco, load: Load) -> None:
    wanted = {  # by rank: (label, alternative labels)
        "exact": ("weld", ""), "begins": ("weld pipes", ""), "word": ("to weld", ""), "alternative": ("join metals", "weld steel"),
        "inside": ("spotwelding", ""),
    }
    esco.files["skills_en.csv"] = [
        {**esco.row("skills_en.csv", 0), "conceptUri": URI.format(f"skill/{name}"), "preferredLabel": label, "altLabels": other}
        for name, (label, other) in reversed(wanted.items())
    ]
    esco.files["occupationSkillRelations.csv"] = esco.files["occupationSkillRelations.csv"][:1]  # points nowhere now
    load(session, esco)
    assert [uri.rpartition("/")[2] for uri in uris(session, "weld")] == list(wanted)
    assert [uri.rpartition("/")[2] for uri in uris(session, "weld", limit=2)] == ["exact", "begins"]


def test_one_character_is_enough(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    assert uris(session, "w")[0] == WELD
    assert uris(session, "k") == [METAL]


def test_case_and_accents_do_not_count(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    assert uris(session, "  KNOWLEDGE of Métals ") == [METAL]
    assert uris(session, "metals") == [METAL]


def test_a_dutch_occupation_gives_its_essential_skills_most_specific_first(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    found = api.suggest(session, "lasser", "nl")
    assert [(each.uri, each.label, each.via, each.matched) for each in found] == [
        (WELD, "weld underwater", "lasser", "lasser"), (LEAD, "lead others", "lasser", "lasser"),
    ]
    assert [each.via for each in api.suggest(session, "onderwater", "nl")] == ["onderwaterlasser", "onderwaterlasser"]


def test_a_skill_is_suggested_once_and_occupations_get_at_most_half_of_a_full_list(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    found = api.suggest(session, "weld", "en", limit=2)
    assert [(each.uri, each.via) for each in found] == [(WELD, ""), (LEAD, "welder")]
    assert [each.uri for each in api.suggest(session, "welder", "en")].count(LEAD) == 1


def test_groups_are_not_something_one_can_do(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    assert uris(session, "welding and other") == []


def test_the_label_is_in_the_readers_language_where_there_is_one(session: Session, esco: Esco, load: Load) -> None:
    esco.files["skills_nl.csv"] = [{**esco.row("skills_en.csv", 2), "preferredLabel": "leidinggeven", "altLabels": ""}]
    load(session, esco)
    assert [(each.label, each.matched) for each in api.suggest(session, "lead o", "nl")] == [("leidinggeven", "lead others")]
    assert [(each.label, each.matched) for each in api.suggest(session, "leiding", "en")] == [("lead others", "leidinggeven")]


@pytest.mark.parametrize("text", ["", "  ", "\x00", "%", "_", "'", "\\", "🙂", "x" * 100_000, "a/b%", "\ud800"])
def test_whatever_is_typed_gets_an_answer(session: Session, esco: Esco, load: Load, text: str) -> None:
    load(session, esco)
    assert api.suggest(session, text, "nl") == ()


def test_nothing_is_suggested_when_nothing_is_loaded(session: Session) -> None:
    assert api.suggest(session, "lasser", "nl") == ()
    assert api.current_version(session) is None


def test_a_question_stays_within_its_budget_of_queries(
    session: Session, esco: Esco, load: Load, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    load(session, esco)
    session.flush()  # its news, where a room above listens
    with queries(6):
        assert [(each.uri, each.via) for each in api.suggest(session, "weld", "en")] == [(WELD, ""), (LEAD, "welder")]
    with queries(2):
        assert len(api.suggest(session, "w", "en", limit=1)) == 1
