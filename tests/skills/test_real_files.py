"""ESCO 1.1.1 as downloaded loads whole, in time, within its memory. Skipped where the files are absent."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.skills import api, drafting, service
from academy.skills.models import Occupation, OccupationLabel, Skill, SkillLabel

pytestmark = pytest.mark.slow


def test_esco_loads_whole_once_and_is_suggested_from(session: Session, real_esco: Path, now: datetime) -> None:
    draft = drafting.prepare(real_esco, version="1.1.1")
    report = service.load_version(session, draft, now=now)
    # The file has 123,855 relations; 67 point to an occupation that is in no file.
    assert report.counts == {
        "skills": 13896, "groups": 640, "skill_labels": 99876, "occupations": 3007, "occupation_labels": 55477,
        "occupation_skills": 123_855 - 67, "broader": 20649, "pointing_nowhere": 67 + 7,
    }
    assert {(notice.code, notice.column): notice.count for notice in report.notices} == {
        ("type-empty", "skillType"): 6, ("points-nowhere", "occupationUri"): 67, ("points-nowhere", "conceptUri"): 7,
        ("points-nowhere", "broaderUri"): 3,
    }
    assert service.load_version(session, draft, now=now).rows_changed == 0
    _check_texts(session)
    found = api.suggest(session, "lasser", "nl")
    assert {each.via for each in found} == {"lasser"}
    assert api.suggest(session, "welding t", "en")[0].label == "welding techniques"
    assert len(api.suggest(session, "s", "en")) == 10


def _check_texts(session: Session) -> None:
    """No tag and no invisible character is in a text; codes have all their digits."""
    texts = [*session.scalars(select(SkillLabel.text)), *session.scalars(select(OccupationLabel.text)), *session.scalars(select(Skill.description))]
    odd = re.compile("[\u200b-\u200f\u00ad\ufeff]|</?(?:p|br|b|i|a|li|ul|div|span)\\b[^<>]*>|^\\s|\\s$")
    assert [text for text in texts if odd.search(text)] == []
    assert "groothandelaar in computers, randapparatuur en software" in texts
    codes = session.scalars(select(Occupation.code)).all()
    assert len(set(codes)) == len(codes) == 3007
    assert any(code.startswith("0110.") for code in codes)
    assert {len(group) for group in session.scalars(select(Occupation.isco_group))} == {4}
