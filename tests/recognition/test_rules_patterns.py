"""Precedents: what is the same is found again, what differs is not, and nothing but a yes on papers is given without a person looking."""

from datetime import date
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.recognition.kinds import EvidenceKind, Judgement
from academy.recognition.rules.patterns import (
    Approval,
    Given,
    Pattern,
    Precedent,
    Shown,
    all_approve_themselves,
    may_approve_itself,
    part_key,
    proposal,
    repeatable_until,
    source_key,
    tally,
    wording_digest,
)
from tests.recognition.files import NO, OUTCOMES, PARTLY, YES

TODAY = date(2026, 9, 1)
CREBO = Shown(EvidenceKind.DIPLOMA, "CREBO", "25648")
COURSE = Shown(EvidenceKind.COMPANY_COURSE, "Zilvermeeuw Techniek", "Lassen 2")
WORK = Shown(EvidenceKind.WORK)
WORDS = "Je last een hoeknaad volgens de tekening."

shown = st.builds(Shown, st.sampled_from(EvidenceKind), st.text(max_size=6), st.text(max_size=6))
patterns = st.builds(Pattern, st.sampled_from(OUTCOMES), st.text(max_size=12), st.frozensets(shown, max_size=4))


def pattern(*pieces: Shown, wording: str = WORDS, outcome: UUID = OUTCOMES[0]) -> Pattern:
    return Pattern(outcome, wording, frozenset(pieces))


def precedent(number: int, judgement: Judgement = YES, *, until: date | None = None, part: str = "", on: date = TODAY) -> Precedent:
    return Precedent(UUID(int=number), judgement, on, until, part)


@pytest.mark.parametrize("same", [
    Shown(EvidenceKind.DIPLOMA, "crebo", " 25648 "), Shown(EvidenceKind.DIPLOMA, "Crébo", "25648."), Shown(EvidenceKind.DIPLOMA, "CREBO\n", "\uff12\uff15\uff16\uff14\uff18"),
])
def test_the_same_paper_is_the_same_however_it_was_typed(same: Shown) -> None:
    assert pattern(same, COURSE).key == pattern(COURSE, CREBO).key


@pytest.mark.parametrize("other", [
    pattern(CREBO), pattern(CREBO, COURSE, WORK), pattern(CREBO, COURSE, outcome=OUTCOMES[1]), pattern(CREBO, COURSE, wording="Je last een stompe naad."),
    pattern(CREBO, Shown(EvidenceKind.COMPANY_COURSE, "Zilvermeeuw Techniek", "Lassen 3")), pattern(CREBO, Shown(EvidenceKind.MOOC, COURSE.source, COURSE.code)), pattern(),
])
def test_another_paper_outcome_or_wording_is_another_pattern(other: Pattern) -> None:
    assert other.key != pattern(CREBO, COURSE).key


def test_what_is_in_one_field_is_not_taken_for_what_is_in_the_next() -> None:
    assert pattern(Shown(EvidenceKind.MOOC, "edx a", "b")).key != pattern(Shown(EvidenceKind.MOOC, "edx", "a b")).key


def test_the_key_is_the_same_for_good() -> None:
    """It stands in the database: whoever changes how it is made, loses every precedent; then give it another version on purpose."""
    assert pattern(CREBO, COURSE, WORK).key == "dea2494170816bf8a69e509263161d88b563c130d3c39966a922abac3e73b2ae"


