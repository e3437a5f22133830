"""One light Postgres connection, for functions whose every millisecond counts. SQLAlchemy stays out of here.

A Lambda worker serves one request at a time, so one connection is enough. It is opened when first needed and, when it
turns out broken (a restart, a proxy that dropped it while the worker was frozen), opened anew and the work done again.
"""

import json
import os
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import quote

import psycopg

from stepweave.aws.secrets import secret_of

Row = tuple[Any, ...]
Connection = psycopg.Connection[Row]
Result = TypeVar("Result")

CONNECT_SECONDS: Final = 5
_KEPT: Final = "SELECT own, common, set_config('app.tenant_id', %s, true) FROM kept_in(%s, %s)"


class Places(NamedTuple):
    """The projects in which a workflow keeps what it names: its own, and the default one for the whole tenant."""

    own: str
    common: str


class ConfigurationError(Exception):
    """A function lacks a setting. `str()` names it."""


def database_url() -> str:
    """Return the Postgres URL of this function, from its environment or, on AWS, from Secrets Manager.

    Raises:
        ConfigurationError: neither is set.
    """
    url = os.environ.get("STEPWEAVE_DATABASE_URL")
    if url:
        return url
    arn = os.environ.get("STEPWEAVE_DATABASE_SECRET_ARN")
    if not arn:
        raise ConfigurationError("STEPWEAVE_DATABASE_URL or STEPWEAVE_DATABASE_SECRET_ARN must be set.")
    return database_url_of(arn)


def database_url_of(arn: str) -> str:
    """Return the Postgres URL of a secret in the shape RDS keeps (`host`, `port`, `username`, `password`, `dbname`).

    `STEPWEAVE_DATABASE_HOST` takes the place of the secret's `host`: RDS Proxy's, which cannot stand in a secret that
    the proxy itself reads.

    Raises:
        AwsError: Secrets Manager did not give it.
    """
    data = json.loads(secret_of(arn))
    user, password = quote(data["username"], safe=""), quote(data["password"], safe="")
    host = os.environ.get("STEPWEAVE_DATABASE_HOST") or data["host"]
    place = f"{host}:{data.get('port', 5432)}/{data.get('dbname', 'stepweave')}"
    return f"postgresql://{user}:{password}@{place}?sslmode=require"


class Link:
    """A connection that mends itself. Not thread-safe."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._connection: Connection | None = None

    def call(self, query: str, values: tuple[Any, ...] = ()) -> Row | None:
        """Run one statement, prepared, as a transaction of its own, and return its first row: one round trip.

        Raises:
            psycopg.OperationalError: Postgres could not be reached, or gave up; the statement may be repeated.
            psycopg.Error: Postgres refused the statement.
        """

        def work(connection: Connection) -> Row | None:
            return connection.execute(query.encode(), values, prepare=True).fetchone()

        return self._mended(work)

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Row]:
        """Run one statement bound to no tenant, as `call` does, and return all its rows."""
        return self._mended(lambda connection: connection.execute(query.encode(), values, prepare=True).fetchall())

    def tenant(self, tenant_id: str, work: Callable[[Connection], Result]) -> Result:
        """Do `work` in a transaction that sees and writes one tenant's rows only. It must bear being done again.

        Raises:
            psycopg.Error: as `call`.
        """

        def bound(connection: Connection) -> Result:
            with connection.transaction():
                connection.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant_id,), prepare=True)
                return work(connection)

        return self._mended(bound)

    def kept(
        self, tenant_id: str, workflow_id: str | None, work: Callable[[Connection, Places], Result]
    ) -> Result | None:
        """Do `work` as `tenant` does, given where a workflow keeps what it names; None where it is not the tenant's.

        Without a workflow that is the tenant's default project.
        """

        def bound(connection: Connection) -> Result | None:
            with connection.transaction():
                row = connection.execute(_KEPT, (tenant_id, tenant_id, workflow_id), prepare=True).fetchone()
                return None if row is None else work(connection, Places(str(row[0]), str(row[1])))

        return self._mended(bound)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _mended(self, work: Callable[[Connection], Result]) -> Result:
        reused = self._connection is not None
        try:
            return work(self._ready())
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self.close()
            if not reused:
                raise
        try:
            return work(self._ready())
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self.close()
            raise

    def _ready(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url or database_url(),
                connect_timeout=CONNECT_SECONDS,
                autocommit=True,
                application_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
            )
        return self._connection
