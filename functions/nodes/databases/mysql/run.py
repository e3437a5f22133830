"""Runs statements for the items, over one connection."""

from functools import partial

from functions.nodes.databases.mysql.opening import session
from functions.nodes.databases.mysql.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.sql.running import run_sql


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the rows of all statements."""
    account = step.credential(str(step.constant("credential")), "mysql")
    return run_sql(step, partial(session, account, step.remaining(), float(step.constant("timeoutSeconds"))))
