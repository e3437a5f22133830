"""A session on the user's database. The driver is imported at the first one: it costs 0.1 s that a start need not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functions.nodes.databases.database.executing import PostgresSession


def session(account: Mapping[str, Any], seconds: float, statement_seconds: float | None = None) -> "PostgresSession":
    """Return a session, of the credential's data, the seconds there are, and those of a statement."""
    import psycopg

    from functions.nodes.databases.database.connection import connect
    from functions.nodes.databases.database.executing import PostgresSession
    from functions.nodes.databases.database.failures import typed

    connection = connect(account, seconds=seconds)
    milliseconds = int((statement_seconds or seconds) * 1000)
    try:
        connection.execute("SELECT set_config('statement_timeout', %s, false)", [f"{milliseconds}ms"])
    except psycopg.Error as error:
        connection.close()
        raise typed(error) from None
    return PostgresSession(connection)
