"""What somebody types counts only where nothing is left to judge; the rest is asked or does not look like it. Pure rules."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel.ids import new_id
from academy.pathways.kinds import HasKind, Match
from academy.pathways.rules.matching import Fit, Here, Like, Paper, Why, fitting, read, words_of

NETWORKS, PYTHON, OTHER, REMOTE = new_id(), new_id(), new_id(), new_id()
FIVE = Decimal(5)
MATCH, MAYBE, MISS = Match.MATCH, Match.MAYBE, Match.MISS


def here(module_id: UUID, title: str, code: str = "", giver: str = "Windesheim in Almere", counts_as: UUID | None = None) -> Here:
    return Here(module_id, (words_of(title),), (words_of(code),) if code else (), frozenset(words_of(giver)), FIVE, counts_as)


def paper(title: str, code: str, giver: str, *, module_id: UUID = NETWORKS, ec: Decimal = FIVE, needs_test: bool = False) -> Paper:
    return Paper(module_id, (words_of(title),), (words_of(code),), frozenset(words_of(giver)), ec, ec == FIVE, "Windesheim", needs_test)


MODULES = (here(NETWORKS, "Module Netwerken", "NET-01", counts_as=NETWORKS), here(PYTHON, "Programmeren in Python", "PRG-01", counts_as=PYTHON))


def fit(text: str, modules: Sequence[Here] = MODULES, papers: Sequence[Paper] = (), likes: Sequence[Like] = ()) -> Fit:
    [found] = fitting(read(text), modules, papers, likes, {NETWORKS: FIVE, PYTHON: FIVE})
    return found


@pytest.mark.parametrize("text", [
    "Netwerken", "module netwerken", "Ik heb module Netwerken gehaald bij Windesheim", "NET-01", "net 01 Netwerken", "Netwerken 5 EC", "Netwerken (5,0 ects), 2024",
    "I have passed Netwerken at Windesheim in Almere", "NÉTWERKEN",
])
def test_the_very_module_counts_however_it_is_said(text: str) -> None:
    assert fit(text) == Fit(MATCH, Why.SAME, HasKind.MODULE, NETWORKS, NETWORKS)


@pytest.mark.parametrize("text", [
    "Netwerken bij Saxion", "Netwerken niet gehaald", "een beetje netwerken", "Netwerken en servers", "NET-01 van Aeres", "ervaring met netwerken", "netwerken 1", "netwerken deel 2",
])
def test_a_word_that_is_left_over_is_never_a_match(text: str) -> None:
    assert fit(text).fits is MISS
    assert fit(text, likes=[Like(NETWORKS, 0.8, Why.ALIKE)]).fits is MAYBE


def test_a_name_that_several_modules_have_counts_only_with_who_gave_it() -> None:
    modules = (*MODULES, here(OTHER, "Netwerken", giver="Aeres Hogeschool"))
    assert fit("Netwerken", modules) == Fit(MAYBE, Why.SEVERAL, HasKind.MODULE, NETWORKS, None, FIVE)
    assert fit("Netwerken bij Windesheim", modules).fits is MATCH
    assert fit("Netwerken bij Aeres", modules) == Fit(MISS, Why.NOTHING, HasKind.MODULE, module_id=OTHER)


def test_what_the_goal_counts_as_a_module_counts_for_that_module() -> None:
    modules = (*MODULES, here(OTHER, "Networks", giver="Aeres Hogeschool", counts_as=NETWORKS))
    assert fit("Networks", modules) == Fit(MATCH, Why.COUNTS_AS, HasKind.MODULE, NETWORKS, OTHER)


def test_other_credits_than_those_of_the_module_are_for_a_board_to_look_at() -> None:
    assert fit("Netwerken 3 EC") == Fit(MAYBE, Why.OTHER_CREDITS, HasKind.MODULE, NETWORKS, NETWORKS, Decimal(3))
    assert fit("Netwerken 10 EC").ec == FIVE


def test_a_paper_that_a_board_published_counts_for_what_the_board_said() -> None:
    papers = [paper("Cisco CCNA", "200-301", "Cisco"), paper("Netwerkbeheerder", "25648", "mbo diploma crebo", ec=Decimal(2))]
    assert fit("CCNA van Cisco", papers=papers) == Fit(MATCH, Why.EQUIVALENT, HasKind.COURSE, NETWORKS, None, None, "Windesheim")
    assert fit("200-301", papers=papers).fits is MATCH
    assert fit("mbo diploma 25648", papers=papers) == Fit(MATCH, Why.EQUIVALENT, HasKind.DIPLOMA, NETWORKS, None, Decimal(2), "Windesheim")
    assert fit("mbo diploma 25649", papers=papers).fits is MISS
    assert fit("CCNA van Cisco, gezakt", papers=papers).fits is MISS


def test_a_paper_for_two_modules_gives_an_answer_for_each_and_the_best_of_each() -> None:
    papers = [
        paper("CCNA", "C-100", "Cisco", ec=Decimal(2)), paper("CCNA", "C-100", "Cisco"), paper("CCNA", "C-100", "Cisco", module_id=PYTHON, needs_test=True),
        paper("CCNA", "C-100", "Cisco", needs_test=True),
    ]
    found = fitting(read("CCNA Cisco"), MODULES, papers, (), {})
    assert [(each.for_module_id, each.why, each.ec) for each in found] == [(NETWORKS, Why.EQUIVALENT, None), (PYTHON, Why.AFTER_TEST, None)]


def test_of_what_looks_like_it_the_most_alike_is_named_with_no_more_than_its_credits() -> None:
    likes = [Like(PYTHON, 0.6, Why.ALIKE), Like(NETWORKS, 0.7, Why.SKILL, "netwerken beheren")]
    assert fit("iets met kabels, 30 EC", likes=likes) == Fit(MAYBE, Why.SKILL, HasKind.COURSE, NETWORKS, None, FIVE, "netwerken beheren")
    assert fit("iets met kabels, 2 EC", likes=likes).ec == Decimal(2)


@pytest.mark.parametrize(("text", "ec"), [
    ("Koken 5 EC", "5"), ("Koken (2,5 ECTS)", "2.5"), ("Koken 60 studiepunten", "60"), ("Koken -5 EC", "-5"), ("Koken 1.000 EC", "1000"), ("Koken 500 credits", "500"),
])
def test_credits_are_read_as_people_write_them(text: str, ec: str) -> None:
    said = read(text)
    assert (said.ec, said.is_clear, said.words) == (Decimal(ec), True, ("koken",))


@pytest.mark.parametrize("text", ["Koken 5 EC en bakken 10 EC", "Koken 1.2.3 EC"])
def test_credits_that_can_not_be_read_are_not_guessed(text: str) -> None:
    assert (read(text).ec, read(text).is_clear) == (None, False)


def test_a_number_that_is_no_credits_is_left_alone() -> None:
    assert read("Windows Server 2019").ec is None
    assert read("Windows Server 2019").is_clear


@given(st.text(max_size=200))
def test_anything_that_is_typed_has_an_answer(text: str) -> None:
    [found] = fitting(read(text), MODULES, [paper("Cisco CCNA", "200-301", "Cisco")], (), {})
    assert (found.for_module_id is None) == (found.fits is MISS)


@given(st.sampled_from(["Netwerken", "NET-01", "Programmeren in Python"]), st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=9, max_size=12))
def test_any_other_word_beside_a_name_makes_it_no_match(name: str, word: str) -> None:
    assert fit(f"{name} {word}").fits is (MATCH if word in {"voldoende", "completed"} else MISS)
