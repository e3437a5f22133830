"""The databases on the local Postgres: the product's own, migrated, and the demo's, which seeded workflows write to.

python -m local.stack.database           print the URL of the product's database as its owner, with the password
python -m local.stack.database NAME      of another database on the server
"""

import sys
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from local.settings import LocalSettings
from local.stack.part import PartError

PRODUCT = "stepweave"
DEMO = "stepweave_demo"
APP_ROLE = "stepweave_app"


def on_database(url: str, database: str, user: str | None = None, password: str | None = None) -> str:
    """Return `url` pointed at `database`, as `user` with `password` where given."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if user is not None:
        login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        return urlunsplit(parts._replace(netloc=f"{login}@{host}", path=f"/{database}"))
    return urlunsplit(parts._replace(path=f"/{database}"))


def owner_url(settings: LocalSettings) -> str:
    """Return the URL of the product's database as its owner."""
    return on_database(settings.postgres_url, PRODUCT)


def app_url(settings: LocalSettings) -> str:
    """Return the URL of the product's database as the role that row-level security binds."""
    return on_database(settings.postgres_url, PRODUCT, APP_ROLE, settings.secrets.app_password)


def demo_url(settings: LocalSettings) -> str:
    """Return the URL of the demo database as its own role."""
    return on_database(settings.postgres_url, DEMO, DEMO, settings.secrets.demo_password)


def migrate(settings: LocalSettings) -> None:
    """Make both databases where they are missing and bring the product's to the latest migration. Raises PartError."""
    from stepweave_data.migrate import upgrade  # Alembic takes 0.3 s to import, which only this needs

    try:
        _create(settings.postgres_url, PRODUCT)
        upgrade(owner_url(settings), app_password=settings.secrets.app_password)
        _close(settings)
        _create(settings.postgres_url, DEMO)
        _prepare_demo(settings)
    except psycopg.Error as error:
        raise PartError(
            f"migration: the database refused: {str(error).strip()}\n"
            f"  Log: {settings.logs / 'postgres.log'}\n"
            "  The role of STEPWEAVE_DATABASE_URL must be allowed to create databases and roles."
        ) from error


def _create(url: str, database: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(database))
            )


def _close(settings: LocalSettings) -> None:
    """Let nobody into the product's database but its owner and the application."""
    with psycopg.connect(owner_url(settings)) as connection:
        names = {"database": sql.Identifier(PRODUCT), "role": sql.Identifier(APP_ROLE)}
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {role}").format(**names))


def _prepare_demo(settings: LocalSettings) -> None:
    role, password = sql.Identifier(DEMO), sql.Literal(settings.secrets.demo_password)
    with psycopg.connect(on_database(settings.postgres_url, DEMO)) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (DEMO,)).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, password))
        connection.execute(
            """CREATE TABLE IF NOT EXISTS orders (
                 run_id text NOT NULL, id text NOT NULL, customer text, currency text, amount numeric,
                 amount_eur numeric, class text NOT NULL, reason text, received_at timestamptz NOT NULL DEFAULT now(),
                 PRIMARY KEY (run_id, id))"""
        )
        connection.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO {}").format(role))


if __name__ == "__main__":
    print(on_database(LocalSettings.from_environment().postgres_url, (sys.argv[1:] or [PRODUCT])[0]))
