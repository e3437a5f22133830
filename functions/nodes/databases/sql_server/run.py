"""Runs statements for the items, over one connection."""

from functools import partial

from functions.nodes.databases.sql_server.opening import session
from functions.nodes.databases.sql_server.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.sql.running import run_sql


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows of all statements."""
    account = step.credential(str(step.constant("credential")), "sql_server")
    return run_sql(step, partial(session, account, step.remaining(), float(step.constant("timeoutSeconds"))))
