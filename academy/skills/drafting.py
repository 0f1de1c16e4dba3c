"""Rows of a scheme's files become one draft: texts cleaned, codes kept as text, what points nowhere left out and counted.

All of it happens before a transaction is opened: ESCO takes about 150 MB this way, and the single writer of SQLite is kept for seconds.
Hidden labels (spelling mistakes and keywords, up to 20,943 characters in one cell) are not loaded.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from academy.kernel.cleaning import clean_line, clean_text
from academy.kernel.text import Language, fold
from academy.skills.drafts import LabelDraft, LabelKey, OccupationDraft, Pair, SchemeDraft, SkillDraft
from academy.skills.errors import FilesRefused, VersionNotValid
from academy.skills.findings import Notices, Problem, Progress, shown
from academy.skills.models import LabelKind, Necessity, ReuseLevel, SkillKind
from academy.skills.reading import Read, Row, Source, Table, find_sources
from academy.skills.rules import LONGEST_LABEL, SCHEME, version_key

_MOST_PROBLEMS: Final = 1000
_LONGEST_CODE: Final = 40
_URI: Final = re.compile(r"https?://\S{1,280}")
_ISCO: Final = re.compile(r"C?(\d{1,4})")
_KINDS: Final = {"skill/competence": SkillKind.SKILL, "knowledge": SkillKind.KNOWLEDGE}
_REUSE: Final = {level.value: level for level in ReuseLevel}
_NECESSITIES: Final = {necessity.value: necessity for necessity in Necessity}
_COLUMNS: Final[Mapping[Table, tuple[str, ...]]] = {
    Table.SKILLS: ("conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "status", "description"),
    Table.GROUPS: ("conceptUri", "preferredLabel", "altLabels", "status", "description"),
    Table.OCCUPATIONS: ("conceptUri", "iscoGroup", "preferredLabel", "altLabels", "status", "code"),
    Table.OCCUPATION_SKILLS: ("occupationUri", "relationType", "skillUri"),
    Table.BROADER: ("conceptUri", "broaderUri"),
}


def prepare(folder: Path, *, version: str, progress: Progress = lambda _what, _done, _total: None) -> SchemeDraft:
    """Read, clean and check the files in `folder`; `version` is what they are said to be. Raises FilesRefused, VersionNotValid."""
    if version_key(version) is None:
        raise VersionNotValid(shown(version))
    notices = Notices()
    sources = find_sources(folder, notices)
    return _Drafting(version, sources, notices, progress).draft()


class _Drafting:
    """One reading of the files: what is found so far."""

    def __init__(
        self, version: str, sources: Mapping[tuple[Table, Language | None], Source], notices: Notices, progress: Progress,
    ) -> None:
        self._version, self._sources, self._notices, self._progress = version, sources, notices, progress
        self._total = sum(source.size for source in sources.values())
        self._done = 0
        self._problems: list[Problem] = []
        self._skills: dict[str, SkillDraft] = {}
        self._occupations: dict[str, OccupationDraft] = {}
        self._skill_labels: dict[LabelKey, LabelDraft] = {}
        self._occupation_labels: dict[LabelKey, LabelDraft] = {}
        self._nowhere = 0

    def draft(self) -> SchemeDraft:
        """Return the whole, or raise FilesRefused with all that is wrong."""
        for source in self._spoken(Table.SKILLS):
            self._read_skills(source)
        for source in self._spoken(Table.GROUPS):
            self._read_skills(source)
        for source in self._spoken(Table.OCCUPATIONS):
            self._read_occupations(source)
        occupation_skills = self._read_occupation_skills(self._sources[Table.OCCUPATION_SKILLS, None])
        broader = self._read_broader(self._sources[Table.BROADER, None])
        if self._problems:
            raise FilesRefused(self._problems)
        return SchemeDraft(
            SCHEME, self._version, self._skills, self._skill_labels, self._occupations, self._occupation_labels,
            occupation_skills, broader, self._nowhere, self._notices.all(),
        )

    def _spoken(self, table: Table) -> Iterator[Source]:
        """Yield the file of `table` in each language; what is not a label is taken from the first, English if there is one."""
        for language in ("en", "nl"):
            source = self._sources.get((table, language))
            if source is not None:
                yield source

    def _rows(self, source: Source) -> Iterator[Row]:
        before = self._done
        read: Read = partial(self._tell, before)
        yield from source.rows(_COLUMNS[source.table], read)
        self._done = before + source.size

    def _tell(self, before: int, read: int) -> None:
        self._progress("read", before + read, self._total)

    def _refuse(self, source: Source, row: Row, column: str, code: str, reason: str) -> None:
        self._problems.append(Problem(source.name, row.line, column, shown(row.cells[column]), code, reason))
        if len(self._problems) >= _MOST_PROBLEMS:
            self._give_up()

    def _give_up(self) -> NoReturn:
        raise FilesRefused(self._problems)

    def _notice(self, source: Source, row: Row, column: str, code: str, text: str) -> None:
        self._notices.add(code, text, file=source.name, column=column, line=row.line, value=row.cells[column])

    # Concepts

    def _concepts(self, source: Source, known: Mapping[str, object]) -> Iterator[tuple[str, Row]]:
        """Yield (URI, row) of each released concept of a file; in a second language only those that the first one has."""
        first = source is next(self._spoken(source.table))
        seen: set[str] = set()
        for row in self._rows(source):
            uri = row.cells["conceptUri"].strip()
            if not _URI.fullmatch(uri):
                self._refuse(source, row, "conceptUri", "uri", "this is not the URI of a concept")
            elif uri in seen or (first and uri in known):
                self._refuse(source, row, "conceptUri", "uri-twice", "this URI is there twice")
            elif row.cells["status"].strip() != "released":
                self._notice(source, row, "status", "not-released", "left out: only what is released is loaded")
            elif not first and uri not in known:
                self._notice(source, row, "conceptUri", "uri-unknown", "left out: the file in the other language does not have it")
            else:
                seen.add(uri)
                yield uri, row

    def _read_skills(self, source: Source) -> None:
        for uri, row in self._concepts(source, self._skills):
            if uri not in self._skills:
                self._skills[uri] = SkillDraft(self._kind(source, row), self._reuse_level(source, row), _description(row))
            self._read_labels(source, uri, row, self._skill_labels)

    def _kind(self, source: Source, row: Row) -> SkillKind:
        if source.table is Table.GROUPS:
            return SkillKind.GROUP
        said = row.cells["skillType"].strip()
        if not said:
            self._notice(source, row, "skillType", "type-empty", "no type: taken for a skill")
        elif said not in _KINDS:
            self._refuse(source, row, "skillType", "type", f"not one of {', '.join(_KINDS)}")
        return _KINDS.get(said, SkillKind.SKILL)

    def _reuse_level(self, source: Source, row: Row) -> ReuseLevel | None:
        if source.table is Table.GROUPS:
            return None
        said = row.cells["reuseLevel"].strip()
        if said and said not in _REUSE:
            self._refuse(source, row, "reuseLevel", "reuse-level", f"not one of {', '.join(_REUSE)}")
        return _REUSE.get(said)

    def _read_occupations(self, source: Source) -> None:
        codes: dict[str, str] = {}
        for uri, row in self._concepts(source, self._occupations):
            code, group = clean_line(row.cells["code"]), self._isco_group(source, row)
            if len(code) > _LONGEST_CODE:
                self._refuse(source, row, "code", "code", f"a code has at most {_LONGEST_CODE} characters")
            if code and codes.setdefault(code, uri) != uri:
                self._notice(source, row, "code", "code-twice", "two occupations have this code, so it lost digits; the URI tells them apart")
            first = self._occupations.setdefault(uri, OccupationDraft(code, group))
            if (code, group) != first:
                self._notice(source, row, "code", "code-differs", "another code than in the other language; the first one is kept")
            self._read_labels(source, uri, row, self._occupation_labels)

    def _isco_group(self, source: Source, row: Row) -> str:
        """Return the four digits of an ISCO-08 unit group; a zero in front that a spreadsheet took is put back."""
        found = _ISCO.fullmatch(row.cells["iscoGroup"].strip())
        if found is None:
            self._refuse(source, row, "iscoGroup", "isco", "a group of ISCO-08 has four digits")
            return ""
        if len(found[1]) < len("0110"):
            self._notice(source, row, "iscoGroup", "isco-zero", "this group lost its zero; it is put back")
        return found[1].zfill(4)

    def _read_labels(self, source: Source, uri: str, row: Row, labels: dict[LabelKey, LabelDraft]) -> None:
        language = source.language or ""
        preferred = clean_line(row.cells["preferredLabel"])
        if not fold(preferred) or len(preferred) > LONGEST_LABEL:
            self._refuse(source, row, "preferredLabel", "label", f"a preferred label has 1 to {LONGEST_LABEL} characters")
            return
        labels[uri, language, _key(preferred)] = LabelDraft(LabelKind.PREFERRED, preferred)
        for raw in row.cells["altLabels"].splitlines():
            label = clean_line(raw)
            if len(label) > LONGEST_LABEL:
                text = f"left out: an alternative label of more than {LONGEST_LABEL} characters"
                self._notices.add("label-too-long", text, file=source.name, column="altLabels", line=row.line, value=label)
            elif key := _key(label):
                labels.setdefault((uri, language, key), LabelDraft(LabelKind.ALTERNATIVE, label))

    # Relations

    def _read_occupation_skills(self, source: Source) -> dict[Pair, tuple[Necessity]]:
        occupations, skills = {uri: uri for uri in self._occupations}, {uri: uri for uri in self._skills}
        found: dict[Pair, tuple[Necessity]] = {}
        for row in self._rows(source):
            occupation = self._end(source, row, "occupationUri", occupations)
            skill = self._end(source, row, "skillUri", skills)
            necessity = _NECESSITIES.get(row.cells["relationType"].strip())
            if necessity is None:
                self._refuse(source, row, "relationType", "relation", f"not one of {', '.join(_NECESSITIES)}")
            elif occupation is None or skill is None:
                self._nowhere += 1
            elif found.get((occupation, skill)) != (Necessity.ESSENTIAL,):  # of two lines that differ the stronger counts
                found[occupation, skill] = (necessity,)
        return found

    def _read_broader(self, source: Source) -> dict[Pair, tuple[()]]:
        skills = {uri: uri for uri in self._skills}
        found: dict[Pair, tuple[()]] = {}
        for row in self._rows(source):
            skill = self._end(source, row, "conceptUri", skills)
            broader = self._end(source, row, "broaderUri", skills)
            if skill is None or broader is None:
                self._nowhere += 1
            elif skill == broader:
                self._notice(source, row, "broaderUri", "broader-itself", "left out: a skill is not broader than itself")
            else:
                found[skill, broader] = ()
        return found

    def _end(self, source: Source, row: Row, column: str, known: Mapping[str, str]) -> str | None:
        """Return one end of a relation as the one text that we hold of that URI; None when it points nowhere."""
        uri = known.get(row.cells[column].strip())
        if uri is None:
            self._notice(source, row, column, "points-nowhere", "left out: this relation points to a concept that is not in the files")
        return uri


def _key(label: str) -> str:
    """Return the folded label; the same object where nothing differs, because there are 150,000 of them."""
    folded = fold(label)[:LONGEST_LABEL]
    return label if folded == label else folded


def _description(row: Row) -> str:
    parts = (clean_text(row.cells["description"]), clean_text(row.cells.get("scopeNote", "")))
    return "\n\n".join(part for part in parts if part)
