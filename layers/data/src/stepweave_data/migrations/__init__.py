"""Alembic's migrations. Run them with `stepweave_data.migrate.upgrade`."""
