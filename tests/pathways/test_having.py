"""What somebody says to have counts for their goal only as far as it really does, is kept with the version they saw, and is known to nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.catalogue.models import Module
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id, short_code
from academy.kernel.text import Localized
from academy.pathways.errors import (
    CreditsUnclear,
    ListFull,
    PathwayChanged,
    PathwayNotFound,
    SaidAlready,
    TooManyCredits,
)
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import HasKind, Match, Option, StepReason
from academy.pathways.models import Pathway, PathwayStep
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.having import have_list, progress_with
from academy.pathways.rules.matching import Why
from academy.pathways.service import having
from academy.pathways.service.having import Answered
from academy.recognition.kinds import EvidenceKind
from academy.recognition.models import Mapping, MappingOutcome, PatternApproval
from academy.recognition.queries.outcomes import modules_to_claim
from academy.recognition.rules.patterns import wording_digest
from academy.search import service as search
from academy.search.embedded_engine import EmbeddedEngine
from tests.enrolment.races import at_the_same_time
from tests.pathways.world import AUTUMN, LENGTH, NETWORKS, PROGRAMMING, World

MATCH, MAYBE, MISS = Match.MATCH, Match.MAYBE, Match.MISS


@pytest.fixture(autouse=True)
def engine(tmp_path: Path) -> EmbeddedEngine:
    """Put an empty index in place of that of the process."""
    made = EmbeddedEngine(tmp_path / "index")
    search.set_engine(made)
    return made


def answer(world: World, pathway: PathwayFacts, text: str) -> Answered:
    return having.answer_to(pathway.edit_key, text, language="nl", now=world.now)


def fit(world: World, text: str, **values: Any) -> tuple[Match, Why, str]:
    """Return how the best answer to some words fits, why, and for which module."""
    [found, *_more] = answer(world, world.pathway(**values), text).fits
    names = {each: key for key, each in world.modules.items()}
    return found.fits, found.why, names.get(found.for_module_id, "") if found.for_module_id else ""


def add(world: World, pathway: PathwayFacts, text: str, **values: Any) -> PathwayFacts:
    found = answer(world, pathway, text)
    world.run(having.add_has, **({"key": pathway.edit_key, "version": pathway.version, "said": found.said, "found": found.fits, "diploma": ""} | values))
    return world.facts(pathway.id)


def named(world: World, key: str, title: str) -> None:
    with world.database.writing() as session:
        session.execute(update(Module).where(Module.id == world.modules[key]).values(title=Localized(title)))


def test_a_module_of_the_goal_counts_by_its_name_and_by_its_code(world: World) -> None:
    named(world, "NET-01", "Netwerken beheren")
    assert fit(world, "Ik heb Netwerken beheren gehaald bij Windesheim") == (MATCH, Why.SAME, "NET-01")
    assert fit(world, "PRG-01") == (MATCH, Why.SAME, "PRG-01")
    assert fit(world, "Netwerken beheren, 2 EC") == (MAYBE, Why.OTHER_CREDITS, "NET-01")
    assert fit(world, "bloemschikken") == (MISS, Why.NOTHING, "")


def test_a_module_elsewhere_counts_only_once_a_board_says_so(world: World) -> None:
    assert fit(world, "NETA-01 bij Aeres")[0] is not MATCH
    world.equivalence("NET-01", "Aeres Hogeschool", "NETA-01")
    assert fit(world, "NETA-01 bij Aeres") in {(MATCH, Why.EQUIVALENT, "NET-01"), (MATCH, Why.COUNTS_AS, "NET-01")}


def test_a_diploma_counts_by_its_number_for_who_the_board_published_it(world: World) -> None:
    assert fit(world, "mbo diploma crebo 25648")[0] is MISS
    world.equivalence("DAT-01", "CREBO", "25648", kind=EvidenceKind.DIPLOMA)
    assert fit(world, "mbo diploma crebo 25648") == (MATCH, Why.EQUIVALENT, "DAT-01")
    assert fit(world, "mbo diploma crebo 25649")[0] is not MATCH


def test_a_remote_course_counts_as_its_mapping_says_after_a_test(world: World) -> None:
    with world.database.writing() as session:
        module = modules_to_claim(session, [world.modules["DAT-01"]])[world.modules["DAT-01"]]
        mapping = Mapping(
            id=new_id(), code=short_code(), provider_id=world.provider_id, mooc_module_id=world.modules["NETA-01"], module_id=module.id, valid_from=amsterdam_day(world.now),
            valid_until=amsterdam_day(world.now) + timedelta(days=9), drafted_at=world.now, published_at=world.now, published_by=world.board.person_id,
        )
        session.add(mapping)
        session.flush()
        half = module.outcomes[0]
        session.add(MappingOutcome(mapping_id=mapping.id, outcome_id=half.id, wording_digest=wording_digest(half.wording.nl)))
    pathway = world.pathway()
    [found] = answer(world, pathway, "NETA-01 van Aeres").fits
    assert (found.fits, found.why, found.for_module_id, found.ec) == (MATCH, Why.AFTER_TEST, module.id, Decimal("2.5"))
    added = add(world, pathway, "NETA-01 van Aeres")
    with world.database.reading() as session:
        had = gather(session, added, now=world.now).problem.had
    assert [(each.module, each.ec, each.is_whole) for each in had] == [(module.slug, 25, False)]


def test_what_a_board_lets_go_by_itself_may_count_and_is_asked_first(world: World) -> None:
    with world.database.writing() as session:
        module = modules_to_claim(session, [world.modules["DAT-01"]])[world.modules["DAT-01"]]
        session.add(PatternApproval(
            id=new_id(), code=short_code(), provider_id=world.provider_id, key="k", outcome_id=module.outcomes[0].id, about="Mbo-diploma, CREBO 25648", fewest_parents=1,
            until=amsterdam_day(world.now), approved_by=world.board.person_id, approved_at=world.now,
        ))
    assert fit(world, "mbo niveau 4, crebo 25648") == (MAYBE, Why.DECIDED, "DAT-01")
    world.pass_time(days=1)
    assert fit(world, "mbo niveau 4, crebo 25648")[0] is MISS


def test_an_equivalence_that_ended_counts_no_more(world: World) -> None:
    world.equivalence("DAT-01", "CREBO", "25648", kind=EvidenceKind.DIPLOMA)
    pathway = world.pathway()
    world.pass_time(days=400)
    assert answer(world, pathway, "crebo 25648").fits[0].fits is not MATCH


def test_what_looks_like_a_module_may_count(world: World) -> None:
    named(world, "NET-01", "Netwerken beheren")
    assert fit(world, "cursus netwerken beheren bij Cisco") == (MAYBE, Why.ALIKE, "NET-01")
    assert fit(world, "drie jaar ervaring met networks") == (MAYBE, Why.SKILL, "NET-01")
    named(world, "NET-01", "Netwerkbeheer")
    assert fit(world, "netwerken") == (MAYBE, Why.ALIKE, "NET-01")
    named(world, "NET-01", "Voorraadbeheer en bestellen")
    assert fit(world, "projectmanagement") == (MISS, Why.NOTHING, "")


def test_a_name_that_another_school_has_too_counts_once_the_school_is_named(world: World) -> None:
    named(world, "NET-01", "Netwerken beheren")
    named(world, "NETA-01", "Netwerken beheren")
    search.rebuild(now=world.now)
    assert fit(world, "Netwerken beheren") == (MAYBE, Why.SEVERAL, "NET-01")
    assert fit(world, "Netwerken beheren, Windesheim") == (MATCH, Why.SAME, "NET-01")
    assert fit(world, "Netwerken beheren, Aeres")[0] is not MATCH


def test_for_a_goal_of_skills_a_module_counts_that_trains_one(world: World) -> None:
    goal = {"goal": "skills", "skills": [NETWORKS]}
    assert fit(world, "NETA-01 bij Aeres", **goal) == (MATCH, Why.SAME, "NETA-01")
    assert fit(world, "PRG-01", **goal)[0] is not MATCH


def test_what_counts_is_had_in_the_question_for_the_solver(world: World) -> None:
    pathway = add(world, world.pathway(), "PRG-01")
    with world.database.reading() as session:
        had = {each.module: (each.ec, each.is_whole) for each in gather(session, pathway, now=world.now).problem.had}
    assert had == {world.slugs["PRG-01"]: (50, True)}


def test_what_only_may_count_is_not_had(world: World) -> None:
    pathway = add(world, world.pathway(), "PRG-01 3 EC")
    assert [each.fits for each in pathway.has] == [MAYBE]
    with world.database.reading() as session:
        assert not gather(session, pathway, now=world.now).problem.had


def test_a_paper_for_two_modules_is_one_thing_in_the_list(world: World) -> None:
    for key in ("DAT-01", "NET-01"):
        world.equivalence(key, "CREBO", "25648", kind=EvidenceKind.DIPLOMA)
    pathway = add(world, world.pathway(), "crebo 25648")
    assert {each.for_module_id for each in pathway.has} == {world.modules["DAT-01"], world.modules["NET-01"]}
    world.run(having.remove_has, key=pathway.edit_key, version=pathway.version, has_id=pathway.has[0].id)
    assert not world.facts(pathway.id).has


@pytest.mark.parametrize(("text", "refusal"), [
    ("NET-01 500 EC", TooManyCredits), ("NET-01 -5 EC", CreditsUnclear), ("NET-01 0 EC", CreditsUnclear), ("NET-01 2,55 EC", CreditsUnclear),
    ("NET-01 5 EC en 5 EC", CreditsUnclear), (f"NET-01 {'9' * 150} EC", TooManyCredits), (f"NET-01 -{'9' * 150} EC", CreditsUnclear),
])
def test_credits_that_can_not_be_are_refused(world: World, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        answer(world, world.pathway(), text)


def test_more_together_than_the_goal_asks_is_refused_and_what_counts_nowhere_is_not_counted(world: World) -> None:
    pathway = add(world, world.pathway(), "bloemschikken 25 EC")
    pathway = add(world, pathway, "PRG-01 10 EC")
    pathway = add(world, pathway, "NET-01 20 EC")
    with pytest.raises(TooManyCredits) as refused:
        answer(world, pathway, "DAT-01 5 EC")
    assert "30 EC" in refused.value.sentence()
    assert answer(world, pathway, "DAT-01").fits[0].fits is MATCH


def test_the_same_words_are_in_the_list_once_and_a_list_has_an_end(world: World) -> None:
    pathway = add(world, world.pathway(), "Koken")
    with pytest.raises(SaidAlready):
        answer(world, pathway, "KOKEN")
    full = tuple(replace(pathway.has[0], id=new_id(), said=f"Koken {number}") for number in range(having.MOST_THINGS))
    with pytest.raises(ListFull):
        having.check(full, answer(world, pathway, "Bakken").said, most=Decimal(30))


def test_who_saw_an_older_version_changes_nothing(world: World) -> None:
    pathway = world.pathway()
    found = answer(world, pathway, "PRG-01")
    changed = add(world, pathway, "NET-01")
    for act, what in (
        (having.add_has, {"said": found.said, "found": found.fits, "diploma": "4"}), (having.remove_has, {"has_id": changed.has[0].id}), (having.set_diploma, {"diploma": "4"}),
    ):
        with pytest.raises(PathwayChanged):
            world.run(act, key=pathway.edit_key, version=pathway.version, **what)
    assert world.facts(pathway.id) == changed


def test_of_two_browsers_that_add_at_once_one_is_told(world: World) -> None:
    pathway = world.pathway()
    here, there = (answer(world, pathway, text) for text in ("PRG-01", "NET-01"))

    def adding(found: Answered) -> Callable[[Session], None]:
        return lambda session: having.add_has(
            session, key=pathway.edit_key, version=pathway.version, said=found.said, found=found.fits, diploma="", now=world.now,
        )

    assert at_the_same_time(world.database, adding(here), adding(there)) == PathwayChanged.code
    assert [each.said for each in world.facts(pathway.id).has] == ["PRG-01"]


def test_the_link_to_read_changes_nothing(world: World) -> None:
    pathway = world.pathway()
    with pytest.raises(PathwayNotFound):
        answer(world, replace(pathway, edit_key=pathway.read_key), "PRG-01")
    with pytest.raises(PathwayNotFound):
        world.run(having.set_diploma, key=pathway.read_key, version=pathway.version, diploma="4")


def test_what_counts_takes_its_module_out_of_the_chosen_route_and_keeps_what_else_is_locked(world: World) -> None:
    pathway = world.pathway()
    with world.database.writing() as session:
        session.get_one(Pathway, pathway.id).chosen = Option.SHORTEST
        for position, (key, is_locked) in enumerate((("PRG-01", True), ("NET-01", True), ("DAT-01", False))):
            session.add(PathwayStep(
                id=new_id(), pathway_id=pathway.id, position=position, module_id=world.modules[key], course_key=key, first_on=AUTUMN, last_on=AUTUMN + LENGTH,
                is_locked=is_locked, reason=StepReason.REQUIRED,
            ))
    pathway = add(world, pathway, "bloemschikken")
    assert (pathway.chosen, len(pathway.steps)) == (Option.SHORTEST, 3)
    pathway = add(world, pathway, "PRG-01")
    assert (pathway.chosen, [each.module_id for each in pathway.steps]) == (None, [world.modules["NET-01"]])


def test_only_its_owner_sees_what_is_known_of_them_here(world: World) -> None:
    world.passed(world.learner, "PRG-01", "tue")
    pathway = world.pathway(of=world.learner)
    with world.database.reading() as session:
        assert [each.module for each in have_list(session, pathway, reader=world.learner.person_id, now=world.now).credits] == [world.slugs["PRG-01"]]
        for reader in (None, world.stranger.person_id):
            assert not have_list(session, pathway, reader=reader, now=world.now).credits


def test_the_list_says_why_each_thing_counts(world: World) -> None:
    named(world, "NET-01", "Netwerken beheren")
    world.equivalence("DAT-01", "CREBO", "25648", kind=EvidenceKind.DIPLOMA)
    pathway = world.pathway()
    for text in ("PRG-01", "crebo 25648", "cursus netwerken beheren", "bloemschikken"):
        pathway = add(world, pathway, text)
    with world.database.reading() as session:
        listed = have_list(session, pathway, reader=None, now=world.now).listed
    assert [each.why for each in listed] == [Why.SAME, Why.EQUIVALENT, Why.ALIKE, Why.NOTHING]
    assert [each.ec for each in listed] == [5, 5, 5, None]
    assert [each.has.kind for each in listed] == [HasKind.MODULE, HasKind.DIPLOMA, HasKind.COURSE, HasKind.COURSE]


def amounts(world: World, pathway: PathwayFacts, reader: Any = None) -> tuple[int, int, int]:
    with world.database.reading() as session:
        return progress_with(have_list(session, pathway, reader=reader, now=world.now), today=amsterdam_day(world.now))


def test_the_bar_shows_what_counts_what_may_and_what_is_left_of_the_goal(world: World) -> None:
    pathway = world.pathway(has=[("PRG-01", MATCH), ("DAT-01", MAYBE), ("NET-01", MISS)])
    assert amounts(world, pathway) == (50, 50, 200)


def test_the_bar_counts_no_more_of_a_choice_than_is_asked_and_nothing_twice(world: World) -> None:
    assert amounts(world, world.pathway(has=[("SEC-01", MATCH), ("UX-01", MATCH), ("CLD-01", MATCH), ("UX-01", MAYBE)])) == (100, 0, 200)


def test_the_bar_has_what_is_known_of_the_owner_to_the_owner(world: World) -> None:
    world.passed(world.learner, "PRG-01", "tue")
    pathway = world.pathway(of=world.learner, has=[("PRG-01", MAYBE)])
    assert amounts(world, pathway, world.learner.person_id) == (50, 0, 250)
    assert amounts(world, pathway) == (0, 50, 250)


def test_the_bar_of_a_goal_of_skills_counts_skills(world: World) -> None:
    pathway = world.pathway(goal="skills", skills=[NETWORKS, PROGRAMMING], has=[("NETA-01", MATCH), ("PRG-01", MAYBE)])
    assert amounts(world, pathway) == (1, 1, 0)
    assert amounts(world, world.pathway(goal="skills", skills=[NETWORKS, PROGRAMMING])) == (0, 0, 2)
