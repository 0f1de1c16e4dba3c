"""Alembic's entry: runs the revisions on the connection of the database it is given."""

from alembic import context
from sqlalchemy import MetaData

database = context.config.attributes["database"]
target: MetaData | None = context.config.attributes.get("metadata")

with database.engine.execution_options(academy_writes=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=target,
        render_as_batch=database.is_sqlite,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
