"""Skills: skills and occupations of a scheme, their labels, what they have to do with each other, versions and changes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "skill",
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reuse_level", sa.String(length=40), nullable=True),
        sa.Column("first_version", sa.String(length=20), nullable=False),
        sa.Column("last_version", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('skill', 'knowledge', 'group')", name="ck_skill_kind"),
        sa.CheckConstraint(
            "reuse_level IN ('transversal', 'cross-sector', 'sector-specific', 'occupation-specific')",
            name="ck_skill_reuse_level",
        ),
        sa.CheckConstraint("status IN ('released', 'dropped')", name="ck_skill_status"),
        sa.PrimaryKeyConstraint("uri", name="pk_skill"),
    )
    op.create_table(
        "occupation",
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("isco_group", sa.String(length=4), nullable=False),
        sa.Column("first_version", sa.String(length=20), nullable=False),
        sa.Column("last_version", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.CheckConstraint("status IN ('released', 'dropped')", name="ck_occupation_status"),
        sa.PrimaryKeyConstraint("uri", name="pk_occupation"),
    )
    _create_labels("skill_label", "skill", ["kind", "folded"])
    _create_labels("occupation_label", "occupation", ["folded", "kind"])
    op.create_table(
        "occupation_skill",
        sa.Column("occupation_uri", sa.String(length=300), nullable=False),
        sa.Column("skill_uri", sa.String(length=300), nullable=False),
        sa.Column("necessity", sa.String(length=40), nullable=False),
        sa.CheckConstraint("necessity IN ('essential', 'optional')", name="ck_occupation_skill_necessity"),
        sa.ForeignKeyConstraint(["occupation_uri"], ["occupation.uri"], name="fk_occupation_skill_occupation_uri"),
        sa.ForeignKeyConstraint(["skill_uri"], ["skill.uri"], name="fk_occupation_skill_skill_uri"),
        sa.PrimaryKeyConstraint("occupation_uri", "skill_uri", name="pk_occupation_skill"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_occupation_skill_skill_uri", "occupation_skill", ["skill_uri"], unique=False)
    op.create_table(
        "skill_broader",
        sa.Column("skill_uri", sa.String(length=300), nullable=False),
        sa.Column("broader_uri", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["skill_uri"], ["skill.uri"], name="fk_skill_broader_skill_uri"),
        sa.ForeignKeyConstraint(["broader_uri"], ["skill.uri"], name="fk_skill_broader_broader_uri"),
        sa.PrimaryKeyConstraint("skill_uri", "broader_uri", name="pk_skill_broader"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_skill_broader_broader_uri", "skill_broader", ["broader_uri"], unique=False)
    op.create_table(
        "scheme_version",
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "version", name="pk_scheme_version"),
    )
    op.create_table(
        "scheme_change",
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("concept", sa.String(length=40), nullable=False),
        sa.Column("old_label", sa.String(length=200), nullable=False),
        sa.Column("new_label", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('added', 'renamed', 'dropped')", name="ck_scheme_change_kind"),
        sa.CheckConstraint("concept IN ('skill', 'occupation')", name="ck_scheme_change_concept"),
        sa.PrimaryKeyConstraint("scheme", "version", "uri", "kind", "language", name="pk_scheme_change"),
    )


def _create_labels(table: str, owner: str, searched: list[str]) -> None:
    key = f"{owner}_uri"
    folded = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
    op.create_table(
        table,
        sa.Column(key, sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("folded", folded, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('preferred', 'alternative')", name=f"ck_{table}_kind"),
        sa.ForeignKeyConstraint([key], [f"{owner}.uri"], name=f"fk_{table}_{key}"),
        sa.PrimaryKeyConstraint(key, "language", "folded", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_{'_'.join(searched)}", table, searched, unique=False)
    preferred = sa.text("kind = 'preferred'")
    op.create_index(
        f"uq_{table}_preferred", table, [key, "language"], unique=True, sqlite_where=preferred, postgresql_where=preferred,
    )


def downgrade() -> None:
    op.drop_table("scheme_change")
    op.drop_table("scheme_version")
    op.drop_table("skill_broader")
    op.drop_table("occupation_skill")
    op.drop_table("occupation_label")
    op.drop_table("skill_label")
    op.drop_table("occupation")
    op.drop_table("skill")
