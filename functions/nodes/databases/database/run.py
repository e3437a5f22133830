"""Runs statements for the items, over one connection."""

from functools import partial
from typing import TYPE_CHECKING, Any

from functions.nodes.databases.database.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.sql.running import run_sql

if TYPE_CHECKING:
    from functions.nodes.databases.database.executing import PostgresSession


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows of all statements."""
    account = step.credential(str(step.constant("credential")), "postgres")
    return run_sql(step, partial(_session, step, account))


def _session(step: Step[Params], account: dict[str, Any]) -> "PostgresSession":
    # Imported here: the driver costs 0.1 s, which belongs to the first statement and not to the function's start.
    import psycopg

    from functions.nodes.databases.database.connection import connect
    from functions.nodes.databases.database.executing import PostgresSession
    from functions.nodes.databases.database.failures import typed

    connection = connect(account, seconds=step.remaining())
    milliseconds = int(float(step.constant("timeoutSeconds")) * 1000)
    try:
        connection.execute("SELECT set_config('statement_timeout', %s, false)", [f"{milliseconds}ms"])
    except psycopg.Error as error:
        connection.close()
        raise typed(error) from None
    return PostgresSession(connection)
