"""What fits what somebody wants, how well, and why."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.employers.rules import ONLINE, SLOTS, Because, Offered, Reason, Skill, Wanted, fit, ranked, words_of
from academy.kernel.money import Money

WELDING = Skill("welding", broader=frozenset({"metalwork"}), related=frozenset({"drawings"}))
TIG = Skill("tig", broader=frozenset({"welding"}))
METALWORK, DRAWINGS, CARE = Skill("metalwork"), Skill("drawings"), Skill("care")

uris = "abcdef"
skills = st.builds(
    Skill, st.sampled_from(uris), st.frozensets(st.sampled_from(uris), max_size=2), st.frozensets(st.sampled_from(uris), max_size=2),
)
sides = {
    "skills": st.lists(skills, max_size=4, unique_by=lambda skill: skill.uri).map(tuple),
    "words": st.frozensets(st.sampled_from(["lassen", "tig", "metaal", "zorg", "excel"])), "areas": st.frozensets(st.sampled_from(["13", "12", "97", ONLINE])),
    "slots": st.frozensets(st.sampled_from(SLOTS[:4])), "level": st.sampled_from(["", "3", "4", "4+", "5", "7"]),
    "price": st.none() | st.integers(0, 1000).map(Money), "day": st.none() | st.dates(date(2027, 1, 1), date(2027, 1, 9)),
}
wants = st.builds(Wanted, st.just("wanted"), **sides)
offers = st.builds(Offered, st.uuids().map(str), **sides)


def wanted(*those: Skill, **more: Any) -> Wanted:
    return replace(Wanted("wanted", those), **more)


def offered(*those: Skill, **more: Any) -> Offered:
    return replace(Offered("offered", those), **more)


def score(one: Wanted, other: Offered) -> float:
    found = fit(one, other)
    return found.score if found else 0.0


def reasons(one: Wanted, other: Offered) -> list[Reason]:
    found = fit(one, other)
    return [because.reason for because in found.reasons] if found else []


def test_the_skill_itself_fits_better_than_a_broader_one_and_that_better_than_a_related_one() -> None:
    found = [fit(wanted(WELDING), offered(other)) for other in (WELDING, METALWORK, DRAWINGS, CARE)]
    assert [match.reasons if match else None for match in found] == [
        (Because(Reason.SKILL, ("welding",)),), (Because(Reason.BROADER, ("welding",)),), (Because(Reason.RELATED, ("welding",)),), None,
    ]
    scores = [match.score if match else 0 for match in found]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


@pytest.mark.parametrize(("one", "other"), [(WELDING, METALWORK), (TIG, WELDING), (WELDING, DRAWINGS), (WELDING, WELDING), (CARE, TIG)])
def test_how_two_skills_are_linked_is_the_same_from_both_sides(one: Skill, other: Skill) -> None:
    assert reasons(wanted(one), offered(other)) == reasons(wanted(other), offered(one))
    assert score(wanted(one), offered(other)) == score(wanted(other), offered(one))


def test_a_course_that_covers_more_of_what_is_wanted_fits_better_and_one_that_teaches_more_besides_fits_as_well() -> None:
    want = wanted(WELDING, CARE)
    assert score(want, offered(WELDING, CARE)) > score(want, offered(WELDING, METALWORK)) > score(want, offered(METALWORK)) > 0
    assert score(want, offered(WELDING, CARE)) == score(want, offered(WELDING, CARE, Skill("excel")))


def test_words_in_common_make_a_match_where_no_skill_does_unless_they_are_chance() -> None:
    want = wanted(words=words_of("Mijn mensen moeten leren lassen met TIG"))
    assert want.words == {"lassen", "tig"}
    assert fit(want, offered(words=words_of("Lassen voor beginners"))) is not None
    assert reasons(want, offered(words=frozenset({"lassen"}))) == [Reason.WORDS]
    long = wanted(words=frozenset("abcdefghi"))
    assert fit(long, offered(words=frozenset("ab"))) is None
    assert fit(long, offered(words=frozenset("abc"))) is not None


def test_words_are_compared_without_accents_and_case_and_a_trade_of_two_letters_is_a_word() -> None:
    assert words_of("Eén CAFÉ, IT & C++: de basis van café-IT") == {"cafe", "it", "c++", "basis"}
    assert words_of("Wij willen dat onze medewerkers beter kunnen omgaan met de cursus") == frozenset()


def test_what_is_too_far_away_is_no_match_unless_it_is_online() -> None:
    almere = wanted(WELDING, areas=frozenset({"13"}))
    here, near, far, online = (fit(almere, offered(WELDING, areas=frozenset({area}))) for area in ("13", "12", "97", ONLINE))
    assert far is None
    assert [match.reasons[1:] if match else None for match in (here, near, online)] == [(Because(Reason.PLACE, ("13",)),), (Because(Reason.NEAR, ("12",)),), ()]
    assert [match.doubts if match else None for match in (here, near, online)] == [(), (), (Reason.PLACE,)]
    scores = [match.score if match else 0 for match in (here, near, online)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3
    assert reasons(wanted(WELDING, areas=frozenset({ONLINE})), offered(WELDING, areas=frozenset({ONLINE}))) == [Reason.SKILL, Reason.ONLINE]


def test_each_circumstance_is_a_reason_when_it_agrees_and_a_doubt_when_it_does_not() -> None:
    want = wanted(WELDING, areas=frozenset({"13"}), slots=frozenset({"tue-evening"}), level="4", price=Money(450_00), day=date(2027, 3, 1))
    good = offered(WELDING, areas=frozenset({"13"}), slots=frozenset({"tue-evening", "sat-morning"}), level="4", price=Money(450_00), day=date(2027, 3, 1))
    bad = offered(WELDING, areas=frozenset({ONLINE}), slots=frozenset({"sat-morning"}), level="5+", price=Money(495_01), day=date(2027, 3, 2))
    whole, worst = fit(want, good), fit(want, bad)
    assert whole is not None
    assert worst is not None
    assert (whole.score, whole.doubts) == (1.0, ())
    assert [each.reason for each in whole.reasons] == [Reason.SKILL, Reason.PLACE, Reason.SLOT, Reason.PRICE, Reason.LEVEL, Reason.DATE]
    assert whole.reasons[2].about == ("tue-evening",)
    assert (worst.score, worst.doubts) == (0.6, (Reason.PLACE, Reason.SLOT, Reason.PRICE, Reason.LEVEL, Reason.DATE))


def test_a_little_dearer_or_a_level_apart_is_neither_a_reason_nor_a_doubt() -> None:
    found = fit(wanted(WELDING, price=Money(450_00), level="4"), offered(WELDING, price=Money(495_00), level="4+"))
    assert found is not None
    assert (found.doubts, [each.reason for each in found.reasons]) == ((), [Reason.SKILL])


@given(wants, offers)
def test_a_score_is_above_nothing_and_at_most_one_and_always_has_a_reason_in_what_is_learned(want: Wanted, offer: Offered) -> None:
    found = fit(want, offer)
    assert found == fit(want, offer)
    if found is not None:
        assert 0 < found.score <= 1
        assert {each.reason for each in found.reasons} & {Reason.SKILL, Reason.BROADER, Reason.RELATED, Reason.WORDS}
        assert len({each.reason for each in found.reasons}) == len(found.reasons)
        assert not set(found.doubts) & {each.reason for each in found.reasons}


@given(wants, offers)
def test_what_is_not_known_of_a_circumstance_never_fits_worse_than_what_speaks_against_it(want: Wanted, offer: Offered) -> None:
    found = fit(want, offer)
    blank: dict[Reason, dict[str, Any]] = {
        Reason.PLACE: {"areas": frozenset()}, Reason.SLOT: {"slots": frozenset()}, Reason.PRICE: {"price": None}, Reason.LEVEL: {"level": ""},
        Reason.DATE: {"day": None},
    }
    for doubt in found.doubts if found else ():
        assert score(want, replace(offer, **blank[doubt])) > score(want, offer)


@given(wants, offers)
def test_to_offer_a_skill_that_is_wanted_never_fits_worse(want: Wanted, offer: Offered) -> None:
    for skill in want.skills:
        assert score(want, replace(offer, skills=(*offer.skills, skill))) >= score(want, offer)


@given(wants, st.lists(offers, max_size=12, unique_by=lambda offer: offer.key), st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_list_is_the_same_in_whatever_order_the_candidates_come(want: Wanted, candidates: list[Offered], chance: random.Random, most: int) -> None:
    found = ranked(want, candidates, most)
    assert found == ranked(want, chance.sample(candidates, len(candidates)), most)
    assert [match.score for _offer, match in found] == sorted((score(want, each) for each in candidates if fit(want, each)), reverse=True)[:most]
    assert [each[0].key for each in found] == [each[0].key for each in sorted(found, key=lambda each: (-each[1].score, each[0].key))]
