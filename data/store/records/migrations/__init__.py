"""How the database of the records came to its present form, one step a file; Alembic takes the steps."""
