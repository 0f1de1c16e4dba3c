"""Use case of the skills room: a version of a scheme goes in whole, or not at all.

Every table is compared with the draft and only what differs is written, so that a second load writes nothing and a newer version
keeps what is tagged. What belongs to a concept that the draft does not have (labels, relations) stays as it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table, bindparam, select, text, update
from sqlalchemy.orm import Session

from academy.kernel.db import Base, insert_for, rows_changed
from academy.kernel.outbox import announce
from academy.skills.drafts import LabelDraft, LabelKey, SchemeDraft
from academy.skills.errors import VersionDiffers, VersionOlder
from academy.skills.events import VersionLoaded
from academy.skills.facts import ChangeFacts, LoadReport
from academy.skills.findings import Progress
from academy.skills.models import (
    ChangeKind,
    Concept,
    ConceptStatus,
    LabelKind,
    Occupation,
    OccupationLabel,
    OccupationSkill,
    SchemeChange,
    SchemeVersion,
    Skill,
    SkillBroader,
    SkillLabel,
)
from academy.skills.queries import current_version
from academy.skills.rules import version_key

_BATCH: Final = 5000  # rows per statement
_CONCEPTS: Final = ((Concept.SKILL, Skill, SkillLabel), (Concept.OCCUPATION, Occupation, OccupationLabel))
_SHOWN_FIRST: Final = ("en", "nl")  # the language in which a concept that came or went is listed
Keys = tuple[str, ...]
Rows = Mapping[Any, tuple[Any, ...]]


def load_version(
    session: Session, draft: SchemeDraft, *, now: datetime, progress: Progress = lambda _what, _done, _total: None,
) -> LoadReport:
    """Bring the scheme to `draft`. Raises VersionOlder, and VersionDiffers when it is loaded and other concepts or names are in the files."""
    present = current_version(session, draft.scheme)
    version = draft.version
    if present is not None:
        if _key(version) < _key(present.version):
            raise VersionOlder(version, present.version)
        if _key(version) == _key(present.version):
            version = present.version  # 1.2.0 is 1.2
    claimed = _claim(session, draft, version, now)
    is_first = present is None
    changes = [] if is_first else _changes(session, draft)
    if changes and not claimed:
        raise VersionDiffers(version, _example(changes[0]))
    writing = _Writing(session, draft, version, progress)
    written = writing.write() + int(claimed)
    if written:
        _note_version(session, draft, version, changes, now)
        for table in writing.tables:  # without it both databases guess, and a suggestion takes 60 ms instead of 10
            session.execute(text(f"ANALYZE {table.__tablename__}"))
        announce(session, VersionLoaded(draft.scheme, version))
    return LoadReport(
        draft.scheme, version, present.version if present is not None and claimed else None, written + len(changes), draft.counts,
        changes, draft.notices,
    )


def _key(version: str) -> tuple[int, ...]:
    key = version_key(version)
    assert key is not None  # drafting refuses what is no version
    return key


def _claim(session: Session, draft: SchemeDraft, version: str, now: datetime) -> bool:
    """Write the version's row, so that a second load of it at the same moment waits; False when it was there."""
    row = insert_for(session, SchemeVersion).values(scheme=draft.scheme, version=version, loaded_at=now, counts=draft.counts)
    claimed = session.execute(row.on_conflict_do_nothing().returning(SchemeVersion.version)).one_or_none()
    return claimed is not None


def _note_version(session: Session, draft: SchemeDraft, version: str, changes: Sequence[ChangeFacts], now: datetime) -> None:
    session.execute(
        update(SchemeVersion)
        .where(SchemeVersion.scheme == draft.scheme, SchemeVersion.version == version)
        .values(loaded_at=now, counts=draft.counts),
    )
    rows = (
        {"scheme": draft.scheme, "version": version, "uri": change.uri, "kind": change.kind, "language": change.language,
         "concept": change.concept, "old_label": change.old_label, "new_label": change.new_label}
        for change in changes
    )
    for batch in _batches(rows):
        session.execute(_core(SchemeChange).insert(), batch)


