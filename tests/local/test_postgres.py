"""The embedded Postgres asks everybody for a password, in new state folders and in older ones."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local.settings import LocalSettings
from local.stack import database, postgres
from local.stack.part import RunningPart
from local.stack.ports import free_port
from local.stack.stack import clean_environment
from tests.fixtures.servers import Databases, Loop


def names(url: str) -> tuple[object, ...] | None:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT current_user, current_database()").fetchone()


def test_each_role_logs_in_with_its_password(databases: Databases, postgres_server: LocalSettings) -> None:
    assert names(databases.owner) == ("postgres", "stepweave")
    assert names(databases.app) == ("stepweave_app", "stepweave")
    assert names(database.demo_url(postgres_server)) == ("stepweave_demo", "stepweave_demo")
    with psycopg.connect(databases.owner) as connection:
        hashes = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolcanlogin").fetchall()
    assert all(hash is not None and hash.startswith("SCRAM-SHA-256$") for (hash,) in hashes)


@pytest.mark.parametrize(
    ("user", "password", "name", "words"),
    [
        ("postgres", None, "postgres", "no password supplied"),
        ("postgres", "postgres", "stepweave", "password authentication failed"),
        ("stepweave_app", None, "stepweave", "no password supplied"),
        ("stepweave_demo", "its own", "stepweave", "pg_hba.conf rejects"),
        ("stepweave_demo", "its own", "postgres", "pg_hba.conf rejects"),
        ("stepweave_demo", "its own", "template1", "pg_hba.conf rejects"),
    ],
)
def test_nobody_gets_where_they_should_not(
    databases: Databases, postgres_server: LocalSettings, user: str, password: str | None, name: str, words: str
) -> None:
    given = postgres_server.secrets.demo_password if password == "its own" else password
    with pytest.raises(psycopg.OperationalError, match=words):
        names(database.on_database(postgres_server.postgres_url, name, user, given))


def test_other_roles_are_not_let_into_the_products_database(
    databases: Databases, postgres_server: LocalSettings
) -> None:
    with psycopg.connect(databases.owner, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    try:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            names(database.on_database(postgres_server.postgres_url, "stepweave", "guest", "guest"))
    finally:
        with psycopg.connect(databases.owner, autocommit=True) as connection:
            connection.execute("DROP ROLE guest")


@pytest.fixture
def older() -> Iterator[LocalSettings]:
    """A state folder as it was before passwords."""
    with tempfile.TemporaryDirectory(prefix="stepweave-tests-", ignore_cleanup_errors=True) as state:
        Path(state).chmod(0o711)
        settings = LocalSettings(Path(state), postgres_port=free_port())
        server = postgres.prepare(settings)
        (server.pgdata / "pg_hba.conf").write_text("host all all 127.0.0.1/32 trust\n")
        kept = {"jwt": "j", "app_password": "a", "demo_password": "d"}
        (Path(state) / "secrets.json").write_text(json.dumps(kept))
        yield LocalSettings(settings.state, postgres_port=settings.postgres_port)


def test_an_older_state_folder_gets_passwords(loop: Loop, older: LocalSettings) -> None:
    running = loop(RunningPart.start(postgres.part(older, postgres.prepare(older), clean_environment())))
    try:
        assert names(older.postgres_url) == ("postgres", "postgres")
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            names(database.on_database(older.postgres_url, "postgres", "postgres"))
    finally:
        loop(running.stop())
