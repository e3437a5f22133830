"""Runs one statement for each item, over one connection."""

from typing import TYPE_CHECKING, Any

from functions.nodes.databases.database.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError

if TYPE_CHECKING:
    import psycopg

    from functions.nodes.databases.database.executing import Executor


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows of all statements."""
    # Imported here: the driver costs 0.1 s, which belongs to the first statement and not to the function's start.
    from functions.nodes.databases.database.connection import connect
    from functions.nodes.databases.database.executing import Executor
    from functions.nodes.databases.database.statements import statement_of

    together = step.constant("transaction") == "all"
    account = step.credential(str(step.constant("credential")), "postgres")
    connection = connect(account, seconds=step.remaining(), autocommit=not together)
    try:
        _limit_statements(connection, float(step.constant("timeoutSeconds")))
        executor = Executor(connection)
        if together:
            items = _together(step, executor)
            _commit(connection)
            return {"main": items}
        return step.each(lambda entry: executor.execute(statement_of(entry.params, entry.json)))
    finally:
        connection.close()  # undoes what was not committed


def _together(step: Step[Params], executor: "Executor") -> list[Item]:
    from functions.nodes.databases.database.statements import statement_of

    items: list[Item] = []
    total = len(step.items())
    for index, entry in enumerate(step.items()):
        try:
            rows = executor.execute(statement_of(step.params(index), entry["json"]))
            items.extend(step.made_of(entry, rows))
        except NodeError as error:
            error.item = index
            raise
        step.progress(index + 1, total)
    return items


def _commit(connection: "psycopg.Connection[Any]") -> None:
    import psycopg

    from functions.nodes.databases.database.failures import typed

    try:
        connection.commit()  # a deferred constraint may still refuse
    except psycopg.Error as error:
        raise typed(error) from None


def _limit_statements(connection: "psycopg.Connection[Any]", seconds: float) -> None:
    import psycopg

    from functions.nodes.databases.database.failures import typed

    try:
        connection.execute(
            "SELECT set_config('statement_timeout', %s, %s)", [f"{int(seconds * 1000)}ms", not connection.autocommit]
        )
    except psycopg.Error as error:
        raise typed(error) from None