# What differs from the version before


def _changes(session: Session, draft: SchemeDraft) -> list[ChangeFacts]:
    """Return what the draft adds, renames and drops, in that order, by label."""
    found: list[ChangeFacts] = []
    for concept, table, label_table in _CONCEPTS:
        wanted = draft.skills if concept is Concept.SKILL else draft.occupations
        new = _preferred(draft.skill_labels if concept is Concept.SKILL else draft.occupation_labels)
        old = _preferred_now(session, label_table)
        known = select(table.uri).where(table.scheme == draft.scheme, table.status == ConceptStatus.RELEASED)
        released = set(session.scalars(known))
        found += [ChangeFacts(uri, ChangeKind.ADDED, concept, "", "", _label(new, uri)) for uri in wanted if uri not in released]
        found += [
            ChangeFacts(uri, ChangeKind.RENAMED, concept, language, old[uri, language], label)
            for (uri, language), label in new.items()
            if uri in released and old.get((uri, language), label) != label
        ]
        found += [ChangeFacts(uri, ChangeKind.DROPPED, concept, "", _label(old, uri), "") for uri in released if uri not in wanted]
    order = list(ChangeKind)
    return sorted(found, key=lambda change: (order.index(change.kind), change.concept, change.new_label or change.old_label, change.uri))


def _preferred(labels: Mapping[LabelKey, LabelDraft]) -> dict[tuple[str, str], str]:
    return {(uri, language): label.text for (uri, language, _), label in labels.items() if label.kind is LabelKind.PREFERRED}


def _preferred_now(session: Session, table: type[SkillLabel | OccupationLabel]) -> dict[tuple[str, str], str]:
    uri = _columns(table)[0]
    rows = session.execute(select(uri, table.language, table.text).where(table.kind == LabelKind.PREFERRED))
    return {(found, language): label for found, language, label in rows}


def _label(labels: Mapping[tuple[str, str], str], uri: str) -> str:
    return next((labels[uri, language] for language in _SHOWN_FIRST if (uri, language) in labels), "")


def _example(change: ChangeFacts) -> str:
    """Return one difference for a reader: `+ new`, `- old` or `old → new`."""
    signs = {ChangeKind.ADDED: f"+ {change.new_label}", ChangeKind.DROPPED: f"- {change.old_label}"}
    return signs.get(change.kind, f"{change.old_label} → {change.new_label}")


# Writing


