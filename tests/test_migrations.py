"""Migrations go up, down and up, and end where the models are: on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect

from academy.kernel import migrations
from academy.kernel.db import Base, Database
from tests import postgres, tables


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database without tables."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'bare.db'}")
        yield database
        database.close()
        return
    with postgres.own_database(request.getfixturevalue("postgres_server")) as url:
        database = Database(url)
        yield database
        database.close()


def table_names(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_up_down_and_up_again(bare: Database) -> None:
    assert migrations.upgrade(bare)
    there = table_names(bare)
    assert migrations.revision_of(bare) == migrations.head()
    migrations.downgrade(bare, "base")
    assert table_names(bare) == {"alembic_version"}
    assert migrations.upgrade(bare)
    assert table_names(bare) == there
    assert not migrations.upgrade(bare), "a second upgrade has nothing to do"


def test_migrations_agree_with_the_models(bare: Database) -> None:
    tables.import_models()
    migrations.upgrade(bare)
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_models_is_in_the_database(bare: Database) -> None:
    """Alembic does not compare CHECK constraints, and they are the last line."""
    tables.import_models()
    migrations.upgrade(bare)
    looking = inspect(bare.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {str(check["name"]) for check in looking.get_check_constraints(table.name)} == wanted, table.name


def test_there_is_one_line_of_revisions() -> None:
    folder = Path(migrations.__file__).resolve().parent.parent / "migrations"
    assert len(ScriptDirectory(str(folder)).get_heads()) == 1


def test_a_database_of_a_newer_release_is_left_alone(bare: Database) -> None:
    migrations.upgrade(bare)
    with bare.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from-the-future'")
    with pytest.raises(migrations.DatabaseIsNewer):
        migrations.upgrade(bare)
