"""Lambda handler of the sweeper, on a schedule of a minute."""

import os
from functools import cache
from typing import Any

from functions.system.sweeper.leaving import Leaving
from functions.system.sweeper.sweeping import Sweeper
from stepweave.aws import Aws
from stepweave.aws.control.node_functions import NodeFunctions
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.events import queue_sender
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(_: Any, __: Any) -> dict[str, int]:
    """Look at executions that have been open for long, and at triggers that are to be taken away at providers.

    Return how many were ended, and taken away.
    """
    ended = sweeper().sweep()
    gone = leaving().sweep()
    count(Metric.DONE, ended + gone)
    return {"ended": ended, "gone": gone}


@cache
def sweeper() -> Sweeper:
    """Return this worker's."""

    def hand_over(request: dict[str, Any]) -> None:
        Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)

    return Sweeper(link(), lambda arn: Aws.shared().machines.describe(arn), queue_sender(), hand_over)


@cache
def leaving() -> Leaving:
    """Return this worker's."""
    functions = NodeFunctions(os.environ["STEPWEAVE_PREFIX"])
    return Leaving(link(), functions, Vault(vault_function()).kept, os.environ["STEPWEAVE_PUBLIC_URL"])


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