class _Writing:
    """The tables of one draft, written in the order in which they point to each other; a draft's values stand as a table's columns do."""

    def __init__(self, session: Session, draft: SchemeDraft, version: str, progress: Progress) -> None:
        self._session, self._draft, self._version, self._progress = session, draft, version, progress
        self._tables: tuple[tuple[type[Base], Rows, Mapping[str, object]], ...] = (
            (SkillLabel, draft.skill_labels, draft.skills),
            (OccupationLabel, draft.occupation_labels, draft.occupations),
            (OccupationSkill, draft.occupation_skills, draft.occupations),
            (SkillBroader, draft.broader, draft.skills),
        )
        self._total = len(draft.skills) + len(draft.occupations) + sum(len(rows) for _, rows, _ in self._tables)
        self._done = 0

    @property
    def tables(self) -> list[type[Base]]:
        return [Skill, Occupation, *(table for table, _, _ in self._tables)]

    def write(self) -> int:
        """Return how many rows were added, changed and taken away."""
        written = self._write_concepts(Skill, self._draft.skills) + self._write_concepts(Occupation, self._draft.occupations)
        for table, rows, owners in self._tables:
            written += self._write_rows(table, rows, owners)
        return written

    def _write_concepts(self, table: type[Skill | Occupation], wanted: Rows) -> int:
        """Bring skills or occupations to the draft; what it does not have is dropped, not deleted."""
        core, names = _core(table), ("scheme", "first_version", "last_version", "status")
        fields = [column.name for column in core.columns if column.name not in {"uri", *names}]
        missing, changed, dropped = dict(wanted), [], []
        present = select(table.uri, table.status, *(core.c[name] for name in fields)).where(table.scheme == self._draft.scheme)
        for uri, status, *values in self._session.execute(present):
            row = missing.pop(uri, None)
            if row is None and status is ConceptStatus.RELEASED:
                dropped.append({"key_uri": uri})
            elif row is not None and (tuple(values) != tuple(row) or status is ConceptStatus.DROPPED):
                changed.append({"key_uri": uri, **dict(zip(fields, row, strict=True))})
        same_uri = core.c.uri == bindparam("key_uri")
        self._run(core.update().where(same_uri).values(status=ConceptStatus.DROPPED), dropped)
        revived: dict[str, Any] = {"status": ConceptStatus.RELEASED, **{name: bindparam(name) for name in fields}}
        self._run(core.update().where(same_uri).values(revived), changed)
        fixed = {"scheme": self._draft.scheme, "first_version": self._version, "last_version": self._version,
                 "status": ConceptStatus.RELEASED}
        self._insert(core, ({"uri": uri, **fixed, **dict(zip(fields, row, strict=True))} for uri, row in missing.items()))
        seen_again = rows_changed(
            self._session,
            update(table)
            .where(table.scheme == self._draft.scheme, table.status == ConceptStatus.RELEASED, table.last_version != self._version)
            .values(last_version=self._version),
        )
        self._advance(len(wanted) - len(missing))
        return len(missing) + len(dropped) + max(len(changed), seen_again)  # what changed is also among what is seen again

    def _write_rows(self, table: type[Base], wanted: Rows, owners: Mapping[str, object]) -> int:
        """Bring labels or relations to the draft: a row of one of `owners` that the draft does not have goes."""
        core = _core(table)
        keys, fields = [column.name for column in core.primary_key], [column.name for column in core.columns if not column.primary_key]
        spoken = {key[1] for key in wanted} if "language" in keys else set()
        missing, changed, gone = dict(wanted), [], []
        for found in self._session.execute(select(*(core.c[name] for name in (*keys, *fields)))):
            key, values = tuple(found[: len(keys)]), tuple(found[len(keys) :])
            row = missing.pop(key, None)
            if row is not None and tuple(row) != values:
                changed.append((key, row))
            elif row is None and key[0] in owners and (not spoken or key[1] in spoken):
                gone.append({f"key_{name}": value for name, value in zip(keys, key, strict=True)})
        # A label may become the preferred one while another stops being it, and there is one at every moment.
        changed.sort(key=lambda item: LabelKind.PREFERRED in item[1])
        same_key = [core.c[name] == bindparam(f"key_{name}") for name in keys]
        self._run(core.delete().where(*same_key), gone)
        self._run(core.update().where(*same_key).values({name: bindparam(f"new_{name}") for name in fields}), [
            {f"key_{name}": value for name, value in zip(keys, key, strict=True)}
            | {f"new_{name}": value for name, value in zip(fields, row, strict=True)}
            for key, row in changed
        ])
        columns = (*keys, *fields)
        # Preferred labels first, so that they lie together where every question reads them.
        first = sorted(missing.items(), key=lambda item: LabelKind.ALTERNATIVE in item[1])
        self._insert(core, (dict(zip(columns, (*key, *row), strict=True)) for key, row in first))
        self._advance(len(wanted) - len(missing))
        return len(missing) + len(changed) + len(gone)

    def _run(self, statement: Any, rows: Sequence[dict[str, Any]]) -> None:  # noqa: ANN401 - UPDATE or DELETE
        for batch in _batches(iter(rows)):
            self._session.execute(statement, batch)

    def _insert(self, table: Table, rows: Iterator[dict[str, Any]]) -> None:
        for batch in _batches(rows):
            self._session.execute(table.insert(), batch)
            self._advance(len(batch))

    def _advance(self, rows: int) -> None:
        self._done += rows
        self._progress("write", self._done, self._total)


def _core(table: type[Base]) -> Table:
    core = table.__table__
    assert isinstance(core, Table)
    return core


def _columns(table: type[Base]) -> list[Any]:
    return list(_core(table).columns)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
