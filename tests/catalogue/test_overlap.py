"""A new module beside what others publish: copies on top, strangers far below."""

import itertools
import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.catalogue import overlap
from academy.catalogue.overlap import SOME, STRONG, Overlap, Pair, Profile, Reason, nearest, overlaps
from academy.demo import reading
from academy.kernel.cleaning import clean_line, clean_text
from academy.kernel.text import Localized
from tests import real

COURSES = real.FOLDER / "modules" / "dutch_university_courses_html.json"

WELDING = Profile(
    "welding", Localized("Lassen van staal", "Welding steel"),
    (
        Localized("Je last een hoeknaad in dun staal.", "You weld a fillet joint in thin steel."),
        Localized("Je leest een werktekening met symbolen.", "You read a working drawing with symbols."),
        Localized("Je controleert een lasnaad op scheuren.", "You check a welded joint for cracks."),
    ),
    frozenset({"esco:weld", "esco:read-drawings"}), "3", Decimal(5),
)
BAKING = Profile(
    "baking", Localized("Brood bakken", "Baking bread"),
    (Localized("Je kneedt deeg voor brood.", "You knead dough for bread."), Localized("Je bakt op tijd af.", "You finish baking on time.")),
    frozenset({"esco:bake"}), "3", Decimal(5),
)


