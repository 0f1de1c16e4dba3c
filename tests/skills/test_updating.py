"""A newer version keeps what is tagged, and lists what it added, renamed and dropped."""

from copy import deepcopy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.skills import api
from academy.skills.errors import VersionDiffers, VersionNotValid, VersionOlder
from academy.skills.models import ConceptStatus, LabelKind, Occupation, OccupationSkill, Skill, SkillBroader, SkillLabel
from tests.skills.conftest import LEAD, METAL, OFFICER, URI, WELD, WELDER, Esco, Load

NEW = URI.format("skill/new")


@pytest.fixture
def newer(esco: Esco) -> Esco:
    """Return a version in which one skill is renamed, one dropped and one added, and an occupation is dropped."""
    newer = deepcopy(esco)
    newer.row("skills_en.csv", 0).update(preferredLabel="weld in water", altLabels="weld underwater")
    newer.files["skills_en.csv"][1] = {**esco.row("skills_en.csv", 1), "conceptUri": NEW, "preferredLabel": "printing in 3D"}
    for file in ("occupations_en.csv", "esco_occupations_nl.csv"):
        newer.files[file].pop()
    newer.files["occupationSkillRelations.csv"] = newer.files["occupationSkillRelations.csv"][:2]
    return newer


def summary(changes: tuple[api.ChangeFacts, ...]) -> list[tuple[str, str, str, str]]:
    return [(change.kind.value, change.concept.value, change.old_label, change.new_label) for change in changes]


WANTED = [
    ("added", "skill", "", "printing in 3D"),
    ("dropped", "skill", "knowledge of métals", ""),
    ("dropped", "occupation", "officer", ""),
    ("renamed", "skill", "weld underwater", "weld in water"),
]


def test_what_changed_is_listed_and_kept(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    report = load(session, newer, "1.2")
    version = api.current_version(session)
    assert version is not None
    assert (report.previous, report.version, version.version) == ("1.1.1", "1.2", "1.2")
    assert summary(api.changes(session, version)) == WANTED
    assert sorted(summary(tuple(report.changes))) == sorted(WANTED)


def test_a_dropped_skill_keeps_its_words_and_is_not_suggested(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    assert [each.uri for each in api.suggest(session, "knowledge of", "en")] == [METAL]
    load(session, newer, "1.2")
    facts = api.skills_by_uri(session, [METAL])[METAL]
    assert (facts.is_dropped, facts.label.en) == (True, "knowledge of métals")
    assert api.suggest(session, "knowledge of", "en") == ()
    metal = session.get_one(Skill, METAL)
    assert (metal.status, metal.first_version, metal.last_version) == (ConceptStatus.DROPPED, "1.1.1", "1.1.1")
    assert session.get_one(Occupation, OFFICER).status is ConceptStatus.DROPPED


def test_versions_say_since_when_and_until_when(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    load(session, newer, "1.2")
    found = session.execute(select(Skill.uri, Skill.first_version, Skill.last_version).where(Skill.uri.in_([WELD, NEW])))
    assert {uri: versions for uri, *versions in found} == {WELD: ["1.1.1", "1.2"], NEW: ["1.2", "1.2"]}


def test_labels_that_change_places_change_places(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    load(session, newer, "1.2")
    found = session.execute(select(SkillLabel.text, SkillLabel.kind).where(SkillLabel.skill_uri == WELD))
    assert dict(found.all()) == {"weld in water": LabelKind.PREFERRED, "weld underwater": LabelKind.ALTERNATIVE}


def test_relations_that_a_version_no_longer_has_go(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    load(session, newer, "1.2")
    assert session.get(OccupationSkill, (WELDER, METAL)) is None
    assert session.get(OccupationSkill, (OFFICER, LEAD)) is not None, "what belongs to a dropped occupation stays as it was"
    assert session.scalars(select(SkillBroader.skill_uri)).all() == [WELD]


def test_the_newer_version_again_changes_nothing_and_keeps_its_list(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    load(session, newer, "1.2")
    assert load(session, newer, "1.2.0").rows_changed == 0
    version = api.current_version(session)
    assert version is not None
    assert (version.version, summary(api.changes(session, version))) == ("1.2", WANTED)


def test_a_dropped_skill_may_come_back(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    load(session, newer, "1.2")
    report = load(session, esco, "1.10")
    assert ("added", "skill", "", "knowledge of métals") in summary(tuple(report.changes))
    assert session.get_one(Skill, METAL).status is ConceptStatus.RELEASED
    assert session.get_one(Skill, METAL).last_version == "1.10"
    version = api.current_version(session)
    assert version is not None
    assert version.version == "1.10", "which is newer than 1.2"


def test_an_older_version_after_a_newer_one_is_refused(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, newer, "1.10")
    with pytest.raises(VersionOlder) as refused:
        load(session, esco, "1.9")
    assert (refused.value.version, refused.value.present) == ("1.9", "1.10")


def test_other_files_under_the_same_version_are_refused_with_an_example(session: Session, esco: Esco, newer: Esco, load: Load) -> None:
    load(session, esco)
    with pytest.raises(VersionDiffers) as refused:
        load(session, newer)
    assert refused.value.example == "+ printing in 3D"


@pytest.mark.parametrize("version", ["", "1.", "v1", "1.1.1.1.1", "a.b", "1,2", "१.२"])
def test_what_is_no_version_is_refused(session: Session, esco: Esco, load: Load, version: str) -> None:
    with pytest.raises(VersionNotValid):
        load(session, esco, version)
