"""Takes the steps on the connection that opened the database, in its transaction: all of them or none."""

from alembic import context

from data.store.records.database import FORM_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=FORM_TABLE)
context.run_migrations()
