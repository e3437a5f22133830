"""Brings a database to the latest migration. Safe to repeat and to run from several places at once."""

from pathlib import Path
from typing import Final

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from stepweave_data.database import sqlalchemy_url

APP_ROLE: Final = "stepweave_app"
LOCK: Final = 7_238_120_411
"""Key of the advisory lock that keeps two migrations apart; any number that nothing else uses."""


def upgrade(url: str, app_password: str) -> None:
    """Make or change the application role, then run the missing migrations.

    Args:
        url: a Postgres URL of a role that owns the schema and may create roles.
        app_password: what the application role logs in with.

    Raises:
        psycopg.Error, sqlalchemy.exc.SQLAlchemyError: the database refused; nothing of the failed migration stays.
    """
    _app_role(url, app_password)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = create_engine(sqlalchemy_url(url))
    try:
        _run(engine, config)
    finally:
        engine.dispose()


def _run(engine: Engine, config: Config) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.commit()
        try:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})


def _app_role(url: str, password: str) -> None:
    role, secret = sql.Identifier(APP_ROLE), sql.Literal(password)
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone()
        rights = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(secret)
        verb = sql.SQL("ALTER ROLE {} {}" if known else "CREATE ROLE {} {}")
        connection.execute(verb.format(role, rights))
