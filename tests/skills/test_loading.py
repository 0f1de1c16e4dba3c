"""A version goes in whole and clean, or not at all; a second load writes nothing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.kernel import outbox
from academy.kernel.db import Base, Database
from academy.kernel.text import Localized
from academy.skills import api, drafting, service
from academy.skills.facts import LoadReport
from academy.skills.models import (
    LabelKind,
    Necessity,
    Occupation,
    OccupationLabel,
    OccupationSkill,
    ReuseLevel,
    SchemeVersion,
    Skill,
    SkillBroader,
    SkillLabel,
)
from tests.skills.conftest import CRAFTS, LEAD, METAL, OFFICER, URI, WELD, WELDER, Esco, Load

TABLES: list[type[Base]] = [Skill, SkillLabel, Occupation, OccupationLabel, OccupationSkill, SkillBroader, SchemeVersion]


def rows(session: Session) -> list[int | None]:
    return [session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def labels(session: Session, uri: str) -> dict[str, str]:
    found = session.execute(select(SkillLabel.text, SkillLabel.kind).where(SkillLabel.skill_uri == uri))
    return {text: kind.value for text, kind in found}


def codes(report: LoadReport) -> dict[str, int]:
    return {notice.code: notice.count for notice in report.notices}


def test_everything_of_a_version_is_loaded(session: Session, esco: Esco, load: Load) -> None:
    report = load(session, esco)
    assert rows(session) == [4, 8, 2, 5, 4, 1, 1]
    assert (report.version, report.previous, list(report.changes)) == ("1.1.1", None, [])
    assert report.counts == {
        "skills": 3, "groups": 1, "skill_labels": 8, "occupations": 2, "occupation_labels": 5, "occupation_skills": 4, "broader": 1,
        "pointing_nowhere": 0,
    }
    lead = session.get_one(Skill, LEAD)
    assert (lead.kind.value, lead.reuse_level, lead.first_version, lead.last_version) == ("skill", ReuseLevel.TRANSVERSAL, "1.1.1", "1.1.1")
    assert session.get_one(OccupationSkill, (WELDER, METAL)).necessity is Necessity.OPTIONAL
    assert session.get(SkillBroader, (WELD, CRAFTS)) is not None
    version = api.current_version(session)
    assert version is not None
    assert (version.scheme, version.version, version.counts["skills"]) == ("esco", "1.1.1", 3)


def test_labels_are_clean_and_there_once(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    assert labels(session, WELD) == {"weld underwater": "preferred", "weld in water": "alternative", "wet welding": "alternative"}
    assert labels(session, METAL) == {"knowledge of métals": "preferred", "iron and steel": "alternative"}
    folded = session.scalars(select(SkillLabel.folded).where(SkillLabel.text == "knowledge of métals")).one()
    assert folded == "knowledge of metals"
    assert session.scalars(select(OccupationLabel.text).where(OccupationLabel.folded == "lasser")).one() == "lasser"


def test_descriptions_become_plain_text_with_the_scope_note_after_them(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    assert session.get_one(Skill, METAL).description == "Iron & steel.\n\nNot wood."


def test_codes_stay_text(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    officer = session.get_one(Occupation, OFFICER)
    assert (officer.code, officer.isco_group) == ("0110.10", "0110")


def test_codes_that_lost_digits_are_noticed_and_the_uri_tells_them_apart(session: Session, esco: Esco, load: Load) -> None:
    for file in ("occupations_en.csv", "esco_occupations_nl.csv"):
        esco.row(file, 0)["code"] = "7212.1"
    esco.row("esco_occupations_nl.csv", 1).update(code="7212.1", iscoGroup="110")
    report = load(session, esco)
    assert session.get_one(Occupation, OFFICER).code == "0110.10"
    assert codes(report) == {"code-twice": 1, "code-differs": 1, "isco-zero": 1}
    twice = next(notice for notice in report.notices if notice.code == "code-twice")
    assert (twice.file, twice.line, twice.column, twice.value) == ("esco_occupations_nl.csv", 3, "code", "7212.1")


def test_a_group_that_lost_its_zero_gets_it_back(session: Session, esco: Esco, load: Load) -> None:
    for file in ("occupations_en.csv", "esco_occupations_nl.csv"):
        esco.row(file, 1)["iscoGroup"] = "110"
    report = load(session, esco)
    assert session.get_one(Occupation, OFFICER).isco_group == "0110"
    assert [(notice.file, notice.line, notice.value) for notice in report.notices] == [
        ("occupations_en.csv", 3, "110"), ("esco_occupations_nl.csv", 3, "110"),
    ]


def test_an_alternative_label_that_is_absurdly_long_is_left_out_with_a_notice(session: Session, esco: Esco, load: Load) -> None:
    esco.row("skills_en.csv", 2)["altLabels"] = "x" * 201 + "\n" + "y" * 200
    report = load(session, esco)
    assert codes(report) == {"label-too-long": 1}
    assert set(labels(session, LEAD)) == {"lead others", "y" * 200}


def test_a_relation_that_points_nowhere_is_left_out_counted_and_told_with_its_line(session: Session, esco: Esco, load: Load) -> None:
    unknown = URI.format("skill/unknown")
    esco.files["occupationSkillRelations.csv"] += [{"occupationUri": WELDER, "relationType": "essential", "skillType": "", "skillUri": unknown}]
    esco.files["broaderRelationsSkillPillar.csv"] += [{"conceptUri": unknown, "broaderType": "", "broaderUri": CRAFTS}]
    report = load(session, esco)
    assert report.counts["pointing_nowhere"] == 2
    assert [(each.file, each.line, each.column, each.value) for each in report.notices] == [
        ("occupationSkillRelations.csv", 6, "skillUri", unknown), ("broaderRelationsSkillPillar.csv", 3, "conceptUri", unknown),
    ]
    assert (report.counts["occupation_skills"], report.counts["broader"]) == (4, 1)


def test_a_skill_without_a_type_is_a_skill_with_a_notice(session: Session, esco: Esco, load: Load) -> None:
    esco.row("skills_en.csv", 1).update(skillType="", reuseLevel="")
    assert codes(load(session, esco)) == {"type-empty": 1}
    assert session.get_one(Skill, METAL).kind is api.SkillKind.SKILL
    assert session.get_one(Skill, METAL).reuse_level is None


def test_a_second_load_changes_nothing(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    before = rows(session)
    report = load(session, esco)
    assert (report.rows_changed, rows(session)) == (0, before)


def test_more_of_the_same_version_is_added(session: Session, esco: Esco, load: Load) -> None:
    dutch = esco.files.pop("esco_occupations_nl.csv")
    load(session, esco)
    esco.files["esco_occupations_nl.csv"] = dutch
    assert load(session, esco).rows_changed == 3
    assert load(session, esco).rows_changed == 0
    del esco.files["esco_occupations_nl.csv"]
    assert load(session, esco).rows_changed == 0, "a language without a file stays as it is"


def test_skills_are_known_by_their_uri_in_both_languages(session: Session, esco: Esco, load: Load) -> None:
    esco.files["skills_nl.csv"] = [{**esco.row("skills_en.csv", 2), "preferredLabel": "leidinggeven", "altLabels": ""}]
    load(session, esco)
    found = api.skills_by_uri(session, [LEAD, WELD, URI.format("skill/unknown"), LEAD])
    assert list(found) == [LEAD, WELD]
    assert found[LEAD].label == Localized("leidinggeven", "lead others")
    assert found[WELD].label == Localized("", "weld underwater")
    assert not found[LEAD].is_dropped


@pytest.fixture
def _subscriber() -> Iterator[None]:
    outbox.subscribe("test.version-loaded", api.VersionLoaded, inside=lambda *_: None)
    yield
    outbox._subscribers.pop("test.version-loaded")


@pytest.mark.usefixtures("_subscriber")
def test_a_load_is_announced_and_one_that_changes_nothing_is_not(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    load(session, esco)
    messages = session.scalars(select(outbox.OutboxMessage).where(outbox.OutboxMessage.subscriber == "test.version-loaded")).all()
    assert [(message.event, message.payload) for message in messages] == [
        ("Skills.version-loaded.v1", {"scheme": "esco", "version": "1.1.1"}),
    ]


def test_what_fails_half_way_leaves_nothing(
    database: Database, esco: Esco, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft = drafting.prepare(esco.write(tmp_path / "esco"), version="1.1.1")
    monkeypatch.setattr(service, "announce", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        service.load_version(session, draft, now=now)
    with database.reading() as session:
        assert rows(session) == [0] * len(TABLES)


def test_a_skill_has_one_preferred_label_per_language_whoever_writes(session: Session, esco: Esco, load: Load) -> None:
    load(session, esco)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), session.begin_nested():
        session.add(SkillLabel(skill_uri=WELD, language="en", folded="second", kind=LabelKind.PREFERRED, text="second"))
