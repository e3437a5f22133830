"""Runs one statement for each item, over one connection."""

from typing import TYPE_CHECKING, Any

from functions.nodes.database.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError

if TYPE_CHECKING:
    import psycopg


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows of all statements."""
    # Imported here: the driver costs 0.1 s, which belongs to the first statement and not to the function's start.
    from functions.nodes.database.connection import connect

    together = step.constant("transaction") == "all"
    account = step.credential(str(step.constant("credential")), "postgres")
    connection = connect(account, seconds=step.remaining(), autocommit=not together)
    try:
        _limit_statements(connection, float(step.constant("timeoutSeconds")))
        if together:
            return {"main": _together(step, connection)}
        return step.each(lambda entry: _row_items(connection, entry))
    finally:
        connection.close()  # undoes what was not committed


def _together(step: Step[Params], connection: "psycopg.Connection[Any]") -> list[Item]:
    items: list[Item] = []
    total = len(step.items())
    for index, entry in enumerate(step.items()):
        try:
            rows = _row_items(connection, Entry(index, entry, step.params(index)))
            items.extend(step.made_of(entry, rows))
        except NodeError as error:
            error.item = index
            raise
        step.progress(index + 1, total)
    _commit(connection)
    return items


def _row_items(connection: "psycopg.Connection[Any]", entry: Entry[Params]) -> list[Item]:
    from functions.nodes.database.statements import execute, statement_of

    return execute(connection, statement_of(entry.params, entry.json))


def _commit(connection: "psycopg.Connection[Any]") -> None:
    import psycopg

    from functions.nodes.database.failures import typed

    try:
        connection.commit()  # a deferred constraint may still refuse
    except psycopg.Error as error:
        raise typed(error) from None


def _limit_statements(connection: "psycopg.Connection[Any]", seconds: float) -> None:
    import psycopg

    from functions.nodes.database.failures import typed

    try:
        connection.execute(
            "SELECT set_config('statement_timeout', %s, %s)", [f"{int(seconds * 1000)}ms", not connection.autocommit]
        )
    except psycopg.Error as error:
        raise typed(error) from None
