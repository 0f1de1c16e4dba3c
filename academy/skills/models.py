"""Tables of the skills room. Keys are the URIs of the scheme, codes are text: `7412.10` is not `7412.1`, ISCO `0110` keeps its zero."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum

# Compared by bytes on both databases, so that one index answers "begins with".
_FOLDED = String(200).with_variant(String(200, collation="C"), "postgresql")


class SkillKind(StrEnum):
    """ESCO's skillType; a group holds skills together and is not something one can do."""

    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    GROUP = "group"


class ReuseLevel(StrEnum):
    """ESCO's reuseLevel: in how many places a skill is of use, widest first."""

    TRANSVERSAL = "transversal"
    CROSS_SECTOR = "cross-sector"
    SECTOR_SPECIFIC = "sector-specific"
    OCCUPATION_SPECIFIC = "occupation-specific"


class ConceptStatus(StrEnum):
    RELEASED = "released"
    DROPPED = "dropped"


class LabelKind(StrEnum):
    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"


class Necessity(StrEnum):
    ESSENTIAL = "essential"
    OPTIONAL = "optional"


class Concept(StrEnum):
    SKILL = "skill"
    OCCUPATION = "occupation"


class ChangeKind(StrEnum):
    ADDED = "added"
    RENAMED = "renamed"
    DROPPED = "dropped"


class Skill(Base):
    """A skill, a field of knowledge or a group of them; never deleted, because outcomes point to it."""

    __tablename__ = "skill"

    uri: Mapped[str] = mapped_column(String(300), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(20))
    kind: Mapped[SkillKind] = mapped_column(text_enum(SkillKind, "kind"))
    reuse_level: Mapped[ReuseLevel | None] = mapped_column(text_enum(ReuseLevel, "reuse_level"))
    first_version: Mapped[str] = mapped_column(String(20))
    last_version: Mapped[str] = mapped_column(String(20))  # the last one it was seen in
    status: Mapped[ConceptStatus] = mapped_column(text_enum(ConceptStatus, "status"))
    description: Mapped[str] = mapped_column(Text)


class SkillLabel(Base):
    """What a skill is called; labels that fold to the same are one label."""

    __tablename__ = "skill_label"
    __table_args__ = (
        Index("ix_skill_label_kind_folded", "kind", "folded"),
        Index("uq_skill_label_preferred", "skill_uri", "language", unique=True,
              sqlite_where=text("kind = 'preferred'"), postgresql_where=text("kind = 'preferred'")),
        {"sqlite_with_rowid": False},
    )

    skill_uri: Mapped[str] = mapped_column(ForeignKey("skill.uri"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    folded: Mapped[str] = mapped_column(_FOLDED, primary_key=True)  # lower case, without accents
    kind: Mapped[LabelKind] = mapped_column(text_enum(LabelKind, "kind"))
    text: Mapped[str] = mapped_column(String(200))


class Occupation(Base):
    """An occupation of the scheme, under a unit group of ISCO-08."""

    __tablename__ = "occupation"

    uri: Mapped[str] = mapped_column(String(300), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))  # not unique: lists that went through a spreadsheet lost digits
    isco_group: Mapped[str] = mapped_column(String(4))
    first_version: Mapped[str] = mapped_column(String(20))
    last_version: Mapped[str] = mapped_column(String(20))
    status: Mapped[ConceptStatus] = mapped_column(text_enum(ConceptStatus, "status"))


class OccupationLabel(Base):
    """What an occupation is called."""

    __tablename__ = "occupation_label"
    __table_args__ = (
        Index("ix_occupation_label_folded_kind", "folded", "kind"),
        Index("uq_occupation_label_preferred", "occupation_uri", "language", unique=True,
              sqlite_where=text("kind = 'preferred'"), postgresql_where=text("kind = 'preferred'")),
        {"sqlite_with_rowid": False},
    )

    occupation_uri: Mapped[str] = mapped_column(ForeignKey("occupation.uri"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    folded: Mapped[str] = mapped_column(_FOLDED, primary_key=True)
    kind: Mapped[LabelKind] = mapped_column(text_enum(LabelKind, "kind"))
    text: Mapped[str] = mapped_column(String(200))


class OccupationSkill(Base):
    """An occupation asks for a skill."""

    __tablename__ = "occupation_skill"
    __table_args__ = ({"sqlite_with_rowid": False},)

    occupation_uri: Mapped[str] = mapped_column(ForeignKey("occupation.uri"), primary_key=True)
    skill_uri: Mapped[str] = mapped_column(ForeignKey("skill.uri"), primary_key=True, index=True)
    necessity: Mapped[Necessity] = mapped_column(text_enum(Necessity, "necessity"))


class SkillBroader(Base):
    """A skill or group falls under a broader skill or group; it may fall under several."""

    __tablename__ = "skill_broader"
    __table_args__ = ({"sqlite_with_rowid": False},)

    skill_uri: Mapped[str] = mapped_column(ForeignKey("skill.uri"), primary_key=True)
    broader_uri: Mapped[str] = mapped_column(ForeignKey("skill.uri"), primary_key=True, index=True)


class SchemeVersion(Base):
    """A version that was loaded, with what its files held."""

    __tablename__ = "scheme_version"

    scheme: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    loaded_at: Mapped[datetime] = mapped_column(Moment)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)


class SchemeChange(Base):
    """What a version changed to the one before; the first version changed nothing. `language` is empty unless renamed."""

    __tablename__ = "scheme_change"

    scheme: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    uri: Mapped[str] = mapped_column(String(300), primary_key=True)
    kind: Mapped[ChangeKind] = mapped_column(text_enum(ChangeKind, "kind"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    concept: Mapped[Concept] = mapped_column(text_enum(Concept, "concept"))
    old_label: Mapped[str] = mapped_column(String(200))
    new_label: Mapped[str] = mapped_column(String(200))