@given(patterns, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(found: Pattern, chance: Random) -> None:
    again = chance.sample(sorted(found.shown, key=str), len(found.shown))
    assert len(found.key) == 64
    assert Pattern(found.outcome_id, f"  {found.wording} ", frozenset([*again, *again])).key == found.key


def test_of_what_is_ones_own_only_the_kind_is_the_same() -> None:
    mine, theirs = (Shown(EvidenceKind.WORK, "my garage", code) for code in ("gate", "stairs"))
    assert pattern(mine).key == pattern(theirs).key == pattern(mine, theirs).key
    assert not pattern(CREBO, mine).is_documentary
    assert pattern(CREBO, COURSE).is_documentary
    assert not pattern().is_documentary
    assert not pattern(Shown(EvidenceKind.DIPLOMA, "CREBO", " - ")).is_documentary  # a paper without a number may be any


def test_what_was_decided_each_time_is_proposed_with_its_parents_the_newest_first() -> None:
    given = tally([precedent(1, on=date(2026, 1, 1)), precedent(3, on=date(2026, 8, 1)), precedent(2, on=date(2026, 8, 1))], TODAY)
    assert proposal(given) == Given(YES, "", 3, (UUID(int=3), UUID(int=2), UUID(int=1)))


def test_a_precedent_counts_up_to_and_with_its_last_day() -> None:
    assert proposal(tally([precedent(1, until=TODAY)], TODAY))
    assert tally([precedent(1, until=date(2026, 8, 31))], TODAY) == []
    assert proposal(tally([precedent(1, NO, until=date(2026, 8, 31)), precedent(2)], TODAY)) == Given(YES, "", 1, (UUID(int=2),))


def test_the_same_part_in_other_signs_is_the_same_answer() -> None:
    same = [precedent(1, PARTLY, part="Tekeningen, lezen"), precedent(2, PARTLY, part=" tekeningen lezen.")]
    assert proposal(tally(same, TODAY)) == Given(PARTLY, " tekeningen lezen.", 2, (UUID(int=2), UUID(int=1)))


@pytest.mark.parametrize("differing", [
    [], [precedent(1), precedent(2, NO)], [precedent(1, PARTLY, part="drawings"), precedent(2, PARTLY, part="sums")], [precedent(1), precedent(2, PARTLY, part="sums")],
])
def test_where_decisions_differ_nothing_is_proposed(differing: list[Precedent]) -> None:
    assert proposal(tally(differing, TODAY)) is None


precedents = st.builds(
    Precedent, st.integers(1, 10**6).map(lambda number: UUID(int=number)), st.sampled_from(Judgement), st.dates(date(2024, 1, 1), TODAY),
    st.none() | st.dates(date(2026, 8, 20), date(2026, 9, 10)), st.sampled_from(["", "sums", "Sums "]),
)


@given(st.lists(precedents, max_size=12, unique_by=lambda each: each.decision_id), st.randoms(use_true_random=False))
def test_every_valid_precedent_is_counted_once_in_whatever_order_they_come(found: list[Precedent], chance: Random) -> None:
    counted = tally(found, TODAY)
    assert counted == tally(chance.sample(found, len(found)), TODAY)
    assert sorted(each for given in counted for each in given.newest) == sorted(each.decision_id for each in found if each.valid_until is None or each.valid_until >= TODAY)
    assert all(each.number == len(each.newest) for each in counted)
    assert (proposal(counted) is None) == (len(counted) != 1)


@pytest.mark.parametrize(("of", "found", "approval", "is_granted"), [
    (pattern(CREBO), Given(YES, "", 3, ()), Approval(3, TODAY), True),
    (pattern(CREBO), Given(YES, "", 2, ()), Approval(3, TODAY), False),
    (pattern(CREBO), Given(YES, "", 0, ()), Approval(0, TODAY), False),  # never without a parent
    (pattern(CREBO), Given(YES, "", 3, ()), Approval(3, date(2026, 8, 31)), False),
    (pattern(CREBO), Given(YES, "", 3, ()), None, False),
    (pattern(CREBO), None, Approval(1, TODAY), False),
    (pattern(CREBO, WORK), Given(YES, "", 9, ()), Approval(1, TODAY), False),
    (pattern(CREBO), Given(NO, "", 9, ()), Approval(1, TODAY), False),
    (pattern(CREBO), Given(PARTLY, "sums", 9, ()), Approval(1, TODAY), False),
])
def test_only_a_yes_on_papers_is_given_without_a_person_looking(of: Pattern, found: Given | None, approval: Approval | None, is_granted: bool) -> None:
    assert may_approve_itself(of, found, approval, TODAY) is is_granted


def test_a_request_is_granted_by_itself_as_a_whole_or_a_person_decides() -> None:
    assert all_approve_themselves([True, True])
    assert not all_approve_themselves([True, False])
    assert not all_approve_themselves([])


@pytest.mark.parametrize("same", [WORDS, f"  {WORDS.upper()}\n", WORDS.rstrip("."), WORDS.replace(" ", "  ")])
def test_words_are_the_same_words_whatever_the_spacing_case_and_signs(same: str) -> None:
    assert wording_digest(same) == wording_digest(WORDS)
    assert len(wording_digest(same)) == 64


def test_other_words_are_other_words() -> None:
    assert wording_digest(WORDS) != wording_digest(WORDS.replace("hoeknaad", "stompe naad"))


def test_no_part_is_no_part_and_the_same_part_is_the_same() -> None:
    assert part_key("") == part_key(" - ") == ""
    assert part_key("Tekeningen, lezen") == part_key(" tekeningen lezen.") != part_key("tekeningen")
    assert len(part_key("sums")) == 64


def test_the_same_paper_has_the_same_source_and_another_kind_of_it_has_not() -> None:
    assert source_key(EvidenceKind.MOOC, "Ed-X", "AI 101") == source_key(EvidenceKind.MOOC, "ed x", " ai-101")
    assert source_key(EvidenceKind.MOOC, "edx", "a b") != source_key(EvidenceKind.MOOC, "edx a", "b")
    assert source_key(EvidenceKind.MOOC, "edx", "101") != source_key(EvidenceKind.COMPANY_COURSE, "edx", "101")


def test_a_decision_may_be_repeated_for_five_years() -> None:
    assert repeatable_until(TODAY) == date(2031, 9, 1)
    assert repeatable_until(date(2028, 2, 29)) == date(2033, 2, 28)