@cache
def demo() -> tuple[Profile, ...]:
    """Return the modules of the demo catalogue."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(reading.DATA.rglob("*.toml"))]
    return tuple(
        Profile(
            module["code"], Localized(**module["title"]), tuple(Localized(**outcome) for outcome in module["outcomes"]),
            level=module["level"], ec=Decimal(module["ec"]),
        )
        for table in tables for module in table.get("module", [])
    )


@cache
def courses() -> tuple[Profile, ...]:
    """Return the courses of Dutch universities; the outcomes are the lines of a text in HTML."""
    return tuple(_course(course) for course in json.loads(COURSES.read_text(encoding="utf-8")))


def _course(course: dict[str, str]) -> Profile:
    lines = [re.sub(r"^[-*•·\d.)\s]+", "", line) for line in clean_text(course["learningOutcomes"] or "").splitlines()]
    texts = [clean_line(course["name"]), *(line for line in lines if len(line) > 15)]
    joined = " ".join(texts)
    dutch = len(re.findall(r"\b(?:de|het|een|van)\b", joined)) > len(re.findall(r"\b(?:the|of|and|to)\b", joined))
    title, *outcomes = [Localized(nl=text) if dutch else Localized(en=text) for text in texts]
    return Profile(course["id"], title, tuple(outcomes[:12]))


def only(mine: Profile, other: Profile) -> Overlap | None:
    found = overlaps(mine, [other])
    return found[0] if found else None


# What counts


def test_a_copy_scores_one_and_says_why() -> None:
    found = only(WELDING, replace(WELDING, key="copy"))
    assert found == Overlap(
        "copy", 1.0, WELDING.skills, (Pair(0, 0, 1.0), Pair(1, 1, 1.0), Pair(2, 2, 1.0)),
        (Reason.SAME_TITLE, Reason.SHARED_SKILLS, Reason.SIMILAR_OUTCOMES),
    )


def test_modules_that_share_nothing_do_not_overlap() -> None:
    assert overlaps(WELDING, [BAKING]) == ()


def test_a_module_is_not_compared_with_itself() -> None:
    assert overlaps(WELDING, [WELDING]) == ()


def test_a_title_alone_is_never_strong() -> None:
    found = only(WELDING, Profile("title", WELDING.title))
    assert found is not None
    assert (found.score, found.reasons, found.pairs) == (0.5, (Reason.SAME_TITLE,), ())


def test_skills_are_compared_where_texts_have_no_language_in_common() -> None:
    dutch = replace(WELDING, title=Localized("Lassen"), outcomes=())
    english = Profile("english", Localized(en="Joining metal"), (Localized(en="You join metal."),), WELDING.skills)
    found = only(dutch, english)
    assert found is not None
    assert (found.score, found.shared_skills, found.reasons) == (1.0, WELDING.skills, (Reason.SHARED_SKILLS,))


def test_dutch_is_not_compared_with_english() -> None:
    assert overlaps(Profile("nl", Localized(nl="Die bank")), [Profile("en", Localized(en="Die bank"))]) == ()


@pytest.mark.parametrize(("one", "other"), [
    ("Je maakt plannen.", "Een plan maken."), ("Je schrijft brieven.", "Hij schrijven een brief."), ("Lezen van modules", "Je leest een module"),
    ("Ideeën beoordelen", "Je beoordeelt een idee"), ("Mogelijkheden herkennen", "Je herkent een mogelijkheid"), ("PROCESSEN", "proces"),
])
def test_the_form_of_a_word_does_not_count(one: str, other: str) -> None:
    found = only(Profile("a", Localized(nl=one)), Profile("b", Localized(nl=other)))
    assert found is not None
    assert found.score == 0.5
    assert found.reasons == (Reason.SAME_TITLE,)


def test_each_whole_level_takes_off_a_tenth() -> None:
    scores = [only(WELDING, replace(WELDING, key="other", level=level)) for level in ("3", "4", "4+", "5", "", "havo")]
    assert [found and found.score for found in scores] == [1.0, 0.9, 0.9, 0.8, 1.0, 1.0]


def test_outcomes_are_matched_one_to_one() -> None:
    twice = replace(WELDING, key="twice", outcomes=(WELDING.outcomes[0], WELDING.outcomes[0]))
    found = only(WELDING, twice)
    assert found is not None
    assert found.pairs == (Pair(0, 0, 1.0),)


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    crowd = [Profile(f"crowd-{number}", Localized(nl=f"Project nummer{number}")) for number in range(8)]
    common, rare = Profile("common", Localized(nl="Project taart")), Profile("rare", Localized(nl="Lasrobot taart"))
    found = overlaps(Profile("mine", Localized(nl="Project lasrobot")), [*crowd, common, rare], limit=20)
    scores = {overlap.key: overlap.score for overlap in found}
    assert scores["rare"] > 1.5 * scores["common"]


def test_a_sentence_that_everybody_writes_is_no_overlap() -> None:
    heading = Localized(en="After successful completion of this course you are expected to be able to:")
    others = [Profile(f"{number}", Localized(en=f"Subject{number}"), (heading, Localized(en=f"Apply thing{number}"))) for number in range(60)]
    assert overlaps(Profile("mine", Localized(en="Welding"), (heading, Localized(en="Weld steel"))), others) == ()


def test_of_equal_ones_the_nearest_in_ec_comes_first_and_then_the_key() -> None:
    others = [replace(WELDING, key=key, ec=ec) for key, ec in [("d", None), ("c", Decimal(6)), ("b", Decimal(15)), ("a", Decimal(15))]]
    assert [found.key for found in overlaps(WELDING, others)] == ["c", "a", "b", "d"]
    assert [found.key for found in overlaps(WELDING, others, limit=2)] == ["c", "a"]


WORDS = st.lists(st.sampled_from(["lassen", "staal", "brood", "deeg", "tekening", "lezen", "maken", "robot"]), max_size=4).map(" ".join)
PROFILES = st.lists(
    st.builds(
        Profile, key=st.uuids().map(str), title=st.builds(Localized, nl=WORDS, en=WORDS),
        outcomes=st.lists(st.builds(Localized, nl=WORDS, en=WORDS), max_size=3).map(tuple),
        skills=st.frozensets(st.sampled_from("abcd")), level=st.sampled_from(["", "4", "4+", "5"]),
    ),
    min_size=2, max_size=6, unique_by=lambda profile: profile.key,
)


@given(PROFILES)
def test_a_score_lies_between_nothing_and_one_and_is_the_same_from_both_sides(profiles: list[Profile]) -> None:
    mine, *others = profiles
    for found in overlaps(mine, others, limit=10):
        assert 0 < found.score <= 1
        other = next(profile for profile in others if profile.key == found.key)
        back = overlaps(other, [profile for profile in profiles if profile != other], limit=10)
        assert [overlap.shared_skills for overlap in back if overlap.key == mine.key] == [found.shared_skills]
        assert [overlap.score for overlap in back if overlap.key == mine.key] == [pytest.approx(found.score, abs=0.25)]


@given(PROFILES, st.randoms(use_true_random=False))
def test_the_order_of_the_others_does_not_count(profiles: list[Profile], chance: random.Random) -> None:
    mine, *others = profiles
    assert overlaps(mine, others) == overlaps(mine, chance.sample(others, len(others)))


# Texts of the demo catalogue and of universities


def almost_copied(profile: Profile) -> Profile:
    """Return it under another key, with a longer title, one outcome gone and one in other words."""
    last = profile.outcomes[-1]
    changed = Localized(f"{last.nl.removesuffix('.')} en je legt dit uit.", f"{last.en.removesuffix('.')} and you explain this.")
    return replace(profile, key="copy", title=Localized(f"{profile.title.nl} in de praktijk", f"{profile.title.en} in practice"),
                   outcomes=(*profile.outcomes[:-1], changed))


@pytest.mark.parametrize("code", ["BOU-01", "ENG-01", "LOS-01", "MOOC-02", "LOS-02"])
def test_an_almost_copied_module_of_the_demo_is_found_on_top(code: str) -> None:
    original = next(profile for profile in demo() if profile.key == code)
    first, *others = overlaps(almost_copied(original), demo())
    assert first.key == code
    assert first.score > 0.8
    assert all(found.score < SOME for found in others)


def test_welding_is_new_beside_baking_and_building() -> None:
    assert all(found.score < 0.2 for found in overlaps(BAKING, [profile for profile in demo() if profile.key.startswith("BOU")]))


@pytest.mark.parametrize(("mine", "other", "low", "high"), [
    ("MOOC-22", "ICT-01", STRONG, 0.8),  # Python for beginners, programming in Python: two outcomes are the same
    ("MOOC-02", "OND-05", SOME, STRONG),  # bookkeeping
    ("MOOC-16", "OFF-06", SOME, STRONG),  # privacy
    ("MOOC-27", "BOU-09", 0.1, SOME),  # building with timber
    ("OND-10", "BOU-09", 0.1, SOME),  # one outcome the same: presenting in English
])
def test_pairs_of_the_demo_lie_where_a_reader_puts_them(mine: str, other: str, low: float, high: float) -> None:
    own = next(profile for profile in demo() if profile.key == mine)
    assert low <= {found.key: found.score for found in overlaps(own, demo())}[other] < high


@real.needed
@pytest.mark.parametrize(("mine", "other", "low", "high"), [
    ("Vakdidactiek Duits 2", "Vakdidactiek Geschiedenis 2", 0.8, 1.0),  # word for word the same outcomes
    ("Water Treatment", "Biological Water Treatment and Recovery Technology", STRONG, 0.9),
    ("Sociology", "Sociology of Health", SOME, STRONG),
    ("Studio Participative Planning", "Studio Strategic Planning", 0.05, SOME),
    ("CAD and Mechanics", "Introduction Quantum Mechanics", 0.0, 0.2),
])
def test_pairs_of_real_courses_lie_where_a_reader_puts_them(mine: str, other: str, low: float, high: float) -> None:
    own = next(profile for profile in courses() if mine in {profile.title.nl, profile.title.en} and profile.outcomes)
    keys = {profile.key for profile in courses() if other in {profile.title.nl, profile.title.en}}
    scores = [found.score for found in overlaps(own, courses(), limit=100) if found.key in keys]
    assert low <= max(scores, default=0.0) <= high


@real.needed
def test_courses_of_the_same_name_are_reported_with_that_reason() -> None:
    by_title: dict[Localized, list[Profile]] = {}
    for profile in courses():
        by_title.setdefault(profile.title, []).append(profile)
    repeated = [group for group in by_title.values() if len(group) > 1]
    assert len(repeated) > 50
    for first, second, *_more in repeated[::6]:
        found = {overlap.key: overlap for overlap in overlaps(first, courses(), limit=20)}
        assert Reason.SAME_TITLE in found[second.key].reasons, first.title


def many(profiles: Iterable[Profile], number: int) -> Iterator[Profile]:
    """Give as many profiles as asked, with skills, each title a little different."""
    known = list(profiles)
    for place in range(number):
        profile = known[place % len(known)]
        yield replace(
            profile, key=f"{profile.key}-{place}", title=Localized(f"{profile.title.nl} {place % 97}", f"{profile.title.en} {place % 97}"),
            skills=frozenset(f"esco:{(place * 7 + turn * turn * 13) % 3000}" for turn in range(6)),
        )


def test_of_fifteen_thousand_modules_a_hundred_are_compared_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    in_full = overlap._Comparison.with_

    def counted(comparison: overlap._Comparison, other: Profile) -> Overlap:
        compared.append(other.key)
        return in_full(comparison, other)

    monkeypatch.setattr(overlap._Comparison, "with_", counted)
    others = [*many(demo(), 15_000), replace(WELDING, key="copy")]
    first, *_rest = overlaps(WELDING, others)
    assert len(compared) == 100
    assert (first.key, first.score) == ("copy", 1.0)


@real.needed
@settings(deadline=None, max_examples=10)
@given(st.integers(min_value=0, max_value=1400))
def test_a_real_course_is_found_by_its_copy(place: int) -> None:
    original = courses()[place]
    if original.outcomes:
        first, *_rest = overlaps(replace(original, key="copy"), courses())
        assert first.score >= 0.95


def test_the_nearest_of_many_is_the_one_that_comparing_each_finds() -> None:
    words = ("water", "zuiveren", "netwerk", "beheren", "lassen", "staal", "tekenen", "plannen", "verkopen", "klanten", "zorgen", "koken")
    texts = [f"{first} {second} {third}" for first, second, third in itertools.permutations(words, 3)]
    profiles = [Profile(f"m{number}", Localized(text), (Localized(f"Je kunt {text}"),)) for number, text in enumerate(texts[::29])]
    mine, others = profiles[::2], profiles[1::2]
    found = nearest(mine, others)
    assert set(found) <= {each.key for each in mine}
    for each in mine:
        (best, *_rest) = overlaps(each, others, limit=1) or (None,)
        if best is not None and best.score >= SOME:
            assert found[each.key].score >= SOME
    assert nearest(mine, others) == nearest(list(reversed(mine)), others)
    assert nearest(mine, []) == {}
    assert nearest([Profile("alone", Localized("Sterrenkunde"))], others) == {}
