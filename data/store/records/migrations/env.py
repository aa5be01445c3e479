"""Takes the steps on the connection that opened the database, in its transaction: all of them or none."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="records_version")
context.run_migrations()
