"""A scheme of three skills, two occupations and a group, with all the dirt of the real files, written as CSV for one test."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from academy.skills import drafting, service
from academy.skills.facts import LoadReport

URI = "http://data.europa.eu/esco/{}"
WELD, METAL, LEAD = (URI.format(f"skill/{name}") for name in ("weld", "metal", "lead"))
CRAFTS = URI.format("skill/S6.0")
WELDER, OFFICER = (URI.format(f"occupation/{name}") for name in ("welder", "officer"))
Rows = list[dict[str, str]]


def _skill(uri: str, label: str, **more: str) -> dict[str, str]:
    return {"conceptUri": uri, "skillType": "skill/competence", "reuseLevel": "sector-specific", "preferredLabel": label, "altLabels": "",
            "status": "released", "description": "", "scopeNote": "", **more}


def _occupation(uri: str, label: str, code: str, **more: str) -> dict[str, str]:
    return {"conceptUri": uri, "iscoGroup": code[:4], "preferredLabel": label, "altLabels": "", "status": "released", "code": code, **more}


@dataclass
class Esco:
    """The files of a version by name; change the rows, then write them."""

    files: dict[str, Rows] = field(default_factory=lambda: {
        "skills_en.csv": [
            _skill(WELD, "weld underwater", altLabels="weld in water\nwet  welding \n\nWeld underwater", reuseLevel="occupation-specific"),
            _skill(METAL, " knowledge of\u200b métals", skillType="knowledge", altLabels="iron and steel",
                   description="Iron &amp; steel.", scopeNote="<p>Not <b>wood</b>.</p>"),
            _skill(LEAD, "lead others", reuseLevel="transversal", altLabels="supervise welders"),
        ],
        "skillGroups_en.csv": [
            {"conceptUri": CRAFTS, "preferredLabel": "welding and other crafts", "altLabels": "", "status": "released", "description": ""},
        ],
        "occupations_en.csv": [_occupation(WELDER, "welder", "7212.3"), _occupation(OFFICER, "officer", "0110.10")],
        "esco_occupations_nl.csv": [
            _occupation(WELDER, "las\u00adser", "7212.3", altLabels="onderwaterlasser"), _occupation(OFFICER, "officier", "0110.10"),
        ],
        "occupationSkillRelations.csv": [
            {"occupationUri": WELDER, "relationType": "essential", "skillType": "", "skillUri": LEAD},
            {"occupationUri": WELDER, "relationType": "essential", "skillType": "", "skillUri": WELD},
            {"occupationUri": WELDER, "relationType": "optional", "skillType": "", "skillUri": METAL},
            {"occupationUri": OFFICER, "relationType": "essential", "skillType": "", "skillUri": LEAD},
        ],
        "broaderRelationsSkillPillar.csv": [{"conceptUri": WELD, "broaderType": "SkillGroup", "broaderUri": CRAFTS}],
    })

    def row(self, file: str, number: int) -> dict[str, str]:
        return self.files[file][number]

    def write(self, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        for name, rows in self.files.items():
            (folder / name).write_bytes(as_csv(rows))
        return folder


def as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def esco() -> Esco:
    return Esco()


Load = Callable[..., LoadReport]


@pytest.fixture
def load(tmp_path: Path, now: datetime) -> Load:
    """Write the files of a version and load them: `load(session, esco, version)`."""

    def loaded(session: Session, esco: Esco, version: str = "1.1.1") -> LoadReport:
        folder = tmp_path / version
        for old in folder.glob("*"):
            old.unlink()
        return service.load_version(session, drafting.prepare(esco.write(folder), version=version), now=now)

    return loaded


@pytest.fixture
def real_esco(real_data: Path) -> Path:
    return real_data / "skills"
