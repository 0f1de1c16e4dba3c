"""Alembic's entry: runs the revisions on the connection of the database it is given."""

from alembic import context
from sqlalchemy import MetaData

database = context.config.attributes["database"]
target: MetaData | None = context.config.attributes.get("metadata")

with database.engine.execution_options(academy_writes=True).connect() as connection:
    if database.is_sqlite:  # it changes a table by making another, and the rows that point to it are there all the while
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # no effect inside a transaction
    context.configure(
        connection=connection,
        target_metadata=target,
        render_as_batch=database.is_sqlite,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if database.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()) is not None:
            message = f"a row of {broken[0]} points to nothing in {broken[2]}"
            raise RuntimeError(message)
    if database.is_sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")
